"""Who is asked about a changed file: the lines of CODEOWNERS, from owners and teams' leads."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from okrsite.edit.files import EditError
from okrsite.okr.handles import known_as, person_of
from okrsite.okr.portfolio import Portfolio

BEGIN, END = "# okrsite: begin", "# okrsite: end"
_HEAD = (
    "# Written by `okrsite codeowners`; what stands outside of these two marks is yours.",
    "# The last line that fits a file counts.",
)
# Whoever leads the company is asked about what nobody else is named for.
_KINDS = ("amendments", "initiatives", "kpis", "objectives", "periods", "teams")
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owners:
    """The lines between the marks, and what whoever runs the command should know."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...]


def code_owners(portfolio: Portfolio, forge: str, folder: str) -> Owners:
    """The lines for a content folder that is `folder` as seen from the top of its repository."""
    asked = dict(_asked(portfolio))
    company = tuple(name for team in portfolio.company() for name in _lead(portfolio, team))
    names = dict.fromkeys(name for found in (company, *asked.values()) for name in found)
    handles = {name: known_as(portfolio, name, forge) for name in names}
    files = {path: _handles(found, handles) for path, found in asked.items()}
    nameless = tuple(_remark(name, portfolio) for name in names if not handles[name])
    lines = _lines(files, _handles(company, handles), folder)
    hint = (
        f"a handle is read from `links: {{{forge}: https://{forge}.com/NAME}}` in a person's file"
    )
    remarks = (*nameless, hint) if nameless else ()
    return Owners((*_HEAD, *(f"# {remark}" for remark in nameless), *lines), remarks)


def _asked(portfolio: Portfolio) -> Iterator[tuple[str, Names]]:
    """Each file with those to be asked: its owner, and whoever leads its team."""
    for items in (portfolio.objectives, portfolio.initiatives, portfolio.kpis):
        for item in items.values():
            owner = (item.owner,) if item.owner else ()
            yield item.path, tuple(dict.fromkeys((*owner, *_lead(portfolio, item.team))))
    for key, team in portfolio.teams.items():
        yield team.path, _lead(portfolio, key)
    for amendment in portfolio.amendments.values():
        yield amendment.path, _lead(portfolio, _team_of(portfolio, amendment.subject))


def _team_of(portfolio: Portfolio, subject: str) -> str | None:
    initiative = portfolio.initiatives.get(subject)
    objective = portfolio.objectives.get(subject.partition("/")[0])
    kr = portfolio.key_results.get(subject)
    return next((item.team for item in (kr, initiative, objective) if item and item.team), None)


def _lead(portfolio: Portfolio, team: str | None) -> Names:
    """Who leads a team; where nobody is named, whoever leads the one above it."""
    while team is not None and team in portfolio.teams:
        found = portfolio.teams[team]
        if found.lead:
            return (found.lead,)
        team = found.parent
    return ()


def _handles(names: Names, handles: Mapping[str, str]) -> Names:
    return tuple(dict.fromkeys(handles[name] for name in names if handles[name]))


def _remark(name: str, portfolio: Portfolio) -> str:
    home = person_of(portfolio, name) or portfolio.teams.get(name)
    place = home.path if home else "no file in people/"
    return f"no handle for {' '.join(name.split())} ({place})"


def _lines(files: Mapping[str, Names], company: Names, folder: str) -> Iterator[str]:
    for kind in _KINDS if company else ():
        yield _line(PurePosixPath(folder, kind), company, "/")
    rows = {path: found for path, found in files.items() if found and found != company}
    whole = _whole_folders(files)
    told = {min(_above(path) & whole, key=len, default=path): found for path, found in rows.items()}
    for path, found in sorted(told.items()):
        yield _line(PurePosixPath(folder, path), found, "/" if path in whole else "")
    yield "# Everybody may check in."
    yield _line(PurePosixPath(folder, "check-ins"), (), "/")


def _whole_folders(files: Mapping[str, Names]) -> set[str]:
    """Folders below a kind's own with several files, all of the same owners."""
    below: dict[str, list[Names]] = {}
    for path, found in files.items():
        for above in _above(path):
            below.setdefault(above, []).append(found)
    return {name for name, rows in below.items() if len(rows) > 1 and len(set(rows)) == 1}


def _above(path: str) -> set[str]:
    """The folders a file lies in, but for the one that makes its kind."""
    return {str(folder) for folder in PurePosixPath(path).parents if len(folder.parts) > 1}


def _line(path: PurePosixPath, handles: Names, end: str) -> str:
    return " ".join((pattern(str(path)) + end, *handles))


def pattern(path: str) -> str:
    """A path as CODEOWNERS spells it: from the top, with what means something there escaped."""
    plain = re.sub(r"[^\S ]|[\x00-\x1f\x7f]", "?", path)  # no other white space can be written
    return "/" + re.sub(r"([\\ #!*\[\]])", r"\\\1", plain).lstrip("/")


def merged(old: str, lines: Iterable[str]) -> str:
    """`old` with `lines` between the marks, which are added at its end where it has none.

    Raises:
        EditError: the marks are not there as a pair.
    """
    rows = old.splitlines(keepends=True)
    begins = [at for at, row in enumerate(rows) if row.strip() == BEGIN]
    ends = [at for at, row in enumerate(rows) if row.strip() == END]
    block = (BEGIN, *lines, END)
    if not begins and not ends:
        eol = "\r\n" if old.count("\r\n") * 2 > old.count("\n") else "\n"
        kept = old.rstrip()
        return (kept + eol * 2 if kept else "") + eol.join(block) + eol
    if len(begins) != 1 or len(ends) != 1 or ends < begins:
        raise EditError(f"`{BEGIN}` and `{END}` must each stand there once, in this order")
    begin, end = begins[0], ends[0]
    if tuple(row.rstrip("\r\n") for row in rows[begin : end + 1]) == block:
        return old
    eol = "\r\n" if rows[begin].endswith("\r\n") else "\n"
    last = rows[end][len(rows[end].rstrip("\r\n")) :]
    return "".join((*rows[:begin], eol.join(block), last, *rows[end + 1 :]))


def difference(old: str, new: str, name: str) -> str:
    """What has to change, as a unified diff; empty where nothing has to."""
    rows = (old.splitlines(), new.splitlines())
    return "\n".join(difflib.unified_diff(*rows, f"{name} (now)", f"{name} (due)", lineterm=""))
