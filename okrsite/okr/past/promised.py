"""Since when a goal is held to what it says: which of git's changes came after its commitment.

A period is committed by the commit that says so, and not by the day that a file names. So this
list, a comparison of two commits and a check against a base agree on what was promised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from okrsite.okr.model import Period, PeriodState
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.history import History
from okrsite.okr.past.versions import Event

_BIRTHS = (Event.CREATED, Event.ADDED, Event.FOUND)
_HELD = (PeriodState.COMMITTED, PeriodState.CLOSED)


def committed(period: Period, history: History) -> date | None:
    """The day on which a period was committed, as a reader is told; None for a draft.

    That is `committed_on`, else the day of the commit that says so, else its first day; of two
    that differ the earlier one, so that a date set later moves nothing.
    """
    if period.state is PeriodState.DRAFT:
        return None
    found = _commitment(period.id, history)
    said = found[1].day if found and found[1].event is Event.CHANGED else None
    if found and isinstance(found[1].now, Mapping):
        first = found[1].now.get("committed_on")
        said = first if isinstance(first, date) else period.start
    known = [day for day in (period.committed_on, said) if day]
    return min(known, default=period.start)


def _commitment(period: str, history: History) -> tuple[int, FieldChange] | None:
    """The change with which git first has a period committed, and its place in the history."""
    for place, change in enumerate(history.changes):
        if (change.kind, change.subject) == ("periods", period) and _state(change) in _HELD:
            return place, change
    return None


def _state(change: FieldChange) -> object:
    if not change.field:
        return change.now.get("state") if isinstance(change.now, Mapping) else None
    return change.now if change.field == "state" else None


@dataclass(frozen=True)
class Promises:
    """What a history knows of commitments."""

    periods: Mapping[str, Period]
    history: History

    @cached_property
    def _since(self) -> Mapping[str, tuple[int, FieldChange] | None]:
        known = {c.subject for c in self.history.changes if c.kind == "periods"}
        return {name: _commitment(name, self.history) for name in {*self.periods, *known}}

    @cached_property
    def _births(self) -> Mapping[tuple[str, str], str]:
        """The commit of the main line with which each thing first came."""
        found: dict[tuple[str, str], str] = {}
        for change in self.history.changes:
            if change.event in _BIRTHS and not change.field:
                found.setdefault((change.kind, change.subject), change.arrival)
        return found

    def holds(self, place: int, change: FieldChange, period: str) -> bool:
        """Whether the goal, and `period` as committed, had come before the change at `place`.

        What came with the commitment, or with the goal itself, was never promised otherwise.
        What was committed once stays so, whatever its file says now. Where git does not have the
        commitment, the day of the period decides.
        """
        since, frame = self._since.get(period), self.periods.get(period)
        if since is None:
            day = committed(frame, self.history) if frame else None
            return day is not None and day < change.day
        began = {since[1].arrival, *self._began(change)} - {""}
        return since[0] < place and change.arrival not in began

    def _began(self, change: FieldChange) -> tuple[str, ...]:
        subject = change.subject if change.field else change.subject.partition("/")[0]
        names = {subject, subject.partition("/")[0]}
        return tuple(self._births.get((change.kind, name), "") for name in names)
