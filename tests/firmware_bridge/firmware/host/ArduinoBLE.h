/* The part of ArduinoBLE that the sketch uses, with its semantics: handles that share their
 * characteristic; a write by the central to a characteristic that can notify is notified. */
#pragma once
#include <Arduino.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

enum { BLERead = 0x02, BLEWriteWithoutResponse = 0x04, BLEWrite = 0x08, BLENotify = 0x10 };
enum BLECharacteristicEvent { BLESubscribed = 0, BLEUnsubscribed = 1, BLEWritten = 3 };
enum BLEDeviceEvent { BLEConnected = 0, BLEDisconnected = 1 };

class BLECharacteristic;
struct BLEDevice {};
typedef void (*BLECharacteristicEventHandler)(BLEDevice, BLECharacteristic);
typedef void (*BLEDeviceEventHandler)(BLEDevice);

struct LocalCharacteristic {
  std::string uuid;
  int properties, size;
  bool added = false, subscribed = false;
  std::vector<uint8_t> value;
  BLECharacteristicEventHandler onWritten = nullptr;
};
void hostNotify(const LocalCharacteristic &characteristic);

class BLECharacteristic {
 public:
  BLECharacteristic(const char *uuid, uint8_t properties, int size)
      : local_(std::make_shared<LocalCharacteristic>()) {
    local_->uuid = uuid;
    local_->properties = properties;
    local_->size = size;
    all()[uuid] = local_;
  }
  explicit BLECharacteristic(std::shared_ptr<LocalCharacteristic> local) : local_(local) {}
  static std::map<std::string, std::shared_ptr<LocalCharacteristic>> &all() {
    static std::map<std::string, std::shared_ptr<LocalCharacteristic>> everyone;
    return everyone;
  }
  const uint8_t *value() const { return local_->value.data(); }
  int valueLength() const { return (int)local_->value.size(); }
  bool subscribed() const { return local_->subscribed; }
  int writeValue(const uint8_t value[], int length) {
    local_->value.assign(value, value + (length < local_->size ? length : local_->size));
    if ((local_->properties & BLENotify) && local_->subscribed) hostNotify(*local_);
    return 1;
  }
  int writeValue(const char *text) { return writeValue((const uint8_t *)text, (int)strlen(text)); }
  void setEventHandler(int event, BLECharacteristicEventHandler handler) {
    if (event == BLEWritten) local_->onWritten = handler;
  }
  void markAdded() { local_->added = true; }

 private:
  std::shared_ptr<LocalCharacteristic> local_;
};

struct BLEService {
  std::string uuid;
  explicit BLEService(const char *u) : uuid(u) {}
  void addCharacteristic(BLECharacteristic &c) { c.markAdded(); }
};

struct BLELocalDevice {
  bool isConnected = false, advertising = false;
  int minInterval = 0, maxInterval = 0;
  std::string name, advertised;
  BLEDeviceEventHandler onDisconnected = nullptr;
  bool begin();
  void poll();
  bool connected() const { return isConnected; }
  void setLocalName(const char *n) { name = n; }
  void setDeviceName(const char *) {}
  void setConnectionInterval(uint16_t least, uint16_t most) {
    minInterval = least;
    maxInterval = most;
  }
  void setAdvertisedService(const BLEService &s) { advertised = s.uuid; }
  void addService(BLEService &) {}
  void setEventHandler(int event, BLEDeviceEventHandler handler) {
    if (event == BLEDisconnected) onDisconnected = handler;
  }
  int advertise() {
    advertising = true;
    return 1;
  }
};
extern BLELocalDevice BLE;
