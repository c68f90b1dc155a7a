"""What a record tells of each goal beside its numbers: its wording, what was said, its trail.

Read as plain values: a page shows them once, and to make nouns of them would take ten times as
long.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrsite.okr.model import KeyResult, Visibility
from okrsite.okr.snapshot.manifest import check_schema
from okrsite.okr.snapshot.names import SnapshotError
from okrsite.okr.snapshot.nouns import restored_key_result
from okrsite.okr.snapshot.record import OWN, SCHEMA, Moved
from okrsite.okr.snapshot.shape import check_record
from okrsite.okr.snapshot.tokens import FAULTS, Json, fault_in, fraction, parsed

_WORDING = (
    *("title", "unit", "start", "target", "at_least", "at_most", "between", "milestones"),
    *("done_when", "from", "due", "weight"),
)


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a number: its name, its value, and the file it came from."""

    name: str
    value: Fraction | None
    source: str


@dataclass(frozen=True)
class Sheet:
    """The goals and teams of a record by id as they are written in it.

    `work` has the title of each initiative, `notes` the text of each check-in, `reasons` that of
    each amendment.
    """

    objectives: Mapping[str, Json]
    key_results: Mapping[str, Json]
    teams: Mapping[str, Json]
    work: Mapping[str, str]
    notes: Mapping[str, str]
    reasons: Mapping[str, str]
    moved: tuple[Moved, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """The period's own objectives that are listed."""
        listed = (Visibility.PUBLIC, None)
        rows = self.objectives.items()
        return tuple(name for name, r in rows if r["role"] == OWN and r.get("visibility") in listed)

    def asked(self, ref: str) -> KeyResult:
        """What a key result asked for."""
        return restored_key_result(self.key_results[ref])

    def wording(self, ref: str) -> tuple[object, ...]:
        """What two records must agree in to ask for the same of a key result."""
        row = self.key_results[ref]
        return tuple(row.get(name) for name in _WORDING)

    def formula(self, ref: str) -> str:
        """How its number is made, in the words of the record."""
        return str(self.key_results[ref]["trail"]["formula"])

    def inputs(self, ref: str) -> Iterator[Input]:
        """What its number was made of."""
        for row in self.key_results[ref]["trail"]["inputs"]:
            yield Input(str(row["name"]), fraction(row["value"]), str(row["source"] or ""))

    def said(self, ref: str) -> list[Json]:
        """Every check-in on it that counts, oldest first, as it is written."""
        rows: list[Json] = self.key_results[ref]["check_ins"]
        return rows


NO_SHEET = Sheet({}, {}, {}, {}, {}, {}, ())


# How the numbers came about is half of a record; it is cut out before it is parsed.
_BULK = re.compile(rb'\n  "trail": [^\n]*,\n  "check_ins": [^\n]*')
_NO_BULK = b'\n  "trail": {"formula": "", "inputs": []},\n  "check_ins": []'


def read_sheet(raw: bytes, *, deep: bool = True) -> Sheet:
    """The goals that the record `raw` tells of; `deep` with how their numbers came about.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    try:
        fields = parsed(raw if deep else _BULK.sub(_NO_BULK, raw))
        check_schema(str(fields.get("schema")), SCHEMA)
        check_record(fields, deep=deep)
        return Sheet(
            objectives=_by_id(fields["objectives"]),
            key_results=_by_id(fields["key_results"]),
            teams=_by_id(fields["teams"]),
            work={str(row["id"]): str(row["title"]) for row in fields["initiatives"]},
            notes=_texts(fields["check_ins"]),
            reasons=_texts(fields["amendments"]),
            moved=tuple(_moved(row) for row in fields["moved"]),
        )
    except FAULTS as error:
        raise SnapshotError(f"it is no record: {fault_in(error)}") from None


def _by_id(rows: list[Json]) -> dict[str, Json]:
    return {str(row["id"]): row for row in rows}


def _texts(rows: list[Json]) -> dict[str, str]:
    return {str(row["id"]): str(row.get("text", "")) for row in rows}


def _moved(row: Json) -> Moved:
    return Moved(**{**row, "day": date.fromisoformat(row["day"])})
