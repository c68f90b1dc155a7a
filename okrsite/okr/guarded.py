"""Which fields of a committed goal, and of what it rests on, do not change in silence.

One table for the check of a change and for the page of moved goalposts.
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
