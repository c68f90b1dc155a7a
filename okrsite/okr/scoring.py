"""Portfolio, ledger and policy → Scorecard: every published number with what it was made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrsite.okr.expected import elapsed, key_result_expected, objective_expected
from okrsite.okr.lazily import Lazily
from okrsite.okr.ledger import last_day
from okrsite.okr.mean import weighted_mean
from okrsite.okr.model import (
    Ambition,
    KeyResult,
    Measure,
    Period,
    PeriodState,
    SaidStatus,
    measure_of,
)
from okrsite.okr.progress import (
    ONE,
    ZERO,
    World,
    as_promised,
    clamped,
    key_result_progress,
    key_result_value,
    measurable,
    objective_progress,
    parts_of,
    scoring_day,
    summed_values,
)
from okrsite.okr.scorecard import (
    NOT_RECORDED,
    KeyResultNumbers,
    KeyResultScore,
    ObjectiveScore,
    Part,
    Recorded,
    Scorecard,
)
from okrsite.okr.settings import Policy
from okrsite.okr.status import (
    Status,
    closed_status,
    grade_of,
    running_status,
    score_of,
    worst,
)

PROJECTED = (Measure.MEASURED, Measure.OBJECTIVES, Measure.KPI)


def score(world: World, recorded: Recorded = NOT_RECORDED) -> Scorecard:
    """Every number of `world` on its day; those that were recorded are taken as they are."""
    promised = as_promised(world)
    key_results = _key_results(world, promised, recorded)
    sums = _Sums(world, promised, key_results, recorded)
    for name in world.portfolio.objectives:
        if name not in recorded.objectives:
            _objective(sums, name)
    objectives = _objectives(world, sums.done, recorded)
    teams = {
        (team, period): recorded.teams.get((team, period)) or _team(world, team, period, objectives)
        for team in world.portfolio.teams
        for period in world.portfolio.periods
        if (team, period) in recorded.teams or team_goals(world, team, period)
    }
    return Scorecard(key_results, objectives, teams)


def _key_results(world: World, promised: World, recorded: Recorded) -> Mapping[str, KeyResultScore]:
    """Every key result's score; what was recorded is put together when somebody asks for it."""
    known = recorded.key_results
    refs = {ref: ref for ref in world.portfolio.key_results}
    own = {ref: _key_result(world, promised, ref) for ref in refs if ref not in known}
    if len(own) == len(refs):
        return own
    return Lazily(refs, lambda ref: _as_recorded(world, ref, known[ref]), own)


def _objectives(
    world: World, done: Mapping[str, ObjectiveScore], recorded: Recorded
) -> Mapping[str, ObjectiveScore]:
    if not recorded.objectives:
        return done
    names = {name: name for name in world.portfolio.objectives}
    return Lazily(names, recorded.objectives.__getitem__, done)


def team_goals(world: World, team: str, period: str) -> tuple[str, ...]:
    """The objectives a team has in a period."""
    names = world.portfolio.team_objectives.get(team, ())
    return tuple(n for n in names if world.portfolio.objectives[n].period == period)


def _as_recorded(world: World, ref: str, numbers: KeyResultNumbers) -> KeyResultScore:
    """Recorded numbers with what was said on the way, as far as it is known here."""
    day = scoring_day(world.period(ref), world.as_of)
    own = {name: getattr(numbers, name) for name in KeyResultNumbers.__dataclass_fields__}
    asked, measure = world.asked(ref, day), numbers.measure
    summed = summed_values(world, ref, asked, day) if measure is Measure.OBJECTIVES else ()
    return KeyResultScore(
        ref=ref,
        asked=asked,
        first=world.terms_of(ref).first(),
        entries=world.ledger.entries_until(ref, day),
        reading=world.ledger.reading_on(asked.source or "", day),
        summed=summed,
        **own,
    )


def _key_result(world: World, promised: World, ref: str) -> KeyResultScore:
    period = world.period(ref)
    day = scoring_day(period, world.as_of)
    asked, terms = world.asked(ref, day), world.terms_of(ref)
    progress = key_result_progress(world, ref, day)
    entries = world.ledger.entries_until(ref, day)
    measure = measure_of(asked)
    reading = world.ledger.reading_on(asked.source or "", day)
    summed = summed_values(world, ref, asked, day) if measure is Measure.OBJECTIVES else ()
    expected = key_result_expected(world, ref, day)
    said = next((entry.said for entry in reversed(entries) if entry.said), None)
    moved = bool(terms.changes) or measure is Measure.OBJECTIVES
    projection = _projection(period, asked.due, progress, world.as_of)
    projection = projection if measure in PROJECTED and _moves(asked) else None
    return KeyResultScore(
        ref=ref,
        asked=asked,
        first=terms.first(),
        measure=measure,
        value=key_result_value(world, ref, day),
        progress=progress,
        counted=_counted(world, asked, progress),
        weight=asked.weight,
        expected=expected,
        status=_status(world, ref, period, progress, expected, said),
        said=said,
        confidence=next(
            (e.confidence for e in reversed(entries) if e.confidence is not None), None
        ),
        projection=projection,
        projected_value=_at(asked, projection),
        promised=key_result_progress(promised, ref, day) if moved else progress,
        entries=entries,
        reading=reading,
        summed=summed,
        said_score=next((e.score for e in reversed(entries) if e.score is not None), None),
    )


def _moves(kr: KeyResult) -> bool:
    return kr.start is not None and kr.target is not None


def _counted(world: World, kr: KeyResult, progress: Fraction | None) -> Fraction | None:
    if not measurable(kr) or not kr.weight:
        return None
    return ZERO if progress is None else clamped(progress, world.policy)


def _projection(
    period: Period | None, due: date | None, progress: Fraction | None, day: date
) -> Fraction | None:
    """The progress that the present pace ends at; None before a pace can be told, or after."""
    if period is None or progress is None or is_closed(period, day):
        return None
    gone = elapsed(period.start, due or period.end, day)
    return progress / gone if ZERO < gone < ONE else None


def _at(kr: KeyResult, progress: Fraction | None) -> Fraction | None:
    if progress is None or kr.start is None or kr.target is None:
        return None
    return kr.start + progress * (kr.target - kr.start)


def is_closed(period: Period | None, day: date) -> bool:
    """Whether results are final on `day`."""
    return period is not None and period.state is PeriodState.CLOSED and day >= last_day(period)


def _status(
    world: World,
    ref: str,
    period: Period | None,
    progress: Fraction | None,
    expected: Fraction | None,
    said: str | None,
) -> Status:
    if said == SaidStatus.DROPPED:
        return Status.DROPPED
    if period is not None and world.as_of < period.start:
        return Status.NOT_STARTED
    if progress is None or expected is None:
        return Status.NO_DATA
    if is_closed(period, world.as_of):
        ambition = world.portfolio.objectives[ref.partition("/")[0]].ambition
        return closed_status(score_of(progress), ambition)
    return running_status(progress, expected, world.policy.status)


@dataclass(frozen=True, slots=True)
class _Sums:
    """What objectives are added up from; those that are `done` are not added up again."""

    world: World
    promised: World
    key_results: Mapping[str, KeyResultScore]
    recorded: Recorded
    done: dict[str, ObjectiveScore] = field(default_factory=dict)


def _objective(sums: _Sums, name: str) -> ObjectiveScore:
    world, key_results, done = sums.world, sums.key_results, sums.done
    if name in sums.recorded.objectives:
        return sums.recorded.objectives[name]
    if name in done:
        return done[name]
    item = world.portfolio.objectives[name]
    period = world.portfolio.period_of(item)
    day = scoring_day(period, world.as_of)
    own, children = parts_of(world.portfolio, item)
    below = [_objective(sums, child) for child in children]
    parts = (
        *(_kr_part(sums, key_results[ref]) for ref in own),
        *(_child_part(world, child, day) for child in below),
    )
    progress = objective_progress(world, name, day)
    expected = objective_expected(world, name, day)
    statuses = [key_results[ref].status for ref in own] + [child.status for child in below]
    status = _status(world, name, period, progress, expected, _dropped(statuses))
    if world.policy.parent_status == "worst" and status is not Status.DROPPED:
        counted = [s for s, part in zip(statuses, parts, strict=True) if part.counted is not None]
        status = worst(counted) or status
    done[name] = ObjectiveScore(
        ref=name,
        progress=progress,
        expected=expected,
        status=status,
        score=None if progress is None else score_of(progress),
        grade=None if progress is None else grade_of(score_of(progress)),
        projection=_mean_projection(parts, world.policy),
        promised=objective_progress(sums.promised, name, day),
        confidence=_confidence([key_results[ref] for ref in own]),
        parts=parts,
    )
    return done[name]


def _dropped(statuses: list[Status]) -> str | None:
    gone = bool(statuses) and all(status is Status.DROPPED for status in statuses)
    return str(SaidStatus.DROPPED) if gone else None


def _kr_part(sums: _Sums, item: KeyResultScore) -> Part:
    world, projection = sums.world, item.projection
    if item.measure is Measure.OBJECTIVES and not _moves(item.asked):
        names = world.portfolio.children.get(item.ref, ())
        below = [_objective(sums, name) for name in names]
        day = scoring_day(world.period(item.ref), world.as_of)
        children = tuple(_child_part(world, child, day) for child in below)
        projection = _mean_projection(children, world.policy)
    return Part(item.ref, item.progress, item.expected, item.weight, item.counted, projection)


def _child_part(world: World, child: ObjectiveScore, day: date) -> Part:
    """What an objective adds to a mean on `day`, which for a closed parent is its closing day."""
    name = child.ref
    progress, weight = objective_progress(world, name, day), world.weight(name, day)
    counted = clamped(progress, world.policy) if progress is not None else ZERO
    expected = objective_expected(world, name, day)
    projection = child.projection
    return Part(name, progress, expected, weight, counted if weight else None, projection)


def _confidence(scores: Iterable[KeyResultScore]) -> Fraction | None:
    """The least confident key result is what an objective hangs on."""
    return min((s.confidence for s in scores if s.confidence is not None), default=None)


def _team(
    world: World, team: str, period: str, objectives: Mapping[str, ObjectiveScore]
) -> ObjectiveScore:
    """A team's objectives of one period as one number: their mean, by weight.

    A mean promises nothing itself, so once closed it is held to what is asked of aspirations.
    """
    day = scoring_day(world.portfolio.periods[period], world.as_of)
    goals = team_goals(world, team, period)
    parts = tuple(_child_part(world, objectives[name], day) for name in goals)
    progress, expected = _mean(parts), _mean_expected(parts)
    frame = world.portfolio.periods[period]
    status = Status.NO_DATA
    if world.as_of < frame.start:
        status = Status.NOT_STARTED
    elif progress is not None and is_closed(frame, world.as_of):
        status = closed_status(score_of(progress), Ambition.ASPIRATIONAL)
    elif progress is not None and expected is not None:
        status = running_status(progress, expected, world.policy.status)
    return ObjectiveScore(
        ref=team,
        progress=progress,
        expected=expected,
        status=status,
        score=None if progress is None else score_of(progress),
        grade=None if progress is None else grade_of(score_of(progress)),
        projection=_mean_projection(parts, world.policy),
        promised=None,
        confidence=None,
        parts=parts,
    )


def _mean(parts: tuple[Part, ...]) -> Fraction | None:
    counted = [part for part in parts if part.counted is not None]
    if all(part.progress is None for part in counted):
        return None
    return weighted_mean((part.weight, part.counted or ZERO) for part in counted)


def _mean_projection(parts: tuple[Part, ...], policy: Policy) -> Fraction | None:
    """Where all parts end together: each at its own pace as it rolls up, or where it stands.

    None where no part that counts has a pace.
    """
    counted = [part for part in parts if part.counted is not None]
    if all(part.projection is None for part in counted):
        return None
    ends = (p.counted if p.projection is None else clamped(p.projection, policy) for p in counted)
    return weighted_mean((p.weight, e or ZERO) for p, e in zip(counted, ends, strict=True))


def _mean_expected(parts: tuple[Part, ...]) -> Fraction | None:
    return weighted_mean((p.weight, p.expected) for p in parts if p.expected is not None)
