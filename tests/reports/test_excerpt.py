"""The offending line: the caret stands under its sign, and nothing in it steers a terminal."""

import re
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsite.okr.harmless import LONGEST, encodable, harmless, shown
from okrsite.reports.findings.excerpt import WIDTH, excerpt


@pytest.mark.parametrize(
    ("text", "column", "line", "under"),
    [
        ("start: 1,000", 8, "start: 1,000", 7),
        ("\ttab: x", 2, "    tab: x", 4),
        ("a\tb: x", 3, "a    b: x", 5),
        ("日本: x", 3, "日本: x", 4),
        ("e\u0301a: x", 3, "e\u0301a: x", 1),
        ("x\x1b[31m: y", 3, "x␛[31m: y", 2),
        ("x\u202ey: z", 3, "x<U+202E>y: z", 9),
        ("x ##[error]y", 12, "x ## [error]y", 12),
        ("x\r", 1, "x", 0),
        ("short", 99, "short", 5),
        ("a\x00b", 3, "a␀b", 2),
    ],
)
def test_the_caret_stands_under_its_sign(text: str, column: int, line: str, under: int) -> None:
    found = excerpt(f"first\n{text}\nlast", 2, column)
    assert found is not None
    assert (found.text, found.indent, found.number) == (line, under, 2)


@pytest.mark.parametrize(("text", "line"), [(None, 1), ("a\n", 3), ("a", 0), ("\n\n", 1), ("", 1)])
def test_what_is_not_there_has_no_excerpt(text: str | None, line: int) -> None:
    assert excerpt(text, line, 1) is None


@pytest.mark.parametrize("at", [0, 50, 999, 1_500, 2_998, 2_999, 3_000])
def test_a_long_line_is_cut_around_the_column(at: int) -> None:
    line = "a" * at + "X" + "b" * (3_000 - at)
    found = excerpt(line, 1, at + 1)
    assert found is not None and len(found.text) <= WIDTH
    assert found.text[found.indent] == "X"
    assert found.text.startswith("…" if at > 88 else ("…", "a" * at))
    assert found.text.endswith("…" if at < 2_910 else ("…", "b" * (3_000 - at)))


def test_wide_signs_are_counted_twice_where_a_line_is_cut() -> None:
    found = excerpt("日" * 200 + "X" + "本" * 200, 1, 201)
    assert found is not None
    cells = sum(2 if east_asian_width(sign) == "W" else 1 for sign in found.text)
    assert cells <= WIDTH
    before = found.text.index("X")
    assert found.indent == 1 + 2 * (before - 1)


def test_a_line_of_megabytes_takes_no_time_to_speak_of() -> None:
    found = excerpt("x" * 5_000_000, 1, 2_500_000)
    assert found is not None and len(found.text) == WIDTH


ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]|##\\w*\\["
)


@given(st.text(st.characters(), max_size=200), st.integers(1, 3), st.integers(1, 250))
def test_no_line_at_all_steers_a_terminal(text: str, line: int, column: int) -> None:
    found = excerpt(text, line, column)
    if found:
        assert not ODD.search(found.text)
        assert 0 <= found.indent <= WIDTH + 10


@given(st.text(st.characters()))
def test_harmless_is_one_line_that_can_be_written(text: str) -> None:
    made = harmless(text)
    assert not ODD.search(made)
    made.encode("utf-8")
    encodable(text).encode("utf-8")


def test_ordinary_words_stay_as_they_are() -> None:
    text = "Grüße, 日本語, العربية, 👩‍💻, “quoted” – 20 % ≤ 3"
    assert harmless(text) == text
    assert harmless("two\r\nlines\tand a tab") == "two lines and a tab"
    assert len(harmless("x" * 10_000)) == LONGEST


def test_a_patch_on_a_terminal_keeps_its_lines() -> None:
    assert shown("-a\tb\x1b[2J\n+c\n") == "-a\tb␛[2J\n+c\n"


def test_a_file_name_that_is_not_utf8_can_be_written() -> None:
    assert encodable("caf\udce9.md") == "caf\ufffd.md"
