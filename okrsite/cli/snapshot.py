"""okrsite snapshot: what was promised and what came of it, recorded, proved and listed."""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from shlex import quote

import click

from okrsite.cli.common import (
    COULD_NOT_READ,
    FINDINGS,
    as_of_option,
    content_option,
    day_of,
    fail,
    project,
)
from okrsite.edit.files import EditError
from okrsite.hosts.day import today
from okrsite.hosts.heap import seldom_searched
from okrsite.hosts.project import home_of
from okrsite.hosts.proving import bench_in, verdict_of
from okrsite.hosts.recording import Desk, Published, aside, desk_in, named, publish
from okrsite.hosts.shelf import owed, shelf_here, strays, waiting_here
from okrsite.okr.harmless import shown
from okrsite.okr.pipeline import read_all
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.chain import Link
from okrsite.okr.snapshot.deriving import read_at
from okrsite.okr.snapshot.due import NotNowError
from okrsite.okr.snapshot.meant import missing
from okrsite.okr.snapshot.names import Kind, Name, SnapshotError
from okrsite.okr.snapshot.verdict import State, state_of, worst
from okrsite.okr.sources import Sources, SourcesError, read_folder
from okrsite.reports.snapshots import (
    Row,
    listed_as_json,
    listed_as_text,
    proved_as_json,
    proved_as_text,
    published_as_text,
    waiting_lines,
)

form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Lines to read, or the same facts as JSON.",
)


@click.group("snapshot")
def command() -> None:
    """Record what was promised and what came of it, and prove that no record was altered.

    A record lies in the folder of content, below snapshots/, and is published with the portal.
    """


@command.command("publish")
@click.argument("period", required=False)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    help="What was promised, how it stands on a day, or what came of it.",
)
@click.option("--due", "all_due", is_flag=True, help="Every record that is due and not there.")
@click.option("--allow-open", is_flag=True, help="Record key results nobody closed as no data.")
@click.option("--allow-unproved", is_flag=True, help="Follow a record that cannot be proved here.")
@content_option
@as_of_option
def publish_(  # noqa: PLR0913, PLR0917 - one argument for each option
    period: str | None,
    kind: str | None,
    all_due: bool,
    allow_open: bool,
    allow_unproved: bool,
    content: Path | None,
    as_of: datetime | None,
) -> None:
    """Write the record of PERIOD, made from the commit that is checked out.

    A record is never written again, so it is refused while anything is not committed, while an
    error stands in a goal of the period, and while a key result of a closed one has no closing
    check-in.
    """
    if (period is None) is not all_due or (kind is None) is not all_due:
        fail("name a PERIOD and its --kind, or say --due for every record that is due")
    place = project(content)
    day = day_of(place, as_of)
    make = partial(publish, allow_open=allow_open, allow_unproved=allow_unproved)
    try:
        home, latest = home_of(Path()), place.as_of or today()
        with seldom_searched(), desk_in(home, content, day, latest) as desk:
            if all_due:
                refused = _publish_due(desk, make)
            else:
                _say(desk, [make(desk, named(desk, str(period), Kind(str(kind))))])
                refused = False
    except SnapshotError as error:
        fail(str(error))
    if refused:
        sys.exit(COULD_NOT_READ)


def _publish_due(desk: Desk, make: Callable[[Desk, Name], Published]) -> bool:
    """Publish what is due; whether one was refused. One that waits does not keep back another.

    What nobody can make now is told and no reason to stop: a workflow would stop at it for ever.
    """
    names = owed(desk.shelf, desk.ground.parsed, desk.today)
    made, refused = list[Published](), False
    for name in names:
        try:
            made.append(make(desk, name))
        except NotNowError as error:
            click.echo(f"okrsite: {name} is left out: {shown(str(error))}", err=True)
        except SnapshotError as error:
            refused = True
            click.echo(f"okrsite: {name}: {shown(str(error))}", err=True)
    if not names:
        click.echo("No record is due.")
    for line in waiting_lines(waiting_here(desk.shelf, desk.ground.parsed, desk.today)):
        click.echo(shown(line))
    _say(desk, made)
    return refused


def _say(desk: Desk, made: list[Published]) -> None:
    for one in made:
        click.echo(shown(published_as_text(one.record, one.folder.as_posix(), one.sha256)))
    if made:
        folder = made[0].folder.parents[1].as_posix()
        names = " and ".join(str(one.record.name) for one in made)
        click.echo(shown(f'Next: git add {quote(folder)} && git commit -m "Record {names}"'))
    if made and (target := aside(desk)):
        words = f"This commit is not on {target} yet. Bring it there with a merge commit:"
        lost = "squashed or rebased it is another one, and nobody could verify the record"
        click.echo(shown(f"okrsite: {words} {lost}."), err=True)


@command.command("verify")
@click.argument("which", metavar="[PERIOD|SNAPSHOT]", required=False)
@click.option("--all", "everything", is_flag=True, help="Every snapshot: the default.")
@form_option
@content_option
def verify(which: str | None, everything: bool, form: str, content: Path | None) -> None:
    """Prove that snapshots are what was published, without asking anybody else.

    Every hash and the chain of manifests are checked, and every file is derived again from the
    commit it was made from. SNAPSHOT is called as `2026-q2/closed`. The exit code is 1 where
    something differs, or lies there that is no snapshot, and 2 where something could not be
    verified.
    """
    if which and everything:
        fail("name one PERIOD or SNAPSHOT, or say --all")
    try:
        bench = bench_in(home_of(Path()), content)
        names = [name for name in bench.shelf.names if which in (None, name.period, str(name))]
        if which and not names:
            fail(missing(which, tuple(map(str, bench.shelf.names))))
        with seldom_searched():
            verdicts = [verdict_of(bench, name) for name in names]
        found = strays(bench.shelf, which)
    except SnapshotError as error:
        fail(str(error))
    if form == "json":
        click.echo(proved_as_json(verdicts, bench.unknown, found))
    else:
        click.echo(shown(proved_as_text(verdicts, bench.unknown)))
        for stray in found:
            click.echo(shown(f"{stray.path}: {stray.message}"), err=True)
    told = worst(verdicts) if verdicts else state_of(bench.unknown)
    sys.exit(_CODES[State.DIFFERS if found else told])


_CODES = {State.PROVED: 0, State.DIFFERS: FINDINGS, State.UNKNOWN: COULD_NOT_READ}


@command.command("list")
@form_option
@content_option
@as_of_option
def list_(form: str, content: Path | None, as_of: datetime | None) -> None:
    """Tell which records there are, in the order of publishing, are gone, are due, or wait."""
    place = project(content)
    try:
        parsed = read_all(_periods(read_folder(place.content)))
        shelf = shelf_here(place.content)
    except (SourcesError, EditError) as error:
        fail(str(error))
    rows = [_row(shelf.sources, link) for link in shelf.chain.links]
    gone = {name: shelf.lost(name) for name in shelf.gone}
    day = day_of(place, as_of)
    told = rows, gone, owed(shelf, parsed, day), waiting_here(shelf, parsed, day)
    if form == "json":
        click.echo(listed_as_json(*told))
        return
    click.echo(shown(listed_as_text(*told)))
    for fault in shelf.chain.faults:
        click.echo(shown(f"{fault.path}: {fault.message}"), err=True)


def _periods(sources: Sources) -> Sources:
    return {path: raw for path, raw in sources.items() if kind_of(path) == "periods"}


def _row(sources: Sources, link: Link) -> Row:
    try:
        record = read_at(sources, link.manifest.name, lazily=True)
        return Row(link, record, company=record.company)
    except SnapshotError as error:
        return Row(link, None, str(error))
