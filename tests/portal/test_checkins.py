"""The feed: a page per ISO week, and the overview of the weeks."""

from collections.abc import Mapping

import pytest

from okrsite.okr.pipeline import Book
from okrsite.portal.checkins import feed_pages, feed_weeks
from tests.crawl import read_page
from tests.portal.overviews import COMPANY, EVIL, LONG, check_in, objective, overview
from tests.portal.rendering import Rendered, said
from tests.support import book

BUGS = "id: bugs, title: Bugs, start: 100, target: 0"
MOVED = (
    "---\ndate: 2026-08-19\nauthor: hana\nsubject: {}\nfield: target\nwas: 10\nnow: 0\n"
    "approved_by: ana\n---\nTen was too easy.\n"
)
GOALS = {
    **COMPANY,
    "objectives/calm.md": objective("Ship calmly", BUGS),
    "check-ins/a.md": check_in("2026-08-10", "calm/bugs: 90", "First of two."),
    "check-ins/b.md": check_in("2026-08-18", "calm/bugs: 80", "Second word."),
    "check-ins/c.md": check_in("2026-08-30", "calm/bugs: 70", "Not known yet."),
    "amendments/m.md": MOVED.format("calm/bugs"),
}


def feed(files: Mapping[str, str], as_of: str = "2026-08-20") -> Mapping[str, Rendered]:
    return overview(feed_pages, book(files, as_of))


def test_a_page_per_week_and_the_overview() -> None:
    assert list(feed(GOALS)) == [
        "check-ins/index.md",
        "check-ins/2026-w34.md",
        "check-ins/2026-w33.md",
    ]


def test_a_week_holds_its_check_ins_and_moved_goalposts_newest_first() -> None:
    page = feed(GOALS)["check-ins/2026-w34.md"]
    assert page.dom.ids[-2:] == ["amendment-m", "check-in-b"]
    assert "Week 34, 2026 17 to 23 Aug 2026" in page.words
    assert "Wed 19 Aug Goalpost moved. Hana. Bugs target 10 → 0." in page.words
    assert "Tue 18 Aug Ana. Bugs 90 → 80" in page.words
    assert "Second word." in page.words
    assert "First of two." not in page.words
    assert page.page.parents == ("index.md", "check-ins/index.md")
    assert page.page.description.endswith("1\u00a0check-in and 1\u00a0moved goalpost")


def test_weeks_lead_to_each_other() -> None:
    pages = feed(GOALS)
    assert "../2026-w33/" in pages["check-ins/2026-w34.md"].dom.links
    assert "../2026-w34/" in pages["check-ins/2026-w33.md"].dom.links
    assert "../2026-w35/" not in pages["check-ins/2026-w34.md"].dom.links
    assert pages["check-ins/index.md"].dom.links.count("2026-w33/") == 2, "list and rhythm"


@pytest.mark.parametrize(
    ("day", "uri", "days"),
    [
        ("2026-01-01", "check-ins/2026-w01.md", "29 Dec to 4 Jan 2026"),
        ("2027-01-03", "check-ins/2026-w53.md", "28 Dec to 3 Jan 2027"),
    ],
)
def test_the_turn_of_the_year_belongs_to_an_iso_week(day: str, uri: str, days: str) -> None:
    page = feed({**COMPANY, "check-ins/a.md": check_in(day, team="acme")}, "2027-06-01")[uri]
    assert days in page.words


def test_search_finds_each_narrative_at_its_place() -> None:
    search = feed(GOALS)["check-ins/2026-w34.md"].page.search
    assert (
        '<h2 id="check-in-b">Second word. · Ana, 18\u00a0Aug\u00a02026</h2><p>Second word.</p>'
        in search
    )
    assert said(search).count("Hana moved target 10 → 0, 19 Aug 2026") == 1
    assert "Ten was too easy." in search


def test_a_check_in_without_words_is_shown_and_not_searched() -> None:
    page = feed({**GOALS, "check-ins/b.md": check_in("2026-08-18", "calm/bugs: 80", "")})[
        "check-ins/2026-w34.md"
    ]
    assert "check-in-b" in page.dom.ids
    assert "check-in-b" not in read_page(page.page.search).ids


def test_the_overview_shows_the_latest_week_and_the_rhythm() -> None:
    page = feed(GOALS)["check-ins/index.md"]
    assert "2 check-ins since 10 Aug 2026" in page.words
    assert "Second word." in page.section("latest")
    assert "First of two." not in page.section("latest")
    assert "Check-in rhythm, 2026-Q3" in page.words
    assert "Platform" in page.section("rhythm")
    assert "Week 33 10 to 16 Aug 2026 1 1 1" in page.section("weeks")


def test_many_weeks_fold() -> None:
    days = [f"2026-{month:02d}-{day:02d}" for month in range(4, 8) for day in (6, 13, 20, 27)]
    files = {f"check-ins/{day}.md": check_in(day, team="acme") for day in days}
    page = feed({**COMPANY, **files})["check-ins/index.md"]
    assert "3 earlier weeks" in page.words


def made_with_secret(**fields: str) -> Book:
    secret = {"objectives/secret.md": objective("Secret plan", BUGS, visibility="unlisted")}
    said_so = check_in("2026-08-12", "secret/bugs: 70", "Hush.", **fields)
    moved = MOVED.format("secret/bugs")
    return book({**GOALS, **secret, "check-ins/s.md": said_so, "amendments/s.md": moved})


def test_unlisted_goals_are_not_named_but_links_to_their_check_ins_arrive() -> None:
    pages = overview(feed_pages, made_with_secret())
    page = pages["check-ins/2026-w33.md"]
    assert "check-in-s" in page.dom.ids
    assert "an unlisted goal" in page.words
    assert not any("Secret" in page.words or "Hush" in page.words for page in pages.values())
    assert not any("Hush" in page.page.search for page in pages.values())
    assert "amendment-s" not in pages["check-ins/2026-w34.md"].dom.ids


def test_a_check_in_that_also_speaks_of_others_keeps_its_words() -> None:
    both = "{secret/bugs: 70, calm/bugs: 60}"
    page = overview(feed_pages, made_with_secret(key_results=both))["check-ins/2026-w33.md"]
    assert "Hush." in page.words
    assert "Secret plan" not in page.words
    assert "Key results 1 spoken of" in page.words


def test_hostile_and_long_words_stay_words() -> None:
    files = {
        **GOALS,
        "check-ins/b.md": check_in("2026-08-18", "calm/bugs: 80", EVIL, author=f"'{EVIL}'"),
        "objectives/calm.md": objective(f"{EVIL} {LONG}", f"{BUGS}, unit: '{EVIL}'"),
    }
    page = feed(files)["check-ins/2026-w34.md"]
    assert EVIL in page.words
    assert "<script" not in page.page.search


def test_without_check_ins_it_says_what_will_stand_here() -> None:
    for files in ({}, COMPANY):
        pages = feed(files)
        assert list(pages) == ["check-ins/index.md"]
        assert "Nobody has checked in yet" in pages["check-ins/index.md"].words


def test_nothing_of_tomorrow() -> None:
    assert [week.monday.isoformat() for week in feed_weeks(book(GOALS))] == [
        "2026-08-17",
        "2026-08-10",
    ]
