"""What each type of field takes, what it refuses, and what it says to write instead."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from pydantic_core import PydanticCustomError

from okrsite.okr.frontmatter import Plain
from okrsite.okr.model import to_between, to_plan
from okrsite.okr.values import (
    plain,
    slug,
    to_day,
    to_flag,
    to_id,
    to_level,
    to_link,
    to_number,
    to_share,
    to_text,
    to_weight,
)

GOOD: list[tuple[Callable[[object], object], object, object]] = [
    (to_number, Plain("12"), Fraction(12)),
    (to_number, Plain("-3"), Fraction(-3)),
    (to_number, Plain("+3"), Fraction(3)),
    (to_number, Plain("0.5"), Fraction(1, 2)),
    (to_number, Plain("0.1"), Fraction(1, 10)),
    (to_number, Plain("1.2e6"), Fraction(1_200_000)),
    (to_number, Plain("-0"), Fraction(0)),
    (to_level, Plain("unknown"), None),
    (to_level, "unknown", None),
    (to_weight, Plain("0"), Fraction(0)),
    (to_share, Plain("0.85"), Fraction(17, 20)),
    (to_share, Plain("1"), Fraction(1)),
    (to_day, Plain("2026-08-20"), date(2026, 8, 20)),
    (to_day, "2026-08-20", date(2026, 8, 20)),
    (to_day, Plain("2028-02-29"), date(2028, 2, 29)),
    (to_flag, Plain("true"), True),
    (to_flag, Plain("false"), False),
    (to_text, "  two\n words\x07 ", "two words"),
    (to_text, Plain("010"), "010"),
    (to_id, "a-b_1", "a-b_1"),
    (to_link, "https://example.org/a?b=c", "https://example.org/a?b=c"),
    (to_link, "mailto:ana@example.org", "mailto:ana@example.org"),
    (to_between, [Plain("4"), Plain("5")], (Fraction(4), Fraction(5))),
    (to_between, [Plain("4"), Plain("4")], (Fraction(4), Fraction(4))),
    (to_plan, {"2026-07-31": Plain("3")}, {date(2026, 7, 31): Fraction(3)}),
]
BAD: list[tuple[Callable[[object], object], object, str]] = [
    (to_number, Plain("1,000"), "Write `1000`, without"),
    (to_number, Plain("1_000_000"), "Write `1000000`, without"),
    (to_number, Plain("1 000.5"), "Write `1000.5`, without"),
    (to_number, Plain("1\u00a0000"), "Write `1000`, without"),
    (to_number, Plain("010"), "Write `10`, without the leading zero"),
    (to_number, Plain("12:30"), "in one unit"),
    (to_number, Plain("20%"), "Write `20` and put `%` in `unit`"),
    (to_number, "12", "Leave the quotes out: `12`"),
    (to_number, Plain("6,5"), "Write `6.5`."),
    (to_number, Plain("9 minutes"), "Write `9` and put `minutes` in `unit`."),
    (to_number, Plain("6,5 story points"), "Write `6.5` and put `story points` in `unit`."),
    (to_number, Plain("12k"), "at most one decimal point"),
    (to_number, Plain("12 m"), "at most one decimal point"),
    (to_number, Plain(".5"), "for example `12.5`"),
    (to_number, Plain("0x1F"), "for example `12.5`"),
    (to_number, Plain("nan"), "for example `12.5`"),
    (to_number, Plain("1e999"), "for example `12.5`"),
    (to_number, Plain("\u0661\u0662"), "for example `12.5`"),
    (to_number, None, "Write one number"),
    (to_number, [Plain("1")], "Write one number"),
    (to_weight, Plain("-1"), "Write 0"),
    (to_share, Plain("70"), "Write `0.7`"),
    (to_share, Plain("-0.1"), "Write a number from 0 to 1"),
    (to_share, Plain("7"), "Write `0.7` for 7 of 10, `0.07` for 7 %."),
    (to_share, Plain("6.5"), "Write `0.65` for 6.5 of 10, `0.065` for 6.5 %."),
    (to_share, Plain("70%"), "Write `0.7`."),
    (to_share, "70 %", "Write `0.7`."),
    (to_share, Plain("7%"), "Write `0.07`."),
    (to_share, Plain("7/10"), "Write `0.7`."),
    (to_share, "70", "Write `0.7`."),
    (to_share, "0.7", "Write `0.7`."),
    (to_share, Plain("0,7"), "Write `0.7`."),
    (to_share, Plain("high"), "Write a number from 0 to 1"),
    (to_share, Plain("700%"), "Write a number from 0 to 1"),
    (to_weight, Plain("50%"), "Write `50`: a weight has no unit"),
    (to_number, Plain("600\u00a0"), "Write `600`, without the unseen space."),
    (to_number, Plain("\u200b600"), "Write `600`, without the unseen space."),
    (to_number, Plain("\u22121200"), "Write `-1200`, with the `-` of the keyboard."),
    (to_number, Plain("“600”"), "Leave the quotes out: `600`."),
    (to_day, Plain("2026\u20114\u20113"), "Write `2026-04-03`."),
    (to_day, Plain("13.11.2026"), "Write `2026-11-13`."),
    (to_day, Plain("3.4.2026"), "Write `2026-04-03`."),
    (to_day, Plain("31 Dec 2026"), "Write `2026-12-31`."),
    (to_day, Plain("1st of May"), "as year-month-day, like 2026-01-31"),
    (to_day, Plain("3rd June 2026"), "Write `2026-06-03`."),
    (to_day, Plain("Dec 31, 2026"), "Write `2026-12-31`."),
    (to_day, Plain("31 Ju 2026"), "as year-month-day, like 2026-01-31"),
    (to_day, Plain("11/13/2026"), "Write `2026-11-13`."),
    (to_day, Plain("13/11/2026"), "Write `2026-11-13`."),
    (to_day, Plain("05/05/2026"), "Write `2026-05-05`."),
    (to_day, Plain("03/04/2026"), "Write `2026-03-04` or `2026-04-03`, whichever is meant."),
    (to_day, Plain("2026/8/1"), "Write `2026-08-01`."),
    (to_day, Plain("31.02.2026"), "as year-month-day, like 2026-01-31"),
    (to_day, Plain("next week"), "as year-month-day, like 2026-01-31"),
    (to_day, Plain("2026-11-31"), "November has 30 days."),
    (to_day, Plain("2026-13-01"), "Months run from 01 to 12"),
    (to_day, Plain("2026-8-1"), "Write `2026-08-01`."),
    (to_day, Plain("2026-02-30"), "February 2026 has 28 days."),
    (to_day, Plain("2028-02-30"), "February 2028 has 29 days."),
    (to_day, Plain("0026-08-20"), ""),
    (to_day, None, "Write it as"),
    (to_flag, Plain("yes"), "Write `true`"),
    (to_flag, Plain("No"), "Write `false`"),
    (to_flag, "true", "Write `true`"),
    (to_flag, Plain("1"), "Write `true` or `false`"),
    (to_text, None, "remove the field"),
    (to_text, " \x00 ", "remove the field"),
    (to_text, {"a": "b"}, "one line of text"),
    (to_text, "x" * 2001, "Move the rest"),
    (to_id, "Ship It!", "Write `ship-it`"),
    (to_id, "../etc", "Write `etc`"),
    (to_id, "-a", "Write `a`"),
    (to_id, "x" * 81, f"Write `{'x' * 80}`"),
    (to_id, "\u00fc", ""),
    (to_link, "javascript:alert(1)", "starts with `https://`"),
    (to_link, "JavaScript:alert(1)", "starts with `https://`"),
    (to_link, "//example.org", "starts with `https://`"),
    (to_link, 'https://a"onclick=x', "starts with `https://`"),
    (to_link, "https://a b", "starts with `https://`"),
    (to_between, [Plain("5"), Plain("4")], "Write `[4, 5]`"),
    (to_between, [Plain("5")], "Write `[4, 5]`"),
    (to_between, Plain("4-5"), "Write `[4, 5]`"),
    (to_plan, [Plain("4")], "Write `{2026-07-31: 30}`"),
]


@pytest.mark.parametrize(("reads", "value", "meant"), GOOD, ids=lambda v: getattr(v, "__name__", v))
def test_taken(reads: Callable[[object], object], value: object, meant: object) -> None:
    assert reads(value) == meant


@pytest.mark.parametrize(("reads", "value", "hint"), BAD, ids=lambda v: getattr(v, "__name__", v))
def test_refused_with_a_way_out(
    reads: Callable[[object], object], value: object, hint: str
) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        reads(value)
    context = caught.value.context or {}
    assert context["message"]
    assert (hint in context["hint"]) if hint else context["hint"] == ""


def test_the_message_shows_what_was_typed_quotes_included() -> None:
    for value, words in ((Plain("x"), "`x` is not"), ("1", '`"1"` is not'), ({}, "a group of")):
        with pytest.raises(PydanticCustomError, match=words):
            to_number(value)


@pytest.mark.parametrize("typed", ["0", "-3", "0.5", "18.5", "1200000", "0.000125"])
def test_a_number_is_printed_as_it_is_typed(typed: str) -> None:
    assert plain(to_number(Plain(typed))) == typed


def test_a_slug_is_an_id_or_nothing() -> None:
    for text in ("Ship It!", "a/../b", "--x--", "\u00fcber", "A" * 200, "***"):
        made = slug(text)
        assert made == "" or to_id(made) == made
