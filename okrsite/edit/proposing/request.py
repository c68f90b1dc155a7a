"""A new file on a branch of its own, pushed, and its request opened; nothing here is touched.

The commit is made of git's own objects, so neither the files of the work tree nor what was staged
takes part in it. Whatever fails, the commit stays on a branch here.
"""

import re
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from okrsite.edit.files import alone_in
from okrsite.edit.proposing.base import (
    CLASH,
    PATIENT,
    PREFIXES,
    RACE,
    TRIES,
    Base,
    has,
    joined,
    known_heads,
)
from okrsite.edit.proposing.commits import commit_file
from okrsite.edit.proposing.forges import NOWHERE, PROGRAMS, Forge, Words, command, forge_at, form
from okrsite.edit.proposing.programs import ProgramError, asked, network, run
from okrsite.okr.git import GitError, Repository, git
from okrsite.okr.harmless import harmless

MOST_NAMES = 100  # nobody checks in more often on a day
_ADDRESS = re.compile(r"https?://\S+")


class TakenError(Exception):
    """Somebody else has a branch of that name, here or at the remote; its name, and the commit."""


class PushError(GitError):
    """The remote was not reached, or refused; the commit is on a branch here."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a request: `opened` is its address, `todo` what is left to be done by hand.

    With `by_merging` no page is known on which it could be opened, and `todo` merges the branch.
    """

    branch: str
    path: str
    pushed: bool
    opened: str = ""
    problem: str = ""
    todo: tuple[str, ...] = ()
    by_merging: bool = False


def send(base: Base, path_of: Callable[[Collection[str]], str], text: str, words: Words) -> Sent:
    """Commit, push and open the request; `path_of` names the file, given which names are taken.

    Raises:
        GitError: not even the commit could be made, so there is nothing to be lost.
    """
    for _ in range(MOST_NAMES):
        try:
            branch, path, commit = _keep(base, path_of, text, words)
            said = _push(base, branch, commit)
        except TakenError as taken:
            branch, commit = taken.args
            name = branch.removeprefix(base.prefix)
            base = joined(replace(base, names=base.names | {name}), known_heads(base))
            continue
        except PushError as error:
            return Sent(branch, path, False, problem=str(error), todo=_by_hand(base, branch))
        return _opened(base, branch, path, words, said)
    raise GitError(f"each of {MOST_NAMES} names is taken; what you said is in the commit {commit}")


def _keep(
    base: Base, path_of: Callable[[Collection[str]], str], text: str, words: Words
) -> tuple[str, str, str]:
    """A new branch here with the file, so that nothing is lost; its path, and the commit.

    Raises:
        TakenError: there is such a branch.
        GitError: there can be none.
    """
    with alone_in(base.repo.root):
        known = joined(base)
        path = path_of(known.names)
        branch = f"{known.prefix}{PurePosixPath(path).stem}"
        commit = commit_file(base.repo, base.commit, path, text, words.commit)
        try:
            git(base.repo, *PATIENT, "update-ref", f"refs/heads/{branch}", commit, "")
        except GitError as error:
            # Whether it is there is no question: it may be gone again by now, having been sent.
            if RACE.search(str(error)):
                raise TakenError(branch, commit) from error
            raise GitError(f"{error}; what you said is in the commit {commit}") from error
    return branch, path, commit


def _push(base: Base, branch: str, commit: str) -> str:
    """What the remote said; the branch here is gone as soon as it is known where the words are.

    Raises:
        TakenError: there is such a branch, of somebody else.
        PushError: the remote was not reached, or refused; the branch here is left.
    """
    if base.remote is None:
        raise PushError("there is no remote to push to")
    try:
        said = _persistently(base, branch, commit)
    except TakenError:
        _forget(base.repo, branch, commit)
        raise
    except (GitError, KeyboardInterrupt) as error:
        raise PushError(str(error) or "stopped") from error
    _forget(base.repo, branch, commit)
    return said


def _persistently(base: Base, branch: str, commit: str) -> str:
    """Push, and again where somebody else was at the same ref and did not take it."""
    ref = f"refs/heads/{branch}"
    only_new = f"--force-with-lease={ref}:"
    words = ("push", "--porcelain", only_new, base.remote or "", f"{commit}:{ref}")
    for _ in range(TRIES):
        try:
            said = network(base.repo, *words)
        except ProgramError as error:
            if not error.refused:
                raise
            refusal = error
        else:
            if re.search(r"^=\t", said, re.MULTILINE):  # the very same was sent in that second
                raise TakenError(branch, commit)
            return said
        heads = known_heads(base)
        if "[remote failure]" in refusal.said and f"{commit}\t{ref}" in heads:
            return refusal.said  # it was taken, and only the answer was lost
        if has(heads, ref) or (has(heads, f"refs/heads/{CLASH}") and base.prefix == PREFIXES[0]):
            raise TakenError(branch, commit) from refusal
        if not RACE.search(refusal.said):
            break
    raise refusal


def _forget(repo: Repository, branch: str, commit: str) -> None:
    """Take the branch away here; where git cannot just now, one too many does no harm."""
    with suppress(GitError):
        git(repo, *PATIENT, "update-ref", "-d", f"refs/heads/{branch}", commit)


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
            out = run(base.repo.root, opens, {"GH_PROMPT_DISABLED": "1", "NO_PROMPT": "1"})
            found = _ADDRESS.search(out)
            opened = harmless(found[0]) if found else forge.address
            return Sent(branch, path, True, opened=opened)
        except GitError as error:
            problem = f"{opens[0]}: {error}"
    if pages := _addresses(base, branch, said):
        return Sent(branch, path, True, problem=problem, todo=pages)
    return Sent(branch, path, True, todo=_merging(base, branch), by_merging=True)


def _merging(base: Base, branch: str) -> tuple[str, ...]:
    """What takes a branch over where no forge does; each is a command of git's."""
    return (
        f"git fetch {base.remote}",
        f"git switch {base.branch}",
        f"git merge --ff-only {base.remote}/{base.branch}",
        f"git merge {base.remote}/{branch}",
        f"git push {base.remote} {base.branch}",
    )


def _addresses(base: Base, branch: str, said: str) -> tuple[str, ...]:
    """Where a request for `branch` is opened by hand: at the forge, else what its remote said."""
    if page := form(forge_of(base), base.branch, branch):
        return (page,)
    found = re.findall(r"^remote:\s+(https?://\S+)", said, re.MULTILINE)[:1]
    return tuple(map(harmless, found))


def forge_of(base: Base) -> Forge:
    """The forge of a base's remote: by its host's name, else by which program knows that host."""
    remote = base.remote or ""
    pushed = asked(base.repo, "remote", "get-url", "--push", remote) if remote else ""
    written = asked(base.repo, "config", f"remote.{remote}.url") if remote else ""
    forges = (forge_at(address) for address in (pushed, written))
    found = next((forge for forge in forges if forge.host), NOWHERE)
    return found if found.kind or not found.host else replace(found, kind=_known_to(base, found))


def _known_to(base: Base, forge: Forge) -> str:
    for kind, program in PROGRAMS.items():
        if shutil.which(program):
            try:
                run(base.repo.root, (program, "auth", "status", "--hostname", forge.host))
            except GitError:
                continue
            return kind
    return ""
