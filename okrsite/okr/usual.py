"""Fields as other tools name them → where the same thing is written here."""

from collections.abc import Iterable, Mapping

_CALLED = "`{name}` is called `%s` here."
_BELOW = "Write it as text, below the second `---`."
_CHECK_IN = "Values go in a check-in: `okrsite checkin {ref} VALUE`."
_SAID = "It is computed. How you see it goes in a check-in"
_WORK = "Work is a file of its own in `initiatives/` that names this goal in `contributes_to`."
_FROM_KPI = "Write `from:` with the KPI's id, where the number comes from a KPI."


def _table(*rows: tuple[str, str]) -> dict[str, str]:
    return {name: advice for names, advice in rows for name in names.split()}


_PROSE = _table(("description desc notes note comment comments body text details", _BELOW))
_TITLED = _PROSE | _table(("name label", _CALLED % "title"))
_EVERYWHERE = _TITLED | _table(("labels keywords categories", _CALLED % "tags"))
_OWNED = _table(
    ("lead assignee responsible accountable dri champion assigned_to", _CALLED % "owner"),
    ("department squad unit_of", _CALLED % "team"),
)
_DUE = _table(("deadline due_date duedate end end_date finish", _CALLED % "due"))
_MEASURE = _table(
    ("value current current_value actual latest progress", _CHECK_IN),
    (
        "score",
        "It is computed. How you judge the result goes in a check-in:"
        " `okrsite checkin {ref} --score 0.7`.",
    ),
    ("confidence", "A confidence goes in a check-in: `okrsite checkin {ref} VALUE -c 0.7`."),
    ("status state health rag", f"{_SAID}: `okrsite checkin {{ref}} --status at-risk`."),
    ("baseline initial start_value from_value initial_value", _CALLED % "start"),
    ("goal target_value to_value end_value objective", _CALLED % "target"),
    ("min minimum", _CALLED % "at_least"),
    ("max maximum", _CALLED % "at_most"),
    ("kpi", _FROM_KPI),
    ("type kind", "Leave it out: the fields of the measure say which one it is."),
    ("initiatives tasks projects", _WORK),
    ("priority importance", _CALLED % "weight"),
)
_OBJECTIVE = _table(
    ("objective goal", _CALLED % "title"),
    ("status state health rag", f"{_SAID} of a key result, as `status: at-risk`."),
    ("progress score value current", "It is computed from the check-ins; leave it out."),
    ("deadline due due_date end end_date start start_date", "Its `period` says from when to when."),
    ("quarter cycle timeframe time_frame", _CALLED % "period"),
    ("krs kr results keyresults measures", _CALLED % "key_results"),
    ("initiatives tasks projects", _WORK),
    ("children objectives", "A child names this one as its `parent`; leave it out."),
    ("aligned_to aligns_to parent_objective", _CALLED % "parent"),
    ("priority importance", _CALLED % "weight"),
    ("type", _CALLED % "ambition"),
)
_UPDATE = _table(
    ("current actual progress", _CALLED % "value"),
    ("note notes comment comments text reason why", _BELOW),
)
_CHECK_INS = _table(
    ("by who user person owner", _CALLED % "author"),
    ("day on as_of", _CALLED % "date"),
    ("krs results keyresults values", _CALLED % "key_results"),
    ("status confidence", "Write it beside a value: `{{value: 5, confidence: 0.7}}`."),
    ("score", "Write it beside a value: `{{value: 5, score: 0.7}}`."),
    ("title", "A check-in has none; leave it out."),
)
# By kind, and by kind and what the field stands in.
_USUAL: Mapping[str, Mapping[str, str]] = {
    "objectives": _EVERYWHERE | _OWNED | _OBJECTIVE,
    "objectives/KeyResult": _EVERYWHERE | _OWNED | _DUE | _MEASURE,
    "objectives/Milestone": _TITLED
    | _DUE
    | _table(("done status state value", "Write `done: [{id}]` for its key result in a check-in.")),
    "initiatives": _EVERYWHERE
    | _OWNED
    | _DUE
    | _table(
        ("status stage column", _CALLED % "state"),
        ("goal goals objective objectives key_results parent", _CALLED % "contributes_to"),
        ("blocked_by depends", _CALLED % "depends_on"),
        ("start_date", _CALLED % "start"),
        ("progress", "It is computed from its task list and its state; leave it out."),
    ),
    "kpis": _EVERYWHERE
    | _OWNED
    | _table(
        ("value current actual", "Values go in a check-in, under `kpis:`."),
        ("target goal min max", "A KPI has a bound: `at_least`, `at_most` or `between`."),
    ),
    "teams": _EVERYWHERE
    | _table(
        ("owner manager leader head", _CALLED % "lead"),
        ("people", _CALLED % "members"),
        ("parent_team part_of", _CALLED % "parent"),
    ),
    "people": _EVERYWHERE | _table(("department squad", _CALLED % "team")),
    "periods": _EVERYWHERE
    | _table(
        ("start_date begin from", _CALLED % "start"),
        ("end_date due finish to", _CALLED % "end"),
        ("status", _CALLED % "state"),
    ),
    "check-ins": _PROSE | _CHECK_INS,
    "check-ins/Update": _UPDATE,
    "check-ins/Move": _table(
        ("status value stage", _CALLED % "state"),
        ("note notes comment text", _BELOW),
    ),
    "amendments": _PROSE
    | _table(
        ("reason why because", _BELOW),
        ("old from before", _CALLED % "was"),
        ("new to after", _CALLED % "now"),
        ("by who owner", _CALLED % "author"),
        ("objective key_result goal", _CALLED % "subject"),
    ),
}


def usual(place: str, name: str, fields: Iterable[str], ref: str, own: str) -> str:
    """What to do about the field `name` in a `place`, where other tools have one; else nothing.

    `ref` is the reference of what it stands in, `own` the last part of it.
    """
    key = name.strip().casefold().replace("-", "_").replace(" ", "_")
    advice = "" if key in fields else _USUAL.get(place, {}).get(key, "")
    return advice.format(name=name[:40], ref=ref, id=own)
