"""git log → commits, oldest first: who, when, and which blobs of some folders they replaced."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from okrsite.okr.git import Repository, git

_FORMAT = "--format=%x01%H%x02%P%x02%cs%x02%aN%x02%an"
_FILES = ("100644", "100755")  # a symbolic link is no text
# Names are folders, not patterns; what a user's own configuration would change is set.
_LOG = (
    "--literal-pathspecs",
    *("log", "--topo-order", "--reverse", "--full-history", "--sparse", "--encoding=UTF-8"),
    *("--raw", "-z", "--no-abbrev", "--no-renames", "--diff-merges=first-parent"),
    *("-O/dev/null", _FORMAT),
)


@dataclass(frozen=True, slots=True)
class Touched:
    """A file of a commit that its first parent has otherwise; `was` and `now` name blobs, or ""."""

    path: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; `day` is its committer's, `author` as the mailmap has it, `signed` as it says."""

    name: str
    parents: tuple[str, ...]
    day: date
    author: str
    signed: str
    touched: tuple[Touched, ...]


def read_commits(repo: Repository, commit: str, folders: tuple[str, ...]) -> tuple[Commit, ...]:
    """All commits that `commit` comes from, and what they did below `folders`.

    Parents come before children. What a merge touched is told against its first parent.

    Raises:
        GitError: git does not know `commit`, or what it holds is not here.
    """
    out = git(repo, *_LOG, commit, "--", *folders)
    return tuple(_commits(iter(out.split(b"\0"))))


def _commits(words: Iterator[bytes]) -> Iterator[Commit]:
    head: bytes = b""
    touched: list[Touched] = []
    for word in words:
        if word.startswith(b"\x01"):
            if head:
                yield _commit(head, touched)
            head, touched = word, []
        elif word.lstrip(b"\n").startswith(b":"):
            touched.append(_touched(word.lstrip(b"\n:"), next(words)))
    if head:
        yield _commit(head, touched)


def _commit(head: bytes, touched: list[Touched]) -> Commit:
    name, parents, day, author, signed = head[1:].decode("utf-8", "replace").split("\x02", 4)
    return Commit(name, tuple(parents.split()), day_in(day), author, signed, tuple(touched))


def day_in(text: str) -> date:
    """A day as git writes it; the last one there is for any that lies past it, or is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def _touched(word: bytes, path: bytes) -> Touched:
    before, after, was, now, _ = word.decode("ascii").split(" ")
    return Touched(
        os.fsdecode(path),
        was if before in _FILES else "",
        now if after in _FILES else "",
    )


def cut_off(repo: Repository) -> frozenset[str]:
    """The commits at which a shallow clone ends: their parents were not fetched."""
    out = git(repo, "rev-parse", "--git-path", "shallow")
    path = repo.root / os.fsdecode(out.rstrip(b"\n"))
    return frozenset(Path(path).read_text("ascii").split()) if path.is_file() else frozenset()


def taken_out(repo: Repository, commit: str, kinds: tuple[str, ...]) -> frozenset[str]:
    """Every path below a folder of one of `kinds`, anywhere, that some commit took out."""
    out = git(
        repo,
        *("log", "--full-history", "--no-renames"),
        "--diff-merges=first-parent",
        *("--diff-filter=D", "--name-only", "-z", "--format=", commit, "--"),
        *(f":(glob)**/{kind}/**/*.md" for kind in kinds),
    )
    return frozenset(os.fsdecode(path).lstrip("\n") for path in out.split(b"\0") if path)


def blobs_added(repo: Repository, commit: str, spec: str) -> Iterator[tuple[str, str]]:
    """Path and blob of every file that some commit brought or changed, by a git pathspec.

    Raises:
        GitError: git does not know `commit`, or what it holds is not here.
    """
    out = git(
        repo,
        *(
            "log",
            "--full-history",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--diff-merges=first-parent",
        ),
        *("--diff-filter=AM", "--format=", commit, "--", spec),
    )
    words = iter(out.split(b"\0"))
    for word in words:
        if word.lstrip(b"\n").startswith(b":"):
            touched = _touched(word.lstrip(b"\n:"), next(words))
            yield touched.path, touched.now
