"""What of closed periods a live portal can do without: goals, check-ins, work, all recorded."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from okrsite.okr.flow import Flow
from okrsite.okr.model import CheckIn, Initiative, Measure, ProgressFrom
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.archived import Archived, archived_in
from okrsite.okr.snapshot.beside import Told
from okrsite.okr.snapshot.differing import Today
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.sheet import Sheet

_WORD = re.compile(rb"[a-z0-9_-]+")


@dataclass(frozen=True)
class Leaving:
    """What is left out. `archived` are the goals whose page is not made.

    `finished` has the goal and the way of each initiative that worked for such goals alone;
    `feeding` are those of the goals whose past an open goal's past is made of.
    """

    archived: Mapping[str, Archived] = field(default_factory=dict)
    finished: Mapping[str, tuple[str, Flow]] = field(default_factory=dict)
    feeding: frozenset[str] = frozenset()

    def shortened(self, item: CheckIn) -> CheckIn:
        """A check-in without its words on what is left out."""
        results = {ref: word for ref, word in item.key_results.items() if not self.is_out(ref)}
        work = {name: move for name, move in item.initiatives.items() if name not in self.finished}
        if len(results) == len(item.key_results) and len(work) == len(item.initiatives):
            return item
        return item.model_copy(update={"key_results": results, "initiatives": work})

    def out(self, told: Told) -> Told | None:
        """What a check-in says of what is left out; None where it says nothing of that."""
        refs = tuple(ref for ref in told.refs if self.is_out(ref))
        return replace(told, refs=refs) if refs else None

    def is_out(self, ref: str) -> bool:
        """Whether a goal, a key result or `initiatives/…` is spoken of in its review alone."""
        kind, _, name = ref.partition("/")
        if kind == "initiatives" and kind not in self.archived:
            return name in self.finished
        return kind in self.archived and kind not in self.feeding


def leaving(today: Today, records: Sequence[Record]) -> Leaving:
    """What can be left out of the periods of `records`."""
    if not records:
        return Leaving()
    archived = dict(each for record in records for each in archived_in(record, today))
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
    own = {name: record.sheet for record in records for name in record.own}
    parents = {name: own[name].objectives[name].get("parent") for name in own}
    above = {name: ref.partition("/")[0] for name, ref in parents.items() if ref}
    below: dict[str, list[str]] = {}
    for name, parent in above.items():
        below.setdefault(parent, []).append(name)
    todo = [name for name, parent in above.items() if parent not in own]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += below.get(name, ()) if _counts_below(own[name], name) else ()
            yield name


def _counts_below(sheet: Sheet, name: str) -> bool:
    row = sheet.objectives[name]
    results = [sheet.key_results[ref] for ref in row["key_results"]]
    alone = row.get("progress_from") in (None, ProgressFrom.KEY_RESULTS) and bool(results)
    return not alone or any(result["measure"] == Measure.OBJECTIVES for result in results)
