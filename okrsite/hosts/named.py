"""The snapshots that words typed for `okrsite diff` name, and those that there are instead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from okrsite.edit.files import EditError
from okrsite.edit.snapshots import read_snapshots
from okrsite.hosts.project import ProjectError, home_of, read_project
from okrsite.hosts.sides import SidesError
from okrsite.okr.git import GitError, commit_of, find_repository
from okrsite.okr.snapshot.manifest import Manifest, manifests_in, read_manifest
from okrsite.okr.snapshot.meant import missing, nearest
from okrsite.okr.snapshot.names import FILES, MANIFEST, Kind, Name, SnapshotError, name_of
from okrsite.okr.sources import Sources


@dataclass(frozen=True)
class Spot:
    """A snapshot that was named: its files by their names, and what there is to say of the name."""

    name: Name
    files: Sources
    note: str = ""


def named_here(words: tuple[str, ...], content: Path | None) -> tuple[Spot, ...]:
    """The snapshots that the words name; none where they name none.

    A period is its closed record, else its newest one. One word alone names a period only where
    it is no branch or commit.

    Raises:
        SidesError: a snapshot was meant that is not here, only one of two words names one, or they
            cannot be read.
    """
    if not 0 < len(words) < 3:
        return ()
    shelf = _Shelf(_kept(content), _periods(content))
    for word in words:
        shelf.refuse_range(word)
    found = [shelf.spot(word, alone=len(words) == 1) for word in words]
    spots = tuple(spot for spot in found if spot)
    for word, spot in zip(words, found, strict=True):
        if spot is None and (spots or shelf.is_meant(word)):
            raise SidesError(missing(word, tuple(map(str, shelf.names))))
    return spots


def _kept(content: Path | None) -> Sources:
    try:
        return read_snapshots(read_project(home_of(Path()), content).content)
    except ProjectError:
        return {}  # the folder of a snapshot can be named without a project around it
    except EditError as error:
        raise SidesError(str(error)) from error


def _periods(content: Path | None) -> frozenset[str]:
    """The periods that are declared here, by the names of their files."""
    try:
        folder = read_project(home_of(Path()), content).content / "periods"
        return frozenset(path.stem for path in folder.rglob("*.md"))
    except (ProjectError, OSError):
        return frozenset()


@dataclass(frozen=True)
class _Shelf:
    kept: Sources
    declared: frozenset[str]

    @cached_property
    def names(self) -> tuple[Name, ...]:
        return tuple(name for name, _, _ in manifests_in(self.kept))

    @cached_property
    def periods(self) -> frozenset[str]:
        return self.declared | {name.period for name in self.names}

    def is_meant(self, word: str) -> bool:
        """Whether a word can only be a period or a snapshot, even if there is none of the name."""
        own = word in self.periods or word.partition("/")[0] in self.periods
        meant = own or _name(word) is not None or nearest(word, tuple(map(str, self.names)))
        return bool(meant) and not Path(word).exists() and not _is_commit(word)

    def refuse_range(self, text: str) -> None:
        """Commits make a range, snapshots do not.

        Raises:
            SidesError: a half of one is a snapshot or a period, and no commit.
        """
        dots = "..." if "..." in text else ".."
        one, found, two = text.partition(dots)
        if found and any(map(self.is_meant, (one, two))):
            rest = ""
            if all(map(self.is_meant, (one, two))):
                rest = f": `okrsite diff {one} {two}`"
            words = f"`{text}` is a range of commits; of snapshots write two names with a space"
            raise SidesError(words + rest)

    def spot(self, word: str, *, alone: bool) -> Spot | None:
        """What a word names: a snapshot here, the folder of one, or the newest one of a period."""
        name = _name(word)
        if name in self.names:
            return Spot(name, self.kept, _shadowed(word))
        folder = Path(word)
        if (folder / MANIFEST).is_file():
            return _in_folder(folder, self.kept)
        if folder.is_dir() or (alone and _is_commit(word)):
            return None
        last = max(self._of_period(word), default=None, key=lambda row: row[0])
        if last is None:
            return None
        what = "closed" if last[1].kind is Kind.CLOSED else "newest"
        return Spot(last[1], self.kept, f"{last[1]} is the {what} record of {word}.")

    def _of_period(self, period: str) -> Iterator[tuple[tuple[bool, date], Name]]:
        """What a period can be meant by; nothing stands above how it was closed."""
        for name, _, raw in manifests_in(self.kept):
            if name.period == period:
                day = manifest_at(name, raw).as_of
                yield (name.kind is Kind.CLOSED, day), name


def _name(word: str) -> Name | None:
    try:
        return name_of(word)
    except SnapshotError:
        return None


def _shadowed(word: str) -> str:
    """That a snapshot was meant, where something else has the same name."""
    what = "folder" if Path(word).is_dir() else "branch or commit" if _is_commit(word) else ""
    return f"{word} is the snapshot of that name here, not the {what}." if what else ""


def _is_commit(word: str) -> bool:
    try:
        repo = find_repository(Path())
        return repo is not None and bool(commit_of(repo, word))
    except GitError:
        return False


def _in_folder(folder: Path, kept: Sources) -> Spot:
    try:
        texts = {part: (folder / part).read_bytes() for part in FILES if (folder / part).is_file()}
        name = read_manifest(texts[MANIFEST]).name
    except (OSError, SnapshotError) as error:
        raise SidesError(f"{folder}: {error}") from error
    return Spot(name, {**kept, **{name.file(part): raw for part, raw in texts.items()}})


def manifest_at(name: Name, raw: bytes) -> Manifest:
    """A manifest that is that of the snapshot it lies with.

    Raises:
        SidesError: it cannot be read, or is that of another one.
    """
    try:
        manifest = read_manifest(raw)
    except SnapshotError as error:
        raise SidesError(f"{name.file(MANIFEST)}: {error}") from error
    if manifest.name != name:
        raise SidesError(f"{name.file(MANIFEST)}: it calls itself `{manifest.name}`")
    return manifest
