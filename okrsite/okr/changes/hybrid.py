"""The goals of one Book with the work of the other: the world halfway between the two."""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from okrsite.okr.changes.affected import Affected, declared, told_of
from okrsite.okr.ledger import Entry, Ledger, Reading, Step, read_ledger
from okrsite.okr.model import CheckIn, Initiative
from okrsite.okr.pipeline import Book
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import World

S = TypeVar("S", Entry, Reading, Step)


def hybrid(meant: Book, worked: Book, affected: Affected) -> World:
    """The goals and the policy of `meant`, with what was checked in, and the states, of `worked`.

    Both are of the same day. Only what the difference between them reaches is read anew: the rest
    was said alike, of goals that are alike.
    """
    portfolio = replace(
        meant.portfolio,
        check_ins=dict(_check_ins(meant.portfolio, worked, affected)),
        initiatives=dict(_initiatives(meant.portfolio, worked.portfolio)),
        documents=ChainMap(dict(meant.portfolio.documents), dict(worked.portfolio.documents)),
    )
    few, _ = read_ledger(portfolio, meant.as_of)
    memo = {key: value for key, value in meant.world.memo.items() if key[0] not in affected.goals}
    return replace(
        meant.world, portfolio=portfolio, ledger=_whole(few, worked.ledger, affected), memo=memo
    )


def _check_ins(goals: Portfolio, worked: Book, affected: Affected) -> Iterator[tuple[str, CheckIn]]:
    """The check-ins on what may differ, with their families, as far as the goals are there."""
    asked = {
        name
        for name in worked.portfolio.check_ins
        if not affected.subjects.isdisjoint(told_of(declared(worked, name)))
    }
    for name in affected.family(worked, asked):
        item = declared(worked, name)
        update = {
            "key_results": _known(item.key_results, goals.key_results),
            "kpis": _known(item.kpis, goals.kpis),
            "initiatives": _known(item.initiatives, goals.initiatives),
            "corrects": worked.portfolio.check_ins[name].corrects,
        }
        yield name, item.model_copy(update=update)


V = TypeVar("V")


def _known(said: Mapping[str, V], goals: Mapping[str, object]) -> Mapping[str, V]:
    return {ref: words for ref, words in said.items() if ref in goals}


def _initiatives(goals: Portfolio, worked: Portfolio) -> Iterator[tuple[str, Initiative]]:
    """The initiatives of the goals' side, in the states of the other."""
    for name, item in goals.initiatives.items():
        other = worked.initiatives.get(name)
        if other is None or other.state == item.state:
            yield name, item
        else:
            yield name, item.model_copy(update={"state": other.state})


def _whole(few: Ledger, worked: Ledger, affected: Affected) -> Ledger:
    """A ledger with the series that may differ from `few`, and all others from `worked`."""
    return replace(
        worked,
        entries=_mixed(few.entries, worked.entries, "", affected),
        readings=_mixed(few.readings, worked.readings, "kpis/", affected),
        steps=_mixed(few.steps, worked.steps, "initiatives/", affected),
    )


def _mixed(
    few: Mapping[str, tuple[S, ...]],
    all_: Mapping[str, tuple[S, ...]],
    prefix: str,
    affected: Affected,
) -> Mapping[str, tuple[S, ...]]:
    kept = {ref: s for ref, s in all_.items() if prefix + ref not in affected.subjects}
    return kept | {ref: s for ref, s in few.items() if prefix + ref in affected.subjects}
