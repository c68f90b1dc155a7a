"""Where each thing has its page, and how to get there from another page."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from okrsite.okr.portfolio import Portfolio
from okrsite.okr.snapshot.archived import Archived
from okrsite.portal.words import shortened

HOME = "index.md"
TABLE = "everything.md"
FINDINGS = "findings.md"
GOALPOSTS = "goalposts.md"
ARCHIVE = "archive.md"
COMPARE = "compare/index.md"
TRENDS = "trends.md"
FEED = "check-ins/index.md"
TEAMS = "teams/index.md"
PERIODS = "periods/index.md"
KPIS = "kpis/index.md"
INITIATIVES = "initiatives/index.md"
DATA = "api/v1/okrs.json"
LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; without `href` they are only words."""

    text: str
    href: str = ""


def page_uri(kind: str, name: str) -> str:
    """The source address of the page of one `kind` (its folder's name)."""
    return f"{kind}/{name}.md"


def directory(uri: str) -> str:
    """The public directory a page is served at: `teams/index.md` → `teams/`."""
    stem = uri.removesuffix(".md")
    if stem == "index":
        return ""
    return stem.removesuffix("/index") + "/"


def week_uri(day: date) -> str:
    """The feed page of the ISO week that holds `day`."""
    year, week, _ = day.isocalendar()
    return f"check-ins/{year}-w{week:02d}.md"


@lru_cache(maxsize=4096)  # a page leads to the same few pages again and again
def _way(here: str, there: str) -> str:
    steps = posixpath.relpath("/" + directory(there), "/" + directory(here))
    return "./" if steps == "." else steps + "/"


@dataclass(frozen=True, slots=True)
class Links:
    """Relative addresses as seen from the page `here`.

    `archived` are the objectives without a page of their own, `finished` has the goal of each
    initiative without one: their place is in the review of the period.
    """

    here: str
    portfolio: Portfolio
    archived: Mapping[str, Archived] = field(default_factory=dict)
    finished: Mapping[str, str] = field(default_factory=dict)

    def page(self, uri: str, anchor: str = "") -> str:
        """The address of a page, from here."""
        fragment = f"#{anchor}" if anchor else ""
        if uri == self.here and anchor:
            return fragment
        return _way(self.here, uri) + fragment

    def file(self, address: str) -> str:
        """The address of a published file that is no page, from here."""
        return posixpath.relpath("/" + address, "/" + directory(self.here))

    def goal(self, ref: str) -> str:
        """An objective's page, or the place of a key result on it."""
        objective, _, kr = ref.partition("/")
        if goal := self.archived.get(objective):
            place = review_anchor(ref) if goal.listed else ""
            return self.page(page_uri("periods", goal.period), place)
        return self.page(page_uri("objectives", objective), kr_anchor(kr) if kr else "")

    def team(self, team: str | None) -> Link | None:
        """A team's name and page."""
        if team is None:
            return None
        title = self.portfolio.teams[team].title
        return Link(_name(title), self.page(page_uri("teams", team)))

    def person(self, name: str | None) -> Link | None:
        """A person's name and page; a bare name has no page."""
        if name is None:
            return None
        if name in self.portfolio.people:
            person = self.portfolio.people[name]
            return Link(_name(person.title), self.page(page_uri("people", name)))
        return Link(_name(name))

    def period(self, period: str) -> Link | None:
        """A period's title and page."""
        if period not in self.portfolio.periods:
            return None
        title = self.portfolio.periods[period].title
        return Link(_name(title), self.page(page_uri("periods", period)))

    def objective(self, name: str) -> Link:
        """An objective's title and page."""
        known = self.archived.get(name) or self.portfolio.objectives[name]
        return Link(_name(known.title), self.goal(name))

    def named_goal(self, ref: str) -> Link:
        """The title and place of an objective or a key result."""
        if "/" in ref:
            return Link(_name(self.portfolio.key_results[ref].title), self.goal(ref))
        return self.objective(ref)

    def initiative(self, name: str) -> Link:
        """An initiative's title and page."""
        title = self.portfolio.initiatives[name].title
        return Link(_name(title), self.work(name))

    def work(self, name: str) -> str:
        """An initiative's page, or the goal it was done for."""
        goal = self.finished.get(name)
        return self.goal(goal) if goal else self.page(page_uri("initiatives", name))

    def kpi(self, name: str) -> Link:
        """A KPI's title and page."""
        return Link(_name(self.portfolio.kpis[name].title), self.page(page_uri("kpis", name)))

    def check_in(self, name: str) -> str:
        """The place of a check-in in the feed."""
        return self.page(week_uri(self.portfolio.check_ins[name].date), f"check-in-{name}")


def _name(title: str) -> str:
    """A title as one names it elsewhere; the thing's own page has it whole."""
    return shortened(title, LONGEST_NAME)


def kr_anchor(kr: str) -> str:
    """The id of a key result on its objective's page."""
    return f"kr-{kr}"


def review_anchor(ref: str) -> str:
    """The id of an objective or a key result in the review of its period.

    The dot between the two is in no id, so no other goal has the same place.
    """
    return f"goal-{ref.replace('/', '.')}"
