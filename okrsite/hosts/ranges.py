"""What `A...B`, `A..B` or `A` names: the two commits, or a commit and the work tree."""

from okrsite.hosts.sides import Commit
from okrsite.okr.git import GitError, Repository, commit_of, git, merge_base

_USUAL = ("origin/main", "origin/master", "main", "master")


def commits_of(repo: Repository, text: str) -> tuple[Commit, Commit | None]:
    """The base and the head that a range names; None is the work tree.

    Three dots, and a name alone, compare with where the two went apart: what came to the base
    since is no change of the head's.

    Raises:
        GitError: one of them is not here, or they have no commit in common.
    """
    if "..." in text:
        one, _, two = text.partition("...")
        return _apart(repo, one or "HEAD", two or "HEAD"), _commit(repo, two or "HEAD")
    if ".." in text:
        one, _, two = text.partition("..")
        return _commit(repo, one or "HEAD"), _commit(repo, two or "HEAD")
    return _apart(repo, text, "HEAD"), None


def default_branch(repo: Repository) -> str:
    """The branch that changes are merged into, by what the remote or a usual name says.

    Raises:
        GitError: there is nothing of the kind.
    """
    try:
        head = git(repo, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    except GitError:
        head = b""
    for name in (head.decode().strip(), *_USUAL):
        if name and _is_known(repo, name):
            return name
    known = ", ".join(_USUAL)
    raise GitError(f"there is none of {known} here; name what to compare with: `okrsite diff BASE`")


def _is_known(repo: Repository, name: str) -> bool:
    try:
        commit_of(repo, name)
    except GitError:
        return False
    return True


def _apart(repo: Repository, one: str, two: str) -> Commit:
    return Commit(f"merge base with {one}", merge_base(repo, one, two))


def _commit(repo: Repository, name: str) -> Commit:
    return Commit(name, commit_of(repo, name))
