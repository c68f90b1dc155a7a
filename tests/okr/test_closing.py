"""Closing check-ins: on which days, of which key results, and what is known where none is."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest

from okrsite.okr.closing import (
    LastKnown,
    Told,
    closing_check_in,
    closing_days,
    last_known,
    needs_closing,
    recorded_periods,
    without_closing,
)
from okrsite.okr.model import Period
from okrsite.okr.pipeline import Book
from tests.okr.texts import FIRST, amended, errors, goal, made, on, period, said, text
from tests.support import book

CLOSED = ("state: closed", f"closed_on: {on(105)}")
STEPS = "a, milestones: [{id: x, title: X}, {id: y, title: Y}]"
LINEAR = "a, start: 0, target: 10"
KPI = {"kpis/uptime.md": text("title: Uptime", "at_least: 99")}


def closed(files: Mapping[str, str], day: int = 110, **options: object) -> Book:
    return made({"periods/q.md": period(0, 100, *CLOSED), **files}, day, **options)


def waiting(world: Book) -> tuple[str, ...]:
    return without_closing(world.world, "q")


# --- the days -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closed_on", "cadence", "due", "first", "last"),
    [
        (None, 7, None, 94, 100),
        (105, 7, None, 94, 105),
        (90, 7, None, 94, 100),  # closed early: the period still has its last days
        (None, 1, None, 100, 100),
        (None, 365, None, 0, 100),  # never before the period
        (105, 7, 50, 44, 105),
        (105, 7, 120, 94, 105),
    ],
)
def test_the_days_for_closing(
    closed_on: int | None, cadence: int, due: int | None, first: int, last: int
) -> None:
    def day(number: int | None) -> date | None:
        return None if number is None else FIRST + timedelta(number)

    item = Period.model_construct(
        id="q",
        path="q.md",
        title="Q",
        start=day(0),
        end=day(100),
        closed_on=day(closed_on),
    )
    assert closing_days(item, cadence, day(due)) == (day(first), day(last))


@pytest.mark.parametrize(("day", "counts"), [(93, False), (94, True), (100, True), (105, True)])
def test_a_check_in_closes_in_the_last_cadence_and_until_the_closing(
    day: int, counts: bool
) -> None:
    world = closed({"goal.md": goal(LINEAR), "check-ins/w.md": said(day, "goal/a: 4")})
    assert waiting(world) == (() if counts else ("goal/a",))
    told = Told(FIRST + timedelta(day), "w") if counts else None
    assert closing_check_in(world.world, "goal/a") == told


def test_what_comes_after_the_closing_counts_no_more() -> None:
    world = closed({"goal.md": goal(LINEAR), "check-ins/w.md": said(106, "goal/a: 4")})
    assert waiting(world) == ("goal/a",)
    assert last_known(world.world, "goal/a") is None


def test_a_correction_speaks_for_the_day_of_what_it_corrects() -> None:
    files = {"goal.md": goal(LINEAR), "check-ins/w.md": said(50, "goal/a: 4")}
    late = {"check-ins/x.md": said(99, "goal/a: 5", fields="corrects: w")}
    assert waiting(closed({**files, **late})) == ("goal/a",)
    files["check-ins/w.md"] = said(99, "goal/a: 4")
    late = {"check-ins/x.md": said(102, "goal/a: 5", fields="corrects: w")}
    world = closed({**files, **late})
    assert closing_check_in(world.world, "goal/a") == Told(FIRST + timedelta(99), "x")


def test_with_a_day_of_its_own_it_may_be_closed_then() -> None:
    files = {"check-ins/w.md": said(44, "goal/a: 4")}
    assert waiting(closed({**files, "goal.md": goal(f"{LINEAR}, due: {on(50)}")})) == ()
    assert waiting(closed({**files, "goal.md": goal(f"{LINEAR}, due: {on(51)}")})) == ("goal/a",)
    moved = amended(30, "goal/a", "due", on(90), on(50))
    files |= {"goal.md": goal(f"{LINEAR}, due: {on(50)}"), "amendments/m.md": moved}
    assert waiting(closed(files)) == ()


def test_the_window_is_as_long_as_the_cadence() -> None:
    files = {"goal.md": goal(LINEAR), "check-ins/w.md": said(88, "goal/a: 4")}
    assert waiting(closed(files, cadence=13)) == ()
    assert waiting(closed(files, cadence=12)) == ("goal/a",)


# --- what closes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "word", "closes"),
    [
        (LINEAR, "4", True),
        (LINEAR, "{confidence: 0.5}", False),
        (LINEAR, "{status: at-risk}", False),
        (LINEAR, "{score: 0.5}", False),
        ("a, at_most: 5", "4", True),
        ("a, at_most: 5", "{confidence: 0.5}", False),
        ("a, done_when: Live", "false", True),
        ("a, done_when: Live", "0", True),
        ("a, done_when: Live", "{score: 0}", False),
        (STEPS, "{done: x}", True),
        (STEPS, "{confidence: 0.5}", True),  # no more of them are done
    ],
)
def test_a_closing_check_in_says_the_measure(row: str, word: str, closes: bool) -> None:
    world = closed({"goal.md": goal(row), "check-ins/w.md": said(99, f"goal/a: {word}")})
    assert (closing_check_in(world.world, "goal/a") is not None) is closes
    assert waiting(world) == (() if closes else ("goal/a",))


def test_one_from_a_kpi_is_closed_by_a_reading_of_it() -> None:
    files = {**KPI, "goal.md": goal("a, from: uptime")}
    early = {"check-ins/w.md": said(93, fields="kpis: {uptime: 99.5}")}
    sure = {"check-ins/x.md": said(99, "goal/a: {confidence: 1}")}
    assert waiting(closed({**files, **early, **sure})) == ("goal/a",)
    last = {"check-ins/x.md": said(94, fields="kpis: {uptime: 99.7}")}
    world = closed({**files, **early, **last})
    assert waiting(world) == ()
    assert closing_check_in(world.world, "goal/a") == Told(FIRST + timedelta(94), "x")


# --- who needs one --------------------------------------------------------------------------------

NEED_NONE = {
    "dropped": (goal(LINEAR), said(20, "goal/a: {value: 1, status: dropped}")),
    "yes": (goal("a, done_when: Live"), said(20, "goal/a: true")),
    "all milestones": (goal(STEPS), said(20, "goal/a: {done: [x, y]}")),
    "no weight": (goal(f"{LINEAR}, weight: 0"), said(20, "goal/a: 1")),
    "not measurable": (goal("a, start: unknown, target: 10"), said(20, "goal/a: 1")),
    "nowhere to go": (goal("a, start: 10, target: 10"), said(20, "goal/a: 10")),
    "from objectives": (goal("a, from: objectives"), said(20)),
    "from initiatives": (goal("a, from: initiatives"), said(20)),
    "not counted": (goal(LINEAR, fields="progress_from: children"), said(20, "goal/a: 1")),
}


@pytest.mark.parametrize("name", NEED_NONE)
def test_who_needs_none(name: str) -> None:
    told, word = NEED_NONE[name]
    world = closed({"goal.md": told, "check-ins/w.md": word})
    assert not needs_closing(world.world, "goal/a")
    assert waiting(world) == ()


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (LINEAR, "10"),  # reached, and it may fall again
        (STEPS, "{done: x}"),
        ("a, done_when: Live", "false"),
        (LINEAR, "{value: 3, status: off-track}"),
        ("a, at_least: 3", "3"),
    ],
)
def test_who_needs_one(row: str, word: str) -> None:
    world = closed({"goal.md": goal(row), "check-ins/w.md": said(20, f"goal/a: {word}")})
    assert needs_closing(world.world, "goal/a")
    assert waiting(world) == ("goal/a",)


def test_who_was_dropped_and_taken_up_again_needs_one() -> None:
    files = {"goal.md": goal(LINEAR), "check-ins/w.md": said(20, "goal/a: {status: dropped}")}
    files["check-ins/x.md"] = said(30, "goal/a: {value: 3, status: on-track}")
    assert waiting(closed(files)) == ("goal/a",)


def test_one_weighed_to_nothing_by_an_amendment_needs_none() -> None:
    files = {"goal.md": goal(f"{LINEAR}, weight: 0")}
    files["amendments/m.md"] = amended(30, "goal/a", "weight", 1, 0)
    assert waiting(closed(files)) == ()


def test_they_stand_by_name_and_are_those_of_the_period() -> None:
    files = {
        "objectives/b/zed.md": goal("b, start: 0, target: 1", LINEAR),
        "objectives/z/ape.md": goal(LINEAR),
        "objectives/other.md": goal(LINEAR, fields="period: r"),
        "periods/r.md": period(0, 100),
    }
    world = closed(files)
    assert waiting(world) == ("ape/a", "zed/a", "zed/b")
    assert without_closing(world.world, "r") == ("other/a",)  # asked before it is closed
    assert without_closing(world.world, "nowhere") == ()


# --- what is known all the same -------------------------------------------------------------------


def test_what_was_last_known_is_the_last_value_and_what_it_amounts_to_in_the_end() -> None:
    files = {
        "goal.md": goal("a, start: 0, target: 20"),
        "check-ins/v.md": said(20, "goal/a: 3"),
        "check-ins/w.md": said(40, "goal/a: 5"),
        "check-ins/x.md": said(60, "goal/a: {confidence: 0.2}"),
        "amendments/m.md": amended(50, "goal/a", "target", 10, 20),
    }
    known = LastKnown(FIRST + timedelta(40), "w", Fraction(5), Fraction(1, 4))
    assert last_known(closed(files).world, "goal/a") == known
    nothing = closed({"goal.md": goal(LINEAR)})
    assert last_known(nothing.world, "goal/a") is None


def test_what_was_last_known_of_a_kpi_and_of_a_yes_or_no() -> None:
    files = {**KPI, "goal.md": goal("a, from: uptime", "b, done_when: Live")}
    files["check-ins/w.md"] = said(20, "goal/b: false", fields="kpis: {uptime: 98}")
    world = closed(files).world
    day = FIRST + timedelta(20)
    assert last_known(world, "goal/a") == LastKnown(day, "w", Fraction(98), Fraction(0))
    assert last_known(world, "goal/b") == LastKnown(day, "w", None, Fraction(0))


# --- the coach ------------------------------------------------------------------------------------


def remarks(files: Mapping[str, str]) -> list[tuple[str, str]]:
    found = [f for f in closed(files).findings if f.code == "OKR705"]
    return [(f.message, f.hint) for f in found]


def test_the_finding_names_three_and_counts_the_rest() -> None:
    rows = [f"{name}, start: 0, target: 1" for name in "abcde"]
    (found,) = remarks({"goal.md": goal(*rows)})
    assert found[0] == "`goal/a`, `goal/b`, `goal/c` and 2 more have no closing check-in"
    assert "Check in on them" in found[1] and "they are then recorded as no data" in found[1]
    (found,) = remarks({"goal.md": goal(*rows[:3])})
    assert found[0] == "`goal/a`, `goal/b`, `goal/c` have no closing check-in"
    (found,) = remarks({"goal.md": goal(LINEAR)})
    assert found[0] == "`goal/a` has no closing check-in"
    assert "Check in on it" in found[1] and "it is then recorded as no data" in found[1]


def test_there_is_none_before_the_closing_day_and_none_of_a_recorded_period() -> None:
    files = {"goal.md": goal(LINEAR)}
    assert errors(closed(files, 105), "OKR705") == ["periods/q.md:6:12 OKR705"]
    assert errors(closed(files, 104), "OKR705") == []
    assert errors(made(files, 110), "OKR705") == []
    texts = {"periods/q.md": period(0, 100, *CLOSED), "objectives/goal.md": goal(LINEAR)}
    for name, open_ones in (("q/closed", 0), ("q/committed", 1), ("r/closed", 1)):
        whole = book({**texts, f"snapshots/{name}/record.json": "{}"}, on(110))
        assert len(errors(whole, "OKR705")) == open_ones, name


def test_recorded_are_the_periods_whose_closing_record_is_there_if_only_in_part() -> None:
    paths = [
        "snapshots/2026-q1/closed/record.json",
        "snapshots/2026-q2/closed/manifest.json",
        "snapshots/2026-q3/mid-2026-08-15/record.json",
        "snapshots/2026-q4/closed/notes.md",
        "objectives/2026-q4/closed/record.json",
    ]
    assert recorded_periods(paths) == {"2026-q1", "2026-q2"}
