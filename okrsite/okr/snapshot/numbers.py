"""Scores ↔ plain values: every number of a record, exact on the way out and back in."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from okrsite.okr.model import Measure
from okrsite.okr.scorecard import KeyResultNumbers, KeyResultScore, ObjectiveScore, Part
from okrsite.okr.snapshot.tokens import Json, fraction, is_exact
from okrsite.okr.status import Grade, Status

_FRACTIONS = (
    "value",
    "progress",
    "counted",
    "expected",
    "said_score",
    "confidence",
    "projection",
    "projected_value",
    "promised",
)
_OF_OBJECTIVE = ("progress", "expected", "score", "projection", "promised", "confidence")
_OF_PART = ("progress", "expected", "weight", "counted", "projection")


def key_result_numbers(score: KeyResultScore) -> KeyResultNumbers:
    """The numbers of a score."""
    own = {name: getattr(score, name) for name in KeyResultNumbers.__dataclass_fields__}
    return KeyResultNumbers(**own)


def dumped_key_result_numbers(numbers: KeyResultNumbers) -> Json:
    """By the names under which they are published; `status` said by hand is `said_status`."""
    return {
        "measure": str(numbers.measure),
        "weight": numbers.weight,
        "status": str(numbers.status),
        "said_status": numbers.said,
        **_exactly({name: getattr(numbers, name) for name in _FRACTIONS}),
    }


def restored_key_result_numbers(fields: Mapping[str, Any]) -> KeyResultNumbers:
    """The numbers from the values that were dumped.

    Raises:
        ValueError, KeyError: they are not such values.
    """
    return KeyResultNumbers(
        measure=Measure(fields["measure"]),
        weight=_number(fields["weight"]),
        status=Status(fields["status"]),
        said=fields["said_status"],
        **_restored(fields, _FRACTIONS),
    )


def dumped_objective_score(score: ObjectiveScore) -> Json:
    """The numbers of an objective, or of a team in a period."""
    return {
        "status": str(score.status),
        "grade": str(score.grade) if score.grade else None,
        **_exactly({name: getattr(score, name) for name in _OF_OBJECTIVE}),
        "parts": [
            {"ref": part.ref, **_exactly({name: getattr(part, name) for name in _OF_PART})}
            for part in score.parts
        ],
    }


def restored_objective_score(ref: str, fields: Mapping[str, Any]) -> ObjectiveScore:
    """The score from the values that were dumped.

    Raises:
        ValueError, KeyError: they are not such values.
    """
    return ObjectiveScore(
        ref=ref,
        status=Status(fields["status"]),
        grade=Grade(fields["grade"]) if fields["grade"] else None,
        parts=tuple(Part(ref=row["ref"], **_restored(row, _OF_PART)) for row in fields["parts"]),
        **_restored(fields, _OF_OBJECTIVE),
    )


def _exactly(values: Mapping[str, Fraction | None]) -> Json:
    """The values, and beside them those whose decimals have no end as a fraction."""
    endless = {
        name: f"{value.numerator}/{value.denominator}"
        for name, value in values.items()
        if value is not None and not is_exact(value)
    }
    return {**values, **({"exact": endless} if endless else {})}


def _restored(fields: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    exact = fields.get("exact", {})
    return {
        name: Fraction(exact[name]) if name in exact else fraction(fields[name]) for name in names
    }


def _number(value: object) -> Fraction:
    found = fraction(value)
    if found is None:
        raise ValueError("a weight is missing")
    return found
