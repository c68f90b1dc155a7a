"""The page of a period: its days, its goals by team, what came of it, and its ruler."""

import re
from datetime import date

from okrsite.okr.model import Period
from okrsite.portal.period import period_pages
from okrsite.portal.ruler import ruler, ruler_days
from tests.portal.rendering import Rendered, rendered, said
from tests.support import book

YEAR = '---\ntitle: "2026"\nstart: 2026-01-01\nend: 2026-12-31\nstate: committed\n---\n'
Q3 = (
    '---\ntitle: 2026-Q3\nstart: 2026-07-01\nend: 2026-09-30\nparent: "2026"\nstate: committed\n'
    "committed_on: 2026-07-03\n---\nFive goals.\n"
)
Q2 = (
    '---\ntitle: 2026-Q2\nstart: 2026-04-01\nend: 2026-06-30\nparent: "2026"\nstate: closed\n'
    "committed_on: 2026-04-02\nclosed_on: 2026-07-05\n---\n## Review\n\nIt went well.\n"
)


def goal(title: str, team: str, period: str = "2026-q3", *more: str) -> str:
    """An objective with one measured key result, `n`, from 0 to 10."""
    lines = [f"title: {title}", f"period: {period}", f"team: {team}", *more]
    key_result = "key_results: [{id: n, title: Number, start: 0, target: 10}]"
    return "\n".join(["---", *lines, key_result, "---", ""])


def check_in(day: str, **values: float) -> str:
    said_of = ", ".join(f"{name.replace('_', '-')}/n: {value}" for name, value in values.items())
    return f"---\ndate: {day}\nauthor: ana\nkey_results: {{{said_of}}}\n---\nNote.\n"


BASE = {
    "periods/2026.md": YEAR,
    "periods/2026-q3.md": Q3,
    "periods/2026-q2.md": Q2,
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "teams/platform.md": "---\ntitle: Platform\nparent: acme\n---\n",
    "teams/core.md": "---\ntitle: Core\nparent: platform\n---\n",
    "teams/sales.md": "---\ntitle: Sales\nparent: acme\n---\n",
    "objectives/trust.md": goal("Clinics trust us", "acme"),
    "objectives/calm.md": goal("Ship calmly", "core", "2026-q3", "continues: calm-q2"),
    "objectives/grow.md": goal("Grow", "sales"),
    "objectives/calm-q2.md": goal("Calm of spring", "core", "2026-q2"),
    "objectives/trust-q2.md": goal("Trust of spring", "acme", "2026-q2"),
    "objectives/bold-q2.md": goal("Bold", "sales", "2026-q2", "ambition: aspirational"),
    "objectives/lost-q2.md": goal("Lost", "sales", "2026-q2", "ambition: aspirational"),
    "objectives/gone-q2.md": goal("Gone", "sales", "2026-q2"),
    "check-ins/1.md": check_in("2026-08-10", trust=6, calm=2),
    "check-ins/2.md": check_in("2026-06-20", calm_q2=10, trust_q2=8, bold_q2=7),
    "check-ins/3.md": (
        "---\ndate: 2026-06-21\nkey_results: {gone-q2/n: {value: 1, status: dropped}}\n---\n"
    ),
}


def page(
    name: str = "2026-q3", files: dict[str, str] | None = None, as_of: str = "2026-08-20"
) -> Rendered:
    return rendered(period_pages, book({**BASE, **(files or {})}, as_of), name)


def test_dates_state_and_days() -> None:
    seen = page()
    assert "Quarter · 1 Jul 2026 to 30 Sep 2026" in seen.words
    assert "State Committed 3 Jul 2026 Day 51 of 92 41 days left" in seen.words
    assert "Objectives 3 with 3 key results" in seen.words
    assert "Part of 2026" in seen.words
    assert "../2026/" in seen.dom.links
    assert seen.page.parents == ("index.md", "periods/index.md", "periods/2026.md")


def test_each_team_at_the_top_stands_by_its_name() -> None:
    one = page()
    assert "Company progress 60 %" in one.words and one.words.startswith("Acme 2026")
    two = page(files={"teams/sales.md": "---\ntitle: Sales\n---\n"})
    assert "Acme progress 60 %" in two.words and "Company progress" not in two.words
    assert two.words.startswith("Home 2026")


def test_company_objectives_and_how_they_are_computed() -> None:
    company = page().section("company")
    assert "Clinics trust us committed 60 % 5 pts ahead" in company
    assert "How 60 % is computed" in company
    assert "Ship calmly" not in company
    assert "Company progress 60 % 55 % expected" in page().words


def test_objectives_by_team_from_above_down() -> None:
    teams = page().section("teams")
    assert "Core 20 %, 35 pts behind Ship calmly committed 20 % 35 pts behind" in teams
    assert "Sales no data yet Grow" in teams
    assert "Clinics trust us" not in teams
    assert "../../teams/core/" in page().dom.links


def test_teams_alone_need_no_empty_company() -> None:
    files = {"objectives/trust.md": goal("Clinics trust us", "platform")}
    assert 'id="company"' not in page("2026-q3", files).html


def test_an_objective_of_no_team() -> None:
    text = goal("Nobody's", "acme").replace("team: acme\n", "")
    assert "No team Nobody's" in page("2026-q3", {"objectives/free.md": text}).section("teams")


def test_where_the_key_results_stand() -> None:
    seen = page()
    stand = seen.section("stand")
    assert "Where 3 key results stand" in stand
    assert "On track 1 33 %" in stand
    assert "Off track 1 33 %" in stand
    assert "No data 1 33 %" in stand
    after = seen.html.split('id="stand"')[1]
    assert after.index('class="okr-dist"') < after.index('<th scope="col">Status</th>')


def test_the_weeks_have_their_numbers_in_a_table() -> None:
    stand = page().section("stand")
    assert "Week on track at risk off track no data 27 0 0 0 3" in stand
    assert "34 1 0 1 1" in stand


def amended(subject: str, field: str, was: str, now: str) -> str:
    return (
        f"---\ndate: 2026-07-20\nauthor: ana\nsubject: {subject}\nfield: {field}\n"
        f"was: {was}\nnow: {now}\n---\nBecause of {subject}.\n"
    )


def test_moved_goalposts_are_those_of_its_goals_and_their_work() -> None:
    work = "---\ntitle: The work\ncontributes_to: [calm/n]\ndue: 2026-09-10\n---\n"
    files = {
        "amendments/a.md": amended("trust/n", "target", "20", "10"),
        "amendments/b.md": amended("calm-q2/n", "target", "5", "10"),
        "initiatives/work.md": work,
        "amendments/c.md": amended("work", "due", "2026-08-10", "2026-09-10"),
    }
    moved = page("2026-q3", files).section("moved")
    assert "Number target 20 → 10" in moved
    assert "The work due 10 Aug → 10 Sep" in moved
    assert "calm-q2" not in moved
    assert "Because of calm-q2/n." in page("2026-q2", files).section("moved")
    assert "No amendments" in page().section("moved")


def test_sub_periods() -> None:
    parts = page("2026").section("parts")
    assert "2026-Q2 1 Apr 2026 to 30 Jun 2026, closed 5 score 0.8" in parts
    assert "2026-Q3 1 Jul 2026 to 30 Sep 2026, committed 3 60 %, 5 pts ahead" in parts
    assert 'id="parts"' not in page().html


def test_what_came_of_a_closed_period() -> None:
    seen = page("2026-q2")
    outcome = seen.section("outcome")
    assert "Committed needs 1.0 at close 1 of 3 0 1 1 2 green, 1 red" in outcome
    assert "Aspirational 0.7 is a success 1 of 2 0 0 1 1 green" in outcome
    assert "Closed without a value, counted as 0: Lost." in outcome
    assert "Dropped: Gone." in outcome
    assert "1 of them is carried on in a later period" in outcome
    assert "Calm of spring Ship calmly" in outcome
    assert "../../objectives/calm/" in seen.dom.links
    assert "Closed on 5 Jul 2026 Company score 0.8 80 % of the way" in seen.words


def test_scores_and_grades_of_a_closed_period() -> None:
    seen = page("2026-q2")
    assert "Trust of spring committed 0.8 green, 80 % of the way Missed" in seen.section("company")
    teams = seen.section("teams")
    assert "Core together 1.0, 100 % of the way Calm of spring committed 1.0 green" in teams
    assert "expected today" not in seen.words
    assert "Where 5 key results ended" in seen.words


def test_the_review_stands_high_once_closed() -> None:
    seen = page("2026-q2")
    body = seen.html.index("<!-- okrsite:body -->")
    assert seen.html.index('id="outcome"') < body < seen.html.index('id="company"')
    assert 'id="no-review"' not in seen.html
    empty = page("2026-q2", {"periods/2026-q2.md": Q2.split("## Review", maxsplit=1)[0]})
    assert "Nothing written yet" in empty.section("no-review")


def test_before_it_was_closed_it_was_not() -> None:
    seen = page("2026-q2", as_of="2026-06-25")
    assert "State Committed 2 Apr 2026 Day 86 of 91 5 days left" in seen.words
    assert "Closed on" not in seen.words
    assert 'id="outcome"' not in seen.html


def test_over_but_not_closed() -> None:
    assert "Over, not closed yet" in page(as_of="2026-10-05").words
    assert "ended 30 Sep" in page(as_of="2026-10-05").words


def test_a_draft_to_come_without_goals() -> None:
    text = "---\ntitle: 2026-Q4\nstart: 2026-10-01\nend: 2026-12-31\n---\n"
    seen = page("2026-q4", {"periods/2026-q4.md": text})
    assert "State Draft Days 92 starts 1 Oct" in seen.words
    assert "No objective names this period yet." in seen.section("company")
    assert "No key result yet." in seen.section("stand")


def test_an_unlisted_objective_is_not_shown() -> None:
    files = {"objectives/grow.md": goal("Grow", "sales", "2026-q3", "visibility: unlisted")}
    seen = page("2026-q3", files)
    assert "Grow" not in seen.words
    assert "Objectives 2 with 2 key results" in seen.words


def test_hostile_and_long_words_stay_words() -> None:
    evil = '"<script>alert(1)</script>' + "long " * 60 + '"'
    files = {
        "periods/2026-q3.md": Q3.replace("title: 2026-Q3", f"title: {evil}"),
        "objectives/grow.md": goal(evil, "sales"),
        "teams/sales.md": f"---\ntitle: {evil}\n---\n",
    }
    seen = page("2026-q3", files)
    assert "<script" not in seen.html + seen.page.search
    assert said(seen.html).count("<script>alert(1)") >= 3


# --- the ruler ------------------------------------------------------------------------------


def _period(start: str, end: str) -> Period:
    text = f"---\ntitle: P\nstart: {start}\nend: {end}\n---\n"
    return book({"periods/p.md": text}).portfolio.periods["p"]


def _gone(svg: str) -> str:
    found = re.search(r'd="M0 3H([0-9.]+)" stroke="var\(--okr-none-fill\)"', svg)
    assert found
    return found[1]


def test_a_quarter_is_marked_on_mondays() -> None:
    quarter = _period("2026-07-01", "2026-09-30")
    days = ruler_days(quarter)
    assert (len(days), days[0], days[-1]) == (13, date(2026, 7, 6), date(2026, 9, 28))
    svg = ruler(quarter, date(2026, 8, 20))
    assert _gone(svg) == "549.5"
    assert "M54.9 0V6M131.9 0V6" in svg


def test_longer_periods_are_marked_by_month_or_year() -> None:
    assert ruler_days(_period("2026-01-01", "2026-12-31"))[0] == date(2026, 2, 1)
    assert len(ruler_days(_period("2021-10-01", "2023-09-30"))) == 23
    assert ruler_days(_period("2020-01-01", "2030-12-31"))[0] == date(2021, 1, 1)
    assert len(ruler_days(_period("1900-01-01", "1999-12-31"))) <= 40


def test_the_ruler_before_after_and_of_one_day() -> None:
    quarter = _period("2026-07-01", "2026-09-30")
    assert _gone(ruler(quarter, date(2026, 6, 1))) == "0"
    assert _gone(ruler(quarter, date(2026, 12, 1))) == "1000"
    one = _period("2026-07-01", "2026-07-01")
    assert _gone(ruler(one, date(2026, 6, 30))) == "0"
    assert _gone(ruler(one, date(2026, 7, 1))) == "1000"
