"""Proving snapshots: hashes, chain, history, and every file derived again from its commit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from okrsite.edit.files import EditError
from okrsite.edit.snapshots import read_snapshots
from okrsite.hosts.grounds import MADE_BY, Home, Spot, ground_at
from okrsite.hosts.project import ProjectError, read_project
from okrsite.hosts.shelf import Shelf, author_of, doubts, otherwise, remembered
from okrsite.okr.git import GitError, Repository, commit_of, find_repository, is_shallow
from okrsite.okr.objects import Damage, Hasher
from okrsite.okr.past.history import History
from okrsite.okr.past.lines import line_changed
from okrsite.okr.revisions import blob_at, inside
from okrsite.okr.snapshot.chain import Chain, Link
from okrsite.okr.snapshot.comparing import Difference, difference
from okrsite.okr.snapshot.deriving import Earlier, Ground, derivation_of, read_at
from okrsite.okr.snapshot.manifest import Manifest, dump_manifest, read_manifest
from okrsite.okr.snapshot.names import (
    CHANGES,
    FILES,
    MANIFEST,
    PARTS,
    RECORD,
    SOURCES,
    Name,
    NewerError,
    SnapshotError,
)
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.verdict import Reason, Verdict


class LackingError(Exception):
    """What a snapshot was made from is not here."""


@dataclass(frozen=True)
class Bench:
    """What there is to prove snapshots with; `lacking` says why none can be derived here.

    `line` are the commits that the one here comes from, and `damages` what of the history is not
    as it was: then nothing that git tells counts. The last commit that was read is kept.
    """

    shelf: Shelf
    home: str = ""
    lacking: str = ""
    hasher: Hasher | None = None
    line: frozenset[str] = frozenset()
    damages: tuple[Reason, ...] = ()
    grounds: dict[tuple[str, str, str | None], Ground] = field(default_factory=dict)

    @property
    def unknown(self) -> tuple[Reason, ...]:
        """Why nobody can tell here whether there were other snapshots than there are."""
        if not self.lacking:
            return self.damages
        return (Reason(self.shelf.folder or ".", self.lacking, lacking=True),)

    @cached_property
    def repo(self) -> Repository:
        assert self.shelf.repo is not None
        return self.shelf.repo

    @cached_property
    def project(self) -> Home:
        """Where the project is now."""
        return Home(self.repo, self.shelf.head, self.home, self.shelf.folder)

    def sound(self, name: Name) -> Record:
        """The record of an earlier snapshot, for one that was compared with it.

        Raises:
            LackingError: it is not what it was, so nothing can be compared with it.
        """
        path, faults = name.file(RECORD), self.shelf.chain.faults
        if otherwise(self.shelf, name, RECORD) or any(fault.path == path for fault in faults):
            raise LackingError(f"`{name}`, with which it was compared, is not as it was")
        return read_at(self.shelf.sources, name)


def bench_in(home: Path, content: Path | None) -> Bench:
    """What is there to prove the snapshots of a project with.

    Raises:
        SnapshotError: the project or its snapshots cannot be read at all.
    """
    try:
        docs = read_project(home, content).content
        bare = Shelf(read_snapshots(docs), docs.as_posix())
    except (ProjectError, EditError) as error:
        raise SnapshotError(str(error)) from error
    try:
        found = find_repository(docs)
        if found is None:
            return Bench(bare, lacking="there is no git repository here")
        repo = replace(found, offline=True)
        shelf, here = replace(bare, repo=repo, folder=inside(repo, docs)), inside(repo, home)
        if is_shallow(repo):
            words = "this clone is shallow; `git fetch --unshallow` brings the whole history"
            return Bench(shelf, here, words)
        return bench_on(remembered(bare, repo, docs), here)
    except GitError as error:
        return Bench(bare, lacking=str(error))


def bench_on(shelf: Shelf, home: str, known: Ground | None = None) -> Bench:
    """What is there to prove a shelf with a history, all of it hashed: nothing is taken for it.

    What is `known` of a commit is not read again.

    Raises:
        GitError: the history cannot be read.
    """
    assert shelf.repo is not None
    hasher = Hasher(shelf.repo)
    line, damages = hasher.line(shelf.head)
    damages += hasher.damages(line, shelf.memory.folders, texts=False)
    told = tuple(_damaged(damage, shelf.head) for damage in damages)
    at = known.origin if known else None
    grounds = {(at.commit, at.content, at.configuration): known} if at and known else {}
    return Bench(shelf, home, "", hasher, frozenset(line), told, grounds)


def _damaged(damage: Damage, commit: str) -> Reason:
    where = f"{damage.path} in the history of {commit[:7]}"
    return Reason(damage.path, f"{where}: {damage.message}", lacking=damage.missing)


def verdict_of(bench: Bench, name: Name) -> Verdict:
    """What can be said of a snapshot."""
    shelf = bench.shelf
    link = shelf.chain.named(name)
    manifest = link.manifest if link else None
    found = [*doubts(shelf, name), *bench.damages]
    if name in shelf.here and not bench.damages:
        found += _derived(bench, name, manifest)
    sums = shelf.sources.get(name.file(SOURCES), b"")
    return Verdict(name, manifest.commit if manifest else "", sums.count(b"\n"), tuple(found))


# --- derived again ----------------------------------------------------------------------------


def _derived(bench: Bench, name: Name, manifest: Manifest | None) -> Iterator[Reason]:
    """What differs from the files as they are derived from the commit once more."""
    path = bench.shelf.path(name, RECORD)
    if bench.lacking:
        yield Reason(path, f"it was not derived again: {bench.lacking}", lacking=True)
        return
    try:
        record: Record | None = read_at(bench.shelf.sources, name)
    except NewerError as error:
        yield Reason(path, str(error), lacking=True)
        return
    except SnapshotError as error:
        record = None
        yield Reason(path, str(error), who=author_of(bench.shelf, name, RECORD))
    try:
        yield from _against_commit(bench, name, record, manifest)
    except (LackingError, GitError) as error:
        yield Reason(path, f"it was not derived again: {error}", lacking=True)
    except SnapshotError as error:
        yield Reason(path, f"it cannot be derived from its commit: {error}")


def _against_commit(
    bench: Bench, name: Name, record: Record | None, manifest: Manifest | None
) -> Iterator[Reason]:
    spot = _spot(bench, record, manifest)
    assert bench.hasher is not None
    wanted = {spot.content, *spot.said.texts, *bench.project.paths}
    damages = bench.hasher.damages((spot.commit,), wanted)
    for damage in damages:
        where = f"{damage.path} at commit {spot.commit[:7]}"
        yield Reason(damage.path, f"{where}: {damage.message}", lacking=damage.missing)
    if damages:
        return
    made_by = record.made_by if record else MADE_BY
    ground = _ground(bench, spot)
    ground = replace(ground, origin=replace(ground.origin, made_by=made_by))
    ground = replace(ground, history=partial(_known, ground.history))
    derived = derivation_of(bench.shelf.sources.get(name.file(RECORD), b""))
    earlier = _earlier(bench, manifest)
    files = dict(derived(ground, name, earlier))
    told = [part for part in PARTS if manifest or part != CHANGES]  # it says what they are since
    differing = [part for part in told if files[part] != bench.shelf.sources.get(name.file(part))]
    if differing and manifest:  # or the manifest would only say the same once more
        files[MANIFEST] = dump_manifest(
            replace(read_manifest(files[MANIFEST]), parts=manifest.parts)
        )
    for part in (*sorted(differing, key=FILES.index), MANIFEST):
        recorded = bench.shelf.sources.get(name.file(part))
        found = difference(part, recorded, files[part]) if recorded is not None else None
        if found and part == CHANGES and _has_gap(earlier):
            words = "it was not derived again: not all that was published before it is here"
            yield Reason(bench.shelf.path(name, part), words, lacking=True)
        elif found and (part != MANIFEST or manifest):
            yield _reason(bench, name, part, found, made_by)


def _ground(bench: Bench, spot: Spot) -> Ground:
    key = spot.commit, spot.content, spot.said.path
    if key not in bench.grounds:
        bench.grounds.clear()
        bench.grounds[key] = ground_at(spot)
    return bench.grounds[key]


def _spot(bench: Bench, record: Record | None, manifest: Manifest | None) -> Spot:
    """Where the project was at the commit of which the snapshot says that it was made from it."""
    repo = bench.repo
    commits = [one.commit for one in (record, manifest) if one]
    commit = next((one for one in commits if _is_here(repo, one)), None)
    if commit is None:
        raise LackingError(_not_here(commits[0]) if commits else "its commit is not known")
    if commit not in bench.line:
        words = f"its commit {commit[:7]} is no part of the history of {bench.shelf.head[:7]}"
        words += f", so it may hold goals that never were. {_LOST} `git merge -s ours"
        raise LackingError(f"{words} {commit[:7]}` takes it in again")
    return bench.project.at(commit)


def _not_here(commit: str) -> str:
    return (
        f"its commit {commit[:12]} is not here; `git fetch` may bring it, or `git fetch origin"
        f" pull/NUMBER/head` (on GitLab `merge-requests/NUMBER/head`). {_LOST} `git merge -s ours"
        f" {commit[:12]}` takes it in again"
    )


_LOST = "Where a squash or a rebase lost it and it says what was agreed on,"


def _known(history: Callable[[date], History], day: date) -> History:
    """What was done to the goals before: a text that is not here says nothing against a record."""
    found = history(day)
    if not found.known:
        raise LackingError(f"what was done to the goals before is not known: {found.why}")
    return found


def _is_here(repo: Repository, commit: str) -> bool:
    try:
        return commit_of(repo, commit) == commit
    except GitError:
        return False


def _earlier(bench: Bench, manifest: Manifest | None) -> Earlier:
    """What stood before it, as its manifest has it: whether that is right, the chain tells."""
    links: list[Link] = []
    previous = manifest.previous if manifest else None
    before = previous
    while before and (link := bench.shelf.chain.named(before.name)) and link not in links:
        links.insert(0, link)
        before = link.manifest.previous
    return Earlier(Chain(tuple(links), ()), previous, bench.sound)


def _has_gap(earlier: Earlier) -> bool:
    """Whether the chain before a snapshot does not go back to the first one."""
    links = earlier.chain.links
    return (links[0].manifest.previous if links else earlier.previous) is not None


def _reason(bench: Bench, name: Name, part: str, found: Difference, made_by: str) -> Reason:
    words = "it is not what its commit gives"
    if made_by != MADE_BY:
        words += f" (made by {made_by}, derived by {MADE_BY}, which may count otherwise)"
    who = _writer(bench.shelf, name, part, found.line)
    path = bench.shelf.path(name, part)
    return Reason(path, words, found.field, found.recorded, found.derived, found.line, who)


def _writer(shelf: Shelf, name: Name, part: str, line: int) -> str:
    """Who wrote a line of a file as it is here, in words."""
    assert shelf.repo is not None
    texts, raw = shelf.memory.texts.get((name, part), {}), shelf.sources[name.file(part)]
    try:
        blob = blob_at(shelf.repo, shelf.head, shelf.path(name, part)) or ""
        return str(line_changed(shelf.repo, texts, blob, raw, line))
    except GitError:
        return ""
