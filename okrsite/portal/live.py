"""The Book of a live portal: closed periods that were recorded need no more than their review."""

from datetime import date

from okrsite.okr.pipeline import Book, load
from okrsite.okr.settings import Settings
from okrsite.okr.sources import Sources
from okrsite.portal.now import current_period


def live_book(
    sources: Sources, settings: Settings, as_of: date, *, closed_pages: bool = False
) -> Book:
    """The Book to publish; with `closed_pages` every goal of a recorded period has its page.

    The period that a reader means by *now* is shown in full even where it is closed already.
    """
    book = load(sources, settings, as_of, deep=closed_pages)
    now = current_period(book)
    if now is None or now.id not in book.archived_periods:
        return book
    return load(sources, settings, as_of, deep=False, but=now.id)
