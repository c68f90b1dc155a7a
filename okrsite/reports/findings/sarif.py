"""Findings in SARIF 2.1.0, for code scanning and for editors that read it."""

import json
from inspect import cleandoc
from urllib.parse import quote

from okrsite import __version__
from okrsite.okr.codes import CODES
from okrsite.okr.finding import Severity
from okrsite.okr.rules import RULES
from okrsite.reports.findings.entries import Entry, Report, replacement, told

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_TOP = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_CHECKS = {rule.code: cleandoc(rule.check.__doc__ or "") for rule in RULES}


def as_sarif(report: Report) -> str:
    """One run with a rule for every code that was found."""
    codes = sorted({entry.finding.code for entry in report.entries})
    helps = {entry.finding.code: entry.help for entry in report.entries}
    driver = {
        "name": "okrsite",
        "version": __version__,
        "rules": [_rule(code, helps[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "okrsite/check/"},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\n", "\r\n"],
        "originalUriBaseIds": {_TOP: {"description": {"text": "The top of the repository."}}},
        "results": [_result(entry, codes.index(entry.finding.code)) for entry in report.entries],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _rule(code: str, help_: str) -> dict[str, object]:
    known = CODES.get(code)
    if known is None:
        return {"id": code}
    full = _CHECKS.get(code) or known.description
    rule: dict[str, object] = {
        "id": code,
        "name": known.name,
        "shortDescription": {"text": known.description.replace("`", "")},
        "fullDescription": {"text": full.partition("\n\nWrong:")[0].replace("`", "")},
        "help": {"text": full.replace("`", ""), "markdown": full},
        "defaultConfiguration": {"level": _LEVELS[known.severity]},
    }
    if help_.startswith("http"):
        rule["helpUri"] = help_
    return rule


def _result(entry: Entry, index: int) -> dict[str, object]:
    finding = entry.finding
    place = {"startLine": finding.line, "startColumn": finding.column}
    where: dict[str, object] = {
        "physicalLocation": {"artifactLocation": _file(entry), "region": place}
    }
    if finding.subject:
        where["logicalLocations"] = [{"fullyQualifiedName": finding.subject}]
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _words(told(finding))},
        "locations": [where],
        # The second is the one that GitHub knows a finding by.
        "partialFingerprints": {
            "okrsiteFinding/v1": entry.fingerprint,
            "primaryLocationLineHash": f"{entry.fingerprint}:1",
        },
    }
    if fix := _fix(entry):
        result["fixes"] = [fix]
    return result


def _words(text: str) -> str:
    """A message in which no author can place a link."""
    return text.replace("](", "] (")


def _file(entry: Entry) -> dict[str, object]:
    return {"uri": quote(entry.finding.path), "uriBaseId": _TOP}


def _fix(entry: Entry) -> dict[str, object] | None:
    found = replacement(entry)
    if found is None:
        return None
    fix, text = found
    region = {
        "startLine": fix.line,
        "startColumn": fix.column,
        "endLine": fix.end_line,
        "endColumn": fix.end_column,
    }
    change = {"deletedRegion": region, "insertedContent": {"text": text}}
    return {
        "description": {"text": _words(entry.finding.hint or entry.finding.message)},
        "artifactChanges": [{"artifactLocation": _file(entry), "replacements": [change]}],
    }
