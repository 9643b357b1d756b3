/* registers.h: register access over I2C. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <Wire.h>

struct Registers {
  TwoWire &wire;
  uint8_t address;

  bool write(uint8_t reg, uint8_t value) const {
    wire.beginTransmission(address);
    wire.write(reg);
    wire.write(value);
    return wire.endTransmission() == 0;
  }

  bool read(uint8_t reg, uint8_t *out, uint8_t count) const {
    wire.beginTransmission(address);
    wire.write(reg);
    if (wire.endTransmission(false) != 0) return false;
    if (wire.requestFrom(address, count) != count) return false;
    for (uint8_t i = 0; i < count; i++) out[i] = (uint8_t)wire.read();
    return true;
  }

  int read(uint8_t reg) const {
    uint8_t value;
    return read(reg, &value, 1) ? value : -1;
  }
};

inline int16_t littleEndian16(const uint8_t *at) { return (int16_t)(at[0] | (at[1] << 8)); }
inline int16_t bigEndian16(const uint8_t *at) { return (int16_t)((at[0] << 8) | at[1]); }

#endif
