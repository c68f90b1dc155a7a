"""What git remembers of the published snapshots: as what they came, who changed or took them."""

import os
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date

from okrsite.okr.git import Repository, git
from okrsite.okr.past.commits import Commit, blobs_added, day_in, read_commits
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
    """As what a file came to the main line: the blob, and by whom.

    `rival` is who published another text that knows nothing of this one, on a branch merged since.
    """

    blob: str
    by: Deed
    rival: Deed | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a file once had: who gave it first, and the blob that it replaced, or ""."""

    by: Deed
    was: str = ""


Texts = Mapping[str, Text]  # by the name of the blob


@dataclass(frozen=True, slots=True)
class Lost:
    """A snapshot that is there no more: the commit that had it last, where, and who took it.

    Nobody took one that only another folder ever had.
    """

    commit: str
    path: str
    by: Deed | None

    @property
    def way_back(self) -> str:
        """The command that brings it back, in words."""
        return f"`git restore --source={self.commit[:7]} -- {self.path}` brings it back"


@dataclass(frozen=True)
class Memory:
    """What the history knows: as what each file `came`, all its `texts`, and who brought what.

    `folders` are all those in which they lay, from the top of the repository.
    """

    came: Mapping[Key, Came]
    known: Mapping[Name, Deed]
    texts: Mapping[Key, Texts]
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
    texts: dict[Key, dict[str, Text]] = {}
    births: dict[Key, dict[str, Deed]] = {}
    for commit in commits:
        deed = Deed(commit.signed, commit.day, commit.name)
        for key, (was, blob) in _replaced(commit, folders).items():
            if commit.name in line:
                came.setdefault(key, Came(blob, deed))
            if blob:
                known.setdefault(key[0], deed)
                texts.setdefault(key, {}).setdefault(blob, Text(deed, was))
            if blob and not was:
                births.setdefault(key, {}).setdefault(blob, deed)
    kept = {
        key: replace(one, rival=_rival(repo, one, births.get(key, {})))
        for key, one in came.items()
        if one.blob
    }
    return Memory(kept, known, texts, folders)


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


def _replaced(commit: Commit, folders: tuple[str, ...]) -> dict[Key, tuple[str, str]]:
    """The blobs of each file of a snapshot that a commit touched, before and after, or "".

    One that only moved from one of the folders to another is the same file.
    """
    found: dict[Key, tuple[str, str]] = {}
    for each in commit.touched:
        for key in _keys(each.path, folders):
            was, now = found.get(key, ("", ""))
            found[key] = (was or each.was, now or each.now)
    return found


def _keys(path: str, folders: tuple[str, ...]) -> Iterator[Key]:
    for folder in folders:
        below = path.removeprefix(folder.removesuffix(FOLDER))
        if path.startswith(f"{folder}/") and is_part(below) and (name := name_at(below)):
            yield name, below.rpartition("/")[2]


def last_touched(repo: Repository, commit: str, *paths: str) -> Deed | None:
    """Who changed one of some files or folders last, up to a commit; None where nobody did.

    The name is that of the commit itself: a .mailmap could say that somebody else did it.

    Raises:
        GitError: the history cannot be read.
    """
    words = ("--literal-pathspecs", "log", "-1", "--encoding=UTF-8", "--format=%H%x02%cs%x02%an")
    out = git(repo, *words, commit, "--", *paths)
    if not out.strip():
        return None
    name, day, author = out.decode("utf-8", "replace").strip().split("\x02", 2)
    return Deed(author, day_in(day), name)


def lost(repo: Repository, head: str, memory: Memory, path: str, name: Name) -> Lost | None:
    """Where a snapshot that is not at `path` any more was last; None where git does not tell.

    Raises:
        GitError: the history cannot be read.
    """
    paths = tuple(f"{top.removesuffix(FOLDER)}{name.folder}" for top in memory.folders)
    there = _there(repo, head, paths)
    if path in there:
        return Lost(head, path, Deed())
    if there:  # in a folder that the content was copied from
        return Lost(head, there[0], last_touched(repo, head, path))
    deed = last_touched(repo, head, *paths)
    parents = git(repo, "rev-parse", f"{deed.commit}^@").decode().split() if deed else ()
    found = ((commit, there) for commit in parents if (there := _there(repo, commit, paths)))
    return next((Lost(commit, there[0], deed) for commit, there in found), None)


def _there(repo: Repository, commit: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some folders that a commit has."""
    words = ("ls-tree", "-z", "--name-only", "--full-tree", commit, "--", *paths)
    return tuple(os.fsdecode(path) for path in git(repo, *words).split(b"\0") if path)


def path_of(content: str, name: Name, part: str) -> str:
    """A file of a snapshot, from the top of the repository."""
    return os.path.join(content, name.file(part)) if content else name.file(part)  # noqa: PTH118
