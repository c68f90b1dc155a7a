"""Closed periods among the sources: their records stand in for the files they were made from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.model import (
    Amendment,
    CheckIn,
    FileNoun,
    Measure,
    Objective,
    Period,
    ProgressFrom,
    measure_of,
)
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.manifest import digest, faults_of, manifests_in, read_manifest
from okrsite.okr.snapshot.names import Kind, SnapshotError
from okrsite.okr.snapshot.nouns import dumped, dumped_key_result
from okrsite.okr.snapshot.record import OWN, Record, read_record
from okrsite.okr.snapshot.tokens import Json, encoded
from okrsite.okr.sources import Sources

ReadAgain = Callable[[str, bytes], tuple[Document, FileNoun | None]]
_PUT_BACK = "Put it back: what was closed stays. What goes on is a goal of the next period."
_IN_PROSE = "What was learned later belongs into the text of the next period."


@dataclass(frozen=True)
class Closed:
    """What stands in for today's files: nouns and documents by path, and what they disagree in.

    `covered` are the paths that need not be read any more. `records` by period.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    nouns: Mapping[str, FileNoun] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    covered: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


NOTHING = Closed()


def closed_in(sources: Sources, read: ReadAgain, *, deep: bool = True) -> Closed:
    """The closed periods that have a record among `sources`.

    Without `deep`, what was said of a closed goal is left out, unless an open goal counts it:
    its numbers are in the record.
    """
    records: dict[str, Record] = {}
    findings: list[Finding] = []
    for name, path, raw in manifests_in(sources):
        if name.kind is Kind.CLOSED:
            try:
                record = _trusted(sources, raw)
            except SnapshotError as error:
                findings.append(_unusable(path, str(error), "OKR702"))
            except _BrokenError as error:
                findings.append(_unusable(error.path, str(error), "OKR703"))
            else:
                records[name.period] = record
    if not records:
        return Closed(findings=tuple(findings)) if findings else NOTHING
    return _standing_in(sources, records, tuple(findings), read, deep)


class _BrokenError(Exception):
    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def _trusted(sources: Sources, raw: bytes) -> Record:
    manifest = read_manifest(raw)
    for path, fault in faults_of(manifest, sources):
        raise _BrokenError(path, fault)
    record = read_record(sources[manifest.name.file("record.json")])
    if record.name != manifest.name:
        raise SnapshotError(f"it calls itself `{record.name}`")
    return record


def _unusable(path: str, fault: str, code: str) -> Finding:
    message = f"this snapshot cannot be used: {fault}"
    hint = "Bring the published file back from git; `okrsite snapshot verify` tells more."
    hint = "Update okrsite." if "newer" in fault else hint
    return Finding(path, 1, 1, code, Severity.ERROR, message, hint)


def _standing_in(
    sources: Sources,
    records: Mapping[str, Record],
    findings: tuple[Finding, ...],
    read: ReadAgain,
    deep: bool,
) -> Closed:
    nouns: dict[str, FileNoun] = {}
    documents: dict[str, Document] = {}
    covered: set[str] = set()
    found = list(findings)
    kept = frozenset() if deep else _feeding(records.values())
    today = _Today(sources, read)
    for record in records.values():
        for path, noun in record.nouns.items():
            own = _is_own(record, noun)
            if not own and not _speaks_of_own(record, noun):
                continue
            found += today.disagreements(record, path, noun)
            if own:
                covered.add(today.path_of(noun))
                if deep or not isinstance(noun, CheckIn) or _feeds(kept, noun):
                    nouns[path], documents[path] = noun, _document(record, noun)
    late = {path for path in sources if path not in covered and _is_late(today, path, records)}
    found += (today.late(path) for path in sorted(late))
    return Closed(records, nouns, documents, frozenset(covered | late), tuple(found))


def _is_own(record: Record, noun: FileNoun) -> bool:
    """Whether a file speaks of the closed period and of nothing else."""
    match noun:
        case Period():
            return noun.id == record.period
        case Objective():
            return record.roles.get(noun.id) == OWN
        case Amendment():
            return record.roles.get(noun.subject.partition("/")[0]) == OWN
        case CheckIn():
            alone = bool(noun.key_results) and not noun.kpis and not noun.initiatives
            return alone and all(_is_own_ref(record, ref) for ref in noun.key_results)
    return False


def _speaks_of_own(record: Record, noun: FileNoun) -> bool:
    said = noun.key_results if isinstance(noun, CheckIn) else ()
    return any(_is_own_ref(record, ref) for ref in said)


def _is_own_ref(record: Record, ref: str) -> bool:
    return record.roles.get(ref.partition("/")[0]) == OWN


def _feeding(records: Iterable[Record]) -> frozenset[str]:
    """Closed objectives whose past an open goal's past is made of."""
    goals = {
        noun.id: noun
        for record in records
        for noun in record.nouns.values()
        if isinstance(noun, Objective) and record.roles.get(noun.id) == OWN
    }
    below: dict[str, list[str]] = {}
    for goal in goals.values():
        below.setdefault((goal.parent or "").partition("/")[0], []).append(goal.id)
    todo = [g.id for g in goals.values() if g.parent and g.parent.partition("/")[0] not in goals]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += below.get(name, ()) if _counts_below(goals[name]) else ()
    return frozenset(found)


def _counts_below(goal: Objective) -> bool:
    alone = goal.progress_from in (None, ProgressFrom.KEY_RESULTS) and bool(goal.key_results)
    return not alone or any(measure_of(kr) is Measure.OBJECTIVES for kr in goal.key_results)


def _feeds(kept: frozenset[str], noun: CheckIn) -> bool:
    return any(ref.partition("/")[0] in kept for ref in noun.key_results)


def _document(record: Record, noun: FileNoun) -> Document:
    """What the file's document would have been, as far as places are asked for."""
    if not isinstance(noun, Objective):
        return Document(noun.path, {}, noun.body)
    rows = [{"id": kr.id} for kr in noun.key_results]
    marks: dict[Loc, tuple[int, int]] = {
        ("key_results", index): (record.lines.get(f"{noun.id}/{kr.id}", 1), 1)
        for index, kr in enumerate(noun.key_results)
    }
    return Document(noun.path, {"key_results": rows}, noun.body, marks=marks)


@dataclass(frozen=True)
class _Today:
    """Today's files beside a record."""

    sources: Sources
    read: ReadAgain
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def path_of(self, noun: FileNoun) -> str:
        """Where the noun's file lies today: it may have been moved to another folder."""
        if noun.path in self.sources:
            return noun.path
        if not self.places:
            self.places.update((_key(path), path) for path in self.sources)
        return self.places.get(_key(noun.path), noun.path)

    def disagreements(self, record: Record, path: str, noun: FileNoun) -> Iterator[Finding]:
        """In what today's file says something else than the record."""
        here = self.path_of(noun)
        raw = self.sources.get(here)
        if raw is None:
            message = f"this file is gone, and the record of {record.name} was made from it"
            yield _finding(here, (1, 1), message, "Bring the file back.")
        elif digest(raw) != record.hashes.get(path):
            document, now = self.read(here, raw)
            yield from _differences(record, document, noun, now)

    def late(self, path: str) -> Finding:
        """What to say of a goal that came into a period after its record."""
        document, noun = self.read(path, self.sources[path])
        period = noun.period if isinstance(noun, Objective) else ""
        message = f"`{period}` was recorded as closed without this goal, so it is not published"
        hint = "Put it into a period that is open."
        return _finding(path, document.place("period"), message, hint)


def _key(path: str) -> tuple[str, str]:
    return kind_of(path) or "", path.rpartition("/")[2]


def _is_late(today: _Today, path: str, records: Mapping[str, Record]) -> bool:
    raw = today.sources[path]
    if kind_of(path) != "objectives" or not any(period.encode() in raw for period in records):
        return False
    noun = today.read(path, raw)[1]
    return isinstance(noun, Objective) and noun.period in records


def _finding(
    path: str, place: tuple[int, int], message: str, hint: str, *, prose: bool = False
) -> Finding:
    severity = Severity.WARNING if prose else Severity.ERROR
    return Finding(path, *place, "OKR701", severity, message, hint)


def _differences(
    record: Record, document: Document, was: FileNoun, now: FileNoun | None
) -> Iterator[Finding]:
    """The first field of each thing that says something else, and the prose."""
    if now is None:
        message = f"this cannot be read any more; the portal shows the record of {record.name}"
        yield _finding(document.path, (1, 1), message, _PUT_BACK)
        return
    for what, loc, before, after in _pairs(document, was, now):
        keys = (key for key in {**before, **after} if before.get(key) != after.get(key))
        if key := next(keys, None):
            message = f"`{key}`{what} is {_words(after.get(key))} here, and"
            message += f" {_words(before.get(key))} in the record of {record.name}, which is shown"
            yield _finding(document.path, document.place(*loc, key), message, _PUT_BACK)
    if was.body.strip() != now.body.strip():
        message = f"this text differs from the record of {record.name}, which is shown"
        place = (document.body_line, 1)
        yield _finding(document.path, place, message, _IN_PROSE, prose=True)


def _pairs(
    document: Document, was: FileNoun, now: FileNoun
) -> Iterator[tuple[str, Loc, Json, Json]]:
    yield "", (), _declared(was), _declared(now)
    if isinstance(was, Objective) and isinstance(now, Objective):
        before, after = ({kr.id: kr for kr in noun.key_results} for noun in (was, now))
        for name in {**before, **after}:
            rows = [kr.id for kr in now.key_results]
            loc: Loc = ("key_results", rows.index(name)) if name in rows else ("key_results",)
            yield (
                f" of `{was.id}/{name}`",
                loc,
                dumped_key_result(name, before[name]) if name in before else {},
                dumped_key_result(name, after[name]) if name in after else {},
            )


def _declared(noun: FileNoun) -> Json:
    return {key: value for key, value in dumped(noun).items() if key not in ("path", "text")}


def _words(value: object) -> str:
    return "nothing" if value is None else f"`{encoded(value).strip(chr(34))}`"
