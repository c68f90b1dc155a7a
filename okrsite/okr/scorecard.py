"""Every number of one day: of key results, of objectives, of teams; computed or recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from okrsite.okr.ledger import Entry, Reading
from okrsite.okr.model import KeyResult, Measure
from okrsite.okr.status import Grade, Status


@dataclass(frozen=True, slots=True)
class KeyResultScore:
    """One key result on the day. Progress and expected are fractions, uncapped.

    `counted` is what rolls up: clamped, 0 for no data; None where the key result is not
    measurable or weighs nothing. `projection` is the progress the present pace ends at, and
    `projected_value` the same in its unit. `first` is the wording as first promised. `said_score`
    is its owner's own judgement, 0 to 1; no number is made of it.
    """

    ref: str
    asked: KeyResult
    first: KeyResult
    measure: Measure
    value: Fraction | None
    progress: Fraction | None
    counted: Fraction | None
    weight: Fraction
    expected: Fraction | None
    status: Status
    said: str | None
    confidence: Fraction | None
    projection: Fraction | None
    projected_value: Fraction | None
    promised: Fraction | None
    entries: tuple[Entry, ...]
    reading: Reading | None
    summed: tuple[tuple[str, Fraction], ...]
    said_score: Fraction | None = None

    @property
    def latest(self) -> Entry | None:
        """The newest check-in."""
        return self.entries[-1] if self.entries else None


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a weighted mean: `counted` × `weight`; None is shown and not counted.

    `projection` is where the part's own pace ends; None where it has none and so stays.
    """

    ref: str
    progress: Fraction | None
    expected: Fraction | None
    weight: Fraction
    counted: Fraction | None
    projection: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ObjectiveScore:
    """One objective, or the goals of a team together, on the day.

    `score` is the progress to a tenth, as it would be closed today. `promised` is the progress
    had no goalpost been moved.
    """

    ref: str
    progress: Fraction | None
    expected: Fraction | None
    status: Status
    score: Fraction | None
    grade: Grade | None
    projection: Fraction | None
    promised: Fraction | None
    confidence: Fraction | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All numbers of one day; teams by `(team, period)`."""

    key_results: Mapping[str, KeyResultScore]
    objectives: Mapping[str, ObjectiveScore]
    teams: Mapping[tuple[str, str], ObjectiveScore]


@dataclass(frozen=True, slots=True)
class KeyResultNumbers:
    """The numbers of one key result as recorded, with nothing that was said on the way."""

    measure: Measure
    weight: Fraction
    value: Fraction | None
    progress: Fraction | None
    counted: Fraction | None
    expected: Fraction | None
    status: Status
    said: str | None
    said_score: Fraction | None
    confidence: Fraction | None
    projection: Fraction | None
    projected_value: Fraction | None
    promised: Fraction | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Scores of closed periods that were recorded and are not computed again."""

    key_results: Mapping[str, KeyResultNumbers] = field(default_factory=dict)
    objectives: Mapping[str, ObjectiveScore] = field(default_factory=dict)
    teams: Mapping[tuple[str, str], ObjectiveScore] = field(default_factory=dict)


NOT_RECORDED = Recorded()
