"""A new file on a branch of its own, pushed, and its request opened; nothing here is touched.

The commit is made of git's own objects, so neither the files of the work tree nor what was staged
takes part in it. Whatever fails, the commit stays on a branch here.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from okrsite.edit.proposing.commits import commit_file
from okrsite.edit.proposing.forges import NOWHERE, PROGRAMS, Forge, Words, command, forge_at, form
from okrsite.okr.git import GitError, Repository, commit_of, find_repository, git

PREFIX = "check-in/"
MOST_NAMES = 100  # nobody checks in more often on a day


class TakenError(Exception):
    """Somebody else has a branch of that name at the remote."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a request is made against: `branch` of `remote`, at `commit`.

    `names` are the check-ins that are on their way already; `note` says what could not be asked.
    """

    repo: Repository
    remote: str | None
    branch: str
    commit: str
    names: frozenset[str] = frozenset()
    note: str = ""

    def __str__(self) -> str:
        return f"{self.remote}/{self.branch}" if self.remote else self.branch


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a request: `opened` is its address, `todo` what is left to be done by hand."""

    branch: str
    path: str
    pushed: bool
    opened: str = ""
    problem: str = ""
    todo: tuple[str, ...] = ()


# --- what it is made against --------------------------------------------------------------------


def find_base(repo: Repository) -> Base:
    """The remote's default branch as it is now, or as it was when the remote was last asked.

    Raises:
        GitError: there is no commit to begin from.
    """
    remote = _remote(repo)
    if remote is None:
        note = "there is no remote"
        return Base(repo, None, _current(repo), commit_of(repo, "HEAD"), _names(repo, ""), note)
    note = ""
    try:
        heads = _network(repo, "ls-remote", "--symref", remote, "HEAD", f"refs/heads/{PREFIX}*")
        branch = _default(heads) or _known_default(repo, remote)
        track = f"+refs/heads/{branch}:refs/remotes/{remote}/{branch}"
        _network(repo, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", remote, track)
    except GitError as error:
        heads, branch = "", _known_default(repo, remote)
        note = f"{remote} could not be asked ({error}); this is what was fetched last"
    names = _names(repo, heads)
    return Base(repo, remote, branch, commit_of(repo, f"{remote}/{branch}"), names, note)


def _remote(repo: Repository) -> str | None:
    """The remote of the present branch, else `origin`, else the only one."""
    known = _asked(repo, "remote").split()
    wanted = (
        _asked(repo, "config", f"branch.{_current(repo)}.remote"),
        _asked(repo, "config", "remote.pushDefault"),
        "origin",
        *known,
    )
    return next((name for name in wanted if name in known), None)


def _current(repo: Repository) -> str:
    return _asked(repo, "symbolic-ref", "--short", "--quiet", "HEAD") or "HEAD"


def _default(heads: str) -> str:
    found = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", heads, re.MULTILINE)
    return found[1] if found else ""


def _known_default(repo: Repository, remote: str) -> str:
    """The default branch as it is known here.

    Raises:
        GitError: nothing was ever fetched.
    """
    head = _asked(repo, "symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD")
    names = (head.removeprefix(f"refs/remotes/{remote}/"), "main", "master", _current(repo))
    for name in filter(None, names):
        if _asked(repo, "rev-parse", "--verify", "--quiet", f"refs/remotes/{remote}/{name}"):
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
    here = _asked(repo, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes")
    return frozenset(re.findall(rf"/{PREFIX}(\S+)$", f"{here}\n{heads}", re.MULTILINE))


# --- sending ------------------------------------------------------------------------------------


def send(base: Base, path_of: Callable[[Collection[str]], str], text: str, words: Words) -> Sent:
    """Commit, push and open the request; `path_of` names the file, given which names are taken.

    Raises:
        GitError: not even the commit could be made, so there is nothing to be lost.
    """
    taken = base.names
    for _ in range(MOST_NAMES):
        path = path_of(taken)
        stem = PurePosixPath(path).stem
        branch = f"{PREFIX}{stem}"
        commit = commit_file(
            base.repo, base.commit, path, text, f"{words.title}\n\n{words.message}".rstrip() + "\n"
        )
        git(base.repo, "update-ref", f"refs/heads/{branch}", commit, "")
        try:
            said = _push(base, branch, commit)
        except TakenError:
            _forget(base.repo, branch, commit)
            taken |= {stem}
            continue
        except GitError as error:
            return Sent(branch, path, False, problem=str(error), todo=_by_hand(base, branch))
        except KeyboardInterrupt:
            return Sent(branch, path, False, problem="stopped", todo=_by_hand(base, branch))
        _forget(base.repo, branch, commit)
        return _opened(base, branch, path, words, said)
    raise GitError(f"{base.remote} has a branch for each of {MOST_NAMES} names")


def _forget(repo: Repository, branch: str, commit: str) -> None:
    """Take the branch away here, now that the remote has it."""
    git(repo, "update-ref", "-d", f"refs/heads/{branch}", commit)


def _push(base: Base, branch: str, commit: str) -> str:
    """What the remote said.

    Raises:
        TakenError: there is such a branch.
        GitError: it was not reached, or refused.
    """
    if base.remote is None:
        raise GitError("there is no remote to push to")
    ref = f"refs/heads/{branch}"
    only_new = f"--force-with-lease={ref}:"
    words = ("push", "--porcelain", only_new, base.remote, f"{commit}:{ref}")
    try:
        return _network(base.repo, *words)
    except GitError as error:
        if "stale info" in str(error):
            raise TakenError from error
        raise


def _by_hand(base: Base, branch: str) -> tuple[str, ...]:
    """What finishes a request whose branch could not be pushed."""
    if base.remote is None:
        return ("git remote add origin ADDRESS", f"git push origin {branch}")
    return (f"git push {base.remote} {branch}", *_addresses(base, branch, ""))


def _opened(base: Base, branch: str, path: str, words: Words, said: str) -> Sent:
    """The request opened where a program for it is installed; else what is left to be done."""
    forge, problem = forge_of(base), ""
    opens = command(forge, base.branch, branch, words)
    if opens and shutil.which(opens[0]):
        try:
            out = _run(base.repo.root, opens, {"GH_PROMPT_DISABLED": "1", "NO_PROMPT": "1"})
            found = re.search(r"https?://\S+", out)
            return Sent(branch, path, True, opened=found[0] if found else forge.address)
        except GitError as error:
            problem = f"{opens[0]}: {error}"
    return Sent(branch, path, True, problem=problem, todo=_addresses(base, branch, said))


def _addresses(base: Base, branch: str, said: str) -> tuple[str, ...]:
    """Where a request for `branch` is opened by hand: at the forge, else what its remote said."""
    if page := form(forge_of(base), base.branch, branch):
        return (page,)
    return tuple(re.findall(r"^remote:\s+(https?://\S+)", said, re.MULTILINE)[:1])


def forge_of(base: Base) -> Forge:
    """The forge of a base's remote: by its host's name, else by which program knows that host."""
    remote = base.remote or ""
    pushed = _asked(base.repo, "remote", "get-url", "--push", remote) if remote else ""
    written = _asked(base.repo, "config", f"remote.{remote}.url") if remote else ""
    forges = (forge_at(address) for address in (pushed, written))
    found = next((forge for forge in forges if forge.host), NOWHERE)
    return found if found.kind or not found.host else replace(found, kind=_known_to(base, found))


def _known_to(base: Base, forge: Forge) -> str:
    for kind, program in PROGRAMS.items():
        if shutil.which(program):
            try:
                _run(base.repo.root, (program, "auth", "status", "--hostname", forge.host))
            except GitError:
                continue
            return kind
    return ""


# --- programs -----------------------------------------------------------------------------------


def _asked(repo: Repository, *args: str) -> str:
    """What git says, empty where it has no answer."""
    try:
        return git(repo, *args).decode("utf-8", "replace").strip()
    except GitError:
        return ""


def _network(repo: Repository, *args: str) -> str:
    """What git and the other side say; asks for a password only where somebody can type one."""
    prompt = {} if sys.stdin.isatty() else {"GIT_TERMINAL_PROMPT": "0"}
    return _run(repo.root, ("git", "-c", "color.ui=false", *args), prompt)


def _run(folder: Path, command: Iterable[str], more: Mapping[str, str] | None = None) -> str:
    words = tuple(command)
    try:
        done = subprocess.run(
            words,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C", **(more or {})},
        )
    except OSError as error:
        raise GitError(f"{words[0]}: {error.strerror}") from error
    out, said = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    if done.returncode:
        raise GitError(_reason(out, said) or f"it ended with {done.returncode}")
    return f"{out}\n{said}"


def _reason(out: str, said: str) -> str:
    """The line that says why: the remote's own word first, a rejected ref next."""
    lines = [line.strip() for line in (*said.splitlines(), *out.splitlines())]
    rejected = [line.split("\t")[-1] for line in lines if line.startswith("!")]
    words = [line for line in lines if line and not line.startswith(("hint:", "To ", "!", "Done"))]
    chosen = [line for line in words if line.startswith(("remote:", "fatal:"))] or rejected or words
    return next(iter(chosen), "")
