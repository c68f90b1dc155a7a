"""Files on disk, all or nothing: a new one under a name that is free, an old one replaced."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows, where a folder cannot be locked
    fcntl = None


class EditError(Exception):
    """It cannot be written: for whoever gave the command."""


def create(path: Path, text: str, below: Path | None = None) -> Path:
    """Write `text` to the new file `path`, or `x-2.md`, `x-3.md`, … where `x.md` is taken.

    Whoever looks sees nothing or the whole file, and of two processes that ask for the same
    name at once each gets one of its own. Where `below` is the folder that is read, links that
    lead out of it are not followed.

    Raises:
        EditError: the folder cannot be written to, or lies outside of `below`.
    """
    number, place = 1, path
    try:
        if below is not None:
            _inside(path, below)
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


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else is in here for the same folder; the lock is the folder's own and leaves no file.

    Where folders cannot be locked, as on some network drives, it goes on without.
    """
    try:
        handle = os.open(folder, os.O_RDONLY) if fcntl else None
    except OSError:
        handle = None
    try:
        if fcntl and handle is not None:
            _wait_for(fcntl, handle)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _wait_for(locks: ModuleType, handle: int) -> None:
    try:
        locks.flock(handle, locks.LOCK_EX)
    except OSError:
        return


def _inside(path: Path, root: Path) -> None:
    """Refuse a place from which the folder's reader would not fetch the file."""
    folder = path.parent.resolve()
    if not folder.is_relative_to(root.resolve()):
        words = f"{path.parent} leads out of {root}, to {folder}, where nothing is read"
        raise EditError(f"{words}: put a folder in place of the link")


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
