"""What a host needs of a page besides its HTML: metadata, search text, outline, prose."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from unicodedata import category

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.frontmatter import read_document, split
from okrsite.portal.prose import plain_text
from okrsite.portal.site import BODY_SLOT, SitePage


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of a page; `title` is HTML."""

    title: str
    id: str


_SECTION = re.compile(rf'<h2\b[^>]*?\bid="([^"]+)"[^>]*>(.*?)</h2>|{re.escape(BODY_SLOT)}', re.S)


def outline(html: str) -> Iterator[Heading | None]:
    """The sections of a page in order; None is where the author's own stand."""
    for match in _SECTION.finditer(html):
        yield Heading(_words(match[2]), match[1]) if match[1] else None


@lru_cache(maxsize=1024)  # most pages have the same headings
def _words(title: str) -> str:
    return escape(plain_text(title))


def metadata(page: SitePage) -> dict[str, object]:
    """The page's metadata as Material reads it; it prints them as they are, so they are escaped."""
    meta: dict[str, object] = {"hide": list(page.hide)}
    if page.uri != "index.md":  # whose title is the site's name
        meta["title"] = escape(page.title)
    if page.description:
        meta["description"] = escape(page.description)
    if not page.listed:
        meta["search"] = {"exclude": True}
    return meta


_SECOND_PART = re.compile(r"<h[2-6]\b")


def searchable(page: SitePage, body: str) -> str:
    """What search reads: the body belongs to the page itself, so it stands before its parts."""
    if not page.listed:
        return ""
    # Material takes only a heading with an id for one; that of the first it does not link to.
    html = page.search.replace("<h1>", '<h1 id="okr">', 1)
    part = _SECOND_PART.search(html)
    cut = part.start() if part else len(html)
    return f"{html[:cut]}{body}{html[cut:]}"


def decoded(raw: bytes) -> tuple[str, bool]:
    """A source's text with plain line ends, and whether it was UTF-8."""
    text = raw.decode("utf-8-sig", "replace")
    is_utf8 = text.encode() == raw.removeprefix(BOM_UTF8)
    return text.replace("\r\n", "\n").replace("\r", "\n"), is_utf8


def prose(raw: bytes) -> str:
    """A source's Markdown without its frontmatter, whatever state that is in."""
    return split(decoded(raw)[0])[1]


def mishaps(uri: str, raw: bytes) -> tuple[Finding, ...]:
    """What is wrong with a plain page that had to be mended."""
    document, findings = read_document(uri, raw)
    if document.data and not findings:
        message = "the frontmatter is not YAML that can be read"
        return (Finding(uri, 1, 1, "OKR003", Severity.ERROR, message),)
    return findings


def told(finding: Finding, place: str) -> str:
    """A finding on one line of a log, `place` being the path to its file."""
    return printable(str(replace(finding, path=place)))


def printable(text: str) -> str:
    """An author's words must not steer the terminal, nor begin a line of their own."""
    odd = {char for char in text if category(char)[0] == "C" or category(char) in ("Zl", "Zp")}
    return text.translate({ord(char): "\N{REPLACEMENT CHARACTER}" for char in odd})


def count(items: Sequence[object], noun: str) -> str:
    """`1 finding`, `41 findings`."""
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"
