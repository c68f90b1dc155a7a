"""Moving work: a check-in with the state, what the board says of it, and all that is refused."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import main

PERIOD = "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n---\n"
FILES = {
    "periods/2026-q3.md": PERIOD,
    "teams/desk.md": "---\ntitle: Desk\nmembers: [oda]\n---\n",
    "people/oda.md": "---\ntitle: Oda\nteam: desk\n---\n",
    "objectives/queues.md": (
        "---\ntitle: Queues\nperiod: 2026-q3\nteam: desk\n"
        "key_results: [{id: work, title: The work, from: initiatives}]\n---\n"
    ),
    "initiatives/screens.md": (
        "---\ntitle: Screens\nteam: desk\ncontributes_to: queues/work\n---\n- [x] one\n"
    ),
    "initiatives/texts.md": "---\ntitle: Texts\nteam: desk\nstate: ready  # planned\n---\n",
    "initiatives/signs.md": "---\ntitle: Signs\nteam: desk\n---\n",
    "check-ins/2026-08-10-oda.md": (
        "---\ndate: 2026-08-10\nauthor: oda\ninitiatives:\n  screens: doing\n---\n"
    ),
    "check-ins/2026-08-14-oda.md": (
        "---\ndate: 2026-08-14\nauthor: oda\ninitiatives:\n"
        "  screens: {state: doing, blocked: no licence}\n---\n"
    ),
}
CONFIG = (
    "docs_dir: content\nplugins:\n  - okrsite:\n      as_of: 2026-08-20\n      workflow:"
    " [backlog, ready, {name: doing, active: true, wip: 1}, review, done]\n"
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    for words in (("init", "-q"), ("config", "user.name", "Oda"), ("config", "user.email", "o@x")):
        subprocess.run(("git", *words), cwd=tmp_path, check=True)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["move", *words], catch_exceptions=False)


def told(*words: str) -> list[str]:
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def files(place: Path) -> dict[str, str]:
    root = place / "content"
    return {p.relative_to(root).as_posix(): p.read_text() for p in root.rglob("*.md")}


def test_a_move_is_a_check_in_and_the_work_s_own_file_stays(place: Path) -> None:
    assert told("screens", "done", "-m", "All up.") == [
        "wrote content/check-ins/2026-q3/2026-08-20-oda.md",
        "screens: doing → done",
        "  no longer blocked (no licence)",
        "  cycle time 11 days, 4 days active, 11 days since it was first named",
    ]
    after = files(place)
    assert after.pop("check-ins/2026-q3/2026-08-20-oda.md") == (
        "---\ndate: 2026-08-20\nauthor: oda\nteam: desk\n"
        "initiatives:\n  screens: done\n---\nAll up.\n"
    )
    assert after == FILES


def test_several_at_once_and_the_limit_of_the_state(place: Path) -> None:
    lines = told("texts", "signs", "Doing", "--date", "2026-08-19")
    assert lines[1:] == [
        "texts: ready → doing",
        "  cycle time so far 2 days, since 2026-08-19",
        "  Desk has 3 in `doing` now, and its limit is 1",
        "signs: backlog → doing",
        "  cycle time so far 2 days, since 2026-08-19",
        "  Desk has 3 in `doing` now, and its limit is 1",
    ]
    assert "  texts: doing\n  signs: doing\n" in files(place)["check-ins/2026-q3/2026-08-19-oda.md"]


def test_two_moves_of_a_day_are_two_files_and_the_later_counts(place: Path) -> None:
    told("texts", "doing")
    assert told("texts", "review")[:2] == [
        "wrote content/check-ins/2026-q3/2026-08-20-oda-2.md",
        "texts: doing → review",
    ]


def test_a_word_that_counts_all_the_same_is_named(place: Path) -> None:
    lines = told("screens", "review", "--date", "2026-08-12")
    assert lines[1:3] == [
        "screens: doing → review",
        "  2026-08-14-oda of 2026-08-14 says `doing`, and that still counts",
    ]
    told("texts", "done", "--author", "zoe")
    lines = told("texts", "doing", "--author", "abe")
    assert "  2026-08-20-zoe of 2026-08-20 says `done`, and that still counts" in lines
    assert (
        "  to replace it: okrsite checkin initiatives/texts doing --corrects 2026-08-20-zoe"
        in lines
    )


def test_a_key_result_has_no_state(place: Path) -> None:
    row = "{id: calls, title: C, start: 9, target: 1}"
    goal = f"---\ntitle: G\nperiod: 2026-q3\nkey_results: [{row}]\n---\n"
    (place / "content/objectives").mkdir(exist_ok=True)
    (place / "content/objectives/quiet.md").write_text(goal)
    result = run("calls", "done")
    assert result.exit_code == 2
    assert "only work has a state: okrsite checkin quiet/calls VALUE" in result.stderr


def test_a_block_ends_by_moving_to_where_it_is(place: Path) -> None:
    assert "  no longer blocked (no licence)" in told("screens", "doing")


def test_a_dry_run_writes_nothing(place: Path) -> None:
    lines = told("texts", "doing", "--dry-run")
    assert "+  texts: doing" in lines and "texts: ready → doing" in lines
    assert files(place) == FILES


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("screen", "done"), "there is no initiative `screen`. Did you mean `screens`?"),
        (("screens", "doen"), "Did you mean `done`?"),
        (("screens", "zzz"), "States: `backlog`, `ready`"),
        (("texts", "ready"), "`texts` is in `ready` already"),
        (("screens", "blocked"), "okrsite checkin screens --blocked REASON"),
        (("screens",), "okrsite move INITIATIVE STATE"),
        (("screens", "done", "--date", "2199-01-01"), "has not come yet"),
    ],
)
def test_refused(place: Path, words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert files(place) == FILES
