"""What of a commit's files a record of one period is made of; the others are left unread.

Whatever bears upon a record names one of its goals, or is named by one, at some remove. The names
are followed as far as they lead, in one of four roles:

- *kept* is what has to be there, so that a reference leads to it. What it names is kept as well.
- *counted* is what has numbers that matter. What is said or amended of it is kept, work for it is
  counted, and so are the goals below it where it takes its progress from such.
- *own* are the goals that are in the period, or once were: they are counted, and own is too what
  they serve, up to the top.
- *heard* is a check-in of the period: it is in the record, whatever it speaks of. The work in it
  is counted, and what corrects it is heard.

Kept besides are check-ins on KPIs, of whatever day, since a reading holds until the next one; what
the records of other closed periods say; and what git has as taken out of, or moved from, the
period. Periods, teams, people and KPIs are all read. Anything else is in no list of the record and
in no number of it: more may be read, never less.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from okrsite.okr.model import CheckIn, FileNoun, Initiative, Objective, Period, ProgressFrom
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.history import History
from okrsite.okr.past.watched import INITIATIVES, OBJECTIVES
from okrsite.okr.snapshot.closed import Closed, spoken_in
from okrsite.okr.snapshot.mentions import Mentions, id_of, names_of

_FROM_BELOW = "objectives"  # what a key result is `from` that adds up other goals


class Role(StrEnum):
    """How far a name leads."""

    KEPT = "kept"
    COUNTED = "counted"
    OWN = "own"
    HEARD = "heard"


Step = tuple[Role, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The record that is to be made, and what git knows of the goals by then."""

    period: Period
    day: date
    history: History


def needed(mentions: Mentions, closed: Closed, asked: Asked) -> Set[str]:
    """The ids of all that the record asked for can be made of, but for periods, teams, people."""
    summing = frozenset(_once_summing(asked.history))
    todo = list(_first(mentions, closed, asked))
    done: set[Step] = set()
    while todo:
        step = todo.pop()
        if step not in done:
            done.add(step)
            todo += _next(mentions, step, summing)
    return {name for _, name in done}


def _first(mentions: Mentions, closed: Closed, asked: Asked) -> Iterator[Step]:
    """From where the names are followed."""
    period = asked.period
    goals = (noun for noun in mentions.naming(period.id) if isinstance(noun, Objective))
    own = {*(goal.id for goal in goals), *_once_in(asked.history, period.id)}
    yield from ((Role.OWN, name) for name in own)
    yield from ((Role.KEPT, name) for name in _once_for(asked.history, own))
    yield from ((Role.HEARD, item.id) for item in mentions.said(period.start, asked.day))
    yield from ((Role.KEPT, item.id) for item in mentions.readings())
    recorded = (path for record in closed.records.values() for path in spoken_in(record))
    yield from ((Role.KEPT, id_of(path)) for path in (*closed.nouns, *recorded))


def _next(mentions: Mentions, step: Step, summing: Set[str]) -> Iterator[Step]:
    """Where a name leads in its role."""
    role, name = step
    match role:
        case Role.KEPT:
            refs = (ref for noun in mentions.called(name) for ref in names_of(noun))
            yield from ((Role.KEPT, ref) for ref in refs)
        case Role.COUNTED:
            yield Role.KEPT, name
            sums = name in summing or any(map(_sums, mentions.called(name)))
            for noun in mentions.naming(name):
                yield from _told_of(noun, name, sums)
        case Role.OWN:
            yield Role.COUNTED, name
            goals = (noun for noun in mentions.called(name) if isinstance(noun, Objective))
            yield from ((Role.OWN, _whole(goal.parent)) for goal in goals if goal.parent)
        case Role.HEARD:
            yield Role.KEPT, name
            said = (noun for noun in mentions.called(name) if isinstance(noun, CheckIn))
            yield from ((Role.COUNTED, work) for item in said for work in item.initiatives)
            after = (noun for noun in mentions.naming(name) if isinstance(noun, CheckIn))
            yield from ((Role.HEARD, item.id) for item in after if item.corrects == name)


def _told_of(noun: FileNoun, name: str, sums: bool) -> Iterator[Step]:
    """What it comes to that a noun names something counted, which `sums` what is below it."""
    match noun:
        case Objective():
            if sums and noun.parent and _whole(noun.parent) == name:
                yield Role.COUNTED, noun.id
        case Initiative():
            if name in map(_whole, noun.contributes_to):
                yield Role.COUNTED, noun.id
        case _:
            yield Role.KEPT, noun.id


def _sums(noun: FileNoun) -> bool:
    """Whether it may take a number from the objectives below it."""
    if not isinstance(noun, Objective):
        return False
    usual = ProgressFrom.KEY_RESULTS if noun.key_results else ProgressFrom.CHILDREN
    rolls_up = (noun.progress_from or usual) is not ProgressFrom.KEY_RESULTS
    return rolls_up or any(kr.source == _FROM_BELOW for kr in noun.key_results)


# --- what git has ---------------------------------------------------------------------------------


def _once_in(history: History, period: str) -> Iterator[str]:
    """The goals that were ever in a period: what was changed in them then may be told of it."""
    for change in history.changes:
        if change.kind == OBJECTIVES and (
            change.period == period or period in _said(change, "period")
        ):
            yield _whole(change.subject)


def _once_for(history: History, goals: Set[str]) -> Iterator[str]:
    """What was ever below `goals`, or work for them: that it left is told in its team's row."""
    for change in history.changes:
        if change.kind in (OBJECTIVES, INITIATIVES):
            said = (*_said(change, "parent"), *_said(change, "contributes_to"))
            if not goals.isdisjoint(map(_whole, said)):
                yield _whole(change.subject)


def _once_summing(history: History) -> Iterator[str]:
    """The goals of which a key result ever added up the goals below: that is undone day by day."""
    for change in history.changes:
        if change.kind == OBJECTIVES and _FROM_BELOW in _said(change, "from"):
            yield _whole(change.subject)


def _said(change: FieldChange, field: str) -> Iterator[str]:
    """What a change has as a field before and after, one by one where that is a list."""
    for side in (change.was, change.now):
        if change.field:
            value = side if change.field == field else None
        else:
            value = side.get(field) if isinstance(side, Mapping) else None
        values: Iterable[object] = value if isinstance(value, tuple | list) else (value,)
        yield from (str(one) for one in values if one is not None)


def _whole(ref: str) -> str:
    return ref.partition("/")[0]
