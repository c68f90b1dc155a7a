"""`okrsite diff` on real repositories: ranges, renames, what is not here, and how it ends."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.differing import facts, run
from tests.git_repos import Goals, repository

PERIOD = "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n---\n"
TEAM = "---\ntitle: Acme\n---\n"
CONFIG = "docs_dir: content\nplugins:\n  - search\n  - okrsite:\n      as_of: 2026-08-20\n"
CHECK_IN = "---\ndate: 2026-08-18\nauthor: ana\nkey_results:\n  calm/bugs: 30\n---\nFewer.\n"


def calm(target: int = 20, start: int = 40) -> str:
    return (
        "---\ntitle: A calm front desk\nperiod: q3\nteam: acme\nowner: ana\nkey_results:\n"
        f"  - id: bugs\n    title: Bugs\n    start: {start}\n    target: {target}\n---\nWhy.\n"
    )


CLEAN: dict[str, str | bytes | None] = {
    "periods/q3.md": PERIOD,
    "teams/acme.md": TEAM,
    "objectives/calm.md": calm(),
    "check-ins/2026-08-18-ana.md": CHECK_IN,
}


@pytest.fixture
def goals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Goals:
    """A project on its branch `feature`, which left `main` at its first commit."""
    made = repository(tmp_path / "goals")
    (made.root / "mkdocs.yml").write_text(CONFIG)
    made.commit("2026-08-18", CLEAN)
    made.git("checkout", "-q", "-b", "feature")
    monkeypatch.chdir(made.root)
    return made


def rules(document: dict[str, Any]) -> list[str]:
    return [change["rule"] for change in document["changes"]]


def test_three_dots_leave_out_what_came_to_the_base_since(goals: Goals) -> None:
    goals.commit("2026-08-19", {"objectives/calm.md": calm(30)})
    goals.git("checkout", "-q", "main")
    goals.commit("2026-08-19", {"teams/acme.md": TEAM.replace("Acme", "Acme Ltd")})
    goals.git("checkout", "-q", "feature")
    three = facts("main...feature")
    assert rules(three) == ["target-eased-without-amendment"]
    assert three["base"]["commit"] == goals.git("merge-base", "main", "feature")
    assert three["head"]["commit"] == goals.git("rev-parse", "feature")
    assert rules(facts("main...")) == rules(three)
    two = facts("main..feature")
    assert rules(two) == ["target-eased-without-amendment", "title-changed"]


def test_the_headline_says_what_it_does_to_the_company(goals: Goals) -> None:
    new = CHECK_IN.replace("08-18", "08-19").replace("30", "25")
    goals.commit("2026-08-19", {"objectives/calm.md": calm(30), "check-ins/2026-08-19-ana.md": new})
    # (30 − 40) ÷ (20 − 40) = 50.0 %, (25 − 40) ÷ (30 − 40) = 150.0 %; it rolls up as 100.0 %.
    assert run("main...feature").stdout.splitlines()[:2] == [
        "Not ready to merge: 1 promise moved without an amendment.",
        "This change raises the company’s score by 50.0 points, from 50.0 % to 100.0 %: "
        "+12.5 from work and +37.5 from moved goalposts.",
    ]
    found = facts("main...feature")
    (row,) = found["causes"]
    assert row["split"] == {"work": 0.125, "goalposts": 0.375, "time": 0}
    assert (row["was"], row["now"], row["change"]) == (0.5, 1, 0.5)


def test_without_a_range_the_files_here_are_compared_with_the_main_branch(goals: Goals) -> None:
    assert run().stdout.startswith("Nothing changes: both sides say the same.")
    goals.write({"objectives/calm.md": calm(10)})
    found = facts()
    assert rules(found) == ["target-raised-without-amendment"]
    assert found["head"] == {"name": "the work tree", "commit": None, "as_of": "2026-08-20"}
    assert rules(facts("main")) == rules(found)
    goals.write({"check-ins/new.md": CHECK_IN.replace("18", "19")})  # not even added to git
    assert "check-in-added" in rules(facts())


def test_a_remote_says_which_branch_changes_are_merged_into(
    goals: Goals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals.git("branch", "-m", "main", "trunk")
    goals.commit("2026-08-19", {"objectives/calm.md": calm(10)})
    goals.git("symbolic-ref", "HEAD", "refs/heads/trunk")
    goals.git("clone", "-q", str(goals.root), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    found = facts()
    assert found["base"]["name"] == "merge base with origin/trunk"


def test_line_ends_that_a_checkout_changed_are_no_change(goals: Goals) -> None:
    for path in goals.folder.rglob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert facts("main")["changes"] == []


def test_a_renamed_file_is_followed(goals: Goals) -> None:
    goals.write({"objectives/calm.md": None, "objectives/deep/er/calm.md": calm(30)})
    goals.git("add", "-A")
    goals.git("commit", "-q", "-m", "move")
    found = facts("main...feature")
    assert rules(found) == ["target-eased-without-amendment", "file-moved"]
    assert found["changes"][0]["path"] == "objectives/deep/er/calm.md"


def test_each_side_has_its_own_settings(goals: Goals) -> None:
    policy = CONFIG + "      policy: {cap: 0.4}\n"
    (goals.root / "mkdocs.yml").write_text(policy.replace("docs_dir: content", "docs_dir: goals"))
    goals.folder.rename(goals.root / "goals")
    goals.git("add", "-A")
    goals.git("commit", "-q", "-m", "move all")
    found = facts("main...feature")
    assert rules(found) == ["policy-changed"]
    assert found["causes"][0]["split"]["goalposts"] == pytest.approx(-0.1)


def test_a_project_below_the_top_of_its_repository(
    goals: Goals, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = goals.root / "docs" / "okr"
    below.mkdir(parents=True)
    (goals.root / "mkdocs.yml").rename(below / "mkdocs.yml")
    goals.folder.rename(below / "content")
    goals.git("add", "-A")
    goals.git("commit", "-q", "-m", "below")
    monkeypatch.chdir(below)
    (below / "content/objectives/calm.md").write_text(calm(30))
    assert rules(facts("HEAD")) == ["target-eased-without-amendment"]
    goals.git("commit", "-q", "-am", "ease")
    assert rules(facts("HEAD~1..HEAD")) == ["target-eased-without-amendment"]


def test_two_folders(goals: Goals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goals.git("worktree", "add", "-q", str(tmp_path / "old"), "main")
    goals.write({"objectives/calm.md": calm(30)})
    monkeypatch.chdir(tmp_path)  # no repository here
    projects = facts("old", "goals", "--as-of", "2026-08-20")
    bare = facts("old/content", "goals/content", "--as-of", "2026-08-20")
    assert rules(projects) == rules(bare) == ["target-eased-without-amendment"]
    assert projects["head"]["name"] == "goals"


def test_another_day_for_the_base_makes_time_a_cause(goals: Goals) -> None:
    found = facts("main...feature", "--base-as-of", "2026-08-01")
    (row,) = found["causes"]
    assert (found["base"]["as_of"], found["head"]["as_of"]) == ("2026-08-01", "2026-08-20")
    assert row["split"] == {"work": 0, "goalposts": 0, "time": 0.5}


def test_the_report_can_be_written_to_a_file(goals: Goals) -> None:
    goals.write({"objectives/calm.md": calm(30)})
    for form, start in (("markdown", "<!-- okrsite-diff -->\n"), ("html", "<!doctype html>")):
        for _ in range(2):  # the second replaces the first
            result = run("--format", form, "--output", "report")
            assert (result.exit_code, result.stdout) == (0, "")
        assert Path("report").read_text().startswith(start)
        assert sorted(path.name for path in goals.root.glob("report*")) == ["report"]


# --- how it ends ----------------------------------------------------------------------------------


@pytest.fixture
def eased(goals: Goals) -> str:
    """The fingerprint of a target that was eased without an amendment."""
    goals.commit("2026-08-19", {"objectives/calm.md": calm(30)})
    found = facts("main...feature")["changes"]
    return str(found[0]["fingerprint"])


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [
        ([], 0),
        (["error"], 1),
        (["warning"], 1),
        (["target-eased-without-amendment"], 1),
        (["target-eased"], 1),
        (["target-raised"], 0),
        (["target-raised", "error"], 1),
        (["check-in-added"], 0),
    ],
)
def test_it_fails_on_what_it_is_told_to(eased: str, fail_on: list[str], code: int) -> None:
    words = [word for name in fail_on for word in ("--fail-on", name)]
    result = run("main...feature", *words)
    assert result.exit_code == code
    assert eased in result.stdout


def test_an_unknown_rule_is_refused_with_a_proposal(eased: str) -> None:
    result = run("--fail-on", "target-easd")
    assert result.exit_code == 2
    assert "Did you mean `target-eased`?" in result.stderr


def test_an_acceptance_carries_over_a_push(goals: Goals, eased: str) -> None:
    (goals.root / "accepted.txt").write_text(f"# by hana\n\n{eased.upper()} agreed on 19 August\n")
    goals.write({"objectives/calm.md": None})
    remark = calm(30).replace("owner: ana", "# a remark\nowner: bo")
    goals.commit("2026-08-20", {"objectives/below/calm.md": remark})
    for words in (["--accept", eased], ["--accept-file", "accepted.txt"]):
        result = run("main...feature", "--fail-on", "error", *words)
        assert result.exit_code == 0
        assert result.stderr == ""
    assert "accepted: agreed on 19 August" in result.stdout
    assert "1 accepted" in result.stdout
    goals.commit("2026-08-20", {"objectives/below/calm.md": remark.replace("30", "35")})
    again = run("main...feature", "--fail-on", "error", "--accept", eased)
    assert again.exit_code == 1  # another value is another change
    assert f"nothing here has the fingerprint {eased}" in again.stderr


# --- could not compare ----------------------------------------------------------------------------


def could_not(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert "Nothing changes" not in result.output and "No number changes" not in result.output
    assert "could not compare" in result.stderr
    return result.stderr


def test_a_name_that_is_not_here(goals: Goals) -> None:
    assert "there is no commit `nowhere`" in could_not("nowhere...feature")
    assert "there is no commit `nowhere`" in could_not("main..nowhere")
    assert "there is no commit `nowhere`" in could_not("nowhere")
    assert "is no name of a commit" in could_not("--", "--output=x...feature")


def test_a_clone_without_its_history(
    goals: Goals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals.commit("2026-08-19", {"objectives/calm.md": calm(30)})
    goals.git("clone", "-q", "--depth", "1", "--no-single-branch", "-b", "feature",
              f"file://{goals.root}", str(tmp_path / "clone"))  # fmt: skip
    monkeypatch.chdir(tmp_path / "clone")
    assert "git fetch --unshallow" in could_not("origin/main...HEAD")
    assert "git fetch --unshallow" in could_not("HEAD~1..HEAD")
    subprocess.run(("git", "fetch", "-q", "--unshallow"), check=True)
    assert rules(facts("origin/main...HEAD")) == ["target-eased-without-amendment"]


def test_two_that_have_no_commit_in_common(goals: Goals) -> None:
    goals.git("checkout", "-q", "--orphan", "other")
    goals.commit("2026-08-19", {"objectives/calm.md": calm(30)})
    assert "no commit in common" in could_not("main...other")
    assert rules(facts("main..other")) == ["target-eased-without-amendment"]


def test_a_base_without_the_folder(goals: Goals) -> None:
    goals.git("rm", "-q", "-r", "--cached", "content")
    goals.git("commit", "-q", "-m", "nothing")
    assert "has no folder content" in could_not("HEAD")
    assert "has no folder elsewhere" in could_not("main...main", "--content", "elsewhere")


def test_no_repository_no_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "no git repository" in could_not("main...feature")
    assert "no git repository" in could_not()
    assert "there are no folders one and two" in could_not("one", "two")
    (tmp_path / "one").mkdir()
    assert "there is no folder two" in could_not("one", "two")
    (tmp_path / "two").mkdir()
    assert "no goals" in could_not("one", "two")
    assert "one range, or two folders" in could_not("one", "two", "three")


BROKEN = {
    "not UTF-8": calm().encode() + b"\xff\xfe",
    "not YAML": calm().replace("title: A", "title: [A").encode(),
    "without its period": calm().replace("period: q3\n", "").encode(),
    "with a lost target": calm().replace("target: 20", "target: twenty").encode(),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("side", ["base", "head"])
def test_a_file_that_cannot_be_read_is_neither_dropped_nor_unchanged(
    goals: Goals, name: str, side: str
) -> None:
    more = {"teams/acme.md": TEAM.replace("Acme", "Acme Ltd")}
    if side == "base":
        goals.commit("2026-08-19", {"objectives/calm.md": BROKEN[name]})
        goals.git("branch", "-f", "main", "HEAD")
        goals.commit("2026-08-20", {"objectives/calm.md": calm(), **more})
    else:
        goals.commit("2026-08-20", {"objectives/calm.md": BROKEN[name], **more})
    result = run("main...feature", "--fail-on", "error")
    assert result.exit_code == 2
    assert result.stdout.startswith(
        "Could not compare everything: objectives/calm.md cannot be read as a whole."
    )
    assert f"in the {side}: " in result.stdout
    assert "dropped" not in result.stdout and "eased" not in result.stdout
    assert "title changed, Acme → Acme Ltd" in result.stdout  # what can be compared, is
    found = facts("main...feature", code=2)
    assert found["complete"] is False
    assert rules(found) == ["title-changed"]


def test_settings_nobody_can_follow(goals: Goals) -> None:
    (goals.root / "mkdocs.yml").write_text(CONFIG + "      cadence: often\n")
    result = run("main")
    assert result.exit_code == 2
    assert "mkdocs.yml" in result.stdout
    (goals.root / "mkdocs.yml").write_text("docs_dir: [\n")
    assert "mkdocs.yml" in could_not("main")


def test_a_fault_in_a_file_nobody_touched_is_no_hindrance(goals: Goals) -> None:
    goals.git("checkout", "-q", "main")
    goals.commit("2026-08-19", {"objectives/bad.md": b"---\ntitle: [\n---\n"})
    goals.git("checkout", "-q", "-b", "later")
    goals.commit("2026-08-20", {"objectives/calm.md": calm(30)})
    assert rules(facts("main...later")) == ["target-eased-without-amendment"]


def test_a_changed_day_of_the_portal_is_told_and_split_off_as_time(goals: Goals) -> None:
    (goals.root / "mkdocs.yml").write_text(CONFIG.replace("2026-08-20", "2026-08-17"))
    goals.commit("2026-08-19", {})
    found = facts("main...feature")
    assert rules(found) == ["day-changed"]
    assert (found["base"]["as_of"], found["head"]["as_of"]) == ("2026-08-20", "2026-08-17")
    assert found["causes"][0]["split"] == {"work": 0, "goalposts": 0, "time": -0.5}
    asked = facts("main...feature", "--as-of", "2026-08-20")
    assert (asked["causes"], rules(asked)) == ([], ["day-changed"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("docs_dir: content\n", "docs_dir: content\nexclude_docs: objectives/\n"),
        ("as_of: 2026-08-20\n", "as_of: 2026-08-20\n      history: false\n"),
    ],
)
def test_what_is_published_no_more_is_no_silence(goals: Goals, old: str, new: str) -> None:
    (goals.root / "mkdocs.yml").write_text(CONFIG.replace(old, new))
    goals.commit("2026-08-19", {})
    assert rules(facts("main...feature")) == ["publishing-changed"]


def test_settings_may_be_inherited_and_are_followed(goals: Goals) -> None:
    (goals.root / "mkdocs.yml").write_text("INHERIT: site/base.yml\n")
    (goals.root / "site").mkdir()
    (goals.root / "site/base.yml").write_text("INHERIT: ../most.yml\nsite_name: Acme\n")
    (goals.root / "most.yml").write_text(CONFIG)
    goals.commit("2026-08-19", {})
    assert rules(facts("main...feature")) == []
    (goals.root / "most.yml").write_text(CONFIG + "      policy: {cap: none}\n")
    goals.commit("2026-08-19", {})
    assert rules(facts("main...feature")) == ["policy-changed"]
    assert rules(facts("main")) == ["policy-changed"]
    (goals.root / "most.yml").write_text("INHERIT: mkdocs.yml\n")
    assert "circle" in run("main").output


def test_no_goal_on_either_side_is_no_comparison(goals: Goals) -> None:
    (goals.root / "docs").mkdir()
    (goals.root / "docs/index.md").write_text("# Docs\n")
    goals.commit("2026-08-19", {"objectives/calm.md": calm(30)})
    goals.git("checkout", "-q", "-b", "more")
    for range_ in ("feature..more", "feature"):
        result = run(range_, "--content", "docs")
        assert result.exit_code == 2
        assert "no goals" in result.output


def test_a_submodule_among_the_goals_is_no_comparison(goals: Goals) -> None:
    commit = goals.git("rev-parse", "HEAD")
    entry = f"160000,{commit},content/objectives/of-others"
    goals.git("update-index", "--add", "--cacheinfo", entry)
    goals.git("commit", "-qm", "others")
    result = run("main...feature")
    assert result.exit_code == 2
    assert "content/objectives/of-others is a submodule" in result.output


def test_a_link_is_the_goal_that_it_leads_to(goals: Goals) -> None:
    goals.commit("2026-08-19", {"notes/calm.md": calm(), "objectives/calm.md": None})
    (goals.root / "content/objectives").mkdir(exist_ok=True)
    (goals.root / "content/objectives/calm.md").symlink_to("../notes/calm.md")
    goals.commit("2026-08-19", {})
    assert rules(facts("main...feature")) == rules(facts("main")) == []
    goals.git("checkout", "-q", "-b", "eased")
    goals.commit("2026-08-19", {"notes/calm.md": calm(30)})
    assert rules(facts("feature...eased")) == ["target-eased-without-amendment"]


def test_goals_whose_promise_moved_do_not_keep_every_number(goals: Goals) -> None:
    goals.commit("2026-08-17", {"check-ins/2026-08-18-ana.md": None})
    goals.git("branch", "-f", "main")
    goals.commit("2026-08-19", {"objectives/calm.md": calm(30)})
    assert facts("main...feature")["unchanged"]["key_results"] == {"kept": 0, "of": 1}


def test_in_a_hook_of_another_work_tree_it_is_the_folder_that_counts(
    goals: Goals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals.git("worktree", "add", "-q", "-b", "eased", str(tmp_path / "beside"))
    place = tmp_path / "beside"
    (place / "content/objectives/calm.md").write_text(calm(30))
    inner = subprocess.run(
        ("git", "rev-parse", "--absolute-git-dir"),
        cwd=place,
        capture_output=True,
        text=True,
        check=True,
    )
    monkeypatch.chdir(place)
    monkeypatch.setenv("GIT_DIR", inner.stdout.strip())
    monkeypatch.setenv("GIT_INDEX_FILE", f"{inner.stdout.strip()}/index")
    assert rules(facts("main")) == ["target-eased-without-amendment"]
