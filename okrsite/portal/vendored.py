"""What others made and we carry along: which files, of which release, and their digests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from okrsite.portal.assets import theme_folder

RECORD = "vendored.json"


@dataclass(frozen=True, slots=True)
class Package:
    """One package as it was published: its files by their name here, with their SHA-256."""

    name: str
    version: str
    licence: str
    files: Mapping[str, str]


def vendor_folder() -> Path:
    """Where the packages lie, a folder each."""
    return theme_folder() / "vendor"


@cache
def packages() -> Mapping[str, Package]:
    """Every package by the name of its folder, as the record beside them has it."""
    raw = json.loads((vendor_folder() / RECORD).read_text(encoding="utf-8"))
    return {
        folder: Package(
            row["package"],
            row["version"],
            row["licence"],
            {name: file["sha256"] for name, file in row["files"].items()},
        )
        for folder, row in raw["packages"].items()
    }


def read_vendored(folder: str, name: str) -> bytes:
    """A file of a package, byte for byte as it was published.

    Raises:
        ValueError: it is not what the record says.
    """
    content = (vendor_folder() / folder / name).read_bytes()
    if sha256(content).hexdigest() != packages()[folder].files[name]:
        raise ValueError(f"theme/vendor/{folder}/{name} is not the file that was recorded")
    return content
