"""Texts from a folder: path → bytes, in a stable order, nothing outside it."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from okrsite.okr.snapshot.names import FOLDER, is_part

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
    goals = _read(root, "*.[mM]*", lambda path: path.endswith(".md"))
    return dict(sorted({**goals, **_read(root, f"{FOLDER}/*/*/*", is_part)}.items()))


def read_meant(root: Path) -> Sources:
    """Files in folders below `root` that only their name keeps from being read, as `read_folder`.

    Raises:
        SourcesError: `root` is not a folder or cannot be read.
    """
    return _read(root, "*.[mM]*", is_meant)


def _read(root: Path, names: str, wanted: Callable[[str], bool]) -> Sources:
    if not root.is_dir():
        raise SourcesError(f"{root} is not a folder")
    try:
        found = _in(root, names, wanted)
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}
    except OSError as error:
        raise SourcesError(f"{error.filename}: {error.strerror}") from error


def _in(root: Path, names: str, wanted: Callable[[str], bool]) -> Iterator[Path]:
    base = root.resolve()
    for path in sorted(root.rglob(names) if "/" not in names else root.glob(names)):
        name = path.relative_to(root).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        linked = is_part(name) and is_linked(root, name)
        if not wanted(name) or hidden or linked or not path.is_file():
            continue
        if path.resolve().is_relative_to(base):
            yield path


def is_linked(root: Path, path: str) -> bool:
    """Whether a file, or a folder on the way to it from `root`, is a symbolic link."""
    parts = path.split("/")
    return any(root.joinpath(*parts[:end]).is_symlink() for end in range(1, len(parts) + 1))


# What Notepad, other engines and capitals make of `.md`.
_MEANT = re.compile(r"[^/]+/.*[^/](?:\.md\.txt|\.markdown|\.mdown|\.mkdn?|\.md)", re.IGNORECASE)


def is_meant(path: str) -> bool:
    """Whether a file in some folder is called nearly like a Markdown file, and so is not read."""
    return not path.endswith(".md") and _MEANT.fullmatch(path) is not None
