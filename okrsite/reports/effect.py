"""What a change does to the numbers, in lines for a terminal."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from okrsite.edit.effect import BESIDE, TEAM, Changed, Effect, Moved, Standing
from okrsite.okr.status import Status, mean_grade
from okrsite.portal.words import NBSP, fixed, gap, listed, percent, shortened, with_unit

ARROW = " → "
NAMED = 3  # of what did not move; the others are counted
MOST_DIGITS = 3
WIDEST = 70  # of a title, on a line of a terminal


def effect_text(effect: Effect) -> str:
    """Every goal spoken of and what it adds up to, before → after; in one line what stood still."""
    moved = [goal for goal in effect.goals if not goal.level or goal.before != goal.after]
    still = [_called(goal) for goal in effect.goals if goal not in moved]
    lines = [line for goal in moved for line in _goal(goal)]
    lines += [f"{_called(item)}: {_change(item)}" for item in effect.others]
    if still:
        lines.append(f"Not moved: {_few(still)}")
    return "\n".join(lines).replace(NBSP, " ")


def _called(item: Moved | Changed) -> str:
    return shortened(item.title, WIDEST)


def _few(titles: Sequence[str]) -> str:
    more = len(titles) - NAMED
    return listed(titles) if more <= 1 else listed([*titles[:NAMED], f"{more} more"])


def _goal(goal: Moved) -> Iterator[str]:
    where = {0: "", BESIDE: "also: "}.get(goal.level, "above: ")
    head = f"{where}{_called(goal)} ({goal.ref})"
    values = _values(goal)
    yield f"{head}: {values}" if values else head
    numbers = _numbers(goal.before, goal.after, goal.ref.startswith(TEAM))
    yield f"  {', '.join(numbers)}"
    if end := _end(goal.before, goal.after):
        yield f"  {end}"


def _values(goal: Moved) -> str:
    one, other = goal.before.value if goal.before else None, goal.after.value
    if other is None:
        return ""
    return _step(None if one is None else with_unit(one, None), with_unit(other, goal.unit))


def _step(one: str | None, other: str) -> str:
    """`108 → 96 a month`, or the new one alone where nothing changed or nothing was."""
    same = one is None or other == one or other.startswith((f"{one} ", f"{one}{NBSP}"))
    return other if same else f"{one}{ARROW}{other}"


def _numbers(before: Standing | None, after: Standing, mean: bool) -> Iterator[str]:
    """Progress, its distance from what is expected, status (of a `mean` its grade) and score."""
    if before is None:
        yield "new"
    was = before or after
    if was.progress is None and after.progress is None:
        yield "no data"
    else:
        yield f"progress {_same(*_percents(was.progress, after.progress))}"
    if far := _far(after):
        yield _same(_far(was), far)
    if after.status is not Status.NO_DATA:
        yield _same("" if was.status is Status.NO_DATA else _word(was, mean), _word(after, mean))
    if was.score is not None or after.score is not None:
        yield f"score {_same(_score(was.score), _score(after.score))}"


def _percents(one: Fraction | None, other: Fraction | None) -> tuple[str, str]:
    """Both with as many decimals as it takes to tell them apart."""
    for digits in range(MOST_DIGITS + 1):
        said = _percent(one, digits), _percent(other, digits)
        if said[0] != said[1] or one == other:
            break
    return said


def _percent(progress: Fraction | None, digits: int) -> str:
    return "no data" if progress is None else percent(progress, digits)


def _far(standing: Standing) -> str:
    if standing.progress is None or standing.expected is None:
        return ""
    return gap(standing.progress, standing.expected)


def _word(standing: Standing, mean: bool) -> str:
    grade = mean_grade(standing.status) if mean else None
    return str(grade or standing.status).replace("-", " ")


def _score(score: Fraction | None) -> str:
    return "none" if score is None else fixed(score, 1)


def _end(before: Standing | None, after: Standing) -> str:
    if after.projection is None:
        return ""
    was = before.projection if before else None
    one, other = _percents(after.projection if was is None else was, after.projection)
    return f"at this pace {_same(one, other)} by the end"


def _same(one: str, other: str) -> str:
    return other if one in ("", other) else f"{one}{ARROW}{other}"


def _change(item: Changed) -> str:
    if isinstance(item.after, Fraction):
        was = with_unit(item.before, None) if isinstance(item.before, Fraction) else None
        return _step(was, with_unit(item.after, item.unit))
    return _same(str(item.before), str(item.after))
