"""A number that can be read in two ways: `1.150` is thousands to some and a decimal to others."""

import re
from fractions import Fraction

from okrsite.edit.files import EditError
from okrsite.okr.values import plain

_DOTTED = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")


def read_one_way(typed: str, unit: str | None = None) -> None:
    """Refuse a number with three decimals that may be thousands; of a share in % it cannot be.

    Raises:
        EditError: it may be; the words say how to write either.
    """
    if not _DOTTED.fullmatch(typed) or (unit or "").startswith("%"):
        return
    short = typed.rstrip("0").removesuffix(".")
    decimal = f"{typed}0" if short == typed else short
    whole = typed.replace(".", "")
    raise EditError(f"`{typed}` can be read in two ways: write `{whole}` or `{decimal}`")


def typed_one_way(value: Fraction) -> str:
    """A number as a command takes it: `1.1250`, where `1.125` would be refused."""
    text = plain(value)
    return f"{text}0" if _DOTTED.fullmatch(text) else text
