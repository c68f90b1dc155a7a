"""A company with two quarters in a real repository, and the commands that record and prove them."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import chdir
from pathlib import Path

from click.testing import CliRunner, Result

from okrsite.cli import main
from okrsite.okr.snapshot.manifest import digest, dump_manifest, manifest_of, read_manifest
from okrsite.okr.snapshot.names import PARTS, name_of
from tests.git_repos import Goals, repository

CONFIG = "site_name: Acme\ndocs_dir: content\nplugins:\n  - okrsite:\n      as_of: 2026-08-20\n"
PERIOD = "---\ntitle: {0}\nstart: {1}\nend: {2}\nstate: {3}\n{4}---\nWhat we learned.\n"
Q1 = ("First quarter 2026", "2026-01-01", "2026-03-31")
Q2 = ("Second quarter 2026", "2026-04-01", "2026-06-30")
Q3 = ("Third quarter 2026", "2026-07-01", "2026-09-30")
CLOSED_Q1 = PERIOD.format(*Q1, "closed", "committed_on: 2026-01-05\nclosed_on: 2026-04-08\n")
CLOSED_Q2 = PERIOD.format(*Q2, "closed", "committed_on: 2026-04-02\nclosed_on: 2026-07-07\n")
OPEN_Q3 = PERIOD.format(*Q3, "committed", "committed_on: 2026-07-03\n")

FILES: Mapping[str, str | bytes | None] = {
    "index.md": "",
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "people/ana.md": "---\ntitle: Ana Lima\n---\n",
    "periods/2026-q1.md": CLOSED_Q1,
    "periods/2026-q2.md": CLOSED_Q2,
    "periods/2026-q3.md": OPEN_Q3,
    "objectives/fewer-bugs.md": (
        "---\ntitle: Fewer bugs\nperiod: 2026-q1\nteam: acme\nowner: ana\nkey_results:\n"
        "  - {id: escaped, title: Escaped bugs, start: 90, target: 20}\n"
        "  - {id: triage, title: Days to triage, start: 10, target: 3, weight: 2}\n---\nWhy.\n"
    ),
    "objectives/inbox.md": (
        "---\ntitle: One inbox\nperiod: 2026-q2\nteam: acme\nowner: ana\ncontinues: fewer-bugs\n"
        "key_results:\n  - {id: waiting, title: Messages that wait, start: 90, target: 30}\n"
        "---\nWhy.\n"
    ),
    "objectives/calls.md": (
        "---\ntitle: Fewer calls\nperiod: 2026-q3\nteam: acme\nowner: ana\nkey_results:\n"
        "  - {id: calls, title: Calls, start: 50, target: 10}\n---\nWhy.\n"
    ),
    "check-ins/2026-03-31-ana.md": (
        "---\ndate: 2026-03-31\nauthor: ana\nteam: acme\nkey_results:\n"
        "  fewer-bugs/escaped: 50\n  fewer-bugs/triage: 5\n---\nDone.\n"
    ),
    "check-ins/2026-05-04-ana.md": (
        "---\ndate: 2026-05-04\nauthor: ana\nteam: acme\nkey_results: {inbox/waiting: 70}\n---\n"
    ),
    "check-ins/2026-06-29-ana.md": (
        "---\ndate: 2026-06-29\nauthor: ana\nteam: acme\nkey_results: {inbox/waiting: 40}\n---\n"
    ),
    "check-ins/2026-08-10-ana.md": (
        "---\ndate: 2026-08-10\nauthor: ana\nteam: acme\nkey_results: {calls/calls: 30}\n---\n"
    ),
}
LATEST = ("2026-q1/closed", "2026-q2/closed", "2026-q3/committed")


@contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    chdir(folder)
    try:
        yield
    finally:
        chdir(before)


@dataclass(frozen=True)
class Acme:
    """The company's repository, and `okrsite snapshot` in it."""

    goals: Goals

    def run(self, *words: str, code: int = 0) -> str:
        """What `okrsite snapshot words…` prints; it must end with this exit code."""
        with standing_in(self.goals.root):
            done: Result = CliRunner().invoke(main, ["snapshot", *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == code, done.output
        return done.output

    def refused(self, *words: str) -> str:
        """What is said of a record that is not made; nothing may be left of it."""
        before = self.snapshots()
        told = self.run("publish", *words, code=2)
        assert self.snapshots() == before
        assert not list((self.goals.folder / "snapshots").glob("*/.*"))
        return told

    def publish(self, period: str, kind: str, *more: str) -> None:
        self.run("publish", period, "--kind", kind, *more)

    def apart(self, period: str, kind: str, *more: str) -> None:
        """Publish on a branch as if nothing were known of the main one."""
        self.goals.git("branch", "-m", "main", "hidden")
        self.publish(period, kind, *more)
        self.goals.git("branch", "-m", "hidden", "main")

    def verify(self, *words: str, code: int = 0) -> dict[str, list[str]]:
        """Each snapshot that is not proved with its reasons, as `path field message`."""
        found = json.loads(self.run("verify", *words, "--format", "json", code=code))
        return {
            row["snapshot"]: [
                f"{each['path']} {each['field'] or ''} {each['message']}" for each in row["reasons"]
            ]
            for row in found["snapshots"]
            if row["verdict"] != "proved"
        }

    def commit(self, words: str = "records", who: str = "Ana", day: str = "2026-07-08") -> str:
        return self.goals.commit(day, {}, who=who, words=words)

    def path(self, snapshot: str, part: str) -> Path:
        return self.goals.folder / "snapshots" / snapshot / part

    def change(self, snapshot: str, part: str, change: Callable[[str], str]) -> None:
        """Change the text of a file, which must become another one."""
        path = self.path(snapshot, part)
        before = path.read_text("utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, "utf-8")

    def forge(self, snapshot: str, previous: str | None = None) -> None:
        """Write a manifest that fits the files as they are now, and the one before it."""
        name = name_of(snapshot)
        manifest = read_manifest(self.path(snapshot, "manifest.json").read_bytes())
        before = manifest.previous
        if before and previous is not None:
            raw = self.path(previous, "manifest.json").read_bytes()
            before = type(before)(name_of(previous), digest(raw))
        parts = {part: self.path(snapshot, part).read_bytes() for part in PARTS}
        made = manifest_of(name, manifest.commit, manifest.as_of, parts, before)
        self.path(snapshot, "manifest.json").write_bytes(dump_manifest(made))

    def snapshots(self) -> list[str]:
        """Every file below the folder of snapshots."""
        folder = self.goals.folder / "snapshots"
        found = (path for path in folder.rglob("*") if path.is_file())
        return sorted(path.relative_to(folder).as_posix() for path in found)


def acme(folder: Path, more: Mapping[str, str | bytes | None] | None = None) -> Acme:
    """Acme on 20 August; nothing is recorded yet."""
    goals = repository(folder)
    (goals.root / "mkdocs.yml").write_text(CONFIG)
    goals.commit("2026-07-07", {**FILES, **(more or {})})
    return Acme(goals)


def recorded(folder: Path) -> Acme:
    """Acme with three records: two of one commit, and a later one."""
    made = acme(folder)
    made.publish("2026-q1", "closed")
    made.publish("2026-q2", "closed")
    made.commit("Two records", day="2026-07-08")
    made.publish("2026-q3", "committed")
    made.commit("One record", day="2026-07-09")
    return made
