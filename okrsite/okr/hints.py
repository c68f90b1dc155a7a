"""What to write instead of a number, a day or a status that was typed another way."""

import re
from calendar import monthrange
from datetime import date
from fractions import Fraction

_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}([,_ '\u00a0\u2009\u2019\u202f][0-9]{3})+(\.[0-9]+)?")
_COMMA = re.compile(r"[-+]?(0|[1-9][0-9]{0,17}),[0-9]{1,12}")
_UNCLEAR = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")  # a thousand to some, one to others
_CLOCK = re.compile(r"[0-9]+:[0-9]{2}(:[0-9]{2})?")
# Not a single `k` or `m`, which as a rule stand for thousands and millions.
_WITH_UNIT = re.compile(
    r"(?P<number>[-+]?[0-9]+(?:[.,][0-9]+)?)\s*"
    r"(?P<unit>[^\W\d_]{2,20}(?:[ /-][^\W\d_]{1,20}){0,3}|[%€$£¥hds])"
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NUMERIC = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\.?[ -]+([A-Za-z]{3,9})\.?,?[ -]+([0-9]{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?[ -]+([0-9]{1,2})(?:st|nd|rd|th)?,?[ -]+([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

_STATUS = {
    **dict.fromkeys(("green", "ok", "okay", "good", "fine", "healthy"), "on-track"),
    **dict.fromkeys(("yellow", "amber", "orange", "warning", "risk"), "at-risk"),
    **dict.fromkeys(("red", "bad", "late", "behind", "delayed"), "off-track"),
}


# Signs that look like those of the keyboard, and others that cannot be seen at all.
_MINUS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\uff0d", "-"))
_UNSEEN = "\u00a0\u2007\u2009\u200b\u200c\u200d\u200e\u200f\u202f\u2060\ufeff \t"
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*(?:%|percent|per cent|prozent)", re.I)
_PART = re.compile(r"([0-9]{1,2}) *(?:/|of|out of) *(5|10|100)")


def share_hint(text: str, typed: str = "") -> tuple[str, str]:
    """What to write instead of `text`, no number from 0 to 1, and that alone where it is clear.

    `typed` is the number that it is, if it is one.
    """
    if found := _PERCENT.fullmatch(text):
        number = Fraction(found[1].replace(",", ".")) / 100
    elif found := _PART.fullmatch(text):
        number = Fraction(found[1]) / Fraction(found[2])
    else:
        number = Fraction(typed or -1)
        if 1 < number <= 10:  # a share of ten or of a hundred
            tenth, hundredth = f"{float(number / 10):g}", f"{float(number / 100):g}"
            of_ten = f"`{tenth}` for {float(number):g} of 10"
            return f"Write {of_ten}, `{hundredth}` for {float(number):g} %.", ""
        number = number / 100 if 1 < number <= 100 else number
    if 0 <= number <= 1:
        return f"Write `{float(number):g}`.", f"{float(number):g}"
    return "Write a number from 0 to 1, for example `0.7`.", ""


def weight_hint(text: str) -> str:
    """What to write instead of a weight in per cent; nothing where it is none."""
    found = _PERCENT.fullmatch(text)
    if found is None:
        return ""
    number = found[1].replace(",", ".")
    return f"Write `{number}`: a weight has no unit, and counts against the others."


def said_hint(text: str) -> str:
    """What to write instead of `text` where a unit has no field of its own beside the number."""
    found = _WITH_UNIT.fullmatch(_keyed(text))
    number = found["number"].replace(",", ".") if found else ""
    is_number = found and _NUMBER.fullmatch(number)
    return f"Write `{number}`; the unit stands in the goal." if is_number else number_hint(text)


def _keyed(text: str) -> str:
    """The text as the keyboard would type it."""
    return text.strip(_UNSEEN).translate(_MINUS)


def number_hint(text: str) -> str:
    """What to write instead of `text`, which is no number."""
    if written := _written(text):
        return "Write `{}`{}.".format(*written)
    if _CLOCK.fullmatch(text):
        return "Write a duration in one unit, for example minutes, and name it in `unit`."
    found = _WITH_UNIT.fullmatch(_keyed(text))
    number = found["number"].replace(",", ".") if found else ""
    if found and _NUMBER.fullmatch(number):
        return f"Write `{number}` and put `{found['unit']}` in `unit`."
    return "Write digits and at most one decimal point, for example `12.5`."


def number_fix(text: str) -> str:
    """The one number that `text` can be; nothing where it can be several, or none."""
    written = None if _UNCLEAR.fullmatch(_keyed(text)) else _written(text)
    return written[0] if written and _NUMBER.fullmatch(written[0]) else ""


def _written(text: str) -> tuple[str, str] | None:
    """The number that `text` most likely is, and what was left out of it."""
    typed, text = text, _keyed(text)
    if _NUMBER.fullmatch(text):
        has_other_minus = typed.translate(_MINUS) != typed
        sign = "with the `-` of the keyboard" if has_other_minus else "without the unseen space"
        return text, f", {sign}"
    if _GROUPED.fullmatch(text) and not text.lstrip("-+").startswith("0"):
        return re.sub("[^-+0-9.]", "", text), ", without thousands marks"
    if _COMMA.fullmatch(text):
        return text.replace(",", "."), ""
    if re.fullmatch(r"[-+]?0[0-9]+", text):
        return str(int(text)), ", without the leading zero"
    return None


def day_fix(text: str) -> str:
    """The one day that `text` can be, as it is to be written; nothing where it is unclear."""
    days = {day for day in _days(text) if day is not None}
    return days.pop().isoformat() if len(days) == 1 else ""


def day_hint(text: str) -> str:
    """What to write instead of `text`, which is no day: that very day where it can be one only."""
    days = {day for day in _days(text) if day is not None}
    if only := day_fix(text):
        return f"Write `{only}`."
    if len(days) == 2:
        first, second = sorted(day.isoformat() for day in days)
        return f"Write `{first}` or `{second}`, whichever is meant."
    return "Write it as year-month-day, like 2026-01-31."


def calendar_hint(text: str) -> str:
    """Why the day `text`, written as it should be, does not exist."""
    found = _ISO.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        return "Months run from 01 to 12: year-month-day, like 2026-01-31."
    year, month = int(found[1]), int(found[2])
    name = _MONTHS[month - 1] + (f" {year}" if month == 2 else "")
    return f"{name} has {monthrange(year, month)[1]} days."


def status_hint(text: str) -> str:
    """The status that a colour or a common word stands for, or nothing."""
    meant = _STATUS.get(text.strip().lower())
    return f"Did you mean `{meant}`?" if meant else ""


def _days(text: str) -> list[date | None]:
    """The days that `text` may stand for."""
    text = _keyed(text)
    if found := _NUMERIC.fullmatch(text):
        first, second, third = found.groups()
        if len(first) == 4 and len(third) <= 2:
            return [_day(first, second, third)]
        if len(third) != 4 or len(first) > 2:
            return []
        # With full stops the day is first everywhere; slashes are read both ways.
        dotted = "." in text
        return [_day(third, second, first), None if dotted else _day(third, first, second)]
    if found := _DAY_FIRST.fullmatch(text):
        return [_day(found[3], _month(found[2]), found[1])]
    if found := _MONTH_FIRST.fullmatch(text):
        return [_day(found[3], _month(found[1]), found[2])]
    return []


def _month(name: str) -> str:
    found = [n for n, month in enumerate(_MONTHS, 1) if month.lower().startswith(name.lower())]
    return str(found[0]) if len(found) == 1 else "0"


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
