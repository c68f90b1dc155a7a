"""The scores of a closed period: by team, and the committed goals apart from the aspirational."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from okrsite.okr.model import Ambition, Objective, Visibility
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.snapshot.record import Record
from okrsite.okr.status import grade_of, score_of
from okrsite.portal.links import Link
from okrsite.portal.organisation import Tally, tallies
from okrsite.portal.outcome import AmbitionRow, ambition_row
from okrsite.portal.parts import StatusMark
from okrsite.portal.recorded import Then
from okrsite.portal.review_rows import grade_mark, score_words


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Some objectives together: how many, their score and grade, and how they ended."""

    name: str
    objectives: int
    score: str
    share: str
    grade: StatusMark
    ended: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class TeamScore:
    """A team's objectives together, and by ambition where it had both."""

    team: Link
    together: ScoreLine
    apart: tuple[ScoreLine, ...]
    moved: str
    on_time: str


def listed(then: Then) -> tuple[Objective, ...]:
    """The period's own objectives but for those that are not listed anywhere."""
    own = (then.objectives[name] for name in then.record.own)
    return tuple(goal for goal in own if goal.visibility is Visibility.PUBLIC)


def line_of(name: str, scores: Sequence[ObjectiveScore], together: ObjectiveScore) -> ScoreLine:
    """Some objectives with the number that they make together."""
    shown, share = score_words(together)
    ended = tallies(Counter(score.status for score in scores))
    return ScoreLine(name, len(scores), shown, share, grade_mark(together.grade), ended)


def team_scores(then: Then, goals: Sequence[Objective]) -> Iterator[TeamScore]:
    """The score of every team that had goals, from the company down."""
    record = then.record
    summaries = {row.team: row for row in record.summary}
    for team, own in by_team(then, goals):
        score, row = record.teams.get(team or ""), summaries.get(team or "")
        if score is None:
            continue
        lines = tuple(_apart(record, score, own))
        yield TeamScore(
            team=then.team(team) or Link("No team"),
            together=line_of("together", [record.objectives[goal.id] for goal in own], score),
            apart=lines,
            moved=str(row.moved) if row and row.moved else "",
            on_time=f"{row.kept} of {row.due}" if row and row.due else "",
        )


def by_team(then: Then, goals: Sequence[Objective]) -> Iterator[tuple[str | None, list[Objective]]]:
    """The objectives by team, from the company down; those of no team last."""
    found: dict[str | None, list[Objective]] = defaultdict(list)
    for goal in goals:
        found[goal.team if goal.team in then.teams else None].append(goal)
    yield from ((team, found[team]) for team in (*then.downwards, None) if team in found)


def _apart(
    record: Record, score: ObjectiveScore, goals: Sequence[Objective]
) -> Iterator[ScoreLine]:
    """A team's committed and its aspirational objectives, each with their own mean."""
    for ambition in Ambition:
        own = [goal for goal in goals if goal.ambition is ambition]
        if own:
            scores = [record.objectives[goal.id] for goal in own]
            yield line_of(str(ambition), scores, _mean(score, {goal.id for goal in own}))


def _mean(score: ObjectiveScore, names: set[str]) -> ObjectiveScore:
    """Some of a team's objectives as one number: the same weighted mean, of these alone."""
    parts = tuple(part for part in score.parts if part.ref in names)
    counted = [part for part in parts if part.counted is not None]
    weights = sum((part.weight for part in counted), Fraction(0))
    known = weights and any(part.progress is not None for part in counted)
    top = sum((part.weight * (part.counted or 0) for part in counted), Fraction(0))
    progress = top / weights if known else None
    tenths = None if progress is None else score_of(progress)
    return ObjectiveScore(
        ref=score.ref,
        progress=progress,
        expected=None,
        status=score.status,
        score=tenths,
        grade=None if tenths is None else grade_of(tenths),
        projection=None,
        promised=None,
        confidence=None,
        parts=parts,
    )


def ambitions(then: Then, goals: Sequence[Objective]) -> Iterator[AmbitionRow]:
    """How all committed and all aspirational objectives ended."""
    for ambition in Ambition:
        own = [then.record.objectives[goal.id] for goal in goals if goal.ambition is ambition]
        if own:
            yield ambition_row(ambition, own)
