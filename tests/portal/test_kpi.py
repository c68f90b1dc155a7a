"""The page of a health metric: value, bound, course, table, and what it feeds."""

from okrsite.portal.kpi import kpi_course, kpi_pages
from tests.portal.rendering import Rendered, rendered, said
from tests.support import PERIOD, book

UPTIME = """---
title: Uptime
team: platform
owner: ana
metric: minutes in which clinics could book
unit: "%"
at_least: 99.9
tags: [reliability]
---
Counted from outside.
"""
BASE = {
    "periods/2026-q3.md": PERIOD,
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "teams/platform.md": "---\ntitle: Platform\nparent: acme\n---\n",
    "people/ana.md": "---\ntitle: Ana\nteam: platform\n---\n",
    "kpis/uptime.md": UPTIME,
    "objectives/calm.md": """---
title: Ship calmly
period: 2026-q3
team: platform
owner: ana
key_results:
  - {id: up, title: Uptime as clinics see it, from: uptime, start: 99, target: 100, unit: "%"}
  - {id: other, title: Something else, start: 0, target: 1}
---
""",
}


def values(*pairs: tuple[str, str]) -> dict[str, str]:
    return {
        f"check-ins/{day}-k{index}.md": (
            f"---\ndate: {day}\nauthor: ana\nteam: platform\nkpis: {{uptime: {value}}}\n---\n"
            f"Note of {day}.\n"
        )
        for index, (day, value) in enumerate(pairs)
    }


def page(
    files: dict[str, str] | None = None, old: str = "", new: str = "", as_of: str = "2026-08-20"
) -> Rendered:
    assert old in UPTIME
    changed = {"kpis/uptime.md": UPTIME.replace(old, new)}
    return rendered(kpi_pages, book({**BASE, **changed, **(files or {})}, as_of), "uptime")


KEPT = values(
    ("2026-07-06", "99.95"),
    ("2026-07-13", "99.85"),
    ("2026-08-03", "99.9"),
    ("2026-08-17", "99.93"),
)


def test_value_bound_and_since_when() -> None:
    seen = page(KEPT)
    assert "99.93 % Kept bound ≥ 99.9 % · since 3 Aug 2026, 2 values" in seen.words
    assert "Kept in 3 of 4 values" in seen.words
    assert "17 Aug 2026 3 days ago" in seen.words


def test_on_the_bound_counts_as_the_policy_says() -> None:
    strict = book({**BASE, **KEPT}, policy={"bounds": "strict"})
    seen = rendered(kpi_pages, strict, "uptime")
    assert "Kept in 2 of 4 values" in seen.words
    assert "bounds strict" in seen.words


def test_broken() -> None:
    seen = page({**KEPT, **values(("2026-08-18", "98"), ("2026-08-19", "97"))})
    assert "97 % Not kept bound ≥ 99.9 % · since 18 Aug 2026, 2 values" in seen.words
    assert "okr-status okr-is-off-track" in seen.html


def test_no_value_yet() -> None:
    seen = page()
    assert "no data No data bound ≥ 99.9 %, nothing checked in yet" in seen.words
    assert "No value yet" in seen.section("course")
    assert "<svg><title>Uptime" not in seen.html


def test_without_a_bound_nothing_is_kept_or_broken() -> None:
    seen = page(KEPT, "at_least: 99.9\n")
    assert "it has no bound" in seen.words
    assert "Kept in" not in seen.words
    assert "okr-is-off-track" not in seen.section("course")


def test_one_value_has_no_course() -> None:
    seen = page(values(("2026-08-17", "99.95")))
    assert "17 Aug 2026 99.95 % Kept Ana, Platform" in seen.section("course")
    assert "okr-chart" not in seen.html


def test_every_value_stands_in_the_table_with_its_check_in() -> None:
    seen = page(KEPT)
    course = seen.section("course")
    assert "13 Jul 2026 99.85 % Not kept Ana, Platform" in course
    assert "../../check-ins/2026-w29/#check-in-2026-07-13-k1" in seen.dom.links
    many = page(values(*((f"2026-07-{day:02}", "99.95") for day in range(6, 20))))
    assert "6 earlier values" in many.section("course")
    assert many.html.count('<th scope="row" class="okr-nb">') == 14


def test_the_course_has_the_bound_as_a_level_line() -> None:
    made = book({**BASE, **KEPT})
    record = kpi_course(made, made.portfolio.kpis["uptime"])
    assert record is not None
    assert {point.value for point in record.expected} == {99.9}
    assert record.target_label == "99.9 at least"
    assert [mark.day.isoformat() for mark in record.reasons] == ["2026-07-13"]
    assert "4 values from 6 Jul 2026 to 17 Aug 2026" in said(record.sentence)


def test_between_draws_the_nearer_limit() -> None:
    made = book(
        {**BASE, **KEPT, "kpis/uptime.md": UPTIME.replace("at_least: 99.9", "between: [90, 99.95]")}
    )
    record = kpi_course(made, made.portfolio.kpis["uptime"])
    assert record is not None
    assert record.target_label == "99.95 at most"
    assert "90 to 99.95 %" in rendered(kpi_pages, made, "uptime").words


def test_key_results_fed_from_it() -> None:
    fed = page(KEPT).section("key-results")
    assert "Uptime as clinics see it Ship calmly, Ana" in fed
    assert "99.93 % 93 % of the way" in fed
    assert "Something else" not in fed
    assert "../../objectives/calm/#kr-up" in page(KEPT).dom.links


def test_no_key_result_reads_it() -> None:
    files = {"objectives/calm.md": BASE["objectives/calm.md"].replace("from: uptime, ", "")}
    assert "No key result reads this metric" in page(files).section("key-results")


def test_an_unlisted_objective_is_not_led_to() -> None:
    text = BASE["objectives/calm.md"].replace("owner: ana", "owner: ana\nvisibility: unlisted")
    assert "Uptime as clinics see it" not in page({"objectives/calm.md": text}).words


def test_history_and_path_and_metric() -> None:
    seen = page(KEPT)
    assert "Note of 2026-08-17." in seen.section("history")
    assert "Acme Platform this health metric" in seen.words
    assert "Minutes in which clinics could book." in seen.words
    assert seen.page.parents == ("index.md", "kpis/index.md")


def test_the_future_is_not_known() -> None:
    assert "17 Aug" not in page(KEPT, as_of="2026-08-10").words
    assert "99.9 % Kept" in page(KEPT, as_of="2026-08-10").words


def test_unknown_owner_and_no_team() -> None:
    seen = page(KEPT, "team: platform\nowner: ana\n", "owner: Nobody Known\n")
    assert "Owner Nobody Known" in seen.words
    assert seen.page.parents == ("index.md", "kpis/index.md")


def test_hostile_words_stay_words() -> None:
    seen = page(KEPT, 'unit: "%"', 'unit: "<script>alert(1)</script>"')
    assert "<script" not in seen.html
    assert "<script>alert(1)" in said(seen.html)
    titled = page(KEPT, "title: Uptime", 'title: "<script>alert(1)</script>"')
    assert "<script" not in titled.html + titled.page.search


def test_search_knows_its_bound_and_owner() -> None:
    found = said(page().page.search)
    for word in ("Uptime", "Ana", "Platform", "≥ 99.9", "minutes in which", "reliability"):
        assert word in found
