"""git's history as a host asks for it: once for each commit, and only where it is wanted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from okrsite.hosts import past
from okrsite.hosts.past import Past
from okrsite.hosts.project import read_project
from okrsite.okr.past.history import History, Place, history_at
from tests.git_repos import Goals, goal, repository

PATH = "objectives/quality.md"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Place]:
    """Every place whose history was read."""
    found: list[Place] = []

    def read(place: Place) -> History:
        found.append(place)
        return history_at(place)

    monkeypatch.setattr(past, "history_at", read)
    return found


def test_it_is_read_once_for_each_commit(tmp_path: Path, asked: list[Place]) -> None:
    goals = repository(tmp_path)
    goals.commit("2026-07-01", {PATH: goal(40)})
    remembered = Past()
    first = remembered.of(goals.folder)
    goals.write({PATH: goal(30)})
    assert remembered.of(goals.folder) is first
    goals.commit("2026-07-02", {PATH: goal(30)})
    assert len(remembered.of(goals.folder).changes) == len(first.changes) + 1
    assert len(asked) == 2


def test_a_fetch_of_the_rest_is_another_history(tmp_path: Path, asked: list[Place]) -> None:
    goals = repository(tmp_path / "goals")
    goals.commit("2026-07-01", {PATH: goal(40)})
    goals.commit("2026-07-02", {PATH: goal(30)})
    goals.git("clone", "-q", "--depth=1", f"file://{goals.root}", str(tmp_path / "clone"))
    clone, remembered = Goals(tmp_path / "clone"), Past()
    assert remembered.of(clone.folder).since is not None
    clone.git("fetch", "-q", "--unshallow")
    assert remembered.of(clone.folder).since is None


def test_without_git_there_is_none(tmp_path: Path) -> None:
    assert not Past().of(tmp_path).known


def _built(project: Path, folder: Path) -> str:
    config = load_config(str(project / "mkdocs.yml"), site_dir=str(folder))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return (folder / "goalposts/index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("option", "words"),
    [("", "No reason given"), ("      history: false\n", "the option `history` is off")],
)
def test_the_page_as_the_option_says(
    company: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory, option: str, words: str
) -> None:
    project = company()
    text = (project / "mkdocs.yml").read_text("utf-8")
    with_option = text.replace("      as_of: 2026-08-20\n", f"      as_of: 2026-08-20\n{option}")
    (project / "mkdocs.yml").write_text(with_option, "utf-8")
    goals = repository(project)
    goals.commit("2026-06-20", {})
    changed = (goals.folder / "objectives/speed.md").read_text("utf-8")
    goals.commit("2026-08-01", {"objectives/speed.md": changed.replace("target: 40", "target: 60")})
    assert words in _built(project, tmp_path_factory.mktemp("site"))
    assert read_project(project).history is not bool(option)


def test_a_served_site_keeps_the_plugin_that_remembers(company: Callable[..., Path]) -> None:
    project = company()
    plugins = [load_config(str(project / "mkdocs.yml")).plugins["okrsite"] for _ in range(2)]
    assert plugins[0] is plugins[1]
