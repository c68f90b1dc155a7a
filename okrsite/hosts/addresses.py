"""Addresses within a site: which are safe, what a page answers to, how one leads to another."""

import re
from collections.abc import Mapping
from html import escape, unescape
from posixpath import join, normpath, relpath


def safe_uri(uri: str) -> bool:
    """Whether `uri` stays inside the site and is spelled in one way only."""
    parts = uri.split("/")
    odd = any(part in ("", ".", "..") for part in parts) or ":" in parts[0]
    return not odd and "\\" not in uri and uri.isprintable()


def is_index(uri: str) -> bool:
    """Whether the page is what one sees at its folder's address."""
    return uri.rpartition("/")[2] in ("index.md", "README.md")


def is_overview(uri: str) -> bool:
    """Whether the page stands for its folder or at the top; there are few of them at any size."""
    return is_index(uri) or "/" not in uri


def directory(uri: str) -> str:
    """The public address of a page: `a/b.md` → `a/b/`, `a/index.md` → `a/`, `index.md` → ``."""
    if is_index(uri):
        return uri.rpartition("/")[0] + "/" if "/" in uri else ""
    return uri.removesuffix(".md") + "/"


def by_id(path: str) -> str:
    """`objectives/2026/growth.md` → `objectives/growth.md`, for a file that has moved since."""
    return f"{path.partition('/')[0]}/{path.rpartition('/')[2]}"


_ADDRESS = re.compile(r' (href|src)="([^"#?]+)([^"]*)"')
_ABSOLUTE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/")


def relink(html: str, written_for: str, url: str, served: Mapping[str, str]) -> str:
    """`html` written for one directory address, to be read at `url`.

    `served` gives the address at which a host serves each page that `html` knows by its
    directory address; what is not in it (files) keeps its own.
    """

    def moved(match: re.Match[str]) -> str:
        target = unescape(match[2])
        if _ABSOLUTE.match(target):
            return match[0]
        path = normpath(join(written_for, target))
        if path.startswith("../"):  # to another version of the site, which lies beside it
            end = "/" if target.endswith("/") else ""
            return f' {match[1]}="{escape("../" * url.count("/") + path + end)}{match[3]}"'
        path = "" if path == "." else path
        known = served.get(f"{path}/" if path else "")
        return f' {match[1]}="{escape(_relative(known or path, url))}{match[3]}"'

    return _ADDRESS.sub(moved, html)


def _relative(path: str, url: str) -> str:
    return relpath("/" + path, "/" + url.rpartition("/")[0])
