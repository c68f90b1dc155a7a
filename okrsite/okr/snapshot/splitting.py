"""Why numbers differ between two records: the exact shares of work and goalposts.

Both are brought to the later day, on which the earlier one says what it said on its own: whatever
it holds was said by then. So time has no share. What was said since is work.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from okrsite.okr.changes.causes import Causes, Split, joined
from okrsite.okr.model import CheckIn, FileNoun, Initiative, Objective, Update
from okrsite.okr.pipeline import Parsed
from okrsite.okr.progress import (
    World,
    key_result_progress,
    objective_progress,
    scoring_day,
    weighted_progress,
)
from okrsite.okr.scoring import team_goals
from okrsite.okr.snapshot.books import parsed_from, without_data, world_from
from okrsite.okr.snapshot.carried import Carried, goals_of
from okrsite.okr.snapshot.record import ABOVE, Record

ZERO = Fraction(0)
Key = tuple[str, str]
Numbers = Mapping[Key, Fraction]


@dataclass(frozen=True)
class _Side:
    """A record, and what it declares; `told` is what else it knows of goals the other lacks."""

    record: Record
    parsed: Parsed


def split_between(pair: Carried) -> Causes:
    """The split of every number that both records have, by the later one's names.

    Teams stand with the period; objectives above those of a record are context, and left out.
    """
    base, head = (_Side(record, parsed_from(record)) for record in (pair.base, pair.head))
    if pair.base.name.period != pair.head.period or pair.was or pair.is_two_periods:
        base, head = _with_own(base, head), _with_own(head, base)
    keys = _keys(pair.base) & _keys(pair.head)
    before, after = _recorded(pair.base, keys), _recorded(pair.head, keys)
    worked, meant = _numbers(base, head, keys), _numbers(head, base, keys)
    found: dict[str, dict[str, Split]] = {"teams": {}, "objectives": {}, "key_results": {}}
    for key in sorted(keys):
        work = (worked[key] - before[key] + after[key] - meant[key]) / 2
        found[key[0]][key[1]] = Split(work, after[key] - before[key] - work)
    teams = {(team, pair.head.period): split for team, split in found["teams"].items()}
    return Causes(found["key_results"], found["objectives"], teams)
