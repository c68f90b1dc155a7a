"""A period in figures, team by team: how many goals, how many of the committed ones were met."""

from collections import Counter
from collections.abc import Iterable

from okrsite.okr.model import Ambition, Visibility
from okrsite.okr.past.moved import Move
from okrsite.okr.pipeline import Book
from okrsite.okr.rhythm import Kept, rhythm_of
from okrsite.okr.scoring import team_goals
from okrsite.okr.snapshot.tokens import Json
from okrsite.okr.status import Status


def summaries(book: Book, period: str, moves: Iterable[Move]) -> list[Json]:
    """One row a team that has goals in the period, of its own goals that are listed."""
    moved = Counter(_team_of(book, move) for move in moves)
    rhythm = rhythm_of(book, book.portfolio.periods[period])
    return [
        _summary(book, team, period, moved[team], rhythm.get(team, Kept(0, 0)))
        for team in sorted(book.portfolio.teams)
        if team_goals(book.world, team, period)
    ]


def _team_of(book: Book, move: Move) -> str | None:
    goal = book.portfolio.objectives.get(move.subject.partition("/")[0])
    work = book.portfolio.initiatives.get(move.subject)
    return goal.team if goal else work.team if work else None


def _summary(book: Book, team: str, period: str, moved: int, rhythm: Kept) -> Json:
    own = (book.portfolio.objectives[name] for name in team_goals(book.world, team, period))
    goals = [goal for goal in own if goal.visibility is Visibility.PUBLIC]
    committed = [goal.id for goal in goals if goal.ambition is Ambition.COMMITTED]
    statuses = (book.scorecard.objectives[name].status for name in committed)
    return {
        "team": team,
        "objectives": len(goals),
        "key_results": sum(len(goal.key_results) for goal in goals),
        "committed": len(committed),
        "met": sum(status is Status.ACHIEVED for status in statuses),
        "moved": moved,
        "due": rhythm.due,
        "kept": rhythm.kept,
    }
