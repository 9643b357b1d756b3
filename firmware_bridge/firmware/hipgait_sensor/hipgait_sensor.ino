/* hipgait_sensor: reference firmware of the open hipgait GATT profile.
 *
 * One sketch for all boards; what differs is in board_*.cpp. Needs the ArduinoBLE library,
 * and on the Nano 33 BLE Sense also Arduino_BMI270_BMM150. How to build a sensor and flash
 * it: docs/build-a-sensor.md.
 *
 * The IMU samples from power-up on and every sample has its number. Whether anybody
 * listens changes nothing of that: after a lost link the host sees exactly what it missed.
 */
#include <ArduinoBLE.h>

#include "board.h"
#include "gait_packet.h"
#include "ready_times.h"

static const char *const FIRMWARE = "1.0.0";
static const uint8_t DEFAULT_SAMPLES_PER_PACKET = 4;
/* Units of 1.25 ms: 7.5 to 15 ms. Left alone, Linux would take 30 to 50 ms. */
static const uint16_t MIN_INTERVAL = 6, MAX_INTERVAL = 12;
static const uint32_t BATTERY_EVERY_MS = 30000;

static BLEService gaitService(GAIT_SERVICE_UUID);
static BLECharacteristic dataOut(GAIT_DATA_UUID, BLENotify, GAIT_MAX_PACKET);
static BLECharacteristic control(GAIT_CONTROL_UUID, BLEWrite, 8);
static BLECharacteristic info(GAIT_INFO_UUID, BLERead, GAIT_INFO_BYTES);
/* Two characteristics: ArduinoBLE notifies what is written to one that can notify. */
static BLECharacteristic ping(GAIT_PING_UUID, BLEWriteWithoutResponse, GAIT_TOKEN_BYTES);
static BLECharacteristic echo(GAIT_ECHO_UUID, BLENotify, GAIT_ECHO_BYTES);

static BLEService batteryService("180F");
static BLECharacteristic batteryLevel("2A19", BLERead | BLENotify, 1);

static char serialText[17];
static BLEService deviceInformation("180A");
static BLECharacteristic manufacturer("2A29", BLERead, 16);
static BLECharacteristic modelNumber("2A24", BLERead, 32);
static BLECharacteristic serialNumber("2A25", BLERead, 16);
static BLECharacteristic firmwareRevision("2A26", BLERead, 16);

static const BoardFacts *board = nullptr;
static gait_encoder_t encoder;
static ready_times_t ready;
static uint8_t uid[8];
static bool streaming = false;
static bool lostBefore = false;
static uint32_t blinkUntilMs = 0, batteryAskedMs = 0;

static uint32_t nowUs() { return (uint32_t)micros(); }
static uint32_t nowMs() { return (uint32_t)millis(); }

#ifndef IRAM_ATTR /* ESP32: interrupt code stays in memory that is always there */
#define IRAM_ATTR
#endif
static void IRAM_ATTR onReady() { ready_edge(&ready, nowUs()); }

static void publishInfo() {
  uint8_t value[GAIT_INFO_BYTES];
  gait_build_info(value, encoder.scale_codes, encoder.boot, board->rateMilliHz, uid,
                  encoder.target, streaming);
  info.writeValue(value, (int)sizeof value);
}

static void onPing(BLEDevice, BLECharacteristic written) {
  uint32_t now = nowUs(); /* before anything else */
  uint8_t value[GAIT_ECHO_BYTES];
  if (written.valueLength() != (int)GAIT_TOKEN_BYTES) return;
  gait_build_echo(value, written.value(), now, encoder.boot);
  echo.writeValue(value, (int)sizeof value);
}

static void onControl(BLEDevice, BLECharacteristic written) {
  const uint8_t *value = written.value();
  int length = written.valueLength();
  if (length < 1) return;
  if (value[0] == GAIT_COMMAND_START && length == 2) {
    gait_encoder_drop(&encoder);
    encoder.target = gait_clamp_samples(value[1]);
    streaming = true;
  } else if (value[0] == GAIT_COMMAND_STOP && length == 1) {
    gait_encoder_drop(&encoder);
    streaming = false;
  } else if (value[0] == GAIT_COMMAND_IDENTIFY && length == 2) {
    blinkUntilMs = nowMs() + 1000u * value[1];
  }
  publishInfo();
}

static void onDisconnected(BLEDevice) {
  gait_encoder_drop(&encoder);
  BLE.advertise();
}

static void sendPacket() {
  size_t size = gait_encoder_finish(&encoder);
  if (size > 0) dataOut.writeValue(encoder.bytes, (int)size);
}

static void passOn(const gait_sample_t &sample, uint32_t counter, uint32_t t) {
  if (!gait_encoder_fits(&encoder, counter, t)) sendPacket();
  if (gait_encoder_add(&encoder, &sample, counter, t, lostBefore)) sendPacket();
  lostBefore = false;
}

/* Read all that the IMU has; send it on if somebody listens. */
static void pumpSamples() {
  bool overrun;
  uint32_t before = ready.count;
  uint32_t level = boardFifoLevel(&overrun);
  uint32_t now = nowUs();
  if (board->readyPin < 0) {
    ready_polled(&ready, now, level);
    before = ready.count;
  }
  if (overrun && ready_overrun(&ready, before, level)) lostBefore = true;
  if (level == 0 && ready_empty(&ready, now)) lostBefore = true;
  bool heard = streaming && BLE.connected() && dataOut.subscribed();
  for (; level > 0; level--) {
    gait_sample_t sample;
    uint32_t counter, t;
    if (!ready_take(&ready, nowUs(), level, &counter, &t)) return;
    if (!boardReadSample(&sample)) {
      lostBefore = true; /* its number is gone with it */
    } else if (heard) {
      passOn(sample, counter, t);
    }
  }
}

static void lookAfterBattery() {
  if (nowMs() - batteryAskedMs < BATTERY_EVERY_MS) return;
  batteryAskedMs = nowMs();
  int percent = boardBatteryPercent();
  if (percent < 0) return;
  uint8_t level = (uint8_t)percent;
  if (batteryLevel.valueLength() != 1 || batteryLevel.value()[0] != level)
    batteryLevel.writeValue(&level, 1);
}

static void lookAfterLed() {
  uint32_t now = nowMs();
  bool identifying = (int32_t)(blinkUntilMs - now) > 0;
  /* Identify: fast. Advertising: a glint each two seconds. Connected: dark. */
  boardLed(identifying ? now % 200 < 100 : !BLE.connected() && now % 2000 < 20);
}

/* Nothing works without IMU or radio: say so for ever. */
static void giveUp() {
  for (;;) {
    boardLed(nowMs() % 1000 < 500);
    delay(10);
  }
}

/* Samples from before anybody noted when they were taken. */
static void dropBacklog() {
  bool overrun;
  gait_sample_t sample;
  for (uint32_t level; (level = boardFifoLevel(&overrun)) > 0;)
    while (level-- > 0) boardReadSample(&sample);
}

static void offerServices() {
  gaitService.addCharacteristic(dataOut);
  gaitService.addCharacteristic(control);
  gaitService.addCharacteristic(info);
  gaitService.addCharacteristic(ping);
  gaitService.addCharacteristic(echo);
  control.setEventHandler(BLEWritten, onControl);
  ping.setEventHandler(BLEWritten, onPing);
  BLE.addService(gaitService);

  int percent = boardBatteryPercent();
  if (percent >= 0) { /* a board that cannot know its battery does not pretend to */
    uint8_t level = (uint8_t)percent;
    batteryLevel.writeValue(&level, 1);
    batteryService.addCharacteristic(batteryLevel);
    BLE.addService(batteryService);
  }

  for (int i = 0; i < 8; i++) {
    serialText[2 * i] = "0123456789abcdef"[uid[7 - i] >> 4];
    serialText[2 * i + 1] = "0123456789abcdef"[uid[7 - i] & 15];
  }
  manufacturer.writeValue("hipgait");
  modelNumber.writeValue(board->model);
  serialNumber.writeValue(serialText);
  firmwareRevision.writeValue(FIRMWARE);
  deviceInformation.addCharacteristic(manufacturer);
  deviceInformation.addCharacteristic(modelNumber);
  deviceInformation.addCharacteristic(serialNumber);
  deviceInformation.addCharacteristic(firmwareRevision);
  BLE.addService(deviceInformation);
}

void setup() {
  board = boardBegin();
  if (board == nullptr || !BLE.begin()) giveUp();
  boardUid(uid);
  gait_encoder_init(&encoder, boardRandom(), board->scaleCodes, DEFAULT_SAMPLES_PER_PACKET);
  ready_init(&ready, 1000000000u / board->rateMilliHz, nowUs());
  if (board->readyPin >= 0) boardAttachReady(board->readyPin, onReady);
  dropBacklog();

  BLE.setLocalName("hipgait sensor");
  BLE.setDeviceName("hipgait sensor");
  BLE.setConnectionInterval(MIN_INTERVAL, MAX_INTERVAL);
  BLE.setAdvertisedService(gaitService);
  BLE.setEventHandler(BLEDisconnected, onDisconnected);
  offerServices();
  publishInfo();
  BLE.advertise();
}

void loop() {
  BLE.poll();
  boardKeepCrystal();
  pumpSamples();
  lookAfterBattery();
  lookAfterLed();
}
