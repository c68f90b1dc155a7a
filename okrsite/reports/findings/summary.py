"""Findings as a table in Markdown, for the summary of a job."""

from collections.abc import Iterable, Iterator

from okrsite.portal.words import count
from okrsite.reports.findings.entries import WORDS, Entry, Report, by_weight, verdict
from okrsite.reports.markup import coded, escaped

# GitHub throws away a whole summary above 1 MiB.
LIMIT = 1_000_000
_HEAD = "| where | what is wrong | what to write | rule |\n| --- | --- | --- | --- |\n"


def as_summary(report: Report, limit: int = LIMIT) -> str:
    """A heading that counts, and a table of each weight; no more than `limit` bytes of it."""
    head = f"## okrsite check\n\n{escaped(verdict(report))}\n"
    room = limit - len(head.encode()) - 200
    parts, left_out = [head], 0
    for weight, found in by_weight(report.entries).items():
        if not found:
            continue
        title = f"\n### {WORDS[weight].capitalize()}s\n\n{_HEAD}"
        rows = list(_fitting(found, room - len(title)))
        room -= len(title) + sum(len(row.encode()) for row in rows)
        parts += [title, *rows] if rows else []
        left_out += len(found) - len(rows)
    if left_out:
        more = count(left_out, "more finding").replace("\u00a0", " ")
        parts.append(f"\nAnd {more}, for which there is no room here: run `okrsite check`.\n")
    return "".join(parts)


def _fitting(found: Iterable[Entry], room: int) -> Iterator[str]:
    for entry in found:
        row = _row(entry)
        room -= len(row.encode())
        if room < 0:
            return
        yield row


def _row(entry: Entry) -> str:
    finding = entry.finding
    place = f"{escaped(finding.path)}&#58;{finding.line}"
    rule = f"[{finding.code}]({entry.help})" if entry.help.startswith("http") else finding.code
    cells = (place, coded(finding.message), coded(finding.hint), rule)
    return f"| {' | '.join(cells)} |\n"
