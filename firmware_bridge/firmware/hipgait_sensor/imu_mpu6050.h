/* imu_mpu6050.h: InvenSense MPU-6050, MPU-6500, MPU-9250: 125 Hz, ±8 g, ±2000 deg/s, FIFO.
 *
 * Source: MPU-6000/MPU-6050 Register Map RM-MPU-6000A-00 rev. 4.2. Of the rates 1 kHz / n,
 * 125 Hz meets the connection events of 15 ms in the finest steps (1 ms).
 */
#ifndef IMU_MPU6050_H
#define IMU_MPU6050_H

#include "gait_packet.h"
#include "registers.h"

class Mpu6050 {
 public:
  static constexpr uint8_t scaleCodes = GAIT_ACC_8G | GAIT_GYR_2000_BOSCH;
  static constexpr uint32_t rateMilliHz = 125000;

  Mpu6050(TwoWire &wire, uint8_t address) : regs_{wire, address} {}

  bool begin() {
    int who = regs_.read(WHO_AM_I);
    if (who != 0x68 && who != 0x70 && who != 0x71) return false;
    regs_.write(PWR_MGMT_1, 0x80); /* reset */
    delay(100);
    bool ok = regs_.write(PWR_MGMT_1, 0x01);      /* wake, clock from the gyroscope's PLL */
    ok = ok && regs_.write(CONFIG, 0x03);         /* low pass 44 Hz */
    ok = ok && regs_.write(SMPLRT_DIV, 7);        /* 1 kHz / 8 */
    ok = ok && regs_.write(GYRO_CONFIG, 0x18);    /* ±2000 deg/s */
    ok = ok && regs_.write(ACCEL_CONFIG, 0x10);   /* ±8 g */
    if (who != 0x68) ok = ok && regs_.write(ACCEL_CONFIG_2, 0x03);
    ok = ok && regs_.write(INT_PIN_CFG, 0x00);    /* pulse of 50 µs, active high */
    ok = ok && regs_.write(FIFO_EN, 0x78);        /* gyroscope and accelerometer */
    ok = ok && restartFifo();
    return ok && regs_.write(INT_ENABLE, 0x01);   /* data ready */
  }

  uint32_t fifoLevel(bool *overrun) {
    uint8_t count[2];
    *overrun = false;
    if (!regs_.read(FIFO_COUNT, count, 2)) return 0;
    uint32_t bytes = (uint32_t)count[0] << 8 | count[1];
    if (bytes > fifoBytes - 12) {
      /* It overwrites byte by byte: no sample in it is whole for certain. */
      restartFifo();
      *overrun = true;
      return 0;
    }
    return bytes / 12;
  }

  bool readSample(gait_sample_t *sample) {
    uint8_t data[12];
    if (!regs_.read(FIFO_R_W, data, 12)) return false;
    for (int axis = 0; axis < 3; axis++) {
      sample->acc[axis] = bigEndian16(data + 2 * axis);
      sample->gyr[axis] = bigEndian16(data + 6 + 2 * axis);
    }
    return true;
  }

 private:
  enum : uint8_t {
    SMPLRT_DIV = 0x19, CONFIG = 0x1A, GYRO_CONFIG = 0x1B, ACCEL_CONFIG = 0x1C,
    ACCEL_CONFIG_2 = 0x1D, FIFO_EN = 0x23, INT_PIN_CFG = 0x37, INT_ENABLE = 0x38,
    USER_CTRL = 0x6A, PWR_MGMT_1 = 0x6B, FIFO_COUNT = 0x72, FIFO_R_W = 0x74, WHO_AM_I = 0x75
  };
  static constexpr uint32_t fifoBytes = 512; /* the smallest of the three chips */

  bool restartFifo() {
    return regs_.write(USER_CTRL, 0x04) && regs_.write(USER_CTRL, 0x40);
  }
  Registers regs_;
};

#endif
