"""Closed periods among the sources: their records stand in for the files they were made from."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.flow import Flow
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Initiative, Objective
from okrsite.okr.snapshot.archived import Archived
from okrsite.okr.snapshot.beside import Told
from okrsite.okr.snapshot.chain import Fault, doubted
from okrsite.okr.snapshot.differing import ReadAgain, Today
from okrsite.okr.snapshot.leaving import Leaving, leaving
from okrsite.okr.snapshot.manifest import faults_of, manifests_in, read_manifest
from okrsite.okr.snapshot.names import MANIFEST, RECORD, Kind, Name, SnapshotError, is_part
from okrsite.okr.snapshot.record import Record, read_record
from okrsite.okr.sources import Sources

_ONE = ("parent", "continues")  # what of an objective names one goal
_BRING_BACK = "Bring the published file back from git; `okrsite snapshot verify` tells more."


@dataclass(frozen=True)
class Closed:
    """What stands in for today's files: nouns and documents by path, and what they disagree in.

    `records` are those that can be trusted, by period. `covered` are the paths that need not be
    read any more. `archived` are the goals without a page of their own, most of them not among the
    nouns; `finished` has the goal and the way of each initiative that was done for nothing but such
    goals; `left` is who spoke of them, in check-ins that are not among the nouns.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    nouns: Mapping[str, FileNoun] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    covered: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    archived: Mapping[str, Archived] = field(default_factory=dict)
    finished: Mapping[str, tuple[str, Flow]] = field(default_factory=dict)
    left: tuple[Told, ...] = ()

    @cached_property
    def _homes(self) -> Mapping[str, Record]:
        return {name: record for record in self.records.values() for name in record.own}

    def home(self, ref: str) -> Record | None:
        """The record that tells how an objective or a key result ended, if there is one."""
        return self._homes.get(ref.partition("/")[0])

    def team_of(self, ref: str) -> str | None:
        """The team that answered for a recorded key result."""
        record = self.home(ref)
        row = record.sheet.key_results.get(ref) if record else None
        if record is None or row is None:
            return None
        goal = record.sheet.objectives[ref.partition("/")[0]]
        return row.get("team") or goal.get("team")


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


def _own(record: Record) -> Mapping[str, str]:
    """The files of the period, its goals and what was amended of them; and the goal of each."""
    frame, rows = record.frame, record.sheet.objectives
    goals = {str(rows[name]["path"]): name for name in record.own}
    if frame is None or len(goals) != len(record.own):
        raise SnapshotError("its period or a goal of it is missing")
    amended = (record.nouns[path] for path in record.nouns if path.startswith("amendments/"))
    own = (noun for noun in amended if isinstance(noun, Amendment) and record.is_own(noun.subject))
    return {frame.path: "", **goals, **{it.path: it.subject.partition("/")[0] for it in own}}


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
        own = _own(record)
        for path in (*own, *_work(record, left), *_check_ins(record)):
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
            if gone != told or not (told or left.is_out(own.get(path, ""))):
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


def with_named(closed: Closed, nouns: Iterable[FileNoun]) -> Closed:
    """With those goals among the nouns that are archived, and that others of `nouns` name."""
    wanted = {ref.partition("/")[0] for noun in nouns for ref in _named(noun)}
    known = {noun.id for noun in closed.nouns.values() if isinstance(noun, Objective)}
    added: dict[str, tuple[FileNoun, Document]] = {}
    todo = wanted & closed.archived.keys()
    while todo:
        name = todo.pop()
        record = closed.home(name)
        if record is not None and name not in known:
            known.add(name)
            row, here = record.sheet.objectives[name], closed.archived[name].path
            added[here] = _at(record, row["path"], here, Leaving())
            todo |= {str(row.get("parent")).partition("/")[0]} & closed.archived.keys()
    every = {**closed.nouns, **{path: noun for path, (noun, _) in added.items()}}
    gone = closed.archived.keys() - known
    return replace(
        closed,
        nouns={path: _without(noun, gone) for path, noun in every.items()},
        documents={**closed.documents, **{path: doc for path, (_, doc) in added.items()}},
    )


def _without(noun: FileNoun, gone: Set[str]) -> FileNoun:
    """A recorded noun that names none of the goals that are left out."""

    def kept(refs: Iterable[str | None]) -> tuple[str, ...]:
        return tuple(ref for ref in refs if ref and ref.partition("/")[0] not in gone)

    match noun:
        case Objective():
            one = {name: next(iter(kept([getattr(noun, name)])), None) for name in _ONE}
            return noun.model_copy(update={**one, "supports": kept(noun.supports)})
        case Initiative():
            return noun.model_copy(update={"contributes_to": kept(noun.contributes_to)})
    return noun


def _named(noun: FileNoun) -> Iterable[str]:
    """The goals that a noun says something of."""
    match noun:
        case Objective():
            one = (getattr(noun, name) for name in _ONE)
            return (*noun.supports, *(ref for ref in one if ref is not None))
        case Initiative():
            return noun.contributes_to
        case CheckIn():
            return noun.key_results
    return ()


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
