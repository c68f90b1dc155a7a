"""A bare remote with a company's goals, and clones of it, for tests that send requests."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from okrsite.okr.git import Repository
from tests.edit.company import FILES


def run_git(folder: Path, *args: str) -> str:
    done = subprocess.run(("git", *args), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass
class Clone:
    """A work tree whose goals lie in `content/`."""

    root: Path

    def git(self, *args: str) -> str:
        return run_git(self.root, *args)

    @property
    def repo(self) -> Repository:
        return Repository(self.root)

    def files(self, ref: str) -> set[str]:
        return set(self.git("ls-tree", "-r", "--name-only", ref).splitlines())

    def snapshot(self) -> tuple[Mapping[str, bytes], str, str, str]:
        """Everything that must not be touched: files, index, branch and commit."""
        found = {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".git" not in path.parts
        }
        head = self.git("symbolic-ref", "HEAD")
        return found, self.git("ls-files", "--stage"), head, self.git("rev-parse", "HEAD")


def isolate(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """An environment in which git knows nothing of the machine's own user."""
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }


def hub(folder: Path) -> Path:
    """A bare remote whose `main` holds the company."""
    bare, seed = folder / "hub.git", folder / "seed"
    bare.mkdir(parents=True)
    run_git(bare, "init", "-q", "--bare", "-b", "main")
    for name, text in FILES.items():
        path = seed / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (seed / "README.md").write_text("Goals.\n", encoding="utf-8")
    run_git(seed, "init", "-q", "-b", "main")
    made = Clone(seed)
    _sign(made, "Seed")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "goals")
    made.git("push", "-q", str(bare), "main")
    return bare


def clone(bare: Path, folder: Path, who: str = "Ana Ruiz") -> Clone:
    """A clone with a user of its own."""
    run_git(bare.parent, "clone", "-q", str(bare), str(folder))
    made = Clone(folder)
    _sign(made, who)
    return made


def _sign(made: Clone, who: str) -> None:
    made.git("config", "user.name", who)
    made.git("config", "user.email", f"{who.lower().replace(' ', '.')}@acme.example")


def at_forge(made: Clone, address: str, bare: Path) -> None:
    """Let the remote look like one at a forge, while git goes to `bare`."""
    made.git("config", "remote.origin.url", address)
    made.git("config", f"url.{bare}.insteadOf", address)


def fake(folder: Path, name: str, code: int = 0, says: str = "") -> Path:
    """A program that notes its arguments, says something and ends with a code."""
    folder.mkdir(parents=True, exist_ok=True)
    log, program = folder / f"{name}.log", folder / name
    stream = ">&2" if code else ""
    program.write_text(
        f'#!/bin/sh\nfor word in "$@"; do printf \'%s\\0\' "$word" >> "{log}"; done\n'
        f"printf '\\n' >> \"{log}\"\necho '{says}' {stream}\nexit {code}\n"
    )
    program.chmod(0o755)
    return log


def calls(log: Path) -> list[list[str]]:
    """The arguments of every call of a fake program."""
    if not log.exists():
        return []
    return [call.split("\0") for call in log.read_text().removesuffix("\0\n").split("\0\n")]
