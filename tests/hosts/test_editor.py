"""The option `editor`: published where it is on, absent where off, told where it cannot be."""

from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from okrsite.hosts.mkdocs import OkrsiteConfig
from okrsite.hosts.project import ProjectError, read_project
from tests.hosts.conftest import CONFIG

FILES = {"periods/q.md": "---\ntitle: Q\nstart: 2026-07-01\nend: 2026-09-30\n---\n"}


def project(folder: Path, option: str, *, head: str = CONFIG) -> Path:
    for name, text in FILES.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    day = "      as_of: 2026-08-20\n"
    text = head.format(theme="mkdocs", features="").replace(day, f"{day}      {option}\n")
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")
    return folder / "mkdocs.yml"


def built(config_file: Path, out: Path) -> set[str]:
    config = load_config(str(config_file), site_dir=str(out))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_on(tmp_path: Path) -> None:
    files = built(project(tmp_path, "editor: true"), tmp_path / "site")
    wanted = {"index.html", "config.json", "edit.js", "sveltia-cms.js", "sveltia-cms.LICENSE.txt"}
    assert {f"edit/{name}" for name in wanted} <= files
    assert "edit/" not in (tmp_path / "site/sitemap.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["editor: false", "cadence: 7"])
def test_off(option: str, tmp_path: Path) -> None:
    files = built(project(tmp_path, option), tmp_path / "site")
    assert "index.html" in files
    assert not [name for name in files if name.startswith("edit/") or "sveltia" in name]


def test_without_a_repository_it_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    head = CONFIG.replace("repo_url: https://github.com/acme/goals\n", "")
    files = built(project(tmp_path, "editor: true", head=head), tmp_path / "site")
    assert not [name for name in files if name.startswith("edit/")]
    assert "the forms are not published" in caplog.text


def test_a_wrong_option_stops_the_build_and_the_commands(tmp_path: Path) -> None:
    config_file = project(tmp_path, "editor: {client: x}")
    with pytest.raises(Abort):
        load_config(str(config_file), site_dir=str(tmp_path / "site"))
    with pytest.raises(ProjectError, match="base_url"):
        read_project(tmp_path)


def test_the_commands_read_the_same(tmp_path: Path) -> None:
    project(tmp_path, "editor: {app_id: abc}")
    urls = read_project(tmp_path).urls
    assert urls.editor and urls.editor.app_id == "abc"
    assert dict(OkrsiteConfig._schema)["editor"].default is False
