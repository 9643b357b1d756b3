/* ready_times.h: which sample became ready when, and which number it has.
 *
 * The IMU keeps samples in its own FIFO, so that a radio that blocks costs none. What the
 * FIFO does not keep is when a sample was taken. This does: an interrupt (or, on boards
 * whose data-ready line is not wired, a poll of the FIFO's level) notes each instant, and
 * samples are matched with them in order, when they are read. The number of instants since
 * boot is the sample counter, so that samples that the FIFO lost are counted too.
 *
 * Portable C99. One interrupt writes (ready_edge), the main loop reads.
 */
#ifndef READY_TIMES_H
#define READY_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#define READY_KEPT 256u /* a power of two; 2.4 s at 104 Hz */
#define READY_LATE_US 3000u /* longer than any other interrupt holds ours up */

typedef struct {
  volatile uint32_t count; /* samples that became ready since boot */
  volatile uint32_t t_us[READY_KEPT];
  uint32_t taken; /* instants that were matched with a sample */
  uint32_t missed; /* samples whose interrupt never came */
  uint32_t taken_us;
  uint32_t short_since_us;
  bool short_of;
  uint32_t period_us;
  uint32_t polled_us;
  bool polled;
} ready_times_t;

static inline void ready_init(ready_times_t *r, uint32_t period_us, uint32_t now_us) {
  r->count = 0;
  r->taken = 0;
  r->missed = 0;
  r->taken_us = now_us;
  r->short_since_us = now_us;
  r->short_of = false;
  r->period_us = period_us;
  r->polled_us = now_us;
  r->polled = false;
}

/* A sample became ready: call first thing in the interrupt. */
static inline void ready_edge(ready_times_t *r, uint32_t now_us) {
  uint32_t count = r->count;
  r->t_us[count & (READY_KEPT - 1u)] = now_us;
  r->count = count + 1u;
}

static inline uint32_t ready_last_us(const ready_times_t *r) {
  return r->t_us[(r->count - 1u) & (READY_KEPT - 1u)];
}

/* For boards without a data-ready line: `level` samples are unread in the FIFO now.
 *
 * Each new sample became ready after the last poll and not after this one. Within those
 * bounds the steady period of the sensor says when.
 */
static inline void ready_polled(ready_times_t *r, uint32_t now_us, uint32_t level) {
  uint32_t seen = r->count - r->taken;
  uint32_t fresh = level > seen ? level - seen : 0u;
  uint32_t i;
  for (i = 0; i < fresh; i++) {
    uint32_t later = (fresh - 1u - i) * r->period_us; /* still to come before `now` */
    uint32_t latest = now_us - later;
    uint32_t at = latest;
    if (r->polled && r->count > 0u) {
      at = ready_last_us(r) + r->period_us;
      if ((int32_t)(at - latest) > 0) at = latest;
      if (i == 0u && (int32_t)(at - r->polled_us) < 0) at = r->polled_us;
    }
    ready_edge(r, at);
  }
  r->polled = true;
  r->polled_us = now_us;
}

/* The FIFO overwrote samples and holds `level` now; `count` was read before that level. */
static inline bool ready_overrun(ready_times_t *r, uint32_t count, uint32_t level) {
  if ((int32_t)(count - r->taken) <= (int32_t)level) return false;
  r->taken = count - level;
  return true;
}

/* The number and instant of the oldest of `level` unread samples; false if it is not known
 * yet. `level` was read before this call.
 */
static inline bool ready_take(ready_times_t *r, uint32_t now_us, uint32_t level,
                              uint32_t *counter, uint32_t *t_us) {
  uint32_t count = r->count;
  uint32_t pending = count - r->taken;
  uint32_t latest;
  if (level > pending) {
    /* More samples than instants: an interrupt is about to come, or was missed. */
    if (!r->short_of) {
      r->short_of = true;
      r->short_since_us = now_us;
    }
    if (now_us - r->short_since_us < READY_LATE_US) return false;
    r->short_of = false;
    r->missed++;
    *t_us = r->taken_us + r->period_us;
    /* Not later than what is known of the samples behind it allows. */
    latest = pending > 0u
                 ? r->t_us[r->taken & (READY_KEPT - 1u)] - (level - pending) * r->period_us
                 : now_us - (level - 1u) * r->period_us;
    if ((int32_t)(*t_us - latest) > 0) *t_us = latest;
    *counter = r->taken + r->missed - 1u;
    r->taken_us = *t_us;
    return true;
  }
  r->short_of = false;
  if (pending > READY_KEPT - 8u) { /* its instant is overwritten, or about to be */
    uint32_t oldest = count - (READY_KEPT - 8u);
    *t_us = r->t_us[oldest & (READY_KEPT - 1u)] - (oldest - r->taken) * r->period_us;
  } else {
    *t_us = r->t_us[r->taken & (READY_KEPT - 1u)];
  }
  *counter = r->taken + r->missed;
  r->taken_us = *t_us;
  r->taken++;
  return true;
}

/* The FIFO is empty: instants that are older than a moment belong to samples that it lost. */
static inline bool ready_empty(ready_times_t *r, uint32_t now_us) {
  uint32_t count = r->count;
  if (r->taken == count || now_us - ready_last_us(r) < READY_LATE_US) return false;
  r->taken = count;
  return true;
}

#endif
