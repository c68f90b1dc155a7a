"""An author's words in a forge's Markdown: shown as they are, never markup or a mention."""

import re

from okrsite.okr.harmless import harmless

# Each of these can begin a link, a picture, code, a cell, HTML, a formula or a word set apart; two
# colons a runner's command.
_SIGNS = re.compile(r"[!#$&*<>@\[\]\\^_`|~{}]|(?<=:):")
# A forge looks for names, numbers and addresses in the text that it shows, however it was written,
# so a space without width parts what must not be taken for one.
_LIVE = re.compile(
    r"(?<=[@#!$&~%^])(?=[\w\"{\[])|(?<=\bGH-)(?=\d)|(?<=:)(?=//)|(?<=www)(?=\.)", re.I
)
_PARTED = "\u200b"


def escaped(text: str) -> str:
    """An author's words as they are: no markup, no mention, no reference, no link."""
    shown = _SIGNS.sub(_numbered, _LIVE.sub(_PARTED, harmless(text)))
    return shown.replace(_PARTED, "&#8203;")


def _numbered(sign: re.Match[str]) -> str:
    return f"&#{ord(sign[0])};"


def coded(text: str) -> str:
    """The same, with what stands between two backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escaped(text)
    return "".join(
        code(part) if index % 2 and part else escaped(part) for index, part in enumerate(parts)
    )


_SAFE = re.compile(r"[\w./:, -]+", re.ASCII)


def code(text: str) -> str:
    """A name set as code; with any odd sign in it by HTML, which nothing in it can end."""
    return f"`{text}`" if _SAFE.fullmatch(text) else f"<code>{escaped(text)}</code>"


_CODE = re.compile(r"`([^`]+)`")
_HTML = re.compile(r"[<&\[]")


def as_comment(text: str) -> str:
    """`text` for a comment that shows Markdown, and for a log that does not.

    Only what would be a link, a mention, a picture or HTML of the author's is written otherwise.
    Code stays code where it is plain what begins and ends it.
    """
    parts = _CODE.split(text)
    if "``" in text or any("`" in part for part in parts):
        return escaped(text)
    return "".join(
        f"`{part}`" if index % 2 else _HTML.sub(_numbered, _LIVE.sub(_PARTED, part))
        for index, part in enumerate(parts)
    )
