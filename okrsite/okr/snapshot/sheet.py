"""What a record tells of each goal beside its numbers: its wording, what was said, its trail.

Read as plain values: a page shows them once, and to make nouns of them would take ten times as
long.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from okrsite.okr.model import KeyResult, Visibility
from okrsite.okr.snapshot.beside import Moved, moved_from
from okrsite.okr.snapshot.nouns import restored_key_result
from okrsite.okr.snapshot.rows import OWN, bulk_in, rows_in
from okrsite.okr.snapshot.tokens import Json, fraction

_WORDING = (
    *("title", "unit", "start", "target", "at_least", "at_most", "between", "milestones"),
    *("done_when", "from", "due", "weight"),
)


_NO_BULK: Json = {"trail": {"formula": "", "inputs": []}, "check_ins": []}


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
    each amendment. `bulk` has how the number of each key result came about, where it was read.
    """

    objectives: Mapping[str, Json]
    key_results: Mapping[str, Json]
    teams: Mapping[str, Json]
    work: Mapping[str, str]
    notes: Mapping[str, str]
    reasons: Mapping[str, str]
    moved: tuple[Moved, ...]
    bulk: Mapping[str, Json] = field(default_factory=dict)

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
        return str(self._bulk_of(ref)["trail"]["formula"])

    def inputs(self, ref: str) -> Iterator[Input]:
        """What its number was made of."""
        for row in self._bulk_of(ref)["trail"]["inputs"]:
            yield Input(str(row["name"]), fraction(row["value"]), str(row["source"] or ""))

    def said(self, ref: str) -> list[Json]:
        """Every check-in on it that counts, oldest first, as it is written."""
        rows: list[Json] = self._bulk_of(ref)["check_ins"]
        return rows

    def _bulk_of(self, ref: str) -> Json:
        return self.bulk.get(ref, _NO_BULK)


def read_sheet(raw: bytes) -> Sheet:
    """The goals that the record `raw` tells of, without how their numbers came about.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    return sheet_from(rows_in(raw, deep=False))


def with_bulk(sheet: Sheet, raw: bytes) -> Sheet:
    """The same sheet with how its numbers came about, from the record `raw` that it is of.

    Raises:
        SnapshotError: the record lacks that.
    """
    return replace(sheet, bulk=bulk_in(raw, tuple(sheet.key_results)))


def sheet_from(fields: Json) -> Sheet:
    """The goals that the rows of a record tell of."""
    return Sheet(
        objectives=_by_id(fields["objectives"]),
        key_results=_by_id(fields["key_results"]),
        teams=_by_id(fields["teams"]),
        work={str(row["id"]): str(row["title"]) for row in fields["initiatives"]},
        notes=_texts(fields["check_ins"]),
        reasons=_texts(fields["amendments"]),
        moved=tuple(map(moved_from, fields["moved"])),
    )


def _by_id(rows: list[Json]) -> dict[str, Json]:
    return {str(row["id"]): row for row in rows}


def _texts(rows: list[Json]) -> dict[str, str]:
    return {str(row["id"]): str(row.get("text", "")) for row in rows}
