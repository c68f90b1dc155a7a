"""One change, three readers: the diff, the check against a base, and the moved goalposts agree."""

from pathlib import Path

import pytest

from okrsite.okr.changes.between import between
from okrsite.okr.changes.change import SILENT, Ease
from okrsite.okr.guard.against import against
from okrsite.okr.past.history import history_of
from okrsite.okr.past.impact import Turn
from okrsite.okr.past.moved import moves
from tests.git_repos import repository
from tests.support import book

PATH, PERIOD = "objectives/quality.md", "periods/2026-q3.md"
DAY = "2026-08-20"
DRAFT = "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: draft\n---\n"
COMMITTED = DRAFT.replace("draft", f"committed\ncommitted_on: {DAY}")
CLOSED = COMMITTED.replace("committed\n", f"closed\nclosed_on: {DAY}\n")
FIRST = ("id: bugs", "start: 600", "target: 1000")
KEEPS = ("id: bugs", "at_least: 90")


def goal(rows: tuple[str, ...]) -> str:
    row = f"  - {{title: T, {', '.join(rows)}}}"
    return f"---\ntitle: Quality\nperiod: 2026-q3\nkey_results:\n{row}\n---\n"


Steps = list[dict[str, str]]


def readers(folder: Path, steps: Steps) -> tuple[bool, bool, bool]:
    """Whether the last of `steps` moved a promise in silence: by the diff, the check, the page."""
    goals, states = repository(folder), []
    files: dict[str, str] = {}
    for step in steps:
        goals.commit(DAY, step)
        files |= {path: str(text) for path, text in step.items()}
        states.append(book(files, DAY))
    base, head = states[-2:]
    told = any(c.rule.id.endswith(SILENT) for c in between(base, head).changes)
    found = any(f.code in ("OKR601", "OKR605") for f in against(base, head))
    shown = any(move.amendment is None for move in moves(head, history_of(goals.folder)))
    return told, found, shown


MOVED = {PATH: goal((*FIRST[:2], "target: 1100"))}
HISTORIES: dict[str, tuple[bool, Steps]] = {
    "born committed with the goal": (True, [{PATH: goal(FIRST), PERIOD: COMMITTED}, MOVED]),
    "committed before the goal": (True, [{PERIOD: COMMITTED}, {PATH: goal(FIRST)}, MOVED]),
    "committed after the goal": (
        True,
        [{PATH: goal(FIRST), PERIOD: DRAFT}, {PERIOD: COMMITTED}, MOVED],
    ),
    "in a draft": (False, [{PATH: goal(FIRST), PERIOD: DRAFT}, MOVED]),
    "with the commitment": (
        False,
        [{PATH: goal(FIRST), PERIOD: DRAFT}, {**MOVED, PERIOD: COMMITTED}],
    ),
    "with the closing": (True, [{PATH: goal(FIRST), PERIOD: COMMITTED}, {**MOVED, PERIOD: CLOSED}]),
    "after the closing": (True, [{PATH: goal(FIRST), PERIOD: CLOSED}, MOVED]),
    "the goal is new": (False, [{PERIOD: COMMITTED}, {PATH: goal(FIRST)}]),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_they_agree_on_what_was_promised_on_the_day_of_the_commitment(
    name: str, tmp_path: Path
) -> None:
    promised, steps = HISTORIES[name]
    assert readers(tmp_path / "goals", steps) == (promised,) * 3


TURNS = [
    (FIRST, ("id: bugs", "start: 600", "target: 1100"), Turn.HARDER),
    (FIRST, ("id: bugs", "start: 600", "target: 900"), Turn.EASIER),
    (FIRST, ("id: bugs", "start: 700", "target: 1000"), Turn.HARDER),
    (FIRST, ("id: bugs", "start: 500", "target: 1000"), Turn.EASIER),
    (FIRST, ("id: bugs", "start: 600", "target: 500"), Turn.OTHER),
    (("id: bugs", "start: 90", "target: 60"), ("id: bugs", "start: 90", "target: 70"), Turn.EASIER),
    (("id: bugs", "start: 90", "target: 60"), ("id: bugs", "start: 80", "target: 60"), Turn.HARDER),
    (KEEPS, ("id: bugs", "at_least: 70"), Turn.EASIER),
    (KEEPS, ("id: bugs", "at_least: 95"), Turn.HARDER),
    (("id: bugs", "at_most: 9"), ("id: bugs", "at_most: 12"), Turn.EASIER),
    (("id: bugs", "between: [1, 9]"), ("id: bugs", "between: [2, 8]"), Turn.HARDER),
    (("id: bugs", "between: [1, 9]"), ("id: bugs", "between: [2, 12]"), Turn.OTHER),
    ((*FIRST, "due: 2026-09-01"), (*FIRST, "due: 2026-09-09"), Turn.EASIER),
    ((*FIRST, "due: 2026-09-09"), (*FIRST, "due: 2026-09-01"), Turn.HARDER),
]
EASE = {Ease.EASIER: Turn.EASIER, Ease.HARDER: Turn.HARDER, Ease.NEUTRAL: Turn.OTHER}


@pytest.mark.parametrize(("before", "after", "turn"), TURNS)
def test_they_agree_on_which_way_it_went(
    before: tuple[str, ...], after: tuple[str, ...], turn: Turn, tmp_path: Path
) -> None:
    steps: Steps = [{PATH: goal(before), PERIOD: COMMITTED}, {PATH: goal(after)}]
    assert readers(tmp_path / "goals", steps) == (True, True, True)
    base, head = (book({PATH: goal(rows), PERIOD: COMMITTED}, DAY) for rows in (before, after))
    (change,) = between(base, head).changes
    history = history_of(tmp_path / "goals" / "content")
    (move,) = moves(head, history)
    assert (EASE[change.ease], move.turn) == (turn, turn)
