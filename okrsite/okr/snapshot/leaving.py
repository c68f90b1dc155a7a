"""What of closed periods a live portal can do without: goals, check-ins, work, all recorded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from okrsite.okr.model import CheckIn, Measure, ProgressFrom
from okrsite.okr.snapshot.archived import Archived, archived_in
from okrsite.okr.snapshot.beside import Told
from okrsite.okr.snapshot.differing import Today
from okrsite.okr.snapshot.finished import Done, finished_in
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.sheet import Sheet


@dataclass(frozen=True)
class Leaving:
    """What is left out. `archived` are the goals whose page is not made.

    `finished` has the goal and the way of each initiative that worked for such goals alone;
    `feeding` are those of the goals whose past an open goal's past is made of.
    """

    archived: Mapping[str, Archived] = field(default_factory=dict)
    finished: Mapping[str, Done] = field(default_factory=dict)
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
    return Leaving(archived, finished_in(today, records, archived.keys() - fed), fed)


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
