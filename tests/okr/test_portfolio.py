"""Links lead both ways or are findings; circles of every kind are found, told and cut."""

from collections.abc import Mapping
from datetime import date

import pytest

from okrsite.okr.pipeline import load
from okrsite.okr.references import MAX_HINTS
from okrsite.okr.settings import Settings
from tests.okr.texts import amended, errors, goal, made, period, said, text

COMPANY = {
    "teams/acme.md": text("title: Acme"),
    "teams/core.md": text("title: Core", "parent: acme"),
    "top.md": goal("a, start: 0, target: 1", "b, start: 0, target: 1", fields="team: acme"),
    "under-goal.md": goal(fields="parent: top; team: core"),
    "under-result.md": goal(fields="parent: top/a; supports: [top/b, under-goal]"),
    "initiatives/one.md": text("title: One", "contributes_to: [top/a, under-goal, top/a]"),
    "initiatives/two.md": text("title: Two", "depends_on: one"),
}


def test_every_link_is_told_from_its_far_end() -> None:
    found = made(COMPANY).portfolio
    assert found.children == {"top": ("under-goal",), "top/a": ("under-result",)}
    assert found.supporters == {"top/b": ("under-result",), "under-goal": ("under-result",)}
    assert found.initiatives_for == {"top/a": ("one",), "under-goal": ("one",)}
    assert found.dependents == {"one": ("two",)}
    assert found.subteams == {"acme": ("core",)}
    assert found.team_objectives == {"acme": ("top",), "core": ("under-goal",)}
    assert found.company() == ("acme",)
    assert set(found.key_results) == {"top/a", "top/b"}
    assert errors(made(COMPANY)) == []


UNKNOWN: Mapping[str, tuple[str, str, str, str]] = {
    # what: file, its text, the place, the hint
    "period": ("x.md", goal(fields="period: qq"), "3:9", "Did you mean `q`?"),
    "period's parent": ("periods/x.md", period(0, 9, "parent: qq"), "5:9", "`q`"),
    "team": ("x.md", goal(fields="team: acmee"), "4:7", "`acme`"),
    "contributor": ("x.md", goal(fields="contributors: [core, coree]"), "4:22", "`core`"),
    "parent": ("x.md", goal(fields="parent: topp"), "4:9", "`top`"),
    "parent key result": ("x.md", goal(fields="parent: top/c"), "4:9", "`top/"),
    "supports": ("x.md", goal(fields="supports: [top, topp]"), "4:17", "`top`"),
    "continues": ("x.md", goal(fields="continues: topp"), "4:12", "`top`"),
    "continues a key result": ("x.md", goal(fields="continues: top/a"), "4:12", "`top`"),
    "team of a key result": ("x.md", goal("a, team: cor"), "5:34", "`core`"),
    "kpi of a key result": ("x.md", goal("a, from: uptim"), "5:34", "`uptime`"),
    "team of a team": ("teams/x.md", text("title: X", "parent: cor"), "3:9", "`core`"),
    "team of a person": ("people/x.md", text("title: X", "team: cor"), "3:7", "`core`"),
    "team of an initiative": ("initiatives/x.md", text("title: X", "team: cor"), "3:7", "`core`"),
    "team of a kpi": ("kpis/x.md", text("title: X", "team: cor"), "3:7", "`core`"),
    "contributes_to": (
        "initiatives/x.md",
        text("title: X", "contributes_to: [top/a, top/x]"),
        "3:25",
        "`top/",
    ),
    "depends_on": ("initiatives/x.md", text("title: X", "depends_on: ones"), "3:13", "`one`"),
    "key result checked in": ("check-ins/x.md", said(1, "top/aa: 1"), "5:3", "`top/a`"),
    "its tail alone": ("check-ins/x.md", said(1, "b: 1"), "5:3", "Did you mean `top/b`?"),
    "objective checked in": (
        "check-ins/x.md",
        said(1, "top: 1"),
        "5:3",
        "Write `top/a` or `top/b`.",
    ),
    "kpi checked in": ("check-ins/x.md", said(1, fields="kpis: {uptim: 1}"), "4:8", "`uptime`"),
    "initiative checked in": (
        "check-ins/x.md",
        said(1, fields="initiatives: {ones: done}"),
        "4:15",
        "`one`",
    ),
    "team checked in": ("check-ins/x.md", said(1, fields="team: cor"), "4:7", "`core`"),
    "corrects": ("check-ins/x.md", said(1, fields="corrects: nothing"), "4:11", "a file in"),
    "subject": ("amendments/x.md", amended(1, "top/aa", "weight", 1, 1), "4:10", "`top/a`"),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_unknown_id_is_found_where_it_stands(what: str) -> None:
    path, told, place, hint = UNKNOWN[what]
    world = made({**COMPANY, "kpis/uptime.md": text("title: Uptime"), path: told})
    full = path if "/" in path else f"objectives/{path}"
    found = [f for f in world.findings if f.code == "OKR101"]
    assert [f"{f.path}:{f.line}:{f.column}" for f in found] == [f"{full}:{place}"]
    assert hint in found[0].hint


HINTS = [
    ("team: sales", "Create `teams/sales.md`, or write one of `acme`, `core`."),
    ("team: Core", "Did you mean `core`?"),
    ("team: Sales Force", "Write one of `acme`, `core`."),
    ("parent: shop", "Create `objectives/shop.md`, or write "),
    ("parent: shop/x", "Nothing of `shop` is known: was its file renamed or deleted?"),
    ("parent: top/zzzzzz", "Write one of `top/a`, `top/b`."),
    ("continues: other", "Create `objectives/other.md`, or write one of "),
    ("period: 2026-q3", "Create `periods/2026-q3.md`, or write one of `2026-q4`, `2027-q4`"),
    *(
        (f"period: {name}", "Did you mean `2026-q4`?")
        for name in ("Q4 2026", "2026Q4", "2026/Q4", "4. Quartal 2026", "2026-Q4", "Q4/26")
    ),
]


@pytest.mark.parametrize(("field", "hint"), HINTS)
def test_what_is_not_there_has_a_way_out(field: str, hint: str) -> None:
    more = {
        f"periods/{name}.md": period(0, 9).replace("Q", name) for name in ("2026-q4", "2027-q4")
    }
    name = field.partition(":")[0]
    lines = (line for line in goal(fields=field).split("\n"))
    told = "\n".join(line for line in lines if line == field or not line.startswith(f"{name}:"))
    world = made({**COMPANY, **more, "objectives/x.md": told})
    (found,) = [f for f in world.findings if f.code == "OKR101"]
    assert hint in found.hint


def test_a_faulty_item_of_a_list_does_not_move_the_place_of_the_next() -> None:
    world = made({"x.md": goal(fields="supports: [[no], nowhere]")})
    assert errors(world, "OKR101") == ["objectives/x.md:4:18 OKR101"]
    world = made({"x.md": goal("A", "b, start: 0, target: 1", "b, team: none")})
    assert errors(world, "OKR101", "OKR014") == ["objectives/x.md:7:25 OKR014"]


@pytest.mark.parametrize(
    "broken",
    [
        {"periods/q.md": "---\ntitle: [\n---\n"},
        {"periods/q.md": text("title: Quarter", "start: soon", "end: 2026-03-31")},
        {"periods/q.md": period(100, 0)},
    ],
    ids=["not YAML", "no start", "ends before it starts"],
)
def test_a_file_that_cannot_be_used_is_the_only_one_to_blame(broken: Mapping[str, str]) -> None:
    world = made({**COMPANY, **broken})
    assert {finding.partition(":")[0] for finding in errors(world)} == {"periods/q.md"}
    assert len(world.portfolio.objectives) == 3


@pytest.mark.parametrize("row", ["id: A B", "id:", "name: a", "ID: a", "{}"])
def test_a_key_result_that_cannot_be_named_is_blamed_in_its_own_file(row: str) -> None:
    rows = ["key_results:", f"  - {row}", "  - {id: b, title: B, start: 0, target: 1}"]
    files = {"x.md": text("title: X", "period: q", *rows)}
    files["check-ins/one.md"] = said(3, "x/a: 5", "x/b: 1")
    files["initiatives/do.md"] = text("title: Do", "contributes_to: [x/a]")
    world = made(files)
    assert {finding.partition(":")[0] for finding in errors(world)} == {"objectives/x.md"}
    assert "x/b" in world.portfolio.check_ins["one"].key_results


def test_a_misspelt_list_of_key_results_is_blamed_in_its_own_file() -> None:
    rows = ["keyresults:", "  - {id: a, title: A, start: 0, target: 1}"]
    files = {"x.md": text("title: X", "period: q", *rows), "check-ins/one.md": said(3, "x/a: 1")}
    assert errors(made(files)) == ["objectives/x.md:4:1 OKR011"]


def test_a_file_whose_name_is_no_id_is_the_only_one_to_blame() -> None:
    files = {"My Goal.md": goal("a, start: 0, target: 1")}
    world = made({**files, "check-ins/one.md": said(3, "My Goal/a: 1")})
    assert errors(world) == ["objectives/My Goal.md:1:1 OKR013"]


def test_no_link_leads_to_a_period_that_is_left_out() -> None:
    world = made({"periods/year.md": period(300, 0), "periods/q.md": period(0, 9, "parent: year")})
    assert set(world.portfolio.periods) == {"q"}
    assert world.portfolio.periods["q"].parent is None


CIRCLES: Mapping[str, tuple[dict[str, str], str, list[str]]] = {
    "objectives": (
        {"a.md": goal(fields="parent: b"), "b.md": goal(fields="parent: c")}
        | {"c.md": goal(fields="parent: a"), "d.md": goal(fields="parent: a")},
        "a → b → c → a",
        [f"objectives/{x}.md:4:9 OKR102" for x in "abc"],
    ),
    "itself": ({"a.md": goal(fields="parent: a")}, "a → a", ["objectives/a.md:4:9 OKR102"]),
    "its own key result": (
        {"a.md": goal("k, from: objectives", fields="parent: a/k")},
        "a → a",
        ["objectives/a.md:4:9 OKR102"],
    ),
    "through a key result": (
        {"a.md": goal("k, from: objectives", fields="parent: b")}
        | {"b.md": goal(fields="parent: a/k")},
        "a → b → a",
        [f"objectives/{x}.md:4:9 OKR102" for x in "ab"],
    ),
    "continues": (
        {"a.md": goal(fields="continues: b"), "b.md": goal(fields="continues: a")},
        "a → b → a",
        [f"objectives/{x}.md:4:12 OKR102" for x in "ab"],
    ),
    "teams": (
        {f"teams/{x}.md": text("title: T", f"parent: {y}") for x, y in ("ab", "ba")},
        "a → b → a",
        [f"teams/{x}.md:3:9 OKR102" for x in "ab"],
    ),
    "periods": (
        {f"periods/{x}.md": period(0, 9, f"parent: {y}") for x, y in ("ab", "ba")},
        "a → b → a",
        [f"periods/{x}.md:5:9 OKR102" for x in "ab"],
    ),
    "initiatives": (
        {f"initiatives/{x}.md": text("title: I", f"depends_on: {y}") for x, y in ("ab", "bc", "ca")}
        | {"initiatives/d.md": text("title: I", "depends_on: a")},
        "through `b`",
        [f"initiatives/{x}.md:3:13 OKR102" for x in "abc"],
    ),
    "corrections": (
        {f"check-ins/{x}.md": said(1, fields=f"corrects: {y}") for x, y in ("ab", "ba")},
        "a → b → a",
        [f"check-ins/{x}.md:4:11 OKR102" for x in "ab"],
    ),
}


@pytest.mark.parametrize("kind", CIRCLES)
def test_a_circle_is_told_at_each_of_its_links(kind: str) -> None:
    files, words, places = CIRCLES[kind]
    world = made(files)
    assert errors(world, "OKR102") == places
    assert words in next(f.message for f in world.findings if f.code == "OKR102")


def test_only_the_links_of_a_circle_are_cut() -> None:
    found = made(CIRCLES["objectives"][0]).portfolio
    assert found.children == {"a": ("d",)}
    found = made(CIRCLES["initiatives"][0]).portfolio
    assert {key: item.depends_on for key, item in found.initiatives.items()} == {
        "a": (),
        "b": (),
        "c": (),
        "d": ("a",),
    }


def test_a_bridge_between_two_circles_is_no_circle() -> None:
    links = {"a": "[b]", "b": "[a, c]", "c": "[d]", "d": "[c]", "e": "[e, a]"}
    files = {f"initiatives/{k}.md": text("title: I", f"depends_on: {v}") for k, v in links.items()}
    found = made(files).portfolio.initiatives
    assert {key: item.depends_on for key, item in found.items()} == {
        "a": (),
        "b": ("c",),
        "c": (),
        "d": (),
        "e": ("a",),
    }


def test_what_two_corrections_in_a_circle_say_is_not_lost() -> None:
    files = {
        "goal.md": goal("a, start: 0, target: 10"),
        "check-ins/x.md": said(1, "goal/a: 3", fields="corrects: y"),
        "check-ins/y.md": said(2, "goal/a: 4", fields="corrects: x"),
    }
    assert made(files).scorecard.key_results["goal/a"].value == 4


@pytest.mark.parametrize(
    ("again", "place"),
    [
        ({"deep/goal.md": goal()}, "objectives/goal.md:2:1"),
        ({"goal.md": goal("a, done_when: A", "a, done_when: B")}, "objectives/goal.md:6:25"),
        (
            {"goal.md": goal("x", "a, milestones: [{id: m, title: M}, {id: m, title: M}]")},
            "objectives/goal.md:6:65",
        ),
    ],
    ids=["objective", "key result", "milestone"],
)
def test_of_two_with_one_id_the_first_counts(again: Mapping[str, str], place: str) -> None:
    files = {"objectives/" + path: told for path, told in again.items()}
    world = made({"objectives/goal.md": goal(), **files})
    assert errors(world, "OKR014") == [f"{place} OKR014"]


def test_each_further_one_of_an_id_is_told_at_its_own_place() -> None:
    twice = "{id: m, title: M}"
    world = made(
        {"goal.md": goal("a", "x", "a", f"b, milestones: [{twice}, {twice}, {twice}]", "a")}
    )
    assert errors(world, "OKR014") == [
        "objectives/goal.md:7:25 OKR014",
        "objectives/goal.md:8:65 OKR014",
        "objectives/goal.md:8:84 OKR014",
        "objectives/goal.md:9:25 OKR014",
    ]


def test_the_order_of_reading_does_not_matter() -> None:
    paths = ["periods/q.md", "objectives/b/goal.md", "objectives/a/goal.md"]
    paths += ["objectives/zz.md", "objectives/aa.md"]
    for order in (paths, paths[::-1]):
        files = {path: (goal() if "obj" in path else period()).encode() for path in order}
        found = load(files, Settings(), date(2026, 2, 10)).portfolio.objectives
        assert list(found) == ["aa", "goal", "zz"]
        assert found["goal"].path == "objectives/a/goal.md"


def test_ids_are_unique_in_their_kind_alone() -> None:
    world = made(
        {
            "acme.md": goal(),
            "teams/acme.md": text("title: Acme"),
            "kpis/acme.md": text("title: Acme"),
        }
    )
    assert errors(world, "OKR014") == []


def test_suggestions_end_where_whole_folders_are_missing() -> None:
    known = {f"goal-{n:03}.md": goal("a, start: 0, target: 1") for n in range(40)}
    words = [f"gaol-{n:03}/a: 1" for n in range(MAX_HINTS + 20)]
    found = made({**known, "check-ins/x.md": said(1, *words)}).findings
    lost = [f for f in found if f.code == "OKR101"]
    assert len(lost) == MAX_HINTS + 20
    assert len([f for f in lost if f.hint]) == MAX_HINTS


def test_a_long_chain_of_work_is_followed_in_one_go() -> None:
    chain = {
        f"initiatives/i{n:05}.md": text("title: I", f"depends_on: i{n - 1:05}")
        for n in range(1, 2500)
    }
    world = made({"initiatives/i00000.md": text("title: I", "depends_on: i02499"), **chain})
    assert len(errors(world, "OKR102")) == 2500
