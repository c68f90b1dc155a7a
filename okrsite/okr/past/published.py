"""What git remembers of the published snapshots: as what they came, who changed or took them."""

import os
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date

from okrsite.okr.git import GitError, Repository, git
from okrsite.okr.past.commits import Commit, blobs_added, day_at, day_in, read_commits
from okrsite.okr.past.history import Place, folders_of
from okrsite.okr.snapshot.names import FOLDER, MANIFEST, Name, is_part, name_at

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
    """As what a file came to the main line: the blob and by whom; and its last other change.

    `rival` is who published another text that knows nothing of this one, on a branch merged since.
    """

    blob: str
    by: Deed
    changed: Deed | None = None
    rival: Deed | None = None


@dataclass(frozen=True)
class Memory:
    """What the history knows: `came` by file, and who took out the `gone` snapshots last.

    `folders` are all those in which they lay, from the top of the repository.
    """

    came: Mapping[Key, Came]
    known: Mapping[Name, Deed]
    gone: Mapping[Name, Deed]
    folders: tuple[str, ...] = ()


NOTHING = Memory({}, {}, {})


def memory_of(repo: Repository, head: str, contents: Iterable[str]) -> Memory:
    """What happened to the snapshots of these folders of content, up to a commit.

    Those count that lay there while the folder had another name, and those of a folder that ever
    held the same manifest: one is the copy of the other.

    Raises:
        GitError: the history cannot be read.
    """
    places = (Place(repo, head, one, frozenset()) for one in contents)
    tops = _with_copies(repo, head, {top for place in places for top in folders_of(place)})
    folders = tuple(sorted(f"{top}/{FOLDER}" if top else FOLDER for top in tops))
    commits = read_commits(repo, head, folders)
    line = _main_line(head, {commit.name: commit for commit in commits})
    came: dict[Key, Came] = {}
    known: dict[Name, Deed] = {}
    gone: dict[Name, Deed] = {}
    births: dict[Key, dict[str, Deed]] = {}
    for commit in commits:
        deed = Deed(commit.author, commit.day, commit.name)
        for key, blob in _after(commit, folders).items():
            if blob:
                known.setdefault(key[0], deed)
            else:
                gone[key[0]] = deed
            if blob and _is_new(commit, key, folders):
                births.setdefault(key, {}).setdefault(blob, deed)
            if commit.name in line:
                came[key] = _noted(came.get(key), blob, deed)
    kept = {
        key: replace(one, rival=_rival(repo, one, births.get(key, {})))
        for key, one in came.items()
        if one.blob
    }
    return Memory(kept, known, gone, folders)


def _with_copies(repo: Repository, head: str, tops: Set[str]) -> frozenset[str]:
    """The folders of content with all that ever had a manifest in common with one of them."""
    held: dict[str, set[str]] = {}
    for path, blob in blobs_added(repo, head, f":(glob)**/{FOLDER}/*/*/{MANIFEST}"):
        held.setdefault("/".join(path.split("/")[:-4]), set()).add(blob)
    found, before = frozenset(tops), frozenset[str]()
    while found != before:
        known = {blob for top in found for blob in held.get(top, ())}
        before, found = found, found | {top for top, own in held.items() if own & known}
    return found


def _noted(before: Came | None, blob: str, deed: Deed) -> Came:
    if before is None:
        return Came(blob, deed)
    return Came(before.blob, before.by, None if blob == before.blob else deed)


def _is_new(commit: Commit, key: Key, folders: tuple[str, ...]) -> bool:
    """Whether a commit has a file of a snapshot that its first parent has in none of its places."""
    touched = [each for each in commit.touched if key in _keys(each.path, folders)]
    return not any(each.was for each in touched)


def _rival(repo: Repository, came: Came, births: Mapping[str, Deed]) -> Deed | None:
    """Who else published it, as another text, in a commit that does not come from this one.

    Of two that were merged the main line cannot tell which one was there before: whoever merges
    chooses what is called so.
    """
    others = (deed for blob, deed in births.items() if blob != came.blob)
    return next((deed for deed in others if not _is_from(repo, deed.commit, came.by.commit)), None)


def _is_from(repo: Repository, commit: str, older: str) -> bool:
    return git(repo, "rev-list", "-1", older, f"^{commit}") == b""


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
    day = day_at(int(said["committer-time"]), said.get("committer-tz", "+0000"))
    return Deed(said.get("author", ""), day, head[0])


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
    return Deed(author, day_in(day), name)


def path_of(content: str, name: Name, part: str) -> str:
    """A file of a snapshot, from the top of the repository."""
    return os.path.join(content, name.file(part)) if content else name.file(part)  # noqa: PTH118
