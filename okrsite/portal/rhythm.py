"""The check-in rhythm as a table: which week a team kept, which came late, which it missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from okrsite.okr import rhythm as core
from okrsite.okr.model import Period
from okrsite.okr.pipeline import Book
from okrsite.okr.rhythm import Window, check_in_days, windows
from okrsite.portal.links import Link, week_uri
from okrsite.portal.now import goals_of, is_told, team_with_subteams
from okrsite.portal.parts import Desk
from okrsite.portal.words import count, day


@dataclass(frozen=True, slots=True)
class Beat:
    """How a team did in one window; without `css` nothing was due."""

    css: str
    word: str


BEATS: Mapping[core.Beat, Beat] = {
    core.Beat.KEPT: Beat("kept", "on time"),
    core.Beat.LATE: Beat("late", "late"),
    core.Beat.MISSED: Beat("missed", "missed"),
    core.Beat.NOT_YET: Beat("", "not due yet"),
    core.Beat.NOT_DUE: Beat("", "not due"),
}


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """A team's windows, oldest first, and how many of all that were due so far it kept."""

    team: Link
    beats: tuple[Beat, ...]
    on_time: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Teams by window; `rule` says in words what keeps one, `counted` what is not shown too."""

    head: str
    windows: tuple[Link, ...]
    rows: tuple[RhythmRow, ...]
    rule: str
    counted: str


def rhythm(desk: Desk, period: Period, teams: Sequence[str] | None = None, last: int = 7) -> Rhythm:
    """The last windows of a period for `teams`, or for all that have key results in it.

    On time is counted over the whole period so far, as in its review.
    """
    book = desk.book
    asked = _asked(book, period)
    chosen = [team for team in (asked if teams is None else teams) if team in asked]
    found = windows(period, book.settings.cadence, book.as_of)
    shown = found[-last:]
    told = check_in_days(book, period, chosen)
    rows = [_row(desk, period, team, found, told[team], last) for team in chosen] if found else []
    return Rhythm(
        head="Team, week" if book.settings.cadence % 7 == 0 else "Team, until",
        windows=tuple(_label(desk, window) for window in shown),
        rows=tuple(rows),
        rule=_rule(book.settings.cadence),
        counted=_counted(found, len(shown), book),
    )


def _counted(found: Sequence[Window], shown: int, book: Book) -> str:
    """Of which days *on time* is counted, where there are more than those shown."""
    if len(found) == shown:
        return ""
    days = f"{day(found[0].start)} to {day(min(found[-1].end, book.as_of))}"
    spans = "weeks" if book.settings.cadence == 7 else "spans"
    return f"On time counts all {len(found)} {spans}, {days}; shown are the last {shown}."


def _rule(cadence: int) -> str:
    every = {7: "each week", 1: "each day"}.get(cadence, f"every {count(cadence, 'day')}")
    return (
        f"A team keeps the rhythm with one check-in {every}, by anyone in it or on any of its "
        "key results."
    )


def _label(desk: Desk, window: Window) -> Link:
    whole_weeks = ((window.end - window.start).days + 1) % 7 == 0
    text = str(window.end.isocalendar().week) if whole_weeks else day(window.end)
    monday = window.end - timedelta(days=window.end.weekday())
    said = (it for it in desk.book.ledger.check_ins if monday <= it.date <= window.end)
    known = any(is_told(desk.book, item) for item in said)
    return Link(text, desk.links.page(week_uri(window.end)) if known else "")


def _asked(book: Book, period: Period) -> tuple[str, ...]:
    """The teams with key results in a period, in the order of the organisation."""
    goals = [book.portfolio.objectives[name] for name in goals_of(book, period)]
    own = {kr.team or goal.team for goal in goals for kr in goal.key_results}
    below = (team for top in book.portfolio.company() for team in team_with_subteams(book, top))
    return tuple(team for team in below if team in own)


def _row(
    desk: Desk, period: Period, team: str, found: Sequence[Window], days: Sequence[int], last: int
) -> RhythmRow:
    beats = tuple(core.beats(desk.book, period, team, found, days))
    due = [beat for beat in beats if beat in core.ASKED]
    kept = sum(beat is core.Beat.KEPT for beat in due)
    text = f"{kept} of {len(due)}" if due else ""
    shown = tuple(BEATS[beat] for beat in beats[-last:])
    return RhythmRow(desk.links.team(team) or Link(team), shown, text)
