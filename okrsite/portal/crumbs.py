"""The way from the company down to a page: through goals, through teams, through periods."""

from collections.abc import Iterator

from okrsite.okr.pipeline import Book
from okrsite.portal.links import HOME, LONGEST_NAME, page_uri
from okrsite.portal.now import is_listed
from okrsite.portal.objective import Crumb, ancestors
from okrsite.portal.parts import Desk
from okrsite.portal.words import shortened


def company_name(book: Book) -> str:
    """The company's title, empty where no team stands at the top, or more than one."""
    titles = [book.portfolio.teams[name].title for name in book.portfolio.company()]
    return shortened(titles[0], LONGEST_NAME) if len(titles) == 1 else ""


def goal_crumbs(desk: Desk, ref: str, here: str) -> Iterator[Crumb]:
    """Period, listed goals above, and the goal `ref` itself; `here` names the page."""
    book, links = desk.book, desk.links
    objective = ref.partition("/")[0]
    period = links.period(book.portfolio.objectives[objective].period)
    top = ", ".join(filter(None, [company_name(book), period.text if period else ""]))
    yield Crumb(top or "Home", period.href if period else links.page(HOME))
    own = [objective] if objective == ref else [objective, ref]
    higher = (above for above in ancestors(book, objective) if is_listed(book, above))
    for above in (*higher, *own):
        link = links.named_goal(above)
        yield Crumb(link.text, link.href, "key result" if "/" in above else "")
    yield Crumb(here, "")


def teams_above(book: Book, team: str | None) -> tuple[str, ...]:
    """A team with all those above it, the company first."""
    found: tuple[str, ...] = ()
    while team is not None:
        found = (team, *found)
        team = book.portfolio.teams[team].parent
    return found


def team_crumbs(desk: Desk, team: str | None, here: str) -> Iterator[Crumb]:
    """The teams above and `team` itself; `here` names the page."""
    names = teams_above(desk.book, team)
    if not names:
        yield Crumb(company_name(desk.book) or "Home", desk.links.page(HOME))
    for name in names:
        if link := desk.links.team(name):
            yield Crumb(link.text, link.href)
    yield Crumb(here, "")


def periods_above(book: Book, period: str) -> tuple[str, ...]:
    """The periods that hold a period, the longest first."""
    found: tuple[str, ...] = ()
    above = book.portfolio.periods[period].parent
    while above is not None:
        found = (above, *found)
        above = book.portfolio.periods[above].parent
    return found


def period_crumbs(desk: Desk, period: str, here: str) -> Iterator[Crumb]:
    """Home, and the periods that hold `period`; `here` names the page."""
    yield Crumb(company_name(desk.book) or "Home", desk.links.page(HOME))
    for name in periods_above(desk.book, period):
        if link := desk.links.period(name):
            yield Crumb(link.text, link.href)
    yield Crumb(here, "")


def team_uris(book: Book, team: str | None) -> tuple[str, ...]:
    """The source addresses of a team's page and of those above it, for breadcrumbs."""
    return tuple(page_uri("teams", name) for name in teams_above(book, team))
