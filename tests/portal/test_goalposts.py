"""The page of moved goalposts, and what other pages say of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from html import escape

import pytest

from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.history import NO_HISTORY, OFF, History
from okrsite.okr.past.versions import Event
from okrsite.okr.pipeline import Book
from okrsite.portal.goalposts import goalposts_pages
from okrsite.portal.home import home_pages
from okrsite.portal.objective import objective_pages
from okrsite.portal.period import period_pages
from okrsite.portal.site import SitePage, SiteUrls
from okrsite.portal.workshop import Workshop, workshop
from tests.portal.overviews import COMPANY, EVIL, check_in, checked, objective
from tests.portal.rendering import Rendered, shop
from tests.support import book

BUGS = "id: bugs, title: Bugs, start: 160, target: 60, unit: bugs"
FILES = {
    **COMPANY,
    "periods/2026-q3.md": COMPANY["periods/2026-q3.md"].replace(
        "state: committed", "state: committed\ncommitted_on: 2026-07-03"
    ),
    "objectives/quality.md": objective("Quality", BUGS),
    "check-ins/a.md": check_in("2026-07-15", "quality/bugs: 100"),
}
AMENDMENT = (
    "---\ndate: 2026-07-29\nauthor: ana\nsubject: quality/bugs\nfield: target\nwas: 40\n"
    "now: 60\napproved_by: hana\n---\nThe *count* was wrong.\n"
)


def change(day: str = "2026-07-20", author: str = "Bo", **fields: object) -> FieldChange:
    made = FieldChange(
        commit="abcdef0123456789",
        author=author,
        day=date.fromisoformat(day),
        path="content/objectives/quality.md",
        kind="objectives",
        subject="quality/bugs",
        field="target",
        was=Fraction(40),
        now=Fraction(60),
        event=Event.CHANGED,
        period="2026-q3",
    )
    return replace(made, **fields)  # type: ignore[arg-type]


WHOLE = History((change(),), None, True)


def made(book_: Book, history: History = NO_HISTORY) -> Workshop:
    plain = shop(book_)
    return workshop(
        book_,
        lambda text: f"<p>{escape(text)}</p>",
        SiteUrls(repo_url="https://github.com/acme/goals"),
        plain.pictures._draw,
        history,
    )


def page(files: dict[str, str], history: History = NO_HISTORY) -> Rendered:
    (found,) = goalposts_pages(made(book(files), history))
    return checked(found)


def test_an_amendment_with_its_reason_its_day_and_both_numbers() -> None:
    found = page({**FILES, "amendments/x.md": AMENDMENT})
    words = found.words
    assert "One goalpost moved since this quarter was committed on 3 Jul 2026" in words
    assert "one became easier, each with a reason" in words
    assert "29 Jul day 29 of 92" in words
    assert "target 40 → 60" in words
    assert "50.0 % → 60.0 %" in words
    assert "up 10.0 pts" in words
    assert "approved by Hana" in words
    assert "The *count* was wrong." in words
    assert any(link.endswith("objectives/quality/#amendment-x") for link in found.dom.links)


def test_both_numbers_can_be_computed_again_from_the_page() -> None:
    words = page({**FILES, "amendments/x.md": AMENDMENT}).words
    assert "40: (100 − 160) ÷ (40 − 160) = 50 %; the objective (1 × 50) ÷ 1 = 50.0 %" in words
    assert "60: (100 − 160) ÷ (60 − 160) = 60 %; the objective (1 × 60) ÷ 1 = 60.0 %" in words


def test_a_silent_change_says_so_and_leads_to_its_commit() -> None:
    found = page(FILES, WHOLE)
    assert "one without a reason" in found.words
    assert "No reason given" in found.words
    assert "okr-is-moved" in found.html
    assert "https://github.com/acme/goals/commit/abcdef0123456789" in found.dom.links
    assert "abcdef0" in found.words


# --- what is not known must not look like nothing -------------------------------------------------


QUIET = re.compile(r"no change in git:|stands as committed")


def every_page(history: History) -> list[str]:
    kinds = (goalposts_pages, home_pages, period_pages)
    shared = made(book(FILES), history)
    return [each.html for kind in kinds for each in kind(shared)]


def test_only_a_whole_history_says_that_nothing_moved() -> None:
    assert all(QUIET.search(html) for html in every_page(History((), None, True)))


@pytest.mark.parametrize(
    "history",
    [
        NO_HISTORY,
        OFF,
        History(why="this folder is not in a git repository"),
        History((), date(2026, 8, 1), True),
    ],
)
def test_otherwise_no_page_does(history: History) -> None:
    assert not any("nothing moved" in html.lower() for html in every_page(history))
    assert not any(QUIET.search(html) for html in every_page(history))


def test_a_history_that_was_cut_off_is_said() -> None:
    words = page(FILES, History((), date(2026, 8, 1), True)).words
    assert "This history is not whole." in words
    assert "begins on 1 Aug 2026" in words
    assert "before that day are not shown" in words


def test_without_git_only_amendments_are_promised() -> None:
    words = page(FILES, History(why="this folder is not in a git repository")).words
    assert "Only amendments are shown" in words
    assert "not in a git repository" in words


# --- others' words --------------------------------------------------------------------------------


def test_untrusted_words_stay_words() -> None:
    evil = change(author=EVIL, field="at_most", was=EVIL, now='"><img src=x onerror=alert(1)>')
    gone = change(event=Event.DROPPED, field="", was={"title": EVIL}, now=None)
    odd = change(subject=f"quality/{EVIL}", was="x", now=None)
    found = page(FILES, History((evil, replace(gone, subject="quality/gone"), odd), None, True))
    assert "<script>" not in found.html
    assert "<img" not in found.html
    assert EVIL in found.words


def test_a_key_result_that_is_gone_has_no_link() -> None:
    gone = change(event=Event.DROPPED, field="", subject="quality/gone", was={"title": "Gone"})
    found = page(FILES, History((replace(gone, now=None),), None, True))
    assert "Gone" in found.words
    assert "Key result dropped easier" in found.words


def test_unlisted_goals_are_not_named() -> None:
    hidden = objective("Secret", BUGS, visibility="unlisted")
    files = {**FILES, "objectives/quality.md": hidden, "amendments/x.md": AMENDMENT}
    found = page(files, WHOLE)
    assert "Secret" not in found.words
    assert "Bugs" not in found.words
    shared = made(book(files), WHOLE)
    (home,) = home_pages(shared)
    assert "no reason given" not in home.html


def test_periods_stand_newest_first() -> None:
    older = COMPANY["periods/2026-q3.md"].replace("2026-07-01", "2026-04-01")
    older = older.replace("2026-09-30", "2026-06-30").replace("2026-Q3", "Spring")
    files = {
        **FILES,
        "amendments/x.md": AMENDMENT,
        "periods/2026-q2.md": older,
        "objectives/old.md": objective("Old", BUGS, period="2026-q2"),
        "amendments/y.md": AMENDMENT.replace("quality", "old").replace("07-29", "05-29"),
    }
    html = page(files).html
    assert html.index('id="period-2026-q3"') < html.index('id="period-2026-q2"')
    assert "day 59 of 91" in page(files).words


def test_after_the_end_and_after_the_close() -> None:
    closed = FILES["periods/2026-q3.md"].replace("state: committed", "state: closed")
    files = {
        **FILES,
        "periods/2026-q3.md": closed.replace("\n---\n", "\nclosed_on: 2026-10-05\n---\n"),
    }
    late = History((change("2026-10-03"), change("2026-10-09", was=Fraction(60))), None, True)
    (found,) = goalposts_pages(made(book(files, "2026-11-01"), late))
    words = checked(found).words
    assert "3 days after its end" in words
    assert "4 days after it was closed" in words


# --- other pages ----------------------------------------------------------------------------------


def test_an_objective_s_history_has_its_silent_changes() -> None:
    shared = made(book(FILES), WHOLE)
    (found,) = [each for each in objective_pages(shared) if each.uri.endswith("quality.md")]
    words = checked(found).words
    assert "Goalpost moved. Bo. Bugs target 40 → 60, no reason given." in words


def test_a_key_result_says_what_moved_after_its_amendment() -> None:
    later = change(day="2026-08-01", was=Fraction(60), now=Fraction(50))
    told = change(day="2026-07-29", commit="a" * 40)
    files = {
        **FILES,
        "objectives/quality.md": FILES["objectives/quality.md"].replace("60", "50"),
        "amendments/a.md": AMENDMENT,
    }
    shared = made(book(files), History((told, later), None, True))
    (found,) = [each for each in objective_pages(shared) if each.uri.endswith("quality.md")]
    words = checked(found).words
    assert "Target 40 → 60 on 29 Jul; " in words
    assert "target 60 → 50 on 1 Aug, no reason given" in words


@pytest.mark.parametrize("kind", [home_pages, period_pages])
def test_home_and_period_show_them_and_lead_to_the_page(
    kind: Callable[[Workshop], Iterator[SitePage]],
) -> None:
    (found,) = kind(made(book(FILES), WHOLE))
    words = checked(found).words
    assert "Bugs target 40 → 60, no reason given" in words
    assert any("goalposts/" in link for link in checked(found).dom.links)


def test_what_a_move_did_is_taken_from_the_exact_numbers() -> None:
    goal = objective("Quality", "id: bugs, title: Bugs, start: 0, target: 15")
    said = check_in("2026-07-15", "quality/bugs: 7")
    files = {**FILES, "objectives/quality.md": goal, "check-ins/a.md": said}
    moved = AMENDMENT.replace("was: 40", "was: 21").replace("now: 60", "now: 15")
    words = page({**files, "amendments/x.md": moved}).words
    assert "33.3 % → 46.7 % ▲up 13.3 pts" in words  # 7/15 − 7/21 = 2/15
    moved = AMENDMENT.replace("was: 40", "was: 15.001").replace("now: 60", "now: 15")
    words = page({**files, "amendments/x.md": moved}).words
    assert "46.7 % → 46.7 % ▲up < 0.1 pts" in words
