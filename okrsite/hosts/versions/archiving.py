"""The archive of a quarter: the portal as it stood, put beside the live one for ever."""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory

from okrsite.hosts.project import ProjectError, read_project
from okrsite.hosts.versions.archived import Archive, mark_folder
from okrsite.hosts.versions.before import NOTHING, Standing, kept_of, standing_at
from okrsite.hosts.versions.branch import Branch, guard, newest, tips_of
from okrsite.hosts.versions.building import Built, Wanted, build_version, site_of
from okrsite.hosts.versions.checkout import sources_of
from okrsite.hosts.versions.listing import LIVE, Version
from okrsite.hosts.versions.problems import VersionError
from okrsite.hosts.versions.putting import Made, put, refuse_taken
from okrsite.hosts.versions.record import Record, up_to
from okrsite.hosts.versions.then import Then, project_at
from okrsite.hosts.versions.trees import TREE, files_in, stored, text_at
from okrsite.okr.frontmatter import read_document
from okrsite.okr.git import GitError
from okrsite.okr.snapshot.names import FOLDER, MANIFEST


@dataclass(frozen=True, slots=True)
class Quarter:
    """What an archive is made of: a commit as on a day, and the record it stands beside, if any.

    Without a `title` it is called as its period is. `todays` asks for today's configuration in
    the place of the one at that commit; the options that make numbers stay those of then.
    """

    version: str
    commit: str
    as_of: date
    title: str = ""
    record: Record | None = None
    todays: bool = False


@dataclass(frozen=True, slots=True)
class Archived:
    """What came of it: the branch's commit, and how it was built, where that is not as usual."""

    commit: str
    how: str


def publish_archive(config: Path, branch: Branch, quarter: Quarter) -> Archived:
    """Put the portal as it stood beside the live one, for ever.

    `config` is today's configuration: it tells where the project lies, and its address.

    Raises:
        VersionExistsError: there is such a version already.
        VersionError: it cannot be built or published; nothing has changed then.
    """
    guard(branch)
    there = standing_at(branch, newest(branch, tips_of(branch)))
    lost = _lost(branch, there, quarter)
    refuse_taken(quarter.version, there, lost)
    kept_of(branch, there, NOTHING)
    try:
        then = project_at(branch.repo, quarter.commit, config)
        out = TemporaryDirectory(prefix="okrsite-site-")
        with sources_of(branch.repo, then.commit) as top, out as temporary:
            places = _Places(top, Path(temporary) / "site", there, lost)
            made = _archive(config, branch, quarter, then, places)
    except (GitError, ProjectError, OSError) as error:
        raise VersionError(f"{quarter.version}: {error}") from error
    return Archived(put(branch, made), made.how)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the sources of that time lie, where the site goes, and what is on the branch.

    `lost` is the tree of the archive where it is published and only its row is missing.
    """

    sources: Path
    site: Path
    there: Standing
    lost: str = ""


def _lost(branch: Branch, there: Standing, quarter: Quarter) -> str:
    """The tree of an archive that was made with this record and is in no list any more, if any."""
    mode, tree = there.top.get(quarter.version, ("", ""))
    if quarter.record is None or quarter.version in there.archives or mode != TREE:
        return ""
    path = f"{quarter.version}/{FOLDER}/{quarter.record.name}/{MANIFEST}"
    held = text_at(branch.repo, there.commit, path)
    return tree if sha256(held).hexdigest() == quarter.record.digest else ""


def _archive(config: Path, branch: Branch, quarter: Quarter, then: Then, at: _Places) -> Made:
    content, record = at.sources / then.content, quarter.record
    if record:
        _put_records(read_project(config.parent).content, content, record)
    title = quarter.title or _title(content, quarter.version)
    site = site_of(config, quarter.as_of)
    made_from = (record.name, record.digest) if record else ("", "")
    version = Version(quarter.version, title, quarter.as_of, then.commit, *made_from)
    if at.lost:
        return Made(version, at.lost, site, {})
    built = _built(config, quarter, then, at, site.site_url)
    live = files_in(branch.repo, at.there.commit, LIVE)
    mark_folder(at.site, Archive(title, quarter.as_of, site.site_url, live, quarter.version))
    how = filter(None, (then.goals_moved, _OF_TODAY if quarter.todays else then.config_moved))
    return Made(version, stored(branch.repo, at.site), built, {}, ", ".join(how))


_OF_TODAY = "with the mkdocs.yml of today"


def _built(config: Path, quarter: Quarter, then: Then, at: _Places, site_url: str) -> Built:
    """The portal of that time: its goals and its numbers, and its look, or that of today."""
    wanted = Wanted(quarter.version, at.there.archives, False, quarter.as_of, site_url)
    wanted = replace(wanted, content=at.sources / then.content)
    if quarter.todays:
        return build_version(config, at.site, replace(wanted, options=then.options))
    hint = f"`okrsite site archive {quarter.version} --todays-config` builds it {_OF_TODAY}"
    if not then.config:
        raise VersionError(f"{then.commit[:7]} has no mkdocs.yml of this project; {hint}")
    try:
        return build_version(at.sources / then.config, at.site, wanted)
    except VersionError as error:
        told = str(error).replace(f"{at.sources}/", "")
        raise VersionError(f"{then.commit[:7]} does not build today: {told}; {hint}") from error


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
