"""An initiative's way through its states: from when to when, and for how many days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from okrsite.okr.ledger import Step
from okrsite.okr.settings import Stage


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in one state; `days` is None in the last state, where no more are counted."""

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
    turns = _turns([step for step in steps if step.day <= today])
    following = zip_longest(turns, turns[1:])
    return tuple(_stretch(step, then, workflow, today) for step, then in following)


def _turns(steps: Sequence[Step]) -> list[Step]:
    """The steps that changed something."""
    kept: list[Step] = []
    for step in steps:
        if not kept or (kept[-1].state, kept[-1].blocked) != (step.state, step.blocked):
            kept.append(step)
    return kept


def _stretch(step: Step, then: Step | None, workflow: Sequence[Stage], today: date) -> Stretch:
    last = workflow[-1].name
    until = today if then is None else then.day
    if then is None or then.state == last:
        until += timedelta(days=1)
    finished = step.state == last
    active = any(stage.name == step.state and stage.active for stage in workflow)
    return Stretch(
        state=step.state,
        blocked="" if finished else step.blocked or "",
        begun=step.day,
        ended=None if then is None else then.day,
        days=None if finished else (until - step.day).days,
        active=active and step.blocked is None,
        check_in=step.check_in,
    )
