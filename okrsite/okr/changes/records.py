"""Snapshots on both sides → a Change for each that was published, or is not as it was."""

from collections.abc import Iterable, Iterator, Mapping

from okrsite.okr.changes.change import RULES, Change
from okrsite.okr.snapshot.names import MANIFEST, Name, is_part, name_at
from okrsite.okr.sources import Sources


def is_record(path: str) -> bool:
    """Whether a path is that of a snapshot's file, and no page."""
    return is_part(path) and name_at(path) is not None


def record_changes(base: Sources, head: Sources, paths: Iterable[str]) -> Iterator[Change]:
    """What the files at `paths`, which differ, say of the snapshots they belong to."""
    for name, own in _by_name(paths).items():
        before = any(path in base for path in own)
        manifest = name.file(MANIFEST)
        if not before and manifest not in base:
            yield _change("snapshot-published", name, manifest)
        else:
            gone = [path for path in own if path not in head]
            rule = "snapshot-removed" if gone else "snapshot-changed"
            yield _change(rule, name, (gone or own)[0])


def _by_name(paths: Iterable[str]) -> Mapping[Name, list[str]]:
    found: dict[Name, list[str]] = {}
    for path in paths:
        name = name_at(path) if is_part(path) else None
        if name is not None:
            found.setdefault(name, []).append(path)
    return found


def _change(rule: str, name: Name, path: str) -> Change:
    asked = RULES[rule]
    return Change(asked, asked.severity, "snapshot", str(name), str(name), path, 1)
