"""Records that another branch has already: to publish beside them would split the chain in two."""

import os
from collections.abc import Iterator
from contextlib import suppress

from okrsite.hosts.ranges import default_branch
from okrsite.okr.git import GitError, Repository, commit_of, git
from okrsite.okr.snapshot.names import FOLDER, MANIFEST, Name, name_at

_UPSTREAM = "@{upstream}"


def records_elsewhere(repo: Repository, content: str) -> Iterator[tuple[str, Name]]:
    """The branch that this one follows, or is merged into, and each record that it has.

    `content` is the folder of content, from the top of the repository. Only what was fetched
    is known.
    """
    for branch in _branches(repo):
        for path in _manifests(repo, branch, content):
            if (name := name_at(path)) is not None:
                yield branch, name


def _branches(repo: Repository) -> Iterator[str]:
    with suppress(GitError):  # there is none that it might be merged into
        yield default_branch(repo)
    with suppress(GitError):  # it follows none
        yield git(repo, "rev-parse", "--abbrev-ref", _UPSTREAM).decode("utf-8", "replace").strip()


def _manifests(repo: Repository, branch: str, content: str) -> Iterator[str]:
    start = f"{content}/" if content else ""
    words = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit_of(repo, branch), "--")
    for raw in git(repo, *words, f"{start}{FOLDER}/").split(b"\0"):
        path = os.fsdecode(raw).removeprefix(start)
        if path.endswith(f"/{MANIFEST}"):
            yield path
