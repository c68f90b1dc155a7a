"""Values ↔ JSON text that keeps numbers exact and that git can tell apart line by line.

An object of the document is written a field a line, its lists and groups in one line each. A
decimal is written with all its digits; where a fraction has no end, as the nearest decimal.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from okrsite.okr.frontmatter import Plain

Json = dict[str, Any]
_TEXT = json.JSONEncoder(ensure_ascii=False).encode
_WHOLE, _DECIMALS, _POWERS = 18, 12, 99  # as many digits as an author may write
# All that `decimal` writes; a power beyond that could take hours to compute with.
_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,25})?(?:[eE][-+]?[0-9]{1,3})?")
_MOST = 1e300
_DEPTH = 32  # deeper than any author may nest a value
# What reading a document of another shape may end in.
FAULTS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


def encoded(value: object) -> str:
    """One value as JSON in one line."""
    match value:
        case None | bool() | str():
            return _TEXT(str(value) if isinstance(value, str) else value)
        case Fraction():
            return decimal(value)
        case date():
            return f'"{value.isoformat()}"'
        case Mapping():
            rows = (f"{_TEXT(str(key))}: {encoded(item)}" for key, item in value.items())
            return "{" + ", ".join(rows) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(encoded, value)) + "]"
    return _TEXT(value)


def decimal(value: Fraction) -> str:
    """A number as an author may write it; the nearest such one where it has no end."""
    exact = _ending(value)
    return exact if exact is not None else repr(float(value))


def is_exact(value: Fraction) -> bool:
    """Whether `decimal` gives just this number."""
    return Fraction(decimal(value)) == value


def _ending(value: Fraction) -> str | None:
    below = value.denominator
    twos = (below & -below).bit_length() - 1
    fives, rest = 0, below >> twos
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return None
    places = max(twos, fives)
    digits = abs(value.numerator) * 10**places // below
    text = _written(digits, -places)
    return ("-" if value < 0 else "") + text if text else None


def _written(digits: int, power: int) -> str | None:
    """digits · 10^power within what a number may have, else None."""
    text = format(Decimal(digits).scaleb(power), "f") if -_DECIMALS <= power <= 0 else ""
    if text and len(text.partition(".")[0]) <= _WHOLE:
        return text
    bare = str(digits).rstrip("0")
    power += len(str(digits)) - len(bare)
    places = max(0, len(bare) - _WHOLE, -_POWERS - power)
    if places > _DECIMALS or power + places > _POWERS:
        return None
    mantissa = format(Decimal(int(bare)).scaleb(-places), "f")
    return f"{mantissa}e{power + places}"


def document(fields: Mapping[str, object]) -> bytes:
    """A whole document: its fields in their order, lists of objects an object a block."""
    rows = ",\n".join(f"{_TEXT(name)}: {_block(value)}" for name, value in fields.items())
    return f"{{\n{rows}\n}}\n".encode()


def _block(value: object) -> str:
    if isinstance(value, list | tuple) and value and all(isinstance(v, Mapping) for v in value):
        return "[\n" + ",\n".join(map(_object, value)) + "\n]"
    return _object(value) if isinstance(value, Mapping) and value else encoded(value)


def _object(value: Mapping[str, object]) -> str:
    rows = (f"  {_TEXT(name)}: {encoded(item)}" for name, item in value.items())
    return "{\n" + ",\n".join(rows) + "\n}"


def parsed(raw: bytes) -> Json:
    """The document that `raw` writes, numbers as the text they were written in.

    Raises:
        ValueError: it is not JSON, not UTF-8, or no object.
    """
    text = raw.decode("utf-8")
    try:
        value = json.loads(
            text, parse_int=_plain, parse_float=_plain, parse_constant=_refuse, strict=True
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        if not text.startswith("<<<<<<< ") and "\n<<<<<<< " not in text:
            raise
        words = "it holds git's conflict marks: two branches made it. `git merge --abort`, take"
        raise ValueError(f"{words} the record's commit off one of them, merge again") from None
    if not isinstance(value, dict):
        raise ValueError("it is no object")
    _check_depth(value)
    if "\\u" in text:
        _TEXT(value).encode()  # half a pair of surrogates is no text
    return value


@lru_cache(maxsize=65536)  # a record has few different numbers, and many are in others too
def _plain(text: str) -> Plain:
    """A number as the text it was written in."""
    if not _NUMBER.fullmatch(text) or abs(float(text)) > _MOST:
        raise ValueError(f"{text[:24]} is no number that could be written here")
    return Plain(text)


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(_DEPTH):
        level = [
            item
            for group in level
            for item in (group.values() if isinstance(group, dict) else group)  # type: ignore[attr-defined]  # only groups and lists are kept
            if item.__class__ is dict or item.__class__ is list
        ]
        if not level:
            return
    raise ValueError("it is nested too deeply")


def _refuse(word: str) -> object:
    raise ValueError(f"{word} is no number")


def fraction(value: object) -> Fraction | None:
    """The number that a parsed value writes; None for `null`.

    Raises:
        ValueError: it is no number.
    """
    if value is None:
        return None
    if isinstance(value, Plain):
        return _number(str(value))
    raise ValueError(f"{value!r} is not a number")


@lru_cache(maxsize=65536)  # a record has few different numbers, and tens of thousands of them
def _number(text: str) -> Fraction:
    return Fraction(text)


def fault_in(error: Exception) -> str:
    """What is wrong with a document, in words."""
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)
