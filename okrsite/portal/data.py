"""Everything as one JSON document: the same facts and numbers that the pages show.

Names and shape are those of `okrsite/v1`: fractions as decimals, days as ISO text, an unknown
value as null, and no field that is sometimes one type and sometimes another.
"""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from okrsite.okr.finding import Finding
from okrsite.okr.flow import Flow
from okrsite.okr.frontmatter import Place
from okrsite.okr.ledger import Entry
from okrsite.okr.model import Bounded, CheckIn, Initiative, Kpi, Objective, Period, Person, Team
from okrsite.okr.pipeline import Book
from okrsite.okr.portfolio import key_result_loc
from okrsite.okr.progress import keeps
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.okr.settings import Policy
from okrsite.okr.snapshot.names import RECORD
from okrsite.okr.snapshot.shelf import Kept, kept_in
from okrsite.portal.explain import expected_words, explain_key_result, sum_words

SCHEMA = "okrsite/v1"
Json = dict[str, Any]


def export(book: Book) -> Json:
    """The whole Book as plain values; what only a record tells any more is left to that."""
    portfolio = book.portfolio
    goals = [item for name, item in portfolio.objectives.items() if not book.is_archived(name)]
    results = [s for ref, s in book.scorecard.key_results.items() if not book.is_archived(ref)]
    work = portfolio.initiatives.items()
    initiatives = [item for name, item in work if not book.is_archived(f"initiatives/{name}")]
    return {
        "schema": SCHEMA,
        "as_of": book.as_of.isoformat(),
        "policy": _policy(book.settings.policy, book.settings.cadence),
        "objectives": [_objective(book, item) for item in goals],
        "key_results": [_key_result(book, score) for score in results],
        "initiatives": [_initiative(book, item) for item in initiatives],
        "kpis": [_kpi(book, item) for item in portfolio.kpis.values()],
        "teams": [_team(book, item) for item in portfolio.teams.values()],
        "people": [_person(book, item) for item in portfolio.people.values()],
        "periods": [_period(book, item) for item in portfolio.periods.values()],
        "check_ins": [_check_in(book, item) for item in book.ledger.check_ins],
        "amendments": _amendments(book),
        "findings": [finding_json(finding) for finding in book.findings],
        "only_in_snapshots": sorted(book.archived_periods),
        "snapshots": [_snapshot(kept) for kept in kept_in(book.parsed.raw, book.as_of)],
    }


_ONE_LINE = json.JSONEncoder(ensure_ascii=False)  # five times as fast as one that indents


def dump(value: Json) -> str:
    """JSON as it is published: a record a line, keys in their order, real letters."""
    fields = (f"{_ONE_LINE.encode(name)}: {_lines(item)}" for name, item in value.items())
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _lines(value: object) -> str:
    if not isinstance(value, list):
        return _ONE_LINE.encode(value)
    rows = ",\n".join(map(_ONE_LINE.encode, value))
    return f"[\n{rows}\n]" if rows else "[]"


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _policy(policy: Policy, cadence: int) -> Json:
    return {
        "cap": _number(policy.cap),
        "bounds": policy.bounds,
        "keep": policy.keep,
        "status": {
            "rule": policy.status.rule,
            "at_risk": _number(policy.status.at_risk),
            "off_track": _number(policy.status.off_track),
        },
        "parent_status": policy.parent_status,
        "cadence": cadence,
    }


def _source(book: Book, path: str, place: Place = (1, 1)) -> Json:
    return {"path": path, "line": place[0]}


def _numbers(score: KeyResultScore | ObjectiveScore) -> Json:
    return {
        "progress": _number(score.progress),
        "expected": _number(score.expected),
        "status": str(score.status),
        "projection": _number(score.projection),
        "promised": _number(score.promised),
        "confidence": _number(score.confidence),
    }


def _parts(score: ObjectiveScore) -> list[Json]:
    return [
        {
            "ref": part.ref,
            "progress": _number(part.progress),
            "weight": _number(part.weight),
            "counted": _number(part.counted),
        }
        for part in score.parts
    ]


def _objective(book: Book, item: Objective) -> Json:
    score = book.scorecard.objectives[item.id]
    return {
        "id": item.id,
        "title": item.title,
        "period": item.period or None,
        "team": item.team,
        "owner": item.owner,
        "contributors": list(item.contributors),
        "parent": item.parent,
        "supports": list(item.supports),
        "continues": item.continues,
        "ambition": str(item.ambition),
        "weight": _number(item.weight),
        "visibility": str(item.visibility),
        "tags": list(item.tags),
        "key_results": [f"{item.id}/{kr.id}" for kr in item.key_results],
        **_numbers(score),
        "score": _number(score.score),
        "grade": str(score.grade) if score.grade else None,
        "parts": _parts(score),
        "trail": sum_words(score)[0].replace("\u00a0", " "),
        "expected_trail": expected_words(score).replace("\u00a0", " "),
        **_source(book, item.path),
    }


def _key_result(book: Book, score: KeyResultScore) -> Json:
    objective = book.portfolio.objectives[score.ref.partition("/")[0]]
    kr, loc = score.asked, key_result_loc(book.portfolio, score.ref)
    place = book.portfolio.documents[objective.path].place(*loc)
    return {
        "id": score.ref,
        "title": kr.title,
        "objective": objective.id,
        "owner": kr.owner or objective.owner,
        "team": kr.team or objective.team,
        "measure": str(score.measure),
        "metric": kr.metric,
        "unit": kr.unit,
        "start": _number(kr.start),
        "target": _number(kr.target),
        **_bound(kr),
        "source": kr.source,
        "milestones": [
            {"id": m.id, "title": m.title, "weight": _number(m.weight), "due": _day(m.due)}
            for m in kr.milestones
        ],
        "done_when": kr.done_when,
        "due": _day(kr.due),
        "plan": [{"day": _day(day), "value": _number(value)} for day, value in kr.plan.items()],
        "tags": list(kr.tags),
        "value": _number(score.value),
        **_numbers(score),
        "projected_value": _number(score.projected_value),
        "weight": _number(score.weight),
        "counted": _number(score.counted),
        "said_status": score.said,
        "said_score": _number(score.said_score),
        "trail": explain_key_result(book, score).replace("\u00a0", " "),
        "check_ins": [_entry(entry) for entry in score.entries],
        **_source(book, objective.path, place),
    }


def _bound(bound: Bounded) -> Json:
    low, high = bound.between or (bound.at_least, bound.at_most)
    return {"at_least": _number(low), "at_most": _number(high)}


def _entry(entry: Entry) -> Json:
    return {
        "date": _day(entry.day),
        "check_in": entry.check_in,
        "value": _number(entry.value),
        "done": list(entry.done),
        "yes": entry.flag,
        "confidence": _number(entry.confidence),
        "status": entry.said,
        "score": _number(entry.score),
        "late": entry.late,
    }


def _initiative(book: Book, item: Initiative) -> Json:
    flow: Flow = book.flows[item.id]
    return {
        "id": item.id,
        "title": item.title,
        "team": item.team,
        "owner": item.owner,
        "contributes_to": list(item.contributes_to),
        "depends_on": list(item.depends_on),
        "start": _day(item.start),
        "due": _day(item.due),
        "tags": list(item.tags),
        "state": flow.state,
        "since": _day(flow.since),
        "blocked": flow.blocked,
        "blocked_since": _day(flow.blocked_since),
        "tasks_done": flow.tasks_done,
        "tasks": len(flow.tasks),
        "lead_days": flow.lead_days,
        "cycle_days": flow.cycle_days,
        "active_days": flow.active_days,
        "done_on": _day(flow.done_on),
        **_source(book, item.path),
    }


def _kpi(book: Book, item: Kpi) -> Json:
    reading = book.ledger.reading_on(item.id, book.as_of)
    bounded = _bound(item) != {"at_least": None, "at_most": None}
    kept = keeps(item, reading.value, book.settings.policy) if reading and bounded else None
    return {
        "id": item.id,
        "title": item.title,
        "team": item.team,
        "owner": item.owner,
        "metric": item.metric,
        "unit": item.unit,
        **_bound(item),
        "tags": list(item.tags),
        "value": _number(reading.value) if reading else None,
        "value_on": _day(reading.day) if reading else None,
        "kept": kept,
        **_source(book, item.path),
    }


def _team(book: Book, item: Team) -> Json:
    scores = {p: s for (team, p), s in book.scorecard.teams.items() if team == item.id}
    return {
        "id": item.id,
        "title": item.title,
        "parent": item.parent,
        "level": item.level,
        "lead": item.lead,
        "members": list(item.members),
        "retired_on": _day(item.retired_on),
        "tags": list(item.tags),
        "periods": [
            {"period": name, **_numbers(score), "parts": _parts(score)}
            for name, score in scores.items()
        ],
        **_source(book, item.path),
    }


def _person(book: Book, item: Person) -> Json:
    links: Mapping[str, str] = item.links
    return {
        "id": item.id,
        "title": item.title,
        "team": item.team,
        "links": [{"name": name, "href": href} for name, href in links.items()],
        "tags": list(item.tags),
        **_source(book, item.path),
    }


def _period(book: Book, item: Period) -> Json:
    return {
        "id": item.id,
        "title": item.title,
        "start": _day(item.start),
        "end": _day(item.end),
        "parent": item.parent,
        "state": str(item.state),
        "committed_on": _day(item.committed_on),
        "closed_on": _day(item.closed_on),
        "tags": list(item.tags),
        **_source(book, item.path),
    }


def _check_in(book: Book, item: CheckIn) -> Json:
    return {
        "id": item.id,
        "date": _day(item.date),
        "author": item.author,
        "team": item.team,
        "key_results": list(item.key_results),
        "kpis": list(item.kpis),
        "initiatives": list(item.initiatives),
        "corrects": item.corrects,
        "note": item.body.strip(),
        **_source(book, item.path),
    }


def _amendments(book: Book) -> list[Json]:
    changes = [change for found in book.world.goalposts.values() for change in found]
    ordered = sorted(changes, key=lambda c: (c.amendment.date, c.amendment.id))
    return [
        {
            "id": change.amendment.id,
            "date": _day(change.amendment.date),
            "author": change.amendment.author,
            "approved_by": change.amendment.approved_by,
            "subject": change.amendment.subject,
            "field": change.field,
            "was": _text(change.was),
            "now": _text(change.now),
            "reason": change.amendment.body.strip(),
            **_source(book, change.amendment.path),
        }
        for change in ordered
    ]


def _snapshot(kept: Kept) -> Json:
    """One snapshot; `sha256` is that of its manifest, `record` an address of this site."""
    return {
        "name": str(kept.name),
        "as_of": _day(kept.as_of),
        "commit": kept.manifest.commit,
        "sha256": kept.sha256,
        "record": kept.name.file(RECORD),
    }


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, Fraction):
        return str(_number(value))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(str(_text(item)) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{_text(key)}: {_text(item)}" for key, item in value.items())
    return str(value)


def finding_json(finding: Finding) -> Json:
    """One finding as plain values."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "hint": finding.hint,
        "subject": finding.subject or None,
    }


def data_files(book: Book) -> Mapping[str, bytes]:
    """What the site publishes for machines, by address."""
    return {"api/v1/okrs.json": dump(export(book)).encode()}
