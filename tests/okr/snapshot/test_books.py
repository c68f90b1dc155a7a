"""A record as a Book: its numbers are the record's, and they come out again from its nouns."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsite.okr.changes.between import between
from okrsite.okr.progress import key_result_progress, objective_progress
from okrsite.okr.scoring import score
from okrsite.okr.snapshot.books import book_from
from okrsite.okr.snapshot.numbers import key_result_numbers
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.rows import ABOVE
from tests.okr.snapshot.records import frame, record
from tests.okr.strategies import Company, companies
from tests.okr.texts import amended, goal, said, text

few = settings(deadline=None, max_examples=30)
KINDS = ("committed", "mid", "closed")


def placed(company: Company) -> dict[str, str]:
    """A company's files, with a team for every goal."""
    files = company.files()
    for number, name in enumerate(sorted(path for path in files if "/" not in path)):
        team = "all" if number % 2 else "some"
        files[name] = files[name].replace("title: Goal\n", f"title: Goal\nteam: {team}\n")
    return files


def drawn(company: Company, kind: str, day: int) -> Record:
    state = "closed" if kind == "closed" else "committed"
    files = {**placed(company), "periods/q.md": frame(0, state)}
    on_day = {"committed": 0, "mid": day, "closed": 99}[kind]
    name = "q/mid-2026-02-01" if kind == "mid" else f"q/{kind}"
    return record(files, name, on_day, policy=company.policy)


@few
@given(companies(), st.sampled_from(KINDS), st.integers(1, 98))
def test_its_numbers_are_those_of_the_record(company: Company, kind: str, day: int) -> None:
    made = drawn(company, kind, day)
    card = book_from(made).scorecard
    results = {ref: key_result_numbers(one) for ref, one in card.key_results.items()}
    assert results == made.key_results
    assert card.objectives == made.objectives
    assert card.teams == {(team, "q"): one for team, one in made.teams.items()}


@few
@given(companies(), st.sampled_from(KINDS), st.integers(1, 98))
def test_the_same_progress_comes_out_of_its_nouns(company: Company, kind: str, day: int) -> None:
    made = drawn(company, kind, day)
    again = score(book_from(made).world)
    for ref, numbers in made.key_results.items():
        assert again.key_results[ref].progress == numbers.progress, ref
    for name, goal_score in made.objectives.items():
        assert again.objectives[name].progress == goal_score.progress, name
    for team, together in made.teams.items():
        assert again.teams[team, "q"].progress == together.progress, team


@few
@given(companies(), st.sampled_from(KINDS))
def test_nothing_differs_from_itself(company: Company, kind: str) -> None:
    made = book_from(drawn(company, kind, 40))
    assert between(made, made).changes == ()


GOALS = {
    "goal.md": goal("a, start: 0, target: 100", "b, start: 0, target: 10", fields="team: all"),
    "check-ins/a.md": said(90, "goal/a: 40"),
    "check-ins/b.md": said(10, "goal/b: 5"),
}


def test_a_key_result_without_a_closing_check_in_has_no_data() -> None:
    whole = record(GOALS, "q/closed", 99)
    made = book_from(replace(whole, open=("goal/b",)))
    assert key_result_progress(made.world, "goal/b", made.as_of) is None
    assert objective_progress(made.world, "goal", made.as_of) == pytest.approx(0.2)
    assert made.scorecard.objectives == whole.objectives


def test_a_goal_of_a_period_closed_before_keeps_what_it_ended_with() -> None:
    files = {
        "periods/q.md": frame(0),
        "top.md": goal("sum, from: objectives", fields="period: r; team: all"),
        "low.md": goal("a, start: 0, target: 100", fields="parent: top/sum; team: all"),
        "check-ins/a.md": said(90, "low/a: 40"),
    }
    whole = record(files, "r/mid-2026-05-01", 120)
    assert whole.roles == {"top": "own", "low": "below"}
    made = book_from(whole)
    assert objective_progress(made.world, "low", made.as_of) == pytest.approx(0.4)
    assert made.world.frozen["low"].progress == whole.objectives["low"].progress
    assert made.scorecard.teams.keys() == {("all", "r")}


def test_what_lies_outside_of_the_record_is_left_out_without_a_finding() -> None:
    files = {
        **GOALS,
        "goal.md": goal("a, start: 0, target: 100", fields="supports: [far]; continues: old"),
        "far.md": goal("x, start: 0, target: 1", fields="period: r"),
        "old.md": goal("x, start: 0, target: 1", fields="period: s"),
        "initiatives/work.md": text("title: Work", "contributes_to: [goal, far/x]"),
        "check-ins/far.md": said(80, "far/x: 1", "goal/a: 60"),
    }
    made = book_from(record(files, "q/closed", 99))
    assert made.findings == ()
    assert made.portfolio.objectives["goal"].supports == ()
    assert made.portfolio.initiatives["work"].contributes_to == ("goal",)
    assert dict(made.portfolio.check_ins["far"].key_results).keys() == {"goal/a"}
    declared = {noun.id: noun for noun in made.parsed.nouns.values()}
    assert declared["goal"].continues == "old"  # type: ignore[attr-defined]


def test_an_objective_above_stands_there_as_it_stood() -> None:
    files = {
        "top.md": goal("sum, from: objectives", fields="period: s"),
        "low.md": goal("a, start: 0, target: 100", fields="parent: top/sum"),
        "next.md": goal("a, start: 0, target: 100", fields="parent: top/sum; period: r"),
        "check-ins/a.md": said(90, "low/a: 40"),
    }
    whole = record(files, "q/closed", 99)
    assert whole.roles["top"] == ABOVE
    assert book_from(whole).scorecard.objectives["top"].progress == pytest.approx(0.2)


def test_a_moved_target_is_told_with_its_amendment() -> None:
    open_q = {**GOALS, "periods/q.md": frame(0, "committed")}
    base = record(open_q, "q/committed", 0)
    eased = {
        **open_q,
        "goal.md": goal("a, start: 0, target: 80", "b, start: 0, target: 10", fields="team: all"),
        "amendments/a.md": amended(50, "goal/a", "target", 100, 80),
    }
    head = record(eased, "q/mid-2026-03-01", 95)
    found = {each.rule.id: each for each in between(book_from(base), book_from(head)).changes}
    assert found["target-eased"].reason is not None
    assert found["target-eased"].line == 6
    assert "target-eased-without-amendment" not in found
