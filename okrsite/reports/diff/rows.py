"""Rows of a comparison: each number before and after, its split, and which moved at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from okrsite.okr.changes.between import Changes
from okrsite.okr.changes.causes import NOTHING, Causes, Split
from okrsite.okr.model import Period
from okrsite.okr.pipeline import Book
from okrsite.okr.portfolio import key_result_loc
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore

Score = KeyResultScore | ObjectiveScore
GONE, NEW, THERE, UNREAD = "gone", "new", "there", "unread"


@dataclass(frozen=True, slots=True)
class About:
    """What a number is of: `context` is its period's title; the place is that of its source."""

    noun: str
    ref: str
    title: str
    context: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """One number before and after; `split` is None where one side has no such goal.

    `presence` is whether it is new, gone, unread on one side, or there; `own` whether a change
    speaks of it, and not only of what it is made of. `below` are an objective's key results that
    moved.
    """

    about: About
    was: Fraction | None
    now: Fraction | None
    status_was: str
    status_now: str
    split: Split | None
    presence: str
    own: bool = False
    below: tuple["Row", ...] = ()

    @property
    def change(self) -> Fraction:
        """How far the number moved; no data counts as 0."""
        return (self.now or Fraction(0)) - (self.was or Fraction(0))


@dataclass(frozen=True, slots=True)
class Kept:
    """How many goals keep every number, of how many."""

    objectives: int
    of_objectives: int
    key_results: int
    of_key_results: int


def in_order(rows: Iterator[Row]) -> list[Row]:
    """What moved most comes first; then by name, so that the order is always the same."""
    return sorted(
        rows, key=lambda row: (not moved(row), -abs(row.change), row.about.ref, row.about.context)
    )


def moved(row: Row) -> bool:
    """Whether the progress or the status moved, or would have but for a cause that undid it."""
    alike = (row.was, row.status_was) == (row.now, row.status_now)
    return not alike or row.presence != THERE or not (row.split or NOTHING).is_nothing


@dataclass(frozen=True)
class Rows:
    """What rows are made of."""

    base: Book
    head: Book
    changes: Changes
    causes: Causes

    @cached_property
    def _unread(self) -> frozenset[str]:
        """The objectives whose file cannot be read on one side."""
        lost = self.changes.unread
        return frozenset(each.subject for each in lost if each.path.startswith("objectives/"))

    @cached_property
    def _spoken_of(self) -> frozenset[str]:
        """The objectives and key results that a change is about, and the objectives of these."""
        refs = [each.subject for each in self.changes.changes if each.noun in _GOALS]
        refs += [said.ref for each in self.changes.changes for said in each.said]
        return frozenset((*refs, *(ref.partition("/")[0] for ref in refs)))

    def teams(self) -> Iterator[Row]:
        one, two = self.base.scorecard.teams, self.head.scorecard.teams
        for key in dict.fromkeys((*two, *one)):
            if _differ(one.get(key), two.get(key)) or self._split("teams", key):
                yield self._team(key, one.get(key), two.get(key))

    def standing(self, roots: set[str]) -> Iterator[Row]:
        """The company's number of the period that the day lies in, whether it moved or not."""
        period = current(self.head)
        for team in sorted(roots):
            key = (team, period.id if period else "")
            one, two = (book.scorecard.teams.get(key) for book in (self.base, self.head))
            if one or two:
                yield self._team(key, one, two)

    def _team(
        self, key: tuple[str, str], was: ObjectiveScore | None, now: ObjectiveScore | None
    ) -> Row:
        book = self.head if key[0] in self.head.portfolio.teams else self.base
        team = book.portfolio.teams[key[0]]
        period = book.portfolio.periods.get(key[1]) or self.base.portfolio.periods.get(key[1])
        title = period.title if period else key[1]
        about = About("team", key[0], team.title, title, team.path, 1)
        return _row(about, was, now, self.causes.teams.get(key))

    def objectives(self) -> Iterator[Row]:
        one, two = self.base.scorecard.objectives, self.head.scorecard.objectives
        below = self._key_results()
        for name in dict.fromkeys((*two, *one)):
            was, now = one.get(name), two.get(name)
            rows = tuple(below.get(name, ()))
            if _differ(was, now) or self._split("objectives", name) or rows:
                row = _row(self._goal(name), was, now, self.causes.objectives.get(name))
                yield self._placed(replace(row, below=rows))

    def _key_results(self) -> Mapping[str, list[Row]]:
        one, two = self.base.scorecard.key_results, self.head.scorecard.key_results
        found: dict[str, list[Row]] = {}
        for ref in dict.fromkeys((*two, *one)):
            was, now = one.get(ref), two.get(ref)
            if _differ(was, now) or self._split("key_results", ref):
                row = _row(self._goal(ref), was, now, self.causes.key_results.get(ref))
                found.setdefault(ref.partition("/")[0], []).append(self._placed(row))
        return {name: [row for row in rows if moved(row)] for name, rows in found.items()}

    def _placed(self, row: Row) -> Row:
        """A row that knows whether a change speaks of it, and whether one side of it is unread."""
        ref = row.about.ref
        lost = row.presence != THERE and ref.partition("/")[0] in self._unread
        presence = UNREAD if lost else row.presence
        return replace(row, own=ref in self._spoken_of, presence=presence)

    def _goal(self, ref: str) -> About:
        """An objective or a key result, where the newer side has it."""
        scores = self.head.scorecard
        there = ref in scores.key_results or ref in scores.objectives
        portfolio = (self.head if there else self.base).portfolio
        objective = portfolio.objectives[ref.partition("/")[0]]
        key_result = portfolio.key_results.get(ref) if "/" in ref else None
        loc = key_result_loc(portfolio, ref) if key_result else ()
        line = portfolio.documents[objective.path].place(*loc)[0]
        period = portfolio.period_of(objective)
        noun, titled = ("key result", key_result) if key_result else ("objective", objective)
        context = period.title if period else ""
        return About(noun, ref, titled.title, context, objective.path, line)

    def _split(self, kind: str, key: object) -> bool:
        shares = getattr(self.causes, kind).get(key)
        return shares is not None and not shares.is_nothing

    def kept(self) -> Kept:
        one, two = self.base.scorecard, self.head.scorecard
        causes = self.causes
        return Kept(
            *_count(one.objectives, two.objectives, causes.objectives),
            *_count(one.key_results, two.key_results, causes.key_results),
        )


_GOALS = ("objective", "key result")


def _row(about: About, was: Score | None, now: Score | None, shares: Split | None) -> Row:
    return Row(
        about=about,
        was=was.progress if was else None,
        now=now.progress if now else None,
        status_was=str(was.status) if was else "",
        status_now=str(now.status) if now else "",
        split=shares,
        presence=THERE if was and now else NEW if now else GONE,
    )


def _numbers(score: Score | None) -> tuple[object, ...]:
    """All that is published of a goal, but not the words it is told in."""
    if score is None:
        return ()
    common = (score.progress, score.expected, score.status, score.projection, score.promised)
    if isinstance(score, ObjectiveScore):
        return (*common, score.confidence, score.score, score.grade)
    more = (score.value, score.counted, score.weight, score.projected_value)
    return (*common, score.confidence, score.said, score.said_score, *more)


def _differ(was: Score | None, now: Score | None) -> bool:
    return _numbers(was) != _numbers(now)


def _count(
    was: Mapping[str, Score], now: Mapping[str, Score], shares: Mapping[str, Split]
) -> tuple[int, int]:
    names = was.keys() | now.keys()
    kept = [
        name
        for name in names
        if _printed(was.get(name)) == _printed(now.get(name))
        and shares.get(name, NOTHING).is_nothing
    ]
    return len(kept), len(names)


def _printed(score: Score | None) -> tuple[object, ...]:
    """Every number on a goal's page, those that it was promised with among them."""
    if isinstance(score, ObjectiveScore):
        return (*_numbers(score), *((part.ref, part.weight) for part in score.parts))
    if score is None:
        return ()
    kr = score.asked
    ends = (kr.start, kr.target, kr.at_least, kr.at_most, kr.between, kr.unit, kr.due, kr.plan)
    milestones = tuple((each.id, each.weight, each.due) for each in kr.milestones)
    return (*_numbers(score), *ends, milestones)


def current(book: Book) -> Period | None:
    """The shortest period that the day lies in, else the one that ended last."""
    periods = sorted(book.portfolio.periods.values(), key=lambda p: (p.end, p.id))
    used = [p for p in periods if any(key[1] == p.id for key in book.scorecard.teams)]
    now = [p for p in used if p.start <= book.as_of <= p.end]
    shortest = min(now, key=lambda p: ((p.end - p.start).days, p.id), default=None)
    return shortest or (used[-1] if used else None)
