"""Check in from a page in a real browser: the reader's own day, by mouse and by keyboard."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from okrsite.okr.values import in_turn, to_id
from okrsite.portal.assets import theme_folder
from okrsite.portal.objective import objective_pages
from okrsite.portal.site import SiteUrls
from tests.portal.test_forge import FILES, GITHUB, GITLAB, workshop_of
from tests.support import book

SHELL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Goal</title>
<style>{css}</style></head><body><main class="md-typeset">{html}</main>
<script>{js}</script></body></html>"""
TODAY = "2026-08-24"


@pytest.fixture
def opened(page: Page) -> Iterator[Callable[[SiteUrls], Page]]:
    page.clock.set_fixed_time(f"{TODAY}T12:00:00")

    def open_page(urls: SiteUrls) -> Page:
        (made,) = objective_pages(workshop_of(book(FILES), urls))
        css, js = ((theme_folder() / name).read_text("utf-8") for name in ("okr.css", "okrsite.js"))
        page.set_content(SHELL.format(css=css, html=made.html, js=js))
        return page

    yield open_page


def test_the_link_gets_the_readers_day_when_it_is_reached(opened) -> None:
    link = opened(GITHUB).get_by_role("link", name="Check in: Reduce bugs")
    assert "2026-08-20" in unquote(link.get_attribute("href"))
    link.focus()
    href = unquote(link.get_attribute("href"))
    assert f"filename={TODAY}-120000-calm-bugs.md" in href
    assert f"date: {TODAY}\n" in href
    assert "2026-08-20" not in href


def test_a_day_once_changed_is_not_changed_again(opened) -> None:
    page = opened(GITHUB)
    link = page.get_by_role("link", name="Check in: Reduce bugs")
    link.focus()
    once = link.get_attribute("href")
    page.get_by_role("link", name="Edit: Reduce bugs").focus()
    link.focus()
    assert link.get_attribute("href") == once


def test_the_text_to_paste_opens_by_keyboard(opened) -> None:
    page = opened(GITLAB)
    box = page.locator(".okr-acts details").first
    expect(box.locator("pre")).to_be_hidden()
    box.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(box.locator("pre")).to_be_visible()
    assert f"date: {TODAY}\n" in box.locator("pre").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(box.get_by_role("link")).to_be_focused()
    assert f"file_name={TODAY}-120000-calm-bugs.md" in box.get_by_role("link").get_attribute("href")


def test_two_who_check_in_on_one_key_result_do_not_meet(opened) -> None:
    page = opened(GITHUB)
    link = page.get_by_role("link", name="Check in: Reduce bugs")
    names = []
    for time in ("09:05:07", "09:05:08", "14:00:00"):
        page.clock.set_fixed_time(f"{TODAY}T{time}")
        link.dispatch_event("pointerdown")
        asked = parse_qs(urlsplit(link.get_attribute("href")).query)
        names.append(asked["filename"][0])
    stems = [f"{TODAY}-{second}-calm-bugs" for second in ("090507", "090508", "140000")]
    assert names == [f"{stem}.md" for stem in stems]
    # They count in the order in which they were begun.
    assert sorted(stems, key=in_turn) == stems
    assert [to_id(stem) for stem in stems] == stems


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_wider_than_the_page_and_nothing_axe_objects_to(opened, width: int) -> None:
    page = opened(GITLAB)
    page.set_viewport_size({"width": width, "height": 900})
    for summary in page.locator(".okr-acts summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, context={"include": [[".okr-acts"]]})
    assert [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")] == []


def test_not_on_paper(opened) -> None:
    page = opened(GITHUB)
    page.emulate_media(media="print")
    expect(page.locator(".okr-acts").first).to_be_hidden()
