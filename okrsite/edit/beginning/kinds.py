"""What was asked for → the fields of a new file: what was said, what is usual, what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from okrsite.edit.beginning.cycles import calendar_span, longer_period
from okrsite.edit.beginning.measures import between, key_results, number
from okrsite.edit.beginning.starting import (
    New,
    day,
    folder_beside,
    goal,
    known,
    listing,
    period_for,
    without_empty,
)
from okrsite.edit.checking_in.mine import home_of
from okrsite.edit.files import EditError
from okrsite.edit.text.numbers import read_one_way
from okrsite.edit.text.scalars import flow, scalar
from okrsite.edit.who import author_of
from okrsite.okr.pipeline import Book

EXAMPLE = "What will be different when we are there"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new file is to say: its title, the options `given`, and who is at the keyboard."""

    book: Book
    title: str
    user: str
    given: Mapping[str, Any]

    def person(self, name: str | None) -> str | None:
        """Whoever was named, by id where they have one, else the user."""
        return author_of(name, name, self.book.portfolio) if name else self.user or None

    def team(self, name: str | None, owner: str | None) -> str | None:
        """The team that was named, else the owner's own."""
        if name:
            return known("team", name, self.book.portfolio.teams)
        return home_of(self.book.portfolio, owner) if owner else None


def objective(asked: Asked) -> New:
    """An objective of a period, with its key results."""
    portfolio = asked.book.portfolio
    period = period_for(portfolio, asked.given["period"], asked.book.as_of)
    owner = asked.person(asked.given["owner"])
    team = asked.team(asked.given["team"], owner)
    parent, before = asked.given["parent"], asked.given["continues"]
    old = portfolio.objectives.get(before or "")
    ids = {kr.title.casefold(): kr.id for kr in (old.key_results if old else ())}
    rows = key_results(asked.given["kr"], ids) or ({"id": "first", **_unmeasured()},)
    beside = [
        o.path for o in portfolio.objectives.values() if (o.period, o.team) == (period.id, team)
    ]
    fields = {
        "title": scalar(asked.title),
        "period": scalar(period.id),
        "team": team and scalar(team),
        "owner": owner and scalar(owner),
        "parent": parent and scalar(goal(portfolio, parent, asked.book.as_of)),
        "continues": before and scalar(known("objective", before, portfolio.objectives)),
        "ambition": asked.given["ambition"],
        "tags": _tags(asked),
    }
    below = folder_beside(beside, "objectives", period.id)
    return New("objectives", "", without_empty(fields), rows=rows, below=below)


def _unmeasured() -> dict[str, str]:
    return {"title": scalar(EXAMPLE), "start": "unknown", "target": "unknown"}


def initiative(asked: Asked) -> New:
    """Work, and what it is for."""
    portfolio = asked.book.portfolio
    owner = asked.person(asked.given["owner"])
    team = asked.team(asked.given["team"], owner)
    serves = [goal(portfolio, ref, asked.book.as_of) for ref in asked.given["goals"]]
    waits = [known("initiative", ref, portfolio.initiatives) for ref in asked.given["depends_on"]]
    begins, due = day("--start", asked.given["start"]), day("--due", asked.given["due"])
    fields = {
        "title": scalar(asked.title),
        "team": team and scalar(team),
        "owner": owner and scalar(owner),
        "contributes_to": listing(serves) if serves else None,
        "depends_on": listing(waits) if waits else None,
        "start": scalar(begins) if begins else None,
        "due": scalar(due) if due else None,
        "tags": _tags(asked),
    }
    below = folder_beside([i.path for i in portfolio.initiatives.values()], "initiatives", "")
    return New("initiatives", "", without_empty(fields), below=below)


def team(asked: Asked) -> New:
    """A team below another one."""
    portfolio = asked.book.portfolio
    company = portfolio.company()
    above = asked.given["parent"] and known("team", asked.given["parent"], portfolio.teams)
    parent = above or (company[0] if len(company) == 1 else None)
    lead = asked.given["lead"] and author_of(asked.given["lead"], asked.given["lead"], portfolio)
    members = [author_of(name, name, portfolio) for name in asked.given["member"]]
    fields = {
        "title": scalar(asked.title),
        "parent": parent and scalar(parent),
        "level": asked.given["level"] and scalar(asked.given["level"]),
        "lead": lead and scalar(lead),
        "members": flow(members) if members else None,
        "tags": _tags(asked),
    }
    return New("teams", "", without_empty(fields))


def period(asked: Asked) -> New:
    """A quarter, or any other cycle, as a draft."""
    portfolio = asked.book.portfolio
    usual = calendar_span(asked.title)
    start = day("--start", asked.given["start"]) or (usual.start if usual else None)
    end = day("--end", asked.given["end"]) or (usual.end if usual else None)
    if start is None or end is None:
        hint = "or name it like 2027-q1, 2027-h1, 2027-03 or 2027"
        raise EditError(f"say which days it has: --start and --end, {hint}")
    if end < start:
        raise EditError(f"it ends on {end}, before it starts on {start}")
    named = asked.given["parent"] and known("period", asked.given["parent"], portfolio.periods)
    parent = named or longer_period(portfolio, start, end)
    fields = {
        "title": scalar(asked.given["called"] or (usual.title if usual else asked.title)),
        "start": scalar(start),
        "end": scalar(end),
        "parent": parent and scalar(parent),
        "state": "draft",
    }
    return New("periods", usual.name if usual else "", without_empty(fields))


def kpi(asked: Asked) -> New:
    """A health metric, with its bound."""
    owner = asked.person(asked.given["owner"])
    team = asked.team(asked.given["team"], owner)
    bounds = [name for name in ("at_least", "at_most", "between") if asked.given[name] is not None]
    if len(bounds) > 1:
        raise EditError("one bound is allowed: --at-least, --at-most or --between")
    low, high, both = (asked.given[name] for name in ("at_least", "at_most", "between"))
    for typed in filter(None, (low, high, *(both or ()))):
        read_one_way(typed, asked.given["unit"])
    fields = {
        "title": scalar(asked.title),
        "team": team and scalar(team),
        "owner": owner and scalar(owner),
        "metric": asked.given["metric"] and scalar(asked.given["metric"]),
        "unit": asked.given["unit"] and scalar(asked.given["unit"]),
        "at_least": low and number(low),
        "at_most": high and number(high),
        "between": both and between(*both),
        "tags": _tags(asked),
    }
    return New("kpis", "", without_empty(fields))


def _tags(asked: Asked) -> str | None:
    tags: Sequence[str] = asked.given["tag"]
    return flow(list(tags)) if tags else None
