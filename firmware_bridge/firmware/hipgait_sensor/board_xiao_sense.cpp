/* board_xiao_sense.cpp: Seeed XIAO nRF52840 Sense, with "Seeed nRF52 mbed-enabled Boards". */
#if defined(ARDUINO_SEEED_XIAO_NRF52840_SENSE) || defined(TARGET_SEEED_XIAO_NRF52840_SENSE)

#include <Arduino.h>
#include <Wire.h>

#include "board.h"
#include "imu_lsm6ds3.h"
#include "nrf52840.h"

#ifndef PIN_VBAT
#define PIN_VBAT P0_31
#endif

static Lsm6ds3 imu(Wire1, 0x6A);
static const BoardFacts facts = {"hipgait XIAO nRF52840 Sense", Lsm6ds3::scaleCodes,
                                 Lsm6ds3::rateMilliHz, PIN_LSM6DS3TR_C_INT1};

const BoardFacts *boardBegin() {
  pinMode(LED_BUILTIN, OUTPUT);
  boardLed(false);
  pinMode(PIN_LSM6DS3TR_C_POWER, OUTPUT);
  digitalWrite(PIN_LSM6DS3TR_C_POWER, HIGH);
  delay(50);
  /* P0.14 low connects the divider of the battery to P0.31. It is never set high: the full
   * voltage of a charging battery would stand on P0.31. */
  NRF_P0->DIRSET = 1UL << 14;
  NRF_P0->OUTCLR = 1UL << 14;
  Wire1.begin();
  Wire1.setClock(400000);
  return imu.begin() ? &facts : nullptr;
}

uint32_t boardFifoLevel(bool *overrun) { return imu.fifoLevel(overrun); }
bool boardReadSample(gait_sample_t *sample) { return imu.readSample(sample); }
void boardUid(uint8_t uid[8]) { nrfUid(uid); }
uint16_t boardRandom() { return nrfRandom(); }
void boardKeepCrystal() { nrfKeepCrystal(); }

int boardBatteryPercent() {
  analogReadResolution(12);
  /* Divider of 1 MΩ and 510 kΩ, reference 3.3 V. */
  int millivolts = (int)((int32_t)analogRead(PIN_VBAT) * 3300 / 4096 * 1510 / 510);
  return lithiumPercent(millivolts);
}

void boardLed(bool on) { digitalWrite(LED_BUILTIN, on ? LOW : HIGH); }

void boardAttachReady(int pin, void (*onReady)()) {
  pinMode(pin, INPUT);
  attachInterrupt(digitalPinToInterrupt(pin), onReady, RISING);
}

#endif
