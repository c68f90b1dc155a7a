"""What `okrsite diff` compares where snapshots or periods are named: two records, proved sound."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from okrsite.hosts.grounds import MADE_BY
from okrsite.hosts.named import Spot, manifest_at
from okrsite.hosts.project import ProjectError, home_of, read_project
from okrsite.hosts.sides import WORK_TREE, SidesError
from okrsite.okr.changes.declared import Declared, Unread
from okrsite.okr.changes.pairs import same_but
from okrsite.okr.changes.written import altered_in, as_written
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Objective
from okrsite.okr.pipeline import Book, load
from okrsite.okr.snapshot.carried import sequels_of
from okrsite.okr.snapshot.compared import Written
from okrsite.okr.snapshot.making import Materials, Origin, dump_record
from okrsite.okr.snapshot.manifest import (
    digest,
    faults_of,
    manifests_in,
)
from okrsite.okr.snapshot.names import (
    CHANGES,
    MANIFEST,
    RECORD,
    Kind,
    Name,
    SnapshotError,
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
from okrsite.okr.sources import SourcesError, read_folder


@dataclass(frozen=True)
class Stand:
    """One end: a record and what it is called; `unread` is what of today's files could not be.

    `written` is what files say where a record is shown in their place.
    """

    name: str
    record: Record
    unread: tuple[Unread, ...] = ()
    written: Written = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """Two records, the split between them, and what a reader must know of the two."""

    base: Stand
    head: Stand
    step: Step
    about: tuple[str, ...]


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


def _proved(spot: Spot) -> Record:
    """The record of a snapshot, of which every hash fits."""
    raw = spot.files[spot.name.file(MANIFEST)]
    manifest = manifest_at(spot.name, raw)
    for path, fault in faults_of(manifest, spot.files):
        raise SidesError(f"{path}: {fault}")
    for name, path, text in manifests_in(spot.files):
        before = manifest_at(name, text).previous if name != spot.name else None
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
    closed = book.parsed.closed.records.get(period)
    silent = closed.open if closed and closed.as_of <= day else ()
    raw, _ = dump_record(Materials(_with_texts(book), name, origin, (), silent))
    record = read_record(raw)
    return Stand(WORK_TREE, record, tuple(_unread(book)), _written(book, record))


def _written(book: Book, record: Record) -> Written:
    """What the files of a recorded period say now, where the record of it says something else."""
    paths = tuple(altered_in(book, sorted({*book.parsed.raw, *record.nouns})))
    nouns = as_written(book, paths).parsed.nouns
    told = tuple(nouns[path] for path in paths if path in nouns)
    goals = (noun for noun in told if isinstance(noun, Objective))
    own = {*record.own, *(noun.id for noun in goals if noun.period == record.period)}
    return {
        path: now
        for path in paths
        for now in [nouns.get(path)]
        if path in record.nouns or _speaks_of(own, now)
        if not _is_as_recorded(record.nouns.get(path), now)
    }


def _is_as_recorded(was: FileNoun | None, now: FileNoun | None) -> bool:
    """Whether a record says the same; it holds no more of a file's bytes than what they mean."""
    if was is None or now is None:
        return was is now
    return same_but(was, now, "body") and was.body.strip() == now.body.strip()


def _speaks_of(goals: Collection[str], noun: FileNoun | None) -> bool:
    match noun:
        case Objective():
            return noun.id in goals
        case Amendment():
            return noun.subject.partition("/")[0] in goals
        case CheckIn():
            return any(ref.partition("/")[0] in goals for ref in noun.key_results)
    return False


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
        manifest = manifest_at(name, raw)
        if first <= manifest.as_of <= last and not any(faults_of(manifest, files)):
            yield name, read_changes(files[name.file(CHANGES)])


def _about(
    spots: tuple[Spot, ...], base: Stand, head: Stand, steps: tuple[Step, ...]
) -> Iterator[str]:
    called = (head.name if len(spots) == 1 else f"the snapshot {head.name}", head.record.as_of)
    ends = ((f"the snapshot {base.name}", base.record.as_of), called)
    yield f"Compared: {' with '.join(f'{name} as of {day}' for name, day in ends)}."
    if base.record.as_of > head.record.as_of:
        yield f"This goes back in time: {base.name} is the later of the two, and stands first."
    yield from (spot.note for spot in spots if spot.note)
    if len(steps) > 1:
        between = ", ".join(str(step.head) for step in steps[:-1])
        yield f"The shares are added up over the records between: {between}."
    if base.record.period != head.record.period:
        for old, names in sequels_of(base.record, head.record).items():
            if names[1:]:
                others = ", ".join(names[1:])
                yield f"{old} is continued by several: {names[0]} is taken, {others} count as new."
