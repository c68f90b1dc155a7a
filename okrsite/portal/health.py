"""The overview of health metrics: value, bound, whether it is kept, and since when."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from okrsite.okr.model import Kpi
from okrsite.okr.status import Status
from okrsite.portal.explain import bound_words
from okrsite.portal.home import kpi_row
from okrsite.portal.kpi import lasting
from okrsite.portal.links import HOME, KPIS, Link
from okrsite.portal.parts import Desk, StatusMark
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day_year, listed, span
from okrsite.portal.workshop import Found, Workshop, search_html


@dataclass(frozen=True, slots=True)
class HealthRow:
    """A KPI; `since` is the day from which on its bound has been kept, or not."""

    title: Link
    metric: str
    who: tuple[Link, ...]
    now: str
    bound: str
    kept: StatusMark | None
    since: str
    read: Link
    ago: str


@dataclass(frozen=True, slots=True)
class KpisView:
    """What the template of the KPIs sees."""

    kicker: str
    body: Markup
    rows: tuple[HealthRow, ...]
    bounds: str


def kpis_view(desk: Desk) -> KpisView:
    """The view of all KPIs: those out of bounds first, then those nobody has read."""
    kpis = desk.book.portfolio.kpis.values()
    rows = sorted((_row(desk, kpi) for kpi in kpis), key=_place)
    return KpisView(
        kicker=_kicker(rows),
        body=Markup(BODY_SLOT),
        rows=tuple(rows),
        bounds=desk.book.settings.policy.bounds,
    )


def _place(row: HealthRow) -> tuple[int, str]:
    if row.kept is None:
        return 3, row.title.text
    names = (str(Status.OFF_TRACK), str(Status.NO_DATA), str(Status.ON_TRACK))
    return names.index(row.kept.name), row.title.text


def _kicker(rows: list[HealthRow]) -> str:
    broken = sum(1 for row in rows if row.kept and row.kept.name == Status.OFF_TRACK)
    kept = sum(1 for row in rows if row.kept and row.kept.name == Status.ON_TRACK)
    parts = [f"{kept} kept"] if kept else []
    parts += [f"{broken} not kept"] if broken else []
    told = f": {listed(parts)}" if parts else ""
    return count(len(rows), "health metric") + told


def _row(desk: Desk, kpi: Kpi) -> HealthRow:
    book, shown = desk.book, kpi_row(desk, kpi)
    readings = book.ledger.readings.get(kpi.id, ())
    run = lasting(book, kpi, readings) if readings and bound_words(kpi) else ()
    last = readings[-1] if readings else None
    who = (desk.links.team(kpi.team), desk.links.person(kpi.owner))
    read = Link(day_year(last.day), desk.links.check_in(last.check_in)) if last else Link("")
    return HealthRow(
        title=shown.title,
        metric=kpi.metric or "",
        who=tuple(link for link in who if link),
        now=shown.now,
        bound=shown.bound or "none",
        kept=shown.kept if last else StatusMark(str(Status.NO_DATA), "No data"),
        since=day_year(run[0].day) if run else "",
        read=read,
        ago=_ago((book.as_of - last.day).days) if last else "",
    )


def _ago(days: int) -> str:
    return f"{span(days)} ago" if days else ""


def kpi_overview_pages(shared: Workshop) -> Iterator[SitePage]:
    """The overview of KPIs."""
    view = kpis_view(shared.desk(KPIS))
    yield SitePage(
        uri=KPIS,
        title="Health metrics",
        kind="kpis",
        html=render("kpis", view),
        search=search_html([Found("", "Health metrics", "KPIs with their bounds")]),
        description=view.kicker,
        hide=("toc",),
        parents=(HOME,),
    )
