"""The files of a snapshot from the sources of its commit: publishing and proving do just this."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from okrsite.okr.closing import without_closing
from okrsite.okr.ledger import last_day
from okrsite.okr.model import Period
from okrsite.okr.past.history import History
from okrsite.okr.past.moved import moves
from okrsite.okr.pipeline import Book, Parsed, add_up, flows_of
from okrsite.okr.settings import Settings
from okrsite.okr.similar import did_you_mean
from okrsite.okr.snapshot.chain import Chain
from okrsite.okr.snapshot.making import Materials, Origin, dump_record
from okrsite.okr.snapshot.manifest import dump_manifest, manifest_of
from okrsite.okr.snapshot.names import (
    CHANGES,
    MANIFEST,
    RECORD,
    SOURCES,
    Kind,
    Name,
    SnapshotError,
)
from okrsite.okr.snapshot.record import SCHEMA, Record
from okrsite.okr.snapshot.steps import dump_changes

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Ground:
    """What one commit has to say: its texts, its settings, and what git knows up to it.

    `history` is asked for the day of the record.
    """

    parsed: Parsed
    settings: Settings
    origin: Origin
    history: Callable[[date], History]


@dataclass(frozen=True)
class Earlier:
    """What was published before: the chain, and the records in it that can be read."""

    chain: Chain
    records: Mapping[Name, Record]


@dataclass(frozen=True)
class Stand:
    """A period on the day of its record. `open` are key results closed without a check-in."""

    name: Name
    book: Book
    open: tuple[str, ...]


def period_of(parsed: Parsed, name: str) -> Period:
    """The period of this name.

    Raises:
        SnapshotError: there is none that can be read.
    """
    periods = {noun.id: noun for noun in parsed.nouns.values() if isinstance(noun, Period)}
    if name not in periods:
        known = ", ".join(f"`{key}`" for key in sorted(periods)) or "none"
        meant = did_you_mean(name, periods) or f"There is {known}."
        raise SnapshotError(f"there is no period `{name}`. {meant}")
    return periods[name]


def day_of(period: Period, name: Name) -> date:
    """The day for which a record is computed.

    Raises:
        SnapshotError: the period does not say when it was committed.
    """
    if name.kind is Kind.CLOSED:
        return last_day(period)
    day = name.day or period.committed_on
    if day is None:
        words = f"`{period.id}` does not say when it was committed: write `committed_on`"
        raise SnapshotError(f"{words} into {period.path}")
    return day


def stand_of(ground: Ground, name: Name) -> Stand:
    """The Book of the record, without a coach's advice.

    Raises:
        SnapshotError: there is no such period, or it does not say when it was committed.
    """
    day = day_of(period_of(ground.parsed, name.period), name)
    book = _book(ground, day)
    if name.kind is not Kind.CLOSED:
        return Stand(name, book, ())
    missing = without_closing(book.world, name.period)
    return Stand(name, _book(ground, day, missing) if missing else book, missing)


def _book(ground: Ground, day: date, missing: tuple[str, ...] = ()) -> Book:
    world, scorecard, findings = add_up(ground.parsed, ground.settings, day, missing)
    return Book(world, scorecard, flows_of(world), findings, ground.parsed)


def files_of(ground: Ground, stand: Stand, earlier: Earlier) -> Files:
    """Every file of the snapshot by its name.

    Raises:
        SnapshotError: git does not tell what was done to the goals before.
    """
    day, name = stand.book.as_of, stand.name
    history = ground.history(day)
    if not history.known:
        raise SnapshotError(f"what was done to the goals before is not known: {history.why}")
    moved = moves(stand.book, history)
    record, sums = dump_record(Materials(stand.book, name, ground.origin, moved, stand.open))
    parts = {RECORD: record, SOURCES: sums, CHANGES: _changes(record, earlier)}
    manifest = manifest_of(name, ground.origin.commit, day, parts, earlier.chain.newest)
    return {**parts, MANIFEST: dump_manifest(manifest)}


def _changes(record: bytes, earlier: Earlier) -> bytes:
    return dump_changes(())


# How the files of a record are derived, by its schema: each one that was ever published stays.
Derivation = Callable[[Ground, Name, Earlier], Files]
DERIVATIONS: Mapping[str, Derivation] = {
    SCHEMA: lambda ground, name, earlier: files_of(ground, stand_of(ground, name), earlier)
}
