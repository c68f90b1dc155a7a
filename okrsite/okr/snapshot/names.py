"""What a snapshot is called and where it lies: `2026-q2/closed` below `snapshots/`."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FOLDER = "snapshots"
RECORD, SOURCES, CHANGES, MANIFEST = (
    "record.json",
    "sources.sha256",
    "changes.json",
    "manifest.json",
)
PARTS = (CHANGES, RECORD, SOURCES)  # everything beside the manifest
FILES = (*PARTS, MANIFEST)
_NAME = re.compile(
    r"([a-z0-9][a-z0-9_-]{0,79})/(?:(committed|closed)|(mid)-([0-9]{4}-[0-9]{2}-[0-9]{2}))"
)


class SnapshotError(Exception):
    """A snapshot that cannot be made, read or trusted; for the operator, not for an author."""


class NewerError(SnapshotError):
    """A snapshot that a newer okrsite made: nothing is known to be wrong with it."""


class Kind(StrEnum):
    """What a snapshot holds on to: what was promised, how it stood, what came of it."""

    COMMITTED = "committed"
    MID = "mid"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Name:
    """A snapshot's name; `day` is that of a `mid`, of which a period may have several."""

    period: str
    kind: Kind
    day: date | None = None

    def __str__(self) -> str:
        return f"{self.period}/{self.kind}" + (f"-{self.day}" if self.day else "")

    @property
    def folder(self) -> str:
        """Where it lies, from the folder of content."""
        return f"{FOLDER}/{self}"

    def file(self, part: str) -> str:
        """Where one of its files lies, from the folder of content."""
        return f"{self.folder}/{part}"


def name_of(text: str) -> Name:
    """The name that `text` writes.

    Raises:
        SnapshotError: it writes none.
    """
    found = _NAME.fullmatch(text)
    if found is None:
        hint = "write `2026-q2/committed`, `2026-q2/mid-2026-05-15` or `2026-q2/closed`"
        raise SnapshotError(f"`{text}` is no name of a snapshot; {hint}")
    period, kind, mid, day = found.groups()
    try:
        return Name(period, Kind(kind or mid), date.fromisoformat(day) if day else None)
    except ValueError:
        raise SnapshotError(f"`{text}`: there is no day {day}") from None


def is_part(path: str) -> bool:
    """Whether a path from the folder of content is that of a snapshot's file."""
    above, _, name = path.rpartition("/")
    return name in FILES and path.startswith(f"{FOLDER}/") and above.count("/") == 2


def name_at(path: str) -> Name | None:
    """The snapshot to which the file at `path` belongs, None where it is called otherwise."""
    try:
        return name_of(path.rpartition("/")[0].removeprefix(f"{FOLDER}/"))
    except SnapshotError:
        return None
