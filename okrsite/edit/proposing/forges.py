"""A remote's address → the forge it lies at, and how a request is opened there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

GITHUB, GITLAB = "github", "gitlab"
PROGRAMS = {GITHUB: "gh", GITLAB: "glab"}
_ADDRESS = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^/@]*@)?(?P<host>[^/:]+)(?::\d+)?/"
    r"|(?:[^/@:]+@)(?P<scp>[^/:]+):)/*(?P<path>[^?#]+?)(?:\.git)?/*"
)


@dataclass(frozen=True, slots=True)
class Forge:
    """Where a repository lies in the web; `kind` is empty where it is none that is known."""

    kind: str
    host: str
    path: str

    @property
    def address(self) -> str:
        return f"https://{self.host}/{self.path}"


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in the commit (`title` and `message`), and in the request (`title`, `body`)."""

    title: str
    message: str
    body: str

    @property
    def commit(self) -> str:
        return f"{self.title}\n\n{self.message}".rstrip() + "\n"


NOWHERE = Forge("", "", "")


def forge_at(address: str) -> Forge:
    """The forge of a remote's address, by the name of its host."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        return NOWHERE
    host = found["host"] or found["scp"]
    kind = next((kind for kind in PROGRAMS if kind in host), "")
    return Forge(kind, host, found["path"])


def command(forge: Forge, target: str, branch: str, words: Words) -> Sequence[str]:
    """What opens a request for `branch` into `target`; nothing where no program does."""
    if forge.kind == GITHUB:
        where = ("--repo", f"{forge.host}/{forge.path}", "--base", target, "--head", branch)
        return ("gh", "pr", "create", *where, "--title", words.title, "--body", words.body)
    if forge.kind == GITLAB:
        ends = ("--source-branch", branch, "--target-branch", target)
        told = ("--title", words.title, "--description", words.body, "--yes")
        return ("glab", "mr", "create", *ends, *told)
    return ()


def form(forge: Forge, target: str, branch: str) -> str:
    """The page on which that request is opened by hand; empty where none is known."""
    if forge.kind == GITHUB:
        return f"{forge.address}/compare/{quote(target)}...{quote(branch)}?expand=1"
    if forge.kind == GITLAB:
        field = quote("merge_request[source_branch]", safe="")
        return f"{forge.address}/-/merge_requests/new?{field}={quote(branch, safe='')}"
    return ""
