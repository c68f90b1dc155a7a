"""What the archive of a quarter needs of its record: the commit, the day, the chain up to it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from okrsite.hosts.versions.problems import VersionError
from okrsite.okr.similar import did_you_mean
from okrsite.okr.snapshot.manifest import digest, read_manifest
from okrsite.okr.snapshot.names import FOLDER, MANIFEST, Kind, SnapshotError, name_of

CLOSED = str(Kind.CLOSED)


@dataclass(frozen=True, slots=True)
class Record:
    """A snapshot by its manifest: `digest` is the SHA-256 of that file."""

    name: str
    commit: str
    as_of: date
    previous: str
    digest: str

    @property
    def period(self) -> str:
        """The period it is of."""
        return self.name.partition("/")[0]


def read_record(content: Path, name: str) -> Record:
    """The snapshot `2026-q2/closed` of a content folder.

    Raises:
        VersionError: there is none, or its manifest cannot be read.
    """
    path = content / FOLDER / name / MANIFEST
    try:
        name_of(name)
    except SnapshotError:
        raise VersionError(
            f"there is no record {name}: a record is called as `2026-q2/closed`"
        ) from None
    try:
        raw = path.read_bytes()
        manifest = read_manifest(raw)
    except FileNotFoundError:
        raise VersionError(f"there is no record {name}: {path} is not there") from None
    except (OSError, SnapshotError) as error:
        words = f"{path} cannot be read, so there is no record {name}"
        raise VersionError(f"{words}: {error}") from error
    before = str(manifest.previous.name) if manifest.previous else ""
    return Record(name, manifest.commit, manifest.as_of, before, digest(raw))


def what_else(content: Path, period: str) -> str:
    """Where a period has no record: what was meant, or which ones have one. Empty: it is known."""
    found = (content / FOLDER).glob(f"*/{CLOSED}/{MANIFEST}")
    recorded = sorted(path.parent.parent.name for path in found)
    name = period.partition("/")[0]
    if name != period and name in recorded:
        return f"say `{name}`: an archive is of a whole period, by its closed record"
    if period in recorded or has_period(content, period):
        return ""
    those = f"closed records are there of {', '.join(recorded)}" if recorded else "none is recorded"
    meant = did_you_mean(period, recorded)
    return f"there is no period {period}: {those}{f'. {meant}' if meant else ''}"


def has_period(content: Path, period: str) -> bool:
    """Whether a period of that name is written down."""
    return any(path.stem == period for path in (content / "periods").rglob("*.md"))


def closed_records(content: Path) -> tuple[Record, ...]:
    """The closed snapshot of every period that has one, the oldest first.

    Raises:
        VersionError: a manifest cannot be read.
    """
    found = (content / FOLDER).glob(f"*/{CLOSED}/{MANIFEST}")
    names = (path.parent.relative_to(content / FOLDER).as_posix() for path in found)
    return tuple(sorted((read_record(content, n) for n in names), key=lambda r: (r.as_of, r.name)))


def up_to(content: Path, record: Record) -> tuple[str, ...]:
    """The names of `record` and of all before it in the chain.

    Raises:
        VersionError: a link of the chain cannot be read.
    """
    names = [record.name]
    while record.previous and record.previous not in names:
        record = read_record(content, record.previous)
        names.append(record.name)
    return tuple(names)
