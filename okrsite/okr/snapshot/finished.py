"""Work that is over: it was done for closed goals alone, and nobody spoke of it since."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from okrsite.okr.flow import Flow
from okrsite.okr.model import Initiative
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.differing import Today
from okrsite.okr.snapshot.record import Record
from okrsite.okr.values import slug

_WORD = re.compile(rb"[a-z0-9_-]+")
Done = tuple[str, Flow]  # a goal that it was done for, and how it went


def finished_in(today: Today, records: Sequence[Record], goals: Set[str]) -> Mapping[str, Done]:
    """The initiatives of `records` that were done, for some of `goals` alone.

    Their files and all that was said of them are as they were, and one record has all of it.
    """
    done = [(record, item) for record in records for item in _done(today, record, goals)]
    if not done:
        return {}
    told, said = _told(records), _said_since(today, records)
    others = set(_goals(today)) - goals
    return {
        item.id: (item.contributes_to[0], record.flows[item.id])
        for record, item in done
        if item.id not in said
        and _tells_all(today, record, told.get(item.id, set()))
        and not _names_more(today, item, others)
    }


def _done(today: Today, record: Record, goals: Set[str]) -> Iterator[Initiative]:
    """Those that a record has as done for some of `goals` alone, and whose file is as it was."""
    for path in record.nouns:
        noun = record.nouns[path] if path.startswith("initiatives/") else None
        if not isinstance(noun, Initiative) or not noun.contributes_to:
            continue
        served = (ref.partition("/")[0] in goals for ref in noun.contributes_to)
        if record.flows[noun.id].done_on and all(served) and today.is_same(record, path):
            yield noun


def _told(records: Sequence[Record]) -> Mapping[str, Set[str]]:
    """The recorded check-ins that speak of each initiative."""
    found: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for path, told in record.told.items():
            for ref in told.refs:
                if ref.startswith("initiatives/"):
                    found[ref.removeprefix("initiatives/")].add(path)
    return found


def _tells_all(today: Today, record: Record, paths: Set[str]) -> bool:
    """Whether a record has these check-ins, as they still are."""
    return all(path in record.told and today.is_same(record, path) for path in paths)


def _said_since(today: Today, records: Sequence[Record]) -> frozenset[str]:
    """Every word of the check-ins that no record holds: what work they name is not over yet."""
    known = {
        today.path_of(path)
        for record in records
        for path in record.told
        if today.is_same(record, path)
    }
    found: set[bytes] = set()
    for path, raw in today.sources.items():
        if path not in known and kind_of(path) == "check-ins":
            found.update(_WORD.findall(raw))
    return frozenset(word.decode() for word in found)


def _names_more(today: Today, item: Initiative, others: Set[str]) -> bool:
    """Whether its file names one of the `others`, of which nobody knew when it was recorded."""
    path = today.path_of(item.path)
    raw = today.sources[path]
    if others.isdisjoint(word.decode() for word in _WORD.findall(raw)):
        return False
    _, now = today.read(path, raw)
    named = now.contributes_to if isinstance(now, Initiative) else ()
    return any(ref.partition("/")[0] in others for ref in named)


def _goals(today: Today) -> Iterator[str]:
    for path in today.sources:
        if path.startswith("objectives/"):
            yield slug(path.rpartition("/")[2].removesuffix(".md"))
