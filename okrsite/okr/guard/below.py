"""What a committed goal is made of besides its own numbers: objectives and initiatives below it."""

from collections.abc import Iterator

from okrsite.okr.finding import Finding
from okrsite.okr.guard.above import held_above, is_planned
from okrsite.okr.guard.promises import is_committed, is_told, pair, say, silent
from okrsite.okr.guard.two import Two, steps
from okrsite.okr.model import Measure, Objective, Period, PeriodState, measure_of


def below(two: Two) -> Iterator[Finding]:
    """Every objective and initiative that joined or left what a promised goal counts."""
    for name, old in two.before.objectives.items():
        above = held_above(two.before, old.parent)
        if above is not None and not is_committed(two, name):
            yield from _was_counted(two, old, *above)
    for name, new in two.after.objectives.items():
        above = held_above(two.before, new.parent)
        if above is not None and new.weight and _is_joining(two, name, new):
            yield from _joined(two, new, *above)
    for ref, kr in two.before.key_results.items():
        held = measure_of(kr) is Measure.INITIATIVES and is_committed(two, ref.partition("/")[0])
        if held and ref in two.after.key_results:
            yield from _work(two, ref)


def _goals(ref: str) -> tuple[str, ...]:
    """A key result and its objective, or an objective alone."""
    return tuple(dict.fromkeys((ref, ref.partition("/")[0])))


def _was_counted(two: Two, old: Objective, above: str, period: Period) -> Iterator[Finding]:
    """A goal of a draft that a promised one counts: what it weighs there, and that it is there."""
    if _is_closed(two.period_before(old.id)):
        return
    is_named = two.scoped(_goals(above), old.id)
    if new := two.after.objectives.get(old.id):
        was, now = pair(two, old, new)
        for step in steps(was, now, ("weight", "parent")):
            if not (step.field == "parent" and is_named) and not is_told(two, old.id, step):
                yield silent(two, was, now, old.id, step)
    elif old.weight and not is_named and ("objectives", old.id) not in two.files:
        message = f"the objective `{old.id}` is gone; {_standing(period)} `{above}` counted it"
        hint = say(above, "scope", f"without {old.id}", f"with {old.id}")
        yield two.says(_code(period), old.path, (), message, hint, f"objectives/{old.id}")


def _is_closed(period: Period | None) -> bool:
    return period is not None and period.state is PeriodState.CLOSED


def _standing(period: Period) -> str:
    return f"the {period.state}"


def _code(period: Period) -> str:
    return "OKR605" if _is_closed(period) else "OKR601"


def _is_joining(two: Two, name: str, new: Objective) -> bool:
    """Whether an objective counts somewhere only now, and nothing else guards that it does."""
    old = two.before.objectives.get(name)
    if old is None:
        return ("objectives", name) not in two.old_files
    guarded = is_committed(two, name) or held_above(two.before, old.parent) is not None
    return old.parent != new.parent and not guarded


def _joined(two: Two, new: Objective, above: str, period: Period) -> Iterator[Finding]:
    planned = is_planned(two.before, two.after, new, period)
    if not _is_closed(period) and (planned or two.scoped(_goals(above), new.id)):
        return
    message = f"the objective `{new.id}` was added to what {_standing(period)} `{above}` counts"
    hint = say(above, "scope", f"with {new.id}", f"without {new.id}")
    hint += " Or give it `weight: 0`, which shows it without counting it."
    hint = "Give it another parent: what was closed stays." if _is_closed(period) else hint
    yield two.says(_code(period), new.path, ("parent",), message, hint, f"objectives/{new.id}")


def _work(two: Two, ref: str) -> Iterator[Finding]:
    """Initiatives that a committed key result made of initiatives counts only now, or no more."""
    before = two.before.initiatives_for.get(ref, ())
    after = two.after.initiatives_for.get(ref, ())
    for name in before:
        item = two.after.initiatives.get(name)
        unread = item is None and ("initiatives", name) in two.files
        if name not in after and not unread and not two.scoped(_goals(ref), name):
            path = item.path if item else two.before.initiatives[name].path
            message = f"the initiative `{name}` no longer counts for the committed `{ref}`"
            hint = say(ref, "scope", f"without {name}", f"with {name}")
            yield two.says("OKR601", path, ("contributes_to",), message, hint, ref)
    for name in after if two.after.key_results[ref].weight else ():
        unread = name not in two.before.initiatives and ("initiatives", name) in two.old_files
        if name not in before and not unread and not two.scoped(_goals(ref), name):
            message = f"the initiative `{name}` was added to what the committed `{ref}` counts"
            hint = say(ref, "scope", f"with {name}", f"without {name}")
            path = two.after.initiatives[name].path
            yield two.says("OKR601", path, ("contributes_to",), message, hint, ref)
