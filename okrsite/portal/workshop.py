"""What all pages of one build share: the Book, converted notes, drawn charts."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html import escape

from okrsite.okr.past.history import NO_HISTORY, History
from okrsite.okr.past.moved import INITIATIVES, Move, moves, not_yet_known
from okrsite.okr.pipeline import Book
from okrsite.okr.snapshot.beside import goalposts
from okrsite.okr.snapshot.names import Name
from okrsite.okr.snapshot.shelf import Kept, kept_in
from okrsite.portal.contents import Contents
from okrsite.portal.links import Links
from okrsite.portal.parts import Desk, Notes, Told
from okrsite.portal.pictures import Draw, Pictures
from okrsite.portal.site import SiteUrls


@dataclass(frozen=True, slots=True)
class Found:
    """Something search leads to: a heading with an id on its page (none: the page), and words."""

    anchor: str
    heading: str
    words: str


@dataclass(frozen=True)
class Workshop:
    """Made once a build; every page function takes it.

    `moves` are the moved goalposts but for those `reviewed`, which a record has. `told` and
    `contents` only remember what was made before.
    """

    book: Book
    urls: SiteUrls
    notes: Notes
    pictures: Pictures
    history: History = NO_HISTORY
    moves: tuple[Move, ...] = ()
    reviewed: tuple[Move, ...] = ()
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    contents: dict[Name, Contents] = field(default_factory=dict)

    @cached_property
    def silent(self) -> Mapping[tuple[str, str], tuple[Move, ...]]:
        """The goalposts moved without a fitting amendment, by kind and id of what they are of.

        What moved of open work stands on its page too, and not in a review alone.
        """
        found: dict[tuple[str, str], list[Move]] = defaultdict(list)
        work = (move for move in self.reviewed if self._is_of_open_work(move))
        for move in (*self.moves, *work):
            if not move.explained:
                found[move.kind, move.subject.partition("/")[0]].append(move)
        return {key: tuple(moved) for key, moved in found.items()}

    def _is_of_open_work(self, move: Move) -> bool:
        return move.kind == INITIATIVES and not self.book.is_archived(f"initiatives/{move.subject}")

    @cached_property
    def snapshots(self) -> Mapping[Name, Kept]:
        """The snapshots that there were on the Book's day, oldest first."""
        return {kept.name: kept for kept in kept_in(self.book.parsed.raw, self.book.as_of)}

    @cached_property
    def later(self) -> int:
        """How many goalposts git has moved on days after the portal's."""
        return not_yet_known(self.book, self.history)

    def moved_in(self, period: str) -> int:
        """How many goalposts of a period and those within it were moved, listed or not."""
        periods, own = self.book.portfolio.periods, {period}
        for _ in periods:
            own |= {item.id for item in periods.values() if item.parent in own}
        recorded = (
            self.book.parsed.closed.records[period] for period in self.book.archived_periods & own
        )
        known = sum(len(goalposts(record.moved)) for record in recorded)
        return sum(move.period in own for move in self.moves) + known + self.later

    @cached_property
    def _finished(self) -> Mapping[str, str]:
        return {name: goal for name, (goal, _) in self.book.parsed.closed.finished.items()}

    def desk(self, uri: str) -> Desk:
        """What the view of the page at `uri` needs."""
        links = Links(uri, self.book.portfolio, self.book.archived, self._finished)
        notes = self.notes.for_page()
        draw, silent = self.pictures.spark, self.silent
        return Desk(self.book, links, self.urls, notes, draw, self.told, silent)


def workshop(
    book: Book,
    markdown: Callable[[str], str],
    urls: SiteUrls,
    draw: Draw,
    history: History = NO_HISTORY,
) -> Workshop:
    """The workshop of one build; `markdown` gives safe HTML for a note."""
    pictures = Pictures(book, draw)
    moved, told = moves(book, history), _told_in_reviews(book)
    reviewed = tuple(move for move in moved if _is_reviewed(book, move, told))
    others = tuple(move for move in moved if not _is_reviewed(book, move, told))
    return Workshop(book, urls, Notes(markdown), pictures, history, others, reviewed)


Spot = tuple[date, str, str, str]  # the day of a moved goalpost, its kind, subject and field


def _told_in_reviews(book: Book) -> frozenset[Spot]:
    records = (book.parsed.closed.records[name] for name in book.archived_periods)
    return frozenset((m.day, m.kind, m.subject, m.field) for r in records for m in r.moved)


def _is_reviewed(book: Book, move: Move, told: Collection[Spot]) -> bool:
    """Whether the review of a closed period has it, as far as it was made by then.

    What moved of work for several periods is told in the last of them.
    """
    if move.period not in book.archived_periods:
        return False
    known = (move.day, move.kind, move.subject, move.field) in told
    return known or move.day <= book.parsed.closed.records[move.period].as_of


def search_html(found: Iterable[Found]) -> str:
    """What the search index sees: the title, then a heading for every part with a place."""
    parts = []
    for item in found:
        tag, place = ("h2", f' id="{escape(item.anchor)}"') if item.anchor else ("h1", "")
        parts.append(f"<{tag}{place}>{escape(item.heading)}</{tag}><p>{escape(item.words)}</p>")
    return "".join(parts)
