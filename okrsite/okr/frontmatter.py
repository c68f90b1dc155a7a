"""One text → a Document: every value with its line and column, and the author's prose.

YAML is composed, never constructed: a plain scalar stays the text that was typed until the field
it belongs to says what it is. So `no`, `010`, `12:30` and `1,000` cannot turn into something else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from okrsite.okr import blanks, conflicts
from okrsite.okr.broken import explain
from okrsite.okr.comments import cut_off
from okrsite.okr.dashes import dash
from okrsite.okr.ending import UNCLOSED, end_before_prose, misspelt_end
from okrsite.okr.finding import Finding, Fix, Severity
from okrsite.okr.repairs import Parsed, closed, opened, repaired, spaced

MAX_FRONTMATTER = 256 * 1024
MAX_DEPTH = 20

Place = tuple[int, int]
Mark = Any  # PyYAML types the marks of its two parsers apart, though they have the same fields
Loc = tuple[str | int, ...]


class Plain(str):
    """Text that stood without quotes, so a field may read it as a number, a day or yes or no."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A source text taken apart.

    `data` holds dicts, lists, None and text (`Plain` where unquoted). `marks` has the place of
    every value, `keys` that of every key, by their path from the top. `body_line` is the line on
    which the prose begins, `head` the text of the frontmatter, which begins on line 2.
    """

    path: str
    data: Mapping[str, object]
    body: str
    body_line: int = 1
    marks: Mapping[Loc, Place] = field(default_factory=dict)
    keys: Mapping[Loc, Place] = field(default_factory=dict)
    head: str = ""

    def place(self, *loc: str | int) -> Place:
        """Where the value at `loc` stands, or its nearest parent that was written down."""
        for end in range(len(loc), -1, -1):
            found = self.marks.get(loc[:end]) or self.keys.get(loc[:end])
            if found:
                return found
        return (1, 1)

    def key_place(self, *loc: str | int) -> Place:
        """Where the key at `loc` stands."""
        return self.keys.get(loc) or self.place(*loc)


class _UnreadableError(Exception):
    """Stops the walk through YAML that must not be read further."""

    def __init__(self, mark: Mark | None, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.mark, self.code, self.message, self.hint = mark, code, message, hint


def read_document(path: str, raw: bytes) -> tuple[Document, tuple[Finding, ...]]:
    """Take `raw` apart; whatever cannot be read becomes findings and an empty value."""
    text, findings = _decode(path, raw)
    head, body, body_line = split(text)
    if head is None:
        return Document(path, {}, body, body_line), (*findings, *_late_start(path, text))
    if met := _conflicts(path, head.split("\n"), text):
        return Document(path, {}, body, body_line or 1), (*findings, *met)
    if body_line == 0:
        return Document(path, {}, "", 1), (*findings, _unclosed(path, head))
    if len(head) > MAX_FRONTMATTER:
        size = f"{len(head) // 1024:,} KiB of frontmatter; {MAX_FRONTMATTER // 1024} KiB is allowed"
        hint = "Move the prose below the closing `---`."
        return Document(path, {}, body, body_line), (*findings, _error(path, "OKR002", size, hint))
    document, more = _compose(path, head, body, body_line)
    return document, (*findings, *more)


def _conflicts(path: str, head: list[str], text: str) -> tuple[Finding, ...]:
    """What git left in the lines of `head`, though the end of it may stand further down."""
    rows = (row for row in conflicts.conflicts(text) if row <= len(head))
    words = (conflicts.MESSAGE, conflicts.HINT)
    return tuple(_error(path, "OKR003", *words, row + 1) for row in rows)


def _unclosed(path: str, head: str) -> Finding:
    """Where the second `---` belongs: at a line that was meant as it, above the prose, or last."""
    found = misspelt_end(head, _parse) or end_before_prose(head, _parse)
    if found:
        finding = _error(path, "OKR003", found.message, found.hint, found.row + 2)
        return replace(finding, fix=found.fix)
    last = _error(path, "OKR003", UNCLOSED, "Add a line `---` below the last field.")
    return replace(last, fix=closed(head, _parse))


def split(text: str) -> tuple[str | None, str, int]:
    """Frontmatter (None where there is none), prose, and the line the prose starts on.

    A frontmatter that is never closed gives everything as frontmatter and line 0.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return "\n".join(lines[1:index]), "\n".join(lines[index + 1 :]), index + 2
    return "\n".join(lines[1:]), "", 0


# Fields at the top, at most below a line of dashes that a text editor may have made one of.
_FIELDS_AT_ONCE = re.compile(
    r"\s*(?:[-–—]+[ \t\r]*\n)?[a-z_]+:(?:[ \t][^\n]*|\r?)\n(?:[ \t]*(?:- )?[\w-]+:|---)"
)


def _late_start(path: str, text: str) -> tuple[Finding, ...]:
    """What to say where only its first line, or blank ones above, keep it from being one."""
    if met := _conflicts(path, [], text):
        return met[:1]
    above = len(text) - len(text.lstrip())
    if text[above:].partition("\n")[0].rstrip() == "---":
        line = text.count("\n", 0, above) + 1
        message = "the frontmatter begins on the first line or not at all"
        hint, fix = "Remove the blank lines above `---`.", Fix(1, 1, line, 1, "")
        return (replace(_error(path, "OKR003", message, hint, line), fix=fix),)
    if _FIELDS_AT_ONCE.match(text):
        hint = "Write `---` above the fields, and once more below them."
        finding = _error(path, "OKR003", "the first line must be `---`", hint)
        return (replace(finding, fix=opened(split(f"---\n{text}"), _parse)),)
    return ()


def _parse(head: str) -> Parsed:
    """What the frontmatter `head` says, and the line, from 0, on which it cannot be read on."""
    try:
        _guard_depth(head)
        node = yaml.compose(head, Loader=yaml.CSafeLoader)
        return (_Walk("").mapping(node, ()), None) if node else ({}, None)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        return {}, at.line if at else 0
    except (yaml.YAMLError, _UnreadableError, RecursionError, ValueError):
        return {}, 0


def _decode(path: str, raw: bytes) -> tuple[str, tuple[Finding, ...]]:
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"not UTF-8: the byte 0x{error.object[error.start]:02x} is no character"
        finding = _error(path, "OKR001", message, "Save the file as UTF-8.", line, column)
        return raw.decode("utf-8", "replace"), (finding,)


def _compose(path: str, head: str, body: str, body_line: int) -> tuple[Document, list[Finding]]:
    empty = Document(path, {}, body, body_line)
    head = OTHER_BREAKS.sub(" ", head)
    try:
        _guard_depth(head)
        loader = yaml.CSafeLoader(head)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        if node is None:
            return empty, []
        walk = _Walk(path)
        data = walk.mapping(node, ())
    except _UnreadableError as stop:
        mark = _first_alias(head) if stop.code == "OKR005" else stop.mark
        return empty, [_at(path, mark, stop.code, stop.message, stop.hint)]
    except yaml.MarkedYAMLError as error:
        return empty, [_broken(path, head, error)]
    except yaml.reader.ReaderError:
        return empty, [_control_character(path, head)]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        text = str(error).splitlines()[0] if str(error) else "nested too deeply"
        return empty, [_error(path, "OKR003", f"the frontmatter is not YAML: {text}", "")]
    if blanks.odd_blank(head) and any(blanks.ANY.match(str(loc[-1])) for loc in walk.keys):
        return empty, [_odd_blank(path, head)]
    found = [*walk.findings, *cut_off(path, head)] if " #" in head else walk.findings
    return Document(path, data, body, body_line, walk.marks, walk.keys, head), found


# YAML ends a line at these too; an editor, and our count of lines, does not.
OTHER_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _control_character(path: str, head: str) -> Finding:
    found = _UNPRINTABLE.search(head)
    at = found.start() if found else 0
    sign = f"U+{ord(head[at]):04X}" if found else "a control character"
    line, column = head.count("\n", 0, at) + 2, at - head.rfind("\n", 0, at)
    message = f"the frontmatter holds {sign}, which is no character of a text"
    finding = _error(path, "OKR003", message, "Remove it.", line, column)
    return replace(finding, fix=Fix(line, column, line, column + 1, "") if found else None)


def _first_alias(head: str) -> Mark | None:
    """Where the first alias stands; a composed tree only knows where its anchor does."""
    for event in yaml.parse(head, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            return event.start_mark
    return None


def _guard_depth(head: str) -> None:
    """Refuse what would exhaust the C stack: the composer recurses, the event parser does not.

    Short texts without brackets or stacked dashes cannot nest that far and are not scanned.
    """
    brackets = head.count("[") + head.count("{")
    if len(head) < 8192 and brackets < 200 and "- - -" not in head and "? ?" not in head:
        return
    depth = 0
    for event in yaml.parse(head, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} deep"
            raise _UnreadableError(event.start_mark, "OKR003", message, "Write it flatter.")


class _Walk:
    """The walk over one composed tree; it only ever adds to its own three collections."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.marks: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.findings: list[Finding] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, loc: Loc) -> object:
        self._once(node, loc)
        self.marks[loc] = _place(node.start_mark)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*loc, index)) for index, item in enumerate(node.value)]
        return self._pairs(node, loc)

    def mapping(self, node: yaml.Node, loc: Loc) -> dict[str, object]:
        if not isinstance(node, yaml.MappingNode):
            hint = "Write one `field: value` a line."
            raise _UnreadableError(node.start_mark, "OKR003", "the frontmatter has no fields", hint)
        self._once(node, loc)
        self.marks[loc] = _place(node.start_mark)
        return self._pairs(node, loc)

    def _pairs(self, node: yaml.Node, loc: Loc) -> dict[str, object]:
        result: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            here = (*loc, key)
            if key in result:
                self._repeated(key_node, here)
            else:
                self.keys[here] = _place(key_node.start_mark)
                result[key] = self.value(value_node, here)
        return result

    def _key(self, node: yaml.Node) -> str:
        self._once(node, ())
        if isinstance(node, yaml.ScalarNode):
            return str(node.value) if node.style else Plain(node.value)
        raise _UnreadableError(node.start_mark, "OKR003", "a field's name must be text", "")

    def _repeated(self, node: yaml.Node, loc: Loc) -> None:
        first = self.keys[loc][0]
        message = f"`{loc[-1]}` is written twice; the one on line {first} counts"
        self.findings.append(
            _at(self.path, node.start_mark, "OKR004", message, "Remove one of the two.")
        )

    def _once(self, node: yaml.Node, loc: Loc) -> None:
        if id(node) in self._seen:
            message = "aliases (`*name`) are not read"
            raise _UnreadableError(node.start_mark, "OKR005", message, "Write the value out.")
        if len(loc) > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} deep"
            raise _UnreadableError(node.start_mark, "OKR003", message, "")
        self._seen.add(id(node))


_NULLS = ("", "~", "null", "Null", "NULL")


def _scalar(node: yaml.ScalarNode) -> object:
    if node.style:  # the C parser gives '' for plain
        return str(node.value)
    return None if node.value in _NULLS else Plain(node.value)


def _place(mark: Mark | None) -> Place:
    return (mark.line + 2, mark.column + 1) if mark else (1, 1)


def _broken(path: str, head: str, error: yaml.MarkedYAMLError) -> Finding:
    at: Mark = error.problem_mark or error.context_mark
    began: Mark = error.context_mark or at
    places = (at.line, at.column), (began.line, began.column)
    if ending := misspelt_end(head, _parse):
        finding = _error(path, "OKR003", ending.message, ending.hint, ending.row + 2)
        return replace(finding, fix=ending.fix)
    if (blank := blanks.odd_blank(head)) and blank[0] <= at.line:
        return _odd_blank(path, head)
    fault = dash(head, at.line)
    fix = repaired(head, fault, _parse) if fault else None
    if fault is None or fix is None:
        fault = explain(head, error.problem or "", *places)
        fix = repaired(head, fault, _parse)
    place = fault.line + 2, fault.column + 1
    return replace(_error(path, "OKR003", fault.message, fault.hint, *place), fix=fix)


def _odd_blank(path: str, head: str) -> Finding:
    row, column = blanks.odd_blank(head) or (0, 0)
    words = (blanks.MESSAGE, blanks.HINT, row + 2, column + 1)
    return replace(_error(path, "OKR003", *words), fix=spaced(head, _parse))


def _at(path: str, mark: Mark | None, code: str, message: str, hint: str) -> Finding:
    line, column = _place(mark)
    return _error(path, code, message, hint, line, column)


def _error(
    path: str, code: str, message: str, hint: str, line: int = 1, column: int = 1
) -> Finding:
    return Finding(path, line, column, code, Severity.ERROR, message, hint)
