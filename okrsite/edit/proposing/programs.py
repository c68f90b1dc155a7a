"""Programs that talk to the other side: git over the network, and a forge's own."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from okrsite.okr.git import GitError, Repository, environment, git
from okrsite.okr.harmless import harmless


class ProgramError(GitError):
    """A program failed, with the line that says why; `said` is all that it said, as it came."""

    def __init__(self, reason: str, said: str) -> None:
        super().__init__(harmless(reason))
        self.said = said

    @property
    def refused(self) -> bool:
        """Whether the other side was reached and did not take a ref."""
        return any(line.startswith("!\t") for line in self.said.splitlines())


def asked(repo: Repository, *args: str) -> str:
    """What git says, empty where it has no answer."""
    try:
        return git(repo, *args).decode("utf-8", "replace").strip()
    except GitError:
        return ""


def network(repo: Repository, *args: str) -> str:
    """What git and the other side say; asks for a password only where somebody can type one.

    Raises:
        ProgramError: it failed.
    """
    prompt = {} if sys.stdin.isatty() else {"GIT_TERMINAL_PROMPT": "0"}
    return run(repo.root, ("git", "-c", "color.ui=false", *args), prompt)


def run(folder: Path, command: Iterable[str], more: Mapping[str, str] | None = None) -> str:
    """What a program says, as it came: nobody has made it harmless yet.

    Raises:
        GitError: it is not there.
        ProgramError: it failed.
    """
    words = tuple(command)
    try:
        done = subprocess.run(
            words,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            env={**environment(), **(more or {})},
        )
    except OSError as error:
        raise GitError(f"{words[0]}: {error.strerror}") from error
    out, said = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    if done.returncode:
        reason = _reason(out, said) or f"it ended with {done.returncode}"
        raise ProgramError(reason, f"{out}\n{said}")
    return f"{out}\n{said}"


def _reason(out: str, said: str) -> str:
    """The line that says why: the remote's own word first, a rejected ref next."""
    lines = [line.strip() for line in (*said.splitlines(), *out.splitlines())]
    rejected = [line.split("\t")[-1] for line in lines if line.startswith("!")]
    words = [line for line in lines if line and not line.startswith(("hint:", "To ", "!", "Done"))]
    chosen = [line for line in words if line.startswith(("remote:", "fatal:"))] or rejected or words
    return next(iter(chosen), "")
