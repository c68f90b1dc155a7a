"""Texts from a folder: path → bytes, in a stable order, nothing outside it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

Sources = Mapping[str, bytes]


class SourcesError(Exception):
    """The folder itself cannot be read; for the operator, not for an author."""


def read_folder(root: Path) -> Sources:
    """Every Markdown file below `root` by its POSIX path.

    Dotfiles are left out, and so is whatever a symbolic link would fetch from outside `root`.

    Raises:
        SourcesError: `root` is not a folder or cannot be read.
    """
    if not root.is_dir():
        raise SourcesError(f"{root} is not a folder")
    try:
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in _markdown(root)}
    except OSError as error:
        raise SourcesError(f"{error.filename}: {error.strerror}") from error


def _markdown(root: Path) -> Iterator[Path]:
    base = root.resolve()
    for path in sorted(root.rglob("*.md")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if not hidden and path.is_file() and path.resolve().is_relative_to(base):
            yield path
