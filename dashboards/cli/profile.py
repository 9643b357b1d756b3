"""``hipgait profile``: what sensors cannot see, asked once and kept in a private file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.people import ME, plain_name, profile_file

if TYPE_CHECKING:
    from recordings.profile import Profile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        help=f"the profile ({profile_file()})",
    )
    parser.add_argument(
        "--person",
        metavar="NAME",
        default=ME,
        help="whose, if several people use this computer",
    )
    parser.add_argument("--show", action="store_true", help="print what it holds")
    parser.add_argument(
        "--set",
        metavar="KEY=ANSWER",
        action="append",
        default=[],
        help="answer one question without being asked (wearer.height_m=1.72, "
        "knee_right=front,outer, pain_now=2); an empty answer takes it back",
    )
    parser.add_argument(
        "--red-flag",
        metavar="KEY=yes|no",
        action="append",
        default=[],
        help="answer one safety question; all=no answers all of them",
    )
    parser.add_argument("--delete", action="store_true", help="delete the profile")


def run(args: argparse.Namespace) -> int:
    from recordings.profile import Profile, read_profile, write_profile

    file: Path = args.file or profile_file(plain_name(args.person) or ME)
    if args.delete:
        return _delete(file)
    profile = read_profile(file) if file.exists() else Profile()
    if args.show:
        _show(profile)
        return 0
    if args.set or args.red_flag:
        profile = _answered(profile, args)
        write_profile(profile, file)
    elif sys.stdin.isatty():
        profile = _converse(profile, file)
    else:
        from recordings.errors import UsageError

        raise UsageError(
            "Nobody is there to ask.", hint="Use --set KEY=ANSWER and --red-flag KEY=yes|no."
        )
    _show(profile)
    print(f"\nKept in {file}, readable by you alone.")
    return 0


def _delete(file: Path) -> int:
    from recordings.errors import InputError, OutputError

    try:
        file.unlink()
    except FileNotFoundError:
        raise InputError(f"There is no profile {file}.", reason="profile_missing") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be deleted: {error.strerror}.") from error
    print(f"Deleted {file}.")
    return 0


def _answered(profile: Profile, args: argparse.Namespace) -> Profile:
    from dashboards.questionnaire import with_answer, yes_or_no
    from recordings.errors import UsageError
    from recordings.profile import answered
    from recordings.red_flags import RED_FLAGS

    pairs = [text.partition("=") for text in (*args.red_flag, *args.set)]
    if bare := [key for key, sign, _ in pairs if not sign]:
        raise UsageError(f"{bare[0]} has no answer.", hint="Write it as KEY=ANSWER.")
    flags = pairs[: len(args.red_flag)]
    for key, _, text in flags:
        keys = [flag.key for flag in RED_FLAGS] if key == "all" else [key]
        profile = answered(profile, dict.fromkeys(keys, yes_or_no(text)))
    for key, _, text in pairs[len(flags) :]:
        profile = with_answer(profile, key, text)
    return profile


def _converse(profile: Profile, file: Path) -> Profile:
    from dashboards.questionnaire import advice, ask_questions, ask_red_flags
    from recordings.errors import UsageError
    from recordings.profile import write_profile

    try:
        print("First, for your safety. Please answer yes or no.\n")
        profile = ask_red_flags(profile, input, print)
        write_profile(profile, file)
        if text := advice(profile):
            print(f"\n{text}\n")
            return profile
        print("\nThank you. Now some questions; an empty line skips one.\n")
        profile = ask_questions(profile, input, print)
    except EOFError:
        raise UsageError("The answers ended early.", hint="Start again.") from None
    write_profile(profile, file)
    return profile


def _show(profile: Profile) -> None:
    from dashboards.questionnaire import advice, summary_lines

    print("\n".join(summary_lines(profile)))
    if text := advice(profile):
        print(f"\n{text}")
