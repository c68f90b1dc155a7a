"""A change's shares in points, to a tenth, so that they add up to the change as it is printed."""

from collections.abc import Mapping
from fractions import Fraction

from okrsite.okr.changes.causes import Split
from okrsite.portal.words import MINUS, NBSP, fixed, round_half_up

TENTH = Fraction(1, 1000)  # a tenth of a point
CAUSES: Mapping[str, str] = {
    "work": "work",
    "goalposts": "moved goalposts",
    "time": "time",
}
APART: Mapping[str, str] = {**CAUSES, "goalposts": "other goals"}  # between two periods


def signed(tenths: Fraction) -> str:
    """A change in points with its sign: `+1.0`, `−4.2`."""
    text = fixed(abs(tenths) * 100, 1)
    return f"{'+' if tenths > 0 else MINUS if tenths < 0 else '±'}{text}"


def shown(change: Fraction) -> Fraction:
    """The change to a tenth of a point, as exact as that can be.

    So it may be a tenth off the difference of the two numbers beside it, each rounded by itself.
    """
    return round_half_up(change, 3)


def change_words(change: Fraction) -> str:
    """How far a number moved."""
    printed = shown(change)
    if not printed and change:
        return f"{'+' if change > 0 else MINUS}<{NBSP}0.1"
    return signed(printed) if printed else "0.0"


def shown_shares(change: Fraction, split: Split | None) -> dict[str, Fraction]:
    """Each cause's share to a tenth of a point, so that they add up to the change as printed.

    Each is the tenth below or above it: of the tenths that are missing when all are rounded down,
    those shares get one that lost most by it.
    """
    exact = _shares(split) if split else {}
    found = {name: share // TENTH * TENTH for name, share in exact.items()}
    left = int((shown(change) - sum(found.values())) / TENTH) if exact else 0
    for name in sorted(exact, key=lambda name: (found[name] - exact[name], -exact[name]))[:left]:
        found[name] += TENTH
    return found


def _shares(split: Split) -> dict[str, Fraction]:
    """The causes that have a share."""
    found = {name: getattr(split, name) for name in CAUSES}
    return {name: share for name, share in found.items() if share}
