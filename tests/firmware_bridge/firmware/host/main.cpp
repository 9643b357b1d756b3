/* Runs the unmodified sketch and a board's unmodified port against a simulated clock, IMU
 * and central. Commands on stdin, events on stdout; test_sketch.py holds the conversation. */
#include <Arduino.h>
#include <ArduinoBLE.h>
#include <Arduino_BMI270_BMM150.h>
#include <Wire.h>
#include <esp_random.h>
#include <nrf.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <sstream>

void setup();
void loop();

BLELocalDevice BLE;
TwoWire Wire, Wire1;
NrfFicr hostFicr = {{0x89ABCDEF, 0x01234567}};
NrfRng hostRng = {};
NrfClock hostClock = {0, 0};
NrfPort hostPort0 = {0, 0};
EspClass ESP;

/* ---- the clock: everything that takes time advances it, interrupts come when due ---- */

static double nowUs;
static double loopUs = 300;
static void advanceTo(double until);
unsigned long micros() { return (uint32_t)(uint64_t)nowUs; }
unsigned long millis() { return (uint32_t)(uint64_t)(nowUs / 1000); }
void delay(unsigned long ms) { advanceTo(nowUs + 1000.0 * (double)ms); }

/* ---- the IMU: a FIFO of numbered samples, and the registers of four chips ---- */

struct Imu {
  std::string chip;
  uint8_t regs[128] = {};
  std::deque<uint8_t> fifo;
  size_t capacity = 0;
  bool overrun = false, running = false;
  double nextUs = 0, periodUs = 0, firstUs = 0;
  uint32_t number = 0;
  int skipInterrupts = 0;
  void (*onReady)() = nullptr;

  void start(double rateHz) {
    if (running) return;
    running = true;
    periodUs = 1e6 / rateHz;
    firstUs = nextUs = nowUs + periodUs;
  }

  void takeSample() {
    int16_t a[3] = {(int16_t)(number & 0x3FFF), (int16_t)(number >> 14), 4096};
    int16_t g[3] = {(int16_t) - (int)(number & 0x3FFF), 7, -8};
    int16_t words[6];
    bool accFirst = chip == "mpu6050";
    for (int i = 0; i < 3; i++) {
      words[i] = accFirst ? a[i] : g[i];
      words[i + 3] = accFirst ? g[i] : a[i];
    }
    for (int16_t w : words) {
      uint8_t low = (uint8_t)(w & 0xFF), high = (uint8_t)((uint16_t)w >> 8);
      fifo.push_back(chip == "mpu6050" ? high : low);
      fifo.push_back(chip == "mpu6050" ? low : high);
    }
    overrun = fifo.size() > capacity;
    while (fifo.size() > capacity) fifo.pop_front();
    number++;
    nextUs += periodUs;
    if (skipInterrupts > 0) {
      skipInterrupts--;
    } else if (onReady != nullptr && interruptOn()) {
      onReady();
    }
  }

  bool interruptOn() const {
    if (chip == "lsm6ds3") return (regs[0x0D] & 0x02) && (regs[0x0B] & 0x80);
    if (chip == "mpu6050") return regs[0x38] & 0x01;
    if (chip == "bmi270") return (regs[0x58] & 0x04) && (regs[0x53] & 0x08);
    return false;
  }

  uint8_t address() const {
    if (chip == "lsm6ds3") return loneBus ? 0x6A : 0x6B;
    return chip == "lsm9ds1" ? 0x6B : 0x68;
  }
  bool loneBus = false;

  void write(uint8_t reg, uint8_t value) {
    regs[reg] = value;
    if (chip == "lsm6ds3") {
      capacity = regs[0x08] == 0x09 && regs[0x0A] == 0x26 ? 4092 : 0;
      if (reg == 0x11 && value == 0x4C && regs[0x10] == 0x4C) start(rate(104));
    } else if (chip == "lsm9ds1") {
      capacity = regs[0x23] == 0x02 && regs[0x2E] == 0xC0 ? 32 * 12 : 0;
      if (reg == 0x10 && value == 0x78 && regs[0x20] == 0x78) start(rate(119));
    } else if (chip == "mpu6050") {
      capacity = regs[0x23] == 0x78 && (regs[0x6A] & 0x40) ? 1024 : 0;
      if (reg == 0x6A && (value & 0x04)) fifo.clear();
      if (reg == 0x38 && regs[0x1B] == 0x18 && regs[0x1C] == 0x10)
        start(rate(1000.0 / (1 + regs[0x19])));
    } else {
      capacity = regs[0x49] == 0xC0 && regs[0x48] == 0 ? 2048 / 12 * 12 : 0;
      if (reg == 0x7E && value == 0xB0) fifo.clear();
    }
  }

  uint8_t pop() {
    if (fifo.empty()) return 0x80;
    uint8_t value = fifo.front();
    fifo.pop_front();
    return value;
  }

  uint8_t read(uint8_t reg, size_t i) {
    size_t words = fifo.size() / 2;
    if (chip == "lsm6ds3") {
      if (reg == 0x3E) return pop();
      switch (reg + i) {
        case 0x0F: return 0x6A;
        case 0x3A: return (uint8_t)(words & 0xFF);
        case 0x3B: return (uint8_t)((words >> 8 & 7) | (overrun ? 0x40 : 0) | (words ? 0 : 0x10));
        case 0x3C: return (uint8_t)((6 - words % 6) % 6);
        default: return 0;
      }
    }
    if (chip == "lsm9ds1") {
      if (reg == 0x0F) return 0x68;
      if (reg == 0x2F) return (uint8_t)(fifo.size() / 12 | (overrun ? 0x40 : 0));
      if (reg == 0x18) return fifo.size() > i ? fifo[i] : 0;
      if (reg == 0x28) {
        uint8_t value = fifo.size() > 6 + i ? fifo[6 + i] : 0;
        if (i == 5)
          for (int k = 0; k < 12; k++) pop();
        return value;
      }
      return 0;
    }
    if (chip == "mpu6050") {
      if (reg == 0x74) return pop();
      switch (reg + i) {
        case 0x75: return 0x68;
        case 0x72: return (uint8_t)(fifo.size() >> 8);
        case 0x73: return (uint8_t)(fifo.size() & 0xFF);
        default: return 0;
      }
    }
    if (reg == 0x26) return pop();
    return (uint8_t)(reg + i == 0x24 ? fifo.size() & 0xFF : fifo.size() >> 8);
  }

  double rateFactor = 1.0;
  double rate(double nominal) const { return nominal * rateFactor; }
};
static Imu imu;

static void advanceTo(double until) {
  while (imu.running && imu.nextUs <= until) {
    if (imu.nextUs > nowUs) nowUs = imu.nextUs;
    imu.takeSample();
  }
  if (until > nowUs) nowUs = until;
}

void TwoWire::beginTransmission(uint8_t address) {
  address_ = address;
  out_.clear();
}
size_t TwoWire::write(uint8_t value) {
  out_.push_back(value);
  return 1;
}
uint8_t TwoWire::endTransmission(bool) {
  advanceTo(nowUs + 25.0 * (double)(out_.size() + 1));
  if (address_ != imu.address()) return 2;
  for (size_t i = 1; i < out_.size(); i++) imu.write((uint8_t)(out_[0] + i - 1), out_[i]);
  return 0;
}
uint8_t TwoWire::requestFrom(uint8_t, size_t count) {
  in_.clear();
  at_ = 0;
  for (size_t i = 0; i < count; i++) in_.push_back(imu.read(out_[0], i));
  advanceTo(nowUs + 25.0 * (double)(count + 1));
  return (uint8_t)count;
}
int TwoWire::read() { return in_[at_++]; }

int8_t bmi2_get_sensor_config(bmi2_sens_config *, uint8_t, bmi2_dev *) { return BMI2_OK; }
int8_t bmi2_set_sensor_config(bmi2_sens_config *config, uint8_t, bmi2_dev *) {
  return config[0].cfg.acc.range == BMI2_ACC_RANGE_8G && config[1].cfg.gyr.range == 0 ? 0 : -1;
}
int8_t bmi2_sensor_enable(const uint8_t *, uint8_t, bmi2_dev *) {
  imu.start(imu.rate(100));
  return BMI2_OK;
}
static bool savesPower = true; /* as after its start */
int8_t bmi2_set_adv_power_save(uint8_t enable, bmi2_dev *) {
  savesPower = enable != 0;
  return BMI2_OK;
}
int8_t bmi2_get_regs(uint8_t reg, uint8_t *data, uint16_t count, bmi2_dev *) {
  if (savesPower) return -1;
  for (uint16_t i = 0; i < count; i++) data[i] = imu.read(reg, i);
  advanceTo(nowUs + 25.0 * (count + 3));
  return BMI2_OK;
}
int8_t bmi2_set_regs(uint8_t reg, const uint8_t *data, uint16_t, bmi2_dev *) {
  imu.write(reg, *data);
  return BMI2_OK;
}
int BoschSensorClass::begin() {
  return imu.chip == "bmi270" && configure_sensor(&device_) == BMI2_OK;
}

/* ---- pins ---- */

static int ledChanges = 0, ledValue = 0;
void pinMode(int, int) {}
void digitalWrite(int pin, int value) {
  if (pin != LED_BUILTIN || value == ledValue) return;
  ledValue = value;
  ledChanges++;
}
int analogRead(int) { return 1593; } /* 3.80 V behind the XIAO's divider */
uint32_t analogReadMilliVolts(int) { return 1900; }
void analogReadResolution(int) {}
int digitalPinToInterrupt(int pin) { return pin; }
void attachInterrupt(int, void (*handler)(), int) { imu.onReady = handler; }

/* ---- the radio ---- */

static std::deque<std::pair<std::string, std::vector<uint8_t>>> writes;
static double stallUs = 0;

static void print(const char *what, const std::string &uuid, const std::vector<uint8_t> &value) {
  std::printf("%s %.0f %s ", what, nowUs, uuid.c_str());
  for (uint8_t b : value) std::printf("%02x", b);
  std::printf("\n");
}

void hostNotify(const LocalCharacteristic &c) {
  if (stallUs > 0) { /* the controller's buffers are full: the library waits */
    double wait = stallUs;
    stallUs = 0;
    advanceTo(nowUs + wait);
  }
  print("notify", c.uuid, c.value);
}

bool BLELocalDevice::begin() {
  delay(800);
  return true;
}

void BLELocalDevice::poll() {
  while (!writes.empty()) {
    auto item = writes.front();
    writes.pop_front();
    auto local = BLECharacteristic::all()[item.first];
    BLECharacteristic handle(local);
    handle.writeValue(item.second.data(), (int)item.second.size());
    if (local->onWritten != nullptr) local->onWritten(BLEDevice(), handle);
  }
}

static std::vector<uint8_t> unhex(const std::string &text) {
  std::vector<uint8_t> bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back((uint8_t)std::strtol(text.substr(i, 2).c_str(), nullptr, 16));
  return bytes;
}

static void command(const std::string &line) {
  std::istringstream words(line);
  std::string verb, uuid, hex;
  double amount = 0;
  words >> verb;
  if (verb == "run") {
    words >> amount;
    for (double end = nowUs + amount * 1e6; nowUs < end;) {
      loop();
      advanceTo(nowUs + loopUs);
    }
  } else if (verb == "connect") {
    BLE.isConnected = true;
    BLE.advertising = false;
  } else if (verb == "disconnect") {
    BLE.isConnected = false;
    for (auto &c : BLECharacteristic::all()) c.second->subscribed = false;
    if (BLE.onDisconnected != nullptr) BLE.onDisconnected(BLEDevice());
  } else if (verb == "subscribe") {
    words >> uuid;
    BLECharacteristic::all()[uuid]->subscribed = true;
  } else if (verb == "write") {
    words >> uuid >> hex;
    writes.push_back({uuid, unhex(hex)});
  } else if (verb == "read") {
    words >> uuid;
    auto c = BLECharacteristic::all()[uuid];
    print("read", uuid + (c->added ? "" : "-absent"), c->value);
  } else if (verb == "stall") {
    words >> amount;
    stallUs = amount * 1e6;
  } else if (verb == "missinterrupts") {
    words >> imu.skipInterrupts;
  } else if (verb == "state") {
    std::printf("state %.0f advertising=%d interval=%d-%d service=%s led=%d samples=%u "
                "first=%.3f period=%.6f crystal=%u\n",
                nowUs, BLE.advertising, BLE.minInterval, BLE.maxInterval, BLE.advertised.c_str(),
                ledChanges, imu.number, imu.firstUs, imu.periodUs, hostClock.TASKS_HFCLKSTART);
  }
  std::fflush(stdout);
}

/* argv: chip, IMU rate relative to nominal, clock at power-up in µs */
int main(int argc, char **argv) {
  if (argc != 4) return 2;
  imu.chip = argv[1];
  imu.rateFactor = std::atof(argv[2]);
  nowUs = std::atof(argv[3]);
#if defined(ARDUINO_SEEED_XIAO_NRF52840_SENSE)
  imu.loneBus = true;
#endif
  setup();
  for (std::string line; std::getline(std::cin, line);) command(line);
}
