"""The table of everything in a real browser: filter, sort, share, go back, by keyboard too."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from okrsite.portal.assets import theme_folder
from okrsite.portal.everything import everything_pages
from okrsite.portal.findings import findings_pages
from okrsite.portal.workshop import Workshop
from tests.portal.overviews import COMPANY, EVIL, check_in, objective
from tests.portal.rendering import shop
from tests.portal.test_everything import BUGS, PAST
from tests.support import book

GOALS = {
    **COMPANY,
    "periods/2026-q2.md": PAST,
    "teams/gone.md": "---\ntitle: Gone team\nparent: acme\nretired_on: 2026-06-30\n---\n",
    "objectives/a.md": objective("Ship calmly", BUGS, tags="[quality]"),
    "objectives/b.md": objective("Zoë’s élan", BUGS.replace("Bugs", "Rollbacks"), team="mobile"),
    "objectives/c.md": objective(EVIL, team="acme", owner="hana"),
    "objectives/old.md": objective("Older goal", BUGS, period="2026-q2", team="gone"),
    "check-ins/1.md": check_in("2026-08-18", "a/bugs: 57, b/bugs: -900"),
}
SHELL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Table</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="okr.css"></head><body>
<article class="md-typeset">{}</article><script src="okrsite.js"></script></body></html>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def write(folder: Path, made: Workshop) -> None:
    for name in ("okr.css", "okrsite.js"):
        (folder / name).write_bytes((theme_folder() / name).read_bytes())
    for pages in (everything_pages, findings_pages):
        for page in pages(made):
            name = page.uri.replace(".md", ".html")
            (folder / name).write_text(SHELL.format(page.html), "utf-8")
    (folder / "plain.html").write_text(SHELL.format("<p>No table here.</p>"), "utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    write(folder, shop(book(GOALS)))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def table(page: Page, site: str) -> Callable[[str], Page]:
    def opened(query: str = "") -> Page:
        page.goto(f"{site}/everything.html{query}")
        return page

    return opened


Open = Callable[[str], Page]


def titles(page: Page) -> Locator:
    return page.locator("tr[data-kind]:visible th")


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"select[name={name}]").select_option(value)


def test_the_running_period_is_shown_and_all_are_one_click_away(table: Open) -> None:
    page = table("")
    expect(titles(page)).to_have_text([EVIL, "Zoë’s élan", "Rollbacks", "Ship calmly", "Bugs"])
    expect(page.get_by_role("status")).to_have_text("5 of 7 rows")
    page.get_by_role("button", name="All periods").click()
    expect(titles(page)).to_have_count(7)
    expect(page.get_by_role("button", name="All periods")).to_be_hidden()
    assert page.url.endswith("?period=all")


def test_filters_narrow_together_and_hide_empty_groups(table: Open) -> None:
    page = table("?period=all")
    choose(page, "kind", "key-result")
    choose(page, "team", "platform")
    expect(titles(page)).to_have_text(["Bugs"])
    expect(page.locator("tbody:visible")).to_have_count(1)
    choose(page, "status", "no-data")
    expect(titles(page)).to_have_count(0)
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(titles(page)).to_have_count(5)
    assert "?" not in page.url


def test_words_are_found_in_any_column_and_without_accents(table: Open) -> None:
    page = table("?period=all")
    page.get_by_label("Find").fill("ELAN zoe mobile")
    expect(titles(page)).to_have_text(["Zoë’s élan"])
    page.get_by_label("Find").fill("quality")
    expect(titles(page)).to_have_text(["Ship calmly", "Bugs"])
    page.get_by_label("Find").fill("<script>")
    expect(titles(page)).to_have_text([EVIL])


def test_sorting_says_so_and_keeps_what_has_no_value_below(table: Open) -> None:
    page = table("?kind=key-result&period=all")
    head = page.locator("th[data-name=progress]")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(titles(page)).to_have_text(["Bugs", "Rollbacks", "Bugs"])
    expect(page.locator("tr[data-kind]:visible td:nth-child(5)").last).to_have_text("none")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(titles(page)).to_have_text(["Rollbacks", "Bugs", "Bugs"])
    expect(page.locator("tr[data-kind]:visible td:nth-child(5)").last).to_have_text("none")
    expect(page.locator(".okr-group:visible")).to_have_count(0)
    assert "sort=-progress" in page.url


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("goal", EVIL),
        ("team", EVIL),
        ("gap", "Ship calmly"),
        ("-gap", "Rollbacks"),
        ("status", "Ship calmly"),
        ("-period", "Older goal"),
    ],
)
def test_every_column_sorts(table: Open, name: str, first: str) -> None:
    expect(titles(table(f"?period=all&sort={name}")).first).to_have_text(first)


def test_a_shared_address_shows_the_same(table: Open) -> None:
    page = table("?q=bugs&team=platform&period=2026-q3&sort=goal&h=kept#top")
    expect(titles(page)).to_have_text(["Bugs"])
    expect(page.get_by_label("Find")).to_have_value("bugs")
    expect(page.get_by_label("Team")).to_have_value("platform")
    choose(page, "team", "all")
    assert page.url.endswith("?h=kept&q=bugs&period=2026-q3&sort=goal#top")


def test_an_address_may_name_what_is_no_choice_any_more(table: Open) -> None:
    page = table("?period=all&team=gone")
    expect(titles(page)).to_have_text(["Older goal", "Bugs"])
    expect(page.get_by_label("Team").locator("option:checked")).to_have_text("Gone team")


def test_an_address_with_nonsense_shows_the_usual(table: Open) -> None:
    page = table("?team=<img src=x onerror=alert(1)>&period=never&sort=-none&status=%00")
    expect(titles(page)).to_have_count(5)


def test_back_and_forward(table: Open) -> None:
    page = table("")
    choose(page, "team", "mobile")
    page.locator("th[data-name=goal] button").click()
    expect(titles(page)).to_have_text(["Rollbacks", "Zoë’s élan"])
    page.go_back()
    expect(page.locator("[aria-sort]")).to_have_count(0)
    expect(titles(page)).to_have_text(["Zoë’s élan", "Rollbacks"])
    page.go_back()
    expect(titles(page)).to_have_count(5)
    expect(page.get_by_label("Team")).to_have_value("all")
    page.go_forward()
    expect(titles(page)).to_have_count(2)


def test_all_of_it_by_keyboard(table: Open) -> None:
    page = table("")
    page.get_by_label("Find").focus()
    page.keyboard.type("roll")
    expect(titles(page)).to_have_text(["Rollbacks"])
    page.keyboard.press("Enter")
    expect(titles(page)).to_have_text(["Rollbacks"])
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Find")).to_be_focused()
    page.locator("th[data-name=status] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[data-name=status]")).to_have_attribute("aria-sort", "ascending")
    page.keyboard.press("Tab")
    expect(page.locator("th[data-name=confidence] button")).to_be_focused()


def test_a_phone_can_sort_and_does_not_scroll_sideways(table: Open) -> None:
    page = table("")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator("th[data-name=progress] button")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_findings_are_filtered_by_the_same_script(page: Page, site: str) -> None:
    page.goto(f"{site}/findings.html")
    shown = page.locator("#findings tbody tr:not(.okr-group):visible")
    expect(page.get_by_role("status")).to_have_text("6 of 6 findings")
    choose(page, "rule", "OKR206")
    expect(shown).to_have_count(2)
    expect(page.locator("#findings .okr-group:visible")).to_have_count(1)
    choose(page, "team", "mobile")
    expect(shown).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 of 6 findings")
    assert page.url.endswith("?team=mobile&rule=OKR206")


def test_the_script_leaves_other_pages_alone(page: Page, site: str) -> None:
    page.goto(f"{site}/plain.html?q=x")
    assert page.url.endswith("/plain.html?q=x")
    expect(page.locator("article")).to_have_text("No table here.")


def test_without_the_script_every_row_is_there(page: Page, site: str) -> None:
    page.route(
        "**/okrsite.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.goto(f"{site}/everything.html")
    expect(titles(page)).to_have_count(7)
    expect(page.locator("form")).to_be_hidden()


def test_with_instant_loading_it_starts_on_each_new_page(page: Page, site: str) -> None:
    page.add_init_script(
        "window.document$ = {subscribe(run) { addEventListener('changed', run); run(); }}"
    )
    page.goto(f"{site}/plain.html")
    page.evaluate(
        """async () => {
            const html = await (await fetch("everything.html")).text();
            const found = new DOMParser().parseFromString(html, "text/html");
            document.querySelector("article").replaceWith(found.querySelector("article"));
            dispatchEvent(new Event("changed"));
            dispatchEvent(new Event("changed"));
        }"""
    )
    expect(page.get_by_role("status")).to_have_text("5 of 7 rows")
    expect(page.locator("th[data-name=goal] button")).to_have_count(1)
