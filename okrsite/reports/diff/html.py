"""A comparison as one file for a browser: no script, nothing fetched, everything escaped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.harmless import harmless
from okrsite.portal.literal import coded
from okrsite.portal.theme import render
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
    is_silent,
    kept_words,
    label,
    listed_changes,
    quiet_words,
    row_words,
    status_words,
    values,
    weight_words,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what it is of, its numbers in the order of the columns, its status."""

    noun: str
    title: str
    context: str
    ref: str
    numbers: tuple[str, ...]
    status: str
    mark: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title; `columns` are the heads of their numbers."""

    title: str
    anchor: str
    columns: tuple[str, ...]
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One change: what happened to what, whether it is explained, where, and how to accept it."""

    what: str
    subject: str
    noun: str
    title: str
    values: str
    amended: str
    silent: bool
    reason: str
    note: str
    place: str
    rule: str
    fingerprint: str
    accepted: str


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one weight."""

    title: str
    mark: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding that only one side has, or what could not be compared."""

    kind: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """Remarks under a title."""

    title: str
    items: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class DiffView:
    """What the template sees."""

    about: str
    verdict: str
    headline: str
    counted: str
    unread: tuple[Remark, ...]
    company: tuple[Table, ...]
    grave: tuple[Group, ...]
    tables: tuple[Table, ...]
    notes: tuple[Group, ...]
    remarks: tuple[Remarks, ...]
    kept: str
    ends: str


def as_html(report: DiffReport) -> str:
    """The whole report, however long."""
    weights = weight_words(report)
    below = [each for row in report.objectives for each in (row, *row.below)]
    view = DiffView(
        about=harmless(" ".join(report.about)),
        verdict=verdict(report),
        headline=harmless(headline(report)),
        counted=f"{weights}." if weights else "",
        unread=tuple(
            Remark(each.side, coded(harmless(each.why)), f"{harmless(each.path)}:{each.line}")
            for each in report.unread
        ),
        company=tuple(_tables({"Company": report.company}, report.apart)),
        grave=tuple(_groups(report, Severity.ERROR, Severity.WARNING)),
        tables=tuple(_tables({"Objectives": below, "Other teams": report.teams}, report.apart)),
        notes=tuple(_groups(report, Severity.INFO)),
        remarks=(
            _remarks("New findings", report.appeared),
            _remarks("Findings that are gone", report.vanished),
        ),
        kept=" ".join(filter(None, (kept_words(report), quiet_words(report)))),
        ends=harmless(end_words(report)),
    )
    return render("diff", view)


def _tables(titles: Mapping[str, Sequence[Row]], apart: bool) -> Iterator[Table]:
    for title, rows in titles.items():
        if rows:
            yield _table(title, rows, apart)


def _table(title: str, rows: Sequence[Row], apart: bool) -> Table:
    names = columns(rows)
    columns_ = ("before", "after", "points", *heads(names, apart))
    anchor = title.lower().replace(" ", "-")
    return Table(title, anchor, columns_, tuple(_line(row, names) for row in rows))


def _line(row: Row, causes: tuple[str, ...]) -> Line:
    return Line(
        noun=row.about.noun.replace(" ", "-"),
        title=harmless(row.about.title),
        context=harmless(row.about.context) if row.about.noun != "key result" else "",
        ref=harmless(row.about.ref),
        numbers=row_words(row, causes)[:-1],
        status=status_words(row),
        mark=row.status_now or row.status_was,
    )


def _groups(report: DiffReport, *weights: Severity) -> Iterator[Group]:
    for severity in weights:
        if changes := listed_changes(report, severity):
            yield _group(severity, changes)


def _group(severity: Severity, changes: Sequence[Told]) -> Group:
    one, many = SEVERITIES[severity]
    title = f"{len(changes)} {one if len(changes) == 1 else many}"
    return Group(title, str(severity), tuple(map(_item, changes)))


def _item(told: Told) -> Item:
    change = told.change
    return Item(
        what=label(change),
        subject=harmless(change.subject),
        noun=change.noun,
        title=harmless(change.title),
        values=harmless(values(change)),
        amended=harmless(amended_words(change)),
        silent=is_silent(change),
        reason=harmless(change.reason.text) if change.reason else "",
        note=coded(harmless(f"{change.note[:1].upper()}{change.note[1:]}")),
        place=f"{harmless(change.path)}:{change.line}",
        rule=change.rule.id,
        fingerprint=told.fingerprint,
        accepted="" if told.accepted is None else harmless(f"accepted: {told.accepted}"),
    )


def _remarks(title: str, findings: Sequence[Finding]) -> Remarks:
    return Remarks(
        f"{title} ({len(findings)})",
        tuple(
            Remark(
                f"{finding.severity} {finding.code}",
                coded(harmless(f"{finding.message}. {finding.hint}".strip())),
                f"{harmless(finding.path)}:{finding.line}",
            )
            for finding in findings
        ),
    )
