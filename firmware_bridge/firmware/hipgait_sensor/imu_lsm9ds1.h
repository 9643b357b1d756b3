/* imu_lsm9ds1.h: ST LSM9DS1: 119 Hz, ±8 g, ±2000 deg/s, FIFO of 32 samples.
 *
 * Source: LSM9DS1 datasheet DocID025715. The chip's accelerometer and gyroscope axes form
 * a left-handed frame; x of both is turned round here, so that the frame is right-handed.
 */
#ifndef IMU_LSM9DS1_H
#define IMU_LSM9DS1_H

#include "gait_packet.h"
#include "registers.h"

class Lsm9ds1 {
 public:
  static constexpr uint8_t scaleCodes = GAIT_ACC_8G | GAIT_GYR_2000_ST;
  static constexpr uint32_t rateMilliHz = 119000;

  Lsm9ds1(TwoWire &wire, uint8_t address) : regs_{wire, address} {}

  bool begin() {
    if (regs_.read(WHO_AM_I) != 0x68) return false;
    regs_.write(CTRL_REG8, 0x05); /* software reset */
    delay(10);
    bool ok = regs_.write(CTRL_REG8, 0x44);     /* block update, address increment */
    ok = ok && regs_.write(CTRL_REG9, 0x02);    /* FIFO on */
    ok = ok && regs_.write(FIFO_CTRL, 0xC0);    /* overwrite the oldest */
    ok = ok && regs_.write(CTRL_REG6_XL, 0x78); /* 119 Hz, ±8 g */
    return ok && regs_.write(CTRL_REG1_G, 0x78); /* 119 Hz, ±2000 deg/s */
  }

  uint32_t fifoLevel(bool *overrun) {
    int source = regs_.read(FIFO_SRC);
    *overrun = source >= 0 && (source & 0x40) != 0;
    return source < 0 ? 0 : (uint32_t)(source & 0x3F);
  }

  bool readSample(gait_sample_t *sample) {
    uint8_t gyr[6], acc[6];
    if (!regs_.read(OUT_G, gyr, 6) || !regs_.read(OUT_XL, acc, 6)) return false;
    for (int axis = 0; axis < 3; axis++) {
      sample->gyr[axis] = littleEndian16(gyr + 2 * axis);
      sample->acc[axis] = littleEndian16(acc + 2 * axis);
    }
    sample->gyr[0] = turnedRound(sample->gyr[0]);
    sample->acc[0] = turnedRound(sample->acc[0]);
    return true;
  }

 private:
  enum : uint8_t {
    WHO_AM_I = 0x0F, CTRL_REG1_G = 0x10, OUT_G = 0x18, CTRL_REG6_XL = 0x20, CTRL_REG8 = 0x22,
    CTRL_REG9 = 0x23, OUT_XL = 0x28, FIFO_CTRL = 0x2E, FIFO_SRC = 0x2F
  };
  /* -32768 has no opposite in 16 bits. */
  static int16_t turnedRound(int16_t v) { return v == INT16_MIN ? INT16_MAX : (int16_t)-v; }
  Registers regs_;
};

#endif
