"""Authors' Markdown once it is HTML: made safe, made to fit its page, read as plain text."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit
from zlib import crc32

import nh3
from markdown import Markdown

# A link from one source text to another, until the page it is shown on is known.
SOURCE_SCHEME = "okrsite"


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BLOCKS = (
    "address article aside blockquote caption col colgroup dd details div dl dt figcaption figure"
    " footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section summary table tbody td tfoot th thead"
    " tr ul"
)
_INLINE = (
    "a abbr audio b bdi bdo br center cite code data del dfn em i img input ins kbd label mark q rp"
    " rt ruby s samp small source span strike strong sub sup time track tt u var video wbr"
)
_SVG = "circle ellipse g line path polygon polyline rect svg"
_SHAPE = _set(
    "clip-rule cx cy d fill fill-opacity fill-rule height opacity points r rx ry stroke"
    " stroke-linecap stroke-linejoin stroke-width transform width x x1 x2 y y1 y2"
)
_CELL = _set("align colspan headers rowspan scope valign")
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": _set(
        "class dir hidden id lang role style title"
        " data-label data-lang data-linenos data-preview data-search-exclude data-tabs"
    ),
    "a": _set("download href hreflang name rel target"),
    "audio": _set("controls loop muted preload src"),
    "col": _set("span width"),
    "colgroup": _set("span"),
    "data": _set("value"),
    "del": _set("cite datetime"),
    "details": _set("open name"),
    "img": _set("align alt height loading src width"),
    "input": _set("checked disabled name"),
    "ins": _set("cite datetime"),
    "label": _set("for"),
    "li": _set("value"),
    "ol": _set("reversed start type"),
    "source": _set("src type"),
    "svg": _SHAPE | {"viewBox", "xmlns", "preserveAspectRatio", "focusable"},
    "td": _CELL,
    "th": _CELL,
    "time": _set("datetime"),
    "track": _set("default kind label src srclang"),
    "video": _set("controls height loop muted preload src width"),
    **{tag: _SHAPE for tag in _SVG.split() if tag != "svg"},
}
_RULES: dict[str, Any] = {
    "tags": _set(f"{_BLOCKS} {_INLINE} {_SVG}"),
    # What stands inside these is no prose either.
    "clean_content_tags": _set(
        "script style iframe object embed noscript noembed noframes template textarea select"
        " option title xmp plaintext math"
    ),
    "attributes": _ATTRIBUTES,
    "generic_attribute_prefixes": _set("aria-"),
    "tag_attribute_values": {"input": {"type": _set("checkbox radio")}},
    "filter_style_properties": _set(
        "background-color color float height list-style-type margin-left margin-right max-height"
        " max-width min-width text-align text-decoration vertical-align white-space width"
    ),
    "link_rel": None,
}
_SCHEMES = _set("http https mailto tel")

# Material finds its own parts by such ids, its configuration among them: an author's element that
# took one would speak for it. These two kinds are what its Markdown makes itself.
_RESERVED_ID = re.compile(r"__(?!tabbed_|code|span)")
_REFERRING = _set("id for name aria-labelledby aria-describedby")


_ACTIVE_STYLE = re.compile(r"url|image|expression|\\", re.IGNORECASE)


def _passable(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "id" and _RESERVED_ID.match(value):
        return None
    return None if attribute == "style" and _ACTIVE_STYLE.search(value) else value


_BODY_CLEANER = nh3.Cleaner(url_schemes=_SCHEMES, attribute_filter=_passable, **_RULES)


_TASK = re.compile(r'<input (?=[^>]*type="checkbox")(?![^>]*aria-label)([^>]*)>')


def sanitize(html: str) -> str:
    """`html` without what could run, load or pretend; all that Material's Markdown makes stays.

    The boxes of task lists get the name that Markdown leaves out, for those who hear the page.
    """
    return _TASK.sub(_named, _BODY_CLEANER.clean(html)) if html else ""


def _named(box: re.Match[str]) -> str:
    return f'<input aria-label="{"done" if "checked" in box[1] else "open"}" {box[1]}>'


_BREAK = re.compile(r"(?=<(?:/?(?:" + "|".join(_BLOCKS.split()) + r")|br)\b)")
_PERMALINK = re.compile(r'<a\b[^>]*\bclass="headerlink"[^>]*>.*?</a>', re.DOTALL)
_NOTHING: frozenset[str] = frozenset()
_HIDDEN = _RULES["clean_content_tags"]


def plain_text(html: str) -> str:
    """The words of `html` with single spaces between them."""
    spaced = _BREAK.sub(" ", _PERMALINK.sub("", html))
    words = nh3.clean(spaced, tags=_NOTHING, clean_content_tags=_HIDDEN, attributes={})
    return " ".join(unescape(words).split())


def note_converter(
    extensions: Sequence[Any], configs: Mapping[str, Mapping[str, Any]]
) -> Callable[[str], str]:
    """A function from a note's Markdown to safe HTML that may stand on any page, many times.

    Ids get a prefix of the note's own, headings no permalink, and links to other source texts
    become `okrsite:` links, to be resolved by `resolve` where the note is shown.
    """
    settings = {**configs, "toc": {**(configs.get("toc") or {}), "permalink": False}}
    converter = Markdown(extensions=list(extensions), extension_configs=settings)
    cleaner = _NoteCleaner()

    def convert(text: str) -> str:
        converter.reset()
        return cleaner.clean(converter.convert(text), f"n{crc32(text.encode()):08x}-")

    return convert


class _NoteCleaner:
    """One nh3 cleaner for all notes: making one costs more than a note."""

    def __init__(self) -> None:
        self._prefix = ""
        self._cleaner = nh3.Cleaner(
            url_schemes=_SCHEMES | {SOURCE_SCHEME}, attribute_filter=self._fit, **_RULES
        )

    def clean(self, html: str, prefix: str) -> str:
        self._prefix = prefix
        return self._cleaner.clean(html)

    def _fit(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute in _REFERRING:
            return " ".join(self._prefix + name for name in value.split()) if value else value
        if attribute in ("href", "src"):
            return self._address(value)
        return _passable(tag, attribute, value)

    def _address(self, value: str) -> str:
        if value.startswith("#"):
            return f"#{self._prefix}{value[1:]}"
        parts = urlsplit(value)
        if parts.scheme or parts.netloc or not parts.path:
            return value
        path = normpath(parts.path).removeprefix("/")
        while path.startswith("../"):
            path = path[3:]
        return f"{SOURCE_SCHEME}:{path}" + (f"#{parts.fragment}" if parts.fragment else "")


_SOURCE_LINK = re.compile(rf' (href|src)="{SOURCE_SCHEME}:([^"#]*)(#[^"]*)?"')


def resolve(html: str, address: Callable[[str], str | None]) -> str:
    """`html` with its `okrsite:` links made real; a link to nowhere loses its address."""
    if f'="{SOURCE_SCHEME}:' not in html:
        return html

    def real(match: re.Match[str]) -> str:
        found = address(unquote(unescape(match[2])))
        if found is None:
            return ""
        return f' {match[1]}="{escape(found)}{match[3] or ""}"'

    return _SOURCE_LINK.sub(real, html)


_ID = re.compile(r'\bid="([^"]*)"')
_LINK = re.compile(r'\b(id|for|href)="(#?)([^"]*)"')
_TOP_HEADING = re.compile(r"(</?)h1\b")


def fit(body: str, page: str) -> tuple[str, Mapping[str, str]]:
    """A sanitized body for its place within `page`, and the ids that had to change.

    The page has its h1, so the body's become h2; an id that the page uses itself gets `-text`.
    """
    body = _TOP_HEADING.sub(r"\1h2", body)
    taken = frozenset(_ID.findall(body)) & frozenset(_ID.findall(page))
    if not taken:
        return body, {}
    renamed = {name: f"{name}-text" for name in sorted(taken)}

    def rename(match: re.Match[str]) -> str:
        attribute, sign, name = match.groups()
        if name in renamed and (attribute == "href") == (sign == "#"):
            return f'{attribute}="{sign}{renamed[name]}"'
        return match[0]

    return _LINK.sub(rename, body), renamed
