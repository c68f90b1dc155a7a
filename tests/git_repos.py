"""Real repositories for tests: files committed by somebody on some day."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Goals:
    """A repository whose content folder is `content/`; every commit is somebody's, on a day."""

    root: Path
    content: str = "content"

    def git(self, *args: str, who: str = "Ana", day: str = "2026-07-01") -> str:
        when = f"{day}T12:00:00+00:00"
        env = {
            "GIT_AUTHOR_NAME": who,
            "GIT_AUTHOR_EMAIL": f"{who.lower().replace(' ', '.')}@goals.example",
            "GIT_COMMITTER_NAME": who,
            "GIT_COMMITTER_EMAIL": f"{who.lower().replace(' ', '.')}@goals.example",
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        done = subprocess.run(
            ("git", *args),
            cwd=self.root,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def folder(self) -> Path:
        return self.root / self.content

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(
        self,
        day: str,
        files: Mapping[str, str | bytes | None],
        who: str = "Ana",
        words: str = "goals",
    ) -> str:
        """Commit `files` as `who` on `day`; gives the commit's name."""
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", words, who=who, day=day)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch: str, day: str, *options: str, who: str = "Mia") -> str:
        """Merge `branch` with a commit of its own."""
        self.git("merge", "-q", "--no-ff", "-m", "merge", *options, branch, who=who, day=day)
        return self.git("rev-parse", "HEAD")


def repository(folder: Path, content: str = "content") -> Goals:
    """An empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Goals(folder, content)
    made.git("init", "-q", "-b", "main")
    return made


def goal(target: object = 40, *more: str, title: str = "Quality", period: str = "2026-q3") -> str:
    """An objective with the key result `bugs` from 160 down to `target`, and `more` lines."""
    lines = "".join(f"{line}\n" for line in more)
    return (
        f"---\ntitle: {title}\nperiod: {period}\nkey_results:\n  - id: bugs\n    title: Bugs\n"
        f"    start: 160\n    target: {target}\n{lines}---\nWhy.\n"
    )
