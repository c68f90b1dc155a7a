"""Which period is running, and what belongs to it."""

from okrsite.okr.model import CheckIn, Period, PeriodState, Visibility
from okrsite.okr.pipeline import Book
from okrsite.okr.status import Status


def current_period(book: Book) -> Period | None:
    """The period a reader means by *now*: the shortest running one that has goals.

    Where none is running, the one that ended last; where none has begun, the next.
    """
    used = {item.period for item in book.portfolio.objectives.values()}
    used |= book.archived_periods
    periods = [p for p in book.portfolio.periods.values() if p.id in used or not used]
    running = [p for p in periods if p.start <= book.as_of <= p.end]
    agreed = [p for p in running if p.state is not PeriodState.DRAFT]
    if found := agreed or running:
        return min(found, key=lambda p: ((p.end - p.start).days, p.id))
    ended = [p for p in periods if p.end < book.as_of]
    if ended:
        return max(ended, key=lambda p: (p.end, p.start, p.id))
    return min(periods, key=lambda p: (p.start, p.id), default=None)


def period_word(period: Period) -> str:
    """What one calls a period of this length."""
    days = (period.end - period.start).days + 1
    for limit, word in ((9, "week"), (35, "month"), (100, "quarter"), (190, "half-year")):
        if days <= limit:
            return word
    return "year" if days <= 370 else "period"


def goals_of(book: Book, period: Period, teams: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """The listed objectives of a period, of some teams or of all; not those that are archived."""
    listed = book.listed_in.get(period.id, ())
    if teams is None:
        return listed
    return tuple(name for name in listed if book.portfolio.objectives[name].team in teams)


def archived_of(book: Book, period: Period, team: str) -> int:
    """How many listed objectives of a team stand in the review of a period alone."""
    archived = book.archived_in.get(period.id, {})
    return sum(goal.team == team for goal in archived.values())


def statuses_of(book: Book, period: Period) -> tuple[Status, ...]:
    """The status of each listed objective of a period, wherever it has its place."""
    archived = book.archived_in.get(period.id, {})
    own = (book.scorecard.objectives[name].status for name in goals_of(book, period))
    return (*own, *(goal.status for goal in archived.values()))


def top_goals(book: Book, period: Period) -> tuple[str, ...]:
    """The company's own objectives, or where it has none, those that hang below no other."""
    own = goals_of(book, period, book.portfolio.company())
    if own:
        return own
    return tuple(
        name for name in goals_of(book, period) if book.portfolio.objectives[name].parent is None
    )


def team_with_subteams(book: Book, team: str) -> tuple[str, ...]:
    """A team and all teams below it."""
    below = book.portfolio.subteams.get(team, ())
    return (team, *(name for child in below for name in team_with_subteams(book, child)))


def running_key_results(book: Book, objectives: tuple[str, ...]) -> tuple[str, ...]:
    """The key results of some objectives."""
    return tuple(
        f"{name}/{kr.id}"
        for name in objectives
        for kr in book.portfolio.objectives[name].key_results
    )


def is_listed(book: Book, ref: str) -> bool:
    """Whether a goal may be named where it is not asked for; other things always may."""
    name = ref.partition("/")[0]
    if archived := book.archived.get(name):
        return archived.listed
    goal = book.portfolio.objectives.get(name)
    return goal is None or goal.visibility is Visibility.PUBLIC


def is_told(book: Book, item: CheckIn) -> bool:
    """Whether the feed has a check-in: not where a review has all that it speaks of."""
    if item.path not in book.parsed.closed.covered:
        return True
    work = (f"initiatives/{name}" for name in item.initiatives)
    return bool(item.kpis) or not all(map(book.is_archived, (*item.key_results, *work)))
