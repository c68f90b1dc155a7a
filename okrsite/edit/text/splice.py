"""One value of a source text changed, and every line that it does not stand on left alone.

Each function takes the whole text and gives the whole text. What comes out is read again: it must
say the same as before but for the one change that was asked for, else nothing is given back.
"""

from collections.abc import Callable, Mapping

from okrsite.edit.text.scalars import key
from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import Loc, Plain, read_document
from okrsite.okr.spans import BLOCK_LIST, BLOCK_MAP, BLOCK_TEXT, FLOW_LIST, FLOW_MAP, Span, spans

Where = Mapping[Loc, Span]
Change = Callable[[object], object]


class SpliceError(Exception):
    """The text cannot be changed without risk to the rest of it."""


def set_value(text: str, loc: Loc, raw: str) -> str:
    """`text` with the YAML `raw` as the value at `loc`; a comment behind the old value stays.

    Raises:
        SpliceError: there is no value at `loc`, or comments inside it would be lost.
    """
    where = spans(text)
    if loc not in where or not loc:
        raise SpliceError(f"`{_name(loc)}` is not there")
    made = _with_value(text, where, loc, raw)
    return _proved(text, made, loc, lambda _: _read(raw))


def set_field(text: str, loc: Loc, raw: str) -> str:
    """The same, and where the field is not there it becomes a line of its own in its group.

    Raises:
        SpliceError: as above, or there is no group for it.
    """
    where = spans(text)
    if loc in where:
        return set_value(text, loc, raw)
    made = _with_field(text, where, loc, raw)
    return _proved(text, made, loc, lambda _: _read(raw))


def add_item(text: str, loc: Loc, raw: str) -> str:
    """`text` with `raw` as the last item of the list at `loc`, which is made where it is not there.

    Raises:
        SpliceError: what stands there is no list.
    """
    where = spans(text)
    span = where.get(loc)
    if span is None:
        return set_field(text, loc, f"[{raw}]")
    old = text[span.start : span.end]
    if span.style == BLOCK_LIST:
        made = _with_line(text, _last_line(text, where, loc), _column(text, span.start), f"- {raw}")
    elif span.style == FLOW_LIST:
        made = _into_brackets(text, where, loc, raw)
    elif span.style in (FLOW_MAP, BLOCK_MAP, *BLOCK_TEXT):
        raise SpliceError(f"`{_name(loc)}` is no list")
    else:
        made = _with_value(text, where, loc, f"[{old}, {raw}]" if old else f"[{raw}]")
    return _proved(text, made, loc, lambda value: [*_items(value), _read(raw)])


def remove_field(text: str, loc: Loc) -> str:
    """`text` without the field, or the item of a list, at `loc`.

    Raises:
        SpliceError: there is none, or it cannot be taken out alone.
    """
    where = spans(text)
    if loc not in where or not loc:
        raise SpliceError(f"`{_name(loc)}` is not there")
    parent, beside = where[loc[:-1]], _children(where, loc[:-1])
    if len(beside) == 1 and len(loc) > 1:
        empty = "{}" if parent.style in (FLOW_MAP, BLOCK_MAP) else "[]"
        made = _with_value(text, where, loc[:-1], empty)
    elif parent.is_block:
        made = _without_lines(text, where, loc, beside)
    else:
        made = _out_of_brackets(text, where, loc, beside)
    return _proved(text, made, loc, None)


def rename_key(text: str, loc: Loc, name: str) -> str:
    """`text` with the field at `loc` called `name`.

    Raises:
        SpliceError: there is no such field, or one called `name` already.
    """
    where, new = spans(text), (*loc[:-1], name)
    if loc not in where or new in where or not isinstance(loc[-1], str):
        raise SpliceError(f"`{_name(loc)}` cannot be called `{name}`")
    span = where[loc]
    made = _cut_in(text, span.key_start, span.key_end, key(name))
    held = _at(read_document("", text.encode())[0].data, loc)
    return _proved(text, made, loc, None, (new, held))


def _with_value(text: str, where: Where, loc: Loc, raw: str) -> str:
    span = where[loc]
    start, end = span.start, max(span.start, span.end)
    if _loses_a_comment(text, where, loc):
        raise SpliceError(f"a comment stands inside of `{_name(loc)}`")
    if span.is_block and _line(text, span.start) != _line(text, span.key_start):
        colon = text.index(":", span.key_end)
        lines = _cut_in(text, text.rindex("\n", 0, start), _line_end(text, end), "")
        return _cut_in(lines, colon + 1, colon + 1, f" {raw}")
    lead = " " if text[start - 1] == ":" else ""
    return _cut_in(text, start, end, lead + raw)


def _loses_a_comment(text: str, where: Where, loc: Loc) -> bool:
    """Whether a `#` stands between the values that make up the one at `loc`."""
    span = where[loc]
    if span.style in BLOCK_TEXT:
        return "#" in text[span.start : span.end].partition("\n")[0]
    inside = [where[below] for below in where if below[: len(loc)] == loc and below != loc]
    left = list(text[span.start : span.end])
    if not inside:
        return span.style in (FLOW_LIST, FLOW_MAP) and "#" in left
    for part in inside:
        ends = [(part.key_start, part.key_end)]
        if part.style not in (FLOW_LIST, FLOW_MAP, BLOCK_LIST, BLOCK_MAP):
            ends.append((part.start, part.end))
        for start, end in ends:
            left[start - span.start : end - span.start] = " " * (end - start)
    return "#" in left


def _with_field(text: str, where: Where, loc: Loc, raw: str) -> str:
    *above, name = loc
    parent, field = where.get(tuple(above)), f"{key(name)}: {raw}"
    if parent is None and not above and read_document("", text.encode())[0].body_line > 1:
        return _with_line(text, text.index("\n"), 0, field)
    if parent is None or not isinstance(name, str):
        raise SpliceError(f"there is no `{_name(tuple(above))}` for `{name}`")
    if parent.style == FLOW_MAP:
        return _into_brackets(text, where, tuple(above), field)
    if parent.style == BLOCK_MAP:
        beside = _children(where, tuple(above))
        short = [one for one in beside if not where[one].is_block]
        behind = short[-1] if short else beside[-1]
        first = where[beside[0]]
        return _with_line(
            text, _last_line(text, where, behind), _column(text, first.key_start), field
        )
    if parent.start == parent.end:
        return _with_value(text, where, tuple(above), f"{{{field}}}")
    raise SpliceError(f"`{_name(tuple(above))}` is no group of fields")


def _with_line(text: str, at: int, column: int, line: str) -> str:
    """`text` with a new line behind the one that ends at `at`."""
    ending = "\r\n" if text[at - 1 : at] == "\r" else "\n"
    return _cut_in(text, at + 1, at + 1, " " * column + line + ending)


def _last_line(text: str, where: Where, loc: Loc) -> int:
    """Where the last line of the value at `loc` ends."""
    return _line_end(text, max(where[loc].end, where[loc].key_end))


def _into_brackets(text: str, where: Where, loc: Loc, raw: str) -> str:
    span, beside = where[loc], _children(where, loc)
    if not beside:
        return _cut_in(text, span.start + 1, span.end - 1, raw)
    at = max(where[beside[-1]].end, where[beside[-1]].key_end)
    return _cut_in(text, at, at, f", {raw}")


def _out_of_brackets(text: str, where: Where, loc: Loc, beside: list[Loc]) -> str:
    index = beside.index(loc)
    if index + 1 < len(beside):
        return _cut_in(text, where[loc].key_start, where[beside[index + 1]].key_start, "")
    start = where[loc].key_start
    if index:
        before = where[beside[index - 1]]
        start = max(before.end, before.key_end)
    return _cut_in(text, start, max(where[loc].end, where[loc].key_end), "")


def _without_lines(text: str, where: Where, loc: Loc, beside: list[Loc]) -> str:
    """`text` without the lines of a field or item; one behind a dash gives its place up."""
    span, index = where[loc], beside.index(loc)
    start = span.key_start if isinstance(loc[-1], str) else text.rindex("-", 0, span.start)
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" ") and index + 1 < len(beside):
        return _cut_in(text, start, where[beside[index + 1]].key_start, "")
    return _cut_in(text, line, _last_line(text, where, loc) + 1, "")


def _children(where: Where, loc: Loc) -> list[Loc]:
    """The values right below `loc`, in the order of the text."""
    below = [one for one in where if len(one) == len(loc) + 1 and one[:-1] == loc]
    return sorted(below, key=lambda one: where[one].key_start)


def _cut_in(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at)


def _line_end(text: str, at: int) -> int:
    return text.index("\n", at)


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)


def _name(loc: Loc) -> str:
    return ".".join(map(str, loc)) or "frontmatter"


def _items(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _read(raw: str) -> object:
    """What the reader makes of `raw` as a value, which must be all of it."""
    text = f"---\nvalue: {raw}\n---\n"
    document, findings = read_document("", text.encode())
    span = spans(text).get(("value",))
    if findings or span is None or text[span.start : span.end] != raw or "\n" in raw:
        raise SpliceError(f"`{raw}` is no value on one line")
    return document.data["value"]


def _proved(
    text: str, made: str, loc: Loc, change: Change | None, also: tuple[Loc, object] | None = None
) -> str:
    """`made`, if it says what `text` says but for what `change` makes of `loc`; None removes it."""
    before, old = read_document("", text.encode())
    after, new = read_document("", made.encode())
    wanted = _put(before.data, loc, change)
    if also is not None:
        held = also[1]
        wanted = _put(wanted, also[0], lambda _: held)
    if not _same(wanted, after.data) or before.body != after.body or len(new) > len(old):
        raise SpliceError(f"`{_name(loc)}` cannot be changed alone{_because(new)}")
    return made


def _because(findings: tuple[Finding, ...]) -> str:
    return f": {findings[0].message}" if findings else ""


def _put(data: object, loc: Loc, change: Change | None) -> object:
    """A copy of `data` with what `change` makes of the value at `loc`; without it that goes."""
    step, *rest = loc
    if isinstance(data, list) and isinstance(step, int):
        if not rest and change is None:
            return [*data[:step], *data[step + 1 :]]
        made = _put(data[step], tuple(rest), change) if rest else _made(change, data[step])
        return [*data[:step], made, *data[step + 1 :]]
    fields = dict(data) if isinstance(data, Mapping) else {}
    if not rest and change is None:
        return {name: value for name, value in fields.items() if name != step}
    old = fields.get(str(step))
    fields[str(step)] = _put(old, tuple(rest), change) if rest else _made(change, old)
    return fields


def _made(change: Change | None, old: object) -> object:
    return change(old) if change else None


def _at(data: object, loc: Loc) -> object:
    for step in loc:
        data = data[step] if isinstance(data, dict | list) else None  # type: ignore[index]
    return data


def _same(one: object, other: object) -> bool:
    """Equality that tells text in quotes from text without.

    Folded text ends in a line break only before another line, and no field heeds its end.
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return set(one) == set(other) and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        alike = one.rstrip(" \n") == other.rstrip(" \n")
        return alike and isinstance(one, Plain) == isinstance(other, Plain)
    return one == other
