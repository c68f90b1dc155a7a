"""The configuration of a commit: what it says, and the files it was read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath

from okrsite.hosts.options import HOST_OPTIONS
from okrsite.hosts.project import CONFIGS, ProjectError, docs_of, whole
from okrsite.okr.configuration import ConfigurationError, load_configuration, tagged
from okrsite.okr.git import Repository
from okrsite.okr.revisions import read_file


@dataclass(frozen=True)
class Configured:
    """What a configuration says with what it inherits, and its path from the top, if there is one.

    `texts` are all files it was read from, by their path from the top.
    """

    raw: Mapping[str, object] = field(default_factory=dict)
    path: str | None = None
    texts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def unknown(self) -> tuple[tuple[str, str], ...]:
        """The options that make numbers and stand behind a tag such as `!ENV`, each by its file."""
        found = (
            (path, name)
            for path, text in self.texts.items()
            for name in tagged(text.decode("utf-8-sig"), "okrsite")
        )
        return tuple(each for each in found if each[1] not in HOST_OPTIONS)

    def content(self, here: str) -> str:
        """The folder of content from the top, for a project that lies in the folder `here`."""
        found = normpath(join(here, docs_of(self.raw, self.path)))
        return "" if found == "." else found


def configuration_in(repo: Repository, commit: str, here: str, called: str = "") -> Configured:
    """The configuration that the folder `here` has in a commit, which is `called` so in errors.

    Raises:
        GitError: the commit cannot be read.
        ProjectError: the configuration cannot be read.
    """
    for name in CONFIGS:
        found = configuration_at(repo, commit, join(here, name), called)
        if found.path:
            return found
    return Configured()


def configuration_at(repo: Repository, commit: str, path: str, called: str = "") -> Configured:
    """The configuration at a path from the top; one that says nothing where there is no file.

    Raises:
        GitError: the commit cannot be read.
        ProjectError: the configuration cannot be read.
    """
    reader = _Reader(repo, commit, called or commit)
    text = read_file(repo, commit, path)
    if text is None:
        return Configured()
    raw = whole(reader.parsed(path, text), path, reader.inherited)
    return Configured(raw, path, reader.texts)


@dataclass(frozen=True)
class _Reader:
    """Reads the files of one commit, and remembers them."""

    repo: Repository
    commit: str
    called: str
    texts: dict[str, bytes] = field(default_factory=dict)

    def parsed(self, path: str, text: bytes) -> Mapping[str, object]:
        self.texts[path] = text
        try:
            return load_configuration(text.decode("utf-8-sig"))
        except ConfigurationError as error:
            raise ProjectError(f"{self.called}: {error.told(path)}") from error
        except UnicodeDecodeError as error:
            raise ProjectError(f"{self.called}: {path}: {error}") from error

    def inherited(self, path: str) -> Mapping[str, object]:
        if path == ".." or path.startswith(("../", "/")):
            words = f"the configuration inherits from {path}, which lies outside the repository"
            raise ProjectError(f"{self.called}: {words}: no commit has it. Put it inside.")
        text = read_file(self.repo, self.commit, path)
        if text is None:
            words = f"{self.called} has no {path}, from which its configuration inherits"
            raise ProjectError(words)
        return self.parsed(path, text)
