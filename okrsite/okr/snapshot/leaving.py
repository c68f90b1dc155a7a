"""What of closed periods a live portal can do without: check-ins and work whose end is recorded."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from okrsite.okr.flow import Flow
from okrsite.okr.model import CheckIn, Initiative, Measure, Objective, ProgressFrom, measure_of
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.beside import Told
from okrsite.okr.snapshot.differing import Today
from okrsite.okr.snapshot.record import Record

_WORD = re.compile(rb"[a-z0-9_-]+")


@dataclass(frozen=True)
class Leaving:
    """What is left out. `archived` has the period of each goal whose page is not made.

    `finished` has the goal and the way of each initiative that worked for such goals alone;
    `feeding` are those of the goals whose past an open goal's past is made of.
    """

    archived: Mapping[str, str] = field(default_factory=dict)
    finished: Mapping[str, tuple[str, Flow]] = field(default_factory=dict)
    feeding: frozenset[str] = frozenset()

    def shortened(self, item: CheckIn) -> CheckIn:
        """A check-in without its words on what is left out."""
        results = {ref: word for ref, word in item.key_results.items() if not self._is_out(ref)}
        work = {name: move for name, move in item.initiatives.items() if name not in self.finished}
        if len(results) == len(item.key_results) and len(work) == len(item.initiatives):
            return item
        return item.model_copy(update={"key_results": results, "initiatives": work})

    def out(self, told: Told) -> Told | None:
        """What a check-in says of what is left out; None where it says nothing of that."""
        refs = tuple(ref for ref in told.refs if self._is_out(ref))
        return replace(told, refs=refs) if refs else None

    def _is_out(self, ref: str) -> bool:
        kind, _, name = ref.partition("/")
        if kind == "initiatives" and kind not in self.archived:
            return name in self.finished
        return kind in self.archived and kind not in self.feeding


def leaving(today: Today, records: Sequence[Record]) -> Leaving:
    """What can be left out of the periods of `records`."""
    if not records:
        return Leaving()
    archived = {name: record.period for record in records for name in record.own}
    fed = frozenset(_feeding(records))
    said = _said_since(today, records)
    work = {
        name: told
        for record in records
        for name, told in _finished(today, record, archived.keys() - fed)
        if name not in said
    }
    return Leaving(archived, work, fed)


def _said_since(today: Today, records: Iterable[Record]) -> frozenset[str]:
    """Every word of the check-ins that no record holds: what work they name is not over yet."""
    known = {today.path_of(path) for record in records for path in record.told}
    found: set[bytes] = set()
    for path, raw in today.sources.items():
        if path not in known and kind_of(path) == "check-ins":
            found.update(_WORD.findall(raw))
    return frozenset(word.decode() for word in found)


def _finished(
    today: Today, record: Record, goals: Iterable[str]
) -> Iterator[tuple[str, tuple[str, Flow]]]:
    """Initiatives that were done, for some of `goals` alone, and whose file is as it was."""
    known = frozenset(goals)
    for path in record.nouns:
        noun = record.nouns[path] if path.startswith("initiatives/") else None
        if not isinstance(noun, Initiative) or not noun.contributes_to:
            continue
        flow = record.flows[noun.id]
        served = (ref.partition("/")[0] in known for ref in noun.contributes_to)
        if flow.done_on and all(served) and today.is_same(record, path):
            yield noun.id, (noun.contributes_to[0], flow)


def _feeding(records: Iterable[Record]) -> Iterator[str]:
    """Closed objectives whose past an open goal's past is made of."""
    goals = {
        noun.id: noun
        for record in records
        for path in record.nouns
        if path.startswith("objectives/")
        if isinstance(noun := record.nouns[path], Objective) and record.is_own(noun.id)
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
            yield name


def _counts_below(goal: Objective) -> bool:
    alone = goal.progress_from in (None, ProgressFrom.KEY_RESULTS) and bool(goal.key_results)
    return not alone or any(measure_of(kr) is Measure.OBJECTIVES for kr in goal.key_results)
