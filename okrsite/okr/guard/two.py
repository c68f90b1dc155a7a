"""Two books side by side: what was merged, what a change makes of it, and what differs."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

from okrsite.okr.codes import CODES
from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.model import Milestone, Noun, Period
from okrsite.okr.pipeline import Book
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.records import kind_of
from okrsite.okr.scope import SCOPE, named_in
from okrsite.okr.terms import Change, typed

MOST_SHOWN = 60
_ALIASES = {"from": "source"}
_PROSE = frozenset({"metric", "done_when"})


class Side(NamedTuple):
    """One noun of one of the two books, and where it stands."""

    noun: Noun
    document: Document
    loc: Loc = ()

    def raw(self, field: str) -> object:
        """What was typed into a field; None where nothing was."""
        value: object = self.document.data
        for step in (*self.loc, field):
            if isinstance(value, Mapping):
                value = value.get(str(step))
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def value(self, field: str) -> object:
        """What a field says; words without regard to where their lines break."""
        found = getattr(self.noun, _ALIASES.get(field, field))
        if field == "milestones":
            return tuple(_milestone(item) for item in found)
        return _sense(found) if field in _PROSE and found else found

    def is_unread(self, field: str) -> bool:
        """Whether something was typed that could not be read, and so has a finding of its own."""
        raw, name = self.raw(field), _ALIASES.get(field, field)
        if raw in (None, "unknown"):
            return False
        return name not in self.noun.model_fields_set or getattr(self.noun, name) in (None, "")


def _milestone(item: Milestone) -> str:
    due = f", due {item.due}" if item.due else ""
    return f"{item.id} (weight {typed(item.weight)}{due}): {_sense(item.title)}"


def _sense(text: str) -> str:
    return " ".join(text.split())


class Step(NamedTuple):
    """A field that says something else than before."""

    field: str
    was: object
    now: object


def steps(old: Side, new: Side, fields: tuple[str, ...]) -> Iterator[Step]:
    """Those of `fields` that another text gives another meaning."""
    for field in fields:
        was, now = old.value(field), new.value(field)
        if was == now or old.raw(field) == new.raw(field):
            continue
        if not old.is_unread(field) and not new.is_unread(field):
            yield Step(field, was, now)


@dataclass(frozen=True)
class Two:
    """What was merged, `base`, and what a change makes of it, `head`."""

    base: Book
    head: Book

    @property
    def before(self) -> Portfolio:
        return self.base.portfolio

    @property
    def after(self) -> Portfolio:
        return self.head.portfolio

    @cached_property
    def files(self) -> frozenset[tuple[str | None, str]]:
        """Kind and id of every file of `head`, even of those that nothing could be made of."""
        return _files(self.after)

    @cached_property
    def old_files(self) -> frozenset[tuple[str | None, str]]:
        """The same of `base`."""
        return _files(self.before)

    def period_before(self, objective: str) -> Period | None:
        """The period an objective was in."""
        return self.before.period_of(self.before.objectives[objective])

    def new_changes(self, subject: str, field: str) -> tuple[Change, ...]:
        """The amendments of a field that were not merged yet."""
        merged, changes = self.before.amendments, self.head.world.goalposts.get(subject, ())
        return tuple(c for c in changes if c.field == field and c.amendment.id not in merged)

    def scoped(self, subjects: Iterable[str], *names: str) -> bool:
        """Whether a new amendment of the scope of one of `subjects` names one of `names`."""
        changes = (c for subject in subjects for c in self.new_changes(subject, SCOPE))
        return any(named_in(str(c.was), str(c.now)).intersection(names) for c in changes)

    def says(
        self, code: str, path: str, loc: Loc, message: str, hint: str, subject: str
    ) -> Finding:
        """A finding at `loc` in a file of `head`; at the first line of one that is gone."""
        document = self.after.documents.get(path)
        place = (path, *(document.place(*loc) if document else (1, 1)))
        return Finding(*place, code, CODES[code].severity, message, hint, subject)


def _files(portfolio: Portfolio) -> frozenset[tuple[str | None, str]]:
    return frozenset((kind_of(path), PurePosixPath(path).stem) for path in portfolio.documents)


def words(value: object) -> str:
    """A value as it stands in a file, short enough for a message."""
    if value in (None, "", (), {}):
        return "nothing"
    text = typed(value).replace("`", "'")
    return f"`{text}`" if len(text) <= MOST_SHOWN else f"`{text[: MOST_SHOWN - 1]}…`"


def command(*parts: str) -> str:
    """A command as it can be pasted into a shell."""
    return f"okrsite {' '.join(shlex.quote(part) for part in parts)}"
