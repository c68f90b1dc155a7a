"""What a closed goal was promised as, and what moved on the way: from records alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.model import Bounded, KeyResult, Kpi, Measure, has_bound, measure_of
from okrsite.okr.past.covering import SCOPE
from okrsite.okr.past.impact import Turn
from okrsite.okr.snapshot.beside import Moved
from okrsite.okr.snapshot.sheet import Sheet
from okrsite.portal.explain import bound_words
from okrsite.portal.links import Link
from okrsite.portal.moved_words import TURNS
from okrsite.portal.parts import who
from okrsite.portal.recorded import Then
from okrsite.portal.words import count, day, number, shortened, with_unit

_NUMBERS = ("start", "target", "at_least", "at_most", "weight")
_WITH_UNIT = ("start", "target", "at_least", "at_most", "between")
_LONGEST = 70
NO_TITLES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A goalpost moved on the way: what, when and which way, by whom and why."""

    what: str
    when: str
    by: tuple[Link, ...]
    approved: tuple[Link, ...]
    reason: Markup
    silent: bool


def asked_words(kr: KeyResult, kpis: Mapping[str, Kpi]) -> str:
    """What a key result asks for: `160 → 90 minutes`, `≤ 2 a month`, `4 milestones`."""
    text = _asked(kr, measure_of(kr), kpis)
    return f"{text}, due {day(kr.due)}" if kr.due else text


def _asked(kr: KeyResult, measure: Measure, kpis: Mapping[str, Kpi]) -> str:
    match measure:
        case Measure.BOUND:
            return bound_words(kr)
        case Measure.MILESTONES:
            return count(len(kr.milestones), "milestone")
        case Measure.DONE:
            return shortened(kr.done_when or "", _LONGEST)
    if kr.start is not None or kr.target is not None or measure is Measure.UNKNOWN:
        return _range(kr, unit_of(kr, kpis))
    if measure is Measure.INITIATIVES:
        return "all its initiatives done"
    if measure is Measure.OBJECTIVES:
        return "the objectives below it"
    bound: Bounded | None = kr if has_bound(kr) else kpis.get(kr.source or "")
    return bound_words(bound) if bound else "its KPI"


def unit_of(kr: KeyResult, kpis: Mapping[str, Kpi]) -> str | None:
    """Its own unit, else that of the KPI it is fed from."""
    fed_from = kpis.get(kr.source or "")
    return kr.unit or (fed_from.unit if fed_from else None)


def _range(kr: KeyResult, unit: str | None) -> str:
    left = "unknown" if kr.start is None else number(kr.start)
    right = "unknown" if kr.target is None else with_unit(kr.target, unit)
    return f"{left} → {right}"


def first_asked(kr: KeyResult, moves: tuple[Moved, ...]) -> KeyResult:
    """A key result before anything of it moved, as far as the moves tell."""
    found: dict[str, object] = {}
    for move in moves:
        if move.field not in found:
            try:
                found[move.field] = _value(move.field, move.was)
            except ValueError:
                continue  # a plan or milestones: words that nobody can take apart again
    known = {name: value for name, value in found.items() if name in KeyResult.model_fields}
    return kr.model_copy(update=known) if known else kr


def _value(field: str, text: str | None) -> object:
    if text is None and field != "weight":
        return None
    if field in _NUMBERS:
        return Fraction(text or "")
    if field == "due":
        return date.fromisoformat(text or "")
    if field == "between":
        low, high = (text or "").split(", ")
        return Fraction(low), Fraction(high)
    if field in ("title", "unit", "metric", "done_when"):
        return text
    raise ValueError(field)


@dataclass(frozen=True)
class Promise:
    """What was promised at first: the committed record where there is one, else by the moves."""

    then: Then
    committed: Sheet | None
    moves: Mapping[str, tuple[Moved, ...]]

    def words(self, sheet: Sheet, ref: str, kr: KeyResult) -> str:
        """What a key result was promised as; empty where it joined later."""
        if self.committed is None:
            return asked_words(first_asked(kr, self.moves.get(ref, ())), self.then.kpis)
        if ref not in self.committed.key_results:
            return ""
        same = self.committed.wording(ref) == sheet.wording(ref)
        return asked_words(kr if same else self.committed.asked(ref), self.then.kpis)

    def gone(self, name: str, left: set[str]) -> Iterator[str]:
        """The key results of an objective that were promised and are not among those `left`."""
        if self.committed is not None and name in self.committed.objectives:
            for ref in self.committed.objectives[name]["key_results"]:
                if ref not in left:
                    asked = self.committed.asked(ref)
                    yield f"{asked.title}: {asked_words(asked, self.then.kpis)}"

    def dropped(self, left: set[str]) -> Iterator[str]:
        """The titles of objectives that were promised and are no more."""
        if self.committed is not None:
            own = (name for name in self.committed.own if name not in left)
            yield from (str(self.committed.objectives[name]["title"]) for name in own)


def move_row(
    then: Then, move: Moved, unit: str | None = None, titles: Mapping[str, str] = NO_TITLES
) -> MoveRow:
    """One moved goalpost in words; without a fitting amendment nobody gave a reason.

    `titles` are those of the key results that a change of scope may name.
    """
    item = then.amendments.get(move.amendment or "")
    turn = TURNS[Turn(move.turn)]
    return MoveRow(
        what=move_words(move, unit, titles),
        when=", ".join(filter(None, [day(move.day), turn])),
        by=who(then.person(item.author) if item else None),
        approved=who(then.person(item.approved_by) if item else None),
        reason=then.desk.notes.html(item.body) if item else Markup(""),
        silent=not move.explained,
    )


def move_words(move: Moved, unit: str | None = None, titles: Mapping[str, str] = NO_TITLES) -> str:
    """`target 60 → 75 minutes`; of what came or went only that it did."""
    field = move.field.replace("_", " ")
    if move.field == SCOPE and None in (move.was, move.now):
        return "dropped" if move.now is None else "added"
    if move.field == SCOPE and (words := _scope(move, titles)):
        return words
    if move.field == "milestones":
        return field
    was, now = (_shown(move.field, text) for text in (move.was, move.now))
    ending = f" {unit}" if unit and move.field in _WITH_UNIT else ""
    return f"{field} {was} → {now}{ending}"


def _scope(move: Moved, titles: Mapping[str, str]) -> str:
    """What joined and what left, where both sides list names."""
    was, now = ((text or "").split(", ") for text in (move.was, move.now))
    sides = ((was, now, "dropped"), (now, was, "added"))
    return "; ".join(
        f"{titles.get(name, name)} {verb}"
        for those, others, verb in sides
        for name in those
        if name not in others
    )


def _shown(field: str, text: str | None) -> str:
    if not text:
        return "unknown" if field in ("start", "target") else "none"
    try:
        value = _value(field, text)
    except ValueError:
        return shortened(text, _LONGEST)
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return " to ".join(map(number, value))
    return shortened(text, _LONGEST)
