"""What a check-in does to the numbers, in lines for a terminal."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from okrsite.edit.checking_in.effect import Changed, Effect, Moved, Standing
from okrsite.portal.words import NBSP, gap, listed, percent, with_unit

ARROW = " → "
NAMED = 3  # of what did not move; the others are counted


def effect_text(effect: Effect) -> str:
    """Every goal spoken of and what it adds up to, before → after; in one line what stood still."""
    moved = [goal for goal in effect.goals if not goal.level or goal.before != goal.after]
    still = [goal.title for goal in effect.goals if goal not in moved]
    lines = [line for goal in moved for line in _goal(goal)]
    lines += [f"{item.title}: {_change(item)}" for item in effect.others]
    if still:
        lines.append(f"Not moved: {_few(still)}")
    return "\n".join(lines).replace(NBSP, " ")


def _few(titles: Sequence[str]) -> str:
    more = len(titles) - NAMED
    return listed(titles) if more <= 1 else listed([*titles[:NAMED], f"{more} more"])


def _goal(goal: Moved) -> Iterator[str]:
    head = f"{'above: ' if goal.level else ''}{goal.title} ({goal.ref})"
    values = _values(goal)
    yield f"{head}: {values}" if values else head
    yield f"  {', '.join(_numbers(goal.before, goal.after))}"
    if end := _end(goal.before, goal.after):
        yield f"  {end}"


def _values(goal: Moved) -> str:
    one, other = goal.before.value, goal.after.value
    if other is None:
        return ""
    return _step(None if one is None else with_unit(one, None), with_unit(other, goal.unit))


def _step(one: str | None, other: str) -> str:
    """`108 → 96 a month`, or the new one alone where nothing changed or nothing was."""
    same = one is None or other == one or other.startswith((f"{one} ", f"{one}{NBSP}"))
    return other if same else f"{one}{ARROW}{other}"


def _numbers(before: Standing, after: Standing) -> Iterator[str]:
    yield f"progress {_same(_percent(before.progress), _percent(after.progress))}"
    if after.progress is not None and after.expected is not None:
        was = "" if before.progress is None else gap(before.progress, after.expected)
        yield _same(was, gap(after.progress, after.expected))
    yield _same(_word(before.status), _word(after.status))


def _end(before: Standing, after: Standing) -> str:
    if after.projection is None:
        return ""
    was = "" if before.projection is None else percent(before.projection)
    return f"at this pace {_same(was, percent(after.projection))} by the end"


def _same(one: str, other: str) -> str:
    return other if one in ("", other) else f"{one}{ARROW}{other}"


def _percent(progress: Fraction | None) -> str:
    return "no data" if progress is None else percent(progress)


def _word(status: str) -> str:
    return str(status).replace("-", " ")


def _change(item: Changed) -> str:
    if isinstance(item.after, Fraction):
        was = with_unit(item.before, None) if isinstance(item.before, Fraction) else None
        return _step(was, with_unit(item.after, item.unit))
    return _same(str(item.before), str(item.after))
