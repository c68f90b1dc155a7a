"""versions.json: which versions there are, as Material's selector and `mike` read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mike.versions import Versions  # type: ignore[import-untyped]

from okrsite.hosts.versions.problems import VersionError

LIVE, LIVE_TITLE = "latest", "Today"
FILE = "versions.json"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the site: its folder, its name in the selector, and what it was made from.

    `record` is the SHA-256 of the manifest that an archive stands beside, `snapshot` its name.
    """

    name: str
    title: str
    as_of: date | None = None
    commit: str = ""
    snapshot: str = ""
    record: str = ""


def read_listing(text: bytes) -> tuple[Version, ...]:
    """All versions, in their order.

    Raises:
        VersionError: it is not what mike writes.
    """
    return tuple(
        _version(str(info.version), str(info.title), info.properties) for info in _read(text)
    )


def _read(text: bytes) -> Any:
    try:
        return Versions.loads(text.decode()) if text else Versions()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VersionError(f"{FILE} cannot be read: {error}") from error


def _version(name: str, title: str, properties: object) -> Version:
    known = properties if isinstance(properties, Mapping) else {}
    said = {key: str(known.get(key) or "") for key in ("as_of", "commit", "snapshot", "record")}
    try:
        day = date.fromisoformat(said["as_of"])
    except ValueError:
        day = None
    return Version(name, title, day, said["commit"], said["snapshot"], said["record"])


def with_version(text: bytes, new: Version) -> bytes:
    """The listing with `new` in it; the live portal first, then the newest quarter.

    Raises:
        VersionError: the listing cannot be read, or does not take it.
    """
    listing = _read(text)
    try:
        listing.add(new.name, new.title)
    except ValueError as error:
        raise VersionError(str(error)) from error
    info = listing[new.name]
    info.properties = {**(info.properties or {}), **_properties(new)}
    rows = [{**row, "aliases": sorted(row["aliases"])} for row in listing.to_json()]
    rows.sort(key=lambda row: str(row.get("properties", {}).get("as_of", "")), reverse=True)
    rows.sort(key=lambda row: row["version"] != LIVE)
    return f"{json.dumps(rows, indent=2)}\n".encode()


def _properties(version: Version) -> dict[str, str]:
    said = {
        "as_of": version.as_of.isoformat() if version.as_of else "",
        "commit": version.commit,
        "snapshot": version.snapshot,
        "record": version.record,
    }
    return {key: value for key, value in said.items() if value}
