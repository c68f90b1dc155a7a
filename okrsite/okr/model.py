"""The nouns of the field, frozen: what an author declared and nothing derived from it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from okrsite.okr.frontmatter import Plain
from okrsite.okr.values import (
    Day,
    Id,
    Level,
    Link,
    Number,
    Ref,
    Refs,
    Share,
    Text,
    Texts,
    Weight,
    refuse,
    shown,
    to_day,
    to_flag,
    to_number,
)


class Word(StrEnum):
    """A field that takes one of a few words."""


class PeriodState(Word):
    DRAFT = "draft"
    COMMITTED = "committed"
    CLOSED = "closed"


class Ambition(Word):
    COMMITTED = "committed"
    ASPIRATIONAL = "aspirational"


class ProgressFrom(Word):
    KEY_RESULTS = "key_results"
    CHILDREN = "children"
    BOTH = "both"


class Visibility(Word):
    PUBLIC = "public"
    UNLISTED = "unlisted"


class SaidStatus(Word):
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    OFF_TRACK = "off-track"
    DROPPED = "dropped"


class Measure(Word):
    """How a key result is measured, from the fields it has."""

    MEASURED = "measured"
    BOUND = "bound"
    MILESTONES = "milestones"
    DONE = "done"
    OBJECTIVES = "objectives"
    INITIATIVES = "initiatives"
    KPI = "kpi"
    UNKNOWN = "unknown"


class Noun(BaseModel):
    """What all kinds share: `id`, `path`, `line` and `body` come from the file, not its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class FileNoun(Noun):
    """A noun with a file of its own."""

    id: str
    path: str
    body: str = ""
    body_line: int = 1


FROM_FILE = frozenset({"id", "path", "body", "body_line"})
INTERNAL = frozenset({"flag", "unreadable"})  # what the reader sets, never the author


class Period(FileNoun):
    title: Text
    start: Day
    end: Day
    parent: Ref | None = None
    state: PeriodState = PeriodState.DRAFT
    committed_on: Day | None = None
    closed_on: Day | None = None
    tags: Texts = ()


class Team(FileNoun):
    title: Text
    parent: Ref | None = None
    level: Text | None = None
    lead: Ref | None = None
    members: Refs = ()
    retired_on: Day | None = None
    tags: Texts = ()


class Person(FileNoun):
    title: Text
    team: Ref | None = None
    links: Mapping[str, Link] = Field(default_factory=dict)
    tags: Texts = ()


class Milestone(Noun):
    id: Id
    title: Text
    weight: Weight = Fraction(1)
    due: Day | None = None


def to_between(value: object) -> tuple[Fraction, Fraction]:
    """A list of two numbers, the lower one first."""
    if not isinstance(value, list) or len(value) != 2:
        refuse(f"expected two numbers, found {shown(value)}", "Write `[4, 5]`.")
    low, high = to_number(value[0]), to_number(value[1])
    if low > high:
        swapped = f"[{value[1]}, {value[0]}]"
        refuse(f"{value[0]} is above {value[1]}", f"Write `{swapped}`.", swapped)
    return low, high


Between = Annotated[
    tuple[Number, Number],
    PlainValidator(to_between),
    WithJsonSchema({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]


def to_plan(value: object) -> Mapping[date, Fraction]:
    """Days with the values expected on them, earliest first."""
    pairs = _pairs(value)
    return {to_day(day): to_number(level) for day, level in pairs.items()}


def _pairs(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        refuse(f"expected days with values, found {shown(value)}", "Write `{2026-07-31: 30}`.")
    return dict(sorted(value.items()))


Plan = Annotated[
    Mapping[Day, Number],
    BeforeValidator(_pairs),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "number"}}),
]


class Bounded(Noun):
    """A value to be kept, not reached: at most one of the three bounds."""

    metric: Text | None = None
    unit: Text | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    between: Between | None = None


def _set_by_reader(value: object) -> bool:
    """Only the reader of a file may say that a measure could not be read; never its author."""
    if isinstance(value, bool):
        return value
    refuse("is no field here", "Remove it.")


class KeyResult(Bounded):
    id: Id
    title: Text
    owner: Ref | None = None
    team: Ref | None = None
    weight: Weight = Fraction(1)
    due: Day | None = None
    plan: Plan = Field(default_factory=dict)
    tags: Texts = ()
    start: Level = None
    target: Level = None
    milestones: tuple[Milestone, ...] = ()
    done_when: Text | None = None
    source: Ref | None = Field(default=None, alias="from")
    unreadable: Annotated[bool, PlainValidator(_set_by_reader)] = False


class Objective(FileNoun):
    title: Text
    period: Ref
    team: Ref | None = None
    owner: Ref | None = None
    contributors: Refs = ()
    parent: Ref | None = None
    supports: Refs = ()
    ambition: Ambition = Ambition.COMMITTED
    weight: Weight = Fraction(1)
    progress_from: ProgressFrom | None = None
    continues: Ref | None = None
    tags: Texts = ()
    visibility: Visibility = Visibility.PUBLIC
    key_results: tuple[KeyResult, ...] = ()


class Initiative(FileNoun):
    title: Text
    team: Ref | None = None
    owner: Ref | None = None
    contributes_to: Refs = ()
    start: Day | None = None
    due: Day | None = None
    state: Text | None = None
    depends_on: Refs = ()
    tags: Texts = ()


class Kpi(FileNoun, Bounded):
    title: Text
    team: Ref | None = None
    owner: Ref | None = None
    tags: Texts = ()


def _to_update(value: object) -> object:
    """A bare value is short for `{value: …}`; `true` and `false` are kept apart from numbers."""
    if value is None:
        refuse("is empty", "Write the value, or remove the line.")
    fields = dict(value) if isinstance(value, dict) else {"value": value}
    if "flag" in fields:
        refuse("unknown field `flag`", "Write `value: true`.")
    raw = fields.get("value")
    if isinstance(raw, Plain) and raw.lower() in ("true", "false", "yes", "no"):
        fields["flag"] = to_flag(fields.pop("value"))
    return fields


def _as_read(value: object) -> object:
    return value


class Update(Noun):
    """What a check-in says of one key result."""

    value: Number | None = None
    flag: Annotated[bool | None, PlainValidator(_as_read)] = None
    confidence: Share | None = None
    status: SaidStatus | None = None
    done: Refs = ()
    score: Share | None = None


def _to_move(value: object) -> object:
    if value is None:
        refuse("is empty", "Write the state, or remove the line.")
    return {"state": value} if isinstance(value, str) else value


class Move(Noun):
    """What a check-in says of one initiative."""

    state: Text | None = None
    blocked: Text | None = None


class CheckIn(FileNoun):
    date: Day
    author: Ref | None = None
    team: Ref | None = None
    key_results: Mapping[str, Annotated[Update, BeforeValidator(_to_update)]] = Field(
        default_factory=dict
    )
    kpis: Mapping[str, Number] = Field(default_factory=dict)
    initiatives: Mapping[str, Annotated[Move, BeforeValidator(_to_move)]] = Field(
        default_factory=dict
    )
    corrects: Ref | None = None


class Amendment(FileNoun):
    date: Day
    author: Ref | None = None
    subject: Ref
    field: Text
    was: object = None
    now: object = None
    approved_by: Ref | None = None


KINDS: Mapping[str, type[FileNoun]] = {
    "periods": Period,
    "teams": Team,
    "people": Person,
    "objectives": Objective,
    "initiatives": Initiative,
    "kpis": Kpi,
    "check-ins": CheckIn,
    "amendments": Amendment,
}


RECORDED = frozenset({"check-ins", "amendments"})  # what was said, and stays as it was said


def measure_of(kr: KeyResult) -> Measure:
    """The measure that the fields of `kr` make; `unknown` where they make none or several."""
    if kr.source is not None:
        return _SOURCES.get(kr.source, Measure.KPI)
    found = _measure(frozenset(kr.model_fields_set & _MEASURING))
    unknown = found is Measure.MEASURED and (kr.start is None or kr.target is None)
    return Measure.UNKNOWN if unknown else found


@cache  # of a handful of fields, asked for hundreds of thousands of times
def _measure(fields: frozenset[str]) -> Measure:
    found = {_FIELDS[field] for field in fields}
    return found.pop() if len(found) == 1 else Measure.UNKNOWN


_SOURCES = {"objectives": Measure.OBJECTIVES, "initiatives": Measure.INITIATIVES}
_FIELDS: Mapping[str, Measure] = {
    "start": Measure.MEASURED,
    "target": Measure.MEASURED,
    "at_least": Measure.BOUND,
    "at_most": Measure.BOUND,
    "between": Measure.BOUND,
    "milestones": Measure.MILESTONES,
    "done_when": Measure.DONE,
}
_MEASURING = frozenset(_FIELDS)


def has_bound(item: Bounded) -> bool:
    """Whether one of the three bounds is set."""
    return {item.at_least, item.at_most, item.between} != {None}


def has_measure(kr: KeyResult) -> bool:
    """Whether a key result says by itself when it is reached: from start to target, or a bound."""
    return has_bound(kr) or (kr.start is not None and kr.target is not None)


MEASURE_FIELDS = frozenset({"from", *_FIELDS})
