"""YAML that cannot be read → the line that is wrong, in its author's words, and how to mend it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

MOST_SHOWN = 80  # a repaired line longer than this is described, not shown
NEAR = 100  # signs looked back over, since a line may have no end
_FIELD = re.compile(r"(?P<lead> *(?:- +)*)(?P<name>[\w./-]+):(?: +(?P<value>.*))?$")
_BEFORE_VALUE = re.compile(r" *(?:- +)*[\w./-]+: +$")
_GLUED = re.compile(r"(?P<name>[a-z_]+):(?P<value>[^\s/].*)$")
_BARE = re.compile(r"(?P<name>[a-z_]+)(?: +(?P<value>\S.*))?$")
_SIGNS = frozenset("%@`*&!|>]},?-")
_CLOSES = {"[": "]", "{": "}"}
_TITLES = frozenset({"title", "done_when", "metric", "scope"})
TAB = "this line is indented with a tab"
_AGAIN = "Compare it with the lines above: one `field: value` a line, equally far to the right."


_Place = tuple[int, int]  # line and column from 0
_Bracket = tuple[str, int, int]
Edit = tuple[
    int, int, str
]  # in the fault's line: from column, up to column, what is to stand there


class Fault(NamedTuple):
    """What is wrong, and where: line and column of the frontmatter, from 0.

    `edit` would mend the line, if nothing else is wrong with it.
    """

    line: int
    column: int
    message: str
    hint: str
    edit: Edit | None = None


def explain(head: str, problem: str, at: _Place, began: _Place) -> Fault:
    """What the author of the frontmatter `head` has to know of the parser's `problem`.

    The parser gave up `at` a place, while reading what `began` at another.
    """
    lines = [line.rstrip() for line in head.split("\n")]
    here, begin = _here(lines, *at), _here(lines, *began)
    brackets = _open_brackets(here)
    tries = (
        _tab(here),
        _unclosed_quote(begin, problem),
        _no_colon(begin) if problem.startswith("could not find expected ':'") else None,
        _sign(begin, in_brackets=bool(brackets)),
        _bracket(here, brackets) if brackets else None,
        _after_quote(here),
        _colon(here),
        _first_line(here) if problem.startswith("mapping values") else None,
        _further_in(here) if "<document start>" in problem else None,
        _indented(here),
        _backslash(here) if "escape" in problem else None,
    )
    found = next((fault for fault in tries if fault), None)
    return found or Fault(here.line, here.column, "this line cannot be read", _AGAIN)


class _Here(NamedTuple):
    """A place in the lines of a frontmatter."""

    lines: list[str]
    line: int
    column: int

    @property
    def text(self) -> str:
        return self.lines[self.line]

    @property
    def before(self) -> str:
        return self.text[: self.column]


def _here(lines: list[str], line: int, column: int) -> _Here:
    """The place itself; the end where it lies behind that."""
    if line < len(lines):
        return _Here(lines, line, column)
    return _Here(lines, len(lines) - 1, len(lines[-1]))


def _tab(here: _Here) -> Fault | None:
    indent = re.match(r"\s*", here.text)
    tab = indent[0].find("\t") if indent else -1
    if tab < 0:
        return None
    return Fault(here.line, tab, TAB, "Use spaces, not a tab.")


def _unclosed_quote(begin: _Here, problem: str) -> Fault | None:
    if "unexpected end of stream" not in problem:
        return None
    return _never_closed(begin)


def _never_closed(begin: _Here) -> Fault:
    quote = begin.text[begin.column : begin.column + 1] or '"'
    message = f"the quote `{quote}` that opens here is never closed"
    hint = f"Add `{quote}` at the end of the text."
    if not _BEFORE_VALUE.match(begin.before):
        return Fault(begin.line, begin.column, message, hint)
    hint, end = write(begin.text.strip() + quote, hint), len(begin.text)
    edit = None if " #" in begin.text else (end, end, quote)
    return Fault(begin.line, begin.column, message, hint, edit)


def _no_colon(begin: _Here) -> Fault:
    """A line that names no field, or one without the space that belongs behind its colon."""
    text = begin.text.strip()
    bare = re.sub(r"^(?:- +)+", "", text)
    column = begin.text.find(bare)
    if glued := _GLUED.match(bare):
        mended, at = f"{glued['name']}: {glued['value']}", column + glued.start("value")
        message = "there is no space after the colon"
        return Fault(begin.line, column, message, write(mended), (at, at, " "))
    hint = "Write `field: value`; prose goes below the closing `---`."
    found, edit = _BARE.match(bare), None
    if found and (found["name"] in _TITLES or len(bare.split()) <= 3):
        mended = f"{found['name']}: {_quoted(found['value'] or '')}".rstrip()
        hint = write(mended, hint)
        edit = (column, len(begin.text), mended) if found["value"] else None
    return Fault(begin.line, column, "this line has no colon", hint, edit)


def _first_line(here: _Here) -> Fault | None:
    """The line above has no colon, so that it and this one were read as one text."""
    above = _above(here)
    if above is None or _FIELD.match(above.text):
        return None
    return _no_colon(above)


def _sign(begin: _Here, *, in_brackets: bool) -> Fault | None:
    """A value that begins with a sign that means something else in YAML."""
    sign = begin.text[begin.column : begin.column + 1]
    leads = r".*[\[{,:] *$" if in_brackets else r" *(?:- +)*[\w./-]+: +$|(?: *- +)+$"
    if sign not in _SIGNS or not sign or not re.match(leads, begin.before):
        return None
    value = begin.text[begin.column :].strip()
    if in_brackets:
        value = re.split(r"[,\]}]", value)[0].strip()
        if not value:
            return None
        mended = _in_quotes(value)
    else:
        mended = begin.before.strip() + f" {_in_quotes(value)}"
    message = f"a value that begins with {_code(sign)} needs quotes"
    hint = write(mended, "Put it in quotes.")
    return Fault(begin.line, begin.column, message, hint, _as_text(begin.column, value))


def _bracket(here: _Here, brackets: list[_Bracket]) -> Fault:
    """What is wrong between brackets, told where they open if they do not close there."""
    sign, line, column = brackets[-1]
    found, closing = here.text[here.column : here.column + 1], _CLOSES[sign]
    if here.line != line or not here.text[here.column :].strip():
        message = f"`{sign}` opens here and is never closed"
        hint, edit, end = f"Add `{closing}` where it ends.", None, len(here.lines[line])
        if len(brackets) == 1:
            hint = write(here.lines[line].strip() + closing, hint)
            edit = None if "#" in here.lines[line] else (end, end, closing)
        return Fault(line, column, message, hint, edit)
    if found in _CLOSES.values():
        message = f"`{sign}` is closed by `{found}`"
        return Fault(here.line, here.column, message, f"Write `{closing}` before it.")
    if found == ":":
        hint = "Put the whole text in quotes."
        return Fault(here.line, here.column, "text that holds a colon needs quotes", hint)
    message = f"something is wrong between `{sign}` and `{closing}`"
    hint = "Put a comma between two values."
    return Fault(here.line, here.column, message, hint)


def _after_quote(here: _Here) -> Fault | None:
    """Text behind a closing quote: one quote too many, or one missing further up."""
    if re.match(r" *(?:- +)*[\w-]+: *[\"']$", here.before):
        quote = here.before[-1]
        for number in range(here.line - 1, -1, -1):
            if here.lines[number].count(quote) % 2:
                return _never_closed(_Here(here.lines, number, here.lines[number].find(quote)))
    found = _FIELD.match(here.text)
    value = (found["value"] or "") if found else ""
    if not found or value[:1] not in ("'", '"') or not here.before.strip() or not _at_end(here):
        return None
    is_one = value.endswith(value[0]) and value[1:-1].count(value[0]) % 2
    whole = value[1:-1] if is_one else value
    hint = write(
        f"{found['name']}: {_in_quotes(whole)}", "Put the whole text in one pair of quotes."
    )
    edit = _as_text(found.start("value"), value, whole)
    return Fault(here.line, here.column, "the quotes end before the text does", hint, edit)


def _at_end(here: _Here) -> bool:
    """Whether a quote was closed just before this place."""
    return here.before.rstrip()[-1:] in ("'", '"')


def _colon(here: _Here) -> Fault | None:
    """A colon inside a text without quotes."""
    found = _FIELD.match(here.text)
    is_second = here.text[here.column : here.column + 1] == ":" and ":" in here.before
    if not found or not is_second or not found["value"]:
        return None
    value = found["value"].strip()
    hint = write(f"{found['name']}: {_in_quotes(value)}", "Put the whole text in quotes.")
    edit = _as_text(found.start("value"), value)
    return Fault(here.line, here.column, "text that holds a colon needs quotes", hint, edit)


def _further_in(here: _Here) -> Fault | None:
    """The first lines stand further right than this one, which ended them."""
    first = next((n for n, line in enumerate(here.lines) if line.strip()), here.line)
    return _moved(here.lines, first, here.column)


def _indented(here: _Here) -> Fault | None:
    """A line that stands beside no other."""
    found = _FIELD.match(here.text)
    is_item = here.text.lstrip().startswith("- ")
    if not found and not is_item:
        return None
    column = len(here.text) - len(here.text.lstrip())
    rows = here.lines[: here.line]
    above = _above(here)
    columns = _dashes(rows) if is_item else _names([above.text] if above else ())
    if not columns:
        if not is_item:
            return None
        message = "a list begins here without the name of its field"
        return Fault(here.line, column, message, "Write the name above, such as `key_results:`.")
    return _moved(here.lines, here.line, min(columns, key=lambda one: abs(one - column)))


def _moved(lines: list[str], number: int, to: int) -> Fault | None:
    column = len(lines[number]) - len(lines[number].lstrip())
    if column == to:
        return None
    side = "left" if column < to else "right"
    message = f"this line stands further {side} than the ones beside it"
    return Fault(number, column, message, f"Move it to column {to + 1}.")


def _dashes(rows: Iterable[str]) -> list[int]:
    """The columns of the items above, the last ones first."""
    return [len(row) - len(row.lstrip()) for row in rows if row.lstrip().startswith("- ")][::-1]


def _names(rows: Iterable[str]) -> list[int]:
    return [len(found["lead"]) for row in rows if (found := _FIELD.match(row))]


def _above(here: _Here) -> _Here | None:
    """The last line above that is not empty."""
    for number in range(here.line - 1, -1, -1):
        if here.lines[number].strip():
            return _Here(here.lines, number, 0)
    return None


def _backslash(here: _Here) -> Fault:
    message = "a backslash means something else between double quotes"
    return Fault(here.line, here.column, message, "Use single quotes: `'…'`.")


def _open_brackets(here: _Here) -> list[_Bracket]:
    """The brackets open at this place, by sign, line and column.

    The parser's own tokens do not tell: those it has read ahead are lost with the error.
    """
    opened: list[_Bracket] = []
    quote = ""
    for number, line in enumerate(here.lines[: here.line + 1]):
        for column, sign in enumerate(here.before if number == here.line else line):
            before = line[max(0, column - NEAR) : column]
            if quote:
                quote = "" if sign == quote else quote
            elif sign == "#" and before[-1:] in ("", " "):
                break
            elif sign in "'\"" and _begins_value(before, opened):
                quote = sign
            elif sign in _CLOSES and (opened or _begins_value(before, opened)):
                opened.append((sign, number, column))
            elif sign in "]}":
                del opened[-1:]
    return opened


def _begins_value(before: str, opened: list[_Bracket]) -> bool:
    """Whether a new value may stand behind `before`."""
    bare = before.rstrip()
    return not bare or (bare != before and bare[-1] in ":-") or (bool(opened) and bare[-1] in ",[{")


def _quoted(value: str) -> str:
    """A value in quotes where it needs them."""
    return _in_quotes(value) if value[:1] in _SIGNS or ": " in value or " #" in value else value


def _as_text(column: int, value: str, text: str | None = None) -> Edit | None:
    """`value` at `column` as `text` in quotes, unless a part of it may be meant as a comment."""
    return None if " #" in value else (column, column + len(value), _in_quotes(text or value))


def _in_quotes(value: str) -> str:
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _code(sign: str) -> str:
    return "a backtick" if sign == "`" else f"`{sign}`"


def write(mended: str, otherwise: str = "") -> str:
    """How a line would be right, where it can be shown."""
    if len(mended) > MOST_SHOWN or "`" in mended:
        return otherwise
    return f"Write `{mended}`."
