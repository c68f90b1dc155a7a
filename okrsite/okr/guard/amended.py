"""New amendments that say of what was promised something else than what was merged."""

from collections.abc import Iterator, Sequence

from okrsite.okr.finding import Finding
from okrsite.okr.guard.above import held_above
from okrsite.okr.guard.promises import is_committed, is_silent
from okrsite.okr.guard.two import Two, words
from okrsite.okr.model import PeriodState
from okrsite.okr.terms import Change, all_changes, by_day, is_read


def amended(two: Two) -> Iterator[Finding]:
    """Every new amendment of a closed goal, and those whose `was` is not what was promised."""
    before = all_changes(two.before)
    for subject, changes in all_changes(two.after).items():
        goal = subject.partition("/")[0]
        if goal not in two.before.objectives:
            continue
        period = two.period_before(goal)
        if period is not None and period.state is PeriodState.CLOSED:
            yield from _of_closed(two, subject, changes)
        elif is_committed(two, goal) or held_above(two.before, two.before.objectives[goal].parent):
            yield from _untrue(two, subject, changes, before.get(subject, ()))


def _of_closed(two: Two, subject: str, changes: Sequence[Change]) -> Iterator[Finding]:
    for change in (c for c in changes if _is_new(two, c)):
        message = f"an amendment of `{subject}`, which was closed already"
        hint = "Leave it out: what was closed stays. What was learned belongs into the text of the"
        hint += " goal or of its period."
        yield two.says("OKR605", change.amendment.path, ("subject",), message, hint, subject)


def _is_new(two: Two, change: Change) -> bool:
    return change.amendment.id not in two.before.amendments


def _untrue(
    two: Two, subject: str, changes: Sequence[Change], merged: Sequence[Change]
) -> Iterator[Finding]:
    """Of one goal; where its file was changed in silence, that is told already."""
    known = subject in two.before.key_results or subject in two.before.objectives
    fields = dict.fromkeys(c.field for c in changes if known and is_read(two.after, c))
    for field in fields:
        row = [c for c in changes if c.field == field]
        old = [c for c in merged if c.field == field]
        if any(_is_new(two, c) for c in row) and not is_silent(two, subject, field):
            yield from _of_field(two, subject, row, old)


def _of_field(
    two: Two, subject: str, row: Sequence[Change], merged: Sequence[Change]
) -> Iterator[Finding]:
    for earlier, change in zip((None, *row), row, strict=False):
        if not _is_new(two, change):
            continue
        said = _merged_value(two, subject, change, merged)
        if earlier is not None and _is_new(two, earlier):
            if _is_at_odds(two, earlier):
                continue  # it is told already that the two do not fit together
            said = earlier.now
        if change.was == said:
            continue
        if change.now != said or change.amendment.date > two.head.as_of:
            yield _untold(two, subject, change, said)
        elif ("amendments", change.amendment.id) not in two.old_files:
            yield _late(two, subject, change, said)


def _is_at_odds(two: Two, change: Change) -> bool:
    found = two.head.findings_in.get(change.amendment.path, ())
    return any(finding.code == "OKR109" for finding in found)


def _merged_value(two: Two, subject: str, change: Change, merged: Sequence[Change]) -> object:
    """What was merged as the value of a field on the day before `change`."""
    after = [c for c in merged if by_day(c.amendment) > by_day(change.amendment)]
    if after:
        return after[0].was
    if merged and merged[-1].amendment.date > two.base.as_of:
        return merged[-1].now
    known = two.before.key_results.get(subject) or two.before.objectives[subject]
    return getattr(known, change.field)


def _untold(two: Two, subject: str, change: Change, said: object) -> Finding:
    """An amendment that decides what is asked for by what it claims was asked before."""
    path, field = change.amendment.path, change.field
    message = f"`was` is {words(change.was)}, but `{field}` of `{subject}` was {words(said)}"
    message += " when this was merged"
    hint = f"Write `was: {words(said).strip('`')}`, or leave the amendment out."
    return two.says("OKR601", path, ("was",), message, hint, subject)


def _late(two: Two, subject: str, change: Change, said: object) -> Finding:
    """A reason for what was merged long ago, if it was so: somebody is to look."""
    path, was = change.amendment.path, words(change.was)
    message = f"`{change.field}` of `{subject}` was {words(said)} already when this was merged,"
    message += f" and not {was}"
    hint = f"Right only where it was {was} once and nobody said why it was changed."
    return two.says("OKR609", path, ("was",), message, hint, subject)
