"""What every field means, in the handbook's words: for schemas and forms."""

from collections.abc import Mapping

from okrsite.okr import model

_TAGS = "your own keywords"

MEANING: Mapping[type[model.Noun], Mapping[str, str]] = {
    model.Period: {
        "title": "what it is called",
        "start": "the first day",
        "end": "the last day",
        "parent": "the longer period it lies in",
        "state": "a draft is still being written; committed goals are watched for being late; "
        "a closed period has results",
        "committed_on": "when it was agreed; from then on a changed goal is a moved goalpost",
        "closed_on": "when it was closed; check-ins up to this day count",
        "tags": _TAGS,
    },
    model.Team: {
        "title": "what it is called",
        "parent": "the team it is part of",
        "level": "your own word for what it is, for example `department`; shown above the title",
        "lead": "who leads it",
        "members": "who is in it",
        "retired_on": "the day it ended; it stays in the periods it lived in",
        "tags": _TAGS,
    },
    model.Person: {
        "title": "the name as it is shown",
        "team": "where they work",
        "links": "each address begins with `https://`, `http://` or `mailto:`",
        "tags": _TAGS,
    },
    model.Objective: {
        "title": "where to, in words people remember",
        "period": "when",
        "team": "whose goal it is",
        "owner": "who reports on it",
        "contributors": "other teams that help",
        "parent": "the one goal this one makes come true: the cascade",
        "supports": "other goals it helps; shown, and never part of a number",
        "ambition": "committed goals need a score of 1.0; aspirational ones are good from 0.7 on",
        "weight": "how much it counts in its parent and in its team",
        "progress_from": "what its progress is made of",
        "continues": "the goal of an earlier period that this one carries on",
        "tags": _TAGS,
        "visibility": "unlisted: left out of lists, search and navigation. Not a secret",
        "key_results": "what shows that it was reached",
    },
    model.KeyResult: {
        "id": "unique within its objective",
        "title": "what gets better",
        "owner": "who reports on it",
        "team": "which team moves it",
        "weight": "how much it counts in its objective",
        "due": "when it should be reached; within the period",
        "plan": "the values expected on the way from start to target",
        "tags": _TAGS,
        "metric": "what exactly is counted",
        "unit": 'the unit of its values: `"%"`, `h`, `clinics`',
        "start": "measured: the value at the beginning, the baseline",
        "target": "measured: the value to reach",
        "at_least": "kept within a bound: never below",
        "at_most": "kept within a bound: never above",
        "between": "kept within a bound: never outside",
        "milestones": "milestones: the steps",
        "done_when": "yes or no: what must be true",
        "from": "from other work: where the number comes from",
    },
    model.Milestone: {
        "id": "unique within its key result",
        "title": "what is there when it is done",
        "weight": "its part of the whole",
        "due": "when it should be done; within the period",
    },
    model.Initiative: {
        "title": "what is being done",
        "team": "who does it",
        "owner": "who answers for it",
        "contributes_to": "what it is for",
        "start": "when it is to begin",
        "due": "when it is to be done",
        "state": "where it stood before any check-in spoke of it",
        "depends_on": "what must be done before",
        "tags": _TAGS,
    },
    model.Kpi: {
        "title": "what it is called",
        "team": "who watches it",
        "owner": "who reports on it",
        "unit": "the unit of its values",
        "metric": "what exactly is counted",
        "at_least": "healthy from here up",
        "at_most": "healthy up to here",
        "between": "healthy within",
        "tags": _TAGS,
    },
    model.CheckIn: {
        "date": "the day these values are true for",
        "author": "who says it",
        "team": "in whose name, where it is said for a team",
        "key_results": "the numbers",
        "kpis": "the health metrics",
        "initiatives": "where the work stands",
        "corrects": "an earlier check-in whose values were wrong",
    },
    model.Update: {
        "value": "the value; `{value: 78}` and a bare `78` mean the same",
        "confidence": "how sure you are that the target will be reached",
        "status": "how you see it; shown next to the computed status, and `dropped` ends the goal",
        "done": "milestones reached; they stay reached",
        "score": "how you judge the result yourself, 0 to 1; shown next to the computed score",
    },
    model.Move: {
        "state": "where it stands now",
        "blocked": "why it cannot go on; a later check-in of it without `blocked` ends the block",
    },
    model.Amendment: {
        "date": "the new value holds from this day on",
        "author": "who changed it",
        "subject": "what was changed",
        "field": "which field of it; see what can be amended",
        "was": "the value before",
        "now": "the value from then on; the goal's own file says the same",
        "approved_by": "who agreed",
    },
}

# By the name of a field, wherever it stands.
EXAMPLES: Mapping[str, tuple[object, ...]] = {
    "at_least": (99.9,),
    "at_most": (30,),
    "between": ([4, 5],),
    "confidence": (0.6,),
    "contributes_to": (["improve-quality/escaped-bugs"],),
    "done": (["beta"],),
    "done_when": ("The auditors sign the report",),
    "from": ("objectives", "initiatives", "uptime"),
    "initiatives": ({"refactor-core": "doing"},),
    "key_results": ({"improve-quality/escaped-bugs": 96},),
    "kpis": ({"uptime": 99.95},),
    "links": ({"Mail": "mailto:ana@example.com"},),
    "owner": ("ana", "Ana Berg"),
    "parent": ("improve-quality",),
    "plan": ({"2026-07-31": 150, "2026-08-31": 138},),
    "start": (180, "unknown"),
    "subject": ("improve-quality/escaped-bugs",),
    "target": (126, "unknown"),
    "unit": ("%", "bugs a month"),
    "weight": (2,),
}


def meaning(noun: type[model.Noun], name: str) -> str:
    """What the field `name` of `noun` means."""
    return MEANING[noun][name]


def fields_of(noun: type[model.Noun]) -> tuple[str, ...]:
    """The fields an author may write, by the names they are written, in the handbook's order."""
    return tuple(MEANING[noun])
