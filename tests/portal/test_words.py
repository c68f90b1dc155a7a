"""Numbers in words: as rounded by hand, and never across the edge of a status."""

from fractions import Fraction

import pytest

from okrsite.portal.words import gap, number, percent, points, span, with_unit


@pytest.mark.parametrize(
    ("progress", "expected", "words"),
    [
        ("0.38", "0.54", "16 pts behind"),
        ("0.58", "0.55", "3 pts ahead"),
        ("0.549", "0.5494", "as expected"),
        ("0.54", "0.55", "1 pt behind"),
        ("0.45", "0.55", "10 pts behind"),
        ("0.4522", "0.55", "9.7 pts behind"),
        ("0.3005", "0.55", "24.9 pts behind"),
        ("0.65", "0.55", "10 pts ahead"),
        ("-19", "0.5", "1950 pts behind"),
    ],
)
def test_the_gap_in_words(progress: str, expected: str, words: str) -> None:
    assert gap(Fraction(progress), Fraction(expected)).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("0.125", "0.13"), ("2.50", "2.5"), ("10000", "10,000"), ("-3", "−3"), ("0.00012", "0.00012")],
)
def test_a_number_has_as_few_decimals_as_it_needs(value: str, words: str) -> None:
    assert number(Fraction(value)) == words


def test_halves_go_up_and_signs_stay() -> None:
    assert percent(Fraction("0.545")).replace("\u00a0", " ") == "55 %"
    assert percent(Fraction("-0.125")).replace("\u00a0", " ") == "−13 %"
    assert points(Fraction("0.01")).replace("\u00a0", " ") == "1 pt"
    assert with_unit(Fraction(3), "a month") == "3 a month"
    assert [span(days).replace("\u00a0", " ") for days in (1, 13, 21, 100)] == [
        "1 day",
        "13 days",
        "3 weeks",
        "3 months",
    ]
