"""What was committed and then changed without a word: a goal's numbers and its scope."""

from collections.abc import Iterator

from okrsite.okr.finding import Finding
from okrsite.okr.guard.two import Side, Step, Two, command, steps, words
from okrsite.okr.guarded import BOUNDS, OF_KEY_RESULT, OF_KPI, OF_OBJECTIVE, SCOPE, VALUES
from okrsite.okr.model import Kpi, Objective, PeriodState, has_measure
from okrsite.okr.portfolio import key_result_loc
from okrsite.okr.terms import typed


def promises(two: Two) -> Iterator[Finding]:
    """Every change of a committed goal that no amendment tells of."""
    for name, old in two.before.objectives.items():
        if not is_committed(two, name):
            continue
        if new := two.after.objectives.get(name):
            yield from _objective(two, old, new)
        elif ("objectives", name) not in two.files:
            yield from _removed(two, old)
    yield from _kpis(two)


def is_committed(two: Two, objective: str) -> bool:
    """Whether the period an objective was in was committed, and not closed."""
    period = two.period_before(objective)
    return period is not None and period.state is PeriodState.COMMITTED


def pair(two: Two, old: Objective, new: Objective) -> tuple[Side, Side]:
    """An objective in both books."""
    before, after = two.before.documents[old.path], two.after.documents[new.path]
    return Side(old, before), Side(new, after)


def key_result_pair(two: Two, ref: str) -> tuple[Side, Side]:
    """A key result in both books."""
    sides = []
    for portfolio in (two.before, two.after):
        path = portfolio.objectives[ref.partition("/")[0]].path
        where = key_result_loc(portfolio, ref)
        sides.append(Side(portfolio.key_results[ref], portfolio.documents[path], where))
    return sides[0], sides[1]


def _objective(two: Two, old: Objective, new: Objective) -> Iterator[Finding]:
    was, now = pair(two, old, new)
    for step in steps(was, now, OF_OBJECTIVE):
        if not is_told(two, old.id, step):
            yield silent(two, was, now, old.id, step)
    yield from _scope(two, was, now)
    for kr in old.key_results:
        ref = f"{old.id}/{kr.id}"
        if ref in two.after.key_results:
            result_was, result_now = key_result_pair(two, ref)
            for step in steps(result_was, result_now, OF_KEY_RESULT):
                if not is_told(two, ref, step):
                    yield silent(two, result_was, result_now, ref, step)


def is_told(two: Two, subject: str, step: Step) -> bool:
    """Whether an amendment says what changed; of words it is enough that there is a new one."""
    if step.field in SCOPE:
        return two.scoped((subject,), step.field)
    if step.field not in VALUES:
        return bool(two.new_changes(subject, step.field))
    changes = [c for c in two.head.world.goalposts.get(subject, ()) if c.field == step.field]
    return any(c.was == step.was for c in changes) and changes[-1].now == step.now


def is_silent(two: Two, subject: str, field: str) -> bool:
    """Whether a field of a goal that was merged has changed and no amendment tells of it."""
    if "/" in subject and subject in two.before.key_results and subject in two.after.key_results:
        was, now = key_result_pair(two, subject)
    elif subject in two.before.objectives and subject in two.after.objectives:
        was, now = pair(two, two.before.objectives[subject], two.after.objectives[subject])
    else:
        return False
    return any(not is_told(two, subject, step) for step in steps(was, now, (field,)))


def silent(two: Two, old: Side, new: Side, subject: str, step: Step) -> Finding:
    """A finding that offers the amendment."""
    field, was, now = step.field, _typed(old, step.field), _typed(new, step.field)
    message = f"`{field}` of `{subject}` was {words(step.was)} when it was merged and is now"
    message += f" {words(step.now)}, and no amendment says why"
    if told := two.new_changes(subject, field):
        hint = f"Write `was: {was}` and `now: {now}` in `{told[-1].amendment.path}`."
    elif field in SCOPE:
        hint = say(subject, "scope", f"{field} {now}", f"{field} {was}")
    else:
        hint = say(subject, field, now, was)
    return two.says("OKR601", new.document.path, (*new.loc, field), message, hint, subject)


def _typed(side: Side, field: str) -> str:
    """A field's value as `okrsite amend` takes it."""
    value = side.value(field)
    if field in ("metric", "unit", "done_when", "from", "parent", "team"):
        value = side.raw(field)
    elif field == "milestones":
        return "; ".join(value) if isinstance(value, tuple) and value else "none"
    if value is None or value == {}:
        return "unknown" if field in ("start", "target") else "none"
    return typed(value)


def say(subject: str, field: str, now: str, was: str) -> str:
    """The ready command, with the reason left to be written."""
    return f'Say why: `{command("amend", f"{subject}.{field}", now, "--was", was)} -m "why"`.'


def _scope(two: Two, old: Side, new: Side) -> Iterator[Finding]:
    """Key results that were dropped or added, unless they weigh nothing."""
    goal = new.noun.id if isinstance(new.noun, Objective) else ""
    before = {f"{goal}/{kr.id}": kr for kr in two.before.objectives[goal].key_results}
    after = {f"{goal}/{kr.id}": kr for kr in two.after.objectives[goal].key_results}
    path = new.document.path
    for ref, kr in before.items():
        if ref not in after and kr.weight and kr.id not in _ids(new):
            if two.scoped((goal,), kr.id):
                continue
            message = f"the key result `{ref}` was dropped from a committed objective"
            hint = say(goal, "scope", f"without {kr.id}", f"with {kr.id}")
            yield two.says("OKR601", path, ("key_results",), message, hint, ref)
    for ref, kr in after.items():
        is_new = ref not in before and kr.weight and kr.id not in _ids(old)
        if is_new and not two.scoped((goal, ref), kr.id):
            message = f"the key result `{ref}` was added to a committed objective"
            hint = say(goal, "scope", f"with {kr.id}", f"without {kr.id}")
            hint += " Or give it `weight: 0`, which shows it without counting it."
            loc = key_result_loc(two.after, ref)
            yield two.says("OKR601", path, loc, message, hint, ref)


def _ids(side: Side) -> list[object]:
    """The ids written in a file, also of key results that could not be read."""
    rows = side.raw("key_results")
    return [r.get("id") for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []


def _removed(two: Two, old: Objective) -> Iterator[Finding]:
    above = old.parent or ""
    if two.scoped((above, above.partition("/")[0]), old.id):
        return
    message = f"the committed objective `{old.id}` is gone"
    hint = (
        "Bring the file back. A goal that is given up stays, with `status: dropped` in a check-in"
    )
    hint += "; its id never changes."
    yield two.says("OKR601", old.path, (), message, hint, f"objectives/{old.id}")


def _kpis(two: Two) -> Iterator[Finding]:
    """What the KPIs measure that committed key results follow, and the bounds they are held to."""
    for ref, kr in two.before.key_results.items():
        old, new = two.before.kpis.get(kr.source or ""), two.after.kpis.get(kr.source or "")
        if old is None or new is None or not is_committed(two, ref.partition("/")[0]):
            continue
        held = tuple(name for name in OF_KPI if name not in BOUNDS or not has_measure(kr))
        for step in steps(_kpi_side(two, old, False), _kpi_side(two, new, True), held):
            if not two.scoped((ref, ref.partition("/")[0]), step.field):
                yield _of_kpi(two, new, ref, step)


def _of_kpi(two: Two, new: Kpi, ref: str, step: Step) -> Finding:
    message = f"`{step.field}` of the KPI `{new.id}` was {words(step.was)} and is now"
    message += f" {words(step.now)}; the committed `{ref}` is held to it"
    was, now = (f"{step.field} {typed(v) if v else 'none'}" for v in (step.was, step.now))
    return two.says("OKR601", new.path, (step.field,), message, say(ref, "scope", now, was), ref)


def _kpi_side(two: Two, kpi: Kpi, is_new: bool) -> Side:
    return Side(kpi, (two.after if is_new else two.before).documents[kpi.path])
