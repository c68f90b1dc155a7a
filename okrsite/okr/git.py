"""git by subprocess: which commit a name means, what a tree holds, the bytes of its blobs."""

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from tempfile import TemporaryFile
from typing import IO


class GitError(Exception):
    """git is not there, refused, or does not know what was asked for; for the operator."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree, or a bare repository, by its top folder.

    From one that is `offline` nothing is fetched, not even what a partial clone left out.
    """

    root: Path
    offline: bool = False


def find_repository(folder: Path) -> Repository | None:
    """The repository that `folder` lies in, if any.

    Raises:
        GitError: git is not installed, or refuses to read the repository.
    """
    try:
        out = _run(folder, ("rev-parse", "--show-toplevel"))
    except GitError as error:
        if "not a git repository" in str(error):
            return None
        raise
    return Repository(Path(os.fsdecode(out.rstrip(b"\n"))))


def git(repo: Repository, *args: str, stdin: bytes = b"") -> bytes:
    """What `git args…` prints.

    Raises:
        GitError: with git's own first words, where it fails.
    """
    return _run(repo.root, args, stdin, _more(repo))


# A hook's own repository: set there by git, and wrong as soon as another folder is meant.
_OF_A_HOOK = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_PREFIX",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_GRAFT_FILE",
        "GIT_SHALLOW_FILE",
        "GIT_NAMESPACE",
    }
)
# Whether a path is a pattern is said with each command.
_OF_A_USER = frozenset(
    {
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
    }
)
# Colours, a language or a pager of the user's own would change what is printed. A replaced object
# and a graft are what one clone alone takes for the history; a path below a device has no grafts.
_QUIET = {
    "LC_ALL": "C",
    "GIT_PAGER": "cat",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",
}
_OFFLINE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
# The names that count are those of the repository's own .mailmap, and parents are read from the
# commits: the file beside them that git reads instead has no hash that anybody checks. A log is of
# the paths that were asked for, whatever they were called before, and of the first commit too.
_PLAIN = (
    *("-c", "core.quotePath=false", "-c", "color.ui=false"),
    *("-c", "mailmap.file=", "-c", "mailmap.blob=", "-c", "core.commitGraph=false"),
    *("-c", "log.follow=false", "-c", "log.showRoot=true", "-c", "log.showSignature=false"),
)


def environment() -> dict[str, str]:
    """The surroundings in which git is started: the folder alone says which repository is meant."""
    kept = {key: value for key, value in os.environ.items() if key not in _OF_A_HOOK | _OF_A_USER}
    return {**kept, **_QUIET}


def _more(repo: Repository) -> Mapping[str, str]:
    return _OFFLINE if repo.offline else {}


def _run(
    folder: Path,
    args: Iterable[str],
    stdin: bytes = b"",
    more: Mapping[str, str] | None = None,
    into: IO[bytes] | None = None,
) -> bytes:
    """What git prints; nothing where that goes `into` a file."""
    command = ("git", *_PLAIN, *args)
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            input=stdin,
            stdout=into or subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
            env={**environment(), **(more or {})},
        )
    except OSError as error:
        missing = "git" if folder.is_dir() else str(folder)
        raise GitError(f"{missing} is not there, or cannot be used") from error
    if done.returncode:
        raise GitError(_words(done.stderr) or f"git {' '.join(args)} failed")
    return done.stdout or b""


_WHY, _MOST = ("remote:", "fatal:", "error:", "!"), 3


def _words(stderr: bytes) -> str:
    """Why git refused; a warning, or what a hook printed, may come before that."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    told = [line.strip() for line in lines if not line.startswith("hint:")]
    said = [line for line in told if line.startswith(_WHY) and line not in _WHY]
    return " ".join(said[:_MOST]) or "".join(told[:1])


def is_shallow(repo: Repository) -> bool:
    """Whether the history was cut off when it was fetched."""
    return git(repo, "rev-parse", "--is-shallow-repository").strip() == b"true"


def commit_of(repo: Repository, ref: str) -> str:
    """The full name of the commit that `ref` means.

    Raises:
        GitError: there is none; the words say what may help.
    """
    if ref.startswith("-"):
        raise GitError(f"`{ref}` is no name of a commit")
    try:
        out = git(repo, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except GitError:
        if ref == "HEAD" and _is_unborn(repo):
            words = "nothing is committed here yet: `git add` and `git commit` first"
            raise GitError(words) from None
        fetch = "fetch the whole history first (`git fetch --unshallow`)"
        hint = fetch if is_shallow(repo) else "`git branch --all` and `git tag` list what there is"
        raise GitError(f"there is no commit `{ref}` here; {hint}") from None
    return out.decode().strip()


def _is_unborn(repo: Repository) -> bool:
    """Whether there is no first commit yet."""
    try:
        return not git(repo, "rev-parse", "--verify", "--quiet", "HEAD")
    except GitError:
        return True


def merge_base(repo: Repository, one: str, other: str) -> str:
    """The commit from which `one` and `other` went apart.

    Raises:
        GitError: they share none, or the history that would tell was not fetched.
    """
    commits = (commit_of(repo, one), commit_of(repo, other))
    try:
        out = git(repo, "merge-base", *commits)
    except GitError:
        why = "this clone is shallow: `git fetch --unshallow`" if is_shallow(repo) else "no history"
        raise GitError(f"`{one}` and `{other}` have no commit in common here ({why})") from None
    return out.decode().strip()


_LINK, _SUBMODULE = b"120000", b"160000"


def blobs_in(repo: Repository, commit: str, folder: str = "") -> Mapping[str, str]:
    """Path from the top → name of the blob, of every file below `folder` in `commit`.

    A symbolic link is the file below `folder` that it leads to, as it is when a folder is read;
    one that leads elsewhere is left out.

    Raises:
        GitError: a part of the folder is a submodule, whose files are no part of the commit.
    """
    at = (f"{folder.rstrip('/')}/",) if folder else ()
    out = git(repo, "ls-tree", "-r", "-z", "--full-tree", commit, "--", *at)
    found: dict[str, str] = {}
    links: dict[str, str] = {}
    for row in filter(None, out.split(b"\0")):
        head, _, path = row.partition(b"\t")
        mode, _, name = head.split(b" ")
        if mode == _SUBMODULE:
            raise GitError(f"{os.fsdecode(path)} is a submodule: what it holds cannot be compared")
        (links if mode == _LINK else found)[os.fsdecode(path)] = name.decode()
    return {**found, **dict(_followed(repo, links, found))} if links else found


def _followed(
    repo: Repository, links: Mapping[str, str], files: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    targets = read_blobs(repo, links.values())
    leads = {p: normpath(join(dirname(p), os.fsdecode(targets[n]))) for p, n in links.items()}
    for path in links:
        end = path
        for _ in links:  # a chain of links is as long as there are links, at most
            end = leads.get(end, end)
        if end in files:
            yield path, files[end]


def read_blobs(repo: Repository, names: Iterable[str]) -> Mapping[str, bytes]:
    """The bytes of every blob of `names`, in one run of `git cat-file --batch`.

    Raises:
        GitError: one is missing, as in a partial clone without a network.
    """
    return dict(each_blob(repo, names))


def each_blob(repo: Repository, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of one blob after the other, once each: no two of them need be held at once.

    Raises:
        GitError: one is missing, as in a partial clone without a network.
    """
    wanted = tuple(dict.fromkeys(names))
    if wanted:
        asked = "".join(f"{name}\n" for name in wanted).encode()
        with TemporaryFile() as out:
            _run(repo.root, ("cat-file", "--batch"), asked, _more(repo), out)
            out.seek(0)
            yield from _batch(wanted, out)


def _batch(wanted: Iterable[str], out: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    for name in wanted:
        head = out.readline().split(b" ")
        if len(head) != 3:
            raise GitError(f"the object {name} is missing here; fetch the whole history first")
        yield name, out.read(int(head[2]))
        out.read(1)  # the end of the line
