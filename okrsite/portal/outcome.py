"""What came of a closed period: by ambition and grade, and what went on or was dropped."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from okrsite.okr.model import Ambition, Visibility
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.status import Grade, Status
from okrsite.portal.links import Link
from okrsite.portal.parts import Desk, ambition_words


@dataclass(frozen=True, slots=True)
class AmbitionRow:
    """The objectives of one ambition: how many there were, and how many ended how."""

    name: str
    needs: str
    met: str
    partial: int
    missed: int
    open: int
    grades: str


@dataclass(frozen=True, slots=True)
class CarriedOn:
    """An objective and the later ones that continue it."""

    objective: Link
    into: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a closed period; `open` ones have no value or were dropped."""

    rows: tuple[AmbitionRow, ...]
    carried: tuple[CarriedOn, ...]
    dropped: tuple[Link, ...]
    unmeasured: tuple[Link, ...]


def outcome_of(desk: Desk, objectives: Sequence[str]) -> Outcome:
    """What came of some objectives whose period is closed."""
    book = desk.book
    return Outcome(
        rows=tuple(_rows(book, objectives)),
        carried=tuple(_carried(desk, objectives)),
        dropped=tuple(_with_status(desk, objectives, Status.DROPPED)),
        unmeasured=tuple(_with_status(desk, objectives, Status.NO_DATA, counted=True)),
    )


def _rows(book: Book, objectives: Sequence[str]) -> Iterator[AmbitionRow]:
    for ambition in Ambition:
        scores = [
            book.scorecard.objectives[name]
            for name in objectives
            if book.portfolio.objectives[name].ambition is ambition
        ]
        if scores:
            yield ambition_row(ambition, scores)


def ambition_row(ambition: Ambition, scores: Sequence[ObjectiveScore]) -> AmbitionRow:
    """How the objectives of one ambition ended."""
    ended = Counter(score.status for score in scores)
    return AmbitionRow(
        name=ambition.capitalize(),
        needs=ambition_words(ambition),
        met=f"{ended[Status.ACHIEVED]} of {len(scores)}",
        partial=ended[Status.PARTIAL],
        missed=ended[Status.MISSED],
        open=ended[Status.NO_DATA] + ended[Status.DROPPED],
        grades=grades_in(scores),
    )


def grades_in(scores: Sequence[ObjectiveScore]) -> str:
    """`2 green, 1 yellow, 3 red`."""
    grades = Counter(score.grade for score in scores if score.grade is not None)
    best_first = (Grade.GREEN, Grade.YELLOW, Grade.RED)
    return ", ".join(f"{grades[grade]} {grade}" for grade in best_first if grades[grade])


def _carried(desk: Desk, objectives: Sequence[str]) -> Iterator[CarriedOn]:
    later = [
        goal
        for goal in desk.book.portfolio.objectives.values()
        if goal.continues is not None and goal.visibility is Visibility.PUBLIC
    ]
    for name in objectives:
        into = tuple(desk.links.objective(goal.id) for goal in later if goal.continues == name)
        if into:
            yield CarriedOn(desk.links.objective(name), into)


def _with_status(
    desk: Desk, objectives: Sequence[str], status: Status, *, counted: bool = False
) -> Iterator[Link]:
    """Objectives with a status, and key results with it in objectives that have another.

    With `counted` no key result that is only shown.
    """
    card = desk.book.scorecard
    for name in objectives:
        if card.objectives[name].status is status:
            yield desk.links.objective(name)
            continue
        for kr in desk.book.portfolio.objectives[name].key_results:
            result = card.key_results[f"{name}/{kr.id}"]
            if result.status is status and (result.counted is not None or not counted):
                yield desk.links.named_goal(f"{name}/{kr.id}")
