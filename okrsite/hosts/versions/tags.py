"""The tags of a page as a browser sees them: none in a comment, a script or a value."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

# What nothing ends goes on to the end of the page. A quote begins a value behind a `=` alone.
ATTRIBUTES = r"(?>(?:=\s*(?:\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z))|[^>])*)(?:>|\Z)"
COMMENT = r"<!--(?:-?>|.*?(?:--!?>|\Z))"
_RAW = "script|style|title|textarea|xmp|iframe|noembed|noframes"  # what they hold is no tag


def _tokens(declared: str, opened: str) -> re.Pattern[str]:
    raw = rf"<(?P<raw>{_RAW})(?=[\s/>]){ATTRIBUTES}{opened}.*?(?:</(?P=raw)(?=[\s/>])|\Z)"
    tag = rf"<(?P<name>/?[a-z][^\s/>]*){ATTRIBUTES}"
    return re.compile(rf"{COMMENT}|{declared}|{raw}|{tag}", re.IGNORECASE | re.DOTALL)


_HTML = _tokens(r"<[!?][^>]*(?:>|\Z)", "")
# In XML a script may be closed where it is opened, and `>` stands in what is quoted.
_XML = _tokens(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|<![^>]*(?:>|\Z)", "(?<!/>)")
_VALUE = re.compile(r"([^\s\"'>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag by its name in small letters, `/head` where it ends something, and where it stands."""

    name: str
    start: int
    end: int
    text: str

    @property
    def values(self) -> Mapping[str, str]:
        """Its attributes; of two with one name the first counts."""
        found: dict[str, str] = {}
        for each in _VALUE.finditer(self.text, len(self.name) + 1):
            found.setdefault(each[1].lower(), unescape(each[2] or each[3] or each[4] or ""))
        return found


def tags_in(page: str, names: Collection[str], *, is_xml: bool = False) -> Iterator[Tag]:
    """The tags of some names, in the order of the page."""
    for found in (_XML if is_xml else _HTML).finditer(page):
        name = (found["name"] or "").lower()
        if name in names:
            yield Tag(name, found.start(), found.end(), found[0])
