"""No guarded thing changes in git without a row, and the page never says that all stands then."""

from datetime import date
from pathlib import Path

import pytest

from okrsite.okr import guarded
from okrsite.okr.past.days import in_order
from okrsite.okr.past.history import history_of
from okrsite.okr.past.moved import Move, moves, not_yet_known, recorded_moves
from okrsite.okr.past.versions import Event
from okrsite.okr.pipeline import Book
from okrsite.okr.sources import read_folder
from okrsite.portal.goalposts import goalposts_pages
from okrsite.portal.home import home_pages
from okrsite.portal.period import period_pages
from tests.git_repos import Goals, repository
from tests.support import book

ALL_STANDS = "stands as committed"
GOAL, Q3, Q4 = "objectives/quality.md", "periods/q3.md", "periods/q4.md"
FILES = {
    Q3: (
        "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nparent: y26\nstate: committed\n"
        "committed_on: 2026-07-01\n---\n"
    ),
    Q4: "---\ntitle: Q4\nstart: 2026-10-01\nend: 2026-12-31\n---\n",
    "periods/y26.md": "---\ntitle: 2026\nstart: 2026-01-01\nend: 2026-12-31\n---\n",
    "teams/co.md": "---\ntitle: Co\n---\n",
    "teams/core.md": "---\ntitle: Core\n---\n",
    "kpis/up.md": "---\ntitle: Uptime\nmetric: Pings\nunit: '%'\nat_least: 99\n---\n",
    "kpis/easy.md": "---\ntitle: Easy\nat_least: 1\n---\n",
    "kpis/near.md": "---\ntitle: Near\nbetween: [1, 2]\n---\n",
    "kpis/low.md": "---\ntitle: Low\nat_most: 4\n---\n",
    "objectives/company.md": (
        "---\ntitle: Company\nperiod: q3\nteam: co\nprogress_from: children\n---\n"
    ),
    "objectives/other.md": "---\ntitle: Other\nperiod: q3\nprogress_from: children\n---\n",
    GOAL: """---
title: Quality
period: q3
team: co
parent: company
ambition: committed
weight: 2
progress_from: both
key_results:
  - {id: bugs, title: Bugs, start: 180, target: 100, unit: bugs, metric: All bugs, weight: 3,
     due: 2026-09-15, plan: {2026-08-01: 150}}
  - {id: least, title: Least, at_least: 7}
  - {id: most, title: Most, at_most: 8}
  - {id: band, title: Band, between: [3, 6]}
  - {id: steps, title: Steps, milestones: [{id: a, title: A}, {id: b, title: B}]}
  - {id: live, title: Live, done_when: All 50 clinics live}
  - {id: up, title: Up, from: up}
  - {id: near, title: Near, from: near}
  - {id: low, title: Low, from: low}
  - {id: work, title: Work, from: initiatives}
---
""",
    "initiatives/triage.md": (
        "---\ntitle: Triage\ncontributes_to: quality/work\nstart: 2026-07-05\n"
        "due: 2026-08-31\n---\n"
    ),
    "check-ins/a.md": (
        "---\ndate: 2026-07-10\nkpis: {up: 98}\nkey_results: {quality/bugs: 160}\n---\n"
    ),
}


@pytest.fixture
def goals(tmp_path: Path) -> Goals:
    made = repository(tmp_path / "goals")
    made.commit("2026-07-01", FILES)
    return made


def read(goals: Goals, as_of: str) -> Book:
    texts = {path: raw.decode() for path, raw in read_folder(goals.folder).items()}
    return book(texts, as_of)


def moved(goals: Goals, as_of: str = "2026-08-20") -> tuple[Move, ...]:
    made = read(goals, as_of)
    return moves(made, history_of(goals.folder, made.as_of))


def change(goals: Goals, path: str, was: str, now: str, day: str = "2026-08-10") -> str:
    text = (goals.folder / path).read_text()
    assert was in text
    return goals.commit(day, {path: text.replace(was, now, 1)}, who="Bo")


def pages(goals: Goals, as_of: str = "2026-08-20") -> str:
    from tests.portal.test_goalposts import made

    whole = read(goals, as_of)
    shop = made(whole, history_of(goals.folder, whole.as_of))
    kinds = (goalposts_pages, home_pages, period_pages)
    found = [page for kind in kinds for page in kind(shop)]
    wanted = [page.html for page in found if "q4" not in page.uri and "y26" not in page.uri]
    return "".join(wanted).replace("\xa0", " ")


def told(found: tuple[Move, ...]) -> list[tuple[str, str, bool]]:
    return [(m.subject, m.field, m.explained) for m in found]


SILENT = {
    ("key result", "start"): (GOAL, "start: 180", "start: 200"),
    ("key result", "target"): (GOAL, "target: 100", "target: 150"),
    ("key result", "at_least"): (GOAL, "at_least: 7", "at_least: 5"),
    ("key result", "at_most"): (GOAL, "at_most: 8", "at_most: 9"),
    ("key result", "between"): (GOAL, "between: [3, 6]", "between: [1, 9]"),
    ("key result", "plan"): (GOAL, "2026-08-01: 150", "2026-08-01: 170"),
    ("key result", "weight"): (GOAL, "weight: 3", "weight: 4"),
    ("key result", "due"): (GOAL, "due: 2026-09-15", "due: 2026-09-30"),
    ("key result", "metric"): (GOAL, "metric: All bugs", "metric: Big bugs"),
    ("key result", "unit"): (GOAL, "unit: bugs", "unit: tens"),
    ("key result", "milestones"): (GOAL, "{id: a, title: A}, ", ""),
    ("key result", "done_when"): (GOAL, "All 50 clinics live", "One clinic live"),
    ("key result", "from"): (GOAL, "from: up", "from: easy"),
    ("objective", "weight"): (GOAL, "weight: 2", "weight: 1"),
    ("objective", "parent"): (GOAL, "parent: company", "parent: other"),
    ("objective", "progress_from"): (GOAL, "progress_from: both", "progress_from: key_results"),
    ("objective", "period"): (GOAL, "period: q3", "period: q4"),
    ("objective", "ambition"): (GOAL, "ambition: committed", "ambition: aspirational"),
    ("objective", "team"): (GOAL, "team: co", "team: core"),
    ("kpi", "at_least"): ("kpis/up.md", "at_least: 99", "at_least: 97"),
    ("kpi", "at_most"): ("kpis/low.md", "at_most: 4", "at_most: 5"),
    ("kpi", "between"): ("kpis/near.md", "between: [1, 2]", "between: [1, 3]"),
    ("kpi", "unit"): ("kpis/up.md", "unit: '%'", "unit: points"),
    ("kpi", "metric"): ("kpis/up.md", "metric: Pings", "metric: Some pings"),
    ("period", "start"): (Q3, "start: 2026-07-01", "start: 2026-07-02"),
    ("period", "end"): (Q3, "end: 2026-09-30", "end: 2026-10-31"),
    ("period", "parent"): (Q3, "parent: y26\n", ""),
    ("period", "state"): (Q3, "state: committed", "state: draft"),
    ("period", "committed_on"): (Q3, "committed_on: 2026-07-01", "committed_on: 2026-08-09"),
    ("initiative", "start"): ("initiatives/triage.md", "start: 2026-07-05", "start: 2026-07-09"),
    ("initiative", "due"): ("initiatives/triage.md", "due: 2026-08-31", "due: 2026-09-30"),
    ("initiative", "contributes_to"): (
        "initiatives/triage.md",
        "contributes_to: quality/work",
        "contributes_to: quality/bugs",
    ),
}


def test_every_guarded_field_is_tried() -> None:
    table = {
        "key result": guarded.OF_KEY_RESULT,
        "objective": guarded.OF_OBJECTIVE,
        "kpi": guarded.OF_KPI,
        "period": guarded.OF_PERIOD,
        "initiative": (*guarded.OF_INITIATIVE, "contributes_to"),
    }
    assert set(SILENT) == {(kind, field) for kind, fields in table.items() for field in fields}


@pytest.mark.parametrize(("kind", "field"), SILENT, ids=lambda word: word.replace(" ", "-"))
def test_a_guarded_field_changed_in_silence_is_a_row(goals: Goals, kind: str, field: str) -> None:
    assert moved(goals) == ()
    assert ALL_STANDS in pages(goals)
    commit = change(goals, *SILENT[kind, field])
    (move,) = moved(goals)
    assert (move.field, move.explained, move.commit) == (field, False, commit)
    html = pages(goals)
    assert ALL_STANDS not in html
    assert "one without a reason" in html or "1 change without a reason" in html


def test_whatever_is_listed_nowhere_is_still_counted(goals: Goals) -> None:
    goals.commit("2026-07-01", {GOAL: FILES[GOAL].replace("team:", "visibility: unlisted\nteam:")})
    change(goals, GOAL, "target: 100", "target: 150")
    html = pages(goals)
    assert ALL_STANDS not in html
    assert "one of goals that are not listed" in html
    assert "target" not in html.partition("A goalpost is")[0]


def test_a_kpi_counts_as_long_as_it_is_followed(goals: Goals) -> None:
    change(goals, "kpis/easy.md", "at_least: 1", "at_least: 0", "2026-08-08")
    change(goals, "kpis/up.md", "at_least: 99", "at_least: 97", "2026-08-10")
    change(goals, GOAL, "from: up", "from: easy", "2026-08-11")
    change(goals, "kpis/up.md", "at_least: 97", "at_least: 90", "2026-08-12")
    found = moved(goals)
    assert told(found) == [("quality/up", "from", False), ("quality/up", "at_least", False)]
    assert [(m.was, m.now, m.via) for m in found[1:]] == [(99, 97, "up")]
    assert found[1].effect is not None
    assert found[1].effect.was != found[1].effect.now


def test_a_late_day_of_commitment_empties_no_page(goals: Goals) -> None:
    change(goals, GOAL, "target: 100", "target: 150")
    change(goals, Q3, "committed_on: 2026-07-01", "committed_on: 2026-08-19", "2026-08-19")
    assert told(moved(goals)) == [
        ("q3", "committed_on", False),
        ("quality/bugs", "target", False),
    ]
    assert "committed on 1 Jul 2026" in pages(goals)


@pytest.mark.parametrize("field", guarded.WRITTEN_ONCE)
def test_what_a_period_says_for_the_first_time_moves_nothing(tmp_path: Path, field: str) -> None:
    goals, (value,) = (
        repository(tmp_path / "goals"),
        [line for line in FILES[Q3].splitlines() if line.startswith(f"{field}:")],
    )
    goals.commit("2026-07-01", {**FILES, Q3: FILES[Q3].replace(f"{value}\n", "")})
    change(goals, Q3, "state: committed", f"state: committed\n{value}")
    whole = read(goals, "2026-08-20")
    history = history_of(goals.folder, whole.as_of)
    assert moves(whole, history) == ()
    assert [m.field for m in recorded_moves(whole, history)] == [field]
    assert not_yet_known(read(goals, "2026-08-01"), history) == 0
    assert ALL_STANDS in pages(goals)


def test_closing_a_period_is_no_moved_goalpost(goals: Goals) -> None:
    change(goals, Q3, "state: committed", "state: closed\nclosed_on: 2026-08-10")
    assert moved(goals) == ()


@pytest.mark.parametrize("clock", ["2026-06-30", "2027-06-30"])
@pytest.mark.parametrize("after", [True, False])
def test_a_wrong_clock_hides_nothing(goals: Goals, clock: str, after: bool) -> None:
    goals.commit("2026-08-01", {"teams/x.md": "---\ntitle: X\n---\n"})
    change(goals, GOAL, "target: 100", "target: 150", clock)
    if after:
        goals.commit("2026-08-15", {"teams/y.md": "---\ntitle: Y\n---\n"})
    whole = read(goals, "2026-08-20")
    history = history_of(goals.folder, whole.as_of)
    if clock > "2027" and not after:
        assert moves(whole, history) == ()
        assert not_yet_known(whole, history) == 1
        assert ALL_STANDS not in pages(goals)
        return
    (move,) = moves(whole, history)
    assert date(2026, 8, 1) <= move.day <= date(2026, 8, 15)


def days(*claimed: str) -> list[str]:
    made = in_order([date.fromisoformat(f"2026-{day}") for day in claimed], date(2026, 8, 20))
    return [day.isoformat()[5:] for day in made]


def test_the_days_of_a_line_never_go_back() -> None:
    assert days("07-01", "08-10", "06-30", "08-12") == ["07-01", "08-10", "08-10", "08-12"]


def test_a_day_to_come_is_bounded_by_a_newer_commit_only() -> None:
    assert days("07-01", "12-24", "08-12") == ["07-01", "08-12", "08-12"]
    assert days("07-01", "12-24", "12-26") == ["07-01", "12-24", "12-26"]
    assert days("08-01", "12-24", "06-30") == ["08-01", "08-01", "08-01"]


def test_the_amendment_does_not_rewrite_what_git_has(goals: Goals) -> None:
    lie = (
        "---\ndate: 2026-08-10\nsubject: quality/bugs\nfield: target\nwas: 158\nnow: 159\n"
        "---\nNoise.\n"
    )
    goals.write({"amendments/x.md": lie})
    change(goals, GOAL, "target: 100", "target: 159")
    (move,) = moved(goals)
    assert (move.was, move.now, move.told, move.explained) == (100, 159, (158, 159), False)
    html = pages(goals)
    assert "100 → 159" in html
    assert "The amendment says 158 → 159" in html
    assert "1 change without a reason" in html


def test_away_to_a_draft_and_back_shows_what_was_changed_there(goals: Goals) -> None:
    change(goals, GOAL, "period: q3", "period: q4", "2026-08-03")
    change(goals, GOAL, "target: 100", "target: 150", "2026-08-04")
    away = told(moved(goals))
    assert away == [("quality", "period", False)]
    change(goals, GOAL, "period: q4", "period: q3", "2026-08-05")
    found = moved(goals)
    assert told(found) == [
        ("quality", "period", False),
        ("quality/bugs", "target", False),
        ("quality", "period", False),
    ]
    assert {move.period for move in found} == {"q3"}


def test_back_and_eased_at_once(goals: Goals) -> None:
    change(goals, GOAL, "period: q3", "period: q4", "2026-08-03")
    text = (goals.folder / GOAL).read_text()
    back = text.replace("period: q4", "period: q3").replace("target: 100", "target: 150")
    goals.commit("2026-08-05", {GOAL: back})
    assert ("quality/bugs", "target", False) in told(moved(goals))


CHILD = "---\ntitle: Child\nperiod: q4\nparent: company\n---\n"


def test_children_that_join_and_leave_are_scope(goals: Goals) -> None:
    goals.commit("2026-08-03", {"objectives/child.md": CHILD})
    goals.commit("2026-08-04", {"objectives/child.md": None})
    found = moved(goals)
    assert [(m.subject, m.field, m.was, m.now, m.period) for m in found] == [
        ("child", "scope", "Child", None, "q3"),
        ("child", "scope", None, "Child", "q3"),
    ]


def test_a_child_of_what_counts_its_key_results_is_none(goals: Goals) -> None:
    goals.commit("2026-08-03", {"objectives/child.md": CHILD.replace("company", "other")})
    goals.commit("2026-07-01", {GOAL: FILES[GOAL].replace("progress_from: both\n", "")})
    change(goals, "objectives/child.md", "parent: other", "parent: quality")
    assert all(m.subject == "child" for m in moved(goals) if m.field == "scope")


def test_a_scope_amendment_explains_a_child_and_a_kpi(goals: Goals) -> None:
    scope = "---\ndate: 2026-08-03\nsubject: {}\nfield: scope\nwas: {}\nnow: {}\n---\nAgreed.\n"
    goals.write(
        {
            "amendments/a.md": scope.format("company", "without child", "with child"),
            "amendments/b.md": scope.format("quality/up", "at_least 99", "at_least 97"),
        }
    )
    goals.commit("2026-08-03", {"objectives/child.md": CHILD})
    change(goals, "kpis/up.md", "at_least: 99", "at_least: 97", "2026-08-03")
    assert all(move.explained for move in moved(goals))


@pytest.mark.parametrize("kpi", ["up", "low", "near"])
def test_a_kpi_that_is_gone_breaks_nothing(goals: Goals, kpi: str) -> None:
    change(goals, GOAL, f"from: {kpi}", "from: easy")
    goals.commit("2026-08-11", {f"kpis/{kpi}.md": None, "check-ins/a.md": None})
    assert told(moved(goals)) == [(f"quality/{kpi}", "from", False)]
    assert ALL_STANDS not in pages(goals)


# --- the content folder by another name -----------------------------------------------------------


def test_a_folder_renamed_over_two_commits_keeps_its_history(goals: Goals) -> None:
    change(goals, GOAL, "target: 100", "target: 150")
    new = "---\ntitle: New\nperiod: q4\n---\n"
    path = goals.root / "pages/objectives/new.md"
    path.parent.mkdir(parents=True)
    path.write_text(new)
    goals.commit("2026-08-11", {})
    for kind in sorted(each.name for each in goals.folder.iterdir()):
        (goals.root / "pages" / kind).mkdir(exist_ok=True)
        for file in sorted((goals.folder / kind).iterdir()):
            goals.git("mv", f"content/{kind}/{file.name}", f"pages/{kind}/{file.name}")
    goals.content = "pages"
    goals.commit("2026-08-12", {})
    found = history_of(goals.folder)
    assert [c.field for c in found.changes if c.event is Event.CHANGED] == ["target"]
    assert told(moved(goals)) == [("quality/bugs", "target", False)]


def test_a_folder_copied_first_and_removed_later_keeps_its_history(goals: Goals) -> None:
    change(goals, GOAL, "target: 100", "target: 150")
    files = {path: (goals.folder / path).read_text() for path in FILES}
    goals.content = "pages"
    goals.commit("2026-08-11", files)
    goals.git("rm", "-rq", "content")
    goals.commit("2026-08-12", {})
    assert told(moved(goals)) == [("quality/bugs", "target", False)]


def test_a_copy_elsewhere_is_a_thing_of_its_own(goals: Goals) -> None:
    change(goals, GOAL, "target: 100", "target: 150")
    files = {path: (goals.folder / path).read_text() for path in FILES}
    goals.content = "pages"
    goals.commit("2026-08-11", files)
    assert moved(goals) == ()
