/* board_nano33_sense.cpp: Arduino Nano 33 BLE Sense, rev1 (LSM9DS1) and rev2 (BMI270).
 *
 * Both revisions are one board to the Arduino IDE: which IMU is there is found out. The
 * board cannot measure a battery.
 */
#if defined(ARDUINO_ARDUINO_NANO33BLE)

#include <Arduino.h>
#include <Wire.h>

#include "board.h"
#include "imu_bmi270.h"
#include "imu_lsm9ds1.h"
#include "nrf52840.h"

static Lsm9ds1 rev1(Wire1, 0x6B);
static Bmi270 rev2(Wire1);
static bool isRev1 = false;
static mbed::InterruptIn *readyLine = nullptr;

/* The LSM9DS1's data-ready line is not wired. */
static const BoardFacts rev1Facts = {"hipgait Nano 33 BLE Sense", Lsm9ds1::scaleCodes,
                                     Lsm9ds1::rateMilliHz, -1};
static const BoardFacts rev2Facts = {"hipgait Nano 33 BLE Sense Rev2", Bmi270::scaleCodes,
                                     Bmi270::rateMilliHz, BoschSensorClass::BMI270_INT1};

const BoardFacts *boardBegin() {
  pinMode(LED_BUILTIN, OUTPUT);
  Wire1.begin();
  Wire1.setClock(400000);
  isRev1 = rev1.begin();
  if (isRev1) return &rev1Facts;
  return rev2.startFifo() ? &rev2Facts : nullptr;
}

uint32_t boardFifoLevel(bool *overrun) {
  return isRev1 ? rev1.fifoLevel(overrun) : rev2.fifoLevel(overrun);
}

bool boardReadSample(gait_sample_t *sample) {
  return isRev1 ? rev1.readSample(sample) : rev2.readSample(sample);
}

void boardUid(uint8_t uid[8]) { nrfUid(uid); }
uint16_t boardRandom() { return nrfRandom(); }
void boardKeepCrystal() { nrfKeepCrystal(); }
int boardBatteryPercent() { return -1; }
void boardLed(bool on) { digitalWrite(LED_BUILTIN, on ? HIGH : LOW); }

void boardAttachReady(int pin, void (*onReady)()) {
  readyLine = new mbed::InterruptIn((PinName)pin);
  readyLine->rise(onReady);
}

#endif
