"""Today's files beside a record: where each lies now, and in what it says something else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Noun, Objective
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.manifest import digest
from okrsite.okr.snapshot.nouns import dumped, dumped_key_result
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.tokens import Json, encoded
from okrsite.okr.sources import Sources

N = TypeVar("N", bound=Noun)
ReadAgain = Callable[[str, bytes], tuple[Document, FileNoun | None]]
_PUT_BACK = "Put it back: what was closed stays. What goes on is a goal of the next period."
_IN_PROSE = "What was learned later belongs into the text of the next period."


@dataclass(frozen=True)
class Today:
    """Today's files, and how one of them is read."""

    sources: Sources
    read: ReadAgain
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def path_of(self, path: str) -> str:
        """Where a recorded file lies today: it may have been moved to another folder."""
        if path in self.sources:
            return path
        if not self.places:
            self.places.update((_key(each), each) for each in self.sources)
        return self.places.get(_key(path), path)

    def is_same(self, record: Record, path: str) -> bool:
        """Whether a file still is what the record was made from, byte for byte."""
        raw = self.sources.get(self.path_of(path))
        return raw is not None and digest(raw) == record.hashes[path]

    def disagreements(self, record: Record, path: str) -> Iterator[Finding]:
        """In what today's file says something else than the record."""
        here = self.path_of(path)
        raw = self.sources.get(here)
        if raw is None:
            message = f"this file is gone, and the record of {record.name} was made from it"
            hint, subject = "Bring the file back.", _subject(record.nouns[path])
            yield differs(here, (1, 1), message, hint, subject=subject)
        elif digest(raw) != record.hashes[path]:
            document, now = self.read(here, raw)
            was = record.nouns[path]
            for found in _differences(record, document, was, now):
                yield replace(found, subject=_subject(was))


def _key(path: str) -> tuple[str, str]:
    return kind_of(path) or "", path.rpartition("/")[2]


def _subject(noun: FileNoun) -> str:
    """The key result that a check-in speaks of first, or what an amendment changes."""
    match noun:
        case CheckIn():
            return next(iter(noun.key_results), "")
        case Amendment():
            return noun.subject
    return ""


def differs(
    path: str,
    place: tuple[int, int],
    message: str,
    hint: str,
    *,
    prose: bool = False,
    subject: str = "",
) -> Finding:
    """A finding of what is not as it was recorded."""
    severity = Severity.WARNING if prose else Severity.ERROR
    return Finding(path, *place, "OKR701", severity, message, hint, subject)


def _differences(
    record: Record, document: Document, was: FileNoun, now: FileNoun | None
) -> Iterator[Finding]:
    """The first field of each thing that says something else, and the prose."""
    if now is None:
        message = f"this cannot be read any more; the portal shows the record of {record.name}"
        yield differs(document.path, (1, 1), message, _PUT_BACK)
        return
    for what, loc, before, after in _pairs(record, document, was, now):
        keys = (key for key in {**before, **after} if before.get(key) != after.get(key))
        if key := next(keys, None):
            message = f"`{key}`{what} is {_words(after.get(key))} here, and"
            message += f" {_words(before.get(key))} in the record of {record.name}, which is shown"
            yield differs(document.path, document.place(*loc, key), message, _PUT_BACK)
    if was.body.strip() != now.body.strip():
        message = f"this text differs from the record of {record.name}, which is shown"
        place = (document.body_line, 1)
        yield differs(document.path, place, message, _IN_PROSE, prose=True)


def _pairs(
    record: Record, document: Document, was: FileNoun, now: FileNoun
) -> Iterator[tuple[str, Loc, Json, Json]]:
    yield "", (), _declared(was), _declared(now)
    if isinstance(was, CheckIn) and isinstance(now, CheckIn):
        yield "", ("key_results",), _said(record, was), _said(record, now)
    if isinstance(was, Objective) and isinstance(now, Objective):
        before, after = ({kr.id: kr for kr in noun.key_results} for noun in (was, now))
        for name in {**before, **after}:
            rows = [kr.id for kr in now.key_results]
            loc: Loc = ("key_results", rows.index(name)) if name in rows else ("key_results",)
            yield (
                f" of `{was.id}/{name}`",
                loc,
                dumped_key_result(name, _whole(before[name])) if name in before else {},
                dumped_key_result(name, _whole(after[name])) if name in after else {},
            )


# What a check-in says of anything but the closed goals is none of the record's business.
_OF_CHECK_IN = ("path", "text", "key_results", "kpis", "initiatives")


def _declared(noun: FileNoun) -> Json:
    left = _OF_CHECK_IN if isinstance(noun, CheckIn) else ("path", "text")
    return {key: value for key, value in dumped(_whole(noun)).items() if key not in left}


def _whole(noun: N) -> N:
    """A noun with all fields as if they had been typed: a default is what nobody has to type."""
    return noun.model_copy(update={name: getattr(noun, name) for name in type(noun).model_fields})


def _said(record: Record, noun: CheckIn) -> Json:
    said: Json = dumped(noun).get("key_results", {})
    return {ref: words for ref, words in said.items() if record.is_own(ref)}


def _words(value: object) -> str:
    return "nothing" if value is None else f"`{encoded(value).strip(chr(34))}`"
