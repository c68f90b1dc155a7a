"""Findings as the tests of a JUnit report, which most CI servers show."""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from okrsite.okr.codes import CODES
from okrsite.okr.harmless import harmless
from okrsite.reports.findings.entries import Entry, Report, told


def as_junit(report: Report) -> str:
    """One suite; what makes the run fail has failed, every other finding is a skipped test."""
    failed = [entry for entry in report.entries if report.fails(entry)]
    suite = Element("testsuite", name="okrsite check")
    suite.set("tests", str(len(report.entries) or 1))
    suite.set("failures", str(len(failed)))
    suite.set("errors", "0")
    suite.set("skipped", str(len(report.entries) - len(failed)))
    for name, entry in _named(report.entries):
        case = SubElement(suite, "testcase", name=name, classname=harmless(entry.finding.path))
        kind = "failure" if report.fails(entry) else "skipped"
        note = SubElement(case, kind, type=entry.finding.code, message=entry.finding.message)
        note.text = f"{_place(entry)}: {told(entry.finding)}"
    if not report.entries:
        SubElement(suite, "testcase", name=harmless(report.clean), classname="okrsite check")
    indent(suite, " ")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{tostring(suite, encoding='unicode')}\n"


def _named(found: tuple[Entry, ...]) -> Iterator[tuple[str, Entry]]:
    """Each entry with a name that the next run gives it too; servers drop a name's second test."""
    seen: Counter[tuple[str, str]] = Counter()
    for entry in found:
        finding = entry.finding
        known = CODES.get(finding.code)
        name = " ".join(filter(None, (finding.code, known.name if known else "", finding.subject)))
        seen[finding.path, name] += 1
        number = seen[finding.path, name]
        yield name if number == 1 else f"{name} ({number})", entry


def _place(entry: Entry) -> str:
    return f"{harmless(entry.finding.path)}:{entry.finding.line}:{entry.finding.column}"
