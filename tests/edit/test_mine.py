"""Whose word is waited for: overdue key results, and initiatives under way."""

from datetime import date

import pytest

from okrsite.edit.checking_in.check_in import Subject
from okrsite.edit.checking_in.mine import home_of, overdue, owns_something, teams_of, under_way
from okrsite.okr.pipeline import book_of
from okrsite.okr.settings import Settings
from tests.edit.company import DAY, here


def refs(author: str) -> list[str]:
    made = here()
    return [item.ref for item in overdue(made.world, made.scorecard, author)]


def test_what_one_owns_and_what_a_team_has_without_an_owner() -> None:
    assert refs("ana") == ["calm/audit", "calm/rollout", "calm/uptime", "nights/pages"]
    assert refs("Dan Bare") == ["nights/pages"]
    assert refs("bo") == ["calm/rolled", "days/pages"]
    assert refs("nobody") == []


def test_overdue_is_what_the_finding_says() -> None:
    made = here()
    book = book_of(made.parsed, Settings(), DAY)
    late = {f.subject for f in book.findings if f.code == "OKR301"}
    everybody = {r for who in ("ana", "bo", "cleo", "Dan Bare") for r in refs(who)}
    assert everybody == late and late


def test_the_longest_silent_comes_first_and_a_kpi_stands_for_what_reads_it() -> None:
    made = here()
    waiting = overdue(made.world, made.scorecard, "ana")
    assert [item.silent for item in waiting] == sorted(
        (item.silent for item in waiting), reverse=True
    )
    of = {item.ref: item for item in waiting}
    assert of["calm/uptime"].subject == Subject("kpis", "uptime")
    assert of["calm/rollout"].subject == Subject("key_results", "calm/rollout")
    assert of["calm/rollout"].last is None and of["calm/rollout"].silent == 50


def test_a_word_within_the_cadence_is_enough() -> None:
    late = "---\ndate: 2026-08-12\nauthor: bo\nkey_results: {days/pages: 30}\n---\n"
    made = here({"check-ins/2026-08-12-bo.md": late})
    (waiting,) = (w for w in overdue(made.world, made.scorecard, "bo") if w.ref == "days/pages")
    assert (waiting.last, waiting.silent) == (date(2026, 8, 12), 8)
    timely = late.replace("08-12", "08-13")
    made = here({"check-ins/2026-08-13-bo.md": timely})
    assert "days/pages" not in [w.ref for w in overdue(made.world, made.scorecard, "bo")]


def test_work_under_way_is_begun_and_not_done() -> None:
    (engine,) = under_way(here().world, "ana")
    assert (engine.ref, engine.state, engine.blocked) == ("engine", "doing", "the licence")
    begun = "---\ndate: 2026-08-19\nauthor: x\ninitiatives: {upgrade-db: review}\n---\n"
    made = here({"check-ins/2026-08-19-x.md": begun})
    assert [work.ref for work in under_way(made.world, "ana")] == ["engine", "upgrade-db"]
    assert [work.ref for work in under_way(made.world, "Dan Bare")] == ["upgrade-db"]
    done = begun.replace("review", "done")
    made = here({"check-ins/2026-08-19-x.md": done})
    assert [work.ref for work in under_way(made.world, "Dan Bare")] == []


@pytest.mark.parametrize(
    ("author", "teams", "home"),
    [
        ("ana", {"platform"}, "platform"),
        ("Dan Bare", {"platform"}, "platform"),
        ("cleo", {"acme"}, "acme"),
        ("bo", set(), None),
    ],
)
def test_teams(author: str, teams: set[str], home: str | None) -> None:
    portfolio = here().portfolio
    assert teams_of(portfolio, author) == frozenset(teams)
    assert home_of(portfolio, author) == home


def test_who_owns_nothing_is_told_from_who_is_up_to_date() -> None:
    assert owns_something(here().world, "ana") and owns_something(here().world, "Dan Bare")
    assert not owns_something(here().world, "Somebody Else")
