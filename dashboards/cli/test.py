"""``hipgait test``: be led through a movement test, with the result at once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.cli.wearing import add_source_arguments, chosen_source, deaf, interruptible
from dashboards.people import ME, plain_name, profile_file

if TYPE_CHECKING:
    from dashboards.guided.coach import Coach
    from dashboards.guided.guided_tests import GuidedTest
    from dashboards.guided.screening import ScreeningState
    from dashboards.live_table import LiveText
    from pipeline.results import Results
    from recordings.metadata import SessionMetadata
    from recordings.profile import Profile

ALL = "screening"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help=f"the test, or '{ALL}' for a walk and several tests in ten minutes "
        "(without a name: what there is)",
    )
    add_source_arguments(parser)
    parser.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        help="the session folder to make (default: date_time_walk, here)",
    )
    parser.add_argument(
        "--resume",
        metavar="FOLDER",
        type=Path,
        help="go on with the screening that was begun in this session folder",
    )
    parser.add_argument(
        "--hands-free",
        action="store_true",
        help="begin each test by itself, ten seconds after it was explained",
    )
    parser.add_argument(
        "--pain", metavar="0-10", type=_pain, help="how much it hurts now (default: you are asked)"
    )
    parser.add_argument(
        "--person",
        metavar="NAME",
        default=ME,
        help="who is led, if several people use this computer",
    )
    parser.add_argument(
        "--profile",
        metavar="FILE",
        type=Path,
        help="answers to the safety questions (those of `hipgait profile`)",
    )


def run(args: argparse.Namespace) -> int:
    from dashboards.guided.coach import Coach
    from dashboards.guided.screening import SCREENING_WALK_S
    from dashboards.guided.terminal_guide import TerminalGuide
    from dashboards.live_table import LiveText
    from dashboards.live_walk import LiveWalk
    from firmware_bridge.recorder import free_session_folder

    text = LiveText(sys.stdout)
    if args.name is None:
        _list(text)
        return 0
    state, tests = _wanted(args)
    simulated = args.simulate is not None
    pain = 0 if simulated else _may_begin(args, tests, text)
    source = chosen_source(args)
    coach = Coach(tests, led=simulated, walk_s=SCREENING_WALK_S if state is not None else 0.0)
    metadata = _worn_by(source.metadata, args)
    walk = LiveWalk(source.transport, source.sensors, metadata, source.events)
    results: Results | None = None
    folder: Path | None = None
    with interruptible():
        try:
            walk.start()
            assert walk.metadata.start_time is not None
            folder = walk.record_to(
                args.out or free_session_folder(Path.cwd(), walk.metadata.start_time)
            )
            text.note(f"Recording to {folder}. Ctrl-C ends it and keeps everything.")
            TerminalGuide(walk, coach, text, pain, hands_free=args.hands_free).lead(source.lasts_s)
        except KeyboardInterrupt:
            text.note("Stopping.")
        finally:
            with deaf():
                results = walk.close()
    if folder is None:
        return 1
    if state is not None:
        _keep(state, coach, folder, text)
    return _tell(results, folder, text)


def _list(text: LiveText) -> None:
    from dashboards.guided.guided_tests import GUIDED_TESTS, SCREENING

    text.note("hipgait test NAME leads you through one of these:")
    for test in GUIDED_TESTS.values():
        text.note(f"  {test.name:14} {test.title}")
    text.note(f"  {ALL:14} two minutes of walking, then {', '.join(SCREENING)}")


def _wanted(args: argparse.Namespace) -> tuple[ScreeningState | None, tuple[GuidedTest, ...]]:
    """The tests to do, and the screening that they belong to, if they do."""
    from dashboards.guided.guided_tests import GUIDED_TESTS
    from dashboards.guided.screening import ScreeningState, load
    from recordings.errors import UsageError

    if args.resume is not None and args.name != ALL:
        raise UsageError(
            "Only a screening can be resumed.", hint=f"Type: hipgait test {ALL} --resume FOLDER."
        )
    if args.name == ALL:
        state = ScreeningState() if args.resume is None else load(args.resume)
        if not state.left:
            raise UsageError(
                "This screening is complete.", hint=f"Begin a new one: hipgait test {ALL}."
            )
        return state, state.left
    if args.name not in GUIDED_TESTS:
        raise UsageError(
            f"There is no test “{args.name}”.",
            hint=f"There are {', '.join(GUIDED_TESTS)} and {ALL}.",
        )
    return None, (GUIDED_TESTS[args.name],)


def _may_begin(args: argparse.Namespace, tests: tuple[GuidedTest, ...], text: LiveText) -> int:
    """Pain before; an error if no test may be done."""
    from dashboards.guided.safety import why_not_begin
    from recordings.errors import UsageError

    profile = _profile(args)
    pain: int | None = args.pain
    if pain is None and profile is not None and profile.asked_red_flags and not profile.raised:
        pain = _ask_pain()
    if why := why_not_begin(profile, pain):
        raise UsageError(why, reason="no_test_now")
    assert pain is not None
    for words in dict.fromkeys(words for test in tests for words in test.precautions):
        text.note(words)
    text.note("Stop at once when something hurts: type p, q or press Ctrl-C.")
    return pain


def _profile(args: argparse.Namespace) -> Profile | None:
    from recordings.profile import read_profile

    file: Path = args.profile or profile_file(plain_name(args.person) or ME)
    return read_profile(file) if file.exists() else None


def _worn_by(metadata: SessionMetadata, args: argparse.Namespace) -> SessionMetadata:
    """What the session will say of who is led."""
    import msgspec

    if metadata.simulated:
        return metadata
    profile, name = _profile(args), plain_name(args.person)
    wearer = profile.wearer if profile is not None else metadata.wearer
    if name != ME:
        wearer = msgspec.structs.replace(wearer, name=name)
    return msgspec.structs.replace(metadata, wearer=wearer)


def _ask_pain() -> int | None:
    if not sys.stdin.isatty():
        return None
    while True:
        try:
            return _pain(input("How much does it hurt now, from 0 (not at all) to 10? "))
        except argparse.ArgumentTypeError as error:
            print(error)
        except EOFError:
            return None


def _keep(state: ScreeningState, coach: Coach, folder: Path, text: LiveText) -> None:
    """Write down how far the screening came."""
    import msgspec

    from dashboards.guided.screening import save

    finished = [
        part.test.name
        for part in coach.parts
        if all(p in coach.finished for p in coach.parts if p.test is part.test)
    ]
    state = msgspec.structs.replace(
        state,
        done=tuple(dict.fromkeys((*state.done, *finished))),
        sessions=(*state.sessions, str(folder.resolve())),
    )
    save(state, folder)
    if state.left:
        left = ", ".join(test.title.lower() for test in state.left)
        text.note(f"Still to do: {left}. Go on with: hipgait test {ALL} --resume {folder}")


def _tell(results: Results | None, folder: Path, text: LiveText) -> int:
    from dashboards.movement_summary import movement_tests
    from dashboards.terminal import Terminal

    if results is None:
        text.note(f"The analysis stopped; the recording is whole: hipgait analyze {folder}")
        return 1
    for line in movement_tests(results.movement_tests, Terminal.of(sys.stdout)):
        text.note(line)
    text.note(f"The report with all of it: hipgait report {folder}")
    return 0


def _pain(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 10:
        raise argparse.ArgumentTypeError("must be a whole number from 0 to 10")
    return value
