/* gait_packet.h: the wire format of the open hipgait GATT profile, version 1.
 *
 * Portable C99 and C++11: no heap, no floating point, no library calls, little-endian on
 * the wire on any CPU. firmware_bridge/devices/gait_packet.py is the same format in Python
 * and describes it field by field.
 *
 * A packet holds consecutive samples only: when a sample was lost, or the packet is full,
 * gait_encoder_fits() says so, and the packet is finished and sent first.
 */
#ifndef GAIT_PACKET_H
#define GAIT_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GAIT_SERVICE_UUID "7c1d0001-3b5f-4f2c-9a46-1b1f6d3c0a10"
#define GAIT_DATA_UUID "7c1d0002-3b5f-4f2c-9a46-1b1f6d3c0a10"
#define GAIT_CONTROL_UUID "7c1d0003-3b5f-4f2c-9a46-1b1f6d3c0a10"
#define GAIT_INFO_UUID "7c1d0004-3b5f-4f2c-9a46-1b1f6d3c0a10"
#define GAIT_PING_UUID "7c1d0005-3b5f-4f2c-9a46-1b1f6d3c0a10"
#define GAIT_ECHO_UUID "7c1d0006-3b5f-4f2c-9a46-1b1f6d3c0a10"

#define GAIT_IMU_PACKET 0x10u /* version 1, type 0 */
#define GAIT_INFO_RECORD 0x11u
#define GAIT_SYNC_ECHO 0x12u

#define GAIT_COMMAND_STOP 0u
#define GAIT_COMMAND_START 1u    /* + samples per packet */
#define GAIT_COMMAND_IDENTIFY 2u /* + seconds */

#define GAIT_FLAG_OVERRUN 1u /* the sensor lost samples before this packet */

#define GAIT_HEADER_BYTES 16u
#define GAIT_SAMPLE_BYTES 12u
#define GAIT_CRC_BYTES 4u
#define GAIT_MAX_SAMPLES 18u
#define GAIT_MAX_PACKET (GAIT_HEADER_BYTES + GAIT_MAX_SAMPLES * GAIT_SAMPLE_BYTES + GAIT_CRC_BYTES)
#define GAIT_INFO_BYTES 24u
#define GAIT_TOKEN_BYTES 8u
#define GAIT_ECHO_BYTES 20u

/* Scale codes: accelerometer in the upper four bits, gyroscope in the lower. */
#define GAIT_ACC_8G (2u << 4)     /* 1/4096 g per bit */
#define GAIT_ACC_16G (3u << 4)    /* 1/2048 g per bit */
#define GAIT_GYR_2000_BOSCH 4u    /* 1/16.4 deg/s per bit: Bosch, InvenSense */
#define GAIT_GYR_2000_ST 7u       /* 0.07 deg/s per bit: ST */

typedef struct {
  int16_t acc[3];
  int16_t gyr[3];
} gait_sample_t;

typedef struct {
  uint8_t bytes[GAIT_MAX_PACKET];
  uint32_t first_counter;
  uint32_t first_us;
  uint32_t last_us;
  uint16_t boot;
  uint8_t scale_codes;
  uint8_t flags;
  uint8_t count;
  uint8_t target;
} gait_encoder_t;

static inline void gait_put16(uint8_t *at, uint16_t value) {
  at[0] = (uint8_t)(value & 0xFFu);
  at[1] = (uint8_t)(value >> 8);
}

static inline void gait_put32(uint8_t *at, uint32_t value) {
  gait_put16(at, (uint16_t)(value & 0xFFFFu));
  gait_put16(at + 2, (uint16_t)(value >> 16));
}

/* CRC-32 of IEEE 802.3, four bits at a time: a table of 64 bytes. */
static inline uint32_t gait_crc32(const uint8_t *data, size_t size) {
  static const uint32_t table[16] = {
      0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u,
      0x4DB26158u, 0x5005713Cu, 0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
      0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu};
  uint32_t crc = 0xFFFFFFFFu;
  size_t i;
  for (i = 0; i < size; i++) {
    crc = table[(crc ^ data[i]) & 15u] ^ (crc >> 4);
    crc = table[(crc ^ ((uint32_t)data[i] >> 4)) & 15u] ^ (crc >> 4);
  }
  return ~crc;
}

static inline size_t gait_seal(uint8_t *data, size_t size) {
  gait_put32(data + size, gait_crc32(data, size));
  return size + GAIT_CRC_BYTES;
}

static inline uint8_t gait_clamp_samples(uint8_t wanted) {
  if (wanted < 1u) return 1u;
  return wanted > GAIT_MAX_SAMPLES ? (uint8_t)GAIT_MAX_SAMPLES : wanted;
}

/* boot: drawn anew at each boot, so that a host tells a reboot from a loss. */
static inline void gait_encoder_init(gait_encoder_t *e, uint16_t boot, uint8_t scale_codes,
                                     uint8_t samples_per_packet) {
  e->boot = boot;
  e->scale_codes = scale_codes;
  e->flags = 0;
  e->count = 0;
  e->target = gait_clamp_samples(samples_per_packet);
}

/* Forget the samples of an unfinished packet, and that anything was lost before it. */
static inline void gait_encoder_drop(gait_encoder_t *e) {
  e->count = 0;
  e->flags = 0;
}

/* Whether a sample with this number and time may join the packet that is being filled. */
static inline bool gait_encoder_fits(const gait_encoder_t *e, uint32_t counter, uint32_t t_us) {
  if (e->count == 0u) return true;
  return e->count < e->target && counter == e->first_counter + e->count &&
         t_us - e->last_us <= 0xFFFFu;
}

/* Add a sample that fits; true when the packet is full and wants to be finished. */
static inline bool gait_encoder_add(gait_encoder_t *e, const gait_sample_t *sample,
                                    uint32_t counter, uint32_t t_us, bool lost_before) {
  uint8_t *at = e->bytes + GAIT_HEADER_BYTES + (size_t)e->count * GAIT_SAMPLE_BYTES;
  int axis;
  if (e->count == 0u) {
    e->first_counter = counter;
    e->first_us = t_us;
  }
  if (lost_before) e->flags |= (uint8_t)GAIT_FLAG_OVERRUN;
  for (axis = 0; axis < 3; axis++) {
    gait_put16(at + 2 * axis, (uint16_t)sample->acc[axis]);
    gait_put16(at + 6 + 2 * axis, (uint16_t)sample->gyr[axis]);
  }
  e->last_us = t_us;
  e->count++;
  return e->count >= e->target;
}

/* Complete the packet and begin the next; its length, 0 if it holds no sample. */
static inline size_t gait_encoder_finish(gait_encoder_t *e) {
  size_t size = GAIT_HEADER_BYTES + (size_t)e->count * GAIT_SAMPLE_BYTES;
  uint32_t steps = e->count > 1u ? (uint32_t)e->count - 1u : 1u;
  uint32_t span = e->last_us - e->first_us;
  if (e->count == 0u) return 0;
  e->bytes[0] = (uint8_t)GAIT_IMU_PACKET;
  e->bytes[1] = e->count;
  e->bytes[2] = e->flags;
  e->bytes[3] = e->scale_codes;
  gait_put32(e->bytes + 4, e->first_counter);
  gait_put32(e->bytes + 8, e->first_us);
  gait_put16(e->bytes + 12, (uint16_t)(e->count > 1u ? (span + steps / 2u) / steps : 0u));
  gait_put16(e->bytes + 14, e->boot);
  gait_encoder_drop(e);
  return gait_seal(e->bytes, size);
}

/* The value of the INFO characteristic: GAIT_INFO_BYTES. */
static inline void gait_build_info(uint8_t *out, uint8_t scale_codes, uint16_t boot,
                                   uint32_t rate_mhz, const uint8_t uid[8],
                                   uint8_t samples_per_packet, bool streaming) {
  int i;
  out[0] = (uint8_t)GAIT_INFO_RECORD;
  out[1] = scale_codes;
  gait_put16(out + 2, boot);
  gait_put32(out + 4, rate_mhz);
  for (i = 0; i < 8; i++) out[8 + i] = uid[i];
  out[16] = samples_per_packet;
  out[17] = streaming ? 1u : 0u;
  gait_put16(out + 18, 0);
  (void)gait_seal(out, 20);
}

/* The answer to a ping: GAIT_ECHO_BYTES. */
static inline void gait_build_echo(uint8_t *out, const uint8_t token[GAIT_TOKEN_BYTES],
                                   uint32_t t_us, uint16_t boot) {
  unsigned i;
  out[0] = (uint8_t)GAIT_SYNC_ECHO;
  for (i = 0; i < GAIT_TOKEN_BYTES; i++) out[1 + i] = token[i];
  gait_put32(out + 9, t_us);
  gait_put16(out + 13, boot);
  out[15] = 0;
  (void)gait_seal(out, 16);
}

#endif
