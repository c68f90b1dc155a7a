"""A finding keeps its fingerprint whatever happens around it, and no other one has it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsite.okr.finding import Finding, Severity
from okrsite.reports.findings.fingerprint import fingerprints

PATH = "objectives/q3/calm.md"
TEXT = """---
title: Calm
key_results:
  - id: bugs
    start: 1,000
  - id: hours
    start: 1,000
---
"""
FIRST = Finding(PATH, 5, 12, "OKR012", Severity.ERROR, "`1,000` is no number", "", "calm/bugs")
SECOND = replace(FIRST, line=7)  # the same words on another line


def marks(text: str, *findings: Finding, path: str = PATH) -> list[str]:
    made = fingerprints(findings, {path: text.encode()})
    return [made[finding] for finding in findings]


def test_two_equal_findings_are_distinct() -> None:
    one, other = marks(TEXT, FIRST, SECOND)
    assert one != other and len(one) == len(other) == 32


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n"))))
def test_lines_inserted_above_change_nothing(lines: list[str]) -> None:
    above = "".join(f"{line}\n" for line in lines)
    below = [replace(f, line=f.line + len(lines)) for f in (FIRST, SECOND)]
    assert marks(above + TEXT, *below) == marks(TEXT, FIRST, SECOND)


def test_a_file_moved_within_its_kind_keeps_its_findings() -> None:
    moved = "objectives/2027/company/calm.md"
    assert marks(TEXT, replace(FIRST, path=moved), path=moved) == marks(TEXT, FIRST)


def test_a_plain_page_is_known_by_its_path() -> None:
    pages = [replace(FIRST, path=path) for path in ("guide/calm.md", "calm.md")]
    assert marks(TEXT, pages[0], path="guide/calm.md") != marks(TEXT, pages[1], path="calm.md")


@pytest.mark.parametrize(
    "other",
    [
        replace(FIRST, code="OKR016"),
        replace(FIRST, path="objectives/q3/other.md"),
        replace(FIRST, path="initiatives/calm.md"),
        replace(FIRST, subject="calm/hours"),
        replace(FIRST, line=4),
    ],
)
def test_another_finding_has_another(other: Finding) -> None:
    files = {path: TEXT.encode() for path in (PATH, other.path)}
    made = fingerprints((FIRST, other), files)
    assert made[FIRST] != made[other]


@pytest.mark.parametrize(
    "same",
    [
        replace(FIRST, message="for 17 days", hint="another"),
        replace(FIRST, severity=Severity.INFO),
        replace(FIRST, column=1),
    ],
)
def test_the_day_and_the_weight_do_not_count(same: Finding) -> None:
    assert marks(TEXT, same) == marks(TEXT, FIRST)


def test_indentation_and_line_ends_do_not_count() -> None:
    other = TEXT.replace("    start", "      start").replace("\n", "\r\n")
    assert marks(other, FIRST) == marks(TEXT, FIRST)


def test_a_file_that_is_gone_has_them_too() -> None:
    gone = Finding("check-ins/a.md", 40, 3, "OKR603", Severity.ERROR, "gone")
    assert len(fingerprints((gone, FIRST), {})) == 2
