"""How many goalposts a period moved, and whose they were: the teams and the rest add up to it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from okrsite.okr.past.moved import PERIODS
from okrsite.portal.words import count


class AMove(Protocol):
    """A moved goalpost, from git or from a record."""

    @property
    def kind(self) -> str: ...
    @property
    def explained(self) -> bool: ...


def silent(moved: Iterable[AMove]) -> int:
    """How many of them nobody gave a reason for."""
    return sum(not move.explained for move in moved)


def rest_words(moved: Sequence[AMove], in_rows: int) -> str:
    """What of a period's moves is in no team's row, so that a reader can add them up."""
    rest = len(moved) - in_rows
    if not rest:
        return ""
    own = sum(move.kind == PERIODS for move in moved)
    parts = [f"{own} of the period itself"] if own else []
    if rest > own:
        parts.append(f"{rest - own} of goals or work that no team here has")
    stand = "stands" if rest == 1 else "stand"
    all_of = f"Of the {count(len(moved), 'moved goalpost')}"
    return f"{all_of} {rest} {stand} in no row: {', '.join(parts)}."
