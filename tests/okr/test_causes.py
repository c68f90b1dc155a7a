"""Why a number changed: the shares are exact, depend on no order, and belong to the right cause."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import permutations
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsite.okr.changes import causes
from okrsite.okr.changes.causes import NOTHING, Causes, Split, split
from okrsite.okr.changes.hybrid import hybrid
from okrsite.okr.pipeline import Book, add_up, book_of, load, read_all
from tests.okr.strategies import DAYS, Company, companies
from tests.okr.texts import amended, goal, made, on, period, said, text

TEAMS = {
    "teams/all.md": text("title: All"),
    "teams/some.md": text("title: Some", "parent: all"),
}
ZERO = Fraction(0)


def loaded(files: Mapping[str, str], day: int = 40, **options: object) -> Book:
    return made({**TEAMS, **files}, day, **options)


def placed(company: Company) -> dict[str, str]:
    """A company's files, with a team for every goal."""
    files = company.files()
    for number, name in enumerate(sorted(path for path in files if "/" not in path)):
        team = "all" if number % 2 else "some"
        files[name] = files[name].replace("title: Goal\n", f"title: Goal\nteam: {team}\n")
    return files


def progress(book: Book) -> dict[object, Fraction]:
    """Every number that is split, with no data as 0."""
    card = book.scorecard
    groups = (card.key_results, card.objectives, card.teams)
    return {key: one.progress or ZERO for scores in groups for key, one in scores.items()}


def shares(found: Causes) -> dict[object, Split]:
    groups = (found.key_results, found.objectives, found.teams)
    return {key: share for each in groups for key, share in each.items()}


few = settings(deadline=None, max_examples=40)


@few
@given(companies(), companies(), DAYS, DAYS)
def test_the_shares_sum_to_the_change_of_every_number(
    one: Company, two: Company, before: int, after: int
) -> None:
    base = loaded(placed(one), before, policy=one.policy)
    head = loaded(placed(two), after, policy=two.policy)
    was, now, found = progress(base), progress(head), shares(split(base, head))
    assert found.keys() == was.keys() & now.keys()
    for key, share in found.items():
        assert share.total == now[key] - was[key], key


@few
@given(companies(), companies(), DAYS, DAYS)
def test_back_again_the_shares_are_the_same_with_the_other_sign(
    one: Company, two: Company, before: int, after: int
) -> None:
    base = loaded(placed(one), before, policy=one.policy)
    head = loaded(placed(two), after, policy=two.policy)
    there, back = shares(split(base, head)), shares(split(head, base))
    for key, share in there.items():
        assert (-share.work, -share.goalposts, -share.time) == (
            back[key].work,
            back[key].goalposts,
            back[key].time,
        )


@few
@given(companies(), DAYS, DAYS)
def test_where_only_the_day_differs_time_is_the_only_cause(
    company: Company, before: int, after: int
) -> None:
    base, head = (loaded(placed(company), day, policy=company.policy) for day in (before, after))
    for share in shares(split(base, head)).values():
        assert share.work == share.goalposts == 0


@few
@given(companies(), DAYS, st.integers(0, 100))
def test_where_only_check_ins_differ_work_is_the_only_cause(
    company: Company, day: int, until: int
) -> None:
    files = placed(company)
    early = {p: t for p, t in files.items() if not p.startswith("check-ins/")}
    base = loaded({**early, **company.check_ins(until)}, day, policy=company.policy)
    head = loaded(files, day, policy=company.policy)
    for share in shares(split(base, head)).values():
        assert share.goalposts == share.time == 0


CASCADE = {
    "top.md": goal("own, start: 0, target: 10", "below, from: objectives", fields="team: all"),
    "mid.md": goal(fields="team: some; parent: top/below"),
    "low.md": goal("a, start: 0, target: 100", fields="team: some; parent: mid"),
    "check-ins/a.md": said(10, "low/a: 40", "top/own: 5"),
}


def test_a_change_goes_up_through_three_levels_with_its_split() -> None:
    """By hand: 40/100 → 60/80. Work first +20, then +15; goalposts first +10, then +15."""
    low = goal("a, start: 0, target: 80", fields="team: some; parent: mid")
    after = {**CASCADE, "low.md": low, "check-ins/b.md": said(20, "low/a: 60")}
    found = split(loaded(CASCADE), loaded(after))
    work = (Fraction(60 - 40, 100) + Fraction(60 - 40, 80)) / 2
    posts = (Fraction(40, 80) - Fraction(40, 100) + Fraction(60, 80) - Fraction(60, 100)) / 2
    whole = Split(work, posts)
    half = Split(work / 2, posts / 2)
    assert found.key_results["low/a"] == found.objectives["low"] == whole
    assert found.objectives["mid"] == found.key_results["top/below"] == whole
    assert found.objectives["top"] == found.teams["all", "q"] == half
    assert found.teams["some", "q"] == whole
    assert found.key_results["top/own"] == NOTHING


def test_the_shares_are_the_mean_over_all_orders() -> None:
    """The definition itself, written out: each order applies one cause after the other."""
    after = {
        **CASCADE,
        "low.md": goal("a, start: 20, target: 80, weight: 2", fields="parent: mid; team: some"),
        "check-ins/b.md": said(50, "low/a: 60"),
    }
    base, head = loaded(CASCADE, 40), loaded(after, 60)
    effects: dict[str, list[Fraction]] = {"work": [], "goalposts": [], "time": []}
    for order in permutations(effects):
        now = {"work": CASCADE, "goalposts": CASCADE, "time": 40}
        for cause in order:
            before = _low(now)
            now = {**now, cause: 60 if cause == "time" else after}
            effects[cause].append(_low(now) - before)
    means = {cause: sum(found, ZERO) / len(found) for cause, found in effects.items()}
    assert split(base, head).objectives["low"] == Split(**means)
    assert means["time"] != 0


def _low(state: Mapping[str, object]) -> Fraction:
    goals, words, day = state["goalposts"], state["work"], state["time"]
    assert isinstance(goals, dict) and isinstance(words, dict) and isinstance(day, int)
    files = {path: t for path, t in goals.items() if not path.startswith("check-ins/")}
    files |= {path: t for path, t in words.items() if path.startswith("check-ins/")}
    return loaded(files, day).scorecard.objectives["low"].progress or ZERO


def test_causes_that_undo_each_other_are_both_told() -> None:
    before = {"goal.md": goal("a, start: 0, target: 100"), "check-ins/a.md": said(9, "goal/a: 50")}
    after = {"goal.md": goal("a, start: 0, target: 80"), "check-ins/a.md": said(9, "goal/a: 40")}
    share = split(made(before), made(after)).objectives["goal"]
    assert share.total == 0
    assert share.work == -share.goalposts != 0
    assert not share.is_nothing


def test_no_data_counts_as_nothing() -> None:
    before = {"goal.md": goal("a, start: 0, target: 100")}
    after = {**before, "check-ins/a.md": said(9, "goal/a: 50")}
    assert split(made(before), made(after)).objectives["goal"] == Split(work=Fraction(1, 2))


def test_what_one_side_does_not_have_is_not_split() -> None:
    before = {"goal.md": goal("a, start: 0, target: 100"), "old.md": goal("a, at_least: 1")}
    after = {"goal.md": goal("b, start: 0, target: 100"), "new.md": goal("a, at_least: 1")}
    found = split(made(before), made(after))
    assert set(found.objectives) == {"goal"}
    assert set(found.key_results) == set()


def test_a_check_in_of_a_key_result_that_is_new_is_work() -> None:
    """With the goals of before it speaks of nothing, and so counts for nothing."""
    before = {"goal.md": goal("a, start: 0, target: 10"), "check-ins/a.md": said(9, "goal/a: 5")}
    after = {
        "goal.md": goal("a, start: 0, target: 10", "b, start: 0, target: 10"),
        "check-ins/a.md": before["check-ins/a.md"],
        "check-ins/b.md": said(10, "goal/b: 10"),
    }
    share = split(made(before), made(after)).objectives["goal"]
    assert share.total == Fraction(1, 4)
    # The new key result takes 25 points where nothing was said of it, and gives 25 where it was.
    assert (share.work, share.goalposts) == (Fraction(1, 4), ZERO)


def test_an_initiatives_own_state_is_work_and_its_goals_are_goalposts() -> None:
    goals = {"goal.md": goal("a, from: initiatives")}
    one, two = text("title: W"), text("title: W", "contributes_to: goal/a")
    done = text("title: W", "contributes_to: goal/a", "state: done")
    base = made({**goals, "initiatives/w.md": two})
    assert split(base, made({**goals, "initiatives/w.md": done})).objectives["goal"] == Split(
        work=Fraction(1)
    )
    both = split(
        made({**goals, "initiatives/w.md": one}), made({**goals, "initiatives/w.md": done})
    )
    assert both.objectives["goal"] == Split(Fraction(1, 2), Fraction(1, 2))


def test_policy_is_a_goalpost() -> None:
    files = {"goal.md": goal("a, at_least: 5"), "check-ins/a.md": said(9, "goal/a: 5")}
    found = split(made(files), made(files, policy={"bounds": "strict"}))
    assert found.objectives["goal"] == Split(goalposts=Fraction(-1))


def test_a_field_that_is_only_named_can_decide_too() -> None:
    """`target: unknown` beside a bound leaves the key result without a measure."""
    before = {"goal.md": goal("a, at_least: 5"), "check-ins/a.md": said(9, "goal/a: 5")}
    after = {**before, "goal.md": goal("a, at_least: 5, target: unknown")}
    assert split(made(before), made(after)).objectives["goal"] == Split(goalposts=Fraction(-1))


def test_an_amendment_of_a_day_to_come_is_a_goalpost_of_that_day() -> None:
    before = {"goal.md": goal("a, start: 0, target: 10"), "check-ins/a.md": said(9, "goal/a: 5")}
    after = {
        **before,
        "goal.md": goal("a, start: 0, target: 5"),
        "amendments/x.md": amended(60, "goal/a", "target", 10, 5),
    }
    assert split(made(before, 40), made(after, 40)).objectives["goal"] == NOTHING
    assert split(made(before, 70), made(after, 70)).objectives["goal"].goalposts == Fraction(1, 2)


# --- no more is scored than must be --------------------------------------------------------------

WORDS = {"check-ins/b.md": said(20, "low/a: 60")}
GOALS = {"low.md": goal("a, start: 0, target: 9", fields="parent: mid")}
PROSE = {"low.md": CASCADE["low.md"] + "More."}
SCORINGS = {
    "nothing": (dict[str, str](), 40, 0, 0),
    "check-ins": (WORDS, 40, 0, 0),
    "goals": (GOALS, 40, 0, 0),
    "prose and check-ins": ({**PROSE, **WORDS}, 40, 0, 0),
    "both": ({**GOALS, **WORDS}, 40, 2, 0),
    "both and time": ({**GOALS, **WORDS}, 50, 0, 6),
}


@pytest.mark.parametrize("name", SCORINGS)
def test_no_more_is_scored_than_must_be(name: str) -> None:
    more, day, few, all_ = SCORINGS[name]
    base = loaded(CASCADE)
    sources = {
        path if "/" in path else f"objectives/{path}": words.encode()
        for path, words in more.items()
    }
    parsed = read_all({**base.parsed.raw, **sources}, known=base.parsed)
    head = book_of(parsed, base.settings, date.fromisoformat(on(day)))
    with (
        patch.object(causes, "add_up", wraps=add_up) as whole,
        patch.object(causes, "hybrid", wraps=hybrid) as part,
    ):
        split(base, head)
    assert (part.call_count, whole.call_count) == (few, all_)


def both_ways(base: Book, head: Book) -> tuple[Causes, Causes]:
    """The split by scoring only what is reached, and by scoring everything."""
    few = split(base, head)
    with patch.object(causes, "_is_local", lambda *_: False):
        return few, split(base, head)


@settings(deadline=None, max_examples=150)
@given(companies(), companies(), st.randoms(use_true_random=False), DAYS)
def test_scoring_only_what_is_reached_gives_the_same(
    one: Company, two: Company, random: Random, day: int
) -> None:
    """The second state takes each file from one company or the other, or from none."""
    first, other = placed(one), placed(two)
    second = {
        path: texts[path]
        for path in first.keys() | other.keys()
        if path in (texts := random.choice((first, first, first, other)))
    }
    corrected = [path for path in second if path.startswith("check-ins/")]
    for path in corrected[: random.randrange(3)]:
        whose = random.choice(corrected).removeprefix("check-ins/").removesuffix(".md")
        second[path] = second[path].replace("author: Ana", f"author: Ana\ncorrects: {whose}")
    base, head = (loaded(files, day, policy=one.policy) for files in (first, second))
    few, all_ = both_ways(base, head)
    assert few == all_
    few, all_ = both_ways(head, base)
    assert few == all_


LINE = "k, start: 0, target: 10, unit: u"
REACHES: dict[str, dict[str, str | None]] = {
    "a period that closes": {
        "periods/q.md": period(0, 30, "state: closed", f"closed_on: {on(30)}")
    },
    "a KPI that is gone": {"kpis/level.md": None},
    "a KPI's bound": {"kpis/level.md": text("title: L", "at_least: 99")},
    "an initiative's goal": {"initiatives/work.md": text("title: W", "contributes_to: g0/m")},
    "an initiative that is gone": {"initiatives/work.md": None},
    "a team that is gone": {"teams/some.md": None},
    "a parent elsewhere": {"g1.md": goal(LINE, fields="parent: g0/n")},
    "another target": {"g2.md": goal("k, start: 0, target: 20, unit: u", fields="parent: g0/s")},
    "a field that is only named": {"y.md": goal("k, at_least: 5, target: unknown")},
    "another measure": {"g2.md": goal("k, done_when: Live", fields="parent: g0/n")},
    "an amended weight": {
        "g1.md": goal(LINE, fields="parent: g0/s; weight: 3"),
        "amendments/a.md": amended(30, "g1", "weight", 1, 3),
    },
    "an amendment to come": {"amendments/a.md": amended(60, "g1/k", "target", 20, 10)},
    "a correction that is gone": {"check-ins/c.md": None},
    "a first word that is gone": {"check-ins/a.md": None},
    "a first word of another day": {"check-ins/a.md": said(28, "g2/k: 4")},
    "another key result with the unit": {
        "g1.md": goal(LINE, "j, start: 0, target: 9, unit: u", fields="parent: g0/s"),
    },
}
REACHED: dict[str, str] = {
    "g0.md": goal(
        "s, from: objectives, start: 0, target: 50, unit: u",
        "n, from: objectives",
        "m, from: initiatives",
        "l, from: level",
        fields="team: all",
    ),
    "g1.md": goal(LINE, fields="parent: g0/s; team: some"),
    "g2.md": goal(LINE, fields="parent: g0/s"),
    "y.md": goal("k, at_least: 5"),
    "z.md": goal(LINE),
    "kpis/level.md": text("title: L", "at_least: 3"),
    "initiatives/work.md": text("title: W", "contributes_to: g0/n"),
    # What corrects a word speaks for its day: c and f for that of a, the tenth.
    "check-ins/a.md": said(10, "g2/k: 4"),
    "check-ins/b.md": said(20, "g1/k: 5", "g2/k: 6", fields="kpis: {level: 4}"),
    "check-ins/c.md": said(25, "g1/k: 7", fields="corrects: a"),
    "check-ins/d.md": said(35, "g1/j: 7", "y/k: 7", fields="initiatives: {work: done}"),
    "check-ins/f.md": said(37, "g2/k: 3", fields="corrects: c"),
}


@pytest.mark.parametrize("name", REACHES)
@pytest.mark.parametrize("said_too", ["g2/k: 9", "g1/k: 1", "g1/j: 2"])
def test_a_difference_reaches_what_it_should(name: str, said_too: str) -> None:
    """In the midst of other work and another goalpost, so that both are causes."""
    after: dict[str, str | None] = {
        **REACHED,
        "z.md": goal("k, start: 0, target: 5"),
        **REACHES[name],
        "check-ins/e.md": said(38, said_too),
    }
    head = loaded({path: told for path, told in after.items() if told is not None})
    for one, two in ((loaded(REACHED), head), (head, loaded(REACHED))):
        few, all_ = both_ways(one, two)
        assert few == all_


def test_an_amendment_after_closing_reaches_the_number_of_the_closing_day() -> None:
    closed = {**REACHED, "periods/q.md": period(0, 30, "state: closed", f"closed_on: {on(30)}")}
    base = loaded(closed)
    late = {"amendments/a.md": amended(35, "g1/k", "target", 20, 10)}
    head = loaded({**closed, **late, "check-ins/e.md": said(29, "y/k: 9")})
    few, all_ = both_ways(base, head)
    assert few == all_
    assert few.objectives["g1"].goalposts != 0 != few.objectives["y"].work


def test_books_that_were_read_apart_are_compared_the_same() -> None:
    base, head = loaded(CASCADE), loaded({**CASCADE, **WORDS, **GOALS})
    again = load(dict(head.parsed.raw), head.settings, head.as_of)
    assert split(base, head) == split(base, again)
