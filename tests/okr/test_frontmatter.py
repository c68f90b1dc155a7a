"""Every value keeps the line and the column on which its author finds it."""

import pytest

from okrsite.okr.frontmatter import Document, Loc, Plain, read_document

RICH = """---
title: "Ship: it"   # a comment
period:   q3
tags: [one, 'two', "three"]
key_results:
  - id: a
    title: >-
      Folded words
      of two lines
    plan: {2026-07-31: 30, 2026-08-31: 35}
  -   {id: b, title: B, between: [4, 5]}
ümläut: ö
---
Prose.
"""
PLACES = {
    ("title",): (2, 8),
    ("period",): (3, 11),
    ("tags",): (4, 7),
    ("tags", 0): (4, 8),
    ("tags", 1): (4, 13),
    ("tags", 2): (4, 20),
    ("key_results",): (6, 3),
    ("key_results", 0): (6, 5),
    ("key_results", 0, "id"): (6, 9),
    ("key_results", 0, "title"): (7, 12),
    ("key_results", 0, "plan", "2026-08-31"): (10, 40),
    ("key_results", 1): (11, 7),
    ("key_results", 1, "between", 1): (11, 38),
    ("ümläut",): (12, 9),
}
KEYS = {
    ("title",): (2, 1),
    ("key_results", 0, "title"): (7, 5),
    ("key_results", 0, "plan", "2026-08-31"): (10, 28),
    ("key_results", 1, "between"): (11, 25),
}


def read(text: str) -> Document:
    document, findings = read_document("objectives/x.md", text.encode())
    assert findings == ()
    return document


def faults(raw: str | bytes) -> list[tuple[str, int, int]]:
    data = raw if isinstance(raw, bytes) else raw.encode()
    document, findings = read_document("x.md", data)
    assert document.data == {}
    return [(f.code, f.line, f.column) for f in findings]


@pytest.mark.parametrize("loc", PLACES, ids=str)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["plain", "BOM"])
def test_place_of_every_value(loc: Loc, newline: str, bom: str) -> None:
    assert read(bom + RICH.replace("\n", newline)).place(*loc) == PLACES[loc]


@pytest.mark.parametrize("loc", KEYS, ids=str)
def test_place_of_every_key(loc: Loc) -> None:
    assert read(RICH).key_place(*loc) == KEYS[loc]


def test_the_place_of_what_is_missing_is_that_of_what_holds_it() -> None:
    assert read(RICH).place("key_results", 1, "owner") == (11, 7)
    assert read(RICH).place("nothing") == (2, 1)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_values_are_the_same_whatever_ends_a_line(newline: str) -> None:
    document = read(RICH.replace("\n", newline))
    assert document.data == read(RICH).data
    assert (document.body.strip(), document.body_line) == ("Prose.", 14)


@pytest.mark.parametrize(
    "typed",
    ["no", "yes", "010", "12:30", "1,000", "1_000", "0x1F", "2026-08-20", "1e3", ".5", "true"],
)
def test_what_is_unquoted_stays_the_text_that_was_typed(typed: str) -> None:
    value = read(f"---\na: {typed}\n---\n").data["a"]
    assert value == typed
    assert isinstance(value, Plain)


@pytest.mark.parametrize("typed", ['"12"', "'12'", "|\n  12", ">\n  12"])
def test_what_is_quoted_is_known_to_be(typed: str) -> None:
    value = read(f"---\na: {typed}\n---\n").data["a"]
    assert isinstance(value, str)
    assert not isinstance(value, Plain)


@pytest.mark.parametrize("typed", ["", "~", "null", "# only a comment"])
def test_nothing_is_none(typed: str) -> None:
    assert read(f"---\na: {typed}\n---\n").data == {"a": None}


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("", "", 1),
        ("Prose.\n", "Prose.\n", 1),
        ("---\n---\nProse.", "Prose.", 3),
        ("---\n# only a comment\n---\nProse.", "Prose.", 4),
        ("---  \na: 1\n--- \nProse.", "Prose.", 4),
        ("---\na: 1\n...\nProse.", "Prose.", 4),
        ("---\na: 1\n---", "", 4),
        ("---\na: 1\n---\n\n---\n\nA rule above.", "\n---\n\nA rule above.", 4),
        ("---\na: |\n  ---\n  b\n---\nProse.", "Prose.", 6),
        ("----\nnot frontmatter\n----\n", "----\nnot frontmatter\n----\n", 1),
    ],
)
def test_where_the_prose_begins(text: str, body: str, line: int) -> None:
    document = read(text)
    assert (document.body, document.body_line) == (body, line)


@pytest.mark.parametrize(
    ("raw", "code", "line", "column"),
    [
        ("---\na: 1\n", "OKR003", 1, 1),
        ("---\n" + "a: x\n" * 60_000, "OKR003", 1, 1),  # never closed, which is why it is so long
        ("---\na: " + "x" * 300_000 + "\n---\n", "OKR002", 1, 1),
        ("\n\n---\ntitle: A\n---\n", "OKR003", 3, 1),
        ("---\na: [1\n---\n", "OKR003", 2, 4),
        ("---\na: b: c\n---\n", "OKR003", 2, 5),
        ("---\n- a\n---\n", "OKR003", 2, 1),
        ("---\n[a]: 1\n---\n", "OKR003", 2, 1),
        ("---\na: &x 1\nb: *x\n---\n", "OKR005", 3, 4),
        ("---\ntitle: tab\x07bell\n---\n", "OKR003", 2, 11),
        ("---\ntitle: A\nteam: x\x00\n---\n", "OKR003", 3, 8),
        (b"---\ntitle: B\xfcro\n", "OKR001", 2, 9),
        (b"---\ntitle: \xe2\x80\x9c\xc3\x84\xc3\x9c B\xfcro\n", "OKR001", 2, 13),
        (b"\xef\xbb\xbf--- \xc3\x84\xfc\n", "OKR001", 1, 6),
    ],
)
def test_what_cannot_be_read_says_where(
    raw: str | bytes, code: str, line: int, column: int
) -> None:
    assert faults(raw)[0] == (code, line, column)


def test_a_repeated_key_is_found_at_every_depth_and_the_first_counts() -> None:
    text = "---\na: 1\na: 2\nb: {c: 1, c: 2}\nd: [{e: 1, e: 2}]\n---\n"
    document, findings = read_document("x.md", text.encode())
    assert document.data == {"a": "1", "b": {"c": "1"}, "d": [{"e": "1"}]}
    assert [(f.code, f.line, f.column) for f in findings] == [
        ("OKR004", 3, 1),
        ("OKR004", 4, 11),
        ("OKR004", 5, 12),
    ]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\r"])
def test_a_sign_that_ends_no_line_in_an_editor_moves_no_place(sign: str) -> None:
    document = read(f'---\ntitle: "one{sign}two"\nteam: x\n---\nProse.')
    assert document.place("team") == (3, 7)
    assert document.body_line == 5


def test_tags_of_yaml_make_no_values() -> None:
    document = read("---\na: !!int 5\nb: !!python/name:os.system x\n---\n")
    assert document.data == {"a": "5", "b": "x"}
