"""The snapshots among the sources: a list of them, and single files that can be trusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from okrsite.okr.snapshot.manifest import Manifest, digest, manifests_in, read_manifest
from okrsite.okr.snapshot.names import Kind, Name, SnapshotError
from okrsite.okr.sources import Sources

_ORDER = (Kind.COMMITTED, Kind.MID, Kind.CLOSED)


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot by its manifest, with the SHA-256 of the manifest's own text."""

    manifest: Manifest
    sha256: str

    @property
    def name(self) -> Name:
        return self.manifest.name

    @property
    def as_of(self) -> date:
        return self.manifest.as_of


def kept_in(sources: Sources, as_of: date) -> tuple[Kept, ...]:
    """Those that were there on `as_of`, oldest first; a manifest that cannot be read is none."""
    return tuple(sorted(_readable(sources, as_of), key=_by_day))


def _readable(sources: Sources, as_of: date) -> Iterable[Kept]:
    for name, _, raw in manifests_in(sources):
        try:
            manifest = read_manifest(raw)
        except SnapshotError:
            continue
        if manifest.name == name and manifest.as_of <= as_of:
            yield Kept(manifest, digest(raw))


def _by_day(kept: Kept) -> tuple[date, str, int]:
    return kept.as_of, kept.name.period, _ORDER.index(kept.name.kind)


def text_of(sources: Sources, kept: Kept, part: str) -> bytes | None:
    """One file of a snapshot; None where it is missing or not what the manifest says."""
    raw = sources.get(kept.name.file(part))
    told = next((one for one in kept.manifest.parts if one.path == part), None)
    same = raw is not None and told is not None and digest(raw) == told.sha256
    return raw if same else None
