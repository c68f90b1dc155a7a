"""The snapshots in the folder of content, beside what git remembers of them."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from okrsite.edit.snapshots import read_snapshots
from okrsite.okr.finding import Severity
from okrsite.okr.git import GitError, Repository, commit_of, find_repository, read_blobs
from okrsite.okr.model import Period
from okrsite.okr.objects import object_name
from okrsite.okr.past.published import (
    NOTHING,
    Came,
    Deed,
    Lost,
    Memory,
    last_touched,
    lost,
    memory_of,
    path_of,
)
from okrsite.okr.pipeline import Parsed
from okrsite.okr.revisions import inside, is_there
from okrsite.okr.snapshot.chain import Chain, read_chain
from okrsite.okr.snapshot.due import due, waiting
from okrsite.okr.snapshot.manifest import CRLF, Previous, digest
from okrsite.okr.snapshot.names import FILES, MANIFEST, Kind, Name, is_part, name_at
from okrsite.okr.snapshot.verdict import Reason
from okrsite.okr.sources import Sources


@dataclass(frozen=True)
class Shelf:
    """All that lies there. `folder` is that of the content, from the top of the repository.

    Without a `repo` only hashes and chain can be checked, without a `head` no history.
    """

    sources: Sources
    folder: str = ""
    repo: Repository | None = None
    head: str = ""
    memory: Memory = NOTHING

    @cached_property
    def chain(self) -> Chain:
        """The snapshots in the order in which they were published."""
        return read_chain(self.sources)

    @cached_property
    def here(self) -> frozenset[Name]:
        """The snapshots of which at least one file is there."""
        names = (name_at(path) for path in self.sources if is_part(path))
        return frozenset(name for name in names if name)

    @property
    def names(self) -> tuple[Name, ...]:
        """All that are there or were once, in the order of the chain, those that are gone last."""
        linked = [link.manifest.name for link in self.chain.links]
        rest = sorted((self.here | self.memory.known.keys()) - set(linked), key=str)
        return (*linked, *rest)

    @property
    def gone(self) -> tuple[Name, ...]:
        """Those that were there once and are not, as far as git tells."""
        return tuple(name for name in self.names if name not in self.here)

    def lost(self, name: Name) -> Lost | None:
        """Where one that is gone was last."""
        if self.repo is None:
            return None
        try:
            path = self.path(name, "").rstrip("/")
            return lost(self.repo, self.head, self.memory, path, name)
        except GitError:
            return None

    def rivalled(self, name: Name) -> tuple[str, Came] | None:
        """The first file of a snapshot that was published twice, as different texts, and merged."""
        found = ((part, self.memory.came.get((name, part))) for part in FILES)
        return next(((part, came) for part, came in found if came and came.rival), None)

    def path(self, name: Name, part: str) -> str:
        """A file of a snapshot, from the top of the repository."""
        return path_of(self.folder, name, part)


def shelf_here(content: Path) -> Shelf:
    """What lies in a folder of content, and what git tells of it here: nothing is fetched.

    Raises:
        EditError: a file cannot be read.
    """
    bare = Shelf(read_snapshots(content), content.as_posix())
    with suppress(GitError):
        if repo := find_repository(content):
            return remembered(bare, replace(repo, offline=True), content)
    return bare


def remembered(bare: Shelf, repo: Repository, content: Path) -> Shelf:
    """The same with what git remembers of the folder.

    Raises:
        GitError: nothing is committed, or the history cannot be read.
    """
    folder, head = inside(repo, content), commit_of(repo, "HEAD")
    return Shelf(bare.sources, folder, repo, head, memory_of(repo, head, (folder,)))


def owed(shelf: Shelf, parsed: Parsed, today: date) -> tuple[Name, ...]:
    """The records that are due and were never there, the oldest first."""
    return due(_periods(parsed), shelf.names, today)


def waiting_here(shelf: Shelf, parsed: Parsed, today: date) -> Mapping[Name, str]:
    """The records of closed periods that are neither there nor due, and what each waits for."""
    unread = "its file has an error, which `okrsite check` names"
    told = waiting(_periods(parsed), (*shelf.names, *owed(shelf, parsed, today)), today)
    return {
        Name(period.id, Kind.CLOSED): unread if _is_unread(parsed, period) else words
        for period, words in told
    }


def _periods(parsed: Parsed) -> Iterator[Period]:
    return (noun for noun in parsed.nouns.values() if isinstance(noun, Period))


def _is_unread(parsed: Parsed, period: Period) -> bool:
    return any(one.severity is Severity.ERROR for one in parsed.findings.get(period.path, ()))


def doubts(shelf: Shelf, name: Name) -> tuple[Reason, ...]:
    """What speaks against a snapshot without looking at what it was made from."""
    if name not in shelf.here:
        return (_gone(shelf, name),)
    faults = tuple(_faults(shelf, name))
    ends = _line_ends(shelf, name, {fault.path for fault in faults})
    others = (*_strangers(shelf, name), *_altered(shelf, name), *_rivals(shelf, name))
    return (*faults, *ends, *others)


def strays(shelf: Shelf, which: str | None = None) -> tuple[Reason, ...]:
    """What lies beside the snapshots, is none, and could be taken for one; of a period if named."""
    found = []
    for path in shelf.sources:
        below = path.split("/")[1:]
        own = is_part(path) and name_at(path)
        if own or any(path.startswith(f"{name.folder}/") for name in shelf.here):
            continue
        if which is None or below[:1] in ([which], [which.partition("/")[0]]):
            whole = f"{shelf.folder}/{path}" if shelf.folder else path
            words = "it is no snapshot, nor a part of one; a link is not followed"
            found.append(Reason(whole, words, who=toucher(shelf, whole)))
    return tuple(found)


def author_of(shelf: Shelf, name: Name, part: str) -> str:
    """Who made a file of a snapshot what it is now, in words; nothing where git does not tell.

    No command of git is asked how the file stands: it may be told not to look.
    """
    if shelf.repo is None or not shelf.head:
        return ""
    raw = shelf.sources.get(name.file(part))
    if raw is None:
        return toucher(shelf, shelf.path(name, part), there=False)
    texts = shelf.memory.texts.get((name, part), {})
    written = (object_name("blob", each, len(shelf.head)) for each in (raw, _with_lf(raw)))
    return str(next((texts[blob].by for blob in written if blob in texts), Deed()))


def toucher(shelf: Shelf, path: str, *, there: bool = True) -> str:
    """Who brought what lies at a path, or took it from there, in words; nothing if git is silent.

    Raises nothing: a repository that cannot be read names nobody.
    """
    if shelf.repo is None or not shelf.head:
        return ""
    try:
        deed = last_touched(shelf.repo, shelf.head, path)
        return str(deed if deed and is_there(shelf.repo, shelf.head, path) is there else Deed())
    except GitError:
        return ""


def _gone(shelf: Shelf, name: Name) -> Reason:
    words, left = f"it was published ({shelf.memory.known[name]}), and is gone", shelf.lost(name)
    if left:
        words += f"; it was last in {left.path} at commit {left.commit[:7]}, and {left.way_back}"
    return Reason(shelf.path(name, ""), words, who=str(left.by) if left and left.by else "")


def _faults(shelf: Shelf, name: Name) -> Iterator[Reason]:
    for fault in shelf.chain.faults:
        if fault.name == name:
            part = fault.path.rpartition("/")[2]
            who = "" if CRLF in fault.message else author_of(shelf, name, part)  # nobody did it
            told = Reason(shelf.path(name, part), fault.message, who=who, lacking=fault.newer)
            yield _before(shelf, name, fault.before) or told if fault.before else told


def _before(shelf: Shelf, name: Name, before: Previous) -> Reason | None:
    """What was done to the snapshot before this one, where git has seen it as it should be.

    Nothing speaks against the follower then: only its place in the chain cannot be proved.
    """
    if before.name in shelf.memory.known and before.name not in shelf.here:
        left = _gone(shelf, before.name)
        return replace(left, message=f"`{name}` follows it: {left.message}", lacking=True)
    path, who = shelf.path(before.name, MANIFEST), author_of(shelf, before.name, MANIFEST)
    if before.name in shelf.memory.known and before.name.file(MANIFEST) not in shelf.sources:
        return Reason(path, f"`{name}` follows it, and it is missing", who=who, lacking=True)
    if not otherwise(shelf, before.name, MANIFEST) or not _was_once(shelf, before):
        return None
    words = f"`{name}` follows it, and it was changed since: its SHA-256 was {before.sha256}"
    return Reason(path, words, who=who, lacking=True)


def _was_once(shelf: Shelf, before: Previous) -> bool:
    """Whether git has seen the manifest that a link holds on to."""
    assert shelf.repo is not None
    texts = shelf.memory.texts.get((before.name, MANIFEST), {})
    with suppress(GitError):
        return before.sha256 in map(digest, read_blobs(shelf.repo, texts).values())
    return False


def _strangers(shelf: Shelf, name: Name) -> Iterator[Reason]:
    """Files that lie in the folder of a snapshot, as if they were a part of it."""
    start = f"{name.folder}/"
    for path in shelf.sources:
        if path.startswith(start) and path.removeprefix(start) not in FILES:
            whole = shelf.path(name, path.removeprefix(start))
            yield Reason(whole, "it is no part of the snapshot", who=toucher(shelf, whole))


def _altered(shelf: Shelf, name: Name) -> Iterator[Reason]:
    """Files that are other ones than git has first seen published."""
    found: dict[tuple[str, str], list[str]] = {}
    for part in FILES:
        came = otherwise(shelf, name, part)
        if came and not _has_other_ends(shelf, name, part, came):
            who = author_of(shelf, name, part)
            found.setdefault((str(came.by), who), []).append(part)
    for (by, who), parts in found.items():
        more = f", and neither is {' nor '.join(parts[1:])}" if parts[1:] else ""
        words = f"it is not as it was published ({by}){more}"
        yield Reason(shelf.path(name, parts[0]), words, who=who)


def _rivals(shelf: Shelf, name: Name) -> Iterator[Reason]:
    """Another text of the same snapshot, which was published apart from this one, and merged."""
    if found := shelf.rivalled(name):
        part, came = found
        words = f"it was published twice, as different texts ({came.by}; and {came.rival})"
        way = "nothing tells which one counts, so take the merge of the two back"
        yield Reason(shelf.path(name, part), f"{words}: {way}")


def _has_other_ends(shelf: Shelf, name: Name, part: str, came: Came) -> bool:
    raw = _with_lf(shelf.sources[name.file(part)])
    return object_name("blob", raw, len(came.blob)) == came.blob


def _with_lf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n")


def _line_ends(shelf: Shelf, name: Name, known: Collection[str]) -> Iterator[Reason]:
    """Files with other line ends than okrsite writes, where no hash has told already."""
    for part in FILES:
        path = shelf.path(name, part)
        if b"\r\n" in shelf.sources.get(name.file(part), b"") and path not in known:
            yield Reason(path, CRLF)


def otherwise(shelf: Shelf, name: Name, part: str) -> Came | None:
    """As what a file was published, where that is another text than it has now."""
    came, raw = shelf.memory.came.get((name, part)), shelf.sources.get(name.file(part))
    if came is None or raw is None:
        return None
    return None if object_name("blob", raw, len(came.blob)) == came.blob else came
