"""The table of codes is the codes: those of the source, of the cases and of the handbook."""

import re
from pathlib import Path

import pytest

import okrsite
from okrsite.okr.codes import CODES
from okrsite.okr.rules import RULES
from tests.okr.cases import FOLDER
from tests.okr.test_cases import CASES

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "content" / "guide" / "rules.md").read_text(encoding="utf-8")


def test_every_code_in_the_source_is_in_the_table() -> None:
    files = (p for p in Path(okrsite.__file__).parent.rglob("*.py") if p.name != "codes.py")
    used = {code for p in files for code in re.findall(r'"(OKR\d{3})"', p.read_text("utf-8"))}
    assert used == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_case_file_and_the_handbook_say_the_same(code: str) -> None:
    about = CODES[code]
    head, description = (FOLDER / f"{code}.md").read_text("utf-8").split("\n")[:3:2]
    assert head == f"# {code} {about.name}"
    assert description == about.description
    assert f"### {code}: {about.name} {{ #{code.lower()} }}\n" in GUIDE
    section = GUIDE.split(f"{{ #{code.lower()} }}")[1].split("\n### ")[0]
    assert f"*Default: {about.severity}.*" in section


def test_findings_weigh_what_the_table_says() -> None:
    found = {(f.code, f.severity) for case in CASES if not case.options for f in case.findings()}
    assert {code for code, _ in found} >= set(CODES) - {"OKR020", "OKR406"}
    assert [code for code, severity in found if CODES[code].severity is not severity] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_described_by_its_first_sentence(rule) -> None:
    assert CODES[rule.code].description == (rule.check.__doc__ or "").split("\n")[0]


def test_names_are_distinct() -> None:
    assert len({about.name for about in CODES.values()}) == len(CODES)
