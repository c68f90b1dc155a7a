"""The live portal: the work tree, put in the place of what was live before."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from okrsite.hosts.project import ProjectError, read_project
from okrsite.hosts.versions.before import NOTHING, Meant, kept_of, left_out, standing_at
from okrsite.hosts.versions.branch import Branch, check_names, guard, newest, tips_of
from okrsite.hosts.versions.building import Wanted, build_version
from okrsite.hosts.versions.listing import LIVE, LIVE_TITLE, Version
from okrsite.hosts.versions.putting import Made, put
from okrsite.hosts.versions.root import root_files
from okrsite.hosts.versions.trees import stored
from okrsite.okr.git import GitError, commit_of, git


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing the live portal: the branch's commit, and whether it is a new one.

    `edited` tells whether the goals were as nobody committed them, `errors` how many were found.
    `left` is the commit of what was live until now, where this one does not come from it.
    """

    commit: str
    changed: bool
    edited: bool
    errors: int
    left: str = ""


def versions_on(branch: Branch) -> tuple[Version, ...]:
    """What is published on the branch, as far as is known here, or at the remote to push to.

    Raises:
        VersionError: it cannot be read.
    """
    check_names(branch)
    return standing_at(branch, newest(branch, tips_of(branch))).versions


def publish_live(
    config: Path, branch: Branch, strict: bool | None = None, meant: Meant = NOTHING
) -> Published:
    """Put the portal of the work tree in the place of the live one.

    Raises:
        VersionError: it cannot be built or published; nothing has changed then.
    """
    guard(branch)
    before = tips_of(branch)
    there, head = standing_at(branch, newest(branch, before)), _head(branch)
    kept_of(branch, there, meant)
    left, edited = left_out(branch, there, head, meant), _edited(config, branch)
    with TemporaryDirectory(prefix="okrsite-site-") as temporary:
        site = Path(temporary) / "site"
        built = build_version(config, site, Wanted(LIVE, there.archives, strict))
        version = Version(LIVE, LIVE_TITLE, built.as_of, head, edited=edited)
        root = dict(root_files(site, built.title, built.site_url))
        made = Made(version, stored(branch.repo, site), built, root)
    commit = put(branch, made, meant)
    changed = commit != (before.remote if branch.push else before.local)
    return Published(commit, changed, edited, built.errors, left)


def _head(branch: Branch) -> str:
    try:
        return commit_of(branch.repo, "HEAD")
    except GitError:
        return ""  # nothing is committed yet


def _edited(config: Path, branch: Branch) -> bool:
    """Whether the goals or the configuration hold what is not committed."""
    asked = ("--no-optional-locks", "status", "--porcelain", "--")
    try:
        places = (config, read_project(config.parent).content)
        return bool(git(branch.repo, *asked, *map(str, places)).strip())
    except (GitError, ProjectError):
        return False  # they lie elsewhere
