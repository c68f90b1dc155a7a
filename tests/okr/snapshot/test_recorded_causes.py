"""Closed periods with a record on one side or both: their goals keep their numbers in between."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from okrsite.okr.changes.causes import NOTHING, Causes, Split, split
from okrsite.okr.pipeline import Book, add_up
from okrsite.okr.snapshot.making import Materials, dump_record
from okrsite.okr.snapshot.manifest import dump_manifest, manifest_of
from okrsite.okr.snapshot.names import CHANGES, MANIFEST, RECORD, SOURCES, name_of
from okrsite.okr.snapshot.steps import dump_changes
from tests.okr.snapshot.records import ORIGIN, frame, loaded
from tests.okr.snapshot.test_books import placed
from tests.okr.strategies import Company, companies
from tests.okr.texts import goal, said

NAME = name_of("q/closed")
ZERO = Fraction(0)
# `old` was closed with `b` open; `new` is of the next period.
FILES = {
    "old.md": goal("a, start: 0, target: 10", "b, start: 0, target: 10", fields="team: all"),
    "new.md": goal("c, start: 0, target: 100", fields="team: all; period: r"),
    "periods/r.md": frame(100, "committed"),
    "check-ins/a.md": said(98, "old/a: 6"),
    "check-ins/b.md": said(10, "old/b: 8"),
    "check-ins/c.md": said(110, "new/c: 10"),
}


def recorded(files: dict[str, str], *missing: str) -> dict[str, str | bytes]:
    """The files with the record of `q`, in which `missing` have no data."""
    book = loaded(files, 99)
    world, card, _ = add_up(book.parsed, book.settings, book.as_of, missing)
    made = Book(world, card, book.flows, (), book.parsed)
    raw, sums = dump_record(Materials(made, NAME, ORIGIN, (), missing))
    parts = {RECORD: raw, SOURCES: sums, CHANGES: dump_changes(())}
    manifest = dump_manifest(manifest_of(NAME, "1a2b", book.as_of, parts, None))
    return {**files, **{NAME.file(p): t for p, t in {**parts, MANIFEST: manifest}.items()}}


def closed(found: Causes) -> set[Split]:
    """The splits of all that belongs to the closed period."""
    results = (found.key_results[ref] for ref in ("old/a", "old/b"))
    return {*results, found.objectives["old"], found.teams["all", "q"]}


def test_an_unchanged_closed_goal_with_an_open_key_result_has_no_shares() -> None:
    files = recorded(FILES, "old/b")
    base = loaded(files, 120)
    assert base.scorecard.objectives["old"].progress == Fraction(3, 10)
    more: dict[str, str | bytes] = {
        **files,
        "new.md": goal("c, start: 0, target: 50", fields="team: all; period: r"),
        "check-ins/d.md": said(115, "new/c: 30"),
    }
    for head in (loaded(more, 120), loaded(more, 130), loaded(more, 130, policy={"cap": 0.5})):
        found = split(base, head)
        assert closed(found) == {NOTHING}
        assert found.objectives["new"].total != ZERO


def test_publishing_a_record_is_a_goalpost() -> None:
    """What is taken out of the count by it is declared; the work beside it stays work."""
    base = loaded(FILES, 120)
    head = loaded({**recorded(FILES, "old/b"), "check-ins/d.md": said(115, "new/c: 30")}, 120)
    found = split(base, head)
    assert found.key_results["old/b"] == Split(goalposts=Fraction(-8, 10))
    assert found.objectives["old"] == Split(goalposts=Fraction(-4, 10))
    assert found.teams["all", "q"] == Split(goalposts=Fraction(-4, 10))
    assert found.key_results["old/a"] == NOTHING
    assert found.objectives["new"] == Split(work=Fraction(2, 10))
    back = split(head, base)
    assert back.objectives["old"] == Split(goalposts=Fraction(4, 10))


def test_another_record_is_a_goalpost_too() -> None:
    head = {**recorded(FILES, "old/b"), "check-ins/d.md": said(115, "new/c: 30")}
    found = split(loaded(recorded(FILES), 120), loaded(head, 120))
    assert found.objectives["old"] == Split(goalposts=Fraction(-4, 10))
    assert found.objectives["new"] == Split(work=Fraction(2, 10))


def test_a_goal_above_takes_what_was_recorded_below() -> None:
    files = {**FILES, "top.md": goal("d, from: objectives", fields="team: some; period: r")}
    files["old.md"] = files["old.md"].replace("team: all", "team: all\nparent: top/d")
    base, head = loaded(files, 120), loaded(recorded(files, "old/b"), 120)
    assert split(base, head).objectives["top"] == Split(goalposts=Fraction(-4, 10))


few = settings(deadline=None, max_examples=20)


@few
@given(companies(), st.integers(100, 150), st.integers(100, 150), st.booleans())
def test_shares_sum_to_the_change_with_a_record_on_either_side(
    company: Company, one: int, two: int, both: bool
) -> None:
    files = {**placed(company), "periods/q.md": frame(0), "new.md": FILES["new.md"]}
    files |= {"periods/r.md": frame(100, "committed")}
    kept = recorded(files)
    base = loaded(kept if both else files, one, policy=company.policy)
    head = loaded({**kept, "check-ins/d.md": said(100, "new/c: 30")}, two, policy=company.policy)
    was, now = base.scorecard, head.scorecard
    found = split(base, head)
    for name, share in found.objectives.items():
        before, after = was.objectives[name].progress, now.objectives[name].progress
        assert share.total == (after or ZERO) - (before or ZERO), name
        if both and name != "new":
            assert share == NOTHING
