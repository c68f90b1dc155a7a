"""What a period's state holds fast: committed days, closed goals, and what closing counted."""

from collections.abc import Iterator

from okrsite.okr.finding import Finding
from okrsite.okr.guard.promises import key_result_pair, pair
from okrsite.okr.guard.two import Side, Step, Two, steps, words
from okrsite.okr.guarded import OF_PERIOD, is_first_word, stays_closed
from okrsite.okr.ledger import last_day
from okrsite.okr.model import KeyResult, Objective, Period, PeriodState
from okrsite.okr.portfolio import key_result_loc

_PUT_BACK = "Put it back: what was closed stays. What goes on is a goal of the next period."


def closing(two: Two) -> Iterator[Finding]:
    """Periods, goals and check-ins that change what was committed or closed."""
    for name, old in two.before.periods.items():
        if old.state is PeriodState.DRAFT:
            continue
        if new := two.after.periods.get(name):
            yield from _period(two, old, new)
        elif ("periods", name) not in two.files:
            message = f"the {old.state} period `{name}` is gone"
            hint = "Bring the file back; an id never changes."
            yield two.says(_code(old), old.path, (), message, hint, f"periods/{name}")
    yield from _goals(two)
    yield from _late_entries(two)


def _code(period: Period) -> str:
    return "OKR605" if period.state is PeriodState.CLOSED else "OKR606"


def _period(two: Two, old: Period, new: Period) -> Iterator[Finding]:
    was, now = (
        Side(old, two.before.documents[old.path]),
        Side(new, two.after.documents[new.path]),
    )
    closed = old.state is PeriodState.CLOSED
    for step in steps(was, now, (*OF_PERIOD, *(("closed_on",) if closed else ()))):
        if not closed and step.now == PeriodState.CLOSED:
            continue
        if is_first_word("periods", step.field, step.was):
            continue
        message = f"`{step.field}` of the {old.state} period `{old.id}` was {words(step.was)}"
        message += f" and is now {words(step.now)}"
        hint = "Put it back: every goal in it was promised by these days."
        hint = _PUT_BACK if closed else hint
        loc = (step.field,)
        yield two.says(_code(old), new.path, loc, message, hint, f"periods/{old.id}")


def _goals(two: Two) -> Iterator[Finding]:
    """Goals of closed periods that say something else, came, or went."""
    for name, old in two.before.objectives.items():
        if not _is_closed(two.period_before(name)):
            continue
        if new := two.after.objectives.get(name):
            yield from _objective(two, old, new)
        elif ("objectives", name) not in two.files:
            message = f"the objective `{name}` of a closed period is gone"
            yield two.says("OKR605", old.path, (), message, _PUT_BACK, f"objectives/{name}")
    for name, new in two.after.objectives.items():
        frame = two.before.periods.get(new.period)
        if ("objectives", name) not in two.old_files and _is_closed(frame):
            message = f"the objective `{name}` was added to a closed period"
            hint = "Put it into a period that is open."
            subject = f"objectives/{name}"
            yield two.says("OKR605", new.path, ("period",), message, hint, subject)


def _is_closed(period: Period | None) -> bool:
    return period is not None and period.state is PeriodState.CLOSED


def _objective(two: Two, old: Objective, new: Objective) -> Iterator[Finding]:
    was, now = pair(two, old, new)
    for step in steps(was, now, _fields(Objective)):
        yield _changed(two, now, f"objectives/{new.id}", step)
    before = [f"{old.id}/{kr.id}" for kr in old.key_results]
    after = [f"{new.id}/{kr.id}" for kr in new.key_results]
    for ref in {**dict.fromkeys(before), **dict.fromkeys(after)}:
        if ref in before and ref in after:
            result_was, result_now = key_result_pair(two, ref)
            for step in steps(result_was, result_now, _fields(KeyResult)):
                yield _changed(two, result_now, ref, step)
        elif was.raw("key_results") != now.raw("key_results"):
            what = "added to" if ref in after else "dropped from"
            loc = key_result_loc(two.after, ref) if ref in after else ("key_results",)
            message = f"the key result `{ref}` was {what} an objective of a closed period"
            yield two.says("OKR605", new.path, loc, message, _PUT_BACK, ref)


def _fields(model: type[Objective] | type[KeyResult]) -> tuple[str, ...]:
    named = (field.alias or name for name, field in model.model_fields.items())
    return tuple(name for name in named if stays_closed(name))


def _changed(two: Two, side: Side, subject: str, step: Step) -> Finding:
    message = f"`{step.field}` of a goal of a closed period was {words(step.was)}"
    message += f" and is now {words(step.now)}"
    loc = (*side.loc, step.field)
    return two.says("OKR605", side.document.path, loc, message, _PUT_BACK, subject)


def _late_entries(two: Two) -> Iterator[Finding]:
    """New check-ins dated so that they still count for what was closed already."""
    for name, item in two.after.check_ins.items():
        if ("check-ins", name) in two.old_files:
            continue
        for ref in item.key_results:
            period = two.before.periods.get(two.after.objectives[ref.partition("/")[0]].period)
            if period and _is_closed(period) and item.date <= last_day(period):
                message = f"{period.title} was closed before this came, and it changes the result"
                hint = "Leave it out, or say in the period's text why the result changed."
                yield two.says("OKR608", item.path, ("key_results", ref), message, hint, ref)
