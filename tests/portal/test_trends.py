"""Trends over recorded periods and the running one: a row a team, the company first."""

import re

from okrsite.portal.trendchart import Trend, small_trend_svg, trend_svg
from okrsite.portal.trends import trends_pages
from tests.portal.overviews import checked
from tests.portal.rendering import Rendered, shop
from tests.portal.snapshots import book_with
from tests.portal.test_compare import FILES, check_in, goal, period

MORE = {**FILES, "check-ins/5.md": check_in("2026-08-10", three=4)}


def page(*names: str, files: dict[str, str] = MORE) -> Rendered:
    (found,) = trends_pages(shop(book_with(files, *names)))
    return checked(found)


def test_scores_of_closed_periods_and_so_far() -> None:
    scores = page("q1/closed", "q2/closed").section("scores")
    assert "Acme green 0.8 yellow 0.5 Off track 0.2 Core yellow 0.5 green 1.0 no goals" in scores
    assert "q1 q2 q3 so far" in scores


def test_each_team_at_the_top_has_its_chart() -> None:
    one = page("q1/closed", "q2/closed").html
    assert one.count("<figure") == 1 and "<figcaption><b>Acme</b>" in one
    files = {**MORE, "teams/core.md": "---\ntitle: Core\n---\n"}
    two = page("q1/closed", "q2/closed", files=files).html
    assert two.count("<figure") == 2 and "<figcaption><b>Core</b>" in two


def test_goals_promises_goalposts_and_rhythm() -> None:
    seen = page("q1/closed", "q2/closed")
    assert "Acme 1 1 1 Core 1 1 no goals All teams 2 2 1" in seen.section("objectives")
    assert "Acme 0 of 1 0 of 1 1 open Core 0 of 1 1 of 1 no goals" in seen.section("met")
    assert "All teams 0 of 2, 0 % 1 of 2, 50 % 1 open" in seen.section("met")
    assert "Acme 0 1 0 Core 0 0 no goals All teams 0 1 0" in seen.section("moved")
    # From the 5th of January twelve whole weeks to 29 March; the check-in came on the 30th.
    assert "Acme 0 of 12" in seen.section("rhythm")


def test_what_is_missing_is_said() -> None:
    missing = page("q2/closed").section("missing")
    assert "Closed without a record, and so not shown: First." in missing
    assert "No goals in Third: Core." in missing
    assert "Third still runs; its numbers are those of 20 Aug 2026." in missing


def test_a_period_of_another_length_is_not_mixed_in() -> None:
    year = period("Year", "2025-01-01", "2025-12-31", "2025-01-05", "2026-01-09")
    files = {
        **MORE,
        "periods/y.md": year,
        "objectives/far.md": goal("Far", "y", 10),
        "check-ins/y.md": check_in("2025-12-30", far=5),
    }
    seen = page("y/closed", "q1/closed", files=files)
    assert "Recorded, and of another length or further back: Year." in seen.section("missing")
    assert "q1 q3 so far" in seen.section("scores")


def test_before_the_first_record_it_says_so() -> None:
    seen = page()
    assert "Trends begin with the first closed period that is recorded." in seen.words
    assert "svg" not in seen.dom.tags


def test_titles_are_escaped() -> None:
    files = {**MORE, "teams/core.md": '---\ntitle: <i>Core</i> & "co"\nparent: acme\n---\n'}
    seen = page("q1/closed", files=files)
    assert "<i>Core" not in seen.html


def test_the_chart_says_its_numbers_and_leaves_gaps() -> None:
    labels = ("q1", "q2", "q3", "q4", "<q5>")
    record = Trend("trend-a", 'Score of "A" & B', labels, (0.4, 0.6, None, 0.8, 0.3), True)
    svg = trend_svg(record)
    assert "Score of &quot;A&quot; &amp; B" in svg
    assert "&lt;q5&gt;" in svg
    course = re.search(r'class="okr-actual" d="([^"]+)"', svg)
    assert course
    assert course[1].count("M") == 1, "a line needs two points, and none leads over a gap"
    assert course[1].count("L") == 1
    assert svg.count('class="okr-dot"') == 3
    assert svg.count('class="okr-proj"') == 1
    assert 'role="img"' in small_trend_svg(record)


def test_one_period_alone_is_a_dot() -> None:
    svg = trend_svg(Trend("k", "One", ("q1",), (0.5,), False))
    assert "okr-actual" not in svg
    assert svg.count('class="okr-dot"') == 1


def test_many_periods_leave_names_out() -> None:
    labels = tuple(f"a-long-period-{n}" for n in range(12))
    svg = trend_svg(Trend("k", "Many", labels, (0.5,) * 12, False))
    assert svg.count("a-long") < 12
    assert "-11" in svg or "…" in svg
