"""One change, three readers: the diff, the check against a base, and the moved goalposts agree."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from okrsite.okr import guarded
from okrsite.okr.changes.between import between
from okrsite.okr.changes.change import SILENT, Ease
from okrsite.okr.finding import Severity
from okrsite.okr.guard.against import against
from okrsite.okr.past.history import history_of
from okrsite.okr.past.impact import Turn
from okrsite.okr.past.moved import moves
from tests.git_repos import repository
from tests.okr.test_watched import FILES, Q3
from tests.okr.test_watched import SILENT as GUARDED
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


COMMITTED_GOAL = goal(FIRST)
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


# Days of work are looked at on the page alone.
HELD = [key for key in GUARDED if key not in [("initiative", f) for f in guarded.OF_INITIATIVE]]


@pytest.mark.parametrize(("kind", "field"), HELD)
def test_they_agree_on_what_is_an_error_in_silence(kind: str, field: str) -> None:
    path, was, now = GUARDED[kind, field]
    base, head = book(FILES, DAY), book({**FILES, path: FILES[path].replace(was, now, 1)}, DAY)
    assert {f.severity for f in against(base, head)} == {Severity.ERROR}
    (change,) = between(base, head).changes
    assert (change.severity, change.reason) == (Severity.ERROR, None)


@pytest.mark.parametrize("leaves", [True, False])
def test_they_agree_on_work_that_comes_or_goes(leaves: bool) -> None:
    path = "initiatives/triage.md"
    without = {name: text for name, text in FILES.items() if name != path}
    texts = (FILES, without) if leaves else (without, FILES)
    why = (
        "---\ndate: 2026-08-10\nauthor: Ana\nsubject: quality/work\nfield: scope\n"
        "was: hello\nnow: hello, triage\n---\nWhy.\n"
    )
    for more, severity in (({}, Severity.ERROR), ({"amendments/x.md": why}, None)):
        base, head = book(texts[0], DAY), book({**texts[1], **more}, DAY)
        (change,) = (c for c in between(base, head).changes if c.noun == "initiative")
        errors = {f.severity for f in against(base, head) if f.severity is Severity.ERROR}
        assert errors == ({severity} if severity else set())
        assert (change.severity is Severity.ERROR) is bool(severity)
        assert (change.reason is None) is bool(severity)


OVER = {
    "periods/2026-q2.md": (
        "---\ntitle: Q2\nstart: 2026-04-01\nend: 2026-06-30\nstate: closed\n"
        "committed_on: 2026-04-02\nclosed_on: 2026-07-03\n---\n"
    ),
    "objectives/over.md": (
        "---\ntitle: Over\nperiod: 2026-q2\nkey_results:\n"
        "  - {id: k, title: K, start: 1, target: 5}\n  - {id: csat, title: C, from: csat}\n---\n"
    ),
    "kpis/csat.md": "---\ntitle: CSAT\nat_least: 3\n---\n",
}
LATE = "---\ndate: 2026-08-10\nsubject: over/k\nfield: target\nwas: 4\nnow: 5\n---\nWhy.\n"


@pytest.mark.parametrize(
    ("changed", "is_error"),
    [
        ({"amendments/late.md": LATE}, True),
        ({"kpis/csat.md": OVER["kpis/csat.md"].replace("3", "4")}, False),
    ],
    ids=["an amendment", "a KPI"],
)
def test_they_agree_on_what_a_closed_goal_holds_fast(
    changed: dict[str, str], is_error: bool
) -> None:
    base, head = book({**FILES, **OVER}, DAY), book({**FILES, **OVER, **changed}, DAY)
    found = {finding.severity for finding in against(base, head)}
    assert (Severity.ERROR in found) is is_error
    (change,) = between(base, head).changes
    assert (change.severity is Severity.ERROR) is is_error


TOLD = "---\ndate: 2026-08-10\nauthor: Ana\nsubject: quality/bugs\nfield: {}\n---\nWhy.\n"
RAISED = goal((*FIRST[:2], "target: 1100"))
HELD_TO = ("id: bugs", "at_least: 80")
AMENDED: dict[str, tuple[Severity | None, str, str, dict[str, str]]] = {
    "as it was": (None, COMMITTED_GOAL, RAISED, {"x": "target\nwas: 1000\nnow: 1100"}),
    "in two steps": (
        None,
        COMMITTED_GOAL,
        RAISED,
        {"x": "target\nwas: 1000\nnow: 1050", "y": "target\nwas: 1050\nnow: 1100"},
    ),
    "it never was so": (
        Severity.ERROR,
        COMMITTED_GOAL,
        RAISED,
        {"x": "target\nwas: 900\nnow: 1100"},
    ),
    "from a later day on": (
        None,
        COMMITTED_GOAL,
        RAISED,
        {"x": "target\nwas: 1000\nnow: 1100\ndate: 2026-09-10"},
    ),
    "from a later day on, and never so": (
        Severity.ERROR,
        COMMITTED_GOAL,
        RAISED,
        {"x": "target\nwas: 900\nnow: 1100\ndate: 2026-09-10"},
    ),
    "there and back": (
        Severity.ERROR,
        COMMITTED_GOAL,
        COMMITTED_GOAL,
        {"x": "target\nwas: 900\nnow: 950", "y": "target\nwas: 950\nnow: 1000"},
    ),
    "told late": (
        Severity.WARNING,
        COMMITTED_GOAL,
        COMMITTED_GOAL,
        {"x": "target\nwas: 900\nnow: 1000"},
    ),
    "a bound": (None, goal(KEEPS), goal(HELD_TO), {"x": "at_least\nwas: 90\nnow: 80"}),
    "a bound that never was": (
        Severity.ERROR,
        goal(KEEPS),
        goal(HELD_TO),
        {"x": "at_least\nwas: 95\nnow: 80"},
    ),
    "a weight nobody wrote": (
        None,
        COMMITTED_GOAL,
        goal((*FIRST, "weight: 2")),
        {"x": "weight\nwas: 1\nnow: 2"},
    ),
    "a target that was unknown": (
        None,
        goal((*FIRST[:2], "target: unknown")),
        COMMITTED_GOAL,
        {"x": "target\nwas: unknown\nnow: 1000"},
    ),
}


def gravest(severities: Iterable[Severity]) -> Severity | None:
    """The heaviest that is more than a note."""
    known = set(severities)
    return next((each for each in (Severity.ERROR, Severity.WARNING) if each in known), None)


@pytest.mark.parametrize("name", AMENDED)
def test_they_agree_on_what_an_amendment_says_was_there(name: str) -> None:
    weight, was, now, said = AMENDED[name]
    reasons: dict[str, str] = {}
    for key, words in said.items():
        later = "date: 2026-09-10" in words
        text = TOLD.format(words.replace("\ndate: 2026-09-10", ""))
        day = "2026-09-10" if later else f"2026-08-1{len(reasons)}"
        reasons[f"amendments/{key}.md"] = text.replace("2026-08-10", day)
    base = book({PATH: was, PERIOD: COMMITTED}, DAY)
    head = book({PATH: now, PERIOD: COMMITTED, **reasons}, DAY)
    assert gravest(f.severity for f in against(base, head)) is weight
    changes = between(base, head).changes
    weighed = [c.severity for c in changes if weight or c.noun == "amendment"]
    assert gravest(weighed) is weight
    assert any(c.reason for c in changes) is (weight is None)


@pytest.mark.parametrize(
    ("was", "now", "is_error"),
    [
        ("now: 1000", "now: 1001", True),
        ("Why.", "Why not.", True),
        ("feild: target", "field: target", False),
    ],
)
def test_they_agree_on_an_amendment_that_was_merged(was: str, now: str, is_error: bool) -> None:
    text = TOLD.format("target\nwas: 900\nnow: 1000")
    texts = {PATH: COMMITTED_GOAL, PERIOD: COMMITTED}
    old, new = (text.replace("field: target", was), text) if "feild" in was else (text, text)
    base = book({**texts, "amendments/x.md": old}, DAY)
    head = book({**texts, "amendments/x.md": new if old != new else new.replace(was, now)}, DAY)
    assert (gravest(f.severity for f in against(base, head)) is Severity.ERROR) is is_error
    weighed = gravest(c.severity for c in between(base, head).changes)
    assert (weighed is Severity.ERROR) is is_error


@pytest.mark.parametrize(("text", "is_error"), [(DRAFT, False), (COMMITTED, True), (CLOSED, True)])
def test_they_agree_on_a_period_that_is_gone(text: str, is_error: bool) -> None:
    base, head = book({**FILES, "periods/2026-x.md": text}, DAY), book(FILES, DAY)
    assert bool(against(base, head)) is is_error
    (change,) = between(base, head).changes
    assert change.rule.id == "period-dropped"
    assert (change.severity is Severity.ERROR) is is_error


@pytest.mark.parametrize("parent", ["other", "nowhere"])
def test_they_agree_on_a_parent_whether_it_is_there_or_not(parent: str) -> None:
    above = {f"objectives/{name}.md": COMMITTED_GOAL for name in ("year", "other")}
    texts = [
        COMMITTED_GOAL.replace("period", f"parent: {name}\nperiod") for name in ("year", parent)
    ]
    base, head = (book({PATH: text, PERIOD: COMMITTED, **above}, DAY) for text in texts)
    told = [f for f in (*against(base, head), *head.findings) if f.severity is Severity.ERROR]
    (change,) = between(base, head).changes
    assert [f.path for f in told] == [PATH]
    assert change.severity is Severity.ERROR


YEAR, Q4 = "periods/2026.md", "periods/2026-q4.md"
ABOVE = {
    YEAR: COMMITTED.replace("Q3", "2026").replace("07-01", "01-01").replace("09-30", "12-31"),
    Q4: DRAFT.replace("Q3", "Q4").replace("07-01", "10-01").replace("09-30", "12-31"),
    "objectives/year.md": (
        "---\ntitle: Year\nperiod: '2026'\nprogress_from: children\n"
        "key_results: [{id: own, title: Own, start: 1, target: 2}]\n---\n"
    ),
    "objectives/low.md": "---\ntitle: Low\nperiod: 2026-q4\nprogress_from: key_results\n---\n",
}
CHILD = "---\ntitle: Child\nperiod: 2026-q4\nparent: year\n---\n"
NONE = CHILD.replace("parent: year\n", "")
BELOW = {
    "another weight": (CHILD, CHILD.replace("---\n", "---\nweight: 3\n", 1), True),
    "another parent": (CHILD, CHILD.replace("year", "low"), True),
    "no parent": (CHILD, NONE, True),
    "gone": (CHILD, "", True),
    "planned": ("", CHILD, False),
    "added": ("", CHILD.replace("2026-q4", "'2026'"), True),
    "added without weight": ("", CHILD.replace("2026-q4", "'2026'\nweight: 0"), False),
    "joins": (NONE.replace("2026-q4", "'2025'"), CHILD.replace("2026-q4", "'2025'"), True),
    "without a promise": (NONE, NONE.replace("---\n", "---\nweight: 3\n", 1), False),
}
SCOPED = (
    "---\ndate: 2026-08-10\nauthor: Ana\nsubject: year\nfield: scope\n"
    "was: hello\nnow: hello, child\n---\nWhy.\n"
)


@pytest.mark.parametrize("name", BELOW)
@pytest.mark.parametrize("told", [False, True])
def test_they_agree_on_the_goals_that_a_promised_one_counts(name: str, told: bool) -> None:
    was, now, silent = BELOW[name]
    more = {"periods/2025.md": DRAFT.replace("Q3", "2025").replace("2026", "2025"), **ABOVE}
    before, after = ({"objectives/child.md": text} if text else {} for text in (was, now))
    reason = {"amendments/x.md": SCOPED} if told else {}
    base, head = book({**more, **before}, DAY), book({**more, **after, **reason}, DAY)
    changes = [c for c in between(base, head).changes if c.noun == "objective"]
    found = [f for f in against(base, head) if f.code == "OKR601"]
    told_of_it = told and name != "another weight"  # a weight has amendments of its own
    assert [c.severity is Severity.ERROR for c in changes] == [silent and not told_of_it]
    assert bool(found) is (silent and not told_of_it)


@pytest.mark.parametrize("field", guarded.WRITTEN_ONCE)
def test_they_agree_that_a_first_word_of_a_period_moves_nothing(field: str) -> None:
    (said,) = (line for line in FILES[Q3].splitlines() if line.startswith(f"{field}:"))
    base, head = book({**FILES, Q3: FILES[Q3].replace(f"{said}\n", "")}, DAY), book(FILES, DAY)
    assert against(base, head) == ()
    (change,) = between(base, head).changes
    assert change.severity is Severity.INFO


@pytest.mark.parametrize("weight", [0, 1])
@pytest.mark.parametrize("joins", [True, False])
def test_they_agree_that_what_weighs_nothing_comes_and_goes(weight: int, joins: bool) -> None:
    more = f"  - {{id: more, title: M, start: 1, target: 2, weight: {weight}}}\n---\n"
    with_it = COMMITTED_GOAL.removesuffix("---\n") + more
    texts = (COMMITTED_GOAL, with_it) if joins else (with_it, COMMITTED_GOAL)
    base, head = (book({PATH: text, PERIOD: COMMITTED}, DAY) for text in texts)
    (change,) = between(base, head).changes
    errors = [f for f in against(base, head) if f.severity is Severity.ERROR]
    assert (change.severity is Severity.ERROR) is bool(errors) is bool(weight)


@pytest.mark.parametrize("line", ["title: Other", "owner: Bo", "weight: 2", "supports: aim"])
def test_they_agree_on_what_of_a_closed_goal_stays(line: str) -> None:
    other = COMMITTED_GOAL.replace("title: Quality\n", "").replace("---\n", f"---\n{line}\n", 1)
    other = (
        other if line.startswith("title") else other.replace("---\n", "---\ntitle: Quality\n", 1)
    )
    aim = {"objectives/aim.md": "---\ntitle: Aim\nperiod: 2026-q3\n---\n", PERIOD: CLOSED}
    base, head = (book({PATH: text, **aim}, DAY) for text in (COMMITTED_GOAL, other))
    assert {f.code for f in against(base, head)} == {"OKR605"}
    (change,) = between(base, head).changes
    assert change.severity is Severity.ERROR


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
