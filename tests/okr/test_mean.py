"""The weighted mean is that of exact fractions, whatever the weights."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from okrsite.okr.mean import weighted_mean

NUMBERS = st.fractions(max_denominator=10_000)
WEIGHTS = st.fractions(min_value=0, max_denominator=100)


@given(st.lists(st.tuples(WEIGHTS, NUMBERS)))
def test_it_is_the_sum_of_the_products_by_the_sum_of_the_weights(
    parts: list[tuple[Fraction, Fraction]],
) -> None:
    total = sum((weight for weight, _ in parts), Fraction(0))
    products = sum((weight * value for weight, value in parts), Fraction(0))
    assert weighted_mean(parts) == (products / total if total else None)


def test_nothing_and_no_weight_have_no_mean() -> None:
    assert weighted_mean([]) is None
    assert weighted_mean([(Fraction(0), Fraction(1, 2))]) is None
