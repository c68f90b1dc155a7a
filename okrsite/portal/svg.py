"""The one door to matplotlib: lines become SVG elements, texts and scales are measured.

A mark says where a thing is and which class of the stylesheet it belongs to, never a colour.
matplotlib draws all lines and dots of a picture as one path, once; what it wrote is cut where
a line begins, and each mark takes its own. Words it would hand through as they are, under a
list of fonts: they are only measured here.

`RendererSVG` is driven directly because a `Figure` costs a hundred times as much. Its methods
are no stable promise, so it is tried on a sample first, and a plain `Figure` takes its place
when the sample does not come out right. matplotlib is imported inside the functions that need
it: importing this module costs nothing, the first chart pays.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font
    from matplotlib.path import Path
    from matplotlib.ticker import MaxNLocator

Spot = tuple[float, float]
Line = tuple[Spot, ...]

FONT_SIZE = 12.5


# Marks are made by the dozen for each picture; a named tuple takes a third of a dataclass's time.


class Stroke(NamedTuple):
    """Lines of one class; a closed one is an area."""

    css: str
    lines: tuple[Line, ...]
    closed: bool = False


class Dots(NamedTuple):
    """Circles of one class and size; `style` is for what the class gets wrong for a circle."""

    css: str
    centres: Line
    radius: float
    style: str = ""


class Text(NamedTuple):
    """One line of words at its baseline; the first `bold` characters are emphasised."""

    text: str
    x: float
    y: float
    anchor: str = "start"
    css: str = ""
    bold: int = 0


Mark = Stroke | Dots | Text
Painter = Callable[[float, float, "Path"], str]


def elements(width: float, height: float, marks: Sequence[Mark]) -> str:
    """The marks as SVG elements, first mark lowest."""
    return _painted(painter(), width, height, marks)


def _painted(paint: Painter, width: float, height: float, marks: Sequence[Mark]) -> str:
    path = _path(marks, height)
    courses = iter(_courses(paint(width, height, path)) if path is not None else ())
    return "".join([_element(mark, courses) for mark in marks])


# --- painting -------------------------------------------------------------------------------

_MOVE, _DRAW, _CLOSE = b"\x01", b"\x02", b"\x4f"  # codes of a path, as matplotlib documents them
_BLACK = (0.0, 0.0, 0.0)
_NO_METADATA: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}


def paint_directly(width: float, height: float, path: "Path") -> str:
    """What `RendererSVG` writes for a path."""
    renderer, out, pen, as_it_is = _renderer(width, height)
    out.seek(0)
    out.truncate()
    # A face keeps matplotlib from clipping, which would close an area twice.
    renderer.draw_path(pen, path, as_it_is, _BLACK)
    return out.getvalue()


@cache
def _renderer(width: float, height: float) -> tuple[Any, StringIO, Any, Any]:
    """A renderer, what it writes to, a pen, and a transform that leaves all where it is.

    One for all pictures of a size, one after the other: to make it, with its prologue, would
    take as long as to draw with it.
    """
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.transforms import IdentityTransform

    out = StringIO()
    untyped: Any = RendererSVG
    renderer = untyped(width, height, out, metadata=_NO_METADATA)
    return renderer, out, renderer.new_gc(), IdentityTransform()


def paint_with_figure(width: float, height: float, path: "Path") -> str:
    """What a `Figure` holding the path writes: slow, and promised to work."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch
    from matplotlib.transforms import IdentityTransform

    out = StringIO()
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, frameon=False)
    FigureCanvasSVG(figure)
    figure.add_artist(PathPatch(path, facecolor=_BLACK, transform=IdentityTransform()))
    figure.savefig(out, format="svg", metadata=_NO_METADATA)
    return out.getvalue()


def _path(marks: Sequence[Mark], height: float) -> "Path | None":
    """All points of the marks, to a tenth of a pixel and upwards, as matplotlib counts them."""
    from matplotlib.path import Path

    spots: list[Spot] = []
    codes = bytearray()
    for line, closed in _lines(marks):
        spots += line
        codes += _MOVE + _DRAW * (len(line) - 1)
        if closed:
            spots.append(line[0])
            codes += _CLOSE
    if not spots:
        return None
    as_given: Any = Path(spots)
    corners = as_given.vertices.round(1)
    corners[:, 1] = height - corners[:, 1]
    return Path(corners, list(codes))


def _lines(marks: Sequence[Mark]) -> Iterator[tuple[Line, bool]]:
    """Every line of the marks and whether it is closed; the dots of a mark are one line: a
    marker of matplotlib's would take an id, and eight curves for each."""
    for mark in marks:
        if isinstance(mark, Stroke):
            for line in filter(None, mark.lines):
                yield line, mark.closed
        elif isinstance(mark, Dots) and mark.centres:
            yield mark.centres, False


_SAMPLE: tuple[Mark, ...] = (
    Stroke("a", (((1, 2), (30, 4)), (), ((5, 6), (7, 28.04)))),
    Text("1 & <2> $3$", 4, 12.5),
    Stroke("b", (((1, 2), (3, 4), (5, 2)), ((1, 9), (3, 9), (5, 0.1))), closed=True),
    Dots("c", ((10, 10), (20, 5.5)), 2.5),
    Dots("c", ((0, 30),), 2),
)
_SAMPLE_DRAWN = (
    '<path class="a" d="M1 2L30 4M5 6L7 28"/><text x="4" y="12.5">1 &amp; &lt;2&gt; $3$</text>'
    '<path class="b" d="M1 2L3 4L5 2zM1 9L3 9L5 0.1z"/>'
    '<circle class="c" cx="10" cy="10" r="2.5"/><circle class="c" cx="20" cy="5.5" r="2.5"/>'
    '<circle class="c" cx="0" cy="30" r="2"/>'
)


@cache
def painter() -> Painter:
    """The renderer itself, or the figure where this matplotlib has another renderer."""
    return paint_directly if draws_the_sample(paint_directly) else paint_with_figure


def draws_the_sample(painter: Painter) -> bool:
    """Whether this matplotlib's renderer still does what is asked of it here."""
    try:
        return _painted(painter, 40, 30, _SAMPLE) == _SAMPLE_DRAWN
    except Exception:  # whatever a changed signature raises, the figure is the answer
        return False


# --- reading back ---------------------------------------------------------------------------

_COURSE = re.compile(r'<path [^>]*?\bd="([^"]+)"')


def _courses(written: str) -> list[str]:
    """The course of each line, from the one path in what was written, without its first `M`."""
    found = _COURSE.search(written)
    tight = " ".join(found[1].split() if found else ()).replace(" L ", "L").replace(" z", "z")
    return [course.rstrip() for course in tight.split("M ")[1:]]


def _element(mark: Mark, courses: Iterator[str]) -> str:
    if isinstance(mark, Text):
        return _words(mark) if mark.text else ""
    if isinstance(mark, Dots):
        return _circles(mark, next(courses)) if mark.centres else ""
    course = "M".join(islice(courses, sum(map(bool, mark.lines))))
    return f'<path{_class(mark.css)} d="M{course}"/>' if course else ""


def _circles(mark: Dots, course: str) -> str:
    style = f' style="{escape(mark.style)}"' if mark.style else ""
    front, back = f'<circle{_class(mark.css)}{style} cx="', f'" r="{tenth(mark.radius)}"/>'
    centres = course.replace(" ", '" cy="').split("L")
    return front + f"{back}{front}".join(centres) + back


def _words(mark: Text) -> str:
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    words = _emphasised(mark.text, mark.bold)
    return f'<text{_class(mark.css)} x="{tenth(mark.x)}" y="{tenth(mark.y)}"{anchor}>{words}</text>'


@lru_cache(maxsize=4096)
def _emphasised(words: str, bold: int) -> str:
    strong, rest = escape(words[:bold]), escape(words[bold:])
    return f'<tspan class="okr-t">{strong}</tspan>{rest}' if strong else rest


@lru_cache(maxsize=256)
def _class(css: str) -> str:
    return f' class="{escape(css)}"' if css else ""


def tenth(value: float) -> str:
    """A coordinate to a tenth of a pixel, without a needless `.0` or `-0`."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


# --- measuring ------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def text_width(text: str, bold: bool = False) -> float:
    """How wide a text may get, in pixels: DejaVu Sans, which is wider than the usual fonts."""
    return sum(_advance(sign, bold) for sign in text)


@cache
def _advance(sign: str, bold: bool) -> float:
    code, font = ord(sign), _font(bold)
    if 0x2300 <= code < 0x2C00 or code >= 0x1F000:  # pictures come from a font of their own
        return 1.4 * FONT_SIZE
    if code >= 0x2E80 or not font.get_char_index(code):
        return 1.05 * FONT_SIZE
    # A browser may round each sign's width to its own grid: a little more than it should be.
    return 1.02 * font.load_char(code).linearHoriAdvance / 65536


@cache
def _font(bold: bool) -> "FT2Font":
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    # The shipped file, not the best match on this machine: the same widths everywhere.
    font = FT2Font(f"{get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf")
    font.set_size(FONT_SIZE, 72)
    return font


@lru_cache(maxsize=4096)
def nice_ticks(low: float, high: float) -> tuple[float, ...]:
    """Three round values that hold the span between them, or four where they hold it closer."""
    three, four = (
        [float(tick) for tick in _locator(bins).tick_values(low, high)] for bins in (2, 3)
    )
    closer = len(four) <= 4 and four[-1] - four[0] < 0.8 * (three[-1] - three[0])
    return tuple(four if closer else three)


@cache
def _locator(bins: int) -> "MaxNLocator":
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=bins, steps=[1, 2, 5, 10], min_n_ticks=1)
