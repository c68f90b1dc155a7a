"""The days that commits claim → days on which they can have been made: never before their parents.

A committer's date is whatever the committer's clock, or the committer, says.
"""

from collections.abc import Sequence
from datetime import date


def in_order(claimed: Sequence[date], as_of: date) -> tuple[date, ...]:
    """The days of a line of commits, the oldest first, so that none is before an older one.

    A day after `as_of` is not known yet, unless a later commit claims one by `as_of`: then the
    older one was made by that day as well. Among days that have come, the later one is believed:
    an early claim could otherwise put everything before it ahead of its promise.
    """
    come: list[date] = []
    by = date.max
    for day in reversed(claimed):
        if day <= as_of:
            by = min(by, day)
        come.append(day if day <= as_of else min(day, by))
    days: list[date] = []
    for day in reversed(come):
        days.append(max(day, days[-1]) if days else day)
    return tuple(days)
