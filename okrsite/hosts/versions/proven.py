"""Records before they are published: as they were for today's portal, proved for an archive."""

from pathlib import Path

from okrsite.hosts.proving import bench_in, verdict_of
from okrsite.hosts.shelf import doubts
from okrsite.hosts.versions.problems import VersionError
from okrsite.hosts.versions.record import Record, up_to
from okrsite.okr.git import GitError, Repository, is_shallow
from okrsite.okr.revisions import inside
from okrsite.okr.snapshot.names import FOLDER, SnapshotError, name_of
from okrsite.okr.worktree import is_changed


def refuse_altered(home: Path, *, history: bool) -> None:
    """Let records pass that are as they were published: their hashes, their chain, git's memory.

    `home` is the folder of the configuration. None is derived again from its commit. Where there
    are records, or the portal tells of git's `history`, that must be here as a whole.

    Raises:
        VersionError: one is not, or cannot be read; the words name its file.
    """
    try:
        shelf = bench_in(home, None).shelf
        shallow = shelf.repo is not None and is_shallow(shelf.repo)
    except (GitError, SnapshotError) as error:
        raise VersionError(str(error)) from error
    if shallow and (history or shelf.here):
        words = "this clone is shallow: moved goalposts would be missing from what is live"
        raise VersionError(f"{words}; `git fetch --unshallow` brings the whole history")
    found = next((one for name in shelf.names for one in doubts(shelf, name)), None)
    if found:
        words = f"a record is not as it was, so nothing is published: {found.path}:"
        raise VersionError(f"{words} {found.message}; `okrsite snapshot verify --all` tells more")


def refuse_unproved(repo: Repository, home: Path, content: Path, record: Record) -> None:
    """Let a record pass that is committed, with all before it, and derives from its commit.

    `home` is the folder of the configuration.

    Raises:
        VersionError: it is not, and the words say what to do.
    """
    try:
        for name in up_to(content, record):
            folder = f"{inside(repo, content)}/{FOLDER}/{name}".removeprefix("/")
            if is_changed(repo, folder):
                words = f"{name} is not committed as it is here, and an archive is kept for ever"
                raise VersionError(f"{words}: commit it, or bring it back with `git restore`")
        verdict = verdict_of(bench_in(home, None), name_of(record.name))
    except (GitError, SnapshotError) as error:
        raise VersionError(f"{record.name}: {error}") from error
    if verdict.reasons:
        reason = verdict.reasons[0]
        words = f"{record.name} is not archived, since it is not proved: {reason.path}:"
        raise VersionError(f"{words} {reason.message}; `okrsite snapshot verify` tells more")
