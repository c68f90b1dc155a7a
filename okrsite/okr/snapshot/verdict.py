"""What was found of a snapshot when it was proved, or could not be."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from okrsite.okr.snapshot.names import Name


class State(StrEnum):
    """Only what was derived again to the byte is proved."""

    PROVED = "proved"
    DIFFERS = "differs"
    UNKNOWN = "could not verify"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a snapshot is not proved, and the file it shows in, from the top of the repository.

    `field` is the first one that differs, `who` changed it last, in words. A `lacking` one tells
    what was not there to prove it with, and says nothing against the snapshot.
    """

    path: str
    message: str
    field: str = ""
    recorded: str = ""
    derived: str = ""
    line: int | None = None
    who: str = ""
    lacking: bool = False

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        values = f"; {self.field}: recorded {self.recorded}, derived {self.derived}"
        words = f"{place}: {self.message}{values if self.field else ''}"
        return words + (f" (last changed: {self.who})" if self.who else "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One snapshot: what it was made from, and every reason why it is not proved."""

    name: Name
    commit: str
    sources: int
    reasons: tuple[Reason, ...]

    @property
    def state(self) -> State:
        return state_of(self.reasons)


def state_of(reasons: Iterable[Reason]) -> State:
    """What reasons amount to: one that speaks against it weighs more than all that is lacking."""
    against = [not reason.lacking for reason in reasons]
    if any(against):
        return State.DIFFERS
    return State.UNKNOWN if against else State.PROVED


def worst(verdicts: Iterable[Verdict]) -> State:
    """What verdicts amount to together."""
    return state_of(reason for verdict in verdicts for reason in verdict.reasons)
