"""The company of the yardstick: always the same, without an error, and as large as it says."""

from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import pairwise
from posixpath import dirname, join, normpath
from re import findall

import pytest

from benchmarks.company import AS_OF, LEVELS, WEEKS, Company, make
from benchmarks.plain import pages, picture
from benchmarks.projects import configuration
from benchmarks.quarters import lasting, quarters, steps
from benchmarks.sources import sources
from okrsite.okr.closing import without_closing
from okrsite.okr.finding import Severity
from okrsite.okr.model import Measure
from okrsite.okr.pipeline import Book
from okrsite.okr.records import kind_of
from tests.support import book

SIZE = 20


@cache
def company() -> Company:
    return make(SIZE)


@cache
def loaded() -> Book:
    return book(sources(company()), as_of=AS_OF.isoformat())


def test_a_seed_stands_for_one_company() -> None:
    assert sources(make(SIZE)) == sources(company())
    assert pages(make(SIZE)) == pages(company())
    assert sources(make(SIZE, seed=2)) != sources(company())


def test_its_text_loads_without_an_error() -> None:
    errors = [str(f) for f in loaded().findings if f.severity is Severity.ERROR]
    assert errors == []


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("periods", 2),
        ("teams", len(LEVELS)),
        ("people", SIZE // 4),
        ("objectives", SIZE),
        ("initiatives", SIZE // 2),
        ("kpis", 2),
        ("check-ins", SIZE // 4 * WEEKS),
        ("amendments", SIZE // 20),
    ],
)
def test_there_is_a_file_for_each_thing(kind: str, count: int) -> None:
    assert Counter(map(kind_of, sources(company())))[kind] == count


def test_every_objective_has_four_key_results_and_a_check_in_a_week() -> None:
    made = loaded()
    assert {len(o.key_results) for o in made.portfolio.objectives.values()} == {4}
    weeks = {ref: len(made.ledger.entries[f"{ref}/kr-1"]) for ref in made.portfolio.objectives}
    assert set(weeks.values()) == {WEEKS}
    assert {len(o.body.split()) for o in made.portfolio.objectives.values()} == {80}


def test_measures_are_mixed_and_teams_stand_on_four_levels() -> None:
    large = make(100)
    measures = {kr.measure for goal in large.objectives for kr in goal.key_results}
    assert len(measures) == len(Measure) - 1  # all but those that cannot be measured
    assert {team.level for team in large.teams} == set(range(len(LEVELS)))
    assert any(goal.parent and "/" in goal.parent for goal in large.objectives)


def test_hand_written_links_lead_somewhere() -> None:
    written = pages(company())
    for path, text in written.items():
        for target in findall(r"\]\(([^)]+\.md)\)", text):
            assert normpath(join(dirname(path), target)) in written, f"{path}: {target}"


def test_a_hand_drawn_chart_has_three_kilobytes() -> None:
    assert 2_700 < len(picture(7)) < 3_300


def test_both_projects_share_the_site_s_own_configuration() -> None:
    made = configuration("plugins:\n  - search\n")
    assert "okrsite" not in made.partition("plugins:")[2].partition("markdown_extensions:")[0]
    assert "pymdownx.superfences" in made
    assert "\nnav:" not in made


# --- closed quarters --------------------------------------------------------------------------


@cache
def archive() -> Book:
    files = lasting(SIZE)
    for quarter in quarters(2):
        for step in steps(SIZE, quarter):
            files |= step.files
    return book(files, as_of=AS_OF.isoformat())


def test_closed_quarters_come_before_the_running_one() -> None:
    made = quarters(12)
    assert [made[0].id, made[-2].id, made[-1].id] == ["2023-q3", "2026-q2", "2026-q3"]
    assert all(one.end + timedelta(1) == next.start for one, next in pairwise(made))


def test_each_quarter_has_goals_of_its_own_and_no_error() -> None:
    made = archive()
    assert [str(f) for f in made.findings if f.severity is Severity.ERROR] == []
    periods = Counter(goal.period for goal in made.portfolio.objectives.values())
    assert periods == {"plan": 2, "2026-q1": SIZE, "2026-q2": SIZE, "2026-q3": SIZE}
    assert len(made.world.goalposts) == 3 * SIZE // 20
    assert "plan-1/below" in {goal.parent for goal in made.portfolio.objectives.values()}


def test_nothing_hinders_the_closing_of_a_quarter() -> None:
    made = archive()
    assert {made.portfolio.periods[name].state for name in ("2026-q1", "2026-q2")} == {"closed"}
    assert without_closing(made.world, "2026-q2") == without_closing(made.world, "2026-q1") == ()


def test_what_was_promised_is_changed_by_a_commit_of_its_own() -> None:
    promised, amended, said = steps(SIZE, quarters(1)[0])
    eased = promised.files.keys() & amended.files.keys()
    assert [promised.kind, amended.kind, said.kind] == ["committed", "", "closed"]
    assert len(eased) == sum(path.startswith("amendments/") for path in amended.files)
    assert all(promised.files[path] != amended.files[path] for path in eased)
