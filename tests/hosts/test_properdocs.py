"""The same plugin under ProperDocs, which gives its own modules MkDocs' names."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.crawl import dead_links, repeated_ids

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_properdocs_builds_the_same_portal(company: Callable[..., Path], run: Run) -> None:
    project = company()
    assert run("mkdocs", "build", "--strict", "-d", "plain", cwd=project).returncode == 0
    result = run("properdocs", "build", "--strict", "-f", "mkdocs.yml", cwd=project)
    assert result.returncode == 0, result.stdout + result.stderr
    assert dead_links(project / "site", "/okrs/") == []
    assert repeated_ids(project / "site") == []
    ours = {path.relative_to(project / "site") for path in (project / "site").rglob("*.html")}
    theirs = {path.relative_to(project / "plain") for path in (project / "plain").rglob("*.html")}
    assert ours == theirs


def test_a_strict_build_of_bad_content_fails_there_too(
    company: Callable[..., Path], run: Run
) -> None:
    bad = {"objectives/speed.md": "---\ntitle: [a\n---\n", "teams/acme.md": "---\nname: x\n---\n"}
    result = run("properdocs", "build", "--strict", "-f", "mkdocs.yml", cwd=company(bad))
    told = result.stdout + result.stderr
    assert result.returncode == 1
    assert "Traceback" not in told
    assert "content/objectives/speed.md:" in told and "content/teams/acme.md:" in told
