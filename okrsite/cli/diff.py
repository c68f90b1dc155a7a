"""okrsite diff: what a change does to the goals, and to every number above them."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from okrsite.cli.common import (
    FINDINGS,
    Day,
    as_of_option,
    content_option,
    day_of,
    fail,
    project,
    write_report,
)
from okrsite.edit.files import EditError
from okrsite.hosts.heap import long_lived
from okrsite.hosts.named import Spot, named_here
from okrsite.hosts.ranges import commits_of, default_branch
from okrsite.hosts.recorded import Stand, way_between
from okrsite.hosts.sides import Side, SidesError, commit_and_work_tree, two_commits, two_folders
from okrsite.okr.changes.between import SETTINGS
from okrsite.okr.changes.change import RULES, SILENT
from okrsite.okr.changes.declared import Unread
from okrsite.okr.changes.policies import publishing_changes
from okrsite.okr.finding import Severity
from okrsite.okr.git import GitError, find_repository
from okrsite.okr.harmless import encodable
from okrsite.okr.pipeline import book_of, read_all
from okrsite.okr.similar import did_you_mean
from okrsite.okr.snapshot.compared import compare
from okrsite.reports.diff.document import as_json
from okrsite.reports.diff.markdown import as_markdown
from okrsite.reports.diff.report import DiffReport, End, Found, report, report_of
from okrsite.reports.diff.text import as_text

FORMATS = ("text", "markdown", "json", "html")
WEIGHTS = ("error", "warning")
WHOLE = "[BASE...HEAD | BASE..HEAD | BASE | DIR DIR | SNAPSHOT [SNAPSHOT] | PERIOD PERIOD]"


@dataclass(frozen=True, slots=True)
class Options:
    """What was typed."""

    between: tuple[str, ...]
    form: str
    output: Path | None
    fail_on: tuple[str, ...]
    accept: tuple[str, ...]
    accept_file: Path | None
    content: Path | None
    as_of: datetime | None
    base_as_of: datetime | None


def _named_rules(_ctx: click.Context, _param: click.Parameter, names: tuple[str, ...]) -> object:
    for name in names:
        if name not in RULES and name not in WEIGHTS:
            hint = did_you_mean(name, (*RULES, *WEIGHTS))
            raise click.BadParameter(f"`{name}` is no rule, nor error or warning. {hint}".strip())
    return names


@click.command("diff")
@click.argument("between", nargs=-1, metavar=WHOLE)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="The form of the report; markdown is for a comment, html for a file of its own.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the report to this file.")
@click.option(
    "--fail-on",
    multiple=True,
    metavar="error|warning|RULE",
    callback=_named_rules,
    help="Exit with 1 on a change of this weight or rule that is not accepted; repeatable.",
)
@click.option(
    "--accept",
    multiple=True,
    metavar="FINGERPRINT",
    help="Accept the change with this fingerprint; repeatable.",
)
@click.option(
    "--accept-file",
    type=click.Path(path_type=Path),
    help="Accept the changes of this file: a fingerprint a line, and why.",
)
@content_option
@as_of_option
@click.option(
    "--base-as-of",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="Compute the base for this day, so that time is a cause too. Default: the same day.",
)
def command(**typed: object) -> None:
    """Tell what a change does to the goals, and to every number above them.

    BASE...HEAD compares HEAD with where it left BASE, BASE..HEAD the two themselves, BASE alone
    the files here with where this branch left BASE, and two folders each other. With nothing
    named BASE is the branch that changes are merged into.

    A snapshot such as 2026-q2/committed is compared with another one, or alone with the files
    here; a period stands for its closed snapshot, else its newest. That needs no git.

    Exit code 0: compared. 1: a change that --fail-on names. 2: could not compare.
    """
    options = Options(**typed)  # type: ignore[arg-type]  # click gives what is declared above
    accepted = dict(_accepted(options))
    with long_lived():
        spots = _spots(options)
        found = (
            _of_records(options, spots, accepted)
            if spots
            else _report(options, _sides(options), accepted)
        )
        text = _writers()[options.form](found)
    _write(options.output, encodable(text))
    for mark in accepted.keys() - {told.fingerprint for told in found.changes}:
        click.echo(f"okrsite: nothing here has the fingerprint {mark}", err=True)
    if found.unread:
        fail("could not compare everything, see the report")
    sys.exit(FINDINGS if any(_fails(options.fail_on, found)) else 0)


def _spots(options: Options) -> tuple[Spot, ...]:
    """The snapshots that are named, if any are."""
    try:
        return named_here(options.between, options.content)
    except SidesError as error:
        fail(f"could not compare: {error}")


def _of_records(
    options: Options, spots: tuple[Spot, ...], accepted: Mapping[str, str]
) -> DiffReport:
    if options.base_as_of or (options.as_of and len(spots) == 2):
        fail("could not compare: a snapshot has its own day; leave out --as-of and --base-as-of")
    day = date.min if len(spots) == 2 else day_of(project(options.content), options.as_of)
    try:
        way = way_between(spots, options.content, day)
    except SidesError as error:
        fail(f"could not compare: {error}")
    head = way.head
    found = compare(way.base.record, head.record, way.step, head.unread, head.written)
    shown = Found(found.base, found.head, found.changes, found.causes)
    ends, apart = (_end(way.base), _end(way.head)), found.pair.is_of_two
    return report_of(shown, ends, accepted, about=way.about, apart=apart)


def _end(stand: Stand) -> End:
    return End(stand.name, stand.record.commit, stand.record.as_of)


def _sides(options: Options) -> tuple[Side, Side]:
    try:
        return _open(options)
    except (SidesError, GitError) as error:
        fail(f"could not compare: {error}")


def _open(options: Options) -> tuple[Side, Side]:
    named = options.between
    if len(named) > 2:
        raise SidesError("name one range, or two folders")
    if len(named) == 2:
        return _folders(*named)
    repo = find_repository(Path())
    if repo is None:
        raise SidesError("this folder is in no git repository; name two folders to compare")
    base, head = commits_of(repo, named[0] if named else default_branch(repo))
    if head is None:
        return commit_and_work_tree(repo, base, options.content)
    return two_commits(repo, base, head, options.content)


def _folders(one: str, two: str) -> tuple[Side, Side]:
    if not Path(one).is_dir() and not Path(two).is_dir():
        raise SidesError(f"there are no folders {one} and {two}; for commits write `{one}...{two}`")
    return two_folders(Path(one), Path(two))


def _report(options: Options, sides: tuple[Side, Side], accepted: Mapping[str, str]) -> DiffReport:
    base, head = sides
    day = day_of(head.project, options.as_of)
    before = _first_day(options, base, head, day)
    parsed = read_all(head.sources)
    new = book_of(parsed, head.project.settings, day)
    old = book_of(read_all(base.sources, known=parsed), base.project.settings, before)
    ends = (End(base.name, base.commit, before), End(head.name, head.commit, day))
    changed = publishing_changes(base.project.published, head.project.published, SETTINGS)
    return report(old, new, ends, accepted, _unread_settings(base, head), changed)


def _first_day(options: Options, base: Side, head: Side, day: date) -> date:
    """The day of the base: as asked, else its own where the change moves it, else the same."""
    if options.base_as_of:
        return options.base_as_of.date()
    own = base.project.as_of
    moved = not options.as_of and own and head.project.as_of and own != head.project.as_of
    return own if own and moved else day


def _unread_settings(base: Side, head: Side) -> Iterator[Unread]:
    """Options of one side that nobody can follow, so that a default stands in for them."""
    known = {finding.message for finding in base.project.findings}
    both = known & {finding.message for finding in head.project.findings}
    for name, side in (("base", base), ("head", head)):
        for finding in side.project.findings:
            if finding.message not in both:
                yield Unread(name, "settings", finding.path, finding.line, finding.message)


def _writers() -> Mapping[str, Callable[[DiffReport], str]]:
    return {"text": as_text, "markdown": as_markdown, "json": as_json, "html": _as_html}


def _as_html(found: DiffReport) -> str:
    from okrsite.reports.diff.html import as_html  # templates take a while to import

    return as_html(found)


def _write(output: Path | None, text: str) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        write_report(output, text)
    except (EditError, OSError) as error:
        fail(str(error))


def _fails(fail_on: tuple[str, ...], found: DiffReport) -> Iterator[bool]:
    weights = {Severity.ERROR: ("error", "warning"), Severity.WARNING: ("warning",)}
    for told in found.changes:
        rule = told.change.rule.id
        names = (rule, rule.removesuffix(SILENT), *weights.get(told.change.severity, ()))
        yield told.accepted is None and any(name in fail_on for name in names)


def _accepted(options: Options) -> Iterator[tuple[str, str]]:
    """Every accepted fingerprint, with the reason where there is one."""
    if options.accept_file is not None:
        try:
            lines = options.accept_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            fail(f"{options.accept_file}: {error}")
        for line in lines:
            mark, _, why = line.strip().partition(" ")
            if mark and not mark.startswith("#"):
                yield mark.lower(), why.strip(" #")
    yield from ((mark.lower(), "") for mark in options.accept)
