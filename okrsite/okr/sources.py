"""Texts from a folder: path → bytes, in a stable order, nothing outside it."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from okrsite.okr.snapshot.names import is_part

Sources = Mapping[str, bytes]


class SourcesError(Exception):
    """The folder itself cannot be read; for the operator, not for an author."""


def read_folder(root: Path) -> Sources:
    """Every Markdown file below `root`, and the snapshots there, by POSIX path.

    Dotfiles are left out, and so is whatever a symbolic link would fetch from outside `root`. A
    snapshot is read through no link at all: git, which proves it, follows none.

    Raises:
        SourcesError: `root` is not a folder or cannot be read.
    """
    return _read(root, lambda path: path.endswith(".md") or is_part(path))


def read_meant(root: Path) -> Sources:
    """Files in folders below `root` that only their name keeps from being read, as `read_folder`.

    Raises:
        SourcesError: `root` is not a folder or cannot be read.
    """
    return _read(root, is_meant)


def _read(root: Path, wanted: Callable[[str], bool]) -> Sources:
    if not root.is_dir():
        raise SourcesError(f"{root} is not a folder")
    try:
        found = sorted(_in(root, wanted))
        return {path: Path(place).read_bytes() for path, place in found}
    except OSError as error:
        raise SourcesError(f"{error.filename}: {error.strerror}") from error


def _in(root: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Path and place of each wanted file below `root`; no folder is entered through a link.

    A folder that may not be looked into has nothing to read, as far as anybody can tell.
    """
    todo = [("", str(root))]
    base = root.resolve()
    while todo:
        above, folder = todo.pop()
        for entry in _entries(folder, is_root=not above):
            path = f"{above}{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                todo.append((f"{path}/", entry.path))
            elif wanted(path) and _is_inside(entry, path, base):
                yield path, entry.path


def _entries(folder: str, *, is_root: bool) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except PermissionError:
        if is_root:
            raise
        return []


def _is_inside(entry: os.DirEntry[str], path: str, base: Path) -> bool:
    """Whether it is a file, and if it is a link, one that leads to another file in here."""
    if not entry.is_symlink():
        return entry.is_file()
    if is_part(path) or not os.path.isfile(entry.path):  # noqa: PTH113 - whatever it leads to
        return False
    return Path(entry.path).resolve().is_relative_to(base)


def is_linked(root: Path, path: str) -> bool:
    """Whether a file, or a folder on the way to it from `root`, is a symbolic link."""
    parts = path.split("/")
    return any(root.joinpath(*parts[:end]).is_symlink() for end in range(1, len(parts) + 1))


# What Notepad, other engines and capitals make of `.md`.
_MEANT = re.compile(r"[^/]+/.*[^/](?:\.md\.txt|\.markdown|\.mdown|\.mkdn?|\.md)", re.IGNORECASE)


def is_meant(path: str) -> bool:
    """Whether a file in some folder is called nearly like a Markdown file, and so is not read."""
    return not path.endswith(".md") and _MEANT.fullmatch(path) is not None
