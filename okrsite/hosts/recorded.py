"""What `okrsite diff` compares where snapshots or periods are named: two records, proved sound."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from okrsite.edit.files import EditError
from okrsite.edit.snapshots import read_snapshots
from okrsite.hosts.grounds import MADE_BY
from okrsite.hosts.project import ProjectError, home_of, read_project
from okrsite.hosts.sides import WORK_TREE, SidesError
from okrsite.okr.changes.declared import Declared, Unread
from okrsite.okr.git import GitError, commit_of, find_repository
from okrsite.okr.pipeline import Book, load
from okrsite.okr.snapshot.carried import sequels_of
from okrsite.okr.snapshot.making import Materials, Origin, dump_record
from okrsite.okr.snapshot.manifest import (
    Manifest,
    digest,
    faults_of,
    manifests_in,
    read_manifest,
)
from okrsite.okr.snapshot.names import (
    CHANGES,
    FILES,
    MANIFEST,
    RECORD,
    Kind,
    Name,
    SnapshotError,
    name_of,
)
from okrsite.okr.snapshot.record import Record, read_record
from okrsite.okr.snapshot.steps import (
    Step,
    backwards,
    path_between,
    read_changes,
    step_between,
    total,
)
from okrsite.okr.sources import Sources, SourcesError, read_folder


@dataclass(frozen=True)
class Spot:
    """A snapshot that was named: its files by their names, and what there is to say of the name."""

    name: Name
    files: Sources
    note: str = ""


@dataclass(frozen=True)
class Stand:
    """One end: a record and what it is called; `unread` is what of today's files could not be."""

    name: str
    record: Record
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class Way:
    """Two records, the split between them, and what a reader must know of the two."""

    base: Stand
    head: Stand
    step: Step
    about: tuple[str, ...]


def named_here(words: tuple[str, ...], content: Path | None) -> tuple[Spot, ...]:
    """The snapshots that the words name; none where they name none.

    A period is its newest record. One word alone names a period only as a snapshot of it.

    Raises:
        SidesError: only one of two words names one, or they cannot be read.
    """
    if not 0 < len(words) < 3:
        return ()
    shelf = _Shelf(_kept(content))
    found = [shelf.spot(word, alone=len(words) == 1) for word in words]
    spots = tuple(spot for spot in found if spot)
    if spots and len(spots) < len(words):
        missing = next(word for word, spot in zip(words, found, strict=True) if spot is None)
        known = ", ".join(f"`{name}`" for name in shelf.names) or "none"
        raise SidesError(f"there is no snapshot `{missing}`; there is {known}")
    return spots


def _kept(content: Path | None) -> Sources:
    try:
        return read_snapshots(read_project(home_of(Path()), content).content)
    except ProjectError:
        return {}  # the folder of a snapshot can be named without a project around it
    except EditError as error:
        raise SidesError(str(error)) from error


@dataclass(frozen=True)
class _Shelf:
    kept: Sources

    @cached_property
    def names(self) -> tuple[Name, ...]:
        return tuple(name for name, _, _ in manifests_in(self.kept))

    def spot(self, word: str, *, alone: bool) -> Spot | None:
        """What a word names: a snapshot here, the folder of one, or the newest one of a period."""
        name = _name(word)
        if name in self.names:
            return Spot(name, self.kept, _shadowed(word))
        folder = Path(word)
        if (folder / MANIFEST).is_file():
            return _in_folder(folder, self.kept)
        if alone or folder.is_dir():
            return None
        newest = max(self._of_period(word), default=None, key=lambda row: row[0])
        if newest is None:
            return None
        return Spot(newest[1], self.kept, f"{newest[1]} is the newest record of {word}.")

    def _of_period(self, period: str) -> Iterator[tuple[tuple[date, bool], Name]]:
        for name, _, raw in manifests_in(self.kept):
            if name.period == period:
                day = _manifest(name, raw).as_of
                yield (day, name.kind is Kind.CLOSED), name


def _name(word: str) -> Name | None:
    try:
        return name_of(word)
    except SnapshotError:
        return None


def _shadowed(word: str) -> str:
    """That a snapshot was meant, where something else has the same name."""
    what = "folder" if Path(word).is_dir() else "branch or commit" if _is_commit(word) else ""
    return f"{word} is the snapshot of that name here, not the {what}." if what else ""


def _is_commit(word: str) -> bool:
    try:
        repo = find_repository(Path())
        return repo is not None and bool(commit_of(repo, word))
    except GitError:
        return False


def _in_folder(folder: Path, kept: Sources) -> Spot:
    try:
        texts = {part: (folder / part).read_bytes() for part in FILES if (folder / part).is_file()}
        name = read_manifest(texts[MANIFEST]).name
    except (OSError, SnapshotError) as error:
        raise SidesError(f"{folder}: {error}") from error
    return Spot(name, {**kept, **{name.file(part): raw for part, raw in texts.items()}})


def way_between(spots: tuple[Spot, ...], content: Path | None, day: date) -> Way:
    """The way between two snapshots, or from one to the files here on `day`.

    Raises:
        SidesError: one of them cannot be trusted, or the files here cannot be read.
    """
    base = Stand(str(spots[0].name), _proved(spots[0]))
    if len(spots) == 2:
        head = Stand(str(spots[1].name), _proved(spots[1]))
    else:
        head = _files_here(base.record.period, content, day)
    try:
        steps = _steps(spots, base.record, head.record)
    except SnapshotError as error:
        raise SidesError(str(error)) from error
    return Way(base, head, total(steps), tuple(_about(spots, base, head, steps)))


def _manifest(name: Name, raw: bytes) -> Manifest:
    try:
        manifest = read_manifest(raw)
    except SnapshotError as error:
        raise SidesError(f"{name.file(MANIFEST)}: {error}") from error
    if manifest.name != name:
        raise SidesError(f"{name.file(MANIFEST)}: it calls itself `{manifest.name}`")
    return manifest


def _proved(spot: Spot) -> Record:
    """The record of a snapshot, of which every hash fits."""
    raw = spot.files[spot.name.file(MANIFEST)]
    manifest = _manifest(spot.name, raw)
    for path, fault in faults_of(manifest, spot.files):
        raise SidesError(f"{path}: {fault}")
    for name, path, text in manifests_in(spot.files):
        before = _manifest(name, text).previous if name != spot.name else None
        if before and before.name == spot.name and before.sha256 != digest(raw):
            words = f"it was changed since {name} was published: its SHA-256 is {digest(raw)}"
            raise SidesError(f"{spot.name.file(MANIFEST)}: {words}, {path} says {before.sha256}")
    path = spot.name.file(RECORD)
    try:
        record = read_record(spot.files[path])
    except SnapshotError as error:
        raise SidesError(f"{path}: {error}") from error
    if record.name != spot.name:
        raise SidesError(f"{path}: it calls itself `{record.name}`")
    return record


def _files_here(period: str, content: Path | None, day: date) -> Stand:
    """What a record of the period would say, were it made of the files here."""
    try:
        place = read_project(home_of(Path()), content)
        book = load(read_folder(place.content), place.settings, day)
    except (ProjectError, SourcesError) as error:
        raise SidesError(str(error)) from error
    if period not in book.portfolio.periods:
        raise SidesError(f"there is no period `{period}` in {place.content}")
    name, origin = Name(period, Kind.MID, day), Origin("", "", MADE_BY, {})
    record, _ = dump_record(Materials(_with_texts(book), name, origin, ()))
    return Stand(WORK_TREE, read_record(record), tuple(_unread(book)))


def _with_texts(book: Book) -> Book:
    """The Book with a text even for what is read from a record and has no file any more."""
    gone = dict.fromkeys(book.parsed.nouns.keys() - book.parsed.raw.keys(), b"")
    return replace(book, parsed=replace(book.parsed, raw={**gone, **book.parsed.raw}))


def _unread(book: Book) -> Iterator[Unread]:
    """Files that do not say all that was meant, so that nothing is sure of them."""
    declared = Declared(book)
    for path in sorted(book.parsed.documents):
        for fault in declared.faults(path)[:1]:
            yield Unread("head", Path(path).stem, path, fault.line, fault.message)


def _steps(spots: tuple[Spot, ...], base: Record, head: Record) -> tuple[Step, ...]:
    """As they were published; where they were not, as they are computed now."""
    known = dict(_published(spots, base, head)) if len(spots) == 2 else {}
    if there := path_between(base.name, head.name, known):
        return there
    if back := path_between(head.name, base.name, known):
        return tuple(map(backwards, reversed(back)))
    if base.as_of > head.as_of:
        return (backwards(step_between(head, base)),)
    return (step_between(base, head),)


def _published(
    spots: tuple[Spot, ...], base: Record, head: Record
) -> Iterator[tuple[Name, tuple[Step, ...]]]:
    first, last = sorted((base.as_of, head.as_of))
    files = {path: raw for spot in spots for path, raw in spot.files.items()}
    for name, _, raw in manifests_in(files):
        manifest = _manifest(name, raw)
        if first <= manifest.as_of <= last and not any(faults_of(manifest, files)):
            yield name, read_changes(files[name.file(CHANGES)])


def _about(
    spots: tuple[Spot, ...], base: Stand, head: Stand, steps: tuple[Step, ...]
) -> Iterator[str]:
    called = (head.name if len(spots) == 1 else f"the snapshot {head.name}", head.record.as_of)
    ends = ((f"the snapshot {base.name}", base.record.as_of), called)
    yield f"Compared: {' with '.join(f'{name} as of {day}' for name, day in ends)}."
    yield from (spot.note for spot in spots if spot.note)
    if len(steps) > 1:
        between = ", ".join(str(step.head) for step in steps[:-1])
        yield f"The shares are added up over the records between: {between}."
    if base.record.period != head.record.period:
        for old, names in sequels_of(base.record, head.record).items():
            if names[1:]:
                others = ", ".join(names[1:])
                yield f"{old} is continued by several: {names[0]} is taken, {others} count as new."
