"""A Site made by hand: what a host must carry, without what the pages really say."""

from collections.abc import Callable
from html import escape

from okrsite.okr.past.history import NO_HISTORY, History
from okrsite.okr.pipeline import Book
from okrsite.portal.site import BODY_SLOT, Site, SitePage, SiteUrls


def build_site(
    book: Book, markdown: Callable[[str], str], urls: SiteUrls, *, history: History = NO_HISTORY
) -> Site:
    """One page for the home, the list, every objective, every team and the findings."""
    objectives = book.portfolio.objectives.values()
    documents = book.portfolio.documents
    notes = [
        (key, markdown(documents[item.path].body)) for key, item in book.portfolio.check_ins.items()
    ]
    pages = [
        _page("index.md", "Home", "home", '<a href="objectives/">All objectives</a>'),
        _page("objectives/index.md", "Objectives", "list", _links(objectives)),
        _page("findings.md", "Findings", "findings", "".join(_item(f) for f in book.findings)),
        *(_objective(item, notes) for item in objectives),
        *(_team(item) for item in book.portfolio.teams.values()),
    ]
    return Site(tuple(pages), {"api/v1/objectives.json": b'{"objectives": []}'})


def _links(objectives) -> str:
    return "".join(f'<p><a href="{o.id}/#krs">{escape(o.title)}</a></p>' for o in objectives)


def _item(finding) -> str:
    return f"<p>{escape(str(finding))}</p>"


def _page(uri: str, title: str, kind: str, inner: str, **more) -> SitePage:
    html = f'<div class="okr"><h1>{escape(title)}</h1>{inner}</div>'
    return SitePage(uri, title, kind, html, f"<h1>{escape(title)}</h1>", **more)


def _objective(item, notes) -> SitePage:
    listed = item.visibility == "public"
    team = f'<a href="../../teams/{item.team}/">{item.team}</a>' if item.team else ""
    feed = "".join(f'<li id="{key}">{note}</li>' for key, note in notes)
    inner = (
        f'<p>{team} <a href="../#top">up</a></p>\n<section class="okr-prose">\n\n{BODY_SLOT}'
        '</section><h2 id="krs">Key <b>results</b></h2>\n\n<table>\n<tr><td>\n    a &lt; b</td>'
        '<td><svg viewBox="0 0 9 9"><path d="M0 0"/><title>x</title></svg></td></tr></table>'
        f'<h2 id="history">Check-ins</h2><ul>{feed}</ul>'
    )
    inner = inner.replace('href="../#top"', 'href="../"')
    html = f'<div class="okr" id="okr"><h1 id="top">{escape(item.title)}</h1>{inner}</div>'
    search = (
        f'<h1 id="top">{escape(item.title)}</h1><p>Owner {escape(item.owner or "")}</p>'
        '<h2 id="krs">Escaped bugs</h2><p>from 160 to 40</p>'
    )
    return SitePage(
        f"objectives/{item.id}.md",
        item.title,
        "objective",
        html,
        search,
        source=item.path,
        description=f'Where "{item.title}" stands',
        hide=("toc",),
        parents=("index.md", "objectives/index.md"),
        listed=listed,
    )


def _team(item) -> SitePage:
    return _page(f"teams/{item.id}.md", item.title, "team", BODY_SLOT, source=item.path)
