/* board_esp32.cpp: any ESP32 with an MPU-6050 (GY-521), MPU-6500 or LSM6DS3TR-C breakout.
 *
 * Wire SDA and SCL to the board's I2C pins and the breakout's INT to GAIT_READY_PIN. For a
 * battery, two equal resistors of 220 kΩ from it to ground, their middle to GAIT_BATTERY_PIN.
 */
#if defined(ARDUINO_ARCH_ESP32)

#include <Arduino.h>
#include <Wire.h>
#include <esp_random.h>

#include "board.h"
#include "imu_lsm6ds3.h"
#include "imu_mpu6050.h"

#ifndef GAIT_READY_PIN
#define GAIT_READY_PIN 4
#endif
#ifndef GAIT_BATTERY_PIN
#define GAIT_BATTERY_PIN -1
#endif
#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

static Mpu6050 mpu(Wire, 0x68);
static Lsm6ds3 lsm(Wire, 0x6B);
static bool isMpu = false;

static const BoardFacts mpuFacts = {"hipgait ESP32 MPU-6050", Mpu6050::scaleCodes,
                                    Mpu6050::rateMilliHz, GAIT_READY_PIN};
static const BoardFacts lsmFacts = {"hipgait ESP32 LSM6DS3", Lsm6ds3::scaleCodes,
                                    Lsm6ds3::rateMilliHz, GAIT_READY_PIN};

const BoardFacts *boardBegin() {
  pinMode(LED_BUILTIN, OUTPUT);
  Wire.begin();
  Wire.setClock(400000);
  isMpu = mpu.begin();
  if (isMpu) return &mpuFacts;
  return lsm.begin() ? &lsmFacts : nullptr;
}

uint32_t boardFifoLevel(bool *overrun) {
  return isMpu ? mpu.fifoLevel(overrun) : lsm.fifoLevel(overrun);
}

bool boardReadSample(gait_sample_t *sample) {
  return isMpu ? mpu.readSample(sample) : lsm.readSample(sample);
}

void boardUid(uint8_t uid[8]) {
  uint64_t mac = ESP.getEfuseMac();
  for (int i = 0; i < 8; i++) uid[i] = (uint8_t)(mac >> (8 * i));
}

uint16_t boardRandom() { return (uint16_t)esp_random(); }
void boardKeepCrystal() {} /* micros() counts the crystal here */

int boardBatteryPercent() {
  if (GAIT_BATTERY_PIN < 0) return -1;
  return lithiumPercent(2 * (int)analogReadMilliVolts(GAIT_BATTERY_PIN));
}

void boardLed(bool on) { digitalWrite(LED_BUILTIN, on ? HIGH : LOW); }

void boardAttachReady(int pin, void (*onReady)()) {
  pinMode(pin, INPUT);
  attachInterrupt(digitalPinToInterrupt(pin), onReady, RISING);
}

#endif
