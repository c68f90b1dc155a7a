"""Who writes: the user that git knows, as the person that the goals know."""

import os
import re
from pathlib import Path

from okrsite.edit.checking_in.check_in import one_line
from okrsite.edit.files import EditError
from okrsite.edit.text.names import id_of
from okrsite.okr.git import GitError, Repository, git
from okrsite.okr.portfolio import Portfolio


def writer(named: str | None, folder: Path, portfolio: Portfolio) -> str:
    """Who signs: the one that was `named`, else git's user in `folder`.

    Raises:
        EditError: nobody was named, and git knows nobody; or no name can be read in what was typed.
    """
    name, email = (named, named) if named else user_of(folder)
    found = author_of(name, email, portfolio)
    if not found:
        raise EditError("git knows no user here; say who you are with --author NAME")
    return found


def user_of(folder: Path) -> tuple[str, str]:
    """Name and e-mail address of git's user in `folder`; empty where git knows none."""
    name, email = (_told(variable) for variable in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"))
    return name or _configured(folder, "user.name"), email or _configured(folder, "user.email")


def _told(variable: str) -> str:
    return one_line(os.environ.get(variable, "").encode("utf-8", "replace").decode())


def _configured(folder: Path, option: str) -> str:
    try:
        return one_line(
            git(Repository(folder), "config", "--get", option).decode("utf-8", "replace")
        )
    except GitError:
        return ""


def author_of(name: str, email: str, portfolio: Portfolio) -> str:
    """The id of the person with this address, title or id, else the bare name; empty if none.

    Raises:
        EditError: what was typed is no text, and would be written as nobody.
    """
    words, address = one_line(name), email.strip().lower()
    if name and (not words or re.search("[\ud800-\udfff]", name)):
        raise EditError(f"{name!a} is no name: write it with letters, in UTF-8")
    people = portfolio.people
    by_address = (
        key
        for key, person in people.items()
        if "@" in address and f"mailto:{address}" in map(str.lower, person.links.values())
    )
    by_title = (key for key, one in people.items() if one.title.casefold() == words.casefold())
    ids = (words, id_of(words), id_of(address.partition("@")[0]))
    by_id = (key for key in ids if key in people)
    return next(iter((*by_address, *by_title, *by_id)), words or address)
