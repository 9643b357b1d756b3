/* imu_bmi270.h: Bosch BMI270 on the Nano 33 BLE Sense rev2: 100 Hz, ±8 g, ±2000 deg/s, FIFO.
 *
 * The chip must be fed a program by Bosch at every start; Arduino's library does that and
 * hands its device over for finer settings. The rate is commensurate with 15 ms: the host
 * sends pings. Source: BMI270 datasheet BST-BMI270-DS000.
 */
#ifndef IMU_BMI270_H
#define IMU_BMI270_H

#include <Arduino_BMI270_BMM150.h>

#include "gait_packet.h"

class Bmi270 : public BoschSensorClass {
 public:
  static constexpr uint8_t scaleCodes = GAIT_ACC_8G | GAIT_GYR_2000_BOSCH;
  static constexpr uint32_t rateMilliHz = 100000;

  explicit Bmi270(TwoWire &wire) : BoschSensorClass(wire) {}

  bool startFifo() {
    if (!begin() || device_ == nullptr) return false;
    /* The FIFO cannot be read while the chip saves power between samples. */
    if (bmi2_set_adv_power_save(BMI2_DISABLE, device_) != BMI2_OK) return false;
    return set(FIFO_CONFIG_0, 0x00)     /* overwrite the oldest */
           && set(FIFO_CONFIG_1, 0xC0)  /* both sensors, no headers */
           && set(FIFO_DOWNS, 0x88)     /* filtered, not thinned out */
           && set(INT1_IO_CTRL, 0x0A)   /* output, active high */
           && set(INT_MAP_DATA, 0x04)   /* data ready on INT1 */
           && set(CMD, 0xB0);           /* flush */
  }

  uint32_t fifoLevel(bool *overrun) {
    uint8_t length[2];
    *overrun = false;
    if (bmi2_get_regs(FIFO_LENGTH, length, 2, device_) != BMI2_OK) return 0;
    uint32_t bytes = length[0] | (uint32_t)(length[1] & 0x3F) << 8;
    *overrun = bytes + 12 > fifoBytes;
    return bytes / 12;
  }

  bool readSample(gait_sample_t *sample) {
    uint8_t data[12]; /* gyroscope first */
    if (bmi2_get_regs(FIFO_DATA, data, 12, device_) != BMI2_OK) return false;
    for (int axis = 0; axis < 3; axis++) {
      sample->gyr[axis] = (int16_t)(data[2 * axis] | (data[2 * axis + 1] << 8));
      sample->acc[axis] = (int16_t)(data[6 + 2 * axis] | (data[7 + 2 * axis] << 8));
    }
    return true;
  }

 protected:
  using BoschSensorClass::configure_sensor;
  int8_t configure_sensor(struct bmi2_dev *device) override {
    device_ = device;
    uint8_t sensors[2] = {BMI2_ACCEL, BMI2_GYRO};
    struct bmi2_sens_config config[2] = {};
    config[0].type = BMI2_ACCEL;
    config[1].type = BMI2_GYRO;
    int8_t result = bmi2_get_sensor_config(config, 2, device);
    if (result != BMI2_OK) return result;
    config[0].cfg.acc.odr = BMI2_ACC_ODR_100HZ;
    config[0].cfg.acc.range = BMI2_ACC_RANGE_8G;
    config[0].cfg.acc.bwp = BMI2_ACC_NORMAL_AVG4;
    config[0].cfg.acc.filter_perf = BMI2_PERF_OPT_MODE;
    config[1].cfg.gyr.odr = BMI2_GYR_ODR_100HZ;
    config[1].cfg.gyr.range = BMI2_GYR_RANGE_2000;
    config[1].cfg.gyr.bwp = BMI2_GYR_NORMAL_MODE;
    config[1].cfg.gyr.noise_perf = BMI2_PERF_OPT_MODE;
    config[1].cfg.gyr.filter_perf = BMI2_PERF_OPT_MODE;
    result = bmi2_set_sensor_config(config, 2, device);
    return result != BMI2_OK ? result : bmi2_sensor_enable(sensors, 2, device);
  }

 private:
  enum : uint8_t {
    FIFO_LENGTH = 0x24, FIFO_DATA = 0x26, FIFO_DOWNS = 0x45, FIFO_CONFIG_0 = 0x48,
    FIFO_CONFIG_1 = 0x49, INT1_IO_CTRL = 0x53, INT_MAP_DATA = 0x58, CMD = 0x7E
  };
  static constexpr uint32_t fifoBytes = 2048;

  bool set(uint8_t reg, uint8_t value) {
    return bmi2_set_regs(reg, &value, 1, device_) == BMI2_OK;
  }
  struct bmi2_dev *device_ = nullptr;
};

#endif
