"""Rules about what a goal says: outcomes instead of tasks, a baseline, one meaning."""

import re
from collections.abc import Iterator

from okrsite.okr.model import KeyResult, Measure
from okrsite.okr.rules.review import Remark, Result, Review, cut


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs whose count is still work done: ten workshops held are no outcome.
_WORK = _words(
    """arrange attend brainstorm circulate compile conduct discuss draft email film hold
    host initiate organise organize perform prepare present publish record run schedule send share
    survey use visit write"""
)
# Verbs of delivery: a number of one's own makes an outcome of them, a tick does not.
_DELIVERY = _words(
    """add analyse analyze assess audit automate begin build collect complete continue create
    define deliver deploy design develop document establish evaluate execute explore
    facilitate finalise finalize finish form gather hire identify implement install
    integrate introduce investigate launch make map migrate move participate pilot plan
    produce provide recruit redesign refactor release replace research review rewrite roll
    set ship start study submit support test train try update upgrade work"""
)
# Those among them that may as well begin a noun: "Test coverage", "Support tickets".
_NOUNS = _words(
    """audit collect contact deploy design document draft email film form hire host launch map move
    plan present record release research review run set share ship start study support survey test
    train try update visit work"""
)
_BEGINNING = re.compile(r"\W*(?:to\s+)?([A-Za-z]+(?:['’-][A-Za-z]+)*)(?:\s+(\S+))?", re.IGNORECASE)
_OBJECT = re.compile(
    r"(?:an?|the|our|all|every|each|more|new|two|three|four|five|six|ten|\d[\d.,]*|at|with|to|on"
    r"|(?:bi-?)?(?:weekly|monthly)|daily|quarterly|regular)$",
    re.IGNORECASE,
)
_RECURRING = re.compile(r"(?:bi-?)?(?:weekly|monthly)|daily|quarterly|regular", re.IGNORECASE)
_HEAD = re.compile(
    r"(?:accuracy|adoption|backlogs?|calls?|cases?|completion|conversion|costs?|counts?|coverage"
    r"|cycles?|dates?|days?|duration|efficiency|errors?|failures?|frequency|hours|latency|length"
    r"|points?|quality|rates?|readiness|requests?|results?|revenue|satisfaction|scores?|size|speed"
    r"|success|tickets?|times?|usage|volume|of|per|in|is|are|was|has|goes|needs|runs|takes|can"
    r"|\w+ed)\W*$",
    re.IGNORECASE,
)
_CHANGE = (
    r"(?:reduc|decreas|increas|improv|rais|lower|cut|grow|boost|shrink|drop|fall|lift|ris|expand"
    r"|extend|shorten|speed)\w*"
)
_OUTCOME = re.compile(
    rf"\bfrom\b.*\d.*\bto\b.*\d|\b{_CHANGE}\b.*\d|\d.*\b{_CHANGE}\b", re.IGNORECASE
)


def is_task(review: Review) -> Iterator[Remark]:
    """A key result that is something to do, not something that changes.

    Work can be finished without anybody being better off. It belongs in an initiative, and the
    key result says what the work is for.

    Wrong: `title: Send a welcome email to all new customers`.

    Right: `title: Decrease response time from 2 hours to 1 hour`.
    """
    for result in review.open_results:
        if _is_task(result):
            message = f"“{cut(result.kr.title)}” is something to do, not something that changes"
            hint = "Say what gets better, from which value to which; make the work an initiative."
            yield result.says(message, hint, "title")


def _is_task(result: Result) -> bool:
    begins = _BEGINNING.match(result.kr.title)
    if begins is None:
        return False
    verb, following = begins[1].lower(), begins[2] or ""
    if verb == "new":
        return _is_tick(result.kr) and not result.kr.unit and not following.endswith("s")
    if (verb not in _WORK and verb not in _DELIVERY) or _OUTCOME.search(result.kr.title):
        return False
    if verb in (*_NOUNS, "use") and (not following or _HEAD.match(following)):
        return False
    if "start" in result.raw or "target" in result.raw:
        if _is_tick(result.kr) or (_is_share(result.kr) and _names_object(verb, following)):
            return True
        counted_from_zero = verb in _WORK and not result.kr.start
        return counted_from_zero and _names_object(verb, following)
    if result.score.measure in (Measure.BOUND, Measure.KPI, Measure.OBJECTIVES):
        return verb in _WORK and bool(_RECURRING.match(following))
    done_when = result.kr.done_when or ""
    return verb in _WORK or not any(sign.isdigit() for sign in done_when)


def _is_tick(kr: KeyResult) -> bool:
    """Whether a number only says not done or done."""
    return kr.start == 0 and kr.target == 1


def _is_share(kr: KeyResult) -> bool:
    """Whether a number says how much of something is done."""
    percent = (kr.unit or "").strip().lower() in ("%", "percent", "per cent")
    return kr.start == 0 and kr.target == 100 and percent


def _names_object(verb: str, following: str) -> bool:
    """Whether `verb` is one here, and not the beginning of a noun."""
    return verb not in _NOUNS or bool(_OBJECT.match(following))


_AMOUNT = r"\d+(?:[.,]\d+)?\s*(?:%|percent\b|per\s+cent\b)(?!\s*-?\s*points?)"
_COMPARED = r"(?:more|fewer|less|faster|slower|higher|lower)"
_RELATIVE = re.compile(
    rf"\b(?:{_CHANGE}|{_COMPARED})\b.*?\b(?P<by>by\s+(?:\w+\s+){{0,2}}{_AMOUNT})"
    rf"|(?P<more>{_AMOUNT}\s+{_COMPARED})\b"
    # Not "double bookings", "double opt-in": a noun of its own.
    r"|^\W*(?P<times>double|triple|treble|quadruple|halve)"
    r"\s+(?!(?:bed|book|charg|check|count|digit|entr|glaz|opt|quot|room|shift)\w*)",
    re.IGNORECASE,
)


def no_baseline(review: Review) -> Iterator[Remark]:
    """A change "by 20 %" with no value that it starts from.

    A percentage of an unknown number, or of 0, cannot be checked by anybody.

    Wrong: `title: Reduce bugs by 30 %` with `start: unknown`.

    Right: the same title with `start: 140` and `target: 98`.
    """
    for result in review.open_results:
        if result.score.measure in (Measure.OBJECTIVES, Measure.INITIATIVES):
            continue
        unreadable = result.raw.get("start", "unknown") != "unknown" and result.kr.start is None
        if not result.kr.start and not unreadable and (found := _RELATIVE.search(result.kr.title)):
            amount = cut(found["by"] or found["more"] or found["times"])
            reason = "it starts at 0" if result.kr.start == 0 else "no `start` is known"
            message = f"“{amount}” of what: {reason}"
            hint = "Write the value of today as `start` and the value to reach as `target`."
            yield result.says(message, hint, "title")


_MONEY = "[€$£¥]"
_METRIC = re.compile(
    rf"{_MONEY}\s?\d|\d\s?{_MONEY}|\d+(?:[.,]\d+)?\s*(?:%|percent\b|per\s+cent\b)"
    r"|\b(?:by|to|from|at least|at most|under|over|below|above|than|within|in)\s+"
    r"(?!(?:19|20)\d\d\b)\d",
    re.IGNORECASE,
)


def metric_in_title(review: Review) -> Iterator[Remark]:
    """An objective whose title is a number.

    An objective says where to and why, so that people remember it; its key results say how much.

    Wrong: `title: Raise revenue to 12 M€`.

    Right: `title: Growth that pays for itself`, with a key result for the revenue.
    """
    for goal in review.open_goals:
        if _METRIC.search(goal.objective.title):
            message = "the objective's title holds a number; that is what key results are for"
            hint = "Say where to and why; move the number to a key result."
            yield goal.says(message, hint, "title")


_SIGNS = re.compile(r"[\W_]+")


def said_twice(review: Review) -> Iterator[Remark]:
    """A key result that says the same as another one of its objective, or of its team.

    The same number then counts twice, and two people check it in.

    Wrong: two key results titled `Fewer escaped bugs` in one team and period.

    Right: one of them, and `supports` from the other objective.
    """
    seen: dict[tuple[str, str, str], Result] = {}
    for result in review.open_results:
        words = _SIGNS.sub("", result.kr.title.casefold())
        for where in _neighbourhoods(result):
            first = seen.setdefault((*where, words), result)
            if first is not result:
                message = f"says the same as `{first.ref}`"
                hint = "Keep one of the two, or say what is different."
                yield result.says(message, hint, "title")
                break


def _neighbourhoods(result: Result) -> Iterator[tuple[str, str]]:
    goal = result.goal
    yield "objective", goal.objective.id
    team = result.kr.team or goal.objective.team
    if team and goal.period:
        yield team, f"in {goal.period.id}"


_LESS = re.compile(r"\W*(?:reduce|decrease|lower|cut|shrink|halve|fewer|less)\s", re.IGNORECASE)
_MORE = re.compile(r"\W*(?:increase|grow|raise|more)\s(?!than\b)", re.IGNORECASE)


def wrong_direction(review: Review) -> Iterator[Remark]:
    """A title that says less while the target says more, or the other way round.

    Start and target are probably swapped, and progress would be shown upside down.

    Wrong: `title: Reduce waiting time` with `start: 10` and `target: 30`.

    Right: `start: 30` and `target: 10`.
    """
    for result in review.open_results:
        kr = result.kr
        if kr.start is None or kr.target is None or kr.start == kr.target:
            continue
        less = _LESS.match(kr.title) and kr.start < kr.target and kr.start != 0
        more = _MORE.match(kr.title) and kr.start > kr.target
        if less or more:
            word, where = ("less", "above") if less else ("more", "below")
            message = f"the title says {word}, but `target` is {where} `start`"
            hint = "Swap `start` and `target`, or correct the title."
            yield result.says(message, hint, "target")
