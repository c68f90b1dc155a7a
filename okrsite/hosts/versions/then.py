"""A project as it was at a commit: where it lay, and what made its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join

from okrsite.hosts.grounds import Home
from okrsite.hosts.options import for_numbers
from okrsite.hosts.project import options_of, read_project
from okrsite.hosts.versions.problems import VersionError
from okrsite.okr.git import Repository, commit_of
from okrsite.okr.revisions import inside
from okrsite.okr.snapshot.names import SnapshotError


@dataclass(frozen=True, slots=True)
class Then:
    """Its goals and its configuration at `commit`, by their paths from the top.

    `config` is empty where it had none. `options` are those of the plugin that make numbers.
    `goals_moved` and `config_moved` say that one lay elsewhere than today, and are empty else.
    """

    commit: str
    content: str
    config: str
    options: Mapping[str, object] = field(default_factory=dict)
    goals_moved: str = ""
    config_moved: str = ""


def project_at(repo: Repository, commit: str, config: Path) -> Then:
    """Where the project of today's configuration was at a commit, found as a record's proof is.

    Raises:
        GitError: the commit cannot be read.
        ProjectError: the project of today cannot be read.
        VersionError: it was nowhere then, or its configuration cannot be read.
    """
    name, folder = commit_of(repo, commit), inside(repo, config.parent)
    content = inside(repo, read_project(config.parent).content)
    try:
        spot = Home(repo, commit_of(repo, "HEAD"), folder, content).at(name)
    except SnapshotError as error:
        raise VersionError(str(error)) from error
    found, lies = spot.said.path or "", join(folder, config.name)
    goals = f"from {spot.content or 'the top'}, where the goals were then"
    return Then(
        commit=name,
        content=spot.content,
        config=found,
        options=for_numbers(options_of(spot.said.raw)),
        goals_moved="" if spot.content == content else goals,
        config_moved="" if found in ("", lies) else f"with {found} of that time",
    )
