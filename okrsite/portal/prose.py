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

from okrsite.portal.fitting import tidy

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

# Material's own parts would lie over the page: a notice it never gave, a header it has not.
_PRETENDING = re.compile(r"md-(?!button)")


def _passable(_tag: str, attribute: str, value: str) -> str | None:
    match attribute:
        case "id":
            return None if _RESERVED_ID.match(value) else value
        case "style":
            return None if _ACTIVE_STYLE.search(value) else value
        case "class":
            return " ".join(name for name in value.split() if not _PRETENDING.match(name))
        case "href" | "src":
            return value if _is_plain_address(value) else None
    return value


# Browsers skip white space in an address and take `\\` for `/`.
_ANOTHER_HOST = re.compile(r"[\x00-\x20]*[/\\][\t\n\r]*[/\\]")


def _is_plain_address(value: str) -> bool:
    """Whether an address can be read at all, and names its scheme where it names a host."""
    try:
        urlsplit(value)
    except ValueError:
        return False
    return not _ANOTHER_HOST.match(value)


_BODY_CLEANER = nh3.Cleaner(url_schemes=_SCHEMES, attribute_filter=_passable, **_RULES)


# A box may be ticked; what one could type into is no prose.
_FIELD = re.compile(r'<input\b(?![^>]*\btype="(?:checkbox|radio)")(?:[^">]|"[^"]*")*>')
_TASK = re.compile(r'<input (?=[^>]*type="checkbox")(?![^>]*aria-label)([^>]*)>')


def sanitize(html: str) -> str:
    """`html` without what could run, load or pretend; all that Material's Markdown makes stays.

    The boxes of task lists get the name that Markdown leaves out, for those who hear the page.
    """
    clean = _BODY_CLEANER.clean(html) if html else ""
    return _TASK.sub(_named, _FIELD.sub("", clean)) if "<input" in clean else clean


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
        prefix = f"n{crc32(text.encode()):08x}-"
        html = cleaner.clean(converter.convert(shallow(text)), prefix)
        html = _HIGH_HEADING.sub(r"\1h3", html)
        return tidy(html) if prefix in html else html

    return convert


# A note stands in a list below a section's heading, so its own are no higher than that.
_HIGH_HEADING = re.compile(r"(</?)h[12]\b")
_DEEP = re.compile(r"^(?:[ \t>*+-]|\d{1,9}[.)]){161,}", re.MULTILINE)


def shallow(text: str) -> str:
    """`text` with at most some forty levels of lists and quotes; Markdown fails far below that."""
    return _DEEP.sub(lambda deep: deep[0][:160], text)


class _NoteCleaner:
    """One nh3 cleaner for all notes: making one costs more than a note."""

    def __init__(self) -> None:
        self._prefix = ""
        self._cleaner = nh3.Cleaner(
            url_schemes=_SCHEMES | {SOURCE_SCHEME}, attribute_filter=self._fit, **_RULES
        )

    def clean(self, html: str, prefix: str) -> str:
        self._prefix = prefix
        return _FIELD.sub("", self._cleaner.clean(html))

    def _fit(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute in _REFERRING:
            return " ".join(self._prefix + name for name in value.split()) if value else value
        passed = _passable(tag, attribute, value)
        return self._address(passed) if passed and attribute in ("href", "src") else passed

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
