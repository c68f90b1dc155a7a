"""A commit with one file more, made of git's own objects: no work tree and no index takes part."""

import os
from collections.abc import Sequence
from pathlib import PurePosixPath

from okrsite.okr.git import GitError, Repository, git


def commit_file(repo: Repository, parent: str, path: str, text: str, message: str) -> str:
    """A commit on top of `parent` that has the one file `path` more, made by git's own user.

    Raises:
        GitError: git refuses, as where it knows no user.
    """
    blob = git(repo, "hash-object", "-w", "--stdin", stdin=text.encode()).decode().strip()
    tree = _tree_with(repo, f"{parent}^{{tree}}", PurePosixPath(path).parts, blob)
    words = ("commit-tree", tree, "-p", parent, *(("-S",) if _signs(repo) else ()), "-F", "-")
    try:
        return git(repo, *words, stdin=message.encode("utf-8", "replace")).decode().strip()
    except GitError as error:
        raise _unknown_user(repo) or error from error


def _unknown_user(repo: Repository) -> GitError | None:
    """What to type where git does not know who commits, which `--author` does not tell it."""
    try:
        for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            git(repo, "var", name)
    except GitError:
        return GitError(
            "git does not know who you are, and a request is a commit. Tell it, and try again:\n"
            '  git config --global user.name "YOUR NAME"\n'
            "  git config --global user.email YOU@EXAMPLE.COM"
        )
    return None


def _signs(repo: Repository) -> bool:
    """Whether the user signs every commit; `commit-tree` does not look by itself."""
    try:
        return git(repo, "config", "--type=bool", "commit.gpgsign").strip() == b"true"
    except GitError:
        return False


def _tree_with(repo: Repository, tree: str | None, parts: Sequence[str], blob: str) -> str:
    """The name of a tree that differs from `tree` by one file."""
    name, *rest = parts
    raw = os.fsencode(name)
    rows = git(repo, "ls-tree", "-z", "--full-tree", tree).split(b"\0") if tree else []
    others = [row for row in rows if row and row.partition(b"\t")[2] != raw]
    own = next((row.split(b" ")[1:] for row in rows if row.partition(b"\t")[2] == raw), None)
    if own is not None and (not rest or own[0] != b"tree"):
        raise GitError(f"{name} is there already")
    entry = f"100644 blob {blob}"
    if rest:
        below = own[1].partition(b"\t")[0].decode() if own else None
        entry = f"040000 tree {_tree_with(repo, below, rest, blob)}"
    made = b"\0".join((*others, entry.encode() + b"\t" + raw, b""))
    return git(repo, "mktree", "-z", "--missing", stdin=made).decode().strip()
