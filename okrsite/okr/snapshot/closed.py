"""Closed periods among the sources: their records stand in for the files they were made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.flow import Flow
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Objective, Period
from okrsite.okr.snapshot.beside import Told
from okrsite.okr.snapshot.chain import Fault, doubted
from okrsite.okr.snapshot.differing import ReadAgain, Today
from okrsite.okr.snapshot.leaving import Leaving, leaving
from okrsite.okr.snapshot.manifest import faults_of, manifests_in, read_manifest
from okrsite.okr.snapshot.names import MANIFEST, RECORD, Kind, Name, SnapshotError, is_part
from okrsite.okr.snapshot.record import Record, read_record
from okrsite.okr.sources import Sources

_BRING_BACK = "Bring the published file back from git; `okrsite snapshot verify` tells more."


@dataclass(frozen=True)
class Closed:
    """What stands in for today's files: nouns and documents by path, and what they disagree in.

    `records` are those that can be trusted, by period. `covered` are the paths that need not be
    read any more. `archived` has the period of each goal without a page of its own, and `finished`
    the goal and the way of each initiative that was done for nothing but such goals; `left` is who
    spoke of them, in check-ins that are not among the nouns.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    nouns: Mapping[str, FileNoun] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    covered: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    archived: Mapping[str, str] = field(default_factory=dict)
    finished: Mapping[str, tuple[str, Flow]] = field(default_factory=dict)
    left: tuple[Told, ...] = ()

    @cached_property
    def _homes(self) -> Mapping[str, Record]:
        return {name: record for record in self.records.values() for name in record.own}

    def home(self, ref: str) -> Record | None:
        """The record that tells how an objective or a key result ended, if there is one."""
        return self._homes.get(ref.partition("/")[0])


NOTHING = Closed()


def closed_in(
    sources: Sources, read: ReadAgain, light_on: date | None = None, but: str = ""
) -> Closed:
    """The closed periods that have a record among `sources`.

    With `light_on`, what was said of goals recorded as closed by that day is left out, unless an
    open goal counts them: their numbers are in the record. The goals of one period, `but`, stay.
    """
    records: dict[str, Record] = {}
    findings: list[Finding] = list(_without_manifest(sources))
    doubts = doubted(sources)
    for name, path, raw in manifests_in(sources):
        if name.kind is Kind.CLOSED:
            try:
                _undoubted(doubts.get(name))
                record = _trusted(sources, name, raw, lazily=light_on is not None)
                _own(record)  # nothing of it may be found to be broken later
            except SnapshotError as error:
                findings.append(_unusable(path, str(error), "OKR702"))
            except _BrokenError as error:
                findings.append(_unusable(error.path, str(error), "OKR703"))
            else:
                records[name.period] = record
    if not records:
        return Closed(findings=tuple(findings)) if findings else NOTHING
    today = Today(sources, read)
    known = (r for r in records.values() if light_on is not None and r.as_of <= light_on)
    light = [record for record in known if record.period != but]
    return _standing_in(today, records, tuple(findings), leaving(today, light))


def _without_manifest(sources: Sources) -> Iterator[Finding]:
    """Records whose manifest is gone: nobody can tell whether they are as they were made."""
    for path in sources:
        if is_part(path) and path.endswith(f"/{RECORD}"):
            manifest = f"{path.removesuffix(RECORD)}{MANIFEST}"
            if manifest not in sources:
                yield _unusable(path, f"{manifest} is missing", "OKR703")


class _BrokenError(Exception):
    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def _undoubted(doubt: Fault | None) -> None:
    if doubt:
        raise _BrokenError(doubt.path, doubt.message)


def _trusted(sources: Sources, name: Name, raw: bytes, *, lazily: bool) -> Record:
    manifest = read_manifest(raw)
    if manifest.name != name:
        raise SnapshotError(f"it calls itself `{manifest.name}`")
    for path, fault in faults_of(manifest, sources):
        raise _BrokenError(path, fault)
    record = read_record(sources[name.file(RECORD)], lazily=lazily)
    if record.name != name:
        raise SnapshotError(f"its record calls itself `{record.name}`")
    return record


def _unusable(path: str, fault: str, code: str) -> Finding:
    message = f"this snapshot cannot be used: {fault}"
    hint = "Update okrsite." if "newer" in fault else _BRING_BACK
    return Finding(path, 1, 1, code, Severity.ERROR, message, hint)


def _own(record: Record) -> Mapping[str, FileNoun]:
    """The period, its goals and what was amended of them, by path; check-ins stand apart."""
    kinds = ("periods/", "objectives/", "amendments/")
    nouns = ((path, record.nouns[path]) for path in record.nouns if path.startswith(kinds))
    found = {path: noun for path, noun in nouns if _is_own(record, noun)}
    goals = {noun.id for noun in found.values() if isinstance(noun, Objective)}
    if record.frame is None or goals != set(record.own):
        raise SnapshotError("its period or a goal of it is missing")
    return found


def _is_own(record: Record, noun: FileNoun) -> bool:
    match noun:
        case Period():
            return noun.id == record.period
        case Objective():
            return record.is_own(noun.id)
        case Amendment():
            return record.is_own(noun.subject)
    return False


def _standing_in(
    today: Today,
    records: Mapping[str, Record],
    findings: tuple[Finding, ...],
    left: Leaving,
) -> Closed:
    nouns: dict[str, FileNoun] = {}
    documents: dict[str, Document] = {}
    covered: set[str] = set()
    out: list[Told] = []
    found = list(findings)
    for record in records.values():
        for path in (*_own(record), *_work(record, left), *_check_ins(record)):
            here = today.path_of(path)
            if not path.startswith("initiatives/"):  # finished work is the same, or it is not left
                found += today.disagreements(record, path)
            if here in covered or not _is_covered(today, record, path, left):
                continue
            covered.add(here)
            told = record.told.get(path)
            gone = left.out(told) if told else None
            if gone:
                out.append(gone)
            if gone != told or told is None:
                nouns[here], documents[here] = _at(record, path, here, left)
    return Closed(
        records=records,
        nouns=nouns,
        documents=documents,
        covered=frozenset(covered),
        findings=tuple(found),
        archived=left.archived,
        finished=left.finished,
        left=tuple(out),
    )


def _work(record: Record, left: Leaving) -> Iterator[str]:
    """The files of finished work."""
    for path in record.nouns if left.finished else ():
        if path.startswith("initiatives/") and record.nouns[path].id in left.finished:
            yield path


def _check_ins(record: Record) -> Iterator[str]:
    """The check-ins that speak of the period's goals."""
    return (path for path, told in record.told.items() if any(map(record.is_own, told.refs)))


def _is_covered(today: Today, record: Record, path: str, left: Leaving) -> bool:
    """Whether the record tells all that the file does, so that nobody has to read it."""
    told = record.told.get(path)
    own = told is None or all(map(record.is_own, told.refs))
    return own or (bool(left.archived) and today.is_same(record, path))


def _at(record: Record, path: str, here: str, left: Leaving) -> tuple[FileNoun, Document]:
    """A noun at the place of its file, with what its document would be as far as anybody asks."""
    noun = record.nouns[path]
    noun = left.shortened(noun) if isinstance(noun, CheckIn) else noun
    noun = noun if path == here else noun.model_copy(update={"path": here})
    if not isinstance(noun, Objective):
        return noun, Document(here, {}, noun.body)
    rows = [{"id": kr.id} for kr in noun.key_results]
    marks: dict[Loc, tuple[int, int]] = {
        ("key_results", index): (record.lines.get(f"{noun.id}/{kr.id}", 1), 1)
        for index, kr in enumerate(noun.key_results)
    }
    return noun, Document(here, {"key_results": rows}, noun.body, marks=marks)
