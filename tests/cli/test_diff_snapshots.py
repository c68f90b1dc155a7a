"""`okrsite diff` on snapshots and periods: what is meant, what it says, and what it refuses."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from okrsite.okr.snapshot.names import name_of
from okrsite.okr.snapshot.steps import Step, path_between, read_changes, total
from tests.cli.differing import facts, refused, run
from tests.git_repos import repository
from tests.okr.snapshot.records import FRAMES, TEAMS, frame, published
from tests.okr.texts import amended, goal, on, said

PROMISED = {
    "objectives/goal.md": goal("a, start: 0, target: 100", fields="team: all"),
    "objectives/fax.md": goal("x, start: 0, target: 10", fields="team: some"),
    "periods/q.md": frame(0, "committed"),
}
ENDED = {
    **PROMISED,
    "periods/q.md": frame(0),
    "objectives/goal.md": goal("a, start: 0, target: 80", fields="team: all"),
    "amendments/a.md": amended(50, "goal/a", "target", 100, 80),
    "check-ins/a.md": said(20, "goal/a: 40"),
    "check-ins/b.md": said(95, "goal/a: 60", "fax/x: 9"),
}
NEXT = {
    **ENDED,
    "objectives/more.md": goal(
        "a, start: 60, target: 20", fields="team: all; period: r; continues: goal"
    ),
    "objectives/calls.md": goal("y, start: 0, target: 10", fields="team: all; period: r"),
    "check-ins/c.md": said(195, "more/a: 40", "calls/y: 3"),
}
LAST = {
    **NEXT,
    "objectives/most.md": goal(
        "a, start: 40, target: 0", fields="team: all; period: s; continues: more"
    ),
    "check-ins/d.md": said(290, "most/a: 10"),
}


@pytest.fixture(scope="module")
def kept() -> Mapping[str, bytes]:
    """Every snapshot of three quarters."""
    known: dict[str, bytes] = {}
    for files, name, day in (
        (PROMISED, "q/committed", 0),
        (ENDED, "q/closed", 99),
        (NEXT, "r/closed", 199),
        (LAST, "s/closed", 299),
    ):
        known |= published(files, name, day, known)
    return known


@pytest.fixture
def here(tmp_path: Path, kept: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of content, in no repository; the command runs above it."""
    content = tmp_path / "content"
    texts = {path: text.encode() for path, text in {**FRAMES, **TEAMS, **LAST}.items()}
    for path, raw in {**texts, **kept}.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_bytes(raw)
    config = f"docs_dir: content\nplugins:\n  - okrsite:\n      as_of: {on(299)}\n"
    (tmp_path / "mkdocs.yml").write_text(config)
    monkeypatch.chdir(tmp_path)
    return content


def told(step: Step) -> dict[str, list[float]]:
    """What a published step says, as the report prints its JSON."""
    every = {**step.teams, **step.objectives, **step.key_results}
    return {
        ref: [float(each) for each in (row.work, row.goalposts, row.time)]
        for ref, row in every.items()
    }


def reported(found: dict[str, Any]) -> dict[str, list[float]]:
    rows = [*found["causes"], *found["teams"], *found["objectives"]]
    rows += [below for row in found["objectives"] for below in row["key_results"]]
    return {row["ref"]: [*row["split"].values()] for row in rows if row["split"]}


def stored(kept: Mapping[str, bytes], base: str, head: str) -> Step:
    names = ("q/committed", "q/closed", "r/closed", "s/closed")
    known = {name_of(n): read_changes(kept[name_of(n).file("changes.json")]) for n in names}
    return total(path_between(name_of(base), name_of(head), known))


def test_what_was_promised_against_what_came_of_it(here: Path) -> None:
    found = facts("q/committed", "q/closed")
    assert found["base"] == {"name": "q/committed", "commit": "1a2b3c4d", "as_of": on(0)}
    assert found["head"] == {"name": "q/closed", "commit": "1a2b3c4d", "as_of": on(99)}
    rules = {each["rule"] for each in found["changes"]}
    assert rules == {"check-in-added", "target-eased", "amendment-added", "period-closed"} | {
        "closed-on-changed"
    }
    eased = next(each for each in found["changes"] if each["rule"] == "target-eased")
    assert eased["amendment"]["reason"] == "Why."
    assert found["verdict"] is None
    assert found["findings"] == {"new": [], "gone": []}


def test_the_head_of_the_report_names_both_with_their_days(here: Path) -> None:
    first, second, *_, last = run("q/committed", "q/closed").stdout.splitlines()
    assert "work is ((work alone − before) + (after − goalposts alone)) ÷ 2" in last
    assert first == (
        f"Compared: the snapshot q/committed as of {on(0)} with the snapshot q/closed as of "
        f"{on(99)}."
    )
    assert second == (
        "What happened since q/committed raises the company’s score by 75.0 points, from no data "
        "to 75.0 %: +67.5 from work and +7.5 from moved goalposts."
    )
    for form in ("markdown", "html"):
        shown = run("q/committed", "q/closed", "--format", form).stdout
        assert "Compared: the snapshot q/committed" in shown
        assert "What became of the goals" in shown
        assert "this change does" not in shown


@pytest.mark.parametrize(
    ("base", "head"),
    [("q/committed", "q/closed"), ("q/closed", "r/closed"), ("r/closed", "s/closed")],
)
def test_the_split_is_the_one_that_was_published(
    here: Path, kept: Mapping[str, bytes], base: str, head: str
) -> None:
    found, published_ = reported(facts(base, head)), told(stored(kept, base, head))
    assert found
    assert found == {ref: published_[ref] for ref in found}
    assert all(ref in found for ref, shares in published_.items() if any(shares))


def test_two_periods_are_their_closed_records(here: Path) -> None:
    found = facts("q", "r")
    assert (found["base"]["name"], found["head"]["name"]) == ("q/closed", "r/closed")
    assert found["about"][1:] == [
        "q/closed is the closed record of q.",
        "r/closed is the closed record of r.",
    ]
    assert found["about"][0].startswith("Compared: ")
    rows = {row["ref"]: row["presence"] for row in found["objectives"]}
    assert rows == {"more": "there", "fax": "gone", "calls": "new"}
    kinds = {(each["rule"], each["subject"], each["severity"]) for each in found["changes"]}
    assert kinds == {
        ("objective-dropped", "fax", "info"),
        ("objective-added", "calls", "info"),
        ("baseline-turned", "more/a", "info"),
        ("target-turned", "more/a", "info"),
    }


def test_two_periods_have_other_goals_and_no_moved_goalposts(here: Path) -> None:
    for form in ("text", "markdown", "html"):
        shown = run("q", "r", "--format", form).stdout
        assert "Going from q/closed to r/closed" in shown
        assert "Other goals are all that the later period asks for in another way" in shown
        assert "other goals" in shown and "oalposts" not in shown
        assert "bjective did not go on" in shown and "bjective is new" in shown
        assert "tarts from the other side of the target" in shown
    assert (facts("q", "r")["of_two_periods"], facts("q/committed", "q")["of_two_periods"]) == (
        True,
        False,
    )


def test_what_a_new_period_asks_is_no_broken_promise(here: Path, kept: Mapping[str, bytes]) -> None:
    promise = goal(
        "b, start: 60, target: 20, title: A",
        fields="team: all; period: r; continues: goal; parent: new",
    )
    files = {
        **ENDED,
        "objectives/goal.md": goal("a, start: 0, target: 80", fields="team: all; parent: fax/x"),
        "objectives/fax.md": goal("x, from: objectives", fields="team: some"),
        "objectives/more.md": promise,
        "objectives/new.md": goal("y, start: 0, target: 10", fields="team: all; period: r"),
        "periods/r.md": frame(100, "committed"),
    }
    ended = {**ENDED, **{path: files[path] for path in ("objectives/goal.md", "objectives/fax.md")}}
    first = published(ended, "q/closed", 99, {})
    known = first | published(files, "r/committed", 100, first)
    shutil.rmtree(here / "snapshots")
    for path, raw in known.items():
        (here / path).parent.mkdir(parents=True, exist_ok=True)
        (here / path).write_bytes(raw)
    found = facts("q/closed", "r/committed")
    assert {each["severity"] for each in found["changes"]} == {"info"}
    rules = {(each["rule"], each["subject"]) for each in found["changes"]}
    assert ("parent-changed", "more") in rules and ("key-result-renamed", "more/b") in rules


def test_the_later_one_first_is_said_to_go_back_in_time(here: Path) -> None:
    back = "This goes back in time: r/closed is the later of the two, and stands first."
    assert facts("r/closed", "q/closed")["about"][1] == back
    assert run("r", "q").stdout.splitlines()[1] == back
    for form in ("markdown", "html"):
        shown = run("r/closed", "q/closed", "--format", form).stdout
        assert back in shown and "happened since" not in shown
        assert "Going back from r/closed to q/closed" in shown
    assert "back in time" not in run("q/closed", "r/closed").stdout


def test_periods_far_apart_are_summed_over_the_records_between(
    here: Path, kept: Mapping[str, bytes]
) -> None:
    found = facts("q/committed", "s/closed")
    assert found["about"][1] == (
        "The shares are added up over the records between: q/closed, r/closed."
    )
    sums = told(stored(kept, "q/committed", "s/closed"))
    assert sums["most"] and sums["all"]
    assert reported(found) == sums
    row = found["causes"][0]
    assert row["ref"] == "all"
    assert sum(row["split"].values()) == pytest.approx(row["change"])


def test_the_way_back_has_the_other_sign(here: Path) -> None:
    there, back = facts("q", "r"), facts("r", "q")
    names = {"more": "goal", "more/a": "goal/a"}
    turned = {names.get(r, r): [-x for x in xs] for r, xs in reported(there).items()}
    assert reported(back) == turned


def test_one_snapshot_against_the_files_here(here: Path) -> None:
    (here / "snapshots" / "s" / "closed").rename(here / "gone")
    (here / "periods" / "s.md").write_text(frame(200, "committed"))
    found = facts("r/closed")
    assert found["head"] == {"name": "the work tree", "commit": None, "as_of": on(299)}
    assert found["causes"] == []
    assert facts("q/committed")["causes"][0]["now"] == 0.75  # as it was recorded since
    (here / "check-ins" / "e.md").write_text(said(295, "calls/y: 8"))
    assert facts("r/closed", "--as-of", on(250))["head"]["as_of"] == on(250)


def test_a_broken_file_here_is_neither_dropped_nor_unchanged(here: Path) -> None:
    for period in ("q", "r", "s"):
        (here / "snapshots" / period / "closed").rename(here / period)
    (here / "objectives" / "fax.md").write_text("---\ntitle: [\n---\n")
    result = run("q/committed", "--format", "json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert [each["path"] for each in found["unread"]] == ["objectives/fax.md"]
    assert "objective-dropped" not in {each["rule"] for each in found["changes"]}
    rows = {row["ref"]: row["presence"] for row in found["objectives"]}
    assert rows["fax"] == "unread"


def test_folders_of_snapshots_by_their_path(here: Path, tmp_path: Path) -> None:
    far = tmp_path / "elsewhere"
    (here / "snapshots" / "q" / "closed").rename(far)
    found = facts("content/snapshots/q/committed", str(far))
    assert (found["base"]["name"], found["head"]["name"]) == ("q/committed", "q/closed")
    assert found["causes"][0]["now"] == 0.75


def test_no_project_is_needed_around_a_folder(
    here: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("nowhere"))
    ends = (str(here / "snapshots" / name) for name in ("q/committed", "q/closed"))
    assert facts(*ends)["causes"][0]["now"] == 0.75


def test_a_snapshot_wins_over_a_folder_and_a_branch_of_its_name(here: Path) -> None:
    (here.parent / "q" / "closed").mkdir(parents=True)
    said_so = "q/closed is the snapshot of that name here, not the folder."
    assert said_so in facts("q/committed", "q/closed")["about"]
    goals = repository(here.parent)
    goals.git("add", "-A")
    goals.git("commit", "-q", "-m", "goals")
    goals.git("branch", "q/committed")
    assert facts("q/committed", "q/closed")["about"][1:] == [
        "q/committed is the snapshot of that name here, not the branch or commit.",
        said_so,
    ]
    goals.git("branch", "r/committed")  # of which there is no snapshot
    assert facts("r/committed")["about"] == []


def test_a_word_that_names_none_is_told(here: Path) -> None:
    assert "there is no snapshot `q/comitted`; there is `q/closed`, `q/committed`" in refused(
        "q/comitted", "q/closed"
    )
    assert "a snapshot has its own day" in refused("q/committed", "q/closed", "--as-of", on(5))
    assert "a snapshot has its own day" in refused("q/committed", "--base-as-of", on(5))


def test_what_was_tampered_with_is_not_compared(here: Path) -> None:
    record = here / "snapshots" / "q" / "closed" / "record.json"
    record.write_bytes(record.read_bytes().replace(b'"value": 60', b'"value": 61'))
    assert "snapshots/q/closed/record.json: its SHA-256 is" in refused("q/committed", "q/closed")
    assert "snapshots/q/closed/record.json" in refused("q", "r")
    assert facts("r", "s")["causes"]


def test_a_manifest_that_was_changed_since_is_not_believed(here: Path) -> None:
    manifest = here / "snapshots" / "q" / "closed" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"1a2b3c4d", b"11111111"))
    assert "it was changed since r/closed was published" in refused("q/committed", "q/closed")


@pytest.mark.parametrize("part", ["manifest.json", "record.json", "changes.json"])
def test_what_a_newer_program_wrote_is_refused(here: Path, part: str) -> None:
    folder = here / "snapshots" / "s" / "closed"
    raw = (folder / part).read_bytes()
    newer = raw.replace(b"/v1", b"/v2", 1)
    (folder / part).write_bytes(newer)
    if part != "manifest.json":
        manifest = folder / "manifest.json"
        was, now = (hashlib.sha256(each).hexdigest().encode() for each in (raw, newer))
        manifest.write_bytes(manifest.read_bytes().replace(was, now))
    assert "update okrsite to read it" in refused("r/closed", "s/closed")


def test_the_handbook_tells_it_as_it_is(here: Path) -> None:
    page = (Path(__file__).parents[2] / "content" / "guide" / "reviewing.md").read_text("utf-8")
    told_there = page[page.index("{ #snapshots }") : page.index("{ #accept }")]
    row = facts("q/committed", "q/closed")["causes"][0]
    assert (row["was"], row["now"]) == (None, 0.75)
    assert row["split"] == {"work": 0.675, "goalposts": 0.075, "time": 0}
    assert "**+67.5 from work and +7.5 from moved goalposts.**" in told_there
    assert "no data → 75 %" in told_there
