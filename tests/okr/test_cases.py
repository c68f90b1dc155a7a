"""Every code finds what its case file calls wrong, and nothing in what it calls right."""

import re
from pathlib import Path

import pytest

import okrsite.okr
from okrsite.okr.rules import RULES
from tests.okr.cases import FOLDER, Case, read_blocks, read_cases

BASE = read_blocks((FOLDER / "README.md").read_text(encoding="utf-8"))
FILES = sorted(FOLDER.glob("OKR*.md"))
CASES = [case for path in FILES for case in read_cases(path, BASE)]
RULE_IDS = [rule.code for rule in RULES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_finds_exactly_what_the_case_lists(case: Case) -> None:
    assert sorted(case.found()) == sorted(case.expected)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_file_has_wrong_and_right(path: Path) -> None:
    cases = list(read_cases(path, BASE))
    wrong = [case for case in cases if case.wrong]
    right = [case for case in cases if not case.wrong]
    assert wrong and right
    assert all(path.stem in {code for code, *_ in case.expected} for case in wrong)
    assert all(path.stem not in {code for code, *_ in case.expected} for case in right)


def test_every_code_has_a_case_file_and_every_case_file_a_code() -> None:
    source = Path(okrsite.okr.__file__).parent.rglob("*.py")
    codes = {code for path in source for code in re.findall(r"OKR\d{3}", path.read_text("utf-8"))}
    assert {path.stem for path in FILES} == codes


def test_one_rule_one_code_one_function() -> None:
    assert len(set(RULE_IDS)) == len(RULES)
    assert len({rule.check for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=RULE_IDS)
def test_a_rule_says_what_it_finds_why_and_how_it_is_done_well(rule) -> None:
    paragraphs = (rule.check.__doc__ or "").split("\n\n")
    assert len(paragraphs) >= 4
    first, why, wrong, right = (p.strip() for p in paragraphs[:4])
    assert "\n" not in first and first.endswith(".")
    assert why
    assert wrong.startswith("Wrong: ")
    assert right.startswith("Right: ")


def test_what_a_record_still_needs_comes_before_its_command() -> None:
    hints = {
        case.name: finding.hint
        for case in CASES
        for finding in case.findings()
        if finding.code == "OKR706"
    }
    run = "`okrsite snapshot publish q3 --kind closed`."
    assert hints == {
        "OKR706 wrong": f"Run {run}",
        "OKR706 wrong: and it does not say when it was closed": (
            f"Write the day of the closing into `closed_on`, then run {run}"
        ),
    }
