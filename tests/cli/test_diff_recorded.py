"""`okrsite diff` of files in whose place a record is shown: told as what they say, by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from okrsite.okr.finding import Finding, Severity
from okrsite.reports.diff.headline import headline
from okrsite.reports.diff.report import End, report
from tests.cli.differing import facts, refused, run
from tests.okr.snapshot.records import FRAMES, TEAMS, frame, loaded, published
from tests.okr.texts import amended, goal, on, said
from tests.recorded import FILES, Acme, recorded

NOTE = "what was recorded is shown instead"
INBOX = str(FILES["objectives/inbox.md"])
EASED = INBOX.replace("target: 30", "target: 60")
WHY = amended(180, "inbox/waiting", "target", 30, 60)
SAID = "check-ins/2026-06-29-ana.md"


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Acme:
    made = recorded(tmp_path)
    monkeypatch.chdir(made.goals.root)
    return made


def write(acme: Acme, path: str, text: str | None) -> None:
    place = acme.goals.folder / path
    if text is None:
        place.unlink()
    else:
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)


EDITS = [
    ({"objectives/inbox.md": EASED}, {"target-eased-without-amendment": "error"}),
    (
        {"objectives/inbox.md": EASED, "amendments/a.md": WHY},
        {"target-eased": "error", "amendment-added": "error"},
    ),
    ({"objectives/inbox.md": None}, {"objective-dropped": "error"}),
    ({"objectives/new.md": INBOX}, {"objective-added": "error"}),
    (
        {SAID: str(FILES[SAID]).replace("waiting: 40", "waiting: 30")},
        {"check-in-edited": "error"},
    ),
    ({SAID: None}, {"check-in-removed": "error"}),
    ({"objectives/inbox.md": INBOX.replace("Why.", "Because.")}, {"prose-changed": "info"}),
]


@pytest.mark.parametrize(("texts", "rules"), EDITS)
def test_what_changes_in_a_recorded_period_is_told_and_moves_no_number(
    acme: Acme, texts: dict[str, str | None], rules: dict[str, str]
) -> None:
    for path, text in texts.items():
        write(acme, path, text)
    for base in ("HEAD", "2026-q2/closed"):
        found = facts(base)
        told = {each["rule"]: each for each in found["changes"]}
        assert {rule: each["severity"] for rule, each in told.items()} == rules
        assert all(NOTE in each["note"] for each in told.values())
        assert found["headline"].startswith("No number changes: ")
        assert found["causes"] == found["objectives"] == []
        grave = "error" in rules.values()
        assert run(base, "--fail-on", "error").exit_code == int(grave)


def test_an_amendment_that_comes_too_late_is_still_its_reason(acme: Acme) -> None:
    write(acme, "objectives/inbox.md", EASED)
    write(acme, "amendments/a.md", WHY)
    reasons = {each["rule"]: each["amendment"] for each in facts("HEAD")["changes"]}
    assert reasons["target-eased"]["reason"] == "Why."


def test_a_key_result_that_no_record_has_is_told_at_its_line(acme: Acme) -> None:
    row = "  - {id: more, title: More, start: 0, target: 5}\n---\nWhy"
    write(acme, "objectives/inbox.md", INBOX.replace("---\nWhy", row))
    (change,) = facts("HEAD")["changes"]
    assert (change["rule"], change["line"]) == ("key-result-added-without-amendment", 9)


def test_nothing_changes_where_nothing_was_touched(acme: Acme) -> None:
    for base in ("HEAD", "2026-q2/closed", "2026-q1/closed"):
        found = facts(base)
        assert found["headline"] == "Nothing changes: both sides say the same."
    told = facts("HEAD~1..HEAD")["changes"]
    assert {each["rule"] for each in told} == {"snapshot-published"}


def test_other_bytes_of_the_same_meaning_are_nothing_beside_a_record(acme: Acme) -> None:
    (acme.goals.folder / "objectives/inbox.md").write_bytes(
        INBOX.replace("\n", "\r\n").replace("team: acme", "team:  acme # ours").encode()
    )
    (told,) = facts("HEAD")["changes"]
    assert told["rule"] == "format-only"
    assert facts("2026-q2/closed")["headline"] == "Nothing changes: both sides say the same."


def test_two_commits_tell_it_both_ways(acme: Acme) -> None:
    acme.goals.commit("2026-07-10", {"objectives/inbox.md": EASED})
    there, back = facts("HEAD~1..HEAD"), facts("HEAD..HEAD~1")
    (one,), (two,) = there["changes"], back["changes"]
    assert (one["was"], one["now"]) == ("30", "60")
    assert (two["was"], two["now"]) == ("60", "30")
    assert there["causes"] == back["causes"] == []


def test_a_finding_that_is_new_is_never_nothing() -> None:
    book = loaded(PERIOD, 99)
    ends = (End("base", "", book.as_of), End("head", "", book.as_of))
    same = report(book, book, ends, {})
    assert headline(same) == "Nothing changes: both sides say the same."
    found = Finding("objectives/goal.md", 1, 1, "OKR701", Severity.ERROR, "It differs.", "")
    assert headline(replace(same, appeared=(found,))).startswith("No number changes, but")


# --- snapshots by name ----------------------------------------------------------------------------

PERIOD = {
    "objectives/goal.md": goal("a, start: 0, target: 100", "b, start: 0, target: 10"),
    "check-ins/a.md": said(20, "goal/a: 40", "goal/b: 5"),
    "check-ins/b.md": said(95, "goal/a: 60"),
    "periods/q.md": frame(0),
    "objectives/next.md": goal("c, start: 0, target: 10", fields="period: r; continues: goal"),
    "check-ins/c.md": said(195, "next/c: 4"),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of content, in no repository: `goal/b` was closed without a closing check-in."""
    kept: dict[str, bytes] = {}
    for name, day, missing in (
        ("q/committed", 0, ()),
        ("q/closed", 99, ("goal/b",)),
        (f"q/mid-{on(150)}", 150, ()),
        ("r/closed", 199, ()),
    ):
        kept |= published(PERIOD, name, day, kept, missing)
    content = tmp_path / "content"
    texts = {path: text.encode() for path, text in {**FRAMES, **TEAMS, **PERIOD}.items()}
    for path, raw in {**texts, **kept}.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_bytes(raw)
    config = f"docs_dir: content\nplugins:\n  - okrsite:\n      as_of: {on(250)}\n"
    (tmp_path / "mkdocs.yml").write_text(config)
    monkeypatch.chdir(tmp_path)
    return content


def test_what_was_closed_without_data_has_none_in_the_files_either(here: Path) -> None:
    found = facts("q/closed")
    assert found["headline"] == "Nothing changes: both sides say the same."
    assert found["objectives"] == found["causes"] == []


def test_a_period_is_how_it_was_closed_whatever_was_recorded_later(here: Path) -> None:
    found = facts("q", "r")
    assert found["base"]["name"] == "q/closed"
    assert found["about"][1] == "q/closed is the closed record of q."
    assert facts("q")["base"]["name"] == "q/closed"


def test_a_name_that_is_none_is_told_with_what_there_is(here: Path) -> None:
    mid = f"q/mid-{on(150)}"
    known = f"there is `q/closed`, `q/committed`, `{mid}`, `r/closed`"
    assert f"there is no snapshot of `s`; {known}\n" in refused("s")
    assert f"there is no snapshot `q/mid`; {known}. Did you mean `{mid}`?" in refused("q/mid")
    for words in (("x/closed",), ("x/closed", "q/closed")):  # another period is no slip of one
        assert f"there is no snapshot `x/closed`; {known}\n" in refused(*words)
    assert f"{known}. Did you mean `q/closed`?" in refused("Q/closed")


@pytest.mark.parametrize("dots", ["..", "..."])
def test_snapshots_make_no_range(here: Path, dots: str) -> None:
    words = "write two names with a space"
    assert f"{words}: `okrsite diff q/committed q/closed`" in refused(f"q/committed{dots}q/closed")
    assert f"{words}: `okrsite diff q r`" in refused(f"q{dots}r")
    assert words in refused(f"main{dots}q/closed")
