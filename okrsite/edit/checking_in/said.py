"""Words and options as they were typed → what a new check-in says, or all that is wrong."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeVar

from okrsite.edit.checking_in.check_in import (
    INITIATIVES,
    KEY_RESULTS,
    KPIS,
    NewCheckIn,
    NewMove,
    NewUpdate,
    Subject,
    one_line,
)
from okrsite.edit.checking_in.readings import (
    read_milestones,
    read_number,
    read_share,
    read_state,
    read_status,
    read_value,
    takes,
)
from okrsite.edit.checking_in.subjects import KINDS, find_subject, meant
from okrsite.edit.files import EditError
from okrsite.okr.ledger import last_day
from okrsite.okr.model import CheckIn, Update
from okrsite.okr.naming import is_over, period_of
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.settings import Stage
from okrsite.okr.similar import did_you_mean
from okrsite.okr.values import ID_PATTERN

NOTHING = ("", "-")  # typed instead of a value: nothing new, or only a confidence
OF_COMPUTED = "a confidence (-c), a --status or a --score, since its value is computed"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood on the command line; every option as often as it was given."""

    words: tuple[str, ...] = ()
    confidence: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    score: tuple[str, ...] = ()
    corrects: str | None = None


@dataclass
class _Saying:
    """What has been understood so far, and what has not; only `understand` adds to it."""

    portfolio: Portfolio
    workflow: Sequence[Stage]
    day: date
    updates: dict[str, NewUpdate] = field(default_factory=dict)
    kpis: dict[str, Fraction] = field(default_factory=dict)
    moves: dict[str, NewMove] = field(default_factory=dict)
    typed: dict[Subject, str] = field(default_factory=dict)
    empty: list[Subject] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def understand(
    portfolio: Portfolio, workflow: Sequence[Stage], typed: Typed, new: NewCheckIn
) -> NewCheckIn:
    """`new`, of which day and author are known, with everything that `typed` says.

    Raises:
        EditError: with a line for each thing that is wrong.
    """
    saying = _Saying(portfolio, workflow, new.date)
    for name, value in _pairs(saying, typed.words):
        _tried(saying, _say, name, value)
    for one in typed.done:
        _tried(saying, _say_done, one)
    for one in typed.blocked:
        _tried(saying, _say_blocked, one)
    for one in _general_first(typed.confidence):
        _tried(saying, _say_of_results, "confidence", _sure, one)
    for one in _general_first(typed.status):
        _tried(saying, _say_of_results, "status", _called, one)
    for one in _general_first(typed.score):
        _tried(saying, _say_of_results, "score", _judged, one)
    corrects = _tried(saying, _corrected, typed.corrects) if typed.corrects else None
    if corrects is not None:
        saying.updates = _repeated(saying.updates, corrects)
    _ask_for_missing(saying)
    if saying.faults:
        raise EditError("\n".join(dict.fromkeys(saying.faults)))
    return replace(
        new,
        key_results=saying.updates,
        kpis=saying.kpis,
        initiatives=saying.moves,
        corrects=corrects.id if corrects else None,
        typed=saying.typed,
    )


def correcting(portfolio: Portfolio, new: NewCheckIn, wrong: str) -> NewCheckIn:
    """The same said as a correction of the check-in `wrong`."""
    updates = _repeated(new.key_results, portfolio.check_ins[wrong])
    return replace(new, key_results=updates, corrects=wrong)


T = TypeVar("T")


def _tried(saying: _Saying, do: Callable[..., T], *args: object) -> T | None:
    try:
        return do(saying, *args)
    except EditError as error:
        saying.faults.append(str(error))
        return None


# --- words ------------------------------------------------------------------------------------


def _pairs(saying: _Saying, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`ref value` and `ref=value`, one after the other; a last ref may stand alone."""
    waiting: str | None = None
    for word in map(str.strip, words):
        name, sign, value = word.partition("=")
        if waiting is None and not sign:
            waiting = word
        elif waiting is None:
            yield name, value
        elif sign and meant(saying.portfolio, name, saying.day):
            yield waiting, ""
            yield name, value
            waiting = None
        else:
            yield waiting, word
            waiting = None
    if waiting is not None:
        yield waiting, ""


def _say(saying: _Saying, name: str, value: str) -> None:
    subject = find_subject(saying.portfolio, name, saying.day)
    ref = subject.ref
    if ref in _said(saying, subject.kind):
        raise EditError(f"`{subject}` is named twice")
    saying.typed[subject] = value
    if subject.kind == KEY_RESULTS:
        _refuse_closed(saying, ref)
        kr = saying.portfolio.key_results[ref]
        saying.updates[ref] = NewUpdate()
        if value not in NOTHING:
            saying.updates[ref] = read_value(ref, kr, value)
        elif value == "":
            saying.empty.append(subject)
    elif value in NOTHING:
        saying.empty.append(subject)
    elif subject.kind == KPIS:
        saying.kpis[ref] = read_number(ref, value, saying.portfolio.kpis[ref].unit)
    else:
        saying.moves[ref] = NewMove(read_state(ref, value, saying.workflow))


def _said(saying: _Saying, kind: str) -> Iterable[str]:
    if kind == KEY_RESULTS:
        return saying.updates
    return saying.kpis if kind == KPIS else saying.moves


def _refuse_closed(saying: _Saying, ref: str) -> None:
    period = period_of(saying.portfolio, ref)
    if period is None or not is_over(period, saying.day):
        return
    end = last_day(period)
    sequels = saying.portfolio.sequels.get(ref.partition("/")[0], ())
    goes_on = f" `{sequels[0]}` goes on with it." if sequels else ""
    raise EditError(
        f"`{ref}`: {period.title} was closed on {end}; what is dated later no longer counts."
        f" If it was so by then, and the end is not on record yet: `--date {end}`.{goes_on}"
    )


# --- options ----------------------------------------------------------------------------------


def _general_first(options: Sequence[str]) -> list[str]:
    return sorted(options, key=lambda option: "=" in option)


def _target(saying: _Saying, kind: str, option: str) -> tuple[str | None, str]:
    """`REF=VALUE`, or a value alone for what the call speaks of."""
    name, sign, value = option.partition("=")
    if not sign or not re.fullmatch(rf"({ID_PATTERN}/)?{ID_PATTERN}", name):
        return None, option
    found = [s for s in meant(saying.portfolio, name, saying.day) if s.kind == kind]
    subject = found[0] if len(found) == 1 else find_subject(saying.portfolio, name, saying.day)
    if subject.kind != kind:
        raise EditError(f"`{name}` is no {KINDS[kind]}, so `{option[:60]}` cannot be said of it")
    if kind == KEY_RESULTS:
        _refuse_closed(saying, subject.ref)
    return subject.ref, value


def _sure(update: NewUpdate, typed: str) -> NewUpdate:
    return replace(update, confidence=read_share(typed))


def _judged(update: NewUpdate, typed: str) -> NewUpdate:
    return replace(update, score=read_share(typed, "score"))


def _called(update: NewUpdate, typed: str) -> NewUpdate:
    return replace(update, status=read_status(typed))


def _say_of_results(
    saying: _Saying, part: str, say: Callable[[NewUpdate, str], NewUpdate], option: str
) -> None:
    ref, value = _target(saying, KEY_RESULTS, option)
    refs = [ref] if ref else list(saying.updates)
    if not refs and not saying.faults:
        raise EditError(f"a {part} is of a key result: name one, as in REF={value}")
    for one in refs:
        saying.updates[one] = say(saying.updates.get(one, NewUpdate()), value)


def _say_done(saying: _Saying, option: str) -> None:
    target, value = _target(saying, KEY_RESULTS, option)
    ref = target or _the_only(KEY_RESULTS, saying.updates, "--done")
    before, kr = saying.updates.get(ref, NewUpdate()), saying.portfolio.key_results[ref]
    if not kr.milestones:
        raise EditError(f"`{ref}` has no milestones; it takes {takes(kr) or 'no value'}")
    names = (*before.done, *read_milestones(ref, kr, value))
    saying.updates[ref] = replace(before, done=tuple(dict.fromkeys(names)))


def _say_blocked(saying: _Saying, option: str) -> None:
    target, value = _target(saying, INITIATIVES, option)
    named = (*saying.moves, *(s.ref for s in saying.empty if s.kind == INITIATIVES))
    ref = target or _the_only(INITIATIVES, named, "--blocked")
    if not one_line(value):
        raise EditError(f"say why `{ref}` is blocked: --blocked {ref}=REASON")
    move, done = saying.moves.get(ref, NewMove()), saying.workflow[-1].name
    if move.state == done:
        raise EditError(f"`{ref}` is `{done}`, and what is done is not blocked; leave one out")
    saying.moves[ref] = replace(move, blocked=one_line(value))


def _the_only(kind: str, named: Iterable[str], option: str) -> str:
    refs = tuple(dict.fromkeys(named))
    if len(refs) == 1:
        return refs[0]
    raise EditError(f"{option}: say of which {KINDS[kind]}, as in {option} REF=…")


def _ask_for_missing(saying: _Saying) -> None:
    """A name alone is enough only where something else was said of it."""
    for subject in saying.empty:
        ref = subject.ref
        if subject.kind == KEY_RESULTS and saying.updates[ref] == NewUpdate():
            kr = saying.portfolio.key_results[ref]
            what = takes(kr) or OF_COMPUTED
            saying.faults.append(f"`{ref}` has no value; it takes {what}")
        elif subject.kind == KPIS:
            saying.faults.append(f"`{ref}` has no value; it takes a number")
        elif subject.kind == INITIATIVES and ref not in saying.moves:
            states = ", ".join(f"`{stage.name}`" for stage in saying.workflow)
            saying.faults.append(f"`{ref}` has no state; it takes one of {states}")


# --- corrections ------------------------------------------------------------------------------


def _corrected(saying: _Saying, name: str) -> CheckIn:
    """The check-in that is corrected, by its id or its file."""
    known = saying.portfolio.check_ins
    stem = name.rpartition("/")[2].removesuffix(".md")
    if stem not in known:
        raise EditError(f"there is no check-in `{stem[:80]}`. {did_you_mean(stem, known)}".strip())
    if known[stem].date > saying.day:
        raise EditError(f"`{stem}` is of {known[stem].date}, after this correction's own date")
    return known[stem]


def _repeated(updates: Mapping[str, NewUpdate], wrong: CheckIn) -> dict[str, NewUpdate]:
    """A correction replaces what it names as a whole, so what still holds is said once more."""
    said = wrong.key_results
    return {ref: _merged(one, said[ref]) if ref in said else one for ref, one in updates.items()}


def _merged(update: NewUpdate, before: Update) -> NewUpdate:
    silent = update.value is None and not update.done
    value = before.flag if before.flag is not None else before.value
    return NewUpdate(
        value=value if silent else update.value,
        confidence=before.confidence if update.confidence is None else update.confidence,
        status=update.status or (str(before.status) if before.status else None),
        done=before.done if silent else update.done,
        score=before.score if update.score is None else update.score,
    )
