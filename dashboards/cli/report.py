"""``hipgait report``: the page to read, to print and to take to a physiotherapist."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dashboards.people import answers_of, with_facts

if TYPE_CHECKING:
    from dashboards.history.looking_back import Known
    from dashboards.report.content import Report
    from recordings.profile import Profile
    from recordings.session import Session

SUFFIXES = {"html": ".html", "md": ".md", "csv": ".csv"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", metavar="SESSION", type=Path, help="session folder, its .zip, or CSV files"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="where to write (SESSION_report.html)"
    )
    parser.add_argument(
        "--format",
        choices=tuple(SUFFIXES),
        help="a page (html), text (md) or the numbers alone (csv); taken from FILE if not given",
    )
    parser.add_argument(
        "--pdf", action="store_true", help="print it to a PDF too, with a browser that is installed"
    )
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    parser.add_argument("--force", action="store_true", help="replace a report that is there")
    parser.add_argument(
        "--person", metavar="NAME", help="who walked, if several people use this computer"
    )
    parser.add_argument(
        "--profile",
        metavar="FILE",
        type=Path,
        help="answers of the wearer (that of `hipgait profile`, if there is one)",
    )
    parser.add_argument("--no-profile", action="store_true", help="leave the wearer's answers out")
    parser.add_argument(
        "--mapping",
        metavar="FILE",
        type=Path,
        help="which columns of a foreign CSV mean what, if the guess is wrong",
    )


def run(args: argparse.Namespace) -> int:
    from dashboards.history.looking_back import known_of
    from dashboards.view_models.side_file import with_edits
    from recordings.errors import UsageError
    from recordings.reading import read_session

    form = args.format or _form_of(args.output)
    if args.pdf and form != "html":
        raise UsageError("Only the page can be printed.", hint="Leave --format out, or use html.")
    session = with_edits(read_session(args.path, mapping=args.mapping), args.path)
    known = known_of(session.metadata, args.path, args.person)
    if known.problem:
        print(f"Without earlier walks: {known.problem}", file=sys.stderr)
    profile = _profile(args, session, known.about.person)
    session = with_facts(session, profile)
    output = args.output or Path(f"{_stem(args.path)}_report{SUFFIXES[form]}")
    pdf = output.with_suffix(".pdf") if args.pdf else None
    for file in filter(None, (output, pdf)):
        _refuse_to_replace(file, args.force)
    text = _text(session, profile, form, known, args.path)
    _write(output, text)
    print(f"The report is in {output}")
    if pdf is not None:
        from dashboards.report.pdf import print_pdf

        print_pdf(output, pdf)
        print(f"The PDF is in {pdf}")
    if args.open:
        import webbrowser

        webbrowser.open(output.resolve().as_uri())
    return 0


def _form_of(output: Path | None) -> str:
    suffix = "" if output is None else output.suffix.lower()
    return next((form for form, ending in SUFFIXES.items() if ending == suffix), "html")


def _stem(path: Path) -> str:
    name = path.resolve().name
    return name[:-4] if name.lower().endswith(".zip") else name


def _profile(args: argparse.Namespace, session: Session, person: str) -> Profile | None:
    """The answers to go by: those given, else those of whoever walked."""
    from recordings.profile import read_profile

    if args.no_profile:
        return None
    return read_profile(args.profile) if args.profile else answers_of(session.metadata, person)


def _text(session: Session, profile: Profile | None, form: str, known: Known, path: Path) -> str:
    from dashboards.history.adding import Analysed
    from dashboards.history.looking_back import look_back
    from dashboards.report.content import gather
    from dashboards.report.over_time import over_time
    from dashboards.terminal import ProgressLine
    from dashboards.wording import duration
    from pipeline.analysis import analyze
    from pipeline.patterns.assessment import assess

    with ProgressLine("Analysed") as progress:
        results = analyze(session, progress=lambda done_s: progress.show(duration(done_s)))
    if form == "csv":
        from dashboards.writers.measures_csv import measures_csv
        from pipeline.day.watch import analyze_day

        return measures_csv(results, analyze_day(session)).decode()
    walk = Analysed(results, session.metadata, session.events, path)
    past = look_back(walk, known, profile)
    board = assess(results, profile, past.history)
    return _laid_out(gather(results, board, session.metadata, over_time(past.walks)), form)


def _laid_out(report: Report, form: str) -> str:
    if form == "md":
        from dashboards.report.markdown import markdown_page

        return markdown_page(report)
    from dashboards.report.page import html_page

    return html_page(report)


def _refuse_to_replace(file: Path, force: bool) -> None:
    from recordings.errors import OutputError

    if file.exists() and not force:
        raise OutputError(
            f"{file} is there already.",
            hint="Give another name with -o, or --force to replace it.",
            reason="would_overwrite",
        )


def _write(file: Path, text: str) -> None:
    from dashboards.report.private_file import write_privately
    from recordings.errors import OutputError

    try:
        write_privately(file, text.encode(errors="replace"))
    except OSError as error:
        raise OutputError(
            f"The report cannot be written to {file}: {error.strerror or error}.",
            hint="Check that you may write there and that the disk has room.",
            reason="output_not_writable",
        ) from error
