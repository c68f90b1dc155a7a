"""The record of a snapshot, read: a period's nouns and numbers as they were frozen.

Every schema that was ever published is read for ever; a newer one is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from okrsite.okr.model import FileNoun, KeyResult, Team
from okrsite.okr.scoring import KeyResultNumbers, ObjectiveScore
from okrsite.okr.settings import Settings, read_settings
from okrsite.okr.snapshot.manifest import check_schema
from okrsite.okr.snapshot.names import Name, SnapshotError, name_of
from okrsite.okr.snapshot.nouns import restored, restored_key_result
from okrsite.okr.snapshot.numbers import (
    restored_key_result_numbers,
    restored_objective_score,
)
from okrsite.okr.snapshot.tokens import Json, fraction, parsed

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


@dataclass(frozen=True)
class Record:
    """A period on a day. `roles` tells an objective's part: own, below or above.

    `nouns` by path from the folder of content, with the SHA-256 of each file in `hashes`;
    `content` and `configuration` are paths from the top of the repository.
    `open` are the key results closed without a closing check-in, and so without data.
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

    @property
    def period(self) -> str:
        return self.name.period

    @property
    def own(self) -> tuple[str, ...]:
        """The period's own objectives."""
        return tuple(name for name, role in self.roles.items() if role == OWN)

    @property
    def company(self) -> ObjectiveScore | None:
        """The company's goals of the period as one number, if it has some."""
        teams = (noun for noun in self.nouns.values() if isinstance(noun, Team))
        top = (team.id for team in teams if team.parent is None)
        return next((self.teams[name] for name in top if name in self.teams), None)


def read_record(raw: bytes) -> Record:
    """The record that `raw` writes.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    try:
        fields = parsed(raw)
        check_schema(str(fields.get("schema")), SCHEMA)
        return _record(fields)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise SnapshotError(f"it is no record: {what}") from None


def _record(fields: Json) -> Record:
    nouns = dict(_nouns(fields))
    return Record(
        name=name_of(fields["snapshot"]),
        as_of=date.fromisoformat(fields["as_of"]),
        commit=str(fields["commit"]),
        content=str(fields["content"]),
        configuration=fields["configuration"],
        made_by=str(fields["made_by"]),
        settings=settings_from(fields),
        open=tuple(fields["open"]),
        nouns=nouns,
        hashes={row["path"]: row["sha256"] for key in LISTS.values() for row in fields[key]},
        lines={row["id"]: int(row["line"]) for row in fields["key_results"]},
        roles={row["id"]: row["role"] for row in fields["objectives"]},
        key_results={row["id"]: restored_key_result_numbers(row) for row in fields["key_results"]},
        objectives={
            row["id"]: restored_objective_score(row["id"], row) for row in fields["objectives"]
        },
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
    )


def _nouns(fields: Json) -> Iterator[tuple[str, FileNoun]]:
    rows = {row["id"]: row for row in fields["key_results"]}
    for kind, key in LISTS.items():
        for row in fields[key]:
            own: tuple[KeyResult, ...] = ()
            if kind == "objectives":
                own = tuple(restored_key_result(rows[ref]) for ref in row["key_results"])
            yield row["path"], restored(kind, row, own)


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
