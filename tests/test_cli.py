"""The commands as they are typed, on a bare folder and in a project."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import main
from tests.portal.test_objective import BASE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in BASE.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_export_prints_one_json_document_with_every_number(folder: Path) -> None:
    result = run("export", "--as-of", "2026-08-20")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    calm = next(o for o in document["objectives"] if o["id"] == "calm")
    bugs = next(k for k in document["key_results"] if k["id"] == "calm/bugs")
    assert document["schema"] == "okrsite/v1" and document["as_of"] == "2026-08-20"
    assert calm["progress"] == pytest.approx(153.333 / 400, abs=1e-5)
    assert (calm["status"], calm["score"], calm["path"]) == (
        "at-risk",
        0.4,
        "objectives/calm.md",
    )
    assert (bugs["measure"], bugs["value"], bugs["progress"]) == ("measured", 108, 0.6)
    assert bugs["line"] == 8
    notice = next(k for k in document["key_results"] if k["id"] == "calm/notice")
    assert notice["progress"] is None and notice["start"] is None


def test_export_tells_of_errors_by_its_exit_code_and_is_whole_all_the_same(folder: Path) -> None:
    (folder / "content/objectives/bad.md").write_text("---\ntitle: x\nperiod: nowhere\n---\n")
    result = run("export", "--as-of", "2026-08-20")
    assert result.exit_code == 1
    found = json.loads(result.stdout)["findings"]
    assert {"OKR101"} <= {finding["code"] for finding in found}


def test_show_tells_the_trail_of_each_kind(folder: Path) -> None:
    assert "153.3 ÷ 4 = 38.3 %" in run("show", "calm", "--as-of", "2026-08-20").stdout
    bugs = run("show", "calm/bugs", "--as-of", "2026-08-20").stdout
    assert "(108 − 180) ÷ (60 − 180) = 60.0 %" in bugs
    assert "18 Aug 2026: 108 a month, check-ins/2026-08-18-ana.md" in bugs
    assert "2 of 3 tasks done" in run("show", "engine", "--as-of", "2026-08-20").stdout
    assert "mean of its objectives" in run("show", "acme", "--as-of", "2026-08-20").stdout


def test_an_unknown_id_is_an_operators_mistake_with_a_proposal(folder: Path) -> None:
    result = run("show", "clam/bugs")
    assert result.exit_code == 2
    assert "Did you mean `calm/bugs`?" in result.stderr


def test_a_key_result_s_own_id_is_enough_where_one_has_it(folder: Path) -> None:
    assert run("show", "bugs").stdout == run("show", "calm/bugs").stdout
    assert run("show", "bugs").exit_code == 0
    goal = folder / "content/objectives/calm.md"
    (goal.parent / "wild.md").write_text(goal.read_text())
    two = run("show", "bugs")
    assert two.exit_code == 2
    assert "`bugs` may mean several; name one in full:\n  calm/bugs  " in two.stderr


def test_a_project_says_where_its_goals_are_and_what_day_it_is(folder: Path) -> None:
    (folder / "content").rename(folder / "goals")
    config = "docs_dir: goals\nplugins:\n  - search\n  - okrsite:\n      as_of: 2026-08-04\n"
    (folder / "mkdocs.yml").write_text(config + "x: !ENV [NOWHERE, 1]\n")
    assert json.loads(run("export").stdout)["as_of"] == "2026-08-04"
    assert json.loads(run("export", "--as-of", "2026-08-20").stdout)["as_of"] == "2026-08-20"


@pytest.mark.parametrize("command", [("export",), ("show", "calm"), ("pages", "out")])
def test_no_folder_is_exit_2_and_a_sentence(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*command)
    assert result.exit_code == 2
    assert result.stderr.startswith("okrsite: there is no folder content")


def test_pages_writes_a_folder_once_and_again_and_no_other(folder: Path) -> None:
    result = run("pages", "out", "--as-of", "2026-08-20")
    assert result.exit_code == 0, result.stderr
    text = (folder / "out/docs/objectives/calm/index.md").read_text()
    assert "A clinic should learn about releases from the notes." in text
    assert run("pages", "out", "--as-of", "2026-08-20").exit_code == 0
    refused = run("pages", "content")
    assert refused.exit_code == 2 and "content" in refused.stderr
    assert (folder / "content/objectives/calm.md").is_file()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("chekin",), "Did you mean `checkin`?"),
        (("new", "goal", "Calm"), "Did you mean `objective`?"),
        (("new", "project", "Calm"), "Did you mean `initiative`?"),
        (("new", "Quarters", "2026-q4"), "Did you mean `period`?"),
        (("new", "objektive", "Calm"), "Did you mean `objective`?"),
        (("new", "horse", "Calm"), "Choose objective, initiative, team, period, kpi."),
    ],
)
def test_a_command_or_kind_there_is_not_is_answered_with_the_one_meant(
    words: tuple[str, ...], meant: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert meant in result.stderr


def test_a_command_finds_the_project_above_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mkdocs.yml").write_text("site_name: A\ndocs_dir: content\n")
    for below in ("content", "content/objectives"):
        monkeypatch.chdir(folder / below)
        result = run("export", "--as-of", "2026-08-20")
        assert json.loads(result.stdout)["objectives"]


def test_the_search_ends_at_the_top_of_a_repository(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mkdocs.yml").write_text("site_name: A\ndocs_dir: content\n")
    other = folder / "other"
    (other / ".git").mkdir(parents=True)
    monkeypatch.chdir(other)
    result = run("export")
    assert result.exit_code == 2 and "there is no folder content" in result.stderr


def test_a_configuration_that_is_not_yaml_is_told_by_its_line(folder: Path) -> None:
    (folder / "mkdocs.yml").write_text("site_name: A\nplugins:\n  - okrsite:\n   cadence: 3\n  x")
    result = run("export")
    assert result.exit_code == 2
    assert result.stderr.startswith("okrsite: mkdocs.yml:4:4: not YAML: ")
    assert "unicode string" not in result.stderr


@pytest.mark.parametrize("words", [["export", "--as-of"], ["diff", "--base-as-of"]])
def test_a_day_that_is_none_says_how_one_is_written(words: list[str]) -> None:
    result = CliRunner().invoke(main, [*words, "05.10.2026"])
    assert result.exit_code == 2
    assert "`05.10.2026` is not a day; write it as 2026-08-20" in result.output
