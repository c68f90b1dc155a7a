"""The files of a snapshot from the sources of its commit: publishing and proving do just this."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from okrsite.okr.closing import without_closing
from okrsite.okr.ledger import last_day
from okrsite.okr.model import Period
from okrsite.okr.past.history import History
from okrsite.okr.past.moved import recorded_moves
from okrsite.okr.pipeline import Book, Parsed, add_up, flows_of, read_all, recorded_in
from okrsite.okr.settings import Settings
from okrsite.okr.similar import did_you_mean
from okrsite.okr.snapshot.chain import Chain
from okrsite.okr.snapshot.making import Materials, Origin, dump_record
from okrsite.okr.snapshot.manifest import Previous, dump_manifest, manifest_of
from okrsite.okr.snapshot.mentions import Mentions
from okrsite.okr.snapshot.names import (
    CHANGES,
    MANIFEST,
    RECORD,
    SOURCES,
    Kind,
    Name,
    SnapshotError,
    name_at,
)
from okrsite.okr.snapshot.needed import Asked, needed
from okrsite.okr.snapshot.record import Record, read_record
from okrsite.okr.snapshot.rows import SCHEMA
from okrsite.okr.snapshot.steps import dump_changes, step_between, wanted
from okrsite.okr.sources import Sources

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Ground:
    """What one commit has to say: its texts, its settings, and what git knows up to it.

    `parsed` is what its files say, without the `snapshots` that the commit has of earlier
    periods: its periods, teams, people and KPIs at least, since the others are read where a record
    needs them. `history` is asked for the day of the record.
    """

    parsed: Parsed
    snapshots: Sources
    settings: Settings
    origin: Origin
    history: Callable[[date], History]


@dataclass(frozen=True)
class Earlier:
    """What was published before: the snapshots in their order, and what the next one follows.

    `record` reads the record of one of them.
    """

    chain: Chain
    previous: Previous | None
    record: Callable[[Name], Record]


@dataclass(frozen=True)
class Stand:
    """A period on the day of its record, and what git knows of it by then.

    `open` are key results closed without a check-in.
    """

    name: Name
    book: Book
    open: tuple[str, ...]
    history: History


def read_at(sources: Sources, name: Name, *, lazily: bool = False) -> Record:
    """The record of a snapshot among `sources`, as `read_record` reads it.

    Raises:
        SnapshotError: it is not there, or cannot be read.
    """
    raw = sources.get(name.file(RECORD))
    if raw is None:
        raise SnapshotError(f"`{name}` has no {RECORD}")
    return read_record(raw, lazily=lazily)


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


def stand_of(ground: Ground, name: Name, *, whole: bool = False) -> Stand:
    """The Book of the record, without a coach's advice.

    It is made of what the record needs, or of the `whole` commit: the record is the same.

    Raises:
        SnapshotError: there is no such period, or it does not say when it was committed.
    """
    period = period_of(ground.parsed, name.period)
    day = day_of(period, name)
    history = ground.history(day)
    parsed = _read(ground, None if whole else Asked(period, day, history), period)
    book = _book(parsed, ground.settings, day)
    if name.kind is not Kind.CLOSED:
        return Stand(name, book, (), history)
    missing = without_closing(book.world, name.period)
    ended = _book(parsed, ground.settings, day, missing) if missing else book
    return Stand(name, ended, missing, history)


def _read(ground: Ground, asked: Asked | None, period: Period) -> Parsed:
    """What the files say that a record is `asked` of, or all of them.

    In their stead stand the records of closed periods that may count in it.
    """
    kept = _records_for(ground, period)
    sources = dict(sorted({**ground.parsed.raw, **kept}.items())) if kept else ground.parsed.raw
    if asked is None:
        return read_all(sources, ground.parsed)
    closed = recorded_in(sources)
    mentions = Mentions(sources, closed, ground.parsed)
    return mentions.read(needed(mentions, closed, asked))


def _records_for(ground: Ground, period: Period) -> Sources:
    """The records of closed periods that may count in one.

    A year counts what was recorded of its quarters, and so does a quarter in which a goal of the
    year is shown: those may count that share a day with a period which shares a day with it.
    """
    frames = {n.id: n for n in ground.parsed.nouns.values() if isinstance(n, Period)}
    around = [frame for frame in frames.values() if _share_a_day(frame, period)]

    def may_count(path: str) -> bool:
        name = name_at(path)
        frame = frames.get(name.period, period) if name and name.kind is Kind.CLOSED else None
        return frame is not None and any(_share_a_day(frame, one) for one in around)

    return {path: ground.snapshots[path] for path in ground.snapshots if may_count(path)}


def _share_a_day(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end


def _book(parsed: Parsed, settings: Settings, day: date, missing: tuple[str, ...] = ()) -> Book:
    world, scorecard, findings = add_up(parsed, settings, day, missing)
    return Book(world, scorecard, flows_of(world), findings, parsed)


def files_of(ground: Ground, stand: Stand, earlier: Earlier) -> Files:
    """Every file of the snapshot by its name.

    Raises:
        SnapshotError: git does not tell what was done to the goals before.
    """
    day, name, history = stand.book.as_of, stand.name, stand.history
    if not history.known:
        raise SnapshotError(f"what was done to the goals before is not known: {history.why}")
    moved = recorded_moves(stand.book, history)
    record, sums = dump_record(Materials(stand.book, name, ground.origin, moved, stand.open))
    parts = {RECORD: record, SOURCES: sums, CHANGES: _changes(record, stand, earlier)}
    manifest = manifest_of(name, ground.origin.commit, day, parts, earlier.previous)
    return {**parts, MANIFEST: dump_manifest(manifest)}


def _changes(record: bytes, stand: Stand, earlier: Earlier) -> bytes:
    """What changed since the snapshots that this one is compared with."""
    bases = wanted(stand.name, earlier.chain, stand.book.portfolio.periods)
    head = read_record(record) if bases else None
    steps = [step_between(earlier.record(base), head) for base in bases] if head else []
    return dump_changes(steps)


def derived(ground: Ground, name: Name, earlier: Earlier) -> Files:
    """Every file of a snapshot, as it is published today.

    Raises:
        SnapshotError: the commit does not have what it takes.
    """
    return files_of(ground, stand_of(ground, name), earlier)


# How the files of a record are derived, by its schema: each one that was ever published stays.
Derivation = Callable[[Ground, Name, Earlier], Files]
DERIVATIONS: Mapping[str, Derivation] = {SCHEMA: derived}


_SCHEMA = re.compile(rb'\{\s*"schema":\s*"([\w/-]+)"')


def derivation_of(record: bytes) -> Derivation:
    """How a record of this text was derived; as today where it does not tell."""
    found = _SCHEMA.match(record)
    return DERIVATIONS.get(found[1].decode() if found else "", derived)
