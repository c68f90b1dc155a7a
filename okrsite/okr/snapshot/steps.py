"""What became of every score between two snapshots, and why; `changes.json`, written and read.

A row of the file leaves out what goes without saying: a share of 0, and `base` where it is the id.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import takewhile

from okrsite.okr.changes.causes import Split
from okrsite.okr.model import Period
from okrsite.okr.snapshot.carried import Carried, carried
from okrsite.okr.snapshot.chain import Chain
from okrsite.okr.snapshot.manifest import check_schema
from okrsite.okr.snapshot.names import Kind, Name, SnapshotError, name_of
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.shape import check_changes
from okrsite.okr.snapshot.splitting import split_between
from okrsite.okr.snapshot.tokens import FAULTS, Json, document, fault_in, fraction, is_exact, parsed

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


def step_between(base: Record, head: Record) -> Step:
    """The way from one record to another, of the same period or of two."""
    pair = carried(base, head)
    causes = split_between(pair)
    teams = {team: split for (team, _), split in causes.teams.items()}
    was, now = set(pair.base.own), set(head.own)
    return Step(
        base=base.name,
        head=head.name,
        teams=dict(_rows(pair, "teams", teams)),
        objectives=dict(_rows(pair, "objectives", causes.objectives)),
        key_results=dict(_rows(pair, "key_results", causes.key_results)),
        dropped=tuple(sorted(map(pair.earlier, was - now))),
        added=tuple(sorted(now - was)),
    )


def _rows(pair: Carried, kind: str, shares: Mapping[str, Split]) -> Iterator[tuple[str, Row]]:
    before, after = getattr(pair.base, kind), getattr(pair.head, kind)
    for ref, split in shares.items():
        base = ref if kind == "teams" else pair.earlier(ref)
        ends = before[ref].progress, after[ref].progress
        yield ref, Row(base, *ends, split.work, split.goalposts, split.time)


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
        check_changes(fields)
        return tuple(_steps(fields))
    except FAULTS as error:
        raise SnapshotError(f"it tells of no changes: {fault_in(error)}") from None


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


def wanted(name: Name, chain: Chain, periods: Mapping[str, Period]) -> tuple[Name, ...]:
    """The earlier snapshots that one is compared with when it is published.

    All of its own period, and what came of the period before: of those about as long that ended
    before it began the latest that has a closed record. `periods` are all that are known.
    """
    earlier = tuple(takewhile(lambda one: one != name, (k.manifest.name for k in chain.links)))
    own = tuple(one for one in earlier if one.period == name.period)
    here = periods.get(name.period)
    closed = [
        (frame.end, one.period, one)
        for one in earlier
        if one.kind is Kind.CLOSED and here and (frame := periods.get(one.period))
        if frame.end < here.start and _are_alike(frame, here)
    ]
    return (*own, *(one for _, _, one in sorted(closed, key=lambda row: row[:2])[-1:]))


def _are_alike(one: Period, other: Period) -> bool:
    """Whether two periods are about as long: quarters with quarters, years with years."""
    days = sorted((period.end - period.start).days + 1 for period in (one, other))
    return days[1] * 2 <= days[0] * 3


def path_between(
    base: Name, head: Name, known: Mapping[Name, tuple[Step, ...]]
) -> tuple[Step, ...]:
    """The steps from one snapshot to another: a single one, else over the closed records between.

    `known` has the steps that lead to each snapshot. Empty where no way leads there.
    """
    todo: deque[tuple[Step, ...]] = deque((step,) for step in known.get(head, ()))
    seen = {head}
    while todo:
        path = todo.popleft()
        first = path[0].base
        if first == base:
            return path
        if first.kind is Kind.CLOSED and first not in seen:
            seen.add(first)
            todo += ((step, *path) for step in known.get(first, ()))
    return ()


def total(steps: tuple[Step, ...]) -> Step:
    """Several steps as one: every cause's shares added up, of what is there all the way."""
    return reduce(_after, steps)


def _after(one: Step, two: Step) -> Step:
    rows = one.objectives
    gone = {rows[name].base for name in two.dropped if name in rows}
    new = {name for name, row in two.objectives.items() if row.base in one.added}
    return Step(
        base=one.base,
        head=two.head,
        teams=dict(_added(one.teams, two.teams)),
        objectives=dict(_added(rows, two.objectives)),
        key_results=dict(_added(one.key_results, two.key_results)),
        dropped=tuple(sorted({*one.dropped, *gone})),
        added=tuple(sorted({*two.added, *new})),
    )


def _added(one: Mapping[str, Row], two: Mapping[str, Row]) -> Iterator[tuple[str, Row]]:
    for ref, later in two.items():
        if first := one.get(later.base):
            shares = {name: getattr(first, name) + getattr(later, name) for name in _SHARES}
            yield ref, Row(first.base, first.before, later.after, **shares)


def backwards(step: Step) -> Step:
    """The way back: the same shares with the other sign."""
    return Step(
        base=step.head,
        head=step.base,
        teams=dict(_back(step.teams)),
        objectives=dict(_back(step.objectives)),
        key_results=dict(_back(step.key_results)),
        dropped=step.added,
        added=step.dropped,
    )


def _back(rows: Mapping[str, Row]) -> Iterator[tuple[str, Row]]:
    for ref, row in rows.items():
        shares = {name: -getattr(row, name) for name in _SHARES}
        yield row.base, Row(ref, row.after, row.before, **shares)
