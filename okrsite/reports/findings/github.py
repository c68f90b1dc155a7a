"""Findings as workflow commands of GitHub Actions, which become annotations of a change.

GitHub keeps ten annotations of each kind that a step makes and drops the rest without a word. So
the last one that it keeps says how many there are besides, and all of them are in the log.
"""

from collections.abc import Iterator

from okrsite.okr.codes import CODES
from okrsite.okr.finding import Severity
from okrsite.portal.words import count
from okrsite.reports.findings.entries import WORDS, Entry, Report, by_weight, told, verdict
from okrsite.reports.findings.text import one_line

KEPT = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_github(report: Report, summary: bool) -> str:
    """Commands, the errors first, and below them in plain lines what GitHub would drop.

    `summary` says that the summary of the job has them all.
    """
    groups = by_weight(report.entries)
    lines = [row for weight, found in groups.items() for row in _commands(weight, found, summary)]
    rest = [one_line(entry) for found in groups.values() for entry in found[KEPT:]]
    return "\n".join([*lines, *rest, verdict(report), ""])


def _commands(weight: Severity, found: tuple[Entry, ...], summary: bool) -> Iterator[str]:
    for number, entry in enumerate(found[:KEPT], start=1):
        message = told(entry.finding)
        if number == KEPT and len(found) > KEPT:
            more = count(len(found) - KEPT, f"more {WORDS[weight]}").replace("\u00a0", " ")
            where = "the summary of this job" if summary else "the log of this step"
            message += f"\n{more} could not be shown here: see {where}."
        yield _command(_COMMANDS[weight], entry, message)


def _command(name: str, entry: Entry, message: str) -> str:
    finding = entry.finding
    known = CODES.get(finding.code)
    fields = {
        "file": finding.path,
        "line": str(finding.line),
        "col": str(finding.column),
        "title": f"{finding.code} {known.name}" if known else finding.code,
    }
    told_ = ",".join(f"{key}={_field(value)}" for key, value in fields.items())
    return f"::{name} {told_}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _field(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
