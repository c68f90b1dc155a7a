"""What a snapshot is called, and JSON that keeps every number exact."""

import json
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsite.okr.frontmatter import Plain
from okrsite.okr.snapshot.meant import nearest
from okrsite.okr.snapshot.names import Kind, Name, SnapshotError, is_part, name_at, name_of
from okrsite.okr.snapshot.tokens import decimal, document, encoded, fraction, is_exact, parsed

PERIODS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True)
NAMES = st.one_of(
    st.builds(Name, PERIODS, st.sampled_from([Kind.COMMITTED, Kind.CLOSED])),
    st.builds(Name, PERIODS, st.just(Kind.MID), st.dates(date(1900, 1, 1), date(2199, 12, 31))),
)


@given(NAMES)
def test_a_name_is_read_as_it_is_written(name: Name) -> None:
    assert name_of(str(name)) == name
    assert name_at(name.file("record.json")) == name
    assert is_part(name.file("record.json"))


MID = "2026-q2/mid-2026-05-15"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-q1/closd", "2026-q1/closed"),
        ("2026-q1/Closed", "2026-q1/closed"),
        ("2026-Q1/closed", "2026-q1/closed"),
        ("2026q1", "2026-q1/closed"),
        ("q1/closed", "2026-q1/closed"),
        ("2026-q1/", "2026-q1/closed"),
        ("content/snapshots/2026-q1/closed/", "2026-q1/closed"),
        ("2026-q2/mid", MID),
        ("2026-q2/mid-2026-5-15", ""),  # other digits are another day
        ("2026-q2/", "2026-q2/closed"),
        ("2026-q1/committed", ""),  # another record
        ("2026-q9/closed", ""),  # another period
        ("2026-q9", ""),
        ("x/closed", ""),
        ("closed", ""),  # of which of the two
        ("/", ""),
        ("", ""),
    ],
)
def test_a_slip_in_a_name_is_told_from_a_guess(typed: str, meant: str) -> None:
    assert nearest(typed, ("2026-q1/closed", MID, "2026-q2/closed")) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-q1", "2026-q1/", "/closed", "2026-q1/Closed", "2026-q1/open", "../x/closed"),
        *("2026-q1/mid", "2026-q1/mid-2026-02-30", "2026-q1/mid-2026-2-3", "2026-q1/closed-2026"),
        *(
            "2026-q1/closed/",
            "2026-q1/closed\n",
            "a/b/closed",
            "Q1/closed",
            "q1/mid-\uff12026-01-01",
        ),
    ],
)
def test_nothing_else_is_a_name(text: str) -> None:
    with pytest.raises(SnapshotError, match=r"snapshot|no day"):
        name_of(text)


@pytest.mark.parametrize(
    "path",
    [
        *("record.json", "snapshots/record.json", "snapshots/q1/record.json", "x/q1/closed/a.json"),
        *("snapshots/q1/closed/more.json", "snapshots/a/q1/closed/record.json"),
    ],
)
def test_what_is_no_part_of_a_snapshot(path: str) -> None:
    assert not is_part(path)


NUMBERS = st.one_of(
    st.fractions(),
    st.integers().map(Fraction),
    st.tuples(st.integers(-(10**17), 10**17), st.integers(0, 12)).map(
        lambda pair: Fraction(pair[0], 10 ** pair[1])
    ),
)
TEXTS = st.text(st.characters(codec="utf-8"))


@given(NUMBERS)
def test_a_decimal_is_the_number_or_says_that_it_is_not(number: Fraction) -> None:
    read = fraction(parsed(document({"x": number}))["x"])
    assert read is not None
    assert (read == number) is is_exact(number)
    assert abs(read - number) <= abs(number) / 10**14
    assert json.loads(document({"x": number})) is not None  # any tool can read it


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(7, 10), "0.7"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(0), "0"),
        (Fraction(120), "120"),
        (Fraction(1, 3), "0.3333333333333333"),
    ],
)
def test_a_number_is_written_as_one_would(number: Fraction, text: str) -> None:
    assert decimal(number) == text


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), TEXTS),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(TEXTS, below, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_a_document_is_read_as_it_was_written(fields: dict[str, object]) -> None:
    raw = document(fields)
    assert parsed(raw) == fields == json.loads(raw)
    assert document(parsed(raw)) == raw


def test_every_field_of_an_object_has_a_line_of_its_own() -> None:
    rows = [{"id": "a", "parts": [{"ref": "b"}]}, {"id": "c", "parts": []}]
    text = document({"schema": "x", "rows": rows}).decode()
    assert '\n  "id": "a",\n  "parts": [{"ref": "b"}]\n' in text
    assert text.endswith("]\n}\n")


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"1", b"{", b'{"a": NaN}', b'{"a": Infinity}', b"\xff", b"[" * 100_000]
)
def test_what_is_no_document_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        parsed(raw)


@pytest.mark.parametrize("value", [True, "0.7", [], {}])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        fraction(value)
    assert fraction(None) is None
    assert fraction(Plain("1e3")) == 1000


def test_days_are_written_as_text() -> None:
    assert encoded(date(2026, 4, 8)) == '"2026-04-08"'
