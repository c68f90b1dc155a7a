"""Moved goalposts: which they are, whose, which way, and what each did to the objective."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from okrsite.okr.model import Amendment
from okrsite.okr.past.history import NO_HISTORY, History, history_of
from okrsite.okr.past.impact import Turn, effect_of
from okrsite.okr.past.moved import Move, moves
from okrsite.okr.past.promised import committed
from okrsite.okr.pipeline import Book
from okrsite.okr.sources import read_folder
from tests.git_repos import Goals, goal, repository
from tests.support import book

PATH = "objectives/quality.md"
PERIOD = (
    "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n"
    "committed_on: 2026-07-03\n---\n"
)
DRAFT = "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\n---\n"
VALUE = "---\ndate: 2026-07-15\nauthor: ana\nkey_results: {quality/bugs: 100}\n---\n"


def amendment(
    was: object, now: object, day: str = "2026-08-02", field: str = "target", of: str = "/bugs"
) -> str:
    return (
        f"---\ndate: {day}\nauthor: ana\nsubject: quality{of}\nfield: {field}\n"
        f"was: {was}\nnow: {now}\n---\nBecause.\n"
    )


@pytest.fixture
def goals(tmp_path: Path) -> Goals:
    made = repository(tmp_path / "goals")
    first = {PATH: goal(40), "periods/2026-q3.md": PERIOD, "check-ins/a.md": VALUE}
    made.commit("2026-07-01", first)
    return made


def begin(goals: Goals, files: Mapping[str, str]) -> None:
    """Put `files` into the first commit, with which the period was committed."""
    goals.write(files)
    goals.git("add", "-A")
    goals.git("commit", "-q", "--amend", "-m", "goals", day="2026-07-01")


def read(goals: Goals, as_of: str = "2026-08-20") -> Book:
    texts = {path: raw.decode() for path, raw in read_folder(goals.folder).items()}
    return book(texts, as_of)


def moved(goals: Goals, as_of: str = "2026-08-20") -> tuple[Move, ...]:
    return moves(read(goals, as_of), history_of(goals.folder))


def told(found: tuple[Move, ...]) -> list[tuple[str, str, object, object, bool]]:
    """Day, field, values, and whether somebody gave a reason."""
    return [(str(m.day), m.field, m.was, m.now, m.amendment is not None) for m in found]


def test_a_silent_change_is_a_row_with_its_effect(goals: Goals) -> None:
    commit = goals.commit("2026-08-02", {PATH: goal(60)}, who="Bo")
    (move,) = moved(goals)
    assert (move.day, move.who, move.subject) == (date(2026, 8, 2), "Bo", "quality/bugs")
    assert (move.field, move.was, move.now) == ("target", Fraction(40), Fraction(60))
    assert (move.turn, move.amendment, move.commit) == (Turn.EASIER, None, commit)
    assert (move.period, move.kind) == ("2026-q3", "objectives")
    assert move.effect is not None
    # (100 − 160) ÷ (40 − 160) and (100 − 160) ÷ (60 − 160)
    assert (move.effect.was, move.effect.now) == (Fraction(1, 2), Fraction(3, 5))


def test_an_amendment_in_the_same_or_a_later_commit_covers_it(goals: Goals) -> None:
    commit = goals.commit("2026-08-02", {PATH: goal(60)}, who="Bo")
    goals.commit("2026-08-05", {"amendments/x.md": amendment(40, 60)})
    (move,) = moved(goals)
    assert move.amendment is not None
    assert (move.day, move.who, move.commit) == (date(2026, 8, 2), "ana", commit)
    assert move.effect is not None
    assert (move.effect.was, move.effect.now) == (Fraction(1, 2), Fraction(3, 5))


@pytest.mark.parametrize(
    "wrong",
    [
        amendment(40, 55),
        amendment(160, 60, field="start"),
        amendment(40, 60, of=""),
    ],
)
def test_an_amendment_of_another_value_field_or_subject_does_not(goals: Goals, wrong: str) -> None:
    goals.commit("2026-08-02", {PATH: goal(60), "amendments/x.md": wrong})
    silent = [move for move in moved(goals) if move.amendment is None]
    assert [(m.field, m.was, m.now) for m in silent] == [("target", 40, 60)]


def test_an_amendment_tells_of_one_change_only(goals: Goals) -> None:
    goals.commit("2026-08-02", {PATH: goal(60), "amendments/x.md": amendment(40, 60)})
    goals.commit("2026-08-03", {PATH: goal(40)})
    goals.commit("2026-08-04", {PATH: goal(60)})
    assert told(moved(goals)) == [
        ("2026-08-04", "target", 40, 60, False),
        ("2026-08-03", "target", 60, 40, False),
        ("2026-08-02", "target", 40, 60, True),
    ]


def test_an_amendment_tells_of_several_steps_on_its_way(goals: Goals) -> None:
    goals.commit("2026-08-02", {PATH: goal(50)})
    goals.commit("2026-08-02", {PATH: goal(60), "amendments/x.md": amendment(40, 60)})
    assert told(moved(goals)) == [("2026-08-02", "target", 40, 60, True)]


def test_an_older_amendment_does_not_excuse_a_later_change_to_its_value(goals: Goals) -> None:
    goals.commit("2026-07-10", {PATH: goal(60), "amendments/x.md": amendment(50, 60, "2026-07-10")})
    goals.commit("2026-08-03", {PATH: goal(45)})
    goals.commit("2026-08-04", {PATH: goal(60)})
    silent = [move for move in moved(goals) if move.amendment is None]
    assert [(m.was, m.now) for m in silent] == [(45, 60), (60, 45)]


def test_an_amendment_from_before_git_excuses_nothing_that_git_has(goals: Goals) -> None:
    goals.commit("2026-07-05", {"amendments/x.md": amendment(50, 40, "2026-07-05")})
    goals.commit("2026-08-03", {PATH: goal(45)})
    goals.commit("2026-08-04", {PATH: goal(40)})
    assert told(moved(goals)) == [
        ("2026-08-04", "target", 45, 40, False),
        ("2026-08-03", "target", 40, 45, False),
        ("2026-07-05", "target", 50, 40, True),
    ]


def test_within_one_day_each_step_is_shown(goals: Goals) -> None:
    goals.commit("2026-08-02", {PATH: goal(60)})
    goals.commit("2026-08-02", {PATH: goal(40)})
    assert [(m.was, m.now) for m in moved(goals)] == [(60, 40), (40, 60)]


def test_amendments_count_without_git(goals: Goals) -> None:
    goals.write({PATH: goal(60), "amendments/x.md": amendment(40, 60)})
    (move,) = moves(read(goals), NO_HISTORY)
    assert (move.was, move.now, move.commit) == (40, 60, "")
    assert move.effect is not None
    assert (move.effect.was, move.effect.now) == (Fraction(1, 2), Fraction(3, 5))


# --- when a promise holds -----------------------------------------------------------------------


def test_before_the_commitment_nothing_was_promised(tmp_path: Path) -> None:
    goals = repository(tmp_path / "draft")
    goals.commit("2026-07-01", {PATH: goal(40), "periods/2026-q3.md": DRAFT})
    goals.commit("2026-07-02", {PATH: goal(60)})
    goals.commit("2026-07-05", {PATH: goal(70), "periods/2026-q3.md": PERIOD})
    assert moved(goals) == ()


def test_on_the_day_of_the_commitment_what_follows_it_counts(tmp_path: Path) -> None:
    goals = repository(tmp_path / "one-day")
    goals.commit("2026-07-03", {PATH: goal(40), "periods/2026-q3.md": PERIOD})
    goals.commit("2026-07-03", {PATH: goal(50)})
    assert [(m.was, m.now) for m in moved(goals)] == [(40, 50)]


def test_a_goal_is_promised_by_the_commit_that_first_has_both(tmp_path: Path) -> None:
    goals = repository(tmp_path / "later")
    goals.commit("2026-07-03", {"periods/2026-q3.md": PERIOD})
    goals.commit("2026-07-03", {PATH: goal(40)})
    goals.commit("2026-07-03", {PATH: goal(50)})
    assert [(m.was, m.now) for m in moved(goals)] == [(40, 50)]


def test_what_comes_to_the_main_line_at_once_was_never_promised_otherwise(goals: Goals) -> None:
    goals.git("checkout", "-q", "-b", "more")
    goals.commit("2026-07-10", {"objectives/speed.md": goal(40)})
    goals.commit("2026-07-11", {"objectives/speed.md": goal(50)})
    goals.git("checkout", "-q", "main")
    goals.merge("more", "2026-07-12")
    assert moved(goals) == ()


def test_a_clone_that_was_cut_off_has_what_came_after_its_end(goals: Goals, tmp_path: Path) -> None:
    goals.commit("2026-07-20", {PATH: goal(50)})
    goals.commit("2026-07-20", {PATH: goal(60)})
    clone = Goals(tmp_path / "clone")
    goals.git("clone", "-q", "--depth=2", f"file://{goals.root}", str(clone.root))
    assert [(m.was, m.now) for m in moved(clone)] == [(50, 60)]


def test_an_amendment_tells_of_the_commit_of_a_draft_too(tmp_path: Path) -> None:
    goals = repository(tmp_path / "draft")
    goals.commit("2026-07-01", {PATH: goal(40), "periods/2026-q3.md": DRAFT})
    commit = goals.commit("2026-08-02", {PATH: goal(60), "amendments/x.md": amendment(40, 60)})
    goals.commit("2026-08-02", {"periods/2026-q3.md": PERIOD})
    assert [(m.was, m.now, m.commit) for m in moved(goals)] == [(40, 60, commit)]


def test_a_draft_promises_nothing(tmp_path: Path) -> None:
    goals = repository(tmp_path / "draft")
    goals.commit("2026-07-01", {PATH: goal(40), "periods/2026-q3.md": DRAFT})
    goals.commit("2026-07-20", {PATH: goal(60)})
    assert moved(goals) == ()


def test_what_was_committed_is_not_taken_back_by_a_draft(goals: Goals) -> None:
    goals.commit("2026-07-20", {PATH: goal(60), "periods/2026-q3.md": DRAFT})
    found = {(move.subject, move.field) for move in moved(goals)}
    assert found == {("2026-q3", "state"), ("quality/bugs", "target")}


def test_without_a_date_the_commit_that_says_so_counts(tmp_path: Path) -> None:
    goals = repository(tmp_path / "undated")
    goals.commit("2026-07-02", {PATH: goal(40), "periods/2026-q3.md": DRAFT})
    goals.commit("2026-07-10", {PATH: goal(50)})
    no_date = DRAFT.replace("\n---\n", "\nstate: committed\n---\n")
    goals.commit("2026-07-10", {"periods/2026-q3.md": no_date})
    goals.commit("2026-07-10", {PATH: goal(60)}, who="Bo")
    assert [(m.was, m.now) for m in moved(goals)] == [(50, 60)]
    found = committed(read(goals).portfolio.periods["2026-q3"], history_of(goals.folder))
    assert found == date(2026, 7, 10)


def test_a_draft_in_between_takes_no_promise_back(goals: Goals) -> None:
    goals.commit("2026-07-10", {"periods/2026-q3.md": DRAFT})
    goals.commit("2026-07-11", {PATH: goal(60)})
    goals.commit("2026-07-12", {"periods/2026-q3.md": PERIOD})
    assert [(m.field, m.was, m.now) for m in moved(goals)] == [
        ("state", "draft", "committed"),
        ("target", 40, 60),
        ("state", "committed", "draft"),
    ]


def test_without_either_its_first_day_counts(goals: Goals) -> None:
    period = read(goals).portfolio.periods["2026-q3"].model_copy(update={"committed_on": None})
    found = committed(period, History())
    assert found == date(2026, 7, 1)


def test_what_is_later_than_the_day_is_not_known_yet(goals: Goals) -> None:
    goals.commit("2026-08-21", {PATH: goal(60)})
    assert moved(goals, "2026-08-20") == ()
    assert len(moved(goals, "2026-08-21")) == 1


# --- what counts, and which way it went ----------------------------------------------------------


def with_bugs(*lines: str) -> str:
    rest = "".join(f"    {line}\n" for line in lines)
    return (
        "---\ntitle: Quality\nperiod: 2026-q3\nkey_results:\n  - id: bugs\n    title: Bugs\n"
        f"{rest}---\n"
    )


UP = ("start: 0", "target: 200")
DOWN = ("start: 160", "target: 40")


@pytest.mark.parametrize(
    ("before", "after", "field", "turn"),
    [
        (DOWN, ("start: 160", "target: 60"), "target", Turn.EASIER),
        (DOWN, ("start: 160", "target: 30"), "target", Turn.HARDER),
        (DOWN, ("start: 160", "target: 170"), "target", Turn.OTHER),
        (DOWN, ("start: 160", "target: unknown"), "target", Turn.OTHER),
        (UP, ("start: 0", "target: 150"), "target", Turn.EASIER),
        (UP, ("start: 0", "target: 250"), "target", Turn.HARDER),
        (DOWN, ("start: 180", "target: 40"), "start", Turn.EASIER),
        (DOWN, ("start: 140", "target: 40"), "start", Turn.HARDER),
        (UP, ("start: 20", "target: 200"), "start", Turn.HARDER),
        (("at_least: 5",), ("at_least: 4",), "at_least", Turn.EASIER),
        (("at_least: 5",), ("at_least: 6",), "at_least", Turn.HARDER),
        (("at_most: 5",), ("at_most: 6",), "at_most", Turn.EASIER),
        (("at_most: 5",), ("at_most: 4",), "at_most", Turn.HARDER),
        (("between: [2, 4]",), ("between: [1, 4]",), "between", Turn.EASIER),
        (("between: [2, 4]",), ("between: [3, 4]",), "between", Turn.HARDER),
        (("between: [2, 4]",), ("between: [1, 3]",), "between", Turn.OTHER),
        (DOWN, (*DOWN, "due: 2026-08-31"), "due", Turn.HARDER),
        ((*DOWN, "due: 2026-08-31"), (*DOWN, "due: 2026-09-15"), "due", Turn.EASIER),
        (DOWN, (*DOWN, "plan: {2026-08-15: 150}"), "plan", Turn.EASIER),
        (
            (*DOWN, "plan: {2026-08-15: 150}"),
            (*DOWN, "plan: {2026-08-15: 50}"),
            "plan",
            Turn.HARDER,
        ),
        (
            ("milestones: [{id: a, title: A}, {id: b, title: B}]",),
            ("milestones: [{id: a, title: A}]",),
            "milestones",
            Turn.EASIER,
        ),
        (
            ("milestones: [{id: a, title: A, due: 2026-08-01}]",),
            ("milestones: [{id: a, title: A, due: 2026-07-30}]",),
            "milestones",
            Turn.HARDER,
        ),
    ],
)
def test_which_way(
    goals: Goals, before: tuple[str, ...], after: tuple[str, ...], field: str, turn: Turn
) -> None:
    begin(goals, {PATH: with_bugs(*before)})
    goals.commit("2026-08-02", {PATH: with_bugs(*after)})
    assert [(move.field, move.turn) for move in moved(goals)] == [(field, turn)]


@pytest.mark.parametrize("lines", [("owner: bo",), ("team: core",), ("tags: [x]",)])
def test_other_fields_are_no_goalposts(goals: Goals, lines: tuple[str, ...]) -> None:
    goals.commit("2026-08-02", {PATH: with_bugs(*DOWN, *lines)})
    assert moved(goals) == ()


SECOND = "  - {id: crashes, title: Crashes, start: 9, target: 3}"


def test_a_key_result_that_joined_dilutes_the_mean(goals: Goals) -> None:
    goals.commit("2026-08-02", {PATH: goal(40, SECOND)}, who="Bo")
    (move,) = moved(goals)
    assert (move.subject, move.field, move.was, move.now) == (
        "quality/crashes",
        "scope",
        None,
        "Crashes",
    )
    assert move.turn is Turn.HARDER
    assert move.effect is not None
    assert (move.effect.was, move.effect.now) == (Fraction(1, 2), Fraction(1, 4))


def test_a_key_result_that_was_dropped_counts_with_its_check_ins(goals: Goals) -> None:
    both = "key_results: {quality/bugs: 100, quality/crashes: 9}"
    values = VALUE.replace("key_results: {quality/bugs: 100}", both)
    begin(goals, {PATH: goal(40, SECOND), "check-ins/a.md": values})
    goals.commit("2026-08-02", {PATH: goal(40)}, who="Bo")
    (move,) = moved(goals)
    assert (move.was, move.now, move.turn) == ("Crashes", None, Turn.EASIER)
    assert move.effect is not None
    # (1/2 + 0) ÷ 2, and 1/2 without the one that had not moved
    assert (move.effect.was, move.effect.now) == (Fraction(1, 4), Fraction(1, 2))


def test_a_scope_told_in_an_amendment(goals: Goals) -> None:
    scope = amendment("[bugs]", "[bugs, crashes]", field="scope", of="")
    goals.commit("2026-08-02", {PATH: goal(40, SECOND), "amendments/x.md": scope})
    (move,) = moved(goals)
    assert move.amendment is not None
    assert move.turn is Turn.HARDER
    assert move.effect is not None
    assert (move.effect.was, move.effect.now) == (Fraction(1, 2), Fraction(1, 4))


def test_a_weight_goes_the_way_of_the_score(goals: Goals) -> None:
    begin(goals, {PATH: goal(40, SECOND)})
    goals.commit("2026-08-02", {PATH: goal(40, "    weight: 3", SECOND)})
    (move,) = moved(goals)
    assert move.turn is Turn.EASIER
    assert move.effect is not None
    assert (move.effect.was, move.effect.now) == (Fraction(1, 4), Fraction(3, 8))


def test_an_objective_that_was_taken_out(goals: Goals) -> None:
    goals.commit("2026-08-02", {"objectives/other.md": goal(3)})
    goals.commit("2026-08-03", {PATH: None}, who="Bo")
    (move,) = moved(goals)
    assert (move.subject, move.field, move.was, move.now) == ("quality", "scope", "Quality", None)
    assert (move.effect, move.period) == (None, "2026-q3")


def test_taken_out_and_put_in_again_easier(goals: Goals) -> None:
    goals.commit("2026-08-02", {PATH: None, "objectives/other.md": goal(3)})
    goals.commit("2026-08-03", {PATH: goal(80)})
    assert [(m.field, m.was, m.now) for m in moved(goals)] == [
        ("target", 40, 80),
        ("scope", None, "Quality"),
        ("scope", "Quality", None),
    ]


def test_moved_into_a_later_period(goals: Goals) -> None:
    later = PERIOD.replace("2026-07-01", "2026-10-01").replace("2026-09-30", "2026-12-31")
    goals.commit("2026-08-02", {"periods/2026-q4.md": later})
    goals.commit("2026-08-03", {PATH: goal(40, period="2026-q4")})
    (move,) = moved(goals)
    assert (move.field, move.was, move.now) == ("period", "2026-q3", "2026-q4")
    assert (move.period, move.turn) == ("2026-q3", Turn.EASIER)


def test_the_due_date_of_work_for_a_promise(goals: Goals) -> None:
    work = "---\ntitle: Triage\ncontributes_to: quality/bugs\ndue: {}\n---\n"
    goals.commit("2026-07-02", {"initiatives/triage.md": work.format("2026-08-31")})
    goals.commit("2026-08-02", {"initiatives/triage.md": work.format("2026-09-14")})
    (move,) = moved(goals)
    assert (move.kind, move.subject, move.turn) == ("initiatives", "triage", Turn.EASIER)
    assert (move.period, move.effect) == ("2026-q3", None)


def test_several_moves_of_one_value_are_each_measured_on_their_day(goals: Goals) -> None:
    goals.commit("2026-08-02", {PATH: goal(60)})
    goals.commit("2026-08-05", {PATH: goal(85)})
    effects = [move.effect for move in moved(goals)]
    numbers = [(effect.was, effect.now) for effect in effects if effect]
    assert numbers == [(Fraction(3, 5), Fraction(4, 5)), (Fraction(1, 2), Fraction(3, 5))]


def test_the_new_number_is_the_objective_s_own_of_that_day(goals: Goals) -> None:
    from okrsite.okr.progress import objective_progress

    goals.write({PATH: goal(60), "amendments/x.md": amendment(40, 60)})
    made = read(goals)
    (move,) = moves(made)
    assert move.effect is not None
    assert move.effect.now == objective_progress(made.world, "quality", date(2026, 8, 2))


def test_a_measure_that_is_taken_away_breaks_nothing(goals: Goals) -> None:
    goals.commit("2026-08-02", {PATH: with_bugs("at_most: 50")})
    found: Mapping[str, Move] = {move.field: move for move in moved(goals)}
    assert set(found) == {"start", "target", "at_most"}


def test_an_author_who_is_a_person_is_named_by_id(goals: Goals) -> None:
    goals.commit("2026-07-01", {"people/bo.md": "---\ntitle: Bo Ek\n---\n"})
    goals.commit("2026-08-02", {PATH: goal(60)}, who="Bo Ek")
    assert [move.who for move in moved(goals)] == ["bo"]


def test_the_amendment_itself_is_with_the_row(goals: Goals) -> None:
    goals.write({PATH: goal(60), "amendments/x.md": amendment(40, 60)})
    (move,) = moves(read(goals))
    assert isinstance(move.amendment, Amendment)
    assert move.amendment.body.strip() == "Because."


def test_a_weight_that_git_does_not_tell_is_that_of_one_who_wrote_none() -> None:
    above = "---\ntitle: Above\nperiod: 2026-q3\n---\n"
    below = "---\ntitle: Below\nperiod: 2026-q3\nparent: above\nweight: 3\n---\n"
    files = {"periods/2026-q3.md": PERIOD, "objectives/above.md": above}
    world = book(files | {"objectives/below.md": below}).world
    effect = effect_of(world, "below", "weight", (None, Fraction(3)), world.as_of)
    assert effect is not None
    assert [(part.weight_was, part.weight_now) for part in effect.parts] == [
        (Fraction(1), Fraction(3))
    ]
