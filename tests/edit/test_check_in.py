"""The text of a new check-in, which our own reader reads back as it was meant."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsite.edit.checking_in.check_in import (
    NewCheckIn,
    NewMove,
    NewUpdate,
    check_in_path,
    check_in_text,
    clean,
    one_line,
)
from okrsite.okr.frontmatter import read_document
from okrsite.okr.model import CheckIn
from okrsite.okr.records import read_record
from okrsite.okr.values import ID_PATTERN

DAY = date(2026, 8, 21)


def test_it_looks_as_somebody_would_type_it() -> None:
    new = NewCheckIn(
        DAY,
        "ana",
        "platform",
        {
            "quality/bugs": NewUpdate(Fraction(96)),
            "quality/flow": NewUpdate(Fraction(38), Fraction("0.6"), "at-risk"),
            "mobile/launch": NewUpdate(done=("beta",)),
            "mobile/legal": NewUpdate(value=False),
        },
        {"uptime": Fraction("99.95")},
        {"core": NewMove("doing"), "db": NewMove("doing", "waiting for: the licence, #4")},
        "2026-08-14-ana",
        "Triage moved to daily.\r\n",
    )
    assert (
        check_in_text(new)
        == """---
date: 2026-08-21
author: ana
team: platform
corrects: 2026-08-14-ana
key_results:
  quality/bugs: 96
  quality/flow: {value: 38, confidence: 0.6, status: at-risk}
  mobile/launch: {done: [beta]}
  mobile/legal: false
kpis:
  uptime: 99.95
initiatives:
  core: doing
  db: {state: doing, blocked: "waiting for: the licence, #4"}
---
Triage moved to daily.
"""
    )


NUMBERS = st.decimals(-(10**9), 10**9, places=6).map(Fraction)
SHARES = st.integers(0, 1000).map(lambda n: Fraction(n, 1000))
NAMES = st.from_regex(f"({ID_PATTERN})", fullmatch=True)
LINES = st.text(min_size=1).map(one_line).filter(bool)
UPDATES = st.builds(
    NewUpdate,
    value=st.none() | st.booleans() | NUMBERS,
    confidence=st.none() | SHARES,
    status=st.none() | st.sampled_from(["on-track", "dropped"]),
    done=st.lists(NAMES, max_size=3).map(tuple),
    score=st.none() | SHARES,
)
MOVES = st.builds(NewMove, state=NAMES, blocked=st.none() | LINES)
CHECK_INS = st.builds(
    NewCheckIn,
    date=st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    author=st.none() | LINES,
    team=st.none() | NAMES,
    key_results=st.dictionaries(st.tuples(NAMES, NAMES).map("/".join), UPDATES, max_size=4),
    kpis=st.dictionaries(NAMES, NUMBERS, max_size=3),
    initiatives=st.dictionaries(NAMES, MOVES, max_size=3),
    corrects=st.none() | NAMES,
    text=st.text(),
)


@given(CHECK_INS)
def test_whatever_is_said_is_read_back_without_a_finding(new: NewCheckIn) -> None:
    document, unread = read_document("check-ins/x.md", check_in_text(new).encode())
    noun, wrong = read_record(document, "check-ins")
    assert (unread, wrong) == ((), ())
    assert isinstance(noun, CheckIn)
    assert (noun.date, noun.author, noun.team) == (new.date, new.author, new.team)
    assert noun.corrects == new.corrects and noun.kpis == new.kpis
    assert noun.body.rstrip("\n") == clean(new.text)
    assert {r: (m.state, m.blocked) for r, m in noun.initiatives.items()} == {
        r: (m.state, m.blocked) for r, m in new.initiatives.items()
    }
    for ref, update in new.key_results.items():
        read = noun.key_results[ref]
        value = read.flag if read.flag is not None else read.value
        assert (type(value), value) == (type(update.value), update.value)
        assert (read.confidence, read.status, read.done, read.score) == (
            update.confidence,
            update.status,
            update.done,
            update.score,
        )


@pytest.mark.parametrize("text", ["---\nfields: no\n---", "```\nnever closed", "# A heading"])
def test_prose_is_prose_whatever_it_looks_like(text: str) -> None:
    raw = check_in_text(NewCheckIn(DAY, "ana", key_results={"a/b": NewUpdate()}, text=text))
    document, unread = read_document("check-ins/x.md", raw.encode())
    assert not unread and document.body == f"{text}\n"


@pytest.mark.parametrize(
    ("author", "period", "taken", "path"),
    [
        ("ana", "2026-q3", (), "check-ins/2026-q3/2026-08-21-ana.md"),
        ("Åsa Öst", None, (), "check-ins/2026-08-21-asa-ost.md"),
        ("ana", None, ("2026-08-21-ana", "2026-08-21-ana-2"), "check-ins/2026-08-21-ana-3.md"),
        ("王芳", None, (), "check-ins/2026-08-21-check-in.md"),
        (None, None, (), "check-ins/2026-08-21-check-in.md"),
        ("../../etc", None, (), "check-ins/2026-08-21-etc.md"),
    ],
)
def test_a_file_is_named_by_its_day_and_author(
    author: str | None, period: str | None, taken: tuple[str, ...], path: str
) -> None:
    assert check_in_path(DAY, author, period, taken) == path


def test_the_longest_name_is_still_an_id() -> None:
    taken = {f"2026-08-21-{'x' * 60}"}
    stem = check_in_path(DAY, "x" * 300, None, taken).removeprefix("check-ins/")
    assert stem == f"2026-08-21-{'x' * 60}-2.md"
    assert len(stem) <= 83
