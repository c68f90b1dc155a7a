"""A new check-in → the text of its file, and the name that file is given."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import count
from pathlib import PurePosixPath

from okrsite.edit.text.names import id_of
from okrsite.edit.text.scalars import flow, key, scalar

MAX_NAME = 60  # of an author in a file's name: an id has 80 signs, the day and a number take some
NOBODY = "check-in"  # instead of a name that has no letter of an id


KEY_RESULTS, KPIS, INITIATIVES = "key_results", "kpis", "initiatives"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check-in can speak of: `kind` is the field it goes under."""

    kind: str
    ref: str

    def __str__(self) -> str:
        """The subject as it can be typed where its bare name means several."""
        return self.ref if self.kind == KEY_RESULTS else f"{self.kind}/{self.ref}"


@dataclass(frozen=True, slots=True)
class NewUpdate:
    """What is said of one key result; with nothing in it: looked at, nothing new."""

    value: Fraction | bool | None = None
    confidence: Fraction | None = None
    status: str | None = None
    done: tuple[str, ...] = ()
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class NewMove:
    """What is said of one initiative; without a state it stays where it was."""

    state: str | None = None
    blocked: str | None = None


@dataclass(frozen=True, slots=True)
class NewCheckIn:
    """Everything that one new file says; `text` is the author's Markdown.

    `typed` is what stood on the command line for a number, by what it was said of.
    """

    date: date
    author: str | None = None
    team: str | None = None
    key_results: Mapping[str, NewUpdate] = field(default_factory=dict)
    kpis: Mapping[str, Fraction] = field(default_factory=dict)
    initiatives: Mapping[str, NewMove] = field(default_factory=dict)
    corrects: str | None = None
    text: str = ""
    typed: Mapping[Subject, str] = field(default_factory=dict, compare=False)


def check_in_text(new: NewCheckIn) -> str:
    """The whole file, as somebody would type it; `read_document` finds nothing wrong with it."""
    body = clean(new.text)
    return "\n".join(("---", *_lines(new), "---", *((body,) if body else ()), ""))


def _lines(new: NewCheckIn) -> Iterator[str]:
    yield f"date: {scalar(new.date)}"
    for name in ("author", "team", "corrects"):
        if value := getattr(new, name):
            yield f"{name}: {scalar(value)}"
    yield from _group("key_results", {r: _update(u) for r, u in new.key_results.items()})
    yield from _group("kpis", {ref: scalar(value) for ref, value in new.kpis.items()})
    yield from _group("initiatives", {r: _move(m) for r, m in new.initiatives.items()})


def _group(name: str, values: Mapping[str, str]) -> Iterator[str]:
    if values:
        yield f"{name}:"
        yield from (f"  {key(ref)}: {value}" for ref, value in values.items())


def _update(update: NewUpdate) -> str:
    names = ("value", "confidence", "status", "done", "score")
    said = {n: v for n in names if (v := getattr(update, n)) is not None and v != ()}
    return scalar(said["value"]) if set(said) == {"value"} else flow(said)


def _move(move: NewMove) -> str:
    if move.blocked is None and move.state is not None:
        return scalar(move.state)
    said = {"state": move.state, "blocked": move.blocked}
    return flow({name: value for name, value in said.items() if value is not None})


_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Typed words without white space around them and without signs that are no text."""
    lines = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def one_line(text: str) -> str:
    """Typed words on one line, as our reader folds them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def check_in_path(
    day: date, author: str | None, period: str | None = None, taken: Collection[str] = ()
) -> str:
    """`check-ins/2026-q3/2026-08-20-ana.md`, or `…-ana-2.md` where that id is `taken`."""
    folder = PurePosixPath("check-ins", period or "")
    stem = f"{day.isoformat()}-{name_of(author)}"
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return str(folder / f"{next(name for name in names if name not in taken)}.md")


def name_of(author: str | None) -> str:
    """An author's name as a part of an id: `Åsa Öst` is `asa-ost`."""
    return id_of(author or "", MAX_NAME) or NOBODY
