"""What a message tells one by one: a line each, and of many only the first."""

from collections.abc import Sequence

SHOWN = 8


def lines_of(rows: Sequence[str]) -> str:
    """A line for each below the words before, and how many more there are."""
    more = [f"and {len(rows) - SHOWN} more"] if len(rows) > SHOWN + 1 else []
    kept = rows[:SHOWN] if more else rows
    return "".join(f"\n  {row}" for row in (*kept, *more))
