"""What git remembers of the published snapshots: as what they came, who changed or took them."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from okrsite.okr.git import GitError, Repository, git
from okrsite.okr.past.commits import Commit, read_commits
from okrsite.okr.snapshot.names import FOLDER, Name, is_part, name_at

Key = tuple[Name, str]  # a snapshot, and one of its files


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did something to a file, and when; without a commit it is not committed yet."""

    author: str = ""
    day: date | None = None
    commit: str = ""

    def __str__(self) -> str:
        if not self.commit:
            return "not committed yet"
        return f"{self.author}, {self.day}, commit {self.commit[:7]}"


@dataclass(frozen=True, slots=True)
class Came:
    """As what a file came to the main line: the blob and by whom; and its last other change."""

    blob: str
    by: Deed
    changed: Deed | None = None


@dataclass(frozen=True)
class Memory:
    """What the history knows: `came` by file, and who took out the `gone` snapshots last."""

    came: Mapping[Key, Came]
    known: Mapping[Name, Deed]
    gone: Mapping[Name, Deed]


NOTHING = Memory({}, {}, {})


def memory_of(repo: Repository, head: str, contents: Iterable[str]) -> Memory:
    """What happened to the snapshots of these folders of content, up to a commit.

    Raises:
        GitError: the history cannot be read.
    """
    folders = tuple(sorted({f"{one}/{FOLDER}" if one else FOLDER for one in contents}))
    commits = read_commits(repo, head, folders)
    line = _main_line(head, {commit.name: commit for commit in commits})
    came: dict[Key, Came] = {}
    known: dict[Name, Deed] = {}
    gone: dict[Name, Deed] = {}
    for commit in commits:
        deed = Deed(commit.author, commit.day, commit.name)
        for key, blob in _after(commit, folders).items():
            if blob:
                known.setdefault(key[0], deed)
            else:
                gone[key[0]] = deed
            if commit.name in line:
                came[key] = _noted(came.get(key), blob, deed)
    return Memory({key: one for key, one in came.items() if one.blob}, known, gone)


def _noted(before: Came | None, blob: str, deed: Deed) -> Came:
    if before is None:
        return Came(blob, deed)
    return Came(before.blob, before.by, None if blob == before.blob else deed)


def _main_line(head: str, commits: Mapping[str, Commit]) -> frozenset[str]:
    """The commits that `head` stands on, each with its first parent alone."""
    found: set[str] = set()
    name: str | None = head
    while name and name in commits:
        found.add(name)
        name = next(iter(commits[name].parents), None)
    return frozenset(found)


def _after(commit: Commit, folders: tuple[str, ...]) -> dict[Key, str]:
    """The blob of each file of a snapshot that a commit touched, or "" where it took it out."""
    found: dict[Key, str] = {}
    for each in commit.touched:
        for key in _keys(each.path, folders):
            found[key] = found.get(key) or each.now
    return found


def _keys(path: str, folders: tuple[str, ...]) -> Iterator[Key]:
    for folder in folders:
        below = path.removeprefix(folder.removesuffix(FOLDER))
        if path.startswith(f"{folder}/") and is_part(below) and (name := name_at(below)):
            yield name, below.rpartition("/")[2]


def line_changed(repo: Repository, path: str, line: int) -> Deed:
    """Who wrote a line of a file of the work tree as it stands, by its path from the top.

    Raises:
        GitError: git cannot tell.
    """
    try:
        spot = f"{line},{line}"
        out = git(repo, "blame", "--porcelain", "-L", spot, "--", path)
    except GitError as error:
        if "no such path" in str(error):
            return Deed()
        raise
    rows = (row.partition(b" ") for row in out.splitlines() if not row.startswith(b"\t"))
    head, *fields = [(key.decode(), value.decode("utf-8", "replace")) for key, _, value in rows]
    said = dict(fields)
    if not head[0].strip("0"):
        return Deed()
    return Deed(said.get("author", ""), _day(said), head[0])


def _day(said: Mapping[str, str]) -> date:
    zone = said.get("committer-tz", "+0000")
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    tz = timezone(-ahead if zone[0] == "-" else ahead) if ahead else UTC
    return datetime.fromtimestamp(int(said["committer-time"]), tz).date()


def last_touched(repo: Repository, commit: str, path: str) -> Deed | None:
    """Who changed a file last, up to a commit; None where nobody did.

    Raises:
        GitError: the history cannot be read.
    """
    out = git(
        repo,
        *("--literal-pathspecs", "-c", "log.showSignature=false", "log", "-1", "--encoding=UTF-8"),
        *("--format=%H%x02%cs%x02%aN", commit, "--", path),
    )
    if not out.strip():
        return None
    name, day, author = out.decode("utf-8", "replace").strip().split("\x02", 2)
    return Deed(author, date.fromisoformat(day[:10]), name)


def path_of(content: str, name: Name, part: str) -> str:
    """A file of a snapshot, from the top of the repository."""
    return os.path.join(content, name.file(part)) if content else name.file(part)  # noqa: PTH118
