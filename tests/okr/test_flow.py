"""Work on its way, in days counted inclusively: lead, cycle, efficiency, blocks, percentiles."""

from datetime import date
from fractions import Fraction

import pytest

from okrsite.okr.flow import Flow, percentile, read_tasks, summarise
from okrsite.okr.settings import Stage
from tests.okr.texts import made, on, said, text


def flow(*steps: str, day: int = 60, state: str = "") -> Flow:
    """The flow of one initiative; a step is `5 doing` or `5 doing blocked`."""
    files = {"initiatives/i.md": text("title: I", *([f"state: {state}"] if state else []))}
    for index, step in enumerate(steps):
        when, name, *blocked = step.split()
        word = f"{{state: {name}, blocked: why}}" if blocked else name
        word = "{blocked: why}" if name == "-" else word
        files[f"check-ins/{index:02}.md"] = said(int(when), fields=f"initiatives: {{i: {word}}}")
    return made(files, day).flows["i"]


STORIES = [
    # steps; lead, cycle and active days
    (("5 doing", "5 done"), (1, 1, 1)),
    (("5 doing", "6 done"), (2, 2, 2)),
    (("1 backlog", "5 doing", "9 done"), (9, 5, 5)),
    (("1 ready", "9 done"), (9, 1, 0)),
    (("9 done",), (1, 1, 0)),
    (("1 doing", "4 review", "6 done"), (6, 6, 3)),
    (("1 doing", "3 doing blocked", "6 doing", "8 done"), (8, 8, 5)),
    (("1 doing", "3 - blocked", "6 doing", "8 done"), (8, 8, 5)),
    (("1 doing blocked", "3 done"), (3, 3, 0)),
    (("1 doing", "3 done", "8 doing", "10 done"), (10, 10, 6)),
    (("1 doing", "3 done", "3 doing", "5 done"), (5, 5, 5)),
    (("1 doing", "4 backlog", "7 doing", "9 done"), (9, 9, 6)),
    (("1 doing", "1 review", "3 done"), (3, 3, 0)),
    (("1 backlog", "5 doing"), (None, None, None)),
]


@pytest.mark.parametrize(("steps", "days"), STORIES)
def test_days_are_counted_with_the_first_and_the_last(
    steps: tuple[str, ...], days: tuple[int | None, ...]
) -> None:
    made_of = flow(*steps)
    assert (made_of.lead_days, made_of.cycle_days, made_of.active_days) == days


def test_what_was_finished_again_was_finished_the_last_time() -> None:
    again = flow("1 doing", "3 done", "8 doing", "10 done", "12 done")
    assert (again.done_on, again.started_on) == (
        date.fromisoformat(on(10)),
        date.fromisoformat(on(1)),
    )
    assert flow("1 doing", "3 done", "8 doing").done_on is None


def test_the_age_of_a_state_counts_today() -> None:
    assert flow("5 doing", "9 doing", day=10).age(date.fromisoformat(on(10))) == 6
    assert flow(state="doing").age(date.fromisoformat(on(10))) is None


def test_a_block_lasts_from_its_first_day_until_a_word_without_it() -> None:
    held = flow("1 doing", "3 doing blocked", "5 - blocked")
    assert (held.state, held.blocked, held.blocked_since) == (
        "doing",
        "why",
        date.fromisoformat(on(3)),
    )
    assert flow("1 doing blocked", "5 doing").blocked is None
    assert flow("1 doing blocked", "5 done blocked").blocked is None


def test_a_block_alone_leaves_it_in_the_first_state() -> None:
    held = flow("3 - blocked")
    assert (held.state, held.since, held.blocked) == ("backlog", date.fromisoformat(on(3)), "why")
    assert flow("3 - blocked", state="review").state == "review"


def test_without_a_word_it_stands_where_its_file_says() -> None:
    assert (flow().state, flow().since) == ("backlog", None)
    assert flow(state="done").lead_days is None


def test_a_site_s_own_workflow_decides_what_is_active_and_what_is_done() -> None:
    stages = ["idea", {"name": "build", "active": True}, {"name": "try", "active": True}, "live"]
    files = {"initiatives/i.md": text("title: I")}
    for day, state in ((1, "idea"), (3, "build"), (5, "try"), (9, "live")):
        files[f"check-ins/{day}.md"] = said(day, fields=f"initiatives: {{i: {state}}}")
    went = made(files, workflow=stages).flows["i"]
    assert (went.lead_days, went.cycle_days, went.active_days) == (9, 7, 7)
    assert Stage("idea") == made(files, workflow=stages).settings.workflow[0]


@pytest.mark.parametrize(
    ("values", "percent", "value"),
    [
        ([], 50, None),
        ([7], 50, 7),
        ([7], 85, 7),
        ([1, 9], 50, 1),
        ([1, 2, 9], 50, 2),
        ([1, 2, 3, 4], 85, 4),
        (list(range(1, 101)), 85, 85),
        (list(range(1, 8)), 85, 6),
        ([5, 5, 5], 0, 5),
        ([1, 2, 3], 100, 3),
    ],
)
def test_a_percentile_is_a_value_that_occurred(
    values: list[int], percent: int, value: int | None
) -> None:
    assert percentile(values, percent) == value


def test_a_summary_is_of_what_was_finished_within_the_days() -> None:
    flows = [
        flow("1 doing", "4 done"),
        flow("1 backlog", "5 doing", "9 review", "10 done"),
        flow("5 doing", "30 done"),
        flow("5 doing"),
        flow(state="done"),
    ]
    told = summarise(flows, date.fromisoformat(on(1)), date.fromisoformat(on(14)))
    assert (told.finished, told.lead_median, told.lead_85) == (2, 4, 10)
    assert (told.cycle_median, told.cycle_85) == (4, 6)
    assert told.per_week == 1
    assert told.efficiency == Fraction(4 + 4, 4 + 6)


def test_a_summary_of_nothing() -> None:
    told = summarise([], date(2026, 1, 2), date(2026, 1, 1))
    assert (told.finished, told.per_week, told.efficiency, told.lead_median) == (
        0,
        None,
        None,
        None,
    )


TASKS = """
- [x] Done
- [ ] Open
  * [X] Below
1. [ ] Numbered
- [x]Not a task
- [-] Not one either

```markdown
- [x] An example
~~~
- [x] Still in it
```

~~~~
- [x] In a longer fence
~~~
- [x] Which a shorter one does not close
~~~~
- [x] After `code`
```one line``` is no fence
- [ ] Last
"""


def test_tasks_are_those_outside_of_code() -> None:
    assert [(task.title, task.done) for task in read_tasks(TASKS)] == [
        ("Done", True),
        ("Open", False),
        ("Below", True),
        ("Numbered", False),
        ("After `code`", True),
        ("Last", False),
    ]
    assert read_tasks("```\n- [x] never closed\n") == ()
