"""What pip is to install: one line of `requirements.txt`, made of what somebody typed."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from okrsite.edit.files import EditError

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_BOUND = r"(?:[<>]=?|[=!~]=) *[A-Za-z0-9.*+!_-]+"
_BY_NAME = re.compile(rf"{_NAME}(?:\[{_NAME}(?:, *{_NAME})*\])?(?: *{_BOUND}(?: *, *{_BOUND})*)?")
# No space, no backslash: pip would read a second option, or the line below, as part of it.
_ADDRESS = re.compile(r"(?:https?|file|(?:git|hg|svn|bzr)\+(?:https?|ssh|file)):/[!-\[\]-~]+")
_DIRECT = re.compile(rf"(?P<name>{_NAME}) *@ *(?P<address>\S+)")
_LOGIN = re.compile(r"[a-z+]*https?://(?P<login>[^/@]+)@")
_SHAPES = (
    "write one line such as okrsite>=0.1,<0.2, or okrsite @ git+https://git.example.com/okrsite@v0.1,"
    " or the address of a wheel"
)


def requirement(typed: str) -> str:
    """The line that pip reads: a name with its versions, or a name and the address it is at.

    Raises:
        EditError: pip could not read it, or would read something else than was meant.
    """
    text = typed.strip()
    if _BY_NAME.fullmatch(text):
        return text
    named = _DIRECT.fullmatch(text)
    name, address = (named["name"], named["address"]) if named else ("okrsite", text)
    if not _ADDRESS.fullmatch(address):
        raise EditError(f"`{' '.join(text.split())}` is nothing pip can install; {_SHAPES}")
    login = _LOGIN.match(address)
    # A variable in capitals is what pip fills in from its surroundings.
    if login and re.sub(r"\$\{[A-Z0-9_]+\}", "", login["login"]).strip(":"):
        raise EditError(
            "that address holds a password or token, which everybody could read in the repository;"
            " write ${NAME} in its place, and pip takes it from the environment"
        )
    return f"{name} @ {address}"


def as_address(typed: str) -> str:
    """A wheel, an archive or a folder of this computer by its address; anything else as it is.

    Raises:
        EditError: it is a path to nothing.
    """
    text = typed.strip()
    is_path = "://" not in text and re.search(r"[\\/]|\.(?:whl|zip|tar\.gz)$", text)
    if not is_path or "\n" in text:
        return text
    path = Path(text).expanduser().resolve()
    if not path.exists():
        raise EditError(f"there is no {text}; {_SHAPES}")
    return path.as_uri()


def requirement_of(direct_url: str) -> str:
    """What installs the same again elsewhere, from the note that pip leaves of an address.

    Empty where it came from a registry, or from this computer.
    """
    try:
        note = json.loads(direct_url) if direct_url else {}
    except ValueError:
        return ""
    address = note.get("url", "") if isinstance(note, Mapping) else ""
    if not isinstance(address, str) or not re.match(r"https?:|ssh:", address):
        return ""
    if vcs := note.get("vcs_info"):
        at = vcs.get("requested_revision") or vcs.get("commit_id")
        address = f"{vcs.get('vcs')}+{address}@{at}"
    if below := note.get("subdirectory"):
        address += f"#subdirectory={below}"
    try:
        return requirement(address)
    except EditError:
        return ""
