"""Rules about work and what comes of it: initiatives, and the goals they are for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from okrsite.okr.flow import Flow
from okrsite.okr.ledger import Entry
from okrsite.okr.model import Initiative, Measure, SaidStatus
from okrsite.okr.rules.review import Goal, Remark, Result, Review, cut, days, listed
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.okr.status import Status

HARDLY = Fraction(1, 10)
_YES_OR_NO = (Measure.BOUND, Measure.DONE)
_NEXT = "Say when the effect is due, or what to do instead."


def done_without_outcome(review: Review) -> Iterator[Remark]:
    """All the work is done and the outcome has not moved.

    Either the work was not what the goal needed, or its effect is still to come; both are news.

    Wrong: every initiative in `done`, and the key result at 5 %.

    Right: say in a check-in when the effect is expected, or begin something else.
    """
    for result in review.running_results:
        done = _all_done(review, review.portfolio.initiatives_for.get(result.ref, ()))
        if done and result.score.measure is not Measure.INITIATIVES and _is_flat(result.score):
            yield result.says(*_no_outcome(done, result.score))
    for goal in review.running_goals:
        if goal.objective.id not in review.portfolio.initiatives_for:
            continue
        done = _all_done(review, _contributing(review, goal))
        if done and _is_flat(goal.score):
            yield goal.says(*_no_outcome(done, goal.score), "title")


def _contributing(review: Review, goal: Goal) -> list[str]:
    refs = [
        goal.objective.id,
        *(f"{goal.objective.id}/{kr.id}" for kr in goal.objective.key_results),
    ]
    links = review.portfolio.initiatives_for
    return list(dict.fromkeys(name for ref in refs for name in links.get(ref, ())))


def _all_done(review: Review, names: Iterable[str]) -> list[str]:
    found = list(names)
    finished = all(review.flows[name].state == review.last_stage for name in found)
    return found if finished else []


def _is_flat(score: KeyResultScore | ObjectiveScore) -> bool:
    if score.progress is None:
        return score.status is Status.NO_DATA
    late = score.status in (Status.OFF_TRACK, Status.AT_RISK)
    return score.status is Status.OFF_TRACK or (late and score.progress <= HARDLY)


def _no_outcome(done: list[str], score: KeyResultScore | ObjectiveScore) -> tuple[str, str]:
    work = f"{listed(done[:5])} {'is' if len(done) == 1 else 'are'} done"
    if score.progress is None:
        return f"{work}, and nobody has measured the outcome", "Check in the value."
    if isinstance(score, KeyResultScore) and score.measure in _YES_OR_NO:
        return f"{work}, and the key result is not met", _NEXT
    expected = int((score.expected or Fraction(0)) * 100)
    message = f"{work}, and the outcome stands at {int(score.progress * 100)} % of {expected} %"
    return f"{message} expected", _NEXT


def rosier_than_numbers(review: Review) -> Iterator[Remark]:
    """An owner who says on track where the numbers say otherwise.

    Often the owner knows more than the numbers. Then the text should say what.

    Wrong: `status: on-track` at 20 % with 55 % expected, without a word why.

    Right: the same with the reason in the check-in's text, or `status: at-risk`.
    """
    for result in review.running_results:
        score = result.score
        behind = score.status in (Status.AT_RISK, Status.OFF_TRACK)
        if not behind or score.said != SaidStatus.ON_TRACK:
            continue
        entry = next((e for e in reversed(score.entries) if e.said), None)
        if entry:
            yield _rosier(review, result, entry)


def _rosier(review: Review, result: Result, entry: Entry) -> Remark:
    score, message = result.score, "said to be on track"
    if score.measure not in _YES_OR_NO:
        progress = int((score.progress or Fraction(0)) * 100)
        message += f" at {progress} % of {int((score.expected or Fraction(0)) * 100)} % expected"
    message += f"; by the numbers it is {score.status}"
    loc = ("key_results", result.ref, "status")
    hint = "Say in the text what the numbers do not show."
    return review.says(review.check_in_of(entry), message, hint, result.ref, *loc)


def overdue(review: Review) -> Iterator[Remark]:
    """An initiative past its due date and not done.

    A date that has passed without a word makes every other date worth less.

    Wrong: `due: 2026-08-01`, in `doing` on 20 August.

    Right: done; or a new `due` with an amendment that says why.
    """
    for item, flow in _unfinished(review):
        if item.due and item.due < review.as_of:
            late = days((review.as_of - item.due).days)
            message = f"due {late} ago and still in `{cut(flow.state)}`"
            hint = "Finish it, or amend `due` and say why."
            yield review.says(item, message, hint, f"initiatives/{item.id}", "due")


def _unfinished(review: Review) -> Iterator[tuple[Initiative, Flow]]:
    for name, item in review.portfolio.initiatives.items():
        if review.flows[name].state != review.last_stage:
            yield item, review.flows[name]


def for_nothing(review: Review) -> Iterator[Remark]:
    """An initiative that contributes to no goal.

    It may be good work. If it is, some goal is missing.

    Wrong: an initiative without `contributes_to`.

    Right: `contributes_to: [improve-quality/escaped-bugs]`.
    """
    for item, _ in _unfinished(review):
        written = review.portfolio.documents[item.path].data.get("contributes_to")
        if not item.contributes_to and written in (None, []):
            message = "contributes to no goal"
            hint = "Add `contributes_to:` with the key result it is meant to move."
            yield review.says(item, message, hint, f"initiatives/{item.id}", "title")


def blocked_too_long(review: Review) -> Iterator[Remark]:
    """An initiative blocked for longer than the cadence.

    It has been through at least one round of check-ins without anybody clearing the way.

    Wrong: `blocked: waiting for the licence` since 16 days.

    Right: somebody named who clears it, or the work put back to `ready`.
    """
    for item, flow in _unfinished(review):
        if flow.blocked is None or flow.blocked_since is None:
            continue
        stuck = (review.as_of - flow.blocked_since).days
        if stuck > review.cadence:
            step = review.world.ledger.steps[item.id][-1]
            # Both days count, as they do in the flow.
            message = f"blocked for {days(stuck + 1)}: {cut(flow.blocked, 80)}"
            hint = "Name who clears the way, or put the work back."
            check_in = review.portfolio.check_ins[step.check_in]
            loc = ("initiatives", item.id, "blocked")
            yield review.says(check_in, message, hint, f"initiatives/{item.id}", *loc)


def too_much_at_once(review: Review) -> Iterator[Remark]:
    """More work of one team in a state than its limit allows.

    The limit is there so that things get finished; what came last should wait.

    Wrong: five initiatives of a team in `doing`, with `wip: 3`.

    Right: two of them put back to `ready`.
    """
    limits = {s.name: s.wip for s in review.world.settings.workflow if s.wip is not None}
    groups: dict[tuple[str, str], list[Initiative]] = defaultdict(list)
    for item, flow in _unfinished(review):
        if item.team and flow.state in limits:
            groups[item.team, flow.state].append(item)
    for (team, state), items in groups.items():
        limit = limits[state]
        if len(items) > limit:
            last = max(items, key=lambda i: (str(review.flows[i.id].since or ""), i.id))
            title = cut(review.portfolio.teams[team].title)
            message = f"{title} has {len(items)} initiatives in `{state}`; {limit} are allowed"
            hint = f"Finish or put back one of {listed([item.id for item in items][:10])}."
            yield review.says(last, message, hint, f"initiatives/{last.id}", "team")


def waits_for_later(review: Review) -> Iterator[Remark]:
    """An initiative due before something it depends on.

    It cannot be done by its day unless the other one is early.

    Wrong: `due: 2026-08-01`, depending on an initiative due on 2026-08-20.

    Right: the two in the order in which they can be done.
    """
    for item, _ in _unfinished(review):
        for name in item.depends_on:
            other = review.portfolio.initiatives[name]
            open_still = review.flows[name].state != review.last_stage
            if item.due and other.due and open_still and item.due < other.due:
                message = f"due on {item.due}, but waits for `{name}`, due on {other.due}"
                hint = "Move one of the two days, or drop the dependency."
                yield review.says(item, message, hint, f"initiatives/{item.id}", "due")


def done_with_open_tasks(review: Review) -> Iterator[Remark]:
    """An initiative that is done while its task list is not.

    One of the two is not true, and a reader of both believes neither.

    Wrong: `done`, with three lines `- [ ]` in the text.

    Right: the lines ticked, or struck out with a word why.
    """
    for name, item in review.portfolio.initiatives.items():
        flow = review.flows[name]
        left = len(flow.tasks) - flow.tasks_done
        if left and flow.state == review.last_stage:
            message = f"done, with {left} of {len(flow.tasks)} tasks open"
            hint = "Tick them, or remove what was not needed."
            yield review.says(item, message, hint, f"initiatives/{name}", "title")
