/* board.h: what the sketch asks of a board. One file a board implements it. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

#include "gait_packet.h"

struct BoardFacts {
  const char *model;
  uint8_t scaleCodes;
  uint32_t rateMilliHz;
  int readyPin; /* data-ready line of the IMU, -1 where none is wired */
};

/* Power up the board and its IMU; nullptr if the IMU does not answer. */
const BoardFacts *boardBegin();

/* Number of unread samples in the IMU's FIFO; overrun is set if it overwrote some. */
uint32_t boardFifoLevel(bool *overrun);

/* Read the oldest sample; false if the bus failed. */
bool boardReadSample(gait_sample_t *sample);

/* 64 bits that are this board's own for life. */
void boardUid(uint8_t uid[8]);

/* 16 random bits. */
uint16_t boardRandom();

/* Keep the microsecond clock on the crystal; called in every loop. */
void boardKeepCrystal();

/* 0 … 100, or -1 where the board cannot measure its battery. */
int boardBatteryPercent();

void boardLed(bool on);

/* Call `onReady` at each rising edge of the data-ready line. */
void boardAttachReady(int pin, void (*onReady)());

/* Share of the charge of a single lithium cell by its voltage at rest. */
inline int lithiumPercent(int millivolts) {
  if (millivolts >= 4150) return 100;
  if (millivolts <= 3300) return 0;
  return millivolts >= 3700 ? 20 + (millivolts - 3700) * 80 / 450 : (millivolts - 3300) * 20 / 400;
}

#endif
