"""Amendments: what was promised on which day, and what is wrong with one."""

from datetime import date
from fractions import Fraction

import pytest

from okrsite.okr.pipeline import Book
from tests.okr.texts import amended, errors, goal, kr, made, objective, on, said

# The definition says what holds now: the target fell from 40 by way of 30 to 20.
EASED = {
    "goal.md": goal("a, start: 0, target: 20", "b, start: 0, target: 20, weight: 3"),
    "amendments/one.md": amended(20, "goal/a", "target", 40, 30),
    "amendments/two.md": amended(60, "goal/a", "target", 30, 20),
    "check-ins/w.md": said(10, "goal/a: 10", "goal/b: 10"),
}


def targets(world: Book, ref: str = "goal/a") -> list[Fraction | None]:
    terms = world.world.terms_of(ref)
    return [terms.on(date.fromisoformat(on(day))).target for day in (0, 19, 20, 59, 60, 100)]


def test_each_day_has_the_wording_of_that_day() -> None:
    assert targets(made(EASED, 100)) == [40, 40, 30, 30, 20, 20]
    assert targets(made(EASED, 100), "goal/b") == [20] * 6
    assert made(EASED, 100).world.terms_of("goal/a").first().target == 40


@pytest.mark.parametrize(
    ("day", "progress"), [(15, "1/4"), (20, "1/3"), (59, "1/3"), (60, "1/2"), (100, "1/2")]
)
def test_progress_is_against_what_is_asked_on_the_day(day: int, progress: str) -> None:
    world = made(EASED, day)
    assert kr(world).progress == Fraction(progress)
    assert kr(world).promised == Fraction(1, 4)
    assert kr(world).first.target == 40


def test_what_was_promised_first_rolls_up_as_well() -> None:
    world = made(EASED, 100)
    assert objective(world).progress == Fraction(1, 2)
    assert objective(world).promised == (Fraction(1, 4) + 3 * Fraction(1, 2)) / 4


def test_what_is_added_up_from_other_goals_is_promised_by_them() -> None:
    above = {"top.md": goal("all, from: objectives"), "goal.md": EASED["goal.md"]}
    below = {
        **EASED,
        "goal.md": above["goal.md"].replace("period: q", "period: q\nparent: top/all"),
    }
    world = made({**above, **below}, 100)
    assert kr(world, "top/all").promised == objective(world, "top").promised
    assert kr(world, "top/all").promised == objective(world).promised


@pytest.mark.parametrize(
    ("row", "field", "was", "now", "before"),
    [
        ("start: 5, target: 20", "start", 0, 5, "1/2"),
        ("start: 0, target: 20", "target", "unknown", 20, None),
        ("start: 0, target: 20", "target", 40, 20, "1/4"),
        ("at_least: 5", "at_least", 15, 5, "0"),
        ("at_most: 12", "at_most", 9, 12, "0"),
        ("between: [5, 12]", "between", "[11, 12]", "[5, 12]", "0"),
    ],
)
def test_every_field_that_makes_a_number_is_undone(
    row: str, field: str, was: object, now: object, before: str | None
) -> None:
    files = {
        "goal.md": goal(f"a, {row}"),
        "amendments/x.md": amended(50, "goal/a", field, was, now),
        "check-ins/w.md": said(10, "goal/a: 10"),
    }
    world = made(files, 100)
    assert errors(world, "OKR109") == []
    early = made(files, 49)
    assert kr(early).progress == (None if before is None else Fraction(before))
    assert kr(early).progress == kr(world).promised != kr(world).progress


def test_a_weight_that_was_amended_counts_from_its_day_on() -> None:
    files = {
        "goal.md": goal("a, start: 0, target: 10, weight: 3", "b, start: 0, target: 10"),
        "amendments/x.md": amended(50, "goal/a", "weight", 1, 3),
        "check-ins/w.md": said(10, "goal/a: 10", "goal/b: 0"),
    }
    assert objective(made(files, 49)).progress == Fraction(1, 2)
    assert objective(made(files, 50)).progress == Fraction(3, 4)
    assert objective(made(files, 50)).promised == Fraction(1, 2)


def test_so_does_the_weight_of_an_objective_in_its_parent() -> None:
    files = {
        "top.md": goal(),
        "x.md": goal("a, start: 0, target: 10", fields="parent: top; weight: 3"),
        "y.md": goal("a, start: 0, target: 10", fields="parent: top"),
        "amendments/x.md": amended(50, "x", "weight", 1, 3),
        "check-ins/w.md": said(10, "x/a: 10", "y/a: 0"),
    }
    assert objective(made(files, 49), "top").progress == Fraction(1, 2)
    late = objective(made(files, 50), "top")
    assert (late.progress, late.promised) == (Fraction(3, 4), Fraction(1, 2))
    assert [part.weight for part in late.parts] == [3, 1]


def test_a_due_day_and_a_plan_that_were_amended_move_what_is_expected() -> None:
    files = {
        "goal.md": goal(
            f"a, start: 0, target: 10, due: {on(80)}",
            f"b, start: 0, target: 10, plan: {{{on(40)}: 8}}",
        ),
        "amendments/due.md": amended(41, "goal/a", "due", on(50), on(80)),
        "amendments/plan.md": amended(41, "goal/b", "plan", f"{{{on(40)}: 2}}", f"{{{on(40)}: 8}}"),
    }
    assert [kr(made(files, 40), f"goal/{x}").expected for x in "ab"] == [
        Fraction(4, 5),
        Fraction(1, 5),
    ]
    after = [kr(made(files, 44), f"goal/{x}").expected for x in "ab"]
    assert after == [Fraction(44, 80), Fraction(8, 10) + Fraction(4, 60) * Fraction(2, 10)]


def test_two_amendments_of_one_day_are_one_step() -> None:
    files = {
        "goal.md": goal("a, start: 0, target: 20"),
        "amendments/a.md": amended(20, "goal/a", "target", 40, 30),
        "amendments/b.md": amended(20, "goal/a", "target", 30, 20),
    }
    assert errors(made(files, 100)) == []
    assert targets(made(files, 100)) == [40, 40, 20, 20, 20, 20]


@pytest.mark.parametrize(
    ("amendment", "place", "words"),
    [
        (
            amended(20, "goal/a", "target", 40, 25),
            "7:6",
            "`now` is `25`, but the definition says `20`",
        ),
        (amended(20, "goal/a", "target", 40, 18.5), "7:6", "`18.5`"),
        (amended(20, "goal/a", "tarket", 40, 20), "5:8", "`tarket` is not a field that is amended"),
        (amended(20, "goal", "target", 40, 20), "5:8", "`target` is not a field"),
        (amended(20, "goal/a", "target", "1,000", 20), "6:6", "`was`: `1,000` is not a number"),
        (amended(20, "goal/a", "target", None, 20), "2:1", "`was`: is missing"),
        (amended(20, "goal/a", "target", 40, None), "2:1", "`now`: is missing"),
        (amended(20, "goal/a", "weight", None, 1), "2:1", "`was`: is missing"),
        (
            amended(20, "goal/a", "between", "[1, 2.5]", "[1, 3.5]"),
            "7:6",
            "`[1, 3.5]`, but the definition says unknown",
        ),
        (amended(20, "goal/a", "due", "soon", on(9)), "6:6", "`soon` is not a day"),
    ],
    ids=lambda value: value.partition("field: ")[2].partition("\nWhy")[0] or value,
)
def test_what_is_wrong_with_an_amendment(amendment: str, place: str, words: str) -> None:
    world = made({"goal.md": goal("a, start: 0, target: 20"), "amendments/x.md": amendment})
    (found,) = [f for f in world.findings if f.code == "OKR109"]
    assert f"{found.line}:{found.column}" == place
    assert words in found.message


def test_a_chain_that_does_not_meet_is_told_at_its_first_half() -> None:
    files = {**EASED, "amendments/two.md": amended(60, "goal/a", "target", 35, 20)}
    (found,) = [f for f in made(files, 100).findings if f.code == "OKR109"]
    assert (found.path, found.line) == ("amendments/one.md", 7)
    assert "the next amendment says `35`" in found.message


def test_a_later_amendment_is_no_mismatch_of_today() -> None:
    assert errors(made(EASED, 30), "OKR109") == []
    assert targets(made(EASED, 30)) == [40, 40, 30, 30, 30, 30]


@pytest.mark.parametrize("field", ["title", "scope", "metric", "milestones"])
def test_words_may_be_amended_too_and_move_no_number(field: str) -> None:
    files = {**EASED, "amendments/three.md": amended(30, "goal/a", field, "Old", "New")}
    world = made(files, 100)
    assert errors(world, "OKR109") == []
    assert kr(world).progress == Fraction(1, 2)
    assert [c.field for c in world.world.goalposts["goal/a"]] == ["target", field, "target"]
