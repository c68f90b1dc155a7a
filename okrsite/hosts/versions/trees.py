"""A folder of files → a tree in git's store; the top of a tree with some entries put in."""

import os
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from okrsite.hosts.versions.problems import VersionError
from okrsite.okr.git import Repository, git
from okrsite.okr.revisions import read_file

FILE, TREE = "100644 blob", "040000 tree"

Entries = dict[str, tuple[str, str]]  # name → mode and kind, object


def stored(repo: Repository, folder: Path) -> str:
    """The tree of all files below `folder`.

    Raises:
        VersionError: a file's name holds a line break, which git cannot be told.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in paths]
    if odd := next((name for name in names if "\n" in name), None):
        raise VersionError(f"{odd!r}: a file's name must not hold a line break")
    asked = b"".join(os.fsencode(path) + b"\n" for path in paths)
    out = git(repo, "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=asked)
    return _nested(repo, dict(zip(names, out.decode().split(), strict=True)))


def _nested(repo: Repository, blobs: Mapping[str, str]) -> str:
    """The tree of blobs by their paths; all trees of one depth are made in one run."""
    levels: dict[int, dict[str, Entries]] = defaultdict(lambda: defaultdict(dict))
    levels[0][""] = {}
    for path, blob in blobs.items():
        folder, _, name = path.rpartition("/")
        levels[_depth(folder)][folder][name] = (FILE, blob)
        while folder:
            above, _, name = folder.rpartition("/")
            levels[_depth(above)][above].setdefault(name, (TREE, ""))
            folder = above
    made: dict[str, str] = {}
    for depth in sorted(levels, reverse=True):
        folders = {at: _filled(at, entries, made) for at, entries in levels[depth].items()}
        made |= dict(zip(folders, _trees(repo, *folders.values()), strict=True))
    return made[""]


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _filled(at: str, entries: Entries, made: Mapping[str, str]) -> Entries:
    prefix = f"{at}/" if at else ""
    return {name: (kind, found or made[prefix + name]) for name, (kind, found) in entries.items()}


def _trees(repo: Repository, *folders: Entries) -> list[str]:
    asked = "\0".join(
        "".join(f"{kind} {found}\t{name}\0" for name, (kind, found) in entries.items())
        for entries in folders
    )
    out = git(
        repo, "mktree", "-z", "--batch", stdin=f"{asked}\0".encode("utf-8", "surrogateescape")
    )
    return out.decode().split()


def blob(repo: Repository, content: bytes) -> tuple[str, str]:
    """`content` as the entry of a tree."""
    out = git(repo, "hash-object", "-w", "--no-filters", "--stdin", stdin=content)
    return FILE, out.decode().strip()


def text_at(repo: Repository, commit: str, path: str) -> bytes:
    """What a file of a commit holds; nothing where there is no commit, or no such file in it."""
    return (read_file(repo, commit, path) or b"") if commit else b""


def top_of(repo: Repository, commit: str) -> Entries:
    """What stands at the top of a commit; nothing where there is none."""
    out = git(repo, "ls-tree", "-z", "--full-tree", commit) if commit else b""
    found: Entries = {}
    for row in filter(None, out.split(b"\0")):
        head, _, name = row.partition(b"\t")
        mode, kind, blob = head.decode().split(" ")
        found[os.fsdecode(name)] = (f"{mode} {kind}", blob)
    return found


def tree_of(repo: Repository, entries: Entries) -> str:
    """The tree of `entries`."""
    return _trees(repo, entries)[0]


def files_in(repo: Repository, commit: str, folder: str) -> frozenset[str]:
    """The paths of all files below `folder` in a commit, seen from there."""
    if not commit:
        return frozenset()
    at = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", f"{folder}/")
    rows = git(repo, *at).split(b"\0")
    return frozenset(os.fsdecode(row).removeprefix(f"{folder}/") for row in rows if row)
