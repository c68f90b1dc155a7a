"""Rules about links: between goals that change, between periods, to teams and people."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from difflib import get_close_matches

from okrsite.okr.model import FileNoun, Period
from okrsite.okr.rules.review import Goal, Remark, Review, cut
from okrsite.okr.similar import is_slip
from okrsite.okr.terms import Change

_MEANING = frozenset(
    {"title", "scope", "metric", "start", "target", "at_least", "at_most", "between"}
)
_LIKE_AN_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_Named = tuple[FileNoun, str, str, tuple[str | int, ...]]


def suspect_link(review: Review) -> Iterator[Remark]:
    """A parent whose meaning changed after the child was committed.

    The child was written for another wording or target; nobody has said that it still fits.

    Wrong: the parent's target raised in August, the child untouched since July.

    Right: an amendment of the child, even one that says "still right: …" in `scope`.
    """
    for goal in review.open_goals:
        since = _committed(goal.period, review.as_of)
        if since is None or goal.objective.parent is None:
            continue
        change = _last_change(review, goal.objective.parent)
        if change and change.amendment.date > since and not _touched(review, goal, change):
            amendment = change.amendment
            message = f"suspect: `{change.field}` of `{amendment.subject}` changed"
            message += f" on {amendment.date}, and this was not touched since"
            hint = "Check that it still fits, and say so in an amendment of this objective."
            yield goal.says(message, hint, "parent")


def _committed(period: Period | None, day: date) -> date | None:
    if period is None or period.state == "draft":
        return None
    since = period.committed_on or period.start
    return since if since <= day else None


def _last_change(review: Review, parent: str) -> Change | None:
    objective = parent.partition("/")[0]
    found = [c for c in review.world.goalposts.get(parent, ()) if c.field in _MEANING]
    if objective != parent:
        found += [c for c in review.world.goalposts.get(objective, ()) if c.field == "title"]
    return max(found, key=lambda change: change.amendment.date, default=None)


def _touched(review: Review, goal: Goal, change: Change) -> bool:
    refs = [
        goal.objective.id,
        *(f"{goal.objective.id}/{kr.id}" for kr in goal.objective.key_results),
    ]
    days = [c.amendment.date for ref in refs for c in review.world.goalposts.get(ref, ())]
    return any(day >= change.amendment.date for day in days)


def outside_parents_period(review: Review) -> Iterator[Remark]:
    """A child whose period lies outside its parent's.

    It would still be moving its parent's number after that was closed.

    Wrong: an objective of the third quarter below one of the second.

    Right: a parent in the same quarter or in its year; `continues` for what goes on.
    """
    for goal in review.open_goals:
        above = review.portfolio.objectives.get((goal.objective.parent or "").partition("/")[0])
        around = review.portfolio.period_of(above) if above else None
        inside = goal.period
        if around and inside and not (around.start <= inside.start <= inside.end <= around.end):
            message = f"{cut(inside.title)} lies outside {cut(around.title)}, its parent's period"
            hint = "Choose a parent of the same time; `continues` links to an earlier goal."
            yield goal.says(message, hint, "parent")


def misspelt_person(review: Review) -> Iterator[Remark]:
    """A name that is nearly the id of somebody in `people/`.

    It would make a second person with half the goals.

    Wrong: `owner: anna`, where `people/ana.md` exists.

    Right: `owner: ana`; or a bare name with capitals: `owner: Anna Berg`.
    """
    people = review.portfolio.people
    if not people:
        return
    known, nearest = {*people, *review.portfolio.teams}, dict[str, list[str]]()
    for noun, name, subject, loc in _named(review):
        if name in known or not _LIKE_AN_ID.fullmatch(name):
            continue
        if name not in nearest:
            nearest[name] = _resembling(name, people)
        for person in nearest[name]:
            hint = f"Did you mean `{person}`? A bare name has capitals or spaces."
            yield review.says(noun, f"there is no person `{cut(name)}`", hint, subject, *loc)


def _resembling(name: str, people: Collection[str]) -> list[str]:
    """The one id that is nearly `name`; in a short name a single slip is a large part of it."""
    close = get_close_matches(name, people, n=1, cutoff=0.75)
    return close or sorted(person for person in people if is_slip(name, person))[:1]


def _named(review: Review) -> Iterator[_Named]:
    yield from _owners(review)
    yield from _team_people(review)
    yield from _authors(review)


def _owners(review: Review) -> Iterator[_Named]:
    for goal in review.open_goals:
        if goal.objective.owner:
            yield goal.objective, goal.objective.owner, goal.subject, ("owner",)
    for result in review.open_results:
        if result.kr.owner:
            loc = ("key_results", result.index, "owner")
            yield result.goal.objective, result.kr.owner, result.ref, loc
    for initiative in review.portfolio.initiatives.values():
        if initiative.owner:
            yield initiative, initiative.owner, f"initiatives/{initiative.id}", ("owner",)
    for kpi in review.portfolio.kpis.values():
        if kpi.owner:
            yield kpi, kpi.owner, f"kpis/{kpi.id}", ("owner",)


def _team_people(review: Review) -> Iterator[_Named]:
    for team in review.portfolio.teams.values():
        if team.lead:
            yield team, team.lead, f"teams/{team.id}", ("lead",)
        for index, name in enumerate(team.members):
            yield team, name, f"teams/{team.id}", ("members", index)


def _authors(review: Review) -> Iterator[_Named]:
    for check_in in review.portfolio.check_ins.values():
        if check_in.author:
            yield check_in, check_in.author, f"check-ins/{check_in.id}", ("author",)
    for amendment in review.portfolio.amendments.values():
        for field in ("author", "approved_by"):
            name = getattr(amendment, field)
            if name:
                yield amendment, name, f"amendments/{amendment.id}", (field,)


def retired_team(review: Review) -> Iterator[Remark]:
    """A goal of a team that was gone before the period began.

    Nobody is left to own it.

    Wrong: an objective of the third quarter for a team with `retired_on: 2026-03-31`.

    Right: the `team` that took the work over.
    """
    for goal in review.open_goals:
        team = review.portfolio.teams.get(goal.objective.team or "")
        if team and team.retired_on and goal.period and team.retired_on < goal.period.start:
            message = f"{cut(team.title)} was retired on {team.retired_on}"
            yield goal.says(message, "Name the team that took over.", "team")
