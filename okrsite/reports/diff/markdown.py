"""A comparison as the comment of a pull request: first what must be decided, never too long.

A forge refuses a comment that is too long, and a reviewer then sees nothing. So every part gets
some room, the rest goes to what matters most, and what had to be left out is counted.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from okrsite.okr.finding import Finding, Severity
from okrsite.portal.words import shortened
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
from okrsite.reports.markup import code, coded, escaped

MARKER = "<!-- okrsite-diff -->"
LIMIT = 65_000  # bytes; GitHub takes 65,536 characters
RESERVE = 2_000  # for the sentence about what was left out
SHARE = 5_000  # that every part may have before the first takes more
TITLE, VALUES, REASON = 90, 200, 200


def as_markdown(report: DiffReport, limit: int = LIMIT) -> str:
    """The report below its marker, in less than `limit` bytes."""
    opening = _opening(report)
    ending = _ending(report)
    sections = [each for each in _sections(report) if each.rows]
    room = limit - RESERVE - _size(opening) - _size(ending)
    fitted = _fitted(sections, room)
    parts = [opening, *(each.text for each in fitted if each.rows), _left_out(sections, fitted)]
    return "".join((*parts, ending))


@dataclass(frozen=True, slots=True)
class Section:
    """Rows with what stands before and after them; `noun` counts them in one word or more."""

    noun: str
    head: str
    rows: tuple[str, ...]
    foot: str = ""

    @property
    def text(self) -> str:
        return f"{self.head}{''.join(self.rows)}{self.foot}"


def _size(text: str) -> int:
    return len(text.encode())


def _fitted(sections: Sequence[Section], room: int) -> list[Section]:
    """Each section with the rows that there is room for."""
    needs = [_size(each.text) for each in sections]
    given = [min(need, SHARE, room // max(1, len(needs))) for need in needs]
    spare = room - sum(given)
    for index, need in enumerate(needs):
        more = max(0, min(need - given[index], spare))
        given[index] += more
        spare -= more
    return [_cut(each, size) for each, size in zip(sections, given, strict=True)]


def _cut(section: Section, room: int) -> Section:
    left = room - _size(section.head) - _size(section.foot)
    kept = []
    for row in section.rows:
        if _size(row) <= left:
            kept.append(row)
            left -= _size(row)
    return replace(section, rows=tuple(kept))


def _left_out(whole: Sequence[Section], fitted: Sequence[Section]) -> str:
    gone = [
        f"{len(one.rows) - len(other.rows)} of {len(one.rows)} {one.noun}"
        for one, other in zip(whole, fitted, strict=True)
        if len(one.rows) > len(other.rows)
    ]
    if not gone:
        return ""
    whole_report = "`okrsite diff` with `--format html` shows all of them."
    return f"\n> There was no room here for {', '.join(gone)}. {whole_report}\n"


def _opening(report: DiffReport) -> str:
    weights = weight_words(report)
    counted = f"\n{weights[:1].upper()}{weights[1:]}.\n" if weights else ""
    against, first = escaped(verdict(report)), escaped(headline(report))
    lead = f"**{against}**\n\n{first}" if against else f"**{first}**"
    title = "What became of the goals" if report.about else "What this does to the goals"
    about = f"{escaped(' '.join(report.about))}\n\n" if report.about else ""
    return f"{MARKER}\n### {title}\n\n{about}{lead}\n{counted}"


def _ending(report: DiffReport) -> str:
    quiet = f" {quiet_words(report)}" if report.quiet else ""
    return (
        f"\n{kept_words(report)}{quiet}\n\n"
        f"<sub>{escaped(end_words(report))} Points are percentage points of progress; the shares "
        "are exact and rounded to add up to them.</sub>\n"
    )


def _sections(report: DiffReport) -> Iterator[Section]:
    """What there is to say, the most important first."""
    yield Section("files that cannot be compared", "\n#### Could not compare\n\n", _unread(report))
    yield _table("rows of the company", "Company", report.company, report.apart)
    for severity in (Severity.ERROR, Severity.WARNING):
        one, many = SEVERITIES[severity]
        rows = tuple(map(_change, listed_changes(report, severity)))
        yield Section(many, f"\n#### {_title(one, many, len(rows))}\n\n", rows)
    goals = _with_below(report.objectives)
    yield _table("rows of objectives", "Objectives", goals, report.apart)
    notes = tuple(map(_change, listed_changes(report, Severity.INFO)))
    yield _folded("notes", _title("note", "notes", len(notes)), notes, opened=not _grave(report))
    found = tuple(map(_finding, report.appeared))
    yield _folded("new findings", _title("new finding", "new findings", len(found)), found)
    yield _folded_table("rows of teams", "Other teams", report.teams, report.apart)
    gone = tuple(map(_finding, report.vanished))
    title = _title("finding that is gone", "findings that are gone", len(gone))
    yield _folded("findings that are gone", title, gone)


def _title(one: str, many: str, amount: int) -> str:
    return f"{amount} {one if amount == 1 else many}"


def _grave(report: DiffReport) -> bool:
    return any(told.change.severity is not Severity.INFO for told in report.changes)


def _folded(noun: str, title: str, rows: tuple[str, ...], opened: bool = False) -> Section:
    head = f"\n<details{' open' if opened else ''}><summary>{title}</summary>\n\n"
    return Section(noun, head, rows, "\n</details>\n")


def _folded_table(noun: str, title: str, rows: Sequence[Row], apart: bool) -> Section:
    table = _table(noun, title, rows, apart)
    folded = _folded(noun, title, table.rows)
    return replace(folded, head=folded.head + table.head.rpartition("\n\n")[2])


def _with_below(rows: Iterable[Row]) -> list[Row]:
    return [each for row in rows for each in (row, *row.below)]


def _table(noun: str, title: str, rows: Sequence[Row], apart: bool) -> Section:
    names = columns(rows)
    head = ("", "before", "after", "points", *heads(names, apart), "status")
    rule = ("---", *("---:" for _ in head[1:-1]), "---")
    top = f"\n#### {title}\n\n{_cells(head)}{_cells(rule)}"
    return Section(noun, top, tuple(_row(row, names) for row in rows))


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _row(row: Row, causes: Iterable[str]) -> str:
    title = escaped(shortened(row.about.title, TITLE))
    if row.about.noun == "team":
        name = f"**{title}**, {escaped(shortened(row.about.context, TITLE))}"
    elif row.about.noun == "objective":
        name = f"**{title}**"
    else:
        name = f"&nbsp;&nbsp;&nbsp;{title}"
    return _cells((name, *map(escaped, row_words(row, causes))))


def _change(told: Told) -> str:
    """One item of a list: what happened, to what, why, and where."""
    change = told.change
    amended = amended_words(change)
    words = [f"**{escaped(label(change))}**"]
    words += [escaped(shortened(text, VALUES)) for text in (values(change),) if text]
    words += [escaped(amended) if change.reason else f"**{amended}**"] if amended else []
    title = f"{escaped(shortened(change.title, TITLE))} · " if change.title else ""
    lines = [", ".join(words), f"{title}{code(change.subject)}", *_reasons(told), _place(told)]
    return f"- {' <br>'.join(lines)}\n"


def _reasons(told: Told) -> Iterator[str]:
    change = told.change
    if change.reason:
        yield f"“{escaped(shortened(change.reason.text, REASON))}”"
    if change.note:
        yield coded(shortened(change.note, REASON))
    if told.accepted is not None:
        why = f": {escaped(shortened(told.accepted, REASON))}" if told.accepted else ""
        yield f"Accepted{why}"


def _place(told: Told) -> str:
    change = told.change
    marks = (f"{change.path}:{change.line}", change.rule.id, told.fingerprint)
    return f"<sub>{' · '.join(map(code, marks))}</sub>"


def _unread(report: DiffReport) -> tuple[str, ...]:
    return tuple(
        f"- {code(f'{each.path}:{each.line}')} in the {each.side}: "
        f"{coded(shortened(each.why, VALUES))}\n"
        for each in report.unread
    )


def _finding(finding: Finding) -> str:
    words = coded(shortened(f"{finding.message}. {finding.hint}".strip(), 2 * VALUES))
    place = code(f"{finding.path}:{finding.line}")
    return f"- {finding.severity} {code(finding.code)} {words} <br><sub>{place}</sub>\n"
