"""okrsite site: the live portal and one archive a quarter, published side by side."""

import logging
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from okrsite.cli.common import COULD_NOT_READ, FINDINGS, fail, project
from okrsite.hosts.day import today
from okrsite.hosts.project import Project
from okrsite.hosts.versions.archiving import Quarter, publish_archive
from okrsite.hosts.versions.before import Meant
from okrsite.hosts.versions.branch import Branch, checked_out, remotes
from okrsite.hosts.versions.listing import LIVE, Version
from okrsite.hosts.versions.problems import VersionError, VersionExistsError
from okrsite.hosts.versions.proven import refuse_altered, refuse_unproved
from okrsite.hosts.versions.publishing import Published, publish_live, versions_on
from okrsite.hosts.versions.putting import NO_ARCHIVE
from okrsite.hosts.versions.record import (
    CLOSED,
    Record,
    closed_records,
    has_period,
    read_record,
    what_else,
)
from okrsite.okr.git import GitError, find_repository
from okrsite.okr.harmless import shown
from okrsite.portal.words import count

F = TypeVar("F", bound=Callable[..., None])


@click.group("site")
def command() -> None:
    """Publish the live portal, and beside it the portal as it stood at the end of each quarter.

    Each is a folder on one branch, with versions.json for the selector in the portal's header.
    """


def _branch_options(pushed: bool) -> Callable[[F], F]:
    def added(function: F) -> F:
        options = [
            click.option(
                "--branch", default="gh-pages", show_default=True, help="The branch to publish on."
            ),
            click.option(
                "--remote", default="origin", show_default=True, help="Where that branch is pushed."
            ),
        ]
        if pushed:
            options.append(
                click.option(
                    "--push", is_flag=True, help="Begin from the remote's branch, and push to it."
                )
            )
        for option in options:
            function = option(function)
        return function

    return added


@command.command("publish")
@_branch_options(pushed=True)
@click.option(
    "--strict/--no-strict",
    default=None,
    help="Whether a warning stops it. Default: strict of mkdocs.yml.",
)
@click.option(
    "--replace-site", is_flag=True, help="Take the place of a site that is not okrsite's."
)
@click.option(
    "--replace-newer", is_flag=True, help="Go back: what is live was made from a newer commit."
)
def publish(
    branch: str,
    remote: str,
    push: bool,
    strict: bool | None,
    replace_site: bool,
    replace_newer: bool,
) -> None:
    """Build the portal and put it in the place of the live one, below latest/."""
    place = project(None)
    target = _target(place, branch, remote, push=push)
    with _told(), _orderly():
        refuse_altered(_config(place).parent, history=place.history)
        done = publish_live(_config(place), target, strict, Meant(replace_site, replace_newer))
    _say(LIVE, target, done.commit, done.changed)
    for words in _doubts(place, target, done):
        click.echo(f"warning: {words}", err=True)


@command.command("archive")
@click.argument("period", required=False)
@click.option("--due", is_flag=True, help="Every closed quarter that has a record and no archive.")
@click.option(
    "--todays-config",
    is_flag=True,
    help="Build with the mkdocs.yml of today, where that of its commit does not build any more.",
)
@_branch_options(pushed=True)
def archive(
    period: str | None, due: bool, todays_config: bool, branch: str, remote: str, push: bool
) -> None:
    """Publish the portal as it stood when the record of PERIOD was made, for ever.

    The record is snapshots/PERIOD/closed: its commit is built as on its day. What is published
    once is never replaced.
    """
    if (period is None) is not due:
        fail("name a PERIOD, or say --due for every one that has no archive yet")
    if due and todays_config:
        fail("--todays-config is for one PERIOD")
    place = project(None)
    target = _target(place, branch, remote, push=push)
    with _told(), _orderly():
        if period:
            _archive(place, target, _record(place, period), todays=todays_config)
        else:
            _archive_due(place, target)


def _record(place: Project, period: str) -> Record:
    try:
        return read_record(place.content, f"{period}/{CLOSED}")
    except VersionError as error:
        raise VersionError(what_else(place.content, period) or str(error)) from error


def _archive(place: Project, target: Branch, record: Record, *, todays: bool = False) -> None:
    if record.period == LIVE:
        raise VersionError(NO_ARCHIVE)
    refuse_unproved(target.repo, _config(place).parent, place.content, record)
    quarter = Quarter(record.period, record.commit, record.as_of, record=record, todays=todays)
    done = publish_archive(_config(place), target, quarter)
    _say(record.period, target, done.commit)
    if done.how:
        click.echo(shown(f"{record.period} was built {done.how}"))


def _archive_due(place: Project, target: Branch) -> None:
    due = _without_archive(versions_on(target), closed_records(place.content))
    refused = False
    for record in due:
        try:
            _archive(place, target, record)
        except VersionExistsError:  # somebody else did, meanwhile
            click.echo(f"{record.period} is published already.")
        except VersionError as error:  # one that cannot be made does not keep back another
            refused = refused or record.period != LIVE  # about which nobody can do anything now
            click.echo(f"okrsite: {shown(str(error))}", err=True)
    if refused:
        sys.exit(COULD_NOT_READ)
    if not due:
        click.echo("Every closed quarter that has a record has its archive.")


def _without_archive(versions: Iterable[Version], records: Iterable[Record]) -> list[Record]:
    there = {version.name for version in versions if version.ours} - {LIVE}
    return [record for record in records if record.period not in there]


@command.command("list")
@_branch_options(pushed=False)
def list_(branch: str, remote: str) -> None:
    """Tell which versions are published, and whether each archive goes with its record.

    The exit code is 1 where one does not.
    """
    place = project(None)
    target = _target(place, branch, remote, push=False)
    with _told():
        versions = versions_on(target)
        records = {record.name: record for record in closed_records(place.content)}
    if not versions:
        click.echo(shown(_nothing(target)))
    rows = [(version, _agreement(version, records)) for version in versions]
    wide = max((len(version.name) for version in versions), default=0)
    for version, (_, words) in rows:
        click.echo(shown(_row(version, words, wide)))
    for record in _without_archive(versions, records.values()):
        hint = NO_ARCHIVE if record.period == LIVE else f"okrsite site archive {record.period}"
        click.echo(shown(f"{record.name} has no archive: {hint}"))
    if not all(agrees for _, (agrees, _) in rows):
        sys.exit(FINDINGS)


def _nothing(target: Branch) -> str:
    known, name = remotes(target.repo), f"refs/heads/{target.name}"
    if target.remote in known:
        to = f"refs/remotes/{target.remote}/{target.name}"
        why = f"`git fetch {target.remote} +{name}:{to}` asks {target.remote}"
    elif known:
        why = f"there is no remote `{target.remote}`; say --remote {' or '.join(known)}"
    else:
        why = "this repository has no remote; `git remote add origin URL` names one to push to"
    return f"Nothing is published on {target.name}, as far as is known here: {why}."


def _row(version: Version, words: str, wide: int) -> str:
    day = f"as of {version.as_of.isoformat()}" if version.as_of else "day unknown"
    commit = f"from {version.source}" if version.commit else ""
    parts = (version.name.ljust(wide), version.title, day, commit, words)
    return "  ".join(filter(None, parts))


def _agreement(version: Version, records: dict[str, Record]) -> tuple[bool, str]:
    """Whether an archive and its record go together, and in words."""
    if version.name == LIVE:
        return True, ""
    if not version.snapshot:
        return True, "made without a record"
    record = records.get(version.snapshot)
    if record is None:
        return False, f"its record {version.snapshot} is not here"
    if record.digest != version.record:
        return False, f"its record {version.snapshot} is not the one it was made with"
    return True, f"goes with {version.snapshot}"


def _target(place: Project, branch: str, remote: str, *, push: bool) -> Branch:
    try:
        repo = find_repository(_config(place).parent)
    except GitError as error:
        fail(str(error))
    if repo is None:
        fail("this is no git repository: versions of the site are kept on a branch")
    return Branch(repo, branch, remote, push)


def _config(place: Project) -> Path:
    if place.config is None:
        fail("there is no mkdocs.yml here or above: `okrsite init` makes one")
    return place.config


def _doubts(place: Project, target: Branch, done: Published) -> Iterator[str]:
    """What one would want to know of what everybody sees now."""
    if has_period(place.content, LIVE):
        yield f"{NO_ARCHIVE}: give it another name before it is closed"
    if done.edited:
        yield "it was published with uncommitted changes"
    here, usual = checked_out(target)
    if usual and here != usual:
        where = (
            f"the branch {here}, not from"
            if here
            else "a commit on no branch, not from the newest of"
        )
        yield shown(f"it was published from {where} {usual}")
    if place.as_of and place.as_of != today():
        yield f"what is called Today is as of {place.as_of}: `as_of` of mkdocs.yml says so"
    if done.left:
        words = f"what was live until now was made from {done.left[:7]}"
        yield f"{words}, and that is no part of the history here"
    if done.errors:
        yield f"it was published with {count(done.errors, 'error')}: `okrsite check` tells which"


def _say(version: str, target: Branch, commit: str, changed: bool = True) -> None:
    where = f"{target.name} ({commit[:7]})"
    if not changed:
        click.echo(shown(f"nothing has changed: {version} is on {where} as before"))
        return
    sent = f"{where}, pushed to {target.remote}" if target.push else f"{where}, not pushed"
    click.echo(shown(f"{version} is on {sent}"))


@contextmanager
def _told() -> Iterator[None]:
    """What MkDocs warns of is printed; what keeps a version from being published ends it."""
    log = logging.getLogger("mkdocs")
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    log.addHandler(handler)
    try:
        yield
    except (VersionError, GitError) as error:
        fail(str(error))
    finally:
        log.removeHandler(handler)


@contextmanager
def _orderly() -> Iterator[None]:
    """Told to stop, it still takes its temporary folders away."""

    def stop(number: int, _: object) -> NoReturn:
        for each in before:  # told again, it would leave half of them
            signal.signal(each, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    known = (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP", "SIGINT"))
    before = {each: signal.getsignal(each) for each in known if each}
    for each, was in before.items():
        if was is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(each, stop)
    try:
        yield
    finally:
        for each, was in before.items():
            signal.signal(each, was)
