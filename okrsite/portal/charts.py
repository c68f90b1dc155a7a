"""Chart data as inline SVG: a course against its plan, a sparkline, statuses by week.

Functions of their record alone: the same record gives the same bytes. Colours are classes of
the stylesheet, so a picture follows the reader's scheme. Importing this costs nothing;
matplotlib is loaded with the first picture.
"""

import re
from html import escape

from okrsite.portal import burnup
from okrsite.portal.axes import course, drawable, plane, span, stepped
from okrsite.portal.burnup import HEIGHT, WIDTH
from okrsite.portal.captions import captions
from okrsite.portal.chartdata import BurnUp, Spark, StatusWeek, StatusWeeks
from okrsite.portal.labels import ASCENT, DESCENT, LINE_HEIGHT, box, clean, shorten, stack, width
from okrsite.portal.svg import Dots, Line, Mark, Stroke, Text, elements, text_width

SPARK_WIDTH, SPARK_HEIGHT = 100.0, 28.0
WEEKS_WIDTH, WEEKS_HEIGHT = 340.0, 112.0

_COLUMN_TOP, _COLUMN_BOTTOM = 0.0, 94.0
_WIDEST_PITCH, _WIDEST_GAP = 31.0, 5.0
_WEEK_BASELINE = 109.0
_NOT_IN_ID = re.compile("[^A-Za-z0-9-]")
_WIDEST_NAME, _WIDEST_WEEK = 130.0, 60.0
# What the stylesheet has a colour for; anything else is drawn as no data.
_STATUSES = (
    *("on-track", "at-risk", "off-track", "no-data", "not-started"),
    *("achieved", "partial", "missed", "dropped"),
)


def burn_up_svg(record: BurnUp) -> str:
    """The course of an objective or a key result against what was expected of it."""
    head = _titled(record.key, record.sentence or record.title, WIDTH, HEIGHT)
    return f"{head}{elements(WIDTH, HEIGHT, _burn_up_marks(burnup.drawable(record)))}</svg>"


def _burn_up_marks(record: BurnUp) -> list[Mark]:
    layout = burnup.laid_out(record)
    ticks = burnup.tick_texts(layout)
    texts, hairlines = captions(record, layout, ticks)
    return [
        burnup.grid(layout, hairlines),
        *ticks,
        *burnup.courses(layout),
        *burnup.goalposts(layout),
        *texts,
    ]


def spark_svg(record: Spark) -> str:
    """A row's course, small: the whole period is the width, so time left stays visible."""
    actual, expected = drawable(record.actual), drawable(record.expected)
    values = span((point.value for point in actual + expected), (0.0, 1.0))
    scale = plane((record.start, record.end), values, (2.0, SPARK_WIDTH - 2, 3.0, SPARK_HEIGHT - 3))
    line = course(scale, actual)
    marks: tuple[Mark, ...] = (
        Stroke("okr-grid", (course(scale, expected),)),
        Stroke("okr-actual", (stepped(line) if record.stepwise else line,)),
        Dots("okr-s", line[-1:], 3),
    )
    return (
        f'<svg class="okr-spark okr-svg {_status_class(record.status)}" '
        f'viewBox="0 0 {SPARK_WIDTH:g} {SPARK_HEIGHT:g}" role="img" '
        f'aria-label="{escape(clean(record.sentence))}">'
        f"{elements(SPARK_WIDTH, SPARK_HEIGHT, marks)}</svg>"
    )


def status_weeks_svg(record: StatusWeeks) -> str:
    """How many key results stood where, week by week, the last week in words."""
    head = _titled(record.key, record.sentence or record.title, WEEKS_WIDTH, WEEKS_HEIGHT)
    return f"{head}{elements(WEEKS_WIDTH, WEEKS_HEIGHT, _week_marks(record.weeks))}</svg>"


def _titled(key: str, sentence: str, wide: float, high: float) -> str:
    name = f"okr-c-{_as_id(key)}"
    return (
        f'<svg class="okr-svg" width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}" '
        f'role="img" aria-labelledby="{name}"><title id="{name}">{escape(clean(sentence))}</title>'
    )


def _as_id(key: str) -> str:
    """A key as an id: two keys never share one, and nothing in it ends the attribute."""
    return _NOT_IN_ID.sub(lambda sign: "." if sign[0] == "/" else f"_{ord(sign[0]):x}_", key)


def _status_class(status: str) -> str:
    return f"okr-is-{status if status in _STATUSES else 'no-data'}"


# --- statuses by week -----------------------------------------------------------------------


def _week_marks(weeks: tuple[StatusWeek, ...]) -> list[Mark]:
    if not weeks:
        return []
    said = _said_of(weeks[-1])
    numbers = [shorten(clean(week.label), _WIDEST_WEEK, bold=True) for week in weeks]
    beside = 6 + max((width(text) for text in said.values()), default=0.0)
    room = WEEKS_WIDTH - max(beside, text_width(numbers[-1], bold=True) / 2)
    gap = _WIDEST_GAP if len(weeks) * 12 < room else 1.0
    pitch = min(_WIDEST_PITCH, (room + gap) / len(weeks))
    most = max(sum(max(count, 0) for _, count in week.counts) for week in weeks) or 1
    unit = (_COLUMN_BOTTOM - _COLUMN_TOP) / most
    return [
        *_columns(weeks, pitch, pitch - gap, unit),
        *_named(weeks[-1], said, len(weeks) * pitch - gap + 6, unit),
        *_week_numbers(numbers, pitch, gap),
    ]


def _columns(weeks: tuple[StatusWeek, ...], pitch: float, wide: float, unit: float) -> list[Mark]:
    """The parts of all columns, those of a status together."""
    areas: dict[str, list[Line]] = {}
    for index, week in enumerate(weeks):
        left, bottom = index * pitch, _COLUMN_BOTTOM
        for status, count in week.counts:
            if count > 0:
                top = max(bottom - max(count * unit - 1, 0.4), _COLUMN_TOP)
                areas.setdefault(_status_class(status), []).append(
                    ((left, bottom), (left + wide, bottom), (left + wide, top), (left, top))
                )
                bottom -= count * unit
    return [Stroke(f"okr-s {css}", tuple(parts), closed=True) for css, parts in areas.items()]


def _said_of(week: StatusWeek) -> dict[int, Text]:
    """The words for a week's statuses by their place: the greatest that there is height for."""
    fitting = int((_COLUMN_BOTTOM + DESCENT) // LINE_HEIGHT)
    seen = [place for place, (_, count) in enumerate(week.counts) if count > 0]
    said: dict[int, Text] = {}
    for place in sorted(seen, key=lambda place: -week.counts[place][1])[:fitting]:
        status, count = week.counts[place]
        number = f"{count:,}" if count < 100_000 else f"{count:.0e}"
        words = shorten(f"{number} {clean(status).replace('-', ' ')}", _WIDEST_NAME)
        said[place] = Text(words, 0, 0, bold=min(len(number), len(words)))
    return said


def _named(week: StatusWeek, said: dict[int, Text], x: float, unit: float) -> list[Mark]:
    """The words beside the last column, each at the middle of its part or as near as may be."""
    wanted: list[tuple[float, float]] = []
    texts: list[Text] = []
    bottom = _COLUMN_BOTTOM
    for place, (_, count) in enumerate(week.counts):
        if place in said:
            middle = bottom - (count * unit - 1) / 2
            wanted.insert(0, (middle + 4.4 - ASCENT, LINE_HEIGHT))
            texts.insert(0, said[place])
        bottom -= max(count, 0) * unit
    tops = stack(wanted, _COLUMN_TOP, _COLUMN_BOTTOM + DESCENT)
    return [text._replace(x=x, y=top + ASCENT) for text, top in zip(texts, tops, strict=True)]


def _week_numbers(numbers: list[str], pitch: float, gap: float) -> list[Mark]:
    """Every week's number, or every second and so on, counted back from the last one."""
    last = len(numbers) - 1
    texts = [
        Text(
            number,
            index * pitch + (pitch - gap) / 2,
            _WEEK_BASELINE,
            "middle",
            "okr-t" if index == last else "",
        )
        for index, number in enumerate(numbers)
    ]
    every = int((max(width(text) for text in texts) + 4) // pitch) + 1
    kept = texts[last % every :: every]
    kept[-1] = kept[-1]._replace(x=max(kept[-1].x, width(kept[-1]) / 2))
    return [text for text in kept if box(text).left >= 0]
