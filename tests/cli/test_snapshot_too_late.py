"""What `okrsite snapshot publish` leaves out: what git shows to have been otherwise on that day."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.recorded import FILES, PERIOD, Q2, Q3, Acme, acme

CALLS = str(FILES["objectives/calls.md"])
EASIER = CALLS.replace("target: 10", "target: 40")
LATE = CALLS.replace("Fewer calls", "Another")
Q3_OTHERWISE = PERIOD.format(Q3[0], Q3[1], "2026-10-31", "committed", "committed_on: 2026-07-03\n")
YEAR = PERIOD.format("2026", "2026-01-01", "2026-12-31", "committed", "committed_on: 2026-01-05\n")
AMENDED = (
    "---\nsubject: calls/calls\nfield: target\nwas: {}\nnow: 40\ndate: {}\nauthor: ana\n"
    "---\nIt rained.\n"
)


@pytest.fixture
def company(tmp_path: Path) -> Acme:
    return acme(tmp_path / "acme")


def amended(was: object = 10, day: str = "2026-07-20") -> Mapping[str, str]:
    return {"objectives/calls.md": EASIER, "amendments/2026-07-20-x.md": AMENDED.format(was, day)}


def kept(company: Acme) -> set[str]:
    return {path.rpartition("/")[0] for path in company.snapshots()}


# --- what was promised --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"objectives/calls.md": EASIER}, "calls/calls: target, Eve, 2026-07-20, commit "),
        ({"objectives/late.md": LATE}, "late: created, Eve, 2026-07-20"),
        ({"objectives/calls.md": None}, "calls: removed, Eve, 2026-07-20"),
        ({"objectives/calls.md": CALLS.replace("2026-q3", "2026-q2")}, "calls: period, Eve"),
        ({"objectives/inbox.md": str(FILES["objectives/inbox.md"]).replace("q2", "q3")}, "inbox: "),
        ({"periods/2026-q3.md": Q3_OTHERWISE}, "2026-q3: end, Eve"),
        (amended(was=20), "calls/calls: target"),
        (amended(day="2026-07-03"), "calls/calls: target"),
    ],
    ids=["value", "late", "removed", "moved-out", "moved-in", "period", "wrong-was", "backdated"],
)
@pytest.mark.parametrize("kind", ["committed", "mid"])
def test_what_was_promised_otherwise_is_not_told_from_what_stands_today(
    company: Acme, kind: str, files: Mapping[str, str | None], told: str
) -> None:
    company.goals.commit("2026-07-20", files, who="Eve")
    asked = ("--as-of", "2026-07-10") if kind == "mid" else ()
    said = company.run("publish", "2026-q3", "--kind", kind, *asked, code=2)
    assert told in said and "--kind mid" in said
    assert kept(company) == set()


def test_what_an_amendment_tells_of_is_undone(company: Acme) -> None:
    company.goals.commit("2026-07-20", amended())
    company.publish("2026-q3", "committed")
    record = company.path("2026-q3/committed", "record.json").read_text()
    assert '"target": 10' in record and '"target": 40' not in record
    assert company.verify() == {}


def test_what_was_changed_back_was_not_changed(company: Acme) -> None:
    company.goals.commit("2026-07-20", {"objectives/calls.md": EASIER})
    company.goals.commit("2026-07-21", {"objectives/calls.md": CALLS})
    company.publish("2026-q3", "committed")


def test_what_was_changed_before_the_day_stands(company: Acme) -> None:
    company.goals.commit("2026-07-20", {"objectives/calls.md": EASIER, "objectives/late.md": LATE})
    company.publish("2026-q3", "mid", "--as-of", "2026-07-20")
    company.publish("2026-q3", "mid")


def test_what_is_due_goes_on_without_it(company: Acme) -> None:
    company.goals.commit("2026-07-20", {"objectives/calls.md": EASIER})
    told = company.run("publish", "--due")
    assert "2026-q3/committed is left out: " in told
    assert kept(company) == {"2026-q1/closed", "2026-q2/closed"}


def test_nothing_is_promised_of_a_period_that_is_closed(company: Acme) -> None:
    told = company.run("publish", "2026-q2", "--kind", "committed", code=2)
    assert "`2026-q2` is closed" in told
    assert kept(company) == set()


# --- days that are still to come ----------------------------------------------------------------


@pytest.mark.parametrize("words", [("2026-q3", "--kind", "closed"), ("--due",)])
def test_no_quarter_is_closed_before_its_day(company: Acme, words: tuple[str, ...]) -> None:
    closed = PERIOD.format(*Q3, "closed", "committed_on: 2026-07-03\nclosed_on: 2026-10-05\n")
    said = "---\ndate: 2026-08-19\nauthor: ana\nteam: acme\nkey_results: {calls/calls: 12}\n---\n"
    company.goals.commit(
        "2026-08-19", {"periods/2026-q3.md": closed, "check-ins/2026-08-19-ana.md": said}
    )
    told = company.run("publish", *words, "--allow-open", "--as-of", "2026-10-06", code=2)
    assert "2026-10-06 is still to come" in told
    assert kept(company) == set()


# --- records that wait for a commit -------------------------------------------------------------


def test_a_year_waits_for_the_records_of_its_quarters(tmp_path: Path) -> None:
    """What nobody closed is no data in the quarter's record, and so it is in the year."""
    calm = (
        "---\ntitle: Calm\nperiod: '2026'\nteam: acme\nowner: ana\nprogress_from: children\n---\n"
    )
    days = "parent: '2026'\ncommitted_on: 2026-04-02\nclosed_on: 2026-07-07\n"
    inbox = str(FILES["objectives/inbox.md"])
    files = {
        "periods/2026.md": YEAR,
        "periods/2026-q2.md": PERIOD.format(*Q2, "closed", days),
        "objectives/calm.md": calm,
        "objectives/inbox.md": inbox.replace("owner: ana\n", "owner: ana\nparent: calm\n"),
    }
    company = acme(tmp_path / "acme", files)
    company.goals.commit("2026-07-07", {"check-ins/2026-06-29-ana.md": None})
    company.publish("2026-q3", "committed")
    company.commit()
    company.publish("2026-q2", "closed", "--allow-open")
    told = company.run("publish", "2026", "--kind", "mid", code=2)
    assert "\n  2026-q2/closed\n" in told and "Commit them" in told
    company.publish("2026-q1", "closed")  # of that it makes no difference
    company.commit()
    company.publish("2026", "mid")
    assert company.verify() == {}


# --- configurations -----------------------------------------------------------------------------

HEAD = "site_name: Acme\ndocs_dir: content\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "plugins:\n  - okrsite:\n      cadence: !ENV [CAD, 7]\n", "mkdocs.yml: cadence"),
        (HEAD + "plugins:\n  okrsite:\n    bounds: {green: !ENV G}\n", "mkdocs.yml: bounds"),
        (HEAD + "plugins:\n  - okrsite: !ENV [O]\n", "mkdocs.yml: okrsite"),
        ("INHERIT: !ENV [BASE]\n" + HEAD, "mkdocs.yml: INHERIT"),
    ],
)
def test_options_that_are_not_in_the_commit_are_refused(
    company: Acme, text: str, told: str
) -> None:
    (company.goals.root / "mkdocs.yml").write_text(text)
    company.commit()
    words = ("2026-q1", "--kind", "closed", "--as-of", "2026-07-08")
    assert told in company.run("publish", *words, code=2)
    assert kept(company) == set()


def test_a_tag_elsewhere_is_no_matter(company: Acme) -> None:
    text = HEAD + "repo_url: !ENV [URL]\nplugins:\n  - search: {x: !ENV [X]}\n  - okrsite\n"
    (company.goals.root / "mkdocs.yml").write_text(text)
    company.commit()
    company.publish("2026-q1", "closed", "--as-of", "2026-07-08")


def test_a_configuration_from_outside_is_told_in_words(company: Acme) -> None:
    (company.goals.root.parent / "base.yml").write_text("plugins:\n  - okrsite\n")
    (company.goals.root / "mkdocs.yml").write_text("INHERIT: ../base.yml\n" + HEAD)
    company.commit()
    told = company.run("publish", "2026-q1", "--kind", "closed", "--as-of", "2026-07-08", code=2)
    assert "../base.yml, which lies outside the repository" in told


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a\nb", "a\udcffb"])
def test_a_folder_that_no_list_can_name_is_refused(tmp_path: Path, name: str) -> None:
    company = acme(tmp_path / "acme")
    (company.goals.root / name).mkdir()
    company.goals.git("mv", "content", "mkdocs.yml", name)
    company.commit("Below")
    below = Acme(type(company.goals)(company.goals.root / name))
    told = below.run("publish", "2026-q1", "--kind", "closed", code=2)
    assert "give it another name" in told
    assert below.snapshots() == []


# --- branches -----------------------------------------------------------------------------------


def test_a_record_of_a_branch_that_may_be_squashed_is_warned_of(company: Acme) -> None:
    company.goals.git("checkout", "-q", "-b", "closing")
    assert "merge" not in company.run("publish", "2026-q1", "--kind", "closed")  # main has it
    company.commit("The record")
    told = company.run("publish", "2026-q2", "--kind", "closed")
    assert "not on main yet. Bring it there with a merge commit" in told


def test_nobody_is_warned_on_the_branch_itself(company: Acme) -> None:
    company.commit("Another")
    assert "merge" not in company.run("publish", "2026-q1", "--kind", "closed")


def test_two_branches_that_follow_the_same_record_are_told_apart(company: Acme) -> None:
    company.goals.git("checkout", "-q", "-b", "closing")
    company.publish("2026-q1", "closed")
    company.commit("One record")
    company.goals.git("checkout", "-q", "main")
    company.publish("2026-q2", "closed")
    company.commit("Another record")
    company.goals.merge("closing", "2026-07-09")
    told = company.run("publish", "2026-q3", "--kind", "committed", code=2)
    assert "one of them was put in" in told
    assert "take the merge back while nobody else has it (`git reset --keep COMMIT`" in told
