"""The findings: by weight and rule, with place, goal and whose it is."""

from okrsite.okr.pipeline import Book
from okrsite.portal.findings import FindingsView, findings_pages, findings_view
from tests.crawl import read_page
from tests.portal.overviews import COMPANY, EVIL, check_in, objective, overview
from tests.portal.rendering import EDIT, Rendered, shop
from tests.support import book, codes

BUGS = "id: bugs, title: Bugs, start: 100, target: 0"
GOALS = {**COMPANY, "objectives/2026/calm.md": objective("Ship calmly", BUGS)}


def view(made: Book, handbook: str = "") -> FindingsView:
    return findings_view(shop(made).desk("findings.md"), handbook)


def page(made: Book) -> Rendered:
    return overview(findings_pages, made)["findings.md"]


def test_a_finding_names_place_goal_and_owner() -> None:
    made = book(GOALS)
    (group,) = (group for group in view(made).groups if group.code == "OKR301")
    (row,) = group.rows
    assert row.about and row.about.text == "Bugs"
    assert row.about.href == "../objectives/calm/#kr-bugs"
    assert [link.text for link in row.whose] == ["Ana", "Platform"]
    assert row.place.text.startswith("objectives/2026/calm.md:")
    assert row.place.href == f"{EDIT}objectives/2026/calm.md"
    assert (group.name, group.mark.word, row.team_key) == ("stale", "Warning", "platform")


def test_every_finding_stands_once() -> None:
    made = book({**GOALS, "objectives/bad.md": "---\ntitle: X\nperiod: nowhere\n---\n"})
    shown = sorted(group.code for group in view(made).groups for _ in group.rows)
    assert shown == sorted(codes(made))


def test_errors_come_first_and_are_counted() -> None:
    made = book({**GOALS, "objectives/bad.md": "---\ntitle: X\nperiod: nowhere\n---\n"})
    found = view(made)
    assert found.parts[0].title == "Errors"
    assert found.parts[0].groups[0].name == "leads nowhere"
    assert found.kicker.startswith("1\u00a0error")
    assert page(made).section("rules").count("OKR101") == 1


def test_whose_it_is_follows_from_the_file() -> None:
    files = {
        "kpis/k.md": "---\ntitle: K\nteam: mobile\nowner: ana\ntarget: 3\n---\n",
        "initiatives/i.md": "---\ntitle: I\nteam: nowhere\nowner: hana\n---\n",
        "teams/odd.md": "---\ntitle: Odd\nparent: nowhere\nlead: ana\n---\n",
        "people/p.md": "---\ntitle: P\nteam: nowhere\n---\n",
        "amendments/m.md": (
            "---\ndate: 2026-08-01\nauthor: ana\nsubject: calm/bugs\nfield: nothing\n---\n"
        ),
        "check-ins/c.md": check_in("2026-08-12", "calm/none: 3"),
        "periods/w.md": "---\ntitle: W\nstart: 2026-01-01\nend: 2026-02-01\nparent: no\n---\n",
    }
    rows = {
        row.place.text.partition(":")[0]: (
            row.about.text.replace("\u00a0", " ") if row.about else "",
            [link.text for link in row.whose],
        )
        for group in view(book({**GOALS, **files})).parts[0].groups
        for row in group.rows
    }
    assert rows["initiatives/i.md"] == ("I", ["Hana"])
    assert rows["teams/odd.md"] == ("Odd", ["Ana", "Odd"])
    assert rows["people/p.md"] == ("P", ["P"])
    assert rows["amendments/m.md"] == ("Bugs", ["Ana"])
    assert rows["check-ins/c.md"] == ("check-in of 12 Aug", ["Ana"])
    assert rows["periods/w.md"] == ("W", [])


def test_a_file_that_could_not_be_read_still_stands_with_its_place() -> None:
    made = page(book({**GOALS, "objectives/a b#c.md": "---\ntitle: [\n---\n"}))
    assert f"{EDIT}objectives/a%20b%23c.md" in made.dom.links


def test_a_check_in_of_tomorrow_has_no_place_yet() -> None:
    files = {"check-ins/c.md": check_in("2026-09-12", "calm/none: 3")}
    rows = [row for group in view(book({**GOALS, **files})).parts[0].groups for row in group.rows]
    assert [row.about and row.about.href for row in rows] == [""]


def test_findings_of_unlisted_goals_stay_with_their_authors() -> None:
    secret = objective("Secret plan", BUGS, visibility="unlisted")
    files = {
        "objectives/secret.md": secret,
        "check-ins/c.md": check_in("2026-08-12", "secret/bugs: yes"),
    }
    made = book({**GOALS, **files})
    assert any("secret" in finding.path for finding in made.findings)
    assert "secret" not in page(made).html.lower()


def test_rules_lead_to_the_handbook_where_there_is_one() -> None:
    files = {"objectives/bad.md": "---\ntitle: X\nperiod: nowhere\n---\n"}
    found = {group.code: group for group in view(book({**GOALS, **files}), "guide/rules.md").groups}
    assert found["OKR301"].handbook == "../guide/rules/#okr301"
    assert found["OKR101"].handbook == "../guide/rules/#okr101"
    assert all(not group.handbook for group in view(book(GOALS)).groups)


def test_a_rule_can_be_searched_for() -> None:
    made = page(book(GOALS))
    assert "OKR301 stale" in made.page.search
    assert "warning-okr301" in read_page(made.page.search).ids


def test_code_in_messages_is_marked_and_nothing_else_gets_through() -> None:
    made = page(book({**GOALS, "objectives/x.md": f"---\n{EVIL}: 1\ntitle: '{EVIL}'\n---\n"}))
    assert EVIL in made.words
    assert "`" not in made.section("rules")


def test_nothing_to_mend_says_so() -> None:
    kept = check_in("2026-08-18", "calm/bugs: 40")
    made = book({**GOALS, "check-ins/a.md": kept})
    quiet = book(
        {**GOALS, "check-ins/a.md": kept},
        rules=dict.fromkeys(set(codes(made)) | {"OKR206", "OKR204"}, "off"),
    )
    assert quiet.findings == ()
    assert "No findings" in page(quiet).words
    assert "form" not in page(quiet).dom.tags


def test_an_empty_folder_is_a_finding_without_a_file() -> None:
    made = page(book({}))
    assert "the content folder" in made.words
    assert made.dom.links.count(EDIT + ".") == 0
