"""The two sides of a comparison: commits, folders or the work tree, with no text read twice.

What cannot be compared is an error in words for an operator, and never an empty side.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename

from okrsite.hosts.configured import configuration_in
from okrsite.hosts.project import (
    CONFIGS,
    Project,
    ProjectError,
    home_of,
    project_of,
    read_project,
)
from okrsite.okr.git import GitError, Repository, blobs_in, read_blobs
from okrsite.okr.objects import object_name
from okrsite.okr.records import kind_of
from okrsite.okr.revisions import inside, is_source
from okrsite.okr.sources import Sources, SourcesError, read_folder

WORK_TREE = "the work tree"


class SidesError(Exception):
    """The two cannot be compared; for the operator, not for an author."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, and what it is called here."""

    name: str
    id: str

    def __str__(self) -> str:
        return f"{self.name} ({self.id[:7]})"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what it is called, its commit where it has one, its texts and settings."""

    name: str
    commit: str
    project: Project
    sources: Sources


@dataclass(frozen=True, slots=True)
class _Tree:
    """A side in git whose texts are not read yet: path → name of the blob."""

    commit: Commit
    project: Project
    blobs: Mapping[str, str]

    def side(self, sources: Sources) -> Side:
        return Side(self.commit.name, self.commit.id, self.project, sources)


def two_commits(
    repo: Repository, base: Commit, head: Commit, content: Path | None
) -> tuple[Side, Side]:
    """Two commits; a text that both hold is read once.

    Raises:
        SidesError: one of them has no goals, or they cannot be read.
    """
    with _as_sides_error():
        one, two = (_tree(repo, commit, content) for commit in (base, head))
        _some_goals((base, one.blobs), (head, two.blobs))
        texts = read_blobs(repo, (*one.blobs.values(), *two.blobs.values()))
        return one.side(_texts(one, texts)), two.side(_texts(two, texts))


def one_commit(repo: Repository, commit: Commit, content: Path | None) -> Side:
    """A commit with its texts, from the folder that its own configuration names.

    Raises:
        SidesError: it has no goals, or they cannot be read.
    """
    with _as_sides_error():
        tree = _tree(repo, commit, content)
        if not any(map(kind_of, tree.blobs)):
            raise SidesError(f"there are no goals in {commit}")
        return tree.side(_texts(tree, read_blobs(repo, tree.blobs.values())))


def _texts(tree: _Tree, texts: Mapping[str, bytes]) -> Sources:
    return {path: texts[name] for path, name in tree.blobs.items()}


def commit_and_work_tree(repo: Repository, base: Commit, content: Path | None) -> tuple[Side, Side]:
    """A commit against the files as they lie here; of the commit only what differs is read.

    Raises:
        SidesError: one of them has no goals, or they cannot be read.
    """
    with _as_sides_error():
        tree = _tree(repo, base, content)
        project = read_project(home_of(Path()), content)
        files = read_folder(project.content)
        _some_goals((base, tree.blobs), (WORK_TREE, files))
        same = dict(_unchanged(tree.blobs, files))
        texts = read_blobs(repo, (name for path, name in tree.blobs.items() if path not in same))
        before = {path: same.get(path) or texts.get(name, b"") for path, name in tree.blobs.items()}
        return tree.side(before), Side(WORK_TREE, "", project, {**files, **same})


def _some_goals(*sides: tuple[object, Collection[str]]) -> None:
    """Two sides without a single goal were most likely looked for in the wrong folder."""
    if not any(kind_of(path) for _, paths in sides for path in paths):
        names = " nor in ".join(str(name) for name, _ in sides)
        raise SidesError(f"there are no goals in {names}; is it the right folder?")


def _unchanged(blobs: Mapping[str, str], files: Sources) -> Iterator[tuple[str, bytes]]:
    """The files that are what the commit holds, as it holds them.

    Line ends of Windows are no change: git may have put them there.
    """
    for path, name in blobs.items():
        raw = files.get(path)
        for text in (raw, raw.replace(b"\r\n", b"\n")) if raw is not None else ():
            if object_name("blob", text, len(name)) == name:
                yield path, text
                break


def two_folders(base: Path, head: Path) -> tuple[Side, Side]:
    """Two folders of content, or two projects with a configuration each.

    Raises:
        SidesError: one of them cannot be read.
    """
    for folder in (base, head):
        if not folder.is_dir():
            raise SidesError(f"there is no folder {folder}")
    with _as_sides_error():
        return _folder(base), _folder(head)


def _folder(folder: Path) -> Side:
    bare = not any((folder / name).is_file() for name in CONFIGS)
    project = read_project(folder, folder if bare else None)
    sources = read_folder(project.content)
    if not any(map(kind_of, sources)):
        raise SidesError(f"there are no goals in {project.content}")
    return Side(str(folder), "", project, sources)


def _tree(repo: Repository, commit: Commit, content: Path | None) -> _Tree:
    here = inside(repo, home_of(Path()))
    said = configuration_in(repo, commit.id, here, str(commit))
    folder = inside(repo, content) if content else said.content(here)
    if folder.startswith(".."):
        raise SidesError(f"{commit}: its content lies outside the repository, in {folder}")
    found = blobs_in(repo, commit.id, folder)
    if not found:
        raise SidesError(f"{commit} has no folder {folder or '.'}")
    start = len(folder) + 1 if folder else 0
    blobs = {path[start:]: name for path, name in found.items()}
    sources = {path: name for path, name in sorted(blobs.items()) if is_source(path)}
    config = Path(basename(said.path)) if said.path else None
    return _Tree(commit, project_of(said.raw, Path(folder), config), sources)


@contextmanager
def _as_sides_error() -> Iterator[None]:
    try:
        yield
    except (GitError, ProjectError, SourcesError) as error:
        raise SidesError(str(error)) from error
