"""The record of a snapshot, read: a period's nouns and numbers as they were frozen.

Every schema that was ever published is read for ever; a newer one is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

from okrsite.okr.flow import Flow, read_tasks
from okrsite.okr.lazily import Lazily
from okrsite.okr.model import FileNoun, KeyResult, Period, Team
from okrsite.okr.scoring import KeyResultNumbers, ObjectiveScore
from okrsite.okr.settings import Settings, read_settings
from okrsite.okr.snapshot.manifest import check_schema
from okrsite.okr.snapshot.names import Name, SnapshotError, name_of
from okrsite.okr.snapshot.nouns import restored, restored_key_result
from okrsite.okr.snapshot.numbers import (
    restored_key_result_numbers,
    restored_objective_score,
)
from okrsite.okr.snapshot.shape import check_record
from okrsite.okr.snapshot.tokens import FAULTS, Json, fault_in, fraction, parsed

V = TypeVar("V")

SCHEMA = "okrsite/snapshot/v1"
# The lists of nouns with a file each, by their kind in the folder.
LISTS: Mapping[str, str] = {
    "periods": "periods",
    "teams": "teams",
    "people": "people",
    "objectives": "objectives",
    "initiatives": "initiatives",
    "kpis": "kpis",
    "check-ins": "check_ins",
    "amendments": "amendments",
}
OWN, BELOW, ABOVE = "own", "below", "above"


@dataclass(frozen=True, slots=True)
class LastKnown:
    """What was known last of a key result without a closing check-in."""

    day: date
    value: Fraction | None
    progress: Fraction | None


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


@dataclass(frozen=True)
class Record:
    """A period on a day. `roles` tells an objective's part: own, below or above.

    `nouns` by path from the folder of content, with the SHA-256 of each file in `hashes`;
    `content` and `configuration` are paths from the top of the repository.
    `open` are the key results closed without a closing check-in, and so without data. `told` has
    who spoke of what in each check-in, by path; `flows` how each initiative went.
    """

    name: Name
    as_of: date
    commit: str
    content: str
    configuration: str | None
    made_by: str
    settings: Settings
    open: tuple[str, ...]
    nouns: Mapping[str, FileNoun]
    hashes: Mapping[str, str]
    lines: Mapping[str, int]
    roles: Mapping[str, str]
    key_results: Mapping[str, KeyResultNumbers]
    objectives: Mapping[str, ObjectiveScore]
    teams: Mapping[str, ObjectiveScore]
    last_known: Mapping[str, LastKnown]
    moved: tuple[Moved, ...]
    summary: tuple[TeamSummary, ...]
    told: Mapping[str, Told]
    flows: Mapping[str, Flow]

    @property
    def frame(self) -> Period | None:
        """The period itself, as it was then."""
        own = (self.nouns[path] for path in self.nouns if path.startswith("periods/"))
        return next((p for p in own if isinstance(p, Period) and p.id == self.period), None)

    @property
    def period(self) -> str:
        return self.name.period

    @property
    def own(self) -> tuple[str, ...]:
        """The period's own objectives."""
        return tuple(name for name, role in self.roles.items() if role == OWN)

    def is_own(self, ref: str) -> bool:
        """Whether an objective or a key result is one of the period's own."""
        return self.roles.get(ref.partition("/")[0]) == OWN

    @property
    def company(self) -> ObjectiveScore | None:
        """The company's goals of the period as one number, if it has some."""
        teams = (noun for noun in self.nouns.values() if isinstance(noun, Team))
        top = (team.id for team in teams if team.parent is None)
        return next((self.teams[name] for name in top if name in self.teams), None)


# Half of a record is how its numbers came about, which no page of a closed quarter asks for.
_BULK = re.compile(rb'\n  "trail": [^\n]*,\n  "check_ins": [^\n]*')
_NO_BULK = b'\n  "check_ins": []'


def read_record(raw: bytes, *, lazily: bool = False) -> Record:
    """The record that `raw` writes.

    With `lazily` its nouns and numbers are made when they are asked for; they were looked at.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    return _checked(_read_lazily if lazily else _read_whole, raw)


def _read_lazily(raw: bytes) -> Record:
    fields = parsed(_BULK.sub(_NO_BULK, raw))
    check_schema(str(fields.get("schema")), SCHEMA)
    check_record(fields, deep=False)
    return _record(fields)


@lru_cache(maxsize=16)  # each record of a quarter is asked for by all that come after it
def _read_whole(raw: bytes) -> Record:
    fields = parsed(raw)
    check_schema(str(fields.get("schema")), SCHEMA)
    check_record(fields, deep=True)
    found = _record(fields)
    return replace(
        found,
        nouns=dict(found.nouns),
        key_results=dict(found.key_results),
        objectives=dict(found.objectives),
        flows=dict(found.flows),
    )


def _checked(make: Callable[[Any], V], value: Any) -> V:
    try:
        return make(value)
    except FAULTS as error:
        raise SnapshotError(f"it is no record: {fault_in(error)}") from None


def _lazily(rows: Mapping[str, Any], make: Callable[[Any], V]) -> Mapping[str, V]:
    return Lazily(rows, lambda row: _checked(make, row))


def _record(fields: Json) -> Record:
    results = {row["id"]: row for row in fields["key_results"]}
    goals = {row["id"]: row for row in fields["objectives"]}
    files = {row["path"]: (kind, row) for kind, key in LISTS.items() for row in fields[key]}
    return Record(
        name=name_of(fields["snapshot"]),
        as_of=date.fromisoformat(fields["as_of"]),
        commit=str(fields["commit"]),
        content=str(fields["content"]),
        configuration=fields["configuration"],
        made_by=str(fields["made_by"]),
        settings=settings_from(fields),
        open=tuple(fields["open"]),
        nouns=_lazily(files, lambda file: _noun(file, results)),
        hashes={path: row["sha256"] for path, (_, row) in files.items()},
        lines={ref: int(row["line"]) for ref, row in results.items()},
        roles={name: row["role"] for name, row in goals.items()},
        key_results=_lazily(results, restored_key_result_numbers),
        objectives=_lazily(goals, lambda row: restored_objective_score(row["id"], row)),
        teams={
            row["id"]: restored_objective_score(row["id"], row["numbers"])
            for row in fields["teams"]
            if row["numbers"]
        },
        last_known=dict(_last_known(fields)),
        moved=tuple(_moved(row) for row in fields["moved"]),
        summary=tuple(
            TeamSummary(**{key: _whole(value) for key, value in row.items()})
            for row in fields["summary"]
        ),
        told={row["path"]: _told(row) for row in fields["check_ins"]},
        flows=_lazily({row["id"]: row for row in fields["initiatives"]}, _flow),
    )


def _noun(file: tuple[str, Json], results: Mapping[str, Json]) -> FileNoun:
    kind, row = file
    own: tuple[KeyResult, ...] = ()
    if kind == "objectives":
        own = tuple(restored_key_result(results[ref]) for ref in row["key_results"])
    return restored(kind, row, own)


def _flow(row: Json) -> Flow:
    """How an initiative went; what was done at once is not known to have begun before."""
    done, cycle = _day(row["done_on"]), _days(row["cycle_days"])
    return Flow(
        state=row["state"],
        since=_day(row["since"]),
        blocked=row["blocked"],
        blocked_since=_day(row["blocked_since"]),
        lead_days=_days(row["lead_days"]),
        cycle_days=cycle,
        active_days=_days(row["active_days"]),
        done_on=done,
        started_on=done - timedelta(cycle - 1) if done and cycle else None,
        tasks=read_tasks(row.get("text", "")),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _days(value: str | None) -> int | None:
    return None if value is None else int(value)


def _told(row: Json) -> Told:
    day, who = date.fromisoformat(row["date"]), (row.get("author"), row.get("team"))
    return Told(day, *who, row.get("corrects"), tuple(_spoken_of(row)))


def _spoken_of(row: Json) -> Iterator[str]:
    yield from row.get("key_results", ())
    for kind in ("kpis", "initiatives"):
        yield from (f"{kind}/{name}" for name in row.get(kind, ()))


def _last_known(fields: Json) -> Iterator[tuple[str, LastKnown]]:
    for row in fields["key_results"]:
        if known := row.get("last_known"):
            day = date.fromisoformat(known["date"])
            numbers = fraction(known["value"]), _exact(known, "progress")
            yield row["id"], LastKnown(day, *numbers)


def _exact(row: Json, name: str) -> Fraction | None:
    endless = row.get("exact", {})
    return Fraction(endless[name]) if name in endless else fraction(row[name])


def _moved(row: Json) -> Moved:
    return Moved(**{**row, "day": date.fromisoformat(row["day"])})


def _whole(value: Any) -> Any:
    return value if not isinstance(value, str) or not value.isdigit() else int(value)


def settings_fields(settings: Settings) -> Json:
    """The policies under which numbers were made, by their published names."""
    policy = settings.policy
    return {
        "policy": {
            "cap": policy.cap,
            "bounds": policy.bounds,
            "keep": policy.keep,
            "status": {
                "rule": policy.status.rule,
                "at_risk": policy.status.at_risk,
                "off_track": policy.status.off_track,
            },
            "parent_status": policy.parent_status,
            "cadence": settings.cadence,
        },
        "workflow": [
            {"name": stage.name, "active": stage.active, "wip": stage.wip}
            for stage in settings.workflow
        ],
    }


def settings_from(fields: Mapping[str, Any]) -> Settings:
    """The policies from what `settings_fields` gave.

    Raises:
        ValueError, KeyError: they are none.
    """
    policy = dict(fields["policy"])
    cadence = int(policy.pop("cadence"))
    rule = dict(policy["status"])
    rule |= {name: fraction(rule[name]) for name in ("at_risk", "off_track")}
    policy |= {"status": rule, "cap": fraction(policy["cap"]) or "none"}
    stages = [
        {"name": row["name"], "active": row["active"], "wip": _wip(row["wip"])}
        for row in fields["workflow"]
    ]
    raw = {"cadence": cadence, "policy": policy, "workflow": stages}
    settings, faults = read_settings(raw)
    if faults:
        raise ValueError(faults[0].message)
    return settings


def _wip(value: object) -> int | None:
    return None if value is None else int(str(value))
