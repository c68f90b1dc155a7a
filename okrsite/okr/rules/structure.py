"""Rules about how a goal is put together: its measure, its dates, its weights."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from okrsite.okr.mending import rewritten
from okrsite.okr.model import Amendment, CheckIn, FileNoun, KeyResult, Period
from okrsite.okr.progress import parts_of
from okrsite.okr.rules.review import Remark, Result, Review, cut, listed
from okrsite.okr.similar import did_you_mean, same_name

_LEVELS = ("start", "target")
BOUNDS = ("at_least", "at_most", "between")
_GROUPS = (_LEVELS, BOUNDS, ("milestones",), ("done_when",))
_KNOWN = frozenset(field.alias or name for name, field in KeyResult.model_fields.items())
_ANY = "Add `start` and `target`, or `at_least`, `at_most`, `between`, `milestones`, `done_when`"


def measure_unclear(review: Review) -> Iterator[Remark]:
    """A key result whose measure is missing, half written, or doubled.

    Without one measure nobody can say when the key result is reached, and it counts for nothing.

    Wrong: a key result with `start` and `done_when`, or with neither.

    Right: `start: 40` with `target: 20`; or `done_when: "The audit is passed"`.
    """
    for result in review.results:
        written = [[f for f in group if f in result.raw] for group in _GROUPS]
        found = [fields for fields in written if fields]
        if "from" in result.raw:
            yield from _beside_source(result, found)
        elif len(found) < 2 and not _KNOWN.issuperset(result.raw):
            continue  # a misspelt field, reported as such, may be what is missing
        elif not found:
            yield result.says("nothing says when this is reached: no measure", f"{_ANY} or `from`.")
        elif len(found) > 1:
            names = [name for fields in found for name in fields]
            message = f"{listed(names)} are different measures; one is allowed"
            yield result.says(message, "Keep one; give the other a key result.", found[1][0])
        elif found[0] in (["start"], ["target"]):
            missing = "target" if found[0] == ["start"] else "start"
            message = f"`{found[0][0]}` stands without `{missing}`"
            hint = f"Add `{missing}:`, with `unknown` until the number is known."
            yield result.says(message, hint, found[0][0])
        elif result.raw.get("milestones", 0) == []:
            yield result.says("`milestones` is empty", "List at least one.", "milestones")


def _beside_source(result: Result, found: list[list[str]]) -> Iterator[Remark]:
    source = result.kr.source
    if source is None:  # unknown, and reported as such
        return
    allowed = {"objectives": [_LEVELS], "initiatives": []}.get(source, [_LEVELS, BOUNDS])
    usable = [fields for fields in found if any(fields[0] in group for group in allowed)]
    extra = [fields for fields in found if fields not in usable] or usable[1:]
    if extra:
        message = f"`{extra[0][0]}` has no meaning beside `from: {cut(source)}`"
        if usable and extra == usable[1:]:
            message = f"{listed([usable[0][0], extra[0][0]])} are different measures"
        yield result.says(message, "Remove one of the two.", extra[0][0])


def nowhere_to_go(review: Review) -> Iterator[Remark]:
    """A key result that starts where it is to end.

    Its progress would be a division by nothing, so it has none and does not count.

    Wrong: `start: 20` with `target: 20`.

    Right: `start: 12` with `target: 20`; to keep a value, `at_least: 20`.
    """
    for result in review.results:
        kr = result.kr
        if kr.start is not None and kr.start == kr.target:
            message = f"`start` and `target` are both `{result.raw.get('target', kr.target)}`"
            hint = "Correct one of them; to keep a value, write `at_least` or `at_most`."
            yield result.says(message, hint, "target")


def outside_period(review: Review) -> Iterator[Remark]:
    """A due date, plan or milestone outside the period, or a period outside its parent.

    What is due after the quarter cannot be part of what the quarter promises.

    Wrong: `due: 2026-10-15` in a period that ends on 2026-09-30.

    Right: `due: 2026-09-25`, or the objective moved to the next period.
    """
    for result in review.results:
        period = result.goal.period
        for day, loc in _days(result) if period else ():
            if period and not period.start <= day <= period.end:
                message = f"{day} lies outside {cut(period.title)} ({period.start} to {period.end})"
                yield result.says(message, "Choose a day within the period.", *loc)
    for period in review.portfolio.periods.values():
        yield from _outside_parent(review, period)


def _days(result: Result) -> Iterator[tuple[date, tuple[str | int, ...]]]:
    kr = result.kr
    if kr.due:
        yield kr.due, ("due",)
    for day in kr.plan:
        yield day, ("plan", day.isoformat())
    rows = result.raw.get("milestones")
    ids = (
        [r.get("id") if isinstance(r, dict) else r for r in rows] if isinstance(rows, list) else []
    )
    for milestone in kr.milestones:
        if milestone.due and milestone.id in ids:  # a record knows no places of milestones
            yield milestone.due, ("milestones", ids.index(milestone.id), "due")


def _outside_parent(review: Review, period: Period) -> Iterator[Remark]:
    parent = review.portfolio.periods.get(period.parent or "")
    if parent and not parent.start <= period.start <= period.end <= parent.end:
        field = "end" if period.start >= parent.start else "start"
        message = f"the period lies outside its parent {cut(parent.title)}"
        message += f" ({parent.start} to {parent.end})"
        hint = "Correct the days, or the `parent`."
        yield review.says(period, message, hint, f"periods/{period.id}", field)


def weightless(review: Review) -> Iterator[Remark]:
    """Weights that sum to 0, so that nothing counts.

    A mean by weights needs at least one: an objective or key result like this has no progress.

    Wrong: two key results, both `weight: 0`.

    Right: `weight: 1` on at least one of them.
    """
    for goal in review.goals:
        parts = goal.score.parts
        if parts and not any(part.weight for part in parts):
            own, _ = parts_of(review.portfolio, goal.objective)
            what = "key results" if len(own) == len(parts) else "children"
            message = f"the weights of all {what} are 0: this objective has no progress"
            yield goal.says(message, "Give at least one a weight.", "key_results")
    for result in review.results:
        milestones = result.kr.milestones
        if milestones and not any(milestone.weight for milestone in milestones):
            message = "the weights of all milestones are 0: this key result has no progress"
            yield result.says(message, "Give at least one a weight.", "milestones")


def two_bounds(review: Review) -> Iterator[Remark]:
    """A key result or KPI with two bounds at once.

    Only one is read, and a reader cannot tell which.

    Wrong: `at_least: 4` with `at_most: 5`.

    Right: `between: [4, 5]`.
    """
    for result in review.results:
        names = [name for name in BOUNDS if name in result.raw]
        if len(names) > 1:
            yield result.says(*_bounds(names, result.raw), names[1])
    for kpi in review.portfolio.kpis.values():
        data = review.portfolio.documents[kpi.path].data
        names = [name for name in BOUNDS if name in data]
        if len(names) > 1:
            yield review.says(kpi, *_bounds(names, data), f"kpis/{kpi.id}", names[1])


def _bounds(names: list[str], data: Mapping[str, object]) -> tuple[str, str]:
    hint = "Keep one of them."
    if names == ["at_least", "at_most"]:
        hint = f"Write `between: [{cut(str(data[names[0]]))}, {cut(str(data[names[1]]))}]`."
    return f"{listed(names)} are given at once; one bound is allowed", hint


FAR_AHEAD = 60  # days; what is written for a day this far away is rarely meant


def dated_ahead(review: Review) -> Iterator[Remark]:
    """A check-in or amendment dated far in the future.

    Nothing in it counts until that day; as a rule the year is wrong.

    Wrong: `date: 2027-08-18`, read on 2026-08-20.

    Right: `date: 2026-08-18`.
    """
    portfolio = review.portfolio
    items: list[CheckIn | Amendment] = [*portfolio.check_ins.values()]
    items += portfolio.amendments.values()
    for item in items:
        ahead = (item.date - review.as_of).days
        if ahead > FAR_AHEAD:
            kind = "check-ins" if isinstance(item, CheckIn) else "amendments"
            message = f"dated {ahead} days from now; until then it is not counted"
            yield review.says(item, message, "Is the year right?", f"{kind}/{item.id}", "date")


def plan_unused(review: Review) -> Iterator[Remark]:
    """A plan beside a measure that has no start and target.

    The plan says which values are expected on the way from start to target; without the two
    there is no way, and the plan is not used.

    Wrong: `milestones` with `plan: {2026-07-31: 2}`.

    Right: `due` on each milestone; or `start` and `target` with the plan.
    """
    for result in review.results:
        if "plan" in result.raw and any(_is_missing(result, field) for field in _LEVELS):
            message = "`plan` is not used: it needs a `start` and a `target`"
            yield result.says(message, "Add both, or remove the plan.", "plan")


def _is_missing(result: Result, field: str) -> bool:
    return result.raw.get(field, "unknown") == "unknown"


def checked_in_early(review: Review) -> Iterator[Remark]:
    """A check-in dated before the period of its key result began.

    It counts all the same, and is as a rule a slip in the date, or meant for the goal before.

    Wrong: `date: 2026-06-20` for a key result of the third quarter.

    Right: `date: 2026-07-20`; what was known before is the `start` of the key result.
    """
    for result in review.results:
        period = result.goal.period
        for entry in review.world.ledger.entries.get(result.ref, ()):
            if period is None or entry.day >= period.start:
                break
            item = review.check_in_of(entry)
            message = f"{entry.day} lies before {cut(period.title)} began ({period.start})"
            hint = "Correct the `date`, or check in on the goal of that time."
            yield review.says(item, message, hint, result.ref, "key_results", result.ref)


def ends_before_start(review: Review) -> Iterator[Remark]:
    """An initiative that is due before it starts.

    One of the two days is wrong, and every chart of it would run backwards.

    Wrong: `start: 2026-08-01` with `due: 2026-07-01`.

    Right: `start: 2026-07-01` with `due: 2026-08-01`.
    """
    for item in review.portfolio.initiatives.values():
        if item.start and item.due and item.due < item.start:
            message = f"due on {item.due}, before it starts on {item.start}"
            hint = "Swap `start` and `due`, or correct the year."
            yield review.says(item, message, hint, f"initiatives/{item.id}", "due")


def unknown_state(review: Review) -> Iterator[Remark]:
    """An initiative's state that is no column of the board.

    The workflow in `mkdocs.yml` names the states; work in any other is on no board and never done.

    Wrong: `state: dooing`.

    Right: `state: doing`.
    """
    known = [stage.name for stage in review.world.settings.workflow]
    for item in review.portfolio.initiatives.values():
        if item.state is not None and item.state not in known:
            yield _state(review, item, item.state, known, item.id, "state")
    for check_in in review.portfolio.check_ins.values():
        for name, move in check_in.initiatives.items():
            if move.state is not None and move.state not in known:
                loc = ("initiatives", name, "state")
                yield _state(review, check_in, move.state, known, name, *loc)


def _state(
    review: Review, noun: FileNoun, state: str, known: list[str], name: str, *loc: str
) -> Remark:
    message = f"`{cut(state)}` is no state of the workflow"
    hint = did_you_mean(state.lower(), known) or f"Allowed: {listed(known)}."
    remark = review.says(noun, message, hint, f"initiatives/{name}", *loc)
    if isinstance(noun, CheckIn):  # a column may have got another name since
        return remark
    document = review.portfolio.documents[noun.path]
    return replace(remark, fix=rewritten(document, loc, same_name(state, known)))
