"""Scores, grades and statuses: running, closed, projected, promised, of teams."""

from fractions import Fraction

import pytest

from okrsite.okr.model import Ambition
from okrsite.okr.settings import RATIO_RULE, StatusRule
from okrsite.okr.status import (
    WORST_FIRST,
    Status,
    closed_status,
    grade_of,
    running_status,
    score_of,
    worst,
)
from tests.okr.texts import amended, goal, kr, made, objective, on, period, said, text

GRADES = [
    ("-0.5", "0", "red"),
    ("0.04", "0", "red"),
    ("0.05", "1/10", "red"),
    ("0.34", "3/10", "red"),
    ("0.35", "2/5", "yellow"),
    ("0.64", "3/5", "yellow"),
    ("0.65", "7/10", "green"),
    ("0.949", "9/10", "green"),
    ("0.95", "1", "green"),
    ("1.7", "1", "green"),
]


@pytest.mark.parametrize(("progress", "score", "grade"), GRADES)
def test_a_grade_is_taken_of_the_rounded_score(progress: str, score: str, grade: str) -> None:
    assert score_of(Fraction(progress)) == Fraction(score)
    assert grade_of(Fraction(score)) == grade


CLOSING = [
    ("1", "achieved", "achieved"),
    ("0.9", "missed", "achieved"),
    ("0.7", "missed", "achieved"),
    ("0.6", "missed", "partial"),
    ("0.4", "missed", "partial"),
    ("0.3", "missed", "missed"),
    ("0", "missed", "missed"),
]


@pytest.mark.parametrize(("score", "committed", "aspirational"), CLOSING)
def test_what_came_of_it(score: str, committed: str, aspirational: str) -> None:
    assert closed_status(Fraction(score), Ambition.COMMITTED) == committed
    assert closed_status(Fraction(score), Ambition.ASPIRATIONAL) == aspirational


ZERO_GAP = StatusRule("gap", Fraction(0), Fraction(1, 4))
PACE = StatusRule("ratio", Fraction(7, 10), Fraction(4, 10))
RUNNING = [
    (StatusRule(), "0.31", "0.4", "on-track"),
    (StatusRule(), "0.30", "0.4", "at-risk"),
    (StatusRule(), "0.16", "0.4", "at-risk"),
    (StatusRule(), "0.15", "0.4", "off-track"),
    (StatusRule(), "9", "0.4", "on-track"),
    (StatusRule(), "-1", "0", "off-track"),
    (ZERO_GAP, "0.47", "0.52", "at-risk"),
    (ZERO_GAP, "0.52", "0.52", "on-track"),
    (PACE, "0.15", "0.4", "off-track"),
    (PACE, "0.20", "0.4", "at-risk"),
    (PACE, "0.50", "0.4", "on-track"),
    (RATIO_RULE, "0.36", "0.4", "on-track"),
    (RATIO_RULE, "0.28", "0.4", "at-risk"),
    (RATIO_RULE, "0", "0", "on-track"),
    (RATIO_RULE, "-0.1", "0", "off-track"),
]


@pytest.mark.parametrize(("rule", "progress", "expected", "status"), RUNNING)
def test_a_running_status(rule: StatusRule, progress: str, expected: str, status: str) -> None:
    assert running_status(Fraction(progress), Fraction(expected), rule) == status


def test_the_worst_is_the_one_to_look_at_first() -> None:
    assert set(WORST_FIRST) == set(Status)
    assert worst([]) is None
    assert worst([Status.ON_TRACK, Status.AT_RISK, Status.DROPPED]) is Status.AT_RISK
    assert worst([Status.AT_RISK, Status.OFF_TRACK]) is Status.OFF_TRACK


PAIR = {
    "goal.md": goal("a, start: 0, target: 10", "b, start: 0, target: 10"),
    "check-ins/w.md": said(10, "goal/a: 10", "goal/b: 0"),
}


def test_a_parent_has_its_own_status_or_that_of_its_worst_part() -> None:
    assert objective(made(PAIR)).status == "on-track"
    assert objective(made(PAIR, policy={"parent_status": "worst"})).status == "off-track"


@pytest.mark.parametrize(
    "row", ["b, start: 0, target: 10, weight: 0", "b, start: unknown, target: 9"]
)
def test_what_is_not_counted_makes_no_status(row: str) -> None:
    files = {**PAIR, "goal.md": goal("a, start: 0, target: 10", row)}
    assert objective(made(files, policy={"parent_status": "worst"})).status == "on-track"


def test_the_worst_of_children_goes_up() -> None:
    files = {
        **PAIR,
        "top.md": goal(),
        "goal.md": PAIR["goal.md"].replace("period: q", "period: q\nparent: top"),
    }
    world = made(files, policy={"parent_status": "worst"})
    assert [objective(world, name).status for name in ("goal", "top")] == ["off-track"] * 2


def test_before_it_begins_it_has_not_started() -> None:
    files = {**PAIR, "check-ins/w.md": said(-5, "goal/a: 10")}
    world = made(files, -1)
    assert (
        kr(world).status == kr(world, "goal/b").status == objective(world).status == "not-started"
    )
    assert objective(made(files, 0)).status == "on-track"


DROPPED = {
    "goal.md": goal("a, start: 0, target: 10", "b, start: 0, target: 10"),
    "check-ins/v.md": said(10, "goal/a: {value: 2, status: off-track}", "goal/b: 6"),
    "check-ins/w.md": said(20, "goal/a: {status: dropped}"),
}


def test_what_somebody_said_stands_beside_what_was_computed() -> None:
    before = kr(made(DROPPED, 15))
    assert (before.said, before.status) == ("off-track", "on-track")


def test_what_is_dropped_says_so_and_still_counts() -> None:
    world = made(DROPPED)
    assert (kr(world).said, kr(world).status, kr(world).counted) == (
        "dropped",
        "dropped",
        Fraction(1, 5),
    )
    assert objective(world).status == "on-track"
    assert objective(world).progress == Fraction(2, 5)


def test_an_objective_is_dropped_with_its_last_key_result_and_may_come_back() -> None:
    files = {**DROPPED, "check-ins/x.md": said(30, "goal/b: {status: dropped}")}
    assert objective(made(files)).status == "dropped"
    closed = {**files, "periods/q.md": period(0, 100, "state: closed")}
    assert objective(made(closed, 200)).status == "dropped"
    back = {**files, "check-ins/y.md": said(35, "goal/a: {status: on-track}")}
    assert objective(made(back)).status == "on-track"


CLOSED = {
    "periods/q.md": period(0, 100, "state: closed", f"closed_on: {on(110)}"),
    "goal.md": goal("a, start: 0, target: 10", fields="ambition: aspirational"),
    "check-ins/w.md": said(100, "goal/a: 6.5"),
}


@pytest.mark.parametrize(
    ("ambition", "status"), [("aspirational", "achieved"), ("committed", "missed")]
)
def test_after_closing(ambition: str, status: str) -> None:
    files = {**CLOSED, "goal.md": CLOSED["goal.md"].replace("aspirational", ambition)}
    world = made(files, 110)
    score = objective(world)
    assert (score.status, score.score, score.grade) == (status, Fraction(7, 10), "green")
    assert (kr(world).status, kr(world).projection, score.projection) == (status, None, None)


def test_before_the_day_of_closing_it_runs_whatever_the_file_says_today() -> None:
    world = made(CLOSED, 109)
    assert objective(world).status == "off-track"
    assert kr(made({**CLOSED, "check-ins/w.md": said(40, "goal/a: 3")}, 50)).projection == Fraction(
        3, 5
    )


@pytest.mark.parametrize(
    ("row", "day", "projection", "value"),
    [
        ("start: 100, target: 50", 40, "1", "50"),
        ("start: 100, target: 0", 40, "1/2", "50"),
        (f"start: 100, target: 0, due: {on(80)}", 40, "2/5", "60"),
        ("start: 100, target: 0", 0, "none", "none"),
        ("start: 100, target: 0", 100, "none", "none"),
        ("at_least: 50", 40, "none", "none"),
        ("start: 70, target: 0", 40, "-5/14", "95"),
    ],
)
def test_the_present_pace_ends_at(row: str, day: int, projection: str, value: str) -> None:
    files = {"goal.md": goal(f"a, {row}"), "check-ins/w.md": said(-1, "goal/a: 80")}
    score = kr(made(files, day))
    shown = [str(n) if n is not None else "none" for n in (score.projection, score.projected_value)]
    assert shown == [projection, value]


def test_an_objective_is_as_sure_as_its_least_sure_key_result() -> None:
    files = {
        **PAIR,
        "check-ins/x.md": said(20, "goal/a: {confidence: 0.9}", "goal/b: {confidence: 0.4}"),
        "check-ins/y.md": said(30, "goal/b: {value: 1}"),
    }
    assert objective(made(files)).confidence == Fraction(2, 5)
    assert objective(made(PAIR)).confidence is None


TEAM = {
    "teams/core.md": text("title: Core"),
    "periods/next.md": period(101, 200),
    "x.md": goal("a, start: 0, target: 10", fields="team: core; weight: 3"),
    "y.md": goal("a, start: 0, target: 10", fields="team: core"),
    "z.md": goal("a, start: 0, target: 10", fields="team: core; period: next"),
    "check-ins/w.md": said(10, "x/a: 12", "y/a: 2", "z/a: 9"),
}


def test_a_team_is_the_mean_of_its_objectives_of_a_period_by_weight() -> None:
    teams = made(TEAM).scorecard.teams
    assert set(teams) == {("core", "q"), ("core", "next")}
    mean = teams["core", "q"]
    assert (mean.progress, mean.expected, mean.status) == (
        Fraction(4, 5),
        Fraction(2, 5),
        "on-track",
    )
    assert [part.ref for part in mean.parts] == ["x", "y"]
    assert teams["core", "next"].status == "not-started"


def test_an_objective_without_data_counts_as_nothing_done_for_its_team() -> None:
    mean = made({**TEAM, "check-ins/w.md": said(10, "y/a: 2")}).scorecard.teams["core", "q"]
    assert mean.progress == Fraction(1, 20)


def test_a_team_without_data_has_none() -> None:
    mean = made({**TEAM, "check-ins/w.md": said(10)}).scorecard.teams["core", "q"]
    assert (mean.progress, mean.score, mean.status) == (None, None, "no-data")


def test_the_parts_of_a_trail_add_up_to_the_whole() -> None:
    files = {
        **PAIR,
        "goal.md": goal(
            "a, start: 0, target: 10, weight: 3",
            "b, start: 0, target: 10",
            "c, start: 1, target: 1",
        ),
        "amendments/x.md": amended(5, "goal/a", "weight", 1, 3),
    }
    score = objective(made(files))
    assert [p.ref for p in score.parts] == ["goal/a", "goal/b", "goal/c"]
    assert [p.weight for p in score.parts] == [3, 1, 1]
    assert [p.counted for p in score.parts] == [1, 0, None]
    assert score.progress == Fraction(3, 4)
    assert score.promised == Fraction(1, 2)
