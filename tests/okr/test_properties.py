"""What holds of every company, whatever it wants and whatever was said."""

import json
from collections.abc import Iterator
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from okrsite.okr.model import Ambition
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import clamped, linear
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.okr.settings import StatusRule
from okrsite.okr.status import WORST_FIRST, Status, closed_status, running_status, score_of
from okrsite.portal.data import dump, export
from tests.okr.strategies import DAYS, LAST, LEVELS, Company, companies, plain, spoken
from tests.okr.texts import goal, kr, made, said, text

often = settings(deadline=None, max_examples=80)
FRACTIONS = st.fractions(-3, 3, max_denominator=60)


def book(company: Company, day: int, **files: str) -> Book:
    return made({**company.files(), **files}, day, policy=company.policy)


def numbers(world: Book) -> dict[str, tuple[object, ...]]:
    """All that is published of every goal, but not by which file it was said."""
    found: dict[str, tuple[object, ...]] = {}
    for ref, item in world.scorecard.key_results.items():
        more = (item.value, item.counted, item.said, item.projected_value, len(item.entries))
        found[ref] = (*_numbers(item), *more)
    for name, goal_ in world.scorecard.objectives.items():
        found[name] = (*_numbers(goal_), goal_.score, goal_.grade)
    return found


def _numbers(item: KeyResultScore | ObjectiveScore) -> tuple[object, ...]:
    return (
        item.progress,
        item.expected,
        item.status,
        item.confidence,
        item.projection,
        item.promised,
    )


@often
@given(LEVELS, LEVELS, LEVELS, LEVELS, LEVELS)
def test_progress_does_not_depend_on_the_unit_or_on_where_zero_is(
    value: Fraction, start: Fraction, target: Fraction, factor: Fraction, shift: Fraction
) -> None:
    assume(start != target)
    assume(factor != 0)
    other = [float(level * factor + shift) for level in (start, target, value)]
    files = {
        "goal.md": goal(
            f"a, start: {plain(start)}, target: {plain(target)}",
            f"b, start: {other[0]}, target: {other[1]}",
        ),
        "check-ins/w.md": said(10, f"goal/a: {plain(value)}", f"goal/b: {other[2]}"),
    }
    world = made(files)
    assert kr(world).progress is not None
    assert kr(world).progress == kr(world, "goal/b").progress


@often
@given(LEVELS, LEVELS, LEVELS)
def test_the_way_there_and_the_way_back_make_one(
    value: Fraction, start: Fraction, target: Fraction
) -> None:
    assume(start != target)
    there, back = linear(value, start, target), linear(value, target, start)
    assert there is not None
    assert back is not None
    assert there + back == 1


@often
@given(companies(capped=True), DAYS)
def test_what_counts_is_between_nothing_and_all(company: Company, day: int) -> None:
    card = book(company, day).scorecard
    for part in (part for item in card.objectives.values() for part in item.parts):
        assert part.counted is None or 0 <= part.counted <= 1
    for item in card.objectives.values():
        assert item.progress is None or 0 <= item.progress <= 1


@often
@given(companies(), DAYS)
def test_a_parent_lies_between_its_least_and_its_best_part(company: Company, day: int) -> None:
    for item in book(company, day).scorecard.objectives.values():
        counted = [part.counted for part in item.parts if part.counted is not None]
        if item.progress is not None:
            assert min(counted) <= item.progress <= max(counted)
        assert (item.progress is None) == all(
            part.progress is None for part in item.parts if part.counted is not None
        )


@often
@given(companies(), DAYS)
def test_the_parts_of_a_trail_make_its_number(company: Company, day: int) -> None:
    for item in book(company, day).scorecard.objectives.values():
        parts = [part for part in item.parts if part.counted is not None]
        weights = sum((part.weight for part in parts), Fraction(0))
        if item.progress is not None:
            total = sum((p.weight * (p.counted or 0) for p in parts), Fraction(0))
            assert item.progress == total / weights
        if weights and item.expected is not None:
            due = sum((p.weight * (p.expected or 0) for p in parts), Fraction(0))
            assert item.expected == due / weights


@often
@given(companies(), DAYS, st.sampled_from([Fraction(2), Fraction(10), Fraction(1, 4)]))
def test_weights_of_another_scale_change_nothing(
    company: Company, day: int, factor: Fraction
) -> None:
    assert numbers(book(company.scaled(factor), day)) == numbers(book(company, day))


@often
@given(companies(), DAYS)
def test_the_order_of_files_and_of_key_results_changes_nothing(company: Company, day: int) -> None:
    assert numbers(book(company.reversed(), day)) == numbers(book(company, day))


@often
@given(companies(), DAYS)
def test_what_is_said_later_changes_nothing_of_today(company: Company, day: int) -> None:
    today = {**company.definitions(), **company.check_ins(until=day)}
    then, now = made(today, day, policy=company.policy), book(company, day)
    assert (now.scorecard, now.flows) == (then.scorecard, then.flows)


@often
@given(companies(), DAYS)
def test_a_check_in_split_into_one_file_for_each_word_says_the_same(
    company: Company, day: int
) -> None:
    files = {**company.definitions(), **company.split_check_ins()}
    split = made(files, day, policy=company.policy)
    assert numbers(split) == numbers(book(company, day))
    assert split.flows == book(company, day).flows


@often
@given(companies(), DAYS)
def test_a_correction_that_says_the_same_changes_nothing(company: Company, day: int) -> None:
    again = {
        f"check-ins/again-{when:03}.md": spoken(when, words).replace(
            "author: Ana", f"author: Ana\ncorrects: d{when:03}"
        )
        for when, words in company.words().items()
    }
    assert numbers(book(company, day, **again)) == numbers(book(company, day))


@often
@given(companies(), DAYS)
def test_what_is_exported_is_what_was_computed(company: Company, day: int) -> None:
    world = book(company, day)
    read = json.loads(dump(export(world)))
    for row in read["key_results"]:
        item = world.scorecard.key_results[row["id"]]
        assert row["value"] == _float(item.value)
        assert row["counted"] == _float(item.counted)
        _agree(row, item)
    for row in read["objectives"]:
        whole = world.scorecard.objectives[row["id"]]
        assert row["score"] == _float(whole.score)
        _agree(row, whole)
    assert {row["id"] for row in read["objectives"]} == set(world.scorecard.objectives)


def _agree(row: dict[str, object], item: KeyResultScore | ObjectiveScore) -> None:
    for name in ("progress", "expected", "projection", "promised", "confidence"):
        assert row[name] == _float(getattr(item, name)), name
    assert row["status"] == item.status


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


RULES = st.one_of(
    st.tuples(FRACTIONS, FRACTIONS).map(lambda two: StatusRule("gap", min(two), max(two))),
    st.tuples(FRACTIONS, FRACTIONS).map(lambda two: StatusRule("ratio", max(two), min(two))),
)
BETTER = {Status.OFF_TRACK: 0, Status.AT_RISK: 1, Status.ON_TRACK: 2}


@often
@given(RULES, st.fractions(0, 1), FRACTIONS, FRACTIONS)
def test_more_progress_is_never_a_worse_status(
    rule: StatusRule, expected: Fraction, one: Fraction, two: Fraction
) -> None:
    less, more = sorted((one, two))
    before, after = running_status(less, expected, rule), running_status(more, expected, rule)
    assert BETTER[before] <= BETTER[after]


@often
@given(FRACTIONS, FRACTIONS, st.sampled_from(Ambition))
def test_more_progress_is_never_a_worse_score_or_end(
    one: Fraction, two: Fraction, ambition: Ambition
) -> None:
    less, more = score_of(min(one, two)), score_of(max(one, two))
    assert 0 <= less <= more <= 1
    ends = [WORST_FIRST.index(closed_status(score, ambition)) for score in (less, more)]
    assert ends == sorted(ends)


@often
@given(companies(), st.integers(-5, LAST), st.integers(-5, LAST))
def test_what_is_expected_grows_from_nothing_to_all(company: Company, one: int, two: int) -> None:
    early, late = sorted((one, two))
    before, after = book(company, early).scorecard, book(company, late).scorecard
    for ref, item in before.key_results.items():
        if not item.asked.plan:
            assert item.expected is not None
            assert 0 <= item.expected <= (after.key_results[ref].expected or 0) <= 1


@often
@given(companies(capped=True), DAYS)
def test_clamping_twice_is_clamping_once(company: Company, day: int) -> None:
    world = book(company, day)
    for item in world.scorecard.key_results.values():
        if item.counted is not None:
            assert clamped(item.counted, world.settings.policy) == item.counted


NAMES = ("a", "b", "c", "d")
LINKS = st.dictionaries(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from([*NAMES, "nobody"]), min_size=1, max_size=3),
    min_size=1,
)


def _up(links: dict[str, tuple[str, ...]], start: str) -> Iterator[str]:
    """Everything above `start`; does not end where that is a circle."""
    for ref in links.get(start, ()):
        yield ref
        yield from _up(links, ref)


@often
@given(LINKS)
def test_whatever_hangs_on_what_nothing_hangs_on_itself(links: dict[str, list[str]]) -> None:
    files: dict[str, str] = {}
    for name, refs in links.items():
        parent = f"parent: {refs[0]}"
        files[f"{name}.md"] = goal("k, from: objectives", fields=f"{parent}; continues: {refs[-1]}")
        files[f"teams/{name}.md"] = text("title: T", parent)
        files[f"initiatives/{name}.md"] = text("title: I", f"depends_on: [{', '.join(refs)}]")
        files[f"check-ins/{name}.md"] = said(1, fields=f"corrects: {refs[0]}")
    found = made(files).portfolio
    graphs: tuple[dict[str, tuple[str, ...]], ...] = (
        {k: (o.parent,) if o.parent else () for k, o in found.objectives.items()},
        {k: (o.continues,) if o.continues else () for k, o in found.objectives.items()},
        {k: (t.parent,) if t.parent else () for k, t in found.teams.items()},
        {k: i.depends_on for k, i in found.initiatives.items()},
        {k: (c.corrects,) if c.corrects else () for k, c in found.check_ins.items()},
    )
    for graph in graphs:
        for name in graph:
            above = list(_up(graph, name))
            assert name not in above
            assert set(above) <= set(graph)
