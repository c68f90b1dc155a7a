"""A company's closed quarters, each of N objectives, and the running one, as okrsite's source text.

Every quarter has other goals, check-ins, amendments and initiatives; teams, people, KPIs and a
plan of the running year stay. All key results of a closed quarter are checked in on in its last
week, and its work is done by then: work that never ends would be pages of today's.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.company import (
    AMENDED,
    END,
    PERIOD,
    START,
    WEEKS,
    Company,
    KeyResult,
    Objective,
    make,
)
from benchmarks.sources import sources

Texts = dict[str, str]
Change = Callable[[KeyResult], KeyResult]

PLAN = "plan"
PLAN_FROM = date(START.year, 1, 1)
LASTING = ("teams/", "people/", "kpis/")

_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_PLANNED = re.compile(rf"^parent: {PLAN}-.*\n", re.MULTILINE)
_NAME = re.compile(r"\b(goal|work)-(?=\d)")


@dataclass(frozen=True)
class Quarter:
    """One quarter by its days; `back` is how many quarters before the running one."""

    id: str
    start: date
    end: date
    back: int


@dataclass(frozen=True)
class Step:
    """What one commit brings on a day; `kind` says which record is published after it, if any."""

    day: date
    files: Texts
    kind: str = ""


def quarters(closed: int) -> tuple[Quarter, ...]:
    """The closed ones, oldest first, then the running one."""
    return tuple(_quarter(back) for back in range(closed, -1, -1))


def _quarter(back: int) -> Quarter:
    start = _first_day(back)
    number = (start.month + 2) // 3
    return Quarter(f"{start.year}-q{number}", start, _first_day(back - 1) - timedelta(1), back)


def _first_day(back: int) -> date:
    months = START.year * 12 + START.month - 1 - 3 * back
    return date(months // 12, months % 12 + 1, 1)


def lasting(size: int) -> Texts:
    """What all quarters share: teams, people, KPIs, and a plan with two goals."""
    made = sources(make(size))
    plan = ("title: Plan", f"start: {PLAN_FROM}", f"end: {END.year}-12-31", "state: committed")
    files = {f"periods/{PLAN}.md": _text(plan)}
    files |= {f"objectives/{PLAN}/plan-{n}.md": _plan_goal(n) for n in (1, 2)}
    return files | {path: text for path, text in made.items() if path.startswith(LASTING)}


def _plan_goal(number: int) -> str:
    return _text(
        (
            f"title: Where we want to be this year, part {number}",
            f"period: {PLAN}",
            "team: company",
            "key_results:",
            "  - {id: below, title: What the quarters bring, from: objectives}",
            "  - {id: share, title: Share of the market, unit: '%', start: 10, target: 40}",
        )
    )


def steps(size: int, quarter: Quarter) -> Iterator[Step]:
    """The commits of a quarter: promised, amended, and what was said by its end (or until now)."""
    company = make(size, seed=1 + quarter.back)
    after = _moved(sources(_closing(company) if quarter.back else company), quarter)
    before = _moved(sources(_as_promised(company)), quarter)
    period = f"periods/{quarter.id}.md"
    promised = {path: text for path, text in before.items() if _is_definition(path)}
    yield Step(quarter.start, promised | {period: _period(quarter)}, "committed")
    amended = {path: text for path, text in after.items() if path.startswith("amendments/")}
    eased = {path: text for path, text in after.items() if before.get(path, text) != text}
    yield Step(AMENDED - START + quarter.start, amended | eased)
    said = {path: text for path, text in after.items() if path.startswith("check-ins/")}
    if quarter.back:
        closed_on = quarter.end + timedelta(4)
        yield Step(closed_on, said | {period: _period(quarter, closed_on)}, "closed")
    else:
        yield Step(quarter.end, said)


def _is_definition(path: str) -> bool:
    return path.startswith(("objectives/", "initiatives/"))


def _period(quarter: Quarter, closed_on: date | None = None) -> str:
    state = "closed" if closed_on else "committed"
    head = (
        f"title: Quarter {quarter.id}",
        f"start: {quarter.start}",
        f"end: {quarter.end}",
        f"state: {state}",
        *((f"parent: {PLAN}",) if quarter.start >= PLAN_FROM else ()),
        f"committed_on: {quarter.start}",
        *((f"closed_on: {closed_on}",) if closed_on else ()),
    )
    return _text(head, "What we learned: begin with fewer goals." if closed_on else "")


def _text(head: tuple[str, ...], body: str = "") -> str:
    return "\n".join(("---", *head, "---", body, ""))


# --- from the yardstick's company, which knows one quarter --------------------------------------


def _as_promised(company: Company) -> Company:
    """The company before any target was eased."""
    return _with(company, lambda kr: kr if kr.was is None else replace(kr, target=kr.was, was=None))


def _closing(company: Company) -> Company:
    """The company with a last word on everything; what work goes on is the next quarter's."""
    work = (replace(item, states=(*item.states[:-1], "done")) for item in company.initiatives)
    return _with(replace(company, initiatives=tuple(work)), _closed)


def _closed(kr: KeyResult) -> KeyResult:
    """The same with a word of the last week, where something can be said at all."""
    last = {"milestones": "step-3", "done": str("true" in kr.said).lower()}.get(kr.measure)
    said = kr.said[WEEKS - 1] if last is None else last
    return replace(kr, said=(*kr.said[: WEEKS - 1], said))


def _with(company: Company, change: Change) -> Company:
    goals = (_goal(goal, change) for goal in company.objectives)
    return replace(company, objectives=tuple(goals))


def _goal(goal: Objective, change: Change) -> Objective:
    parent = goal.parent
    if parent is None and goal.team == "company":
        parent = f"plan-{1 + len(goal.title) % 2}/below"
    key_results = tuple(change(kr) for kr in goal.key_results)
    return replace(goal, parent=parent, key_results=key_results)


def _moved(files: Mapping[str, str], quarter: Quarter) -> Texts:
    """The same goals under other names, in another quarter."""

    def moved(text: str) -> str:
        text = text if quarter.start >= PLAN_FROM else _PLANNED.sub("", text)
        text = _DAY.sub(lambda day: str(date.fromisoformat(day[0]) - START + quarter.start), text)
        return _NAME.sub(rf"\1-{quarter.id}-", text.replace(PERIOD, quarter.id))

    kept = {path: text for path, text in files.items() if not path.startswith(LASTING)}
    return {moved(p): moved(t) for p, t in kept.items() if not p.startswith("periods/")}
