"""What a change of a measure is called, and whether it makes the goal easier or harder."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrsite.okr.changes.declared import typed
from okrsite.okr.expected import planned_value
from okrsite.okr.guarded import BOUNDS
from okrsite.okr.model import (
    MEASURE_FIELDS,
    Bounded,
    KeyResult,
    Milestone,
    Period,
    measure_of,
)

Interval = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule a change falls under, the field it is about, and what it was and is now."""

    rule: str
    field: str
    was: str = ""
    now: str = ""
    note: str = ""


def measure_verdicts(was: KeyResult, now: KeyResult, period: Period | None) -> Iterator[Verdict]:
    """Every change of what a key result asks for."""
    if _family(was) != _family(now):
        yield Verdict("measure-changed", "measure", described(was), described(now))
    else:
        yield from _target(was, now)
        yield from _baseline(was, now)
        yield from bound_verdicts(was, now)
        yield from _milestones(was.milestones, now.milestones)
        yield from _simply(was, now, "source", "source-changed", "from")
        yield from _simply(was, now, "done_when", "done-when-changed")
    yield from _plan(was, now, period)
    yield from weight_verdicts(was.weight, now.weight)
    yield from due_verdicts(was.due, now.due, period.end if period else None)


def described(kr: KeyResult) -> str:
    """The fields that make a key result's measure, on one line."""
    fields = ("start", "target", *BOUNDS, "done_when", "source")
    told = {"source": "from"}
    found = [
        f"{told.get(name, name)}: {typed(value)}"
        for name in fields
        if (value := getattr(kr, name)) is not None
    ]
    if kr.milestones:
        found.append(f"milestones: {', '.join(item.id for item in kr.milestones)}")
    return ", ".join(found)


def _family(kr: KeyResult) -> object:
    """Which fields measure it, whatever their values."""
    if kr.source is not None:
        return (measure_of(kr), kr.start is None, kr.target is None)
    names = {"start": "target", "at_most": "at_least", "between": "at_least"}
    return {names.get(name, name) for name in kr.model_fields_set & MEASURE_FIELDS}


def sign_of(was: KeyResult, now: KeyResult) -> int:
    """1 where the value is to rise, −1 where it is to fall, 0 where nobody can tell."""
    for kr in (was, now):
        if kr.start is not None and kr.target is not None and kr.start != kr.target:
            return 1 if kr.target > kr.start else -1
    return 0


def _turned(was: KeyResult, now: KeyResult) -> bool:
    if now.start is None or now.target is None:
        return False
    return (now.target - now.start) * sign_of(was, now) <= 0


def _level(value: Fraction | None) -> str:
    return "unknown" if value is None else typed(value)


_Ends = tuple[Fraction | None, Fraction | None]


def _target(was: KeyResult, now: KeyResult) -> Iterator[Verdict]:
    return _end(was, now, (was.target, now.target), ("target", "target", "raised"))


def _baseline(was: KeyResult, now: KeyResult) -> Iterator[Verdict]:
    return _end(was, now, (was.start, now.start), ("start", "baseline", "hardened"))


def _end(
    was: KeyResult, now: KeyResult, ends: _Ends, names: tuple[str, str, str]
) -> Iterator[Verdict]:
    """One end of the way that moved; `names` are its field, what it is called, and farther off."""
    (one, two), (field, end, farther), sign = ends, names, sign_of(was, now)
    if one == two:
        return
    if one is None or two is None:
        name = "set" if one is None else "unset"
    elif not sign:
        name = "changed"
    elif _turned(was, now):
        name = "turned"
    else:
        name = farther if (two - one) * sign > 0 else "eased"
    yield Verdict(f"{end}-{name}", field, _level(one), _level(two))


def bound_verdicts(was: Bounded, now: Bounded) -> Iterator[Verdict]:
    """The change of a bound, as the interval that keeps it grows or shrinks."""
    one, two = _interval(was), _interval(now)
    if one == two:
        return
    wider, narrower = _holds(two, one), _holds(one, two)
    both = (None, None) not in (one, two)
    name = "loosened" if wider and both else "tightened" if narrower and both else "changed"
    field = next(f for f in BOUNDS if getattr(was, f) is not None or getattr(now, f) is not None)
    same = [f for f in BOUNDS if (getattr(was, f) is None) != (getattr(now, f) is None)] == []
    was_text = typed(getattr(was, field)) if same else _bound(was)
    now_text = typed(getattr(now, field)) if same else _bound(now)
    yield Verdict(f"bound-{name}", field if same else "bound", was_text, now_text)


def _bound(item: Bounded) -> str:
    return ", ".join(f"{f}: {typed(getattr(item, f))}" for f in BOUNDS if getattr(item, f))


def _interval(item: Bounded) -> Interval:
    return item.between or (item.at_least, item.at_most)


def _holds(outer: Interval, inner: Interval) -> bool:
    """Whether every value within `inner` is within `outer`."""
    low = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    high = outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])
    return low and high


def _milestones(was: tuple[Milestone, ...], now: tuple[Milestone, ...]) -> Iterator[Verdict]:
    before, after = {m.id: m for m in was}, {m.id: m for m in now}
    for name in before.keys() - after.keys():
        yield Verdict("milestone-dropped", f"milestones.{name}", before[name].title, "")
    for name in after.keys() - before.keys():
        yield Verdict("milestone-added", f"milestones.{name}", "", after[name].title)
    for name in before.keys() & after.keys():
        one, two, field = before[name], after[name], f"milestones.{name}"
        if one.weight != two.weight:
            words = (typed(one.weight), typed(two.weight))
            yield Verdict("milestone-weight-changed", f"{field}.weight", *words)
        if one.title != two.title:
            yield Verdict("milestone-reworded", f"{field}.title", one.title, two.title)
        yield from due_verdicts(one.due, two.due, None, f"{field}.due")


def _simply(
    was: KeyResult, now: KeyResult, name: str, rule: str, field: str = ""
) -> Iterator[Verdict]:
    one, two = getattr(was, name), getattr(now, name)
    if one != two:
        yield Verdict(rule, field or name, typed(one), typed(two))


def weight_verdicts(was: Fraction, now: Fraction) -> Iterator[Verdict]:
    """The change of a weight; down to 0 takes a goal out of every sum."""
    if was != now:
        yield Verdict(
            "weight-changed" if now else "weight-zeroed", "weight", typed(was), typed(now)
        )


def due_verdicts(
    was: date | None, now: date | None, otherwise: date | None, field: str = "due"
) -> Iterator[Verdict]:
    """The change of a due date; without one `otherwise` holds, or no end at all."""
    if was == now:
        return
    one, two = was or otherwise or date.max, now or otherwise or date.max
    rule = "details-changed" if one == two else "due-later" if two > one else "due-earlier"
    yield Verdict(rule, field, typed(was), typed(now))


def _plan(was: KeyResult, now: KeyResult, period: Period | None) -> Iterator[Verdict]:
    if was.plan == now.plan:
        return
    yield Verdict(_plan_rule(was, now, period), "plan", typed(was.plan), typed(now.plan))


def _plan_rule(was: KeyResult, now: KeyResult, period: Period | None) -> str:
    sign = sign_of(was, was)
    if period is None or not sign:
        return "plan-changed"
    other = was.model_copy(update={"plan": now.plan})
    days = sorted({*was.plan, *now.plan})
    more = [
        (planned_value(other, period, day) - planned_value(was, period, day)) * sign for day in days
    ]
    if all(step <= 0 for step in more):
        return "plan-eased"
    return "plan-hardened" if all(step >= 0 for step in more) else "plan-changed"
