/* I2C with a simulated IMU at the other end. */
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

struct TwoWire {
  void begin() {}
  void setClock(uint32_t) {}
  void beginTransmission(uint8_t address);
  size_t write(uint8_t value);
  uint8_t endTransmission(bool stop = true);
  uint8_t requestFrom(uint8_t address, size_t count);
  int read();

 private:
  std::vector<uint8_t> out_, in_;
  size_t at_ = 0;
  uint8_t address_ = 0;
};
extern TwoWire Wire, Wire1;
