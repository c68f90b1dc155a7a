"""What a request is made against: the remote's default branch, and the names that are taken."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from okrsite.edit.proposing.programs import ProgramError, asked, network
from okrsite.okr.git import GitError, Repository, commit_of, find_repository
from okrsite.okr.harmless import harmless

# The second one is for where a branch `check-in` leaves no room for the first.
PREFIXES = ("check-in/", "check-in-")
CLASH = "check-in"
TRIES = 5
# How git calls it, here or there, when somebody else is at the same ref.
RACE = re.compile("stale info|already exists|cannot lock ref|failed to update ref|local ref")
PATIENT = ("-c", "core.filesRefLockTimeout=10000", "-c", "core.packedRefsTimeout=10000")


@dataclass(frozen=True, slots=True)
class Base:
    """What a request is made against: `branch` of `remote`, at `commit`.

    `names` are the check-ins that are on their way already, `prefix` begins the branch of a new
    one; `note` says what could not be asked.
    """

    repo: Repository
    remote: str | None
    branch: str
    commit: str
    names: frozenset[str] = frozenset()
    note: str = ""
    prefix: str = PREFIXES[0]

    def __str__(self) -> str:
        return harmless(f"{self.remote}/{self.branch}" if self.remote else self.branch)


def find_base(repo: Repository) -> Base:
    """The remote's default branch as it is now, or as it was when the remote was last asked.

    Raises:
        GitError: there is no commit to begin from.
    """
    remote = _remote(repo)
    if remote is None:
        head = commit_of(repo, "HEAD")
        return joined(Base(repo, None, _current(repo), head, note="there is no remote"))
    heads, note = "", ""
    try:
        heads = _heads(repo, remote)
        branch = _default(heads) or _known_default(repo, remote)
        _fetch(repo, remote, branch)
    except GitError as error:
        branch = _known_default(repo, remote)
        note = f"{remote} could not be asked ({error}); this is what was fetched last"
    commit = commit_of(repo, f"{remote}/{branch}")
    return joined(Base(repo, remote, branch, commit, note=note), heads)


def joined(base: Base, heads: str = "") -> Base:
    """With the names that are taken here and at the remote, and a prefix that has room."""
    ref = f"refs/heads/{CLASH}"
    here = asked(base.repo, "rev-parse", "--verify", "--quiet", ref)
    clash = here or has(heads, ref) or base.prefix == PREFIXES[1]
    names = base.names | _names(base.repo, heads)
    return replace(base, names=names, prefix=PREFIXES[1] if clash else PREFIXES[0])


def _heads(repo: Repository, remote: str) -> str:
    """The default branch of a remote and its branches with check-ins, as git lists them."""
    return network(repo, "ls-remote", "--symref", remote, "HEAD", f"refs/heads/{CLASH}*")


def known_heads(base: Base) -> str:
    """The same of a base's remote, empty where the remote cannot be asked."""
    try:
        return _heads(base.repo, base.remote) if base.remote else ""
    except GitError:
        return ""


def _fetch(repo: Repository, remote: str, branch: str) -> None:
    """Fetch the one branch; again where another command here has just done so."""
    track = f"+refs/heads/{branch}:refs/remotes/{remote}/{branch}"
    words = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", remote, track)
    for left in reversed(range(TRIES)):
        try:
            network(repo, *PATIENT, *words)
        except ProgramError as error:
            if not left or not RACE.search(error.said):
                raise
        else:
            return


def _remote(repo: Repository) -> str | None:
    """The remote of the present branch, else `origin`, else the only one."""
    known = asked(repo, "remote").split()
    wanted = (
        asked(repo, "config", f"branch.{_current(repo)}.remote"),
        asked(repo, "config", "remote.pushDefault"),
        "origin",
        *known,
    )
    return next((name for name in wanted if name in known), None)


def _current(repo: Repository) -> str:
    return asked(repo, "symbolic-ref", "--short", "--quiet", "HEAD") or "HEAD"


def _default(heads: str) -> str:
    found = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", heads, re.MULTILINE)
    return found[1] if found else ""


def _known_default(repo: Repository, remote: str) -> str:
    """The default branch as it is known here.

    Raises:
        GitError: nothing was ever fetched.
    """
    head = asked(repo, "symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    names = (head.removeprefix(f"refs/remotes/{remote}/"), "main", "master", _current(repo))
    for name in filter(None, names):
        if asked(repo, "rev-parse", "--verify", "--quiet", f"refs/remotes/{remote}/{name}"):
            return name
    raise GitError(f"{remote} has no branch to add to yet; push one first")


def on_their_way(folder: Path) -> frozenset[str]:
    """The check-ins on branches that are known here; none where there is no repository."""
    try:
        repo = find_repository(folder)
    except GitError:
        return frozenset()
    return _names(repo, "") if repo else frozenset()


def _names(repo: Repository, heads: str) -> frozenset[str]:
    """The check-ins on branches here and at the remote, by the names of their files."""
    here = asked(repo, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes")
    return frozenset(re.findall(rf"/{CLASH}[/-](\S+)$", f"{here}\n{heads}", re.MULTILINE))


def has(heads: str, ref: str) -> bool:
    """Whether a remote has a ref, by its list."""
    return any(line.endswith(f"\t{ref}") for line in heads.splitlines())
