"""What a Book declares, by kind and id; where it could not be read, so that it proves nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import PurePosixPath

from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import Loc
from okrsite.okr.model import FileNoun, Period
from okrsite.okr.pipeline import Book
from okrsite.okr.records import kind_of
from okrsite.okr.values import plain, slug

Key = tuple[str, str]  # the folder of its kind, and its id

NOUNS: Mapping[str, str] = {
    "periods": "period",
    "teams": "team",
    "people": "person",
    "objectives": "objective",
    "initiatives": "initiative",
    "kpis": "KPI",
    "check-ins": "check-in",
    "amendments": "amendment",
}
# Nothing of such a file is sure; then, that one value is not; then, that the whole noun counts.
_UNREADABLE = frozenset({"OKR001", "OKR002", "OKR003", "OKR005"})
_FAULTY = frozenset({"OKR004", "OKR010", "OKR012", "OKR013"})
_LEFT_OUT = frozenset({"OKR014", "OKR017"})


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be compared: on which `side`, where, and why."""

    side: str
    subject: str
    path: str
    line: int
    why: str


@dataclass(frozen=True)
class Declared:
    """One Book's nouns as their files say them; of two with the same id the one that counts."""

    book: Book

    @cached_property
    def nouns(self) -> Mapping[Key, FileNoun]:
        found: dict[Key, FileNoun] = {}
        for path, noun in sorted(self.book.parsed.nouns.items()):
            found.setdefault((path.partition("/")[0], noun.id), noun)
        return found

    def faults(self, path: str) -> tuple[Finding, ...]:
        """The findings in a file because of which something in it does not say what was meant."""
        own = self.book.parsed.findings.get(path, ())
        joined = self.book.findings_in.get(path, ())
        return (
            *(finding for finding in own if finding.code in _UNREADABLE | _FAULTY),
            *(finding for finding in joined if finding.code in _LEFT_OUT),
        )

    def is_unreadable(self, path: str) -> bool:
        """Whether nothing that is read from a file is sure; a missing one reads as nothing."""
        if path not in self.book.parsed.documents:
            return False
        unread = any(finding.code in _UNREADABLE for finding in self.faults(path))
        return unread or path not in self.book.parsed.nouns

    def faulty(self, path: str) -> frozenset[Loc]:
        """The places in a file whose value could not be read."""
        faults = [finding for finding in self.faults(path) if finding.code in _FAULTY]
        if not faults:
            return frozenset()
        document = self.book.parsed.documents[path]
        places = [*document.marks.items(), *document.keys.items()]
        at = {(finding.line, finding.column) for finding in faults}
        found = sorted((loc for loc, place in places if place in at), key=len)
        deepest = {(document.marks.get(loc) or document.keys[loc]): loc for loc in found}
        return frozenset(deepest.values())

    def period(self, name: str) -> Period | None:
        """The period of that id as it is declared."""
        noun = self.nouns.get(("periods", name))
        return noun if isinstance(noun, Period) else None


def touched_paths(base: Book, head: Book) -> Iterator[str]:
    """Every path whose text is not the same on both sides, in order."""
    one, other = base.parsed.raw, head.parsed.raw
    for path in sorted(one.keys() | other.keys()):
        if one.get(path) != other.get(path):
            yield path


def unread(side: str, here: Declared, there: Declared, paths: Iterable[str]) -> Iterator[Unread]:
    """What in `paths` cannot be read here and, unless both are the same, not compared."""
    for path in paths:
        known = {(finding.code, finding.message) for finding in there.faults(path)}
        same = here.is_unreadable(path) == there.is_unreadable(path)
        new = [f for f in here.faults(path) if not same or (f.code, f.message) not in known]
        if here.is_unreadable(path) and not new:
            new = list(here.faults(path) or here.book.parsed.findings.get(path, ()))
        subject = slug(PurePosixPath(path).stem)
        for finding in new if not here.is_unreadable(path) else new[:1]:
            yield Unread(side, subject, path, finding.line, finding.message)


def keys_of(paths: Iterable[str], *sides: Declared) -> Iterator[Key]:
    """Kind and id of every noun that one of `paths` stands for on one of the sides."""
    for path in paths:
        kind = kind_of(path)
        for side in sides if kind else ():
            noun = side.book.parsed.nouns.get(path)
            if noun is not None:
                yield (kind or "", noun.id)


def typed(value: object) -> str:
    """A value as an author would type it; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return ", ".join(f"{typed(key)}: {typed(item)}" for key, item in value.items())
    if isinstance(value, (tuple, list)):
        return ", ".join(map(typed, value))
    return str(value)
