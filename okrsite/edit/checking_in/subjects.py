"""A name as it was typed → the one key result, KPI or initiative that it means."""

from collections.abc import Iterable, Mapping
from datetime import date

from okrsite.edit.checking_in.check_in import INITIATIVES, KEY_RESULTS, KPIS, Subject
from okrsite.edit.files import EditError
from okrsite.okr.naming import SHOWN, is_over, of_that_name, period_of, several
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.similar import did_you_mean

KINDS: Mapping[str, str] = {KEY_RESULTS: "key result", KPIS: "KPI", INITIATIVES: "initiative"}


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
    raise EditError(several(name, ((str(one), title(portfolio, one)) for one in found)))


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
    named = (Subject(KEY_RESULTS, ref) for ref in of_that_name(portfolio, name, day))
    results = _not_fed_by(portfolio, kpis, named)
    return (*results, *kpis, *work)


def _not_fed_by(
    portfolio: Portfolio, kpis: tuple[Subject, ...], results: Iterable[Subject]
) -> tuple[Subject, ...]:
    """Key results but those that read a KPI of the same name: its value is the KPI's."""
    sources = {subject.ref for subject in kpis}
    return tuple(s for s in results if portfolio.key_results[s.ref].source not in sources)


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
