/* The portable headers of the firmware as functions that a test can call. */
#include "gait_packet.h"
#include "ready_times.h"

size_t abi_encoder_size(void) { return sizeof(gait_encoder_t); }
size_t abi_ready_size(void) { return sizeof(ready_times_t); }

void abi_encoder_init(gait_encoder_t *e, uint16_t boot, uint8_t scale_codes, uint8_t samples) {
  gait_encoder_init(e, boot, scale_codes, samples);
}

/* Push n samples as the sketch does; packets are written to out, each behind its length. */
size_t abi_encode(gait_encoder_t *e, const gait_sample_t *samples, const uint32_t *counters,
                  const uint32_t *t_us, size_t n, uint8_t *out) {
  size_t used = 0, i, k;
  for (i = 0; i < n; i++) {
    int full = 0;
    if (!gait_encoder_fits(e, counters[i], t_us[i])) full = 1;
    for (k = 0; k < 2; k++) {
      size_t size, b;
      if (k == 1) full = gait_encoder_add(e, &samples[i], counters[i], t_us[i], false);
      if (!full) continue;
      size = gait_encoder_finish(e);
      out[used++] = (uint8_t)size;
      for (b = 0; b < size; b++) out[used + b] = e->bytes[b];
      used += size;
    }
  }
  return used;
}

void abi_info(uint8_t *out, uint8_t codes, uint16_t boot, uint32_t rate_mhz, const uint8_t *uid,
              uint8_t samples, bool streaming) {
  gait_build_info(out, codes, boot, rate_mhz, uid, samples, streaming);
}

void abi_echo(uint8_t *out, const uint8_t *token, uint32_t t_us, uint16_t boot) {
  gait_build_echo(out, token, t_us, boot);
}

uint32_t abi_crc32(const uint8_t *data, size_t size) { return gait_crc32(data, size); }

void abi_ready_init(ready_times_t *r, uint32_t period_us, uint32_t now_us, uint32_t count) {
  ready_init(r, period_us, now_us);
  r->count = count;
  r->taken = count;
}
void abi_ready_edge(ready_times_t *r, uint32_t now_us) { ready_edge(r, now_us); }
void abi_ready_polled(ready_times_t *r, uint32_t now_us, uint32_t level) {
  ready_polled(r, now_us, level);
}
bool abi_ready_overrun(ready_times_t *r, uint32_t level) {
  return ready_overrun(r, r->count, level);
}
bool abi_ready_take(ready_times_t *r, uint32_t now_us, uint32_t level, uint32_t *counter,
                    uint32_t *t_us) {
  return ready_take(r, now_us, level, counter, t_us);
}
bool abi_ready_empty(ready_times_t *r, uint32_t now_us) { return ready_empty(r, now_us); }
