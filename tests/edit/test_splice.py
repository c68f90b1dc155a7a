"""One value changes and nothing else does: tables of before and after, and any text at all."""

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher, ndiff

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from okrsite.edit.text.scalars import flow, key, scalar
from okrsite.edit.text.splice import (
    SpliceError,
    add_item,
    remove_field,
    rename_key,
    set_field,
    set_value,
)
from okrsite.okr.frontmatter import Loc, Plain, read_document
from okrsite.okr.spans import spans
from okrsite.okr.values import slug

drawn = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])

GOAL = """---
title: Fewer bugs   # in words
period: "2026-q3"
owner: 'ines'
key_results:
  # the one everybody looks at
  - id: bugs
    title: >
      Bugs that
      reach a clinic
    start: 180  # was 212 until July
    target: 60
    plan:
      2026-07-31: 140   # holidays
      2026-08-31: 100

  - {id: late, at_most: 4,   between: [1, 2] }  # short
  - id: calls
    between:
      - 4
      - 5
tags:
- quality
- "the desk"   # quoted
links: {}
empty:   # nothing yet
---
Prose with `key: value` and --- and a tab\t.
"""


def changed(before: str, after: str) -> list[str]:
    """The lines that went and came, each with its sign."""
    rows = ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [row[0] + row[2:].rstrip("\n") for row in rows if row[0] in "+-"]


Edit = Callable[[str], str]

TABLE: dict[str, tuple[Edit, list[str]]] = {
    "a plain value, its comment kept": (
        lambda t: set_value(t, ("title",), "Fewer faults"),
        ["-title: Fewer bugs   # in words", "+title: Fewer faults   # in words"],
    ),
    "a quoted one": (
        lambda t: set_value(t, ("period",), '"2026-q4"'),
        ['-period: "2026-q3"', '+period: "2026-q4"'],
    ),
    "a number in a list of groups": (
        lambda t: set_value(t, ("key_results", 0, "start"), "200"),
        ["-    start: 180  # was 212 until July", "+    start: 200  # was 212 until July"],
    ),
    "text over several lines": (
        lambda t: set_value(t, ("key_results", 0, "title"), "Bugs"),
        [
            "-    title: >",
            "-      Bugs that",
            "-      reach a clinic",
            "+    title: Bugs",
        ],
    ),
    "one of a plan's lines": (
        lambda t: set_value(t, ("key_results", 0, "plan", "2026-07-31"), "150"),
        ["-      2026-07-31: 140   # holidays", "+      2026-07-31: 150   # holidays"],
    ),
    "a list between brackets": (
        lambda t: set_value(t, ("key_results", 1, "between"), "[4, 5]"),
        [
            "-  - {id: late, at_most: 4,   between: [1, 2] }  # short",
            "+  - {id: late, at_most: 4,   between: [4, 5] }  # short",
        ],
    ),
    "a list a line each": (
        lambda t: set_value(t, ("key_results", 2, "between"), "[1, 2]"),
        ["-    between:", "-      - 4", "-      - 5", "+    between: [1, 2]"],
    ),
    "an empty value": (
        lambda t: set_value(t, ("empty",), "x"),
        ["-empty:   # nothing yet", "+empty: x   # nothing yet"],
    ),
    "a field that is there": (
        lambda t: set_field(t, ("owner",), "ana"),
        ["-owner: 'ines'", "+owner: ana"],
    ),
    "a new field, before what takes several lines": (
        lambda t: set_field(t, ("key_results", 0, "weight"), "0"),
        ["+    weight: 0"],
    ),
    "a new field between brackets": (
        lambda t: set_field(t, ("key_results", 1, "weight"), "0"),
        [
            "-  - {id: late, at_most: 4,   between: [1, 2] }  # short",
            "+  - {id: late, at_most: 4,   between: [1, 2], weight: 0 }  # short",
        ],
    ),
    "a new field at the top": (lambda t: set_field(t, ("weight",), "2"), ["+weight: 2"]),
    "a new line of a plan": (
        lambda t: set_field(t, ("key_results", 0, "plan", "2026-09-15"), "70"),
        ["+      2026-09-15: 70"],
    ),
    "a field of a group without any": (
        lambda t: set_field(t, ("links", "Mail"), '"mailto:a@b.c"'),
        ["-links: {}", '+links: {Mail: "mailto:a@b.c"}'],
    ),
    "a field of nothing": (
        lambda t: set_field(t, ("empty", "a"), "1"),
        ["-empty:   # nothing yet", "+empty: {a: 1}   # nothing yet"],
    ),
    "an item more": (lambda t: add_item(t, ("tags",), "new"), ["+- new"]),
    "an item more of a list that is not there": (
        lambda t: add_item(t, ("supports",), "growth"),
        ["+supports: [growth]"],
    ),
    "an item more of a single word": (
        lambda t: add_item(t, ("owner",), "ana"),
        ["-owner: 'ines'", "+owner: ['ines', ana]"],
    ),
    "a field less": (
        lambda t: remove_field(t, ("key_results", 0, "start")),
        ["-    start: 180  # was 212 until July"],
    ),
    "a group less": (
        lambda t: remove_field(t, ("key_results", 0, "plan")),
        ["-    plan:", "-      2026-07-31: 140   # holidays", "-      2026-08-31: 100"],
    ),
    "the field behind a dash less": (
        lambda t: remove_field(t, ("key_results", 2, "id")),
        ["-  - id: calls", "-    between:", "+  - between:"],
    ),
    "an item less": (lambda t: remove_field(t, ("tags", 1)), ['-- "the desk"   # quoted']),
    "the first field between brackets less": (
        lambda t: remove_field(t, ("key_results", 1, "id")),
        [
            "-  - {id: late, at_most: 4,   between: [1, 2] }  # short",
            "+  - {at_most: 4,   between: [1, 2] }  # short",
        ],
    ),
    "the last one": (
        lambda t: remove_field(t, ("key_results", 1, "between")),
        [
            "-  - {id: late, at_most: 4,   between: [1, 2] }  # short",
            "+  - {id: late, at_most: 4 }  # short",
        ],
    ),
    "another name": (
        lambda t: rename_key(t, ("key_results", 1, "at_most"), "at_least"),
        [
            "-  - {id: late, at_most: 4,   between: [1, 2] }  # short",
            "+  - {id: late, at_least: 4,   between: [1, 2] }  # short",
        ],
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_only_these_lines_differ(name: str) -> None:
    edit, wanted = TABLE[name]
    assert sorted(changed(GOAL, edit(GOAL))) == sorted(wanted)


@pytest.mark.parametrize("name", TABLE)
def test_line_endings_and_a_byte_order_mark_stay(name: str) -> None:
    edit, _ = TABLE[name]
    windows = "\ufeff" + GOAL.replace("\n", "\r\n")
    assert edit(windows) == "\ufeff" + edit(GOAL).replace("\n", "\r\n")


@pytest.mark.parametrize("name", TABLE)
def test_a_file_without_a_last_line_break(name: str) -> None:
    edit, _ = TABLE[name]
    for short in (GOAL[:-1], GOAL[: GOAL.rindex("---") + 3]):
        made = edit(short)
        assert not made.endswith("\n")
        assert changed(GOAL, edit(GOAL)) == changed(short, made)


@pytest.mark.parametrize(
    ("text", "edit", "wanted"),
    [
        ("---\n---\n", lambda t: set_field(t, ("title",), "x"), "---\ntitle: x\n---\n"),
        (
            "---\n# only a comment\n---\n",
            lambda t: set_field(t, ("title",), "x"),
            "---\ntitle: x\n# only a comment\n---\n",
        ),
        ("---\na: 1\n---", lambda t: set_field(t, ("b",), "2"), "---\na: 1\nb: 2\n---"),
        ("---\n{a: 1}\n---\n", lambda t: set_field(t, ("b",), "2"), "---\n{a: 1, b: 2}\n---\n"),
        ("---\na: -3\n---\n", lambda t: set_value(t, ("a",), "-5"), "---\na: -5\n---\n"),
        (
            "---\na:\n- -3\n- -4\n---\n",
            lambda t: remove_field(t, ("a", 0)),
            "---\na:\n- -4\n---\n",
        ),
        ("---\na:\n  b: 1\n---\n", lambda t: remove_field(t, ("a", "b")), "---\na: {}\n---\n"),
        ("---\na:\n- b\n---\n", lambda t: remove_field(t, ("a", 0)), "---\na: []\n---\n"),
        ("---\na: x\n---\n", lambda t: remove_field(t, ("a",)), "---\n---\n"),
        (
            "---\na:\n  long text\n  on two lines\nb: 1\n---\n",
            lambda t: set_value(t, ("a",), "short"),
            "---\na:\n  short\nb: 1\n---\n",
        ),
        (
            "---\na: |+\n  text\n\n\nb: 1\n---\n",
            lambda t: set_value(t, ("a",), "short"),
            "---\na: short\n\n\nb: 1\n---\n",
        ),
        (
            "---\né: 日本 # 🎉\nb: 🎉\n---\n",
            lambda t: set_value(t, ("b",), "x"),
            "---\né: 日本 # 🎉\nb: x\n---\n",
        ),
        (
            "---\na: 1\na: 2\n---\n",
            lambda t: set_value(t, ("a",), "3"),
            "---\na: 3\na: 2\n---\n",
        ),
        (
            "---\na: {x: 1, y: 2,}\n---\n",
            lambda t: set_field(t, ("a", "z"), "3"),
            "---\na: {x: 1, y: 2, z: 3,}\n---\n",
        ),
        (
            "---\na: {\n  x: 1, # one\n  y: 2 # two\n}\n---\n",
            lambda t: set_field(t, ("a", "z"), "3"),
            "---\na: {\n  x: 1, # one\n  y: 2, z: 3 # two\n}\n---\n",
        ),
        ('---\n"a b": 1\n---\n', lambda t: set_value(t, ("a b",), "2"), '---\n"a b": 2\n---\n'),
        (
            "---\na: &x 1\n---\n",
            lambda t: set_value(t, ("a",), "2"),
            "---\na: 2\n---\n",
        ),
        (
            "---\na:\t1\t# tab\n---\n",
            lambda t: set_value(t, ("a",), "2"),
            "---\na:\t2\t# tab\n---\n",
        ),
        (
            "---\na: 1\r\nb: 2\nc:\n  d: 3\r\n---\n",
            lambda t: set_field(t, ("c", "e"), "4"),
            "---\na: 1\r\nb: 2\nc:\n  d: 3\r\n  e: 4\r\n---\n",
        ),
    ],
)
def test_odd_texts(text: str, edit: Edit, wanted: str) -> None:
    assert edit(text) == wanted


@pytest.mark.parametrize(
    "edit",
    [
        lambda: set_value(GOAL, ("nowhere",), "1"),
        lambda: set_value(GOAL, (), "1"),
        lambda: set_value(GOAL, ("title",), "a: b"),
        lambda: set_value(GOAL, ("title",), "a # b"),
        lambda: set_value(GOAL, ("title",), "[a"),
        lambda: set_value(GOAL, ("title",), "a\nperiod: b"),
        lambda: set_value(GOAL, ("title",), "*a"),
        lambda: set_value(GOAL, ("key_results",), "[]"),
        lambda: set_value(GOAL, ("key_results", 0, "plan"), "{2026-07-31: 1}"),
        lambda: set_value(GOAL, ("key_results", 1, "at_most"), "a, b"),
        lambda: set_value("---\na: > # why\n  x\n---\n", ("a",), "1"),
        lambda: set_value("---\na: [1, # one\n  2]\n---\n", ("a",), "[1]"),
        lambda: set_field(GOAL, ("title", "x"), "1"),
        lambda: set_field(GOAL, ("tags", "x"), "1"),
        lambda: set_field(GOAL, ("nowhere", "x"), "1"),
        lambda: set_field("no frontmatter\n", ("x",), "1"),
        lambda: set_field("---\nnever closed\n", ("x",), "1"),
        lambda: set_field("---\na: [\n---\n", ("x",), "1"),
        lambda: add_item(GOAL, ("links",), "1"),
        lambda: add_item(GOAL, ("key_results", 0, "title"), "1"),
        lambda: remove_field(GOAL, ("nowhere",)),
        lambda: rename_key(GOAL, ("title",), "period"),
        lambda: rename_key(GOAL, ("tags", 0), "x"),
        lambda: rename_key(GOAL, ("nowhere",), "x"),
    ],
)
def test_what_is_not_safe_is_refused(edit: Callable[[], str]) -> None:
    with pytest.raises(SpliceError):
        edit()


def test_a_comment_that_would_be_lost_is_named() -> None:
    with pytest.raises(SpliceError, match=r"a comment stands inside of `key_results\.0\.plan`"):
        set_value(GOAL, ("key_results", 0, "plan"), "{2026-07-31: 1}")


def test_spans_of_what_cannot_be_read_are_none() -> None:
    for text in ("", "prose", "---\na: [\n---\n", "---\na: 1\n", "---\na: &x 1\nb: *x\n---\n"):
        assert spans(text) == {}


def test_spans_are_the_text_of_values_and_keys() -> None:
    where = spans(GOAL)
    found = {loc: GOAL[span.start : span.end] for loc, span in where.items()}
    assert found["title",] == "Fewer bugs"
    assert found["period",] == '"2026-q3"'
    assert found["key_results", 0, "title"] == ">\n      Bugs that\n      reach a clinic"
    assert found["key_results", 1] == "{id: late, at_most: 4,   between: [1, 2] }"
    assert found["key_results", 2, "between"] == "- 4\n      - 5"
    assert found["tags", 1] == '"the desk"'
    assert found["empty",] == ""
    span = where["key_results", 0, "plan", "2026-08-31"]
    assert GOAL[span.key_start : span.key_end] == "2026-08-31"


# --- any text at all ------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("abc é🎉:#-,[]{}'\"&*!%0.1\\"), max_size=8)
NUMBERS = st.integers(-99, 99).map(str).map(Plain)
NAMES = st.text(st.sampled_from("abcxyz_-019"), min_size=1, max_size=5).map(
    lambda t: slug(t) or "a"
)
SCALARS = WORDS | NUMBERS | st.none()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
COMMENTS = st.sampled_from(["", "", "  # a comment", "\t# [tab] {x: 'y"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A source text in any mixture of styles, with comments, and Windows' endings at times."""
    fields = draw(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4))
    rows = [row for name, value in fields.items() for row in field_rows(draw, name, value, 0)]
    body = draw(st.sampled_from(["", "prose\n", "no end", "---\nmore: x\n"]))
    text = "---\n" + "\n".join(rows) + "\n---\n" + body
    text = text.replace("\n", "\r\n") if draw(st.booleans()) else text
    return ("\ufeff" if draw(st.booleans()) else "") + text


def field_rows(draw: st.DrawFn, name: str, value: object, depth: int) -> Iterator[str]:
    pad, comment = "  " * depth, draw(COMMENTS)
    if draw(st.integers(0, 5)) == 0:
        yield f"{pad}# above: [{name}"
    rows = list(value_rows(draw, value, depth + 1))
    if rows:
        yield f"{pad}{key(name)}:{comment}"
        yield from rows
    elif isinstance(value, str) and value and draw(st.integers(0, 3)) == 0 and is_calm(value):
        yield f"{pad}{key(name)}: {draw(st.sampled_from(['>', '|', '>-', '|+']))}"
        yield f"{pad}  {value}"
    else:
        quote = draw(st.sampled_from(["", "'", '"'])) if isinstance(value, str) else ""
        raw = scalar(value, quote) if value is None or isinstance(value, str) else flow(value)
        yield f"{pad}{key(name)}: {'' if raw == 'null' else raw}{comment}"


def is_calm(value: str) -> bool:
    return value == value.strip()


def value_rows(draw: st.DrawFn, value: object, depth: int) -> Iterator[str]:
    """The lines of a group or a list; none where it is written between brackets."""
    if not value or isinstance(value, str) or draw(st.booleans()):
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from field_rows(draw, name, inner, depth)
    elif isinstance(value, list):
        for inner in value:
            rows = list(field_rows(draw, "id", inner, depth + 1))
            if isinstance(inner, dict) and inner and not rows[0].strip().startswith("#"):
                below = [r for n, i in inner.items() for r in field_rows(draw, n, i, depth + 1)]
                while below[0].strip().startswith("#"):
                    below.pop(0)
                yield "  " * depth + "- " + below[0].strip()
                yield from below[1:]
            else:
                yield "  " * depth + "- " + flow(inner)


def bare(value: object) -> object:
    """A value without the last line break of folded text, which only has it before another line."""
    if isinstance(value, dict):
        return {name: bare(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [bare(inner) for inner in value]
    return value.rstrip(" \n") if isinstance(value, str) else value


def take(data: object, loc: Loc) -> object:
    for step in loc:
        data = data[step]  # type: ignore[index]
    return data


def lines_apart(before: str, after: str, at: tuple[int, int]) -> None:
    """Every line of `before` outside of the lines `at` stands in `after`, in its order."""
    one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first, last = at
    assert one[:first] == other[:first]
    rest = one[last + 1 :]
    assert rest == other[len(other) - len(rest) :]


@drawn
@given(texts(), st.data(), SCALARS.filter(lambda value: value is not None))
def test_setting_any_value_changes_that_alone(text: str, data: st.DataObject, value: str) -> None:
    before, faults = read_document("x", text.encode())
    where = spans(text)
    assume(not faults and len(where) > 1)
    loc = data.draw(st.sampled_from(sorted((loc for loc in where if loc), key=str)))
    try:
        made = set_value(text, loc, scalar(value))
    except SpliceError as error:
        assert "comment" in str(error)
        return
    after, faults = read_document("x", made.encode())
    assert not faults
    assert take(after.data, loc) == value
    assert after.body == before.body and made.count("\r") in (0, made.count("\n"))
    span = where[loc]
    began = span.key_start if span.is_block else span.start
    lines_apart(text, made, (text.count("\n", 0, began), text.count("\n", 0, span.end)))
    undone = set_value(made, loc, flow(take(before.data, loc)))
    assert bare(read_document("x", undone.encode())[0].data) == bare(before.data)


@drawn
@given(texts(), st.data(), SCALARS.filter(lambda value: value is not None))
def test_a_new_field_is_a_line_or_a_place_in_brackets(
    text: str, data: st.DataObject, value: str
) -> None:
    where = spans(text)
    groups = [loc for loc, span in where.items() if span.style in (":", "{")]
    assume(groups)
    loc = (*data.draw(st.sampled_from(sorted(groups, key=str))), "new-field")
    made = set_field(text, loc, scalar(value))
    after, faults = read_document("x", made.encode())
    assert not faults and take(after.data, loc) == value
    one, other = text.splitlines(), made.splitlines()
    assert len(other) - len(one) in (0, 1)
    apart = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    touched = [block for block in apart if block[0] != "equal"]
    assert len(touched) == 1 and touched[0][2] - touched[0][1] <= 1
    gone = remove_field(made, loc)
    there, back = (read_document("x", one.encode())[0].data for one in (text, gone))
    assert bare(back) == bare(there)


@drawn
@given(texts(), st.data())
def test_taking_any_field_away_leaves_the_rest(text: str, data: st.DataObject) -> None:
    where = spans(text)
    assume(len(where) > 1)
    loc = data.draw(st.sampled_from(sorted((loc for loc in where if loc), key=str)))
    try:
        made = remove_field(text, loc)
    except SpliceError as error:
        assert "comment" in str(error)
        return
    one, other = text.splitlines(keepends=True), made.splitlines(keepends=True)
    assert len(other) <= len(one)
    assert made.endswith(text[text.rindex("---") :])


@drawn
@given(texts(), st.data())
def test_an_item_more_is_the_last_one(text: str, data: st.DataObject) -> None:
    where = spans(text)
    lists = [loc for loc, span in where.items() if span.style in ("-", "[")]
    assume(lists)
    loc = data.draw(st.sampled_from(sorted(lists, key=str)))
    made = add_item(text, loc, "more")
    items = take(read_document("x", made.encode())[0].data, loc)
    assert isinstance(items, list) and items[-1] == "more"
    assert bare(items[:-1]) == bare(take(read_document("x", text.encode())[0].data, loc))


@drawn
@given(st.text(max_size=200))
def test_no_text_at_all_brings_it_down(noise: str) -> None:
    text = noise if noise.startswith("---") else f"---\n{noise}\n---\n"
    text = text.encode("utf-8", "replace").decode()
    for loc in spans(text):
        if loc:
            try:
                set_value(text, loc, "x")
                remove_field(text, loc)
            except SpliceError:
                pass
