"""What every rule looks at, prepared once, and the way a rule speaks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from okrsite.okr.codes import CODES
from okrsite.okr.finding import Fix, Severity
from okrsite.okr.flow import Flow
from okrsite.okr.frontmatter import Document, Place
from okrsite.okr.ledger import Entry
from okrsite.okr.model import CheckIn, FileNoun, KeyResult, Objective, Period, PeriodState
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.progress import World
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore, Scorecard


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule has to say, and where; its code and weight come from the rule."""

    path: str
    place: Place
    message: str
    hint: str
    subject: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective with its file and its numbers. `running`: committed, and today within it."""

    objective: Objective
    document: Document
    period: Period | None
    score: ObjectiveScore
    running: bool
    closed: bool

    @property
    def subject(self) -> str:
        return f"objectives/{self.objective.id}"

    def wrote(self, field: str) -> bool:
        """Whether the author filled in `field`, be it in a way that could not be read."""
        return self.document.data.get(field) not in (None, [])

    def says(self, message: str, hint: str, *loc: str | int) -> Remark:
        """A remark at the value of `loc`."""
        place = self.document.place(*loc)
        return Remark(self.document.path, place, message, hint, self.subject)


@dataclass(frozen=True, slots=True)
class Result:
    """A key result with its objective, its numbers, and `raw`: the fields as they were typed."""

    ref: str
    goal: Goal
    kr: KeyResult
    index: int
    raw: Mapping[str, object]
    score: KeyResultScore

    def says(self, message: str, hint: str, *loc: str | int) -> Remark:
        """A remark at the value of `loc` within the key result, or where it begins."""
        place = self.goal.document.place("key_results", self.index, *loc)
        return Remark(self.goal.document.path, place, message, hint, self.ref)


@dataclass(frozen=True, slots=True)
class Review:
    """Everything declared and computed on the day.

    `open` goals and key results are those of periods not closed: there is still time to rewrite
    them. `running` ones are committed and under way. `recorded` are the periods whose closing is
    on record.
    """

    world: World
    scorecard: Scorecard
    flows: Mapping[str, Flow]
    goals: tuple[Goal, ...]
    open_goals: tuple[Goal, ...]
    running_goals: tuple[Goal, ...]
    results: tuple[Result, ...]
    open_results: tuple[Result, ...]
    running_results: tuple[Result, ...]
    recorded: frozenset[str] = frozenset()

    @property
    def portfolio(self) -> Portfolio:
        return self.world.portfolio

    @property
    def as_of(self) -> date:
        return self.world.as_of

    @property
    def cadence(self) -> int:
        return self.world.settings.cadence

    @property
    def last_stage(self) -> str:
        """The state in which an initiative is done."""
        return self.world.settings.workflow[-1].name

    def says(
        self, noun: FileNoun, message: str, hint: str, subject: str, *loc: str | int
    ) -> Remark:
        """A remark at the value of `loc` in the file of `noun`."""
        place = self.portfolio.documents[noun.path].place(*loc)
        return Remark(noun.path, place, message, hint, subject)

    def says_of_closing(self, period: Period, message: str, hint: str) -> Remark:
        """A remark at the day a period was closed on, or where its file says only that it was."""
        data = self.portfolio.documents[period.path].data
        field = "closed_on" if "closed_on" in data else "state"
        return self.says(period, message, hint, f"periods/{period.id}", field)

    def check_in_of(self, entry: Entry) -> CheckIn:
        """The check-in an entry was read from."""
        return self.portfolio.check_ins[entry.check_in]


WRITE_CLOSED_ON = "Write the day of the closing into `closed_on`"

Check = Callable[[Review], Iterator[Remark]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a coach looks for."""

    code: str
    check: Check

    @property
    def name(self) -> str:
        return CODES[self.code].name

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity


def review(
    world: World,
    scorecard: Scorecard,
    flows: Mapping[str, Flow],
    recorded: frozenset[str] = frozenset(),
) -> Review:
    """`world` laid out for the rules."""
    goals = tuple(_goal(world, scorecard, o) for o in world.portfolio.objectives.values())
    results = tuple(result for goal in goals for result in _results(scorecard, goal))
    return Review(
        world=world,
        scorecard=scorecard,
        flows=flows,
        goals=goals,
        open_goals=tuple(goal for goal in goals if not goal.closed),
        running_goals=tuple(goal for goal in goals if goal.running),
        results=results,
        open_results=tuple(result for result in results if not result.goal.closed),
        running_results=tuple(result for result in results if result.goal.running),
        recorded=recorded,
    )


def _goal(world: World, scorecard: Scorecard, objective: Objective) -> Goal:
    period = world.portfolio.period_of(objective)
    return Goal(
        objective=objective,
        document=world.portfolio.documents[objective.path],
        period=period,
        score=scorecard.objectives[objective.id],
        running=is_running(period, world.as_of),
        closed=period is not None and period.state is PeriodState.CLOSED,
    )


def is_running(period: Period | None, day: date) -> bool:
    """Whether a period was committed and `day` lies within it."""
    committed = period is not None and period.state is PeriodState.COMMITTED
    return committed and period is not None and period.start <= day <= period.end


def _results(scorecard: Scorecard, goal: Goal) -> Iterator[Result]:
    rows = goal.document.data.get("key_results")
    found: dict[str, tuple[int, Mapping[str, object]]] = {}
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            found.setdefault(str(row.get("id")), (index, row))
    for kr in goal.objective.key_results:
        ref = f"{goal.objective.id}/{kr.id}"
        index, raw = found.get(kr.id, (0, {}))
        yield Result(ref, goal, kr, index, raw, scorecard.key_results[ref])


def cut(text: str, length: int = 60) -> str:
    """`text`, short enough for a message."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def days(count: int) -> str:
    """`1 day`, `12 days`."""
    return f"{count} day" if count == 1 else f"{count} days"


def listed(names: list[str]) -> str:
    """`a`, `b` and `c`, each as code."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
