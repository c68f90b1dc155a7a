"""Closed periods among the sources: their records stand in for the files they were made from."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.model import CheckIn, FileNoun, Initiative, Objective
from okrsite.okr.snapshot.archived import Archived
from okrsite.okr.snapshot.beside import Told
from okrsite.okr.snapshot.differing import ReadAgain, Today
from okrsite.okr.snapshot.finished import Done
from okrsite.okr.snapshot.leaving import Leaving, leaving
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.trusted import own_files, trusted_in
from okrsite.okr.sources import Sources

_ONE = ("parent", "continues")  # what of an objective names one goal


@dataclass(frozen=True)
class Closed:
    """What stands in for today's files: nouns and documents by path, and what they disagree in.

    `records` are those that can be trusted, by period. `covered` are the paths that need not be
    read any more. `archived` are the goals without a page of their own, most of them not among the
    nouns; `finished` has the goal and the way of each initiative that was done for nothing but such
    goals; `left` is who spoke of them, in check-ins that are not among the nouns. `unlisted` are
    the files of unlisted goals that came too late to be published.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    nouns: Mapping[str, FileNoun] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    covered: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    archived: Mapping[str, Archived] = field(default_factory=dict)
    finished: Mapping[str, Done] = field(default_factory=dict)
    left: tuple[Told, ...] = ()
    unlisted: frozenset[str] = frozenset()

    @cached_property
    def _homes(self) -> Mapping[str, Record]:
        return {name: record for record in self.records.values() for name in record.own}

    def home(self, ref: str) -> Record | None:
        """The record that tells how an objective or a key result ended, if there is one."""
        return self._homes.get(ref.partition("/")[0])

    def teams_of(self, ref: str) -> tuple[str, ...]:
        """The teams of a recorded key result: its own, then that of its objective."""
        record = self.home(ref)
        row = record.sheet.key_results.get(ref) if record else None
        if record is None or row is None:
            return ()
        goal = record.sheet.objectives[ref.partition("/")[0]]
        return tuple(filter(None, (row.get("team"), goal.get("team"))))


NOTHING = Closed()


def closed_in(
    sources: Sources, read: ReadAgain, light_on: date | None = None, but: str = ""
) -> Closed:
    """The closed periods that have a record among `sources`.

    With `light_on`, what was said of goals recorded as closed by that day is left out, unless an
    open goal counts them: their numbers are in the record. The goals of one period, `but`, stay.
    """
    records, findings = trusted_in(sources, lazily=light_on is not None)
    if not records:
        return Closed(findings=findings) if findings else NOTHING
    today = Today(sources, read)
    known = (r for r in records.values() if light_on is not None and r.as_of <= light_on)
    light = [record for record in known if record.period != but]
    return _standing_in(today, records, findings, leaving(today, light))


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
        own = own_files(record)
        for path in (*own, *_work(record, left), *spoken_in(record)):
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


def with_named(closed: Closed, nouns: Mapping[str, FileNoun]) -> Closed:
    """With those goals among the nouns that are archived, and that others of `nouns` name.

    So are those that name others themselves, or bear the id of one, or whose file was changed.
    """
    others = [noun for path, noun in nouns.items() if not _is_left(closed, path, noun)]
    wanted = {ref.partition("/")[0] for noun in others for ref in _named(noun)}
    wanted |= {noun.id for noun in others if isinstance(noun, Objective)}
    for name, goal in closed.archived.items():
        names = {ref.partition("/")[0] for ref in goal.names}
        if not goal.same or names - closed.archived.keys():
            wanted.add(name)
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


def _is_left(closed: Closed, path: str, noun: FileNoun) -> bool:
    """Whether a noun is a record's and has no page, so that nobody asks what it names."""
    left = isinstance(noun, Initiative) or noun.id in closed.archived
    return left and path in closed.nouns


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


def spoken_in(record: Record) -> Iterator[str]:
    """The files of the check-ins that speak of the period's goals."""
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
