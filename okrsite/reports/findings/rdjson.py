"""Findings in the diagnostic format of reviewdog, with what `--fix` would write as suggestions."""

import json

from okrsite.okr.finding import Severity
from okrsite.reports.findings.entries import Entry, Report, replacement, told
from okrsite.reports.findings.excerpt import line_of
from okrsite.reports.markup import as_comment

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def as_rdjson(report: Report) -> str:
    """One document with all findings."""
    found = [_diagnostic(entry) for entry in report.entries]
    document = {"source": {"name": "okrsite"}, "diagnostics": found}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _diagnostic(entry: Entry) -> dict[str, object]:
    finding = entry.finding
    code = {"value": finding.code}
    if entry.help.startswith("http"):
        code["url"] = entry.help
    made: dict[str, object] = {
        "message": as_comment(told(finding)),
        "location": {
            "path": finding.path,
            "range": {"start": _position(entry, finding.line, finding.column)},
        },
        "severity": _SEVERITIES[finding.severity],
        "code": code,
    }
    if found := replacement(entry):
        fix, text = found
        start = _position(entry, fix.line, fix.column)
        end = _position(entry, fix.end_line, fix.end_column)
        made["suggestions"] = [{"range": {"start": start, "end": end}, "text": text}]
    return made


def _position(entry: Entry, line: int, column: int) -> dict[str, int]:
    """A place whose column counts bytes of UTF-8, as the format asks."""
    before = (line_of(entry.text, line) or "")[: column - 1]
    beyond = column - 1 - len(before)
    return {"line": line, "column": len(before.encode("utf-8", "replace")) + beyond + 1}
