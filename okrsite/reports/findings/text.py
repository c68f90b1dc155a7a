"""Findings for somebody at a terminal: the line, a caret, what is wrong, what to write instead."""

from collections.abc import Iterator
from itertools import groupby

from okrsite.okr.finding import Severity
from okrsite.okr.harmless import harmless_path
from okrsite.reports.findings.entries import WORDS, Entry, Report, verdict
from okrsite.reports.findings.excerpt import excerpt

_BOLD, _PLAIN = "1", "0"
_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "33", Severity.INFO: "36"}


def as_text(report: Report, colour: bool = False) -> str:
    """All findings by file, and a line that counts them."""
    lines: list[str] = []
    for path, group in groupby(report.entries, key=lambda entry: entry.finding.path):
        lines += [_painted(harmless_path(path), _BOLD, colour), ""]
        for entry in group:
            lines += [*_told(entry, colour), ""]
    return "\n".join([*lines, verdict(report), ""])


def _told(entry: Entry, colour: bool) -> Iterator[str]:
    finding = entry.finding
    word = _painted(WORDS[finding.severity], _COLOURS[finding.severity], colour)
    yield f"  {finding.line}:{finding.column} {word}: {finding.message}"
    shown = excerpt(entry.text, finding.line, finding.column)
    margin = " " * len(str(finding.line))
    if shown:
        caret = _painted("^", _COLOURS[finding.severity], colour)
        yield f"    {shown.number} | {shown.text}"
        yield f"    {margin} | {' ' * shown.indent}{caret}"
    if finding.hint:
        yield f"    {margin} = {finding.hint}"
    help_ = f": {entry.help}" if entry.help else ""
    mend = " (--fix mends it)" if finding.fix else ""
    yield f"    {margin} = {finding.code}{help_}{mend}"


def one_line(entry: Entry) -> str:
    """A finding on one line, the way compilers print theirs."""
    finding = entry.finding
    place = f"{harmless_path(finding.path)}:{finding.line}:{finding.column}"
    hint = f" {finding.hint}" if finding.hint else ""
    return f"{place}: {WORDS[finding.severity]} {finding.code}: {finding.message}.{hint}"


def _painted(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[{_PLAIN}m" if colour else text
