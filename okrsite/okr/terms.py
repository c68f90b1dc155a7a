"""What was promised on which day: a definition with the amendments after that day undone."""

import shlex
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from pydantic_core import PydanticCustomError

from okrsite.okr.finding import Finding, Fix, Severity
from okrsite.okr.mending import rewritten
from okrsite.okr.model import Amendment, Initiative, KeyResult, Objective, to_between, to_plan
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.similar import only_one
from okrsite.okr.values import (
    in_turn,
    plain,
    shown,
    to_day,
    to_level,
    to_number,
    to_text,
    to_weight,
)

_READ: Mapping[str, Callable[[object], object]] = {
    "start": to_level,
    "target": to_level,
    "at_least": to_number,
    "at_most": to_number,
    "between": to_between,
    "plan": to_plan,
    "weight": to_weight,
    "due": to_day,
}
_DAYS: Mapping[str, Callable[[object], object]] = {"start": to_day, "due": to_day}
_WEIGHT: Mapping[str, Callable[[object], object]] = {"weight": to_weight}
_WORDS = ("scope", "title", "metric", "unit", "done_when", "milestones", "from", "parent", "state")


@dataclass(frozen=True, slots=True)
class Change:
    """One amendment read: its raw `was` and `now` as the field's own type; None is unknown."""

    amendment: Amendment
    field: str
    was: object
    now: object
    counts: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """A key result's wording of every day: `versions[i]` holds from `since[i]` on."""

    since: tuple[date, ...]
    versions: tuple[KeyResult, ...]
    changes: tuple[Change, ...]

    def on(self, day: date) -> KeyResult:
        """What was asked for on `day`."""
        return self.versions[bisect_right(self.since, day) - 1]

    def first(self) -> KeyResult:
        """What was asked for before anything was amended."""
        return self.versions[0]


Goalposts = Mapping[str, tuple[Change, ...]]


def read_changes(
    portfolio: Portfolio, as_of: date
) -> tuple[Portfolio, Goalposts, tuple[Finding, ...]]:
    """The portfolio as it was worded on `as_of`, and what was amended until then.

    Amendments stand by their subject, oldest first; later ones are not known yet, and undone.
    """
    changes, faults = _read_all(portfolio)
    known = {
        s: tuple(c for c in group if c.amendment.date <= as_of) for s, group in changes.items()
    }
    later = {s: tuple(c for c in group if c.amendment.date > as_of) for s, group in changes.items()}
    goalposts = {subject: group for subject, group in known.items() if group}
    worded = _undone(portfolio, later) if any(later.values()) else portfolio
    return worded, goalposts, (*faults, *_mismatches(portfolio, changes))


def all_changes(portfolio: Portfolio) -> Goalposts:
    """What was amended and what is to be, whatever the day: by subject, oldest first."""
    return _read_all(portfolio)[0]


def _read_all(portfolio: Portfolio) -> tuple[Goalposts, tuple[Finding, ...]]:
    changes: dict[str, list[Change]] = defaultdict(list)
    faults: list[Finding] = []
    for item in sorted(portfolio.amendments.values(), key=by_day):
        change, fault = _read(portfolio, item)
        if fault is None:
            changes[item.subject].append(change)
        else:
            faults.append(fault)
    return {subject: tuple(group) for subject, group in changes.items()}, tuple(faults)


def by_day(item: Amendment) -> tuple[date, str]:
    """By what amendments stand in the order in which they hold."""
    return item.date, in_turn(item.id)


def _undone(portfolio: Portfolio, later: Mapping[str, Iterable[Change]]) -> Portfolio:
    """`portfolio` before the changes of `later`."""
    was = {
        subject: {c.field: c.was for c in reversed(tuple(changes)) if is_read(portfolio, c)}
        for subject, changes in later.items()
    }
    key_results = {
        ref: kr.model_copy(update=was.get(ref, {})) for ref, kr in portfolio.key_results.items()
    }
    objectives = {
        name: goal.model_copy(
            update={
                **was.get(name, {}),
                "key_results": tuple(key_results[f"{name}/{kr.id}"] for kr in goal.key_results),
            }
        )
        for name, goal in portfolio.objectives.items()
    }
    initiatives = {
        name: item.model_copy(update={} if name in objectives else was.get(name, {}))
        for name, item in portfolio.initiatives.items()
    }
    return replace(
        portfolio, key_results=key_results, objectives=objectives, initiatives=initiatives
    )


def is_read(portfolio: Portfolio, change: Change) -> bool:
    """Whether an amendment is taken by its values, and not as words."""
    return change.field in _readers(portfolio, change.amendment.subject)


def terms_of(kr: KeyResult, changes: Iterable[Change]) -> Terms:
    """The versions of `kr`, reached by undoing `changes` from the newest to the oldest."""
    counted = tuple(change for change in changes if change.counts)
    since, versions = [date.max], [kr]
    for change in reversed(counted):
        since[0] = change.amendment.date
        versions.insert(0, versions[0].model_copy(update={change.field: change.was}))
        since.insert(0, date.max)
    since[0] = date.min
    return Terms(tuple(since), tuple(versions), counted)


def _readers(portfolio: Portfolio, subject: str) -> Mapping[str, Callable[[object], object]]:
    if subject in portfolio.key_results:
        return _READ
    return _WEIGHT if subject in portfolio.objectives else _DAYS


def amendable(portfolio: Portfolio, subject: str) -> Mapping[str, Callable[[object], object]]:
    """The fields of `subject` that are amended, each with how its value is read."""
    return {**dict.fromkeys(_WORDS, _words), **_readers(portfolio, subject)}


def _read(portfolio: Portfolio, item: Amendment) -> tuple[Change, Finding | None]:
    readers = _readers(portfolio, item.subject)
    read = readers.get(item.field)
    if read is None:
        words = Change(item, item.field, _words(item.was), _words(item.now), counts=False)
        if item.field in _WORDS:
            return words, None
        allowed = ", ".join(f"`{name}`" for name in (*readers, *_WORDS))
        message = f"`{item.field}` is not a field that is amended"
        meant = only_one(item.field, (*readers, *_WORDS))
        fix = rewritten(portfolio.documents[item.path], ("field",), meant)
        return words, _fault(portfolio, item, "field", message, f"Allowed: {allowed}.", fix)
    values: dict[str, object] = {}
    for name in ("was", "now"):
        raw = getattr(item, name)
        try:
            values[name] = _value_of(read, item.field, raw)
        except PydanticCustomError as error:
            context = error.context or {}
            message = f"`{name}`: {context.get('message')}"
            fix = rewritten(portfolio.documents[item.path], (name,), str(context.get("fix") or ""))
            hint = str(context.get("said") or context.get("hint", ""))
            fault = _fault(portfolio, item, name, message, hint, fix)
            return Change(item, item.field, None, None, counts=False), fault
    in_goal = item.subject in portfolio.key_results or item.subject in portfolio.objectives
    return Change(item, item.field, values["was"], values["now"], counts=in_goal), None


def values_of(portfolio: Portfolio, item: Amendment) -> Change | None:
    """An amendment that is taken by its values; None where it is words, or cannot be read."""
    read = _readers(portfolio, item.subject).get(item.field)
    if read is None:
        return None
    try:
        was, now = (_value_of(read, item.field, raw) for raw in (item.was, item.now))
    except PydanticCustomError:
        return None
    return Change(item, item.field, was, now, counts=True)


def _value_of(read: Callable[[object], object], field: str, raw: object) -> object:
    return read(raw) if raw is not None else _empty(field)


def _empty(field: str) -> object:
    if field in ("weight", "start", "target"):
        hint = "" if field == "weight" else "Write `unknown` where it was not known."
        raise PydanticCustomError("okr", "{message}", {"message": "is missing", "hint": hint})
    return {} if field == "plan" else None


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    return to_text(value) if isinstance(value, str) else shown(value)


def _mismatches(portfolio: Portfolio, goalposts: Goalposts) -> Iterator[Finding]:
    """Amendments whose `now` is neither the next one's `was` nor what the definition says.

    Those of a later day too: what they undo is what is asked for today.
    """
    for subject, changes in goalposts.items():
        noun = _noun(portfolio, subject)
        newest: dict[str, object] = {}
        for change in reversed([c for c in changes if is_read(portfolio, c)]):
            there = "the next amendment" if change.field in newest else "the definition"
            ahead = newest.get(change.field, getattr(noun, change.field, None))
            newest[change.field] = change.was
            if ahead != change.now:
                message = f"`now` is {_value(change.now)}, but {there} says {_value(ahead)}"
                hint = "Make both say the same; a further change needs an amendment of its own."
                if there == "the definition":
                    hint = _further(subject, change.field, change.now, ahead)
                yield _fault(portfolio, change.amendment, "now", message, hint)


def _further(subject: str, field: str, was: object, now: object) -> str:
    """What to do where a definition went on after its last amendment."""
    empty = "unknown" if field in ("start", "target") else "none"
    old, new = (typed(value) if value not in (None, {}) else empty for value in (was, now))
    said = shlex.join(("okrsite", "amend", f"{subject}.{field}", new, "--was", old))
    return f'Make both say the same, or say why it changed again: `{said} -m "why"`.'


def _noun(portfolio: Portfolio, subject: str) -> KeyResult | Objective | Initiative:
    if subject in portfolio.key_results:
        return portfolio.key_results[subject]
    if subject in portfolio.objectives:
        return portfolio.objectives[subject]
    return portfolio.initiatives[subject]


def _value(value: object) -> str:
    return "unknown" if value is None else f"`{typed(value)}`"


def typed(value: object) -> str:
    """A value as it stands in a file."""
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(typed, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{day}: {typed(level)}" for day, level in value.items()) + "}"
    return str(value)


def _fault(
    portfolio: Portfolio,
    item: Amendment,
    field: str,
    message: str,
    hint: str,
    fix: Fix | None = None,
) -> Finding:
    place = (item.path, *portfolio.documents[item.path].place(field))
    return Finding(*place, "OKR109", Severity.ERROR, message, hint, fix=fix)
