import pytest

from firmware_bridge.devices.base import Advertisement
from firmware_bridge.devices.peripherals.registry import PERIPHERALS
from firmware_bridge.devices.registry import FAMILIES, recognise


def test_every_family_has_a_model_and_knows_it() -> None:
    assert set(PERIPHERALS) == set(FAMILIES)
    for key, make in PERIPHERALS.items():
        family = recognise(make().announcement().from_address("C0:FF:EE:00:00:01", -50))
        assert family is FAMILIES[key]


@pytest.mark.parametrize("name", ["", "JBL Flip", "WT", "DOT"])
def test_a_strangers_thing_is_not_recognised(name: str) -> None:
    assert recognise(Advertisement("a", name, ("0000180d-0000-1000-8000-00805f9b34fb",))) is None


@pytest.mark.parametrize("key", FAMILIES)
def test_every_characteristic_that_a_family_names_is_on_its_sensor(key: str) -> None:
    family, peripheral = FAMILIES[key], PERIPHERALS[key]()
    offered = {c.uuid: c.properties for s in peripheral.services() for c in s.characteristics}
    for uuid in family.data_characteristics():
        assert "notify" in offered[uuid]
    writes = (
        *family.start(),
        *family.stop(),
        *family.identify(),
        *family.ping(b"8 bytes!"),
        *family.battery_request(),
    )
    for write in writes:
        assert ("write" if write.with_response else "write-without-response") in offered[
            write.characteristic
        ]
    for uuid in set(family.status_characteristics()) & set(offered):
        assert "read" in offered[uuid]
        peripheral.on_read(uuid)
