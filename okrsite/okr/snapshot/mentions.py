"""Which files name what, told from their texts before any of them is read."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from datetime import date
from pathlib import PurePosixPath

from okrsite.okr.model import Amendment, CheckIn, FileNoun, Initiative, Objective
from okrsite.okr.past.versions import frontmatter_of
from okrsite.okr.pipeline import Parsed, Reading, is_read, read_beside, read_file, reading_in
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.closed import NOTHING, Closed
from okrsite.okr.sources import Sources
from okrsite.okr.values import slug

_ASIDE = frozenset({"teams", "people"})  # nearly every file names one
_FRAMES = _ASIDE | {"periods", "kpis"}

_NAME = re.compile(rb"[a-z0-9_-]+")  # at least what an id has: it ends at every other sign
_DAY = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ESCAPE = b"\\"  # quoted words with one in it need not stand there as they are read


class Mentions:
    """The files of a commit, each read when somebody asks what it says.

    `closed` are the recorded periods among `sources`, whose nouns stand for their files; what is
    `known` of the same text is not read again.
    """

    def __init__(self, sources: Sources, closed: Closed, known: Parsed) -> None:
        self._sources, self._closed, self._known = sources, closed, known
        self._readings: dict[str, Reading] = {}
        self._paths: dict[str, list[str]] = defaultdict(list)
        for path in (*self._texts(), *closed.nouns):
            self._paths[id_of(path)].append(path)
        self._naming: dict[str, list[str]] = defaultdict(list)
        ids = {name.encode(): name for name in self._paths}
        for path in self._texts():
            for name in self._names_in(path, ids):
                self._naming[name].append(path)
        for path, noun in closed.nouns.items():
            for name in set(names_of(noun)):
                self._naming[name].append(path)

    def _texts(self) -> Iterator[str]:
        """The files that no record stands for, of the kinds that name each other."""
        for path in self._sources:
            is_known = path in self._closed.covered or kind_of(path) in _ASIDE
            if is_read(path) and not is_known:
                yield path

    def _names_in(self, path: str, ids: Mapping[bytes, str]) -> set[str]:
        """What a file may name: no less than it does."""
        head = frontmatter_of(self._sources[path])
        if _ESCAPE not in head:
            return {ids[word] for word in set(_NAME.findall(head)) if word in ids}
        noun = self._noun(path)
        return set(names_of(noun)) if noun else set()

    def _noun(self, path: str) -> FileNoun | None:
        if path in self._closed.nouns:
            return self._closed.nouns[path]
        if path not in self._readings:
            raw = self._sources[path]
            self._readings[path] = reading_in(self._known, path, raw) or read_file(path, raw)
        return self._readings[path][1]

    def called(self, name: str) -> Iterator[FileNoun]:
        """Everything of this id, whatever its kind, in as many files as there are."""
        return filter(None, map(self._noun, self._paths.get(name, ())))

    def naming(self, name: str) -> Iterator[FileNoun]:
        """Everything that names something of this id."""
        found = filter(None, map(self._noun, self._naming.get(name, ())))
        return (noun for noun in found if name in names_of(noun))

    def said(self, start: date, end: date) -> Iterator[CheckIn]:
        """The check-ins of some days."""
        may_be = (path for path in self._texts() if self._may_be_said(path, start, end))
        for noun in map(self._noun, (*may_be, *self._closed.nouns)):
            if isinstance(noun, CheckIn) and start <= noun.date <= end:
                yield noun

    def _may_be_said(self, path: str, start: date, end: date) -> bool:
        if kind_of(path) != "check-ins":
            return False
        head = frontmatter_of(self._sources[path])
        first, last = (day.isoformat().encode() for day in (start, end))
        return _ESCAPE in head or any(first <= day <= last for day in _DAY.findall(head))

    def readings(self) -> Iterator[CheckIn]:
        """The check-ins that tell of KPIs."""
        kpis = {id_of(path) for path in self._sources if kind_of(path) == "kpis"}
        found = (noun for kpi in kpis for noun in self.naming(kpi))
        return (
            noun for noun in found if isinstance(noun, CheckIn) and not kpis.isdisjoint(noun.kpis)
        )

    def read(self, names: Set[str]) -> Parsed:
        """What the files of these ids say, and the frames of them all; with what is recorded."""
        wanted = {path for name in names for path in self._paths.get(name, ())}
        wanted |= {path for path in self._sources if is_frame(path)}
        for path in wanted:
            self._noun(path)
        readings = {path: self._readings[path] for path in sorted(wanted & self._readings.keys())}
        return read_beside(self._closed, self._sources, readings)


def read_frames(sources: Sources) -> Parsed:
    """The periods, teams, people and KPIs among `sources`; nothing of the others."""
    readings = {path: read_file(path, raw) for path, raw in sources.items() if is_frame(path)}
    return read_beside(NOTHING, sources, readings)


def is_frame(path: str) -> bool:
    """Whether a file is of a kind that is read for every record: few, and it holds them all."""
    return is_read(path) and kind_of(path) in _FRAMES


def id_of(path: str) -> str:
    """What the noun in a file is called."""
    return slug(PurePosixPath(path).stem) or "unnamed"


def names_of(noun: FileNoun) -> tuple[str, ...]:
    """The ids that a noun refers to, those of teams and people aside."""
    return tuple(ref.partition("/")[0] for ref in _refs(noun) if ref)


def _refs(noun: FileNoun) -> tuple[str | None, ...]:
    match noun:
        case Objective():
            return (noun.period, noun.parent, noun.continues, *noun.supports)
        case Initiative():
            return (*noun.contributes_to, *noun.depends_on)
        case CheckIn():
            return (*noun.key_results, *noun.kpis, *noun.initiatives, noun.corrects)
        case Amendment():
            return (noun.subject,)
    return ()
