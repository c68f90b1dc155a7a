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
    """The handle of an owner or lead, who is a person's id or title, or a team's id (its lead)."""
    person = person_of(portfolio, name)
    team = portfolio.teams.get(name) if person is None else None
    person = person_of(portfolio, team.lead or "") if team else person
    return handle_of(person, forge) if person else ""


def person_of(portfolio: Portfolio, name: str) -> Person | None:
    """The person with this id; else the only one with this title, in capitals or not."""
    words = " ".join(name.split()).casefold()
    alike = [one for one in portfolio.people.values() if one.title.casefold() == words]
    return portfolio.people.get(name) or (alike[0] if len(alike) == 1 else None)
