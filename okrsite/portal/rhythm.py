"""The check-in rhythm: which week a team kept, which came late, which it missed."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from okrsite.okr.model import CheckIn, Period
from okrsite.okr.pipeline import Book
from okrsite.portal.links import Link, week_uri
from okrsite.portal.now import goals_of, team_with_subteams
from okrsite.portal.parts import Desk
from okrsite.portal.words import count, day


@dataclass(frozen=True, slots=True)
class Window:
    """The days within which one check-in is due."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Beat:
    """How a team did in one window; without `css` nothing was due."""

    css: str
    word: str


KEPT = Beat("kept", "on time")
LATE = Beat("late", "late")
MISSED = Beat("missed", "missed")
NOT_YET = Beat("", "not due yet")
NOT_DUE = Beat("", "not due")


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """A team's windows, oldest first, and how many of the due ones it kept."""

    team: Link
    beats: tuple[Beat, ...]
    on_time: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Teams by window; `rule` says in words what keeps one."""

    head: str
    windows: tuple[Link, ...]
    rows: tuple[RhythmRow, ...]
    rule: str


def rhythm(desk: Desk, period: Period, teams: Sequence[str] | None = None, last: int = 7) -> Rhythm:
    """The last windows of a period for `teams`, or for all that have key results in it.

    A window is one cadence long; with a cadence of whole weeks it begins on a Monday, and the
    broken weeks at both ends of the period ask for nothing. A team keeps a window with at least
    one check-in in it: by one of its people, in its name, or on a key result of its own. One
    check-in answers for one window: a window without any is *late* when the first half of the
    next one has a check-in more than that one needs, else *missed*. Corrections do not count.
    """
    book = desk.book
    asked = _asked(book, period)
    chosen = [team for team in (asked if teams is None else teams) if team in asked]
    found = windows(period, book.settings.cadence, book.as_of, last)
    told = check_in_days(book, period, chosen)
    rows = [_row(desk, period, team, found, told[team]) for team in chosen] if found else []
    return Rhythm(
        head="Team, week" if book.settings.cadence % 7 == 0 else "Team, until",
        windows=tuple(_label(desk, window) for window in found),
        rows=tuple(rows),
        rule=_rule(book.settings.cadence),
    )


def _rule(cadence: int) -> str:
    every = {7: "each week", 1: "each day"}.get(cadence, f"every {count(cadence, 'day')}")
    return (
        f"A team keeps the rhythm with one check-in {every}, by anyone in it or on any of its "
        "key results."
    )


def windows(period: Period, cadence: int, today: date, last: int) -> tuple[Window, ...]:
    """The `last` windows of a period that have begun by `today`, oldest first.

    Before its goals were committed a period asks for nothing.
    """
    start = max(period.start, min(period.committed_on or period.start, period.end))
    first = start.toordinal()
    if cadence % 7 == 0:
        first += -start.weekday() % 7
    whole = max(0, period.end.toordinal() + 1 - first) // cadence
    begun = max(0, min(whole, (today.toordinal() - first) // cadence + 1))
    starts = (first + index * cadence for index in range(max(0, begun - last), begun))
    return tuple(
        Window(date.fromordinal(start), date.fromordinal(start + cadence - 1)) for start in starts
    )


def _label(desk: Desk, window: Window) -> Link:
    whole_weeks = ((window.end - window.start).days + 1) % 7 == 0
    text = str(window.end.isocalendar().week) if whole_weeks else day(window.end)
    monday = window.end - timedelta(days=window.end.weekday())
    known = any(monday <= item.date <= window.end for item in desk.book.ledger.check_ins)
    return Link(text, desk.links.page(week_uri(window.end)) if known else "")


def _asked(book: Book, period: Period) -> tuple[str, ...]:
    """The teams with key results in a period, in the order of the organisation."""
    goals = [book.portfolio.objectives[name] for name in goals_of(book, period)]
    own = {kr.team or goal.team for goal in goals for kr in goal.key_results}
    below = (team for top in book.portfolio.company() for team in team_with_subteams(book, top))
    return tuple(team for team in below if team in own)


def check_in_days(
    book: Book, period: Period, teams: Iterable[str]
) -> Mapping[str, tuple[int, ...]]:
    """For each team the days of the check-ins that count for it, as ordinals, oldest first."""
    homes = homes_of(book)
    until = period.end.toordinal() + book.settings.cadence
    found: dict[str, list[int]] = defaultdict(list)
    for item in book.ledger.check_ins:
        if item.corrects is None and period.start.toordinal() <= item.date.toordinal() <= until:
            for team in teams_of(book, item, homes):
                found[team].append(item.date.toordinal())
    return {team: tuple(found[team]) for team in teams}


def homes_of(book: Book) -> Mapping[str, set[str]]:
    """The teams each person belongs to."""
    homes: dict[str, set[str]] = defaultdict(set)
    for team in book.portfolio.teams.values():
        for name in team.members:
            homes[name].add(team.id)
    for person in book.portfolio.people.values():
        if person.team:
            homes[person.id].add(person.team)
    return homes


def teams_of(book: Book, item: CheckIn, homes: Mapping[str, set[str]]) -> set[str]:
    """The teams a check-in speaks for: by its author, its team, or the key results it names."""
    found = set(homes.get(item.author or "", ())) | ({item.team} if item.team else set())
    for ref in item.key_results:
        goal = book.portfolio.objectives[ref.partition("/")[0]]
        if team := book.portfolio.key_results[ref].team or goal.team:
            found.add(team)
    return found


def _row(
    desk: Desk, period: Period, team: str, found: Sequence[Window], days: Sequence[int]
) -> RhythmRow:
    retired = desk.book.portfolio.teams[team].retired_on
    beats = tuple(_beats(desk.book, period, found, days, retired))
    due = [beat for beat in beats if beat.css]
    kept = sum(beat is KEPT for beat in due)
    text = f"{kept} of {len(due)}" if due else ""
    return RhythmRow(desk.links.team(team) or Link(team), beats, text)


def _beats(
    book: Book,
    period: Period,
    found: Sequence[Window],
    days: Sequence[int],
    retired: date | None,
) -> Iterator[Beat]:
    cadence, today = book.settings.cadence, book.as_of.toordinal()
    for window in found:
        end = window.end.toordinal()
        is_last = end + cadence > period.end.toordinal()
        if _between(days, window.start.toordinal(), end):
            yield KEPT
        elif retired and window.end >= retired:
            yield NOT_DUE
        elif end >= today:
            yield NOT_YET
        else:
            yield LATE if _came_late(days, end, cadence, 1 if is_last else 2) else MISSED


def _came_late(days: Sequence[int], end: int, cadence: int, needed: int) -> bool:
    after = _between(days, end + 1, end + cadence)
    return len(after) >= needed and after[0] <= end + cadence // 2


def _between(days: Sequence[int], first: int, last: int) -> Sequence[int]:
    return days[bisect_left(days, first) : bisect_right(days, last)]
