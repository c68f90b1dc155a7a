"""Who changed which field, when: read from real repositories."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from okrsite.okr.git import find_repository
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.history import History, field_history, history_of
from okrsite.okr.past.versions import Event
from tests.git_repos import Goals, goal, repository

PATH = "objectives/quality.md"
SECOND = "  - {id: crashes, title: Crashes, start: 9, target: 3}"


@pytest.fixture
def goals(tmp_path: Path) -> Goals:
    made = repository(tmp_path / "goals")
    made.commit("2026-07-01", {PATH: goal(40)})
    return made


def changes(goals: Goals, *events: Event) -> list[FieldChange]:
    found = history_of(goals.folder)
    assert found.known, found.why
    return [c for c in found.changes if c.event in (events or (Event.CHANGED,))]


def told(found: Iterable[FieldChange]) -> list[tuple[str, str, object, object]]:
    """Who, where, was and now, numbers as numbers."""
    return [
        (c.author, f"{c.subject}.{c.field}" if c.field else c.subject, c.was, c.now) for c in found
    ]


def test_a_change_has_its_author_day_path_and_values(goals: Goals) -> None:
    commit = goals.commit("2026-08-02", {PATH: goal(30)}, who="Bo")
    (change,) = changes(goals)
    assert change == FieldChange(
        commit=commit,
        author="Bo",
        day=date(2026, 8, 2),
        path=f"content/{PATH}",
        kind="objectives",
        subject="quality/bugs",
        field="target",
        was=Fraction(40),
        now=Fraction(30),
        event=Event.CHANGED,
        period="2026-q3",
        arrival=commit,
    )


def test_what_nobody_wants_to_know_is_not_read(goals: Goals) -> None:
    goals.commit("2026-08-02", {PATH: goal(30), "objectives/other.md": goal(10)})
    goals.commit("2026-08-03", {"objectives/other.md": goal(20)})
    whole = history_of(goals.folder)
    without = history_of(goals.folder, without=frozenset({("objectives", "quality")}))
    assert without.known
    rest = [change for change in whole.changes if not change.subject.startswith("quality")]
    assert rest and list(without.changes) == rest


def test_the_birth_of_a_thing_has_its_fields(goals: Goals) -> None:
    own, bugs = changes(goals, Event.CREATED)
    assert (own.subject, bugs.subject) == ("quality", "quality/bugs")
    assert isinstance(bugs.now, dict)
    assert bugs.now["target"] == 40
    assert bugs.day == date(2026, 7, 1)


def test_format_alone_is_no_change(goals: Goals) -> None:
    goals.commit("2026-07-02", {PATH: goal("40.0  # of them")})
    goals.commit("2026-07-03", {PATH: goal("4e1", "    weight: 1").replace("\n", "\r\n")})
    goals.commit("2026-07-04", {PATH: goal(40, "    plan: {}") + "More prose.\n"})
    assert changes(goals) == []


def test_line_ends_do_not_hide_a_change(goals: Goals) -> None:
    goals.commit("2026-07-03", {PATH: goal(35).replace("\n", "\r\n")}, who="Bo")
    assert told(changes(goals)) == [("Bo", "quality/bugs.target", 40, 35)]


def test_a_moved_file_is_one_history(goals: Goals) -> None:
    moved = {PATH: None, "objectives/2026-q3/growth/quality.md": goal(40)}
    goals.commit("2026-07-05", moved)
    assert changes(goals, *set(Event) - {Event.CREATED}) == []
    goals.commit("2026-07-06", {"objectives/2026-q3/growth/quality.md": goal(30)}, who="Bo")
    assert told(changes(goals)) == [("Bo", "quality/bugs.target", 40, 30)]


def test_a_file_moved_and_changed_at_once(goals: Goals) -> None:
    goals.commit("2026-07-05", {PATH: None, "objectives/old/quality.md": goal(30)}, who="Bo")
    (change,) = changes(goals)
    assert told([change]) == [("Bo", "quality/bugs.target", 40, 30)]
    assert change.path == "content/objectives/old/quality.md"


def test_a_renamed_folder_of_a_kind_and_the_content_itself(goals: Goals) -> None:
    goals.commit("2026-07-05", {PATH: goal(35)}, who="Bo")
    goals.git("mv", "content", "pages")
    goals.content = "pages"
    goals.commit("2026-07-06", {})
    goals.commit("2026-07-07", {PATH: goal(30)}, who="Cy")
    goals.git("mv", "pages", "docs")
    goals.content = "docs"
    goals.commit("2026-07-08", {"teams/a.md": "---\ntitle: A\n---\n"})
    assert told(changes(goals)) == [
        ("Bo", "quality/bugs.target", 40, 35),
        ("Cy", "quality/bugs.target", 35, 30),
    ]
    assert len(changes(goals, Event.CREATED)) == 2


def test_the_repository_itself_may_be_the_content(tmp_path: Path) -> None:
    made = repository(tmp_path, ".")
    made.commit("2026-07-01", {PATH: goal(40), "README.md": "x"})
    made.commit("2026-07-02", {PATH: goal(30)})
    assert told(changes(made)) == [("Ana", "quality/bugs.target", 40, 30)]


def test_taken_out_and_put_in_again_is_told(goals: Goals) -> None:
    goals.commit("2026-07-05", {PATH: None}, who="Bo")
    goals.commit("2026-07-09", {PATH: goal(20)}, who="Cy")
    found = changes(goals, Event.REMOVED, Event.RESTORED, Event.CHANGED)
    assert [(c.event, c.subject, c.field, c.author) for c in found] == [
        (Event.REMOVED, "quality", "", "Bo"),
        (Event.REMOVED, "quality/bugs", "", "Bo"),
        (Event.RESTORED, "quality", "", "Cy"),
        (Event.RESTORED, "quality/bugs", "", "Cy"),
        (Event.CHANGED, "quality/bugs", "target", "Cy"),
    ]
    assert (found[-1].was, found[-1].now) == (40, 20)


def test_key_results_join_leave_and_come_back(goals: Goals) -> None:
    goals.commit("2026-07-05", {PATH: goal(40, SECOND)}, who="Bo")
    goals.commit("2026-07-06", {PATH: goal(40)}, who="Cy")
    goals.commit("2026-07-07", {PATH: goal(40, SECOND.replace("3}", "5}"))}, who="Di")
    found = changes(goals, Event.ADDED, Event.DROPPED, Event.RESTORED, Event.CHANGED)
    assert [(c.event, c.subject, c.author) for c in found] == [
        (Event.ADDED, "quality/crashes", "Bo"),
        (Event.DROPPED, "quality/crashes", "Cy"),
        (Event.RESTORED, "quality/crashes", "Di"),
        (Event.CHANGED, "quality/crashes", "Di"),
    ]
    assert (found[-1].was, found[-1].now) == (3, 5)


def test_reverts_and_back_and_forth_are_each_told(goals: Goals) -> None:
    goals.commit("2026-07-05", {PATH: goal(30)}, who="Bo")
    goals.git("revert", "--no-edit", "HEAD", who="Cy", day="2026-07-05")
    goals.commit("2026-07-05", {PATH: goal(30)}, who="Bo")
    assert told(changes(goals)) == [
        ("Bo", "quality/bugs.target", 40, 30),
        ("Cy", "quality/bugs.target", 30, 40),
        ("Bo", "quality/bugs.target", 40, 30),
    ]


BROKEN = [
    "---\ntitle: [\n---\n",
    "---\ntitle: x\nno end",
    "no fields at all",
    b"\xff\xfe\x00",
    "",
    "---\na: &x 1\nb: *x\n---\n",
]


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_version_is_skipped_and_told(goals: Goals, broken: str | bytes) -> None:
    wrong = goals.commit("2026-07-05", {PATH: broken}, who="Bo")
    goals.commit("2026-07-06", {PATH: goal(30)}, who="Cy")
    found = history_of(goals.folder)
    assert told(c for c in found.changes if c.event is not Event.CREATED) == [
        ("Cy", "quality/bugs.target", 40, 30)
    ]
    assert [(s.commit, s.path) for s in found.skipped] == [(wrong, f"content/{PATH}")]


def test_a_value_of_the_wrong_type_is_text(goals: Goals) -> None:
    goals.commit("2026-07-05", {PATH: goal("forty")})
    goals.commit("2026-07-06", {PATH: goal("unknown")})
    goals.commit("2026-07-07", {PATH: goal("[1, {a: 2}]")})
    values = [change.now for change in changes(goals)]
    assert values == ["forty", "unknown", ("1", ("a: 2",))]


# --- merges -----------------------------------------------------------------------------------


def branch(goals: Goals, name: str, *states: str | None, who: str = "Bo") -> None:
    """A branch from here with a commit for each state of the goal; back on main after it."""
    goals.git("checkout", "-q", "-b", name)
    for state in states:
        goals.commit("2026-07-10", {PATH: state}, who=who)
    goals.git("checkout", "-q", "main")


def test_a_branch_is_told_once_by_its_own_commit_from_the_day_of_the_merge(goals: Goals) -> None:
    branch(goals, "side", goal(30))
    goals.commit("2026-07-12", {"objectives/other.md": goal(5)})
    goals.merge("side", "2026-07-20")
    (change,) = changes(goals)
    assert told([change]) == [("Bo", "quality/bugs.target", 40, 30)]
    assert change.day == date(2026, 7, 20)


def test_steps_of_a_branch_are_each_told(goals: Goals) -> None:
    branch(goals, "side", goal(30), goal(40), goal(35))
    goals.merge("side", "2026-07-20")
    assert [(c.was, c.now) for c in changes(goals)] == [(40, 30), (30, 40), (40, 35)]


def test_two_branches_in_one_file_are_told_by_their_own(goals: Goals) -> None:
    branch(goals, "one", goal(30))
    branch(goals, "two", goal(40, title="Better"), who="Cy")
    goals.merge("one", "2026-07-20")
    goals.merge("two", "2026-07-21")
    assert told(changes(goals)) == [
        ("Bo", "quality/bugs.target", 40, 30),
        ("Cy", "quality.title", "Quality", "Better"),
    ]


def test_an_evil_merge_is_told_by_the_merge(goals: Goals) -> None:
    branch(goals, "side", goal(30))
    goals.git("merge", "-q", "--no-ff", "--no-commit", "side")
    evil = goals.commit("2026-07-20", {PATH: goal(25, title="Better")}, who="Eve")
    found = changes(goals)
    assert sorted(told(found)) == [
        ("Eve", "quality.title", "Quality", "Better"),
        ("Eve", "quality/bugs.target", 40, 25),
    ]
    assert {change.commit for change in found} == {evil}


def test_what_a_merge_slips_into_a_file_that_a_branch_created(goals: Goals) -> None:
    goals.git("checkout", "-q", "-b", "side")
    goals.commit("2026-07-10", {"objectives/speed.md": goal(9)}, who="Bo")
    goals.git("checkout", "-q", "main")
    goals.git("merge", "-q", "--no-ff", "--no-commit", "side")
    goals.commit("2026-07-20", {"objectives/speed.md": goal(8)}, who="Eve")
    assert told(changes(goals)) == [("Eve", "speed/bugs.target", 9, 8)]
    births = [c for c in changes(goals, Event.CREATED) if c.subject.startswith("speed")]
    assert {c.author for c in births} == {"Bo"}


def test_what_a_merge_threw_away_never_held(goals: Goals) -> None:
    branch(goals, "side", goal(30))
    goals.merge("side", "2026-07-20", "-s", "ours")
    assert changes(goals) == []


def test_of_two_branches_that_differ_the_one_that_was_taken_follows(goals: Goals) -> None:
    branch(goals, "one", goal(30))
    branch(goals, "two", goal(35), who="Cy")
    goals.merge("one", "2026-07-20")
    goals.merge("two", "2026-07-21", "-X", "theirs")
    assert told(changes(goals)) == [
        ("Bo", "quality/bugs.target", 40, 30),
        ("Cy", "quality/bugs.target", 40, 35),
    ]


def test_main_merged_into_a_branch_is_not_told_twice(goals: Goals) -> None:
    branch(goals, "side", goal(40, title="Better"), who="Cy")
    goals.commit("2026-07-12", {PATH: goal(30)}, who="Bo")
    goals.git("checkout", "-q", "side")
    goals.merge("main", "2026-07-13")
    goals.git("checkout", "-q", "main")
    goals.merge("side", "2026-07-20")
    assert told(changes(goals)) == [
        ("Bo", "quality/bugs.target", 40, 30),
        ("Cy", "quality.title", "Quality", "Better"),
    ]


def test_an_evil_merge_on_a_branch(goals: Goals) -> None:
    branch(goals, "side", goal(40, title="Better"), who="Cy")
    goals.commit("2026-07-12", {PATH: goal(30)}, who="Bo")
    goals.git("checkout", "-q", "side")
    goals.git("merge", "-q", "--no-ff", "--no-commit", "main")
    goals.commit("2026-07-13", {PATH: goal(22, title="Better")}, who="Eve")
    goals.git("checkout", "-q", "main")
    goals.merge("side", "2026-07-20")
    assert ("Eve", "quality/bugs.target") in [t[:2] for t in told(changes(goals))]
    assert changes(goals)[-1].now == 22 or changes(goals)[-2].now == 22


def test_an_octopus(goals: Goals) -> None:
    branch(goals, "one", goal(30))
    goals.git("checkout", "-q", "-b", "two")
    goals.commit("2026-07-10", {"objectives/speed.md": goal(9)}, who="Cy")
    goals.git("checkout", "-q", "main")
    goals.git("merge", "-q", "--no-ff", "-m", "both", "one", "two", day="2026-07-20", who="Mia")
    assert told(changes(goals)) == [("Bo", "quality/bugs.target", 40, 30)]
    assert {c.author for c in changes(goals, Event.CREATED) if "speed" in c.subject} == {"Cy"}


def test_a_file_removed_on_a_branch(goals: Goals) -> None:
    goals.commit("2026-07-02", {"objectives/speed.md": goal(9)})
    branch(goals, "side", None)
    goals.merge("side", "2026-07-20")
    found = changes(goals, Event.REMOVED)
    assert [(c.author, c.subject) for c in found] == [("Bo", "quality"), ("Bo", "quality/bugs")]


# --- what is not known --------------------------------------------------------------------------


def shallow(goals: Goals, folder: Path, depth: int) -> History:
    goals.git("clone", "-q", f"--depth={depth}", f"file://{goals.root}", str(folder))
    return history_of(folder / "content")


def test_a_shallow_clone_says_where_it_begins(goals: Goals, tmp_path: Path) -> None:
    goals.commit("2026-07-05", {PATH: goal(35)})
    goals.commit("2026-07-06", {PATH: goal(30)})
    found = shallow(goals, tmp_path / "clone", 2)
    assert found.known
    assert found.since == date(2026, 7, 5)
    assert {c.event for c in found.changes} == {Event.FOUND, Event.CHANGED}
    assert [(c.was, c.now) for c in found.changes if c.event is Event.CHANGED] == [(35, 30)]


def test_a_shallow_clone_of_one_commit_knows_no_change(goals: Goals, tmp_path: Path) -> None:
    goals.commit("2026-07-05", {PATH: goal(35)})
    found = shallow(goals, tmp_path / "clone", 1)
    assert found.since == date(2026, 7, 5)
    assert {c.event for c in found.changes} == {Event.FOUND}


def test_a_branch_that_was_cut_off_is_told_by_its_merge(goals: Goals, tmp_path: Path) -> None:
    branch(goals, "side", goal(30))
    goals.commit("2026-07-12", {"objectives/other.md": goal(5)})
    goals.merge("side", "2026-07-20")
    found = shallow(goals, tmp_path / "clone", 2)
    assert told(c for c in found.changes if c.event is Event.CHANGED) == [
        ("Mia", "quality/bugs.target", 40, 30)
    ]
    there = [c.subject for c in found.changes if c.event is Event.FOUND]
    assert sorted(there) == ["other", "other/bugs", "quality", "quality/bugs"]


def test_a_whole_history_has_no_beginning_to_tell(goals: Goals) -> None:
    assert history_of(goals.folder).since is None


def test_without_git_nothing_is_known(tmp_path: Path) -> None:
    found = history_of(tmp_path)
    assert not found.known
    assert "not in a git repository" in found.why


def test_before_the_first_commit_nothing_is_known(tmp_path: Path) -> None:
    made = repository(tmp_path)
    assert not history_of(made.root).known


def test_goals_that_were_never_committed_are_not_known(goals: Goals) -> None:
    (goals.root / "more/objectives").mkdir(parents=True)
    found = history_of(goals.root / "more")
    assert not found.known
    assert "committed" in found.why


def test_the_mailmap_is_respected_and_no_address_is_told(goals: Goals) -> None:
    (goals.root / ".mailmap").write_text("Ana Real <ana@x.example> <ana.old@goals.example>\n")
    goals.commit("2026-07-05", {PATH: goal(30)}, who="Ana Old")
    (change,) = changes(goals)
    assert change.author == "Ana Real"
    assert "@" not in str(change)


def test_odd_names_come_through(goals: Goals) -> None:
    goals.commit("2026-07-05", {PATH: goal(30)}, who="<script> 'ü' \x02")
    path = 'objectives/it "is" ä/speed.md'
    goals.commit("2026-07-06", {path: goal(9)})
    goals.commit("2026-07-07", {path: goal(8)})
    first, second = changes(goals)
    assert "script" in first.author
    assert second.path == f"content/{path}"


def test_a_user_s_own_configuration_changes_nothing(goals: Goals) -> None:
    goals.commit("2026-07-05", {PATH: goal(30)})
    before = history_of(goals.folder)
    for name, value in {
        "log.showRoot": "false",
        "log.showSignature": "true",
        "diff.renames": "copies",
        "log.date": "relative",
        "color.ui": "always",
        "diff.relative": "true",
        "log.follow": "true",
        "diff.noprefix": "true",
    }.items():
        goals.git("config", name, value)
    assert history_of(goals.folder) == before


def test_field_history_of_an_older_commit(goals: Goals) -> None:
    first = goals.commit("2026-07-05", {PATH: goal(30)})
    goals.commit("2026-07-06", {PATH: goal(20)})
    repo = find_repository(goals.root)
    assert repo is not None
    found = [c for c in field_history(repo, first, "content") if c.event is Event.CHANGED]
    assert [c.now for c in found] == [30]
