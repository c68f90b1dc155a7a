"""Texts beyond measure: pages that show one are marked for the stylesheet, no others.

A table gives each column the width of its longest word, as is right until somebody writes one of
two hundred letters.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape

from okrsite.okr.model import Initiative, KeyResult, Kpi, Objective
from okrsite.okr.pipeline import Book
from okrsite.portal.site import Site

Owned = Objective | KeyResult | Initiative | Kpi

LONGEST_WORD = 36
LONGEST_UNIT = 36
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1}}}")
_TAG = re.compile(r"<code>[^<]*</code>|<[^>]*>")
_ROOT = '<div class="okr">'


def measured(site: Site, book: Book) -> Site:
    """`site` with the pages marked on which something of `book` is too long for its place."""
    words = any(_LONG_WORD.search(text) for text in _texts(book))
    units = tuple(escape(unit) for unit in set(_units(book)) if len(unit) > LONGEST_UNIT)
    if not words and not units:
        return site

    def is_long(html: str) -> bool:
        return any(unit in html for unit in units) or bool(_LONG_WORD.search(_TAG.sub(" ", html)))

    marked = (
        replace(page, html=page.html.replace(_ROOT, f'{_ROOT[:-2]} okr-long">', 1))
        if is_long(page.html)
        else page
        for page in site.pages
    )
    return replace(site, pages=tuple(marked))


def _texts(book: Book) -> Iterator[str]:
    """What authors wrote on one line, all that tables and titles are made of."""
    goods = book.portfolio
    for kind in (goods.periods, goods.teams, goods.people, goods.objectives):
        yield from (noun.title for noun in kind.values())
    owned: tuple[Mapping[str, Owned], ...] = (goods.objectives, goods.initiatives, goods.kpis)
    yield from (text for kind in owned for item in kind.values() for text in _fields(item))
    for goal in goods.objectives.values():
        for kr in goal.key_results:
            yield from (*_fields(kr), kr.done_when or "", *(m.title for m in kr.milestones))
    yield from (item.author or "" for item in book.ledger.check_ins)
    yield from (flow.blocked or "" for flow in book.flows.values())
    yield from _units(book)


def _fields(item: Owned) -> Iterator[str]:
    yield from (item.title, item.owner or "", *item.tags)


def _units(book: Book) -> Iterator[str]:
    goods = book.portfolio
    yield from (kr.unit or "" for kr in goods.key_results.values())
    yield from (kpi.unit or "" for kpi in goods.kpis.values())
    yield from (flow.state for flow in book.flows.values())
