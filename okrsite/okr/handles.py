"""A person's name at the forge, from the links in their file."""

import re
from urllib.parse import urlsplit

from okrsite.okr.model import Person
from okrsite.okr.portfolio import Portfolio

# What each forge lets an account be called; anything else is no link to a person.
_NAMES = {
    "github": re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}"),
    "gitlab": re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}[A-Za-z0-9_-])?"),
}
FORGES = tuple(_NAMES)


def forge_of(address: str, editor: str = "") -> str:
    """The kind of forge that a repository, or its editor, is at; empty where neither tells."""
    host = re.sub(r"^(?:[a-z+]+://)?(?:[^@/]*@)?([^:/]*).*", r"\1", address.strip().lower())
    found = next((forge for forge in FORGES if forge in host), "")
    return found or ("gitlab" if "/-/" in editor else "")


def handle_of(person: Person, forge: str) -> str:
    """`@ana` from `links: {github: https://github.com/ana}`; empty where there is no such link."""
    # A link that is named after the forge goes before one that only leads there.
    links = sorted(person.links.items(), key=lambda item: item[0].strip().lower() != forge)
    for name, address in links:
        if forge in (name.strip().lower(), forge_of(address)):
            found = urlsplit(address).path.strip("/").removeprefix("@")
            if _NAMES[forge].fullmatch(found):
                return f"@{found}"
    return ""


def known_as(portfolio: Portfolio, name: str, forge: str) -> str:
    """The handle of an owner or lead, who is a person's id, a team's id (its lead) or a name."""
    team = portfolio.teams.get(name) if name not in portfolio.people else None
    person = portfolio.people.get((team.lead or "") if team else name)
    return handle_of(person, forge) if person else ""
