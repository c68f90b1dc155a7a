"""What the snapshots beside a Book say, and how a reader would call them."""

from okrsite.okr.pipeline import Book
from okrsite.okr.scoring import is_closed as has_ended
from okrsite.okr.snapshot.names import CHANGES, RECORD, Kind, Name, SnapshotError
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.sheet import Sheet, read_sheet, with_bulk
from okrsite.okr.snapshot.shelf import kept_in, text_of
from okrsite.okr.snapshot.steps import Step, read_changes
from okrsite.portal.contents import Contents, contents_of
from okrsite.portal.words import day
from okrsite.portal.workshop import Workshop


def sheet_of(shared: Workshop, name: Name) -> Sheet | None:
    """The goals of a snapshot as they are written; None without one that can be trusted."""
    known = shared.book.parsed.closed.records.get(name.period)
    if known is not None and known.name == name:
        return known.sheet
    kept, raw = shared.snapshots.get(name), _text(shared, name, RECORD)
    if kept is None or raw is None:
        return None
    try:
        sheet = read_sheet(raw)
    except SnapshotError:
        return None
    shared.contents[name] = contents_of(sheet, kept.as_of)
    return sheet


def contents_at(shared: Workshop, name: Name) -> Contents | None:
    """What a page about two snapshots needs of one; None without one that can be trusted."""
    if name not in shared.contents and (sheet := sheet_of(shared, name)):
        shared.contents[name] = contents_of(sheet, shared.snapshots[name].as_of)
    return shared.contents.get(name)


def whole_sheet(shared: Workshop, record: Record) -> Sheet:
    """The goals of a record as they are written, with how their numbers came about."""
    raw = _text(shared, record.name, RECORD)
    try:
        return with_bulk(record.sheet, raw) if raw is not None else record.sheet
    except SnapshotError:  # `okrsite snapshot verify` tells; all the rest is as it was recorded
        return record.sheet


def steps_to(shared: Workshop, name: Name) -> tuple[Step, ...]:
    """What is recorded of the changes that led to a snapshot."""
    raw = _text(shared, name, CHANGES)
    try:
        return read_changes(raw) if raw is not None else ()
    except SnapshotError:
        return ()


def _text(shared: Workshop, name: Name, part: str) -> bytes | None:
    kept = shared.snapshots.get(name)
    return text_of(shared.book.parsed.raw, kept, part) if kept else None


def period_title(book: Book, name: Name) -> str:
    """The title of a snapshot's period."""
    known = book.portfolio.periods.get(name.period)
    return known.title if known else name.period


def stand_words(name: Name) -> str:
    """`as committed`, `on 15 May`, `as closed`."""
    return f"on {day(name.day)}" if name.day else f"as {name.kind}"


def since_words(name: Name) -> str:
    """`since it was committed`, `since 15 May`."""
    return f"since {day(name.day)}" if name.day else f"since it was {name.kind}"


def has_snapshots(book: Book) -> bool:
    """Whether there is something to compare, or will be: a snapshot, or a closed period."""
    closed = any(has_ended(period, book.as_of) for period in book.portfolio.periods.values())
    return closed or bool(kept_in(book.parsed.raw, book.as_of))


def is_closed(name: Name) -> bool:
    """Whether a snapshot holds what came of its period."""
    return name.kind is Kind.CLOSED
