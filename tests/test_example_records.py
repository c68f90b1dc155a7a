"""The example company's closed quarters are published from records made by the command."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from okrsite.cli import main
from okrsite.hosts.project import read_project
from okrsite.okr.git import GitError, commit_of, find_repository, is_shallow
from okrsite.okr.pipeline import load
from okrsite.okr.snapshot.chain import read_chain
from okrsite.okr.sources import read_folder

ROOT = Path(__file__).parents[1]
QUARTERS = ("2026-q1", "2026-q2")


def test_both_closed_quarters_are_recorded_and_trusted() -> None:
    project = read_project(ROOT)
    sources = read_folder(project.content)
    chain = read_chain(sources)
    assert chain.faults == ()
    assert [str(link.manifest.name) for link in chain.links] == [f"{q}/closed" for q in QUARTERS]
    assert project.as_of is not None
    book = load(sources, project.settings, project.as_of)
    assert tuple(book.parsed.closed.records) == QUARTERS
    assert [finding for finding in book.findings if finding.code.startswith("OKR7")] == []
    moved = book.parsed.closed.records["2026-q2"].moved
    assert len(moved) == 3


def _has_history() -> bool:
    repo = find_repository(ROOT)
    if repo is None or is_shallow(repo):
        return False
    try:
        for link in read_chain(read_folder(ROOT / "content")).links:
            commit_of(repo, link.manifest.commit)
    except GitError:
        return False
    return True


def test_they_are_proved_from_their_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    if not _has_history():
        pytest.skip("the history is not here")
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main, ["snapshot", "verify", "--all"], catch_exceptions=False)
    assert "2 snapshots: 2 proved unaltered." in done.output, done.output


def test_a_record_without_its_manifest_is_an_error() -> None:
    project = read_project(ROOT)
    sources = dict(read_folder(project.content))
    del sources["snapshots/2026-q2/closed/manifest.json"]
    assert project.as_of is not None
    book = load(sources, project.settings, project.as_of)
    assert [f.path for f in book.findings if f.code == "OKR703"] == [
        "snapshots/2026-q2/closed/record.json"
    ]
