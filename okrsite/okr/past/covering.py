"""Which amendment tells of which change that git has: by subject, field and values."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.versions import UNKNOWN
from okrsite.okr.terms import Change

SCOPE = "scope"
# Told in an amendment, never compared.
IN_WORDS = (SCOPE, "milestones", "metric", "unit", "done_when")

_Run = tuple[int, int, int]  # how well it fits (0 is best), its first change, its last


def covering(
    changes: Sequence[FieldChange], amendments: Iterable[Change], written: Mapping[str, date]
) -> Mapping[int, Change]:
    """The amendment that tells of each of `changes`, by its place among them.

    All are of one subject and field, oldest first. An amendment tells of one run of changes: from
    its `was` to its `now`, the shortest, and of several the nearest in time. So what was moved
    back and forth beside it stays without a reason. Where only its `now` fits, or it speaks in
    words, it must not have been `written` before the change.
    """
    covered: dict[int, Change] = {}
    for amendment in amendments:
        runs = _worded if amendment.field in IN_WORDS else _runs
        there = written.get(amendment.amendment.id, date.max)
        free = {place for place in range(len(changes)) if place not in covered}
        for run in _best(runs(changes, amendment, free, there), changes, amendment):
            covered |= dict.fromkeys(range(run[1], run[2] + 1), amendment)
    return covered


def _best(
    runs: Iterable[_Run], changes: Sequence[FieldChange], amendment: Change
) -> tuple[_Run, ...]:
    """The run that fits best; of a scope in words, all that it names."""
    found = tuple(runs)
    if amendment.field == SCOPE:
        return found
    day = amendment.amendment.date

    def distance(run: _Run) -> tuple[int, int, int]:
        return run[0], run[2] - run[1], abs((changes[run[2]].day - day).days)

    return (min(found, key=distance),) if found else ()


def _runs(
    changes: Sequence[FieldChange], amendment: Change, free: Collection[int], there: date
) -> Iterator[_Run]:
    was, now = same(amendment.was), same(amendment.now)
    for last, change in enumerate(changes):
        if last not in free or same(change.now) != now:
            continue
        if change.day <= there:
            yield 1, last, last
        first = last
        while first in free:
            if same(changes[first].was) == was:
                yield 0, first, last
            first -= 1


def _worded(
    changes: Sequence[FieldChange], amendment: Change, free: Collection[int], there: date
) -> Iterator[_Run]:
    named = set(f"{amendment.was}, {amendment.now}".replace(",", " ").split())
    for place, change in enumerate(changes):
        fits = amendment.field != SCOPE or not named.isdisjoint(_names(change))
        if place in free and fits and change.day <= there:
            yield 0, place, place


def _names(change: FieldChange) -> set[str]:
    """By which words a scope may name a change: what joined or left, the field, its new value."""
    part = change.subject.partition("/")[2]
    if not change.field:
        return {change.subject, part} - {""}
    value = change.was if change.field == "contributes_to" else change.now
    return {change.field, str(value), *({change.subject} if change.kind != "objectives" else ())}


def same(value: object) -> object:
    """A value for comparing: an amendment has None for what is unknown, or not there."""
    return None if value in (UNKNOWN, {}, (), "") else value
