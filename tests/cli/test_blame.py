"""`okrsite blame`: who gave a value what it is, from a real repository."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import main
from tests.git_repos import Goals, goal, repository

PATH = "objectives/quality.md"
PERIOD = (
    "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n"
    "committed_on: 2026-07-03\n---\n"
)
VALUE = "---\ndate: 2026-07-15\nauthor: ana\nkey_results: {quality/bugs: 100}\n---\n"
AMENDMENT = (
    "---\ndate: 2026-08-02\nauthor: ana\nsubject: quality/bugs\nfield: target\nwas: 60\n"
    "now: 85\n---\nBecause.\n"
)


@pytest.fixture
def goals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Goals:
    made = repository(tmp_path / "goals")
    first = {PATH: goal(40), "periods/2026-q3.md": PERIOD, "check-ins/a.md": VALUE}
    made.commit("2026-07-01", first)
    made.commit("2026-07-20", {PATH: goal(60)}, who="Bo")
    made.commit("2026-08-02", {PATH: goal(85), "amendments/x.md": AMENDMENT})
    monkeypatch.chdir(made.root)
    return made


def run(*args: str, as_of: str = "2026-08-20") -> Result:
    return CliRunner().invoke(main, ["blame", *args, "--as-of", as_of])


def test_every_change_of_one_value(goals: Goals) -> None:
    done = run("quality/bugs.target")
    assert done.exit_code == 0, done.output
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    short = goals.git("rev-parse", "--short=7", "HEAD~1")
    assert lines[:3] == ["Bugs (quality/bugs.target)", PATH, "now 85"]
    assert lines[3].startswith("2026-07-01 Ana ") and lines[3].endswith("created: 40")
    assert lines[4] == (
        f"2026-07-20 Bo {short} 40 → 60 day 20 of 92 easier 50.0 % → 60.0 % no reason given"
    )
    assert lines[5].endswith("60 → 85 day 33 of 92 easier 60.0 % → 80.0 % amendments/x.md")
    assert len(lines) == 6


def test_without_a_field_all_of_them(goals: Goals) -> None:
    goals.commit("2026-08-03", {PATH: goal(85, "    due: 2026-09-15")}, who="Cy")
    goals.commit("2026-08-04", {PATH: goal(85, "    due: 2026-09-15", title="Better")})
    lines = [" ".join(line.split()) for line in run("quality/bugs").output.splitlines()]
    assert any("created" in line for line in lines)
    assert sum("target" in line for line in lines) == 2
    assert any("due none → 2026-09-15" in line for line in lines)
    own = run("quality").output
    assert "title" in own and "Quality → Better" in own


def test_an_objective_has_the_changes_of_its_key_results(goals: Goals) -> None:
    lines = [" ".join(line.split()) for line in run("quality").output.splitlines()]
    assert sum("created" in line for line in lines) == 1
    assert [line.split(" bugs.target ")[1] for line in lines if " bugs.target " in line] == [
        "40 → 60 day 20 of 92 easier 50.0 % → 60.0 % no reason given",
        "60 → 85 day 33 of 92 easier 60.0 % → 80.0 % amendments/x.md",
    ]
    found = json.loads(run("quality", "--format", "json").stdout)["changes"]
    assert [(c["key_result"], c["field"]) for c in found] == [
        (None, None),
        ("bugs", "target"),
        ("bugs", "target"),
    ]


@pytest.mark.parametrize("state", ["draft", "committed"])
def test_a_change_with_its_amendment_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    made = repository(tmp_path / "today")
    today = PERIOD.replace("state: committed", f"state: {state}").replace("07-03", "08-02")
    made.commit("2026-08-02", {PATH: goal(60), "periods/2026-q3.md": today})
    files = {PATH: goal(85), "amendments/x.md": AMENDMENT}
    made.commit("2026-08-02", files, who="Mira Löwe")
    made.commit("2026-08-02", {"periods/2026-q3.md": PERIOD.replace("07-03", "08-02")})
    monkeypatch.chdir(made.root)
    rows = [line for line in run("quality/bugs.target").output.splitlines() if "60 → 85" in line]
    assert len(rows) == 1
    assert "Mira Löwe" in rows[0] and rows[0].endswith("amendments/x.md")


def test_key_results_of_an_objective_as_its_scope(goals: Goals) -> None:
    goals.commit("2026-08-03", {PATH: goal(85, "  - {id: crashes, title: C, done_when: x}")})
    goals.commit("2026-08-04", {PATH: goal(85)})
    words = " ".join(run("quality.scope").output.split())
    assert "crashes added" in words
    assert "crashes dropped" in words
    gone = run("quality/crashes.done_when")
    assert gone.exit_code == 0
    assert "added: x" in gone.output


def test_json_says_the_same(goals: Goals) -> None:
    done = run("quality/bugs.target", "--format", "json")
    data = json.loads(done.stdout)
    assert data["subject"] == "quality/bugs"
    assert data["field"] == "target"
    assert data["value"] == "85"
    assert data["history"] == {"known": True, "since": None, "origin": True}
    assert [(c["was"], c["now"], c["event"]) for c in data["changes"]] == [
        (None, "40", "created"),
        ("40", "60", "changed"),
        ("60", "85", "changed"),
    ]
    assert [c["amendment"] for c in data["changes"]] == [None, None, "amendments/x.md"]
    assert (data["changes"][1]["progress_was"], data["changes"][1]["progress_now"]) == (0.5, 0.6)


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("quality/bug.target", "Did you mean `quality/bugs`?"),
        ("qualty/bugs", "Did you mean `quality/bugs`?"),
        ("qualty", "Did you mean `quality`?"),
        ("quality/bugs.targt", "Did you mean `target`?"),
        ("quality.target", "has no field `target`"),
        ("quality/bugs.flag", "has no field `flag`"),
    ],
)
def test_what_there_is_not_gets_a_hint(goals: Goals, asked: str, hint: str) -> None:
    done = run(asked)
    assert done.exit_code == 2
    assert hint in done.stderr
    assert not done.stdout


def test_a_key_result_s_own_id_is_enough_where_one_has_it(goals: Goals) -> None:
    assert run("bugs.target").stdout == run("quality/bugs.target").stdout
    assert run("bugs").exit_code == 0


def test_later_changes_are_counted_and_not_told(goals: Goals) -> None:
    done = run("quality/bugs.target", as_of="2026-07-25")
    assert "60 → 85" not in done.output
    assert "1 change after 2026-07-25 not shown" in done.output


def test_without_git_what_is_known_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Goals(tmp_path)
    plain.write({PATH: goal(85), "periods/2026-q3.md": PERIOD, "amendments/x.md": AMENDMENT})
    monkeypatch.chdir(tmp_path)
    done = run("quality/bugs.target")
    assert done.exit_code == 2
    assert "60 → 85" in done.stdout
    assert "amendments/x.md" in done.stdout
    assert "not in a git repository" in done.stderr


def test_a_shallow_clone_says_that_the_value_is_older(goals: Goals, tmp_path: Path) -> None:
    goals.git("clone", "-q", "--depth=1", f"file://{goals.root}", str(tmp_path / "clone"))
    done = run("quality/bugs.target", "--content", str(tmp_path / "clone" / "content"))
    assert done.exit_code == 2
    assert "was there already: 85" in done.stdout
    assert "begins on 2026-08-02" in done.stderr
    assert "--unshallow" in done.stderr


def test_a_shallow_clone_that_has_the_beginning_is_whole_enough(
    goals: Goals, tmp_path: Path
) -> None:
    goals.commit("2026-08-05", {"objectives/speed.md": goal(9)})
    goals.commit("2026-08-06", {"objectives/speed.md": goal(8)})
    goals.git("clone", "-q", "--depth=2", f"file://{goals.root}", str(tmp_path / "a"))
    goals.git("clone", "-q", "--depth=3", f"file://{goals.root}", str(tmp_path / "b"))
    codes = [
        run("speed/bugs.target", "--content", str(tmp_path / name / "content")).exit_code
        for name in ("a", "b")
    ]
    assert codes == [2, 0]


def test_a_name_cannot_steer_the_terminal(goals: Goals) -> None:
    goals.commit("2026-08-05", {PATH: goal(30)}, who="Bo\x1b[31m")
    assert "\x1b" not in run("quality/bugs.target").output
