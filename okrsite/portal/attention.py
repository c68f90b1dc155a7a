"""What needs attention: findings and blocked work as rows, worst first, with whose and how long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from okrsite.okr.model import Measure
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.status import WORST_FIRST, Status
from okrsite.portal.explain import bound_words
from okrsite.portal.links import Link
from okrsite.portal.parts import Desk, StatusMark, status_mark
from okrsite.portal.rows import is_suspect
from okrsite.portal.weekly import key_result_status_on
from okrsite.portal.words import count, gap, number, percent, shortened, span, with_unit


@dataclass(frozen=True, slots=True)
class Concern:
    """One row: what, why now, whose, and for how long."""

    mark: StatusMark
    what: Link
    why: str
    ask: str
    whose: tuple[Link, ...]
    team: tuple[Link, ...]
    lasting: str
    rank: tuple[int, int]


def concerns(desk: Desk, objectives: Iterable[str], initiatives: Iterable[str]) -> list[Concern]:
    """Everything of these goals and initiatives that somebody should look at, worst first."""
    found: list[Concern] = []
    for name in objectives:
        item = desk.book.portfolio.objectives[name]
        for kr in item.key_results:
            found += _key_result(desk, f"{name}/{kr.id}")
        found += _link(desk, name)
    for name in initiatives:
        found += _initiative(desk, name)
    return sorted(found, key=lambda concern: concern.rank)


def _key_result(desk: Desk, ref: str) -> Iterator[Concern]:
    book, score = desk.book, desk.book.scorecard.key_results[ref]
    why, ask, lasting = _reason(book, score)
    if not why:
        return
    item = book.portfolio.objectives[ref.partition("/")[0]]
    owner = desk.links.person(score.asked.owner or item.owner)
    team = desk.links.team(score.asked.team or item.team)
    yield Concern(
        mark=status_mark(score.status),
        what=Link(shortened(score.asked.title), desk.links.goal(ref)),
        why=why,
        ask=ask,
        whose=(owner,) if owner else (Link("nobody yet"),),
        team=(team,) if team else (),
        lasting=span(lasting) if lasting else "",
        rank=(WORST_FIRST.index(score.status), -lasting),
    )


def _reason(book: Book, score: KeyResultScore) -> tuple[str, str, int]:
    """Why a key result needs a look, what to ask about it, and since how many days."""
    period = book.world.period(score.ref)
    if period is None or score.status in (Status.DROPPED, Status.NOT_STARTED):
        return "", "", 0
    since_start = (book.as_of - period.start).days
    if score.asked.unreadable:
        why = "Its measure cannot be read, so it counts as 0 %"
        return why, f"{why}. Who mends the file?", 0
    if score.measure is Measure.UNKNOWN:
        unknown = "Baseline" if score.asked.start is None else "Target"
        why = f"{unknown} still unknown, so nothing counts yet"
        return why, f"{why}. Who can measure it first?", since_start
    if work := _work_without_outcome(book, score):
        return (
            f"{_stand(score)}; {work}",
            f"{work[0].upper()}{work[1:]}. What else?",
            _lasting(book, score),
        )
    if score.status is Status.NO_DATA:
        why = f"No check-in; the rhythm is {count(book.settings.cadence, 'day')}"
        return why, "No check-in yet. What is the first number?", since_start
    if silent := _silence(book, score):
        why = f"Nothing checked in for {span(silent)}"
        return f"{why}; last {_stand(score)}", f"{why}. What is the number?", silent
    if score.status is Status.OFF_TRACK:
        return _off_track(book, score)
    if score.said == "on-track" and score.status is Status.AT_RISK:
        why = f"Owner says on track, the numbers say at risk: {_stand(score)}"
        return (
            why,
            f"{_stand(score)}. The owner says on track: what do we not see?",
            _lasting(book, score),
        )
    return "", "", 0


def _off_track(book: Book, score: KeyResultScore) -> tuple[str, str, int]:
    why = _stand(score)
    fall = _confidence_fall(score)
    full = f"{why}; {fall}" if fall else why
    return full, f"{why}. What changes before the next check-in?", _lasting(book, score)


def _stand(score: KeyResultScore) -> str:
    kr = score.asked
    if score.measure is Measure.BOUND and score.value is not None:
        return f"{with_unit(score.value, kr.unit)}, bound is {bound_words(kr)}"
    if score.value is not None and kr.target is not None:
        falls = kr.start is not None and kr.target < kr.start
        text = f"{number(score.value)}{', target' if falls else ' of'} "
        text += with_unit(kr.target, kr.unit)
    elif score.progress is not None:
        text = f"{percent(score.progress)} of the way"
    else:
        return "no data"
    if score.progress is not None and score.expected is not None:
        text += f", {gap(score.progress, score.expected)}"
    return text


def _confidence_fall(score: KeyResultScore) -> str:
    known = [e.confidence for e in score.entries if e.confidence is not None]
    if len(known) < 2 or known[-1] >= known[-2]:
        return ""
    return f"confidence fell from {number(known[-2])} to {number(known[-1])}"


def _silence(book: Book, score: KeyResultScore) -> int:
    """Days without a check-in, where that is longer than the cadence twice over; else 0."""
    if not score.entries or score.measure in (Measure.OBJECTIVES, Measure.INITIATIVES, Measure.KPI):
        return 0
    days = (book.as_of - score.entries[-1].day).days
    return days if days > book.settings.cadence else 0


def _work_without_outcome(book: Book, score: KeyResultScore) -> str:
    names = book.portfolio.initiatives_for.get(score.ref, ())
    last = book.settings.workflow[-1].name
    finished = names and all(book.flows[name].state == last for name in names)
    if not finished or score.status is not Status.OFF_TRACK:
        return ""
    done = f"{len(names)} of {count(len(names), 'initiative')}"
    return f"{done} {'is' if len(names) == 1 else 'are'} done and the outcome has not moved enough"


def _lasting(book: Book, score: KeyResultScore) -> int:
    """For how many days the status has been what it is, as the check-ins tell."""
    since = book.as_of
    for entry in reversed(score.entries):
        if key_result_status_on(book, score.ref, entry.day) is not score.status:
            break
        since = entry.day
    return max(1, (book.as_of - since).days)


def _link(desk: Desk, name: str) -> Iterator[Concern]:
    book = desk.book
    item = book.portfolio.objectives[name]
    if not is_suspect(book, name) or item.parent is None:
        return
    changes = [
        change
        for ref in (item.parent, item.parent.partition("/")[0])
        for change in book.world.goalposts.get(ref, ())
    ]
    days = (book.as_of - changes[-1].amendment.date).days if changes else 0
    owner, team = desk.links.person(item.owner), desk.links.team(item.team)
    why = "Parent was changed after this was written; not looked at since"
    yield Concern(
        mark=StatusMark("moved", "Link is suspect"),
        what=desk.links.objective(name),
        why=why,
        ask=f"{why}. Does it still lead there?",
        whose=(owner,) if owner else (Link("nobody yet"),),
        team=(team,) if team else (),
        lasting=span(days) if days else "",
        rank=(len(WORST_FIRST), -days),
    )


def _initiative(desk: Desk, name: str) -> Iterator[Concern]:
    book, flow = desk.book, desk.book.flows[name]
    item = book.portfolio.initiatives[name]
    late = (book.as_of - item.due).days if item.due and flow.done_on is None else 0
    if flow.blocked:
        begun = flow.blocked_since or book.as_of
        days, status, word = (book.as_of - begun).days + 1, Status.OFF_TRACK, "Blocked"
        why, ask = f"Blocked: {flow.blocked}", "Who can ask, and what can start without it?"
    elif late > 0 and flow.state != book.settings.workflow[-1].name:
        days, status, word = late, Status.AT_RISK, "Late"
        why, ask = f"Due {span(late)} ago, still {flow.state}", "What is left, and does it matter?"
    else:
        return
    owner, team = desk.links.person(item.owner), desk.links.team(item.team)
    yield Concern(
        mark=StatusMark(str(status), word),
        what=desk.links.initiative(name),
        why=why,
        ask=f"{why}. {ask}",
        whose=(owner,) if owner else (Link("nobody yet"),),
        team=(team,) if team else (),
        lasting=span(days),
        rank=(WORST_FIRST.index(status), -days),
    )
