/* Arduino's BMI270 library, as far as the Nano port uses it. */
#pragma once
#include <Arduino.h>
#include <Wire.h>

#include <functional>

enum PinName { p11 = 11 };
namespace mbed {
struct InterruptIn {
  int pin;
  explicit InterruptIn(PinName p) : pin(p) {}
  void rise(void (*handler)()) { attachInterrupt(pin, handler, RISING); }
};
}  // namespace mbed

struct bmm150_dev {};
struct bmi2_dev { TwoWire *wire; };
enum { BMI2_OK = 0, BMI2_DISABLE = 0, BMI2_ACCEL = 0, BMI2_GYRO = 1 };
enum { BMI2_ACC_ODR_100HZ = 8, BMI2_GYR_ODR_100HZ = 8, BMI2_ACC_RANGE_8G = 2,
       BMI2_GYR_RANGE_2000 = 0, BMI2_ACC_NORMAL_AVG4 = 2, BMI2_GYR_NORMAL_MODE = 2,
       BMI2_PERF_OPT_MODE = 1 };
struct bmi2_sens_config {
  uint8_t type;
  struct { struct { uint8_t odr, bwp, filter_perf, range; } acc;
           struct { uint8_t odr, bwp, filter_perf, ois_range, range, noise_perf; } gyr; } cfg;
};
int8_t bmi2_get_sensor_config(bmi2_sens_config *config, uint8_t count, bmi2_dev *device);
int8_t bmi2_set_sensor_config(bmi2_sens_config *config, uint8_t count, bmi2_dev *device);
int8_t bmi2_sensor_enable(const uint8_t *sensors, uint8_t count, bmi2_dev *device);
int8_t bmi2_set_adv_power_save(uint8_t enable, bmi2_dev *device);
int8_t bmi2_get_regs(uint8_t reg, uint8_t *data, uint16_t count, bmi2_dev *device);
int8_t bmi2_set_regs(uint8_t reg, const uint8_t *data, uint16_t count, bmi2_dev *device);

class BoschSensorClass {
 public:
  explicit BoschSensorClass(TwoWire &wire) : device_{&wire} {}
  virtual ~BoschSensorClass() {}
  int begin();
  static const PinName BMI270_INT1 = p11;

 protected:
  virtual int8_t configure_sensor(struct bmm150_dev *) { return 0; }
  virtual int8_t configure_sensor(struct bmi2_dev *) { return 0; }

 private:
  bmi2_dev device_;
};
