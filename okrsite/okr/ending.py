"""A frontmatter that is never closed → where its second `---` belongs."""

import re
from typing import NamedTuple

from okrsite.okr.finding import Fix
from okrsite.okr.repairs import Parse, is_read

_FIELD = re.compile(r" *(?:- +)*[a-z_]+:(?: |$)")
_MEANT = re.compile(r"(?:[–—-]{2,5}|[–—]|\*{3,5}|_{3,5}|={3,5}|~{3}|\+{3})")
UNCLOSED = "the frontmatter is never closed"


class Ending(NamedTuple):
    """Where the second `---` belongs: a row of the frontmatter from 0, and what to say."""

    row: int
    message: str
    hint: str
    fix: Fix | None


def misspelt_end(head: str, parse: Parse) -> Ending | None:
    """A line that was meant as the second `---`, with a frontmatter above that can be read."""
    lines = head.split("\n")
    meant = (row for row, line in enumerate(lines) if row and _MEANT.fullmatch(line.rstrip()))
    row = next(meant, None)
    if row is None or not is_read("\n".join(lines[:row]), parse):
        return None
    found = lines[row].rstrip()
    fix = Fix(row + 2, 1, row + 2, len(found) + 1, "---")
    message = f"`{found}` does not close the frontmatter"
    return Ending(row, message, "Write `---`: three plain hyphens.", fix)


def end_before_prose(head: str, parse: Parse) -> Ending | None:
    """The first line of the prose, where a frontmatter and prose follow each other."""
    lines = head.split("\n")
    row = next((row for row, line in enumerate(lines) if _is_prose(line)), None)
    if row is None:
        return None
    while row and (not lines[row - 1].strip() or lines[row - 1].startswith("#")):
        row -= 1
    row += next(n for n, line in enumerate(lines[row:]) if line.strip())
    rest = lines[row:]
    # `Note: we want this` may be the first line of the prose as well as a field.
    is_plain = not any(map(re.compile("[^a-z_ #-]").match, filter(str.strip, lines[:row])))
    is_sure = is_plain and is_read("\n".join(lines[:row]), parse)
    is_sure = is_sure and not any(map(_FIELD.match, rest))
    fix = Fix(row + 2, 1, row + 2, 1, "---\n") if is_sure else None
    return Ending(row, UNCLOSED, "Add a line `---` above this one, where the prose begins.", fix)


def _is_prose(line: str) -> bool:
    """A line that begins at the left and is neither a field nor a comment nor part of a list."""
    return bool(line[:1].strip()) and not re.match(r"[\w./\"'-]+:(?:\s|$)|#|- |[\]}]", line)
