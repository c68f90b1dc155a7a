"""The manifest of a snapshot: SHA-256 of each of its parts and of the manifest before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from okrsite.okr.snapshot.names import (
    MANIFEST,
    PARTS,
    Name,
    NewerError,
    SnapshotError,
    name_at,
    name_of,
)
from okrsite.okr.snapshot.shape import check_manifest
from okrsite.okr.snapshot.tokens import FAULTS, document, fault_in, parsed
from okrsite.okr.sources import Sources

SCHEMA = "okrsite/manifest/v1"
# What `core.autocrlf` does to files that `.gitattributes` does not keep from it.
CRLF = (
    "only its line ends are others, CRLF: write `content/snapshots/** -text` (with the folder of"
    " your content) into .gitattributes, delete the file and `git checkout` it"
)
_NEWER = "a newer okrsite made it; update okrsite to read it"


@dataclass(frozen=True, slots=True)
class PartSum:
    """One file of a snapshot: its size in bytes and its SHA-256 in hexadecimal digits."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Previous:
    """The link of the chain: the snapshot published before, and its manifest's SHA-256."""

    name: Name
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot consists of, and what it was made from."""

    name: Name
    commit: str
    as_of: date
    parts: tuple[PartSum, ...]
    previous: Previous | None


def digest(raw: bytes) -> str:
    """SHA-256 in hexadecimal digits, as `sha256sum` prints it."""
    return sha256(raw).hexdigest()


def manifest_of(
    name: Name, commit: str, as_of: date, parts: Mapping[str, bytes], previous: Previous | None
) -> Manifest:
    """The manifest of a snapshot's files."""
    sums = tuple(PartSum(path, len(raw), digest(raw)) for path, raw in sorted(parts.items()))
    return Manifest(name, commit, as_of, sums, previous)


def dump_manifest(manifest: Manifest) -> bytes:
    """The manifest as it is written."""
    before = manifest.previous
    return document(
        {
            "schema": SCHEMA,
            "snapshot": str(manifest.name),
            "as_of": manifest.as_of,
            "commit": manifest.commit,
            "parts": [
                {"path": part.path, "bytes": part.size, "sha256": part.sha256}
                for part in manifest.parts
            ],
            "previous": {"snapshot": str(before.name), "sha256": before.sha256} if before else None,
        }
    )


def read_manifest(raw: bytes) -> Manifest:
    """The manifest that `raw` writes.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    try:
        fields = parsed(raw)
        check_schema(str(fields.get("schema")), SCHEMA)
        check_manifest(fields)
        before = fields["previous"]
        return Manifest(
            name=name_of(fields["snapshot"]),
            commit=str(fields["commit"]),
            as_of=date.fromisoformat(fields["as_of"]),
            parts=tuple(
                PartSum(str(row["path"]), int(row["bytes"]), str(row["sha256"]))
                for row in fields["parts"]
            ),
            previous=Previous(name_of(before["snapshot"]), str(before["sha256"]))
            if before
            else None,
        )
    except FAULTS as error:
        raise SnapshotError(f"it is no manifest: {fault_in(error)}") from None


def check_schema(found: str, known: str) -> None:
    """Let this schema and older ones pass.

    Raises:
        NewerError: `found` is newer.
        SnapshotError: it is another thing altogether.
    """
    what, _, number = known.rpartition("/v")
    own, _, version = found.rpartition("/v")
    if own != what or not version.isascii() or not version.isdigit() or not int(version) > 0:
        raise SnapshotError(f"its schema is `{found}`, where `{known}` was expected")
    if int(version) > int(number):
        raise NewerError(f"its schema is `{found}`, and this okrsite knows `{known}`: {_NEWER}")


def manifests_in(sources: Sources) -> Iterator[tuple[Name, str, bytes]]:
    """Name, path and text of every manifest among `sources`."""
    for path in sorted(sources):
        if path.endswith(f"/{MANIFEST}") and (name := name_at(path)):
            yield name, path, sources[path]


def faults_of(manifest: Manifest, sources: Sources) -> Iterator[tuple[str, str]]:
    """Path and fault of every part that is not what the manifest says."""
    told = {part.path: part for part in manifest.parts}
    for part in PARTS:
        path = manifest.name.file(part)
        raw = sources.get(path)
        if part not in told:
            yield path, "the manifest does not name it"
        elif raw is None:
            yield path, "it is missing"
        elif raw.count(b"\r\n") and digest(raw.replace(b"\r\n", b"\n")) == told[part].sha256:
            yield path, CRLF
        elif digest(raw) != told[part].sha256 or len(raw) != told[part].size:
            yield path, f"its SHA-256 is {digest(raw)}, the manifest says {told[part].sha256}"
    for extra in sorted(told.keys() - set(PARTS)):
        yield manifest.name.file(MANIFEST), f"it names a part `{extra}` that no snapshot has"
