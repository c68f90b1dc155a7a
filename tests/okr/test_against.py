"""What a change may not do in silence: what the cases leave open, and the way out."""

import shlex
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from okrsite.cli import main
from okrsite.okr.finding import Finding
from okrsite.okr.guard.against import against
from okrsite.okr.guard.promises import MEANING, SCOPE, VALUES
from okrsite.okr.model import KeyResult, Objective
from okrsite.okr.pipeline import load
from okrsite.okr.settings import Settings, read_settings
from okrsite.okr.sources import read_folder
from tests.okr.test_cases import CASES
from tests.support import AS_OF, book

PERIOD = "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n---\n"
GOAL = """---
title: Fewer surprises
period: q3
owner: Ana
key_results:
  - id: bugs
    title: Escaped bugs
    metric: Bugs found by clinics
    unit: bugs
    start: 40
    target: 20
  - id: audit
    title: Audit passed
    done_when: The report says so
  - id: app
    title: Customers use the app
    milestones:
      - {id: beta, title: Beta}
      - {id: all, title: Everybody}
---
"""
SAID = """---
date: 2026-08-01
author: Ana
key_results:
  calm/bugs: {value: 30, confidence: 0.5}
  calm/audit: false
---
Slow.
"""
FILES = {"periods/q3.md": PERIOD, "objectives/calm.md": GOAL, "check-ins/one.md": SAID}


def found(after: Mapping[str, str], before: Mapping[str, str] = FILES) -> list[str]:
    return [str(finding) for finding in changed(after, before)]


def changed(after: Mapping[str, str], before: Mapping[str, str] = FILES) -> tuple[Finding, ...]:
    return against(book(before), book(after))


def with_goal(old: str, new: str) -> dict[str, str]:
    assert old in GOAL
    return {**FILES, "objectives/calm.md": GOAL.replace(old, new)}


def test_nothing_changed_is_nothing_found() -> None:
    assert found(FILES) == []


def test_the_example_company_against_itself() -> None:
    sources = read_folder(Path(__file__).parents[2] / "content")
    made = load(sources, Settings(), date.fromisoformat(AS_OF))
    assert against(made, made) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Escaped bugs", 'title: "Bugs that escaped" # clearer'),
        ("start: 40\n    target: 20", "target: 20.0\n    start: 40"),
        ("metric: Bugs found by clinics", "metric: bugs found  by clinics."),
        ("owner: Ana", "owner: Ben\ntags: [calm]"),
        ("---\n", "---\r\n"),
    ],
)
def test_what_moves_no_number_is_free(old: str, new: str) -> None:
    assert found(with_goal(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("start: 40", "start: unknown", "start"),
        ("target: 20", "target: 30", "target"),
        ("    target: 20\n", "", "target"),
        ("unit: bugs", "unit: bugs a month", "unit"),
        ("clinics", "testers", "metric"),
        ("done_when: The report says so", "done_when: We say so", "done_when"),
        ("{id: all, title: Everybody}", "{id: all, title: Some}", "milestones"),
        ("title: Everybody}", "title: Everybody, weight: 5}", "milestones"),
        ("title: Audit passed\n", "title: Audit passed\n    weight: 0\n", "weight"),
        ("title: Audit passed\n", "title: Audit passed\n    due: 2026-08-31\n", "due"),
        ("period: q3\n", "period: q3\nprogress_from: children\n", "progress_from"),
        ("period: q3\n", "period: q3\nambition: aspirational\n", "ambition"),
        ("period: q3\n", "period: q3\nweight: 2\n", "weight"),
    ],
)
def test_what_moves_a_number_needs_a_word(old: str, new: str, field: str) -> None:
    (finding,) = changed(with_goal(old, new))
    assert finding.code == "OKR601"
    assert f"`{field}` of " in finding.message
    assert "okrsite amend calm" in finding.hint


def test_a_field_that_cannot_be_read_is_told_once() -> None:
    after = with_goal("target: 20", "target: about 30")
    assert [f.code for f in book(after).findings if f.severity == "error"] == ["OKR012"]
    assert found(after) == []


def test_a_file_that_cannot_be_read_is_not_called_gone() -> None:
    after = {**FILES, "objectives/calm.md": GOAL.replace("title: Fewer", "title Fewer")}
    assert found(after) == []
    assert [f.code for f in changed({**FILES, "check-ins/one.md": "---\ndate\n---\n"})] == []


def test_a_reference_that_leads_nowhere_is_told_once() -> None:
    before = {**FILES, "kpis/up.md": "---\ntitle: Up\nat_least: 9\n---\n"}
    goal = GOAL.replace("    done_when: The report says so\n", "    from: up\n")
    before["objectives/calm.md"] = goal
    after = {path: text for path, text in before.items() if path != "kpis/up.md"}
    assert [f.code for f in book(after).findings if f.severity == "error"][:1] == ["OKR101"]
    assert [f for f in changed(after, before) if "`from`" in f.message] == []


def test_an_amendment_that_is_not_known_yet_changes_nothing_yet() -> None:
    amendment = (
        "---\ndate: 2026-09-10\nauthor: Ana\nsubject: calm/bugs\nfield: target\n"
        "was: 20\nnow: 30\n---\nWhy.\n"
    )
    after = {**with_goal("target: 20", "target: 30"), "amendments/later.md": amendment}
    assert found(after) == []


def test_two_steps_with_two_amendments() -> None:
    lines = "---\ndate: 2026-08-{}\nauthor: Ana\nsubject: calm/bugs\nfield: target\n{}\n---\nWhy.\n"
    after = {
        **with_goal("target: 20", "target: 30"),
        "amendments/a.md": lines.format("10", "was: 20\nnow: 25"),
        "amendments/b.md": lines.format("12", "was: 25\nnow: 30"),
    }
    assert found(after) == []
    del after["amendments/a.md"]
    (finding,) = changed(after)
    assert finding.hint == "Write `was: 20` and `now: 30` in `amendments/b.md`."


def test_an_old_amendment_excuses_no_new_change() -> None:
    lines = "---\ndate: 2026-08-10\nauthor: Ana\nsubject: calm\nfield: scope\n---\nWhy.\n"
    before = {**FILES, "amendments/a.md": lines}
    goal = GOAL.replace("title: Audit passed\n", "title: Audit passed\n    weight: 1\n")
    goal = goal.replace("id: audit", "id: report")
    after = {**before, "objectives/calm.md": goal}
    after["check-ins/one.md"] = SAID
    messages = [f.message for f in changed(after, before) if f.code == "OKR601"]
    assert [m.split(" was ")[1].split(" ")[0] for m in messages] == ["dropped", "added"]


def test_moved_to_another_period() -> None:
    q4 = PERIOD.replace("Q3", "Q4").replace("07-01", "10-01").replace("09-30", "12-31")
    before = {**FILES, "periods/q4.md": q4}
    after = {**before, "objectives/calm.md": GOAL.replace("period: q3", "period: q4")}
    (finding,) = [f for f in changed(after, before) if f.code == "OKR601"]
    assert "amend calm.scope 'period q4' --was 'period q3'" in finding.hint


def test_a_faulty_check_in_may_be_mended() -> None:
    before = {**FILES, "check-ins/one.md": SAID.replace("value: 30", 'value: "30"')}
    assert found(FILES, before) == []
    (finding,) = changed(
        {**FILES, "check-ins/one.md": SAID.replace("audit: false", "audit: true")}, before
    )
    assert (finding.code, finding.line) == ("OKR602", 6)


def test_a_check_in_on_a_key_result_that_is_gone_was_not_edited() -> None:
    goal = GOAL[: GOAL.index("  - id: audit")] + "---\n"
    codes = [f.code for f in changed({**FILES, "objectives/calm.md": goal})]
    assert codes == ["OKR601", "OKR601"]


def test_moved_to_another_folder_and_written_another_way() -> None:
    text = SAID.replace("calm/audit: false", "calm/audit: {value: false}")
    after = {path: text for path, text in FILES.items() if path != "check-ins/one.md"}
    assert found({**after, "check-ins/2026/one.md": text.replace("\n", "\r\n")}) == []


def test_weights_of_the_settings_apply() -> None:
    made, _ = read_settings({"rules": {"OKR601": "info", "OKR603": "off"}})
    sources = {path: text.encode() for path, text in FILES.items()}
    base = load(sources, made, date.fromisoformat(AS_OF))
    after = with_goal("target: 20", "target: 30")
    del after["check-ins/one.md"]
    head = load({p: t.encode() for p, t in after.items()}, made, date.fromisoformat(AS_OF))
    assert [(f.code, str(f.severity)) for f in against(base, head)] == [("OKR601", "info")]


def test_every_field_is_guarded_or_free_on_purpose() -> None:
    guarded = {*VALUES, *MEANING}
    free = {"id", "title", "owner", "team", "tags", "unreadable"}
    assert {f.alias or name for name, f in KeyResult.model_fields.items()} == guarded | free
    free = {"title", "team", "owner", "contributors", "supports", "continues", "tags", "visibility"}
    free |= {"id", "path", "body", "body_line"}
    guarded = {*SCOPE, "parent", "weight", "key_results"}
    assert set(Objective.model_fields) == guarded | free


SILENT = [
    case
    for case in CASES
    if case.code == "OKR601" and case.wrong and case.merged and "gone" not in case.name
]


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case.name)
def test_the_ready_command_is_the_way_out(
    case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert case.merged is not None
    base = load(case.merged, Settings(), case.as_of)
    for path, raw in case.sources.items():
        (tmp_path / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content" / path).write_bytes(raw)
    monkeypatch.chdir(tmp_path)
    findings = against(base, load(case.sources, Settings(), case.as_of))
    hints = [f.hint for f in findings if "okrsite amend" in f.hint]
    for hint in hints:
        words = shlex.split(hint.split("`")[1])[1:]
        done = CliRunner().invoke(
            main,
            [*words, "--as-of", str(case.as_of), "--author", "Ana Berg", "--content", "content"],
        )
        assert done.exit_code == 0, done.output
    head = load(read_folder(tmp_path / "content"), Settings(), case.as_of)
    left = [f for f in against(base, head) if "okrsite amend" in f.hint]
    assert left == []
