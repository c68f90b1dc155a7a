"""Whether a file really lies in a folder, links of names followed; asked for thousands of files."""

import os
from pathlib import Path


class Inside:
    """A folder; where each folder below it really lies is looked up once."""

    def __init__(self, folder: Path) -> None:
        self._home = folder.resolve()
        self._known: dict[str, bool] = {}

    def holds(self, path: str) -> bool:
        """Whether the file at `path` lies in the folder."""
        file = Path(path)
        if file.is_symlink():
            return self._is_below(file)
        folder = path.rpartition(os.sep)[0]
        if folder not in self._known:
            self._known[folder] = self._is_below(file.parent)
        return self._known[folder]

    def _is_below(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._home)
