"""Every measure and every policy, in numbers one can recompute by hand."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from okrsite.okr.expected import plan_course
from okrsite.okr.pipeline import Book
from tests.okr.texts import amended, errors, goal, kr, made, objective, on, period, said, text

STEPS = "milestones: [{id: x, title: X}, {id: y, title: Y, weight: 3}]"
MEASURED = [
    # the key result, what was said of it, its progress, what of it counts
    ("start: 10, target: 20", "16", "3/5", "3/5"),
    ("start: 10, target: 20", "22", "6/5", "1"),
    ("start: 10, target: 20", "5", "-1/2", "0"),
    ("start: 20, target: 10", "16", "2/5", "2/5"),
    ("start: 20, target: 10", "8", "6/5", "1"),
    ("start: 20, target: 10", "25", "-1/2", "0"),
    ("start: -5, target: 5", "0", "1/2", "1/2"),
    ("start: 0.1, target: 0.3", "0.2", "1/2", "1/2"),
    ("start: 10, target: 10", "10", "none", "none"),
    ("start: unknown, target: 10", "10", "none", "none"),
    ("start: 10, target: unknown", "10", "none", "none"),
    ("start: 10, target: 20", "{confidence: 0.5}", "none", "0"),
    ("start: 10, target: 20, weight: 0", "15", "1/2", "none"),
    ("at_least: 5", "5", "1", "1"),
    ("at_least: 5", "4.99", "0", "0"),
    ("at_most: 5", "5", "1", "1"),
    ("at_most: 5", "5.01", "0", "0"),
    ("between: [4, 5]", "4", "1", "1"),
    ("between: [4, 5]", "5", "1", "1"),
    ("between: [4, 5]", "3.9", "0", "0"),
    ("between: [4, 5]", "5.1", "0", "0"),
    ("at_most: 0", "0", "1", "1"),
    (STEPS, "{done: x}", "1/4", "1/4"),
    (STEPS, "{done: [x, y]}", "1", "1"),
    (STEPS, "{confidence: 0.5}", "0", "0"),
    ("milestones: [{id: x, title: X, weight: 0}]", "{done: x}", "none", "none"),
    ("done_when: Live", "true", "1", "1"),
    ("done_when: Live", "false", "0", "0"),
    ("done_when: Live", "1", "1", "1"),
    ("start: 1, target: 2, at_least: 3", "2", "none", "none"),
]


def words(number: Fraction | None) -> str:
    return "none" if number is None else str(number)


@pytest.mark.parametrize(("row", "word", "progress", "counted"), MEASURED)
def test_a_measure(row: str, word: str, progress: str, counted: str) -> None:
    world = made({"goal.md": goal(f"a, {row}"), "check-ins/w.md": said(10, f"goal/a: {word}")})
    assert (words(kr(world).progress), words(kr(world).counted)) == (progress, counted)


@pytest.mark.parametrize("row", ["start: 0, target: 1", "at_least: 0", STEPS, "done_when: Live"])
def test_without_a_check_in_there_is_no_data_and_it_counts_as_nothing_done(row: str) -> None:
    world = made({"goal.md": goal(f"a, {row}")})
    assert kr(world).progress is None
    assert kr(world).counted == 0
    assert kr(world).status == "no-data"
    assert (objective(world).progress, objective(world).status) == (None, "no-data")


STRICT = [("at_least: 5", "5", "0"), ("at_most: 5", "5", "0"), ("between: [4, 5]", "4", "0")]
STRICT += [("between: [4, 5]", "5", "0"), ("between: [4, 5]", "4.5", "1"), ("at_most: 5", "4", "1")]


@pytest.mark.parametrize(("row", "value", "progress"), STRICT)
def test_strict_bounds_leave_the_bound_out(row: str, value: str, progress: str) -> None:
    files = {"goal.md": goal(f"a, {row}"), "check-ins/w.md": said(10, f"goal/a: {value}")}
    assert words(kr(made(files, policy={"bounds": "strict"})).progress) == progress


VALUES = (4.8, 4.2, 4.5, 3.5, 4.25, None, 4.5, 2, 3, 4.5, 4.6, 5, 4.5)
PERCENT = (8, 15, 23, 23, 31, 31, 38, 38, 38, 46, 54, 62, 69)


@pytest.mark.parametrize(("week", "percent"), list(enumerate(PERCENT)))
def test_the_share_of_planned_check_ins_that_kept_it(week: int, percent: int) -> None:
    files = {
        f"check-ins/w{n:02}.md": said(7 * n, f"goal/a: {value}")
        for n, value in enumerate(VALUES)
        if value is not None
    }
    files |= {"periods/q.md": period(0, 90), "goal.md": goal("a, between: [4, 5]")}
    progress = kr(made(files, 7 * week, policy={"keep": "share"})).progress
    assert progress is not None
    assert round(progress * 100) == percent
    latest = kr(made(files, 7 * week)).progress
    assert latest == next(int(4 <= v <= 5) for v in reversed(VALUES[: week + 1]) if v is not None)


@pytest.mark.parametrize(("cadence", "planned"), [(7, 14), (14, 7), (30, 3), (101, 1), (366, 1)])
def test_planned_are_the_whole_cadences_of_the_period(cadence: int, planned: int) -> None:
    files = {"goal.md": goal("a, at_least: 1"), "check-ins/w.md": said(10, "goal/a: 1")}
    world = made(files, policy={"keep": "share"}, cadence=cadence)
    assert kr(world).progress == Fraction(1, planned)


CAPS = [(1, "3/4"), (1.5, "1"), ("none", "5/4")]


@pytest.mark.parametrize(("cap", "progress"), CAPS)
def test_the_cap_is_where_a_progress_rolls_up(cap: object, progress: str) -> None:
    files = {
        "goal.md": goal("a, start: 0, target: 10", "b, start: 0, target: 10"),
        "check-ins/w.md": said(10, "goal/a: 20", "goal/b: 5"),
    }
    world = made(files, policy={"cap": cap})
    assert kr(world).progress == 2
    assert objective(world).progress == Fraction(progress)


def test_without_a_cap_what_fell_below_the_start_counts_as_it_is() -> None:
    files = {
        "goal.md": goal("a, start: 0, target: 10", "b, start: 0, target: 10"),
        "check-ins/w.md": said(10, "goal/a: -10", "goal/b: 10"),
    }
    assert objective(made(files, policy={"cap": "none"})).progress == 0
    assert objective(made(files)).progress == Fraction(1, 2)


WEIGHTS = [
    ("100 0 0", "1 1 1", "1/3"),
    ("100 0 0", "0 50 50", "0"),
    ("50 100", "4 1", "3/5"),
    ("30 30 40", "40 20 40", "17/50"),
    ("50 100", "0 0", "none"),
    ("50 -", "1 1", "1/4"),
    ("- -", "1 1", "none"),
    ("- 50", "1 0", "none"),
    ("120 -20", "1 1", "1/2"),
    ("33 66", "0.5 0.25", "11/25"),
]


@pytest.mark.parametrize("through", ["key results", "children", "from: objectives"])
@pytest.mark.parametrize(("values", "weights", "progress"), WEIGHTS)
def test_a_mean_by_weights_is_the_same_at_every_level(
    through: str, values: str, weights: str, progress: str
) -> None:
    pairs = list(zip("abc", zip(values.split(), weights.split(), strict=True), strict=False))
    if through == "key results":
        rows = [f"{k}, start: 0, target: 100, weight: {w}" for k, (_, w) in pairs]
        files = {"goal.md": goal(*rows)}
        spoken = [f"goal/{k}: {v}" for k, (v, _) in pairs if v != "-"]
    else:
        parent = "goal" if through == "children" else "goal/a"
        files = {"goal.md": goal(*(["a, from: objectives"] if "/" in parent else []))}
        for k, (_, w) in pairs:
            files[f"{k}.md"] = goal(
                "k, start: 0, target: 100", fields=f"parent: {parent}; weight: {w}"
            )
        spoken = [f"{k}/k: {v}" for k, (v, _) in pairs if v != "-"]
    world = made({**files, "check-ins/w.md": said(10, *spoken)})
    assert words(objective(world).progress) == progress


COUNTED = {
    "": "1/2",
    "progress_from: key_results": "1/2",
    "progress_from: children": "1/5",
    "progress_from: both": "2/5",
}


@pytest.mark.parametrize("said_so", COUNTED)
def test_what_progress_from_names_is_counted_and_nothing_else(said_so: str) -> None:
    files = {
        "goal.md": goal("a, start: 0, target: 10, weight: 2", fields=said_so),
        "child.md": goal("a, start: 0, target: 10", fields="parent: goal"),
        "other.md": goal("a, start: 0, target: 10", fields="parent: goal/a"),
        "friend.md": goal("a, start: 0, target: 10", fields="supports: goal"),
        "check-ins/w.md": said(10, "goal/a: 5", "child/a: 2", "other/a: 9", "friend/a: 9"),
    }
    assert objective(made(files)).progress == Fraction(COUNTED[said_so])


def test_children_are_the_default_where_there_are_no_key_results() -> None:
    files = {
        "goal.md": goal(),
        "child.md": goal("a, start: 0, target: 10", fields="parent: goal"),
        "check-ins/w.md": said(10, "child/a: 2"),
    }
    assert objective(made(files)).progress == Fraction(1, 5)
    named = {**files, "goal.md": goal(fields="progress_from: key_results")}
    assert objective(made(named)).progress is None


def test_an_average_forgets_no_measure() -> None:
    rows = [
        "start: 0, target: 10",
        "at_least: 5",
        "milestones: [{id: x, title: X}]",
        "done_when: Live",
        "start: unknown, target: 5",
        "from: uptime, at_least: 5",
    ]
    files = {
        "goal.md": goal(*(f"k{n}, {row}" for n, row in enumerate(rows))),
        "kpis/uptime.md": text("title: Uptime"),
        "check-ins/w.md": said(
            10,
            "goal/k0: 5",
            "goal/k1: 5",
            "goal/k2: {done: x}",
            "goal/k3: true",
            "goal/k4: 4",
            fields="kpis: {uptime: 3}",
        ),
    }
    assert objective(made(files)).progress == Fraction(1, 2) * Fraction(1, 5) + Fraction(3, 5)


SUM = {
    "goal.md": goal("all, from: objectives, start: 0, target: 100, unit: seats"),
    "x.md": goal(
        "a, start: 0, target: 50, unit: seats", "b, start: 0, target: 9", fields="parent: goal/all"
    ),
    "y.md": goal("a, start: 10, target: 50, unit: seats", fields="parent: goal/all; weight: 7"),
    "check-ins/w.md": said(10, "x/a: 30", "x/b: 9", "y/a: 12"),
}


def test_values_of_one_unit_are_added_up() -> None:
    score = kr(made(SUM), "goal/all")
    assert score.value == 42
    assert score.progress == Fraction(42, 100)
    assert dict(score.summed) == {"x/a": 30, "y/a": 12}


def test_a_sum_goes_down_through_sums_and_kpis() -> None:
    files = {
        "top.md": goal("all, from: objectives, start: 0, target: 200, unit: seats"),
        "goal.md": SUM["goal.md"].replace("period: q", "period: q\nparent: top/all"),
        "z.md": goal("k, from: sold, start: 0, target: 9, unit: seats", fields="parent: top/all"),
        "kpis/sold.md": text("title: Sold"),
        "check-ins/k.md": said(10, fields="kpis: {sold: 8}"),
    }
    assert kr(made({**SUM, **files}), "top/all").value == 50


def test_without_a_value_below_a_sum_has_no_data() -> None:
    assert kr(made({**SUM, "check-ins/w.md": said(10)}), "goal/all").progress is None


INITIATIVES = {
    "goal.md": goal("a, from: initiatives"),
    "initiatives/x.md": text("title: X", "contributes_to: goal/a", "state: done"),
    "initiatives/y.md": text("title: Y", "contributes_to: goal/a"),
    "initiatives/z.md": text("title: Z", "contributes_to: goal"),
    "check-ins/w.md": said(20, fields="initiatives: {y: done}"),
    "check-ins/v.md": said(30, fields="initiatives: {y: doing}"),
}


@pytest.mark.parametrize(("day", "progress"), [(19, "1/2"), (20, "1"), (29, "1"), (30, "1/2")])
def test_work_that_is_done_is_counted_as_of_the_day(day: int, progress: str) -> None:
    assert words(kr(made(INITIATIVES, day)).progress) == progress


def test_without_work_there_is_no_data() -> None:
    assert kr(made({"goal.md": goal("a, from: initiatives")})).progress is None


KPI = [
    ("a, from: uptime", "1"),
    ("a, from: uptime, at_least: 99.95", "0"),
    ("a, from: uptime, start: 99, target: 100", "9/10"),
]


@pytest.mark.parametrize(("row", "progress"), KPI)
def test_a_kpi_is_read_by_the_key_result_s_own_terms_or_by_its_bound(
    row: str, progress: str
) -> None:
    files = {
        "goal.md": goal(row),
        "kpis/uptime.md": text("title: Uptime", "at_least: 99.9"),
        "check-ins/w.md": said(10, fields="kpis: {uptime: 99.9}"),
        "check-ins/x.md": said(50, fields="kpis: {uptime: 90}"),
    }
    assert words(kr(made(files)).progress) == progress
    assert kr(made(files, 9)).progress is None


PLAN = f"plan: {{{on(20)}: 10, {on(60)}: 30}}"
EXPECTED = [
    # the key result, the day, what is expected of it
    ("start: 0, target: 50", 0, "0"),
    ("start: 0, target: 50", -10, "0"),
    ("start: 0, target: 50", 40, "2/5"),
    ("start: 0, target: 50", 100, "1"),
    ("start: 0, target: 50", 120, "1"),
    ("done_when: Live", 40, "2/5"),
    (f"start: 0, target: 50, due: {on(80)}", 40, "1/2"),
    (f"start: 0, target: 50, due: {on(30)}", 40, "1"),
    (f"start: 0, target: 50, {PLAN}", 0, "0"),
    (f"start: 0, target: 50, {PLAN}", 10, "1/10"),
    (f"start: 0, target: 50, {PLAN}", 20, "1/5"),
    (f"start: 0, target: 50, {PLAN}", 40, "2/5"),
    (f"start: 0, target: 50, {PLAN}", 60, "3/5"),
    (f"start: 0, target: 50, {PLAN}", 80, "4/5"),
    (f"start: 0, target: 50, {PLAN}", 100, "1"),
    (f"start: 0, target: 50, due: {on(80)}, {PLAN}", 70, "4/5"),
    (f"start: 50, target: 0, {PLAN}", 20, "4/5"),
    (f"start: 50, target: 0, {PLAN}", 60, "2/5"),
    (f"start: 50, target: 0, {PLAN}", 100, "1"),
    (f"start: 50, target: 0, plan: {{{on(50)}: 40}}", 50, "1/5"),
    (f"at_least: 50, {PLAN}", 40, "2/5"),
    (f"start: 0, target: 50, plan: {{{on(100)}: 40}}", 100, "4/5"),
]


@pytest.mark.parametrize(("row", "day", "expected"), EXPECTED)
def test_where_it_should_stand(row: str, day: int, expected: str) -> None:
    assert words(kr(made({"goal.md": goal(f"a, {row}")}, day)).expected) == expected


def test_the_corners_of_a_plan_stand_in_the_order_of_their_days() -> None:
    world = made({"goal.md": goal(f"a, start: 50, target: 0, {PLAN}")})
    frame = world.portfolio.periods["q"]
    assert [str(value) for _, value in plan_course(kr(world).asked, frame)] == [
        "50",
        "10",
        "30",
        "0",
    ]


def test_a_decreasing_key_result_with_a_plan_that_is_done_is_done() -> None:
    files = {
        "goal.md": goal(f"a, start: 50, target: 10, plan: {{{on(30)}: 40, {on(60)}: 20}}"),
        "check-ins/w.md": said(40, "goal/a: 10"),
    }
    assert kr(made(files)).progress == 1


@pytest.mark.parametrize("day", [-40, -1, 0, 1])
@pytest.mark.parametrize("due", [None, 0, -30])
@pytest.mark.parametrize("end", [0, 1, 100])
def test_no_period_and_no_due_day_is_too_short(day: int, due: int | None, end: int) -> None:
    row = "a, start: 0, target: 9" + ("" if due is None else f", due: {on(due)}")
    files = {"periods/q.md": period(0, end), "goal.md": goal(row)}
    last = end if due is None else due
    left = Fraction(max(0, day), last) if last > 0 else Fraction(0)
    assert kr(made(files, day)).expected == (1 if day >= last else left)


def test_what_is_expected_of_an_objective_is_the_mean_of_what_it_counts() -> None:
    files = {
        "goal.md": goal(
            f"a, start: 0, target: 9, weight: 3, due: {on(50)}",
            "b, start: 0, target: 9",
            f"c, start: unknown, target: 9, due: {on(10)}",
            f"d, start: 0, target: 9, weight: 0, due: {on(10)}",
        )
    }
    assert objective(made(files)).expected == (3 * Fraction(4, 5) + Fraction(2, 5)) / 4


def test_and_through_children_by_their_weights() -> None:
    files = {
        "goal.md": goal(fields="progress_from: children"),
        "x.md": goal(f"a, start: 0, target: 9, due: {on(50)}", fields="parent: goal; weight: 3"),
        "y.md": goal("a, start: 0, target: 9", fields="parent: goal"),
    }
    assert objective(made(files)).expected == (3 * Fraction(4, 5) + Fraction(2, 5)) / 4


def test_what_counts_nothing_is_expected_by_the_calendar() -> None:
    assert objective(made({"goal.md": goal()})).expected == Fraction(2, 5)
    assert objective(made({"goal.md": goal(fields="period: nowhere")})).expected is None


CLOSED = {
    "periods/q.md": period(0, 100, "state: closed", f"closed_on: {on(110)}"),
    "goal.md": goal("a, start: 0, target: 20", "b, from: uptime, start: 0, target: 20"),
    "kpis/uptime.md": text("title: Uptime"),
    "check-ins/u.md": said(100, "goal/a: 5", fields="kpis: {uptime: 5}"),
    "check-ins/v.md": said(110, "goal/a: 10", fields="kpis: {uptime: 10}"),
    "check-ins/w.md": said(120, "goal/a: 15", fields="kpis: {uptime: 15}"),
}


@pytest.mark.parametrize("day", [110, 119, 120, 500])
def test_a_closed_period_stands_still(day: int) -> None:
    world = made(CLOSED, day)
    assert [kr(world, f"goal/{x}").progress for x in "ab"] == [Fraction(1, 2)] * 2
    assert objective(world).progress == Fraction(1, 2)


def test_until_it_is_closed_it_does_not() -> None:
    assert kr(made(CLOSED, 105)).progress == Fraction(1, 4)
    running: Mapping[str, str] = {**CLOSED, "periods/q.md": period()}
    assert kr(made(running, 120)).progress == Fraction(3, 4)


def both(world: Book, parent: str) -> tuple[object, object]:
    score = objective(world, parent)
    counted = [(part.weight, part.counted or 0) for part in score.parts]
    mean = sum((w * c for w, c in counted), Fraction(0)) / sum(w for w, _ in counted)
    return score.progress, mean


def test_a_parent_of_a_closed_child_counts_it_as_it_was_closed() -> None:
    files = {
        **CLOSED,
        "periods/year.md": period(0, 364),
        "top.md": goal(fields="period: year"),
        "goal.md": goal("a, start: 0, target: 20", fields="parent: top"),
        "amendments/late.md": amended(130, "goal/a", "target", 40, 20),
    }
    world = made(files, 200)
    assert objective(world).progress == Fraction(1, 4)
    assert both(world, "top") == (Fraction(1, 4), Fraction(1, 4))


def test_a_closed_parent_counts_a_running_child_as_it_stood_on_closing() -> None:
    files = {
        **CLOSED,
        "periods/year.md": period(0, 364),
        "goal.md": goal(),
        "child.md": goal("a, start: 0, target: 20", fields="period: year; parent: goal"),
        "check-ins/x.md": said(90, "child/a: 5"),
        "check-ins/y.md": said(150, "child/a: 20"),
        "check-ins/u.md": said(1),
        "check-ins/v.md": said(1),
        "check-ins/w.md": said(1),
    }
    world = made(files, 200)
    assert objective(world, "child").progress == 1
    assert both(world, "goal") == (Fraction(1, 4), Fraction(1, 4))
    assert errors(world) == []
