"""versions.json: which versions there are, as Material's selector and `mike` read it.

The selector puts a title into the page as HTML. So titles are written as HTML that shows the text.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from typing import Any

from mike.versions import Versions  # type: ignore[import-untyped]

from okrsite.hosts.versions.problems import VersionError
from okrsite.portal.words import shortened

LIVE, LIVE_TITLE = "latest", "Today"
FILE = "versions.json"

# The selector stands in the header of every page, beside the name of the site.
LONGEST = 60
# A version is a part of an address, and an alias goes into the page as HTML too.
_NAME = re.compile(r"\w[\w.+~ -]*")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the site: its folder, its name in the selector, and what it was made from.

    `edited` tells whether that was the commit with changes that nobody had committed.
    `record` is the SHA-256 of the manifest that an archive stands beside, `snapshot` its name.
    """

    name: str
    title: str
    as_of: date | None = None
    commit: str = ""
    snapshot: str = ""
    record: str = ""
    edited: bool = False

    @property
    def ours(self) -> bool:
        """Whether okrsite published it: nobody else lists the day of a version."""
        return self.as_of is not None

    @property
    def source(self) -> str:
        """The commit in short, and whether there was more than what it holds."""
        return f"{self.commit[:7]}{' with uncommitted changes' if self.edited else ''}"


def read_listing(text: bytes) -> tuple[Version, ...]:
    """All versions, in their order.

    Raises:
        VersionError: it is not what mike writes.
    """
    return tuple(
        _version(str(info.version), unescape(info.title), info.properties) for info in _read(text)
    )


def _read(text: bytes) -> Any:
    try:
        listing = Versions.from_json(json.loads(text.decode() or "[]"))
        problem = next(filter(None, map(_problem, listing)), "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VersionError(f"{FILE} cannot be read: {error}") from error
    except RecursionError:
        raise VersionError(f"{FILE} cannot be read: it is nested too deeply") from None
    if problem:
        raise VersionError(f"{FILE} cannot be read: {problem}")
    return listing


def _problem(info: Any) -> str:
    """What is wrong with a row; its names and its title end up in every page of the site."""
    odd = next((it for it in (str(info.version), *info.aliases) if not _NAME.fullmatch(it)), None)
    if odd is not None:
        return f"{odd!r} is no name of a version"
    if not isinstance(info.title, str):
        return f"the title of {info.version} is no text"
    if not isinstance(info.properties, Mapping | None):
        return f"the properties of {info.version} are no mapping"
    return ""


def _version(name: str, title: str, properties: object) -> Version:
    known = properties if isinstance(properties, Mapping) else {}
    said = {key: str(known.get(key) or "") for key in ("as_of", "commit", "snapshot", "record")}
    try:
        day = date.fromisoformat(said["as_of"])
    except ValueError:
        day = None
    edited = bool(known.get("uncommitted"))
    return Version(name, title, day, said["commit"], said["snapshot"], said["record"], edited)


def with_version(text: bytes, new: Version) -> bytes:
    """The listing with `new` in it; the live portal first, then the newest quarter.

    Raises:
        VersionError: the listing cannot be read, or does not take it.
    """
    listing = _read(text)
    for other in listing:
        other.aliases.discard(new.name)  # another tool's way to call one of its own
    try:
        listing.add(new.name, escape(new.title))
    except ValueError as error:
        raise VersionError(str(error)) from error
    info = listing[new.name]
    others = {key: it for key, it in (info.properties or {}).items() if key != "uncommitted"}
    info.properties = {**others, **_properties(new)}
    if problem := _problem(info):
        raise VersionError(problem)
    rows = [_written(row) for row in listing.to_json()]
    rows.sort(key=lambda row: str(row.get("properties", {}).get("as_of", "")), reverse=True)
    rows.sort(key=lambda row: row["version"] != LIVE)
    try:
        return f"{json.dumps(rows, indent=2, allow_nan=False)}\n".encode()
    except (ValueError, RecursionError) as error:
        raise VersionError(f"{FILE} cannot be written: {error}") from error


def _written(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it may stand in the list, whoever wrote it."""
    title = shortened(" ".join(unescape(row["title"]).split()), LONGEST) or row["version"]
    return {**row, "title": escape(title), "aliases": sorted(row["aliases"])}


def _properties(version: Version) -> dict[str, str]:
    said = {
        "as_of": version.as_of.isoformat() if version.as_of else "",
        "commit": version.commit,
        "uncommitted": "yes" if version.edited else "",
        "snapshot": version.snapshot,
        "record": version.record,
    }
    return {key: value for key, value in said.items() if value}
