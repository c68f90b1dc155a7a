"""The record of a snapshot, read: a period's nouns and numbers as they were frozen.

Every schema that was ever published is read for ever; a newer one is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from okrsite.okr.closing import LastKnown
from okrsite.okr.flow import Flow, read_tasks
from okrsite.okr.lazily import Lazily
from okrsite.okr.model import FileNoun, KeyResult, Period, Team
from okrsite.okr.scorecard import KeyResultNumbers, ObjectiveScore
from okrsite.okr.settings import Settings, read_settings
from okrsite.okr.snapshot.beside import (
    Moved,
    TeamSummary,
    Told,
    last_known_in,
    moved_from,
    summary_from,
    told_from,
)
from okrsite.okr.snapshot.names import Name, SnapshotError, name_of
from okrsite.okr.snapshot.nouns import restored, restored_key_result
from okrsite.okr.snapshot.numbers import (
    restored_key_result_numbers,
    restored_objective_score,
)
from okrsite.okr.snapshot.rows import OWN, rows_in
from okrsite.okr.snapshot.sheet import Sheet, sheet_from
from okrsite.okr.snapshot.tokens import FAULTS, Json, fault_in, fraction

V = TypeVar("V")

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


@dataclass(frozen=True)
class Record:
    """A period on a day. `roles` tells an objective's part: own, below or above.

    `nouns` by path from the folder of content, with the SHA-256 of each file in `hashes`;
    `content` and `configuration` are paths from the top of the repository.
    `open` are the key results closed without a closing check-in, and so without data. `told` has
    who spoke of what in each check-in, by path; `flows` how each initiative went. `sheet` has the
    same goals as they are written.
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
    sheet: Sheet = field(compare=False, repr=False)

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

    @cached_property
    def on_top(self) -> Mapping[str, Team]:
        """The teams that are below no other, by their ids: as a rule one, the company."""
        teams = (self.nouns[path] for path in self.nouns if path.startswith("teams/"))
        return {team.id: team for team in teams if isinstance(team, Team) and team.parent is None}

    @property
    def company(self) -> ObjectiveScore | None:
        """The company's goals of the period as one number; None where no one team is that."""
        top = list(self.on_top)
        return self.teams.get(top[0]) if len(top) == 1 else None


def read_record(raw: bytes, *, lazily: bool = False) -> Record:
    """The record that `raw` writes.

    With `lazily` its nouns and numbers are made when they are asked for; they were looked at.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    return _checked(_record, rows_in(raw, deep=False)) if lazily else _read_whole(raw)


@lru_cache(maxsize=16)  # each record of a quarter is asked for by all that come after it
def _read_whole(raw: bytes) -> Record:
    return _checked(_whole, rows_in(raw))


def _whole(fields: Json) -> Record:
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
        last_known=dict(last_known_in(fields)),
        moved=tuple(map(moved_from, fields["moved"])),
        summary=tuple(map(summary_from, fields["summary"])),
        told={row["path"]: told_from(row) for row in fields["check_ins"]},
        flows=_lazily({row["id"]: row for row in fields["initiatives"]}, _flow),
        sheet=sheet_from(fields),
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
