"""Initiative states over time → lead time, cycle time, flow efficiency, work in progress.

Days are counted inclusively: what is done on the day it began took one day. Lead time runs from
the first recorded state to done, cycle time from the first active one (Kanban's usual terms).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from okrsite.okr.ledger import Ledger, Step
from okrsite.okr.model import Initiative
from okrsite.okr.prose import fence_after
from okrsite.okr.settings import Stage

_TASK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[([ xX])\]\s+(.*)$")


@dataclass(frozen=True, slots=True)
class Task:
    """One line of an initiative's task list."""

    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """One initiative's way through the workflow, in days; None is not known, or not yet.

    `since` is the day it came into its present `state`; `blocked_days` are those of the present
    block.
    """

    state: str
    since: date | None
    blocked: str | None
    blocked_since: date | None
    lead_days: int | None
    cycle_days: int | None
    active_days: int | None
    done_on: date | None
    started_on: date | None
    tasks: tuple[Task, ...]

    @property
    def tasks_done(self) -> int:
        return sum(task.done for task in self.tasks)

    def age(self, day: date) -> int | None:
        """Days in the present state, today included."""
        return None if self.since is None else (day - self.since).days + 1


@dataclass(frozen=True, slots=True)
class FlowSummary:
    """A team's work together: medians and the 85th percentile of days, never means."""

    lead_median: int | None
    lead_85: int | None
    cycle_median: int | None
    cycle_85: int | None
    active_days: int
    cycle_days: int
    finished: int
    per_week: Fraction | None

    @property
    def efficiency(self) -> Fraction | None:
        """Active, unblocked days ÷ cycle days."""
        return Fraction(self.active_days, self.cycle_days) if self.cycle_days else None


def read_tasks(body: str) -> tuple[Task, ...]:
    """The `- [x]` and `- [ ]` lines of a Markdown text, outside of code fences."""
    found, fence = [], ""
    for line in body.splitlines():
        fence, before = fence_after(line, fence), fence
        if not fence and not before and (match := _TASK.match(line)):
            found.append(Task(match[2].strip(), match[1] != " "))
    return tuple(found)


def flow_of(item: Initiative, ledger: Ledger, workflow: Sequence[Stage], as_of: date) -> Flow:
    """The way of one initiative up to `as_of`."""
    known = (step for step in ledger.steps.get(item.id, ()) if step.day <= as_of)
    steps = tuple(step if step.state else replace(step, state=workflow[0].name) for step in known)
    last = workflow[-1].name
    state = steps[-1].state if steps else item.state or workflow[0].name
    started = next((s.day for s in steps if _is_active(s.state, workflow)), None)
    done_on = _since(steps, state) if state == last and steps else None
    begun = started or done_on
    return Flow(
        state=state,
        since=_since(steps, state),
        blocked=steps[-1].blocked if steps and state != last else None,
        blocked_since=_blocked_since(steps) if state != last else None,
        lead_days=_inclusive(steps[0].day, done_on) if steps and done_on else None,
        cycle_days=_inclusive(begun, done_on) if begun and done_on else None,
        active_days=_active(steps, workflow, begun, done_on) if begun and done_on else None,
        done_on=done_on,
        started_on=started,
        tasks=read_tasks(item.body),
    )


def summarise(flows: Iterable[Flow], start: date, end: date) -> FlowSummary:
    """The finished work of `flows` between `start` and `end`, both included."""
    done = [f for f in flows if f.done_on is not None and start <= f.done_on <= end]
    leads = sorted(f.lead_days for f in done if f.lead_days is not None)
    cycles = sorted(f.cycle_days for f in done if f.cycle_days is not None)
    days = _inclusive(start, end) if end >= start else 0
    return FlowSummary(
        lead_median=percentile(leads, 50),
        lead_85=percentile(leads, 85),
        cycle_median=percentile(cycles, 50),
        cycle_85=percentile(cycles, 85),
        active_days=sum(f.active_days or 0 for f in done),
        cycle_days=sum(cycles),
        finished=len(done),
        per_week=Fraction(len(done) * 7, days) if days else None,
    )


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of `ordered` do not exceed (nearest rank)."""
    if not ordered:
        return None
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _inclusive(first: date, last: date) -> int:
    return (last - first).days + 1


def _is_active(state: str, workflow: Sequence[Stage]) -> bool:
    return any(stage.name == state and stage.active for stage in workflow)


def _since(steps: Sequence[Step], state: str) -> date | None:
    since = None
    for step in reversed(steps):
        if step.state != state:
            break
        since = step.day
    return since


def _blocked_since(steps: Sequence[Step]) -> date | None:
    since = None
    for step in reversed(steps):
        if step.blocked is None:
            break
        since = step.day
    return since


def _active(steps: Sequence[Step], workflow: Sequence[Stage], begun: date, done_on: date) -> int:
    """Days from `begun` to `done_on` spent in an active state and not blocked.

    A day belongs to the last state entered on it, the day of finishing to the one before.
    """
    last = workflow[-1].name
    count, index = 0, 0
    held: Step | None = None
    for offset in range(_inclusive(begun, done_on)):
        day = begun + timedelta(days=offset)
        finished = None
        while index < len(steps) and steps[index].day <= day:
            step = steps[index]
            held, finished = (held, step) if step.state == last else (step, None)
            index += 1
        if held is not None and held.blocked is None and _is_active(held.state, workflow):
            count += 1
        held = finished or held
    return count
