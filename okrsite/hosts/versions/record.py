"""What the archive of a quarter needs of its record: the commit, the day, the chain up to it."""

import json
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from okrsite.hosts.versions.problems import VersionError

FOLDER, MANIFEST, CLOSED = "snapshots", "manifest.json", "closed"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*/[a-z0-9-]+")


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
    if not _NAME.fullmatch(name):
        raise VersionError(f"there is no record {name}: a record is called as `2026-q2/closed`")
    try:
        raw = path.read_bytes()
        said = json.loads(raw)
        previous = said.get("previous") or {}
        day = date.fromisoformat(said["as_of"])
        commit, before = str(said["commit"]), str(previous.get("snapshot", ""))
    except FileNotFoundError:
        raise VersionError(f"there is no record {name}: {path} is not there") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise VersionError(f"{path} cannot be read: {error}") from error
    return Record(name, commit, day, before, sha256(raw).hexdigest())


def what_else(content: Path, period: str) -> str:
    """Where a period has no record: what was meant, or which ones have one. Empty: it is known."""
    found = (content / FOLDER).glob(f"*/{CLOSED}/{MANIFEST}")
    recorded = sorted(path.parent.parent.name for path in found)
    name = period.partition("/")[0]
    if name != period and name in recorded:
        return f"say `{name}`: an archive is of a whole period, by its closed record"
    if period in recorded or any(p.stem == period for p in (content / "periods").rglob("*.md")):
        return ""
    those = f"closed records are there of {', '.join(recorded)}" if recorded else "none is recorded"
    return f"there is no period {period}: {those}"


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
