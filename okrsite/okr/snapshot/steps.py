"""What a score did between two snapshots, and why: `changes.json`, written and read.

A row leaves out what goes without saying: a share that is 0, and `base` where it is the same id.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from okrsite.okr.changes.causes import Split
from okrsite.okr.snapshot.manifest import check_schema
from okrsite.okr.snapshot.names import Name, SnapshotError, name_of
from okrsite.okr.snapshot.tokens import Json, document, fraction, is_exact, parsed

SCHEMA = "okrsite/changes/v1"
ZERO = Fraction(0)
_ENDS = ("before", "after")
_SHARES = ("work", "goalposts", "time")


@dataclass(frozen=True, slots=True)
class Row:
    """A progress in the earlier and in the later record, None is no data, and the causes' shares.

    `base` is its id in the earlier record, which is another one where the later one `continues`
    it. The shares sum to `after` − `before` exactly, no data counting as 0.
    """

    base: str
    before: Fraction | None
    after: Fraction | None
    work: Fraction = ZERO
    goalposts: Fraction = ZERO
    time: Fraction = ZERO

    @property
    def split(self) -> Split:
        """The shares by themselves."""
        return Split(self.work, self.goalposts, self.time)


@dataclass(frozen=True)
class Step:
    """The way from one record to another: rows by the id in the later one.

    `dropped` and `added` are the period's own objectives that only the earlier and only the later
    record has.
    """

    base: Name
    head: Name
    teams: Mapping[str, Row]
    objectives: Mapping[str, Row]
    key_results: Mapping[str, Row]
    dropped: tuple[str, ...]
    added: tuple[str, ...]


_KINDS = ("teams", "objectives", "key_results")


def dump_changes(steps: Iterable[Step]) -> bytes:
    """The text of a snapshot's `changes.json`; all `steps` lead to that snapshot."""
    ordered = sorted(steps, key=lambda step: str(step.base))
    return document(
        {
            "schema": SCHEMA,
            "snapshot": str(ordered[0].head) if ordered else None,
            "steps": [
                {"from": str(s.base), "added": list(s.added), "dropped": list(s.dropped)}
                for s in ordered
            ],
            **{
                kind: [
                    _dumped(step.base, ref, row)
                    for step in ordered
                    for ref, row in sorted(getattr(step, kind).items())
                ]
                for kind in _KINDS
            },
        }
    )


def _dumped(base: Name, ref: str, row: Row) -> Json:
    ends = {name: getattr(row, name) for name in _ENDS}
    shares = {name: share for name in _SHARES if (share := getattr(row, name))}
    values = {**ends, **shares}
    endless = {
        name: f"{value.numerator}/{value.denominator}"
        for name, value in values.items()
        if value is not None and not is_exact(value)
    }
    known = {"from": str(base), "id": ref} | ({"base": row.base} if row.base != ref else {})
    return {**known, **values, **({"exact": endless} if endless else {})}


def read_changes(raw: bytes) -> tuple[Step, ...]:
    """The steps that a `changes.json` tells of.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    try:
        fields = parsed(raw)
        check_schema(str(fields.get("schema")), SCHEMA)
        return tuple(_steps(fields))
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise SnapshotError(f"it tells of no changes: {what}") from None


def _steps(fields: Json) -> Iterator[Step]:
    rows: dict[str, dict[str, dict[str, Row]]] = {
        str(step["from"]): {kind: {} for kind in _KINDS} for step in fields["steps"]
    }
    for kind in _KINDS:
        for row in fields[kind]:
            rows[row["from"]][kind][str(row["id"])] = _row(row)
    for step in fields["steps"]:
        yield Step(
            base=name_of(step["from"]),
            head=name_of(fields["snapshot"]),
            dropped=tuple(map(str, step["dropped"])),
            added=tuple(map(str, step["added"])),
            **rows[step["from"]],
        )


def _row(fields: Json) -> Row:
    endless = fields.get("exact", {})
    values = {
        name: Fraction(endless[name]) if name in endless else fraction(fields[name])
        for name in (*_ENDS, *_SHARES)
        if name in _ENDS or name in fields
    }
    return Row(base=str(fields.get("base", fields["id"])), **values)  # type: ignore[arg-type]
