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

    Dotfiles are left out, and so is whatever a symbolic link would fetch from outside `root`.

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
        if wanted(name) and not hidden and path.is_file() and path.resolve().is_relative_to(base):
            yield path


# What Notepad, other engines and capitals make of `.md`.
_MEANT = re.compile(r"[^/]+/.*[^/](?:\.md\.txt|\.markdown|\.mdown|\.mkdn?|\.md)", re.IGNORECASE)


def is_meant(path: str) -> bool:
    """Whether a file in some folder is called nearly like a Markdown file, and so is not read."""
    return not path.endswith(".md") and _MEANT.fullmatch(path) is not None
