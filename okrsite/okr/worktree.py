"""What of a work tree is not in its commit: the changed files, and those git does not know."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from okrsite.okr.git import Repository, git

_STATUS = ("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")


@dataclass(frozen=True, slots=True)
class Different:
    """A path from the top whose text here is not that of the commit.

    It is `new` where the commit has nothing there, and `known` once it was added to the index.
    """

    path: str
    new: bool
    known: bool


def not_committed(repo: Repository) -> tuple[Different, ...]:
    """Every file that differs from the commit that is checked out; what is ignored is left out.

    Raises:
        GitError: git cannot tell.
    """
    out = git(repo, *_STATUS, "--ignore-submodules=none")
    return tuple(_rows(out))


def _rows(out: bytes) -> Iterator[Different]:
    for row in filter(None, out.split(b"\0")):
        state, path = row[:2].decode("ascii", "replace"), os.fsdecode(row[3:])
        yield Different(path, state in ("??", "A ", "AM"), state != "??")


def is_changed(repo: Repository, path: str) -> bool:
    """Whether a file, by its path from the top, is not that of the commit.

    Raises:
        GitError: git cannot tell.
    """
    return bool(git(repo, "--literal-pathspecs", *_STATUS, "--", path))
