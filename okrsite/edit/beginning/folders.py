"""Files that are not the author's own: one at its place, or many new ones at once."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from okrsite.edit.files import EditError, create, replace


def put(path: Path, text: str) -> None:
    """Write `text` to the file `path`, be there one or not; readers see all of it or nothing.

    Raises:
        EditError: it cannot be written, or was made by somebody else meanwhile.
    """
    if path.exists():
        replace(path, text.encode())
        return
    made = create(path, text)
    if made != path:
        made.unlink()
        raise EditError(f"{path} was made by somebody else meanwhile; run the command again")


def plant(folder: Path, files: Mapping[str, str]) -> None:
    """Write `files` (path below `folder` → text), none of which may be there.

    A folder that does not exist appears whole. In one that does, files appear one by one, each
    whole, and disappear again where one of them cannot be written.

    Raises:
        EditError: something is in the way, which is then all that happened, or cannot be written.
    """
    try:
        if not os.path.lexists(folder):
            _appear(folder, files)
            return
        taken = [path for path in files if _in_the_way(folder, path)]
        if taken:
            raise EditError(f"{folder} has these already: {', '.join(taken)}; nothing was written")
        _fill(folder, files)
    except OSError as error:
        raise EditError(f"{error.filename or folder}: {error.strerror}") from error


def _appear(folder: Path, files: Mapping[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".okrsite-", dir=folder.parent))
    try:
        for path, text in files.items():
            create(made / path, text)
        made.chmod(folder.parent.stat().st_mode & 0o755)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    written: list[Path] = []
    try:
        for path, text in files.items():
            written.append(create(folder / path, text))
            if written[-1] != folder / path:
                raise EditError(f"{path} was made by somebody else meanwhile; nothing was written")
    except BaseException:
        for place in written:
            place.unlink(missing_ok=True)
        raise


def _in_the_way(folder: Path, path: str) -> bool:
    """Whether the file is there, or something that is no folder where one of its folders goes."""
    place = folder / path
    above = [folder, *(folder / step for step in Path(path).parents)]
    blocked = any(step.is_file() for step in above) or any(
        step.is_symlink() for step in above if step != folder
    )
    return blocked or place.exists() or place.is_symlink()
