"""From a seed a company of N objectives, as values: what both sides of the yardstick publish.

Per objective 4 key results of mixed measures, 80 words of prose and 13 weekly check-ins, which an
owner of 4 objectives writes into one file a week; besides N/2 initiatives, N/4 people, N/20 teams
on 4 levels, N/50 KPIs and N/20 amendments.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from benchmarks import words

WEEKS = 13
START, END, AS_OF = date(2026, 7, 1), date(2026, 9, 30), date(2026, 9, 28)
PERIOD, YEAR = "2026-q3", "2026"
AMENDED = date(2026, 8, 10)
STATES = ("backlog", "ready", "doing", "review", "done")
LEVELS = ("company", "department", "team", "squad")

# The third and the fourth key result of an objective; the first two are always measured.
_THIRD = ("bound", "milestones", "measured")
_FOURTH = ("done", "measured", "kpi", "bound", "initiatives", "measured", "objectives")


@dataclass(frozen=True)
class Team:
    id: str
    title: str
    level: int
    parent: str | None


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    team: str


@dataclass(frozen=True)
class KeyResult:
    """`said` is what each week's check-in says of it, as the author types it; None is nothing.

    `was` is the target before an amendment.
    """

    id: str
    title: str
    measure: str
    unit: str
    start: int
    target: int
    was: int | None
    source: str
    said: tuple[str | None, ...]


@dataclass(frozen=True)
class Objective:
    id: str
    title: str
    team: str
    owner: str
    parent: str | None
    aspirational: bool
    tag: str
    prose: str
    key_results: tuple[KeyResult, ...]

    def refs(self) -> Iterator[tuple[str, KeyResult]]:
        """Its key results with their full ids."""
        return ((f"{self.id}/{kr.id}", kr) for kr in self.key_results)


@dataclass(frozen=True)
class Initiative:
    """`states` is where it stands at the end of each week, `blocked` a week it could not go on."""

    id: str
    title: str
    team: str
    owner: str
    goals: tuple[str, ...]
    depends_on: str | None
    states: tuple[str, ...]
    blocked: int | None
    prose: str
    tasks: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Kpi:
    id: str
    title: str
    team: str
    owner: str
    floor: int
    said: tuple[str, ...]


@dataclass(frozen=True)
class CheckIn:
    """What `owner` says at the end of the week with this number, from 0."""

    id: str
    day: date
    week: int
    owner: str
    team: str
    note: str


@dataclass(frozen=True)
class Company:
    """Everything there is to be published."""

    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    objectives: tuple[Objective, ...]
    initiatives: tuple[Initiative, ...]
    kpis: tuple[Kpi, ...]
    check_ins: tuple[CheckIn, ...]


def make(size: int, seed: int = 1) -> Company:
    """The company of `size` objectives that `seed` stands for; always the same."""
    rng = Random(f"{seed}/{size}")
    teams = _teams(max(len(LEVELS), size // 20))
    people = _people(max(1, size // 4), teams)
    kpis = tuple(_kpi(rng, index, people) for index in range(max(2, size // 50)))
    objectives = _objectives(rng, size, teams, people, kpis)
    return Company(
        teams=teams,
        people=people,
        objectives=objectives,
        initiatives=tuple(_initiatives(rng, objectives)),
        kpis=kpis,
        check_ins=tuple(_check_ins(rng, people)),
    )


def _teams(count: int) -> tuple[Team, ...]:
    """One company, then departments, teams and squads, each level wider than the one above."""
    departments = max(1, (count - 1) * 12 // 100)
    middle = max(1, (count - 1) * 35 // 100)
    sizes = (1, departments, middle, count - 1 - departments - middle)
    found: list[Team] = []
    above: list[Team] = []
    for level, size in enumerate(sizes):
        here = []
        for index in range(size):
            parent = above[index % len(above)].id if above else None
            name = f"{LEVELS[level]}-{index + 1}" if level else "company"
            here.append(Team(name, name.replace("-", " ").capitalize(), level, parent))
        found, above = [*found, *here], here
    return tuple(found)


def _people(count: int, teams: tuple[Team, ...]) -> tuple[Person, ...]:
    found = []
    for index in range(count):
        name = words.name(index)
        team = teams[index * len(teams) // count]
        found.append(Person(name.lower().replace(" ", "-"), name, team.id))
    return tuple(found)


def _kpi(rng: Random, index: int, people: tuple[Person, ...]) -> Kpi:
    owner = people[index * 7 % len(people)]
    floor = rng.randint(60, 95)
    said = tuple(f"{floor + rng.randint(-20, 40) / 10:.1f}" for _ in range(WEEKS))
    title = f"Share of {words.thing(rng)}"
    return Kpi(f"kpi-{index + 1}", title, owner.team, owner.id, floor, said)


def _objectives(
    rng: Random,
    size: int,
    teams: tuple[Team, ...],
    people: tuple[Person, ...],
    kpis: tuple[Kpi, ...],
) -> tuple[Objective, ...]:
    made: list[Objective] = []
    by_team: dict[str, list[Objective]] = {}
    parents = {team.id: team.parent for team in teams}
    above = {team.parent for team in teams}
    for index in range(size):
        owner = people[min(index // 4, len(people) - 1)]
        key_results = _key_results(rng, index, kpis, feeds=owner.team in above)
        objective = Objective(
            id=f"goal-{index + 1}",
            title=words.title(rng),
            team=owner.team,
            owner=owner.id,
            parent=_parent(rng, by_team.get(parents[owner.team] or "", [])),
            aspirational=rng.random() < 0.3,
            tag=words.thing(rng),
            prose=f"{words.prose(rng, 50)}\n\n**Why now.** {words.prose(rng, 28)}",
            key_results=key_results,
        )
        made.append(objective)
        by_team.setdefault(owner.team, []).append(objective)
    return tuple(made)


def _parent(rng: Random, goals: list[Objective]) -> str | None:
    if not goals:
        return None
    goal = rng.choice(goals)
    fed = next((ref for ref, kr in goal.refs() if kr.measure == "objectives"), None)
    return fed or goal.id


def _key_results(
    rng: Random, index: int, kpis: tuple[Kpi, ...], *, feeds: bool
) -> tuple[KeyResult, ...]:
    fourth = _FOURTH[index % len(_FOURTH)]
    if (fourth == "objectives" and not feeds) or (fourth == "initiatives" and index % 2):
        fourth = "measured"
    measures = ("measured", "measured", _THIRD[index % len(_THIRD)], fourth)
    kpi = kpis[index % len(kpis)]
    return tuple(
        _key_result(rng, f"kr-{place}", measure, kpi, eased=place == 1 and index % 20 == 0)
        for place, measure in enumerate(measures, start=1)
    )


def _key_result(rng: Random, name: str, measure: str, kpi: Kpi, *, eased: bool) -> KeyResult:
    start = rng.randint(10, 60)
    target = start + rng.randint(20, 60) if rng.random() < 0.5 else rng.randint(0, start - 5)
    sources = {"kpi": kpi.id, "initiatives": "initiatives", "objectives": "objectives"}
    return KeyResult(
        id=name,
        title=words.title(rng),
        measure=measure,
        unit=words.thing(rng),
        start=start,
        target=target,
        was=target + (5 if target > start else -5) if eased else None,
        source=sources.get(measure, ""),
        said=_said(rng, measure, start, target),
    )


def _said(rng: Random, measure: str, start: int, target: int) -> tuple[str | None, ...]:
    pace = rng.uniform(0.5, 1.2)
    weeks = range(1, WEEKS + 1)
    match measure:
        case "measured":
            course = (start + (target - start) * pace * week / WEEKS for week in weeks)
            return tuple(f"{value + rng.uniform(-1, 1):.1f}" for value in course)
        case "bound":
            return tuple(f"{start + rng.uniform(-3, 9):.1f}" for _ in weeks)
        case "milestones":
            done = {rng.randint(3, 4): "step-1", rng.randint(6, 8): "step-2", 12: "step-3"}
            return tuple(done.get(week) for week in weeks)
        case "done":
            day = rng.randint(8, 20)
            return tuple(str(w >= day).lower() if w in (1, day) else None for w in weeks)
    return (None,) * WEEKS


def _initiatives(rng: Random, objectives: tuple[Objective, ...]) -> Iterator[Initiative]:
    for index in range(len(objectives) // 2):
        goal = objectives[index * 2]
        fed = [ref for ref, kr in goal.refs() if kr.measure == "initiatives"]
        states = _states(rng)
        done = STATES.index(states[-1]) * 3 // 2
        yield Initiative(
            id=f"work-{index + 1}",
            title=f"Rework {words.thing(rng)} and {words.thing(rng)}",
            team=goal.team,
            owner=goal.owner,
            goals=(f"{goal.id}/{goal.key_results[0].id}", *fed),
            depends_on=f"work-{index}" if index % 6 == 5 else None,
            states=states,
            blocked=rng.randrange(WEEKS) if index % 5 == 0 else None,
            prose=words.prose(rng, 30),
            tasks=tuple((words.prose(rng, 5)[:-1], step < done) for step in range(6)),
        )


def _states(rng: Random) -> tuple[str, ...]:
    turns = sorted(rng.randrange(WEEKS * 5 // 4) for _ in STATES[1:])
    return tuple(STATES[sum(turn <= week for turn in turns)] for week in range(WEEKS))


def _check_ins(rng: Random, people: tuple[Person, ...]) -> Iterator[CheckIn]:
    for index, person in enumerate(people):
        for week in range(WEEKS):
            day = START + timedelta(days=1 + index % 4 + 7 * week)
            name = f"{day}-{person.id}"
            yield CheckIn(name, day, week, person.id, person.team, words.prose(rng, 25))
