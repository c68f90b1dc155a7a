"""A comparison as one JSON document, `okrsite/diff/v1`: every fact of the report, nothing rounded.

Fractions are decimals, days ISO text, and what is not known is null; a goal that one side does not
have, or cannot read, has no split.
"""

from fractions import Fraction
from typing import Any

from okrsite.okr.changes.causes import Split
from okrsite.okr.changes.change import Reason, Said
from okrsite.okr.changes.declared import Unread
from okrsite.portal.data import dump, finding_json
from okrsite.reports.diff.headline import headline
from okrsite.reports.diff.report import DiffReport, End, Told
from okrsite.reports.diff.rows import Kept, Row
from okrsite.reports.diff.verdict import verdict

SCHEMA = "okrsite/diff/v1"
Json = dict[str, Any]


def as_json(report: DiffReport) -> str:
    """The whole report; one record a line."""
    return dump(
        {
            "schema": SCHEMA,
            "base": _end(report.base),
            "head": _end(report.head),
            "about": list(report.about),
            "of_two_periods": report.apart,
            "complete": not report.unread,
            "verdict": verdict(report) or None,
            "headline": headline(report).replace("\u00a0", " "),
            "causes": [_row(row) for row in report.company],
            "teams": [_row(row) for row in report.teams],
            "objectives": [_row(row) for row in report.objectives],
            "changes": [_change(told) for told in report.changes],
            "pages": {
                "added": report.pages.added,
                "edited": report.pages.edited,
                "removed": report.pages.removed,
            },
            "unchanged": _kept(report.kept),
            "unread": [_unread(each) for each in report.unread],
            "findings": {
                "new": [finding_json(finding) for finding in report.appeared],
                "gone": [finding_json(finding) for finding in report.vanished],
            },
        }
    )


def _end(end: End) -> Json:
    return {"name": end.name, "commit": end.commit or None, "as_of": end.as_of.isoformat()}


def _number(value: Fraction | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def _row(row: Row) -> Json:
    return {
        "kind": row.about.noun,
        "ref": row.about.ref,
        "title": row.about.title,
        "period": row.about.context or None,
        "presence": row.presence,
        "was": _number(row.was),
        "now": _number(row.now),
        "change": _number(row.change) if row.split else None,
        "split": _split(row.split) if row.split else None,
        "status_was": row.status_was or None,
        "status_now": row.status_now or None,
        "named_in_changes": row.own,
        "path": row.about.path,
        "line": row.about.line,
        "key_results": [_row(below) for below in row.below],
    }


def _split(split: Split) -> Json:
    return {
        "work": _number(split.work),
        "goalposts": _number(split.goalposts),
        "time": _number(split.time),
    }


def _change(told: Told) -> Json:
    change = told.change
    return {
        "rule": change.rule.id,
        "severity": str(change.severity),
        "kind": change.noun,
        "subject": change.subject,
        "title": change.title,
        "field": change.field or None,
        "was": change.was or None,
        "now": change.now or None,
        "unit": change.unit or None,
        "ease": str(change.ease),
        "part": str(change.rule.part),
        "said": [_said(said) for said in change.said],
        "amendment": _reason(change.reason) if change.reason else None,
        "note": change.note or None,
        "path": change.path,
        "line": change.line,
        "fingerprint": told.fingerprint,
        "accepted": told.accepted is not None,
        "accepted_because": told.accepted or None,
    }


def _said(said: Said) -> Json:
    return {"ref": said.ref, "was": said.was or None, "now": said.now or None}


def _reason(reason: Reason) -> Json:
    return {"id": reason.amendment, "author": reason.author or None, "reason": reason.text}


def _kept(kept: Kept) -> Json:
    return {
        "objectives": {"kept": kept.objectives, "of": kept.of_objectives},
        "key_results": {"kept": kept.key_results, "of": kept.of_key_results},
    }


def _unread(each: Unread) -> Json:
    return {
        "side": each.side,
        "subject": each.subject,
        "path": each.path,
        "line": each.line,
        "why": each.why,
    }
