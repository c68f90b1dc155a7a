"""Objectives and their key results on both sides → every Change of what is promised."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from okrsite.okr.changes.change import Change
from okrsite.okr.changes.ease import Verdict, described, measure_verdicts, weight_verdicts
from okrsite.okr.changes.pairs import Pair, Sides, pair_of, standing_of
from okrsite.okr.changes.renamed import same_titles, title_of
from okrsite.okr.changes.resting import Above, counted, counted_by
from okrsite.okr.frontmatter import Loc
from okrsite.okr.model import Ambition, KeyResult, Objective, Period
from okrsite.okr.pipeline import Book
from okrsite.okr.portfolio import key_result_loc

OBJECTIVE: Mapping[str, str] = {
    "title": "title-changed",
    "period": "period-moved",
    "team": "objective-team-changed",
    "owner": "owner-changed",
    "contributors": "contributors-changed",
    "supports": "supports-changed",
    "progress_from": "progress-from-changed",
    "continues": "continues-changed",
    "tags": "tags-changed",
    "visibility": "visibility-changed",
}
COUNTED: Mapping[str, str] = {"parent": "parent-changed"}
KEY_RESULT: Mapping[str, str] = {
    "title": "title-changed",
    "owner": "owner-changed",
    "team": "team-changed",
    "tags": "tags-changed",
    "metric": "metric-changed",
    "unit": "unit-changed",
}


def objective_changes(
    sides: Sides, was: Objective | None, now: Objective | None
) -> Iterator[Change]:
    """Every Change of one objective, which was added or dropped where one of the two is None."""
    standing = standing_of(sides, (was or now).period)  # type: ignore[union-attr]  # one is there
    pair = pair_of(sides, "objectives", was, now, standing)
    above = counted_by(sides, was, now)
    if was is None or now is None:
        yield _whole(pair, above)
        return
    yield from pair.simple(OBJECTIVE)
    counts = counted(pair, above)
    yield from counts.simple(COUNTED)
    yield from counts.sure(weight_verdicts(was.weight, now.weight))
    yield from _ambition(pair, was.ambition, now.ambition)
    yield from _key_results(sides, was, now, standing)
    yield from pair.prose()


def _whole(pair: Pair, above: Above | None) -> Change:
    """An objective that came or went."""
    verdict = Verdict("", "", *_contents(pair.was), *_contents(pair.now))
    counts = counted(pair, above)
    if pair.was is None:
        told = counts if counts.holds else replace(pair, amendable=False)
        return told.change(replace(verdict, rule="objective-added"))
    dropped = replace(verdict, rule="objective-dropped")
    explained = counts.change(dropped)
    return pair.change(dropped) if explained.reason else explained


def _contents(item: Objective | None) -> tuple[str]:
    return (", ".join(kr.id for kr in item.key_results) if item else "",)


def _ambition(pair: Pair, was: Ambition, now: Ambition) -> Iterator[Change]:
    if was is not now and pair.is_sure("ambition"):
        rule = "ambition-lowered" if now is Ambition.ASPIRATIONAL else "ambition-raised"
        yield pair.change(Verdict(rule, "ambition", str(was), str(now)))


def _key_results(sides: Sides, was: Objective, now: Objective, standing: str) -> Iterator[Change]:
    before, after = _by_id(was), _by_id(now)
    dropped = {name: kr for name, kr in before.items() if name not in after}
    added = {name: kr for name, kr in after.items() if name not in before}
    renamed = same_titles(_titles(dropped), _titles(added))
    period = sides.base.period(was.period)
    for name in before.keys() & after.keys():
        yield from _key_result(_pair(sides, was, now, name, name, standing), period)
    for old, new in renamed.items():
        pair = _pair(sides, was, now, old, new, standing)
        note = "check-ins and amendments that name the old id count no more"
        yield pair.change(Verdict("key-result-renamed", "id", old, new, note))
        yield from _key_result(pair, period)
    for name in dropped.keys() - renamed.keys():
        pair = _pair(sides, was, now, name, None, standing)
        if pair.is_sure(""):
            yield pair.change(Verdict("key-result-dropped", "key_results", _text(dropped[name])))
    for name in added.keys() - set(renamed.values()):
        pair = _pair(sides, was, now, None, name, standing)
        if pair.is_sure(""):
            yield pair.change(Verdict("key-result-added", "key_results", "", _text(added[name])))


def _key_result(pair: Pair, period: Period | None) -> Iterator[Change]:
    was, now = pair.was, pair.now
    yield from pair.simple(KEY_RESULT)
    if was.unreadable or now.unreadable:
        return  # told as what could not be compared
    yield from pair.sure(measure_verdicts(was, now, period))


def _text(kr: KeyResult) -> str:
    return described(kr) or "no measure"


def _titles(key_results: Mapping[str, KeyResult]) -> Mapping[str, str]:
    return {name: title_of(kr) for name, kr in key_results.items()}


def _by_id(item: Objective) -> dict[str, KeyResult]:
    found: dict[str, KeyResult] = {}
    for kr in item.key_results:
        found.setdefault(kr.id, kr)
    return found


def _pair(
    sides: Sides, was: Objective, now: Objective, old: str | None, new: str | None, standing: str
) -> Pair:
    one, two = (_by_id(was)[old] if old else None), (_by_id(now)[new] if new else None)
    return Pair(
        sides=sides,
        noun="key result",
        subject=f"{now.id}/{new or old}",
        was=one,
        now=two,
        paths=(was.path, now.path),
        at=(_loc(sides.base.book, was.id, old), _loc(sides.head.book, now.id, new)),
        standing=standing,
        amendable=old == new or any(kr.weight for kr in (one, two) if kr),
    )


def _loc(book: Book, objective: str, name: str | None) -> Loc:
    """Where a key result stands in its file; that of all of them where it is not there."""
    if name is None:
        return ("key_results",)
    return key_result_loc(book.portfolio, f"{objective}/{name}")
