"""Commits → what each definition was in each of them, and which changes reached the main line.

The main line is the commit asked for, its first parent, and so on: what was published.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from okrsite.okr.past.commits import Commit

Key = tuple[str, str]  # kind and id
State = str  # the blob of its last readable version; "" where there is no file


@dataclass(frozen=True, slots=True)
class Step:
    """A definition that a commit has otherwise than its first parent."""

    key: Key
    path: str
    was: State
    now: State


@dataclass(frozen=True, slots=True)
class Arrival:
    """A commit of the main line, and those that came in with it; parents before children."""

    commit: Commit
    brought: tuple[Commit, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """`steps` by commit; `states` of what somebody asked for, by commit and definition."""

    arrivals: tuple[Arrival, ...]
    steps: Mapping[str, tuple[Step, ...]]
    states: Mapping[tuple[str, Key], State]


def lineage(
    commits: Sequence[Commit], key_of: Callable[[str], Key | None], readable: Collection[str]
) -> Lineage:
    """Walk `commits` once; a version that is not `readable` counts as the one before it."""
    arrivals = tuple(_arrivals(commits))
    asked = _asked(arrivals, key_of)
    steps: dict[str, tuple[Step, ...]] = {}
    states: dict[tuple[str, Key], State] = {}
    folder = _Folder(key_of, readable)
    for commit, entering in _by_first_parent(commits):
        if entering:
            steps[commit.name] = folder.enter(commit)
            states |= {(commit.name, key): folder.state(key) for key in asked[commit.name]}
        else:
            folder.leave(commit.name)
    return Lineage(arrivals, steps, states)


def _arrivals(commits: Sequence[Commit]) -> Iterator[Arrival]:
    """The main line, oldest first."""
    by_name = {commit.name: commit for commit in commits}
    order = {commit.name: place for place, commit in enumerate(commits)}
    line = [commits[-1]] if commits else []
    while line and line[-1].parents and line[-1].parents[0] in by_name:
        line.append(by_name[line[-1].parents[0]])
    seen = {commit.name for commit in line}
    for commit in reversed(line):
        brought, todo = [], list(commit.parents[1:])
        while todo:
            name = todo.pop()
            if name in by_name and name not in seen:
                seen.add(name)
                brought.append(by_name[name])
                todo += by_name[name].parents
        yield Arrival(commit, tuple(sorted(brought, key=lambda each: order[each.name])))


def _asked(
    arrivals: Iterable[Arrival], key_of: Callable[[str], Key | None]
) -> defaultdict[str, set[Key]]:
    """Which states decide what a merge took from which side."""
    asked: defaultdict[str, set[Key]] = defaultdict(set)
    for arrival in arrivals:
        if not arrival.brought:
            continue
        group = (*arrival.brought, arrival.commit)
        keys = {key for each in group for t in each.touched if (key := key_of(t.path))}
        for merge in group:
            if len(merge.parents) > 1:
                for name in (merge.name, *merge.parents):
                    asked[name] |= keys
    return asked


def _by_first_parent(commits: Sequence[Commit]) -> Iterator[tuple[Commit, bool]]:
    """Every commit when it is entered, and again when all that grew from it has been walked."""
    known = {commit.name for commit in commits}
    grown: dict[str, list[Commit]] = defaultdict(list)
    for commit in commits:
        first = commit.parents[0] if commit.parents else ""
        grown[first if first in known else ""].append(commit)
    todo = [(commit, True) for commit in reversed(grown[""])]
    while todo:
        commit, entering = todo.pop()
        yield commit, entering
        if entering:
            todo.append((commit, False))
            todo += ((each, True) for each in reversed(grown[commit.name]))


_Held = tuple[Mapping[str, str], State]


class _Folder:
    """The definitions as they lie in one commit; a commit left behind is undone."""

    def __init__(self, key_of: Callable[[str], Key | None], readable: Collection[str]) -> None:
        self._key_of, self._readable = key_of, readable
        self._held: dict[Key, _Held] = {}
        self._undo: dict[str, Mapping[Key, _Held]] = {}

    def state(self, key: Key) -> State:
        return self._held.get(key, ({}, ""))[1]

    def enter(self, commit: Commit) -> tuple[Step, ...]:
        """Do what `commit` did; gives the definitions it left otherwise."""
        before: dict[Key, _Held] = {}
        paths: dict[Key, dict[str, str]] = {}
        last: dict[Key, str] = {}
        for each in commit.touched:
            if key := self._key_of(each.path):
                before.setdefault(key, self._held.get(key, ({}, "")))
                files = paths.setdefault(key, dict(before[key][0]))
                files.pop(each.path, None)
                if each.now:
                    files[each.path] = each.now
                last[key] = each.path
        for key, files in paths.items():
            self._held[key] = (files, self._counts(files, before[key][1]))
        self._undo[commit.name] = before
        return tuple(
            Step(key, min(paths[key], default=last[key]), held[1], self.state(key))
            for key, held in before.items()
            if held[1] != self.state(key)
        )

    def _counts(self, files: Mapping[str, str], before: State) -> State:
        """Of two files of one name the first one counts, as when a folder is read."""
        if not files:
            return ""
        return next((files[p] for p in sorted(files) if files[p] in self._readable), before)

    def leave(self, name: str) -> None:
        """Undo a commit."""
        self._held |= self._undo.pop(name)
