/* The registers of the nRF52840 that the boards touch. */
#pragma once
#include <cstdint>

struct NrfFicr { uint32_t DEVICEID[2]; };
struct NrfRng { uint32_t TASKS_START, TASKS_STOP, EVENTS_VALRDY_, VALUE;
  struct Ready { Ready &operator=(uint32_t) { return *this; } operator uint32_t() const { return 1; } } EVENTS_VALRDY; };
struct NrfClock { uint32_t HFCLKSTAT, TASKS_HFCLKSTART; };
struct NrfPort { uint32_t DIRSET, OUTCLR; };
extern NrfFicr hostFicr;
extern NrfRng hostRng;
extern NrfClock hostClock;
extern NrfPort hostPort0;
#define NRF_FICR (&hostFicr)
#define NRF_RNG (&hostRng)
#define NRF_CLOCK (&hostClock)
#define NRF_P0 (&hostPort0)
#define CLOCK_HFCLKSTAT_STATE_Msk 0x10000u
#define CLOCK_HFCLKSTAT_SRC_Msk 1u
