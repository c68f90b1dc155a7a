"""Where in a source text every value and its key stand, from the first character to the last."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from okrsite.okr.frontmatter import OTHER_BREAKS, Loc, Mark, read_document, split

# How a value is written; a scalar without quotes is "".
FLOW_MAP, FLOW_LIST, BLOCK_MAP, BLOCK_LIST = "{", "[", ":", "-"
BLOCK_TEXT = ("|", ">")


@dataclass(frozen=True, slots=True)
class Span:
    """A value as characters `start` to `end` of a text, and the key before it.

    `style` is the sign that the value begins with, `:` for fields a line each, `-` for items a
    line each, and empty for a plain word. Items of a list have no key: both its ends are `start`.
    """

    start: int
    end: int
    style: str
    key_start: int
    key_end: int

    @property
    def is_block(self) -> bool:
        """Whether it is a group or a list with a line for each of its parts."""
        return self.style in (BLOCK_MAP, BLOCK_LIST)


def spans(text: str) -> Mapping[Loc, Span]:
    """The place of every value in the frontmatter of `text`; none where that cannot be read.

    Of a key that is written twice the first one counts, as it does for the reader.
    """
    head, _, body_line = split(text.removeprefix("\ufeff"))
    if head is None or body_line == 0 or not read_document("", text.encode())[0].data:
        return {}
    offset = text.index("\n") + 1
    loader = yaml.CSafeLoader(OTHER_BREAKS.sub(" ", head))
    try:
        node = loader.get_single_node()
    finally:
        loader.dispose()
    return dict(_walk(node, (), text, offset, None)) if node else {}


def _walk(
    node: yaml.Node, loc: Loc, text: str, offset: int, key: yaml.Node | None
) -> Iterator[tuple[Loc, Span]]:
    """The spans of `node` and of all below it, the innermost first."""
    end = offset + _at(node.end_mark)
    known: set[object] = set()
    for step, child, own_key in _children(node):
        if step in known:
            continue
        known.add(step)
        below = list(_walk(child, (*loc, step), text, offset, own_key))
        yield from below
        last = below[-1][1]
    start = offset + _at(node.start_mark)
    style = _style(node)
    if known and style in (BLOCK_MAP, BLOCK_LIST):
        end = max(last.end, last.key_end)
    elif style in BLOCK_TEXT:
        end = start + len(text[start:end].rstrip())
    ends = (start, start)
    if key is not None:
        ends = (offset + _at(key.start_mark), offset + _at(key.end_mark))
    yield loc, Span(start, end, style, *ends)


def _children(node: yaml.Node) -> Iterator[tuple[str | int, yaml.Node, yaml.Node | None]]:
    if isinstance(node, yaml.SequenceNode):
        yield from ((index, item, None) for index, item in enumerate(node.value))
    elif isinstance(node, yaml.MappingNode):
        yield from ((str(key.value), value, key) for key, value in node.value)


def _style(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return FLOW_MAP if node.flow_style else BLOCK_MAP
    if isinstance(node, yaml.SequenceNode):
        return FLOW_LIST if node.flow_style else BLOCK_LIST
    return str(node.style or "") if isinstance(node, yaml.ScalarNode) else ""


def _at(mark: Mark) -> int:
    return int(mark.index)
