"""`okrsite snapshot publish` and `list` on a real repository: what is written, what is refused."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from okrsite.okr.snapshot.manifest import digest
from okrsite.okr.snapshot.record import read_record
from tests.git_repos import Goals
from tests.recorded import CONFIG, FILES, PERIOD, Q2, Acme, acme, recorded

PARTS = ("changes.json", "manifest.json", "record.json", "sources.sha256")


@pytest.fixture
def company(tmp_path: Path) -> Acme:
    return acme(tmp_path / "acme")


# --- what is written ----------------------------------------------------------------------------


def test_a_record_says_where_it_comes_from_and_how_the_period_stands(company: Acme) -> None:
    commit = company.goals.git("rev-parse", "HEAD")
    told = company.run("publish", "2026-q1", "--kind", "closed")
    assert company.snapshots() == [f"2026-q1/closed/{part}" for part in PARTS]
    record = read_record(company.path("2026-q1/closed", "record.json").read_bytes())
    assert (record.commit, record.as_of.isoformat()) == (commit, "2026-04-08")
    assert (record.content, record.configuration) == ("content", "mkdocs.yml")
    assert record.open == ()
    manifest = digest(company.path("2026-q1/closed", "manifest.json").read_bytes())
    for words in (
        "content/snapshots/2026-q1/closed",
        manifest,
        "1 goal with 2 key results",
        "score 0.7, green (67 %)",
        'git add content/snapshots && git commit -m "Record 2026-q1/closed"',
    ):
        assert words in told


def test_several_are_published_before_one_commit(company: Acme) -> None:
    for period, kind in (("2026-q1", "closed"), ("2026-q2", "closed"), ("2026-q3", "mid")):
        company.publish(period, kind)
    rows = json.loads(company.run("list", "--format", "json"))["snapshots"]
    assert [row["snapshot"] for row in rows] == [
        "2026-q1/closed",
        "2026-q2/closed",
        "2026-q3/mid-2026-08-20",
    ]
    assert [row["previous"] for row in rows] == [None, "2026-q1/closed", "2026-q2/closed"]
    assert company.verify() == {}


def test_staged_records_do_not_count_as_changes(company: Acme) -> None:
    company.publish("2026-q1", "closed")
    company.goals.git("add", "-A")
    company.publish("2026-q2", "closed")
    assert company.verify() == {}


def test_the_record_comes_from_the_commit_and_not_from_ignored_files(company: Acme) -> None:
    company.goals.commit("2026-07-08", {"../.gitignore": "content/objectives/secret.md\n"})
    company.goals.write(
        {"objectives/secret.md": "---\ntitle: Secret\nperiod: 2026-q1\nteam: acme\n---\n"}
    )
    company.publish("2026-q1", "closed")
    record = read_record(company.path("2026-q1/closed", "record.json").read_bytes())
    assert record.own == ("fewer-bugs",)
    assert company.verify() == {}


def test_key_results_nobody_closed_are_recorded_as_no_data(company: Acme) -> None:
    company.goals.commit("2026-07-08", {"check-ins/2026-06-29-ana.md": None})
    told = company.refused("2026-q2", "--kind", "closed")
    assert "inbox/waiting, Ana Lima, last known 70 on 2026-05-04" in told
    assert "--allow-open" in told
    company.publish("2026-q2", "closed", "--allow-open")
    record = read_record(company.path("2026-q2/closed", "record.json").read_bytes())
    assert record.open == ("inbox/waiting",)
    assert record.key_results["inbox/waiting"].progress is None
    assert record.last_known["inbox/waiting"].value == 70
    assert company.verify() == {}


def test_an_open_key_result_that_reads_a_kpi_names_it(company: Acme) -> None:
    fed = (
        "---\ntitle: One inbox\nperiod: 2026-q2\nteam: acme\nowner: ana\nkey_results:\n"
        "  - {id: waiting, title: Waiting, from: wait}\n---\n"
    )
    kpi = "---\ntitle: Wait\nat_most: 40\n---\n"
    said = "---\ndate: 2026-05-04\nauthor: ana\nkpis: {wait: 50}\n---\n"
    goals = {"objectives/inbox.md": fed, "kpis/wait.md": kpi, "check-ins/kpi.md": said}
    gone = {"check-ins/2026-06-29-ana.md": None, "check-ins/2026-05-04-ana.md": None}
    company.goals.commit("2026-07-08", {**goals, **gone})
    told = company.refused("2026-q2", "--kind", "closed")
    assert (
        "inbox/waiting, Ana Lima, last known 50 on 2026-05-04 (kpi); it reads `kpis/wait`" in told
    )


def test_every_open_key_result_is_named_with_who_owns_it(company: Acme) -> None:
    company.goals.commit("2026-07-08", {"check-ins/2026-03-31-ana.md": None})
    told = company.refused("2026-q1", "--kind", "closed")
    assert "2 key results have no closing check-in, dated from 2026-03-25 to 2026-04-08" in told
    assert told.count("Ana Lima, nothing was ever said of it") == 2


def test_all_that_is_due_is_published_oldest_first(company: Acme) -> None:
    told = company.run("publish", "--due", "--as-of", "2026-08-20")
    places = [told.index(f"{name} as of") for name in ("q1/closed", "q3/committed", "q2/closed")]
    assert places == sorted(places)
    assert "committed" not in json.dumps(sorted({*company.snapshots()})[:8])  # not after closing
    assert company.verify() == {}
    assert company.run("publish", "--due").strip() == "No record is due."


def test_a_record_that_the_main_branch_has_comes_first(company: Acme) -> None:
    """Two records that follow the same one could never stand in one chain."""
    company.goals.git("checkout", "-q", "-b", "feature")
    company.goals.git("checkout", "-q", "main")
    company.run("publish", "2026-q1", "--kind", "closed")
    company.commit("Record 2026-q1/closed")
    company.goals.git("checkout", "-q", "feature")
    told = company.refused("2026-q2", "--kind", "closed")
    assert "main has the record 2026-q1/closed, and this branch does not have it yet" in told
    company.goals.git("merge", "-q", "main")
    company.run("publish", "2026-q2", "--kind", "closed")
    assert company.verify() == {}


def test_how_a_closed_quarter_stood_is_no_record_any_more(company: Acme) -> None:
    company.run("publish", "2026-q2", "--kind", "closed")
    open_again = PERIOD.format(*Q2, "committed", "committed_on: 2026-04-02\n")
    company.goals.commit("2026-07-10", {"periods/2026-q2.md": open_again})
    told = company.refused("2026-q2", "--kind", "mid")
    assert "`2026-q2` is on record as closed" in told and "state: closed" in told


def test_what_waits_does_not_keep_back_the_rest(company: Acme) -> None:
    company.goals.commit("2026-07-08", {"check-ins/2026-03-31-ana.md": None})
    told = company.run("publish", "--due", code=2)
    assert "2026-q1/closed: 2 key results have no closing check-in" in told
    assert {path.rpartition("/")[0] for path in company.snapshots()} == {
        "2026-q2/closed",
        "2026-q3/committed",
    }


def test_nothing_is_promised_of_a_period_that_is_over(company: Acme) -> None:
    over = {"periods/2026-q2.md": PERIOD.format(*Q2, "committed", "committed_on: 2026-04-02\n")}
    (company.goals.root / "mkdocs.yml").write_text(CONFIG.replace("2026-08-20", "2026-10-01"))
    company.goals.commit("2026-07-10", over)
    told = company.run("publish", "--due", "--as-of", "2026-10-01")
    assert {path.rpartition("/")[0] for path in company.snapshots()} == {"2026-q1/closed"}
    assert "q2" not in told and "q3" not in told


def test_a_folder_can_be_named_without_a_configuration(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    (company.goals.root / "mkdocs.yml").unlink()
    company.goals.git("mv", "content", "goals")
    company.commit("Another folder")
    day = ("--as-of", "2026-08-20")
    company.run("publish", "2026-q1", "--kind", "closed", "--content", "goals", *day)
    raw = (company.goals.root / "goals/snapshots/2026-q1/closed/record.json").read_bytes()
    assert (read_record(raw).content, read_record(raw).configuration) == ("goals", None)
    assert company.verify("--content", "goals") == {}


def test_a_project_below_the_top_of_its_repository(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    (company.goals.root / "okr").mkdir()
    company.goals.git("mv", "content", "mkdocs.yml", "okr")
    company.commit("Below")
    below = Acme(Goals(company.goals.root / "okr"))
    below.publish("2026-q1", "closed")
    record = read_record(below.path("2026-q1/closed", "record.json").read_bytes())
    assert (record.content, record.configuration) == ("okr/content", "okr/mkdocs.yml")
    assert below.verify() == {}


def test_settings_that_are_inherited_are_among_the_sources(company: Acme) -> None:
    root = company.goals.root
    (root / "base.yml").write_text("plugins:\n  okrsite:\n    cadence: 14\n")
    (root / "mkdocs.yml").write_text("INHERIT: base.yml\nsite_name: Acme\ndocs_dir: content\n")
    company.commit("Inherit")
    company.publish("2026-q1", "closed", "--as-of", "2026-08-20")
    sums = company.path("2026-q1/closed", "sources.sha256").read_text().splitlines()
    assert {"base.yml", "mkdocs.yml"} <= {line.partition("  ")[2] for line in sums}
    assert company.verify() == {}


# --- what is refused ----------------------------------------------------------------------------


def test_a_record_is_never_written_again(company: Acme) -> None:
    company.publish("2026-q1", "closed")
    before = company.path("2026-q1/closed", "record.json").read_bytes()
    assert "`2026-q1/closed` is published already" in company.refused("2026-q1", "--kind=closed")
    company.commit()
    assert "never written again" in company.refused("2026-q1", "--kind", "closed")
    assert company.path("2026-q1/closed", "record.json").read_bytes() == before


def test_nor_one_of_which_a_part_is_there(company: Acme) -> None:
    company.publish("2026-q1", "closed")
    company.path("2026-q1/closed", "manifest.json").unlink()
    company.goals.git("add", "-A")
    told = company.refused("2026-q1", "--kind", "closed")
    assert "content/snapshots/2026-q1/closed" in told
    company.commit()
    assert "not whole" in company.refused("2026-q1", "--kind", "closed")


def test_nor_into_an_empty_folder_of_that_name(company: Acme) -> None:
    company.path("2026-q1/closed", "x").parent.mkdir(parents=True)
    assert "not whole" in company.refused("2026-q1", "--kind", "closed")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("2026-q7", "--kind", "closed"), "there is no period `2026-q7`"),
        (("2026_q1", "--kind", "closed"), "Did you mean `2026-q1`?"),
        (("../q1", "--kind", "closed"), "there is no period `../q1`"),
        (("2026-q3", "--kind", "closed"), "write `state: closed` and `closed_on` into periods/"),
        (("2026-q3", "--kind", "mid", "--as-of", "2026-06-01"), "begins only on 2026-07-01"),
        (("2026-q3", "--kind", "mid", "--as-of", "2026-09-01"), "is still to come"),
        (("2026-q1",), "name a PERIOD and its --kind"),
        (("2026-q1", "--due"), "name a PERIOD and its --kind"),
        ((), "name a PERIOD and its --kind"),
        (("--due", "--kind", "mid"), "name a PERIOD and its --kind"),
    ],
)
def test_what_cannot_be_recorded_is_refused(
    company: Acme, words: tuple[str, ...], told: str
) -> None:
    assert told in company.refused(*words)


@pytest.mark.parametrize(
    ("kind", "state", "more", "told"),
    [
        ("closed", "closed", "", "`closed_on` is missing"),
        ("closed", "closed", "closed_on: 7.7.2026\n", "`7.7.2026` is not a day"),
        ("committed", "committed", "committed_on: soon\n", "`soon` is not a day"),
        (
            "closed",
            "closed",
            "closed_on: 2026-07-07\n",
            "closes on 2026-07-07 (`closed_on`), and it is 2026-07-",
        ),
        ("closed", "committed", "closed_on: 2026-07-07\n", "`state: closed` is missing"),
        ("committed", "draft", "", "is still a draft"),
        ("committed", "committed", "", "does not say when it was committed"),
        ("committed", "committed", "committed_on: 2026-08-01\n", "to be committed on 2026-08-01"),
    ],
)
def test_what_its_time_has_not_come_for_is_refused(
    company: Acme, kind: str, state: str, more: str, told: str
) -> None:
    company.goals.commit("2026-07-08", {"periods/2026-q2.md": PERIOD.format(*Q2, state, more)})
    assert told in company.refused("2026-q2", "--kind", kind, "--as-of", "2026-07-06")


@pytest.mark.parametrize(
    "path",
    ["content/objectives/inbox.md", "content/index.md", "mkdocs.yml", "README.md"],
)
def test_a_changed_file_is_refused(company: Acme, path: str) -> None:
    company.goals.commit("2026-07-08", {"../README.md": "Read me.\n"})
    with (company.goals.root / path).open("a") as file:
        file.write("\n")
    told = company.refused("2026-q1", "--kind", "closed")
    assert f"\n  {path}\n" in told
    company.goals.git("add", "-A")
    assert f"\n  {path}\n" in company.refused("2026-q1", "--kind", "closed")


@pytest.mark.parametrize("path", ["content/objectives/new.md", "content/snapshots/notes.txt"])
def test_an_unknown_file_among_the_goals_is_refused(company: Acme, path: str) -> None:
    (company.goals.root / path).parent.mkdir(exist_ok=True)
    (company.goals.root / path).write_text("new\n")
    assert path in company.run("publish", "2026-q1", "--kind", "closed", code=2)


def test_an_unknown_file_elsewhere_is_not(company: Acme) -> None:
    (company.goals.root / "notes.txt").write_text("mine\n")
    company.publish("2026-q1", "closed")


def test_a_file_that_was_taken_out_is_refused(company: Acme) -> None:
    (company.goals.folder / "objectives/calls.md").unlink()
    assert "content/objectives/calls.md" in company.refused("2026-q1", "--kind", "closed")


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    (company.goals.root / ".git").rename(tmp_path / "gone")
    assert "lies in no git repository" in company.refused("2026-q1", "--kind", "closed")


def test_a_repository_without_a_commit_is_refused(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    company.goals.git("update-ref", "-d", "HEAD")
    told = company.refused("2026-q1", "--kind", "closed")
    assert "nothing is committed here yet: `git add` and `git commit` first" in told
    assert "nothing is committed here yet" in company.run("verify", code=2)


def test_a_shallow_clone_is_refused(company: Acme, tmp_path: Path) -> None:
    company.commit("Another")
    url = company.goals.root.as_uri()
    Goals(tmp_path).git("clone", "-q", "--depth", "1", url, "shallow")
    shallow = Acme(Goals(tmp_path / "shallow"))
    assert "`git fetch --unshallow`" in shallow.refused("2026-q1", "--kind", "closed")


def test_errors_in_the_goals_of_the_period_are_refused(company: Acme) -> None:
    bad = {
        "objectives/inbox.md": (
            "---\ntitle: One inbox\nperiod: 2026-q2\nteam: acme\nkey_results:\n"
            "  - {id: waiting, title: Waiting, start: many, target: 30}\n---\n"
        )
    }
    company.goals.commit("2026-07-08", bad)
    told = company.refused("2026-q2", "--kind", "closed", "--allow-open")
    assert "content/objectives/inbox.md:6:" in told and "`many`" in told
    company.publish("2026-q1", "closed")  # nothing is wrong there


def test_a_file_of_which_nobody_knows_what_it_is_is_refused(company: Acme) -> None:
    company.goals.commit("2026-07-08", {"objectives/broken.md": "---\ntitle: [\n---\n"})
    assert "content/objectives/broken.md:" in company.refused("2026-q1", "--kind", "closed")


@pytest.mark.parametrize("commit", [False, True])
def test_nothing_is_built_on_a_broken_chain(company: Acme, commit: bool) -> None:
    company.publish("2026-q1", "closed")
    company.commit()
    company.publish("2026-q2", "closed")
    company.change("2026-q2/closed", "record.json", lambda text: text.replace("Why", "How"))
    if commit:
        company.commit()
    told = company.refused("2026-q3", "--kind", "committed")
    assert "content/snapshots/2026-q2/closed/record.json" in told
    assert "nothing is built on that" in told


def test_nor_where_the_newest_was_taken_out(company: Acme) -> None:
    company.publish("2026-q1", "closed")
    company.commit()
    company.goals.git("rm", "-qr", "content/snapshots")
    company.commit("Away with it")
    told = company.refused("2026-q1", "--kind", "closed")
    assert "content/snapshots/2026-q1/closed" in told and "is gone" in told
    assert "`git log -- content/snapshots` has the commit" in told
    company.goals.git("restore", "--source=HEAD~1", "--", "content/snapshots/2026-q1/closed")
    company.commit()
    company.publish("2026-q2", "closed")


def test_a_link_out_of_the_content_is_not_followed(company: Acme, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (company.goals.folder / "snapshots").symlink_to(tmp_path / "elsewhere")
    company.commit("A link")
    assert "leads out of" in company.run("publish", "2026-q1", "--kind", "closed", code=2)
    assert not [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()]


def test_a_record_that_was_taken_away_is_brought_back_and_not_committed(tmp_path: Path) -> None:
    company = recorded(tmp_path / "acme")
    company.goals.git("rm", "-rq", "content/snapshots/2026-q2/closed")
    told = company.run("publish", "2026-q2", "--kind", "closed", code=2)
    assert "`git restore --staged --worktree` brings its files back" in told
    company.commit("Taken away")
    told = company.run("publish", "2026-q2", "--kind", "closed", code=2)
    way = re.search(r"`git (restore --source=\w+ -- [\w/-]+)` brings it back", told)
    assert way is not None
    company.goals.git(*way[1].split())
    company.commit("Back")
    assert not any(company.verify().values())


# --- list ---------------------------------------------------------------------------------------


def test_the_list_tells_what_there_is_and_what_is_due(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    told = company.run("list")
    assert told.splitlines() == [
        "There are no snapshots yet.",
        "Due: 2026-q1/closed",
        "Due: 2026-q3/committed",
        "Due: 2026-q2/closed",
    ]
    company.publish("2026-q1", "closed")
    commit = company.goals.git("rev-parse", "--short=7", "HEAD")
    manifest = digest(company.path("2026-q1/closed", "manifest.json").read_bytes())
    head, row, *due = company.run("list").splitlines()
    assert head.split() == ["SNAPSHOT", "AS", "OF", "COMMIT", "GOALS", "COMPANY", "MANIFEST"]
    words = ["1", "2026-q1/closed", "2026-04-08", commit, "1", "score"]
    assert row.split()[:6] == words and row.split()[-1] == manifest[:12]
    assert due == ["Due: 2026-q3/committed", "Due: 2026-q2/closed"]


def test_of_several_teams_at_the_top_none_is_called_the_company(tmp_path: Path) -> None:
    inbox = str(FILES["objectives/inbox.md"]).replace("team: acme", "team: zoo")
    more = {"teams/zoo.md": "---\ntitle: The zoo\n---\n", "objectives/inbox.md": inbox}
    company = acme(tmp_path / "acme", more)
    told = company.run("publish", "2026-q2", "--kind", "closed")
    assert "  Acme: no goals of its own\n" in told and "  The zoo: score 0.8, green" in told
    assert "Company" not in told
    assert company.run("list").splitlines()[1].split()[5] == "several"
    (row,) = json.loads(company.run("list", "--format", "json"))["snapshots"]
    assert row["score"] is None


def test_the_list_as_data(tmp_path: Path) -> None:
    company = recorded(tmp_path / "acme")
    said = json.loads(company.run("list", "--format", "json"))
    assert said["schema"] == "okrsite/snapshots/v1" and said["due"] == []
    first = said["snapshots"][0]
    assert first["snapshot"] == "2026-q1/closed" and first["place"] == 1
    assert (first["score"], first["grade"], first["objectives"]) == (0.7, "green", 1)


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("closed_on: 2026-07-07", "closed_on: 2027-07-07", "`2026-q2` closes on 2027-07-07"),
        ("closed_on: 2026-07-07\n", "", "`closed_on` is missing"),
        ("closed_on: 2026-07-07", "closed_on: 7 July", "its file has an error"),
    ],
)
def test_a_closed_period_that_cannot_be_recorded_waits_and_says_for_what(
    tmp_path: Path, was: str, now: str, why: str
) -> None:
    text = str(FILES["periods/2026-q2.md"])
    assert was in text
    company = acme(tmp_path / "acme", {"periods/2026-q2.md": text.replace(was, now)})
    told = company.run("list").splitlines()[-1]
    assert told.startswith("Waits: 2026-q2/closed: ") and why in told
    (waits,) = json.loads(company.run("list", "--format", "json"))["waiting"]
    assert (waits["snapshot"], why in waits["why"]) == ("2026-q2/closed", True)
    due = company.run("publish", "--due")
    assert "2026-q2/closed as of" not in due and told in due.splitlines()


def test_the_list_names_what_cannot_be_read(tmp_path: Path) -> None:
    company = recorded(tmp_path / "acme")
    company.change("2026-q2/closed", "record.json", lambda text: text[:-3])
    told = company.run("list")
    assert "content" not in told.splitlines()[0]
    assert "it is no record" in told
    assert "snapshots/2026-q2/closed/record.json: its SHA-256 is" in told


def test_the_list_calls_nothing_due_that_was_there_once(tmp_path: Path) -> None:
    company = recorded(tmp_path / "acme")
    before = company.goals.git("rev-parse", "HEAD")
    shutil.rmtree(company.path("2026-q3/committed", ""))
    path = "content/snapshots/2026-q3/committed"
    gone = f"Gone: 2026-q3/committed, last in {path} at commit {before[:7]}"
    told = company.run("list").splitlines()
    assert told[-1] == f"{gone} (taken out: not committed yet)"
    taken = company.commit("Away", who="Mallory", day="2026-08-03")
    who = f"Mallory, 2026-08-03, commit {taken[:7]}"
    told = company.run("list").splitlines()
    assert told[-1] == f"{gone} (taken out: {who})"
    assert company.run("publish", "--due").strip() == "No record is due."
    said = json.loads(company.run("list", "--format", "json"))
    lost = {"snapshot": "2026-q3/committed", "path": path, "commit": before, "taken_out_by": who}
    assert (said["gone"], said["due"]) == ([lost], [])
    company.goals.git("restore", f"--source={before}", "--", path)
    assert "gone" not in company.run("list").lower()


def test_the_list_tells_where_all_went(tmp_path: Path) -> None:
    company = recorded(tmp_path / "acme")
    shutil.rmtree(company.goals.folder / "snapshots")
    told = company.run("list").splitlines()
    assert told[0] == "There are no snapshots any more."
    assert [row.split(",")[0] for row in told[1:]] == [
        "Gone: 2026-q1/closed",
        "Gone: 2026-q2/closed",
        "Gone: 2026-q3/committed",
    ]


def test_the_list_needs_no_git(tmp_path: Path) -> None:
    company = recorded(tmp_path / "acme")
    whole = company.run("list")
    shutil.rmtree(company.goals.root / ".git")
    assert company.run("list") == whole


# --- killed -------------------------------------------------------------------------------------

KILLED = """
import os, sys
from okrsite.edit import snapshots
from okrsite.cli import main
steps = iter(range(10_000))
def dying(function):
    def step(*args, **more):
        if next(steps) == int(sys.argv[1]):
            os._exit(137)
        done = function(*args, **more)
        if next(steps) == int(sys.argv[1]):
            os._exit(137)
        return done
    return step
os.fsync, os.rename, os.mkdir, os.chmod = map(dying, (os.fsync, os.rename, os.mkdir, os.chmod))
main(["snapshot", "publish", "2026-q1", "--kind", "closed"])
"""


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_nothing_or_the_whole(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    whole = [f"2026-q1/closed/{part}" for part in PARTS]
    seen = set()
    for step in range(60):
        command = [sys.executable, "-c", KILLED, str(step)]
        done = subprocess.run(command, cwd=company.goals.root, capture_output=True, check=False)
        readable = [path for path in company.snapshots() if "/." not in path]
        assert readable in ([], whole), step
        seen.add((done.returncode, bool(readable)))
        if done.returncode == 0:
            break
        if readable:  # it was killed after the last step that matters
            assert company.verify() == {}
            for path in readable:
                (company.goals.folder / "snapshots" / path).unlink()
            (company.goals.folder / "snapshots/2026-q1/closed").rmdir()
    assert {(137, False), (137, True), (0, True)} == seen
    assert company.snapshots() == whole  # and no run that was killed left anything behind
    assert company.verify() == {}
