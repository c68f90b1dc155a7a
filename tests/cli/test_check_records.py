"""`okrsite check` beside what git has seen of the records: one gone, one published twice."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from okrsite.cli import main
from okrsite.hosts import missed as missed_
from tests.git_repos import Goals
from tests.recorded import LATEST, Acme, acme, recorded, standing_in

Q1, Q2, Q3 = LATEST


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Acme:
    return recorded(tmp_path_factory.mktemp("first") / "acme")


@pytest.fixture
def company(first: Acme, tmp_path: Path) -> Acme:
    shutil.copytree(first.goals.root, tmp_path / "acme")
    return Acme(Goals(tmp_path / "acme"))


def told(root: Path, *words: str) -> list[dict[str, str]]:
    """The findings of `check` that speak of records or of what waits for one."""
    with standing_in(root):
        typed = ["check", "--format", "json", *words]
        done = CliRunner().invoke(main, typed, catch_exceptions=False)
    return [row for row in json.loads(done.stdout)["findings"] if row["code"].startswith("OKR70")]


def take_out(company: Acme, *names: str) -> None:
    for name in names:
        shutil.rmtree(company.goals.folder / "snapshots" / name)


def test_records_as_they_were_are_not_told(company: Acme) -> None:
    assert told(company.goals.root) == []


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_record_that_is_gone_is_told_with_the_way_back(company: Acme, is_committed: bool) -> None:
    last = company.goals.git("rev-parse", "--short=7", "HEAD")
    take_out(company, Q2, Q3)
    if is_committed:
        company.commit("Tidy")
    one, two = told(company.goals.root)
    assert (one["code"], one["path"]) == ("OKR704", f"content/snapshots/{Q2}/manifest.json")
    assert two["path"] == f"content/snapshots/{Q3}/manifest.json"
    assert f"the published snapshot `{Q2}` (Ana, 2026-07-08, commit " in one["message"]
    assert one["message"].endswith("is gone")
    back = f"git restore --source={last} -- content/snapshots/{Q2}"
    assert one["hint"] == f"`{back}` brings it back."
    company.goals.git(*back.split()[1:])
    assert [row["path"] for row in told(company.goals.root)] == [two["path"]]


def test_the_only_record_is_missed_too(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    company.publish("2026-q1", "closed")
    company.commit()
    shutil.rmtree(company.goals.folder / "snapshots")
    company.commit("Tidy")
    assert [row["code"] for row in told(company.goals.root)] == ["OKR704"]


def test_nobody_is_advised_to_publish_again_what_is_gone(company: Acme) -> None:
    take_out(company, Q2, Q3)
    with standing_in(company.goals.root):
        shutil.move(".git", "hidden")
        assert [row["code"] for row in told(Path())] == ["OKR706"]
        shutil.move("hidden", ".git")
    assert [row["code"] for row in told(company.goals.root)] == ["OKR704", "OKR704"]


def test_nor_what_is_gone_in_part(company: Acme) -> None:
    company.path(Q2, "record.json").unlink()
    assert {row["code"] for row in told(company.goals.root)} == {"OKR703"}


def test_a_base_that_has_it_tells_it_once(company: Acme) -> None:
    take_out(company, Q3)
    found = [row["path"] for row in told(company.goals.root, "--base", "HEAD")]
    assert len(found) == len(set(found)) == 4


def test_one_that_was_published_twice_is_told(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    company.publish("2026-q2", "closed")
    company.commit("Record")
    company.goals.git("checkout", "-q", "-b", "side", "HEAD~1")
    company.goals.commit(
        "2026-07-08",
        {
            "check-ins/2026-06-29-ana.md": (
                "---\ndate: 2026-06-29\nauthor: ana\nteam: acme\n"
                "key_results: {inbox/waiting: 30}\n---\n"
            )
        },
    )
    company.apart("2026-q2", "closed")
    company.commit("Record", who="Eve")
    company.goals.merge("main", "2026-07-09", "-s", "ours")
    (row,) = told(company.goals.root)
    assert (row["code"], row["path"]) == ("OKR704", f"content/snapshots/{Q2}/manifest.json")
    assert f"the snapshot `{Q2}` was published twice, as different texts (Eve," in row["message"]
    assert "take the merge of the two back" in row["hint"]


@pytest.mark.parametrize("has_git", [True, False])
@pytest.mark.parametrize("other", [("2026-q2", "closed"), ("2026-q3", "committed")])
def test_check_and_verify_name_both_of_two_that_were_made_apart(
    tmp_path: Path, other: tuple[str, str], has_git: bool
) -> None:
    company = acme(tmp_path / "acme")
    company.publish("2026-q1", "closed")
    company.commit("Record")
    company.goals.git("checkout", "-q", "-b", "side", "HEAD~1")
    company.apart(*other)
    company.commit("Record", who="Eve")
    company.goals.git("checkout", "-q", "main")
    company.goals.merge("side", "2026-07-09")
    if not has_git:
        shutil.rmtree(company.goals.root / ".git")
    names = {"2026-q1/closed", "/".join(other)}
    words = "begin the chain: one of them was put in"
    found = company.verify(code=1)
    assert {name for name, rows in found.items() if words in rows[0]} == names
    rows = [row for row in told(company.goals.root) if words in row["message"]]
    assert {
        row["path"].split("snapshots/")[1].removesuffix("/manifest.json") for row in rows
    } == names
    assert len(rows) == 2 and not any("speaks against" in row["message"] for row in rows)


def test_a_shallow_clone_and_a_first_day_tell_nothing(company: Acme, tmp_path: Path) -> None:
    take_out(company, Q3)
    company.commit("Tidy")
    there = tmp_path / "shallow"
    words = ("clone", "-q", "--depth", "1", company.goals.root.resolve().as_uri(), str(there))
    subprocess.run(("git", *words), check=True, capture_output=True)
    assert told(there) == []
    shutil.rmtree(there / ".git")
    Goals(there).git("init", "-q", "-b", "main")
    assert told(there) == []


def test_nothing_is_fetched(company: Acme, tmp_path: Path) -> None:
    company.goals.git("config", "uploadpack.allowFilter", "true")
    take_out(company, Q3)
    company.commit("Tidy")
    there = Goals(tmp_path / "partial")
    words = ("clone", "-q", "--filter=tree:0", company.goals.root.resolve().as_uri())
    subprocess.run(("git", *words, str(there.root)), check=True, capture_output=True)
    before = there.git("count-objects", "-v")
    assert told(there.root) == []
    assert there.git("count-objects", "-v") == before


def test_where_nothing_can_be_on_record_git_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> bool:
        raise AssertionError("git was asked")

    monkeypatch.setattr(missed_, "is_shallow", asked)
    company = acme(tmp_path / "acme")
    with pytest.raises(AssertionError, match="git was asked"):
        told(company.goals.root)
    for name in ("2026-q1", "2026-q2"):
        path = company.goals.folder / f"periods/{name}.md"
        path.write_text(path.read_text().replace("state: closed", "state: committed"))
    told(company.goals.root)
