"""Why numbers differ between two records: the exact shares of work and of goalposts.

Both are read on the later day. Whatever the earlier one holds was said by its own day, so its
numbers are the same on that one, and what was said since is work: time has no share.
"""

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from okrsite.okr.changes.causes import Causes, Split, joined
from okrsite.okr.model import CheckIn, FileNoun, Initiative
from okrsite.okr.pipeline import Parsed
from okrsite.okr.progress import (
    Final,
    World,
    key_result_progress,
    objective_progress,
    scoring_day,
    weighted_progress,
)
from okrsite.okr.scoring import team_goals
from okrsite.okr.snapshot.books import parsed_from, without_data, world_from
from okrsite.okr.snapshot.carried import Carried
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.rows import ABOVE

ZERO = Fraction(0)
TEAMS, OBJECTIVES, KEY_RESULTS = "teams", "objectives", "key_results"
Key = tuple[str, str]
Numbers = Mapping[Key, Fraction]


def split_between(pair: Carried) -> Causes:
    """The split of every number that both records have, by the later one's names.

    Teams stand with the period. Objectives above those of a record are context, and left out.
    """
    keys = _keys(pair.base) & _keys(pair.head)
    before, after = _recorded(pair.base, keys), _recorded(pair.head, keys)
    worked = _numbers(pair, pair.base, pair.head, keys)
    meant = _numbers(pair, pair.head, pair.base, keys)
    found: dict[str, dict[str, Split]] = {TEAMS: {}, OBJECTIVES: {}, KEY_RESULTS: {}}
    for key in sorted(keys):
        work = (worked[key] - before[key] + after[key] - meant[key]) / 2
        found[key[0]][key[1]] = Split(work, after[key] - before[key] - work)
    teams = {(team, pair.head.period): shares for team, shares in found[TEAMS].items()}
    return Causes(found[KEY_RESULTS], found[OBJECTIVES], teams)


def _keys(record: Record) -> frozenset[Key]:
    counted = {name for name, role in record.roles.items() if role != ABOVE}
    results = (ref for ref in record.key_results if ref.partition("/")[0] in counted)
    return frozenset(
        (
            *((TEAMS, team) for team in record.teams),
            *((OBJECTIVES, name) for name in counted),
            *((KEY_RESULTS, ref) for ref in results),
        )
    )


def _recorded(record: Record, keys: Collection[Key]) -> Numbers:
    """The progress of each as it was recorded; no data counts as 0."""
    return {(kind, ref): getattr(record, kind)[ref].progress or ZERO for kind, ref in keys}


def _numbers(pair: Carried, meant: Record, worked: Record, keys: Collection[Key]) -> Numbers:
    """The progress of each with the goals of one record and what was said in the other."""
    goals, said = parsed_from(meant), parsed_from(worked)
    frozen = without_data(worked)
    if pair.is_of_two:
        said = _with_own(said, goals, worked)
        frozen = {**_lacking(without_data(meant), worked.key_results), **frozen}
    day = max(meant.as_of, worked.as_of)
    world = world_from(joined(goals, said), meant.settings, day, frozen)
    return {key: _progress(world, pair.head.period, *key) or ZERO for key in keys}


def _progress(world: World, period: str, kind: str, ref: str) -> Fraction | None:
    if kind == KEY_RESULTS:
        return key_result_progress(world, ref, world.as_of)
    if kind == OBJECTIVES:
        return objective_progress(world, ref, world.as_of)
    day = scoring_day(world.portfolio.periods[period], world.as_of)
    return weighted_progress(world, team_goals(world, ref, period), day)


def _lacking(found: Mapping[str, Final], known: Collection[str]) -> Mapping[str, Final]:
    return {ref: final for ref, final in found.items() if ref not in known}


def _with_own(said: Parsed, goals: Parsed, worked: Record) -> Parsed:
    """`said` with what the other side says of goals that only it has.

    A goal that came or went between two periods brings or takes its work with it: that is scope.
    """
    work = {noun.id for noun in said.nouns.values() if isinstance(noun, Initiative)}
    known = {noun.id: path for path, noun in said.nouns.items() if isinstance(noun, CheckIn)}
    nouns, documents = dict(said.nouns), dict(said.documents)
    for path, noun in _of_others(goals.nouns, worked.key_results, work):
        if noun.id in known:
            nouns[known[noun.id]] = _both(noun, said.nouns[known[noun.id]])
        else:
            nouns[path], documents[path] = noun, goals.documents[path]
    return Parsed(said.raw, documents, nouns, {})


def _of_others(
    nouns: Mapping[str, FileNoun], refs: Collection[str], work: Collection[str]
) -> Iterator[tuple[str, CheckIn]]:
    """The check-ins on what is not among `refs` and `work`, as far as they speak of that."""
    for path, noun in nouns.items():
        if isinstance(noun, CheckIn):
            update: dict[str, Mapping[str, object]] = {
                "key_results": {r: w for r, w in noun.key_results.items() if r not in refs},
                "initiatives": {r: w for r, w in noun.initiatives.items() if r not in work},
            }
            if any(update.values()):
                yield path, noun.model_copy(update={**update, "kpis": {}})


def _both(more: CheckIn, noun: FileNoun) -> FileNoun:
    assert isinstance(noun, CheckIn)
    update = {
        "key_results": {**more.key_results, **noun.key_results},
        "initiatives": {**more.initiatives, **noun.initiatives},
    }
    return noun.model_copy(update=update)
