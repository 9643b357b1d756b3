"""The unmodified sketch and board ports, run against simulated chips and a central."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from host_build import BOARDS, build_sketch

from firmware_bridge.devices import gait_packet as wire
from firmware_bridge.devices import gatt
from firmware_bridge.devices.base import DecodedSamples, SyncEcho
from firmware_bridge.devices.gait_profile import GaitDecoder, GaitProfile
from firmware_bridge.units import DEG, STANDARD_GRAVITY

BUILDS = [
    ("xiao_sense", "lsm6ds3", 104.0),
    ("nano33_sense", "lsm9ds1", 119.0),
    ("nano33_sense", "bmi270", 100.0),
    ("esp32", "mpu6050", 125.0),
    ("esp32", "lsm6ds3", 104.0),
]
POWER_UP_US = 2**32 - 4_000_000
"""The 32-bit clock wraps four seconds after power-up."""
RATE_FACTOR = 1.013
"""An IMU's oscillator is off by a percent or so."""

(START,) = GaitProfile().start()
CONNECT = ["connect", f"subscribe {wire.DATA}", f"subscribe {wire.ECHO}"]
START_LINE = f"write {wire.CONTROL} {START.data.hex()}"


@pytest.fixture(scope="module")
def binaries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sketch")
    return {board: build_sketch(board, folder / board) for board in BOARDS}


@dataclass
class Run:
    """What the sensor did, decoded by the host's own decoder."""

    decoder: GaitDecoder
    parts: list[DecodedSamples] = field(default_factory=list)
    sent_us: list[float] = field(default_factory=list)
    echoes: list[tuple[float, SyncEcho]] = field(default_factory=list)
    reads: dict[str, bytes] = field(default_factory=dict)
    states: list[dict[str, str]] = field(default_factory=list)

    @property
    def counter(self) -> np.ndarray:
        return np.concatenate([p.counter for p in self.parts if p.counter is not None])

    @property
    def device_time_us(self) -> np.ndarray:
        """On the simulation's own scale, which does not wrap."""
        times = [p.device_time_us for p in self.parts if p.device_time_us is not None]
        return _unwrapped(np.concatenate(times))

    @property
    def sample_numbers(self) -> np.ndarray:
        """The numbers that the simulated chip wrote into its samples."""
        acc = np.vstack([p.acc_m_s2 for p in self.parts]) / STANDARD_GRAVITY * 4096
        words = np.rint(acc).astype(int)
        return np.abs(words[:, 0]) + (words[:, 1] << 14)


def converse(binary: Path, chip: str, lines: list[str], decoder: GaitDecoder | None = None) -> Run:
    done = subprocess.run(
        [binary, chip, str(RATE_FACTOR), str(POWER_UP_US)],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    run = Run(decoder or GaitDecoder())
    for line in done.stdout.splitlines():
        verb, at_us, *rest = line.split()
        if verb == "state":
            run.states.append(dict(word.split("=") for word in rest))
        elif verb == "read":
            run.reads[rest[0]] = bytes.fromhex(rest[1] if len(rest) > 1 else "")
        else:
            part = run.decoder.feed(rest[0], bytes.fromhex(rest[1]))
            if part is not None:
                run.parts.append(part)
                run.sent_us.append(float(at_us))
            run.echoes += [(float(at_us), echo) for echo in run.decoder.take_echoes()]
    return run


@pytest.mark.parametrize(("board", "chip", "rate_hz"), BUILDS)
def test_samples_reach_the_host_numbered_and_stamped_at_data_ready(
    binaries: dict[str, Path], board: str, chip: str, rate_hz: float
) -> None:
    lines = ["run 0.5", "state", *CONNECT, START_LINE, "run 8", "state"]
    run = converse(binaries[board], chip, lines)
    assert run.decoder.malformed_packets == run.decoder.duplicate_packets == 0
    counter = run.counter
    assert (np.diff(counter) == 1).all()
    assert len(counter) == pytest.approx(8 * rate_hz * RATE_FACTOR, abs=10)
    # The counter follows the chip's own samples one to one.
    assert np.ptp(run.sample_numbers - counter) == 0
    state = run.states[-1]
    ready_us = float(state["first"]) + run.sample_numbers * float(state["period"])
    late = run.device_time_us - ready_us
    if chip == "lsm9ds1":  # no data-ready line on this board: as good as the polling
        assert np.percentile(np.abs(late), 95) < 1500
    else:
        assert np.abs(late).max() < 10
    # Values come through in sensor units, in a right-handed frame.
    gyr = np.vstack([p.gyr_rad_s for p in run.parts])
    acc = np.vstack([p.acc_m_s2 for p in run.parts])
    np.testing.assert_allclose(acc[:, 2], STANDARD_GRAVITY, rtol=1e-6)
    scale = (0.07 if chip.startswith("lsm") else 1 / 16.4) * DEG
    np.testing.assert_allclose(gyr[:, 1:] / scale, np.tile([7, -8], (len(gyr), 1)), atol=1e-6)
    sign = -1 if chip == "lsm9ds1" else 1
    assert (np.sign(acc[1:, 0]) == sign).all()


@pytest.mark.parametrize(("board", "chip", "rate_hz"), BUILDS)
def test_the_sensor_says_what_it_is(
    binaries: dict[str, Path], board: str, chip: str, rate_hz: float
) -> None:
    wanted = GaitProfile().status_characteristics()
    names = {uuid: f"{int(uuid[4:8], 16):04X}" for uuid in gatt.STANDARD_STATUS}
    lines = ["run 1", "state", *(f"read {names.get(uuid, uuid)}" for uuid in wanted)]
    run = converse(binaries[board], chip, lines)
    (state,) = run.states
    assert state["advertising"] == "1"
    assert state["service"] == wire.SERVICE
    assert state["interval"] == "6-12"  # 7.5 to 15 ms
    for uuid in wanted:
        if (value := run.reads.get(names.get(uuid, uuid))) is not None:
            run.decoder.feed(uuid, value)
    facts = run.decoder.facts
    assert run.decoder.malformed_packets == 0
    assert facts.rate_hz == rate_hz
    assert (facts.acc_range_g, facts.gyr_range_dps) == (8.0, 2000.0)
    assert len(facts.device_id) == 16
    assert facts.model.startswith("hipgait ")
    assert facts.firmware == "1.0.0"
    if board == "nano33_sense":  # it cannot measure its battery, and offers no such service
        assert facts.battery_percent is None
        assert "2A19-absent" in run.reads
    else:
        assert facts.battery_percent == pytest.approx(38, abs=1)  # 3.80 V
    if board != "esp32":
        assert int(state["crystal"]) == 1


def test_a_ping_is_answered_once_with_the_clock_of_the_samples(binaries: dict[str, Path]) -> None:
    (ping,) = GaitProfile().ping(b"8 bytes!")
    lines = [*CONNECT, START_LINE, "run 5"]
    for _ in range(20):
        lines += [f"write {ping.characteristic} {ping.data.hex()}", "run 0.1"]
    run = converse(binaries["xiao_sense"], "lsm6ds3", lines)
    assert len(run.echoes) == 20
    assert run.decoder.malformed_packets == 0
    clocks = _unwrapped(np.array([echo.device_time_us for _, echo in run.echoes]))
    sent = np.array([at for at, _ in run.echoes])
    assert np.abs(sent - clocks).max() < 500
    assert {echo.token for _, echo in run.echoes} == {b"8 bytes!"}


@pytest.mark.parametrize(("board", "chip"), [("xiao_sense", "lsm6ds3"), ("esp32", "mpu6050")])
def test_it_survives_a_disconnect_and_the_host_knows_what_it_missed(
    binaries: dict[str, Path], board: str, chip: str
) -> None:
    lines = [*CONNECT, START_LINE, "run 3", "disconnect", "state", "run 7", *CONNECT, "run 1"]
    run = converse(binaries[board], chip, [*lines, START_LINE, "run 3"])
    assert run.states[0]["advertising"] == "1"
    assert not any(part.restarted for part in run.parts)
    assert np.ptp(run.sample_numbers - run.counter) == 0
    steps = np.diff(run.counter)
    rate = (104 if chip == "lsm6ds3" else 125) * RATE_FACTOR
    assert steps.max() == pytest.approx(7 * rate, rel=0.02)
    assert (steps > 1).sum() == 1 or sorted(steps)[-2] <= 4  # what was in the packet then


def test_a_radio_that_blocks_costs_nothing_while_the_fifo_holds(
    binaries: dict[str, Path],
) -> None:
    for board, chip, holds_s in (
        ("xiao_sense", "lsm6ds3", 2.0),
        ("esp32", "mpu6050", 0.3),
        ("nano33_sense", "bmi270", 1.0),
        ("nano33_sense", "lsm9ds1", 0.2),
    ):
        lines = [*CONNECT, START_LINE, "run 2", f"stall {holds_s}", "run 3"]
        run = converse(binaries[board], chip, lines)
        assert (np.diff(run.counter) == 1).all(), board
        assert np.ptp(run.sample_numbers - run.counter) == 0, board
        assert np.max(np.diff(run.sent_us)) > holds_s * 0.9e6


def test_what_the_fifo_lost_is_a_gap_in_the_counter_and_nothing_else(
    binaries: dict[str, Path],
) -> None:
    for board, chip in (
        ("xiao_sense", "lsm6ds3"),
        ("esp32", "mpu6050"),
        ("nano33_sense", "bmi270"),
    ):
        lines = [*CONNECT, START_LINE, "run 2", "stall 6", "run 12", "state"]
        run = converse(binaries[board], chip, lines)
        assert np.diff(run.counter).max() > 100, board
        assert np.ptp(run.sample_numbers - run.counter) == 0, board
        state = run.states[-1]
        ready_us = float(state["first"]) + run.sample_numbers * float(state["period"])
        settled = run.counter > run.counter[-1] - 100
        assert np.abs(run.device_time_us - ready_us)[settled].max() < 10, board


def test_missed_interrupts_shift_neither_numbers_nor_times_for_long(
    binaries: dict[str, Path],
) -> None:
    lines = [*CONNECT, START_LINE, "run 3", "missinterrupts 3", "run 3", "state"]
    run = converse(binaries["xiao_sense"], "lsm6ds3", lines)
    assert np.ptp(run.sample_numbers - run.counter) == 0
    state = run.states[-1]
    ready_us = float(state["first"]) + run.sample_numbers * float(state["period"])
    assert np.abs(run.device_time_us - ready_us)[-150:].max() < 10


def test_stop_identify_and_packet_size(binaries: dict[str, Path]) -> None:
    (stop,), (identify,) = GaitProfile().stop(), GaitProfile().identify()
    (big,) = GaitProfile(18).start()
    lines = [
        *CONNECT, f"write {wire.CONTROL} {big.data.hex()}", "run 2", "state",
        f"write {wire.CONTROL} {identify.data.hex()}", "run 2", "state",
        f"write {wire.CONTROL} {stop.data.hex()}", "run 2", f"read {wire.INFO}",
    ]  # fmt: skip
    run = converse(binaries["xiao_sense"], "lsm6ds3", lines)
    assert {len(part) for part in run.parts} == {18}
    blinks = int(run.states[1]["led"]) - int(run.states[0]["led"])
    assert blinks == pytest.approx(20, abs=2)
    assert len(run.counter) == pytest.approx(4 * 104 * RATE_FACTOR, abs=20)
    info = wire.parse_info(run.reads[wire.INFO])
    assert info is not None and not info.streaming and info.samples_per_packet == 18


def test_an_imu_that_does_not_answer_is_not_advertised(binaries: dict[str, Path]) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(
            [binaries["xiao_sense"], "mpu6050", "1", "0"],
            input="state\n", capture_output=True, text=True, check=False, timeout=1,
        )  # fmt: skip


def _unwrapped(times_us: np.ndarray) -> np.ndarray:
    """Undo the decoder's start within 32 bits: the simulation's clock starts near 2**32."""
    return times_us + 2**32 if times_us[0] < 2**31 else times_us
