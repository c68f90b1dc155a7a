"""A list that cannot be read for a dash: one that is missing, or has no space behind it."""

import re

from okrsite.okr.broken import Fault, write

_GLUED = re.compile(r"(?P<lead> *(?:- +)*)-(?P<field>[a-z_]+:(?: .*|$))")
_NAME = re.compile(r"(?P<lead> *(?:- +)*)(?P<name>[a-z_]+): *$")
_FIRST = re.compile(r"(?P<lead> +)(?P<field>[a-z_]+: .*)$")
_LISTS = frozenset({"key_results", "milestones"})


def dash(head: str, stuck: int) -> Fault | None:
    """What is wrong with a dash of the frontmatter `head`, at or above the row it is `stuck` at."""
    lines = [line.rstrip() for line in head.split("\n")]
    tries = (fault for row in range(min(stuck, len(lines) - 1) + 1) for fault in _in(lines, row))
    return next(tries, None)


def _in(lines: list[str], row: int) -> list[Fault]:
    return [fault for fault in (_glued(lines, row), _missing(lines, row)) if fault]


def _glued(lines: list[str], row: int) -> Fault | None:
    found = _GLUED.match(lines[row])
    if not found:
        return None
    at = len(found["lead"])
    hint = write(f"- {found['field']}", "Write `- ` with a space.")
    return Fault(row, at, "there is no space after the dash", hint, (at + 1, at + 1, " "))


def _missing(lines: list[str], row: int) -> Fault | None:
    """The first item below the name of a list, without its dash, where others or its rest tell."""
    name = _NAME.match(lines[row])
    first = _FIRST.match(lines[row + 1]) if row + 1 < len(lines) else None
    if not name or not first or name["name"] not in _LISTS:
        return None
    outer, own = len(name["lead"]), len(first["lead"])
    column = _column(lines[row + 2 :], outer, own)
    if own <= outer or column is None:
        return None
    hint = write(f"- {first['field']}", "Begin it with `- `.")
    edit = (0, own, " " * column + "- ")
    return Fault(row + 1, own, "the first item of this list has no dash", hint, edit)


def _column(below: list[str], outer: int, own: int) -> int | None:
    """Where the dash stands: below those of the items that follow, else before what follows."""
    for number, line in enumerate(line for line in below if line.strip()):
        column = len(line) - len(line.lstrip())
        if line.lstrip().startswith("- ") and outer <= column <= own:
            return column
        if column <= outer:
            return None
        if number == 0 and column == own + 2:
            return own
    return None
