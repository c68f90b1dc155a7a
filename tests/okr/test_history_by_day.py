"""Any past day can be rebuilt from today's files: what was known then, and nothing later."""

from collections.abc import Mapping

import pytest

from okrsite.okr.progress import key_result_progress, objective_progress
from okrsite.portal.data import export
from tests.okr.texts import amended, goal, made, on, period, said, text

# What happened on each day: files that were added, and those that were edited with them.
STORY: Mapping[int, Mapping[str, str]] = {
    0: {
        "top.md": goal("all, from: objectives", fields="progress_from: both"),
        "goal.md": goal("a, start: 0, target: 40", "b, from: i", "c, from: initiatives",
                        fields="parent: top/all"),
        "child.md": goal("m, milestones: [{id: x, title: X}, {id: y, title: Y}]",
                         fields="parent: top; weight: 1"),
        "kpis/i.md": text("title: KPI", "at_least: 5"),
        "initiatives/work.md": text("title: Work", "contributes_to: goal/c", f"due: {on(50)}"),
        "teams/core.md": text("title: Core"),
    },
    10: {"check-ins/c10.md": said(10, "goal/a: 10", "child/m: {done: x}", fields="kpis: {i: 6}")},
    15: {"check-ins/c15.md": said(15, "goal/a: {value: 12, confidence: 0.4, status: at-risk}")},
    20: {
        "amendments/a20.md": amended(20, "goal/a", "target", 40, 30),
        "goal.md": goal("a, start: 0, target: 30", "b, from: i", "c, from: initiatives",
                        fields="parent: top/all"),
    },
    25: {"check-ins/c25.md": said(25, "goal/a: 20", fields="corrects: c10")},
    30: {
        "amendments/a30.md": amended(30, "child", "weight", 1, 3),
        "child.md": goal("m, milestones: [{id: x, title: X}, {id: y, title: Y}]",
                         fields="parent: top; weight: 3"),
    },
    35: {"check-ins/c35.md": said(35, fields="kpis: {i: 4}; initiatives: {work: done}")},
    40: {
        "amendments/a40.md": amended(40, "goal/a", "target", 30, 20),
        "amendments/b40.md": amended(40, "goal/a", "plan", None, f"{{{on(50)}: 15}}"),
        "amendments/c40.md": amended(40, "work", "due", on(50), on(60)),
        "goal.md": goal(f"a, start: 0, target: 20, plan: {{{on(50)}: 15}}", "b, from: i",
                        "c, from: initiatives", fields="parent: top/all"),
        "initiatives/work.md": text("title: Work", "contributes_to: goal/c", f"due: {on(60)}"),
    },
    45: {"check-ins/c45.md": said(45, "goal/a: {status: dropped}", "child/m: {done: [y]}")},
    110: {"periods/q.md": period(0, 100, "state: closed", f"closed_on: {on(110)}")},
}  # fmt: skip
DAYS = sorted({day + more for day in STORY for more in (0, 1, 4)} | {-1, 100, 109, 111, 150})


def files_on(day: int) -> dict[str, str]:
    """The folder as it was in the evening of `day`."""
    files: dict[str, str] = {"periods/q.md": period()}
    for when, written in STORY.items():
        if when <= max(day, 0):
            files |= written
    return files


@pytest.mark.parametrize("day", DAYS)
def test_today_s_files_give_the_numbers_of_a_past_day(day: int) -> None:
    then, now = made(files_on(day), day), made(files_on(999), day)
    assert now.scorecard == then.scorecard
    assert now.flows == then.flows


@pytest.mark.parametrize("day", DAYS)
def test_and_say_the_same_to_a_reader(day: int) -> None:
    then, now = export(made(files_on(day), day)), export(made(files_on(999), day))
    for told in (then, now):
        for entry in (entry for part in told.values() if isinstance(part, list) for entry in part):
            entry.pop("line", None)  # a line is where it stands in today's file
    skipped = ("findings", "periods")  # a period's file has no day of its own
    assert {k: v for k, v in now.items() if k not in skipped} == {
        k: v for k, v in then.items() if k not in skipped
    }


@pytest.mark.parametrize("day", DAYS)
def test_no_finding_of_a_past_day_is_about_a_later_change(day: int) -> None:
    assert [f for f in made(files_on(999), day).findings if f.code in ("OKR105", "OKR109")] == []


def test_a_course_that_is_drawn_later_meets_the_numbers_of_its_days() -> None:
    """What no later word corrected is the same in the book of a later day."""
    last = made(files_on(45), 45)
    for day in (26, 34, 36, 39, 41, 44):
        then = made(files_on(day), day)
        for ref, score in then.scorecard.key_results.items():
            assert key_result_progress(last.world, ref, then.as_of) == score.progress, (ref, day)
        for name, whole in then.scorecard.objectives.items():
            assert objective_progress(last.world, name, then.as_of) == whole.progress, (name, day)
