"""Text that nobody has checked, made safe to print: no escape sequences, no runner's commands."""

import re

LONGEST = 2_000

# What moves a cursor, turns text around, cannot be seen, or may not stand in XML. The joiners of
# emoji and of Persian stay.
_ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_BREAKS = re.compile(r"[\t\n\r]+")
# Runners of GitHub and Azure take `##[…]` and `##vso[…]` as a command wherever it stands.
_COMMAND = re.compile(r"##(?=\w*\[)")


def visible(sign: str) -> str:
    """A sign that can be printed in place of an odd one; any other sign as it is."""
    if not _ODD.match(sign):
        return sign
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"<U+{code:04X}>"


def commands_in(text: str) -> frozenset[int]:
    """Where in `text` a sign must be put between two, lest a runner obey what is printed."""
    return frozenset(match.end() for match in _COMMAND.finditer(text))


def harmless(text: str) -> str:
    """`text` on one line, every odd sign made visible, and of a bearable length."""
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    line = _BREAKS.sub(" ", cut)
    return _COMMAND.sub("## ", _ODD.sub(lambda odd: visible(odd[0]), line))


def harmless_path(path: str) -> str:
    """The same for the name of a file, which may stand first on a line of a runner's log."""
    name = harmless(path)
    return f"./{name}" if name.lstrip().startswith("::") else name


def shown(text: str) -> str:
    """A text of many lines for a terminal, every odd sign made visible."""
    return "".join(sign if sign in "\n\t" else visible(sign) for sign in text)


def encodable(text: str) -> str:
    """`text` without halves of characters, such as the name of a file that is not UTF-8 has."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
