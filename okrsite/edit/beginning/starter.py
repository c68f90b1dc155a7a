"""A new portal as values: the skeleton that is shipped, filled in with a few answers."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from string import Template
from urllib.parse import quote, urlsplit

from okrsite.edit.beginning.branch import as_pattern, branch_name
from okrsite.edit.beginning.cycles import Span, calendar_span
from okrsite.edit.beginning.requirement import requirement
from okrsite.edit.files import EditError
from okrsite.edit.text.names import id_of
from okrsite.edit.text.scalars import scalar

FORGES: Mapping[str, tuple[str, ...]] = {
    "github": ("github",),
    "gitlab": ("gitlab",),
    "both": ("github", "gitlab"),
    "none": (),
}
# Actions by their full commit: a name such as v5 may be moved to another one any day.
_ACTIONS = {
    "checkout": "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8  # v5.0.0",
    "setup_python": "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c  # v6.0.0",
    "upload": "actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f  # v6.0.0",
    "download": "actions/download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131  # v7.0.0",
    "upload_pages": "actions/upload-pages-artifact@fc324d3547104276b827a68afc52ff2a11cc49c9"
    "  # v5.0.0",
    "attest": "actions/attest-build-provenance@e8998f949152b193b063cb0ec769d69d929409be  # v2.4.0",
    "deploy_pages": "actions/deploy-pages@cd2ce8fcbc39b97be8ca5fce6e763baed58fa128  # v5.0.0",
}
# What is left out where no examples are wanted.
_EXAMPLES = ("objectives", "initiatives", "kpis", "check-ins")
_ONCE_LINKED = ", once `repo_url` in `mkdocs.yml` names your repository"
_WORDS = {"q": "quarter", "h": "half year", "": "year"}


class _Skeleton(Template):
    """Only `%%{name}` is filled in: shells and workflows have dollars and braces of their own."""

    delimiter = "%%"
    flags = re.VERBOSE


@dataclass(frozen=True, slots=True)
class Choices:
    """The answers. `owner` is a name in words, `repo` the address of the repository or nothing.

    `below` is where in the repository the portal lies, `requirement` what pip is to install: by
    default this `version` of okrsite up to the next that may differ.
    """

    company: str
    period: str
    teams: tuple[str, ...]
    owner: str
    forge: str
    today: date
    version: str
    repo: str = ""
    branch: str = "main"
    content: str = "content"
    examples: bool = True
    below: str = ""
    requirement: str = ""


def starter(choices: Choices) -> Mapping[str, str]:
    """Every file of the new portal: path → text.

    Raises:
        EditError: an answer cannot be used.
    """
    ids = [_id(team, "team") for team in choices.teams]
    if len(set(ids)) < len(ids):
        raise EditError("two teams would have the same id; give each a name of its own")
    shipped = dict(_shipped(files("okrsite") / "starter"))
    words = _words(choices, shipped)
    made: dict[str, str] = {}
    for room in ("portal", *FORGES[choices.forge]):
        for path, text in shipped.items():
            if path.startswith(f"{room}/") and _wanted(path, choices):
                for more in _each(path, choices):
                    name = _named(path.removeprefix(f"{room}/"), {**words, **more})
                    made[name] = _Skeleton(text).substitute({**words, **more})
    _refuse_taken(words["content"], made)
    return made


def quarter_of(day: date) -> str:
    """The id of the quarter that `day` lies in."""
    return f"{day.year}-q{(day.month + 2) // 3}"


def span_of(period: str) -> Span:
    """The days that the id of a period stands for.

    Raises:
        EditError: it is neither a quarter nor a half, a month or a year of our time.
    """
    span = calendar_span(period)
    if span is None or not 1900 < span.start.year < 2199:
        raise EditError(
            f"`{period}` is no period; write a quarter as 2026-q4 or Q4 2026, a half as 2026-h2,"
            " a month as 2026-11, a year as 2026"
        )
    return span


def _shipped(folder: Traversable, above: str = "") -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        path = f"{above}{entry.name}"
        if entry.is_dir():
            yield from _shipped(entry, f"{path}/")
        else:
            yield path, entry.read_text("utf-8")


def _wanted(path: str, choices: Choices) -> bool:
    """Whether a file belongs into this portal: of what has its time, only what is not over."""
    parts = PurePosixPath(path).parts
    kind = parts[2] if parts[1] == "content" else ""
    span = span_of(choices.period)
    if not choices.examples and kind in _EXAMPLES:
        return False
    if choices.today > span.end and kind == "initiatives":
        return False
    return kind != "check-ins" or span.start <= choices.today <= span.end


def _each(path: str, choices: Choices) -> Iterator[dict[str, str]]:
    """Once for most files, and once a team for the file of a team."""
    for team in choices.teams if "TEAM" in path else choices.teams[:1]:
        yield {"team": _id(team, "team"), "team_title": scalar(team)}


def _named(path: str, words: Mapping[str, str]) -> str:
    """The path in the new portal; the skeleton hides no file and leaves names in capitals."""
    stands = {"PERIOD": "period", "COMPANY": "company_id", "OWNER": "owner", "DAY": "eve"}
    for name, word in {**stands, "TEAM": "team"}.items():
        path = re.sub(rf"\b{name}\b", words[word], path)
    path = re.sub(r"(^|/)dot\.", r"\1.", path)
    inside = path.removeprefix("content/")
    return f"{words['content']}/{inside}" if inside != path else path


def _words(choices: Choices, shipped: Mapping[str, str]) -> dict[str, str]:
    span, branch = span_of(choices.period), branch_name(choices.branch)
    company, owner = _line(choices.company, "company"), _line(choices.owner, "name")
    words = {
        **_ACTIONS,
        **_addresses(choices),
        "site_name": scalar(f"{company} goals"),
        "site_title": f"{_plain(company)} goals",
        "site_description": scalar(
            f"What {company} wants to reach, how far it is, and what changed on the way."
        ),
        "company_title": scalar(company),
        "company_text": _plain(company),
        "company_id": _free(_id(company, "company"), choices.teams),
        "company_ref": scalar(_free(_id(company, "company"), choices.teams)),
        "owner": _id(owner, "name"),
        "owner_ref": scalar(_id(owner, "name")),
        "owner_title": scalar(owner),
        "first_team": scalar(_id(choices.teams[0], "team")),
        "teams_target": str(_target(choices)),
        "plan": _plan(choices, span),
        "period": span.name,
        "period_title": scalar(span.title),
        "period_word": _WORDS.get(span.name[5:6], "month"),
        "period_state": _state(span, choices.today),
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "day": min(max(choices.today, span.start), span.end).isoformat(),
        # The day before: what somebody checks in on the first day comes after it, and counts.
        "eve": max(choices.today - timedelta(days=1), span.start).isoformat(),
        "content": _folder(choices.content),
        "content_pattern": re.escape(_folder(choices.content)),
        "branch": branch,
        "branch_ref": scalar(branch),
        "branch_pattern": scalar(as_pattern(branch)),
        "branch_word": shlex.quote(f"{branch}...HEAD"),
        "requirement": requirement(choices.requirement or f"okrsite{_range(choices.version)}"),
        "once_linked": "" if choices.repo else _ONCE_LINKED,
    }
    setup = [f"parts/setup-{name}.md" for name in FORGES[choices.forge] or ("none",)]
    told = "\n".join(_Skeleton(shipped[name]).substitute(words) for name in setup)
    return {**words, "setup": told.rstrip()}


def _addresses(choices: Choices) -> dict[str, str]:
    """Where the repository is, and what follows from that; lines to fill in where it is unknown."""
    gitlab = "gitlab" in choices.repo or choices.forge == "gitlab"
    place = quote(f"{choices.branch}/{choices.below}{_folder(choices.content)}/")
    edit = f"{'-/' if gitlab else ''}edit/{place}"
    lines = {
        "site_url": _pages(choices.repo),
        "repo_url": choices.repo,
        "edit_uri": edit if choices.repo else "",
    }
    host = "gitlab.com" if gitlab else "github.com"
    examples = {
        "site_url": "https://goals.example.com/",
        "repo_url": f"https://{host}/OWNER/REPOSITORY",
        "edit_uri": edit,
    }
    known = (
        f"{key}: {scalar(value)}" if value else f"# {key}: {examples[key]}"
        for key, value in lines.items()
    )
    brand = "gitlab" if gitlab else "github"
    return {"addresses": "\n".join(known), "icon": f"fontawesome/brands/{brand}"}


def _pages(repo: str) -> str:
    """Where the forge publishes the pages of a repository, for the two that everybody can reach."""
    parts = urlsplit(repo)
    owner, _, name = parts.path.strip("/").partition("/")
    domain = {"github.com": "github.io", "gitlab.com": "gitlab.io"}.get(parts.netloc.lower())
    if not (domain and owner and name) or (domain == "gitlab.io" and "/" in name):
        return ""
    home = f"{owner.lower()}.{domain}"
    return f"https://{home}/" if name.lower() == home else f"https://{home}/{name}/"


def _state(span: Span, today: date) -> str:
    if span.start <= today <= span.end:
        return f"state: committed\ncommitted_on: {today.isoformat()}"
    return "state: draft"


def _target(choices: Choices) -> int:
    return max(3, len(choices.teams) + 2)


def _plan(choices: Choices, span: Span) -> str:
    """Where a portal begins in the middle of its period, nobody is behind on the first day."""
    if not span.start < choices.today < span.end:
        return ""
    days = f"{{{choices.today}: 1, {span.end}: {_target(choices)}}}"
    return f"\n    plan: {days}  # expected on the way; left out, the same each day"


def _range(version: str) -> str:
    """From this version up to the next that may change what a text means."""
    major, minor = (int(part) for part in re.findall(r"\d+", version)[:2])
    return f">={version},<{major}.{minor + 1}" if major == 0 else f">={version},<{major + 1}"


def _line(words: str, what: str) -> str:
    line = " ".join(words.split())
    if not line or not line.isprintable() or len(line) > 120:
        raise EditError(f"the {what} needs a name of one line and at most 120 characters")
    return line


def _id(words: str, what: str) -> str:
    name = id_of(_line(words, what), longest=60)  # a check-in's name holds a day as well
    return what if name in ("", "index") else name


def _plain(words: str) -> str:
    """Words that Markdown shall take for words."""
    return re.sub(r"([\\`*_\[\]#|])", r"\\\1", escape(words, quote=False))


def _free(name: str, teams: tuple[str, ...]) -> str:
    """The company is a team as well: an id that none of the others has."""
    return f"{name[:72]}-company" if name in {_id(team, "team") for team in teams} else name


def _refuse_taken(content: str, made: Mapping[str, str]) -> None:
    """Refuse a folder for the goals that git is told to ignore, or that a file has the name of."""
    first = content.partition("/")[0].casefold()  # capitals make no other name on every computer
    if f"/{first}/" in made[".gitignore"].split():
        raise EditError(f"`{content}` is for what is made anew and never committed; name another")
    if first in map(str.casefold, made):
        raise EditError(f"`{content}` is the name of another file of the portal; name another")


def _folder(content: str) -> str:
    """A plain folder below the portal's own.

    Raises:
        EditError: it lies elsewhere, or its name would mean something else in a pattern.
    """
    name = content.rstrip("/")
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)*", name, re.ASCII):
        raise EditError(f"`{content}` is no folder for the goals; plain letters do, as `content`")
    return name
