"""The one door to matplotlib: marks become SVG elements, texts and scales are measured.

A mark says where a thing is and which class of the stylesheet it belongs to, never a colour.
Each mark is painted in a colour that is its number; what matplotlib wrote is read back, the
number gives the class, and everything else (prologue, style, font list, ids) stays behind.

`RendererSVG` is driven directly because a `Figure` costs a hundred times as much. Its methods
are no stable promise, so it is tried on a sample first, and a plain `Figure` takes its place
when the sample does not come out right. matplotlib is imported inside the functions that need
it: importing this module costs nothing, the first chart pays.
"""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.ft2font import FT2Font
    from matplotlib.path import Path
    from matplotlib.ticker import MaxNLocator

Spot = tuple[float, float]
Line = tuple[Spot, ...]

FONT_SIZE = 12.5


@dataclass(frozen=True, slots=True)
class Stroke:
    """Lines of one class; a closed one is an area."""

    css: str
    lines: tuple[Line, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Dots:
    """Circles of one class and size; `style` is for what the class gets wrong for a circle."""

    css: str
    centres: Line
    radius: float
    style: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words at its baseline; the first `bold` characters are emphasised."""

    text: str
    x: float
    y: float
    anchor: str = "start"
    css: str = ""
    bold: int = 0


Mark = Stroke | Dots | Text
Painter = Callable[[float, float, Sequence[Mark]], str]


def elements(width: float, height: float, marks: Sequence[Mark]) -> str:
    """The marks as SVG elements, first mark lowest."""
    drawn = [mark for mark in marks if _holds_something(mark)]
    return _read_back(painter()(width, height, drawn), drawn)


def _holds_something(mark: Mark) -> bool:
    if isinstance(mark, Text):
        return bool(mark.text)
    return any(mark.lines) if isinstance(mark, Stroke) else bool(mark.centres)


# --- painting -------------------------------------------------------------------------------

_MOVE, _DRAW, _CLOSE = 1, 2, 79  # codes of a path, as documented by matplotlib
_NO_METADATA: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}


def paint_directly(width: float, height: float, marks: Sequence[Mark]) -> str:
    """What `RendererSVG` writes for the marks."""
    from matplotlib.backends.backend_svg import RendererSVG
    from matplotlib.font_manager import FontProperties
    from matplotlib.transforms import IdentityTransform

    out = StringIO()
    same, font = IdentityTransform(), FontProperties(family="of the page")
    with _text_as_text():
        untyped: Any = RendererSVG
        renderer = untyped(width, height, out, metadata=_NO_METADATA)
        pen = renderer.new_gc()
        for ink, mark in enumerate(marks, 1):
            pen.set_foreground(_colour(ink), isRGBA=True)
            if isinstance(mark, Text):
                renderer.draw_text(pen, mark.x, mark.y, mark.text, font, 0)
            else:
                # A face keeps matplotlib from clipping, which would close an area twice.
                face = _colour(ink) if _is_filled(mark) else None
                renderer.draw_path(pen, _path(mark, height), same, face)
        renderer.finalize()
    return out.getvalue()


def paint_with_figure(width: float, height: float, marks: Sequence[Mark]) -> str:
    """What a `Figure` holding the marks as artists writes: slow, and promised to work."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    out = StringIO()
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, frameon=False)
    FigureCanvasSVG(figure)
    for ink, mark in enumerate(marks, 1):
        figure.add_artist(_artist(mark, ink, height))
    with _text_as_text(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a glyph that its own font lacks is the browser's to find
        figure.savefig(out, format="svg", metadata=_NO_METADATA)
    return out.getvalue()


def _artist(mark: Mark, ink: int, height: float) -> "Artist":
    from matplotlib.patches import PathPatch
    from matplotlib.text import Text as Words
    from matplotlib.transforms import IdentityTransform

    common: dict[str, Any] = {
        "color": _colour(ink),
        "zorder": ink,
        "transform": IdentityTransform(),
    }
    if isinstance(mark, Text):
        return Words(mark.x, height - mark.y, mark.text, parse_math=False, **common)
    return PathPatch(_path(mark, height), fill=_is_filled(mark), **common)


def _is_filled(mark: Stroke | Dots) -> bool:
    return isinstance(mark, Dots) or mark.closed


def _path(mark: Stroke | Dots, height: float) -> "Path":
    """A mark's points as matplotlib counts them, upwards. Dots are read back one by one: a
    marker of matplotlib's would take an id, and eight curves for each."""
    from matplotlib.path import Path

    spots: list[Spot] = []
    codes: list[int] = []
    closed = isinstance(mark, Stroke) and mark.closed
    for line in filter(None, mark.lines if isinstance(mark, Stroke) else (mark.centres,)):
        spots += [(x, height - y) for x, y in line]
        codes += [_MOVE] + [_DRAW] * (len(line) - 1)
        if closed:
            spots.append((0, 0))
            codes.append(_CLOSE)
    return Path(spots, codes)


def _colour(ink: int) -> tuple[float, float, float, float]:
    return (0.0, (ink >> 8) / 255, (ink & 255) / 255, 1.0)


@contextmanager
def _text_as_text() -> Iterator[None]:
    """Words stay words; `rc_context` would copy some three hundred settings for each chart."""
    from matplotlib import rcParams

    before = rcParams["svg.fonttype"]
    rcParams["svg.fonttype"] = "none"
    try:
        yield
    finally:
        rcParams["svg.fonttype"] = before


_SAMPLE: tuple[Mark, ...] = (
    Stroke("a", (((1, 2), (30, 4)), ((5, 6), (7, 28)))),
    Stroke("b", (((1, 2), (3, 4), (5, 2)),), closed=True),
    Dots("c", ((10, 10), (20, 5.5)), 2.5),
    Text("1 & <2> $3$", 4, 12.5),
)
_SAMPLE_DRAWN = (
    '<path class="a" d="M1 2L30 4M5 6L7 28"/><path class="b" d="M1 2L3 4L5 2z"/>'
    '<circle class="c" cx="10" cy="10" r="2.5"/><circle class="c" cx="20" cy="5.5" r="2.5"/>'
    '<text x="4" y="12.5">1 &amp; &lt;2&gt; $3$</text>'
)


@cache
def painter() -> Painter:
    """The renderer itself, or the figure where this matplotlib has another renderer."""
    return paint_directly if draws_the_sample(paint_directly) else paint_with_figure


def draws_the_sample(painter: Painter) -> bool:
    """Whether this matplotlib's renderer still does what is asked of it here."""
    try:
        return _read_back(painter(40, 30, _SAMPLE), _SAMPLE) == _SAMPLE_DRAWN
    except Exception:  # whatever a changed signature raises, the figure is the answer
        return False


# --- reading back ---------------------------------------------------------------------------

_INK = re.compile(r"(?:stroke|fill): #00([0-9a-f]{4})")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_AROUND_COMMAND = re.compile(r"\s*([A-Za-z])\s*")


def _read_back(written: str, marks: Sequence[Mark]) -> str:
    return "".join(_elements_of(written, marks))


def _elements_of(written: str, marks: Sequence[Mark]) -> Iterator[str]:
    for node in ElementTree.fromstring(written).iter():
        ink = _INK.search(node.get("style", ""))
        number = int(ink[1], 16) if ink else 0
        if 1 <= number <= len(marks):
            yield _element(marks[number - 1], node)


def _element(mark: Mark, node: "ElementTree.Element") -> str:
    css = f' class="{escape(mark.css)}"' if mark.css else ""
    if isinstance(mark, Text):
        return _words(mark, css, node)
    course = _NUMBER.sub(lambda found: tenth(float(found[0])), node.get("d", "").strip())
    if isinstance(mark, Stroke):
        tight = _AROUND_COMMAND.sub(r"\1", course)
        return f'<path{css} d="{tight}"/>'
    style = f' style="{escape(mark.style)}"' if mark.style else ""
    numbers = iter(_NUMBER.findall(course))
    return "".join(
        f'<circle{css}{style} cx="{x}" cy="{y}" r="{tenth(mark.radius)}"/>'
        for x, y in zip(numbers, numbers, strict=True)
    )


def _words(mark: Text, css: str, node: "ElementTree.Element") -> str:
    x, y = _position(node)
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    words = node.text or ""
    strong, rest = escape(words[: mark.bold]), escape(words[mark.bold :])
    strong = f'<tspan class="okr-t">{strong}</tspan>' if strong else ""
    return f'<text{css} x="{tenth(x)}" y="{tenth(y)}"{anchor}>{strong}{rest}</text>'


def _position(node: "ElementTree.Element") -> Spot:
    """Where a text stands: its attributes, or the translation of a renderer's bare text."""
    if "x" in node.attrib:
        return float(node.attrib["x"]), float(node.attrib["y"])
    found = _NUMBER.findall(node.get("transform", "").partition("translate")[2].partition(")")[0])
    return float(found[0]), float(found[1])


def tenth(value: float) -> str:
    """A coordinate to a tenth of a pixel, without a needless `.0` or `-0`."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


# --- measuring ------------------------------------------------------------------------------


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


def affine(data: tuple[float, ...], view: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Factor and offset across, factor and offset up, that lay one rectangle onto another."""
    from matplotlib.transforms import Bbox, BboxTransform

    a, _, _, d, e, f = BboxTransform(Bbox.from_extents(*data), Bbox.from_extents(*view)).to_values()
    return float(a), float(e), float(d), float(f)
