"""What a closed period is published from: its record, and who and what was called how then."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from okrsite.okr.model import Amendment, FileNoun, Kpi, Objective, Period, Person, Team
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.snapshot.beside import Moved, goalposts
from okrsite.okr.snapshot.record import Record
from okrsite.portal.downwards import downwards, on_top
from okrsite.portal.links import LONGEST_NAME, Link
from okrsite.portal.parts import Desk
from okrsite.portal.words import shortened

N = TypeVar("N", bound=FileNoun)


def record_of(book: Book, period: str) -> Record | None:
    """The record of what came of a period, if there was one on the Book's day."""
    record = book.parsed.closed.records.get(period)
    return record if record is not None and record.as_of <= book.as_of else None


def moves_on_record(book: Book, ref: str) -> tuple[Moved, ...]:
    """The goalposts of an archived key result that its review alone tells of, oldest first."""
    record = book.parsed.closed.home(ref) if book.is_archived(ref) else None
    return tuple(move for move in record.moved if move.subject == ref) if record else ()


@dataclass(frozen=True)
class Then:
    """The names of a record, leading to where a thing of that id is today, if it still is."""

    desk: Desk
    record: Record

    def team(self, name: str | None) -> Link | None:
        """A team as it was called."""
        if name is None or name not in self.teams:
            return None
        known = self.desk.links.team(name) if name in self.desk.book.portfolio.teams else None
        return Link(_name(self.teams[name].title), known.href if known else "")

    def person(self, name: str | None) -> Link | None:
        """A person as they were called; a bare name has no page."""
        if name is None:
            return None
        title = self.people[name].title if name in self.people else name
        known = self.desk.links.person(name)
        return Link(_name(title), known.href if known else "")

    @cached_property
    def period(self) -> Period:
        """The period itself."""
        return self._all("periods", Period)[self.record.period]

    @cached_property
    def moved(self) -> tuple[Moved, ...]:
        """The goalposts that were moved in it."""
        return goalposts(self.record.moved)

    @cached_property
    def teams(self) -> Mapping[str, Team]:
        """Every team by its id."""
        return self._all("teams", Team)

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Every person by their id."""
        return self._all("people", Person)

    @cached_property
    def kpis(self) -> Mapping[str, Kpi]:
        """Every KPI by its id."""
        return self._all("kpis", Kpi)

    @cached_property
    def objectives(self) -> Mapping[str, Objective]:
        """Every objective by its id: the period's own, and those above and below."""
        return self._all("objectives", Objective)

    @cached_property
    def amendments(self) -> Mapping[str, Amendment]:
        """Every amendment by its id."""
        return self._all("amendments", Amendment)

    def _all(self, kind: str, noun: type[N]) -> dict[str, N]:
        # By path: to look at a noun is to make it, and there are many check-ins.
        paths = (path for path in self.record.nouns if path.startswith(f"{kind}/"))
        found = (self.record.nouns[path] for path in paths)
        return {item.id: item for item in found if isinstance(item, noun)}

    @property
    def tops(self) -> tuple[tuple[str, ObjectiveScore], ...]:
        """The goals of the company as one number, or of each team at the top with its name."""
        titles = {name: _name(team.title) for name, team in self.record.on_top.items()}
        shown = on_top(titles, self.record.teams)
        return tuple((name, self.record.teams[team]) for team, name in shown.items())

    @cached_property
    def downwards(self) -> tuple[str, ...]:
        """All teams, each followed by those below it."""
        return downwards({team.id: team.parent for team in self.teams.values()})


def _name(title: str) -> str:
    return shortened(title, LONGEST_NAME)
