"""An initiative's way through its states: from when to when, and for how many days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from okrsite.okr.ledger import Step
from okrsite.okr.settings import Stage


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in one state; `days` is None once it is done, where no more are counted."""

    state: str
    blocked: str
    begun: date
    ended: date | None
    days: int | None
    active: bool
    check_in: str


def stretches_of(
    steps: Sequence[Step], workflow: Sequence[Stage], today: date
) -> tuple[Stretch, ...]:
    """The stretches of some steps, as the flow counts them.

    A day belongs to the state entered last on it, the day of finishing to the one before. So the
    days up to done add up to the lead time, the active ones that are not blocked to its share.
    """
    last = workflow[-1].name
    turns = _turns([step for step in steps if step.day <= today], last)
    following = zip_longest(turns, turns[1:])
    return tuple(_stretch(step, then, workflow, today) for step, then in following)


def _turns(steps: Sequence[Step], last: str) -> list[Step]:
    """The steps that changed something; done and taken back on one day is nothing."""
    kept: list[Step] = []
    for step in steps:
        if kept and kept[-1].state == last and kept[-1].day == step.day:
            kept.pop()
        if not kept or _held(kept[-1], last) != _held(step, last):
            kept.append(step)
    return kept


def _held(step: Step, last: str) -> tuple[str, str | None]:
    """What makes a stretch: a state and what blocks it, which nothing does once it is done."""
    return step.state, None if step.state == last else step.blocked


def _stretch(step: Step, then: Step | None, workflow: Sequence[Stage], today: date) -> Stretch:
    finished = step.state == workflow[-1].name
    active = any(stage.name == step.state and stage.active for stage in workflow)
    return Stretch(
        state=step.state,
        blocked="" if finished else step.blocked or "",
        begun=step.day,
        ended=None if then is None else then.day,
        days=_days(step, then, workflow[-1].name, today),
        active=active and step.blocked is None,
        check_in=step.check_in,
    )


def _days(step: Step, then: Step | None, last: str, today: date) -> int | None:
    if then is None:
        return None if step.state == last else (today - step.day).days + 1
    return (then.day - step.day).days + (then.state == last) - (step.state == last)
