"""A frontmatter that cannot be read → the one change after which it can, if there is one."""

from collections.abc import Callable

from okrsite.okr.blanks import with_spaces
from okrsite.okr.broken import TAB, Fault
from okrsite.okr.finding import Fix

Parsed = tuple[dict[str, object], int | None]  # fields, and the line from 0 that stops the reading
Parse = Callable[[str], Parsed]
_TAB_WIDTHS = (2, 4, 8)


def opened(parts: tuple[str | None, str, int], parse: Parse) -> Fix | None:
    """The first `---`, where the second is there already and `parts` are what lies between."""
    head, _, body_line = parts
    return Fix(1, 1, 1, 1, "---\n") if body_line and head and is_read(head, parse) else None


def closed(head: str, parse: Parse) -> Fix | None:
    """The second `---` at the end of a file that holds nothing but fields."""
    lines = head.split("\n")
    if not is_read(head.rstrip(), parse):
        return None
    line, column = len(lines) + 1, len(lines[-1].rstrip("\r")) + 1
    return Fix(line, column, line, column, "---\n" if column == 1 else "\n---\n")


def repaired(head: str, fault: Fault, parse: Parse) -> Fix | None:
    """The fault's own edit, where the reading comes past its line with it."""
    if fault.message == TAB:
        return _without_tabs(head, parse)
    if fault.edit is None:
        return None
    lines, line = head.split("\n"), fault.line + 2
    begin, end, text = fault.edit
    lines[fault.line] = lines[fault.line][:begin] + text + lines[fault.line][end:]
    before, stuck = parse(head)[1], parse("\n".join(lines))[1]
    is_better = stuck is None or (stuck > fault.line and stuck != before)
    return Fix(line, begin + 1, line, end + 1, text) if is_better else None


def is_read(head: str, parse: Parse) -> bool:
    """Whether `head` can be read to its end and says something."""
    data, stuck = parse(head)
    return bool(data) and stuck is None


def _without_tabs(head: str, parse: Parse) -> Fix | None:
    """Spaces for all tabs that lines begin with, where any usual width of a tab says the same."""
    lines = head.split("\n")
    rows = [n for n, line in enumerate(lines) if "\t" in _indent(line)]
    texts = ["\n".join(_untabbed(line, width) for line in lines) for width in _TAB_WIDTHS]
    read = [text for text in texts if is_read(text, parse)]
    if not rows or not read or any(parse(text)[0] != parse(read[0])[0] for text in read):
        return None
    first, last = rows[0], rows[-1]
    mended = "\n".join(read[0].split("\n")[first : last + 1])
    return Fix(first + 2, 1, last + 2, len(lines[last]) + 1, mended)


def spaced(head: str, parse: Parse) -> Fix | None:
    """Plain spaces for those that look like some, if it can be read then."""
    mended, first, last = with_spaces(head)
    if not is_read(mended, parse):
        return None
    text = "\n".join(mended.split("\n")[first : last + 1]).rstrip("\r")
    end = len(head.split("\n")[last].rstrip("\r")) + 1
    return Fix(first + 2, 1, last + 2, end, text.replace("\r", ""))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _untabbed(line: str, width: int) -> str:
    lead = _indent(line)
    return lead.replace("\t", " " * width) + line[len(lead) :]
