"""What waits for a word of one author: overdue key results, and initiatives under way."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from okrsite.edit.checking_in.check_in import KEY_RESULTS, KPIS, Subject
from okrsite.okr.closing import to_close
from okrsite.okr.flow import flow_of
from okrsite.okr.model import Measure
from okrsite.okr.naming import period_of
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import World
from okrsite.okr.rules.review import is_running, review
from okrsite.okr.rules.rhythm import stale
from okrsite.okr.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Waiting:
    """A key result nobody checked in on for longer than the cadence.

    `subject` is what to check in: the key result, or the KPI that it reads. `last` is the day of
    the latest word on it.
    """

    ref: str
    subject: Subject
    last: date | None
    silent: int


@dataclass(frozen=True, slots=True)
class Work:
    """An initiative under way, with where it stands."""

    ref: str
    state: str
    since: date | None
    blocked: str | None


def teams_of(portfolio: Portfolio, author: str) -> frozenset[str]:
    """The teams an author leads, is a member of or calls home."""
    person = portfolio.people.get(author)
    named = {key for key, t in portfolio.teams.items() if author == t.lead or author in t.members}
    return frozenset(named | ({person.team} if person and person.team else set()))


def home_of(portfolio: Portfolio, author: str) -> str | None:
    """The team an author speaks for: the one of their file, else the only one they are in."""
    person = portfolio.people.get(author)
    if person and person.team:
        return person.team
    teams = teams_of(portfolio, author)
    return next(iter(teams)) if len(teams) == 1 else None


def is_mine(portfolio: Portfolio, author: str, ref: str) -> bool:
    """Whether a key result is the author's, or of their team where nobody owns it."""
    kr, objective = portfolio.key_results[ref], portfolio.objectives[ref.partition("/")[0]]
    owner = kr.owner or objective.owner
    return owner == author if owner else (kr.team or objective.team) in teams_of(portfolio, author)


def owns_something(world: World, author: str) -> bool:
    """Whether a running key result, or any initiative, is the author's.

    One that is to be closed is `overdue`, so whoever has nothing overdue has none.
    """
    running = (
        ref
        for ref in world.portfolio.key_results
        if is_running(period_of(world.portfolio, ref), world.as_of)
    )
    return any(is_mine(world.portfolio, author, ref) for ref in running) or any(
        _is_my_work(world.portfolio, author, ref) for ref in world.portfolio.initiatives
    )


def overdue(
    world: World, scorecard: Scorecard, author: str, recorded: Collection[str] = ()
) -> tuple[Waiting, ...]:
    """The author's key results that wait for a check-in, the longest silent first.

    So do those that are to be closed, as long as the end of their period is not `recorded`.
    """
    late = {remark.subject for remark in stale(review(world, scorecard, {}))}
    late |= {*to_close(world, recorded)}
    mine = (ref for ref in world.portfolio.key_results if ref in late)
    waiting = {
        item.subject: item
        for item in (_waiting(world, scorecard, ref) for ref in mine)
        if is_mine(world.portfolio, author, item.ref)
    }
    return tuple(sorted(waiting.values(), key=lambda item: (-item.silent, item.ref)))


def _waiting(world: World, scorecard: Scorecard, ref: str) -> Waiting:
    score, period = scorecard.key_results[ref], period_of(world.portfolio, ref)
    is_kpi = score.measure is Measure.KPI and score.asked.source is not None
    subject = Subject(KPIS, score.asked.source or "") if is_kpi else Subject(KEY_RESULTS, ref)
    last = max((said.day for said in (score.latest, score.reading) if said), default=None)
    begun = period.start if period else world.as_of
    return Waiting(ref, subject, last, (world.as_of - max(last or begun, begun)).days)


def under_way(world: World, author: str) -> tuple[Work, ...]:
    """The author's initiatives that were begun and are not done, blocked ones first."""
    found = (w for ref in world.portfolio.initiatives for w in _work(world, author, ref))
    return tuple(sorted(found, key=lambda work: (work.blocked is None, work.ref)))


def _work(world: World, author: str, ref: str) -> Iterator[Work]:
    item, workflow = world.portfolio.initiatives[ref], world.settings.workflow
    flow = flow_of(item, world.ledger, workflow, world.as_of)
    names = [stage.name for stage in workflow]
    first = next((n for n, stage in enumerate(workflow) if stage.active), 1)
    begun = flow.state in names[first:-1] or (flow.blocked and flow.state != names[-1])
    if begun and _is_my_work(world.portfolio, author, ref):
        yield Work(ref, flow.state, flow.since, flow.blocked)


def _is_my_work(portfolio: Portfolio, author: str, ref: str) -> bool:
    item = portfolio.initiatives[ref]
    return item.owner == author if item.owner else item.team in teams_of(portfolio, author)
