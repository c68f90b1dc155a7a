"""What belongs into the record of a period: its goals, what they are made of, what they serve."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from okrsite.okr.model import CheckIn, FileNoun, Measure, measure_of
from okrsite.okr.pipeline import Book
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import parts_of
from okrsite.okr.values import in_turn


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids by kind, sorted. `own` are the period's objectives, `below` what they count of other
    periods, `above` the chain of those they serve, which is context and not counted."""

    periods: tuple[str, ...]
    own: tuple[str, ...]
    below: tuple[str, ...]
    above: tuple[str, ...]
    initiatives: tuple[str, ...]
    check_ins: tuple[str, ...]
    amendments: tuple[str, ...]

    @property
    def objectives(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(sorted({*self.own, *self.below, *self.above}))


def scope_of(book: Book, period: str) -> Scope:
    """What the record of `period` holds of a Book."""
    portfolio = book.portfolio
    own = {o.id for o in portfolio.objectives.values() if o.period == period}
    below = set(_counted(portfolio, own)) - own
    above = set(_served(portfolio, own)) - own - below
    refs = {ref for name in own | below for ref in _refs(portfolio, name)} | own | below
    work = _work(book, period, refs)
    frames = {portfolio.objectives[name].period for name in own | below | above} - {""}
    return Scope(
        periods=tuple(sorted(_around(portfolio, {period, *frames}))),
        own=tuple(sorted(own)),
        below=tuple(sorted(below)),
        above=tuple(sorted(above)),
        initiatives=tuple(sorted(work)),
        check_ins=tuple(_check_ins(book, period, refs, work)),
        amendments=tuple(sorted(_amendments(book, refs | above | work))),
    )


def _around(portfolio: Portfolio, periods: set[str]) -> set[str]:
    """These periods and all that they are part of."""
    found: set[str] = set()
    todo = sorted(periods)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += filter(None, [portfolio.periods[name].parent])
    return found


def _refs(portfolio: Portfolio, name: str) -> Iterator[str]:
    return (f"{name}/{kr.id}" for kr in portfolio.objectives[name].key_results)


def _counted(portfolio: Portfolio, names: Iterable[str]) -> Iterator[str]:
    """Every objective that one of `names` takes numbers from, at any depth."""
    todo, seen = list(names), set(names)
    while todo:
        item = portfolio.objectives[todo.pop()]
        key_results, children = parts_of(portfolio, item)
        below = list(children)
        for ref in key_results:
            if measure_of(portfolio.key_results[ref]) is Measure.OBJECTIVES:
                below += portfolio.children.get(ref, ())
        for name in below:
            if name not in seen:
                seen.add(name)
                todo.append(name)
                yield name


def _served(portfolio: Portfolio, names: Iterable[str]) -> Iterator[str]:
    """Every objective up the cascade from `names`."""
    seen: set[str] = set()
    for name in names:
        parent = portfolio.objectives[name].parent
        while parent and (above := parent.partition("/")[0]) not in seen:
            seen.add(above)
            yield above
            parent = portfolio.objectives[above].parent


def _work(book: Book, period: str, refs: set[str]) -> set[str]:
    """Initiatives that contribute to these goals, or moved while the period ran."""
    start = book.portfolio.periods[period].start
    found = {name for ref in refs for name in book.portfolio.initiatives_for.get(ref, ())}
    for name, steps in book.ledger.steps.items():
        if any(start <= step.day <= book.as_of for step in steps):
            found.add(name)
    return found


def _check_ins(book: Book, period: str, refs: set[str], work: set[str]) -> Iterator[str]:
    """All that was said in the period, and what was said before of its goals and its work."""
    start = book.portfolio.periods[period].start
    sources = {book.portfolio.key_results[ref].source for ref in refs if "/" in ref}
    known = {item.id: item for item in book.ledger.check_ins}
    chosen = {
        item.id
        for item in known.values()
        if item.date >= start or _speaks_of(item, refs, sources, work)
    }
    families = {key for key in chosen if known[key].corrects}
    while families:
        chosen |= families
        above = {known[key].corrects for key in families if known[key].corrects in known}
        families = {key for key in above if key} - chosen
    return iter(sorted(chosen, key=lambda key: (known[key].date, in_turn(key))))


def _speaks_of(item: CheckIn, refs: set[str], kpis: set[str | None], work: set[str]) -> bool:
    named = (not refs.isdisjoint(item.key_results), not work.isdisjoint(item.initiatives))
    return any(named) or any(kpi in kpis for kpi in item.kpis)


def _amendments(book: Book, subjects: set[str]) -> Iterator[str]:
    """What was amended of these goals, their key results and this work by the Book's day."""
    for item in book.portfolio.amendments.values():
        whole = item.subject.partition("/")[0]
        if item.date <= book.as_of and (item.subject in subjects or whole in subjects):
            yield item.id


def nouns_of(book: Book, scope: Scope) -> tuple[FileNoun, ...]:
    """Everything of the scope that has a file, as it was worded on the Book's day."""
    portfolio = book.portfolio
    everywhere = (portfolio.teams, portfolio.people, portfolio.kpis)
    return (
        *(portfolio.periods[name] for name in scope.periods),
        *(noun for group in everywhere for noun in group.values()),
        *(portfolio.objectives[name] for name in scope.objectives),
        *(portfolio.initiatives[name] for name in scope.initiatives),
        *(portfolio.check_ins[name] for name in scope.check_ins),
        *(portfolio.amendments[name] for name in scope.amendments),
    )
