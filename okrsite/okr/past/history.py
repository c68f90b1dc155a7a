"""git → who changed which field of what, when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath

from okrsite.okr.git import (
    GitError,
    Repository,
    commit_of,
    find_repository,
    is_shallow,
    read_blobs,
)
from okrsite.okr.past.attribution import FieldChange, field_changes
from okrsite.okr.past.commits import Commit, cut_off, read_commits, taken_out
from okrsite.okr.past.days import in_order
from okrsite.okr.past.lineage import Arrival, Key, Lineage, lineage
from okrsite.okr.past.versions import Version, frontmatter_of, read_version
from okrsite.okr.records import kind_of
from okrsite.okr.revisions import inside

# What goals are made of. Check-ins and amendments have dates of their own.
KINDS = ("objectives", "initiatives", "kpis", "periods")
AMENDMENTS = "amendments"
MOST_FOLDERS = 9  # how many names the whole content folder may have had


@dataclass(frozen=True, slots=True)
class Skipped:
    """A version that could not be read; the one before it counted on."""

    commit: str
    day: date
    path: str


@dataclass(frozen=True, slots=True)
class History:
    """Every change of a field, oldest first. Not `known`: there is no git, and `why` says so.

    `since` is the day on which the history begins where it was cut off (a shallow clone); None
    where it is whole. `written` has the day on which each amendment was first there.
    """

    changes: tuple[FieldChange, ...] = ()
    since: date | None = None
    known: bool = False
    why: str = ""
    skipped: tuple[Skipped, ...] = ()
    written: Mapping[str, date] = field(default_factory=dict)


NO_HISTORY = History()
OFF = History(why="the option `history` is off")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder in a repository at a commit; two equal ones have the same history on one day.

    Of what is named in `without`, by kind and stem, nobody wants to know.
    """

    repo: Repository
    commit: str
    folder: str
    ends: frozenset[str]
    as_of: date = date.max
    without: frozenset[Key] = frozenset()


def history_of(
    folder: Path, as_of: date = date.max, without: frozenset[Key] = frozenset()
) -> History:
    """The history of the definitions below `folder`, up to the commit that is checked out.

    On `as_of` a commit that claims a later day is not known yet, if no newer one tells otherwise.
    """
    place = place_of(folder, as_of, without)
    return place if isinstance(place, History) else history_at(place)


def place_of(
    folder: Path, as_of: date = date.max, without: frozenset[Key] = frozenset()
) -> Place | History:
    """Where `folder` stands in git; a History that is not known where it does not."""
    try:
        repo = find_repository(folder)
        if repo is None:
            return History(why="this folder is not in a git repository")
        ends = cut_off(repo) if is_shallow(repo) else frozenset()
        return Place(repo, commit_of(repo, "HEAD"), inside(repo, folder), ends, as_of, without)
    except GitError as error:
        return History(why=str(error))


def history_at(place: Place) -> History:
    """The history of the definitions at a place."""
    try:
        return _history(place)
    except GitError as error:
        return History(why=str(error))


def field_history(repo: Repository, commit: str, folder: str) -> tuple[FieldChange, ...]:
    """Every change of a field of the definitions below `folder`, oldest first.

    A thing is followed by its id, the file's stem, wherever its file lies. What was changed on a
    branch is told once, as that branch's commit made it, and only if it reached the main line.

    Raises:
        GitError: git does not know `commit`, or what it holds is not here.
    """
    ends = cut_off(repo) if is_shallow(repo) else frozenset()
    return _history(Place(repo, commit, folder, ends)).changes


def folders_of(place: Place) -> tuple[str, ...]:
    """Every name that a folder of content has had, the newest first, by its objectives alone.

    A period is called alike everywhere, so it does not tell one project from another.

    Raises:
        GitError: the history cannot be read.
    """
    return _commits(place, ("objectives",))[1]


def _history(place: Place) -> History:
    commits, folders = _commits(place)
    key_of = _keys(folders, place.without)
    versions = _versions(place.repo, commits, key_of)
    readable = {name for name, version in versions.items() if version}
    line = _dated(lineage(commits, key_of, readable), place.as_of)
    if not any(line.steps.values()):
        return History(why="no goal of this folder was committed to git yet")
    changes = tuple(field_changes(line, versions, place.ends))
    ends = [a.commit.day for a in line.arrivals if a.commit.name in place.ends]
    skipped = (
        Skipped(commit.name, commit.day, each.path)
        for commit in commits
        for each in commit.touched
        if each.now and key_of(each.path) and not versions[each.now]
    )
    written = _written(line.arrivals, folders)
    return History(changes, max(ends, default=None), True, "", tuple(skipped), written)


def _dated(line: Lineage, as_of: date) -> Lineage:
    """The same line with days that can be: a clock that is wrong hides nothing."""
    days = in_order([arrival.commit.day for arrival in line.arrivals], as_of)
    arrivals = (
        replace(arrival, commit=replace(arrival.commit, day=day))
        for arrival, day in zip(line.arrivals, days, strict=True)
    )
    return replace(line, arrivals=tuple(arrivals))


def _written(arrivals: Iterable[Arrival], folders: tuple[str, ...]) -> dict[str, date]:
    """When each amendment, by its id, came to the main line."""
    written: dict[str, date] = {}
    for arrival in arrivals:
        for each in arrival.commit.touched:
            place = _place_in(each.path, folders)
            if each.now and place and place[0] == AMENDMENTS:
                written.setdefault(place[1], arrival.commit.day)
    return written


# --- reading ----------------------------------------------------------------------------------


def _commits(
    place: Place, kinds: tuple[str, ...] = (*KINDS, AMENDMENTS)
) -> tuple[tuple[Commit, ...], tuple[str, ...]]:
    """The commits, and every name that the content folder has had, the newest first.

    It had another name where something it has was taken out of another folder: at once, or over
    several commits.
    """
    folders = [place.folder]
    gone = _gone(place, tuple(kind for kind in kinds if kind in KINDS))
    while True:
        below = tuple(f"{top}/{kind}" if top else kind for top in folders for kind in kinds)
        commits = read_commits(place.repo, place.commit, below)
        older = _older(commits, folders, gone)
        if not older or len(folders) == MOST_FOLDERS:
            return commits, tuple(folders)
        folders += older[: MOST_FOLDERS - len(folders)]


def _gone(place: Place, kinds: tuple[str, ...]) -> Mapping[Key, frozenset[str]]:
    """The folders out of which a file of each kind and name was once taken."""
    gone: dict[Key, set[str]] = {}
    for path in taken_out(place.repo, place.commit, kinds):
        parts = PurePosixPath(path).parts
        at = next((at for at, part in enumerate(parts[:-1]) if part in kinds), None)
        if at is not None and not any(part.startswith(".") for part in parts):
            gone.setdefault((parts[at], PurePosixPath(path).stem), set()).add("/".join(parts[:at]))
    return {key: frozenset(tops) for key, tops in gone.items()}


def _older(
    commits: Sequence[Commit], folders: Sequence[str], gone: Mapping[Key, frozenset[str]]
) -> list[str]:
    """Folders not known yet, from which something came that the content has had."""
    key_of = _keys(tuple(folders))
    made = {key_of(each.path) for commit in commits for each in commit.touched if not each.was}
    found = {top for key in made if key for top in gone.get(key, ())}
    return sorted(found.difference(folders))


def _keys(
    folders: tuple[str, ...], without: frozenset[Key] = frozenset()
) -> Callable[[str], Key | None]:
    """What a path of the repository is the file of, if it is a definition's, `without` some."""
    known: dict[str, Key | None] = {}

    def key_of(path: str) -> Key | None:
        if path not in known:
            place = _place_in(path, folders)
            wanted = place and place[0] in KINDS and place not in without
            known[path] = place if wanted else None
        return known[path]

    return key_of


def _place_in(path: str, folders: tuple[str, ...]) -> Key | None:
    """Kind and id of a source text below any of the content's names."""
    for folder in folders:
        top = f"{folder}/" if folder else ""
        rest = PurePosixPath(path.removeprefix(top))
        hidden = any(part.startswith(".") for part in rest.parts)
        if path.startswith(top) and rest.suffix == ".md" and not hidden:
            kind = kind_of(str(rest))
            if kind:
                return kind, rest.stem
    return None


def _versions(
    repo: Repository, commits: Iterable[Commit], key_of: Callable[[str], Key | None]
) -> Mapping[str, Version | None]:
    """Every version of every definition by its blob, each frontmatter read once."""
    touched = (each for commit in commits for each in commit.touched if key_of(each.path))
    blobs = read_blobs(repo, (each.now for each in touched if each.now))
    heads: dict[bytes, Version | None] = {}
    versions: dict[str, Version | None] = {}
    for name, raw in blobs.items():
        head = frontmatter_of(raw)
        if head not in heads:
            heads[head] = read_version(head)
        versions[name] = heads[head]
    return versions
