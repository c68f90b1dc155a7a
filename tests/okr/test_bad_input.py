"""Whatever an author writes gets findings with their place, all in one run, and no traceback."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsite.okr.circles import MAX_CHAIN
from okrsite.okr.finding import Finding
from okrsite.okr.model import FROM_FILE, KINDS, KeyResult, Milestone
from okrsite.okr.pipeline import Book, load
from okrsite.okr.settings import Settings
from tests.support import AS_OF, PERIOD, book, codes

TEAM = "---\ntitle: Acme\n---\n"
GOAL = """---
title: {title}
period: q3
team: acme
owner: Ana Berg
key_results:
{key_results}---
"""
LAUGHS = "\n".join(
    f"l{level}: &l{level} [{', '.join([f'*l{level - 1}' if level else 'ha'] * 9)}]"
    for level in range(12)
)

MESS: Mapping[str, bytes] = {
    "periods/q3.md": PERIOD.encode(),
    "teams/acme.md": TEAM.encode(),
    "objectives/alias.md": f"---\ntitle: Alias\n{LAUGHS}\n---\n".encode(),
    "objectives/broken.md": b"---\ntitle: Broken\nperiod: [q3\nteam: acme\n---\n",
    "objectives/circle-a.md": GOAL.format(
        title="Round\nparent: circle-b", key_results="  - {id: a, title: A, start: 1, target: 2}\n"
    ).encode(),
    "objectives/circle-b.md": GOAL.format(
        title="And round\nparent: circle-a",
        key_results="  - {id: b, title: B, start: 1, target: 2}\n",
    ).encode(),
    "objectives/huge.md": b"---\ntitle: Huge\nnote: " + b"x" * (5 * 1024 * 1024) + b"\n---\n",
    "objectives/latin.md": GOAL.format(
        title="B\xfcro", key_results="  - {id: c, title: C, start: 1, target: 2}\n"
    ).encode("latin-1"),
    "objectives/nothing.md": GOAL.format(
        title="Nothing counts",
        key_results="  - {id: d, title: D, start: 1, target: 2, weight: 0}\n",
    ).encode(),
    "objectives/path.md": GOAL.format(
        title="Paths", key_results="  - {id: ../../etc, title: E, start: 1, target: 2}\n"
    ).encode(),
    "objectives/../escape.md": b"---\ntitle: Escape\n---\n",
    "objectives/twice.md": b"---\ntitle: Twice\nperiod: q3\ntitle: Again\nteam: acem\n---\n",
    "objectives/types.md": GOAL.format(
        title='Types <script>alert("1")</script>',
        key_results="""\
  - id: comma
    title: Comma
    start: 1,000
    target: 2
  - id: clock
    title: Clock
    start: 12:30
    target: 2
  - id: octal
    title: Octal
    start: 010
    target: 2
  - id: no
    title: "No"
    start: no
    target: 2
    due: 2027-01-31
    colour: red
""",
    ).encode(),
    "people/eve.md": b"---\ntitle: Eve\nlinks: {home: 'javascript:alert(1)'}\n---\n",
}
EXPECTED = (
    ("OKR005", "objectives/alias.md", 4, 10, "aliases"),
    ("OKR003", "objectives/broken.md", 3, 9, "Write `period: [q3]`"),
    ("OKR102", "objectives/circle-a.md", 3, 9, "circle-a → circle-b → circle-a"),
    ("OKR102", "objectives/circle-b.md", 3, 9, "circle-b → circle-a → circle-b"),
    ("OKR002", "objectives/huge.md", 1, 1, "5,120 KiB"),
    ("OKR001", "objectives/latin.md", 2, 9, "0xfc"),
    ("OKR023", "objectives/nothing.md", 7, 3, "weights"),
    ("OKR013", "objectives/path.md", 7, 10, "Write `etc`"),
    ("OKR004", "objectives/twice.md", 4, 1, "the one on line 2 counts"),
    ("OKR101", "objectives/twice.md", 5, 7, "Did you mean `acme`?"),
    ("OKR019", "objectives/types.md", 2, 8, "plain text"),
    ("OKR012", "objectives/types.md", 9, 12, "Write `1000`"),
    ("OKR012", "objectives/types.md", 13, 12, "duration"),
    ("OKR012", "objectives/types.md", 17, 12, "Write `10`, without the leading zero"),
    ("OKR012", "objectives/types.md", 21, 12, "`no` is not a number"),
    ("OKR022", "objectives/types.md", 23, 10, "2027-01-31 lies outside"),
    ("OKR011", "objectives/types.md", 24, 5, "`colour` is no field"),
    ("OKR012", "people/eve.md", 3, 15, "is not a link"),
)


@pytest.fixture(scope="module")
def mess() -> Book:
    return load(MESS, Settings(), date(2026, 7, 5))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: f"{e[0]} {e[1]}:{e[2]}")
def test_everything_wrong_is_found_in_one_run(mess: Book, expected) -> None:
    code, path, line, column, words = expected
    near = [f for f in mess.findings if (f.path, f.code) == (path, code)]
    assert (line, column) in [(f.line, f.column) for f in near], near
    found = next(f for f in near if (f.line, f.column) == (line, column))
    assert words in f"{found.message}. {found.hint}"


def test_nothing_is_said_of_what_is_right(mess: Book) -> None:
    assert not [f for f in mess.findings if f.path in ("periods/q3.md", "teams/acme.md")]


def test_what_can_be_read_is_kept(mess: Book) -> None:
    assert {"circle-a", "latin", "nothing", "path", "twice", "types"} <= set(
        mess.portfolio.objectives
    )
    assert mess.portfolio.objectives["path"].key_results == ()
    assert mess.portfolio.people["eve"].links == {}


def test_an_unreadable_file_gets_one_finding(mess: Book) -> None:
    for path in ("objectives/alias.md", "objectives/broken.md", "objectives/huge.md"):
        assert len([f for f in mess.findings if f.path == path]) == 1


def test_an_empty_folder_says_how_to_begin() -> None:
    (finding,) = book({}).findings
    assert (finding.code, finding.path, finding.line, finding.column) == ("OKR021", ".", 1, 1)
    assert "periods/" in finding.hint


def test_an_empty_file_says_what_is_missing() -> None:
    made = book({"periods/q3.md": PERIOD, "objectives/void.md": ""})
    assert codes(made) == ["OKR010", "OKR010"]


@pytest.mark.parametrize(
    "nested",
    [
        "a: " + "[" * 5000,
        "a: " + "{b: " * 5000,
        "- " * 5000 + "x",
        "-  " * 2500 + "x",
        "? " * 5000 + "x",
        "\n".join(" " * depth + "a:" for depth in range(600)),
    ],
    ids=["lists", "mappings", "dashes", "wide dashes", "keys", "indents"],
)
def test_deep_nesting_is_refused_and_not_followed(nested: str) -> None:
    made = book({"periods/q3.md": PERIOD, "objectives/deep.md": f"---\n{nested}\n---\n"})
    assert codes(made) == ["OKR003"]


def test_a_cascade_without_end_is_cut_and_counted() -> None:
    goals = {
        f"objectives/g{n:03}.md": f"---\ntitle: G\nperiod: q3\nparent: g{n - 1:03}\n---\n"
        for n in range(1, 600)
    }
    goals["objectives/g000.md"] = "---\ntitle: G\nperiod: q3\n---\n"
    made = book({"periods/q3.md": PERIOD, **goals})
    assert codes(made).count("OKR103") == 599 // (MAX_CHAIN + 1)
    assert len(made.scorecard.objectives) == 600


def test_a_year_of_two_digits_is_no_year() -> None:
    made = book({"check-ins/a.md": "---\ndate: 0026-08-20\n---\n", "periods/q3.md": PERIOD})
    (finding,) = made.findings
    assert (finding.code, finding.line, finding.column) == ("OKR012", 2, 7)


# Any text at all.

WORDS = st.sampled_from(
    """q3 acme core goal goal/a goal/b a b done doing unknown true false no 010 12:30 1,000 0 1 -1
    0.5 1e9 20% 2026-07-01 2026-08-20 2026-02-30 0001-01-01 ../x <script> null ~ committed
    closed draft children both objectives initiatives uptime on-track dropped c1""".split()  # noqa: SIM905
)
SCALARS = st.one_of(
    WORDS,
    WORDS,
    WORDS,
    WORDS.map(lambda word: f'"{word}"'),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(SCALARS, inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{k}: {v}" for k, v in pairs.items()) + "}"
        ),
    ),
    max_leaves=6,
)


def _names(model: type[KeyResult] | type[Milestone]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _flow(fields: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


KEY_RESULTS = st.lists(
    st.dictionaries(st.sampled_from(_names(KeyResult)), VALUES, max_size=6).map(
        lambda fields: _flow({"id": "a", "title": "A", "start": "1", "target": "5", **fields})
    ),
    max_size=3,
).map(lambda rows: f"[{', '.join(rows)}]")
UPDATES = st.dictionaries(
    st.sampled_from(["goal/a", "goal/b", "other/a", "goal"]),
    st.one_of(VALUES, WORDS.map(lambda word: f"{{value: {word}, confidence: {word}}}")),
    max_size=3,
).map(_flow)
USUAL: Mapping[str, Mapping[str, str]] = {
    "periods": {"title": "Q3", "start": "2026-07-01", "end": "2026-09-30", "state": "committed"},
    "objectives": {"title": "Goal", "period": "q3", "team": "acme"},
    "check-ins": {"date": "2026-08-01", "author": "Ana Berg"},
    "amendments": {"date": "2026-08-01", "subject": "goal/a", "field": "target", "was": "4"},
}
SPECIAL = {("objectives", "key_results"): KEY_RESULTS, ("check-ins", "key_results"): UPDATES}
STEMS = ("q3", "acme", "core", "goal", "other", "uptime", "c1", "A b", "index")


@st.composite
def records(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file of some kind: what it usually says, and anything in some of its fields."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    known = [name for name in KINDS[kind].model_fields if name not in FROM_FILE]
    names = draw(st.lists(st.sampled_from([*known, "id", "nonsense"]), unique=True, max_size=6))
    fields = dict(USUAL.get(kind, {"title": "T"}))
    fields |= {name: draw(SPECIAL.get((kind, name), VALUES)) for name in names}
    head = "\n".join(f"{name}: {value}" for name, value in fields.items())
    stem = draw(st.sampled_from(STEMS))
    body = draw(st.sampled_from(["", "\n- [ ] one\n- [x] two", "\n```\n<script>"]))
    return f"{kind}/{stem}.md", f"---\n{head}\n---\n{body}".encode("utf-8", "replace")


def _checked(sources: Mapping[str, bytes]) -> tuple[Finding, ...]:
    findings = load(sources, Settings(), date.fromisoformat(AS_OF)).findings
    for finding in findings:
        lines = sources[finding.path].count(b"\n") + 1 if finding.path in sources else 1
        assert 1 <= finding.line <= lines
        assert finding.column >= 1
        assert finding.message
        assert str(finding).isprintable() or "\n" not in str(finding)
    return findings


@settings(deadline=None, max_examples=300)
@given(st.lists(records(), max_size=10))
def test_any_values_in_any_fields_give_findings(files: list[tuple[str, bytes]]) -> None:
    base = {
        "periods/q3.md": PERIOD.encode(),
        "teams/acme.md": TEAM.encode(),
        "objectives/goal.md": GOAL.format(
            title="Goal", key_results="  - {id: a, title: A, start: 1, target: 5}\n"
        ).encode(),
    }
    _checked({**base, **dict(files)})


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=200), st.booleans())
def test_any_bytes_give_findings(kind: str, raw: bytes, fenced: bool) -> None:
    _checked({f"{kind}/x.md": b"---\n" + raw + b"\n---\n" if fenced else raw})


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(KINDS)), st.text(max_size=200))
def test_any_text_gives_findings(kind: str, text: str) -> None:
    _checked({f"{kind}/x.md": f"---\n{text}\n---\n{text}".encode("utf-8", "replace")})
