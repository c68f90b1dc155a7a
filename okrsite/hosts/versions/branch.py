"""The branch a site is published on: read at its tip, moved forward from it in one step.

A commit is made beside everything that is checked out: blobs, trees and the commit are objects
that nobody sees until the branch is moved, and git moves a branch at once or not at all.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from okrsite.hosts.versions.problems import VersionError
from okrsite.okr.git import GitError, Repository, git

TRIES = 5
# Who commits where git knows nobody, as on a fresh machine.
NOBODY = ("-c", "user.name=okrsite", "-c", "user.email=okrsite@localhost")
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--")


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch here, and of the same name at `remote`; `push` tells whether that one is meant."""

    repo: Repository
    name: str = "gh-pages"
    remote: str = "origin"
    push: bool = False

    @property
    def ref(self) -> str:
        """Its full name."""
        return f"refs/heads/{self.name}"


@dataclass(frozen=True, slots=True)
class Tips:
    """Where the branch stands here and at the remote, as far as asked; empty: it is not there."""

    local: str
    remote: str


def tips_of(branch: Branch) -> Tips:
    """Where it stands; the remote is asked, and what is new there is fetched, to push to it.

    Raises:
        VersionError: the remote cannot be read.
    """
    local = _commit(branch.repo, branch.ref)
    if not branch.push:
        return Tips(local, _commit(branch.repo, f"refs/remotes/{branch.remote}/{branch.name}"))
    try:
        tip = _listed(git(branch.repo, "ls-remote", "--", branch.remote, branch.ref), branch.ref)
        if tip and not _commit(branch.repo, tip):
            git(branch.repo, *_FETCH, branch.remote, branch.ref)
    except GitError as error:
        raise VersionError(f"the remote `{branch.remote}` cannot be read: {error}") from error
    return Tips(local, tip)


def _listed(rows: bytes, ref: str) -> str:
    """The commit of `ref`; git lists every name that ends in it."""
    found = (row.split("\t") for row in rows.decode("utf-8", "replace").splitlines())
    return next((row[0] for row in found if row[1:] == [ref]), "")


def newest(branch: Branch, tips: Tips) -> str:
    """The tip to go on from: the one that holds the other.

    Raises:
        VersionError: neither does.
    """
    one, other = tips.local, tips.remote
    if not one or not other or one == other:
        return one or other
    shared = _shared(branch.repo, one, other)
    if shared not in (one, other):
        raise VersionError(
            f"`{branch.name}` here and at {branch.remote} have gone apart: rename the one here "
            f"(`git branch -m {branch.name} {branch.name}-old`) to go on from that of the remote"
        )
    return other if shared == one else one


def _shared(repo: Repository, one: str, other: str) -> str:
    try:
        return git(repo, "merge-base", one, other).decode().strip()
    except GitError:
        return ""


def comes_from(repo: Repository, one: str, other: str) -> bool:
    """Whether a commit is another one or follows it, as far as the history is known here."""
    return one == other or _shared(repo, one, other) == other


def fetch_commit(branch: Branch, name: str) -> None:
    """Ask the remote for a commit by its full name, to push there; it may not have it any more."""
    if branch.push and not _commit(branch.repo, name):
        with suppress(GitError):
            git(branch.repo, *_FETCH, branch.remote, name)


def checked_out(branch: Branch) -> tuple[str, str]:
    """The branch that is checked out, and the one that usually is; empty where not known.

    On no branch it is the usual one, if that has no newer commit here or at the remote.
    """
    repo = branch.repo
    here = _symbolic(repo, "HEAD").removeprefix("refs/heads/")
    first = f"refs/remotes/{branch.remote}/"
    usual = _symbolic(repo, f"{first}HEAD").removeprefix(first)
    likely = (name for name in ("main", "master") if _commit(repo, f"refs/heads/{name}"))
    usual = usual or next(likely, "")
    if usual and not here:
        newest = {_commit(repo, f"refs/heads/{usual}"), _commit(repo, f"{first}{usual}")}
        here = usual if _commit(repo, "HEAD") in newest else ""
    return here, usual


def remotes(repo: Repository) -> tuple[str, ...]:
    """What the remotes are called."""
    return tuple(git(repo, "remote").decode("utf-8", "replace").split())


def _symbolic(repo: Repository, name: str) -> str:
    try:
        return git(repo, "symbolic-ref", "--quiet", name).decode("utf-8", "replace").strip()
    except GitError:
        return ""


def guard(branch: Branch) -> None:
    """Raise where moving the branch would pull it away from under somebody.

    Raises:
        VersionError: it is no name of a branch, or checked out somewhere.
    """
    check_names(branch)
    trees = git(branch.repo, "worktree", "list", "--porcelain").decode("utf-8", "replace")
    if f"branch {branch.ref}" in trees.splitlines():
        raise VersionError(f"`{branch.name}` is checked out here: go to another branch first")


def check_names(branch: Branch) -> None:
    """Raise where the names of the branch and of the remote cannot be meant.

    Raises:
        VersionError: one begins with a dash, or is no plain name of a branch.
    """
    try:
        plain = git(branch.repo, "check-ref-format", "--branch", branch.name).decode().rstrip("\n")
    except GitError as error:
        raise VersionError(f"`{branch.name}` is no name of a branch") from error
    # `@{-1}` is answered with the branch that is meant, and `refs/heads/x` would be another's name.
    if plain != branch.name or plain.startswith("refs/"):
        raise VersionError(f"`{branch.name}` is no name of a branch: say it as in `gh-pages`")
    if branch.remote.startswith("-") or branch.name.startswith("-"):
        raise VersionError("a branch or a remote does not begin with a dash")


def moved(branch: Branch, message: str, change: Callable[[str], str]) -> str:
    """Move the branch on by a commit of the tree that `change` makes from a tip; gives its name.

    Where somebody else moved it meanwhile, it is made again from there; nothing is ever forced.
    `change` raises what keeps it from being made.

    Raises:
        VersionError: it cannot be moved.
    """
    problem = ""
    for _ in range(TRIES):
        tips = tips_of(branch)
        base = newest(branch, tips)
        new = _commit_of(branch, change(base), base, message)
        problem = _land(branch, new, tips)
        if not problem:
            return new
        if tips_of(branch) == tips:  # nobody was faster: trying again would not help
            raise VersionError(problem)
    raise VersionError(f"others publish to `{branch.name}` all the time: {problem}")


def _commit_of(branch: Branch, tree: str, base: str, message: str) -> str:
    if base and git(branch.repo, "rev-parse", f"{base}^{{tree}}").decode().strip() == tree:
        return base
    parent = ("-p", base) if base else ()
    try:
        git(branch.repo, "var", "GIT_COMMITTER_IDENT")
        who: tuple[str, ...] = ()
    except GitError:
        who = NOBODY
    try:
        made = git(branch.repo, *who, "commit-tree", tree, *parent, "-m", message)
    except GitError as error:
        raise VersionError(f"git could not commit: {error}") from error
    return made.decode().strip()


def _land(branch: Branch, new: str, tips: Tips) -> str:
    """Move the branch from `tips` to `new`, the remote's first; what kept it from that, if any."""
    if branch.push and new != tips.remote:
        try:
            push = ("push", "--quiet", "--no-follow-tags", "--")
            git(branch.repo, *push, branch.remote, f"{new}:{branch.ref}")
        except GitError as error:
            return f"`{branch.name}` could not be pushed to {branch.remote}: {error}"
    try:
        if new != tips.local:
            git(branch.repo, "update-ref", "-m", "okrsite site", branch.ref, new, tips.local)
    except GitError as error:
        # What is pushed is published; the branch here follows the next time.
        return "" if branch.push else f"`{branch.name}` could not be moved: {error}"
    return ""


def _commit(repo: Repository, name: str) -> str:
    """The commit of a name; empty where there is none."""
    try:
        out = git(
            repo, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
    except GitError:
        return ""
    return out.decode().strip()
