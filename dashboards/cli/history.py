"""``hipgait history``: the walks of a person, what changed, and what is kept of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.people import home

if TYPE_CHECKING:
    from datetime import datetime

    from dashboards.history.deletion import Deleted
    from dashboards.history.saved_walk import SavedWalk
    from dashboards.history.store import HistoryStore

EVERYTHING = "everything"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    _add_common(parser, default=None)
    parser.add_argument(
        "--measure", metavar="NAME", help="show one measure over time, by name or code (F13)"
    )
    parser.set_defaults(action=None)
    actions = parser.add_subparsers(metavar="ACTION", title="actions (the list, if none is given)")
    add = actions.add_parser("add", help="analyse recordings and keep their results")
    add.add_argument("paths", metavar="SESSION", type=Path, nargs="+")
    add.add_argument(
        "--date",
        metavar="DATE",
        help="when it was walked, if the recording does not say (2026-11-20 or 2026-11-20T09:30)",
    )
    add.add_argument("--note", metavar="TEXT", help="a note of yours")
    add.add_argument("--pain", metavar="0-10", type=_pain, help="the strongest of this walk")
    note = actions.add_parser("note", help="write a note on a walk; an empty one takes it back")
    note.add_argument("number", metavar="WALK", type=int, help="its number in the list")
    note.add_argument("text", metavar="TEXT", nargs="?")
    note.add_argument("--pain", metavar="0-10", type=_pain)
    rebuild = actions.add_parser(
        "rebuild", help="make the history again from the recordings, which stay the truth"
    )
    rebuild.add_argument(
        "folders", metavar="FOLDER", type=Path, nargs="*", help="look for recordings here too"
    )
    delete = actions.add_parser("delete", help="forget a walk, a person or everything")
    delete.add_argument(
        "what", metavar="WHAT", help="number of a walk, “person” (with --person) or “everything”"
    )
    delete.add_argument("--yes", action="store_true", help="do not ask")
    for name, action in (("add", add), ("note", note), ("rebuild", rebuild), ("delete", delete)):
        _add_common(action, default=argparse.SUPPRESS)
        action.set_defaults(action=name)


def run(args: argparse.Namespace) -> int:
    from dashboards.history.store import HistoryStore

    actions = {
        None: _show,
        "add": _add,
        "note": _note,
        "rebuild": _rebuild,
        "delete": _delete,
    }
    return actions[args.action](args, HistoryStore(args.history))


def _add_common(parser: argparse.ArgumentParser, default: str | None) -> None:
    # An action must not put its default over what was typed before it.
    parser.add_argument(
        "--person", metavar="NAME", default=default, help="whose walks, if there are several people"
    )
    parser.add_argument(
        "--history",
        metavar="FILE",
        type=Path,
        default=default,
        help=f"the history ({home() / 'history.db'}; HIPGAIT_HOME changes the folder)",
    )


def _show(args: argparse.Namespace, store: HistoryStore) -> int:
    from dashboards.history.listing import measure_over_time, overview
    from dashboards.people import advice_for
    from dashboards.terminal import Terminal

    people = store.people()
    if not people:
        print("Nothing is kept yet. Keep a walk: hipgait history add SESSION")
        return 0
    terminal = Terminal.of(sys.stdout)
    if args.person is None and len(people) > 1:
        print("Whose walks? Say it with --person NAME.")
        for name, count in people.items():
            print(terminal.spell(f"  {count:>4} walks  {_short(name)}"))
        return 0
    person = _person(args, store)
    walks = store.walks(person)
    if args.measure is not None:
        print(measure_over_time(walks, args.measure, terminal), end="")
        return 0
    print(overview(person, walks, terminal, advice_for(person)), end="")
    return 0


def _add(args: argparse.Namespace, store: HistoryStore) -> int:
    from dashboards.history.adding import Said, add_walk, checked_note
    from dashboards.terminal import ProgressLine, Terminal
    from dashboards.wording import duration
    from recordings.errors import UsageError

    if len(args.paths) > 1 and (args.date or args.note or args.pain is not None):
        raise UsageError("--date, --note and --pain are about one walk.", hint="Add it alone.")
    said = Said(
        person=args.person,
        walked=None if args.date is None else _date(args.date),
        note=None if args.note is None else checked_note(args.note),
        pain=args.pain,
    )
    terminal = Terminal.of(sys.stdout)
    for path in args.paths:
        with ProgressLine("Analysed") as progress:
            walk = add_walk(store, path, said, lambda s: progress.show(duration(s)))
        words = f"Kept {_short(walk.name)}, walked on {walk.day}, for {_short(walk.person)}."
        print(terminal.spell(words))
    print("See what changed: hipgait history")
    return 0


def _note(args: argparse.Namespace, store: HistoryStore) -> int:
    from dashboards.history.adding import annotate
    from recordings.errors import UsageError

    if args.text is None and args.pain is None:
        raise UsageError("There is nothing to note.", hint='hipgait history note 3 "new shoes"')
    walk = _numbered(store.walks(_person(args, store)), args.number)
    note = walk.note if args.text is None else args.text
    annotate(store, walk, note, walk.pain if args.pain is None else args.pain)
    print(f"Noted on the walk of {walk.day}.")
    return 0


def _rebuild(args: argparse.Namespace, store: HistoryStore) -> int:
    from dashboards.history.rebuilding import rebuild
    from dashboards.terminal import ProgressLine, Terminal

    with ProgressLine("Analysing") as progress:
        done = rebuild(store, args.folders, progress.show)
    terminal = Terminal.of(sys.stdout)
    for file in done.aside:
        print(terminal.spell(f"The damaged file is now {file}"))
    for path, why in done.kept:
        print(terminal.spell(f"Not analysed, kept as it was: {path}: {why}"))
    print(f"Analysed again: {len(done.walks)}. Kept as they were: {len(done.kept)}.")
    return 1 if done.kept and not done.walks else 0


def _delete(args: argparse.Namespace, store: HistoryStore) -> int:
    from dashboards.history import deletion
    from recordings.errors import UsageError

    if args.what == EVERYTHING:
        files = deletion.everything(store)
        if not files:
            print("Nothing is kept: there is nothing to delete.")
            return 0
        print("This deletes, for everybody on this computer:")
        _print_paths(files)
        _confirm(args, "delete everything")
        return _told(deletion.delete_everything(store))
    person = _person(args, store)
    if args.what == "person":
        if args.person is None:
            raise UsageError("Whose walks?", hint="Add --person NAME.")
        print(f"This deletes all walks and answers of {_short(person)}.")
        _confirm(args, "delete person")
        return _told(deletion.delete_person(store, person))
    if not args.what.isdecimal():
        raise UsageError(
            f"{_short(args.what)} is nothing that can be deleted.",
            hint="Give the number of a walk, person or everything.",
        )
    walk = _numbered(store.walks(person), int(args.what))
    print(f"This forgets the walk {_short(walk.name)} of {walk.day}.")
    _confirm(args, f"delete {args.what}")
    return _told(deletion.delete_walk(store, walk))


def _told(deleted: Deleted) -> int:
    print("Deleted, also what was kept in the history:" if deleted.gone else "Deleted.")
    _print_paths(deleted.gone)
    if deleted.stays:
        print("Recordings stay until you delete them yourself:")
        _print_paths(deleted.stays)
    if deleted.unknown:
        print("The history could not be read: notes beside recordings (.about.json) may be left.")
    print("Reports that were written stay where you put them.")
    return 0


def _print_paths(paths: tuple[Path, ...]) -> None:
    from dashboards.terminal import Terminal

    terminal = Terminal.of(sys.stdout)
    for path in paths:
        print(terminal.spell(f"  {path}"))


def _confirm(args: argparse.Namespace, words: str) -> None:
    from recordings.errors import UsageError

    if args.yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("Nobody is there to confirm.", hint="Add --yes.")
    try:
        typed = input(f"Type “{words}” to go on: ")
    except EOFError:
        typed = ""
    if " ".join(typed.split()).lower() != words:
        raise UsageError("Nothing was deleted.", hint=f"It needs the words “{words}”.")


def _person(args: argparse.Namespace, store: HistoryStore) -> str:
    """Whose walks: the one named, or the only one there is."""
    from dashboards.people import plain_name
    from recordings.errors import UsageError

    people = store.people()
    if args.person is not None:
        name = plain_name(args.person)
        if name not in people:
            raise UsageError(
                f"Nothing is kept of {_short(name)}.",
                hint=f"Known are: {', '.join(map(_short, people)) or 'nobody'}.",
                reason="unknown_person",
            )
        return name
    if len(people) != 1:
        raise UsageError(
            "Whose walks?" if people else "Nothing is kept yet.",
            hint=f"Say it with --person: {', '.join(map(_short, people))}."
            if people
            else "Keep a walk: hipgait history add SESSION.",
            reason="unknown_person",
        )
    return next(iter(people))


def _numbered(walks: tuple[SavedWalk, ...], number: int) -> SavedWalk:
    from recordings.errors import UsageError

    if not 1 <= number <= len(walks):
        raise UsageError(
            f"There is no walk {number}.", hint=f"Their numbers are 1 to {len(walks)}."
        )
    return walks[number - 1]


def _short(name: str) -> str:
    from dashboards.history.wording import short_name

    return short_name(name)


def _date(text: str) -> datetime:
    from datetime import datetime

    from recordings.errors import UsageError

    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"“{_short(text)}” is not a date.", hint="Write it as 2026-11-20 or 2026-11-20T09:30."
        ) from error


def _pain(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 10:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 10")
    return value
