"""Commits read as folders are: names resolved, texts fetched, and plain words where it fails."""

import os
import subprocess
from pathlib import Path

import pytest

from okrsite.okr.git import (
    GitError,
    Repository,
    blobs_in,
    commit_of,
    find_repository,
    git,
    is_shallow,
    merge_base,
    read_blobs,
)
from okrsite.okr.revisions import inside, read_file, read_revision
from okrsite.okr.sources import read_folder


def run(folder: Path, *args: str) -> str:
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com")
    done = subprocess.run(
        ("git", *who, *args), cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    folder = tmp_path / "goals"
    folder.mkdir()
    run(folder, "init", "-q", "-b", "main")
    write(folder, {"mkdocs.yml": "site_name: x\n", "content/teams/a.md": "---\ntitle: A\n---\n"})
    run(folder, "add", ".")
    run(folder, "commit", "-qm", "first")
    found = find_repository(folder / "content")
    assert found is not None
    return found


def test_a_revision_reads_like_the_folder_it_was(repo: Repository) -> None:
    odd = {
        "content/objectives/q3/ä ö.md": "ü\n",
        'content/objectives/with "quotes".md': "x\n",
        "content/objectives/.hidden.md": "x\n",
        "content/.drafts/x.md": "x\n",
        "content/picture.png": "x\n",
        "contents/other.md": "not below content\n",
        "content/teams/a.md": "changed\r\n",
    }
    write(repo.root, odd)
    (repo.root / "content/link.md").symlink_to("/etc/hostname")
    run(repo.root, "add", ".")
    run(repo.root, "commit", "-qm", "second")
    commit = commit_of(repo, "HEAD")
    assert read_revision(repo, commit, "content") == read_folder(repo.root / "content")
    assert "objectives/q3/ä ö.md" in read_revision(repo, commit, "content")
    assert read_revision(repo, commit_of(repo, "HEAD~1"), "content") == {
        "teams/a.md": b"---\ntitle: A\n---\n"
    }


def test_the_top_of_the_repository_may_be_the_content(repo: Repository) -> None:
    folder = inside(repo, repo.root)
    assert folder == ""
    assert [*read_revision(repo, commit_of(repo, "main"), folder)] == ["content/teams/a.md"]


def test_one_file_of_a_commit(repo: Repository) -> None:
    commit = commit_of(repo, "HEAD")
    assert read_file(repo, commit, "mkdocs.yml") == b"site_name: x\n"
    assert read_file(repo, commit, "content") is None
    assert read_file(repo, commit, "gone.yml") is None


@pytest.mark.parametrize("ref", ["nowhere", "--output=/tmp/x", "", "HEAD:mkdocs.yml"])
def test_an_unknown_name_is_said_in_words(repo: Repository, ref: str) -> None:
    with pytest.raises(GitError, match=r"no commit|no name"):
        commit_of(repo, ref)


def test_a_folder_without_git_is_none(tmp_path: Path) -> None:
    assert find_repository(tmp_path) is None


def test_without_git_it_says_so(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(GitError, match="git is not there"):
        find_repository(repo.root)


def test_a_folder_outside_is_refused(repo: Repository, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="does not lie in"):
        inside(repo, tmp_path)


def test_a_shallow_clone_is_told_and_named_as_the_reason(repo: Repository, tmp_path: Path) -> None:
    first = commit_of(repo, "HEAD")
    run(repo.root, "switch", "-qc", "branch")
    run(repo.root, "commit", "--allow-empty", "-qm", "second")
    run(repo.root, "clone", "-q", "--depth", "1", f"file://{repo.root}", str(tmp_path / "cut"))
    cut = Repository(tmp_path / "cut")
    assert is_shallow(cut) and not is_shallow(repo)
    with pytest.raises(GitError, match="unshallow"):
        commit_of(cut, first)
    assert merge_base(repo, "main", "branch") == first


def test_strangers_have_nothing_in_common(repo: Repository) -> None:
    run(repo.root, "switch", "-q", "--orphan", "other")
    run(repo.root, "commit", "--allow-empty", "-qm", "elsewhere")
    with pytest.raises(GitError, match="no commit in common"):
        merge_base(repo, "main", "other")


def test_blobs_come_whole_whatever_they_hold(repo: Repository) -> None:
    data = bytes(range(256)) + b"\n\n\0blob 3\n"
    (repo.root / "content/raw.md").write_bytes(data)
    (repo.root / "content/empty.md").write_bytes(b"")
    run(repo.root, "add", ".")
    run(repo.root, "commit", "-qm", "bytes")
    names = blobs_in(repo, commit_of(repo, "HEAD"), "content")
    blobs = read_blobs(repo, names.values())
    assert blobs[names["content/raw.md"]] == data
    assert blobs[names["content/empty.md"]] == b""
    assert read_blobs(repo, ()) == {}
    with pytest.raises(GitError, match="missing"):
        read_blobs(repo, ["0" * 40])


def test_what_one_clone_takes_for_a_commit_does_not_count(repo: Repository) -> None:
    first = commit_of(repo, "HEAD")
    write(repo.root, {"content/teams/a.md": "---\ntitle: B\n---\n"})
    run(repo.root, "commit", "-qam", "second")
    second = commit_of(repo, "HEAD")
    run(repo.root, "replace", second, first)
    assert run(repo.root, "show", f"{second}:content/teams/a.md") == "---\ntitle: A\n---"
    assert read_revision(repo, second, "content") == {"teams/a.md": b"---\ntitle: B\n---\n"}


def test_names_are_those_of_the_repository_s_own_mailmap(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = tmp_path / "names"
    names.write_text("Somebody <ana@example.com>\n", encoding="utf-8")
    config = tmp_path / "config"
    config.write_text(f"[mailmap]\n\tfile = {names.as_posix()}\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert run(repo.root, "log", "-1", "--format=%aN") == "Somebody"
    assert git(repo, "log", "-1", "--format=%aN") == b"Ana\n"
    write(repo.root, {".mailmap": "Ana Ruiz <ana@example.com>\n"})
    assert git(repo, "log", "-1", "--format=%aN") == b"Ana Ruiz\n"


def test_whether_a_path_is_a_pattern_is_not_the_user_s_choice(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_ICASE_PATHSPECS", "GIT_LITERAL_PATHSPECS"):
        monkeypatch.setenv(name, "1")
        assert read_file(repo, "HEAD", "mkdocs.yml") == b"site_name: x\n"
        assert blobs_in(repo, "HEAD", "Content") == {}
        monkeypatch.delenv(name)
