"""What is said of frontmatter that is not YAML: the line that is wrong, and how it is right."""

import pytest

from okrsite.edit.text.fixes import fixed
from okrsite.okr.frontmatter import read_document

ITEM = "key_results:\n  - id: a\n"
SAID = [
    ("team: x\nstart 9\nowner: y", 3, 1, "no colon", "Write `start: 9`."),
    (ITEM + "    start 9\n    target: 4", 4, 5, "no colon", "Write `start: 9`."),
    (ITEM + "    unit: a\n    target 9", 5, 5, "no colon", "Write `target: 9`."),
    ("title Phase two of it\nteam: x", 2, 1, "no colon", "Write `title: Phase two of it`."),
    ("team: x\nWe do this all day.\nowner: y", 3, 1, "no colon", "prose goes below"),
    ("team: x\nstart:9\nowner: y", 3, 1, "no space after the colon", "Write `start: 9`."),
    ("team:x\nowner: y", 2, 1, "no space after the colon", "Write `team: x`."),
    ("key_results:\n\t- id: a", 3, 1, "tab", "Use spaces, not a tab."),
    (ITEM + "  \ttitle: A", 4, 3, "tab", "Use spaces, not a tab."),
    (ITEM + "    title: A\n - id: b", 5, 2, "further left", "Move it to column 3."),
    (ITEM + "    title: A\n   - id: b", 5, 4, "further right", "Move it to column 3."),
    (ITEM + "    title: A\n     - id: b", 5, 6, "further right", "Move it to column 3."),
    (ITEM + "   title: A", 4, 4, "further left", "Move it to column 5."),
    (ITEM + "     title: A", 4, 6, "further right", "Move it to column 5."),
    (
        ITEM + "    milestones:\n      - id: m\n     - id: n",
        6,
        6,
        "further left",
        "Move it to column 7.",
    ),
    ("title: A\n\n  team: b", 4, 3, "further right", "Move it to column 1."),
    ("kpis:\n  a: 1\nkey_results:\n  a/b: 1\n   a/c: 2", 6, 4, "further right", "column 3."),
    ("  title: A\nteam: b", 2, 3, "further right", "Move it to column 1."),
    ("title: A\n- id: a", 3, 1, "without the name of its field", "`key_results:`"),
    ("unit: %", 2, 7, "begins with `%`", 'Write `unit: "%"`.'),
    (ITEM + "    unit: %\n    start: 0", 4, 11, "begins with `%`", 'Write `unit: "%"`.'),
    ("key_results:\n  - {id: a, unit: %, start: 0}", 3, 19, "begins with `%`", 'Write `"%"`.'),
    ("owner: @ana", 2, 8, "begins with `@`", 'Write `owner: "@ana"`.'),
    ("title: *new*", 2, 8, "begins with `*`", 'Write `title: "*new*"`.'),
    ("unit: >x", 2, 7, "begins with `>`", 'Write `unit: ">x"`.'),
    ("unit: - x", 2, 7, "begins with `-`", 'Write `unit: "- x"`.'),
    ("unit: `x`", 2, 7, "begins with a backtick", "Put it in quotes."),
    (
        "title: Phase two: abroad",
        2,
        17,
        "holds a colon",
        'Write `title: "Phase two: abroad"`.',
    ),
    ('title: Say "x": y', 2, 15, "holds a colon", "Write `title: 'Say \"x\": y'`."),
    ("k: {title: Phase two: abroad}", 2, 21, "holds a colon", "Put the whole text in quotes."),
    ('title: "abc\nteam: x', 2, 8, '`"` that opens here', 'Write `title: "abc"`.'),
    ('title: "abc\nteam: "x"', 2, 8, '`"` that opens here', 'Write `title: "abc"`.'),
    ('k: [{title: "abc, id: a}]', 2, 13, '`"` that opens here', 'Add `"` at the end'),
    ("title: 'It's here'", 2, 12, "quotes end before", 'Write `title: "It\'s here"`.'),
    ('title: "A" and "B"', 2, 12, "quotes end before", 'Write `title: \'"A" and "B"\'`.'),
    ("tags: [a, b\nteam: x", 2, 7, "`[` opens here", "Write `tags: [a, b]`."),
    ("tags: [a, b", 2, 7, "`[` opens here", "Write `tags: [a, b]`."),
    ("k: [a, [b", 2, 8, "`[` opens here", "Add `]` where it ends."),
    ("team: x\nk: {a: 1\nowner: y", 3, 4, "`{` opens here", "Write `k: {a: 1}`."),
    ("k: {a: [4, 5}", 2, 13, "`[` is closed by `}`", "Write `]` before it."),
    ('title: "a \\q"', 2, 11, "backslash", "Use single quotes"),
    ("team: x\n--- y", 3, 1, "cannot be read", "Compare it with the lines above"),
]
JARGON = ("expected", "mapping", "scalar", "block", "token", "indicator", "stream", "simple key")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("head", "line", "column", "message", "hint"), SAID)
def test_says_which_line_is_wrong_and_how_it_is_right(
    head: str, line: int, column: int, message: str, hint: str, newline: str
) -> None:
    raw = f"---\n{head}\n---\nProse.\n".replace("\n", newline).encode()
    document, (finding,) = read_document("teams/x.md", raw)
    assert document.data == {}
    assert finding.code == "OKR003"
    assert (finding.line, finding.column) == (line, column)
    assert message in finding.message
    assert hint in finding.hint
    assert not [word for word in JARGON if word in finding.message]


MENDED = [row[0] for row in SAID if row[4].startswith("Write `") and "`]`" not in row[4]]


@pytest.mark.parametrize("head", MENDED)
def test_a_line_written_as_told_is_read(head: str) -> None:
    """The repaired line in place of the wrong one, and this fault is gone."""
    _, (before,) = read_document("x.md", f"---\n{head}\n---\n".encode())
    lines = head.split("\n")
    wrong = lines[before.line - 2]
    mended = before.hint.removeprefix("Write `").partition("`")[0]
    if ":" not in mended:
        lines[before.line - 2] = wrong.replace("%", mended)
    else:
        lead = wrong[: len(wrong) - len(wrong.lstrip(" -"))]
        lines[before.line - 2] = lead + mended.lstrip("- ")
    _, after = read_document("x.md", ("---\n" + "\n".join(lines) + "\n---\n").encode())
    assert after == ()


def test_a_line_without_end_is_read_in_time() -> None:
    head = "k: {a: " + "x, b" * 60_000 + ": 2: 3}"
    _, (finding,) = read_document("x.md", f"---\n{head}\n---\n".encode())
    assert finding.code == "OKR003"
    assert len(finding.message + finding.hint) < 200


@pytest.mark.parametrize(
    "text",
    [
        "title: Tools\nteam: acme\n---\nProse.\n",
        "title: Tools\n---\nProse.\n",
        "title: Tools\nkey_results:\n  - id: a\n",
        "\n\ntitle: Tools\r\nteam: acme\r\n---\r\n",
        "—\ntitle: Tools\nteam: acme\n---\n",
        "--\ntitle: Tools\nteam: acme\n--\n",
    ],
)
def test_fields_without_the_first_line_are_known_as_such(text: str) -> None:
    _, (finding,) = read_document("teams/x.md", text.encode())
    assert (finding.code, finding.line, finding.column) == ("OKR003", 1, 1)
    assert finding.message == "the first line must be `---`"


@pytest.mark.parametrize(
    "text", ["Note: this is prose\nof two lines.\n", "# Tools\n\ntitle: x\nteam: y\n", "a: b", ""]
)
def test_prose_is_no_frontmatter(text: str) -> None:
    assert read_document("teams/x.md", text.encode())[1] == ()


DASHES = [
    ("key_results:\n    id: a\n    title: A\n  - id: b", 3, 5, "no dash", "Write `- id: a`."),
    ("key_results:\n  id: a\n    title: A\n", 3, 3, "no dash", "Write `- id: a`."),
    ("key_results:\n  -id: a\n    title: A", 3, 3, "no space after the dash", "Write `- id: a`."),
    (ITEM + "  -id: b\n    title: B", 4, 3, "no space after the dash", "Write `- id: b`."),
    (
        "key_results:\n\xa0\xa0- id: a\n\xa0\xa0\xa0\xa0title: A",
        3,
        1,
        "no-break space",
        "plain spaces",
    ),
    ("title:\xa0A\nteam: x", 2, 7, "no-break space", "plain spaces"),
    (ITEM + "\xa0\xa0\xa0\xa0title: A", 4, 1, "no-break space", "plain spaces"),
]


@pytest.mark.parametrize(("head", "line", "column", "message", "hint"), DASHES)
def test_a_dash_or_blank_that_is_wrong_is_named_and_mended(
    head: str, line: int, column: int, message: str, hint: str
) -> None:
    text = f"---\n{head}\n---\n"
    _, (finding,) = read_document("x.md", text.encode())
    assert (finding.code, finding.line, finding.column) == ("OKR003", line, column)
    assert message in finding.message and hint in finding.hint
    new, done = fixed(text, [finding])
    assert done == (finding,)
    document, after = read_document("x.md", new.encode())
    assert after == () and document.data


def test_a_no_break_space_within_a_text_is_the_authors_own() -> None:
    document, findings = read_document("x.md", "---\ntitle: 5\xa0days\n---\n".encode())
    assert (document.data, findings) == ({"title": "5\xa0days"}, ())


ENDS = [
    ("title: A\nteam: x\n—--\nWe want this.\n", 4, "`—--` does not close", "three plain hyphens"),
    ("title: A\nteam: x\n–--\nWe want this.\n", 4, "`–--` does not close", "three plain hyphens"),
    ("title: A\nteam: x\n***\nWe want this.\n", 4, "`***` does not close", "three plain hyphens"),
    ("title: A\n----\nOne.\n\n---\nTwo.\n", 3, "`----` does not close", "three plain hyphens"),
    ("title: A\nteam: x\n\nWe want this: now.\n", 5, "never closed", "above this one"),
    ("title: A\nteam: x\n\n# Why\n\nWe want this.\n", 5, "never closed", "above this one"),
    (ITEM + "We want this.\n- and that\n", 4, "never closed", "above this one"),
]


@pytest.mark.parametrize(("text", "line", "message", "hint"), ENDS)
def test_where_the_second_line_of_dashes_belongs(
    text: str, line: int, message: str, hint: str
) -> None:
    _, (finding,) = read_document("x.md", f"---\n{text}".encode())
    assert (finding.code, finding.line, finding.column) == ("OKR003", line, 1)
    assert message in finding.message and hint in finding.hint
    new, _ = fixed(f"---\n{text}", [finding])
    document, after = read_document("x.md", new.encode())
    assert after == () and document.data and document.body.strip()


def test_an_end_is_not_guessed_where_fields_follow() -> None:
    text = "---\ntitle: A\nWe want this.\nteam: x\n"
    _, (finding,) = read_document("x.md", text.encode())
    assert (finding.line, finding.fix) == (3, None)


CONFLICT = "<<<<<<< HEAD\nteam: x\n=======\nteam: y\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"---\ntitle: A\n{CONFLICT}---\n", 3),
        (f"---\ntitle: A\n{CONFLICT}", 3),
        (f"---\ntitle: A\n{CONFLICT}---\n".replace("\n", "\r\n"), 3),
        ("---\n<<<<<<< a\nteam: x\n---\nOne.\n=======\nteam: y\n---\nTwo.\n>>>>>>> b\n", 2),
        ("<<<<<<< a\n---\nteam: x\n---\n=======\n---\nteam: y\n---\n>>>>>>> b\n", 1),
    ],
)
def test_a_merge_conflict_is_called_one_and_never_mended(text: str, line: int) -> None:
    document, (finding,) = read_document("x.md", text.encode())
    assert (finding.code, finding.line, finding.column) == ("OKR003", line, 1)
    assert "two changes met" in finding.message and "Keep one" in finding.hint
    assert finding.fix is None and not document.data


def test_a_heading_underlined_with_signs_is_no_conflict() -> None:
    text = "---\ntitle: A\n---\nNews\n=======\n>>>>>>> quoted\n"
    assert read_document("x.md", text.encode())[1] == ()
