"""What was final by a day, from the records of closed periods: progress and whole scores."""

from collections.abc import Iterator, Mapping
from datetime import date

from okrsite.okr.ledger import last_day
from okrsite.okr.progress import Final
from okrsite.okr.scoring import NOT_RECORDED, Recorded
from okrsite.okr.snapshot.closed import Closed
from okrsite.okr.snapshot.record import Record


def final_by(closed: Closed, day: date) -> tuple[Mapping[str, Final], Recorded]:
    """The ends and the scores that had been recorded by `day`."""
    known = [record for record in closed.records.values() if record.as_of <= day]
    if not known:
        return {}, NOT_RECORDED
    frozen = {ref: final for record in known for ref, final in _ends(record)}
    return frozen, Recorded(
        {ref: r.key_results[ref] for r in known for ref in r.key_results if r.is_own(ref)},
        {name: r.objectives[name] for r in known for name in r.own},
        {(team, r.period): score for r in known for team, score in r.teams.items()},
    )


def _ends(record: Record) -> Iterator[tuple[str, Final]]:
    """Where each goal of the period ended, on the last day on which anything counted."""
    day = last_day(record.frame) if record.frame else record.as_of
    for name in record.own:
        goal = record.objectives[name]
        yield name, Final(day, goal.progress, goal.promised, record.settings)
    silent = frozenset(record.open)
    for ref in filter(record.is_own, record.key_results):
        result = record.key_results[ref]
        yield ref, Final(day, result.progress, result.promised, record.settings, ref in silent)
