"""A snapshot on disk: its folder appears at once with every file in it, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from okrsite.edit.files import EditError
from okrsite.okr.snapshot.names import FOLDER, Name, is_part
from okrsite.okr.sources import Sources, is_linked

_PREFIX = ".okrsite-"  # a dotfile: no reader takes it for a snapshot, and MkDocs leaves it out


def write_snapshot(content: Path, name: Name, files: Mapping[str, bytes]) -> Path:
    """Write the files of a snapshot that is not there yet; gives its folder.

    They are written into a folder beside it, and that is renamed: whoever looks sees nothing or
    the whole, and a run that was killed leaves a folder that nobody reads and the next run clears.

    Raises:
        EditError: it is there already, or cannot be written.
    """
    target = content / name.folder
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _inside(target.parent, content)
        if target.is_symlink() or target.exists():
            raise EditError(f"{target} is there already")
        made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=target.parent))
        try:
            _fill(made, files)
            made.rename(target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        _keep(target.parent)
    except OSError as error:
        raise EditError(f"{error.filename or target}: {error.strerror}") from error
    return target


def _inside(folder: Path, content: Path) -> None:
    if not folder.resolve().is_relative_to(content.resolve()):
        words = f"{folder} leads out of {content}, to {folder.resolve()}, where nothing is read"
        raise EditError(f"{words}: put a folder in place of the link")


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.chmod(0o777 & ~_umask())
    for name, raw in files.items():
        with (folder / name).open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
    _keep(folder)


def _keep(folder: Path) -> None:
    """Make the names in a folder outlast a power cut, where a folder can be synced at all."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def clear_left_over(content: Path) -> tuple[Path, ...]:
    """Take away what runs that were killed have left; to be called while nobody else writes."""
    found = tuple(sorted((content / FOLDER).glob(f"*/{_PREFIX}*")))
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def read_snapshots(content: Path) -> Sources:
    """Every file below the folder of snapshots, by its path from `content`, but dotfiles.

    A symbolic link is not followed: it stands there without a text, and is a part of no snapshot.

    Raises:
        EditError: one cannot be read.
    """
    try:
        return dict(_files(content))
    except OSError as error:
        raise EditError(f"{error.filename}: {error.strerror}") from error


def _files(content: Path) -> Iterator[tuple[str, bytes]]:
    if (content / FOLDER).is_symlink():
        yield FOLDER, b""
        return
    for path in sorted((content / FOLDER).rglob("*")):
        name = path.relative_to(content).as_posix()
        if any(part.startswith(".") for part in name.split("/")) or is_linked(content, name):
            if path.is_symlink() and not is_part(name) and not is_linked(content, _above(name)):
                yield name, b""
        elif path.is_file():
            yield name, path.read_bytes()


def _above(name: str) -> str:
    return name.rpartition("/")[0]
