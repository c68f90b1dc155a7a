"""Quarters, halves, months and years by the names that everybody gives them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from okrsite.edit.text.names import id_of
from okrsite.okr.portfolio import Portfolio

_PERIOD = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?:q(?P<q>[1-4])|h(?P<h>[12])|(?P<m>[01][0-9])))?")
# `q4-2026`, `q42026`, `2026q4`: the same, as other tools write it.
_TURNED = re.compile(r"(q[1-4]|h[12])-?([12][0-9]{3})")
_JOINED = re.compile(r"([12][0-9]{3})(q[1-4]|h[12])")
_QUARTERS = ("First", "Second", "Third", "Fourth")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the calendar with its usual name."""

    name: str
    title: str
    start: date
    end: date


def calendar_span(typed: str) -> Span | None:
    """The quarter, half, month or year that `2027-q1`, `Q1 2027`, `2027Q1` and the like mean."""
    name = id_of(typed)
    if turned := _TURNED.fullmatch(name):
        name = f"{turned[2]}-{turned[1]}"
    elif joined := _JOINED.fullmatch(name):
        name = f"{joined[1]}-{joined[2]}"
    found = _PERIOD.fullmatch(name)
    if found is None or (found["m"] and not 1 <= int(found["m"]) <= 12):
        return None
    year = int(found["year"])
    if found["q"]:
        first, months = 3 * int(found["q"]) - 2, 3
        title = f"{_QUARTERS[int(found['q']) - 1]} quarter {year}"
    elif found["h"]:
        first, months = 6 * int(found["h"]) - 5, 6
        title = f"{_QUARTERS[int(found['h']) - 1]} half of {year}"
    elif found["m"]:
        first, months, title = int(found["m"]), 1, f"{_MONTHS[int(found['m']) - 1]} {year}"
    else:
        first, months, title = 1, 12, str(year)
    last = first + months - 1
    return Span(name, title, date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def longer_period(portfolio: Portfolio, start: date, end: date) -> str | None:
    """The shortest period that holds all of these days and more."""
    around = [
        p
        for p in portfolio.periods.values()
        if p.start <= start and end <= p.end and (p.start, p.end) != (start, end)
    ]
    return min(around, key=lambda p: ((p.end - p.start).days, p.id)).id if around else None
