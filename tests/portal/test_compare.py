"""Two snapshots beside each other: numbers before and after, and what each cause had in it."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from okrsite.okr.pipeline import Book
from okrsite.okr.snapshot.steps import Row
from okrsite.portal.by_hand import Way, split_words
from okrsite.portal.compare import compare_pages
from okrsite.portal.review import review_pages
from okrsite.portal.site import SitePage
from tests.portal.rendering import rendered, shop
from tests.portal.snapshots import book_with, published, read_book, sources_of


def period(title: str, start: str, end: str, committed: str, closed: str = "") -> str:
    state = f"state: closed\nclosed_on: {closed}" if closed else "state: committed"
    days = f"start: {start}\nend: {end}\ncommitted_on: {committed}"
    return f"---\ntitle: {title}\n{days}\n{state}\n---\n"


def goal(title: str, frame: str, target: int, *more: str) -> str:
    head = [f"title: {title}", f"period: {frame}", *more]
    if not any(line.startswith("team") for line in more):
        head.append("team: acme")
    row = f"key_results: [{{id: n, title: Number, start: 0, target: {target}}}]"
    return "\n".join(["---", *head, row, "---", ""])


def check_in(day: str, **values: int) -> str:
    refs = ", ".join(f"{name}/n: {value}" for name, value in values.items())
    return f"---\ndate: {day}\nauthor: ana\nkey_results: {{{refs}}}\n---\nNote.\n"


FILES = {
    "periods/q1.md": period("First", "2026-01-01", "2026-03-31", "2026-01-05", "2026-04-08"),
    "periods/q2.md": period("Second", "2026-04-01", "2026-06-30", "2026-04-02", "2026-07-07"),
    "periods/q3.md": period("Third", "2026-07-01", "2026-09-30", "2026-07-03"),
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "teams/core.md": "---\ntitle: Core\nparent: acme\n---\n",
    "objectives/one.md": goal("Steady", "q1", 10),
    "objectives/bye.md": goal("Short-lived", "q1", 10, "team: core"),
    "objectives/two.md": goal("Steadier", "q2", 20, "continues: one"),
    "objectives/new.md": goal("Fresh", "q2", 10, "team: core"),
    "objectives/three.md": goal("Steadiest", "q3", 20, "continues: two"),
    "check-ins/1.md": check_in("2026-03-30", one=8, bye=5),
    "check-ins/2.md": check_in("2026-05-12", two=6),
    "check-ins/3.md": check_in("2026-06-29", two=10, new=10),
    "amendments/a.md": (
        "---\ndate: 2026-05-20\nsubject: two/n\nfield: target\nwas: 25\nnow: 20\n---\n"
        "Fewer <b>came</b> than we thought.\n"
    ),
}
ALL = ("q1/closed", "q2/committed", "q2/mid-2026-05-15", "q2/closed")


def pages(made: Book) -> dict[str, SitePage]:
    return {page.uri: page for page in compare_pages(shop(made))}


@pytest.fixture(scope="module")
def made() -> Book:
    return book_with(FILES, *ALL)


def test_of_several_teams_at_the_top_each_is_named() -> None:
    files = {**FILES, "teams/core.md": "---\ntitle: Core\n---\n"}
    words = rendered(compare_pages, book_with(files, *ALL), "q1--q2").words
    assert "Acme 80.0 % → 50.0 %" in words and "Core 50.0 % → 100.0 %" in words
    assert "Company" not in words


def test_any_two_of_a_period_and_any_two_closed_ones(made: Book) -> None:
    assert set(pages(made)) == {
        "compare/index.md",
        "compare/q1--q2.md",
        "compare/q2-committed--q2-mid-2026-05-15.md",
        "compare/q2-committed--q2-closed.md",
        "compare/q2-mid-2026-05-15--q2-closed.md",
    }


def test_the_index_leads_to_them(made: Book) -> None:
    seen = rendered(compare_pages, made, "index")
    assert "Second with First" in seen.section("closed")
    assert "../compare/q1--q2/" in seen.dom.links or "q1--q2/" in seen.dom.links
    rows = seen.section("snapshots")
    assert "As closed 7 Jul 2026 since it was committed · since 15 May record" in rows
    assert "../snapshots/q2/closed/record.json" in seen.dom.links


def test_within_a_period(made: Book) -> None:
    seen = rendered(compare_pages, made, "q2-mid-2026-05-15--q2-closed")
    assert "Second, on 15 May → as closed" in seen.words
    goals = seen.section("goals")
    # 6 of 25 are 24 %, 10 of 20 are 50 %: work (16 + 20) / 2, the target (6 + 10) / 2.
    assert "Steadier 24.0 % 50.0 % +26.0 +18.0 +8.0 Number" in goals
    assert (
        "Number Work alone: 10 on 0 → 25 = 40 %. Goalposts alone: 6 on 0 → 20 = 30 %. "
        "Work: ((40 − 24) + (50 − 30)) ÷ 2 = +18.0 24.0 % 50.0 % +26.0 +18.0 +8.0" in goals
    )
    assert "Fresh no data 100.0 % +100.0 +100.0" in goals
    moved = seen.section("moved")
    assert "20 May Number target 25 → 20 Fewer" in moved
    assert "<b>came" not in seen.html


def test_a_share_that_is_printed_otherwise_says_why() -> None:
    # 90 → 110 % of what was asked is +20, 0 → 66.7 % of what is asked: 43.33 of −23.33 points.
    third, tenth = Fraction(1, 3), Fraction(1, 10)
    work = (2 * tenth + 2 * third) / 2
    row = Row("", 9 * tenth, 2 * third, work, 2 * third - 9 * tenth - work)
    base = Way(Fraction(0), Fraction(10), Fraction(9))
    words = split_words(base, Way(Fraction(9), Fraction(12), Fraction(11)), row)
    assert words.endswith("÷ 2 = +43.3, printed as +43.4 for the shares to add up to the points")


def test_from_period_to_period(made: Book) -> None:
    seen = rendered(compare_pages, made, "q1--q2")
    assert "First → Second" in seen.words
    assert "Steadier continues Steady 80.0 % 50.0 % −30.0" in seen.section("goals")
    assert "Short-lived" in seen.section("gone")
    assert "Fresh" in seen.section("new")
    assert "Acme 80.0 % 50.0 % −30.0" in seen.section("teams")
    assert "../../periods/q2/#goal-two" in seen.dom.links


def test_the_points_are_the_sum_of_their_causes(made: Book) -> None:
    cell = re.compile(r'data-l="(points|work|moved goalposts|time|other goals)">(?:<b>)?([^<]*)')
    rows = [row for page in pages(made).values() for row in page.html.split("<tr")]
    found = [[_number(text) for _, text in cell.findall(row)] for row in rows if cell.search(row)]
    assert len(found) > 20
    assert all(round(sum(shares), 1) == points for points, *shares in found)


def _number(text: str) -> float:
    return float(text.replace("−", "-") or 0)


def test_over_a_closed_period_in_between() -> None:
    third = period("Third", "2026-07-01", "2026-09-30", "2026-07-03", "2026-10-05")
    files = {**FILES, "periods/q3.md": third, "check-ins/4.md": check_in("2026-09-29", three=16)}
    made = book_with(files, "q1/closed", "q2/closed", "q3/closed", as_of="2026-10-20")
    seen = rendered(compare_pages, made, "q1--q3")
    # 80 % → 50 % → 80 %: of the two steps together nothing is left, of their causes much.
    assert "Steadiest continues Steady 80.0 % 80.0 % 0.0" in seen.section("goals")
    assert "by way of Second" in seen.words


def test_a_snapshot_that_cannot_be_trusted_is_not_compared() -> None:
    sources = sources_of(FILES)
    for name in ALL:
        sources = published(sources, name)
    path = "snapshots/q2/closed/changes.json"
    found = pages(read_book({**sources, path: sources[path] + b" "}))
    assert not [uri for uri in found if uri.endswith("q2-closed.md")]


def test_before_anything_is_recorded_it_says_how_to_begin() -> None:
    seen = rendered(compare_pages, book_with(FILES), "index")
    assert "No snapshot yet. okrsite snapshot publish writes one" in seen.words
    assert "Closed without a record, so not compared: First, Second." in seen.words


def test_names_that_read_alike_when_joined_have_pages_of_their_own() -> None:
    files = {
        **{path: FILES[path] for path in ("teams/acme.md", "periods/q2.md", "objectives/two.md")},
        "objectives/two.md": goal("Two", "q2", 20),
        "periods/q2-committed.md": FILES["periods/q1.md"],
        "periods/q2-closed.md": FILES["periods/q2.md"],
        "objectives/a.md": goal("A", "q2-committed", 10),
        "objectives/b.md": goal("B", "q2-closed", 10),
        "check-ins/1.md": check_in("2026-03-30", a=5),
        "check-ins/2.md": check_in("2026-06-29", b=5, two=3),
    }
    names = ("q2/committed", "q2-committed/closed", "q2-closed/closed", "q2/closed")
    found = pages(book_with(files, *names))
    alike = {uri for uri in found if uri.startswith("compare/q2-committed--q2-closed")}
    assert len(alike) == 2


def _joined(made: str, *rows: str) -> str:
    head, _, _ = made.partition("key_results:")
    return "\n".join([f"{head}key_results:", *(f"  - {row}" for row in rows), "---", ""])


def test_key_results_that_joined_or_left_explain_their_goal() -> None:
    files = {
        **FILES,
        "objectives/one.md": _joined(
            FILES["objectives/one.md"],
            "{id: n, title: Number, start: 0, target: 10}",
            "{id: old, title: Old <b>way</b>, start: 0, target: 10}",
        ),
        "objectives/two.md": _joined(
            FILES["objectives/two.md"],
            "{id: n, title: Number, start: 0, target: 20}",
            "{id: fresh, title: Fresh way, start: 0, target: 10}",
        ),
        "check-ins/4.md": "---\ndate: 2026-03-29\nkey_results: {one/old: 5}\n---\n",
    }
    made = book_with(files, *ALL)
    seen = rendered(compare_pages, made, "q1--q2")
    goals = seen.section("goals")
    assert "Fresh way not there no data" in goals
    assert "Old <b>way</b> 50.0 % gone" in goals
    assert "<b>way" not in seen.html
    row = next(line for line in seen.html.split("<tr") if "Old &lt;b" in line)
    assert row.count("okr-opt") == row.count("<td") - 2  # nothing is asked for it on a phone
    assert "÷ 2 = +15.0 80.0 % 50.0 %" in goals


def test_between_two_periods_it_says_what_other_goals_are(made: Book) -> None:
    seen = rendered(compare_pages, made, "q1--q2")
    assert "Goalposts moved in the later period 1" in seen.words
    assert "Other goals are all that the later period asks for in another way" in seen.words
    assert "Points Work Other goals" in seen.words
    assert "moved before that, in the earlier period, stands in the review of First" in seen.words
    assert 'periods/q1/#goals"' in seen.html
    within = rendered(compare_pages, made, "q2-mid-2026-05-15--q2-closed")
    assert "Goalposts moved in between 1" in within.words
    assert "Other goals" not in within.words and "earlier period" not in within.words


def test_what_a_page_cannot_hold_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {
        "objectives/bye2.md": goal("Short-lived too", "q1", 10, "team: core"),
        "objectives/new2.md": goal("Fresh too", "q2", 10, "team: core"),
    }
    made = book_with({**FILES, **more}, *ALL)
    whole = rendered(compare_pages, made, "q2-mid-2026-05-15--q2-closed")
    assert "more" not in whole.section("goals") and "not listed here" not in whole.words
    monkeypatch.setattr("okrsite.portal.comparison.MOST_RESULTS", 1)
    monkeypatch.setattr("okrsite.portal.comparison.MOST_LINES", 1)
    seen = rendered(compare_pages, made, "q2-mid-2026-05-15--q2-closed")
    goals = seen.section("goals")
    assert "Key results that did not change, or by work alone, are not listed here: 2." in goals
    assert "Steadier 24.0 % 50.0 % +26.0 +18.0 +8.0 Number" in goals
    assert (
        "Number Work alone: 10 on 0 → 25 = 40 %. Goalposts alone: 6 on 0 → 20 = 30 %. "
        "Work: ((40 − 24) + (50 − 30)) ÷ 2 = +18.0 24.0 % 50.0 % +26.0 +18.0 +8.0" in goals
    )
    assert "Fresh no data 100.0 % +100.0 +100.0" in goals and "100.0 Number" not in goals
    two = rendered(compare_pages, made, "q1--q2")
    assert "and 1 more" in two.section("gone") and "and 1 more" in two.section("new")


def test_a_move_of_an_unlisted_goal_is_counted_and_not_named() -> None:
    moved = "---\ndate: 2026-05-21\nsubject: dim/n\nfield: target\nwas: 9\nnow: 8\n---\nWhy.\n"
    files = {
        **FILES,
        "objectives/dim.md": goal("Dim", "q2", 8, "visibility: unlisted"),
        "amendments/dim.md": moved,
    }
    made = book_with(files, "q1/closed", "q2/closed")
    seen = rendered(compare_pages, made, "q1--q2")
    assert "Goalposts moved in the later period 2 1 of goals that are not listed" in seen.words
    assert "Dim" not in seen.words


def test_where_the_site_has_the_handbook_a_split_leads_to_how_it_is_computed(made: Book) -> None:
    raw = {**made.parsed.raw, "guide/reviewing.md": b"x"}
    with_it = replace(made, parsed=replace(made.parsed, raw=raw))
    for known, one in ((True, with_it), (False, made)):
        plain = shop(one)
        shared = replace(plain, urls=replace(plain.urls, handbook="guide/rules.md"))
        found = {page.uri: page.html for page in compare_pages(shared)}
        assert ("guide/reviewing/#split" in found["compare/q1--q2.md"]) is known
        (review,) = (page.html for page in review_pages(shared) if page.uri == "periods/q2.md")
        assert ("guide/reviewing/#split" in review) is known
