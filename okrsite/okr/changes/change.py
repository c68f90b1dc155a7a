"""One difference between two Books as a value, and the rules that name every kind of difference."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from okrsite.okr.finding import Severity


class Ease(StrEnum):
    """What a change does to whoever has to reach the goal."""

    EASIER = "easier"
    HARDER = "harder"
    NEUTRAL = "neutral"


class Part(StrEnum):
    """The part of a number that changes of a kind can have a share in."""

    WORK = "work"
    GOALPOSTS = "goalposts"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of change; `severity` is that in a committed period where `goal`, else everywhere.

    Where an amendment is `asked` for, the same change of a committed goal is an error without one.
    """

    id: str
    severity: Severity
    part: Part
    says: str
    ease: Ease = Ease.NEUTRAL
    goal: bool = False
    asked: bool = False


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SILENT = "-without-amendment"
EASIER, HARDER, NEUTRAL = Ease.EASIER, Ease.HARDER, Ease.NEUTRAL


def _work(name: str, severity: Severity, says: str) -> Rule:
    return Rule(name, severity, Part.WORK, says)


def _post(name: str, severity: Severity, ease: Ease, says: str, asked: bool = True) -> Rule:
    return Rule(name, severity, Part.GOALPOSTS, says, ease, goal=True, asked=asked)


def _frame(name: str, severity: Severity, says: str) -> Rule:
    return _post(name, severity, NEUTRAL, says, asked=False)


def _world(name: str, severity: Severity, says: str, asked: bool = False) -> Rule:
    return Rule(name, severity, Part.GOALPOSTS, says, asked=asked)


def _word(name: str, severity: Severity, says: str) -> Rule:
    return Rule(name, severity, Part.NONE, says)


_WORK = (
    _work("check-in-added", INFO, "check-in added"),
    _work("check-in-corrects", INFO, "check-in added that corrects an earlier one"),
    _work("check-in-edited", ERROR, "check-in edited after it was merged"),
    _work("check-in-removed", ERROR, "check-in removed after it was merged"),
    _word("check-in-reworded", WARNING, "text of a check-in changed after it was merged"),
    _work("initiative-state", INFO, "state in the initiative's own file changed"),
    _word("tasks-changed", INFO, "task list of an initiative changed"),
)
_MEASURES = (
    _post("target-eased", WARNING, EASIER, "target raised or lowered: easier"),
    _post("target-raised", INFO, HARDER, "target raised or lowered: harder"),
    _post("target-changed", WARNING, NEUTRAL, "target changed while the baseline is unknown"),
    _post("target-turned", WARNING, NEUTRAL, "target turned to the other side of the baseline"),
    _post("target-set", INFO, NEUTRAL, "target set that was unknown"),
    _post("target-unset", WARNING, EASIER, "target taken back: unknown now"),
    _post("baseline-eased", WARNING, EASIER, "baseline moved: the same value counts for more"),
    _post("baseline-hardened", INFO, HARDER, "baseline moved: the same value counts for less"),
    _post("baseline-changed", WARNING, NEUTRAL, "baseline changed while the target is unknown"),
    _post("baseline-turned", WARNING, NEUTRAL, "baseline moved to the other side of the target"),
    _post("baseline-set", INFO, NEUTRAL, "baseline set that was unknown"),
    _post("baseline-unset", WARNING, EASIER, "baseline taken back: unknown now"),
    _post("bound-loosened", WARNING, EASIER, "bound loosened"),
    _post("bound-tightened", INFO, HARDER, "bound tightened"),
    _post("bound-changed", WARNING, NEUTRAL, "bound changed"),
    _post("plan-eased", WARNING, EASIER, "plan expects less on the way"),
    _post("plan-hardened", INFO, HARDER, "plan expects more on the way"),
    _post("plan-changed", WARNING, NEUTRAL, "plan changed"),
    _post("weight-changed", WARNING, NEUTRAL, "weight changed"),
    _post("weight-zeroed", WARNING, NEUTRAL, "weight taken away: not counted any more"),
    _post("due-later", WARNING, EASIER, "due later"),
    _post("due-earlier", INFO, HARDER, "due earlier"),
    _post("measure-changed", WARNING, NEUTRAL, "measured in another way"),
    _post("metric-changed", WARNING, NEUTRAL, "what is counted reads differently"),
    _post("unit-changed", WARNING, NEUTRAL, "unit changed"),
    _post("done-when-changed", WARNING, NEUTRAL, "what counts as done changed"),
    _post("source-changed", WARNING, NEUTRAL, "progress taken from elsewhere"),
    _post("milestone-added", INFO, HARDER, "milestone added"),
    _post("milestone-dropped", WARNING, EASIER, "milestone dropped"),
    _post("milestone-weight-changed", WARNING, NEUTRAL, "weight of a milestone changed"),
    _post("milestone-reworded", WARNING, NEUTRAL, "milestone reads differently"),
)
_SCOPE = (
    _post("key-result-added", WARNING, NEUTRAL, "key result added"),
    _post("key-result-dropped", WARNING, NEUTRAL, "key result dropped"),
    _post("key-result-renamed", WARNING, NEUTRAL, "key result has another id"),
    _post("objective-added", WARNING, NEUTRAL, "objective added"),
    _frame("objective-dropped", ERROR, "objective dropped"),
    _frame("objective-renamed", ERROR, "objective has another id"),
    _post("period-moved", WARNING, EASIER, "objective moved to another period"),
    _post("progress-from-changed", WARNING, NEUTRAL, "progress counted from something else"),
    _post("parent-changed", WARNING, NEUTRAL, "rolls up to another goal"),
    _post("objective-team-changed", WARNING, NEUTRAL, "objective belongs to another team"),
    _post("ambition-lowered", WARNING, EASIER, "aspirational now, was committed"),
    _post("ambition-raised", INFO, HARDER, "committed now, was aspirational"),
)
_FRAME = (
    _world("period-added", INFO, "period added"),
    _frame("period-dropped", ERROR, "period dropped"),
    _world("period-committed", INFO, "period committed"),
    _world("period-uncommitted", ERROR, "period is a draft again"),
    _world("period-closed", INFO, "period closed"),
    _world("period-reopened", ERROR, "closed period opened again"),
    _frame("period-start-moved", ERROR, "period starts on another day"),
    _frame("period-end-later", ERROR, "period ends later"),
    _frame("period-end-earlier", ERROR, "period ends earlier"),
    _frame("period-parent-changed", ERROR, "period lies in another longer one"),
    _frame("committed-on-changed", ERROR, "day of commitment changed"),
    _world("committed-on-set", INFO, "day of commitment written for the first time"),
    _frame("closed-on-changed", WARNING, "day of closing changed"),
    _world("team-added", INFO, "team added"),
    _world("team-dropped", WARNING, "team dropped"),
    _world("team-changed", WARNING, "belongs to another team"),
    _world("team-moved", INFO, "team has another parent"),
    _world("kpi-added", INFO, "KPI added"),
    _world("kpi-dropped", WARNING, "KPI dropped"),
    _world("kpi-renamed", WARNING, "KPI has another id"),
    _world("initiative-added", INFO, "initiative added", asked=True),
    _world("initiative-dropped", WARNING, "initiative dropped", asked=True),
    _world("initiative-renamed", WARNING, "initiative has another id"),
    _world("contributes-to-changed", INFO, "initiative contributes to something else", asked=True),
    _world("policy-changed", WARNING, "policy changed in mkdocs.yml"),
    _world("day-changed", WARNING, "the portal's own day changed in mkdocs.yml"),
    _world("workflow-changed", WARNING, "states of work changed in mkdocs.yml"),
    _world("amendment-added", INFO, "amendment added"),
    _world("amendment-edited", WARNING, "amendment edited after it was merged"),
    _world("amendment-removed", ERROR, "amendment removed after it was merged"),
)
_WORDS = (
    _word("check-rules-changed", WARNING, "weights of findings changed in mkdocs.yml"),
    _word("publishing-changed", WARNING, "what is published changed in mkdocs.yml"),
    _word("title-changed", INFO, "title changed"),
    _word("owner-changed", INFO, "owner changed"),
    _word("lead-changed", INFO, "lead of a team changed"),
    _word("members-changed", INFO, "members of a team changed"),
    _word("contributors-changed", INFO, "contributing teams changed"),
    _word("supports-changed", INFO, "supports other goals"),
    _word("continues-changed", INFO, "continues another goal"),
    _word("depends-on-changed", INFO, "waits for other initiatives"),
    _word("start-changed", INFO, "start of an initiative changed"),
    _word("visibility-changed", WARNING, "listed or unlisted now"),
    _word("tags-changed", INFO, "tags changed"),
    _word("person-added", INFO, "person added"),
    _word("person-dropped", INFO, "person dropped"),
    _word("details-changed", INFO, "another detail changed that no number is made of"),
    _word("file-moved", INFO, "file moved"),
    _word("prose-changed", INFO, "prose changed"),
    _word("snapshot-published", INFO, "snapshot published"),
    _word("snapshot-changed", ERROR, "published snapshot changed"),
    _word("snapshot-removed", ERROR, "published snapshot removed"),
    _word("format-only", INFO, "format only: other bytes, the same meaning"),
)


def _silent(rule: Rule) -> Rule:
    says = f"{rule.says}, in a committed period and without an amendment"
    return Rule(rule.id + SILENT, ERROR, rule.part, says, rule.ease, goal=True)


_ALL = (*_WORK, *_MEASURES, *_SCOPE, *_FRAME, *_WORDS)
RULES = {
    rule.id: rule for each in _ALL for rule in ((each, _silent(each)) if each.asked else (each,))
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a check-in says: of which subject, what stood there before, what now."""

    ref: str
    was: str
    now: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """The amendment that explains a change."""

    amendment: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `was` and `now` are what an author would type; empty is nothing.

    `subject` is `objective/kr` or an id, which is unique together with `noun`. `path` and `line`
    lead to the newer file, or to the older one where there is no newer. `essence` is what else
    tells this change from another of the same subject.
    """

    rule: Rule
    severity: Severity
    noun: str
    subject: str
    title: str
    path: str
    line: int
    field: str = ""
    was: str = ""
    now: str = ""
    unit: str = ""
    reason: Reason | None = None
    note: str = ""
    said: tuple[Said, ...] = ()
    essence: str = ""

    @property
    def ease(self) -> Ease:
        """Whether the goal is easier or harder to reach for it."""
        return self.rule.ease

    @property
    def fingerprint(self) -> str:
        """The same for the same change, wherever it stands and in whichever commit."""
        words = (self.rule.id, self.noun, self.subject, self.field, self.was, self.now)
        return sha256("\0".join((*words, self.essence)).encode()).hexdigest()[:12]
