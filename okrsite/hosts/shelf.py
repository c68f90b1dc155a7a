"""The snapshots in the folder of content, beside what git remembers of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from okrsite.okr.git import GitError, Repository
from okrsite.okr.objects import object_name
from okrsite.okr.past.published import NOTHING, Came, Deed, Memory, last_touched, path_of
from okrsite.okr.snapshot.chain import Chain, read_chain
from okrsite.okr.snapshot.manifest import CRLF
from okrsite.okr.snapshot.names import FILES, Name, is_part, name_at
from okrsite.okr.snapshot.verdict import Reason
from okrsite.okr.sources import Sources
from okrsite.okr.worktree import is_changed


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

    def path(self, name: Name, part: str) -> str:
        """A file of a snapshot, from the top of the repository."""
        return path_of(self.folder, name, part)


def doubts(shelf: Shelf, name: Name) -> tuple[Reason, ...]:
    """What speaks against a snapshot without looking at what it was made from."""
    if name not in shelf.here:
        return (_gone(shelf, name),)
    faults = tuple(_faults(shelf, name))
    ends = _line_ends(shelf, name, {fault.path for fault in faults})
    return (*faults, *ends, *_strangers(shelf, name), *_altered(shelf, name))


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


def toucher(shelf: Shelf, path: str) -> str:
    """Who changed a file last, in words; nothing where git does not tell."""
    if shelf.repo is None or not shelf.head:
        return ""
    try:
        deed = last_touched(shelf.repo, shelf.head, path)
        return str(deed) if deed and not is_changed(shelf.repo, path) else str(Deed())
    except GitError:
        return ""


def _gone(shelf: Shelf, name: Name) -> Reason:
    came, left = shelf.memory.known[name], shelf.memory.gone.get(name, Deed())
    words = f"it was published ({came}), and is gone"
    return Reason(shelf.path(name, ""), words, who=str(left))


def _faults(shelf: Shelf, name: Name) -> Iterator[Reason]:
    for fault in shelf.chain.faults:
        if fault.name == name:
            path = shelf.path(name, fault.path.rpartition("/")[2])
            who = "" if CRLF in fault.message else toucher(shelf, path)  # nobody did it
            yield Reason(path, fault.message, who=who, lacking=fault.newer)


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
            found.setdefault((str(came.by), str(came.changed or Deed())), []).append(part)
    for (by, who), parts in found.items():
        more = f", and neither is {' nor '.join(parts[1:])}" if parts[1:] else ""
        words = f"it is not as it was published ({by}){more}"
        yield Reason(shelf.path(name, parts[0]), words, who=who)


def _has_other_ends(shelf: Shelf, name: Name, part: str, came: Came) -> bool:
    raw = shelf.sources[name.file(part)].replace(b"\r\n", b"\n")
    return object_name("blob", raw, len(came.blob)) == came.blob


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
