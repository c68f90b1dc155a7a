"""The chain of all snapshots: each manifest holds the SHA-256 of the one published before it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from okrsite.okr.snapshot.manifest import (
    Manifest,
    Previous,
    digest,
    faults_of,
    manifests_in,
    read_manifest,
)
from okrsite.okr.snapshot.names import MANIFEST, Name, NewerError, SnapshotError, is_part, name_at
from okrsite.okr.sources import Sources


@dataclass(frozen=True, slots=True)
class Link:
    """One manifest in the chain, with the SHA-256 of its own text."""

    manifest: Manifest
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a snapshot: the file it shows in, and what it is.

    Of a `newer` one nothing is known to be wrong; it cannot be read here. `against` is the other
    one where two contradict each other, `before` the link to an earlier one that does not hold.
    """

    name: Name
    path: str
    message: str
    newer: bool = False
    against: Name | None = None
    before: Previous | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """The snapshots in the order in which they were published, and what does not fit."""

    links: tuple[Link, ...]
    faults: tuple[Fault, ...]

    @property
    def newest(self) -> Previous | None:
        """What the next manifest is to hold on to."""
        last = self.links[-1] if self.links else None
        return Previous(last.manifest.name, last.sha256) if last else None

    def named(self, name: Name) -> Link | None:
        """The link of one snapshot."""
        return next((link for link in self.links if link.manifest.name == name), None)


def read_chain(sources: Sources) -> Chain:
    """Every snapshot among `sources`, oldest first; parts and links are checked."""
    links: dict[Name, Link] = {}
    faults: list[Fault] = []
    hashes: dict[Name, str] = {}
    for name, path, raw in manifests_in(sources):
        hashes[name] = digest(raw)
        try:
            manifest = read_manifest(raw)
        except SnapshotError as error:
            faults.append(Fault(name, path, str(error), isinstance(error, NewerError)))
            continue
        if manifest.name != name:
            faults.append(Fault(name, path, f"it calls itself `{manifest.name}`"))
            continue
        links[name] = Link(manifest, hashes[name])
        faults += (Fault(name, *fault) for fault in faults_of(manifest, sources))
    faults += _headless(sources)
    faults += _broken(links, hashes)
    return Chain(tuple(_in_order(links)), tuple(faults))


def doubted(sources: Sources) -> Mapping[Name, Fault]:
    """The snapshots of which two contradict each other: which of them is right is not known here.

    One that is missing contradicts nothing: who reads a part of them has a part of the chain.
    """
    links: dict[Name, Link] = {}
    hashes: dict[Name, str] = {}
    for name, _, raw in manifests_in(sources):
        hashes[name] = digest(raw)
        with suppress(SnapshotError):
            manifest = read_manifest(raw)
            if manifest.name == name:
                links[name] = Link(manifest, hashes[name])
    faults = [(fault, fault.against) for fault in _broken(links, hashes) if fault.against]
    found = {fault.name: fault for fault, _ in reversed(faults)}
    for fault, other in faults:
        words = f"`{fault.name}` speaks against it: {fault.message}"
        path = other.file(MANIFEST)
        found.setdefault(other, replace(fault, name=other, path=path, message=words))
    return found


def _headless(sources: Sources) -> Iterator[Fault]:
    """Snapshots of which something is there, but no manifest."""
    found = {name for path in sources if is_part(path) and (name := name_at(path))}
    for name in sorted(found, key=str):
        if (path := name.file(MANIFEST)) not in sources:
            yield Fault(name, path, "it is missing")


def _in_order(links: Mapping[Name, Link]) -> list[Link]:
    """Each after the one that it names; what hangs on nothing begins a line of its own."""
    after: dict[Name | None, list[Link]] = {}
    for link in sorted(links.values(), key=_day_and_name):
        before = link.manifest.previous
        known = before.name if before and before.name in links else None
        after.setdefault(known, []).append(link)
    found: list[Link] = []
    todo = list(reversed(after.get(None, [])))
    while todo:
        link = todo.pop()
        found.append(link)
        todo += reversed(after.get(link.manifest.name, []))
    return found


def _day_and_name(link: Link) -> tuple[date, str]:
    return link.manifest.as_of, str(link.manifest.name)


def _broken(links: Mapping[Name, Link], hashes: Mapping[Name, str]) -> Iterator[Fault]:
    """Links that lead nowhere, to another text than was published, or two to one.

    Of two that lead to one, each is told: nothing here tells which of them was there first.
    """
    after: dict[Name | None, list[Name]] = {}
    for name, link in sorted(links.items(), key=lambda item: str(item[0])):
        before, path = link.manifest.previous, name.file(MANIFEST)
        key = before.name if before else None
        if before and before.name not in hashes:
            words = f"the snapshot before it, `{before.name}`, is missing"
            yield Fault(name, path, words, before=before)
        elif before and hashes[before.name] != before.sha256:
            words = f"the manifest of `{before.name}` was changed since: its SHA-256 is"
            words += f" {hashes[before.name]}, and was {before.sha256}"
            yield Fault(name, path, words, against=before.name, before=before)
        after.setdefault(key, []).append(name)
    for key, names in after.items():
        where = f"follow `{key}`" if key else "begin the chain"
        for name in names if len(names) > 1 else ():
            other = next(one for one in names if one != name)
            words = f"both it and `{other}` {where}: one of them was put in"
            yield Fault(name, name.file(MANIFEST), words, against=other)
    yield from _circles(links)


def _circles(links: Mapping[Name, Link]) -> Iterator[Fault]:
    reached = {link.manifest.name for link in _in_order(links)}
    for name in sorted(links.keys() - reached, key=str):
        yield Fault(name, name.file(MANIFEST), "the chain runs in a circle here", against=name)
