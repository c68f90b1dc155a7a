"""Which fields of a committed goal, and of what it rests on, do not change in silence.

One table for the check of a change, the diff, and the page of moved goalposts.
"""

BOUNDS = ("at_least", "at_most", "between")
VALUES = ("start", "target", *BOUNDS, "plan", "weight", "due")
MEANING = ("metric", "unit", "milestones", "done_when", "from")
SCOPE = ("progress_from", "period", "ambition", "team")  # told in an amendment of the scope

OF_KEY_RESULT = (*VALUES, *MEANING)
OF_OBJECTIVE = ("weight", "parent", *SCOPE)
OF_KPI = (*BOUNDS, "unit", "metric")  # what a key result that follows it is held to
OF_PERIOD = ("start", "end", "parent", "state", "committed_on")
OF_INITIATIVE = ("start", "due")

WRITTEN_ONCE = ("parent", "committed_on")  # a period may come to say these later on

# Of a closed goal nothing changes but these.
FREE_WHEN_CLOSED = frozenset(
    {"id", "path", "body", "body_line", "tags", "visibility", "unreadable", "key_results"}
)


def stays_closed(field: str) -> bool:
    """Whether a field of a goal, or of a key result, stays what it was once that is closed."""
    return bool(field) and field not in FREE_WHEN_CLOSED


def is_first_word(kind: str, field: str, was: object) -> bool:
    """Whether a period says for the first time what it never said otherwise: that moves nothing."""
    return kind == "periods" and field in WRITTEN_ONCE and was is None
