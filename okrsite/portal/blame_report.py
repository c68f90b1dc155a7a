"""The answer of `okrsite blame` as a table for a terminal, and as data."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from okrsite.okr.past.covering import SCOPE
from okrsite.okr.past.history import History
from okrsite.okr.past.impact import Turn
from okrsite.okr.pipeline import Book
from okrsite.portal.blame import Blame, Line, event_words
from okrsite.portal.words import count, percent

SHORT = 7
NO_REASON = "no reason given"


def as_text(book: Book, found: Blame) -> Iterator[str]:
    """A head, and a row for each change."""
    field = f".{found.field}" if found.field else ""
    yield f"{found.title} ({found.subject}{field})" if found.title else f"{found.subject}{field}"
    yield f"  {found.path}"
    if found.value:
        yield f"  now {found.value}"
    if not found.lines:
        yield f"  no change known by {book.as_of}"
    else:
        yield from _aligned([_cells(found, line) for line in found.lines])
    if found.later:
        yield f"  {count(found.later, 'change')} after {book.as_of} not shown".replace("\xa0", " ")


def _cells(found: Blame, line: Line) -> tuple[str, ...]:
    what = ".".join(filter(None, (line.part, line.field)))
    field = () if found.field not in ("", SCOPE) else (what,)
    turn = str(line.turn) if line.turn not in (None, Turn.OTHER) else ""
    effect = ""
    if line.effect and (line.effect.was, line.effect.now) != (None, None):
        effect = f"{_share(line.effect.was)} → {_share(line.effect.now)}".replace("\xa0", " ")
    reason = line.amendment or (NO_REASON if line.promised else "")
    head = (line.day.isoformat(), line.who, line.commit[:SHORT] or "-")
    return (*head, *field, event_words(line), line.place, turn, effect, reason)


def _share(value: Fraction | None) -> str:
    return "no data" if value is None else percent(value, 1)


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Columns as wide as their widest cell; those without any are left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(len, column)) for column in columns]
    for row in zip(*columns, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def as_data(found: Blame, history: History) -> dict[str, object]:
    """The same facts; progress as fractions, an unknown number is null."""
    return {
        "subject": found.subject,
        "field": found.field or None,
        "value": found.value or None,
        "path": found.path,
        "history": {
            "known": history.known,
            "since": history.since.isoformat() if history.since else None,
            "origin": found.origin,
        },
        "changes": [_change(line) for line in found.lines],
        "later": found.later,
    }


def _change(line: Line) -> dict[str, object]:
    effect = line.effect
    return {
        "date": line.day.isoformat(),
        "author": line.who,
        "commit": line.commit or None,
        "event": str(line.event),
        "key_result": line.part or None,
        "field": line.field or None,
        "was": line.was or None,
        "now": line.now or None,
        "day": line.place or None,
        "turn": str(line.turn) if line.turn else None,
        "objective": effect.objective if effect else None,
        "progress_was": _number(effect.was) if effect else None,
        "progress_now": _number(effect.now) if effect else None,
        "promised": line.promised,
        "amendment": line.amendment or None,
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
