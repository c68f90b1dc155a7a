"""A lineage → field changes, each told once, by the commit that made it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from okrsite.okr.past.commits import Commit
from okrsite.okr.past.lineage import Arrival, Lineage, Step
from okrsite.okr.past.versions import Difference, Event, Version, differences, typed


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one thing, as one commit left it.

    `day` is the committer's day of the commit, or of the merge that brought it to the main line:
    the day from which it held. `subject` is an id or `objective/kr`; `field` is "" where the
    event is about the thing as a whole, whose fields then stand in `was` or `now`. `period` is
    the period that an objective was in before. `arrival` is the commit of the main line that it
    came with.
    """

    commit: str
    author: str
    day: date
    path: str
    kind: str
    subject: str
    field: str
    was: object
    now: object
    event: Event
    period: str = ""
    arrival: str = ""


def field_changes(
    line: Lineage, versions: Mapping[str, Version | None], ends: frozenset[str]
) -> Iterator[FieldChange]:
    """Every change on the main line, oldest first; `versions` by blob, `ends` of a shallow clone.

    What was changed on a branch is told as that branch's commit made it, if it reached the main
    line; a merge is told of what none of its branches did.
    """
    return _with_returns(_in_order(line, _Records(line, versions, ends)))


class _Records:
    """What the commits of a lineage did, field by field."""

    def __init__(
        self, line: Lineage, versions: Mapping[str, Version | None], ends: frozenset[str]
    ) -> None:
        self._line, self._versions, self._ends = line, versions, ends

    def of(self, commit: Commit, main: Commit) -> tuple[tuple[Step, FieldChange], ...]:
        """All that `commit`, which came with `main`, has otherwise than its first parent."""
        return tuple(
            (step, self._change(step, commit, main, each))
            for step in self._line.steps[commit.name]
            for each in differences(step.key[0], self._at(step.was), self._at(step.now))
        )

    def after(self, step: Step, commit: Commit, parent: str) -> Iterator[FieldChange]:
        """What a `commit` of the main line has otherwise than another parent, of one definition."""
        before, after = self._at(self._line.states[parent, step.key]), self._at(step.now)
        for each in differences(step.key[0], before, after):
            yield self._change(step, commit, commit, each)

    def value(self, commit: str, step: Step, change: FieldChange) -> object:
        """The field of `change` as it was in another commit."""
        part = change.subject.partition("/")[2]
        version = self._at(self._line.states.get((commit, step.key), "")) or {}
        if not change.field or part not in version:
            return part in version
        return typed(step.key[0], part, change.field, version[part].get(change.field))

    def is_end(self, commit: Commit) -> bool:
        """Whether the history was cut off below `commit`."""
        return commit.name in self._ends

    def _at(self, state: str) -> Version | None:
        return self._versions[state] if state else None

    def _change(self, step: Step, commit: Commit, main: Commit, each: Difference) -> FieldChange:
        kind, name = step.key
        own = (self._at(step.was) or self._at(step.now) or {}).get("", {})
        is_new = each.event is Event.CREATED and self.is_end(commit)
        return FieldChange(
            commit=commit.name,
            author=commit.author,
            day=main.day,
            path=step.path,
            kind=kind,
            subject=f"{name}/{each.part}" if each.part else name,
            field=each.field,
            was=each.was,
            now=each.now,
            event=Event.FOUND if is_new else each.event,
            period=str(own.get("period") or "") if kind == "objectives" else "",
            arrival=main.name,
        )


def _in_order(line: Lineage, records: _Records) -> Iterator[FieldChange]:
    for arrival in line.arrivals:
        if arrival.brought:
            yield from _merged(arrival, records)
        else:
            yield from (change for _, change in records.of(arrival.commit, arrival.commit))


Told = tuple[str, str, str]


def _told(change: FieldChange) -> Told:
    return change.kind, change.subject, change.field


def _merged(arrival: Arrival, records: _Records) -> Iterator[FieldChange]:
    """What came in with a merge: first what its branches did, then what only the merge did."""
    merge, came = arrival.commit, _Way(arrival, records)
    ends: dict[Told, object] = {}
    for commit in arrival.brought:
        if records.is_end(commit):
            continue  # what it holds was there before the history begins
        for step, change in records.of(commit, merge):
            if came.own(commit, step, change) and came.arrives(commit.name, step, change):
                ends[_told(change)] = change.now
                yield change
    for step, change in records.of(merge, merge):
        if _told(change) not in ends or (change.field and ends[_told(change)] != change.now):
            yield change
        elif not change.field and change.now is not None:
            yield from came.added(step, change, ends)


class _Way:
    """How a branch's change came to the merge that brought it to the main line."""

    def __init__(self, arrival: Arrival, records: _Records) -> None:
        self._merge, self._records = arrival.commit, records
        names = {commit.name for commit in arrival.brought}
        self._next: dict[str, list[Commit]] = {}
        for commit in (*arrival.brought, arrival.commit):
            for parent in commit.parents:
                if parent in names:
                    self._next.setdefault(parent, []).append(commit)

    def own(self, commit: Commit, step: Step, change: FieldChange) -> bool:
        """Whether `commit` made the change itself; a merge did where none of its sides has it."""
        value = self._records.value
        now = value(commit.name, step, change) if len(commit.parents) > 1 else None
        return all(value(parent, step, change) != now for parent in commit.parents[1:])

    def arrives(self, name: str, step: Step, change: FieldChange) -> bool:
        """Whether merges on the way took the side that `change` was on."""
        todo, seen = [name], {name}
        while todo:
            here = todo.pop()
            for commit in self._next.get(here, ()):
                if commit.name in seen or not self._takes(commit, here, step, change):
                    continue
                if commit is self._merge:
                    return True
                seen.add(commit.name)
                todo.append(commit.name)
        return False

    def _takes(self, merge: Commit, side: str, step: Step, change: FieldChange) -> bool:
        if len(merge.parents) < 2:
            return True
        values = {p: self._records.value(p, step, change) for p in merge.parents}
        now = self._records.value(merge.name, step, change)
        if values.get(side) == now:
            return True
        return merge is not self._merge and side == merge.parents[0] and now not in values.values()

    def added(
        self, step: Step, change: FieldChange, ends: Mapping[Told, object]
    ) -> Iterator[FieldChange]:
        """What the merge changed of a thing that one of its branches had created."""
        for parent in self._merge.parents[1:]:
            for each in self._records.after(step, self._merge, parent):
                if each.subject == change.subject and each.field and _told(each) not in ends:
                    yield each


def _with_returns(changes: Iterable[FieldChange]) -> Iterator[FieldChange]:
    """A thing taken out and put in again came back: it did not begin, and shows what it changed."""
    gone: dict[tuple[str, str], FieldChange] = {}
    for change in changes:
        subject = (change.kind, change.subject)
        if change.event in (Event.REMOVED, Event.DROPPED):
            gone[subject] = change
        elif change.event in (Event.CREATED, Event.ADDED) and subject in gone:
            yield replace(change, event=Event.RESTORED)
            yield from _meanwhile(gone.pop(subject), change)
            continue
        yield change


def _meanwhile(left: FieldChange, back: FieldChange) -> Iterator[FieldChange]:
    part = back.subject.partition("/")[2]
    for each in _between(left, back, part):
        yield replace(back, field=each.field, was=each.was, now=each.now, event=Event.CHANGED)


def _between(left: FieldChange, back: FieldChange, part: str) -> Iterator[Difference]:
    before, after = left.was, back.now
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for field in dict.fromkeys((*before, *after)):
            if before.get(field) != after.get(field):
                yield Difference(part, field, before.get(field), after.get(field), Event.CHANGED)
