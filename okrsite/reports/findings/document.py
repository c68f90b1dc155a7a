"""Findings as JSON of our own, for scripts: every field of every finding, and the counts."""

import json
from collections import Counter

from okrsite.okr.finding import Severity
from okrsite.reports.findings.entries import Entry, Report, replacement

SCHEMA = "okrsite/findings/v1"


def as_json(report: Report) -> str:
    """One document; what there is not is an empty text, a fix there is not is null."""
    kinds = Counter(entry.finding.severity for entry in report.entries)
    counts = {str(severity): kinds[severity] for severity in Severity}
    counts["files"] = len({entry.finding.path for entry in report.entries})
    counts["fixable"] = sum(entry.finding.fix is not None for entry in report.entries)
    document = {
        "schema": SCHEMA,
        "as_of": report.as_of.isoformat(),
        "findings": [_finding(entry) for entry in report.entries],
        "counts": counts,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _finding(entry: Entry) -> dict[str, object]:
    finding = entry.finding
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "hint": finding.hint,
        "fingerprint": entry.fingerprint,
        "subject": finding.subject,
        "help": entry.help,
        "fix": _fix(entry),
    }


def _fix(entry: Entry) -> dict[str, object] | None:
    found = replacement(entry)
    if found is None:
        return None
    fix, text = found
    return {
        "line": fix.line,
        "column": fix.column,
        "end_line": fix.end_line,
        "end_column": fix.end_column,
        "text": text,
    }
