"""`okrsite check --base`: the base is read as it was, whatever the change makes of the portal."""

import pytest

from tests.cli.test_check import CALM, CONFIG, PERIOD, found, goals, run
from tests.git_repos import Goals

__all__ = ["goals"]  # the fixture

EASED = CALM.replace("20", "30")
BROKEN = CALM.replace("title: A calm front desk", 'title: "A calm front desk')


@pytest.fixture
def branch(goals: Goals) -> Goals:
    goals.git("checkout", "-q", "-b", "easier")
    return goals


def test_another_folder_of_goals_hides_nothing(branch: Goals) -> None:
    branch.git("mv", "content", "goals")
    (branch.root / "mkdocs.yml").write_text(CONFIG.replace("docs_dir: content", "docs_dir: goals"))
    (branch.root / "goals/objectives/calm.md").write_text(EASED)
    branch.git("commit", "-qam", "moved")
    assert found("--base", "main") == [("goals/objectives/calm.md", "OKR601", 10)]


def test_a_base_without_goals_cannot_be_compared(branch: Goals) -> None:
    branch.git("rm", "-rq", "content")
    branch.git("commit", "-qm", "gone")
    branch.commit("2026-08-19", {"objectives/calm.md": EASED})
    result = run("--base", "HEAD~1")
    assert result.exit_code == 2 and "could not compare: " in result.stderr
    (branch.root / "README.md").write_text("Nothing")
    branch.git("rm", "-rq", "content")
    branch.write({"index.md": "# Welcome"})
    branch.git("add", "-A")
    branch.git("commit", "-qm", "a page")
    branch.commit("2026-08-19", {"objectives/calm.md": EASED})
    result = run("--base", "HEAD~1")
    assert result.exit_code == 2 and "there are no goals in HEAD~1" in result.stderr


def test_a_change_does_not_decide_how_it_is_weighed(branch: Goals) -> None:
    (branch.root / "mkdocs.yml").write_text(CONFIG + "      rules: {OKR601: off}\n")
    branch.commit("2026-08-19", {"objectives/calm.md": EASED})
    assert found("--base", "main") == [("content/objectives/calm.md", "OKR601", 10)]
    branch.commit("2026-08-19", {"objectives/calm.md": EASED.replace("30", "35")})
    assert found("--base", "HEAD~1") == []


@pytest.mark.parametrize(
    ("path", "before", "after", "why"),
    [
        ("objectives/calm.md", BROKEN, EASED, "the base cannot be read"),
        (
            "objectives/calm.md",
            CALM.replace("target: 20", "target: about 20"),
            EASED,
            "`key_results.0.target` of the base cannot be read",
        ),
        (
            "periods/q3.md",
            PERIOD.replace("committed", "comitted"),
            PERIOD,
            "`state` of the base cannot be read",
        ),
    ],
)
def test_what_cannot_be_read_in_the_base_is_not_compared(
    branch: Goals, path: str, before: str, after: str, why: str
) -> None:
    branch.commit("2026-08-18", {path: before})
    branch.commit("2026-08-19", {path: after, "check-ins/2026-08-18-ana.md": None})
    result = run("--base", "HEAD~1")
    assert result.exit_code == 2
    assert result.stderr == f"okrsite: could not compare content/{path}: {why}\n"
    assert "OKR603" in result.stdout


def test_mending_what_decides_nothing_is_compared(branch: Goals) -> None:
    branch.commit("2026-08-18", {"objectives/calm.md": CALM.replace("20\n", "20\n    tags: 5\n")})
    branch.commit("2026-08-19", {"objectives/calm.md": CALM})
    assert run("--base", "HEAD~1").exit_code == 0
