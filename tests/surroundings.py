"""Two machines that differ in all that must not matter, and what a command makes on each."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path

OTHERWISE = Path(__file__).parent / "otherwise"
# Half an hour before midnight in UTC: another day already in one of the time zones.
EPOCH, DAY = "1787268600", "2026-08-20"

ROUGH_GIT = """\
[user]
\tname = Somebody Else
\temail = else@goals.example
[core]
\tquotePath = true
\tabbrev = 5
\tpager = false
[color]
\tui = always
[log]
\tdate = relative
\tfollow = true
\tmailmap = false
\tshowRoot = false
\tshowSignature = true
\tdiffMerges = combined
\tdecorate = full
[mailmap]
\tfile = ~/names
[diff]
\trenames = copies
\tnoprefix = true
\trelative = true
\torderFile = ~/order
\tignoreSubmodules = all
[format]
\tpretty = fuller
[i18n]
\tlogOutputEncoding = ISO-8859-1
[notes]
\tdisplayRef = refs/notes/*
"""
NAMES = "Anna Other <ana@goals.example>\nZed <bob@goals.example>\n"
_COUNT = count(2)
ORDER = "*/periods/*\n*/kpis/*\n*/initiatives/*\n*"


@dataclass(frozen=True)
class Machine:
    """How one machine stands: `folder` ends the path of the clone, `days` is how old it is.

    One that `forges` has replaced its last commit, for itself alone.
    """

    folder: str
    env: Mapping[str, str]
    home: Mapping[str, str]
    umask: int
    days: int
    forges: bool = False


@dataclass(frozen=True)
class Place:
    """A clone of the project on a machine."""

    machine: Machine
    top: Path

    @property
    def root(self) -> Path:
        return self.top / self.machine.folder

    def out(self, name: str) -> Path:
        """A folder for what a command makes, outside the clone."""
        return self.top / "out" / name

    def again(self) -> "Place":
        """Another clone on the same machine, for a command that writes among the goals."""
        machine = replace(self.machine, folder=f"{self.machine.folder} {next(_COUNT)}")
        return _cloned(self.root, Place(machine, self.top))

    def python(self, *words: str) -> bytes:
        """What `python words…` prints in the clone; it may find something (1), but not fail."""
        done = subprocess.run(
            (sys.executable, *words),
            cwd=self.root,
            env=self._env(),
            umask=self.machine.umask,
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, 1), (done.stdout + done.stderr).decode(errors="replace")
        assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
        return done.stdout

    def okrsite(self, *words: str) -> bytes:
        return self.python("-c", "from okrsite.cli import main; main()", *words)

    def git(self, *words: str) -> str:
        """What git prints in the clone, for its own author on a day of the past."""
        command = ("git", *words)
        done = subprocess.run(
            command, cwd=self.root, env=self._env(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _env(self) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ}
        home = {"HOME": str(self.top / "home"), "XDG_CONFIG_HOME": str(self.top / "home")}
        same = {"SOURCE_DATE_EPOCH": EPOCH, "NO_MKDOCS_2_WARNING": "1"}
        return {**kept, **home, **same, **self.machine.env}


def here() -> Machine:
    env = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "C",
        "PYTHONHASHSEED": "1",
    }
    return Machine("g", env, {".gitconfig": "[user]\n\tname = A\n\temail = a@a.a\n"}, 0o022, 0)


def elsewhere() -> Machine:
    locale = other_locale()
    env = {
        "TZ": "America/Los_Angeles",
        "LC_ALL": locale,
        "LANG": locale,
        "LANGUAGE": "tr:de",
        "PYTHONHASHSEED": "2",
        "PYTHONIOENCODING": "latin-1",
        "PYTHONPATH": str(OTHERWISE),
        "OTHERWISE_DAYS": "400",
        "USER": "somebody",
        "COLUMNS": "40",
        "GIT_ICASE_PATHSPECS": "1",
    }
    home = {".gitconfig": ROUGH_GIT, "names": NAMES, "order": ORDER}
    return Machine("a far longer path/with spaces/our goals", env, home, 0o077, 400, forges=True)


@cache
def other_locale() -> str:
    """Turkish where it is installed, for its i; else any that is not C."""
    listed = subprocess.run(("locale", "-a"), capture_output=True, text=True, check=False).stdout
    names = [name for name in listed.split() if name not in ("C", "POSIX")]
    turkish = (name for name in names if name.lower() in ("tr_tr.utf8", "tr_tr.utf-8"))
    return next(turkish, next(iter(names), "C"))


def settle(origin: Path, top: Path, machine: Machine) -> Place:
    """A clone of `origin` on a machine of its own."""
    place = Place(machine, top)
    place.root.parent.mkdir(parents=True)
    (top / "home").mkdir()
    for name, text in machine.home.items():
        (top / "home" / name).write_text(text, encoding="utf-8")
    return _cloned(origin, place)


def _cloned(origin: Path, place: Place) -> Place:
    command = ("git", "clone", "-q", origin, place.root)
    subprocess.run(command, check=True, capture_output=True)
    if place.machine.days:
        _age(place.root, place.machine.days)
    if place.machine.forges:
        _forge_last_author(place)
    return place


def _forge_last_author(place: Place) -> None:
    """What this clone alone takes for its last commit is not what the commit says."""
    last = place.git("rev-parse", "HEAD")
    raw = place.git("--no-replace-objects", "cat-file", "commit", last)
    forged = place.root / ".git" / "forged"
    forged.write_text(raw.replace("author ", "author Forged ", 1) + "\n", encoding="utf-8")
    name = place.git("hash-object", "-t", "commit", "-w", str(forged))
    place.git("replace", last, name)


def _age(folder: Path, days: int) -> None:
    """Files as old as that, and none as old as another."""
    for index, path in enumerate(sorted(folder.rglob("*"))):
        if path.is_file() and ".git" not in path.parts:
            then = path.stat().st_mtime - days * 86_400 - index * 3_600
            os.utime(path, (then, then))


def contents(folder: Path) -> dict[str, bytes]:
    """Path → bytes of every file below a folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def first_difference(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> str:
    """The first file that differs and where, in words; empty where all are the same."""
    for path in sorted(one.keys() | other.keys()):
        a, b = one.get(path), other.get(path)
        if a is None or b is None:
            return f"{path}: only {'here' if b is None else 'elsewhere'}"
        if a != b:
            return f"{path}: {_where(a, b)}"
    return ""


def _where(a: bytes, b: bytes) -> str:
    end = min(len(a), len(b))
    at = next((i for i in range(end) if a[i] != b[i]), end)
    shown = slice(max(0, at - 60), at + 60)
    return f"byte {at}\n  here:      {a[shown]!r}\n  elsewhere: {b[shown]!r}"
