"""The hooks for pre-commit: a manifest that it reads, and a run of it in a real repository."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from pre_commit.clientlib import load_manifest

from okrsite.cli import main
from tests.cli.test_check import CLEAN, CONFIG, SLIP
from tests.git_repos import Goals, repository

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
HOOKS: dict[str, Any] = {hook["id"]: hook for hook in load_manifest(MANIFEST)}
PROGRAM = str(Path(sys.executable).with_name("okrsite"))


@pytest.fixture
def goals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Goals:
    """A portal whose hooks are those of the manifest, run with what is installed here."""
    made = repository(tmp_path / "portal")
    (made.root / "mkdocs.yml").write_text(CONFIG)
    made.commit("2026-08-18", CLEAN)
    monkeypatch.chdir(made.root)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    return made


def install(goals: Goals, name: str) -> None:
    hook = {
        key: value
        for key, value in HOOKS[name].items()
        if key in ("id", "name", "files", "pass_filenames", "require_serial")
    }
    entry = HOOKS[name]["entry"].replace("okrsite", shlex.quote(PROGRAM), 1)
    local = {"repo": "local", "hooks": [{**hook, "entry": entry, "language": "system"}]}
    config = goals.root / ".pre-commit-config.yaml"
    config.write_text(yaml.safe_dump({"repos": [local]}))
    goals.git("add", "-A")


def commit_hook(*words: str) -> tuple[int, str]:
    done = subprocess.run(
        (sys.executable, "-m", "pre_commit", "run", "--color=never", *words),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_every_entry_is_a_command_with_known_options() -> None:
    assert set(HOOKS) == {"okrsite-check", "okrsite-fix", "okrsite-check-all"}
    for hook in HOOKS.values():
        assert hook["language"] == "python" and hook["require_serial"]
        program, *words = shlex.split(hook["entry"])
        assert program == "okrsite"
        assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("content/objectives/2026/calm.md", True),
        ("docs/check-ins/a.md", True),
        ("mkdocs.yml", True),
        ("mkdocs.yaml", True),
        ("content/image.png", False),
        ("README.md", False),
        ("src/content/x.md", False),
    ],
)
def test_it_is_called_for_goals_alone(hook: str, path: str, taken: bool) -> None:
    assert bool(re.search(HOOKS[hook]["files"], path)) is taken


def test_a_commit_with_an_error_is_stopped_and_told_why(goals: Goals) -> None:
    goals.write({"objectives/calm.md": SLIP})
    install(goals, "okrsite-check")
    status, told = commit_hook()
    assert status == 1
    assert "content/objectives/calm.md" in told and "= Did you mean `target`?" in told
    goals.write(CLEAN)
    goals.git("add", "-A")
    assert commit_hook()[0] == 0


def test_a_commit_is_not_stopped_by_a_file_it_does_not_touch(goals: Goals) -> None:
    goals.commit("2026-08-18", {"objectives/old.md": SLIP})
    goals.write({"check-ins/2026-08-19-bo.md": CLEAN["check-ins/2026-08-18-ana.md"]})
    install(goals, "okrsite-check")
    assert commit_hook()[0] == 0
    install(goals, "okrsite-check-all")
    status, told = commit_hook()
    assert status == 1 and "content/objectives/old.md" in told


def test_the_fixing_hook_mends_and_stops_the_commit_for_a_look(goals: Goals) -> None:
    goals.write({"objectives/calm.md": SLIP})
    install(goals, "okrsite-fix")
    status, told = commit_hook()
    assert status == 1 and "files were modified by this hook" in told
    assert (goals.folder / "objectives/calm.md").read_text() == CLEAN["objectives/calm.md"]
    goals.git("add", "-A")
    assert commit_hook()[0] == 0


def test_a_file_that_a_commit_deletes_is_no_trouble(goals: Goals) -> None:
    goals.commit("2026-08-18", {"objectives/old.md": SLIP})
    install(goals, "okrsite-check")
    goals.write({"objectives/old.md": None})
    goals.git("add", "-A")
    assert commit_hook()[0] == 0
