"""A company in a folder, and MkDocs run on it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]

OBJECTIVE = """---
title: {title}
period: 2026-q3
team: platform
owner: Ana
{more}key_results:
  - id: escaped-bugs
    title: Bugs that reach users
    metric: bugs a month
    unit: bugs
    start: 160
    target: 40
---
{body}
"""
COMPANY = {
    "periods/2026-q3.md": (
        "---\ntitle: 2026 Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n"
        "committed_on: 2026-07-01\n---\n"
    ),
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "teams/tech/platform.md": (
        "---\ntitle: Platform\nparent: acme\nlead: Ana\n---\n"
        "We keep [quality](../../objectives/2026/quality.md#why) up.\n"
    ),
    "objectives/2026/quality.md": OBJECTIVE.format(
        title="Improve quality",
        more="",
        body="## Why\n\nBugs cost us. See [the team](../../teams/tech/platform.md), "
        "[speed](../speed.md) and ![a picture](../img/dot.png).\n\n## Krs\n\nOur [own](#krs).\n",
    ),
    "objectives/speed.md": OBJECTIVE.format(title="Be fast", more="", body="\nNote: quick."),
    "objectives/secret.md": OBJECTIVE.format(
        title="Quiet plan", more="visibility: unlisted\n", body="Hush."
    ),
    "check-ins/2026/2026-07-31-ana.md": (
        "---\ndate: 2026-07-31\nauthor: Ana\nkey_results:\n  quality/escaped-bugs: 120\n---\n"
        "## Krs\n\nTriage is daily, see [speed](../../objectives/speed.md#history).\n"
    ),
    "guide/index.md": (
        "# Guide\n\n[Quality](../objectives/2026/quality.md), [findings](../findings.md).\n"
    ),
}
CONFIG = """site_name: Acme goals
docs_dir: content
site_url: https://host.example/okrs/
repo_url: https://github.com/acme/goals
edit_uri: edit/main/content/
theme:
  name: {theme}
{features}plugins:
  - search
  - okrsite:
      as_of: 2026-08-20
markdown_extensions:
  - attr_list
  - toc:
      permalink: true
"""
MATERIAL = "  font: false\n  features: [content.action.edit, navigation.path]\n"
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "60606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def company(tmp_path: Path) -> Callable[..., Path]:
    """Writes a project: the company, changed by what is given (None takes a file away)."""

    def write(
        changes: Mapping[str, str | bytes | None] | None = None,
        more: str = "",
        theme: str = "material",
    ) -> Path:
        files: dict[str, str | bytes | None] = {**COMPANY, "objectives/img/dot.png": DOT}
        for name, text in {**files, **(changes or {})}.items():
            if text is not None:
                path = tmp_path / "content" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        features = MATERIAL if theme == "material" else ""
        config = CONFIG.format(theme=theme, features=features)
        (tmp_path / "mkdocs.yml").write_text(config + more)
        return tmp_path

    return write


@pytest.fixture(scope="session")
def plugin_path(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Where the plugin is announced, for a checkout that has not been installed."""
    if any(entry.name == "okrsite" for entry in entry_points(group="mkdocs.plugins")):
        return None
    folder = tmp_path_factory.mktemp("announced")
    info = folder / "okrsite-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: okrsite\nVersion: 0\n")
    (info / "entry_points.txt").write_text(
        "[mkdocs.plugins]\nokrsite = okrsite.hosts.mkdocs:OkrsitePlugin\n"
    )
    sys.path.insert(0, str(folder))
    return folder


@pytest.fixture
def environment(plugin_path: Path | None) -> dict[str, str]:
    known = os.environ.get("PYTHONPATH")
    paths = [str(ROOT), *([str(plugin_path)] if plugin_path else []), *([known] if known else [])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "NO_MKDOCS_2_WARNING": "1"}


@pytest.fixture
def run(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `python -m MODULE …` in a folder."""

    def start(module: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *args],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return start


@pytest.fixture
def serve(environment: dict[str, str]) -> Iterator[Callable[[Path], Callable[[str], str]]]:
    """Starts `mkdocs serve` on a project and gives a way to fetch its pages."""
    running: list[subprocess.Popen[bytes]] = []

    def start(project: Path) -> Callable[[str], str]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{free.getsockname()[1]}"
        log = (project / "serve.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", host],
            cwd=project,
            env=environment,
            stdout=log,
            stderr=log,
        )
        running.append(process)

        def fetch(uri: str) -> str:
            with urlopen(f"http://{host}/okrs/{uri}", timeout=20) as answer:
                return str(answer.read(), "utf-8")

        for _ in range(200):
            try:
                fetch("search/search_index.json")
                return fetch
            except OSError:
                assert process.poll() is None, (project / "serve.log").read_text()
                time.sleep(0.2)
        raise AssertionError((project / "serve.log").read_text())

    yield start
    for process in running:
        process.terminate()
        process.wait(20)
