"""A name as it was typed → the one key result, KPI or initiative that it means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from okrsite.edit.files import EditError
from okrsite.okr.ledger import last_day
from okrsite.okr.model import Period, PeriodState
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.similar import did_you_mean

KEY_RESULTS, KPIS, INITIATIVES = "key_results", "kpis", "initiatives"
SHOWN = 8  # candidates; who reads more of them looks into the portal
KINDS: Mapping[str, str] = {KEY_RESULTS: "key result", KPIS: "KPI", INITIATIVES: "initiative"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check-in can speak of: `kind` is the field it goes under."""

    kind: str
    ref: str

    def __str__(self) -> str:
        """The subject as it can be typed where its bare name means several."""
        return self.ref if self.kind == KEY_RESULTS else f"{self.kind}/{self.ref}"


def find_subject(portfolio: Portfolio, name: str, day: date) -> Subject:
    """What `name` means on `day`: `objective/kr`, a key result's own id, a KPI or an initiative.

    A key result's own id means the one of a period under way; only where none has it, of others.

    Raises:
        EditError: nothing has that name, or several have.
    """
    found = meant(portfolio, name, day)
    if len(found) == 1:
        return found[0]
    if not found:
        raise EditError(_unknown(portfolio, name, day))
    lines = (f"  {subject}  {title(portfolio, subject)}" for subject in found[:SHOWN])
    more = f"\n  … and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    raise EditError(f"`{name}` may mean several; name one in full:\n" + "\n".join(lines) + more)


def meant(portfolio: Portfolio, name: str, day: date) -> tuple[Subject, ...]:
    """Everything that `name` may mean."""
    if name in portfolio.key_results:
        return (Subject(KEY_RESULTS, name),)
    folder, _, own = name.partition("/")
    if own:
        known = {KPIS: portfolio.kpis, INITIATIVES: portfolio.initiatives}.get(folder, {})
        return (Subject(folder, own),) if own in known else ()
    kpis = (Subject(KPIS, name),) if name in portfolio.kpis else ()
    work = (Subject(INITIATIVES, name),) if name in portfolio.initiatives else ()
    results = _not_fed_by(portfolio, kpis, _of_that_name(portfolio, name, day))
    return (*results, *kpis, *work)


def _of_that_name(portfolio: Portfolio, name: str, day: date) -> tuple[Subject, ...]:
    refs = [ref for ref in portfolio.key_results if ref.endswith(f"/{name}")]
    periods = {ref: period_of(portfolio, ref) for ref in refs}
    under_way = [ref for ref in refs if _is_under_way(periods[ref], day)]
    still_open = [ref for ref in refs if not is_over(periods[ref], day)]
    return tuple(Subject(KEY_RESULTS, ref) for ref in under_way or still_open or refs)


def _not_fed_by(
    portfolio: Portfolio, kpis: tuple[Subject, ...], results: Iterable[Subject]
) -> tuple[Subject, ...]:
    """Key results but those that read a KPI of the same name: its value is the KPI's."""
    sources = {subject.ref for subject in kpis}
    return tuple(s for s in results if portfolio.key_results[s.ref].source not in sources)


def period_of(portfolio: Portfolio, ref: str) -> Period | None:
    """The period of a key result."""
    return portfolio.period_of(portfolio.objectives[ref.partition("/")[0]])


def _is_under_way(period: Period | None, day: date) -> bool:
    return period is not None and period.start <= day <= period.end and not is_over(period, day)


def is_over(period: Period | None, day: date) -> bool:
    """Whether a period was closed before `day`, so that what is dated then no longer counts."""
    closed = period is not None and period.state is PeriodState.CLOSED
    return closed and period is not None and day > last_day(period)


def title(portfolio: Portfolio, subject: Subject) -> str:
    """What a subject is called in words."""
    if subject.kind == KEY_RESULTS:
        return portfolio.key_results[subject.ref].title
    named = portfolio.kpis if subject.kind == KPIS else portfolio.initiatives
    return named[subject.ref].title


def _unknown(portfolio: Portfolio, name: str, day: date) -> str:
    if name in portfolio.objectives:
        own = [f"`{name}/{kr.id}`" for kr in portfolio.objectives[name].key_results]
        hint = f"Name one of its key results: {', '.join(own[:SHOWN])}." if own else "It has none."
        return f"`{name}` is an objective; a check-in speaks of key results. {hint}"
    hint = did_you_mean(name, _names(portfolio, name, day))
    return f"there is no key result, KPI or initiative `{name[:80]}`. {hint}".strip()


def _names(portfolio: Portfolio, name: str, day: date) -> Iterable[str]:
    """Names one may have had in mind: in full where a full one was typed."""
    refs = [r for r in portfolio.key_results if not is_over(period_of(portfolio, r), day)]
    results = refs if "/" in name else [ref.partition("/")[2] for ref in refs]
    return (*results, *portfolio.kpis, *portfolio.initiatives)
