"""An author's words in a forge's Markdown: shown as they are, never markup or a mention."""

import re

from okrsite.reports.harmless import harmless

# Each of these can begin a link, a picture, code, a mention, an address, a cell or HTML.
_SIGNS = re.compile(r"[!#$&*:<>@\[\]\\^_`|~()\"']|(?<=www)\.", re.IGNORECASE)
_CODE = re.compile(r"`([^`]+)`")
_LIVE = re.compile(r"[@<&\[]|:(?=//)|(?<=www)\.", re.IGNORECASE)


def plain(text: str) -> str:
    """`text` on one line with every sign that means something written as a number."""
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", harmless(text))


def with_code(text: str) -> str:
    """The same, and what stands between two backticks is set as code."""
    parts = _CODE.split(text)
    return "".join(
        f"<code>{plain(part)}</code>" if index % 2 else plain(part)
        for index, part in enumerate(parts)
    )


def as_comment(text: str) -> str:
    """`text` for a comment that shows Markdown: no link, mention, picture or HTML of the author's.

    Code stays code where it is plain what begins and ends it.
    """
    parts = _CODE.split(text)
    if "``" in text or any("`" in part for part in parts):
        return plain(text)
    return "".join(
        f"`{part}`" if index % 2 else _LIVE.sub(lambda sign: f"&#{ord(sign[0])};", part)
        for index, part in enumerate(parts)
    )
