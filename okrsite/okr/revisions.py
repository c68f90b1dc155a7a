"""Texts as a commit has them: the same path → bytes as from a folder, never checked out."""

from pathlib import Path, PurePosixPath

from okrsite.okr.git import GitError, Repository, blobs_in, git, read_blobs
from okrsite.okr.snapshot.names import is_part
from okrsite.okr.sources import Sources


def inside(repo: Repository, folder: Path) -> str:
    """`folder` as a path from the top of `repo`; empty for the top itself.

    Raises:
        GitError: it lies outside.
    """
    try:
        path = folder.resolve().relative_to(repo.root.resolve()).as_posix()
    except ValueError:
        raise GitError(f"{folder} does not lie in the repository {repo.root}") from None
    return "" if path == "." else path


def read_revision(repo: Repository, commit: str, folder: str) -> Sources:
    """Every Markdown file and snapshot below `folder` in `commit`, by its path from there.

    Dotfiles and symbolic links are left out, as they are when a folder is read.

    Raises:
        GitError: there is no such commit, or what it holds is not here.
    """
    blobs = {
        path.removeprefix(f"{folder}/"): name
        for path, name in blobs_in(repo, commit, folder).items()
    }
    names = {path: name for path, name in sorted(blobs.items()) if is_source(path)}
    texts = read_blobs(repo, names.values())
    return {path: texts[name] for path, name in names.items()}


def read_file(repo: Repository, commit: str, path: str) -> bytes | None:
    """One file of `commit` by its path from the top; None where it has none of that name."""
    name = blob_at(repo, commit, path)
    return read_blobs(repo, (name,))[name] if name else None


def is_there(repo: Repository, commit: str, path: str) -> bool:
    """Whether `commit` has a file, a folder or a link at a path from the top."""
    return bool(git(repo, "ls-tree", "-z", "--full-tree", commit, "--", path))


def blob_at(repo: Repository, commit: str, path: str) -> str | None:
    """The name of the blob at `path` in `commit`; None where it has none of that name."""
    out = git(repo, "ls-tree", "-z", "--full-tree", commit, "--", path)
    head = out.partition(b"\t")[0].split(b" ")
    return head[2].decode() if len(head) == 3 and head[1] == b"blob" else None


def is_source(path: str) -> bool:
    """Whether a path is that of a Markdown file or a snapshot: no dotfile, nor within one."""
    parts = PurePosixPath(path).parts
    known = path.endswith(".md") or is_part(path)
    return known and not any(part.startswith(".") for part in parts)
