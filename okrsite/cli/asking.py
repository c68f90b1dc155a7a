"""Asking for what is overdue, one goal after the other; where nobody can answer, listing it."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NoReturn, TypeVar

import click

from okrsite.cli.common import FINDINGS
from okrsite.edit.checking_in.check_in import (
    KEY_RESULTS,
    KPIS,
    NewCheckIn,
    NewMove,
    NewUpdate,
    one_line,
)
from okrsite.edit.checking_in.mine import Waiting, Work, owns_something
from okrsite.edit.checking_in.readings import read_number, read_share, read_state, read_value, takes
from okrsite.edit.checking_in.sanity import doubt
from okrsite.edit.checking_in.subjects import title
from okrsite.edit.files import EditError
from okrsite.okr.model import KeyResult
from okrsite.okr.pipeline import Book
from okrsite.portal.words import NBSP, count, day_year, number, percent, shortened, with_unit

T = TypeVar("T")
WIDEST = 70  # of a title, on a line of a terminal
FREE = ("no", "none", "free")  # typed when nothing blocks any more


def in_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(
    here: Book, waiting: Sequence[Waiting], work: Sequence[Work], new: NewCheckIn
) -> NewCheckIn:
    """`new` with everything that was answered; Enter skips a goal."""
    for number_, item in enumerate(waiting, 1):
        click.echo(f"\n{number_} of {len(waiting)}  {_called(here, item)}")
        click.echo(f"  {standing(here, item)}")
        new = _ask_value(here, item, new)
    for one in work:
        new = _ask_state(here, one, new)
    if is_empty(new) or new.text:
        return new
    return replace(new, text=_ask_text())


def is_empty(new: NewCheckIn) -> bool:
    """Whether nothing is said of anything."""
    return not (new.key_results or new.kpis or new.initiatives)


def list_waiting(here: Book, who: str, waiting: tuple[Waiting, ...], signed: str) -> NoReturn:
    """Say what waits, each with the command that says it."""
    if not waiting:
        nothing_waits(here, who)
    click.echo(f"{who}, {head(waiting)}:")
    for item in waiting:
        click.echo(f"\n{_called(here, item)}\n  {standing(here, item)}")
        click.echo(f"  okrsite checkin {item.subject} {_placeholder(here, item)}{signed}")
    sys.exit(FINDINGS)


def _called(here: Book, item: Waiting) -> str:
    return shortened(title(here.portfolio, item.subject), WIDEST)


def head(waiting: tuple[Waiting, ...]) -> str:
    """How many key results wait."""
    verb = "waits" if len(waiting) == 1 else "wait"
    return f"{count(len(waiting), 'key result')} {verb} for a check-in".replace(NBSP, " ")


def _placeholder(here: Book, item: Waiting) -> str:
    kr = here.portfolio.key_results[item.ref]
    if item.subject.kind != KEY_RESULTS or takes(kr).startswith("a number"):
        return "NUMBER"
    return "MILESTONE" if kr.milestones else "YES-OR-NO"


def nothing_waits(here: Book, who: str) -> NoReturn:
    """Say so, and end."""
    if owns_something(here.world, who):
        rhythm = count(here.settings.cadence, "day").replace(NBSP, " ")
        click.echo(f"{who}, nothing of yours is overdue; the rhythm is {rhythm}.")
    else:
        click.echo(f"No running goal belongs to {who}. --author NAME asks for somebody else.")
    sys.exit(0)


def standing(here: Book, item: Waiting) -> str:
    """What was last said, when, and what is aimed at."""
    score = here.scorecard.key_results[item.ref]
    unit = score.asked.unit or _kpi_unit(here, item)
    last = "nothing checked in yet"
    if item.last and score.value is not None:
        last = f"last {with_unit(score.value, unit)} on {day_year(item.last)}"
    elif item.last:
        far = "no value" if score.progress is None else f"{percent(score.progress)} of the way"
        last = f"last on {day_year(item.last)}, {far}"
    return f"{last}; {_aim(here, item, score.asked, unit)}".replace(NBSP, " ").rstrip("; ")


def _kpi_unit(here: Book, item: Waiting) -> str | None:
    return here.portfolio.kpis[item.subject.ref].unit if item.subject.kind == KPIS else None


def _aim(here: Book, item: Waiting, kr: KeyResult, unit: str | None) -> str:
    period = here.world.period(item.ref)
    end = kr.due or (period.end if period else None)
    by = f" by {day_year(end)}" if end else ""
    if kr.target is not None:
        return f"target {with_unit(kr.target, unit)}{by}"
    if kr.between:
        return f"to be kept between {number(kr.between[0])} and {with_unit(kr.between[1], unit)}"
    if kr.at_least is not None:
        return f"to be kept at {with_unit(kr.at_least, unit)} or more"
    if kr.at_most is not None:
        return f"to be kept at {with_unit(kr.at_most, unit)} or less"
    return f"done when: {kr.done_when}{by}" if kr.done_when else by.strip()


def _ask_value(here: Book, item: Waiting, new: NewCheckIn) -> NewCheckIn:
    ref = item.subject.ref
    if item.subject.kind == KPIS:
        unit = here.portfolio.kpis[ref].unit
        reading = _asked("value", lambda typed: read_number(ref, typed, unit), _sure(here, item))
        return new if reading is None else replace(new, kpis={**new.kpis, ref: reading})
    kr = here.scorecard.key_results[ref].asked
    update = _asked(_question(kr), lambda typed: read_value(ref, kr, typed), _sure(here, item))
    if update is None:
        return new
    before = here.scorecard.key_results[ref].confidence
    was = f", was {number(before)}" if before is not None else ""
    sure = _asked(f"confidence (0 to 1{was})", read_share)
    said = replace(update, confidence=sure)
    return replace(new, key_results={**new.key_results, ref: said})


def _sure(here: Book, item: Waiting) -> Callable[[NewUpdate | Fraction, str], bool]:
    """Asks once more where a value lies far outside."""

    def ask_again(said: NewUpdate | Fraction, typed: str) -> bool:
        value = said.value if isinstance(said, NewUpdate) else said
        found = doubt(here, item.subject, value, typed) if isinstance(value, Fraction) else None
        return found is None or click.confirm(f"    {found.question}", default=False)

    return ask_again


def _question(kr: KeyResult) -> str:
    if kr.milestones:
        return f"done since then ({', '.join(m.id for m in kr.milestones)})"
    return "value" if takes(kr).startswith("a number") else takes(kr)


def _ask_state(here: Book, work: Work, new: NewCheckIn) -> NewCheckIn:
    """A state and a block; Enter twice says nothing of it."""
    names = [stage.name for stage in here.settings.workflow]
    since = f" since {day_year(work.since)}" if work.since else ""
    held = f"; blocked: {work.blocked}" if work.blocked else ""
    called = shortened(here.portfolio.initiatives[work.ref].title, WIDEST)
    head = f"{called}: {work.state}{since}{held}"
    click.echo(f"\n{head}".replace(NBSP, " "))
    state = _asked(
        f"new state ({', '.join(names)})",
        lambda typed: read_state(work.ref, typed, here.settings.workflow),
    )
    move = NewMove(state, None if state == names[-1] else _ask_block(work))
    if state is None and move.blocked == work.blocked:
        return new
    move = move if move.state or move.blocked else NewMove(work.state)
    return replace(new, initiatives={**new.initiatives, work.ref: move})


def _ask_block(work: Work) -> str | None:
    """The reason that holds from now on."""
    if work.blocked is None:
        return _asked("blocked by what", one_line)
    typed = _asked("still blocked? (Enter: yes; `no`, or a new reason)", one_line)
    if typed is None:
        return work.blocked
    return None if typed.lower() in FREE else typed


def _ask_text() -> str:
    click.echo("\nWhat moved and why, and what do you need? An empty line ends it.")
    lines = []
    while line := click.prompt(">", default="", show_default=False, prompt_suffix=" ").strip():
        lines.append(line)
    return "\n".join(lines)


def _asked(
    question: str,
    read: Callable[[str], T],
    is_sure: Callable[[T, str], bool] = lambda said, typed: True,
) -> T | None:
    """The answer read, asked again until it can be; None where Enter alone was pressed."""
    while True:
        typed = click.prompt(f"  {question}", default="", show_default=False).strip()
        if not typed:
            return None
        try:
            said = read(typed)
        except EditError as error:
            click.echo(f"    {error}")
            continue
        if is_sure(said, typed):
            return said
