"""The home page: this period at a glance, and what it says when there is nothing yet."""

from datetime import date

import pytest
from playwright.sync_api import Page

from okrsite.okr.pipeline import load
from okrsite.okr.settings import read_settings
from okrsite.portal.assets import theme_folder
from okrsite.portal.home import home_pages
from okrsite.portal.now import current_period
from okrsite.portal.site import BODY_SLOT
from tests.portal.rendering import said, shop
from tests.portal.snapshots import published, sources_of
from tests.portal.test_objective import BASE
from tests.support import PERIOD, book


def home(files: dict[str, str], as_of: str = "2026-08-20") -> str:
    page = next(home_pages(shop(book(files, as_of))))
    assert page.html.count(BODY_SLOT) == 1
    return said(page.html)


def test_it_says_which_period_and_how_the_company_stands() -> None:
    words = home(BASE)
    assert "Acme · 1 Jul to 30 Sep 2026 This quarter: 2026-Q3" in words
    assert "Day 51 of 92 41 days left Company progress 38 % 55 % expected" in words
    assert "Company objectives" in words and "Clinics trust us" in words
    assert "Mean of" not in words and "38.3 ÷ 1 = 38.3 %" in words


def test_it_counts_every_key_result_once() -> None:
    words = home(BASE)
    assert "Where 6 key results stand" in words
    assert "No data 2 33 %" in words


def test_what_needs_attention_says_why_whose_and_since_when() -> None:
    words = home(BASE)
    attention = words.split("Needs attention", 1)[1].split("Where 6", 1)[0]
    assert "Releases rolled back 3 a month, bound is ≤ 2 a month Ana Platform 2 days" in attention
    assert "Time to notice Baseline still unknown, so nothing counts yet" in attention
    assert "Rollout engine Due 10 days ago, still backlog" in attention


def test_this_week_and_moved_goalposts() -> None:
    words = home(BASE)
    assert "Tue 18 Aug Ana, Platform." in words
    assert "Wed 4 Aug" not in words.split("What changed", 1)[1].split("Moved goalposts")[0]
    assert "Goalpost moved. Ana." in words.split("Moved goalposts", 1)[1]


def test_a_moved_goalpost_of_an_unlisted_goal_is_not_named() -> None:
    text = BASE["objectives/calm.md"].replace("owner:", "visibility: unlisted\nowner:", 1)
    assert "unlisted" in text
    assert "Goalpost moved" not in home({**BASE, "objectives/calm.md": text})


def test_an_empty_folder_says_how_to_begin() -> None:
    words = home({})
    assert "No objectives yet" in words


def test_goals_without_a_company_level_are_listed_from_the_top() -> None:
    files = {key: text for key, text in BASE.items() if key != "objectives/trust.md"}
    files["objectives/calm.md"] = BASE["objectives/calm.md"].replace("parent: trust/promises\n", "")
    words = home(files)
    assert "Top objectives" in words and "Ship with fewer surprises" in words


def test_the_current_period_is_the_shortest_running_one_with_goals() -> None:
    year = "---\ntitle: 2026\nstart: 2026-01-01\nend: 2026-12-31\nstate: committed\n---\n"
    goal = "---\ntitle: A goal\nperiod: {}\n---\n"
    both = {"periods/2026.md": year, "periods/2026-q3.md": PERIOD}
    named = {"objectives/a.md": goal.format("2026"), "objectives/b.md": goal.format("2026-q3")}

    def current(files: dict[str, str], as_of: str) -> str:
        period = current_period(book(files, as_of))
        return period.id if period else ""

    assert current({**both, **named}, "2026-08-20") == "2026-q3"
    assert current({**both, "objectives/a.md": named["objectives/a.md"]}, "2026-08-20") == "2026"
    assert current({**both, **named}, "2026-11-20") == "2026"
    assert current({**both, **named}, "2027-11-20") == "2026"
    assert current({**both, **named}, "2025-11-20") == "2026"


def test_after_the_end_it_speaks_of_the_last_period() -> None:
    assert "Last quarter: 2026-Q3" in home(BASE, "2026-10-20")


CLOSED = {
    **BASE,
    "periods/2026-q3.md": PERIOD.replace("committed", "closed\nclosed_on: 2026-10-05"),
    "kpis/uptime.md": "---\ntitle: Uptime\nat_least: 99\n---\n",
}


def test_the_numbers_of_a_closed_period_are_of_its_closing() -> None:
    words = home(CLOSED, "2026-12-01")
    assert "Closed, numbers as of Mon 5 Oct 2026 health metrics as of 1 Dec 2026" in words
    assert "Closed, numbers as of Mon 5 Oct 2026" in home(CLOSED, "2026-10-05")
    assert "Numbers as of Sun 4 Oct 2026" in home(CLOSED, "2026-10-04")


def test_objectives_that_stand_in_the_review_alone_are_led_to() -> None:
    sources = published(sources_of(CLOSED), "2026-q3/closed")
    made = load(sources, read_settings({})[0], date(2026, 12, 1), deep=False)
    words = said(next(home_pages(shop(made))).html)
    assert "Top objectives 4 objectives in its review" in words
    assert "No objectives yet" not in words and "While it ran" not in words
    assert "Closed, numbers as of Mon 5 Oct 2026" in words


def test_faults_in_the_files_are_said_before_any_number() -> None:
    broken = {**BASE, "objectives/quiet.md": "---\ntitle: [a\n---\n"}
    words = home(broken)
    assert "These numbers are not whole. 1 fault in 1 file" in words
    assert words.index("These numbers") < words.index("Company objectives")
    assert "These numbers are not whole" not in home(BASE)


def opened(page: Page, files: dict[str, str]) -> None:
    """The home page of these goals at its place in the browser."""
    (shown,) = home_pages(shop(book(files)))
    style = (theme_folder() / "okr.css").read_text("utf-8")
    body = f'<article class="md-typeset">{shown.html}</article>'
    page.set_content(f"<!doctype html><style>html{{font-size:20px}}{style}</style>{body}")


YOUNG = {
    **{path: text for path, text in BASE.items() if not path.startswith(("obj", "init", "amend"))},
    "objectives/trust.md": "---\ntitle: Clinics trust us\nperiod: 2026-q3\nteam: acme\n"
    "key_results:\n  - {id: a, title: Bugs, start: 0, target: 9}\n---\n",
    "check-ins/1.md": "---\ndate: 2026-08-20\nauthor: ana\nkey_results: {trust/a: 8}\n---\n",
}


@pytest.mark.parametrize("files", [YOUNG, BASE])
def test_no_section_of_home_waits_for_the_column_beside_it(
    files: dict[str, str], page: Page
) -> None:
    opened(page, files)
    boxes = page.eval_on_selector_all(
        ".okr-cols > section",
        "all => all.map(it => { const b = it.getBoundingClientRect();"
        " return {x: b.left, top: b.top,"
        " end: it.lastElementChild.getBoundingClientRect().bottom}})",
    )
    left = [box for box in boxes if box["x"] == boxes[0]["x"]]
    assert len(boxes) == 4 and len(left) >= 2
    assert left[1]["top"] - left[0]["end"] < 60


def test_the_link_to_the_weeks_check_ins_counts_one_as_one() -> None:
    check_in = "---\ndate: 2026-08-19\nauthor: Ana\nkey_results: {calm/bugs: 108}\n---\n"
    files = {name: text for name, text in BASE.items() if not name.startswith("check-ins/")}
    words = home({**files, "check-ins/only.md": check_in})
    assert "The one check-in of the last 7 days" in words and "All 1" not in words
