"""okrsite check: every finding, for people, forges and editors."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from okrsite.cli.checking import (
    Checkout,
    Looked,
    base_of,
    checkout,
    difference,
    look,
    mended,
    names_in,
    never_there,
    with_missed,
)
from okrsite.cli.common import (
    COULD_NOT_READ,
    FINDINGS,
    as_of_option,
    content_option,
    day_of,
    fail,
    project,
    write_report,
)
from okrsite.edit.files import EditError, alone_in, replace
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.git import GitError
from okrsite.okr.harmless import shown
from okrsite.okr.pipeline import Book
from okrsite.okr.sources import Sources, SourcesError, read_folder, read_meant
from okrsite.reports.findings.document import as_json
from okrsite.reports.findings.entries import Report, clean_words, entries, verdict
from okrsite.reports.findings.github import as_github
from okrsite.reports.findings.gitlab import as_gitlab
from okrsite.reports.findings.junit import as_junit
from okrsite.reports.findings.rdjson import as_rdjson
from okrsite.reports.findings.sarif import as_sarif
from okrsite.reports.findings.scope import asked
from okrsite.reports.findings.summary import LIMIT, as_summary
from okrsite.reports.findings.text import as_text, one_line

MACHINES: Mapping[str, Callable[[Report], str]] = {
    "json": as_json,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
    "rdjson": as_rdjson,
    "junit": as_junit,
}
FORMATS = ("text", "json", "github", "gitlab", "sarif", "rdjson", "junit")
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    paths: tuple[str, ...]
    form: str
    output: Path | None
    base: str | None
    fix: bool
    dry_run: bool
    stdin_path: str | None
    least: str
    strict: bool
    summary: Path | None
    content: Path | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run: which files were asked for (None is all), on which day, against what."""

    options: Options
    here: Checkout
    names: tuple[str, ...] | None
    day: date
    base: Book | None

    def look(self, sources: Sources) -> Looked:
        return look(self.here, sources, self.day, self.base)

    def asked(self, looked: Looked) -> tuple[Finding, ...]:
        return asked(looked.findings, self.names, Severity(self.options.least))


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True), metavar="[PATHS… | -]")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="For whom the report is.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@click.option("--base", metavar="REF", help="Tell also what changed since REF that may not.")
@click.option("--fix", is_flag=True, help="Mend what has one right answer.")
@click.option("--dry-run", is_flag=True, help="With --fix: print what it would change as a patch.")
@click.option("--stdin-path", metavar="PATH", help="With -: the file that the text stands for.")
@click.option(
    "--severity",
    "least",
    type=click.Choice(("info", "warning", "error")),
    default="info",
    show_default=True,
    help="The least weight that is told, and counts.",
)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option(
    "--summary",
    type=click.Path(path_type=Path),
    help="Write all findings as a Markdown table too. Default for github: the job's summary.",
)
@content_option
@as_of_option
def command(**typed: Any) -> None:
    """Tell all findings: what is wrong, where, and what to write instead.

    The whole folder is read. With PATHS only the findings in those files and folders are told;
    paths that are no goals are ignored. With - the text of one file is read from the standard
    input.

    The exit code is 1 when there are errors, with --strict when there are warnings; 2 when
    something could not be read, or not be compared with --base.
    """
    options = Options(**typed)
    _check_options(options)
    here = checkout(project(options.content))
    day = day_of(here.place, options.as_of)
    sources, names = _read(here, options)
    run = Run(options, here, names, day, _base(here, options, day))
    if options.fix:
        sources = _mend(run, sources)
    looked = with_missed(here, run.look(sources))
    report = _report(run, looked, sources)
    if not options.dry_run:
        _tell(report, options)
    for path, why in looked.uncompared:
        click.echo(f"okrsite: could not compare {here.home().path(path)}: {why}", err=True)
    if looked.uncompared:
        sys.exit(COULD_NOT_READ)
    if report.failed:
        sys.exit(FINDINGS)


def _check_options(options: Options) -> None:
    """Refuse what makes no sense together."""
    is_piped = STDIN in options.paths
    if is_piped != (options.stdin_path is not None):
        raise click.UsageError("- and --stdin-path PATH belong together.")
    if options.dry_run and not options.fix:
        raise click.UsageError("--dry-run belongs to --fix.")
    if is_piped and options.fix and not options.dry_run:
        raise click.UsageError("--fix cannot write to the standard input; add --dry-run.")


def _read(here: Checkout, options: Options) -> tuple[Sources, tuple[str, ...] | None]:
    """All texts, and the names of the files that were asked for; None is all of them."""
    try:
        content = here.place.content
        sources = {**read_folder(content), **read_meant(content)}
    except SourcesError as error:
        fail(str(error))
    if not options.paths:
        return sources, None
    named = tuple(path for path in options.paths if path != STDIN)
    for path in never_there(here, named, options.base):
        fail(f"there is no file {path}")
    names = names_in(here, named)
    if options.stdin_path is not None:
        below = str(here.place.content / options.stdin_path)
        piped = names_in(here, (options.stdin_path,)) or names_in(here, (below,))
        text = sys.stdin.buffer.read()
        sources = {**sources, **{name: text for name in piped if name.endswith(".md")}}
        names = (*names, *piped)
    if not names:
        click.echo("okrsite: none of the named files lies in the folder of goals", err=True)
    return dict(sorted(sources.items())), names


def _base(here: Checkout, options: Options, day: date) -> Book | None:
    try:
        ref = options.base
        return base_of(here, ref, day, options.content) if ref is not None else None
    except GitError as error:
        fail(f"could not compare: {error}")


def _mend(run: Run, sources: Sources) -> Sources:
    """Write the files without what has one right answer, or print how they would change."""
    new, done = mended(sources, lambda now: run.asked(run.look(now)))
    if run.options.dry_run:
        patch = difference(sources, new, run.here.home())
        _print(shown(patch) if sys.stdout.isatty() else patch)
        return sources
    try:
        with alone_in(run.here.place.content):
            for path in (path for path in new if new[path] != sources[path]):
                file = run.here.place.content / path
                if file.read_bytes() != sources[path]:
                    fail(f"{file} was changed by somebody else just now; try again")
                replace(file, new[path])
    except (EditError, OSError) as error:
        fail(str(error))
    for entry in entries(done, sources, run.here.home()):
        click.echo(f"mended {one_line(entry)}", err=True)
    return new


def _report(run: Run, looked: Looked, sources: Sources) -> Report:
    clean = clean_words(looked.book, None if run.names is None else len(run.names))
    clean += "; not everything could be compared" if looked.uncompared else ""
    texts = {**sources, **run.here.configuration()}
    found = entries(run.asked(looked), texts, run.here.home())
    return Report(found, clean, looked.book.as_of, run.options.strict)


def _tell(report: Report, options: Options) -> None:
    """The summary, the report, and what a person reads where the report went to a file."""
    try:
        told_at = _summarise(report, options)
        text = _formatted(report, options, told_at)
        if options.output:
            write_report(options.output, text)
    except (EditError, OSError) as error:
        fail(str(error))
    if options.output is None:
        _print(text)
    else:
        _print(verdict(report) + "\n" if options.form == "text" else as_text(report, _colour()))


def _formatted(report: Report, options: Options, has_summary: bool) -> str:
    if options.form == "github":
        return as_github(report, has_summary)
    if options.form == "text":
        return as_text(report, _colour() and options.output is None)
    return MACHINES[options.form](report)


def _summarise(report: Report, options: Options) -> bool:
    """Write the summary where one is wanted; a job's own is added to, as the forge asks."""
    job = os.environ.get("GITHUB_STEP_SUMMARY")
    if options.summary:
        write_report(options.summary, as_summary(report))
    elif options.form == "github" and job:
        with Path(job).open("ab") as file:
            file.write(as_summary(report, LIMIT - file.tell()).encode("utf-8", "replace"))
    else:
        return False
    return True


def _print(text: str) -> None:
    click.echo(text if sys.stdout.isatty() else text.encode("utf-8", "replace"), nl=False)


def _colour() -> bool:
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
