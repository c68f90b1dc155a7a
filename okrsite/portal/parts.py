"""The pieces that pages are made of, ready for a template: texts, links, bars, rows."""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from urllib.parse import quote

from markupsafe import Markup

from okrsite.okr.model import Ambition, Period
from okrsite.okr.past.moved import Move
from okrsite.okr.pipeline import Book
from okrsite.okr.status import Status, mean_grade
from okrsite.portal.links import Link, Links
from okrsite.portal.prose import plain_text
from okrsite.portal.site import SiteUrls
from okrsite.portal.words import (
    NBSP,
    count,
    day,
    percent,
    points,
    round_half_up,
    shortened,
)

STATUS_NAMES = {
    Status.ON_TRACK: "On track",
    Status.AT_RISK: "At risk",
    Status.OFF_TRACK: "Off track",
    Status.NO_DATA: "No data",
    Status.NOT_STARTED: "Not started",
    Status.ACHIEVED: "Achieved",
    Status.PARTIAL: "Partial",
    Status.MISSED: "Missed",
    Status.DROPPED: "Dropped",
}


# The prefix that a note's converter gives to all its ids.
_OWN_IDS = re.compile(r' id="(n[0-9a-f]{8}-)')


class Notes:
    """Check-ins' and amendments' prose, each converted once however many pages show it."""

    def __init__(self, markdown: Callable[[str], str]) -> None:
        self._markdown = markdown
        self._html: dict[str, Markup] = {}
        self._words: dict[str, str] = {}
        self._shown: Counter[str] = Counter()

    def for_page(self) -> "Notes":
        """The same notes for another page: one that two people wrote alike has its ids once."""
        page = Notes(self._markdown)
        page._html, page._words = self._html, self._words
        return page

    def html(self, body: str) -> Markup:
        """Safe HTML, ready to stand on the page."""
        made = self._made(body)
        found = _OWN_IDS.search(made)
        if found is None:
            return made
        self._shown[body] += 1
        times = self._shown[body]
        return made if times == 1 else Markup(made.replace(found[1], f"{found[1]}{times}-"))

    def _made(self, body: str) -> Markup:
        if body not in self._html:
            # The converter sanitizes; nothing else may be marked safe.
            self._html[body] = Markup(self._markdown(body) if body.strip() else "")
        return self._html[body]

    def words(self, body: str) -> str:
        """The first paragraph in plain words, at most some 240 characters."""
        if body not in self._words:
            self._words[body] = shortened(plain_text(self._made(first_paragraph(body))), 240)
        return self._words[body]


def first_paragraph(body: str) -> str:
    """The first paragraph of a narrative, as it was written."""
    return body.strip().split("\n\n")[0]


@dataclass(frozen=True, slots=True)
class StatusMark:
    """A status as its class and its word."""

    name: str
    word: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one check-in said of one key result, in the words of every page that shows it."""

    change: str
    more: str
    status: StatusMark | None = None


@dataclass(frozen=True)
class Desk:
    """What every view needs beside the Book: the page it is for, and how prose is converted.

    `silent` has the goalposts moved without an amendment, by kind and id.
    """

    book: Book
    links: Links
    urls: SiteUrls
    notes: Notes
    spark: Callable[[str], Markup]
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    silent: Mapping[tuple[str, str], tuple[Move, ...]] = field(default_factory=dict)

    def handbook(self, name: str, anchor: str) -> str:
        """The address of a section of the handbook; empty where the site has no such page."""
        uri = f"{posixpath.dirname(self.urls.handbook)}/{name}"
        there = bool(self.urls.handbook) and uri in self.book.parsed.raw
        return self.links.page(uri, anchor) if there else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Progress as a bar: `style` holds its numbers in percent, `text` says them in words."""

    kind: str
    status: str
    label: str
    text: str
    style: str
    now: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Delta:
    """A change with its direction; `css` says whether it is good or bad, where that is sure."""

    arrow: str
    word: str
    text: str
    css: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what it is, with a small addition."""

    term: str
    value: tuple[Link, ...]
    small: str = ""


def status_mark(status: Status) -> StatusMark:
    """A computed status for the template."""
    return StatusMark(str(status), STATUS_NAMES[status])


def team_mark(status: Status) -> StatusMark:
    """The status of a team's goals together; once closed their grade, since a mean met nothing."""
    grade = mean_grade(status)
    return status_mark(status) if grade is None else StatusMark(str(status), str(grade))


def _whole(value: Fraction) -> int:
    return int(round_half_up(value * 100))


def progress_bar(
    label: str,
    status: Status,
    progress: Fraction | None,
    expected: Fraction | None,
    projection: Fraction | None = None,
) -> Bar:
    """The bullet bar of a progress; an empty one for no data."""
    if progress is None:
        return Bar("empty", str(status), label, f"{label}: no data", "", 0, 0, 100)
    value, due = _whole(progress), _whole(expected if expected is not None else Fraction(1))
    drawn = max(-1, min(value, 400))
    style = f"--v:{max(0, drawn)};--e:{max(0, min(due, max(100, drawn)))}"
    if projection is not None and value < 100:
        style += f";--p:{max(0, min(100, _whole(projection)))}"
    if drawn > 100:
        style += f";--m:{drawn}"
    return Bar(
        "progress",
        str(status),
        label,
        _bar_words(progress, expected, projection),
        style,
        value,
        min(0, value),
        max(100, value),
    )


def _bar_words(progress: Fraction, expected: Fraction | None, projection: Fraction | None) -> str:
    if progress < 0:
        text = f"{percent(-progress)} below the start"
    else:
        text = f"{percent(progress)} of the way"
    if expected is not None:
        text += f", {percent(expected)} expected so far"
    if projection is not None:
        text += f", {percent(projection)} at this pace by the end"
    return text


def task_bar(label: str, done: int, total: int) -> Bar:
    """Work is grey: tasks done of all, never an outcome."""
    share = _whole(Fraction(done, total)) if total else 0
    text = f"{done} of {count(total, 'task')}" if total else "no tasks yet"
    return Bar("plain", "", label, text, f"--v:{share}", done, 0, max(total, 1))


def delta_points(now: Fraction | None, before: Fraction | None) -> Delta | None:
    """The change between two exact progresses, in points; None where either is not known.

    So it may be a point off the difference of the two percents, each rounded by itself.
    """
    if now is None or before is None:
        return None
    change = now - before
    if not change:
        return Delta("", "", "no change", "")
    up = change > 0
    text = points(change) if abs(change) * 200 >= 1 else f"<{NBSP}1{NBSP}pt"
    return Delta("▲" if up else "▼", "up" if up else "down", text, "")


def week_before(book: Book) -> date:
    """The day that `since …` compares with: one cadence ago."""
    return book.as_of - timedelta(days=book.settings.cadence)


def who(*links: Link | None) -> tuple[Link, ...]:
    """Those of `links` that lead to somebody."""
    return tuple(link for link in links if link is not None)


def ambition_words(ambition: Ambition) -> str:
    """What an ambition asks for at the close."""
    return "needs 1.0 at close" if ambition is Ambition.COMMITTED else "0.7 is a success"


def days_left(period: Period, today: date) -> str:
    """How much of a period is left, in words."""
    if today > period.end:
        return f"ended {day(period.end)}"
    if today < period.start:
        return f"starts {day(period.start)}"
    return f"{count((period.end - today).days, 'day')} left"


def source_link(desk: Desk, path: str, text: str = "") -> Link:
    """A file of the content folder, leading to the forge's editor where there is one."""
    return Link(text or path, desk.urls.edit_base + quote(path) if desk.urls.edit_base else "")
