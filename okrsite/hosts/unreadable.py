"""Addresses that cannot be read at all (`http://[`): found in the text, kept from the host.

MkDocs takes every link of a page apart, and ends the build at the first one that it cannot.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from okrsite.hosts.parts import decoded
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.prose import fence_after

# Only brackets and letters beyond ASCII can make the name of a host unreadable.
_SUSPECT = re.compile(r"//[^\s/?#]*[^\s!-Z^-~]")
_ADDRESS = re.compile(
    r"(?:\]\(\s*<?|^ {0,3}\[[^\]]+\]:\s*<?|<|\b(?:href|src)=[\"']?)([a-z+.-]*:?//[^\s<>\"')]+)",
    re.IGNORECASE,
)
_CODE = re.compile(r"`[^`]*`")


def unreadable(uri: str, raw: bytes) -> Iterator[Finding]:
    """A finding for every address in a source text that nobody can open."""
    text = decoded(raw)[0]
    if not _SUSPECT.search(text):
        return
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        fence, before = fence_after(line, fence), fence
        if fence or before:
            continue
        clean = _CODE.sub(lambda code: " " * len(code[0]), line)
        for match in _ADDRESS.finditer(clean):
            if not is_readable(match[1]):
                yield _finding(uri, number, match.start(1) + 1, match[1])


def _finding(uri: str, line: int, column: int, address: str) -> Finding:
    shown = address if len(address) <= 40 else f"{address[:39]}…"
    message = f"`{shown}` is no address; the link is taken out of the page"
    hint = "Write it as `https://host.example/page`."
    return Finding(uri, line, column, "OKR018", Severity.ERROR, message, hint)


def is_readable(address: str) -> bool:
    """Whether an address can be taken apart."""
    try:
        urlsplit(address)
    except ValueError:
        return False
    return True


class ReadableAddresses(Extension):
    """A Markdown extension: an address that cannot be read is left out before the host sees it."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's own name
        """Run after links are made (20) and before the host looks at them (0)."""
        md.treeprocessors.register(_LeaveOut(md), "okrsite_readable", 5)


_ADDRESS_OF = {"a": "href", "img": "src"}


class _LeaveOut(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter():
            name = _ADDRESS_OF.get(element.tag)
            address = element.get(name) if name else ""
            if address is None or not is_readable(address):
                _make_words(element, name or "")


def _make_words(element: Element, name: str) -> None:
    """A link without an address is only words; the host expects one of every `a` and `img`."""
    element.attrib.pop(name, None)
    element.text = element.text or element.get("alt")
    element.tag = "span"
