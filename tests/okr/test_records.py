"""A fault in one field never costs the others, and every unknown field gets a suggestion."""

import pytest

from okrsite.okr.finding import Finding
from okrsite.okr.frontmatter import read_document
from okrsite.okr.model import (
    KINDS,
    CheckIn,
    FileNoun,
    Initiative,
    KeyResult,
    Milestone,
    Move,
    Objective,
    Period,
    Person,
    Team,
    Update,
)
from okrsite.okr.records import kind_of, read_record
from okrsite.okr.spelling import fields_of
from okrsite.okr.usual import _USUAL
from tests.support import book


def read(path: str, text: str) -> tuple[FileNoun | None, tuple[Finding, ...]]:
    document, unread = read_document(path, f"---\n{text}\n---\nProse.".encode())
    assert unread == ()
    return read_record(document, path.partition("/")[0])


def said(findings: tuple[Finding, ...]) -> list[tuple[int, int, str, str]]:
    return [(f.line, f.column, f.code, f.hint) for f in findings]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("objectives/a.md", "objectives"),
        ("objectives/deep/er/a.md", "objectives"),
        ("objectives/index.md", None),
        ("objectives.md", None),
        ("guide/objectives/a.md", None),
        ("notes.md", None),
    ],
)
def test_the_top_folder_decides_the_kind(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


def test_the_file_gives_id_path_and_prose() -> None:
    noun, findings = read("objectives/2026/ship-it.md", "title: Ship\nperiod: q3")
    assert findings == ()
    assert noun is not None
    assert (noun.id, noun.path) == ("ship-it", "objectives/2026/ship-it.md")
    assert (noun.body, noun.body_line) == ("Prose.", 5)


def test_one_faulty_field_leaves_all_others() -> None:
    noun, findings = read(
        "objectives/x.md", "title: Ship\nperiod: q3\nweight: heavy\nowner: ana\ntags: [a, [b], c]"
    )
    assert isinstance(noun, Objective)
    assert (noun.title, noun.owner, noun.tags) == ("Ship", "ana", ("a", "c"))
    assert noun.weight == 1
    assert [(f.line, f.column) for f in findings] == [(4, 9), (6, 11)]


def test_every_fault_of_a_file_is_told_in_one_run() -> None:
    _, findings = read(
        "objectives/x.md",
        """title: ""
period: q3
ambition: commited
wieght: 2
key_results:
  - {id: A, title: T, start: 1,000, target: 5}
  - {id: b, title: T, milestones: [{id: M, titel: T}]}
  - text""",
    )
    found = {(f.line, f.column, f.code): f"{f.message}. {f.hint}" for f in findings}
    words = {
        (2, 8, "OKR012"): "`title`: is empty",
        (4, 11, "OKR012"): "Did you mean `committed`?",
        (5, 1, "OKR011"): "Did you mean `weight`?",
        (7, 10, "OKR013"): "Write `a`",
        (7, 32, "OKR011"): "a comma begins a new field",
        (8, 41, "OKR013"): "Write `m`",
        (8, 36, "OKR010"): "`title` is missing",
        (8, 44, "OKR011"): "Did you mean `title`?",
        (9, 5, "OKR012"): "expected `field: value` pairs, found `text`",
    }
    assert found.keys() == words.keys()
    assert [said for place, said in found.items() if words[place] not in said] == []


@pytest.mark.parametrize("title", ["", "title: ", "title: [a]"], ids=["missing", "empty", "list"])
def test_a_title_that_is_missing_is_the_id_at_every_depth(title: str) -> None:
    noun, findings = read(
        "objectives/ship-it.md",
        f"""period: q3
{title}
key_results:
  - id: a
    {title}
    milestones:
      - id: beta
        {title}""",
    )
    assert isinstance(noun, Objective)
    assert noun.title == "ship-it"
    assert [(kr.id, kr.title) for kr in noun.key_results] == [("a", "a")]
    assert [m.title for m in noun.key_results[0].milestones] == ["beta"]
    assert len(findings) == 3


def test_a_key_result_without_an_id_costs_only_itself() -> None:
    noun, findings = read(
        "objectives/x.md",
        "title: X\nperiod: q3\nkey_results:\n- {title: A}\n- {id: b, title: B}",
    )
    assert isinstance(noun, Objective)
    assert [kr.id for kr in noun.key_results] == ["b"]
    assert [(f.line, f.column, f.code) for f in findings] == [(5, 3, "OKR010")]


UNKNOWN = [
    ("objectives/x.md", "title: X\nperiod: q\nownr: a", (4, 1), "Did you mean `owner`?"),
    ("periods/x.md", "title: X\nstart: 2026-01-01\nend: 2026-02-01\nstat: a", (5, 1), "`state`"),
    ("teams/x.md", "title: X\nparnet: a", (3, 1), "Did you mean `parent`?"),
    ("people/x.md", "title: X\nlink: a", (3, 1), "Did you mean `links`?"),
    ("kpis/x.md", "title: X\natleast: 1", (3, 1), "Did you mean `at_least`?"),
    ("initiatives/x.md", "title: X\ncontributes: a", (3, 1), "Did you mean `contributes_to`?"),
    ("check-ins/x.md", "date: 2026-01-01\nautor: a", (3, 1), "Did you mean `author`?"),
    (
        "amendments/x.md",
        "date: 2026-01-01\nsubject: a\nfield: due\nwhas: a",
        (5, 1),
        "Did you mean `was`?",
    ),
    (
        "objectives/x.md",
        "title: X\nperiod: q\nkey_results:\n- {id: a, title: A, form: objectives}",
        (5, 21),
        "Did you mean `from`?",
    ),
    (
        "objectives/x.md",
        "title: X\nperiod: q\nkey_results:\n- {id: a, title: A, milestones: [{id: b, titel: B}]}",
        (5, 42),
        "Did you mean `title`?",
    ),
    (
        "check-ins/x.md",
        "date: 2026-01-01\nkey_results: {goal/a: {confidense: 1}}",
        (3, 24),
        "Did you mean `confidence`?",
    ),
    (
        "check-ins/x.md",
        "date: 2026-01-01\ninitiatives: {milestones: {blockd: wait}}",
        (3, 28),
        "Did you mean `blocked`?",
    ),
    (
        "check-ins/x.md",
        "date: 2026-01-01\ninitiatives: {key_results: {sate: doing}}",
        (3, 29),
        "Did you mean `state`?",
    ),
]


@pytest.mark.parametrize(("path", "text", "place", "hint"), UNKNOWN)
def test_an_unknown_field_gets_a_suggestion(
    path: str, text: str, place: tuple[int, int], hint: str
) -> None:
    _, findings = read(path, text)
    (found,) = [f for f in findings if f.code == "OKR011"]
    assert (found.line, found.column) == place
    assert hint in found.hint


USUAL = [
    ("value", "Values go in a check-in: `okrsite checkin x/a VALUE`."),
    ("current", "`okrsite checkin x/a VALUE`"),
    ("actual", "`okrsite checkin x/a VALUE`"),
    ("progress", "`okrsite checkin x/a VALUE`"),
    ("baseline", "`baseline` is called `start` here."),
    ("goal", "`goal` is called `target` here."),
    ("deadline", "`deadline` is called `due` here."),
    ("Due-Date", "`Due-Date` is called `due` here."),
    ("status", "`okrsite checkin x/a --status at-risk`"),
    ("kpi", "Write `from:` with the KPI's id"),
    ("description", "Write it as text, below the second `---`."),
    ("name", "`name` is called `title` here."),
    ("lead", "`lead` is called `owner` here."),
]


@pytest.mark.parametrize(("field", "hint"), USUAL)
def test_what_other_tools_call_a_field_is_told_its_place_here(field: str, hint: str) -> None:
    lines = f"title: X\nperiod: q\nkey_results:\n- id: a\n  title: A\n  {field}: 5"
    _, (found,) = read("objectives/x.md", lines)
    assert (found.line, found.column, found.code) == (7, 3, "OKR011")
    assert hint in found.hint
    assert found.fix is None


@pytest.mark.parametrize(
    ("path", "text", "hint"),
    [
        ("objectives/x.md", "title: X\nperiod: q\ndeadline: x", "`period`"),
        ("objectives/x.md", "title: X\nperiod: q\nstatus: x", "`status: at-risk`"),
        ("initiatives/x.md", "title: X\nstatus: doing", "`state`"),
        ("teams/x.md", "title: X\nowner: ana", "`lead`"),
        ("check-ins/x.md", "date: 2026-01-01\nkey_results: {a/b: {note: x}}", "below the second"),
        ("amendments/x.md", "date: 2026-01-01\nsubject: a\nfield: due\nreason: a", "below the"),
    ],
)
def test_and_so_in_every_kind(path: str, text: str, hint: str) -> None:
    _, (found,) = read(path, text)
    assert hint in found.hint


def test_every_name_in_the_table_is_no_field_of_its_place_and_names_real_ones() -> None:
    models = {kind: KINDS[kind] for kind in KINDS} | {
        "objectives/KeyResult": KeyResult,
        "objectives/Milestone": Milestone,
        "check-ins/Update": Update,
        "check-ins/Move": Move,
    }
    assert _USUAL.keys() == models.keys()
    for place, table in _USUAL.items():
        fields = fields_of(models[place])
        for name, advice in table.items():
            if name not in fields and "is called" in advice:
                assert advice.split("`")[3] in fields, (place, name)


def test_a_field_in_capitals_is_one_finding_and_counts() -> None:
    made = book({"teams/acme.md": "---\nTitle: Acme\nLead: ana\n---\n"})
    assert [(f.code, f.line, f.hint) for f in made.findings if f.path == "teams/acme.md"] == [
        ("OKR011", 2, "Write `title`."),
        ("OKR011", 3, "Write `lead`."),
    ]
    assert made.portfolio.teams["acme"].title == "Acme"
    two = book({"teams/acme.md": "---\nTitle: Acme\ntitle: Acne\n---\n"})
    assert two.portfolio.teams["acme"].title == "Acne"
    assert [f.fix for f in two.findings if f.code == "OKR011"] == [None]


def test_a_fault_below_a_field_in_capitals_stands_where_it_is() -> None:
    text = (
        "---\ntitle: X\nperiod: q\nKEY_RESULTS:\n  - {id: a, title: A, start: 4O, target: 5}\n---\n"
    )
    found = [f for f in book({"objectives/x.md": text}).findings if f.code == "OKR012"]
    assert [(f.line, f.column) for f in found] == [(5, 30)]


@pytest.mark.parametrize("typed", ["100 %", "100%", "100 parcels"])
def test_a_unit_in_a_check_in_has_no_field_there(typed: str) -> None:
    _, found = read(
        "check-ins/x.md", f"date: 2026-01-01\nkpis: {{k: {typed}}}\nkey_results: {{a/b: {typed}}}"
    )
    assert {f.hint for f in found} == {"Write `100`; the unit stands in the goal."}


def test_quotes_of_a_word_processor() -> None:
    _, (found,) = read("teams/x.md", "title: “Parcels”")
    assert (found.line, found.column, found.code) == (2, 8, "OKR008")
    assert found.hint == 'Write `"Parcels"`.'
    for fine in ("“Parcels” on time", "“Parcels” and “Letters”", '"“Parcels”"', "“Parcels"):
        assert read("teams/x.md", f"title: {fine}")[1] == ()
    _, found_in = read("check-ins/x.md", "date: 2026-01-01\nauthor: „Ana“")
    assert [(f.code, f.fix) for f in found_in] == [("OKR008", None)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("70", "Write `0.7`."),
        ("7", "Write `0.7` for 7 of 10, `0.07` for 7 %."),
        ("7/10", "Write `0.7`."),
        ("70 %", "Write `0.7`."),
        ("good", "Write a number from 0 to 1, for example `0.7`."),
    ],
)
def test_a_score_is_a_number_from_0_to_1(typed: str, said: str) -> None:
    noun, (found,) = read(
        "check-ins/x.md", f"date: 2026-01-01\nkey_results: {{a/b: {{score: {typed}}}}}"
    )
    assert (found.line, found.column, found.code, found.hint) == (3, 28, "OKR012", said)
    assert isinstance(noun, CheckIn)
    assert noun.key_results["a/b"].score is None


@pytest.mark.parametrize(
    ("path", "fields", "hint"),
    [
        (
            "objectives/x.md",
            "title: X\nperiod: q\nkey_results: [{id: a, title: A, score: 1}]",
            "--score 0.7`",
        ),
        ("objectives/x.md", "title: X\nperiod: q\nscore: 0.7", "It is computed from the check-ins"),
        ("check-ins/x.md", "date: 2026-01-01\nscore: 0.7", "`{value: 5, score: 0.7}`"),
    ],
)
def test_a_score_in_the_wrong_place_is_told_where_it_goes(
    path: str, fields: str, hint: str
) -> None:
    assert any(hint in finding.hint for finding in read(path, fields)[1])


def test_where_nothing_is_near_the_fields_are_listed_and_no_inner_ones() -> None:
    _, (found,) = read("check-ins/x.md", "date: 2026-01-01\nkey_results: {a/b: {colour: red}}")
    assert found.hint == "Allowed: `value`, `confidence`, `status`, `done`, `score`."
    _, (found,) = read("teams/x.md", "title: X\nzzz: 1")
    assert "`lead`" in found.hint
    assert "`body`" not in found.hint


@pytest.mark.parametrize("field", ["id", "path", "body", "body_line"])
def test_what_the_file_gives_is_no_field(field: str) -> None:
    noun, findings = read("teams/x.md", f"title: X\n{field}: y")
    assert [(f.line, f.column, f.code) for f in findings] == [(3, 1, "OKR011")]
    assert isinstance(noun, Team)
    assert (noun.id, noun.body) == ("x", "Prose.")


def test_each_fault_of_a_plan_has_its_place_and_costs_only_itself() -> None:
    noun, findings = read(
        "objectives/x.md",
        """title: X
period: q3
key_results:
  - id: a
    title: A
    plan:
      2026-07-31: 3O
      2026-8-31: 35
      2026-09-30: 40
      2026-07-15: 20""",
    )
    assert isinstance(noun, Objective)
    assert [f"{day}: {value}" for day, value in noun.key_results[0].plan.items()] == [
        "2026-07-15: 20",
        "2026-09-30: 40",
    ]
    assert [(f.line, f.column, f.message) for f in findings] == [
        (8, 19, "`2026-07-31`: `3O` is not a number"),
        (9, 7, "`plan`: `2026-8-31` is not a day"),
    ]


def test_a_wrong_word_shows_the_right_ones() -> None:
    _, (found,) = read("periods/x.md", "title: X\nstart: 2026-01-01\nend: 2026-02-01\nstate: close")
    assert "`draft`, `committed` or `closed`" in found.message
    assert found.hint == "Did you mean `closed`?"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("green", "on-track"),
        ("OK", "on-track"),
        ("yellow", "at-risk"),
        ("amber", "at-risk"),
        ("red", "off-track"),
        ("ontrack", "on-track"),
    ],
)
def test_a_colour_is_told_the_status_it_stands_for(word: str, meant: str) -> None:
    fields = f"date: 2026-08-04\nkey_results:\n  a/b: {{value: 1, status: {word}}}"
    _, (found,) = read("check-ins/x.md", fields)
    assert found.hint == f"Did you mean `{meant}`?"


def test_a_colour_is_no_state_of_a_period() -> None:
    _, (found,) = read("periods/x.md", "title: X\nstart: 2026-01-01\nend: 2026-02-01\nstate: ok")
    assert found.hint == ""


def test_a_bare_value_in_a_check_in_is_short_for_a_group() -> None:
    noun, findings = read(
        "check-ins/x.md",
        "date: 2026-01-01\ninitiatives: {i: doing}\n"
        "key_results: {g/a: 5, g/b: true, g/c: {value: 5}}",
    )
    assert findings == ()
    assert isinstance(noun, CheckIn)
    a, b, c = noun.key_results.values()
    assert (a, b.flag, b.value) == (c, True, None)
    assert noun.initiatives["i"].state == "doing"


def test_one_faulty_word_of_a_check_in_leaves_the_others() -> None:
    noun, findings = read(
        "check-ins/x.md",
        "date: 2026-01-01\nkey_results:\n  g/a: 1,000\n"
        "  g/b: {value: 4, confidence: 70}\n  g/c: yes",
    )
    assert isinstance(noun, CheckIn)
    assert list(noun.key_results) == ["g/b"]
    assert noun.key_results["g/b"].value == 4
    assert noun.key_results["g/b"].confidence is None
    assert said(findings) == [
        (4, 8, "OKR012", "Write `1000`, without thousands marks."),
        (5, 31, "OKR012", "Write `0.7`."),
        (6, 8, "OKR012", "Write `true`."),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("periods/x.md", "title: X\nstart: 2026-01-01"),
        ("check-ins/x.md", "author: ana"),
        ("amendments/x.md", "date: 2026-01-01\nfield: due"),
    ],
)
def test_what_cannot_be_done_without_is_missing_by_name(path: str, text: str) -> None:
    noun, (found,) = read(path, text)
    assert noun is None
    assert found.code == "OKR010"
    assert found.hint.startswith("Add `")


def test_a_single_word_counts_as_a_list_of_one() -> None:
    noun, findings = read("initiatives/x.md", "title: X\ncontributes_to: goal/a")
    assert findings == ()
    assert isinstance(noun, Initiative)
    assert noun.contributes_to == ("goal/a",)


def test_links_are_checked_one_by_one() -> None:
    noun, findings = read(
        "people/x.md", "title: X\nlinks: {a: https://example.org, b: 'javascript:x'}"
    )
    assert isinstance(noun, Person)
    assert noun.links == {"a": "https://example.org"}
    assert [(f.line, f.column) for f in findings] == [(3, 36)]


def test_a_name_that_is_no_id_says_how_to_rename_the_file() -> None:
    noun, findings = read("periods/Q3 2026.md", "title: X\nstart: 2026-01-01\nend: 2026-02-01")
    assert isinstance(noun, Period)
    assert noun.id == "q3-2026"
    assert [f.hint for f in findings] == ["Rename the file to `q3-2026.md`."]
