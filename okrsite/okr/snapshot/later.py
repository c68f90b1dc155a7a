"""What came after a period was recorded, or changed since: it is told, and not counted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import Document
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Objective, Visibility
from okrsite.okr.snapshot.closed import Closed, spoken_in
from okrsite.okr.snapshot.differing import differs
from okrsite.okr.snapshot.record import Record
from okrsite.okr.values import slug

_LATER = "Leave it out: what was closed stays. What goes on is a goal of the next period."


@dataclass(frozen=True)
class Later:
    """Nouns as they count beside the others (None: not at all), and a word about those left.

    `unlisted` are the files of unlisted goals among those left.
    """

    nouns: Mapping[str, FileNoun | None]
    findings: tuple[Finding, ...]
    unlisted: frozenset[str] = frozenset()


def later(
    closed: Closed, nouns: Mapping[str, FileNoun], documents: Mapping[str, Document]
) -> Later:
    """What of `nouns`, as they were read today, may say nothing of the recorded periods."""
    if not closed.records:
        return Later({}, ())
    instead: dict[str, FileNoun | None] = {}
    findings: list[Finding] = []
    for path, noun in nouns.items():
        if path in closed.covered:
            continue
        match noun:
            case Objective() if noun.period in closed.records:
                instead[path] = None
                findings.append(_goal(documents[path], noun))
            case Amendment() if record := closed.home(noun.subject):
                instead[path] = None
                message = f"this came after {record.name} was recorded, and changes nothing there"
                place = documents[path].place("subject")
                findings.append(differs(path, place, message, _LATER, subject=noun.subject))
            case CheckIn() if any(map(closed.home, noun.key_results)):
                instead[path] = _as_recorded(closed, noun)
                findings += _of_check_in(closed, noun, documents[path])
    corrected = _corrected(closed, {**nouns, **instead})
    return Later({**instead, **corrected}, tuple(findings), frozenset(_unlisted(nouns, instead)))


def _unlisted(nouns: Mapping[str, FileNoun], left: Iterable[str]) -> Iterator[str]:
    for path in left:
        noun = nouns[path]
        if isinstance(noun, Objective) and noun.visibility is not Visibility.PUBLIC:
            yield path


def _corrected(
    closed: Closed, nouns: Mapping[str, FileNoun | None]
) -> Mapping[str, FileNoun | None]:
    """Check-ins that were left out and that others correct, up to the first: without a word."""
    told = [noun for noun in nouns.values() if isinstance(noun, CheckIn)]
    known = {item.id for item in told}
    missing = {item.corrects for item in told if item.corrects} - known
    places = dict(_left_out(closed)) if missing else {}
    found: dict[str, FileNoun | None] = {}
    while here := (missing & places.keys()) - known:
        known |= here
        for record, path in map(places.__getitem__, here):
            silent: dict[str, object] = {"key_results": {}, "initiatives": {}}
            found[path] = record.nouns[path].model_copy(update=silent)
            missing.add(record.told[path].corrects or "")
    return found


def _left_out(closed: Closed) -> Iterator[tuple[str, tuple[Record, str]]]:
    """The check-ins that a record stands in for, by id; the first of two counts."""
    covered = {_id_of(path) for path in closed.covered if path.startswith("check-ins/")}
    for record in reversed(tuple(closed.records.values())):
        for path in spoken_in(record):
            if (name := _id_of(path)) in covered:
                yield name, (record, path)


def _id_of(path: str) -> str:
    return slug(PurePosixPath(path).stem)


def _goal(document: Document, noun: Objective) -> Finding:
    message = f"`{noun.period}` was recorded as closed without this goal, so it is not published"
    hint = "Put it into a period that is open."
    return differs(document.path, document.place("period"), message, hint)


def _as_recorded(closed: Closed, noun: CheckIn) -> CheckIn | None:
    """A check-in with those words on recorded goals that the records have."""
    words = {
        ref: word
        for ref, word in noun.key_results.items()
        if closed.home(ref) is None or not _counts(closed, noun, ref)
    }
    told = {ref: word for r in closed.records.values() for ref, word in _recorded(r, noun)}
    said = {**words, **told}
    if not (said or noun.kpis or noun.initiatives):
        return None
    return noun if said == noun.key_results else noun.model_copy(update={"key_results": said})


def _counts(closed: Closed, noun: CheckIn, ref: str) -> bool:
    """Whether a word would change what was recorded: one from before the closing, or on such."""
    record = closed.home(ref)
    return record is not None and (noun.date <= record.as_of or noun.corrects is not None)


def _recorded(record: Record, noun: CheckIn) -> Iterator[tuple[str, object]]:
    path = _path_in(record, noun.path)
    was = record.nouns[path] if path else None
    if isinstance(was, CheckIn):
        yield from ((ref, word) for ref, word in was.key_results.items() if record.is_own(ref))


def _path_in(record: Record, path: str) -> str | None:
    """The path under which a record knows a check-in's file."""
    if path in record.told:
        return path
    name = path.rpartition("/")[2]
    return next((p for p in record.told if p.rpartition("/")[2] == name), None)


def _of_check_in(closed: Closed, noun: CheckIn, document: Document) -> Iterator[Finding]:
    """What was said too late; where the record has the check-in, its differences are told."""
    for ref in noun.key_results:
        record = closed.home(ref)
        if record and _counts(closed, noun, ref) and not _path_in(record, noun.path):
            message = f"this came after {record.name} was recorded, so it does not count there"
            place = document.place("key_results", ref)
            yield differs(document.path, place, message, _LATER, subject=ref)
