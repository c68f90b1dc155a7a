"""Why a number changed between two Books: its exact split into work, goalposts and time.

Work is what was checked in and the state an initiative's file says; goalposts are everything else
that was declared, amendments and policy included; time is the day. A cause's share is its mean
effect over all orders of applying the causes (Shapley). So it depends on no order, and the shares
sum to the change exactly, at every level of the cascade.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import Any

from okrsite.okr.changes.affected import Affected
from okrsite.okr.changes.hybrid import hybrid
from okrsite.okr.model import CheckIn, FileNoun, Initiative
from okrsite.okr.pipeline import Book, Parsed, add_up
from okrsite.okr.progress import (
    World,
    key_result_progress,
    objective_progress,
    scoring_day,
    weighted_progress,
)
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore, Scorecard
from okrsite.okr.scoring import team_goals
from okrsite.okr.snapshot.names import RECORD

ZERO = Fraction(0)


class Cause(StrEnum):
    """What may move a number."""

    WORK = "work"
    GOALPOSTS = "goalposts"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Split:
    """The shares of one change, as fractions of progress; no data counts as 0 on either side."""

    work: Fraction = ZERO
    goalposts: Fraction = ZERO
    time: Fraction = ZERO

    @property
    def total(self) -> Fraction:
        """The whole change."""
        return self.work + self.goalposts + self.time

    @property
    def is_nothing(self) -> bool:
        """Whether no cause has a share, not even one that another undoes."""
        return not (self.work or self.goalposts or self.time)


NOTHING = Split()


@dataclass(frozen=True, slots=True)
class Causes:
    """The split of every number that both Books have; teams by `(team, period)`."""

    key_results: Mapping[str, Split]
    objectives: Mapping[str, Split]
    teams: Mapping[tuple[str, str], Split]


Applied = frozenset[Cause]


def split(base: Book, head: Book) -> Causes:
    """Why each number of `head` is not what it is in `base`."""
    differing = _differing(base, head)
    scored = _few if _is_local(base, head, differing) else _all
    values = scored(base, head, differing)
    ends = _progress(base.scorecard), _progress(head.scorecard)
    found: dict[str, dict[Any, Split]] = {"key_results": {}, "objectives": {}, "teams": {}}
    for kind, key in ends[0].keys() & ends[1].keys():
        whole = {
            frozenset[Cause](): ends[0][kind, key],
            frozenset(differing): ends[1][kind, key],
        }
        whole |= {
            causes: told.get((kind, key), whole[frozenset()]) for causes, told in values.items()
        }
        found[kind][key] = _share(differing, whole)
    return Causes(**found)


def _share(differing: tuple[Cause, ...], values: Mapping[Applied, Fraction]) -> Split:
    same = len(set(values.values())) == 1
    return NOTHING if same else Split(**_shapley(differing, values))


def _is_local(base: Book, head: Book, differing: tuple[Cause, ...]) -> bool:
    """Whether the difference reaches only some goals: another day or policy reaches all."""
    return Cause.TIME not in differing and _policy(base) == _policy(head)


Numbers = Mapping[tuple[str, Any], Fraction]


def _all(base: Book, head: Book, differing: tuple[Cause, ...]) -> Mapping[Applied, Numbers]:
    """Every number with only some of the causes taken from `head`."""
    return {
        causes: _progress(_card(base, head, causes))
        for causes in _subsets(differing)
        if 0 < len(causes) < len(differing)
    }


def _few(base: Book, head: Book, differing: tuple[Cause, ...]) -> Mapping[Applied, Numbers]:
    """The same, of those numbers alone that the difference can reach."""
    if len(differing) < 2:
        return {}
    affected = Affected(base, head)
    worlds = {
        frozenset({Cause.WORK}): hybrid(base, head, affected),
        frozenset({Cause.GOALPOSTS}): hybrid(head, base, affected),
    }
    return {causes: dict(_reached(world, affected)) for causes, world in worlds.items()}


def _reached(world: World, affected: Affected) -> Iterator[tuple[tuple[str, Any], Fraction]]:
    portfolio, day = world.portfolio, world.as_of
    for ref in affected.goals:
        if ref in portfolio.key_results:
            yield ("key_results", ref), key_result_progress(world, ref, day) or ZERO
        elif ref in portfolio.objectives:
            yield ("objectives", ref), objective_progress(world, ref, day) or ZERO
    for team in portfolio.teams:
        for period, frame in portfolio.periods.items():
            goals = team_goals(world, team, period)
            if goals:
                mean = weighted_progress(world, goals, scoring_day(frame, day))
                yield ("teams", (team, period)), mean or ZERO


def _progress(card: Scorecard) -> Numbers:
    """Every number that is split; no data counts as 0."""
    groups: Mapping[str, Mapping[Any, KeyResultScore | ObjectiveScore]] = {
        "key_results": card.key_results,
        "objectives": card.objectives,
        "teams": card.teams,
    }
    return {
        (kind, key): score.progress or ZERO
        for kind, scores in groups.items()
        for key, score in scores.items()
    }


def _differing(base: Book, head: Book) -> tuple[Cause, ...]:
    """The causes in which the two Books differ; the others have no share in anything."""
    work, goalposts = _touched(base.parsed, head.parsed)
    declared = goalposts or _policy(base) != _policy(head)
    found = {
        Cause.WORK: work,
        Cause.GOALPOSTS: declared or _sealed(base.parsed) != _sealed(head.parsed),
        Cause.TIME: base.as_of != head.as_of,
    }
    return tuple(cause for cause, differs in found.items() if differs)


def _policy(book: Book) -> tuple[object, ...]:
    return (book.settings.policy, book.settings.cadence, book.settings.workflow)


def _sealed(parsed: Parsed) -> Mapping[str, bytes]:
    """The records that closed goals take their numbers from: to publish one is to declare them."""
    paths = (record.name.file(RECORD) for record in parsed.closed.records.values())
    return {path: parsed.raw[path] for path in paths}


def _touched(one: Parsed, other: Parsed) -> tuple[bool, bool]:
    """Whether check-ins and states differ, and whether anything else does."""
    work = rest = False
    for path in one.raw.keys() | other.raw.keys():
        if one.raw.get(path) == other.raw.get(path):
            continue
        before, after = one.nouns.get(path), other.nouns.get(path)
        if isinstance(before or after, CheckIn):
            work = work or _said(before) != _said(after)
        elif isinstance(before, Initiative) and isinstance(after, Initiative):
            work = work or before.state != after.state
            rest = rest or _said(before, "state") != _said(after, "state")
        else:
            rest = rest or _said(before) != _said(after)
    return work, rest


def _said(noun: FileNoun | None, *without: str) -> object:
    """The fields a noun was given; of its prose no number is made."""
    if noun is None:
        return None
    without = ("body", "body_line", *without)
    return noun.model_dump(exclude_unset=True, exclude={*without}, warnings=False)


def _subsets(causes: tuple[Cause, ...]) -> Iterator[Applied]:
    for size in range(len(causes) + 1):
        yield from map(frozenset, combinations(causes, size))


def _card(base: Book, head: Book, applied: Applied) -> Scorecard:
    """The numbers with only the causes of `applied` taken from `head`."""
    worked = head if Cause.WORK in applied else base
    meant = head if Cause.GOALPOSTS in applied else base
    day = (head if Cause.TIME in applied else base).as_of
    return add_up(joined(meant.parsed, worked.parsed), meant.settings, day)[1]


def joined(meant: Parsed, worked: Parsed) -> Parsed:
    """The goals of one side with the check-ins and the initiatives' states of the other.

    What was recorded of closed goals belongs to the goals.
    """
    if meant is worked:
        return meant
    said = {path: noun for path, noun in worked.nouns.items() if isinstance(noun, CheckIn)}
    goals = {path: noun for path, noun in meant.nouns.items() if not isinstance(noun, CheckIn)}
    states = _states(worked)
    for path, noun in goals.items():
        if isinstance(noun, Initiative) and states.get(noun.id, noun.state) != noun.state:
            goals[path] = noun.model_copy(update={"state": states[noun.id]})
    documents = {path: meant.documents[path] for path in goals}
    documents |= {path: worked.documents[path] for path in said}
    return Parsed({}, documents, {**goals, **said}, {}, meant.closed)


def _states(parsed: Parsed) -> Mapping[str, str | None]:
    found: dict[str, str | None] = {}
    for path in sorted(parsed.nouns):
        noun = parsed.nouns[path]
        if isinstance(noun, Initiative):
            found.setdefault(noun.id, noun.state)
    return found


def _shapley(players: tuple[Cause, ...], values: Mapping[Applied, Fraction]) -> dict[str, Fraction]:
    """Each player's mean effect over all orders in which the players may come."""
    shares = {}
    for player in players:
        share = ZERO
        for before in _subsets(tuple(other for other in players if other is not player)):
            orders = factorial(len(before)) * factorial(len(players) - len(before) - 1)
            share += orders * (values[before | {player}] - values[before])
        shares[str(player)] = share / factorial(len(players))
    return shares
