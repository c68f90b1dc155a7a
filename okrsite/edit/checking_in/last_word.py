"""What a new check-in says in vain, since another one has the last word on it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from shlex import join

from okrsite.edit.checking_in.check_in import (
    INITIATIVES,
    KEY_RESULTS,
    KPIS,
    NewCheckIn,
    NewUpdate,
    Subject,
)
from okrsite.edit.text.numbers import typed_one_way
from okrsite.okr.ledger import Entry, Reading, Step
from okrsite.okr.pipeline import Book
from okrsite.okr.values import plain


@dataclass(frozen=True, slots=True)
class LastWord:
    """A check-in that goes on counting; `tied` where it is of the same day, so a slip is likely."""

    subject: Subject
    check_in: str
    tied: bool


def overruled(made: Book, path: str, new: NewCheckIn) -> Iterator[LastWord]:
    """What `new`, the file `path` of `made`, names and another one has the last word on."""
    own = PurePosixPath(path).stem
    ledger, day = made.ledger, _day(made, own)
    series: tuple[tuple[str, Iterable[str], Mapping[str, Sequence[Entry | Reading | Step]]], ...]
    series = (
        (KEY_RESULTS, new.key_results, ledger.entries),
        (KPIS, new.kpis, ledger.readings),
        (INITIATIVES, new.initiatives, ledger.steps),
    )
    for kind, refs, said in series:
        for ref in refs:
            for last in said.get(ref, ())[-1:]:
                if last.check_in != own:
                    yield LastWord(Subject(kind, ref), last.check_in, last.day == day)


def _day(made: Book, name: str) -> date:
    """The day that a check-in speaks for: a correction for that of what it corrects."""
    known, item = made.portfolio.check_ins, made.portfolio.check_ins[name]
    while item.corrects and item.corrects in known:
        item = known[item.corrects]
    return item.date


def correction(new: NewCheckIn, word: LastWord) -> str:
    """The command that says of one thing the same as `new`, in place of what goes on counting."""
    ref, options = word.subject.ref, []
    if word.subject.kind == KEY_RESULTS:
        update = new.key_results[ref]
        value = _typed(update)
        if update.confidence is not None:
            options += ["-c", plain(update.confidence)]
        options += ["--status", update.status] if update.status else []
        options += ["--score", plain(update.score)] if update.score is not None else []
    elif word.subject.kind == KPIS:
        value = typed_one_way(new.kpis[ref])
    else:
        move = new.initiatives[ref]
        value = move.state or ""
        options += ["--blocked", move.blocked] if move.blocked else []
    words = [str(word.subject), *([value] if value else []), *options, "--corrects", word.check_in]
    return f"okrsite checkin {join(words)}"


def _typed(update: NewUpdate) -> str:
    if isinstance(update.value, bool):
        return "yes" if update.value else "no"
    if update.value is not None:
        return typed_one_way(update.value)
    return ",".join(update.done) or "-"
