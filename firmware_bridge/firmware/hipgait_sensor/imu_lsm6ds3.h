/* imu_lsm6ds3.h: ST LSM6DS3TR-C (and LSM6DSL, LSM6DSM): 104 Hz, ±8 g, ±2000 deg/s, FIFO.
 *
 * Source: LSM6DS3TR-C datasheet DocID030071 and application note AN5130.
 */
#ifndef IMU_LSM6DS3_H
#define IMU_LSM6DS3_H

#include "gait_packet.h"
#include "registers.h"

class Lsm6ds3 {
 public:
  static constexpr uint8_t scaleCodes = GAIT_ACC_8G | GAIT_GYR_2000_ST;
  static constexpr uint32_t rateMilliHz = 104000;

  Lsm6ds3(TwoWire &wire, uint8_t address) : regs_{wire, address} {}

  bool begin() {
    if (regs_.read(WHO_AM_I) != 0x6A) return false;
    regs_.write(CTRL3_C, 0x01); /* software reset */
    delay(10);
    bool ok = regs_.write(CTRL3_C, 0x44);          /* block update, address increment */
    ok = ok && regs_.write(FIFO_CTRL3, 0x09);      /* both sensors, no decimation */
    ok = ok && regs_.write(FIFO_CTRL5, 0x26);      /* 104 Hz, overwrite the oldest */
    ok = ok && regs_.write(DRDY_PULSE_CFG, 0x80);  /* a pulse a sample, not a level */
    ok = ok && regs_.write(INT1_CTRL, 0x02);       /* gyroscope ready on INT1 */
    ok = ok && regs_.write(CTRL1_XL, 0x4C);        /* 104 Hz, ±8 g */
    return ok && regs_.write(CTRL2_G, 0x4C);       /* 104 Hz, ±2000 deg/s */
  }

  uint32_t fifoLevel(bool *overrun) {
    uint8_t status[4];
    *overrun = false;
    if (!regs_.read(FIFO_STATUS1, status, 4)) return 0;
    *overrun = (status[1] & 0x40) != 0;
    uint32_t words = status[0] | (uint32_t)(status[1] & 0x07) << 8;
    if (words == 0 && !(status[1] & 0x10)) words = 2048; /* full: the counter wrapped */
    /* The pattern index tells the word that comes next: 0 is the gyroscope's x. */
    uint32_t next = status[2] | (uint32_t)(status[3] & 0x03) << 8;
    for (; next != 0 && next < 6 && words > 0; next++, words--) {
      uint8_t dropped[2];
      regs_.read(FIFO_DATA, dropped, 2);
    }
    return words / 6;
  }

  bool readSample(gait_sample_t *sample) {
    uint8_t data[12];
    if (!regs_.read(FIFO_DATA, data, 12)) return false;
    for (int axis = 0; axis < 3; axis++) {
      sample->gyr[axis] = littleEndian16(data + 2 * axis);
      sample->acc[axis] = littleEndian16(data + 6 + 2 * axis);
    }
    return true;
  }

 private:
  enum : uint8_t {
    FIFO_CTRL3 = 0x08, FIFO_CTRL5 = 0x0A, DRDY_PULSE_CFG = 0x0B, INT1_CTRL = 0x0D,
    WHO_AM_I = 0x0F, CTRL1_XL = 0x10, CTRL2_G = 0x11, CTRL3_C = 0x12,
    FIFO_STATUS1 = 0x3A, FIFO_DATA = 0x3E
  };
  Registers regs_;
};

#endif
