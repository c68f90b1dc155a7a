"""What one change of a goalpost does on its day: easier or harder, and the objective's number.

One rule for all: the number with the new value is the objective's own of that day, and the number
with the old value is the same computation with this one change undone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from okrsite.okr.expected import objective_expected
from okrsite.okr.ledger import read_ledger
from okrsite.okr.model import CheckIn, KeyResult, Milestone
from okrsite.okr.past.versions import UNKNOWN
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import (
    World,
    key_result_progress,
    key_result_value,
    measurable,
    objective_progress,
    parts_of,
    scoring_day,
)
from okrsite.okr.records import read_record
from okrsite.okr.terms import Terms

ADDED, DROPPED = "added", "dropped"


class Turn(StrEnum):
    """Which way a goalpost moved; `other` where neither can be said."""

    EASIER = "easier"
    HARDER = "harder"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EffectPart:
    """One part of the objective's mean before and after; a weight of None is not counted."""

    ref: str
    weight_was: Fraction | None
    weight_now: Fraction | None
    was: Fraction | None
    now: Fraction | None


@dataclass(frozen=True, slots=True)
class Effect:
    """An objective's progress and expectation on `day` without and with one change.

    `asked_was`, `asked_now` and `value` are of the key result that changed, where it is one.
    """

    objective: str
    day: date
    was: Fraction | None
    now: Fraction | None
    expected_was: Fraction | None
    expected_now: Fraction | None
    parts: tuple[EffectPart, ...]
    ref: str = ""
    asked_was: KeyResult | None = None
    asked_now: KeyResult | None = None
    value: Fraction | None = None


def effect_of(
    world: World, subject: str, field: str, values: tuple[object, object], day: date
) -> Effect | None:
    """The effect of one change of `field` on `day`; None where no objective's number has it in."""
    if subject in world.portfolio.key_results:
        return _of_key_result(world, subject, field, values, day)
    goal = world.portfolio.objectives.get(subject)
    if goal is None or goal.parent is None or field != "weight":
        return None
    was, now = (_reweighed(world, subject, value) for value in values)
    return _between(goal.parent.partition("/")[0], was, now, day)


def _of_key_result(
    world: World, ref: str, field: str, values: tuple[object, object], day: date
) -> Effect | None:
    if field not in KeyResult.model_fields:
        return None
    was, now = (_asking(world, ref, with_field(world.asked(ref, day), field, v)) for v in values)
    found = _between(ref.partition("/")[0], was, now, day)
    asked = was.asked(ref, day), now.asked(ref, day)
    value = key_result_value(now, ref, day)
    return replace(found, ref=ref, asked_was=asked[0], asked_now=asked[1], value=value)


def joined(world: World, ref: str, day: date) -> Effect:
    """The effect of a key result that joined its objective on `day`."""
    found = _between(ref.partition("/")[0], _without(world, ref), world, day)
    value, asked = key_result_value(world, ref, day), world.asked(ref, day)
    return replace(found, ref=ref, asked_now=asked, value=value)


def left(world: World, ref: str, fields: Mapping[str, object], day: date) -> Effect | None:
    """The effect of a key result that left on `day`, by its fields and what was checked in on it.

    None where its objective is gone as well.
    """
    objective, _, name = ref.partition("/")
    if objective not in world.portfolio.objectives:
        return None
    before = _with(world, objective, _key_result(name, fields))
    found = _between(objective, before, world, day)
    value, asked = key_result_value(before, ref, day), before.asked(ref, day)
    return replace(found, ref=ref, asked_was=asked, value=value)


def _between(objective: str, was: World, now: World, day: date) -> Effect:
    return Effect(
        objective=objective,
        day=scoring_day(now.period(objective), day),
        was=objective_progress(was, objective, day),
        now=objective_progress(now, objective, day),
        expected_was=objective_expected(was, objective, day),
        expected_now=objective_expected(now, objective, day),
        parts=_parts(objective, was, now, day),
    )


def _parts(objective: str, was: World, now: World, day: date) -> tuple[EffectPart, ...]:
    day = scoring_day(now.period(objective), day)
    before, after = _weighed(was, objective, day), _weighed(now, objective, day)
    nothing = (None, None)
    return tuple(
        EffectPart(ref, *(side.get(ref, nothing)[i] for i in (0, 1) for side in (before, after)))
        for ref in dict.fromkeys((*before, *after))
    )


def _weighed(
    world: World, objective: str, day: date
) -> dict[str, tuple[Fraction, Fraction | None]]:
    key_results, children = parts_of(world.portfolio, world.portfolio.objectives[objective])
    asked = {ref: world.asked(ref, day) for ref in key_results}
    return {
        **{
            ref: (kr.weight, key_result_progress(world, ref, day))
            for ref, kr in asked.items()
            if measurable(kr) and kr.weight
        },
        **{c: (world.weight(c, day), objective_progress(world, c, day)) for c in children},
    }


# --- worlds that differ in one thing ------------------------------------------------------------


def _asking(world: World, ref: str, kr: KeyResult) -> World:
    """The same world, but `ref` asks for `kr` on every day."""
    return replace(world, memo={}, terms={ref: Terms((date.min,), (kr,), ())})


def with_field(kr: KeyResult, field: str, value: object) -> KeyResult:
    """`kr` with one field otherwise; None is a field that is not there."""
    empty: object = {"plan": {}, "milestones": (), "weight": Fraction(1)}.get(field)
    held = None if value == UNKNOWN else empty if value is None else value
    made = kr.model_copy(update={field: held})
    if value is None:
        made.model_fields_set.discard(field)  # else it would be a measure of its own
    return made


def _reweighed(world: World, objective: str, weight: object) -> World:
    item = world.portfolio.objectives[objective]
    held = weight if isinstance(weight, Fraction) else Fraction(1)  # as where none is written
    goals = {**world.portfolio.objectives, objective: item.model_copy(update={"weight": held})}
    others = {ref: changes for ref, changes in world.goalposts.items() if ref != objective}
    portfolio = replace(world.portfolio, objectives=goals)
    return replace(world, portfolio=portfolio, goalposts=others, memo={}, terms={})


def _without(world: World, ref: str) -> World:
    objective, _, name = ref.partition("/")
    item = world.portfolio.objectives[objective]
    rest = tuple(kr for kr in item.key_results if kr.id != name)
    goals = {**world.portfolio.objectives, objective: item.model_copy(update={"key_results": rest})}
    return replace(world, portfolio=replace(world.portfolio, objectives=goals), memo={}, terms={})


def _with(world: World, objective: str, kr: KeyResult) -> World:
    """`world` with a key result that is no more, and with what was checked in on it."""
    portfolio, ref = world.portfolio, f"{objective}/{kr.id}"
    item = portfolio.objectives[objective]
    goal = item.model_copy(update={"key_results": (*item.key_results, kr)})
    portfolio = replace(
        portfolio,
        objectives={**portfolio.objectives, objective: goal},
        key_results={**portfolio.key_results, ref: kr},
        check_ins={name: _told(portfolio, each, ref) for name, each in portfolio.check_ins.items()},
    )
    ledger, _ = read_ledger(portfolio, world.as_of)
    return replace(world, portfolio=portfolio, ledger=ledger, memo={}, terms={})


def _told(portfolio: Portfolio, item: CheckIn, ref: str) -> CheckIn:
    """A check-in with what it says of `ref`, which was left out since nobody knows it."""
    document = portfolio.documents[item.path]
    said = document.data.get("key_results")
    if not isinstance(said, dict) or ref not in said:
        return item
    read, _ = read_record(document, "check-ins")
    if not isinstance(read, CheckIn) or ref not in read.key_results:
        return item
    update = {"key_results": {**item.key_results, ref: read.key_results[ref]}}
    return item.model_copy(update=update)


def _key_result(name: str, fields: Mapping[str, object]) -> KeyResult:
    """A key result by its typed fields; what was not of its field's type is left out."""
    numbers = {"start", "target", "at_least", "at_most", "weight"}
    aliases = {"from": "source"}
    held: dict[str, object] = {}
    for field, value in fields.items():
        if field in numbers and isinstance(value, str):
            held |= {field: None} if value == UNKNOWN else {"unreadable": True}
        elif (name_ := aliases.get(field, field)) in KeyResult.model_fields and value is not None:
            held[name_] = value
    held |= {"id": name, "title": str(held.get("title") or name)}
    return KeyResult.model_construct(_fields_set=set(held), **held)


# --- which way ----------------------------------------------------------------------------------


def turn_of(field: str, was: object, now: object, effect: Effect | None) -> Turn:
    """Whether the goal is easier to reach than before; by the objective's number where only it
    can tell.
    """
    kr = effect.asked_was or effect.asked_now if effect else None
    match field:
        case "target":
            return _further(kr.start if kr else None, was, now)
        case "start":
            turned = _further(kr.target if kr else None, was, now)
            return {Turn.EASIER: Turn.HARDER, Turn.HARDER: Turn.EASIER}.get(turned, turned)
        case "at_least":
            return _bound(_ends(was, None), _ends(now, None))
        case "at_most":
            return _bound(_ends(None, was), _ends(None, now))
        case "between":
            return _bound(_pair(was), _pair(now))
        case "due" | "plan":
            return _expected(effect, was, now)
        case "milestones":
            return _milestones(was, now)
        case "scope":
            return Turn.EASIER if now is None else Turn.HARDER if was is None else Turn.OTHER
    return _by_effect(effect)


def _further(origin: object, was: object, now: object) -> Turn:
    """Two ends of the way from `origin`: a shorter way is easier."""
    if not (isinstance(origin, Fraction) and isinstance(was, Fraction)):
        return Turn.OTHER
    if not isinstance(now, Fraction) or (was - origin) * (now - origin) < 0:
        return Turn.OTHER
    return _less(abs(now - origin), abs(was - origin))


def _less(now: Fraction, was: Fraction) -> Turn:
    return Turn.EASIER if now < was else Turn.HARDER if now > was else Turn.OTHER


_Ends = tuple[Fraction | None, Fraction | None]


def _ends(low: object, high: object) -> _Ends:
    return (
        low if isinstance(low, Fraction) else None,
        high if isinstance(high, Fraction) else None,
    )


def _pair(value: object) -> _Ends:
    return _ends(*value) if isinstance(value, tuple) and len(value) == 2 else (None, None)


def _bound(was: _Ends, now: _Ends) -> Turn:
    """A bound that holds less is harder to keep."""
    lower = _end(was[0], now[0], 1), _end(was[1], now[1], -1)
    turns = {turn for turn in lower if turn is not Turn.OTHER}
    return turns.pop() if len(turns) == 1 else Turn.OTHER


def _end(was: Fraction | None, now: Fraction | None, sign: int) -> Turn:
    if was is None or now is None:
        return Turn.OTHER if was == now else Turn.EASIER if now is None else Turn.HARDER
    return _less(now * sign, was * sign)


def _expected(effect: Effect | None, was: object, now: object) -> Turn:
    if isinstance(was, date) and isinstance(now, date):
        return Turn.EASIER if now > was else Turn.HARDER
    if effect is None or effect.expected_was is None or effect.expected_now is None:
        return Turn.OTHER
    return _less(effect.expected_now, effect.expected_was)


def _milestones(was: object, now: object) -> Turn:
    before, after = _by_id(was), _by_id(now)
    turns = {Turn.EASIER for name in before if name not in after}
    turns |= {Turn.HARDER for name in after if name not in before}
    for name, milestone in after.items():
        old, due = before.get(name), milestone.due
        if old and old.due and due and due != old.due:
            turns.add(Turn.EASIER if due > old.due else Turn.HARDER)
    return turns.pop() if len(turns) == 1 else Turn.OTHER


def _by_id(value: object) -> dict[str, Milestone]:
    rows = value if isinstance(value, tuple) else ()
    return {row.id: row for row in rows if isinstance(row, Milestone)}


def _by_effect(effect: Effect | None) -> Turn:
    """A score that rose without work is an easier goal."""
    if effect is None or effect.was is None or effect.now is None:
        return Turn.OTHER
    return _less(effect.was, effect.now)
