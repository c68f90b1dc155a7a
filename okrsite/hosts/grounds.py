"""What a record is made from, read out of the repository's objects and never from the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from posixpath import basename

from okrsite import __version__
from okrsite.hosts.configured import Configured, configuration_at, configuration_in
from okrsite.hosts.project import ProjectError, project_of
from okrsite.okr.git import GitError, Repository, blobs_in, read_blobs
from okrsite.okr.past.history import History, Place, history_at
from okrsite.okr.pipeline import Parsed, read_all
from okrsite.okr.records import kind_of
from okrsite.okr.revisions import is_source
from okrsite.okr.snapshot.deriving import Ground
from okrsite.okr.snapshot.making import Origin
from okrsite.okr.snapshot.names import SnapshotError, is_part
from okrsite.okr.snapshot.record import Record

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


def spot_of(repo: Repository, record: Record) -> Spot:
    """Where a record was made from.

    Raises:
        SnapshotError: the configuration there cannot be read.
    """
    path, commit = record.configuration, record.commit
    try:
        said = configuration_at(repo, commit, path) if path else Configured()
    except (GitError, ProjectError) as error:
        raise SnapshotError(str(error)) from error
    return Spot(repo, commit, record.content, said)


def ground_at(spot: Spot, made_by: str = MADE_BY, known: Parsed | None = None) -> Ground:
    """All that the commit says of its goals; what is `known` of the same text is not read again.

    Raises:
        SnapshotError: it has none, or they cannot be read.
    """
    try:
        blobs = blobs_at(spot)
        texts = read_blobs(spot.repo, blobs.values())
        config = Path(basename(spot.said.path)) if spot.said.path else None
        project = project_of(spot.said.raw, Path(spot.content), config)
    except (GitError, ProjectError) as error:
        raise SnapshotError(str(error)) from error
    if not any(map(kind_of, blobs)):
        where = spot.content or "the top"
        raise SnapshotError(f"commit {spot.commit[:7]} has no goals in {where}")
    sources = {path: texts[name] for path, name in blobs.items()}
    snapshots = {path: raw for path, raw in sources.items() if is_part(path)}
    parsed = read_all({path: sources[path] for path in sources if path not in snapshots}, known)
    origin = Origin(spot.commit, spot.content, made_by, spot.said.texts, spot.said.path)
    return Ground(parsed, snapshots, project.settings, origin, _Past(spot))


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
