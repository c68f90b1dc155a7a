"""Fixes: each removes its finding, adds none, and leaves the rest of the file as it was."""

from collections import Counter
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsite.edit.text.fixes import fixed
from okrsite.okr.finding import Finding, Fix, Severity
from okrsite.okr.guard.against import against
from okrsite.okr.pipeline import Book, load
from okrsite.okr.settings import read_settings
from okrsite.okr.similar import did_you_mean, only_one, same_name
from tests.okr.cases import Case
from tests.okr.test_cases import CASES
from tests.support import book

TEAMS = {"teams/acme.md": "---\ntitle: Acme\n---\n"}


def _what(made: Book) -> Counter[tuple[str, str, str]]:
    return Counter((f.code, f.path, f.message) for f in made.findings)


def _made(case: Case, sources: Mapping[str, bytes]) -> Book:
    settings, _ = read_settings(case.options)
    return load(sources, settings, case.as_of)


FIXABLE = [
    pytest.param(case, finding, id=f"{case.name}: {finding.message[:40]}")
    for case in CASES
    for finding in _made(case, case.sources).findings
    if finding.fix
]


@pytest.mark.parametrize(("case", "finding"), FIXABLE)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_fix_removes_its_finding_and_adds_none(
    case: Case, finding: Finding, newline: str
) -> None:
    sources = {p: raw.replace(b"\n", newline.encode()) for p, raw in case.sources.items()}
    before = _made(case, sources)
    (mine,) = [f for f in before.findings if f == finding]
    text, mended = fixed(sources[mine.path].decode(), [mine])
    assert mended == (mine,)
    after = _made(case, {**sources, mine.path: text.encode()})
    assert _what(before) - _what(after) == Counter([(mine.code, mine.path, mine.message)])
    assert _what(after) - _what(before) == Counter()
    assert text.count("\n") == text.count(newline)


def test_enough_of_the_cases_can_be_mended() -> None:
    assert {cast(Finding, f.values[1]).code for f in FIXABLE} >= {
        "OKR003",
        "OKR011",
        "OKR008",
        "OKR012",
    }


GOAL = """---
title: Goal
period: q3
key_results:
  - id: a
    title: A # a comment
    start: {start}
    target: 5
    due: {due}
---
"""
PERIOD = "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n---\n"


def mended(text: str, path: str = "objectives/goal.md") -> str:
    made = book({**TEAMS, "periods/q3.md": PERIOD, path: text})
    return fixed(text, made.findings_in.get(path, ()))[0]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('"12"', "12"),
        ("'-3.5'", "-3.5"),
        ('"12" # of 40', "12 # of 40"),
        ("1,000,000", "1000000"),
        ("1 000", "1000"),
        ("1'000.5", "1000.5"),
        ("12,5", "12.5"),
        ("0,125", "0.125"),
        ("007", "7"),
        ("1,000", None),
        ("12 %", None),
        ("12k", None),
        ("12:30", None),
        ("about 12", None),
        ("600\u00a0", "600"),
        ("\u22121200", "-1200"),
        ("\u22121,000", None),
        ("“600”", "600"),
        ('"\\u0031"', "1"),
    ],
)
def test_numbers(typed: str, meant: str | None) -> None:
    text = GOAL.format(start=typed, due="2026-09-01")
    wanted = typed if meant is None or "\\" in typed else meant
    assert mended(text) == GOAL.format(start=wanted, due="2026-09-01")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026/08/18", "2026-08-18"),
        ("2026-8-1", "2026-08-01"),
        ("18.08.2026", "2026-08-18"),
        ("18 August 2026", "2026-08-18"),
        ("Aug 18, 2026", "2026-08-18"),
        ("08/18/2026", "2026-08-18"),
        ("08/09/2026", None),
        ("2026-02-30", None),
        ("end of August", None),
    ],
)
def test_days(typed: str, meant: str | None) -> None:
    text = GOAL.format(start=1, due=typed)
    assert mended(text) == GOAL.format(start=1, due=meant or typed)


CHECK_IN = "---\ndate: 2026-08-01\nauthor: Ana\nkey_results:\n  {}\n---\n"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("goal/done: yes", "goal/done: true"),
        ("goal/done: False", "goal/done: false"),
        ("goal/boundary: '5'", "goal/boundary: 5"),
        ("goal/boundery: 5", None),
        ("goal/Boundary: 5", None),
        ("{goal/boundery: 5, goal/done: no}", "{goal/boundery: 5, goal/done: false}"),
        ("goal/boundery: 5\n  goal/boundary: 6", None),
        (
            "goal/bonudary: {value: 5, confidance: 0.5}",
            "goal/bonudary: {value: 5, confidence: 0.5}",
        ),
        (
            "goal/boundary: {value: 5, confidance: 0.5}",
            "goal/boundary: {value: 5, confidence: 0.5}",
        ),
        ("goal/boundary: {value: 5, confidence: 60}", "goal/boundary: {value: 5, confidence: 0.6}"),
        ("goal/boundary: {value: 5, confidence: 6}", None),
        (
            "goal/boundary: {value: 5, confidence: 70%}",
            "goal/boundary: {value: 5, confidence: 0.7}",
        ),
        ("goal/boundary: 100 %", None),
        ("goal/boundary: {status: On Track}", "goal/boundary: {status: on-track}"),
        ("goal/boundary: {status: green}", None),
        ("boundary: 5", None),
        ("goal/q4: 5", None),
    ],
)
def test_check_ins(typed: str, meant: str | None) -> None:
    goal = GOAL.format(start=1, due="2026-09-01").replace("id: a", "id: boundary")
    goal = goal.replace("---\n", "  - {id: done, title: D, done_when: D}\n---\n").replace(
        "  - {id: done, title: D, done_when: D}\n---\ntitle", "---\ntitle"
    )
    goal = goal.replace(
        "  - {id: done", "  - {id: q3, title: Q, start: 1, target: 2}\n  - {id: done"
    )
    text, path = CHECK_IN.format(typed), "check-ins/one.md"
    made = book({**TEAMS, "periods/q3.md": PERIOD, "objectives/goal.md": goal, path: text})
    found = fixed(text, made.findings_in.get(path, ()))[0]
    assert found == CHECK_IN.format(meant or typed)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("\n\n---\ntitle: Tools\n---\n", "---\ntitle: Tools\n---\n"),
        (
            "\ufefftitle: Tools\nparent: acme\n---\nText\n",
            "\ufeff---\ntitle: Tools\nparent: acme\n---\nText\n",
        ),
        ("---\ntitle: Tools", "---\ntitle: Tools\n---\n"),
        ("---\ntitle: Tools\n\nProse: is\nhere.\n", None),
        ("---\ntitle:T\nlevel: x\n---\n", "---\ntitle: T\nlevel: x\n---\n"),
        ('---\ntitle: "Tools\nparent: acme\n---\n', '---\ntitle: "Tools"\nparent: acme\n---\n'),
        ("---\ntitle: T\nmembers: [a, b\n---\n", "---\ntitle: T\nmembers: [a, b]\n---\n"),
        (
            "---\ntitle: T\nmembers:\n\t- a\n\t- b\n---\n",
            "---\ntitle: T\nmembers:\n  - a\n  - b\n---\n",
        ),
        ("---\ntitle: A: b # c\n---\n", None),
        ("---\ntitle: A: b\nlevel: c: d\n---\n", '---\ntitle: "A: b"\nlevel: c: d\n---\n'),
        ("---\nid: tools\ntitle: T\n---\n", "---\ntitle: T\n---\n"),
        ("---\nid: machines\ntitle: T\n---\n", None),
        ("---\ntitel: T\n---\n", "---\ntitle: T\n---\n"),
        ("---\ntitel: T\ntitle: U\n---\n", None),
        ("---\ntitle: T\nparent: acmee\n---\n", None),
        ("---\ntitle: T\nparent: Acme\n---\n", "---\ntitle: T\nparent: acme\n---\n"),
        ("---\nTitle: T\nPARENT: acme\n---\n", "---\ntitle: T\nparent: acme\n---\n"),
        ("---\ntitle: “T”\nparent: «acme»\n---\n", '---\ntitle: "T"\nparent: "acme"\n---\n'),
        ("---\ntitle: “T” and “U”\n---\n", None),
        ("---\ntitle: “T\n---\n", None),
        ('---\ntitle: “a "b" c”\n---\n', None),
        ("---\ntitle: T\nlead: x # baseline\nowner: y\n---\n", None),
        ("---\ntitle: T\x07\n---\n", "---\ntitle: T\n---\n"),
    ],
)
def test_files(text: str, meant: str | None) -> None:
    assert mended(text, "teams/tools.md") == (meant if meant is not None else text)


MERGED = [
    (
        "check-ins/one.md",
        "date: 2026-08-01\nautor: Ana\nkpi: {k: 5}\nkey_result:\n  goal/a: 1 200\n",
    ),
    ("check-ins/one.md", "Date: 2026-08-01\nauthor: “Ana”\nkey_results: {goal/a: 5, goal/A: 6}\n"),
    ("check-ins/one.md", "date: 1.8.2026\nauthor: Ana\nkey_results: {goal/a: '5', goal/b: 6}\n"),
    (
        "check-ins/one.md",
        "date: 2026-08-01\nauthor: Ana\ninitiatives: {work: dooing, Work: Doing}\n",
    ),
    (
        "check-ins/one.md",
        "date: 2026-08-01\nauthor: A: B\nkey_results:\n  goal/a: {vlaue: 5, confidence: 70%}\n",
    ),
    ("amendments/one.md", "date: 2026-08-01\nsubjet: goal/a\nfield: target\nwas: 4\nnow: 5\n"),
    ("amendments/one.md", "date: 2026-08-01\nsubject: goal/a\nfield: targt\nwas: '4'\nnow: 5\n"),
    ("amendments/one.md", "date: 2026-08-01\nsubject: goal/a\nfield: target\nwas: 1,25\nnwo: 5\n"),
]


@pytest.mark.parametrize(("path", "fields"), MERGED)
def test_nothing_that_was_merged_is_mended_into_an_error(path: str, fields: str) -> None:
    goal = GOAL.format(start=1, due="2026-09-01")
    work = "---\ntitle: W\ncontributes_to: [goal]\n---\n"
    files = {
        **TEAMS,
        "periods/q3.md": PERIOD,
        "objectives/goal.md": goal,
        "initiatives/work.md": work,
        "kpis/k.md": "---\ntitle: K\n---\n",
    }
    text = f"---\n{fields}---\nSo it is.\n"
    base = book({**files, path: text})
    for _ in range(5):
        found = book({**files, path: text}).findings_in.get(path, ())
        text, done = fixed(text, found)
        if not done:
            break
    edited = against(base, book({**files, path: text}))
    assert [f for f in edited if f.code in ("OKR602", "OKR604", "OKR607")] == []
    assert f"---\n{fields}---\nSo it is.\n" != text or "dooing" in fields


def test_a_slip_in_a_goals_id_rewrites_no_check_in_and_no_amendment() -> None:
    goal = GOAL.format(start=1, due="2026-09-01").replace("id: a", "id: late-parcel")
    text = "---\ndate: 2026-08-01\nauthor: Ana\nkey_results:\n  goal/late-parcels: 4\n---\n"
    change = "---\ndate: 2026-08-01\nsubject: goal/late-parcels\nfield: due\n---\nWhy.\n"
    files = {"objectives/goal.md": goal, "check-ins/a.md": text, "amendments/a.md": change}
    made = book({**TEAMS, "periods/q3.md": PERIOD, **files})
    found = [f for f in made.findings if f.code == "OKR101"]
    assert [f.hint for f in found] == ["Did you mean `goal/late-parcel`?"] * 2
    assert [f.fix for f in made.findings] == [None] * len(made.findings)


def test_a_range_the_wrong_way_round() -> None:
    text = "---\ntitle: K\nbetween: [5,  4] # or so\n---\n"
    assert mended(text, "kpis/k.md") == text.replace("[5,  4]", "[4, 5]")


def test_an_id_in_capitals_unless_there_is_one_in_small_letters() -> None:
    text = GOAL.format(start=1, due="2026-09-01").replace("id: a", "id: Bugs")
    assert mended(text) == text.replace("Bugs", "bugs")
    two = text.replace("---\n", "  - {id: bugs, title: B, done_when: B}\n---\n")
    two = two.replace("  - {id: bugs, title: B, done_when: B}\n---\ntitle", "---\ntitle")
    assert mended(two) == two


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("2026-q4", ""),
        ("croe", "core"),
        ("care", ""),
        ("Core", "core"),
        ("platfrm", "platform"),
        ("platform_team", "platform-team"),
        ("bookings", ""),
    ],
)
def test_only_one(wrong: str, meant: str) -> None:
    known = ["2026-q3", "core", "platform", "platform-team", "booking", "bookingz"]
    assert only_one(wrong, known) == meant


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("Core", "core"),
        (" platform_TEAM ", "platform-team"),
        ("platfrm", ""),
        ("bookingz-", ""),
        ("calls-on", ""),
        ("twin", ""),
    ],
)
def test_names_that_are_the_same_but_for_their_letters_case(wrong: str, meant: str) -> None:
    known = ["core", "platform-team", "platform", "bookingz", "calls-in", "Twin", "twin "]
    assert same_name(wrong, known) == meant


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("2026-q3", ""),
        ("2026-q44", ""),
        ("2026-qu4", "Did you mean `2026-q4`?"),
        ("nps-b2c", "b2b"),
    ],
)
def test_other_digits_are_no_slip(wrong: str, hint: str) -> None:
    found = did_you_mean(wrong, ["2026-q4", "2027-q4", "nps-b2b"])
    assert hint in found and bool(hint) == bool(found)


def _finding(fix: Fix) -> Finding:
    return Finding("x.md", 1, 1, "OKR012", Severity.ERROR, f"{fix}", fix=fix)


PLACES = st.tuples(st.integers(1, 4), st.integers(1, 8))


@given(
    st.lists(st.text(alphabet="ab\ufeffé", max_size=6), max_size=4),
    st.lists(st.tuples(PLACES, PLACES, st.sampled_from(["", "X", "Y\n"])), max_size=4),
    st.sampled_from(["\n", "\r\n"]),
)
def test_fixes_that_overlap_or_lie_outside_do_no_harm(lines, places, newline) -> None:
    text = newline.join(lines)
    findings = [_finding(Fix(a, b, c, d, new)) for (a, b), (c, d), new in places]
    new, done = fixed(text, findings)
    assert set(done) <= set(findings)
    assert fixed(text, []) == (text, ())
    broken = newline if "\n" in text else "\n"  # a text of one line does not say how it breaks
    kept = len(new) - sum(len(f.fix.text.replace("\n", broken)) for f in done if f.fix)
    assert 0 <= kept <= len(text)
    if not done:
        assert new == text
