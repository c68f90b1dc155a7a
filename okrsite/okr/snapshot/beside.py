"""What a record tells beside nouns and numbers: moves, the last known, sums, who spoke."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from okrsite.okr.closing import LastKnown
from okrsite.okr.guarded import is_first_word
from okrsite.okr.snapshot.tokens import Json, fraction


@dataclass(frozen=True, slots=True)
class Moved:
    """A goalpost moved on the way; `amendment` or else `commit` says where it is written."""

    day: date
    kind: str
    subject: str
    field: str
    was: str | None
    now: str | None
    turn: str
    explained: bool
    amendment: str | None
    commit: str | None


@dataclass(frozen=True, slots=True)
class TeamSummary:
    """A team's period in figures: of its own goals, not of teams below.

    `committed` and `met` count committed objectives and those of them that were achieved;
    `due` and `kept` the check-ins that the rhythm asked for and that came in time.
    """

    team: str
    objectives: int
    key_results: int
    committed: int
    met: int
    moved: int
    due: int
    kept: int


@dataclass(frozen=True, slots=True)
class Told:
    """Who spoke when and of what: `goal/kr`, `kpis/…`, `initiatives/…`."""

    day: date
    author: str | None
    team: str | None
    corrects: str | None
    refs: tuple[str, ...]

    @property
    def key_results(self) -> tuple[str, ...]:
        """The key results among them."""
        kinds = ("kpis/", "initiatives/")
        return tuple(ref for ref in self.refs if not ref.startswith(kinds))


def last_known_in(fields: Json) -> Iterator[tuple[str, LastKnown]]:
    """The key results without a closing check-in of which something was known before."""
    for row in fields["key_results"]:
        if known := row.get("last_known"):
            day = date.fromisoformat(known["date"])
            numbers = fraction(known["value"]), exact_in(known, "progress")
            yield row["id"], LastKnown(day, known["check_in"], *numbers)


def exact_in(row: Json, name: str) -> Fraction | None:
    endless = row.get("exact", {})
    return Fraction(endless[name]) if name in endless else fraction(row[name])


def moved_from(row: Json) -> Moved:
    """A moved goalpost as it is written."""
    return Moved(**{**row, "day": date.fromisoformat(row["day"])})


def goalposts(moved: Iterable[Moved]) -> tuple[Moved, ...]:
    """Those of a record's list that were moved: what a period says for the first time was not."""
    return tuple(m for m in moved if not is_first_word(m.kind, m.field, m.was))


def told_from(row: Json) -> Told:
    """Who spoke in a check-in, and of what."""
    day, who = date.fromisoformat(row["date"]), (row.get("author"), row.get("team"))
    return Told(day, *who, row.get("corrects"), tuple(_spoken_of(row)))


def _spoken_of(row: Json) -> Iterator[str]:
    yield from row.get("key_results", ())
    for kind in ("kpis", "initiatives"):
        yield from (f"{kind}/{name}" for name in row.get(kind, ()))


def _whole(value: Any) -> Any:
    return value if not isinstance(value, str) or not value.isdigit() else int(value)


def summary_from(row: Json) -> TeamSummary:
    """A team's period in figures as it is written."""
    return TeamSummary(**{key: _whole(value) for key, value in row.items()})
