/* nrf52840.h: what the boards with Nordic's nRF52840 have in common. */
#ifndef NRF52840_H
#define NRF52840_H

#include <nrf.h>
#include <stdint.h>

inline void nrfUid(uint8_t uid[8]) {
  for (int i = 0; i < 8; i++) uid[i] = (uint8_t)(NRF_FICR->DEVICEID[i / 4] >> (8 * (i % 4)));
}

inline uint16_t nrfRandom() {
  uint16_t value = 0;
  NRF_RNG->TASKS_START = 1;
  for (int i = 0; i < 2; i++) {
    NRF_RNG->EVENTS_VALRDY = 0;
    while (NRF_RNG->EVENTS_VALRDY == 0) {
    }
    value = (uint16_t)(value << 8 | (NRF_RNG->VALUE & 0xFF));
  }
  NRF_RNG->TASKS_STOP = 1;
  return value;
}

/* The radio may hand the high-frequency clock back to the RC oscillator, which is off by
 * more than a percent; micros() counts it. */
inline void nrfKeepCrystal() {
  const uint32_t crystalRuns = CLOCK_HFCLKSTAT_STATE_Msk | CLOCK_HFCLKSTAT_SRC_Msk;
  if ((NRF_CLOCK->HFCLKSTAT & crystalRuns) != crystalRuns) NRF_CLOCK->TASKS_HFCLKSTART = 1;
}

#endif
