"""Blanks that look like a space and are none, as they come with text that was pasted."""

import re

MESSAGE = "a no-break space stands here, which looks like a space and is none"
HINT = "Type the line's beginning again, with plain spaces."
_ODD = "\xa0\u2000-\u200b\u202f\u205f\u3000\ufeff"
ANY = re.compile(f"[{_ODD}]")
_BEGINNING = re.compile(rf"[ {_ODD}-]*(?:[\w./-]+:[ {_ODD}]+)?")


def odd_blank(head: str) -> tuple[int, int] | None:
    """The row and column, from 0, of the first such blank before a field's name or its value."""
    for row, line in enumerate(head.split("\n") if ANY.search(head) else ()):
        found = ANY.search(_beginning(line))
        if found:
            return row, found.start()
    return None


def with_spaces(head: str) -> tuple[str, int, int]:
    """`head` with plain spaces in their place, and the first and last row that differ."""
    lines = head.split("\n")
    new = [ANY.sub(" ", _beginning(line)) + line[len(_beginning(line)) :] for line in lines]
    rows = [row for row, line in enumerate(lines) if line != new[row]]
    return "\n".join(new), min(rows, default=0), max(rows, default=0)


def _beginning(line: str) -> str:
    found = _BEGINNING.match(line)
    return found[0] if found else ""
