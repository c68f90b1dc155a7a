"""The one sentence to read of a comparison: what becomes of the company's score, and why."""

from collections import Counter

from okrsite.portal.words import fixed, listed, shortened
from okrsite.reports.diff.report import DiffReport
from okrsite.reports.diff.rows import GONE, NEW, THERE, UNREAD, Row
from okrsite.reports.diff.words import (
    because,
    counted,
    now_words,
    progress,
    shown_change,
    status_words,
    was_words,
)


def headline(report: DiffReport) -> str:
    """The sentence to read when one reads nothing else."""
    first = _unread(report)
    return f"{first} {_numbers(report)}".strip() if first else _numbers(report)


def _unread(report: DiffReport) -> str:
    if not report.unread:
        return ""
    paths = dict.fromkeys(each.path for each in report.unread)
    first = [shortened(path, 200) for path in list(paths)[:3]]
    named = listed([*first, *([f"{len(paths) - 3} more"] if len(paths) > 3 else [])])
    return f"Could not compare everything: {named} cannot be read as a whole."


def _numbers(report: DiffReport) -> str:
    row = _foremost(report)
    if row is not None:
        return _company(report, row)
    stands = _stands(report)
    if report.objectives:
        return f"{stands}{_objectives(report, bool(stands))}"
    if report.quiet or report.kept.key_results < report.kept.of_key_results:
        return f"No score changes, only what is told beside it. {_summary(report)}".strip()
    if not report.changes and not report.pages.total:
        if report.appeared or report.vanished:
            return "No number changes, but what is found to be wrong does."
        return "Nothing changes: both sides say the same." if not report.unread else ""
    return f"No number changes: {_summary(report)}"


def _subject(report: DiffReport) -> str:
    if not report.about:
        return "This change"
    back = report.base.as_of > report.head.as_of
    if back or report.apart:
        return f"Going{' back' if back else ''} from {report.base.name} to {report.head.name}"
    return f"What happened since {report.base.name}"


def _foremost(report: DiffReport) -> Row | None:
    """The company's row that moved and matters most: that of the present period."""
    moved = [row for row in report.company if row.change or because(row) or _is_one_sided(row)]
    here = {(row.about.ref, row.about.context) for row in report.standing}
    return next((row for row in moved if (row.about.ref, row.about.context) in here), None) or next(
        iter(moved), None
    )


def _is_one_sided(row: Row) -> bool:
    return row.presence != THERE


def _company(report: DiffReport, row: Row) -> str:
    several = len({(each.about.ref, each.about.context) for each in report.company}) > 1
    where = f" ({row.about.context})" if several else ""
    whose = (
        f"{row.about.title}’s score{where}" if _roots(report) > 1 else f"the company’s score{where}"
    )
    words = because(row, report.apart)
    why = f": {words}" if words else ""
    subject = _subject(report)
    if row.presence == NEW:
        return f"{subject} brings {whose} into being, at {now_words(row)}."
    if row.presence == GONE:
        return f"{subject} ends {whose}, which stood at {was_words(row)}."
    if not row.change:
        end = " cancel out" if why else ""
        return f"{subject} leaves {whose} at {progress(row.now)}{why}{end}."
    verb = "raises" if row.change > 0 else "lowers"
    shown = shown_change(row)
    by = f"by {fixed(abs(shown) * 100, 1)} points" if shown else "by less than 0.1 points"
    ends = f"from {was_words(row)} to {now_words(row)}"
    return f"{subject} {verb} {whose} {by}, {ends}{why}."


def _roots(report: DiffReport) -> int:
    return len({row.about.ref for row in (*report.company, *report.standing)})


def _stands(report: DiffReport) -> str:
    if len(report.standing) != 1:
        return ""
    return f"The company’s score stays at {progress(report.standing[0].now)}, but "


def _objectives(report: DiffReport, later: bool) -> str:
    rows, subject = report.objectives, _subject(report)
    if len(rows) == 1:
        return (
            f"{'' if later else f'{subject} moves one objective: '}{_one(rows[0], report.apart)}."
        )
    first = f"{subject[:1].lower()}{subject[1:]}" if later else subject
    return f"{first} moves {len(rows)} objectives, most of all {_one(rows[0], report.apart)}."


def _one(row: Row, apart: bool) -> str:
    name = f"“{shortened(row.about.title)}”"
    if row.presence == NEW:
        return f"{name} is new, at {progress(row.now)}"
    if row.presence == GONE:
        return f"{name} is gone, which stood at {progress(row.was)}"
    if row.presence == UNREAD:
        return f"{name}, which cannot be read on one side"
    words = because(row, apart)
    why = f" ({words})" if words else ""
    if not row.change:
        return f"{name}, which stays at {progress(row.now)}{why or f': {status_words(row)}'}"
    return f"{name} goes from {progress(row.was)} to {progress(row.now)}{why}"


_PHRASES = {
    "prose-changed": ("file of prose", "files of prose"),
    "format-only": ("file of format alone", "files of format alone"),
    "file-moved": ("file moved", "files moved"),
    "check-in-added": ("check-in", "check-ins"),
    "amendment-added": ("amendment", "amendments"),
    "title-changed": ("title", "titles"),
    "owner-changed": ("owner", "owners"),
}


def _summary(report: DiffReport) -> str:
    """What changed where no number did."""
    kinds = Counter(
        told.change.rule.id if told.change.rule.id in _PHRASES else "" for told in report.changes
    )
    found = [counted(kinds[name], *_PHRASES[name]) for name in _PHRASES if kinds[name]]
    found += [counted(report.pages.total, "page", "pages")] if report.pages.total else []
    found += [counted(kinds[""], "other change", "other changes")] if kinds[""] else []
    return f"{listed(found)}." if found else ""
