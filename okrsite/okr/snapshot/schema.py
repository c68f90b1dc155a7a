"""What the files of a snapshot hold, as JSON Schema for whoever reads them with another tool."""

from typing import Any

from okrsite.okr.model import Measure
from okrsite.okr.snapshot import manifest, rows, steps
from okrsite.okr.snapshot.names import PARTS, Kind
from okrsite.okr.status import Grade, Status

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_COMMIT: Schema = {"type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"}
_SNAPSHOT: Schema = {
    "type": "string",
    "pattern": "^[a-z0-9][a-z0-9_-]*/(committed|closed|mid-[0-9]{4}-[0-9]{2}-[0-9]{2})$",
}
_NUMBER: Schema = {"type": ["number", "null"]}
_SIZE: Schema = {"type": "integer", "minimum": 0}
_SHARE: Schema = {"type": "number"}
_COUNT: Schema = {"type": ["integer", "null"]}
_WORD: Schema = {"type": ["string", "null"]}
_YES_OR_NO: Schema = {"type": ["boolean", "null"]}
# Beside a decimal that has no end, the same number as a fraction.
_EXACT: Schema = {
    "type": "object",
    "additionalProperties": {"type": "string", "pattern": "^-?[0-9]+/[0-9]+$"},
}


def _maybe(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _group(fields: Schema, *, more: bool = False, optional: Schema | None = None) -> Schema:
    """An object with all of these fields; with `more`, also those that an author wrote."""
    return {
        "type": "object",
        "required": list(fields),
        "properties": {**fields, **(optional or {})},
        **({} if more else {"additionalProperties": False}),
    }


_PART = _group(
    {
        "ref": _TEXT,
        **dict.fromkeys(("progress", "expected", "weight", "counted", "projection"), _NUMBER),
    },
    optional={"exact": _EXACT},
)
_SCORES: Schema = {
    "status": {"enum": [str(status) for status in Status]},
    "grade": {"enum": [*(str(grade) for grade in Grade), None]},
    **dict.fromkeys(
        ("progress", "expected", "score", "projection", "promised", "confidence"), _NUMBER
    ),
    "parts": _list(_PART),
}
_FILE: Schema = {"id": _TEXT, "path": _TEXT, "text": _TEXT, "sha256": _SHA256}
_INPUT = _group({"name": _TEXT, "value": _NUMBER, "source": _WORD})
_SAID = {
    **{name: {"type": "number"} for name in ("value", "confidence", "said_score")},
    "done": _list(_TEXT),
    **{name: {"type": "boolean"} for name in ("yes", "late")},
    "status": _TEXT,
}
# A check-in is written with what it says, and nothing of what it does not say.
_ENTRY = {**_group({"date": _DAY, "check_in": _TEXT, **_SAID}), "required": ["date", "check_in"]}
_KEY_RESULT = _group(
    {
        "id": {"type": "string", "pattern": "^[^/]+/[^/]+$"},
        "objective": _TEXT,
        "line": {"type": "integer", "minimum": 1},
        "measure": {"enum": [str(measure) for measure in Measure]},
        "weight": {"type": "number"},
        "status": {"enum": [str(status) for status in Status]},
        "said_status": _WORD,
        **dict.fromkeys(
            (
                *("value", "progress", "counted", "expected", "said_score", "confidence"),
                *("projection", "projected_value", "promised"),
            ),
            _NUMBER,
        ),
        "trail": _group({"formula": _TEXT, "inputs": _list(_INPUT)}),
        "check_ins": _list(_ENTRY),
    },
    more=True,
    optional={
        "exact": _EXACT,
        "closing": {"type": ["object", "null"]},
        "last_known": {"type": ["object", "null"]},
    },
)
_LISTS: Schema = {
    "periods": _group(_FILE, more=True),
    "teams": _group({**_FILE, "numbers": {"type": ["object", "null"]}}, more=True),
    "people": _group(_FILE, more=True),
    "objectives": _group(
        {
            **_FILE,
            "role": {"enum": [rows.OWN, rows.BELOW, rows.ABOVE]},
            "key_results": _list(_TEXT),
            **_SCORES,
            "trail": _group({"formula": _TEXT}),
        },
        more=True,
        optional={"exact": _EXACT},
    ),
    "key_results": _KEY_RESULT,
    "initiatives": _group(
        {
            **_FILE,
            **dict.fromkeys(("state", "blocked"), _WORD),
            **dict.fromkeys(("since", "blocked_since", "done_on"), _maybe(_DAY)),
            **dict.fromkeys(("tasks_done", "tasks"), _COUNT),
            **dict.fromkeys(("lead_days", "cycle_days", "active_days"), _COUNT),
        },
        more=True,
    ),
    "kpis": _group(
        {**_FILE, "value": _NUMBER, "value_on": _maybe(_DAY), "kept": _YES_OR_NO}, more=True
    ),
    "check_ins": _group({**_FILE, "date": _DAY}, more=True),
    "amendments": _group({**_FILE, "date": _DAY, "subject": _TEXT}, more=True),
}
_MOVED = _group(
    {
        "day": _DAY,
        **dict.fromkeys(("kind", "subject", "field", "turn"), _TEXT),
        **dict.fromkeys(("was", "now", "amendment", "commit"), _WORD),
        "explained": {"type": "boolean"},
    }
)
_SUMMARY = _group(
    {
        "team": _TEXT,
        **dict.fromkeys(
            ("objectives", "key_results", "committed", "met", "moved", "due", "kept"), _SIZE
        ),
    }
)
_STAGE = _group({"name": _TEXT, "active": {"type": "boolean"}, "wip": _COUNT})


def record_schema() -> Schema:
    """The schema of `record.json`."""
    head = {
        "schema": {"const": rows.SCHEMA},
        "snapshot": _SNAPSHOT,
        "period": _TEXT,
        "kind": {"enum": [str(kind) for kind in Kind]},
        "as_of": _DAY,
        "commit": _COMMIT,
        "content": _TEXT,
        "configuration": _WORD,
        "made_by": _TEXT,
        "policy": {"type": "object"},
        "workflow": _list(_STAGE),
        "open": _list(_TEXT),
    }
    lists = {name: _list(row) for name, row in _LISTS.items()}
    tail = {"moved": _list(_MOVED), "summary": _list(_SUMMARY)}
    return _document("record of a snapshot", {**head, **lists, **tail})


def manifest_schema() -> Schema:
    """The schema of `manifest.json`."""
    part = _group({"path": {"enum": list(PARTS)}, "bytes": _SIZE, "sha256": _SHA256})
    fields = {
        "schema": {"const": manifest.SCHEMA},
        "snapshot": _SNAPSHOT,
        "as_of": _DAY,
        "commit": _COMMIT,
        "parts": _list(part),
        "previous": _maybe(_group({"snapshot": _SNAPSHOT, "sha256": _SHA256})),
    }
    return _document("manifest of a snapshot", fields)


def changes_schema() -> Schema:
    """The schema of `changes.json`."""
    names = {"added": _list(_TEXT), "dropped": _list(_TEXT)}
    shares = dict.fromkeys(("work", "goalposts", "time"), _SHARE)
    row = _group(
        {"from": _SNAPSHOT, "id": _TEXT, "before": _NUMBER, "after": _NUMBER},
        optional={"base": _TEXT, **shares, "exact": _EXACT},
    )
    fields = {
        "schema": {"const": steps.SCHEMA},
        "snapshot": _maybe(_SNAPSHOT),
        "steps": _list(_group({"from": _SNAPSHOT, **names})),
        **{kind: _list(row) for kind in ("teams", "objectives", "key_results")},
    }
    return _document("changes since earlier snapshots", fields)


def _document(title: str, fields: Schema) -> Schema:
    return {"$schema": DIALECT, "title": title, **_group(fields)}


SCHEMAS = {"snapshot": record_schema, "manifest": manifest_schema, "changes": changes_schema}
