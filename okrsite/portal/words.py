"""How numbers, units, days and people are written, everywhere the same."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

NBSP = "\u00a0"
EDGES = (10, 25)  # points behind at which a status turns, unless a site says otherwise
MINUS = "\u2212"
BEYOND_WORDS = 10**15  # more digits than anybody counts, and than fit beside each other
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def round_half_up(value: Fraction, digits: int = 0) -> Fraction:
    """`value` to `digits` decimals, halves away from zero, as done by hand."""
    units = _units(value.numerator, value.denominator, digits)
    return Fraction(-units if value < 0 else units, 10**digits)


def _units(numerator: int, denominator: int, digits: int) -> int:
    """How many 10⁻ᵈⁱᵍⁱᵗˢ the size of a value rounds to; in whole numbers: fractions are slow."""
    scale: int = 10**digits
    whole, rest = divmod(abs(numerator) * scale, denominator)
    return whole + (1 if rest * 2 >= denominator else 0)


def fixed(value: Fraction, digits: int) -> str:
    """`value` with exactly `digits` decimals, thousands apart from 10,000 on, a real minus."""
    return _fixed(value.numerator, value.denominator, digits)


@lru_cache(maxsize=65_536)  # the same few thousand numbers stand on many pages
def _fixed(numerator: int, denominator: int, digits: int) -> str:
    if abs(numerator) >= BEYOND_WORDS * denominator:
        return _power(Fraction(numerator, denominator))
    whole, rest = divmod(_units(numerator, denominator, digits), 10**digits)
    head = f"{whole:,}" if whole >= 10_000 else str(whole)
    tail = f".{rest:0{digits}d}" if digits else ""
    return (MINUS if (whole or rest) and numerator < 0 else "") + head + tail


def _power(value: Fraction) -> str:
    return f"{float(value):.3g}".replace("e+", "e").replace("-", MINUS)


def number(value: Fraction, digits: int = 2) -> str:
    """`value` in as few decimals as it needs, `digits` at most; tiny values keep two figures."""
    return _number(value.numerator, value.denominator, digits)


@lru_cache(maxsize=65_536)
def _number(numerator: int, denominator: int, digits: int) -> str:
    if 0 < abs(numerator) * 10**digits < denominator:
        return f"{numerator / denominator:.2g}".replace("-", MINUS)
    text = _fixed(numerator, denominator, digits)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def percent(value: Fraction, digits: int = 0) -> str:
    """A fraction as a percentage: 3/8 is `38 %`."""
    return f"{_fixed(value.numerator * 100, value.denominator, digits)}{NBSP}%"


def points(value: Fraction) -> str:
    """A distance between two progresses: 0.02 is `2 pts`."""
    rounded = round_half_up(abs(value) * 100)
    return f"{fixed(rounded, 0)}{NBSP}{'pt' if rounded == 1 else 'pts'}"


def gap(progress: Fraction, expected: Fraction) -> str:
    """Where a progress stands against what is expected, in words."""
    distance = round_half_up(progress * 100) - round_half_up(expected * 100)
    if not distance:
        return "as expected"
    exact = (expected - progress) * 100
    if -distance in EDGES and -distance - 1 < exact < -distance:
        # Statuses turn at such a number; one that is not reached must not look as if it were.
        return f"{fixed(Fraction(exact * 10 // 1, 10), 1)}{NBSP}pts behind"
    return f"{points(distance / 100)} {'ahead' if distance > 0 else 'behind'}"


def with_unit(value: Fraction, unit: str | None, digits: int = 2) -> str:
    """`value` and its unit as one phrase that does not break in front of a sign."""
    if not unit:
        return number(value, digits)
    glue = NBSP if len(unit) <= 3 else " "
    return f"{number(value, digits)}{glue}{unit}"


def count(amount: int, one: str, many: str | None = None) -> str:
    """`1 day`, `2 days`."""
    return f"{amount:,}{NBSP}{one if amount == 1 else many or one + 's'}"


def day(value: date) -> str:
    """`20 Aug`."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]}"


def day_year(value: date) -> str:
    """`20 Aug 2026`."""
    return f"{day(value)}{NBSP}{value.year}"


def weekday(value: date) -> str:
    """`Thu 20 Aug`."""
    return f"{DAYS[value.weekday()]}{NBSP}{day(value)}"


def span(days: int) -> str:
    """For how long, in the unit one would say: `9 days`, `3 weeks`, `4 months`."""
    if days < 14:
        return count(days, "day")
    if days < 70:
        return count(days // 7, "week")
    return count(days // 30, "month") if days < 730 else count(days // 365, "year")


def shortened(text: str, length: int = 90) -> str:
    """`text`, cut between two words where it is longer."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + " …"


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
