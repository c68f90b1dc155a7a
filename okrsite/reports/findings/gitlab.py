"""Findings as a Code Quality report of GitLab, which shows them beside a change."""

import json

from okrsite.okr.finding import Severity
from okrsite.reports.findings.entries import Entry, Report, told

# GitLab shows nothing at all for a report whose entries have no severity of its own words.
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def as_gitlab(report: Report) -> str:
    """One list of all findings; without any, the empty list that tells GitLab they are mended."""
    return json.dumps([_issue(e) for e in report.entries], ensure_ascii=False, indent=1) + "\n"


def _issue(entry: Entry) -> dict[str, object]:
    finding = entry.finding
    return {
        "description": told(finding),
        "check_name": finding.code,
        "fingerprint": entry.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": finding.path, "lines": {"begin": finding.line}},
    }
