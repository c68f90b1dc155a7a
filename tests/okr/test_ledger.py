"""Check-ins become series: corrections, late and future words, and those that do not fit."""

from datetime import date
from fractions import Fraction

import pytest

from okrsite.okr.pipeline import Book
from tests.okr.texts import errors, goal, kr, made, on, period, said, text

GOAL = {"goal.md": goal("a, start: 0, target: 10", "b, start: 0, target: 10")}


def values(world: Book, ref: str = "goal/a") -> list[tuple[int, object]]:
    first = date.fromisoformat(on(0))
    return [((e.day - first).days, e.value) for e in world.ledger.entries.get(ref, ())]


def test_a_series_is_in_the_order_of_its_days_whatever_the_files_are_called() -> None:
    files = {"check-ins/z.md": said(10, "goal/a: 1"), "check-ins/a.md": said(30, "goal/a: 3")}
    files |= {"check-ins/m.md": said(20, "goal/a: 2")}
    assert values(made({**GOAL, **files})) == [(10, 1), (20, 2), (30, 3)]


def test_of_one_day_the_last_by_name_is_the_newest() -> None:
    files = {"check-ins/a.md": said(10, "goal/a: 1"), "check-ins/b.md": said(10, "goal/a: 2")}
    assert kr(made({**GOAL, **files})).value == 2


def test_the_tenth_of_one_day_comes_after_the_second() -> None:
    names = ("ana", *(f"ana-{n}" for n in range(2, 12)))
    files = {f"check-ins/{name}.md": said(10, f"goal/a: {n}") for n, name in enumerate(names)}
    assert [value for _, value in values(made({**GOAL, **files}))] == [*range(11)]


def test_what_is_dated_later_is_not_known() -> None:
    files = {"check-ins/a.md": said(10, "goal/a: 1"), "check-ins/b.md": said(41, "goal/a: 2")}
    world = made({**GOAL, **files}, 40)
    assert values(world) == [(10, 1)]
    assert [item.id for item in world.ledger.check_ins] == ["a"]
    assert values(made({**GOAL, **files}, 41)) == [(10, 1), (41, 2)]


def test_a_correction_speaks_for_the_day_it_corrects_and_only_of_what_it_names() -> None:
    files = {
        "check-ins/a.md": said(10, "goal/a: 1", "goal/b: 1"),
        "check-ins/b.md": said(20, "goal/a: 2"),
        "check-ins/c.md": said(30, "goal/a: 7", fields="corrects: a"),
    }
    world = made({**GOAL, **files})
    assert values(world) == [(10, 7), (20, 2)]
    assert values(world, "goal/b") == [(10, 1)]
    assert kr(world).value == 2
    assert values(made({**GOAL, **files}, 29)) == [(10, 1), (20, 2)]


CHAIN = {
    "check-ins/m.md": said(10, "goal/a: 1", "goal/b: 1"),
    "check-ins/b.md": said(20, "goal/b: 2", fields="corrects: m"),
    "check-ins/a.md": said(20, "goal/a: 3", fields="corrects: b"),
}


def test_a_correction_of_a_correction_reaches_the_first() -> None:
    world = made({**GOAL, **CHAIN})
    assert values(world) == [(10, 3)]
    assert values(world, "goal/b") == [(10, 2)]


def test_of_two_corrections_the_newer_counts_once() -> None:
    kept = {"goal.md": goal("a, at_least: 1")}
    files = {
        "check-ins/a.md": said(10, "goal/a: 1"),
        "check-ins/b.md": said(20, "goal/a: 2", fields="corrects: a"),
        "check-ins/c.md": said(30, "goal/a: 3", fields="corrects: a"),
    }
    world = made({**kept, **files}, policy={"keep": "share"})
    assert values(world) == [(10, 3)]
    assert kr(world).progress == Fraction(1, 14)


def test_a_correction_of_the_same_day_wins_whatever_it_is_called() -> None:
    files = {
        "check-ins/weekly.md": said(10, "goal/a: 1"),
        "check-ins/fix.md": said(10, "goal/a: 2", fields="corrects: weekly"),
    }
    assert values(made({**GOAL, **files})) == [(10, 2)]


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    files = {
        "check-ins/a.md": said(10, "goal/a: 1"),
        "check-ins/b.md": said(10, "goal/a: 5"),
        "check-ins/c.md": said(30, "goal/a: 2", fields="corrects: a"),
    }
    assert values(made({**GOAL, **files})) == [(10, 2), (10, 5)]


def test_a_kpi_and_an_initiative_of_one_name_are_two_subjects() -> None:
    files = {
        "kpis/uptime.md": text("title: Uptime"),
        "initiatives/uptime.md": text("title: Raise uptime"),
        "check-ins/a.md": said(10, fields="kpis: {uptime: 99}; initiatives: {uptime: doing}"),
        "check-ins/b.md": said(20, fields="corrects: a; kpis: {uptime: 98}"),
    }
    world = made(files)
    assert [r.value for r in world.ledger.readings["uptime"]] == [98]
    assert [s.state for s in world.ledger.steps["uptime"]] == ["doing"]


CLOSED = {"periods/q.md": period(0, 100, "state: closed", f"closed_on: {on(110)}")}


def test_a_word_between_the_end_and_the_closing_counts_and_is_late() -> None:
    files = {"check-ins/a.md": said(100, "goal/a: 1"), "check-ins/b.md": said(110, "goal/a: 2")}
    world = made({**GOAL, **CLOSED, **files}, 200)
    assert values(world) == [(100, 1), (110, 2)]
    assert [entry.late for entry in world.ledger.entries["goal/a"]] == [False, True]
    assert kr(world).value == 2


def test_a_word_after_the_closing_counts_no_more() -> None:
    files = {"check-ins/a.md": said(90, "goal/a: 1"), "check-ins/b.md": said(111, "goal/a: 2")}
    world = made({**GOAL, **CLOSED, **files}, 200)
    assert errors(world) == ["check-ins/b.md:5:11 OKR107"]
    assert values(world) == [(90, 1)]


def test_nor_does_a_correction_after_the_closing_take_anything_back() -> None:
    files = {
        "check-ins/a.md": said(90, "goal/a: 1"),
        "check-ins/b.md": said(111, "goal/a: 2", fields="corrects: a"),
    }
    world = made({**GOAL, **CLOSED, **files}, 200)
    assert errors(world, "OKR107") == ["check-ins/b.md:6:11 OKR107"]
    assert values(world) == [(90, 1)]


def test_a_late_correction_of_an_early_word_is_not_late() -> None:
    files = {
        "check-ins/a.md": said(90, "goal/a: 1"),
        "check-ins/b.md": said(105, "goal/a: 2", fields="corrects: a"),
    }
    world = made({**GOAL, **CLOSED, **files}, 200)
    (entry,) = world.ledger.entries["goal/a"]
    assert entry.value == 2
    assert not entry.late


MEASURES = {
    "measured": "a, start: 0, target: 10",
    "bound": "a, at_least: 5",
    "milestones": "a, milestones: [{id: one, title: One}, {id: two, title: Two}]",
    "done": "a, done_when: It is live",
    "objectives": "a, from: objectives",
    "initiatives": "a, from: initiatives",
    "kpi": "a, from: uptime",
}
FITS = {
    "measured": {"5"},
    "bound": {"5"},
    "milestones": {"{done: one}"},
    "done": {"true", "1"},
}
WORDS = ("5", "1", "true", "{done: one}", "{confidence: 0.5}", "{score: 0.7}")


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("word", WORDS)
def test_a_word_fits_its_measure_or_is_a_finding(measure: str, word: str) -> None:
    files = {
        "goal.md": goal(MEASURES[measure]),
        "kpis/uptime.md": text("title: Uptime", "at_least: 99"),
    }
    world = made({**files, "check-ins/a.md": said(10, f"goal/a: {word}")})
    numbers = {"measured", "bound", "done"} if word == "1" else set()
    fits = word in FITS.get(measure, ()) or measure in numbers or word in WORDS[-2:]
    assert errors(world) == ([] if fits else ["check-ins/a.md:5:11 OKR105"])
    assert len(world.ledger.entries.get("goal/a", ())) == int(fits)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("99.9", "Write it under `kpis:` as `uptime: 99.9`."),
        ("{value: 98, confidence: 0.5}", "Write it under `kpis:` as `uptime: 98`."),
        ("true", "Write its value under `kpis:`, for `uptime`."),
    ],
)
def test_a_value_of_a_kpi_is_told_where_it_belongs(word: str, hint: str) -> None:
    files = {
        "goal.md": goal(MEASURES["kpi"]),
        "kpis/uptime.md": text("title: Uptime", "at_least: 99"),
    }
    world = made({**files, "check-ins/a.md": said(10, f"goal/a: {word}")})
    assert [f.hint for f in world.findings if f.code == "OKR105"] == [hint]


def test_of_the_scores_somebody_typed_the_newest_counts_and_a_correction_mends_it() -> None:
    files = {
        "goal.md": goal("a, start: 0, target: 10"),
        "check-ins/a.md": said(10, "goal/a: {value: 4, score: 0.5}"),
        "check-ins/b.md": said(20, "goal/a: {value: 5, score: 0.9}"),
        "check-ins/c.md": said(30, "goal/a: 6"),
    }
    world = made(files)
    assert [e.score for e in world.ledger.entries["goal/a"]] == [
        Fraction(1, 2),
        Fraction(9, 10),
        None,
    ]
    assert (kr(world).said_score, kr(world).progress) == (Fraction(9, 10), Fraction(6, 10))
    mended = said(35, "goal/a: {value: 5, score: 0.8}", fields="corrects: b")
    assert kr(made({**files, "check-ins/d.md": mended})).said_score == Fraction(4, 5)
    taken_back = said(35, "goal/a: 5", fields="corrects: b")
    assert kr(made({**files, "check-ins/d.md": taken_back})).said_score == Fraction(1, 2)


def test_what_does_not_fit_costs_only_itself() -> None:
    files = {
        "goal.md": goal(MEASURES["milestones"]),
        "check-ins/a.md": said(10, "goal/a: {value: 3, done: [one, tow], confidence: 0.5}"),
    }
    world = made(files)
    assert errors(world) == ["check-ins/a.md:5:11 OKR105", "check-ins/a.md:5:34 OKR101"]
    (entry,) = world.ledger.entries["goal/a"]
    assert (entry.value, entry.done, entry.confidence) == (None, ("one",), Fraction(1, 2))
    assert "Did you mean `two`?" in [f.hint for f in world.findings]


def test_states_follow_each_other_and_a_block_ends_with_the_next_word() -> None:
    files = {
        "initiatives/i.md": text("title: I", "state: ready"),
        "check-ins/a.md": said(1, fields="initiatives: {i: {blocked: waiting}}"),
        "check-ins/b.md": said(2, fields="initiatives: {i: doing}"),
        "check-ins/c.md": said(3, fields="initiatives: {i: {blocked: ill}}"),
        "check-ins/d.md": said(4, fields="initiatives: {i: {state: done}}"),
    }
    steps = made(files).ledger.steps["i"]
    assert [(s.state, s.blocked) for s in steps] == [
        ("ready", "waiting"),
        ("doing", None),
        ("doing", "ill"),
        ("done", None),
    ]


def test_a_correction_without_a_state_has_that_of_its_own_day() -> None:
    files = {
        "initiatives/i.md": text("title: I"),
        "check-ins/a.md": said(1, fields="initiatives: {i: ready}"),
        "check-ins/b.md": said(5, fields="initiatives: {i: doing}"),
        "check-ins/c.md": said(9, fields="initiatives: {i: done}"),
        "check-ins/d.md": said(12, fields="corrects: b; initiatives: {i: {blocked: ill}}"),
    }
    steps = made(files).ledger.steps["i"]
    assert [(s.state, s.blocked) for s in steps] == [
        ("ready", None),
        ("ready", "ill"),
        ("done", None),
    ]
