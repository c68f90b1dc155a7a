"""What a record is made from, read out of the repository's objects and never from the files."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from posixpath import basename, dirname

from okrsite import __version__
from okrsite.hosts.configured import Configured, configuration_at, configuration_in
from okrsite.hosts.project import CONFIGS, ProjectError, project_of
from okrsite.okr.git import GitError, Repository, blobs_in, git, read_blobs
from okrsite.okr.lazily import Lazily
from okrsite.okr.past.history import History, Place, folders_of, history_at
from okrsite.okr.records import kind_of
from okrsite.okr.revisions import is_source
from okrsite.okr.snapshot.deriving import Ground
from okrsite.okr.snapshot.making import Origin
from okrsite.okr.snapshot.mentions import read_frames
from okrsite.okr.snapshot.names import SnapshotError, is_part

MADE_BY = f"okrsite {__version__}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A folder of content in a commit, from the top of the repository, and its configuration."""

    repo: Repository
    commit: str
    content: str
    said: Configured

    def below(self, path: str) -> str:
        """A path in the content, from the top of the repository."""
        return f"{self.content}/{path}" if self.content else path


def spot_here(repo: Repository, commit: str, home: str, content: str | None) -> Spot:
    """Where the project in the folder `home` has its content in a commit.

    Raises:
        SnapshotError: its configuration cannot be read.
    """
    try:
        said = configuration_in(repo, commit, home, f"commit {commit[:7]}")
    except (GitError, ProjectError) as error:
        raise SnapshotError(str(error)) from error
    return Spot(repo, commit, said.content(home) if content is None else content, said)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a project is at `head`: its own folder, and that of its content."""

    repo: Repository
    head: str
    folder: str
    content: str

    @property
    def paths(self) -> frozenset[str]:
        """What tells at any commit whether the project was here already."""
        return frozenset({self.content, *_configs_in(self.folder)})

    def at(self, commit: str) -> Spot:
        """Where this project was at an older commit, whatever a record says of itself.

        It was here if it has goals here. Else its configuration tells, or the history, under
        which name the content lay then: a copy that somebody put beside it is not it.

        Raises:
            GitError: the commit cannot be read.
            SnapshotError: its configuration cannot be read, or it was nowhere.
        """
        try:
            said = configuration_in(self.repo, commit, self.folder, f"commit {commit[:7]}")
            if _has_goals(self.repo, commit, self.content):
                content = self.content
            else:
                content = said.content(self.folder) if said.path else self._former(commit)
            moved = said.path is None and self._is_configured()
            said = self._moved(commit, content) if moved else said
        except ProjectError as error:
            raise SnapshotError(str(error)) from error
        return Spot(self.repo, commit, content, said)

    def _former(self, commit: str) -> str:
        """What the folder of content was called at a commit at which it was not here."""
        place = Place(self.repo, self.head, self.content, frozenset())
        found = [one for one in folders_of(place) if _has_goals(self.repo, commit, one)]
        if len(found) == 1:
            return found[0]
        where = f"it may have been {' or '.join(found)}" if found else "nothing tells where it was"
        words = f"commit {commit[:7]} has no goals in {self.content or 'the top'}"
        raise SnapshotError(f"{words}, and {where}")

    def _is_configured(self) -> bool:
        return bool(_there(self.repo, self.head, *_configs_in(self.folder)))

    def _moved(self, commit: str, content: str) -> Configured:
        """The configuration of this content that lay elsewhere then, and lies there no more."""
        names = _there(self.repo, commit)
        paths = [path for path in names if basename(path) in CONFIGS]
        gone = set(paths).difference(_there(self.repo, self.head, *paths)) if paths else ()
        found = [configuration_at(self.repo, commit, path) for path in sorted(gone)]
        own = [said for said in found if said.content(dirname(str(said.path))) == content]
        return own[0] if len(own) == 1 else Configured()


def _configs_in(folder: str) -> tuple[str, ...]:
    return tuple(f"{folder}/{name}" if folder else name for name in CONFIGS)


def _has_goals(repo: Repository, commit: str, folder: str) -> bool:
    start = f"{folder}/" if folder else ""
    return any(kind_of(path.removeprefix(start)) for path in _there(repo, commit, start))


def _there(repo: Repository, commit: str, *paths: str) -> tuple[str, ...]:
    """The files of a commit, or those of them that are at or below some paths."""
    words = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--")
    out = git(repo, *words, *filter(None, paths))
    return tuple(os.fsdecode(path) for path in out.split(b"\0") if path)


def ground_at(spot: Spot, made_by: str = MADE_BY) -> Ground:
    """All that the commit says of its goals, each file read when a record needs it.

    Raises:
        SnapshotError: it has none, or they cannot be read.
    """
    try:
        blobs = blobs_at(spot)
        parts = {path: name for path, name in blobs.items() if is_part(path)}
        texts = read_blobs(spot.repo, (blobs[path] for path in blobs.keys() - parts.keys()))
        config = Path(basename(spot.said.path)) if spot.said.path else None
        project = project_of(spot.said.raw, Path(spot.content), config)
    except (GitError, ProjectError) as error:
        raise SnapshotError(str(error)) from error
    if not any(map(kind_of, blobs)):
        where = spot.content or "the top"
        raise SnapshotError(f"commit {spot.commit[:7]} has no goals in {where}")
    sources = {path: texts[name] for path, name in blobs.items() if path not in parts}
    snapshots = Lazily(parts, lambda name: read_blobs(spot.repo, (name,))[name])
    origin = Origin(spot.commit, spot.content, made_by, spot.said.texts, spot.said.path)
    return Ground(read_frames(sources), snapshots, project.settings, origin, _Past(spot))


def blobs_at(spot: Spot) -> Mapping[str, str]:
    """Path from the content → name of the blob, of every text that is read.

    Raises:
        GitError: the commit is not here, or a part of it is a submodule.
    """
    start = len(spot.below(""))
    found = blobs_in(spot.repo, spot.commit, spot.content).items()
    return {path[start:]: name for path, name in sorted(found) if is_source(path[start:])}


@dataclass(frozen=True, slots=True)
class _Past:
    spot: Spot

    def __call__(self, day: date) -> History:
        spot = self.spot
        return history_at(Place(spot.repo, spot.commit, spot.content, frozenset(), day))
