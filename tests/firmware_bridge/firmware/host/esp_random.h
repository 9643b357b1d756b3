#pragma once
#include <cstdint>
inline uint32_t esp_random() { return 0xBEEF1234u; }
struct EspClass { uint64_t getEfuseMac() { return 0xA1B2C3D4E5F6ull; } };
extern EspClass ESP;
uint32_t analogReadMilliVolts(int pin);
