"""Everything declared, joined: ids resolved, the cascade and alignment tied, cycles found."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from okrsite.okr.circles import MAX_CHAIN, chains, rings
from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import Document
from okrsite.okr.model import (
    Amendment,
    CheckIn,
    FileNoun,
    Initiative,
    KeyResult,
    Kpi,
    Milestone,
    Objective,
    Period,
    Person,
    Team,
    has_bound,
    has_measure,
)
from okrsite.okr.references import Resolver, unread

N = TypeVar("N", bound=FileNoun)
Links = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Portfolio:
    """All nouns by id. Every reference in them leads somewhere; what led nowhere is a finding.

    An objective whose period is unknown has `period == ""`. Links are told from their far end:
    `children`, `supporters` and `initiatives_for` by objective id or `objective/kr`, `sequels` by
    the objective they continue,
    `subteams` and `team_objectives` by team, `dependents` by initiative.
    """

    periods: Mapping[str, Period]
    teams: Mapping[str, Team]
    people: Mapping[str, Person]
    objectives: Mapping[str, Objective]
    initiatives: Mapping[str, Initiative]
    kpis: Mapping[str, Kpi]
    check_ins: Mapping[str, CheckIn]
    amendments: Mapping[str, Amendment]
    documents: Mapping[str, Document]
    key_results: Mapping[str, KeyResult]
    children: Links
    supporters: Links
    sequels: Links
    initiatives_for: Links
    subteams: Links
    team_objectives: Links
    dependents: Links

    def period_of(self, objective: Objective) -> Period | None:
        """The objective's period, None where it named an unknown one."""
        return self.periods.get(objective.period)

    def company(self) -> tuple[str, ...]:
        """The teams without a parent: as a rule one, the company."""
        return tuple(key for key, team in self.teams.items() if team.parent is None)


def join(
    nouns: Iterable[FileNoun], documents: Mapping[str, Document]
) -> tuple[Portfolio, tuple[Finding, ...]]:
    """Tie `nouns` together; unknown ids, repeated ids and cycles are findings, and cut."""
    resolver = Resolver(documents)
    ordered = sorted(nouns, key=lambda noun: (noun.id, noun.path))
    resolver.unread |= unread(documents, ordered)
    periods = _acyclic(resolver, _periods(resolver, _by_id(resolver, ordered, Period)), "parent")
    teams = _acyclic(resolver, _teams(resolver, _by_id(resolver, ordered, Team)), "parent")
    people = _people(resolver, _by_id(resolver, ordered, Person), teams)
    kpis = _owned(resolver, _by_id(resolver, ordered, Kpi), teams)
    objectives = {
        key: _unique_key_results(resolver, objective)
        for key, objective in _by_id(resolver, ordered, Objective).items()
    }
    objectives = _objectives(resolver, objectives, periods, teams, kpis)
    key_results = {
        f"{objective.id}/{kr.id}": kr
        for objective in objectives.values()
        for kr in objective.key_results
    }
    goals: dict[str, object] = {**objectives, **key_results}
    initiatives = _initiatives(resolver, _by_id(resolver, ordered, Initiative), teams, goals)
    check_ins = _by_id(resolver, ordered, CheckIn)
    known = (goals, kpis, initiatives)
    check_ins = {
        key: _check_in(resolver, item, teams, check_ins, known) for key, item in check_ins.items()
    }
    check_ins = _acyclic(resolver, check_ins, "corrects")
    amendments = _amendments(resolver, _by_id(resolver, ordered, Amendment), goals, initiatives)
    portfolio = Portfolio(
        periods=periods,
        teams=teams,
        people=people,
        objectives=objectives,
        initiatives=initiatives,
        kpis=kpis,
        check_ins=check_ins,
        amendments=amendments,
        documents=documents,
        key_results=key_results,
        children=_group((o.parent, o.id) for o in objectives.values()),
        supporters=_group((ref, o.id) for o in objectives.values() for ref in o.supports),
        sequels=_group((o.continues, o.id) for o in objectives.values()),
        initiatives_for=_group((r, i.id) for i in initiatives.values() for r in i.contributes_to),
        subteams=_group((t.parent, t.id) for t in teams.values()),
        team_objectives=_group((o.team, o.id) for o in objectives.values()),
        dependents=_group((ref, i.id) for i in initiatives.values() for ref in i.depends_on),
    )
    return portfolio, tuple(resolver.findings)


def _group(pairs: Iterable[tuple[str | None, str]]) -> Links:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        if key is not None:
            groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _by_id(resolver: Resolver, nouns: Iterable[FileNoun], kind: type[N]) -> dict[str, N]:
    found: dict[str, N] = {}
    for noun in nouns:
        if not isinstance(noun, kind):
            continue
        if noun.id in found:
            message = f"`{noun.id}` exists already, in {found[noun.id].path}; that one counts"
            resolver.add(noun, "OKR014", message, "Rename one of the two files.")
        else:
            found[noun.id] = noun
    return found


def _periods(resolver: Resolver, periods: dict[str, Period]) -> dict[str, Period]:
    kept = {}
    for key, period in periods.items():
        if period.end < period.start:
            message = f"the period ends on {period.end}, before it starts"
            hint = "Swap `start` and `end`, or correct the year."
            resolver.add(period, "OKR017", message, hint, "end")
            resolver.unread.add(("periods", key))
        else:
            kept[key] = period
    return {
        key: period.model_copy(
            update={"parent": resolver.one(period, period.parent, kept, "period", "parent")}
        )
        for key, period in kept.items()
    }


def _teams(resolver: Resolver, teams: dict[str, Team]) -> dict[str, Team]:
    return {
        key: team.model_copy(
            update={"parent": resolver.one(team, team.parent, teams, "team", "parent")}
        )
        for key, team in teams.items()
    }


def _people(
    resolver: Resolver, people: dict[str, Person], teams: dict[str, Team]
) -> dict[str, Person]:
    return {
        key: person.model_copy(
            update={"team": resolver.one(person, person.team, teams, "team", "team")}
        )
        for key, person in people.items()
    }


def _owned(resolver: Resolver, kpis: dict[str, Kpi], teams: dict[str, Team]) -> dict[str, Kpi]:
    return {
        key: kpi.model_copy(update={"team": resolver.one(kpi, kpi.team, teams, "team", "team")})
        for key, kpi in kpis.items()
    }


def _unique_key_results(resolver: Resolver, objective: Objective) -> Objective:
    kept: dict[str, KeyResult] = {}
    seen = Counter[str]()
    for kr in objective.key_results:
        seen[kr.id] += 1
        if kr.id in kept:
            message = f"the key result `{kr.id}` exists already in this objective; the first counts"
            row = _index(resolver.documents[objective.path].data, "key_results", kr.id, seen[kr.id])
            loc = ("key_results", row, "id")
            resolver.add(objective, "OKR014", message, "Give it an id of its own.", *loc)
        else:
            kept[kr.id] = _unique_milestones(resolver, objective, kr)
    return objective.model_copy(update={"key_results": tuple(kept.values())})


def _unique_milestones(resolver: Resolver, objective: Objective, kr: KeyResult) -> KeyResult:
    kept: dict[str, Milestone] = {}
    seen = Counter[str]()
    for milestone in kr.milestones:
        seen[milestone.id] += 1
        if milestone.id in kept:
            message = f"the milestone `{milestone.id}` exists already; the first counts"
            data = resolver.documents[objective.path].data
            index = _index(data, "key_results", kr.id)
            own = _row(data, "key_results", index)
            row = _index(own, "milestones", milestone.id, seen[milestone.id])
            loc = ("key_results", index, "milestones", row, "id")
            resolver.add(objective, "OKR014", message, "Give it an id of its own.", *loc)
        kept.setdefault(milestone.id, milestone)
    if len(kept) == len(kr.milestones):
        return kr
    return kr.model_copy(update={"milestones": tuple(kept.values())})


def _objectives(
    resolver: Resolver,
    objectives: dict[str, Objective],
    periods: dict[str, Period],
    teams: dict[str, Team],
    kpis: dict[str, Kpi],
) -> dict[str, Objective]:
    goals: dict[str, object] = dict(objectives)
    goals |= {f"{o.id}/{kr.id}": kr for o in objectives.values() for kr in o.key_results}
    linked = {}
    for key, item in objectives.items():
        update = {
            "period": resolver.one(item, item.period, periods, "period", "period") or "",
            "team": resolver.one(item, item.team, teams, "team", "team"),
            "contributors": resolver.many(item, item.contributors, teams, "team", "contributors"),
            "parent": resolver.one(item, item.parent, goals, "objective or key result", "parent"),
            "supports": resolver.many(item, item.supports, goals, "goal", "supports"),
            "continues": resolver.one(item, item.continues, objectives, "objective", "continues"),
            "key_results": tuple(_key_results(resolver, item, teams, kpis)),
        }
        linked[key] = item.model_copy(update=update)
    return _acyclic(resolver, _acyclic(resolver, linked, "parent"), "continues")


def _key_results(
    resolver: Resolver, objective: Objective, teams: dict[str, Team], kpis: dict[str, Kpi]
) -> Iterator[KeyResult]:
    sources: dict[str, object] = {"objectives": 0, "initiatives": 0, **kpis}
    for kr in objective.key_results:
        index = _index(resolver.documents[objective.path].data, "key_results", kr.id)
        here = ("key_results", index)
        source = resolver.one(objective, kr.source, sources, "KPI", *here, "from")
        if source in kpis and not (has_measure(kr) or has_bound(kpis[source])):
            message = f"the KPI `{source}` has no bound, and this key result no target of its own"
            hint = "Give the KPI a bound, or this key result `start` and `target`."
            resolver.add(objective, "OKR015", message, hint, *here, "from")
            source = None
        team = resolver.one(objective, kr.team, teams, "team", *here, "team")
        yield kr.model_copy(update={"team": team, "source": source})


def _index(data: Mapping[str, object], field: str, name: str, nth: int = 1) -> int:
    """The place of the nth item of an id in the file's own list, which may hold faulty ones too."""
    items = data.get(field)
    rows = items if isinstance(items, list) else []
    found = [i for i, row in enumerate(rows) if isinstance(row, dict) and row.get("id") == name]
    return found[min(nth, len(found)) - 1] if found else 0


def _row(data: Mapping[str, object], field: str, index: int) -> Mapping[str, object]:
    items = data.get(field)
    row = items[index] if isinstance(items, list) and index < len(items) else {}
    return row if isinstance(row, dict) else {}


def key_result_loc(portfolio: Portfolio, ref: str) -> tuple[str, int]:
    """Where the key result `objective/kr` stands in its file."""
    objective, _, kr = ref.partition("/")
    document = portfolio.documents[portfolio.objectives[objective].path]
    return ("key_results", _index(document.data, "key_results", kr))


def _initiatives(
    resolver: Resolver,
    initiatives: dict[str, Initiative],
    teams: dict[str, Team],
    goals: Mapping[str, object],
) -> dict[str, Initiative]:
    linked = {}
    for key, item in initiatives.items():
        goal = "objective or key result"
        contributes = resolver.many(item, item.contributes_to, goals, goal, "contributes_to")
        depends = resolver.many(item, item.depends_on, initiatives, "initiative", "depends_on")
        team = resolver.one(item, item.team, teams, "team", "team")
        update = {"team": team, "contributes_to": contributes, "depends_on": depends}
        linked[key] = item.model_copy(update=update)
    return _undepend(resolver, linked)


def _check_in(
    resolver: Resolver,
    item: CheckIn,
    teams: Mapping[str, Team],
    check_ins: Mapping[str, CheckIn],
    known: tuple[Mapping[str, object], Mapping[str, Kpi], Mapping[str, Initiative]],
) -> CheckIn:
    goals, kpis, initiatives = known
    update = {
        "team": resolver.one(item, item.team, teams, "team", "team"),
        "corrects": resolver.one(item, item.corrects, check_ins, "check-in", "corrects"),
        "key_results": {
            ref: value
            for ref, value in item.key_results.items()
            if _is_key_result(resolver, item, ref, goals)
        },
        "kpis": {
            ref: value
            for ref, value in item.kpis.items()
            if resolver.one(item, ref, kpis, "KPI", "kpis", ref)
        },
        "initiatives": {
            ref: value
            for ref, value in item.initiatives.items()
            if resolver.one(item, ref, initiatives, "initiative", "initiatives", ref)
        },
    }
    return item.model_copy(update=update)


def _is_key_result(
    resolver: Resolver, item: CheckIn, ref: str, goals: Mapping[str, object]
) -> bool:
    if "/" in ref and ref in goals:
        return True
    if ref in goals:
        own = [f"`{name}`" for name in goals if name.startswith(f"{ref}/")]
        message = f"`{ref}` is an objective; a check-in speaks of key results"
        hint = f"Write {' or '.join(own[:5])}." if own else "Give it key results first."
        resolver.add(item, "OKR101", message, hint, "key_results", ref)
        return False
    names = frozenset(name for name in goals if "/" in name)
    resolver.one(item, ref, names, "key result", "key_results", ref)
    return False


def _amendments(
    resolver: Resolver,
    amendments: dict[str, Amendment],
    goals: Mapping[str, object],
    initiatives: Mapping[str, Initiative],
) -> dict[str, Amendment]:
    known = {**goals, **initiatives}
    return {
        key: item
        for key, item in amendments.items()
        if resolver.one(item, item.subject, known, "goal or initiative", "subject")
    }


def _acyclic(resolver: Resolver, nouns: dict[str, N], field: str) -> dict[str, N]:
    """`nouns` with the link `field` cut wherever it leads back to where it came from."""
    target = {
        key: str(ref).partition("/")[0]
        for key, noun in nouns.items()
        if (ref := getattr(noun, field)) is not None
    }
    loops, deep = chains(target)
    for key, loop in loops.items():
        steps = loop if len(loop) <= 8 else (*loop[:7], "…")
        message = f"`{field}` runs in a circle: {' → '.join((*steps, loop[0]))}"
        resolver.add(nouns[key], "OKR102", message, "Remove one of these links.", field)
    for key in deep:
        message = f"`{field}` leads up more than {MAX_CHAIN} steps; the link is not followed"
        resolver.add(nouns[key], "OKR103", message, "Take out the levels in between.", field)
    return {
        key: noun.model_copy(update={field: None}) if key in loops or key in deep else noun
        for key, noun in nouns.items()
    }


def _undepend(resolver: Resolver, items: dict[str, Initiative]) -> dict[str, Initiative]:
    """Initiatives without the dependencies that wait for themselves in the end."""
    ring = rings({key: item.depends_on for key, item in items.items()})
    result = {}
    for key, item in items.items():
        kept = tuple(ref for ref in item.depends_on if ring[ref] != ring[key])
        if kept != item.depends_on:
            wrong = next(ref for ref in item.depends_on if ref not in kept)
            message = f"`depends_on` runs in a circle through `{wrong}`"
            resolver.add(item, "OKR102", message, "Remove one of these links.", "depends_on")
        result[key] = item.model_copy(update={"depends_on": kept})
    return result
