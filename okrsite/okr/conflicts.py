"""Two versions of the same lines, which git leaves in a file where two changes met."""

import re

MESSAGE = "two versions of these lines stand here, because two changes met (a merge conflict)"
HINT = "Keep one of them, and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`."
_BEGIN, _MIDDLE, _END = "<" * 7, "=" * 7, ">" * 7
_MARK = re.compile(r"(?:<{7}|>{7})(?: .*)?|={7}")


def conflicts(text: str) -> list[int]:
    """The rows, from 0, on which two versions begin; one counts with the two other marks below."""
    lines = text.split("\n") if _BEGIN in text else ()
    marks = [(row, line[:7]) for row, line in enumerate(lines) if _MARK.fullmatch(line.rstrip())]
    found: list[int] = []
    for at, (row, mark) in enumerate(marks):
        below = [sign for _, sign in marks[at + 1 :]]
        if mark == _BEGIN and _END in below and _MIDDLE in below[: below.index(_END)]:
            found.append(row)
    return found
