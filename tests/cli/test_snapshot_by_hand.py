"""What the handbook says of checking a snapshot without okrsite, each command run as it stands."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from okrsite.cli import main
from tests.git_repos import Goals
from tests.recorded import Acme, recorded

PAGE = Path(__file__).parents[2] / "content" / "guide" / "snapshots.md"
SECTION = PAGE.read_text("utf-8").partition("{ #by-hand }")[2]
PARTS, SOURCES, CHAIN, SCORE, TOUCHED = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
BEFORE = "content/snapshots/2026-q1/closed/manifest.json"
Q2 = "content/snapshots/2026-q2/closed"

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "git", "jq", "sha256sum"))), reason="needs jq, sha256sum"
)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Acme:
    return recorded(tmp_path_factory.mktemp("first") / "acme")


@pytest.fixture
def company(first: Acme, tmp_path: Path) -> Acme:
    shutil.copytree(first.goals.root, tmp_path / "acme")
    return Acme(Goals(tmp_path / "acme"))


def run(company: Acme, text: str) -> tuple[bool, str]:
    """Whether all went well, and what was printed."""
    done = subprocess.run(
        ["bash", "-c", text], cwd=company.goals.root, capture_output=True, text=True, check=False
    )
    return done.returncode == 0 and "FAILED" not in done.stdout, done.stdout


def change(company: Acme, path: str, old: str, new: str) -> None:
    file = company.goals.root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_the_files_of_a_snapshot(company: Acme) -> None:
    assert run(company, PARTS) == (
        True,
        "changes.json: OK\nrecord.json: OK\nsources.sha256: OK\n",
    )
    change(company, f"{Q2}/record.json", "One inbox", "An inbox")
    fine, told = run(company, PARTS)
    assert not fine and "record.json: FAILED" in told


def test_the_sources_at_the_commit(company: Acme) -> None:
    change(company, "content/objectives/inbox.md", "One inbox", "An inbox")  # later: no matter
    assert run(company, SOURCES) == (True, "The sources are right.\n")
    assert company.goals.git("worktree", "list").count("\n") == 0
    change(company, f"{Q2}/sources.sha256", "content/objectives/inbox", "content/people/ana")
    assert "The sources are right." not in run(company, SOURCES)[1]


def test_the_chain(company: Acme) -> None:
    assert run(company, CHAIN) == (
        True,
        "2026-q1/closed/manifest.json: OK\nThe chain begins with 2026-q1/closed.\n",
    )
    change(company, BEFORE, "2026-04-08", "2026-04-09")
    assert "2026-q1/closed/manifest.json: FAILED" in run(company, CHAIN)[1]


def test_a_score(company: Acme) -> None:
    fine, told = run(company, SCORE)
    found = re.fullmatch(r"inbox: recorded ([\d.]+), computed ([\d.]+)\n", told)
    assert fine and found and abs(float(found[1]) - float(found[2])) < 1e-12


def test_who_touched_it(company: Acme) -> None:
    assert len(run(company, TOUCHED)[1].splitlines()) == 1
    change(company, f"{Q2}/record.json", "One inbox", "An inbox")
    company.commit("Nothing to see", who="Mallory")
    fine, told = run(company, TOUCHED)
    assert fine and "Mallory Nothing to see" in told.splitlines()[0]


@pytest.mark.parametrize(
    ("kind", "part"), [("snapshot", "record"), ("manifest", "manifest"), ("changes", "changes")]
)
def test_each_file_is_what_its_schema_says(company: Acme, kind: str, part: str) -> None:
    printed = CliRunner().invoke(main, ["schema", kind])
    assert printed.exit_code == 0
    schema = json.loads(printed.output)
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema)
    for name in ("2026-q1/closed", "2026-q2/closed", "2026-q3/committed"):
        said = json.loads(company.path(name, f"{part}.json").read_text())
        valid.validate(said)
        assert not valid.is_valid({**said, "more": 1})
        assert not valid.is_valid({**said, "schema": "okrsite/else/v1"})
