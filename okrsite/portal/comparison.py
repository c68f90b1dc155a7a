"""Two snapshots beside each other: every number before and after, and why it changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.snapshot.beside import Moved
from okrsite.okr.snapshot.names import RECORD, Name
from okrsite.okr.snapshot.shelf import Kept
from okrsite.okr.snapshot.steps import Row, Step, total
from okrsite.portal.by_hand import SECTION, split_words
from okrsite.portal.contents import NOTHING, Contents
from okrsite.portal.downwards import on_top
from okrsite.portal.links import COMPARE, LONGEST_NAME, Link, page_uri, review_anchor
from okrsite.portal.parts import Desk, Fact
from okrsite.portal.promised import move_words
from okrsite.portal.recorded import record_of
from okrsite.portal.said_lines import bare
from okrsite.portal.shares import APART, CAUSES, change_words, shown_shares, signed
from okrsite.portal.site import BODY_SLOT
from okrsite.portal.snapshots import (
    period_title,
    stand_words,
)
from okrsite.portal.words import day_year, percent, shortened

ZERO = Fraction(0)
MOST_RESULTS = 2_000  # key results on one page; of more those that changed by work alone are left
MOST_LINES = 200  # of what came, of what went, and of what moved


@dataclass(frozen=True, slots=True)
class Number:
    """One number before and after, how far it moved, and the share of each cause."""

    what: Link
    before: str
    after: str
    points: str
    shares: tuple[str, ...]
    by_hand: str = ""


@dataclass(frozen=True, slots=True)
class GoalNumbers:
    """An objective with its key results, also those only one has; `was` is what it continues."""

    number: Number
    was: str
    results: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class TeamNumbers:
    """The objectives of one team."""

    team: str
    goals: tuple[GoalNumbers, ...]


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A goalpost moved between the two, and the reason if there is one."""

    day: date
    subject: str
    what: str
    reason: str
    silent: bool


@dataclass(frozen=True, slots=True)
class Rest:
    """What a page could not hold: how much more there is of each list."""

    gone: int
    new: int
    moves: int
    results: int


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """What the template of two snapshots sees."""

    kicker: str
    title: str
    body: Markup
    facts: tuple[Fact, ...]
    ends: tuple[Link, Link]
    heads: tuple[str, str]
    causes: tuple[str, ...]
    teams: tuple[Number, ...]
    goals: tuple[TeamNumbers, ...]
    gone: tuple[str, ...]
    new: tuple[Link, ...]
    of_two: bool
    since: str
    moves: tuple[MoveLine, ...]
    earlier: Link | None
    rest: Rest
    over: tuple[str, ...]
    index: str
    how: str


@dataclass(frozen=True)
class Pair:
    """Two snapshots, the earlier one first, with the way from one to the other."""

    uri: str
    base: Kept
    head: Kept
    path: tuple[Step, ...]

    @property
    def is_of_two(self) -> bool:
        """Whether the two are of different periods."""
        return self.base.name.period != self.head.name.period


@dataclass(frozen=True)
class Compared:
    """What the rows of one comparison are made of."""

    desk: Desk
    pair: Pair
    step: Step
    base: Contents
    head: Contents
    causes: tuple[str, ...]


def comparison_view(desk: Desk, pair: Pair, contents: Mapping[Name, Contents]) -> ComparisonView:
    """The view of two snapshots."""
    step = total(pair.path)
    base, head = (contents.get(end.name, NOTHING) for end in (pair.base, pair.head))
    goals = {name: row for name, row in step.objectives.items() if name in head.own}
    results = {r: row for r, row in step.key_results.items() if r.partition("/")[0] in goals}
    causes = _causes((*step.teams.values(), *goals.values(), *results.values()))
    made = Compared(desk, pair, step, base, head, causes)
    names = (pair.base.name, pair.head.name)
    moved = tuple(_moved(made, contents))
    moves = tuple(_move_line(*each) for each in moved if _is_shown(*each))
    shown = results if len(results) <= MOST_RESULTS else dict(filter(_is_no_work, results.items()))
    gone = tuple(base.titles.get(n, n) for n in step.dropped if n in base.own)
    new = tuple(n for n in step.added if n in head.own)
    return ComparisonView(
        kicker="Comparison of two closed periods" if pair.is_of_two else "Comparison in one period",
        title=_title(desk, pair),
        body=Markup(BODY_SLOT),
        facts=tuple(_facts(made, len(goals), len(moved), len(moved) - len(moves))),
        ends=(_end(desk, names[0]), _end(desk, names[1])),
        heads=_heads(desk, pair),
        causes=tuple((APART if pair.is_of_two else CAUSES)[name] for name in causes),
        teams=tuple(_teams(made)),
        goals=tuple(_goals(made, goals, shown)),
        gone=gone[:MOST_LINES],
        new=tuple(_goal_link(made, n) for n in new[:MOST_LINES]),
        of_two=pair.is_of_two,
        since=_since(pair),
        moves=moves[-MOST_LINES:],
        earlier=_earlier(made),
        rest=Rest(
            gone=max(0, len(gone) - MOST_LINES),
            new=max(0, len(new) - MOST_LINES),
            moves=max(0, len(moves) - MOST_LINES),
            results=len(results) - len(shown),
        ),
        over=tuple(period_title(desk.book, step.base) for step in pair.path[1:]),
        index=desk.links.page(COMPARE),
        how=desk.handbook(*SECTION),
    )


def _is_no_work(result: tuple[str, Row]) -> bool:
    """Whether a key result changed by anything but work."""
    row = result[1]
    return bool(row.goalposts or row.time)


def _title(desk: Desk, pair: Pair) -> str:
    base, head = pair.base.name, pair.head.name
    if pair.is_of_two:
        return f"{period_title(desk.book, base)} → {period_title(desk.book, head)}"
    return f"{period_title(desk.book, head)}, {stand_words(base)} → {stand_words(head)}"


def _end(desk: Desk, name: Name) -> Link:
    words = f"{period_title(desk.book, name)}, {stand_words(name)}"
    return Link(words, desk.links.file(name.file(RECORD)))


def _heads(desk: Desk, pair: Pair) -> tuple[str, str]:
    """What the two columns of numbers are called."""
    ends = (pair.base, pair.head)
    first, last = (day_year(e.as_of) if pair.is_of_two else stand_words(e.name) for e in ends)
    return first, last


def _causes(rows: Sequence[Row]) -> tuple[str, ...]:
    """The causes that have a share in one of `rows`."""
    return tuple(name for name in CAUSES if any(getattr(row, name) for row in rows))


def _facts(made: Compared, goals: int, moves: int, unlisted: int) -> Iterator[Fact]:
    tops = {team: _name(made.head.teams[team]) for team in made.head.company}
    for team, name in on_top(tops, made.step.teams).items():
        row = made.step.teams[team]
        words = f"{_share(row.before)} → {_share(row.after)}"
        yield Fact(name, (Link(words),), f"{change_words(_change(row))} pts")
    days = (made.pair.head.as_of - made.pair.base.as_of).days
    between = f"{day_year(made.pair.base.as_of)} → {day_year(made.pair.head.as_of)}"
    yield Fact("Days between", (Link(str(days)),), between)
    yield Fact("Objectives in both", (Link(str(goals)),))
    hidden = f"{unlisted} of goals that are not listed" if unlisted else ""
    yield Fact(f"Goalposts moved {_since(made.pair)}", (Link(str(moves)),), hidden)


def _since(pair: Pair) -> str:
    """When those goalposts were moved that are counted here."""
    if not pair.is_of_two:
        return "in between"
    later = {step.head.period for step in pair.path} - {pair.base.name.period}
    return "in the later period" if len(later) == 1 else "in the later periods"


def _earlier(made: Compared) -> Link | None:
    """The review of the earlier period, which tells of what was moved in it."""
    name = made.pair.base.name
    if not made.pair.is_of_two or not record_of(made.desk.book, name.period):
        return None
    href = made.desk.links.page(page_uri("periods", name.period), "goals")
    return Link(f"the review of {period_title(made.desk.book, name)}", href)


def _share(value: Fraction | None) -> str:
    return "no data" if value is None else percent(value, 1)


def _change(row: Row) -> Fraction:
    return (row.after or ZERO) - (row.before or ZERO)


def _number(what: Link, row: Row, causes: Sequence[str]) -> Number:
    """A row with the figures that `okrsite diff` prints."""
    change = _change(row)
    shares = shown_shares(change, row.split)
    cells = tuple(signed(shares[name]) if name in shares else "" for name in causes)
    return Number(what, _share(row.before), _share(row.after), change_words(change), cells)


def _teams(made: Compared) -> Iterator[Number]:
    """The teams from the company down; one that is no more in the later record comes last."""
    known = [team for team in made.head.order if team in made.step.teams]
    for team in (*known, *(sorted(made.step.teams.keys() - set(known)))):
        title = made.head.teams.get(team) or made.base.teams.get(team, team)
        there = team in made.desk.book.portfolio.teams
        href = made.desk.links.page(page_uri("teams", team)) if there else ""
        yield _number(Link(_name(title), href), made.step.teams[team], made.causes)


def _goals(
    made: Compared, goals: Mapping[str, Row], results: Mapping[str, Row]
) -> Iterator[TeamNumbers]:
    below: dict[str, list[str]] = {}
    for ref in results:
        below.setdefault(ref.partition("/")[0], []).append(ref)
    by_team: dict[str | None, list[str]] = {}
    for name in goals:
        by_team.setdefault(made.head.team_of.get(name), []).append(name)
    order = [team for team in made.head.order if team in by_team]
    for team in (*order, *(team for team in by_team if team not in order)):
        rows = tuple(
            GoalNumbers(
                _number(_goal_link(made, name), goals[name], made.causes),
                _was(made, name, goals[name]),
                (
                    *(_result(made, ref, results[ref]) for ref in below.get(name, ())),
                    *_joined_or_left(made, name, goals[name]),
                ),
            )
            for name in by_team[team]
        )
        yield TeamNumbers(made.head.teams.get(team or "", "No team"), rows)


def _result(made: Compared, ref: str, row: Row) -> Number:
    number = _number(Link(_title_of(made, ref)), row, made.causes)
    ways = made.base.ways.get(row.base), made.head.ways.get(ref)
    words = split_words(*ways, row, APART["goalposts"] if made.pair.is_of_two else "goalposts")
    return replace(number, by_hand=words)


def _joined_or_left(made: Compared, goal: str, row: Row) -> Iterator[Number]:
    """The key results that only one of the two has, which is a share of the goal's goalposts."""
    rows = made.step.key_results
    blank = ("",) * len(made.causes)
    before, after = made.base.of(row.base), made.head.of(goal)
    for ref, progress in after.items():
        if ref not in rows:
            what = Link(_name(made.head.titles[ref]))
            yield Number(what, "not there", _share(progress), "", blank)
    known = {rows[ref].base for ref in after if ref in rows}
    for ref, progress in before.items():
        if ref not in known:
            what = Link(_name(made.base.titles[ref]))
            yield Number(what, _share(progress), "gone", "", blank)


def _was(made: Compared, name: str, row: Row) -> str:
    return "" if row.base == name else made.base.titles.get(row.base, row.base)


def _title_of(made: Compared, ref: str) -> str:
    return _name(made.head.titles.get(ref, ref))


def _name(title: str) -> str:
    return shortened(title, LONGEST_NAME)


def _goal_link(made: Compared, name: str) -> Link:
    """An objective in the review of its period, or where it is today."""
    period, links = made.pair.head.name.period, made.desk.links
    if record_of(made.desk.book, period):
        record = made.desk.book.parsed.closed.records[period]
        own = name in record.roles
        href = links.page(page_uri("periods", period), review_anchor(name)) if own else ""
    else:
        href = links.goal(name) if name in made.desk.book.portfolio.objectives else ""
    return Link(_title_of(made, name), href)


def _moved(
    made: Compared, contents: Mapping[Name, Contents]
) -> Iterator[tuple[Contents, Moved, str]]:
    """What moved on the way, oldest first, with its reason; of goals that are not listed too."""
    for step in made.pair.path:
        here = contents.get(step.head, NOTHING)
        within = step.base.period == step.head.period
        since = contents.get(step.base, NOTHING).as_of if within else date.min
        yield from ((here, move, reason) for move, reason in here.moved if move.day > since)


def _is_shown(here: Contents, move: Moved, _reason: str) -> bool:
    goal = move.subject.partition("/")[0]
    return goal in here.own or goal not in here.known


def _move_line(here: Contents, move: Moved, reason: str) -> MoveLine:
    return MoveLine(
        day=move.day,
        subject=_name(here.titles.get(move.subject, move.subject)),
        what=move_words(move, None, here.within(move.subject.partition("/")[0])),
        reason=bare(reason),
        silent=not move.explained,
    )
