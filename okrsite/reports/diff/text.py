"""A comparison as plain text for a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.harmless import harmless
from okrsite.portal.words import NBSP, shortened
from okrsite.reports.diff.headline import headline
from okrsite.reports.diff.report import DiffReport, Told
from okrsite.reports.diff.rows import Row
from okrsite.reports.diff.verdict import verdict
from okrsite.reports.diff.words import (
    SEVERITIES,
    amended_words,
    columns,
    end_words,
    heads,
    kept_words,
    label,
    listed_changes,
    quiet_words,
    row_words,
    values,
    weight_words,
)

WIDEST = 46  # of a title in a table


def as_text(report: DiffReport) -> str:
    """The whole report; what comes from authors cannot move a cursor or ring a bell."""
    return "\n".join(harmless(line) for line in _lines(report)).replace(NBSP, " ") + "\n"


def _lines(report: DiffReport) -> Iterator[str]:
    yield from report.about
    yield from filter(None, (verdict(report), headline(report)))
    if words := weight_words(report):
        yield f"{words}."
    yield from _unread(report)
    yield from _table("Company", report.company, report.apart)
    for severity, (_, many) in SEVERITIES.items():
        yield from _changes(many.capitalize(), listed_changes(report, severity), severity)
    yield from _table("Objectives", _with_below(report.objectives), report.apart)
    yield from _table("Other teams", report.teams, report.apart)
    yield from _findings("Findings that are new", report.appeared)
    yield from _findings("Findings that are gone", report.vanished)
    yield ""
    yield kept_words(report)
    if words := quiet_words(report):
        yield words
    yield end_words(report)


def _unread(report: DiffReport) -> Iterator[str]:
    if report.unread:
        yield from ("", "Could not compare")
    for each in report.unread:
        yield f"  {each.path}:{each.line} in the {each.side}: {each.why}"


def _with_below(rows: Iterable[Row]) -> list[Row]:
    return [each for row in rows for each in (row, *row.below)]


def _table(title: str, rows: Sequence[Row], apart: bool) -> Iterator[str]:
    """Rows under each other; a cause that has no share in any of them has no column."""
    if not rows:
        return
    names = columns(rows)
    cells = [(_name(row), *row_words(row, names)) for row in rows]
    head = (title, "before", "after", "points", *heads(names, apart), "status")
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    yield ""
    for line in (head, *cells):
        first, *middle, last = line
        numbers = (text.rjust(width) for text, width in zip(middle, widths[1:-1], strict=True))
        yield "  ".join((first.ljust(widths[0]), *numbers, last)).rstrip()


def _name(row: Row) -> str:
    title = shortened(harmless(row.about.title), WIDEST)
    if row.about.noun == "team":
        return f"  {title}, {row.about.context}"
    return f"    {title}" if row.about.noun == "key result" else f"  {title}"


def _changes(title: str, changes: Sequence[Told], severity: Severity) -> Iterator[str]:
    if not changes:
        return
    yield from ("", title)
    for told in changes:
        yield from _change(told, severity)


def _change(told: Told, severity: Severity) -> Iterator[str]:
    change = told.change
    words = [label(change), *filter(None, (values(change), amended_words(change)))]
    yield f"  {change.noun} {change.subject}: {', '.join(words)}"
    if change.note:
        yield f"      {change.note}"
    if change.reason:
        yield f"      “{shortened(change.reason.text, 300)}”"
    if severity is not Severity.INFO or told.accepted is not None:
        accepted = f"  accepted: {told.accepted}" if told.accepted is not None else ""
        rule = f"{change.rule.id}  {told.fingerprint}{accepted}"
        yield f"      {change.path}:{change.line}  {rule}"


def _findings(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield from ("", title)
    for finding in findings:
        yield f"  {finding}"
