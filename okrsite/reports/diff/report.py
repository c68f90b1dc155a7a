"""Two Books → one report: what changed, what that does to every number, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from okrsite.okr.changes.between import Changes, Pages, between
from okrsite.okr.changes.causes import Causes, split
from okrsite.okr.changes.change import Change
from okrsite.okr.changes.declared import Unread
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.pipeline import Book
from okrsite.okr.records import kind_of
from okrsite.reports.diff.rows import Kept, Row, Rows, in_order, moved


@dataclass(frozen=True, slots=True)
class End:
    """One of the two sides: what it is called, its commit if any, and its day."""

    name: str
    commit: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Told:
    """A change as it is reported; `accepted` is why it may be, None where nobody said so."""

    change: Change
    fingerprint: str
    accepted: str | None = None


@dataclass(frozen=True, slots=True)
class DiffReport:
    """All that a reviewer reads. Rows and changes stand with what matters most first.

    `about` says what was compared where that is no change to be merged, but snapshots; `apart`
    whether these are of two periods, of which neither moved what the other promised.
    """

    base: End
    head: End
    company: tuple[Row, ...]
    teams: tuple[Row, ...]
    objectives: tuple[Row, ...]
    quiet: int
    changes: tuple[Told, ...]
    pages: Pages
    unread: tuple[Unread, ...]
    kept: Kept
    appeared: tuple[Finding, ...]
    vanished: tuple[Finding, ...]
    standing: tuple[Row, ...]
    about: tuple[str, ...] = ()
    apart: bool = False


@dataclass(frozen=True)
class Found:
    """Two Books, what differs between them and the split of every number."""

    base: Book
    head: Book
    changes: Changes
    causes: Causes


def report(
    base: Book,
    head: Book,
    names: tuple[End, End],
    accepted: Mapping[str, str],
    unread: Iterable[Unread] = (),
    options: Iterable[Change] = (),
) -> DiffReport:
    """What there is to say of the way from `base` to `head`.

    `accepted` says by fingerprint why a change may be; `unread` is what else, beside the goals,
    could not be compared, and `options` what a site's own options changed.
    """
    found = Found(base, head, between(base, head, options), split(base, head))
    return report_of(found, names, accepted, unread)


def report_of(
    found: Found,
    names: tuple[End, End],
    accepted: Mapping[str, str],
    unread: Iterable[Unread] = (),
    about: tuple[str, ...] = (),
    apart: bool = False,
) -> DiffReport:
    """The report of what was found."""
    base, head, changes = found.base, found.head, found.changes
    rows_of = Rows(base, head, changes, found.causes)
    teams = tuple(in_order(rows_of.teams()))
    roots = {*base.portfolio.company(), *head.portfolio.company()}
    rows = tuple(in_order(rows_of.objectives()))
    told = ((each, each.fingerprint) for each in changes.changes)
    appeared, vanished = _findings(base, head)
    return DiffReport(
        base=names[0],
        head=names[1],
        company=tuple(row for row in teams if row.about.ref in roots),
        teams=tuple(row for row in teams if row.about.ref not in roots),
        objectives=tuple(row for row in rows if moved(row)),
        quiet=sum(1 for row in rows if not moved(row)),
        changes=tuple(Told(each, mark, accepted.get(mark)) for each, mark in told),
        pages=changes.pages,
        unread=(*unread, *changes.unread),
        kept=rows_of.kept(),
        appeared=appeared,
        vanished=vanished,
        standing=tuple(rows_of.standing(roots)),
        about=about,
        apart=apart,
    )


def _findings(base: Book, head: Book) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The errors and warnings that only one side has, wherever in its file each stands."""
    one = Counter(map(_essence, base.findings))
    two = Counter(map(_essence, head.findings))
    return _only(head, two - one), _only(base, one - two)


def _essence(finding: Finding) -> tuple[str, ...]:
    kind = kind_of(finding.path)
    whose = f"{kind}/{PurePosixPath(finding.path).stem}" if kind else finding.path
    return (finding.code, whose, finding.subject, finding.message)


def _only(book: Book, left: Counter[tuple[str, ...]]) -> tuple[Finding, ...]:
    found = []
    for finding in book.findings:
        key = _essence(finding)
        if left[key] and finding.severity is not Severity.INFO:
            left[key] -= 1
            found.append(finding)
    return tuple(sorted(found, key=lambda f: (f.severity is not Severity.ERROR, f.path, f.line)))
