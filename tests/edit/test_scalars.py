"""What is written as one value is read back as that very value, wherever it stands."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from okrsite.edit.text.scalars import flow, key, scalar
from okrsite.okr.frontmatter import Plain, read_document
from okrsite.okr.values import to_day, to_flag, to_number

drawn = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

PLACES = {
    "a line": "value: {}",
    "a list": "value: [x, {}, y]",
    "a group": "value: {{a: x, b: {}, c: y}}",
    "an item": "value:\n  - {}\n  - y",
    "before a comment": "value: {}   # what it was",
}


def read(form: str, raw: str) -> object:
    document, findings = read_document("", f"---\n{form.format(raw)}\n---\n".encode())
    assert not findings, (raw, findings)
    value = document.data["value"]
    if isinstance(value, list):
        return value[1] if "[" in form else value[0]
    return value["b"] if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Triage is daily", "Triage is daily"),
        ("improve-quality/bugs", "improve-quality/bugs"),
        ("2026-q3", "2026-q3"),
        ("2026-08-18-ana", "2026-08-18-ana"),
        ("https://goals.example/a#b", "https://goals.example/a#b"),
        ("C#", "C#"),
        ("2 people left", "2 people left"),
        ("Größe", "Größe"),
        ("%", '"%"'),
        ("no", '"no"'),
        ("12", '"12"'),
        ("1.5", '"1.5"'),
        ("12:30", '"12:30"'),
        ("1e3", '"1e3"'),
        ("2026-08-20", '"2026-08-20"'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("", '""'),
        (" a", '" a"'),
        ("a: b", '"a: b"'),
        ("a:", '"a:"'),
        ("issue #12", '"issue #12"'),
        ("a, b", '"a, b"'),
        ("- a", '"- a"'),
        ("&a", '"&a"'),
        ("*a", '"*a"'),
        ("!a", '"!a"'),
        ('say "so"', "'say \"so\"'"),
        ("it's", '"it\'s"'),
        ('it\'s "so"', "'it''s \"so\"'"),
        ("a\\b", "'a\\b'"),
        ("a\nb", '"a\\nb"'),
        (Fraction(90), "90"),
        (Fraction("-0.25"), "-0.25"),
        (Fraction("123456789012345678.123456789012"), "123456789012345678.123456789012"),
        (7, "7"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        (date(2026, 8, 20), "2026-08-20"),
        (Plain("212"), "212"),
        (Plain("unknown"), "unknown"),
        (Plain("a, b"), '"a, b"'),
    ],
)
def test_scalar(value: object, written: str) -> None:
    assert scalar(value) == written


def test_quotes_are_kept_where_they_are_asked_for() -> None:
    assert scalar("Bugs", '"') == '"Bugs"'
    assert scalar("it's", "'") == "'it''s'"
    assert scalar('a "b" \\c', '"') == '"a \\"b\\" \\\\c"'


def test_what_is_no_single_value_is_refused() -> None:
    with pytest.raises(TypeError):
        scalar([1])


def test_flow_writes_groups_and_lists() -> None:
    plan = {date(2026, 7, 31): Fraction(30), date(2026, 8, 31): Fraction("35.5")}
    assert flow(plan) == "{2026-07-31: 30, 2026-08-31: 35.5}"
    assert flow((Fraction(4), Fraction(5))) == "[4, 5]"
    assert flow({"state": "doing", "blocked": "no reader, no licence"}) == (
        '{state: doing, blocked: "no reader, no licence"}'
    )
    assert flow(["a", ["b"]]) == "[a, [b]]"


def test_a_key_is_text_anyway() -> None:
    assert key("2026-07-31") == "2026-07-31"
    assert key("improve/bugs") == "improve/bugs"
    assert key("a: b") == '"a: b"'


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TRICKY = st.text(
    st.sampled_from(" -:#,[]{}&*!|>'\"%@`\\?~=\n\t0a.\u2028\ufeff\u00a0é🎉"), max_size=12
)


@pytest.mark.parametrize("form", PLACES.values(), ids=PLACES)
@drawn
@given(text=TEXT | TRICKY)
@example(text="a\u2028b")
@example(text="\ufeffx")
@example(text="x #")
def test_any_text_comes_back_and_is_no_number_by_accident(form: str, text: str) -> None:
    found = read(form, scalar(text))
    assert found == text
    for reader in (to_number, to_day, to_flag):
        if isinstance(found, Plain):
            with pytest.raises(ValueError):
                reader(found)


@drawn
@given(text=TEXT | TRICKY)
def test_any_text_comes_back_as_a_key(text: str) -> None:
    for form in ("{}: x", "value: {{{}: x}}"):
        document, findings = read_document("", f"---\n{form.format(key(text))}\n---\n".encode())
        assert not findings
        inner = document.data.get("value") if form[0] == "v" else document.data
        assert isinstance(inner, dict) and list(inner) == [text]


@drawn
@given(st.integers(-(10**18) + 1, 10**18 - 1), st.integers(0, 12))
def test_any_decimal_number_comes_back_exactly(digits: int, decimals: int) -> None:
    number = Fraction(digits, 10**decimals)
    assert to_number(read(PLACES["a list"], scalar(number))) == number


@drawn
@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_any_day_comes_back(day: date) -> None:
    assert to_day(read(PLACES["a group"], scalar(day))) == day
