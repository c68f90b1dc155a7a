"""The types of an author's values: unquoted text → number, day, yes or no, id, words."""

import re
from datetime import date
from fractions import Fraction
from typing import Annotated, NoReturn

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from okrsite.okr.frontmatter import Plain
from okrsite.okr.hints import (
    calendar_hint,
    day_fix,
    day_hint,
    number_fix,
    number_hint,
    said_hint,
    share_hint,
    weight_hint,
)

ID_PATTERN = r"[a-z0-9][a-z0-9_-]{0,79}"
MAX_TEXT = 2000
YEARS = ("1900", "2199")  # anything else is a slip of the hand, and days are counted one by one
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?([eE][-+]?[0-9]{1,2})?")
_ID = re.compile(ID_PATTERN)
_DIGITS = re.compile(r"[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLS = {"true": True, "false": False}
_LOOSE_BOOLS = {
    **dict.fromkeys(("true", "yes", "on", "y"), "true"),
    **dict.fromkeys(("false", "no", "off", "n"), "false"),
}


def refuse(message: str, hint: str = "", fix: str = "", said: str = "") -> NoReturn:
    """Reject a value in the author's words; `fix` is what to write where that is beyond doubt.

    `said` is the hint for what tells of a goal and is none, where that is another one.
    """
    context = {"message": message, "hint": hint, "fix": fix, "said": said or hint}
    raise PydanticCustomError("okr", "{message}", context)


def shown(value: object) -> str:
    """A value as the author wrote it, short enough for a message."""
    if isinstance(value, str):
        text = value if len(value) <= 40 else value[:39] + "…"
        return f"`{text}`" if isinstance(value, Plain) else f'`"{text}"`'
    return {dict: "a group of fields", list: "a list", type(None): "nothing"}.get(
        type(value), f"`{value}`"
    )


def to_number(value: object) -> Fraction:
    """Unquoted decimal text → an exact fraction."""
    if isinstance(value, Plain) and _NUMBER.fullmatch(value):
        return Fraction(value)
    refuse(f"{shown(value)} is not a number", *_number_meant(value))


_QUOTES = '"“”„‟«»\u2018\u2019\u201a'


def _number_meant(value: object) -> tuple[str, str, str]:
    """The hint, what to write where that is clear, and the hint in a check-in or amendment."""
    if not isinstance(value, str):
        return "Write one number, for example `12.5`.", "", ""
    text = value.strip()
    bare = text.strip(_QUOTES)
    if _NUMBER.fullmatch(bare) and (bare != text or not isinstance(value, Plain)):
        return f"Leave the quotes out: `{bare}`.", bare, ""
    return number_hint(text), number_fix(text), said_hint(text)


def plain(value: Fraction) -> str:
    """A number as an author would type it."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.12g}"


def to_level(value: object) -> Fraction | None:
    """A number, or None for the word `unknown`."""
    return None if value == "unknown" else to_number(value)


def to_weight(value: object) -> Fraction:
    """A number that is not negative."""
    if hint := weight_hint(value.strip()) if isinstance(value, str) else "":
        refuse(f"{shown(value)} is not a number", hint)
    number = to_number(value)
    if number < 0:
        refuse(f"a weight of {shown(value)} is negative", "Write 0 to show it without counting it.")
    return number


def to_share(value: object) -> Fraction:
    """A number from 0 to 1."""
    is_number = isinstance(value, Plain) and _NUMBER.fullmatch(value)
    if is_number and 0 <= (number := Fraction(str(value))) <= 1:
        return number
    text = value.strip() if isinstance(value, str) else ""
    typed = text if is_number else _number_meant(value)[1]
    what = "not between 0 and 1" if is_number else "not a number from 0 to 1"
    refuse(f"{shown(value)} is {what}", *share_hint(text, typed))


def to_day(value: object) -> date:
    """Unquoted `YYYY-MM-DD` → a day that exists."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        if not YEARS[0] <= value[:4] <= YEARS[1]:
            refuse(f"{shown(value)} is not in the years {YEARS[0]} to {YEARS[1]}")
        try:
            return date.fromisoformat(value)
        except ValueError:
            refuse(f"{shown(value)} is no day of the calendar", calendar_hint(value))
    text = value.strip() if isinstance(value, str) else ""
    refuse(f"{shown(value)} is not a day", day_hint(text), day_fix(text))


def to_flag(value: object) -> bool:
    """`true` or `false`, and nothing else."""
    if isinstance(value, Plain) and value in _BOOLS:
        return _BOOLS[value]
    meant = _LOOSE_BOOLS.get(value.lower(), "") if isinstance(value, str) else ""
    refuse(f"{shown(value)} is not yes or no", f"Write `{meant or 'true` or `false'}`.", meant)


def to_text(value: object) -> str:
    """Any scalar as one line of words; white space is folded, control characters go."""
    if value is None:
        refuse("is empty", "Write some words, or remove the field.")
    if not isinstance(value, str):
        refuse(f"expected words, found {shown(value)}", "Write one line of text.")
    # Nearly all words can be printed as they are, and there are a hundred thousand of them.
    seen = value if value.isprintable() else "".join(c if c.isprintable() else " " for c in value)
    text = " ".join(seen.split())
    if not text:
        refuse("is empty", "Write some words, or remove the field.")
    if len(text) > MAX_TEXT:
        refuse(f"{len(text):,} characters; {MAX_TEXT:,} are allowed", "Move the rest to the prose.")
    return text


def to_id(value: object) -> str:
    """Lower-case letters, digits, `-` and `_`, starting with a letter or digit."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return str(value)
    proposal = slug(value) if isinstance(value, str) else ""
    hint = f"Write `{proposal}`." if proposal else ""
    message = f"{shown(value)} is no id: lower-case letters, digits, `-` and `_` are allowed"
    refuse(message, hint, proposal if isinstance(value, str) and proposal == value.lower() else "")


def slug(text: str) -> str:
    """The nearest valid id to `text`, or nothing."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-_")[:80]


def in_turn(name: str) -> str:
    """A key by which ids sort as they are counted: `x-2` before `x-10`."""
    return _DIGITS.sub(lambda found: found[0].zfill(20), name)


def to_link(value: object) -> str:
    """An address a browser may open: https, http or mailto."""
    text = to_text(value)
    if re.match(r"(https?://|mailto:)[^\s\"'<>`]+$", text):
        return text
    refuse(f"{shown(value)} is not a link", "Write an address that starts with `https://`.")


def to_list(value: object) -> object:
    """One value where a list is expected counts as a list of one."""
    return [value] if isinstance(value, str) else value


def _schema(**keywords: object) -> WithJsonSchema:
    return WithJsonSchema(dict(keywords))


Number = Annotated[Fraction, PlainValidator(to_number), _schema(type="number")]
Level = Annotated[
    Fraction | None,
    PlainValidator(to_level),
    _schema(anyOf=[{"type": "number"}, {"const": "unknown"}]),
]
Weight = Annotated[Fraction, PlainValidator(to_weight), _schema(type="number", minimum=0)]
Share = Annotated[Fraction, PlainValidator(to_share), _schema(type="number", minimum=0, maximum=1)]
Day = Annotated[date, PlainValidator(to_day), _schema(type="string", format="date")]
Text = Annotated[str, PlainValidator(to_text), _schema(type="string")]
Id = Annotated[str, PlainValidator(to_id), _schema(type="string", pattern=f"^{ID_PATTERN}$")]
Ref = Annotated[str, PlainValidator(to_text), _schema(type="string")]
Link = Annotated[str, PlainValidator(to_link), _schema(type="string", format="uri")]
Refs = Annotated[tuple[Ref, ...], BeforeValidator(to_list)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(to_list)]
