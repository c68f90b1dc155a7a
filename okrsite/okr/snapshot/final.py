"""What was final by a day, from the records of closed periods: progress and whole scores."""

from collections.abc import Mapping
from datetime import date

from okrsite.okr.lazily import Lazily
from okrsite.okr.ledger import last_day
from okrsite.okr.progress import Final
from okrsite.okr.scorecard import NOT_RECORDED, Recorded
from okrsite.okr.snapshot.closed import Closed
from okrsite.okr.snapshot.record import Record


def final_by(closed: Closed, day: date) -> tuple[Mapping[str, Final], Recorded]:
    """The ends and the scores that had been recorded by `day`."""
    known = [record for record in closed.records.values() if record.as_of <= day]
    if not known:
        return {}, NOT_RECORDED
    goals = {name: (record, name) for record in known for name in record.own}
    results = {
        ref: (record, ref) for record in known for ref in record.key_results if record.is_own(ref)
    }
    return Lazily({**goals, **results}, _end), Recorded(
        Lazily(results, lambda row: row[0].key_results[row[1]]),
        Lazily(goals, lambda row: row[0].objectives[row[1]]),
        {(team, r.period): score for r in known for team, score in r.teams.items()},
    )


def _end(row: tuple[Record, str]) -> Final:
    """Where a goal of the period ended, on the last day on which anything counted."""
    record, ref = row
    day = last_day(record.frame) if record.frame else record.as_of
    if ref in record.key_results:
        result = record.key_results[ref]
        silent = ref in record.open
        return Final(day, result.progress, result.promised, record.settings, silent)
    goal = record.objectives[ref]
    return Final(day, goal.progress, goal.promised, record.settings)
