"""A period as a ruler: how much of it is gone, with its weeks, months or years marked."""

from datetime import date
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.expected import elapsed
from okrsite.okr.model import Period
from okrsite.portal.theme import environment

_WIDTH = 1000
_MOST_DAYS, _MOST_MARKS = 210, 36


def ruler(period: Period, today: date) -> Markup:
    """The ruler as inline SVG, hidden from screen readers: the words beside it say the same."""
    gone = elapsed(period.start, period.end, today) if today >= period.start else Fraction(0)
    marks = [_place(elapsed(period.start, period.end, day)) for day in ruler_days(period)]
    macros = environment().get_template("macros.html").make_module()
    # A macro is a template like any other: it escapes what it is given.
    return Markup(macros.ruler(_place(gone), marks))  # type: ignore[attr-defined]


def _place(share: Fraction) -> str:
    return f"{float(share * _WIDTH):.1f}".removesuffix(".0")


def ruler_days(period: Period) -> tuple[date, ...]:
    """Where a piece of the ruler ends: Mondays, first days of months, or of years."""
    first, last = period.start.toordinal() + 1, period.end.toordinal()
    if last - first < _MOST_DAYS:
        days = (date.fromordinal(day) for day in range(first, last + 1))
        return tuple(day for day in days if day.weekday() == 0)
    first, last = (day.year * 12 + day.month for day in (period.start, period.end))
    months = [date(month // 12, month % 12 + 1, 1) for month in range(first, last)]
    if len(months) <= _MOST_MARKS:
        return tuple(months)
    years = [month for month in months if month.month == 1]
    return tuple(years[:: len(years) // _MOST_MARKS + 1])
