"""The handbook's page for reviewers says what is true, and the yardstick of reviewing runs."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks import review
from okrsite.okr.changes.causes import split
from okrsite.okr.changes.change import RULES, SILENT
from okrsite.reports.diff.document import SCHEMA
from tests.okr.texts import goal, made, said

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "content" / "guide" / "reviewing.md").read_text(encoding="utf-8")
GOLDEN = ROOT / "tests" / "golden" / "diff"
ROW = re.compile(r"^\| `([a-z-]+)` \| (.+?) \| (\w+) \|(?: (\w+|–) \|)?$", re.MULTILINE)


def test_every_rule_is_in_a_table_with_its_weight() -> None:
    told = {}
    for name, says, weight, silent in ROW.findall(PAGE):
        told[name] = (says, weight)
        if silent not in ("", "–"):
            told[name + SILENT] = ("", silent)
    assert told.keys() == RULES.keys()
    for name, (says, weight) in told.items():
        assert weight == RULES[name].severity, name
        assert says in ("", RULES[name].says), name


def test_the_example_is_the_report_of_that_change() -> None:
    (block,) = re.findall(r'^```text title="okrsite diff .*?\n(.*?)^```$', PAGE, re.M | re.S)
    assert block == (GOLDEN / "proposal.txt").read_text(encoding="utf-8")


def test_the_accepted_fingerprint_is_one_of_the_example() -> None:
    (mark,) = re.findall(r'title="accepted.txt"\n(\w+) ', PAGE)
    assert mark in (GOLDEN / "proposal.txt").read_text(encoding="utf-8")


def test_the_worked_split_is_what_is_computed() -> None:
    files = {"goal.md": goal("a, start: 0, target: 100"), "check-ins/a.md": said(9, "goal/a: 40")}
    after = {"goal.md": goal("a, start: 0, target: 80"), "check-ins/b.md": said(20, "goal/a: 60")}
    share = split(made(files), made({**files, **after})).objectives["goal"]
    assert (share.work, share.goalposts) == (Fraction(225, 1000), Fraction(125, 1000))
    assert "**+22.5 from work and +12.5 from moved goalposts.**" in PAGE


def test_the_split_by_hand_is_what_is_computed() -> None:
    second = "b, start: 0, target: 10"
    said_of = {"check-ins/b.md": said(9, "goal/b: 2")}
    files = {"goal.md": goal("a, start: 0, target: 100", second), **said_of}
    files["check-ins/a.md"] = said(9, "goal/a: 40")
    after = {"goal.md": goal("a, start: 0, target: 80", second)}
    after["check-ins/c.md"] = said(20, "goal/a: 60")
    found = split(made(files), made({**files, **after}))
    for share in (found.key_results["goal/a"], found.objectives["goal"]):
        assert f"= +{float(share.work * 100):g} |" in PAGE
        assert f"= +{float(share.goalposts * 100):g} |" in PAGE
    assert found.objectives["goal"].work == Fraction(1125, 10000)


def test_every_field_of_the_document_is_named() -> None:
    document = json.loads((GOLDEN / "proposal.json").read_text(encoding="utf-8"))
    assert document["schema"] == SCHEMA
    told = PAGE[PAGE.index("{ #json }") :]
    for name in document:
        assert f'"{name}"' in told, name
    for name in document["causes"][0]["split"]:
        assert f'"{name}"' in told, name


def test_the_yardstick_compares_what_it_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "LIMITS", {"check": 1e9, "diff": 1e9})
    assert review.main(["--size", "20", "--runs", "1"]) == 0
    told = capsys.readouterr().out
    assert "N = 20" in told and "| diff " in told
