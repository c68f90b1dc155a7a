"""Objects of git, hashed by ourselves: git takes a stored text for what its name says, unchecked.

A commit's name is a hash of its tree's name, and so on down to each file's text: whoever hashes
them all knows that the texts are those of the commit.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha1, sha256

from okrsite.okr.git import GitError, Repository, each_blob, git

_TREE_MODE = b"40000"


@dataclass(frozen=True, slots=True)
class Damage:
    """An object of a commit that is not what its name says, by its path from the top.

    It is only `missing` where it is not here at all.
    """

    path: str
    message: str
    missing: bool = False


@dataclass(frozen=True)
class Hasher:
    """Hashes each object of a repository once. `proved` has the names that were found right."""

    repo: Repository
    proved: dict[str, bytes] = field(default_factory=dict)

    def damages(
        self, commits: Iterable[str], wanted: Iterable[str], *, texts: bool = True
    ) -> tuple[Damage, ...]:
        """What of the `wanted` folders and files of some commits is not as their names say.

        Without the `texts` of the files only their names are proved.
        """
        return tuple(self._damages(tuple(commits), frozenset(wanted), texts))

    def line(self, head: str) -> tuple[tuple[str, ...], tuple[Damage, ...]]:
        """Every commit that `head` comes from, as the commits themselves tell, and which do not.

        Raises:
            GitError: git cannot list them.
        """
        listed = git(self.repo, "rev-list", head).decode().split()
        found = list(self._prove("commit", {name: f"commit {name}" for name in listed}))
        seen, todo = {head: None}, [head]
        while todo:
            new = [one for one in self._parents(todo.pop()) if one not in seen]
            found += self._prove("commit", {name: f"commit {name}" for name in new})
            seen |= dict.fromkeys(new)
            todo += new
        return tuple(seen), tuple(dict.fromkeys(found))

    def _parents(self, commit: str) -> Iterator[str]:
        head = self.proved.get(commit, b"").partition(b"\n\n")[0]
        for row in head.split(b"\n"):
            if row.startswith(b"parent "):
                yield row.removeprefix(b"parent ").decode()

    def _damages(
        self, commits: tuple[str, ...], wanted: frozenset[str], texts: bool
    ) -> Iterator[Damage]:
        yield from self._prove("commit", {commit: f"commit {commit}" for commit in commits})
        known = [self.proved[commit] for commit in commits if commit in self.proved]
        level = {raw.split(b"\n", 1)[0].removeprefix(b"tree ").decode(): "" for raw in known}
        while level:
            yield from self._prove("tree", {name: path or "/" for name, path in level.items()})
            below: dict[str, str] = {}
            blobs: dict[str, str] = {}
            for name, path in level.items():
                for is_tree, own, part in _entries(self.proved.get(name, b""), len(name) // 2):
                    whole = f"{path}/{part}" if path else part
                    if _is_wanted(whole, wanted, is_tree):
                        (below if is_tree else blobs)[own] = whole
            yield from self._prove("blob", blobs if texts else {})
            level = below

    def _prove(self, kind: str, names: Mapping[str, str]) -> Iterator[Damage]:
        new = {name: path for name, path in names.items() if name not in self.proved}
        for name, raw in self._read(new):
            if isinstance(raw, GitError):
                yield self._unreadable(name, new[name])
            elif object_name(kind, raw, len(name)) != name:
                words = f"git has another text than its name says (object {name})"
                yield Damage(new[name], words)
            else:
                self.proved[name] = b"" if kind == "blob" else raw

    def _unreadable(self, name: str, path: str) -> Damage:
        """Whether it is not here, or here and broken: reading many, git calls both missing."""
        try:
            git(self.repo, "cat-file", "-e", name)
        except GitError:
            words = f"object {name} is not here; fetch the whole history"
            return Damage(path, words, missing=True)
        return Damage(path, f"git cannot read object {name}")

    def _read(self, names: Mapping[str, str]) -> Iterator[tuple[str, bytes | GitError]]:
        given: set[str] = set()
        try:
            for name, raw in each_blob(self.repo, names):
                given.add(name)
                yield name, raw
        except GitError:
            for name in (
                one for one in names if one not in given
            ):  # one of them cannot be read: which?
                try:
                    yield from each_blob(self.repo, (name,))
                except GitError as error:
                    yield name, error


def _is_wanted(path: str, wanted: frozenset[str], is_tree: bool) -> bool:
    """Whether it lies in, is, or leads to one of the wanted."""
    inside = any(not one or path == one or path.startswith(f"{one}/") for one in wanted)
    return inside or (is_tree and any(one.startswith(f"{path}/") for one in wanted))


def _entries(raw: bytes, size: int) -> Iterator[tuple[bool, str, str]]:
    """Of a tree: whether it is a tree itself, the name of the object, the name of the file."""
    at = 0
    while at < len(raw):
        end = raw.index(b"\0", at)
        mode, _, part = raw[at:end].partition(b" ")
        name = raw[end + 1 : end + 1 + size].hex()
        if mode != b"160000":
            yield mode == _TREE_MODE, name, part.decode("utf-8", "surrogateescape")
        at = end + 1 + size


def object_name(kind: str, raw: bytes, length: int) -> str:
    """The name that git gives an object, in the kind of hash whose names have this length."""
    stored = b"%s %d\0%b" % (kind.encode(), len(raw), raw)
    digest = sha1(stored, usedforsecurity=False) if length == 40 else sha256(stored)
    return digest.hexdigest()
