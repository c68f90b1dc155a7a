"""A key result's own id, without its objective → the key results that it can mean on a day."""

from collections.abc import Iterable
from datetime import date

from okrsite.okr.ledger import last_day
from okrsite.okr.model import Period, PeriodState
from okrsite.okr.portfolio import Portfolio

SHOWN = 8  # candidates; who reads more of them looks into the portal


def of_that_name(portfolio: Portfolio, name: str, day: date) -> tuple[str, ...]:
    """The key results whose own id is `name`.

    Those of a period under way are meant; only where none has it, those of others.
    """
    refs = [ref for ref in portfolio.key_results if ref.endswith(f"/{name}")]
    periods = {ref: period_of(portfolio, ref) for ref in refs}
    under_way = [ref for ref in refs if _is_under_way(periods[ref], day)]
    still_open = [ref for ref in refs if not is_over(periods[ref], day)]
    return tuple(under_way or still_open or refs)


def in_full(portfolio: Portfolio, name: str, day: date) -> tuple[str, ...]:
    """What `name` may mean: itself where anything is called so, else the key results of that id."""
    files = (
        *(portfolio.objectives, portfolio.initiatives, portfolio.kpis),
        *(portfolio.teams, portfolio.periods, portfolio.people),
    )
    if "/" in name or any(name in known for known in files):
        return (name,)
    return of_that_name(portfolio, name, day) or (name,)


def several(name: str, found: Iterable[tuple[str, str]]) -> str:
    """The question which of several is meant, each `(name in full, title)`."""
    pairs = tuple(found)
    lines = (f"  {ref}  {title}" for ref, title in pairs[:SHOWN])
    more = f"\n  … and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
    return f"`{name}` may mean several; name one in full:\n" + "\n".join(lines) + more


def period_of(portfolio: Portfolio, ref: str) -> Period | None:
    """The period of a key result."""
    return portfolio.period_of(portfolio.objectives[ref.partition("/")[0]])


def _is_under_way(period: Period | None, day: date) -> bool:
    return period is not None and period.start <= day <= period.end and not is_over(period, day)


def is_over(period: Period | None, day: date) -> bool:
    """Whether a period was closed before `day`, so that what is dated then no longer counts."""
    closed = period is not None and period.state is PeriodState.CLOSED
    return closed and period is not None and day > last_day(period)
