"""Values → the YAML text that our own reader reads back as the very same value."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from okrsite.okr.frontmatter import Plain
from okrsite.okr.values import plain

# Words that need no quotes in a line of their own or between brackets.
_BARE = re.compile(r"[^\W_](?:[^\[\]{},:#\"'`\\]|:(?=[^\s:])|(?<=\S)#)*")
# What a reader, ours or another, may take for something else than words.
_MEANING = re.compile(
    r"[-+.]?[0-9][0-9_.,:]*(?:e[-+]?[0-9]+)?|0x[0-9a-f_]+|0o[0-7_]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?"
    r"|y|yes|n|no|on|off|true|false|null|nan|inf",
    re.IGNORECASE,
)
_TYPED = re.compile(r"[-+]?[0-9][0-9.eE+-]*|true|false")


def scalar(value: object, quote: str = "") -> str:
    """One value on one line: text, number, day, yes or no, or nothing.

    Text gets quotes where it would be read as anything else without them, and where `quote` asks
    for them. `Plain` text that is a number, a day or yes or no stays without.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Fraction():
            return _number(Fraction(value))
        case date():
            return value.isoformat()
        case Plain() if _TYPED.fullmatch(value):
            return str(value)
        case str():
            bare = not quote and _is_bare(value)
            return str(value) if bare else _quoted(value, quote)
    raise TypeError(f"{type(value).__name__} is no single value")


def flow(value: object) -> str:
    """The same for lists and groups, in brackets: `[4, 5]`, `{2026-07-31: 30}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key(name)}: {flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def key(name: object) -> str:
    """The name of a field: always read as text, so digits need no quotes."""
    return scalar(Plain(name) if isinstance(name, str) else name)


def _is_bare(text: str) -> bool:
    return (
        _BARE.fullmatch(text) is not None
        and not _MEANING.fullmatch(text)
        and text.isprintable()
        and text == text.strip()
    )


def _quoted(text: str, quote: str = "") -> str:
    if not text.isprintable():
        return '"' + "".join(map(_escaped, text)) + '"'
    if quote == "'" or (quote != '"' and ('"' in text or "\\" in text)):
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign == "\n":
        return "\\n"
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"


def _number(value: Fraction) -> str:
    """All digits of a decimal number; of another one the first twelve."""
    scaled = value * 10**12
    if scaled.denominator != 1:
        return plain(value)
    digits = f"{abs(scaled.numerator):013d}"
    after = digits[-12:].rstrip("0")
    return ("-" if value < 0 else "") + digits[:-12] + (f".{after}" if after else "")
