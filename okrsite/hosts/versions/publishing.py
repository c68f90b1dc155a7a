"""The live portal and the archives, each put on the branch beside what is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory

from okrsite.hosts.project import ProjectError, read_project
from okrsite.hosts.versions.archived import Archive, mark_folder
from okrsite.hosts.versions.branch import Branch, guard, moved, newest, tips_of
from okrsite.hosts.versions.building import Built, Wanted, address_of, build_version
from okrsite.hosts.versions.checkout import sources_of
from okrsite.hosts.versions.listing import (
    FILE,
    LIVE,
    LIVE_TITLE,
    Version,
    read_listing,
    with_version,
)
from okrsite.hosts.versions.problems import VersionError, VersionExistsError
from okrsite.hosts.versions.record import FOLDER, Record, up_to
from okrsite.hosts.versions.root import is_ours, is_plain_site, root_files, stays
from okrsite.hosts.versions.trees import (
    TREE,
    Entries,
    blob,
    files_in,
    stored,
    text_at,
    top_of,
    tree_of,
)
from okrsite.okr.frontmatter import read_document
from okrsite.okr.git import GitError, commit_of
from okrsite.okr.revisions import inside


@dataclass(frozen=True, slots=True)
class Quarter:
    """What an archive is made of: a commit as on a day, and the record it stands beside, if any.

    Without a `title` it is called as its period is.
    """

    version: str
    commit: str
    as_of: date
    title: str = ""
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A version that is built and stored, and the files of the root that come with it."""

    version: Version
    tree: str
    built: Built
    root: Mapping[str, bytes]


def versions_on(branch: Branch) -> tuple[Version, ...]:
    """What is published on the branch, as far as is known here, or at the remote to push to.

    Raises:
        VersionError: it cannot be read.
    """
    return read_listing(text_at(branch.repo, newest(branch, tips_of(branch)), FILE))


def publish_live(config: Path, branch: Branch, strict: bool | None = None) -> str:
    """Put the portal of the work tree in the place of the live one; gives the branch's commit.

    Raises:
        VersionError: it cannot be built or published; nothing has changed then.
    """
    guard(branch)
    beside = tuple(it.name for it in versions_on(branch) if it.name != LIVE)
    with TemporaryDirectory(prefix="okrsite-site-") as temporary:
        site = Path(temporary) / "site"
        built = build_version(config, site, Wanted(LIVE, beside, strict))
        version = Version(LIVE, LIVE_TITLE, built.as_of, _head(branch))
        root = dict(root_files(site, built.title, built.site_url))
        made = Made(version, stored(branch.repo, site), built, root)
    return moved(branch, _message(version), partial(_beside, branch, made))


def publish_archive(config: Path, branch: Branch, quarter: Quarter) -> str:
    """Put the portal as it stood beside the live one, for ever; gives the branch's commit.

    `config` is today's configuration: it tells where the project lies, and its address.

    Raises:
        VersionExistsError: there is such a version already.
        VersionError: it cannot be built or published; nothing has changed then.
    """
    guard(branch)
    base = newest(branch, tips_of(branch))
    _refuse(quarter.version, top_of(branch.repo, base), text_at(branch.repo, base, FILE))
    try:
        home = inside(branch.repo, config.parent)
        out = TemporaryDirectory(prefix="okrsite-site-")
        with sources_of(branch.repo, quarter.commit) as top, out as temporary:
            site = Path(temporary) / "site"
            made = _archive(config, branch, quarter, _Places(top / home, site, base))
    except (GitError, ProjectError, OSError) as error:
        raise VersionError(f"{quarter.version}: {error}") from error
    return moved(branch, _message(made.version), partial(_beside, branch, made))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the project of that time lies, where its site goes, and the branch's tip."""

    home: Path
    site: Path
    base: str


def _archive(config: Path, branch: Branch, quarter: Quarter, at: _Places) -> Made:
    then = read_project(at.home)
    if then.config is None:
        raise VersionError(f"there is no mkdocs.yml in {quarter.commit}")
    if quarter.record:
        _put_records(read_project(config.parent).content, then.content, quarter.record)
    title = quarter.title or _title(then.content, quarter.version)
    listing, address = read_listing(text_at(branch.repo, at.base, FILE)), address_of(config)
    beside = tuple(it.name for it in listing if it.name != LIVE)
    wanted = Wanted(quarter.version, beside, False, quarter.as_of, address)
    built = build_version(then.config, at.site, wanted)
    live = files_in(branch.repo, at.base, LIVE)
    mark_folder(at.site, Archive(title, quarter.as_of, address, live))
    record = quarter.record
    made_from = (record.name, record.digest) if record else ("", "")
    commit = commit_of(branch.repo, quarter.commit)
    version = Version(quarter.version, title, quarter.as_of, commit, *made_from)
    return Made(version, stored(branch.repo, at.site), built, {})


def _put_records(today: Path, then: Path, record: Record) -> None:
    """The record itself, and all before it: they were committed after what they were made from."""
    rmtree(then / FOLDER, ignore_errors=True)
    for name in up_to(today, record):
        copytree(today / FOLDER / name, then / FOLDER / name)


def _title(content: Path, period: str) -> str:
    for path in sorted((content / "periods").rglob(f"{period}.md")):
        document, _ = read_document(path.name, path.read_bytes())
        return str(document.data.get("title") or period)
    return period


def _beside(branch: Branch, made: Made, base: str) -> str:
    """The tree of the branch with a version put beside those at `base`."""
    repo, version = branch.repo, made.version
    top, listing = top_of(repo, base), text_at(repo, base, FILE)
    if version.name != LIVE:
        _refuse(version.name, top, listing)
    if listing == b"" and top:
        top = _cleared(branch, top)
    listing = with_version(listing, version)
    first = read_listing(listing)[0].name
    way = root_files(None, made.built.title, made.built.site_url, first)
    files = {**dict(way), **made.root, FILE: listing}
    top |= {name: blob(repo, content) for name, content in files.items()}
    return tree_of(repo, {**top, version.name: (TREE, made.tree)})


def _refuse(name: str, top: Entries, listing: bytes) -> None:
    if name == LIVE or is_ours(name):
        raise VersionError(f"`{name}` cannot be the name of an archive")
    taken = {it.name for it in read_listing(listing)} | set(top)
    if name in taken:
        raise VersionExistsError(
            f"`{name}` is published already, and a published version is never replaced"
        )


def _cleared(branch: Branch, top: Entries) -> Entries:
    """What stays of a branch that has no versions yet: a site at its root gives way to them."""
    if not is_plain_site(frozenset(top)) and any(not stays(name) for name in top):
        raise VersionError(
            f"`{branch.name}` holds something that is no site of MkDocs: name another with --branch"
        )
    return {name: entry for name, entry in top.items() if stays(name)}


def _head(branch: Branch) -> str:
    try:
        return commit_of(branch.repo, "HEAD")
    except GitError:
        return ""  # nothing is committed yet


def _message(version: Version) -> str:
    source = f" from {version.commit[:7]}" if version.commit else ""
    day = f" as of {version.as_of.isoformat()}" if version.as_of else ""
    return f"Publish {version.name}{source}{day}"
