"""Periods, teams, people, initiatives, KPIs and amendments on both sides → every Change."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from okrsite.okr.changes.change import Change
from okrsite.okr.changes.declared import NOUNS, typed
from okrsite.okr.changes.ease import Verdict, bound_verdicts, due_verdicts
from okrsite.okr.changes.pairs import Pair, Sides, pair_of, standing_of
from okrsite.okr.changes.resting import counting, followers, resting_on
from okrsite.okr.flow import read_tasks
from okrsite.okr.guarded import is_first_word
from okrsite.okr.model import Amendment, Objective, PeriodState

PERIOD: Mapping[str, str] = {
    "title": "title-changed",
    "start": "period-start-moved",
    "closed_on": "closed-on-changed",
    "tags": "tags-changed",
}
TEAM: Mapping[str, str] = {
    "title": "title-changed",
    "parent": "team-moved",
    "level": "details-changed",
    "lead": "lead-changed",
    "members": "members-changed",
    "retired_on": "details-changed",
    "tags": "tags-changed",
}
PERSON: Mapping[str, str] = {
    "title": "title-changed",
    "team": "team-changed",
    "links": "details-changed",
    "tags": "tags-changed",
}
INITIATIVE: Mapping[str, str] = {
    "title": "title-changed",
    "team": "team-changed",
    "owner": "owner-changed",
    "contributes_to": "contributes-to-changed",
    "start": "start-changed",
    "state": "initiative-state",
    "depends_on": "depends-on-changed",
    "tags": "tags-changed",
}
KPI: Mapping[str, str] = {
    "title": "title-changed",
    "team": "team-changed",
    "owner": "owner-changed",
    "metric": "metric-changed",
    "unit": "unit-changed",
    "tags": "tags-changed",
}
# What a period may come to say later on, by the first time and by every other.
_ONCE: Mapping[str, tuple[str, str]] = {
    "parent": ("details-changed", "period-parent-changed"),
    "committed_on": ("committed-on-set", "committed-on-changed"),
}
_STATES = {
    (PeriodState.DRAFT, PeriodState.COMMITTED): "period-committed",
    (PeriodState.DRAFT, PeriodState.CLOSED): "period-closed",
    (PeriodState.COMMITTED, PeriodState.CLOSED): "period-closed",
    (PeriodState.COMMITTED, PeriodState.DRAFT): "period-uncommitted",
    (PeriodState.CLOSED, PeriodState.COMMITTED): "period-reopened",
    (PeriodState.CLOSED, PeriodState.DRAFT): "period-reopened",
}


def other_changes(sides: Sides, kind: str, was: Any, now: Any) -> Iterator[Change]:
    """Every Change of a noun of these kinds, added or dropped where one of the two is None."""
    pair = pair_of(sides, kind, was, now, _standing(sides, kind, was, now))
    if kind == "initiatives":
        pair = resting_on(pair, counting(sides, was, now))
    name = NOUNS[kind].lower()
    if was is None or now is None:
        gone = "removed" if kind == "amendments" else "dropped"
        yield pair.change(_whole(f"{name}-{'added' if was is None else gone}", kind, was or now))
        return
    yield from _COMPARE[kind](pair)


def _standing(sides: Sides, kind: str, was: Any, now: Any) -> str:
    """That of a period itself; of a new amendment, that of what it speaks of."""
    if kind == "amendments" and was is None:
        goal = sides.base.nouns.get(("objectives", now.subject.partition("/")[0]))
        return standing_of(sides, goal.period) if isinstance(goal, Objective) else ""
    return str(was.state) if kind == "periods" and was else ""


def _whole(rule: str, kind: str, item: Any) -> Verdict:
    """Something that came or went: what of it a reader needs to know."""
    if isinstance(item, Amendment):
        return Verdict(rule, item.field, typed(item.was), typed(item.now), f"of {item.subject}")
    return Verdict(rule, "", "", "")


def _period(pair: Pair) -> Iterator[Change]:
    was, now = pair.was, pair.now
    if was.state is not now.state and pair.is_sure("state"):
        yield pair.change(Verdict(_STATES[was.state, now.state], "state", was.state, now.state))
    if was.end != now.end and pair.is_sure("end"):
        rule = "period-end-later" if now.end > was.end else "period-end-earlier"
        yield pair.change(Verdict(rule, "end", typed(was.end), typed(now.end)))
    first = {name: is_first_word("periods", name, getattr(was, name)) for name in _ONCE}
    rules = {name: by[0] if first[name] else by[1] for name, by in _ONCE.items()}
    yield from pair.simple({**PERIOD, **rules})
    yield from pair.prose()


def _team(pair: Pair) -> Iterator[Change]:
    yield from pair.simple(TEAM)
    yield from pair.prose()


def _person(pair: Pair) -> Iterator[Change]:
    yield from pair.simple(PERSON)
    yield from pair.prose()


def _initiative(pair: Pair) -> Iterator[Change]:
    yield from pair.simple(INITIATIVE)
    yield from pair.sure(due_verdicts(pair.was.due, pair.now.due, None))
    was, now = read_tasks(pair.was.body), read_tasks(pair.now.body)
    if was != now:
        texts = (f"{sum(t.done for t in tasks)} of {len(tasks)} done" for tasks in (was, now))
        yield pair.change(Verdict("tasks-changed", "", *texts), pair.now.body)
    else:
        yield from pair.prose()


def _kpi(pair: Pair) -> Iterator[Change]:
    sides, name = pair.sides, pair.was.id
    held = replace(pair, standing=_promised_by(sides, name))
    yield from resting_on(held, followers(sides, name)).simple(KPI)
    bound = resting_on(held, followers(sides, name, bound=True))
    yield from bound.sure(bound_verdicts(pair.was, pair.now))
    yield from held.prose()


def _promised_by(sides: Sides, kpi: str) -> str:
    """Committed, where such a goal reads a KPI; what was closed with it keeps its number."""
    return PeriodState.COMMITTED if any(True for _ in followers(sides, kpi)) else ""


def _amendment(pair: Pair) -> Iterator[Change]:
    names = ("date", "author", "subject", "field", "was", "now", "approved_by")
    changed = [n for n in names if getattr(pair.was, n) != getattr(pair.now, n)]
    reworded = pair.was.body.strip() != pair.now.body.strip()
    if changed or reworded:
        one, two = _fields(pair.was, changed), _fields(pair.now, changed)
        note = f"of {pair.now.subject}" if changed else f"the reason for {pair.now.subject}"
        essence = pair.now.body if reworded else ""
        yield pair.change(Verdict("amendment-edited", "", one, two, note), essence)


def _fields(item: Amendment, names: list[str]) -> str:
    return "; ".join(f"{name}: {typed(getattr(item, name))}" for name in names)


_COMPARE: Mapping[str, Callable[[Pair], Iterator[Change]]] = {
    "periods": _period,
    "teams": _team,
    "people": _person,
    "initiatives": _initiative,
    "kpis": _kpi,
    "amendments": _amendment,
}
