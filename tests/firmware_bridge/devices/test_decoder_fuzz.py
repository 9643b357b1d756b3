import pytest
from decoder_fuzz import FUZZERS
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.devices.registry import FAMILIES

MUTANTS = 200_000


@pytest.mark.parametrize("key", FUZZERS)
def test_mutated_packets_invent_no_sample(key: str) -> None:
    share = MUTANTS // len(FUZZERS) + 1
    tally = FUZZERS[key](share, seed=7)
    assert tally.mutants == share
    assert tally.malformed > share // 20


@pytest.mark.parametrize("key", FAMILIES)
@given(data=st.lists(st.tuples(st.integers(0, 20), st.binary(max_size=250)), max_size=20))
def test_any_bytes_at_any_characteristic_are_survived(
    key: str, data: list[tuple[int, bytes]]
) -> None:
    family = FAMILIES[key]
    decoder = family.decoder()
    known = [*family.data_characteristics(), *family.status_characteristics(), "unknown"]
    for at, value in data:
        part = decoder.feed(known[at % len(known)], value)
        if part is not None:
            assert len(part) > 0
            assert part.gyr_rad_s.shape == part.acc_m_s2.shape == (len(part), 3)
