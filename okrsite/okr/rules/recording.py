"""What waits to be put on record."""

from collections.abc import Iterator
from datetime import date

from okrsite.okr.rules.review import WRITE_CLOSED_ON, Remark, Review
from okrsite.okr.scoring import is_closed


def unrecorded(review: Review) -> Iterator[Remark]:
    """A closed period without a record, where others have one.

    Until it is recorded, its numbers come from today's files, and whoever changes one of those
    changes what was closed.

    Wrong: the first quarter is on record, the second was closed in July and is not.

    Right: `okrsite snapshot publish 2026-q2 --kind closed` on the day after the closing. A record
    needs that day, so `closed_on` comes first.
    """
    first = _first_recorded(review)
    for period in review.portfolio.periods.values():
        waits = first is not None and period.end > first and period.id not in review.recorded
        if waits and is_closed(period, review.as_of):
            message = "this period was closed and has no record, as others have"
            run = f"un `okrsite snapshot publish {period.id} --kind closed`."
            known = period.closed_on is not None and period.closed_on >= period.start
            hint = f"R{run}" if known else f"{WRITE_CLOSED_ON}, then r{run}"
            yield review.says_of_closing(period, message, hint)


def _first_recorded(review: Review) -> date | None:
    """The end of the first recorded period; what ended before anybody kept records needs none."""
    known = (review.portfolio.periods.get(name) for name in review.recorded)
    return min((period.end for period in known if period), default=None)
