"""Rules about how many goals there are, whose they are, and what they hang on."""

from collections import defaultdict
from collections.abc import Iterator

from okrsite.okr.model import Measure
from okrsite.okr.progress import parts_of
from okrsite.okr.rules.review import Goal, Remark, Result, Review, cut, listed

MOST_OBJECTIVES = 3
MOST_KEY_RESULTS = 5


def too_many_objectives(review: Review) -> Iterator[Remark]:
    """More than 3 objectives of one team in one period.

    Goals are for choosing. Whoever has six has not said yet what can wait.

    Wrong: a team with five objectives in the third quarter.

    Right: the three that matter most; the others wait for a later period.
    """
    groups: dict[tuple[str, str], list[Goal]] = defaultdict(list)
    for goal in review.open_goals:
        if goal.objective.team and goal.period:
            groups[goal.objective.team, goal.period.id].append(goal)
    for (team, _), goals in groups.items():
        if len(goals) > MOST_OBJECTIVES:
            beyond = goals[MOST_OBJECTIVES]
            where = beyond.period.title if beyond.period else ""
            title = review.portfolio.teams[team].title
            message = f"{cut(title)} has {len(goals)} objectives in {cut(where)}"
            message += f"; {MOST_OBJECTIVES} are enough"
            names = listed([goal.objective.id for goal in goals][:10])
            hint = f"Choose among {names}."
            yield beyond.says(message, hint, "team")


def too_many_key_results(review: Review) -> Iterator[Remark]:
    """More than 5 key results in one objective.

    Two to five can be held in mind; a longer list is a list of tasks, or two objectives.

    Wrong: an objective with eight key results.

    Right: the three that prove it was reached.
    """
    for goal in review.open_goals:
        count = len(goal.objective.key_results)
        if count > MOST_KEY_RESULTS:
            message = f"{count} key results; {MOST_KEY_RESULTS} are enough"
            hint = "Keep those that prove the objective; make the work initiatives."
            yield goal.says(message, hint, "key_results", MOST_KEY_RESULTS)


def no_owner(review: Review) -> Iterator[Remark]:
    """An objective without an owner.

    What everybody owns nobody reports. A key result without one has the objective's.

    Wrong: an objective with `team` and no `owner`.

    Right: `owner: ana`.
    """
    for goal in review.open_goals:
        if goal.objective.owner is None and not goal.wrote("owner"):
            hint = "Add `owner:` with one person who will report on it."
            yield goal.says("nobody owns this objective", hint, "title")


def no_team(review: Review) -> Iterator[Remark]:
    """An objective without a team, in a company that has teams.

    It is on no team's page and in no team's score.

    Wrong: an objective with an `owner` and no `team`.

    Right: `team: platform`.
    """
    for goal in review.open_goals if review.portfolio.teams else ():
        if goal.objective.team is None and not goal.wrote("team"):
            yield goal.says("no team has this objective", "Add `team:`.", "title")


def unaligned(review: Review) -> Iterator[Remark]:
    """An objective of a team that leads to no other goal.

    A reader asks why the team does this. The company's own goals are the top and need no answer;
    where the company has none yet, there is nothing to lead to.

    Wrong: a squad's objective with neither `parent` nor `supports`.

    Right: `parent: improve-quality`, or `supports: [improve-quality]`.
    """
    company = set(review.portfolio.company())
    has_top = any(team in review.portfolio.team_objectives for team in company)
    has_top = has_top or any(team in company for team, _ in review.scorecard.teams)
    for goal in review.open_goals if has_top else ():
        team = goal.objective.team
        if team is None or team in company:
            continue
        if not goal.wrote("parent") and not goal.wrote("supports"):
            message = "leads to no other goal: neither `parent` nor `supports`"
            hint = "Add the objective or key result that this one serves."
            yield goal.says(message, hint, "title")


def not_yet_measurable(review: Review) -> Iterator[Remark]:
    """A key result whose start or target is not known yet.

    It is shown and not counted; every week without the number is a week nobody can steer by it.

    Wrong: `start: unknown`.

    Right: `start: 42`, after measuring once.
    """
    for result in review.open_results:
        fields = [name for name in ("start", "target") if result.raw.get(name) == "unknown"]
        if fields and result.kr.source is None:
            message = f"not yet measurable: {listed(fields)} unknown"
            hint = "Measure once and write the number; until then it does not count."
            yield result.says(message, hint, fields[0])


def nothing_below(review: Review) -> Iterator[Remark]:
    """An objective without key results and without children.

    Nothing can show whether it was reached.

    Wrong: a title, a team and a paragraph.

    Right: two to five key results, or other objectives with this one as their `parent`.
    """
    for goal in review.open_goals:
        bare = not goal.objective.key_results and not goal.wrote("key_results")
        if bare and goal.objective.id not in review.portfolio.children:
            message = "no key results and no children: nothing shows whether it is reached"
            yield goal.says(message, "Add `key_results:`.", "title")


def nothing_feeds_it(review: Review) -> Iterator[Remark]:
    """A progress taken from objectives or initiatives that are not there.

    It waits for work that nobody has attached, and has no data until somebody does.

    Wrong: `from: initiatives`, and no initiative contributes to the key result.

    Right: an initiative with `contributes_to: [quality/refactoring]`.
    """
    for goal in review.open_goals:
        named = goal.objective.progress_from
        bare = not any(parts_of(review.portfolio, goal.objective))
        elsewhere = goal.objective.key_results or goal.objective.id in review.portfolio.children
        if named is not None and bare and elsewhere:
            message = f"`progress_from: {named}`, but there are none"
            hint = "Remove the line: what there is counts by itself."
            yield goal.says(message, hint, "progress_from")
    for result in review.open_results:
        yield from _unfed(review, result)


def _unfed(review: Review, result: Result) -> Iterator[Remark]:
    portfolio, ref = review.portfolio, result.ref
    if result.score.measure is Measure.INITIATIVES and ref not in portfolio.initiatives_for:
        message = "`from: initiatives`, but no initiative contributes to this key result"
        yield result.says(message, f"Add `contributes_to: [{ref}]` to one.", "from")
    if result.score.measure is Measure.OBJECTIVES and ref not in portfolio.children:
        message = "`from: objectives`, but no objective has this key result as its parent"
        yield result.says(message, f"Add `parent: {ref}` to one.", "from")
