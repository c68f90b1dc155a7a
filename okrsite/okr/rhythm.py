"""The check-in rhythm: when a check-in is due, who told when, and what was kept, late or missed."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from okrsite.okr.model import CheckIn, Period
from okrsite.okr.pipeline import Book
from okrsite.okr.snapshot.beside import Told


@dataclass(frozen=True, slots=True)
class Window:
    """The days within which one check-in is due."""

    start: date
    end: date


class Beat(StrEnum):
    """How a team did in one window; of the last two nothing was asked."""

    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"
    NOT_YET = "not-yet"
    NOT_DUE = "not-due"


ASKED = (Beat.KEPT, Beat.LATE, Beat.MISSED)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many check-ins were due in a period, and how many of them came in time."""

    due: int
    kept: int


def windows(period: Period, cadence: int, today: date) -> tuple[Window, ...]:
    """The windows of a period that have begun by `today`, oldest first.

    A window is one cadence long; with a cadence of whole weeks it begins on a Monday, and the
    broken weeks at both ends of the period ask for nothing. Before its goals were committed a
    period asks for nothing.
    """
    start = max(period.start, min(period.committed_on or period.start, period.end))
    first = start.toordinal()
    if cadence % 7 == 0:
        first += -start.weekday() % 7
    whole = max(0, period.end.toordinal() + 1 - first) // cadence
    begun = max(0, min(whole, (today.toordinal() - first) // cadence + 1))
    starts = (first + index * cadence for index in range(begun))
    return tuple(
        Window(date.fromordinal(start), date.fromordinal(start + cadence - 1)) for start in starts
    )


def check_in_days(
    book: Book, period: Period, teams: Iterable[str]
) -> Mapping[str, tuple[int, ...]]:
    """For each team the days of the check-ins that count for it, as ordinals, oldest first.

    Corrections do not count.
    """
    homes = homes_of(book)
    first, until = period.start.toordinal(), period.end.toordinal() + book.settings.cadence
    ahead = bisect_left(book.spoken, first, key=_day)
    behind = bisect_right(book.spoken, until, key=_day)
    found: dict[str, list[int]] = defaultdict(list)
    for day, item in book.spoken[ahead:behind]:
        if item.corrects is None:
            for team in teams_of(book, item, homes):
                found[team].append(day.toordinal())
    return {team: tuple(sorted(found[team])) for team in teams}


def _day(spoken: tuple[date, CheckIn | Told]) -> int:
    return spoken[0].toordinal()


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


def teams_of(book: Book, item: CheckIn | Told, homes: Mapping[str, set[str]]) -> set[str]:
    """The teams a check-in speaks for: by its author, its team, or the key results it names."""
    found = set(homes.get(item.author or "", ())) | ({item.team} if item.team else set())
    for ref in item.key_results:
        if team := _team_of(book, ref):
            found.add(team)
    return found


def _team_of(book: Book, ref: str) -> str | None:
    """The team that answers for a key result, even where only a record has it."""
    kr = book.portfolio.key_results.get(ref)
    if kr is None:
        known = book.parsed.closed.teams_of(ref)
        return next((team for team in known if team in book.portfolio.teams), None)
    return kr.team or book.portfolio.objectives[ref.partition("/")[0]].team


def beats(
    book: Book, period: Period, team: str, found: Sequence[Window], days: Sequence[int]
) -> Iterator[Beat]:
    """How a team did in each of the windows `found`, given the days on which it checked in.

    A team keeps a window with at least one check-in in it: by one of its people, in its name, or
    on a key result of its own. One check-in answers for one window: a window without any is
    *late* when the first half of the next one has a check-in more than that one needs, else
    *missed*.
    """
    retired = book.portfolio.teams[team].retired_on
    cadence, today = book.settings.cadence, book.as_of.toordinal()
    for window in found:
        end = window.end.toordinal()
        is_last = end + cadence > period.end.toordinal()
        if _between(days, window.start.toordinal(), end):
            yield Beat.KEPT
        elif retired and window.end >= retired:
            yield Beat.NOT_DUE
        elif end >= today:
            yield Beat.NOT_YET
        else:
            late = _came_late(days, end, cadence, 1 if is_last else 2)
            yield Beat.LATE if late else Beat.MISSED


def _came_late(days: Sequence[int], end: int, cadence: int, needed: int) -> bool:
    after = _between(days, end + 1, end + cadence)
    return len(after) >= needed and after[0] <= end + cadence // 2


def _between(days: Sequence[int], first: int, last: int) -> Sequence[int]:
    return days[bisect_left(days, first) : bisect_right(days, last)]


def rhythm_of(book: Book, period: Period) -> Mapping[str, Kept]:
    """What the whole period asked of every team with key results in it, and what was kept."""
    goals = (goal for goal in book.portfolio.objectives.values() if goal.period == period.id)
    asked = {kr.team or goal.team for goal in goals for kr in goal.key_results}
    teams = sorted(team for team in asked if team)
    found = windows(period, book.settings.cadence, book.as_of)
    days = check_in_days(book, period, teams)
    return {team: _kept(beats(book, period, team, found, days[team])) for team in teams}


def _kept(found: Iterable[Beat]) -> Kept:
    due = [beat for beat in found if beat in ASKED]
    return Kept(len(due), sum(beat is Beat.KEPT for beat in due))
