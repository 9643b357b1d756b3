"""``hipgait simulate``: let a virtual person wear the sensors."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from recordings.errors import OutputError, UsageError

if TYPE_CHECKING:
    from firmware_bridge.virtual_wearer.spec import Spec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "spec", metavar="SPEC", nargs="?", help="TOML file, or a name from the catalogue"
    )
    parser.add_argument("-o", "--output", metavar="SESSION", help="new folder or .zip to write")
    parser.add_argument("--seed", type=int, help="another person's chances, same spec")
    parser.add_argument("--speed", type=float, metavar="M_S", help="walking speed in m/s")
    parser.add_argument("--sensors", type=int, choices=(3, 5), help="without or with shanks")
    parser.add_argument("--loss", type=float, metavar="SHARE", help="share of samples lost")
    parser.add_argument(
        "--deviation",
        action="append",
        default=[],
        metavar="KIND:SIDE:AMOUNT",
        help="turn a knob, e.g. pelvic_drop:right:6; may be given more than once",
    )
    parser.add_argument(
        "--catalogue",
        nargs="?",
        const="",
        metavar="DIR",
        help="list the specs that ship with hipgait, or make all of them in DIR",
    )


def run(args: argparse.Namespace) -> int:
    """Simulate one spec, or list or make the catalogue.

    Raises
    ------
    UsageError
        If there is nothing to make or nowhere to put it.
    HipgaitError
        If the spec is wrong or the session cannot be written.
    """
    if args.catalogue is not None:
        return _catalogue(args.catalogue)
    if args.spec is None or args.output is None:
        raise UsageError(
            "SPEC and -o SESSION are needed.",
            hint="`hipgait simulate --catalogue` lists what there is.",
        )
    from firmware_bridge.virtual_wearer.spec_file import check_spec, find_spec

    spec = _changed(find_spec(args.spec), args)
    check_spec(spec, args.spec)
    _make(spec, Path(args.output))
    return 0


def _make(spec: Spec, output: Path) -> None:
    from firmware_bridge.virtual_wearer.truth_files import write_virtual_session
    from firmware_bridge.virtual_wearer.wear import wear

    virtual = wear(spec)
    write_virtual_session(virtual, spec, output)
    steady = sum(stride.steady for stride in virtual.truth.strides)
    print(
        f"{output}: {virtual.truth.time_s[-1]:.0f} s, {len(virtual.session.sources)} sensors, "
        f"{len(virtual.truth.strides)} strides ({steady} steady). Simulated; truth beside it."
    )


def _catalogue(folder: str) -> int:
    from firmware_bridge.virtual_wearer.spec_file import catalogue, read_spec

    if folder:
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{folder} cannot be made ({error.strerror or error}).",
                hint="Check that no file has that name, that the disk has room and that you may"
                " write there.",
            ) from error
    for name, path in catalogue().items():
        spec = read_spec(path)
        if folder:
            _make(spec, Path(folder) / name)
        else:
            print(f"{name:44s} {spec.notes}")
    return 0


def _changed(spec: Spec, args: argparse.Namespace) -> Spec:
    """The spec with the flags applied; checked as strictly as a file is."""
    import msgspec

    from firmware_bridge.virtual_wearer.spec import Spec
    from recordings.errors import FormatError
    from recordings.placement import SHANK_PLACEMENTS

    data = msgspec.to_builtins(spec)
    if args.seed is not None:
        data["seed"] = args.seed
    if args.speed is not None:
        data["person"]["speed_m_s"] = args.speed
        for item in data["timeline"]:
            if item["do"] == "walk":
                item["speed_m_s"] = args.speed
    if args.loss is not None:
        data["sensors"]["loss_share"] = args.loss
    if args.sensors == 3:
        placements = data["sensors"]["placements"]
        data["sensors"]["placements"] = [p for p in placements if p not in SHANK_PLACEMENTS]
    elif args.sensors == 5:
        from recordings.placement import Placement

        data["sensors"]["placements"] = [p.value for p in Placement]
    data["deviations"] = [*data["deviations"], *map(_deviation, args.deviation)]
    try:
        return msgspec.convert(data, Spec)
    except msgspec.ValidationError as error:
        raise FormatError(f"A flag does not fit: {error}.", reason="spec_invalid") from error


def _deviation(text: str) -> dict[str, object]:
    try:
        kind, side, amount = text.split(":")
        return {"kind": kind, "side": side, "amount": float(amount)}
    except ValueError:
        raise UsageError(
            f"--deviation {text!r} is not KIND:SIDE:AMOUNT.", hint="For example pelvic_drop:right:6"
        ) from None
