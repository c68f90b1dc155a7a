"""okrsite checkin as it is typed: one command, asked in a terminal, sent as a request."""

import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import asking, checkin, main
from okrsite.edit.checking_in import mine
from okrsite.okr.pipeline import load
from okrsite.okr.settings import Settings
from okrsite.okr.sources import read_folder
from tests.edit.clones import Clone, at_forge, calls, clone, fake, hub, isolate, run_git
from tests.edit.company import DAY, FILES

EPOCH = "1787184000"  # 20 August 2026
PROGRAM = (sys.executable, "-c", "from okrsite.cli import main; main()", "checkin")
MINE = "content/check-ins/2026-q3/2026-08-20-ana.md"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in isolate({}, tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    root = tmp_path / "goals"
    for name, text in FILES.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


def run(*words: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(main, ["checkin", *words], input=answers, catch_exceptions=False)


def texts(root: Path) -> Mapping[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def values(root: Path) -> Mapping[str, list[Fraction]]:
    """What was said of each key result, in order."""
    book = load(read_folder(root / "content"), Settings(), DAY)
    return {
        ref: [entry.value for entry in entries if entry.value is not None]
        for ref, entries in book.ledger.entries.items()
    }


# --- one command --------------------------------------------------------------------------------


def test_one_command_writes_one_file_and_tells_what_it_does(folder: Path) -> None:
    before = texts(folder)
    result = run("bugs", "96", "-c", "0.6", "-m", "Triage is daily", "--author", "ana")
    assert result.exit_code == 0, result.stderr
    assert texts(folder).items() - before.items() == {
        (
            MINE,
            b"---\ndate: 2026-08-20\nauthor: ana\nteam: platform\nkey_results:\n"
            b"  calm/bugs: {value: 96, confidence: 0.6}\n---\nTriage is daily\n",
        )
    }
    lines = result.stdout.splitlines()
    assert lines[0] == f"Written: {MINE}"
    assert "Bugs that reach clinics (calm/bugs): 108 → 96 a month" in lines
    assert any(line.startswith("  progress 60 % → 70 %, ") for line in lines)
    assert any(line.startswith("above: Clinics trust us (trust)") for line in lines)


def test_the_author_is_gits_user_as_a_person_of_the_goals(folder: Path) -> None:
    run_git(folder, "init", "-q")
    run_git(folder, "config", "user.name", "Ana Ruiz")
    assert run("bugs", "96").exit_code == 0
    assert "author: ana\n" in (folder / MINE).read_text()


def test_without_any_user_it_asks_for_one(folder: Path) -> None:
    result = run("bugs", "96")
    assert result.exit_code == 2 and "--author" in result.stderr


def test_a_negative_value_is_no_option(folder: Path) -> None:
    assert run("bugs", "-3", "nights/pages=-4", "--author", "ana").exit_code == 0
    assert values(folder)["calm/bugs"][-1] == -3 and values(folder)["nights/pages"] == [-4]


def test_a_dry_run_shows_it_all_and_writes_nothing(folder: Path) -> None:
    before = texts(folder)
    result = run("bugs", "96", "--author", "ana", "--dry-run")
    assert result.exit_code == 0 and texts(folder) == before
    assert MINE in result.stdout and "  calm/bugs: 96" in result.stdout
    assert "progress 60 % → 70 %" in result.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("bgus", "96"), "Did you mean `bugs`?"),
        (("bugs", "1,000"), "Write `1000`, without thousands marks."),
        (("bugs", "96", "-c", "60"), "Write `0.6`."),
        (("promises", "3"), "takes no value"),
        (("before/bugs", "3"), "was closed on 2026-07-05"),
        (("bugs", "96", "--date", "2026-08-21"), "2026-08-21 has not come yet"),
        (("bugs", "96", "--date", "20.8.2026"), "Write `2026-08-20`."),
        (("bugs", "96", "--date", "2026-02-30"), "no day of the calendar"),
        (("bugs", "96", "--team", "platfrom"), "Did you mean `platform`?"),
        (("bugs", "96", "--corrects", "x"), "there is no check-in `x`"),
        (("bugs", "96", "--confidense", "1"), "No such option"),
        (("bugs", "96", "--pr"), "lies in no git repository"),
        (("bugs", "96", "--blocked", "engine=" + "x" * 2001), "nothing was written"),
    ],
)
def test_what_is_wrong_is_exit_2_and_nothing_is_written(
    words: tuple[str, ...], sentence: str, folder: Path
) -> None:
    before = texts(folder)
    result = run(*words, "--author", "ana")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert texts(folder) == before


def test_the_day_is_the_projects_own_and_it_says_so(folder: Path) -> None:
    config = "plugins:\n  - okrsite:\n      as_of: 2026-08-12\ndocs_dir: content\n"
    (folder / "mkdocs.yml").write_text(config)
    result = run("bugs", "120", "--author", "ana")
    assert "Dated 2026-08-12, the day that as_of sets in mkdocs.yml." in result.stdout
    assert (folder / "content/check-ins/2026-q3/2026-08-12-ana.md").is_file()
    later = run("bugs", "96", "--author", "ana", "--date", "2026-08-20")
    assert "108 → 96 a month" in later.stdout and "as_of" not in later.stdout


def test_a_correction_and_an_older_day(folder: Path) -> None:
    old = run("bugs", "130", "--author", "ana", "--date", "2026-08-04")
    assert "2026-08-18-ana was said of that day or later, and goes on counting." in old.stdout
    assert run("bugs", "98", "--author", "ana", "--corrects", "2026-08-18-ana").exit_code == 0
    book = load(read_folder(folder / "content"), Settings(), DAY)
    days = [str(entry.day) for entry in book.ledger.entries["calm/bugs"]]
    assert days == ["2026-08-04", "2026-08-18"] and values(folder)["calm/bugs"] == [130, 98]
    assert book.ledger.entries["calm/bugs"][-1].said == "on-track"


def test_a_folder_that_leads_out_of_the_goals_takes_no_check_in(folder: Path) -> None:
    (folder / "content/check-ins").rename(folder.parent / "out")
    (folder / "content/check-ins").symlink_to(folder.parent / "out")
    before = texts(folder.parent / "out")
    result = run("bugs", "96", "--author", "ana")
    assert result.exit_code == 2 and "leads out of" in result.stderr
    assert texts(folder.parent / "out") == before


def test_an_id_taken_in_another_folder_is_not_given_twice(folder: Path) -> None:
    (folder / "content/check-ins/2026-08-20-ana.md").write_text("---\ndate: 2026-08-20\n---\n")
    assert run("bugs", "96", "--author", "ana").exit_code == 0
    assert (folder / "content/check-ins/2026-q3/2026-08-20-ana-2.md").is_file()


# --- far outside, and in vain -------------------------------------------------------------------

KEPT = {
    "objectives/far.md": """---
title: Far
period: 2026-q3
team: platform
owner: cleo
key_results:
  - {id: calls, title: Calls, unit: calls a week, start: 1250, target: 600}
  - {id: teams, title: Teams, start: 0, target: 4}
  - {id: late, title: Late parcels, unit: "%", start: 12, target: 5}
  - {id: kept, title: Kept, unit: "%", at_least: 90}
---
""",
    "check-ins/2026-08-17-cleo.md": (
        "---\ndate: 2026-08-17\nauthor: cleo\nkey_results: {far/calls: 1150}\n---\n"
    ),
}


@pytest.fixture
def far(folder: Path) -> Path:
    for name, text in KEPT.items():
        (folder / "content" / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("ref", "typed", "sentence"),
    [
        ("teams", "300", "`300` for `far/teams`, which goes from 0 to 4, would be 7,500 %"),
        ("late", "1200", "`1200` for `far/late` lies outside of 0 to 100 %."),
        ("kept", "1100", "`1100` for `far/kept` lies outside of 0 to 100 %."),
        ("kpis/uptime", "9995", "`9995` for `kpis/uptime` lies outside of 0 to 100 %."),
        ("kept", "-1", "lies outside"),
    ],
)
def test_a_value_far_outside_is_not_written_unless_it_is_said_to_be_right(
    ref: str, typed: str, sentence: str, far: Path
) -> None:
    before = texts(far)
    result = run(ref, typed, "--author", "cleo")
    assert (result.exit_code, sentence in result.stderr) == (2, True), result.stderr
    assert texts(far) == before
    assert run(ref, typed, "--author", "cleo", "--yes").exit_code == 0
    assert texts(far) != before


@pytest.mark.parametrize(
    ("ref", "typed"),
    [
        ("calls", "600"),
        ("calls", "0"),
        ("teams", "8"),
        ("late", "0"),
        ("kept", "99.125"),
        ("late", "19"),
        ("uptime", "99.950"),
        ("calls", "-50"),
    ],
)
def test_a_value_that_may_well_be_is_not_asked_about(ref: str, typed: str, far: Path) -> None:
    assert run(ref, typed, "--author", "cleo").exit_code == 0


def test_a_value_near_one_that_was_right_is_right_too(far: Path) -> None:
    assert run("teams", "300", "--author", "cleo", "--yes").exit_code == 0
    assert run("teams", "303", "--author", "cleo").exit_code == 0


@pytest.mark.usefixtures("answering")
def test_in_a_terminal_it_asks(far: Path) -> None:
    before = texts(far)
    no = run("late", "1200", "--author", "cleo", answers="\n")
    assert no.exit_code == 130 and "Really 1200?" in no.output
    assert texts(far) == before
    assert run("late", "1200", "--author", "cleo", answers="y\n").exit_code == 0
    assert values(far)["far/late"][-1] == 1200


@pytest.mark.parametrize("yes", [(), ("--yes",)])
def test_a_number_that_can_be_read_in_two_ways_is_never_written(
    yes: tuple[str, ...], far: Path
) -> None:
    before = texts(far)
    result = run("calls", "1.150", "--author", "cleo", *yes)
    assert result.exit_code == 2
    assert "`1.150` can be read in two ways: write `1150` or `1.15`" in result.stderr
    assert texts(far) == before
    assert run("calls", "1150", "--author", "cleo").exit_code == 0


@pytest.mark.usefixtures("answering")
def test_asked_for_in_turn_it_asks_again(far: Path) -> None:
    kept, late, teams = "1100\nn\n95\n\n", "\n", "300\n\n3\n0.5\n"
    result = run("--author", "cleo", answers=f"{kept}{late}{teams}\ny\n")
    assert result.exit_code == 0, result.output
    assert values(far)["far/teams"] == [3] and values(far)["far/kept"] == [95]


ZOE = (
    "---\ndate: 2026-08-20\nauthor: zoe\nkey_results:\n"
    "  calm/bugs: {value: 100, confidence: 0.9}\n---\n"
)


def test_what_is_said_in_vain_is_told_with_the_command_that_replaces_it(folder: Path) -> None:
    (folder / "content/check-ins/2026-08-20-zoe.md").write_text(ZOE)
    result = run("bugs", "96", "-c", "0.5", "--author", "ana")
    command = re.search(r"To replace it: okrsite checkin (.*)$", result.stdout, re.MULTILINE)
    assert command
    assert command[1] == "calm/bugs 96 -c 0.5 --corrects 2026-08-20-zoe"
    assert values(folder)["calm/bugs"][-1] == 100
    assert run(*command[1].split(), "--author", "ana").exit_code == 0
    assert values(folder)["calm/bugs"][-1] == 96


def test_the_command_that_replaces_it_is_one_that_is_taken(folder: Path) -> None:
    (folder / "content/check-ins/2026-08-20-zoe.md").write_text(ZOE)
    result = run("bugs", "96.1250", "--author", "ana")
    command = re.search(r"To replace it: okrsite checkin (.*)$", result.stdout, re.MULTILINE)
    assert command
    assert run(*command[1].split(), "--author", "ana").exit_code == 0
    assert values(folder)["calm/bugs"][-1] == Fraction("96.125")


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(("answer", "value"), [("\n", 96), ("n\n", 100)])
def test_in_a_terminal_it_asks_whether_to_correct(answer: str, value: int, folder: Path) -> None:
    (folder / "content/check-ins/2026-08-20-zoe.md").write_text(ZOE)
    result = run("bugs", "96", "--author", "ana", answers=answer)
    assert result.exit_code == 0 and "Correct it?" in result.output
    assert values(folder)["calm/bugs"][-1] == value
    text = (folder / MINE).read_text()
    assert ("corrects: 2026-08-20-zoe" in text) == (value == 96)
    assert ("confidence: 0.9" in text) == (value == 96)


def test_a_bare_remote_is_told_what_to_do_next(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = clone(hub(tmp_path / "there"), tmp_path / "mine")
    monkeypatch.chdir(mine.root)
    result = run("bugs", "96", "--pr")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0, result.output
    assert lines[0] == "Pushed to origin as the branch check-in/2026-08-20-ana."
    assert "Ask whoever runs the portal to merge that branch" in lines[2]
    assert "  git merge origin/check-in/2026-08-20-ana" in lines
    ends = [n for n, line in enumerate(lines) if line.endswith(":")]
    assert all(lines[n + 1].startswith("  ") for n in ends)


# --- without arguments --------------------------------------------------------------------------


def test_with_nobody_to_answer_it_lists_what_waits_with_the_commands(folder: Path) -> None:
    result = run("--author", "bo")
    assert result.exit_code == 1
    assert result.stdout == (
        "bo, 2 key results wait for a check-in:\n\n"
        "Releases rolled back\n  nothing checked in yet; to be kept at 2 a month or less\n"
        "  okrsite checkin calm/rolled NUMBER --author bo\n\n"
        "Pages by day\n  nothing checked in yet; target 10 by 30 Sep 2026\n"
        "  okrsite checkin days/pages NUMBER --author bo\n"
    )
    assert run("calm/rolled", "1", "days/pages", "30", "--author", "bo").exit_code == 0
    done = run("--author", "bo")
    assert (done.exit_code, "nothing of yours is overdue" in done.stdout) == (0, True)


@pytest.mark.parametrize("author", ["bo", "somebody"])
def test_what_is_to_be_closed_is_looked_for_once(
    folder: Path, author: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("calm/rolled", "1", "days/pages", "30", "--author", "bo")
    asked: list[object] = []

    def to_close(*words: object) -> tuple[str, ...]:
        asked.append(words)
        return ()

    monkeypatch.setattr(mine, "to_close", to_close)
    assert run("--author", author).exit_code == 0
    assert len(asked) == 1
    nobody = run("--author", "Zoe")
    assert (nobody.exit_code, "No running goal belongs to Zoe" in nobody.stdout) == (0, True)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkin, "in_terminal", lambda: True)


ANSWERS = (
    "perhaps\nyes\n0.8\n"  # audit: asked again, then yes, with a confidence
    "desing\ndesign\n\n"  # rollout: asked again, no confidence
    "\n"  # uptime: skipped
    "12\n\n"  # nights/pages
    "review\nno\n"  # engine: a new state, nothing blocks it
    "The licence came.\nAll is well.\n\n"
    "y\n"
)


@pytest.mark.usefixtures("answering")
def test_it_asks_for_each_in_turn_and_again_where_it_cannot_be(folder: Path) -> None:
    result = run("--author", "ana", answers=ANSWERS)
    assert result.exit_code == 0, result.output
    assert "takes yes or no, not `perhaps`" in result.output
    assert "Did you mean `design`?" in result.output
    assert (
        (folder / MINE).read_text()
        == """---
date: 2026-08-20
author: ana
team: platform
key_results:
  calm/audit: {value: true, confidence: 0.8}
  calm/rollout: {done: [design]}
  nights/pages: 12
initiatives:
  engine: review
---
The licence came.
All is well.
"""
    )
    assert result.output.index("nights/pages: 12") < result.output.index("Write it?")


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(
    ("answers", "code", "sentence"),
    [
        (ANSWERS.removesuffix("y\n") + "n\n", 130, "Nothing was written."),
        ("yes\n", 130, "Nothing was written."),
        ("\n" * 6, 0, "Nothing was said, so nothing was written."),
    ],
)
def test_no_answer_writes_nothing(answers: str, code: int, sentence: str, folder: Path) -> None:
    before = texts(folder)
    result = run("--author", "ana", answers=answers)
    assert (result.exit_code, sentence in result.output) == (code, True), result.output
    assert texts(folder) == before


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ("\n\n", None),
        ("review\n\n", "  engine: {state: review, blocked: the licence}\n"),
        ("\nno\n", "  engine: doing\n"),
        ("\nthe supplier\n", "  engine: {blocked: the supplier}\n"),
        ("done\n", "  engine: done\n"),
    ],
)
def test_a_block_stays_until_it_is_said_to_be_gone(
    answers: str, line: str | None, folder: Path
) -> None:
    result = run("--author", "ana", answers="\n" * 4 + answers + "\ny\n")
    if line is None:
        assert "Nothing was said" in result.output
    else:
        assert line in (folder / MINE).read_text()


class Terminal:
    """A command that runs in a terminal of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.screen = ""
        self.pid, self.handle = pty.fork()
        if not self.pid:
            # Tests that were started in the background have Ctrl-C ignored, and so would it.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.chdir(folder)
            os.execv(PROGRAM[0], (*PROGRAM, *words))

    def until(self, words: str, again: str = "") -> None:
        """Read until `words` stand on the screen; where nothing comes, `again` is typed again."""
        end = time.monotonic() + 60
        while words not in self.screen:
            ready, _, _ = select.select([self.handle], [], [], 0.5)
            assert ready or time.monotonic() < end, f"no `{words}` in {self.screen}"
            if not ready:
                self.types(again)
                continue
            try:
                self.screen += os.read(self.handle, 65536).decode("utf-8", "replace")
            except OSError:
                pytest.fail(f"it ended without `{words}`: {self.screen}")

    def types(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def answers(self, question: str, text: str) -> None:
        self.until(question)
        self.screen = self.screen.partition(question)[2]
        self.types(text)

    def ends(self) -> int:
        while True:
            try:
                if not os.read(self.handle, 65536):
                    break
            except OSError:
                break
        os.close(self.handle)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_in_a_terminal_of_its_own(folder: Path) -> None:
    terminal = Terminal(folder, "--author", "bo")
    terminal.answers("Releases rolled back", "")
    terminal.answers("value:", "one\r")
    terminal.until("takes a number (a month), not `one`.")
    terminal.answers("value:", "1\r")
    terminal.answers("confidence (0 to 1):", "0.9\r")
    terminal.answers("value:", "30\r")
    terminal.answers("confidence", "\r")
    terminal.answers(">", "Quiet days.\r")
    terminal.answers(">", "\r")
    terminal.answers("Write it?", "\r")
    assert terminal.ends() == 0
    text = (folder / "content/check-ins/2026-q3/2026-08-20-bo.md").read_text()
    assert "calm/rolled: {value: 1, confidence: 0.9}" in text and "days/pages: 30" in text


def test_ctrl_c_in_a_terminal_writes_nothing(folder: Path) -> None:
    before = texts(folder)
    terminal = Terminal(folder, "--author", "bo")
    terminal.answers("value:", "1\r")
    terminal.answers("confidence", "\x03")
    # A signal that comes right before the reading begins is not noticed by it.
    terminal.until("Nothing was written.", again="\x03")
    assert terminal.ends() == 130
    assert texts(folder) == before


def test_asking_is_for_terminals_alone() -> None:
    assert not asking.in_terminal()


# --- at once, and killed ------------------------------------------------------------------------


def test_two_at_once_both_succeed(folder: Path) -> None:
    words = (*PROGRAM, "--author", "ana")
    both = [
        subprocess.Popen((*words, *said), cwd=folder, stdout=subprocess.PIPE, text=True)
        for said in (("bugs", "96"), ("nights/pages", "12"))
    ]
    told = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    names = {line.removeprefix("Written: ") for out in told for line in out.splitlines()[:1]}
    assert names == {MINE, MINE.replace("ana.md", "ana-2.md")}
    assert values(folder)["calm/bugs"][-1] == 96 and values(folder)["nights/pages"] == [12]


KILLED = """
import os, sys
from okrsite.edit import files
step, real = int(sys.argv.pop(1)), {}
def dying(name):
    real[name] = getattr(os, name)
    def call(*args, **kwargs):
        global step
        step -= 1
        if step == 0:
            os.kill(os.getpid(), 9)
        return real[name](*args, **kwargs)
    setattr(os, name, call)
for name in ("fdopen", "fsync", "link", "unlink"):
    dying(name)
from okrsite.cli import main
main()
"""


@pytest.mark.parametrize("step", range(1, 8))
def test_killed_at_any_step_there_is_no_half_file(step: int, folder: Path) -> None:
    command = (sys.executable, "-c", KILLED, str(step), "checkin", "bugs", "96", "--author", "ana")
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL)
    found = read_folder(folder / "content")
    whole = (
        b"---\ndate: 2026-08-20\nauthor: ana\nteam: platform\nkey_results:\n  calm/bugs: 96\n---\n"
    )
    new = {path: raw for path, raw in found.items() if path not in FILES}
    assert set(new.values()) <= {whole}
    assert done.returncode or len(new) == 1


WRITING = """
from pathlib import Path
from okrsite.edit.files import create
text = "---\\ndate: 2026-08-20\\n---\\n" + "x" * 100_000
while True:
    create(Path("content/check-ins/2026-08-20-ana.md"), text)
    print(flush=True)
"""


def test_killed_at_any_moment_there_is_no_half_file(folder: Path) -> None:
    rng = random.Random(20)
    for _ in range(10):
        process = subprocess.Popen(
            (sys.executable, "-c", WRITING), cwd=folder, stdout=subprocess.PIPE
        )
        assert process.stdout and process.stdout.readline() == b"\n"
        time.sleep(rng.uniform(0, 0.02))
        process.kill()
        process.communicate()
    new = {p: raw for p, raw in read_folder(folder / "content").items() if p not in FILES}
    assert len(new) >= 10
    assert {len(raw) for raw in new.values()} == {len("---\ndate: 2026-08-20\n---\n") + 100_000}


# --- as a request -------------------------------------------------------------------------------


def test_a_request_is_made_of_what_the_remote_has(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = hub(tmp_path / "there")
    mine = clone(bare, tmp_path / "mine")
    log = fake(tmp_path / "bin", "gh", says="https://github.com/acme/goals/pull/7")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(mine.root)
    # Half written here, and not what the request is about.
    (mine.root / "content/objectives/calm.md").write_text("---\ntitle: Half written\n")
    at_forge(mine, "https://github.com/acme/goals.git", bare)
    before = mine.snapshot()
    result = run("bugs", "96", "-m", "Triage is daily", "--pr")
    assert result.exit_code == 0, result.output
    assert "Request opened: https://github.com/acme/goals/pull/7" in result.stdout
    assert "108 → 96 a month" in result.stdout
    assert mine.snapshot() == before
    branch = "check-in/2026-08-20-ana"
    assert run_git(bare, "diff", "--name-status", "main", branch) == f"A\t{MINE}"
    (call,) = calls(log)
    assert call[-3] == "Check in calm/bugs" and "Triage is daily" in call[-1]
    assert "progress 60 % → 70 %" in call[-1]
    unknown = run("own-branch-only", "1", "--pr")
    assert unknown.exit_code == 2 and "(as of origin/main)" in unknown.stderr


def test_a_request_that_cannot_be_sent_says_what_finishes_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = hub(tmp_path / "there")
    mine = clone(bare, tmp_path / "mine")
    monkeypatch.chdir(mine.root)
    bare.rename(bare.with_name("away"))
    result = run("bugs", "96", "--pr")
    assert result.exit_code == 2
    assert "Committed on the branch check-in/2026-08-20-ana here, and not sent:" in result.stdout
    bare.with_name("away").rename(bare)
    command = re.search(r"^  git (push .*)$", result.stdout, re.MULTILINE)
    assert command
    mine.git(*command[1].split())
    assert run_git(bare, "diff", "--name-status", "main", "check-in/2026-08-20-ana") == f"A\t{MINE}"
    # A plain one of the same day does not take the name that is on its way.
    assert run("bugs", "95").exit_code == 0
    assert (mine.root / MINE.replace("ana.md", "ana-2.md")).is_file()


def fifty(bare: Path, folder: Path) -> None:
    """A goal with fifty key results, at the remote."""
    seed = clone(bare, folder, "Seed")
    rows = "".join(f"  - {{id: k{n}, title: T, start: 0, target: 100}}\n" for n in range(50))
    goal = f"---\ntitle: Fifty\nperiod: 2026-q3\nkey_results:\n{rows}---\n"
    (seed.root / "content/objectives/fifty.md").write_text(goal)
    seed.git("add", "-A")
    seed.git("commit", "-q", "-m", "fifty")
    seed.git("push", "-q", "origin", "main")


def by_hand(here: Clone, n: int, *words: str) -> None:
    """A check-in on a branch of one's own, as one does it who knows git."""
    here.git("checkout", "-q", "-b", f"by-hand-{n}", "origin/main")
    assert run(*words).exit_code == 0
    here.git("add", "-A")
    here.git("commit", "-q", "-m", f"check in {n}")
    here.git("push", "-q", "origin", f"by-hand-{n}")


def test_fifty_people_check_in_at_once_and_all_is_merged(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = hub(tmp_path / "there")
    fifty(bare, tmp_path / "seed")
    here = clone(bare, tmp_path / "here")
    monkeypatch.chdir(here.root)
    for n in range(50):
        words = (f"k{n}", str(n), "bugs", str(n), "--author", f"Person {n}")
        if n % 2:
            assert run(*words, "--pr").exit_code == 0
        else:
            by_hand(here, n, *words)
    merged = clone(bare, tmp_path / "merged", "Merger")
    branches = re.findall(r"origin/((?:check-in|by-hand)\S+)", merged.git("branch", "-r"))
    assert len(branches) == 50
    random.Random(4).shuffle(branches)
    for branch in branches:
        merged.git("merge", "-q", "--no-ff", "-m", "merge", f"origin/{branch}")
    known = values(merged.root)
    assert [known[f"fifty/k{n}"] for n in range(50)] == [[n] for n in range(50)]
    assert sorted(known["calm/bugs"]) == [*range(50), 108]
    book = load(read_folder(merged.root / "content"), Settings(), DAY)
    new = [f for f in book.findings if f.path.startswith("check-ins/2026-q3/")]
    assert {f.code for f in new} <= {"OKR308"}  # fifty words on one key result, one day
