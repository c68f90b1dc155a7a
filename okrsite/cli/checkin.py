"""okrsite checkin: this week's numbers, in one command or asked for one by one."""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from os.path import relpath
from pathlib import Path
from shlex import quote
from typing import NoReturn

import click

from okrsite.cli.asking import ask, in_terminal, is_empty, standing
from okrsite.cli.common import COULD_NOT_READ, FINDINGS, content_option, day_of, fail, project
from okrsite.cli.writing import Signed
from okrsite.edit.checking_in.check_in import NewCheckIn, check_in_path, check_in_text, one_line
from okrsite.edit.checking_in.effect import Ground, effect, ground, overruled, remarks, with_file
from okrsite.edit.checking_in.mine import Waiting, home_of, overdue, owns_something, under_way
from okrsite.edit.checking_in.readings import takes
from okrsite.edit.checking_in.said import Typed, understand
from okrsite.edit.checking_in.subjects import KEY_RESULTS, period_of, title
from okrsite.edit.files import EditError, create
from okrsite.edit.proposing.forges import Words
from okrsite.edit.proposing.request import Base, Sent, find_base, on_their_way, send
from okrsite.edit.who import writer
from okrsite.hosts.day import today
from okrsite.hosts.project import Project
from okrsite.okr.finding import Severity
from okrsite.okr.frontmatter import Plain
from okrsite.okr.git import GitError, find_repository
from okrsite.okr.revisions import inside, read_revision
from okrsite.okr.similar import did_you_mean
from okrsite.okr.sources import SourcesError, read_folder
from okrsite.okr.values import to_day
from okrsite.portal.words import NBSP, count
from okrsite.reports.checked_in import effect_text

STOPPED = 130  # what a shell says of a program that Ctrl-C ended


@dataclass(frozen=True, slots=True)
class Desk:
    """What a check-in is written on: the goals, its day, and where the file goes."""

    place: Project
    here: Ground
    day: date
    taken: frozenset[str]
    base: Base | None = None
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A check-in proved right, its file, and what it does in words."""

    new: NewCheckIn
    path: str
    text: str
    told: str


@click.command("checkin", cls=Signed)
@click.argument("words", nargs=-1, metavar="[REF VALUE]...")
@click.option(
    *("-c", "--confidence"), multiple=True, metavar="[REF=]0.6", help="How sure you are, 0 to 1."
)
@click.option("-m", "--message", multiple=True, metavar="TEXT", help="What moved and why.")
@click.option(
    "--status", multiple=True, metavar="[REF=]WORD", help="on-track, at-risk, off-track, dropped."
)
@click.option("--done", multiple=True, metavar="[REF=]ID,ID", help="Milestones that are done.")
@click.option(
    "--blocked", multiple=True, metavar="[REF=]REASON", help="What keeps an initiative waiting."
)
@click.option(
    "--date", "typed_day", metavar="YYYY-MM-DD", help="The day it is true for. Default: today."
)
@click.option("--author", metavar="NAME", help="Who says so. Default: git's user.")
@click.option("--team", metavar="TEAM", help="For which team. Default: the author's own.")
@click.option("--corrects", metavar="CHECK-IN", help="The check-in that was wrong.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--pr", is_flag=True, help="Send it as a request of its own; nothing here changes.")
@content_option
def command(  # noqa: PLR0913, PLR0917 - one argument for each option
    words: tuple[str, ...],
    confidence: tuple[str, ...],
    message: tuple[str, ...],
    status: tuple[str, ...],
    done: tuple[str, ...],
    blocked: tuple[str, ...],
    typed_day: str | None,
    author: str | None,
    team: str | None,
    corrects: str | None,
    dry_run: bool,
    pr: bool,
    content: Path | None,
) -> None:
    """Say where key results, KPIs and initiatives stand.

    REF is a key result (objective/kr, or kr alone where it is the only one of that name), a KPI
    or an initiative. VALUE is what it takes: a number, yes or no, milestones, a state.

    Without any it asks for each of your overdue key results in turn.
    """
    typed = Typed(words, confidence, status, done, blocked, corrects)
    asks = typed == Typed()
    try:
        desk = _desk(project(content), typed_day, pr)
        new = _begin(desk, author, team, "\n\n".join(message))
        new = _answers(desk, new, author) if asks else _understood(desk, typed, new)
        draft = _draft(desk, new)
        _show(desk, draft, shown=dry_run or asks)
        if dry_run:
            click.echo("\nNothing was written: this was a dry run.")
        elif not asks or _agreed(pr):
            _write(desk, draft, told=not asks)
    except (EditError, GitError, SourcesError) as error:
        fail(str(error))


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C ends it here, before anything is written, and says so."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nNothing was written.", err=True)
        sys.exit(STOPPED)


@_stoppable()
def _agreed(pr: bool) -> bool:
    if not click.confirm("\nSend it?" if pr else "\nWrite it?", default=True):
        raise click.Abort
    return True


# --- what it is written on ----------------------------------------------------------------------


def _desk(place: Project, typed_day: str | None, pr: bool) -> Desk:
    """The goals of the folder; for a request those of the branch that it will be merged into."""
    usual = day_of(place, None)
    day = _day(typed_day, max(usual, today())) if typed_day else usual
    base, folder, sources = None, "", None
    if pr:
        base, folder = _base(place)
        sources = read_revision(base.repo, base.commit, folder)
        if not sources:
            raise GitError(f"{base} holds no goals in {folder}/ yet; push them first")
    here = ground(sources or read_folder(place.content), place.settings, max(day, usual))
    taken = base.names if base else on_their_way(place.content)
    return Desk(place, here, day, taken, base, folder)


def _base(place: Project) -> tuple[Base, str]:
    repo = find_repository(place.content)
    if repo is None:
        raise GitError(f"{place.content} lies in no git repository; leave out --pr to write there")
    folder = inside(repo, place.content)
    return find_base(repo), folder


def _day(typed: str, latest: date) -> date:
    try:
        day = to_day(Plain(typed.strip()))
    except ValueError as error:
        said = getattr(error, "context", None) or {}
        words = f"{said.get('message', error)}. {said.get('hint', '')}"
        raise EditError(f"--date: {words}".strip()) from None
    if day > latest:
        raise EditError(f"--date: {day} has not come yet; a check-in says what happened")
    return day


def _begin(desk: Desk, author: str | None, team: str | None, text: str) -> NewCheckIn:
    """Who speaks, for which team and of which day, and what is said in words."""
    portfolio = desk.here.portfolio
    if team and team not in portfolio.teams:
        raise EditError(f"there is no team `{team}`. {did_you_mean(team, portfolio.teams)}".strip())
    who = one_line(writer(author, desk.place.content, portfolio))
    return NewCheckIn(desk.day, who, team or home_of(portfolio, who), text=text)


def _understood(desk: Desk, typed: Typed, new: NewCheckIn) -> NewCheckIn:
    try:
        new = understand(desk.here.portfolio, desk.here.settings.workflow, typed, new)
    except EditError as error:
        where = f" (as of {desk.base})" if desk.base else ""
        raise EditError(f"nothing was written{where}:\n{error}") from None
    if is_empty(new):
        raise EditError("name what to check in, as in `okrsite checkin REF VALUE`")
    return new


# --- without arguments --------------------------------------------------------------------------


@_stoppable()
def _answers(desk: Desk, new: NewCheckIn, named: str | None) -> NewCheckIn:
    """What the author answers; where nobody can, a list of what waits, and the end."""
    here, who = desk.here, new.author or ""
    waiting = overdue(here.world, here.scorecard, who)
    if not in_terminal():
        _list(here, who, waiting, f" --author {quote(named)}" if named else "")
    work = under_way(here.world, who)
    if not waiting and not work:
        _nothing_waits(here, who)
    click.echo(f"{who}, {_head(waiting) if waiting else 'nothing is overdue'}.")
    click.echo("Enter skips a question; Ctrl-C ends it all, and nothing is written.")
    new = ask(here, waiting, work, new)
    click.echo()
    if is_empty(new):
        click.echo("Nothing was said, so nothing was written.")
        sys.exit(0)
    return new


def _list(here: Ground, who: str, waiting: tuple[Waiting, ...], signed: str) -> NoReturn:
    """What waits, each with the command that says it."""
    if not waiting:
        _nothing_waits(here, who)
    click.echo(f"{who}, {_head(waiting)}:")
    for item in waiting:
        click.echo(f"\n{title(here.portfolio, item.subject)}\n  {standing(here, item)}")
        click.echo(f"  okrsite checkin {item.subject} {_placeholder(here, item)}{signed}")
    sys.exit(FINDINGS)


def _head(waiting: tuple[Waiting, ...]) -> str:
    verb = "waits" if len(waiting) == 1 else "wait"
    return f"{count(len(waiting), 'key result')} {verb} for a check-in".replace(NBSP, " ")


def _placeholder(here: Ground, item: Waiting) -> str:
    kr = here.portfolio.key_results[item.ref]
    if item.subject.kind != KEY_RESULTS or takes(kr).startswith("a number"):
        return "NUMBER"
    return "MILESTONE" if kr.milestones else "YES-OR-NO"


def _nothing_waits(here: Ground, who: str) -> NoReturn:
    if owns_something(here.world, who):
        rhythm = count(here.settings.cadence, "day").replace(NBSP, " ")
        click.echo(f"{who}, nothing of yours is overdue; the rhythm is {rhythm}.")
    else:
        click.echo(f"No running goal belongs to {who}. --author NAME asks for somebody else.")
    sys.exit(0)


# --- the file -----------------------------------------------------------------------------------


def _draft(desk: Desk, new: NewCheckIn) -> Draft:
    """The file and what it does, once our own reader has found no error in it.

    Raises:
        EditError: it would be an error.
    """
    path, text = _path(desk, new, desk.taken), check_in_text(new)
    after = with_file(desk.here, path, text)
    found = remarks(after, path)
    if wrong := [str(one) for one in found if one.severity is Severity.ERROR]:
        raise EditError("\n".join(("nothing was written, since it would be an error:", *wrong)))
    notes = (f"{one.severity}: {one.message}. {one.hint}".strip() for one in found)
    later = (
        f"`{ref}`: {other} was said of that day or later, and goes on counting."
        for ref, other in overruled(after, path, new)
    )
    told = effect_text(effect(desk.here, after, new))
    return Draft(new, path, text, "\n".join((told, *later, *_day_notes(desk), *notes)))


def _path(desk: Desk, new: NewCheckIn, taken: Collection[str]) -> str:
    """Below the folder of the first key result's period, under an id that nobody has."""
    portfolio = desk.here.portfolio
    periods = (period_of(portfolio, ref) for ref in new.key_results)
    running = (p for p in portfolio.periods.values() if p.start <= new.date <= p.end)
    shortest = sorted(running, key=lambda p: (p.end - p.start, p.id))
    period = next(iter((*filter(None, periods), *shortest)), None)
    known = {*portfolio.check_ins, *taken}
    return check_in_path(new.date, new.author, period.id if period else None, known)


def _day_notes(desk: Desk) -> tuple[str, ...]:
    if desk.place.as_of and desk.day == desk.place.as_of:
        return (f"Dated {desk.day}, the day that as_of sets in mkdocs.yml.",)
    return ()


def _show(desk: Desk, draft: Draft, shown: bool) -> None:
    if not shown:
        return
    where = f"{desk.folder}/{draft.path}".lstrip("/") if desk.base else _shown(desk, draft.path)
    click.echo(f"{where}\n\n{draft.text}\n{draft.told}")


def _shown(desk: Desk, path: str) -> str:
    return Path(relpath(desk.place.content / path)).as_posix()


def _write(desk: Desk, draft: Draft, told: bool) -> None:
    sent = _sent(desk, desk.base, draft) if desk.base else None
    if desk.base and sent:
        _tell(desk.base, sent)
    else:
        written = create(desk.place.content / draft.path, draft.text)
        click.echo(f"Written: {Path(relpath(written)).as_posix()}")
    if told:
        click.echo(f"\n{draft.told}")
    if sent and not sent.pushed:
        sys.exit(COULD_NOT_READ)


def _sent(desk: Desk, base: Base, draft: Draft) -> Sent:
    new = draft.new
    about = ", ".join((*new.key_results, *new.kpis, *new.initiatives))
    head = f"Check in {about}" if len(about) <= 60 else f"Check in {about[:59]}…"
    body = "\n\n".join(filter(None, (new.text, f"```text\n{draft.told}\n```")))

    def path_of(taken: Collection[str]) -> str:
        return f"{desk.folder}/{_path(desk, new, taken)}".lstrip("/")

    return send(base, path_of, draft.text, Words(head, new.text, body))


def _tell(base: Base, sent: Sent) -> None:
    """What became of a request; nothing here was changed, and nothing is lost."""
    if base.note:
        click.echo(f"Note: {base.note}.", err=True)
    if sent.opened:
        click.echo(f"Request opened: {sent.opened}")
    elif sent.pushed:
        click.echo(f"Pushed to {base.remote} as {sent.branch}. Open the request there:")
    else:
        click.echo(f"Committed on the branch {sent.branch} here, and not sent: {sent.problem}")
        click.echo("To send it later:")
    if sent.pushed and sent.problem:
        click.echo(f"Note: {sent.problem}.", err=True)
    for line in sent.todo:
        click.echo(f"  {line}")
