"""Numbers that other OKR systems publish, as source text and what it must add up to.

What `expect` may ask of an objective (`goal`) or a key result (`goal/kr1`), always as text:

progress  the uncapped fraction, exact (`3/5`, `-0.4`); `none` is no data, never 0
counted   the fraction that rolls up into the objective
shown     the progress in whole per cent, a half rounded up: the source's own rounding
expected  the fraction that the calendar or the plan asks for on that day
status    on-track, at-risk, off-track, no-data
score     at close, rounded to a tenth; `grade` and `outcome` belong to it
never     a percentage that a faulty tool showed here, and that must not be shown

Other systems name the two bad statuses otherwise: their *behind* is our at-risk, and where
*at risk* is their worst, it is our off-track.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DEFINITION = "arithmetic of the definition"
START = date(2026, 1, 1)
LENGTH = 100  # from the first day to the last, so day 40 expects 40 %

Expectations = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class WorkedExample:
    """A published number: where it stands, the text that states it, what must come out."""

    name: str
    source: str
    policy: Mapping[str, object]
    files: Mapping[str, str]
    as_of: str
    expect: Expectations


@dataclass(frozen=True)
class Kr:
    """A key result: the lines that measure it, and what the check-in says of it, if anything."""

    measure: tuple[str, ...]
    said: str = ""
    weight: str = "1"


@dataclass(frozen=True)
class Goal:
    """An objective with its key results, or with none when its children carry it."""

    key_results: tuple[Kr, ...] = ()
    lines: tuple[str, ...] = ()
    ambition: str = "aspirational"


Goals = Mapping[str, Goal]


def measured(levels: str, *more: str) -> Kr:
    """`start target value`; what `more` says of it stands below."""
    start, target, value = levels.split()
    lines = ("metric: count", "unit: points", f"start: {start}", f"target: {target}", *more)
    return Kr(lines, value)


def percent(text: str) -> Kr:
    """`70`, with a weight `70@2`, not checked in `-`: how far a key result from 0 to 100 is."""
    value, _, weight = text.partition("@")
    kr = measured(f"0 100 {value}")
    return Kr(kr.measure, "" if value == "-" else value, weight or "1")


def bound(rule: str, value: str = "") -> Kr:
    return Kr(("metric: level", "unit: points", rule), value)


def yes_no(value: str) -> Kr:
    return Kr(("done_when: It is live",), value)


def steps(done: int, total: int) -> Kr:
    ids = [f"step-{n}" for n in range(1, total + 1)]
    rows = (f"  - {{id: {step}, title: Step, weight: 1}}" for step in ids)
    return Kr(("milestones:", *rows), f"{{done: [{', '.join(ids[:done])}]}}")


def one(*key_results: Kr, ambition: str = "aspirational") -> Goals:
    return {"goal": Goal(key_results, ambition=ambition)}


def percents(texts: str) -> Goals:
    return one(*(percent(text) for text in texts.split()))


def children(texts: str, goal: Goal | None = None) -> Goals:
    """A goal with a child for each text: its percentage, with `@` the child's own weight."""
    goals = {"goal": goal or Goal()}
    for number, text in enumerate(texts.split(), 1):
        value, _, weight = text.partition("@")
        lines = ("parent: goal", f"weight: {weight or 1}")
        goals[f"child-{number}"] = Goal((percent(value),), lines)
    return goals


def day(number: int, start: date = START) -> str:
    return (start + timedelta(days=number)).isoformat()


def document(*lines: str, body: str = "") -> str:
    return "\n".join(("---", *lines, "---", body, ""))


def period_text(start: str, end: str, closed_on: str = "") -> str:
    state = ("state: closed", f"closed_on: {closed_on}") if closed_on else ("state: committed",)
    days = (f"start: {start}", f"end: {end}", f"committed_on: {start}")
    return document("title: Quarter", *days, *state)


def key_result_lines(number: int, kr: Kr) -> list[str]:
    rest = (f"title: Result {number}", f"weight: {kr.weight}", *kr.measure)
    return [f"  - id: kr{number}", *(f"    {line}" for line in rest)]


def objective_text(name: str, goal: Goal) -> str:
    lines = [f"title: Goal {name}", "period: quarter", "team: company", "owner: Ana"]
    lines += [f"ambition: {goal.ambition}", *goal.lines]
    if goal.key_results:
        lines.append("key_results:")
    for number, kr in enumerate(goal.key_results, 1):
        lines += key_result_lines(number, kr)
    return document(*lines)


def check_in_text(on: str, said: Mapping[str, str]) -> str:
    rows = (f"  {ref}: {value}" for ref, value in said.items())
    return document(f"date: {on}", "author: Ana", "key_results:", *rows, body="Said so.")


def spoken(goals: Goals) -> dict[str, str]:
    return {
        f"{name}/kr{number}": kr.said
        for name, goal in goals.items()
        for number, kr in enumerate(goal.key_results, 1)
        if kr.said
    }


def book(goals: Goals, period: str) -> dict[str, str]:
    files = {"periods/quarter.md": period, "teams/company.md": document("title: Company")}
    for name, goal in goals.items():
        files[f"objectives/{name}.md"] = objective_text(name, goal)
    return files


def example(
    name: str,
    source: str,
    goals: Goals,
    expect: Expectations,
    on: int = 50,
    policy: Mapping[str, object] | None = None,
) -> WorkedExample:
    """A quarter of a hundred days with one check-in, on the day that is asked about."""
    files = book(goals, period_text(day(0), day(LENGTH)))
    if said := spoken(goals):
        files["check-ins/meeting.md"] = check_in_text(day(on), said)
    return WorkedExample(name, source, policy or {}, files, day(on), expect)


def at_close(name: str, source: str, goals: Goals, expect: Expectations) -> WorkedExample:
    """The same quarter, closed the day after its last, on which the check-in was made."""
    closed = day(LENGTH + 1)
    files = book(goals, period_text(day(0), day(LENGTH), closed))
    files["check-ins/meeting.md"] = check_in_text(day(LENGTH), spoken(goals))
    return WorkedExample(name, source, {}, files, closed, expect)


def status(rule: str, at_risk: float, off_track: float) -> Mapping[str, object]:
    return {"status": {"rule": rule, "at_risk": at_risk, "off_track": off_track}}


SOURCES: Mapping[str, str] = {
    "feedback4e": "https://feedback4e.freshdesk.com/support/solutions/articles/80001132301-how-is-key-result-progress-calculated-",
    "Quantive, formerly Gtmhub": "https://help.quantive.com/en/articles/3849793-how-kr-progress-is-calculated-in-quantive",
    "Perdoo, progress above 100 %": "https://support.perdoo.com/en/articles/3130225-is-key-result-progress-above-100-counted-in-objective-success",
    "workpath KeyResultTest": "https://gist.github.com/steffen-workpath/e66184e671a6019025704ee2dfe64797",
    "PPM Express": "https://help.ppm.express/152283-okr-management/847796",
    "Lattice": "https://help.lattice.com/hc/en-us/articles/360059451414-Understand-Progress-Calculation-in-Lattice",
    "Synergita": "https://support.synergita.com/support/solutions/articles/4000185474-how-does-the-system-calculate-the-objective-progress-",
    "Holaspirit": "https://help.holaspirit.com/en/articles/6653401-okrs-weighted-objective",
    "Inspire": "https://help.inspiresoftware.com/en/faq-how-is-objective-progress-calculated",
    "Tangible Growth": "https://support.tangible-growth.com/how-do-weighted-key-results-work",
    "Axy OKR": "https://axy7.com/faq-items/okr-forecast-and-dashboards/",
    "Profit.co, weightage": "https://www.profit.co/answers/okrs/i-want-to-give-more-weightage-to-a-key-result-in-an-objective-and-how-to-measure-okr-progress-based-on-the-key-results-weightage/",
    "Profit.co, control KPI": "https://www.profit.co/answers/kpis/how-does-the-two-progress-calculations-for-the-control-kpi-key-result-work-in-profit-co/",
    "Huminos": "https://huminos.com/okr-training/okrs/tracking-okrs",
    "Planview": "https://success.planview.com/Planview_LeanKit/OKRs/075_OKR_Health",
    "Leapsome": "https://leapsome.zendesk.com/hc/en-us/articles/115003565713-How-progress-is-calculated",
    "Cascade": "https://help.executestrategy.net/en/articles/742169-choosing-the-right-tracking-type",
    "UpRaise, alignment": "https://amoeboids.atlassian.net/wiki/spaces/UP/pages/62134719/How+does+progress+roll+up+work+in+alignment",
    "UpRaise, weightage": "https://amoeboids.atlassian.net/wiki/pages/diffpages.action?originalId=3167420440&pageId=3944218835",
    "UpRaise, confidence statuses": "https://amoeboids.atlassian.net/wiki/spaces/USA/pages/1566736458/What+are+different+OKR+confidence+statuses+in+UpRaise",
    "OKR Board for Jira": "https://oboard.atlassian.net/wiki/spaces/OBPFJ/pages/42729609",
    "OKR for Jira, grade": "https://bojaprod.atlassian.net/wiki/spaces/OKR/pages/2218491909/OKR+Grade+Status",
    "Viva Goals, phased targets": "https://support.microsoft.com/en-gb/topic/phased-targets-8d0587f7-016c-4e00-9c5d-9fc411c219e2",
    "Viva Goals, ranges": "MicrosoftDocs/Viva, Viva/goals/configure-okr-model.md",
    "Engagedly": "https://help.engagedly.com/understanding-goal-measurement-types-and-measurement-logic",
    "Ally.io, expected progress": "https://help.ally.io/en/articles/3065807-how-are-progress-and-status-calculated",
    "Ally.io, weights to 4": "https://help.ally.io/en/articles/4351096-weighted-objectives",
    "Ally.io, negative scoring": "https://help.ally.io/en/articles/5239895-how-to-setup-okrs-with-negative-scoring",
    "Ally.io, closing": "http://help.gotoally.com/getting-started/scoring-and-closing-okrs",
    "Google re:Work": "https://rework.withgoogle.com/guides/set-goals-with-okrs/steps/grade-OKRs/",
    "What Matters, committed": "https://www.whatmatters.com/faqs/dear-andy-how-to-grade-committed-okrs",
    "What Matters, grades": "https://www.whatmatters.com/faqs/how-to-grade-okrs",
    "puzzle/okr issue 1661, stretch goal below the baseline": "https://github.com/puzzle/okr/issues/1661",
    "puzzle/okr issue 235, decimals": "https://github.com/puzzle/okr/issues/235",
    "puzzle/okr issue 193, no measure": "https://github.com/puzzle/okr/issues/193",
    "puzzle/okr pull 217, the mean forgot them": "https://github.com/puzzle/okr/pull/217",
    "Leantime issue 3247, falling goals": "https://github.com/Leantime/leantime/issues/3247",
    "prosjektportalen issue 141, start and zero": "https://github.com/Puzzlepart/prosjektportalen/issues/141",
    "ingadhoc pull 169, target 0": "https://github.com/ingadhoc/miscellaneous/pull/169",
    "operately issue 3061, start equal to target": "https://github.com/operately/operately/issues/3061",
    "operately issue 4427, still at the start": "https://github.com/operately/operately/issues/4427",
    "operately pull 2218 and target.ex, two clampings": "https://github.com/operately/operately/pull/2218",
    "omi pull 8003, negative progress": "https://github.com/BasedHardware/omi/pull/8003",
    "personal-okrs, all weights 0": "celesfchallen/personal-okrs, src/utils/calculateProgress.js",
    "steedos issue 17, falling key results": "https://github.com/steedos/okr-management-app/issues/17",
}


def said_by(title: str) -> str:
    """The number itself is published."""
    return f"{title}: {SOURCES[title]}"


def rule_of(title: str) -> str:
    """The rule or the fault is published, the number follows from it."""
    return f"{DEFINITION}; after {said_by(title)}"


MEASURED = (
    example(
        "start 10, target 20, value 16",
        said_by("feedback4e"),
        one(measured("10 20 16")),
        {"goal/kr1": {"progress": "3/5", "shown": "60 %"}},
    ),
    example(
        "beyond the target",
        said_by("feedback4e"),
        one(measured("10 20 22")),
        {
            "goal/kr1": {"progress": "6/5", "counted": "1", "shown": "120 %"},
            "goal": {"progress": "1"},
        },
    ),
    example(
        "open bugs from 100 to 60",
        said_by("Quantive, formerly Gtmhub"),
        one(measured("100 60 80"), measured("100 60 70"), measured("100 60 50")),
        {
            "goal/kr1": {"progress": "1/2"},
            "goal/kr2": {"progress": "3/4"},
            "goal/kr3": {"progress": "5/4", "counted": "1"},
        },
    ),
    example(
        "below the start rolls up as 0",
        rule_of("Perdoo, progress above 100 %"),
        one(measured("1.0e6 1.3e6 120000")),
        {
            "goal/kr1": {"progress": "-44/15", "counted": "0", "shown": "-293 %"},
            "goal": {"progress": "0", "shown": "0 %"},
        },
    ),
    example(
        "value twice the target",
        said_by("workpath KeyResultTest"),
        one(measured("0 100 200")),
        {"goal/kr1": {"progress": "2", "counted": "1"}},
    ),
    example(
        "one done, one not begun",
        said_by("workpath KeyResultTest"),
        one(yes_no("true"), percent("0")),
        {
            "goal/kr1": {"progress": "1"},
            "goal/kr2": {"progress": "0"},
            "goal": {"progress": "1/2"},
        },
    ),
    example(
        "a strict bound leaves the limit out",
        said_by("Quantive, formerly Gtmhub"),
        one(bound("at_most: 25", "25")),
        {"goal/kr1": {"progress": "0"}},
        policy={"bounds": "strict"},
    ),
    example(
        "an inclusive bound takes the limit in",
        rule_of("PPM Express"),
        one(bound("at_most: 25", "25"), bound("at_least: 25", "25"), bound("at_most: 25", "26")),
        {
            "goal/kr1": {"progress": "1"},
            "goal/kr2": {"progress": "1"},
            "goal/kr3": {"progress": "0"},
        },
    ),
)

# The name, the source, each key result's percentage and weight, the objective's percentage.
MEANS = (
    ("100, 0, 0", said_by("Lattice"), "100 0 0", "33 %"),
    ("100, 0, 0 at 0, 50, 50", said_by("Lattice"), "100@0 0@50 0@50", "0 %"),
    ("0 and 200", said_by("Perdoo, progress above 100 %"), "0 200", "50 %"),
    ("50 at 4, 100 at 1", rule_of("Ally.io, weights to 4"), "50@4 100@1", "60 %"),
    ("30, 30, 40 at 40, 20, 40", said_by("Synergita"), "30@40 30@20 40@40", "34 %"),
    ("100 at 40, 40 at 60", said_by("Axy OKR"), "100@40 40@60", "64 %"),
    ("45 and 60 at 100 each", said_by("Tangible Growth"), "45@100 60@100", "53 %"),
    ("56 and 50", said_by("Profit.co, weightage"), "56 50", "53 %"),
    ("50, 70, 90", said_by("Huminos"), "50 70 90", "70 %"),
    ("60, 20, 50", said_by("Planview"), "60 20 50", "43 %"),
    ("the first of 3, 5, 7, 10", said_by("UpRaise, weightage"), "100@3 0@5 0@7 0@10", "12 %"),
    ("the last of 3, 5, 7, 10", said_by("UpRaise, weightage"), "0@3 0@5 0@7 100@10", "40 %"),
)

# The name, the source, each child's percentage and weight, their parent's percentage.
CASCADES = (
    ("children at 6 and 4, one done", said_by("UpRaise, alignment"), "100@6 0@4", "60 %"),
    ("one child half done, one silent", said_by("Leapsome"), "50 -", "25 %"),
    ("four children, two half done", said_by("Cascade"), "50 50 0 0", "25 %"),
)

ROLL_UP = (
    *(example(name, of, percents(krs), {"goal": {"shown": up}}) for name, of, krs, up in MEANS),
    *(example(name, of, children(t), {"goal": {"shown": up}}) for name, of, t, up in CASCADES),
    example(
        "0 and 200 without a cap",
        said_by("Perdoo, progress above 100 %"),
        percents("0 200"),
        {"goal/kr2": {"counted": "2"}, "goal": {"progress": "1"}},
        policy={"cap": "none"},
    ),
    example(
        "a half twice, two thirds, two fifths",
        said_by("Holaspirit"),
        one(percent("50@2"), measured("0 300 200"), measured("0 5 2")),
        {"goal": {"progress": "31/60", "shown": "52 %"}},
    ),
    example(
        "a third of 30, all of 20, a fifth of 50",
        said_by("Inspire"),
        one(Kr(measured("0 3 1").measure, "1", "30"), percent("100@20"), percent("20@50")),
        {"goal": {"progress": "2/5", "shown": "40 %"}},
    ),
    example(
        "key results and two contributors",
        said_by("Synergita"),
        children(
            "50 75",
            Goal(
                (percent("30@0.4"), percent("30@0.2"), percent("40@0.4")), ("progress_from: both",)
            ),
        ),
        {"goal": {"progress": "0.53", "shown": "53 %"}},
    ),
)


def pace(value: str, expect: str) -> WorkedExample:
    """Day 40 of 100, as the board grades it: worse than 0.7 of the pace, than 0.4 of it."""
    wanted = {"goal/kr1": {"expected": "0.4", "status": expect}}
    policy = status("ratio", 0.7, 0.4)
    name = f"day 40 of 100 at {value} %"
    return example(name, said_by("OKR Board for Jira"), percents(value), wanted, 40, policy)


STATUS = (
    pace("15", "off-track"),
    pace("20", "at-risk"),
    pace("50", "on-track"),
    example(
        "expected 52 %, actual 47 %, no gap allowed",
        rule_of("Viva Goals, ranges"),
        percents("47"),
        {"goal/kr1": {"expected": "0.52", "status": "at-risk"}},
        on=52,
        policy=status("gap", 0, 0.25),
    ),
    example(
        "expected 33 %, actual 33 % and less",
        said_by("Viva Goals, phased targets"),
        percents("33 32"),
        {
            "goal/kr1": {"expected": "0.33", "status": "on-track"},
            "goal/kr2": {"expected": "0.33", "status": "at-risk"},
        },
        on=33,
        policy=status("gap", 0, 0.25),
    ),
    example(
        # There the better status keeps the edge; here a gap that is reached counts.
        "gaps just inside 16.5 and 33 per cent",
        rule_of("Engagedly"),
        percents("33.6 17.1 16.9"),
        {
            "goal/kr1": {"status": "on-track"},
            "goal/kr2": {"status": "at-risk"},
            "goal/kr3": {"status": "off-track"},
        },
        policy=status("gap", 0.165, 0.33),
    ),
    example(
        "a ratio of exactly 0.95",
        rule_of("UpRaise, confidence statuses"),
        percents("38 37.9 29.9"),
        {
            "goal/kr1": {"status": "on-track"},
            "goal/kr2": {"status": "at-risk"},
            "goal/kr3": {"status": "off-track"},
        },
        on=40,
        policy=status("ratio", 0.95, 0.75),
    ),
    example(
        "60 % where 50 % is due",
        said_by("Planview"),
        percents("60"),
        {"goal/kr1": {"expected": "0.5", "status": "on-track"}},
    ),
    example(
        "20 % where 40 % is due",
        said_by("Planview"),
        percents("20"),
        {"goal/kr1": {"expected": "0.4", "status": "at-risk"}},
        on=40,
    ),
    example(
        "the first day expects nothing",
        said_by("Ally.io, expected progress"),
        percents("0"),
        {"goal/kr1": {"expected": "0"}, "goal": {"expected": "0"}},
        on=0,
    ),
    example(
        "the last day expects everything",
        said_by("Ally.io, expected progress"),
        percents("0"),
        {"goal/kr1": {"expected": "1"}, "goal": {"expected": "1"}},
        on=LENGTH,
    ),
)

SCORES = (
    at_close(
        "three of six features launched",
        said_by("Google re:Work"),
        one(steps(3, 6)),
        {"goal/kr1": {"progress": "1/2"}, "goal": {"score": "0.5", "grade": "yellow"}},
    ),
    at_close(
        "seven of ten issues done",
        said_by("OKR for Jira, grade"),
        one(steps(7, 10)),
        {"goal": {"score": "0.7", "grade": "green"}},
    ),
    at_close(
        "traffic up by 15 of 20",
        said_by("Ally.io, closing"),
        one(measured("0 20 15")),
        {"goal": {"progress": "0.75"}},
    ),
    at_close(
        "complaints from 3 to 0",
        said_by("Ally.io, negative scoring"),
        {
            "two": Goal((measured("3 0 2"),)),
            "one": Goal((measured("3 0 1"),)),
            "none": Goal((measured("3 0 0"),)),
        },
        {"two": {"score": "0.3"}, "one": {"score": "0.7"}, "none": {"score": "1.0"}},
    ),
    at_close(
        "scores .5 .6 .7 .8 1.0",
        rule_of("Ally.io, closing"),
        percents("50 60 70 80 100"),
        {"goal": {"progress": "0.72", "score": "0.7", "grade": "green"}},
    ),
    at_close(
        "the edges of the three grades",
        said_by("What Matters, grades"),
        {f"at-{value}": Goal((percent(value),)) for value in ("100", "70", "60", "40", "30", "0")},
        {
            "at-100": {"score": "1.0", "grade": "green"},
            "at-70": {"score": "0.7", "grade": "green"},
            "at-60": {"score": "0.6", "grade": "yellow"},
            "at-40": {"score": "0.4", "grade": "yellow"},
            "at-30": {"score": "0.3", "grade": "red"},
            "at-0": {"score": "0.0", "grade": "red"},
        },
    ),
    at_close(
        "one agent of ten",
        said_by("What Matters, grades"),
        one(measured("0 10 1")),
        {"goal": {"score": "0.1", "grade": "red"}},
    ),
    at_close(
        "committed, at 0.8",
        said_by("What Matters, committed"),
        one(percent("80"), ambition="committed"),
        {"goal": {"score": "0.8", "outcome": "missed"}},
    ),
    at_close(
        "committed, at 1.0",
        said_by("What Matters, committed"),
        one(percent("100"), ambition="committed"),
        {"goal": {"score": "1.0", "outcome": "achieved"}},
    ),
)


def planned(on: int, expected: str, state: str) -> WorkedExample:
    """Falling from 120 to 60 by way of 100 on day 40 and 80 on day 60."""
    kr = measured("120 60 96", f"plan: {{{day(40)}: 100, {day(60)}: 80}}")
    wanted = {"goal/kr1": {"progress": "2/5", "expected": expected, "status": state}}
    source = rule_of("steedos issue 17, falling key results")
    return example(f"falling along a plan, day {on}", source, one(kr), wanted, on)


FAULTS = (
    planned(40, "1/3", "on-track"),
    planned(48, "7/15", "on-track"),
    planned(60, "2/3", "off-track"),
    example(
        "falling from 10 to 0",
        rule_of("puzzle/okr issue 1661, stretch goal below the baseline"),
        one(measured("10 0 7"), measured("10 0 -10")),
        {"goal/kr1": {"progress": "3/10"}, "goal/kr2": {"progress": "2", "counted": "1"}},
    ),
    example(
        "a decimal check-in",
        said_by("puzzle/okr issue 235, decimals"),
        one(measured("0 10 5.9")),
        {"goal/kr1": {"shown": "59 %", "never": "50 %"}},
    ),
    example(
        "a key result nobody measured",
        said_by("puzzle/okr issue 193, no measure"),
        percents("- 100"),
        {"goal/kr1": {"progress": "none", "counted": "0", "status": "no-data"}},
    ),
    example(
        "the mean keeps the key result without data",
        rule_of("puzzle/okr pull 217, the mean forgot them"),
        percents("- 100"),
        {"goal": {"shown": "50 %", "never": "100 %"}},
    ),
    example(
        "half way from 200 to 0",
        rule_of("Leantime issue 3247, falling goals"),
        one(measured("200 0 100")),
        {"goal/kr1": {"shown": "50 %", "never": "0 %"}},
    ),
    example(
        "gains counted from the start",
        said_by("prosjektportalen issue 141, start and zero"),
        one(measured("60000 50000 59000"), measured("100 0 10")),
        {
            "goal/kr1": {"shown": "10 %", "never": "84 %"},
            "goal/kr2": {"shown": "90 %", "never": "100 %"},
        },
    ),
    example(
        "a value of 0 that is the target",
        rule_of("ingadhoc pull 169, target 0"),
        one(measured("12 0 0")),
        {"goal/kr1": {"progress": "1", "never": "0 %"}},
    ),
    example(
        "start equal to target",
        said_by("operately issue 3061, start equal to target"),
        one(measured("10 10 5")),
        {"goal/kr1": {"never": "100 %"}, "goal": {"never": "100 %"}},
    ),
    example(
        "still at the start",
        said_by("operately issue 4427, still at the start"),
        one(measured("8 20 8")),
        {"goal/kr1": {"progress": "0", "counted": "0"}},
    ),
    example(
        "costs that rose: what the page shows and what rolls up",
        rule_of("operately pull 2218 and target.ex, two clampings"),
        one(measured("1000 500 1100"), measured("1000 500 750")),
        {
            "goal/kr1": {"shown": "-20 %", "counted": "0"},
            "goal/kr2": {"shown": "50 %"},
            "goal": {"shown": "25 %", "never": "15 %"},
        },
    ),
    example(
        "40 % below the start",
        rule_of("omi pull 8003, negative progress"),
        one(measured("10 20 6")),
        {"goal/kr1": {"shown": "-40 %", "counted": "0"}, "goal": {"progress": "0"}},
    ),
    example(
        "nothing but weights of 0",
        rule_of("personal-okrs, all weights 0"),
        percents("100@0 100@0"),
        {"goal/kr1": {"progress": "1"}, "goal": {"never": "100 %"}},
    ),
)

WEEKS = date(2026, 1, 5)  # a Monday; 13 weeks to the day, each with a Friday
KEPT = ("4.8", "4.2", "4.5", "3.5", "4.25", "", "4.5", "2", "3", "4.5", "4.6", "5", "4.5")
MET = (1, 2, 3, 3, 4, 4, 5, 5, 5, 6, 7, 8, 9)
SHOWN = (8, 15, 23, 23, 31, 31, 38, 38, 38, 46, 54, 62, 69)


def friday(week: int) -> str:
    return day(7 * week - 3, WEEKS)


def kept_until(week: int) -> WorkedExample:
    """Thirteen planned check-ins of a score kept between 4 and 5, seen after one of the weeks."""
    files = book(one(bound("between: [4, 5]")), period_text(day(0, WEEKS), day(90, WEEKS)))
    for number, value in enumerate(KEPT[:week], 1):
        if value:
            text = check_in_text(friday(number), {"goal/kr1": value})
            files[f"check-ins/week-{number:02}.md"] = text
    wanted = {"goal/kr1": {"progress": f"{MET[week - 1]}/13", "shown": f"{SHOWN[week - 1]} %"}}
    name = f"kept between 4 and 5, week {week} of 13"
    source = said_by("Profit.co, control KPI")
    return WorkedExample(name, source, {"keep": "share"}, files, friday(week), wanted)


EXAMPLES: tuple[WorkedExample, ...] = (
    *MEASURED,
    *ROLL_UP,
    *STATUS,
    *SCORES,
    *FAULTS,
    *(kept_until(week) for week in range(1, len(KEPT) + 1)),
)
