"""A version that is built, put on the branch beside what is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from okrsite.hosts.versions.before import NOTHING, Meant, Standing, kept_of, left_out, standing_at
from okrsite.hosts.versions.branch import Branch, moved
from okrsite.hosts.versions.building import Built
from okrsite.hosts.versions.listing import FILE, LIVE, Version, read_listing, with_version
from okrsite.hosts.versions.problems import VersionError, VersionExistsError
from okrsite.hosts.versions.root import is_ours, root_files
from okrsite.hosts.versions.trees import TREE, blob, tree_of

NO_ARCHIVE = (
    f"the period `{LIVE}` cannot be archived, since today's portal lies in the folder {LIVE}/"
)


@dataclass(frozen=True, slots=True)
class Made:
    """A version that is built and stored, and the files of the root that come with it.

    `how` says what is worth to be known of its building.
    """

    version: Version
    tree: str
    built: Built
    root: Mapping[str, bytes]
    how: str = ""


def put(branch: Branch, made: Made, meant: Meant = NOTHING) -> str:
    """Move the branch on by a version; gives the branch's commit.

    Raises:
        VersionExistsError: there is such a version already, and it is none to be replaced.
        VersionError: it cannot be put there; nothing has changed then.
    """
    return moved(branch, _message(made), partial(_beside, branch, made, meant))


def _beside(branch: Branch, made: Made, meant: Meant, base: str) -> str:
    """The tree of the branch with a version put beside those at `base`."""
    repo, version, there = branch.repo, made.version, standing_at(branch, base)
    if version.name == LIVE:
        left_out(branch, there, version.commit, meant)
    else:
        refuse_taken(version.name, there, made.tree)
    top = kept_of(branch, there, meant)
    listing = with_version(there.listing, version)
    first = read_listing(listing)[0].name
    way = root_files(None, made.built.title, made.built.site_url, first)
    files = {**dict(way), **made.root, FILE: listing}
    top |= {name: blob(repo, content) for name, content in files.items()}
    return tree_of(repo, {**top, version.name: (TREE, made.tree)})


def refuse_taken(name: str, there: Standing, tree: str) -> None:
    """Raise where `name` is taken; by the very same `tree`, it only has to be in the list.

    Raises:
        VersionExistsError: there is such a version already.
        VersionError: no archive can be called so.
    """
    if name == LIVE:
        raise VersionError(NO_ARCHIVE)
    listed = {it.name: it.ours for it in there.versions}
    if listed.get(name):
        raise VersionExistsError(
            f"`{name}` is published already, and a published version is never replaced"
        )
    if name in listed or is_ours(name) or there.top.get(name, (TREE, tree)) != (TREE, tree):
        words = f"`{name}` lies on the branch and is listed as no archive of okrsite"
        raise VersionError(f"{words}: it stays as it is")


def _message(made: Made) -> str:
    version = made.version
    source = f" from {version.source}" if version.commit else ""
    day = f" as of {version.as_of.isoformat()}" if version.as_of else ""
    how = f", built {made.how}" if made.how else ""
    return f"Publish {version.name}{source}{day}{how}"
