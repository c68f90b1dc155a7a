"""The sources of a commit in a folder of their own, with their history, for as long as needed.

The folder is a repository that borrows the objects of the one it was made from, so that nothing
of that one changes: no work tree, no index, no branch, no list of work trees.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from okrsite.okr.git import Repository, commit_of, git


@contextmanager
def sources_of(repo: Repository, commit: str) -> Iterator[Path]:
    """The top folder of the sources at `commit`.

    Raises:
        GitError: there is no such commit.
    """
    name = commit_of(repo, commit)
    with TemporaryDirectory(prefix="okrsite-sources-") as temporary:
        made = Repository(Path(temporary))
        git(made, "init", "--quiet", "--template=", f"--object-format={_hashes_of(repo)}")
        _lend(repo, made.root / ".git")
        git(made, "update-ref", "--no-deref", "HEAD", name)
        git(made, "reset", "--quiet", "--hard")
        yield made.root


def _hashes_of(repo: Repository) -> str:
    """What the objects are called by; only a repository of the same kind can borrow them."""
    return git(repo, "rev-parse", "--show-object-format").decode().strip()


def _lend(repo: Repository, home: Path) -> None:
    objects = _path(repo, "objects")
    info = home / "objects" / "info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "alternates").write_bytes(os.fsencode(objects) + b"\n")
    shallow = _path(repo, "shallow")
    if shallow.is_file():
        shutil.copyfile(shallow, home / "shallow")


def _path(repo: Repository, name: str) -> Path:
    out = git(repo, "rev-parse", "--git-path", name)
    return (repo.root / os.fsdecode(out.rstrip(b"\n"))).resolve()
