"""Files on disk, all or nothing: a new one under a name that is free, an old one replaced."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class EditError(Exception):
    """It cannot be written: for whoever gave the command."""


def create(path: Path, text: str) -> Path:
    """Write `text` to the new file `path`, or `x-2.md`, `x-3.md`, … where `x.md` is taken.

    Whoever looks sees nothing or the whole file, and of two processes that ask for the same
    name at once each gets one of its own.

    Raises:
        EditError: the folder cannot be written to.
    """
    number, place = 1, path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _beside(path, text.encode()) as made:
            made.chmod(0o666 & ~_umask())
            while not _named(made, place):
                number += 1
                place = path.with_name(f"{path.stem}-{number}{path.suffix}")
    except OSError as error:
        raise EditError(f"{place}: {error.strerror}") from error
    return place


def replace(path: Path, text: bytes) -> None:
    """Write `text` over the file `path`, which keeps its mode; readers see the old or the new one.

    Raises:
        EditError: it cannot be written.
    """
    target = path.resolve()  # a link stays a link
    try:
        with _beside(target, text) as made:
            made.chmod(target.stat().st_mode & 0o7777)
            made.replace(target)
    except OSError as error:
        raise EditError(f"{path}: {error.strerror}") from error


def _named(made: Path, place: Path) -> bool:
    """Give the finished file its name, unless somebody has it."""
    try:
        os.link(made, place)
    except FileExistsError:
        return False
    return True


@contextmanager
def _beside(path: Path, text: bytes) -> Iterator[Path]:
    """A finished file beside `path` under a name that is no source; it is gone in the end."""
    handle, name = tempfile.mkstemp(prefix=".okrsite-", dir=path.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield made
    finally:
        made.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
