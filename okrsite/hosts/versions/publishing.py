"""The live portal and the archives, each put on the branch beside what is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory

from okrsite.hosts.project import ProjectError, read_project
from okrsite.hosts.versions.archived import Archive, mark_folder
from okrsite.hosts.versions.branch import Branch, check_names, guard, moved, newest, tips_of
from okrsite.hosts.versions.building import Built, Wanted, build_version, site_of
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
from okrsite.hosts.versions.record import Record, up_to
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
from okrsite.okr.git import GitError, Repository, commit_of, git
from okrsite.okr.revisions import inside
from okrsite.okr.snapshot.names import FOLDER, MANIFEST


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


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing the live portal: the branch's commit, and whether it is a new one.

    `edited` tells whether the goals were as nobody committed them, `errors` how many were found.
    """

    commit: str
    changed: bool
    edited: bool
    errors: int


def versions_on(branch: Branch) -> tuple[Version, ...]:
    """What is published on the branch, as far as is known here, or at the remote to push to.

    Raises:
        VersionError: it cannot be read.
    """
    check_names(branch)
    return read_listing(text_at(branch.repo, newest(branch, tips_of(branch)), FILE))


def publish_live(config: Path, branch: Branch, strict: bool | None = None) -> Published:
    """Put the portal of the work tree in the place of the live one.

    Raises:
        VersionError: it cannot be built or published; nothing has changed then.
    """
    guard(branch)
    before = tips_of(branch)
    listing = read_listing(text_at(branch.repo, newest(branch, before), FILE))
    beside, edited = tuple(it.name for it in listing if it.name != LIVE), _edited(config, branch)
    with TemporaryDirectory(prefix="okrsite-site-") as temporary:
        site = Path(temporary) / "site"
        built = build_version(config, site, Wanted(LIVE, beside, strict))
        version = Version(LIVE, LIVE_TITLE, built.as_of, _head(branch), edited=edited)
        root = dict(root_files(site, built.title, built.site_url))
        made = Made(version, stored(branch.repo, site), built, root)
    commit = moved(branch, _message(version), partial(_beside, branch, made))
    changed = commit != (before.remote if branch.push else before.local)
    return Published(commit, changed, edited, built.errors)


def publish_archive(config: Path, branch: Branch, quarter: Quarter) -> str:
    """Put the portal as it stood beside the live one, for ever; gives the branch's commit.

    `config` is today's configuration: it tells where the project lies, and its address.

    Raises:
        VersionExistsError: there is such a version already.
        VersionError: it cannot be built or published; nothing has changed then.
    """
    guard(branch)
    base = newest(branch, tips_of(branch))
    lost = _lost(branch.repo, base, quarter)
    _refuse(quarter.version, top_of(branch.repo, base), text_at(branch.repo, base, FILE), lost)
    try:
        home = inside(branch.repo, config.parent)
        out = TemporaryDirectory(prefix="okrsite-site-")
        with sources_of(branch.repo, quarter.commit) as top, out as temporary:
            site = Path(temporary) / "site"
            made = _archive(config, branch, quarter, _Places(top / home, site, base, lost))
    except (GitError, ProjectError, OSError) as error:
        raise VersionError(f"{quarter.version}: {error}") from error
    return moved(branch, _message(made.version), partial(_beside, branch, made))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the project of that time lies, where its site goes, and the branch's tip.

    `lost` is the tree of the archive where it is published and only its row is missing.
    """

    home: Path
    site: Path
    base: str
    lost: str = ""


def _lost(repo: Repository, base: str, quarter: Quarter) -> str:
    """The tree of an archive that was made with this record and is in no list any more, if any."""
    listed = {it.name for it in read_listing(text_at(repo, base, FILE))}
    mode, tree = top_of(repo, base).get(quarter.version, ("", ""))
    if quarter.record is None or quarter.version in listed or mode != TREE:
        return ""
    held = text_at(repo, base, f"{quarter.version}/{FOLDER}/{quarter.record.name}/{MANIFEST}")
    return tree if sha256(held).hexdigest() == quarter.record.digest else ""


def _archive(config: Path, branch: Branch, quarter: Quarter, at: _Places) -> Made:
    then = read_project(at.home)
    if then.config is None:
        raise VersionError(f"there is no mkdocs.yml in {quarter.commit}")
    if quarter.record:
        _put_records(read_project(config.parent).content, then.content, quarter.record)
    title = quarter.title or _title(then.content, quarter.version)
    site, record = site_of(config, quarter.as_of), quarter.record
    made_from = (record.name, record.digest) if record else ("", "")
    commit = commit_of(branch.repo, quarter.commit)
    version = Version(quarter.version, title, quarter.as_of, commit, *made_from)
    if at.lost:
        return Made(version, at.lost, site, {})
    listing = read_listing(text_at(branch.repo, at.base, FILE))
    beside = tuple(it.name for it in listing if it.name != LIVE)
    wanted = Wanted(quarter.version, beside, False, quarter.as_of, site.site_url)
    built = build_version(then.config, at.site, wanted)
    live = files_in(branch.repo, at.base, LIVE)
    mark_folder(at.site, Archive(title, quarter.as_of, site.site_url, live, quarter.version))
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
        _refuse(version.name, top, listing, made.tree)
    if listing == b"" and top:
        top = _cleared(branch, top)
    listing = with_version(listing, version)
    first = read_listing(listing)[0].name
    way = root_files(None, made.built.title, made.built.site_url, first)
    files = {**dict(way), **made.root, FILE: listing}
    top |= {name: blob(repo, content) for name, content in files.items()}
    return tree_of(repo, {**top, version.name: (TREE, made.tree)})


def _refuse(name: str, top: Entries, listing: bytes, tree: str) -> None:
    """Raise where `name` is taken; by the very same `tree`, it only has to be in the list."""
    if name == LIVE or is_ours(name):
        raise VersionError(f"`{name}` cannot be the name of an archive")
    listed = {it.name for it in read_listing(listing)}
    if name in listed or top.get(name, (TREE, tree)) != (TREE, tree):
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


def _edited(config: Path, branch: Branch) -> bool:
    """Whether the goals or the configuration hold what is not committed."""
    asked = ("--no-optional-locks", "status", "--porcelain", "--")
    try:
        places = (config, read_project(config.parent).content)
        return bool(git(branch.repo, *asked, *map(str, places)).strip())
    except (GitError, ProjectError):
        return False  # they lie elsewhere


def _message(version: Version) -> str:
    source = f" from {version.source}" if version.commit else ""
    day = f" as of {version.as_of.isoformat()}" if version.as_of else ""
    return f"Publish {version.name}{source}{day}"
