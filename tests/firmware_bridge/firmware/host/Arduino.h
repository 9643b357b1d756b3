/* Enough of Arduino's core to run the sketch on a host, against a simulated clock. */
#pragma once
#include <cstdint>
#include <cstring>

typedef uint8_t byte;
enum { LOW = 0, HIGH = 1, INPUT = 0, OUTPUT = 1, RISING = 3 };
#define LED_BUILTIN 13

unsigned long micros();
unsigned long millis();
void delay(unsigned long ms);
void pinMode(int pin, int mode);
void digitalWrite(int pin, int value);
int analogRead(int pin);
void analogReadResolution(int bits);
int digitalPinToInterrupt(int pin);
void attachInterrupt(int pin, void (*handler)(), int mode);
