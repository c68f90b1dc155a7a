"""The two pages that lie beside the versions of a site: the way in, and *there is no such page*."""

from dataclasses import dataclass

from okrsite.portal.theme import render


@dataclass(frozen=True, slots=True)
class RootView:
    """What the template of the way in sees: where it leads, its full address if known."""

    way: str
    address: str
    title: str


@dataclass(frozen=True, slots=True)
class MissingView:
    """What the template of an address without a page sees."""

    title: str


def root_html(way: str, address: str, title: str) -> str:
    """The page at the root, which leads to `way`."""
    return render("root", RootView(way, address, title))


def missing_html(title: str) -> str:
    """The page for an address that has none, wherever it lies."""
    return render("missing", MissingView(title))
