"""What was committed and then changed without a word: a goal's numbers and its scope."""

from collections.abc import Iterator

from okrsite.okr.finding import Finding
from okrsite.okr.guard.two import Side, Step, Two, command, steps, words
from okrsite.okr.model import Kpi, Measure, Objective, PeriodState, has_measure, measure_of
from okrsite.okr.portfolio import key_result_loc
from okrsite.okr.terms import typed

VALUES = ("start", "target", "at_least", "at_most", "between", "plan", "weight", "due")
MEANING = ("metric", "unit", "milestones", "done_when", "from")
SCOPE = ("progress_from", "period", "ambition")
BOUNDS = ("at_least", "at_most", "between")
_READ = frozenset(VALUES)


def promises(two: Two) -> Iterator[Finding]:
    """Every change of a committed goal that no amendment tells of."""
    for name, old in two.before.objectives.items():
        if not _is_committed(two, name):
            continue
        if new := two.after.objectives.get(name):
            yield from _objective(two, old, new)
        elif ("objectives", name) not in two.files:
            yield from _removed(two, old)
    yield from _kpis(two)
    yield from _work(two)


def _is_committed(two: Two, objective: str) -> bool:
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
    for step in steps(was, now, ("weight", "parent", *SCOPE)):
        if not _is_told(two, old.id, step) and not two.new_changes(old.id, "scope"):
            yield _silent(two, was, now, old.id, step)
    yield from _scope(two, was, now)
    for kr in old.key_results:
        ref = f"{old.id}/{kr.id}"
        if ref in two.after.key_results:
            result_was, result_now = key_result_pair(two, ref)
            for step in steps(result_was, result_now, (*VALUES, *MEANING)):
                if not _is_told(two, ref, step):
                    yield _silent(two, result_was, result_now, ref, step)


def _is_told(two: Two, subject: str, step: Step) -> bool:
    """Whether an amendment says what changed; of words it is enough that there is a new one."""
    if step.field not in _READ:
        return bool(two.new_changes(subject, step.field))
    changes = [c for c in two.head.world.goalposts.get(subject, ()) if c.field == step.field]
    return any(c.was == step.was for c in changes) and changes[-1].now == step.now


def _silent(two: Two, old: Side, new: Side, subject: str, step: Step) -> Finding:
    field, was, now = step.field, _typed(old, step.field), _typed(new, step.field)
    message = f"`{field}` of `{subject}` was {words(step.was)} when it was merged and is now"
    message += f" {words(step.now)}, and no amendment says why"
    if told := two.new_changes(subject, field):
        hint = f"Write `was: {was}` and `now: {now}` in `{told[-1].amendment.path}`."
    elif field in SCOPE:
        hint = _say(subject, "scope", f"{field} {now}", f"{field} {was}")
    else:
        hint = _say(subject, field, now, was)
    return two.says("OKR601", new.document.path, (*new.loc, field), message, hint, subject)


def _typed(side: Side, field: str) -> str:
    """A field's value as `okrsite amend` takes it."""
    value = side.value(field)
    if field in ("metric", "unit", "done_when", "from", "parent"):
        value = side.raw(field)
    elif field == "milestones":
        return "; ".join(value) if isinstance(value, tuple) and value else "none"
    if value is None or value == {}:
        return "unknown" if field in ("start", "target") else "none"
    return typed(value)


def _say(subject: str, field: str, now: str, was: str) -> str:
    """The ready command, with the reason left to be written."""
    return f'Say why: `{command("amend", f"{subject}.{field}", now, "--was", was)} -m "why"`.'


def _scope(two: Two, old: Side, new: Side) -> Iterator[Finding]:
    """Key results that were dropped or added, unless they weigh nothing."""
    goal = new.noun.id if isinstance(new.noun, Objective) else ""
    if two.new_changes(goal, "scope"):
        return
    before = {r: kr for r, kr in two.before.key_results.items() if r.startswith(f"{goal}/")}
    after = {r: kr for r, kr in two.after.key_results.items() if r.startswith(f"{goal}/")}
    path = new.document.path
    for ref, kr in before.items():
        if ref not in after and kr.weight and kr.id not in _ids(new):
            message = f"the key result `{ref}` was dropped from a committed objective"
            hint = _say(goal, "scope", f"without {kr.id}", f"with {kr.id}")
            yield two.says("OKR601", path, ("key_results",), message, hint, ref)
    for ref, kr in after.items():
        is_new = ref not in before and kr.weight and kr.id not in _ids(old)
        if is_new and not two.new_changes(ref, "scope"):
            message = f"the key result `{ref}` was added to a committed objective"
            hint = _say(goal, "scope", f"with {kr.id}", f"without {kr.id}")
            hint += " Or give it `weight: 0`, which shows it without counting it."
            loc = key_result_loc(two.after, ref)
            yield two.says("OKR601", path, loc, message, hint, ref)


def _ids(side: Side) -> list[object]:
    """The ids written in a file, also of key results that could not be read."""
    rows = side.raw("key_results")
    return [r.get("id") for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []


def _removed(two: Two, old: Objective) -> Iterator[Finding]:
    above = (old.parent or "").partition("/")[0]
    if above in two.after.objectives and two.new_changes(above, "scope"):
        return
    message = f"the committed objective `{old.id}` is gone"
    hint = (
        "Bring the file back. A goal that is given up stays, with `status: dropped` in a check-in"
    )
    hint += "; its id never changes."
    yield two.says("OKR601", old.path, (), message, hint, f"objectives/{old.id}")


def _kpis(two: Two) -> Iterator[Finding]:
    """Bounds of KPIs that committed key results are held to."""
    for ref, kr in two.before.key_results.items():
        old, new = two.before.kpis.get(kr.source or ""), two.after.kpis.get(kr.source or "")
        bound = old and not has_measure(kr) and _is_committed(two, ref.partition("/")[0])
        if not bound or old is None or new is None or two.new_changes(ref, "scope"):
            continue
        for step in steps(_kpi_side(two, old, False), _kpi_side(two, new, True), BOUNDS):
            message = f"`{step.field}` of the KPI `{new.id}` was {words(step.was)} and is now"
            message += f" {words(step.now)}; the committed `{ref}` is held to it"
            was, now = (f"{step.field} {typed(v) if v else 'none'}" for v in (step.was, step.now))
            hint = _say(ref, "scope", now, was)
            yield two.says("OKR601", new.path, (step.field,), message, hint, ref)


def _kpi_side(two: Two, kpi: Kpi, is_new: bool) -> Side:
    return Side(kpi, (two.after if is_new else two.before).documents[kpi.path])


def _work(two: Two) -> Iterator[Finding]:
    """Initiatives that no longer count for a committed key result made of initiatives."""
    for ref, kr in two.before.key_results.items():
        if measure_of(kr) is not Measure.INITIATIVES or ref not in two.after.key_results:
            continue
        if not _is_committed(two, ref.partition("/")[0]) or two.new_changes(ref, "scope"):
            continue
        now = two.after.initiatives_for.get(ref, ())
        for name in two.before.initiatives_for.get(ref, ()):
            item = two.after.initiatives.get(name)
            if name in now or (item is None and ("initiatives", name) in two.files):
                continue
            path = item.path if item else two.before.initiatives[name].path
            message = f"the initiative `{name}` no longer counts for the committed `{ref}`"
            hint = _say(ref, "scope", f"without {name}", f"with {name}")
            yield two.says("OKR601", path, ("contributes_to",), message, hint, ref)
