"""One version of a definition → its fields, and where two versions of it differ."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import chain

from okrsite.okr.frontmatter import read_document
from okrsite.okr.model import Milestone, to_between, to_plan
from okrsite.okr.values import to_day, to_level, to_number, to_weight

Fields = Mapping[str, object]
Version = Mapping[str, Fields]  # by key result; the thing itself is ""

KEY_RESULT = "key-result"
UNKNOWN = "unknown"


class Event(StrEnum):
    """What happened to a field, or where there is none, to the thing as a whole."""

    CHANGED = "changed"
    CREATED = "created"
    ADDED = "added"
    DROPPED = "dropped"
    REMOVED = "removed"
    RESTORED = "restored"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Difference:
    """`part` is a key result, or "" for the thing itself; `field` is "" for all of it."""

    part: str
    field: str
    was: object
    now: object
    event: Event


_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t\r]*\n.*?\n(?:---|\.\.\.)[ \t\r]*(?=\n|$)", re.DOTALL)


def frontmatter_of(raw: bytes) -> bytes:
    """The part of a file that its fields are in: two versions may differ in prose only."""
    found = _HEAD.match(raw)
    return found[0] if found else raw


def read_version(raw: bytes) -> Version | None:
    """The fields of a text as they were written; None where it cannot be read."""
    document, _ = read_document("", raw)
    if not document.data:
        return None
    own = {key: value for key, value in document.data.items() if key != "key_results"}
    return {"": own, **_key_results(document.data.get("key_results"))}


def _key_results(rows: object) -> dict[str, Fields]:
    found: dict[str, Fields] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("id"), str):
            found.setdefault(str(row["id"]), row)
    return found


def differences(kind: str, old: Version | None, new: Version | None) -> Iterator[Difference]:
    """Every field in which two versions differ; None is a file that is not there."""
    before, after = old or {}, new or {}
    for part in dict.fromkeys(chain(before, after)):
        if part not in before:
            event = Event.ADDED if before else Event.CREATED
            yield Difference(part, "", None, typed_fields(kind, part, after[part]), event)
        elif part not in after:
            event = Event.DROPPED if after else Event.REMOVED
            yield Difference(part, "", typed_fields(kind, part, before[part]), None, event)
        elif before[part] != after[part]:
            yield from changed(kind, part, before[part], after[part])


def changed(kind: str, part: str, before: Fields, after: Fields) -> Iterator[Difference]:
    """The fields of one thing that mean something else than before."""
    for field in dict.fromkeys(chain(before, after)):
        if before.get(field) != after.get(field):
            was, now = (typed(kind, part, field, side.get(field)) for side in (before, after))
            if was != now:
                yield Difference(part, field, was, now, Event.CHANGED)


def typed_fields(kind: str, part: str, fields: Fields) -> Fields:
    """All fields of one thing, each as its own type."""
    return {field: typed(kind, part, field, raw) for field, raw in fields.items()}


def typed(kind: str, part: str, field: str, raw: object) -> object:
    """A value as its field's type, so that `40` and `40.0` are one; else as it was typed.

    None is a field that is not there; `unknown` stays that word.
    """
    holder = KEY_RESULT if part else kind
    if raw is None:
        return _DEFAULTS.get((holder, field))
    if raw == UNKNOWN:
        return UNKNOWN
    try:
        value = _READERS.get((holder, field), _words)(raw)
    except ValueError:
        value = _words(raw)
    return None if value in ((), {}, "") else value  # an empty list or plan is one left out


def _words(raw: object) -> object:
    if isinstance(raw, list):
        return tuple(_words(item) for item in raw)
    if isinstance(raw, dict):
        return tuple(f"{key}: {_words(value)}" for key, value in raw.items())
    return " ".join(str(raw).split()) if raw is not None else ""


def _milestones(raw: object) -> tuple[Milestone, ...]:
    return tuple(Milestone.model_validate(row) for row in raw) if isinstance(raw, list) else ()


_KEY_RESULT: Mapping[str, Callable[[object], object]] = {
    "start": to_level,
    "target": to_level,
    "at_least": to_number,
    "at_most": to_number,
    "between": to_between,
    "plan": to_plan,
    "weight": to_weight,
    "due": to_day,
    "milestones": _milestones,
}
_READERS: Mapping[tuple[str, str], Callable[[object], object]] = {
    **{(KEY_RESULT, field): read for field, read in _KEY_RESULT.items()},
    **{("kpis", field): _KEY_RESULT[field] for field in ("at_least", "at_most", "between")},
    ("objectives", "weight"): to_weight,
    **{("initiatives", field): to_day for field in ("start", "due")},
    **{("periods", field): to_day for field in ("start", "end", "committed_on", "closed_on")},
}
_DEFAULTS: Mapping[tuple[str, str], object] = {
    (KEY_RESULT, "weight"): Fraction(1),
    ("objectives", "weight"): Fraction(1),
    ("objectives", "ambition"): "committed",
    ("objectives", "visibility"): "public",
    ("periods", "state"): "draft",
}
