"""Who writes: git's user as the person that the goals know."""

import subprocess
from pathlib import Path

import pytest

from okrsite.edit.files import EditError
from okrsite.edit.who import author_of, user_of, writer
from tests.support import PERIOD, book

PORTFOLIO = book(
    {
        "periods/q.md": PERIOD,
        "people/ana.md": (
            "---\ntitle: Ana Ferreira\nlinks: {Mail: mailto:Ana.F@Larkmere.example}\n---\n"
        ),
        "people/jose-lu.md": "---\ntitle: J. Lu\n---\n",
        "people/hana.md": "---\ntitle: Hana\n---\n",
    }
).portfolio


@pytest.mark.parametrize(
    ("name", "email", "author"),
    [
        ("Somebody", "ana.f@larkmere.EXAMPLE", "ana"),
        ("ana  ferreira", "", "ana"),
        ("José Lu", "", "jose-lu"),
        ("jose-lu", "", "jose-lu"),
        ("H. Novak", "hana@elsewhere.example", "hana"),
        ("Ana", "", "ana"),
        ("Zoe  Quist", "zoe@larkmere.example", "Zoe Quist"),
        ("", "zoe@larkmere.example", "zoe@larkmere.example"),
        ("", "", ""),
    ],
)
def test_author(name: str, email: str, author: str) -> None:
    assert author_of(name, email, PORTFOLIO) == author


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    subprocess.run(("git", "init", "-q"), cwd=tmp_path, check=True)
    return tmp_path


def test_git_is_asked_unless_somebody_is_named(repo: Path) -> None:
    subprocess.run(("git", "config", "user.name", "Zoé Q"), cwd=repo, check=True)
    assert user_of(repo) == ("Zoé Q", "")
    assert writer(None, repo, PORTFOLIO) == "Zoé Q"
    assert writer("Hana", repo, PORTFOLIO) == "hana"


def test_the_environment_is_heard_as_git_hears_it(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bot")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ana.f@larkmere.example")
    assert writer(None, repo, PORTFOLIO) == "ana"


def test_nobody_is_told_to_say_who(repo: Path) -> None:
    with pytest.raises(EditError, match="--author NAME"):
        writer(None, repo, PORTFOLIO)


@pytest.mark.parametrize("typed", ["\udcff", "Ana\udcff", "\x07", " ", "\u200b"])
def test_what_is_no_name_is_refused(typed: str, repo: Path) -> None:
    with pytest.raises(EditError, match="is no name"):
        writer(typed, repo, PORTFOLIO)
    with pytest.raises(EditError, match="is no name"):
        author_of(typed, typed, PORTFOLIO)


def test_git_s_own_user_is_never_refused(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "\udcff")
    assert writer(None, repo, PORTFOLIO) == "?"
    monkeypatch.setenv("GIT_AUTHOR_NAME", "\x1b")
    subprocess.run(("git", "config", "user.name", "Z\x07oe\tQ"), cwd=repo, check=True)
    assert writer(None, repo, PORTFOLIO) == "Z oe Q"


def test_no_repository_is_no_reason_to_fail(repo: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").rename(tmp_path / "no-git")
    assert user_of(tmp_path) == ("", "")
