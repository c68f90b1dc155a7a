"""The same portal written by hand: Markdown pages for MkDocs and Material alone.

How it is kept fair. There is a page for each page okrsite publishes, at the same address, with the
same author's text and check-in notes, and the numbers that a reader of okrsite's page sees: key
results in a table, each check-in with what it changed. The rest is left out or given once: one
picture of 3 KB a page that has any (okrsite draws one for each measured key result), one table of
values by week (okrsite has one below each picture), one line and link for each goal of a check-in
in the feed and on a person's page (okrsite has one for each key result), no bars, sparklines,
trails, search texts or data files. So a page is shorter than okrsite's, never longer; the table
that is printed counts the words of both. All pages but the overviews stand outside the navigation.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from benchmarks.company import (
    AMENDED,
    AS_OF,
    END,
    PERIOD,
    START,
    STATES,
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

STATUSES = ("On track", "At risk", "Off track")


class _Desk:
    """The company looked up from every side, once."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.names = {person.id: person.name for person in company.people}
        self.teams = {team.id: team.title for team in company.teams}
        self.goals = {goal.id: goal for goal in company.objectives}
        self.goals_of: dict[str, list[Objective]] = defaultdict(list)
        self.below: dict[str, list[Objective]] = defaultdict(list)
        self.work_for: dict[str, list[Initiative]] = defaultdict(list)
        self.work_of: dict[str, list[Initiative]] = defaultdict(list)
        self.said_by: dict[str, list[CheckIn]] = defaultdict(list)
        self.said_in: dict[int, list[CheckIn]] = defaultdict(list)
        for goal in company.objectives:
            self.goals_of[goal.owner].append(goal)
            self.goals_of[goal.team].append(goal)
            self.below[(goal.parent or "").partition("/")[0]].append(goal)
        for work in company.initiatives:
            self.work_for[work.goals[0].partition("/")[0]].append(work)
            self.work_of[work.owner].append(work)
            self.work_of[work.team].append(work)
        for check_in in reversed(company.check_ins):
            self.said_by[check_in.owner].append(check_in)
            self.said_in[check_in.week].append(check_in)


def pages(company: Company) -> dict[str, str]:
    """Path → Markdown of every page of the portal."""
    desk = _Desk(company)
    return {path: f"{text}\n" for path, text in _pages(desk)}


def _pages(desk: _Desk) -> Iterator[tuple[str, str]]:
    yield from _overviews(desk)
    for goal in desk.company.objectives:
        yield f"objectives/{goal.id}.md", _join(_objective(desk, goal))
    for work in desk.company.initiatives:
        yield f"initiatives/{work.id}.md", _join(_initiative(desk, work))
    for team in desk.company.teams:
        yield f"teams/{team.id}.md", _join(_team(desk, team))
    for person in desk.company.people:
        yield f"people/{person.id}.md", _join(_person(desk, person))
    for kpi in desk.company.kpis:
        yield f"kpis/{kpi.id}.md", _join(_kpi(desk, kpi))
    for week in range(WEEKS):
        yield _week_path(week), _join(_week(desk, week))


def _overviews(desk: _Desk) -> Iterator[tuple[str, str]]:
    company, top = desk.company, desk.goals_of["company"]
    latest = (_said(desk, item) for item in desk.said_in[WEEKS - 1][:10])
    yield "index.md", _join(("# Home", _goal_table(desk, "", top), picture(1), *latest))
    tables = (_goal_table(desk, "", company.objectives), _work_table(desk, "", company.initiatives))
    yield "everything.md", _join(("# Everything", *tables))
    late = [f"- [{g.title}](objectives/{g.id}.md) is late." for g in company.objectives[::15]]
    yield "findings.md", _join(("# Findings", "\n".join(late)))
    yield f"periods/{YEAR}.md", "# Year 2026\n\nThe quarters of the year."
    quarter = (f"{START} to {END}.", picture(2), _goal_table(desk, "../", company.objectives))
    yield f"periods/{PERIOD}.md", _join(("# Third quarter 2026", *quarter))
    lists = (
        ("periods", [(YEAR, "Year 2026"), (PERIOD, "Third quarter 2026")]),
        ("teams", [(team.id, team.title) for team in company.teams]),
        ("kpis", [(kpi.id, kpi.title) for kpi in company.kpis]),
        ("check-ins", [(_week_name(week), f"Week {27 + week}") for week in range(WEEKS)]),
    )
    for kind, items in lists:
        links = "\n".join(f"- [{title}]({name}.md)" for name, title in items)
        yield f"{kind}/index.md", _join((f"# {kind.capitalize()}", links))
    work = _work_table(desk, "../", company.initiatives)
    yield "initiatives/index.md", _join(("# Initiatives", work))


def _join(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block)


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    rule = "| --- " * (head.count("|") + 1) + "|"
    return "\n".join((f"| {head} |", rule, *lines)) if lines else ""


def _status(goal: Objective) -> str:
    return STATUSES[(goal.key_results[0].start + goal.key_results[1].start) % 3]


def _share(kr: KeyResult) -> str:
    return f"{(kr.start * 7 + kr.target) % 101} %"


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _owner(desk: _Desk, up: str, name: str) -> str:
    return f"[{desk.names[name]}]({up}people/{name}.md)"


def _goal_table(desk: _Desk, up: str, goals: Iterable[Objective]) -> str:
    rows = (
        (
            f"[{goal.title}]({up}objectives/{goal.id}.md)",
            f"[{desk.teams[goal.team]}]({up}teams/{goal.team}.md)",
            _owner(desk, up, goal.owner),
            _share(goal.key_results[0]),
            _status(goal),
        )
        for goal in goals
    )
    return _table("Objective | Team | Owner | Progress | Status", rows)


def _work_table(desk: _Desk, up: str, works: Iterable[Initiative]) -> str:
    rows = (
        (
            f"[{work.title}]({up}initiatives/{work.id}.md)",
            _owner(desk, up, work.owner),
            work.states[-1],
            f"{sum(done for _, done in work.tasks)} of {len(work.tasks)}",
        )
        for work in works
    )
    return _table("Initiative | Owner | State | Tasks", rows)


def _objective(desk: _Desk, goal: Objective) -> Iterator[str]:
    yield f"# {goal.title}"
    yield f"**{_status(goal)}**: {_share(goal.key_results[0])}, 97 % expected on {_day(AS_OF)}."
    team, owner = desk.teams[goal.team], _owner(desk, "../", goal.owner)
    kind = "aspirational" if goal.aspirational else "committed"
    yield (
        f"Owner {owner}, team [{team}](../teams/{goal.team}.md), "
        f"[third quarter 2026](../periods/{PERIOD}.md), {kind}, {goal.tag}."
    )
    if goal.parent:
        above = desk.goals[goal.parent.partition("/")[0]]
        yield f"Part of [{above.title}]({above.id}.md)."
    yield goal.prose
    yield "## Key results"
    rows = ((kr.title, *_numbers(kr), _share(kr), _status(goal)) for kr in goal.key_results)
    yield _table("Key result | Start | Now | Target | Progress | Status", rows)
    yield picture(goal.key_results[0].start)
    if work := _work_table(desk, "../", desk.work_for[goal.id]):
        yield f"## Work\n\n{work}"
    if below := _goal_table(desk, "../", desk.below[goal.id]):
        yield f"## Objectives below this one\n\n{below}"
    yield "## Check-ins"
    yield _by_week(goal)
    yield from (_amended(kr) for kr in goal.key_results if kr.was is not None)
    for item in desk.said_by[goal.owner]:
        yield f"**{_day(item.day)}, {_owner(desk, '../', item.owner)}**: {item.note}"
        yield "\n".join(f"- {change}" for change in _changes(goal, item.week))


def _changes(goal: Objective, week: int) -> Iterator[str]:
    for kr in goal.key_results:
        if said := kr.said[week]:
            before = kr.said[week - 1] if week else None
            change = f"{before} → {said}" if before else said
            yield f"{kr.title}: {change} {kr.unit if kr.measure == 'measured' else ''}".rstrip()


def _numbers(kr: KeyResult) -> tuple[str, str, str]:
    now = next((said for said in reversed(kr.said) if said), "–")
    match kr.measure:
        case "measured":
            return f"{kr.start}", f"{now} {kr.unit}", f"{kr.target}"
        case "bound":
            return "–", f"{now} {kr.unit}", f"at least {kr.start}"
    return "–", now, "done"


def _by_week(goal: Objective) -> str:
    rows = (
        (f"Week {27 + week}", *(kr.said[week] or "" for kr in goal.key_results))
        for week in reversed(range(WEEKS))
    )
    return _table(" | ".join(("Week", *(kr.id for kr in goal.key_results))), rows)


def _amended(kr: KeyResult) -> str:
    return f"**{_day(AMENDED)}**: the target of {kr.title} moved from {kr.was} to {kr.target}."


def _initiative(desk: _Desk, work: Initiative) -> Iterator[str]:
    goal = desk.goals[work.goals[0].partition("/")[0]]
    yield f"# {work.title}"
    yield (
        f"**{work.states[-1]}**. Owner {_owner(desk, '../', work.owner)}, "
        f"team [{desk.teams[work.team]}](../teams/{work.team}.md), for "
        f"[{goal.title}](../objectives/{goal.id}.md)."
    )
    if work.depends_on:
        yield f"Waits for [{work.depends_on}]({work.depends_on}.md)."
    yield work.prose
    yield "\n".join(f"- [{'x' if done else ' '}] {title}" for title, done in work.tasks)
    yield "## States"
    turns = [
        (state, f"week {27 + work.states.index(state)}") for state in STATES if state in work.states
    ]
    yield _table("State | Since", turns)
    yield "## Check-ins"
    turns_at = {work.states.index(state) for state in work.states}
    for item in desk.said_by[work.owner]:
        if item.week in turns_at:
            yield f"**{_day(item.day)}**, {work.states[item.week]}: {item.note}"


def _team(desk: _Desk, team: Team) -> Iterator[str]:
    yield f"# {team.title}"
    yield "About us."
    if team.parent:
        yield f"Part of [{desk.teams[team.parent]}]({team.parent}.md)."
    yield "## Objectives"
    yield _goal_table(desk, "../", desk.goals_of[team.id])
    yield _key_results(desk.goals_of[team.id])
    below = [each for each in desk.company.teams if each.parent == team.id]
    yield "\n".join(f"- [{each.title}]({each.id}.md)" for each in below)
    yield "## Work"
    yield _work_table(desk, "../", desk.work_of[team.id])


def _person(desk: _Desk, person: Person) -> Iterator[str]:
    yield f"# {person.name}"
    yield f"Team [{desk.teams[person.team]}](../teams/{person.team}.md)."
    yield _goal_table(desk, "../", desk.goals_of[person.id])
    yield _work_table(desk, "../", desk.work_of[person.id])
    yield _key_results(desk.goals_of[person.id])
    for item in desk.said_by[person.id]:
        yield f"**{_day(item.day)}**: {item.note}"
        yield _by_goal(desk, item)


def _key_results(goals: Iterable[Objective]) -> str:
    rows = (
        (f"[{kr.title}](../objectives/{goal.id}.md)", *_numbers(kr), _status(goal))
        for goal in goals
        for kr in goal.key_results
    )
    return _table("Key result | Start | Now | Target | Status", rows)


def _kpi(desk: _Desk, kpi: Kpi) -> Iterator[str]:
    yield f"# {kpi.title}"
    yield f"Owner {_owner(desk, '../', kpi.owner)}. At least {kpi.floor} %, counted every week."
    yield picture(kpi.floor)
    rows = ((f"Week {27 + week}", f"{kpi.said[week]} %") for week in reversed(range(WEEKS)))
    yield _table("Week | Value", rows)


def _week_name(week: int) -> str:
    return f"2026-w{27 + week}"


def _week_path(week: int) -> str:
    return f"check-ins/{_week_name(week)}.md"


def _week(desk: _Desk, week: int) -> Iterator[str]:
    yield f"# Week {27 + week} of 2026"
    for item in desk.said_in[week]:
        yield _said(desk, item, "../")
        yield _by_goal(desk, item)


def _by_goal(desk: _Desk, item: CheckIn) -> str:
    return "\n".join(
        f"- [{goal.title}](../objectives/{goal.id}.md): {'; '.join(_changes(goal, item.week))}"
        for goal in desk.goals_of[item.owner]
    )


def _said(desk: _Desk, item: CheckIn, up: str = "") -> str:
    return f"**{_day(item.day)}, {_owner(desk, up, item.owner)}**: {item.note}"


def picture(seed: int) -> str:
    """A chart of 3 KB as inline SVG, the way drawing tools save it: axes, labels, two lines."""
    points = [(60 + 48 * week, 260 - 14 * week - seed * (week + 3) % 17) for week in range(WEEKS)]
    line = " ".join(f"{x},{y}" for x, y in points)
    marks = [f'<path class="grid" d="M40 {40 + 30 * row}H680"/>' for row in range(8)]
    marks += [_label(36, 44 + 30 * row, f"{100 - 14 * row} %") for row in range(8)]
    marks += [_label(60 + 48 * week, 290, f"w{27 + week}") for week in range(WEEKS)]
    marks += ['<path class="expected" stroke-dasharray="4 3" d="M60 260L636 40"/>']
    marks += [f'<polyline fill="none" stroke="currentColor" points="{line}"/>']
    marks += [f'<circle cx="{x}" cy="{y}" r="3" fill="currentColor"/>' for x, y in points]
    marks += [_label(x, y - 8, str(300 - y)) for x, y in points]
    head = '<svg viewBox="0 0 720 300" role="img" aria-label="Progress by week">'
    return f"{head}{''.join(marks)}</svg>"


def _label(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="middle">{text}</text>'
