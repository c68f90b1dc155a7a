"""Amendments: the definition's one line, the file that says why, and all that is refused."""

import json
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import main
from okrsite.edit.amending.amendment import Amended, Wish, amend
from okrsite.edit.amending.asked import INITIATIVE, KEY_RESULT, OBJECTIVE, find_field
from okrsite.edit.effect import with_edit
from okrsite.edit.files import EditError
from okrsite.edit.writing import Edit, difference, write
from okrsite.okr.finding import Severity
from okrsite.okr.pipeline import Book
from okrsite.okr.terms import amendable
from tests.support import AS_OF, book

GOAL = """---
title: "Improve quality"
period: 2026-q3
key_results:
  - id: bugs
    title: Bugs that reach a clinic
    unit: a month
    start: 180   # duplicates merged
    target: 60   # per month
    plan:
      2026-07-31: 140   # holidays
      2026-08-31: 100
  - {id: late, title: Late answers, unit: a day, at_most: 4}
  - {id: wait, title: Time to answer, unit: min, start: unknown, target: unknown}
  - {id: done, title: Launch, done_when: it is out}
---
Why it matters.
"""
FILES = {
    "periods/2026-q2.md": (
        "---\ntitle: Q2\nstart: 2026-04-01\nend: 2026-06-30\nstate: closed\n---\n"
    ),
    "periods/2026-q3.md": (
        "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n"
        "committed_on: 2026-06-28\n---\n"
    ),
    "periods/2026-q4.md": "---\ntitle: Q4\nstart: 2026-10-01\nend: 2026-12-31\n---\n",
    "people/ines.md": "---\ntitle: Ines Duarte\nlinks: {Mail: mailto:ines@larkmere.example}\n---\n",
    "objectives/top.md": (
        "---\ntitle: Trust\nperiod: 2026-q3\nprogress_from: children\n---\nThe company's.\n"
    ),
    "objectives/deep/quality.md": GOAL.replace("period:", "parent: top\nperiod:"),
    "objectives/old.md": (
        "---\ntitle: Old\nperiod: 2026-q2\n"
        "key_results: [{id: a, title: A, start: 0, target: 10}]\n---\n"
    ),
    "objectives/next.md": (
        "---\ntitle: Next\nperiod: 2026-q4\nkey_results:\n"
        "  - {id: a, title: A, start: 0, target: 10}\n---\n"
    ),
    "initiatives/rota.md": (
        "---\ntitle: Rota\ncontributes_to: quality/bugs\ndue: 2026-09-01  # fixed\n---\n"
    ),
    "initiatives/work.md": (
        "---\ntitle: Work\ncontributes_to: quality/bugs\nstart: 2026-07-20\ndue: 2026-09-01\n---\n"
    ),
    "initiatives/idle.md": "---\ntitle: Idle\n---\n",
    "check-ins/2026-08-18-ana.md": (
        "---\ndate: 2026-08-18\nauthor: Ana\nkey_results: {quality/bugs: 120}\n---\n"
    ),
}
TARGET = {
    "amendments/2026-08-01-ines-bugs-target.md": (
        "---\ndate: 2026-08-01\nauthor: ines\nsubject: quality/bugs\nfield: target\n"
        "was: 50\nnow: 60\n---\nWhy.\n"
    )
}


def wish(what: str, now: str | None, **more: object) -> Wish:
    day = date.fromisoformat(str(more.pop("day", AS_OF)))
    said = {"reason": "Two people left.", "author": "ines", **more}
    return Wish(what=what, now=now, day=day, **said)  # type: ignore[arg-type]


def amended(files: Mapping[str, str], what: str, now: str | None, **more: object) -> Amended:
    made = book(files)
    return amend(made.portfolio, made.parsed, wish(what, now, **more))


def refusal(files: Mapping[str, str], what: str, now: str | None, **more: object) -> str:
    with pytest.raises(EditError) as error:
        amended(files, what, now, **more)
    return str(error.value)


def errors(made: Book) -> list[str]:
    return [str(found) for found in made.findings if found.severity is Severity.ERROR]


def lines(files: Mapping[str, str], done: Amended) -> list[str]:
    """What went from the definition and what came."""
    (path,) = done.edit.changed
    told = difference({path: files[path].encode()}, Edit({}, done.edit.changed))
    return [row for row in told.splitlines()[2:] if row[:1] in "+-"]


QUALITY = "objectives/deep/quality.md"


@pytest.mark.parametrize(
    ("what", "now", "definition", "amendment"),
    [
        (
            "quality/bugs.target",
            "90",
            ["-    target: 60   # per month", "+    target: 90   # per month"],
            ["was: 60", "now: 90"],
        ),
        (
            "quality/bugs.start",
            "unknown",
            ["-    start: 180   # duplicates merged", "+    start: unknown   # duplicates merged"],
            ["was: 180", "now: unknown"],
        ),
        (
            "quality/bugs.target",
            "-5.50",
            ["-    target: 60   # per month", "+    target: -5.5   # per month"],
            ["was: 60", "now: -5.5"],
        ),
        ("quality/bugs.weight", "0", ["+    weight: 0"], ["was: 1", "now: 0"]),
        ("quality/bugs.due", "2026-09-15", ["+    due: 2026-09-15"], ["now: 2026-09-15"]),
        (
            "quality/bugs.plan",
            "2026-07-31: 140, 2026-08-31:110, 2026-09-15: 80",
            ["-      2026-08-31: 100", "+      2026-08-31: 110", "+      2026-09-15: 80"],
            [
                "was: {2026-07-31: 140, 2026-08-31: 100}",
                "now: {2026-07-31: 140, 2026-08-31: 110, 2026-09-15: 80}",
            ],
        ),
        (
            "quality/bugs.plan",
            "none",
            ["-    plan:", "-      2026-07-31: 140   # holidays", "-      2026-08-31: 100"],
            ["was: {2026-07-31: 140, 2026-08-31: 100}"],
        ),
        (
            "quality/late.plan",
            "{2026-08-31: 5}",
            [
                "-  - {id: late, title: Late answers, unit: a day, at_most: 4}",
                "+  - {id: late, title: Late answers, unit: a day, at_most: 4,"
                " plan: {2026-08-31: 5}}",
            ],
            ["now: {2026-08-31: 5}"],
        ),
        (
            "quality/late.at_most",
            "6",
            [
                "-  - {id: late, title: Late answers, unit: a day, at_most: 4}",
                "+  - {id: late, title: Late answers, unit: a day, at_most: 6}",
            ],
            ["was: 4", "now: 6"],
        ),
        (
            "quality/wait.target",
            "20",
            [
                "-  - {id: wait, title: Time to answer, unit: min, start: unknown,"
                " target: unknown}",
                "+  - {id: wait, title: Time to answer, unit: min, start: unknown, target: 20}",
            ],
            ["was: unknown", "now: 20"],
        ),
        (
            "quality/done.done_when",
            "it is out: everywhere",
            [
                "-  - {id: done, title: Launch, done_when: it is out}",
                '+  - {id: done, title: Launch, done_when: "it is out: everywhere"}',
            ],
            ["was: it is out", 'now: "it is out: everywhere"'],
        ),
        (
            "quality.title",
            "Better quality",
            ['-title: "Improve quality"', '+title: "Better quality"'],
            ["was: Improve quality", "now: Better quality"],
        ),
        ("quality.weight", "2.5", ["+weight: 2.5"], ["was: 1", "now: 2.5"]),
        ("quality.parent", "none", ["-parent: top"], ["was: top"]),
        (
            "rota.due",
            "2026-10-31",
            ["-due: 2026-09-01  # fixed", "+due: 2026-10-31  # fixed"],
            ["was: 2026-09-01", "now: 2026-10-31"],
        ),
        ("idle.due", "2026-10-31", ["+due: 2026-10-31"], ["now: 2026-10-31"]),
    ],
)
def test_one_line_changes_and_one_file_says_why(
    what: str, now: str, definition: list[str], amendment: list[str]
) -> None:
    done = amended(FILES, what, now)
    assert sorted(lines(FILES, done)) == sorted(definition)
    ((path, text),) = done.edit.created.items()
    subject, _, field = what.rpartition(".")
    said = [f"author: ines\nsubject: {subject}\nfield: {field}", *amendment]
    assert text == "---\ndate: 2026-08-20\n" + "\n".join(said) + "\n---\nTwo people left.\n"
    name = f"2026-08-20-ines-{subject.rpartition('/')[2]}-{field}"
    assert path.endswith(f"{name}.md") and path.startswith("amendments/")
    before = book(FILES)
    assert errors(with_edit(before, done.edit)) == errors(before) == []


def test_windows_line_endings_and_a_mark_stay() -> None:
    windows = {**FILES, QUALITY: "\ufeff" + FILES[QUALITY].replace("\n", "\r\n")}
    made = amended(windows, "quality/bugs.target", "90").edit.changed[QUALITY]
    plain = amended(FILES, "quality/bugs.target", "90").edit.changed[QUALITY]
    assert made == "\ufeff" + plain.replace("\n", "\r\n")


def test_the_file_lies_with_its_period_and_names_who_agreed() -> None:
    done = amended(FILES, "quality/bugs.target", "90", approved_by="hana")
    ((path, text),) = done.edit.created.items()
    assert path == "amendments/2026-q3/2026-08-20-ines-bugs-target.md"
    assert "\napproved_by: hana\n---" in text
    (work,) = amended(FILES, "rota.due", "2026-10-31").edit.created
    assert work == "amendments/2026-q3/2026-08-20-ines-rota-due.md"
    (idle,) = amended(FILES, "idle.due", "2026-10-31").edit.created
    assert idle == "amendments/2026-08-20-ines-idle-due.md"


def test_a_number_may_have_its_unit_behind_it() -> None:
    assert amended(FILES, "quality/bugs.target", "90 a month").now == "90"


def test_between_is_typed_as_one_likes() -> None:
    files = {
        **FILES,
        "objectives/x.md": (
            "---\ntitle: X\nperiod: 2026-q3\n"
            "key_results: [{id: a, title: A, between: [4, 5]}]\n---\n"
        ),
    }
    for typed in ("4..6", "4...6", "[4, 6]", "4, 6", "4 to 6", "4…6"):
        (text,) = amended(files, "x/a.between", typed).edit.created.values()
        assert "was: [4, 5]\nnow: [4, 6]\n" in text
    assert "Write `[4, 6]`" in refusal(files, "x/a.between", "6..4")
    assert "two numbers" in refusal(files, "x/a.between", "6")


def test_every_field_named_here_is_one_that_is_amended() -> None:
    portfolio = book(FILES).portfolio
    for subject, names in (
        ("quality/bugs", KEY_RESULT),
        ("quality", OBJECTIVE),
        ("rota", INITIATIVE),
    ):
        assert set(names) <= set(amendable(portfolio, subject))


# --- changed by hand, changed again, stopped in between -------------------------------------------


def test_changed_by_hand_already_it_only_takes_the_reason() -> None:
    files = {**FILES, QUALITY: FILES[QUALITY].replace("target: 60", "target: 90")}
    said = refusal(files, "quality/bugs.target", "90")
    assert said.startswith("`target` of `quality/bugs` is 90 already. Changed by hand?")
    assert said.endswith("--was OLD")
    done = amended(files, "quality/bugs.target", "90", was="60")
    assert done.edit.changed == {}
    assert "was: 60\nnow: 90\n" in next(iter(done.edit.created.values()))
    assert "before and after" in refusal(files, "quality/bugs.target", "90", was="90")


def test_a_measure_changed_by_hand_is_told_too() -> None:
    text = FILES[QUALITY].replace("at_most: 4", "start: 9, target: 4")
    done = amended({**FILES, QUALITY: text}, "quality/late.at_most", "none", was="4")
    assert done.edit.changed == {}
    assert "field: at_most\nwas: 4\n---" in next(iter(done.edit.created.values()))


def test_what_it_was_must_be_what_the_file_or_the_last_amendment_says() -> None:
    assert "says 60, neither 70" in refusal(FILES, "quality/bugs.target", "90", was="70")
    assert amended(FILES, "quality/bugs.target", "90", was="60").was == "60"


def test_a_further_change_goes_on_from_the_last_one() -> None:
    files = {**FILES, **TARGET}
    done = amended(files, "quality/bugs.target", "90")
    assert (done.was, done.now, done.notes) == ("60", "90", ())
    assert errors(with_edit(book(files), done.edit)) == []
    silently = {**files, QUALITY: FILES[QUALITY].replace("target: 60", "target: 75")}
    done = amended(silently, "quality/bugs.target", "90")
    assert done.was == "60"
    assert "the file said 75, which no amendment explains" in done.notes[0]
    assert errors(with_edit(book(silently), done.edit)) == []
    by_hand = amended(silently, "quality/bugs.target", "75")
    assert by_hand.edit.changed == {} and by_hand.was == "60"


@pytest.mark.parametrize("author", ["ines", "ana", "zoe"])
def test_twice_on_one_day_the_second_stands_behind(author: str) -> None:
    files = dict(FILES)
    for now in ("70", "80", "90"):
        done = amended(files, "quality/bugs.target", now, author=author if now != "70" else "ines")
        files |= {**done.edit.created, **done.edit.changed}
        assert errors(book(files)) == []
    assert book(files).portfolio.key_results["quality/bugs"].target == 90


def test_stopped_between_the_two_files_check_tells_and_the_same_command_finishes() -> None:
    done = amended(FILES, "quality/bugs.target", "90")
    half = {**FILES, **done.edit.created}
    assert [f.message for f in book(half).findings if f.code == "OKR109"] == [
        "`now` is `90`, but the definition says `60`"
    ]
    again = amended(half, "quality/bugs.target", "90")
    assert again.edit.created == {} and again.edit.changed == done.edit.changed
    assert errors(book({**half, **again.edit.changed})) == []
    whole = {**half, **again.edit.changed}
    assert "is 90 already" in refusal(whole, "quality/bugs.target", "90")


def test_the_amendment_is_written_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "goal.md").write_bytes(b"x")

    def killed(path: Path, text: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("okrsite.edit.writing.replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, Edit({"amendments/a.md": "why"}, {"goal.md": "y"}), {"goal.md": b"x"})
    assert (tmp_path / "amendments/a.md").read_text() == "why"
    assert (tmp_path / "goal.md").read_bytes() == b"x"


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    edit = Edit({"amendments/a.md": "why"}, {"goal.md": "y"})
    (tmp_path / "goal.md").write_bytes(b"theirs")
    with pytest.raises(EditError, match="changed since it was read; nothing was written"):
        write(tmp_path, edit, {"goal.md": b"x"})
    assert (tmp_path / "goal.md").read_bytes() == b"theirs"
    assert not (tmp_path / "amendments").exists()


def test_long_names_make_an_id_that_is_one() -> None:
    name = "a" * 80
    files = {path: text for path, text in FILES.items() if not path.startswith(("init", "check"))}
    files[QUALITY] = FILES[QUALITY].replace("id: bugs", f"id: {name}")
    done = amended(
        files, f"quality/{name}.target", "90", author="Maximiliane von und zu Undsoweiter"
    )
    files |= {**done.edit.created, **done.edit.changed}
    assert errors(book(files)) == []
    (path,) = done.edit.created
    assert len(Path(path).stem) <= 80


# --- told in words --------------------------------------------------------------------------------


def test_what_joined_or_left_is_told() -> None:
    done = amended(FILES, "quality.scope", None, was="[bugs, late, wait]")
    assert done.edit.changed == {}
    (text,) = done.edit.created.values()
    assert "field: scope\nwas: [bugs, late, wait]\nnow: [bugs, late, wait, done]\n" in text
    (free,) = amended(FILES, "quality.scope", "half of it", was="all: of it").edit.created.values()
    assert 'was: "all: of it"\nnow: half of it\n' in free
    assert errors(with_edit(book(FILES), done.edit)) == []
    assert "--was is missing" in refusal(FILES, "quality.scope", "x")
    assert "--now is missing" in refusal(FILES, "rota.scope", None, was="x")


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "now", "more", "said"),
    [
        ("qualty/bugs.target", "9", {}, "Did you mean `quality/bugs.target`?"),
        ("bgus.target", "9", {}, "Did you mean `bugs.target`?"),
        ("zzz.target", "9", {}, "It is named SUBJECT.FIELD"),
        ("quality/bugs", "9", {}, "name the field too, such as `quality/bugs.due`"),
        ("quality/bugs.tagret", "9", {}, "`tagret` is not amended. Did you mean `target`?"),
        ("quality/bugs.owner", "9", {}, "Allowed: `start`, `target`"),
        ("quality.due", "2026-09-01", {}, "an objective has no `due`"),
        ("rota.state", "done", {}, "`okrsite move rota STATE` moves it"),
        ("quality/bugs.at_most", "9", {}, "has no `at_most`: it is measured another way"),
        ("quality/late.target", "9", {}, "It has `at_most`"),
        ("quality/late.between", "1..2", {}, "has no `between`"),
        ("quality/done.target", "9", {}, "It has `done_when`"),
        ("quality/bugs.target", "1,000", {}, "Write `1000`, without thousands marks."),
        ("quality/bugs.target", "ninety", {}, "`ninety` is not a number"),
        ("quality/bugs.target", "90 bugs", {}, "Write `90` and put `bugs` in `unit`."),
        ("quality/bugs.weight", "-1", {}, "a weight of `-1` is negative"),
        ("quality/bugs.due", "30.9.2026", {}, "Write `2026-09-30`."),
        ("quality/bugs.due", "none", {}, "is none already"),
        ("quality/bugs.plan", "soon", {}, "`plan`: `soon` is not a day"),
        ("quality/bugs.plan", "2026-08-31: x", {}, "`x` is not a number"),
        ("quality/bugs.target", "60", {}, "is 60 already"),
        ("quality/bugs.target", "60.0", {}, "is 60 already"),
        ("quality/bugs.target", None, {}, "say what `target` becomes"),
        (
            "quality/bugs.target",
            "9",
            {"reason": " \n "},
            'say why, for whoever reads it next year: -m "…"',
        ),
        ("quality/bugs.target", "9", {"day": "2026-10-01"}, "lies outside of Q3 (2026-06-28 to"),
        ("quality/bugs.target", "9", {"day": "2026-06-27"}, "lies outside of Q3"),
        ("old/a.target", "9", {}, "Q2 is closed"),
        ("old/a.target", "9", {}, "`continues: old`"),
        ("next/a.target", "9", {}, "Q4 is still a draft, so no amendment is needed"),
        ("next/a.target", "9", {}, "change `target` in objectives/next.md:5"),
        ("quality/late.at_most", "none", {}, "nobody could say how far `quality/late` is"),
        ("idle.start", "2026-08-01", {}, "no promise changes by adding one"),
    ],
)
def test_refused(what: str, now: str | None, more: dict[str, object], said: str) -> None:
    assert said in refusal(FILES, what, now, **more)


def test_an_own_id_that_several_have_is_answered_with_all_of_them() -> None:
    other = GOAL.replace('title: "Improve quality"', "title: Other")
    assert refusal({**FILES, "objectives/other.md": other}, "bugs.target", "9").splitlines() == [
        "`bugs` may mean several; name one in full:",
        "  other/bugs  Bugs that reach a clinic",
        "  quality/bugs  Bugs that reach a clinic",
    ]


def test_nothing_goes_in_before_the_last_amendment() -> None:
    files = {**FILES, **TARGET}
    said = refusal(files, "quality/bugs.target", "90", day="2026-07-31")
    assert "amended on 2026-08-01 already" in said
    assert amended(files, "quality/bugs.target", "90", day="2026-08-01").was == "60"


def test_a_comment_between_is_not_lost_but_refused() -> None:
    text = FILES[QUALITY].replace("at_most: 4}", "between: [\n    1, # least\n    2]}")
    said = refusal({**FILES, QUALITY: text}, "quality/late.between", "1..3")
    assert "comment" in said and "--was OLD" in said


def test_a_field_reads_the_name_of_a_goal_before_that_of_work() -> None:
    files = {**FILES, "initiatives/quality.md": "---\ntitle: Same name\n---\n"}
    assert find_field(book(files).portfolio, "quality.weight", date(2026, 8, 20)).path == QUALITY


# --- as it is typed -------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for words in (
        ("init", "-q", "-b", "main"),
        ("config", "user.name", "I. Duarte"),
        ("config", "user.email", "Ines@Larkmere.example"),
        ("add", "-A"),
        ("commit", "-q", "-m", "goals"),
    ):
        subprocess.run(("git", *words), cwd=tmp_path, check=True)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["amend", *words], catch_exceptions=False)


def dirty(place: Path) -> list[str]:
    command = ("git", "status", "--porcelain", "-uall")
    return subprocess.run(
        command, cwd=place, check=True, capture_output=True, text=True
    ).stdout.splitlines()


def test_the_command_writes_both_files_and_says_what_it_does(place: Path) -> None:
    result = run("quality/bugs.target", "90", "-m", "Two people left.", "--as-of", AS_OF)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "wrote content/amendments/2026-q3/2026-08-20-ines-bugs-target.md",
        "wrote content/objectives/deep/quality.md",
        "target of quality/bugs: 60 → 90",
        "On 20 Aug 2026:",
        "Bugs that reach a clinic (quality/bugs): 120 a month",
        "  progress 50 % → 67 %, 5 pts behind → 6 pts behind, on track",
        "  at this pace 91 % → 121 % by the end",
        "above: Improve quality (quality)",
        "  progress 17 % → 22 %, 38 pts behind → 39 pts behind, off track, score 0.2",
        "  at this pace 30 % → 33 % by the end",
        "above: Trust (top)",
        "  progress 17 % → 22 %, 38 pts behind → 39 pts behind, off track, score 0.2",
        "  at this pace 30 % → 33 % by the end",
    ]
    assert dirty(place) == [
        " M content/objectives/deep/quality.md",
        "?? content/amendments/2026-q3/2026-08-20-ines-bugs-target.md",
    ]
    exported = CliRunner().invoke(main, ["export", "--as-of", AS_OF])
    assert exported.exit_code == 0
    bugs = next(k for k in json.loads(exported.stdout)["key_results"] if k["id"] == "quality/bugs")
    assert bugs["target"] == 90


def test_a_key_result_s_own_id_is_enough_where_one_has_it(place: Path) -> None:
    result = run("bugs.target", "90", "-m", "Why.", "--as-of", AS_OF)
    assert "target of quality/bugs: 60 → 90" in result.stdout


def test_a_dry_run_shows_the_change_and_writes_nothing(place: Path) -> None:
    result = run("quality/bugs.target", "90", "-m", "Why.", "--as-of", AS_OF, "--dry-run")
    assert result.exit_code == 0
    assert "-    target: 60   # per month\n+    target: 90   # per month\n" in result.stdout
    assert "+++ b/amendments/2026-q3/2026-08-20-ines-bugs-target.md\n" in result.stdout
    assert "progress 50 % → 67 %" in result.stdout
    assert "wrote" not in result.stdout and dirty(place) == []


def test_the_reason_alone_still_tells_what_the_change_did(place: Path) -> None:
    path = place / "content/objectives/deep/quality.md"
    path.write_text(path.read_text().replace("target: 60", "target: 90"))
    result = run("quality/bugs.target", "90", "--was", "60", "-m", "Why.", "--as-of", AS_OF)
    lines = result.stdout.splitlines()
    assert lines[2] == "content/objectives/deep/quality.md was left as it is."
    assert lines[5].startswith("  progress 50 % → 67 %")
    assert dirty(place)[1:] == ["?? content/amendments/2026-q3/2026-08-20-ines-bugs-target.md"]


def test_a_number_below_zero_is_no_option(place: Path) -> None:
    result = run("quality/bugs.target", "-5", "-m", "Why.", "--as-of", AS_OF)
    assert result.exit_code == 0, result.stderr
    assert "target of quality/bugs: 60 → -5" in result.stdout
    assert run("quality/bugs.target", "--now", "-7", "-m", "x", "--as-of", AS_OF).exit_code == 0
    assert run("quality/bugs.target", "9", "-x").exit_code == 2


def test_author_and_day_are_git_s_and_today_s_unless_said(place: Path) -> None:
    told = ("--author", "Zoe Q", "--approved-by", "Ines Duarte", "--date", "2026-09-01")
    result = run("quality/bugs.target", "90", "-m", "Why.", *told, "--as-of", AS_OF)
    assert result.exit_code == 0, result.stderr
    text = (place / "content/amendments/2026-q3/2026-09-01-zoe-q-bugs-target.md").read_text()
    assert "date: 2026-09-01\nauthor: Zoe Q\n" in text and "approved_by: ines\n" in text
    assert "It holds from 2026-09-01 on.\nOn 20 Aug 2026 no number changes by it." in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("quality/bugs.target", "90"), "say why"),
        (("quality/bugs.target", "90", "--now", "80", "-m", "x"), "given twice"),
        (("quality/bgs.target", "90", "-m", "x"), "Did you mean `quality/bugs.target`?"),
        (("quality.parent", "nowhere", "-m", "x"), "there is no objective or key result `nowhere`"),
        (("quality/bugs.due", "2026-10-15", "-m", "x"), "error OKR022: 2026-10-15 lies outside Q3"),
        (
            ("quality/bugs.plan", "2026-12-01: 9", "-m", "x"),
            "error OKR022: 2026-12-01 lies outside",
        ),
        (("quality/bugs.target", "180", "-m", "x"), "error OKR016: `start` and `target` are both"),
        (
            ("work.due", "2026-07-01", "-m", "x"),
            "error OKR027: due on 2026-07-01, before it starts",
        ),
    ],
)
def test_what_is_refused_is_exit_2_and_changes_nothing(
    place: Path, words: tuple[str, ...], said: str
) -> None:
    result = run(*words, "--as-of", AS_OF)
    assert result.exit_code == 2
    assert said in result.stderr and result.stderr.startswith("okrsite: ")
    assert dirty(place) == []


def test_nobody_known_to_git_has_to_say_who(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for option in ("user.name", "user.email"):
        subprocess.run(("git", "config", "--unset", option), cwd=place, check=True)
    result = run("quality/bugs.target", "90", "-m", "x", "--as-of", AS_OF)
    assert result.exit_code == 2 and "--author NAME" in result.stderr


@pytest.mark.parametrize(
    ("what", "now"),
    [
        ("quality/bugs.target", "1.150"),
        ("quality/bugs.plan", "2026-08-15: 1.150"),
        ("quality/bugs.plan", "{2026-08-15: 90, 2026-08-31: 1.150}"),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_refused(what: str, now: str) -> None:
    said = "`1.150` can be read in two ways: write `1150` or `1.15`"
    assert said in refusal(FILES, what, now)
    assert amended(FILES, what, now.replace("1.150", "1.15")).edit.changed


def test_what_a_number_was_is_taken_as_it_stood() -> None:
    files = {**FILES, QUALITY: FILES[QUALITY].replace("target: 60", "target: 90")}
    assert "was: 1.15\n" in next(
        iter(amended(files, "quality/bugs.target", "90", was="1.150").edit.created.values())
    )
