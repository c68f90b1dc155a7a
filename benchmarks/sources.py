"""The company as okrsite's source text: one file for each thing, one a week for each owner."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.company import (
    AMENDED,
    END,
    LEVELS,
    PERIOD,
    START,
    WEEKS,
    YEAR,
    CheckIn,
    Company,
    Initiative,
    KeyResult,
    Kpi,
    Objective,
    Person,
    Team,
)

CONFIDENT_EVERY = 3  # weeks


@dataclass(frozen=True)
class _Desks:
    """What each owner has to check in on."""

    objectives: Mapping[str, list[Objective]]
    initiatives: Mapping[str, list[Initiative]]
    kpis: Mapping[str, list[Kpi]]


def sources(company: Company) -> dict[str, str]:
    """Path → text of every file in the content folder."""
    return dict(_files(company))


def _files(company: Company) -> Iterator[tuple[str, str]]:
    yield f"periods/{YEAR}.md", _text(_period("Year 2026", "2026-01-01", "2026-12-31"))
    quarter = (*_period("Third quarter 2026", str(START), str(END)), f'parent: "{YEAR}"')
    yield f"periods/{PERIOD}.md", _text((*quarter, "committed_on: 2026-07-01"))
    for team in company.teams:
        yield f"teams/{team.id}.md", _team(team)
    for person in company.people:
        yield f"people/{person.id}.md", _person(person)
    for objective in company.objectives:
        yield f"objectives/{PERIOD}/{objective.team}/{objective.id}.md", _objective(objective)
        yield from _amendments(objective)
    for initiative in company.initiatives:
        yield f"initiatives/{initiative.id}.md", _initiative(initiative)
    for kpi in company.kpis:
        yield f"kpis/{kpi.id}.md", _kpi(kpi)
    desks = _Desks(defaultdict(list), defaultdict(list), defaultdict(list))
    for objective in company.objectives:
        desks.objectives[objective.owner].append(objective)
    for initiative in company.initiatives:
        desks.initiatives[initiative.owner].append(initiative)
    for kpi in company.kpis:
        desks.kpis[kpi.owner].append(kpi)
    for check_in in company.check_ins:
        yield f"check-ins/{PERIOD}/{check_in.id}.md", _check_in(check_in, desks)


def _text(head: tuple[str, ...] | list[str], body: str = "") -> str:
    return "\n".join(("---", *head, "---", body, ""))


def _period(title: str, start: str, end: str) -> tuple[str, ...]:
    return (f"title: {title}", f"start: {start}", f"end: {end}", "state: committed")


def _team(team: Team) -> str:
    parent = [f"parent: {team.parent}"] if team.parent else []
    return _text([f"title: {team.title}", *parent, f"level: {LEVELS[team.level]}"], "About us.")


def _person(person: Person) -> str:
    return _text([f"title: {person.name}", f"team: {person.team}"])


def _kpi(kpi: Kpi) -> str:
    head = [f"title: {kpi.title}", f"team: {kpi.team}", f"owner: {kpi.owner}"]
    return _text([*head, 'unit: "%"', f"at_least: {kpi.floor}"], "Counted every week.")


def _objective(item: Objective) -> str:
    head = [
        f"title: {item.title}",
        f"period: {PERIOD}",
        f"team: {item.team}",
        f"owner: {item.owner}",
        *([f"parent: {item.parent}"] if item.parent else []),
        *(["ambition: aspirational"] if item.aspirational else []),
        f"tags: [{item.tag}]",
        "key_results:",
        *(line for kr in item.key_results for line in _key_result(kr)),
    ]
    return _text(head, item.prose)


def _key_result(kr: KeyResult) -> Iterator[str]:
    yield f"  - id: {kr.id}"
    yield f"    title: {kr.title}"
    match kr.measure:
        case "measured":
            yield f"    metric: {kr.unit} counted in the last 30 days"
            yield f"    unit: {kr.unit}"
            yield f"    start: {kr.start}"
            yield f"    target: {kr.target}"
        case "bound":
            yield f"    unit: {kr.unit}"
            yield f"    at_least: {kr.start}"
        case "milestones":
            yield "    milestones:"
            for step in (1, 2, 3):
                yield f"      - {{id: step-{step}, title: Step {step} of {kr.unit}}}"
        case "done":
            yield f"    done_when: All {kr.unit} are where they belong"
        case _:
            yield f"    from: {kr.source}"


def _amendments(item: Objective) -> Iterator[tuple[str, str]]:
    for ref, kr in item.refs():
        if kr.was is not None:
            name = f"amendments/{PERIOD}/{AMENDED}-{ref.replace('/', '-')}.md"
            head = [f"date: {AMENDED}", f"author: {item.owner}", f"subject: {ref}"]
            head += ["field: target", f"was: {kr.was}", f"now: {kr.target}"]
            yield name, _text(head, "Two of the five regions start a month later than planned.")


def _initiative(item: Initiative) -> str:
    head = [
        f"title: {item.title}",
        f"team: {item.team}",
        f"owner: {item.owner}",
        f"contributes_to: [{', '.join(item.goals)}]",
        *([f"depends_on: [{item.depends_on}]"] if item.depends_on else []),
        f"start: {START}",
        "due: 2026-09-25",
        "state: backlog",
    ]
    tasks = (f"- [{'x' if done else ' '}] {title}" for title, done in item.tasks)
    return _text(head, "\n".join((item.prose, "", *tasks)))


def _check_in(item: CheckIn, desks: _Desks) -> str:
    head = [f"date: {item.day}", f"author: {item.owner}", f"team: {item.team}"]
    goals = [
        f"  {ref}: {_said(kr, said, item.week)}"
        for objective in desks.objectives[item.owner]
        for ref, kr in objective.refs()
        if (said := kr.said[item.week]) is not None
    ]
    kpis = [f"  {kpi.id}: {kpi.said[item.week]}" for kpi in desks.kpis[item.owner]]
    work = [
        f"  {each.id}: {_move(each, item.week)}"
        for each in desks.initiatives[item.owner]
        if _moved(each, item.week)
    ]
    for field, lines in (("key_results", goals), ("kpis", kpis), ("initiatives", work)):
        head += [f"{field}:", *lines] if lines else []
    return _text(head, item.note)


def _said(kr: KeyResult, said: str, week: int) -> str:
    if kr.measure == "milestones":
        return f"{{done: [{said}]}}"
    if kr.measure == "measured" and week % CONFIDENT_EVERY == 0:
        return f"{{value: {said}, confidence: 0.{4 + kr.start % 6}}}"
    return said


def _moved(item: Initiative, week: int) -> bool:
    """Whether there is something to say: a new state, or a block that begins or ends."""
    before = item.states[week - 1] if week else "backlog"
    return item.states[week] != before or week in _block(item)


def _block(item: Initiative) -> tuple[int, ...]:
    return () if item.blocked is None else (item.blocked, min(item.blocked + 1, WEEKS - 1))


def _move(item: Initiative, week: int) -> str:
    state = item.states[week]
    return f"{{state: {state}, blocked: waits for a licence}}" if week == item.blocked else state
