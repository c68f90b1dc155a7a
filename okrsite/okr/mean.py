"""The weighted mean, exact and in whole numbers: a portal asks for it on each day of each chart."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm


def weighted_mean(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Σ weight·value ÷ Σ weight; None where the weights add up to nothing."""
    pairs = tuple(parts)
    weights, whole = _total([(w.numerator, w.denominator) for w, _ in pairs])
    if not weights:
        return None
    above, below = _total(
        [(w.numerator * v.numerator, w.denominator * v.denominator) for w, v in pairs]
    )
    return Fraction(above * whole, weights * below)


def _total(ratios: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The sum of some ratios as one of whole numbers, not in its lowest terms."""
    common = lcm(*(below for _, below in ratios))
    return sum(above * (common // below) for above, below in ratios), common
