"""Status, score and grade: words for a progress, by policy."""

from enum import StrEnum
from fractions import Fraction

from okrsite.okr.model import Ambition
from okrsite.okr.settings import StatusRule


class Status(StrEnum):
    """Where a goal stands, computed; after closing the last four."""

    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    OFF_TRACK = "off-track"
    NO_DATA = "no-data"
    NOT_STARTED = "not-started"
    ACHIEVED = "achieved"
    PARTIAL = "partial"
    MISSED = "missed"
    DROPPED = "dropped"


class Grade(StrEnum):
    """The colour of a score."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


WORST_FIRST = (
    Status.OFF_TRACK,
    Status.MISSED,
    Status.AT_RISK,
    Status.PARTIAL,
    Status.NO_DATA,
    Status.NOT_STARTED,
    Status.ON_TRACK,
    Status.ACHIEVED,
    Status.DROPPED,
)


def running_status(progress: Fraction, expected: Fraction, rule: StatusRule) -> Status:
    """On track, at risk or off track from the gap or the ratio of progress and expected."""
    if rule.rule == "ratio":
        if progress < expected * rule.off_track:
            return Status.OFF_TRACK
        return Status.AT_RISK if progress < expected * rule.at_risk else Status.ON_TRACK
    gap = expected - progress
    if gap <= 0 or gap < rule.at_risk:
        return Status.ON_TRACK
    return Status.OFF_TRACK if gap >= rule.off_track else Status.AT_RISK


def score_of(progress: Fraction) -> Fraction:
    """A progress as a score: within 0 and 1, to the tenth, halves up."""
    tenths = max(Fraction(0), min(Fraction(1), progress)) * 10
    return Fraction(int(tenths + Fraction(1, 2)), 10)


def grade_of(score: Fraction) -> Grade:
    """Red up to 0.3, yellow up to 0.6, green from 0.7 on; taken of the rounded score."""
    if score <= Fraction(3, 10):
        return Grade.RED
    return Grade.YELLOW if score <= Fraction(6, 10) else Grade.GREEN


def closed_status(score: Fraction, ambition: Ambition) -> Status:
    """What came of it: a committed goal needs 1.0, an aspirational one 0.7."""
    if ambition is Ambition.COMMITTED:
        return Status.ACHIEVED if score == 1 else Status.MISSED
    if grade_of(score) is Grade.GREEN:
        return Status.ACHIEVED
    return Status.PARTIAL if grade_of(score) is Grade.YELLOW else Status.MISSED


# What a mean came to: it keeps and breaks no promise, so it has a grade where a goal has these.
_MEANT = {
    Status.ACHIEVED: Grade.GREEN,
    Status.PARTIAL: Grade.YELLOW,
    Status.MISSED: Grade.RED,
}


def mean_grade(status: str) -> Grade | None:
    """The grade of a closed team's goals, by the status of their mean; None of any other."""
    return _MEANT.get(Status(status)) if status else None


def worst(statuses: list[Status]) -> Status | None:
    """The one to look at first; None of none."""
    return min(statuses, key=WORST_FIRST.index, default=None)
