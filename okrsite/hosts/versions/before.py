"""What stands on the branch already, and must not give way in silence."""

import re
from dataclasses import dataclass, replace

from okrsite.hosts.versions.branch import Branch, comes_from, fetch_commit
from okrsite.hosts.versions.listing import FILE, LIVE, Version, read_listing
from okrsite.hosts.versions.problems import VersionError
from okrsite.hosts.versions.root import SCRIPT, stays
from okrsite.hosts.versions.trees import Entries, text_at, top_of

SHOWN = 4  # so many names are told one by one
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Meant:
    """What somebody says that they mean to replace: another's `site`, a `newer` portal."""

    site: bool = False
    newer: bool = False


NOTHING = Meant()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a branch holds at a commit: the entries at its top, and its versions.json."""

    commit: str
    top: Entries
    listing: bytes

    @property
    def versions(self) -> tuple[Version, ...]:
        """All versions that are listed.

        Raises:
            VersionError: the list cannot be read.
        """
        return read_listing(self.listing)

    @property
    def archives(self) -> tuple[str, ...]:
        """The names of all versions but the live one."""
        return tuple(it.name for it in self.versions if it.name != LIVE)

    @property
    def live(self) -> str:
        """The commit that the live portal was made from; empty where it is not told."""
        told = next((it.commit for it in self.versions if it.name == LIVE), "")
        return told if _COMMIT.fullmatch(told) else ""


def standing_at(branch: Branch, commit: str) -> Standing:
    """What the branch holds at `commit`; nothing where that is empty.

    Raises:
        VersionError: okrsite's own list of versions cannot be read.
    """
    found = Standing(commit, top_of(branch.repo, commit), text_at(branch.repo, commit, FILE))
    try:
        read_listing(found.listing)
    except VersionError:
        if SCRIPT in found.top:
            raise
        return replace(found, listing=b"")  # somebody else's, for another tool
    return found


def kept_of(branch: Branch, there: Standing, meant: Meant) -> Entries:
    """What stays of the top of a branch: everything, once okrsite publishes there.

    Raises:
        VersionError: it holds what okrsite did not publish, and nobody said that this gives way.
    """
    listed = bool(there.listing)
    if any(it.ours for it in there.versions) or (listed and SCRIPT in there.top):
        return there.top
    if SCRIPT in there.top and not listed:
        words = f"{FILE} is gone from `{branch.name}`, and nothing else tells which versions it has"
        raise VersionError(f"{words}: bring it back from the history of that branch")
    others = [name for name in sorted(there.top) if not stays(name)]
    if others and not meant.site:
        raise VersionError(
            f"`{branch.name}` holds what okrsite did not publish: {_several(others)}. "
            "`okrsite site publish --replace-site` puts the portal in its place; "
            "--branch names another branch"
        )
    return {name: entry for name, entry in there.top.items() if there.versions or stays(name)}


def _several(names: list[str]) -> str:
    rest = len(names) - SHOWN
    return f"{', '.join(names[:SHOWN])}{f' and {rest} more' if rest > 0 else ''}"


def left_out(branch: Branch, there: Standing, head: str, meant: Meant) -> str:
    """The commit of the live portal where `head` does not come from it; empty where it does.

    To push, what is live is fetched by that name, so that an older clone knows that it is one.

    Raises:
        VersionError: it is a newer one, and nobody said that this gives way.
    """
    live = there.live
    if not live or not head or comes_from(branch.repo, head, live):
        return ""
    fetch_commit(branch, live)
    if comes_from(branch.repo, live, head) and not meant.newer:
        raise VersionError(
            f"what is live was made from {live[:7]}, which is newer than {head[:7]} here: "
            "`git pull` first, or say --replace-newer to go back to the older one"
        )
    return live
