"""The findings: what the texts leave to mend, by weight and rule, with whose it is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from okrsite.okr.codes import CODES
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.model import (
    Amendment,
    CheckIn,
    FileNoun,
    Initiative,
    Kpi,
    Objective,
    Period,
    Person,
    Team,
)
from okrsite.okr.pipeline import Book
from okrsite.portal.feed import is_silent
from okrsite.portal.links import FINDINGS, HOME, Link
from okrsite.portal.now import is_listed
from okrsite.portal.parts import Desk, StatusMark, source_link
from okrsite.portal.sieve import Sieve, choices
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day, listed
from okrsite.portal.workshop import Found, Workshop, search_html

MARKS = {
    Severity.ERROR: StatusMark("off-track", "Error"),
    Severity.WARNING: StatusMark("at-risk", "Warning"),
    Severity.INFO: StatusMark("not-started", "Note"),
}
_NAMED = re.compile(r"`([a-z0-9][a-z0-9_-]*)[/`]")


@dataclass(frozen=True, slots=True)
class Row:
    """One finding: where, what is wrong, what to write, what it is about, and whose it is."""

    place: Link
    message: str
    hint: str
    about: Link | None
    whose: tuple[Link, ...]
    team_key: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The findings of one rule; `handbook` leads to what the rule is about."""

    anchor: str
    code: str
    name: str
    handbook: str
    severity: str
    mark: StatusMark
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """All findings of one weight."""

    anchor: str
    title: str
    groups: tuple[RuleGroup, ...]


@dataclass(frozen=True, slots=True)
class FindingsView:
    """What the template of the findings sees."""

    kicker: str
    body: Markup
    parts: tuple[Part, ...]
    groups: tuple[RuleGroup, ...]
    sieves: tuple[Sieve, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """What a finding is about, and who can mend it."""

    about: Link | None = None
    person: Link | None = None
    team: str | None = None


def findings_view(desk: Desk, handbook: str = "") -> FindingsView:
    """The view of the findings; `handbook` is the page that has an entry `#okr201` per rule."""
    parts = tuple(_parts(desk, handbook))
    groups = tuple(group for part in parts for group in part.groups)
    rows = [row for group in groups for row in group.rows]
    teams = ((row.team_key, _title(desk.book, row.team_key)) for row in rows if row.team_key)
    weights = [(group.severity, group.mark.word) for group in groups]
    rules = sorted({(group.code, f"{group.code} {group.name}") for group in groups})
    return FindingsView(
        kicker=_kicker(parts),
        body=Markup(BODY_SLOT),
        parts=parts,
        groups=groups,
        sieves=(
            Sieve("team", "Team", choices(teams, "All teams", ordered=True)),
            Sieve("severity", "Weight", choices(weights, "Any weight")),
            Sieve("rule", "Rule", choices(rules, "All rules")),
        ),
    )


def _title(book: Book, team: str) -> str:
    return book.portfolio.teams[team].title


def _kicker(parts: Iterable[Part]) -> str:
    counts = [(part, sum(len(group.rows) for group in part.groups)) for part in parts]
    return listed([count(many, part.groups[0].mark.word.lower()) for part, many in counts])


def _parts(desk: Desk, handbook: str) -> Iterator[Part]:
    nouns = _nouns(desk.book)
    shown = [f for f in desk.book.findings if not _is_hidden(desk.book, f, nouns.get(f.path))]
    for severity, mark in MARKS.items():
        found = [finding for finding in shown if finding.severity is severity]
        codes = sorted({finding.code for finding in found})
        group = partial(_group, desk, nouns, handbook, found)
        if codes:
            title = mark.word + "s"
            yield Part(f"{severity}s", title, tuple(group(code) for code in codes))


def _nouns(book: Book) -> Mapping[str, FileNoun]:
    """Every record by its file."""
    all_of = book.portfolio
    kinds: tuple[Mapping[str, FileNoun], ...] = (
        all_of.periods,
        all_of.teams,
        all_of.people,
        all_of.objectives,
        all_of.initiatives,
        all_of.kpis,
        all_of.check_ins,
        all_of.amendments,
    )
    return {noun.path: noun for kind in kinds for noun in kind.values()}


def _is_hidden(book: Book, finding: Finding, noun: FileNoun | None) -> bool:
    """Whether a finding speaks of an unlisted goal; messages name goals in backticks."""
    named = _NAMED.findall(f"{finding.message} {finding.hint}")
    if not all(is_listed(book, name) for name in (*named, finding.subject)):
        return True
    if finding.path in book.parsed.closed.unlisted:
        return True
    if isinstance(noun, Objective):
        return not is_listed(book, noun.id)
    if isinstance(noun, Amendment):
        return not is_listed(book, noun.subject)
    if isinstance(noun, CheckIn):
        return is_silent(book, noun)
    return False


def _group(
    desk: Desk, nouns: Mapping[str, FileNoun], handbook: str, found: list[Finding], code: str
) -> RuleGroup:
    mine = [finding for finding in found if finding.code == code]
    severity = mine[0].severity
    known = handbook if code in CODES else ""
    return RuleGroup(
        anchor=f"{severity}-{code.lower()}",
        code=code,
        name=CODES[code].name if code in CODES else "",
        handbook=desk.links.page(known, code.lower()) if known else "",
        severity=str(severity),
        mark=MARKS[severity],
        rows=tuple(_row(desk, finding, nouns.get(finding.path)) for finding in mine),
    )


def _row(desk: Desk, finding: Finding, noun: FileNoun | None) -> Row:
    whose = _whose(desk, finding, noun)
    team = desk.links.team(whose.team)
    return Row(
        place=place_of(desk, finding),
        message=finding.message,
        hint=finding.hint,
        about=whose.about,
        whose=tuple(link for link in (whose.person, team) if link),
        team_key=whose.team or "",
    )


def place_of(desk: Desk, finding: Finding) -> Link:
    """`path:line:column`, leading to the forge's editor where there is one."""
    if finding.path == ".":
        return Link("the content folder")
    text = f"{finding.path}:{finding.line}:{finding.column}"
    return source_link(desk, finding.path, text) if finding.path.endswith(".md") else Link(text)


def _whose(desk: Desk, finding: Finding, noun: FileNoun | None) -> Whose:
    links, portfolio = desk.links, desk.book.portfolio
    if kr := portfolio.key_results.get(finding.subject):
        goal = portfolio.objectives[finding.subject.partition("/")[0]]
        person = links.person(kr.owner or goal.owner)
        return Whose(links.named_goal(finding.subject), person, kr.team or goal.team)
    match noun:
        case Objective():
            return Whose(links.objective(noun.id), links.person(noun.owner), noun.team)
        case Initiative():
            return Whose(links.initiative(noun.id), links.person(noun.owner), noun.team)
        case Kpi():
            return Whose(links.kpi(noun.id), links.person(noun.owner), noun.team)
        case CheckIn():
            return Whose(_check_in(desk, noun), links.person(noun.author), noun.team)
        case Amendment():
            return Whose(_subject(desk, noun.subject), links.person(noun.author))
        case Team():
            return Whose(links.team(noun.id), links.person(noun.lead), noun.id)
        case Person():
            return Whose(links.person(noun.id), links.person(noun.id), noun.team)
        case Period():
            return Whose(links.period(noun.id))
    return Whose()


def _check_in(desk: Desk, item: CheckIn) -> Link:
    known = item.date <= desk.book.as_of
    href = desk.links.check_in(item.id) if known else ""
    return Link(f"check-in of {day(item.date)}", href)


def _subject(desk: Desk, ref: str) -> Link:
    if ref in desk.book.portfolio.initiatives:
        return desk.links.initiative(ref)
    return desk.links.named_goal(ref)


def findings_pages(shared: Workshop) -> Iterator[SitePage]:
    """The page of the findings."""
    view = findings_view(shared.desk(FINDINGS), shared.urls.handbook)
    found = [Found("", "Findings", view.kicker)]
    found += [
        Found(group.anchor, f"{group.code} {group.name}", count(len(group.rows), "finding"))
        for group in view.groups
    ]
    yield SitePage(
        uri=FINDINGS,
        title="Findings",
        kind="findings",
        html=render("findings", view),
        search=search_html(found),
        description=view.kicker,
        hide=("navigation", "toc"),
        parents=(HOME,),
    )
