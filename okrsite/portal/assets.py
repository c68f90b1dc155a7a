"""The theme's styles and scripts: where they lie, and the address each is published at."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

PUBLISHED = (".css", ".js")
_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the theme; its address changes with its content, so it can be cached for ever."""

    uri: str
    content: bytes


def theme_folder() -> Path:
    """The theme: beside the package in a checkout, inside it when installed from a wheel."""
    installed = _PACKAGE / "_theme"
    return installed if installed.is_dir() else _PACKAGE.parent / "theme"


def is_worked_on() -> bool:
    """Whether the theme may change while it is in use: in a checkout, and not in a wheel."""
    return _PACKAGE not in theme_folder().parents


def theme_assets() -> tuple[Asset, ...]:
    """Every style and script at the top of the theme, in the order of their names."""
    found = sorted(p for p in theme_folder().iterdir() if p.suffix in PUBLISHED)
    return tuple(asset(path.name, path.read_bytes()) for path in found)


def asset(name: str, content: bytes) -> Asset:
    """`content` at an address that holds its digest."""
    stem, dot, suffix = name.rpartition(".")
    digest = sha256(content).hexdigest()[:8]
    return Asset(f"assets/okrsite/{stem}.{digest}{dot}{suffix}", content)
