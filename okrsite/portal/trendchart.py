"""Scores over periods as inline SVG: the company's course with its numbers, and a small one a team.

What is not known leaves a gap. The running period has a hollow dot that no line leads to: a part of
the way cannot be told against the whole.
"""

import re
from dataclasses import dataclass
from html import escape

from okrsite.portal.labels import clean, shorten, width
from okrsite.portal.svg import Dots, Line, Mark, Spot, Stroke, Text, elements

WIDTH, HEIGHT = 440.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 424.0, 22.0, 160.0
_SMALL_WIDTH, _SMALL_HEIGHT = 100.0, 28.0
_LINES = (0.0, 0.5, 1.0)
_WIDEST_LABEL = 74.0
_NOT_IN_ID = re.compile("[^A-Za-z0-9-]")
_HOLLOW = "stroke-dasharray:none"


@dataclass(frozen=True, slots=True)
class Trend:
    """A score, 0 to 1, in each of some periods; None where there is none. `running`: the last."""

    key: str
    sentence: str
    labels: tuple[str, ...]
    scores: tuple[float | None, ...]
    running: bool


def trend_svg(record: Trend) -> str:
    """The course of a score with its numbers."""
    name = f"okr-t-{_NOT_IN_ID.sub('_', record.key)}"
    head = (
        f'<svg class="okr-svg" width="{WIDTH:g}" height="{HEIGHT:g}" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-labelledby="{name}">'
        f'<title id="{name}">{escape(clean(record.sentence))}</title>'
    )
    return f"{head}{elements(WIDTH, HEIGHT, _marks(record))}</svg>"


def small_trend_svg(record: Trend) -> str:
    """The same for a row of a table."""
    spots = _spots(record, 4, _SMALL_WIDTH - 4, 4, _SMALL_HEIGHT - 4)
    middle = _SMALL_HEIGHT / 2
    marks: list[Mark] = [
        Stroke("okr-grid", (((2, middle), (_SMALL_WIDTH - 2, middle)),)),
        *_course(record, spots, 2.0),
    ]
    return (
        f'<svg class="okr-spark okr-svg" viewBox="0 0 {_SMALL_WIDTH:g} {_SMALL_HEIGHT:g}" '
        f'role="img" aria-label="{escape(clean(record.sentence))}">'
        f"{elements(_SMALL_WIDTH, _SMALL_HEIGHT, marks)}</svg>"
    )


def _marks(record: Trend) -> list[Mark]:
    spots = _spots(record, _LEFT + 16, _RIGHT - 10, _TOP, _BOTTOM)
    grid = tuple(((_LEFT, _y(v, _TOP, _BOTTOM)), (_RIGHT, _y(v, _TOP, _BOTTOM))) for v in _LINES)
    scale = [Text(f"{v:.1f}", _LEFT - 6, _y(v, _TOP, _BOTTOM) + 4.4, "end") for v in _LINES]
    return [
        Stroke("okr-grid", grid),
        *scale,
        *_course(record, spots, 2.5),
        *_numbers(record, spots),
        *_labels(record),
    ]


def _x(index: int, amount: int, left: float, right: float) -> float:
    return (left + right) / 2 if amount < 2 else left + (right - left) * index / (amount - 1)


def _y(value: float, top: float, bottom: float) -> float:
    return bottom - min(max(value, 0.0), 1.0) * (bottom - top)


def _spots(
    record: Trend, left: float, right: float, top: float, bottom: float
) -> list[Spot | None]:
    amount = len(record.scores)
    return [
        None if value is None else (_x(index, amount, left, right), _y(value, top, bottom))
        for index, value in enumerate(record.scores)
    ]


def _course(record: Trend, spots: list[Spot | None], radius: float) -> list[Mark]:
    closed = spots[:-1] if record.running else spots
    last = spots[-1] if record.running else None
    known = tuple(spot for spot in closed if spot)
    marks: list[Mark] = [Stroke("okr-actual", tuple(_pieces(closed)))]
    marks.append(Dots("okr-dot", known, radius))
    if last:
        marks.append(Dots("okr-proj", (last,), radius + 1, _HOLLOW))
    return marks


def _pieces(spots: list[Spot | None]) -> list[Line]:
    """The stretches without a gap; a line needs two points."""
    pieces: list[list[Spot]] = [[]]
    for spot in spots:
        if spot is None:
            pieces.append([])
        else:
            pieces[-1].append(spot)
    return [tuple(piece) for piece in pieces if len(piece) > 1]


def _numbers(record: Trend, spots: list[Spot | None]) -> list[Text]:
    last = len(spots) - 1
    return [
        Text(f"{value:.1f}", spot[0], spot[1] - 7, "middle", "okr-t" if index == last else "")
        for index, (spot, value) in enumerate(zip(spots, record.scores, strict=True))
        if spot is not None and value is not None
    ]


def _labels(record: Trend) -> list[Text]:
    """The periods' names, or every second and so on, counted back from the last one."""
    amount = len(record.labels)
    texts = [
        Text(
            shorten(clean(label), _WIDEST_LABEL),
            _x(index, amount, _LEFT + 16, _RIGHT - 10),
            _BOTTOM + 22,
            "middle",
        )
        for index, label in enumerate(record.labels)
    ]
    if not texts:
        return []
    pitch = (_RIGHT - _LEFT - 26) / max(amount - 1, 1)
    every = int((max(width(text) for text in texts) + 6) // pitch) + 1
    kept = texts[(amount - 1) % every :: every]
    edge = WIDTH - 2
    return [t._replace(x=min(max(t.x, width(t) / 2 + 2), edge - width(t) / 2)) for t in kept]
