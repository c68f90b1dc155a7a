"""The few words of a snapshot that pages about two of them need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from okrsite.okr.snapshot.beside import Moved, goalposts
from okrsite.okr.snapshot.sheet import Sheet
from okrsite.okr.snapshot.tokens import fraction
from okrsite.portal.by_hand import Way, way_of
from okrsite.portal.downwards import downwards


@dataclass(frozen=True)
class Contents:
    """What of a snapshot is named beside another: its goals, its teams, what moved."""

    titles: Mapping[str, str]
    teams: Mapping[str, str]
    team_of: Mapping[str, str | None]
    own: frozenset[str]
    known: frozenset[str]
    order: tuple[str, ...]
    company: tuple[str, ...]
    moved: tuple[tuple[Moved, str], ...]
    results: Mapping[str, Mapping[str, Fraction | None]] = field(default_factory=dict)
    ways: Mapping[str, Way] = field(default_factory=dict)
    as_of: date = date.min

    def of(self, goal: str) -> Mapping[str, Fraction | None]:
        """The key results of a listed goal, with their progress."""
        return self.results.get(goal, {}) if goal in self.own else {}

    def within(self, goal: str) -> Mapping[str, str]:
        """The titles of an objective's key results by their own names."""
        return {ref.partition("/")[2]: self.titles[ref] for ref in self.results.get(goal, {})}


NOTHING = Contents({}, {}, {}, frozenset(), frozenset(), (), (), ())


def contents_of(sheet: Sheet, as_of: date) -> Contents:
    """The few words of a sheet that a comparison needs."""
    parents = {name: row.get("parent") for name, row in sheet.teams.items()}
    rows = (*sheet.objectives.items(), *sheet.key_results.items())
    return Contents(
        titles={**sheet.work, **{ref: str(row["title"]) for ref, row in rows}},
        teams={name: str(row["title"]) for name, row in sheet.teams.items()},
        team_of={name: row.get("team") for name, row in sheet.objectives.items()},
        own=frozenset(sheet.own),
        known=frozenset(sheet.objectives),
        order=downwards(parents),
        company=tuple(name for name, above in parents.items() if above is None),
        moved=tuple((m, sheet.reasons.get(m.amendment or "", "")) for m in goalposts(sheet.moved)),
        results=_by_goal(sheet),
        ways={ref: way for ref, row in sheet.key_results.items() if (way := way_of(row))},
        as_of=as_of,
    )


def _by_goal(sheet: Sheet) -> Mapping[str, Mapping[str, Fraction | None]]:
    found: dict[str, dict[str, Fraction | None]] = {}
    for ref, row in sheet.key_results.items():
        found.setdefault(ref.partition("/")[0], {})[ref] = fraction(row["progress"])
    return found
