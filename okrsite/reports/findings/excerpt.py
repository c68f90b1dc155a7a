"""The offending line as a terminal shows it, and where under it the caret stands."""

from dataclasses import dataclass
from unicodedata import category, east_asian_width

from okrsite.okr.harmless import commands_in, visible

WIDTH = 92
_TAB = "    "


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Line `number` of a file, safe to print; the caret stands `indent` cells from its left."""

    number: int
    text: str
    indent: int


def line_of(text: str | None, number: int) -> str | None:
    """Line `number` of `text` without its end; None where there is none."""
    lines = text.split("\n") if text is not None else []
    return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else None


def excerpt(text: str | None, line: int, column: int, width: int = WIDTH) -> Excerpt | None:
    """The line and the place of its caret, cut around the column where it is long.

    None where the file or the line is not there, or the line is empty.
    """
    found = line_of(text, line)
    if not found or not found.strip():
        return None
    at = min(column - 1, len(found))
    first = max(0, at - 2 * width)  # a line may be megabytes long
    part = found[first : at + 2 * width]
    cells = _cells(part)
    begin, end = _window(cells, at - first, width)
    left = "…" if first + begin else ""
    right = "…" if first + end < len(found) else ""
    shown = "".join(cells[begin:end])
    indent = len(left) + sum(map(_width, cells[begin : at - first]))
    return Excerpt(line, f"{left}{shown}{right}", indent)


def _cells(part: str) -> list[str]:
    """What is printed for each sign."""
    apart = commands_in(part)
    return [
        (" " if index in apart else "") + (_TAB if sign == "\t" else visible(sign))
        for index, sign in enumerate(part)
    ]


def _window(cells: list[str], at: int, width: int) -> tuple[int, int]:
    """From where to where cells are shown: all, or what fits around number `at`."""
    widths = [_width(cell) for cell in cells]
    if sum(widths) <= width:
        return 0, len(cells)
    begin, end, used = at, at, 2
    while begin > 0 and used + widths[begin - 1] <= width // 2:
        begin -= 1
        used += widths[begin]
    while end < len(cells) and used + widths[end] <= width:
        used += widths[end]
        end += 1
    while begin > 0 and used + widths[begin - 1] <= width:
        begin -= 1
        used += widths[begin]
    return begin, end


def _width(cell: str) -> int:
    return sum(map(_cells_of, cell))


def _cells_of(sign: str) -> int:
    if sign < "\u0300":
        return 1
    if category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(sign) in "WF" else 1
