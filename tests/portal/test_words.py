"""Numbers in words: as rounded by hand, and never across the edge of a status."""

import ast
import re
from fractions import Fraction
from pathlib import Path

import pytest

from okrsite.portal.parts import delta_points
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
    ("before", "now", "words"),
    [
        ("0.404", "0.416", "up 1 pt"),  # shown as 40 % and 42 %
        ("0.406", "0.424", "up 2 pts"),  # as 41 % and 42 %
        ("0.416", "0.404", "down 1 pt"),
        ("0.404", "0.405", "up < 1 pt"),  # as 40 % and 41 %
        ("0.401", "0.404", "up < 1 pt"),  # as 40 % twice
        ("0.400", "0.405", "up 1 pt"),
        ("1/3", "1/3", "no change"),
    ],
)
def test_a_change_is_that_of_the_exact_numbers(before: str, now: str, words: str) -> None:
    delta = delta_points(Fraction(now), Fraction(before))
    assert delta and f"{delta.word} {delta.text}".replace("\u00a0", " ").strip() == words


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


ROOT = Path(__file__).parents[2]
# These are about the portal that is published now, beside an archive or a record.
OF_NOW = {"archive.html", "missing.html", "review.html"}


def test_no_page_says_today_since_it_is_read_on_another_day_too() -> None:
    templates = (ROOT / "theme" / "templates").glob("*.html")
    said = {path.name for path in templates if re.search(r"\btoday\b", path.read_text("utf-8"))}
    assert said == OF_NOW
    for path in (ROOT / "okrsite" / "portal").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
        docs = {
            ast.get_docstring(n, clean=False) for n in ast.walk(tree) if isinstance(n, documented)
        }
        texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
        found = [t for t in texts if isinstance(t, str) and t not in docs and "today" in t.split()]
        assert not found, path.name
