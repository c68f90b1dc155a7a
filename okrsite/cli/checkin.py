"""okrsite checkin: this week's numbers, in one command or asked for one by one."""

import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from os.path import relpath
from pathlib import Path
from shlex import quote

import click

from okrsite.cli.asking import ask, head, in_terminal, is_empty, list_waiting, nothing_waits
from okrsite.cli.common import COULD_NOT_READ, content_option, day_of, fail, project
from okrsite.cli.sending import tell_request
from okrsite.cli.writing import Signed, as_refusal
from okrsite.edit.checking_in.check_in import (
    NewCheckIn,
    check_in_path,
    check_in_text,
    one_line,
)
from okrsite.edit.checking_in.last_word import LastWord, correction, overruled
from okrsite.edit.checking_in.mine import home_of, overdue, under_way
from okrsite.edit.checking_in.said import Typed, correcting, understand
from okrsite.edit.checking_in.sanity import doubts
from okrsite.edit.effect import About, effect, new_errors, with_edit
from okrsite.edit.files import EditError, create
from okrsite.edit.proposing.base import Base, find_base, on_their_way
from okrsite.edit.proposing.forges import Words
from okrsite.edit.proposing.request import Sent, send
from okrsite.edit.who import writer
from okrsite.edit.writing import Edit
from okrsite.hosts.day import today
from okrsite.hosts.project import Project
from okrsite.okr.closing import recorded_periods
from okrsite.okr.frontmatter import Plain
from okrsite.okr.git import GitError, find_repository
from okrsite.okr.naming import period_of
from okrsite.okr.pipeline import Book, load
from okrsite.okr.revisions import inside, read_revision
from okrsite.okr.similar import did_you_mean
from okrsite.okr.sources import SourcesError, read_folder
from okrsite.okr.values import to_day
from okrsite.reports.effect import effect_text

OUTVOTED = "OKR308"  # said here in other words, with the command that mends it
STOPPED = 130  # what a shell says of a program that Ctrl-C ended


@dataclass(frozen=True, slots=True)
class Desk:
    """What a check-in is written on: the goals, its day, and where the file goes."""

    place: Project
    here: Book
    day: date
    taken: frozenset[str]
    base: Base | None = None
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A check-in proved right, its file, what it does in words, and what goes on counting."""

    new: NewCheckIn
    path: str
    text: str
    told: str
    later: tuple[LastWord, ...] = ()


@click.command("checkin", cls=Signed)
@click.argument("words", nargs=-1, metavar="[REF VALUE]...")
@click.option(
    *("-c", "--confidence"), multiple=True, metavar="[REF=]0.6", help="How sure you are, 0 to 1."
)
@click.option("-m", "--message", multiple=True, metavar="TEXT", help="What moved and why.")
@click.option(
    "--status", multiple=True, metavar="[REF=]WORD", help="on-track, at-risk, off-track, dropped."
)
@click.option(
    "--score", multiple=True, metavar="[REF=]0.7", help="How you judge the result, 0 to 1."
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
@click.option("--yes", is_flag=True, help="A value that lies far outside is right.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--pr", is_flag=True, help="Send it as a request of its own; nothing here changes.")
@content_option
def command(  # noqa: PLR0913, PLR0917 - one argument for each option
    words: tuple[str, ...],
    confidence: tuple[str, ...],
    message: tuple[str, ...],
    status: tuple[str, ...],
    score: tuple[str, ...],
    done: tuple[str, ...],
    blocked: tuple[str, ...],
    typed_day: str | None,
    author: str | None,
    team: str | None,
    corrects: str | None,
    yes: bool,
    dry_run: bool,
    pr: bool,
    content: Path | None,
) -> None:
    """Say where key results, KPIs and initiatives stand.

    REF is a key result (objective/kr, or kr alone where it is the only one of that name), a KPI
    or an initiative. VALUE is what it takes: a number, yes or no, milestones, a state.

    Without any it asks for each of your overdue key results in turn.
    """
    typed = Typed(words, confidence, status, done, blocked, score, corrects)
    asks = typed == Typed()
    try:
        desk = _desk(project(content), typed_day, pr)
        new = _begin(desk, author, team, "\n\n".join(message))
        new = _answers(desk, new, author) if asks else _understood(desk, typed, new)
        if not yes:
            _make_sure(desk, new)
        draft = _draft(desk, new)
        if not dry_run and in_terminal():
            draft = _corrected(desk, draft)
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


@_stoppable()
def _make_sure(desk: Desk, new: NewCheckIn) -> None:
    """Ask about values that lie far outside; where nobody can answer, refuse them."""
    found = tuple(doubts(desk.here, new))
    if found and not in_terminal():
        odd = "\n".join(f"{one.odd} Write --yes if it is right." for one in found)
        raise EditError(f"nothing was written:\n{odd}")
    for one in found:
        if not click.confirm(one.question, default=False):
            raise click.Abort


@_stoppable()
def _corrected(desk: Desk, draft: Draft) -> Draft:
    """The same as a correction of the check-in that would go on counting, where that is wanted."""
    tied = next((word for word in draft.later if word.tied), None)
    if tied is None or draft.new.corrects:
        return draft
    said = f"{tied.check_in} speaks of `{tied.subject}` on the same day and goes on counting."
    if not click.confirm(f"{said} Correct it?", default=True):
        return draft
    return _draft(desk, correcting(desk.here.portfolio, draft.new, tied.check_in))


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
    here = load(sources or read_folder(place.content), place.settings, max(day, usual))
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
    recorded = recorded_periods(here.parsed.raw)
    waiting = overdue(here.world, here.scorecard, who, recorded)
    if not in_terminal():
        list_waiting(here, who, waiting, f" --author {quote(named)}" if named else "")
    work = under_way(here.world, who)
    if not waiting and not work:
        nothing_waits(here, who)
    click.echo(f"{who}, {head(waiting) if waiting else 'nothing is overdue'}.")
    click.echo("Enter skips a question; Ctrl-C ends it all, and nothing is written.")
    new = ask(here, waiting, work, new)
    click.echo()
    if is_empty(new):
        click.echo("Nothing was said, so nothing was written.")
        sys.exit(0)
    return new


# --- the file -----------------------------------------------------------------------------------


def _draft(desk: Desk, new: NewCheckIn) -> Draft:
    """The file and what it does, once our own reader has found no error in it.

    Raises:
        EditError: it would be an error.
    """
    path, text = _path(desk, new, desk.taken), check_in_text(new)
    edit = Edit({path: text})
    after = with_edit(desk.here, edit)
    if wrong := new_errors(desk.here, after, edit):
        raise EditError(as_refusal(wrong))
    notes = (
        f"{f.severity}: {f.message}. {f.hint}".strip() for f in after.findings_in.get(path, ())
    )
    later = tuple(overruled(after, path, new))
    about = About(tuple(new.key_results), tuple(new.kpis), tuple(new.initiatives))
    lines = (*_overruled(new, later), *_day_notes(desk), *notes)
    told = "\n".join((effect_text(effect(desk.here, after, about)), *lines))
    return Draft(new, path, text, told, later)


def _overruled(new: NewCheckIn, later: Iterable[LastWord]) -> Iterator[str]:
    """What this check-in says in vain, and what would replace that."""
    for word in later:
        when = "on the same day" if word.tied else "of that day or later"
        yield f"`{word.subject}`: {word.check_in} was said {when}, and goes on counting."
        if word.tied:
            yield f"  To replace it: {correction(new, word)}"


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
        tell_request(desk.base, sent)
    else:
        content = desk.place.content
        written = create(content / draft.path, draft.text, content)
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
