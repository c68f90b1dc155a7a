"""What became of every score between two records: exact shares, over one period and over two."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsite.okr.changes.causes import Split, split
from okrsite.okr.pipeline import Book, book_of
from okrsite.okr.snapshot.books import book_from
from okrsite.okr.snapshot.carried import carried
from okrsite.okr.snapshot.chain import Chain, read_chain
from okrsite.okr.snapshot.names import Name, SnapshotError, name_of
from okrsite.okr.snapshot.steps import (
    Row,
    Step,
    backwards,
    dump_changes,
    path_between,
    read_changes,
    step_between,
    total,
    wanted,
)
from tests.okr.snapshot.records import frame, loaded, published, record
from tests.okr.snapshot.test_books import placed
from tests.okr.strategies import Company, companies
from tests.okr.texts import amended, goal, on, said

ZERO = Fraction(0)
few = settings(deadline=None, max_examples=30)
OPEN = {"periods/q.md": frame(0, "committed")}
COMMITTED, CLOSED = name_of("q/committed"), name_of("q/closed")


def rows(step: Step) -> dict[tuple[str, str], Row]:
    kinds = {"t": step.teams, "o": step.objectives, "k": step.key_results}
    return {(kind, ref): row for kind, found in kinds.items() for ref, row in found.items()}


def assert_exact(step: Step) -> None:
    for key, row in rows(step).items():
        assert row.split.total == (row.after or ZERO) - (row.before or ZERO), key


@few
@given(companies(), companies(), st.integers(1, 98), st.integers(1, 98))
def test_shares_sum_to_the_change_and_are_read_as_they_were_written(
    one: Company, two: Company, day: int, until: int
) -> None:
    base = record({**placed(one), **OPEN}, "q/mid-2026-02-01", min(day, until), policy=one.policy)
    head = record({**placed(two), **OPEN}, "q/mid-2026-03-01", max(day, until), policy=two.policy)
    step = step_between(base, head)
    assert_exact(step)
    assert step.teams.keys() == base.teams.keys() & head.teams.keys()
    assert step.objectives.keys() == base.objectives.keys() & head.objectives.keys()
    assert read_changes(dump_changes([step])) == (step,)


@few
@given(companies(), companies(), st.integers(1, 98))
def test_it_is_the_split_of_the_two_books_on_the_later_day(
    one: Company, two: Company, day: int
) -> None:
    """Of one period the shares are those of any comparison whose both sides have one day.

    Of what was said before the period a record has only what its own goals need.
    """
    before, after = (_since({**placed(each), **OPEN}, 0) for each in (one, two))
    later = _since(before, day + 1)
    early = {p: t for p, t in before.items() if p not in later or not p.startswith("check-ins/")}
    base = record(early, "q/mid-2026-02-01", day, policy=one.policy)
    head = record(after, "q/mid-2026-04-01", 98, policy=two.policy)
    books = loaded(early, 98, policy=one.policy), loaded(after, 98, policy=two.policy)
    whole, step = split(*books), step_between(base, head)
    assert {ref: row.split for ref, row in step.objectives.items()} == whole.objectives
    assert {ref: row.split for ref, row in step.key_results.items()} == whole.key_results
    assert {(t, "q"): row.split for t, row in step.teams.items()} == whole.teams


def _since(files: Mapping[str, str], day: int) -> dict[str, str]:
    """The files without the check-ins of earlier days, which are named by their day."""
    said_on = {path: path.partition("/d")[2].removesuffix(".md") for path in files}
    return {path: told for path, told in files.items() if int(said_on[path] or 999) >= day}


PROMISED = {**OPEN, "goal.md": goal("a, start: 0, target: 100", fields="team: all")}
EASED = {
    "periods/q.md": frame(0),
    "goal.md": goal("a, start: 0, target: 80", fields="team: all"),
    "check-ins/a.md": said(20, "goal/a: 40"),
    "check-ins/b.md": said(95, "goal/a: 60"),
    "amendments/a.md": amended(50, "goal/a", "target", 100, 80),
}


def test_a_quarter_with_an_eased_target_by_hand() -> None:
    """Nothing → 60 of 80. Work first 60, then +15; the goalpost first 0, then 75."""
    step = step_between(record(PROMISED, "q/committed", 0), record(EASED, "q/closed", 99))
    shares = Split(Fraction(60 + 75, 200), Fraction(15 + 0, 200))
    assert step.key_results["goal/a"].split == shares
    assert step.teams["all"] == Row("all", None, Fraction(3, 4), shares.work, shares.goalposts)
    assert (step.dropped, step.added) == ((), ())


def test_time_has_no_share_though_the_days_differ() -> None:
    base, head = record(PROMISED, "q/committed", 0), record(EASED, "q/closed", 99)
    assert {row.time for row in rows(step_between(base, head)).values()} == {ZERO}


def test_what_was_not_closed_is_work_that_was_not_done() -> None:
    files = {**PROMISED, "check-ins/a.md": said(20, "goal/a: 40")}
    middle = record(files, "q/mid-2026-02-01", 30)
    shut = {**files, "periods/q.md": frame(0)}
    whole = record(shut, "q/closed", 99)
    numbers = {
        "key_results": {
            "goal/a": replace(whole.key_results["goal/a"], progress=None, counted=ZERO)
        },
        "objectives": {"goal": replace(whole.objectives["goal"], progress=None)},
        "teams": {"all": replace(whole.teams["all"], progress=None)},
    }
    head = replace(whole, open=("goal/a",), **numbers)  # type: ignore[arg-type]
    fell = step_between(middle, head)
    assert {row.split for row in rows(fell).values()} == {Split(work=Fraction(-4, 10))}
    stayed = step_between(record(PROMISED, "q/committed", 0), head)
    assert {row.split for row in rows(stayed).values()} == {Split()}


# Two periods: `inbox` goes on as `mail` with another target, `fax` is dropped, `calls` is new.
FIRST = {
    "inbox.md": goal("a, start: 90, target: 30", "b, start: 0, target: 10", fields="team: all"),
    "fax.md": goal("x, start: 0, target: 10", fields="team: all"),
    "check-ins/q1.md": said(60, "inbox/a: 60", "inbox/b: 4"),
    "check-ins/q2.md": said(95, "fax/x: 9"),
}
SECOND = {
    **FIRST,
    "mail.md": goal(
        "a, start: 60, target: 20", "c, start: 0, target: 4", fields="team: all; period: r"
    ).replace("team: all", "team: all\ncontinues: inbox"),
    "calls.md": goal("y, start: 0, target: 10", fields="team: all; period: r"),
    "check-ins/r1.md": said(150, "mail/a: 40", "mail/c: 1"),
    "check-ins/r2.md": said(195, "calls/y: 3"),
}


def test_shares_over_two_periods_are_the_mean_over_all_orders() -> None:
    """Written out: every combination as texts of one period, told from what is under test."""
    step = step_between(record(FIRST, "q/closed", 99), record(SECOND, "r/closed", 199))
    goals = {
        "before": {
            "mail.md": goal(
                "a, start: 90, target: 30", "b, start: 0, target: 10", fields="team: all"
            ),
            "fax.md": FIRST["fax.md"],
        },
        "after": {
            "mail.md": goal(
                "a, start: 60, target: 20", "c, start: 0, target: 4", fields="team: all"
            ),
            "calls.md": goal("y, start: 0, target: 10", fields="team: all"),
        },
    }
    # What only one side has brings its words along; `mail/a` is on both.
    words = {"before": {"w.md": said(60, "mail/a: 60")}, "after": {"w.md": said(60, "mail/a: 40")}}
    own = {
        "before": said(50, "mail/b: 4", "fax/x: 9"),
        "after": said(50, "mail/c: 1", "calls/y: 3"),
    }

    def book(work: str, goalposts: str) -> Book:
        told = {f"check-ins/{path}": text for path, text in words[work].items()}
        return loaded({**goals[goalposts], **told, "check-ins/own.md": own[goalposts]}, 99)

    effects: dict[str, list[tuple[Fraction, ...]]] = {"work": [], "goalposts": []}
    for order in permutations(effects):
        now = {"work": "before", "goalposts": "before"}
        for cause in order:
            was = _three(book(**now))
            now[cause] = "after"
            effects[cause].append(
                tuple(b - a for a, b in zip(was, _three(book(**now)), strict=True))
            )
    found = (step.key_results["mail/a"], step.objectives["mail"], step.teams["all"])
    for index, row in enumerate(found):
        assert row.work == sum(each[index] for each in effects["work"]) / 2
        assert row.goalposts == sum(each[index] for each in effects["goalposts"]) / 2
    assert_exact(step)
    assert found[0].work and found[0].goalposts


def _three(book: Book) -> tuple[Fraction, Fraction, Fraction]:
    card = book.scorecard
    scores = (card.key_results["mail/a"], card.objectives["mail"], card.teams["all", "q"])
    return (
        scores[0].progress or ZERO,
        scores[1].progress or ZERO,
        scores[2].progress or ZERO,
    )


def test_a_goal_that_goes_on_is_followed_by_its_id() -> None:
    step = step_between(record(FIRST, "q/closed", 99), record(SECOND, "r/closed", 199))
    assert step.objectives.keys() == {"mail"}
    assert step.objectives["mail"].base == "inbox"
    assert step.key_results.keys() == {"mail/a"}
    assert step.key_results["mail/a"].base == "inbox/a"
    assert step.teams["all"].base == "all"
    assert (step.dropped, step.added) == (("fax",), ("calls",))


def test_the_earlier_period_keeps_its_title_in_the_later_frame() -> None:
    files = {**SECOND, "periods/q.md": frame(0).replace("Quarter", "First")}
    pair = carried(record(files, "q/closed", 99), record(files, "r/closed", 199))
    earlier, later = (book_from(each).portfolio.periods["r"] for each in (pair.base, pair.head))
    assert (earlier.title, later.title) == ("First", "Quarter")
    assert (earlier.start, earlier.end) == (later.start, later.end)
    assert pair.periods == ("q", "r")


def test_where_nothing_goes_on_all_of_it_is_scope() -> None:
    alone = {path: text for path, text in SECOND.items() if path != "mail.md"}
    step = step_between(record(FIRST, "q/closed", 99), record(alone, "r/closed", 199))
    assert step.teams["all"].work == ZERO
    assert step.teams["all"].goalposts != ZERO
    assert_exact(step)


def test_of_several_that_continue_one_the_first_by_id_does() -> None:
    files = {**SECOND, "letters.md": SECOND["mail.md"]}
    step = step_between(record(FIRST, "q/closed", 99), record(files, "r/closed", 199))
    assert {name: row.base for name, row in step.objectives.items()} == {"letters": "inbox"}
    assert step.added == ("calls", "mail")


def test_an_open_key_result_of_the_earlier_period_counts_as_it_was_recorded() -> None:
    base = record(FIRST, "q/closed", 99)
    kr = replace(base.key_results["inbox/a"], progress=None)
    base = replace(base, open=("inbox/a",), key_results={**base.key_results, "inbox/a": kr})
    row = step_between(base, record(SECOND, "r/closed", 199)).key_results["mail/a"]
    assert row.before is None
    assert row.split.total == row.after == Fraction(1, 2)


THIRD = {
    **SECOND,
    "post.md": goal("a, start: 40, target: 0", fields="team: all; period: s").replace(
        "team: all", "team: all\ncontinues: mail"
    ),
    "check-ins/s1.md": said(290, "post/a: 10"),
}


def chained() -> Mapping[str, bytes]:
    """Three quarters, each one closed, and the last one committed before the second closed."""
    known: dict[str, bytes] = {}
    for files, name, day in (
        (FIRST, "q/committed", 0),
        (FIRST, "q/closed", 99),
        (SECOND, "r/closed", 199),
        (THIRD, "s/committed", 200),
        (THIRD, "s/closed", 299),
    ):
        known |= published(files, name, day, known)
    return known


def stored(known: Mapping[str, bytes]) -> dict[Name, tuple[Step, ...]]:
    links = read_chain(known).links
    names = [link.manifest.name for link in links]
    return {name: read_changes(known[name.file("changes.json")]) for name in names}


def test_each_is_compared_with_its_own_period_and_the_end_of_the_one_before() -> None:
    steps = stored(chained())
    found = {str(name): [str(step.base) for step in each] for name, each in steps.items()}
    assert found == {
        "q/committed": [],
        "q/closed": ["q/committed"],
        "r/closed": ["q/closed"],
        "s/committed": ["r/closed"],
        "s/closed": ["r/closed", "s/committed"],
    }


def test_a_year_is_not_the_period_before_a_quarter() -> None:
    chain = read_chain(chained())
    book = loaded(THIRD, 299)
    periods = dict(book.portfolio.periods)
    year = periods["r"].model_copy(update={"start": date(2024, 1, 1)})
    assert wanted(name_of("s/closed"), chain, {**periods, "r": year})[-1] == name_of("q/closed")
    assert wanted(name_of("t/closed"), chain, periods) == ()
    assert wanted(name_of("q/committed"), Chain((), ()), periods) == ()


def test_a_long_way_is_the_sum_of_its_steps() -> None:
    steps = path_between(COMMITTED, name_of("s/closed"), stored(chained()))
    assert [str(step.head) for step in steps] == ["q/closed", "r/closed", "s/closed"]
    whole = total(steps)
    assert (whole.base, whole.head) == (COMMITTED, name_of("s/closed"))
    assert {name: row.base for name, row in whole.objectives.items()} == {"post": "inbox"}
    assert whole.dropped == ("fax",)
    assert whole.added == ()
    assert_exact(whole)
    row = whole.objectives["post"]
    assert (row.before, row.after) == (None, Fraction(3, 4))
    assert row.work == sum(
        each.objectives[name].work
        for each, name in zip(steps, ("inbox", "mail", "post"), strict=True)
    )


def test_a_way_that_was_stored_is_one_step_and_there_may_be_none() -> None:
    known = stored(chained())
    (step,) = path_between(CLOSED, name_of("r/closed"), known)
    assert step in known[name_of("r/closed")]
    assert path_between(name_of("r/closed"), CLOSED, known) == ()
    assert path_between(CLOSED, CLOSED, known) == ()


def test_the_way_back_has_the_same_shares_with_the_other_sign() -> None:
    (step,) = path_between(CLOSED, name_of("r/closed"), stored(chained()))
    back = backwards(step)
    assert backwards(back) == step
    assert back.objectives["inbox"].base == "mail"
    assert back.teams["all"].work == -step.teams["all"].work
    assert (back.dropped, back.added) == (step.added, step.dropped)
    assert_exact(back)


def test_the_file_is_sorted_and_leaves_out_what_goes_without_saying() -> None:
    step = step_between(record(PROMISED, "q/committed", 0), record(EASED, "q/closed", 99))
    raw = dump_changes([step]).decode()
    assert raw.startswith('{\n"schema": "okrsite/changes/v1",\n"snapshot": "q/closed",\n')
    assert '"base"' not in raw and '"time"' not in raw
    third = replace(step, teams={"all": replace(step.teams["all"], after=Fraction(1, 3))})
    assert '"exact": {"after": "1/3"}' in dump_changes([third]).decode()
    assert read_changes(dump_changes([third])) == (third,)
    other = replace(step, base=name_of("a/closed"))
    assert dump_changes([step, other]) == dump_changes([other, step])
    assert read_changes(dump_changes([])) == ()


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "it tells of no changes"),
        (b"{}", "its schema is `None`"),
        (b'{"schema": "okrsite/changes/v2", "steps": "who knows"}', "update okrsite to read it"),
        (b'{"schema": "okrsite/changes/v1"}', "it tells of no changes"),
        (b'{"schema": "okrsite/changes/v1", "steps": [1]}', "it tells of no changes"),
    ],
)
def test_what_cannot_be_read_is_refused(raw: bytes, fault: str) -> None:
    with pytest.raises(SnapshotError, match=fault):
        read_changes(raw)


def test_the_earlier_record_says_the_same_on_the_later_day() -> None:
    early = loaded({**PROMISED, "check-ins/a.md": said(20, "goal/a: 40")}, 30)
    again = book_of(early.parsed, early.settings, date.fromisoformat(on(99)))
    for name, score in early.scorecard.objectives.items():
        assert again.scorecard.objectives[name].progress == score.progress == Fraction(2, 5)
