"""The versions of a site as their readers meet them: in a real Chromium, below a path."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from okrsite.hosts.versions.listing import Version, with_version
from tests.crawl import dead_links, repeated_ids
from tests.quarters import Company, company, served, start

BELOW = "goals"


def _published(folder: Path, site_url: str) -> Company:
    made = company(folder, site_url)
    for args in (
        ("publish",),
        ("archive", "--due"),
        ("publish",),
    ):  # the last one knows the archive
        done = start(made, "site", *args, "--push")
        assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="module", params=["with an address", "without one"])
def portal(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("versions")
    url = f"https://host.example/{BELOW}/" if request.param == "with an address" else ""
    with served(_published(folder, url), folder / "www", BELOW) as address:
        yield address


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    made = _published(folder, f"https://host.example/{BELOW}/")
    with served(made, folder / "www", BELOW):
        return folder / "www" / BELOW


def choose(page: Page, title: str) -> None:
    page.locator(".md-version").hover(force=True)
    page.locator(".md-version__link", has_text=title).click()


def test_the_root_leads_to_today(portal: str, page: Page) -> None:
    page.goto(portal)
    page.wait_for_url(f"{portal}latest/")
    expect(page.locator(".md-version__current")).to_have_text("Today")
    expect(page.locator(".okr-archive")).to_have_count(0)


def test_last_quarter_shows_the_same_goal_and_the_banner_leads_back(
    portal: str, page: Page
) -> None:
    page.goto(f"{portal}latest/objectives/trust/")
    choose(page, "Second quarter 2026")
    page.wait_for_url(f"{portal}2026-q2/objectives/trust/")
    expect(page.locator("h1")).to_have_text("Customers trust us")
    banner = page.get_by_role("complementary", name="Archive")
    expect(banner).to_contain_text("Archive of Second quarter 2026, as it stood on 7 Jul 2026.")
    banner.get_by_role("link", name="This goal today").click()
    page.wait_for_url(f"{portal}latest/objectives/trust/")


def test_a_goal_of_last_quarter_is_there_and_leads_to_its_review_of_today(
    portal: str, page: Page
) -> None:
    in_review = re.compile(re.escape(f"{portal}latest/periods/2026-q2/#") + ".*inbox")
    page.goto(f"{portal}latest/objectives/inbox/")
    page.wait_for_url(in_review)
    choose(page, "Second quarter 2026")
    page.wait_for_url(re.compile(re.escape(f"{portal}2026-q2/periods/2026-q2/")))
    for leave in (
        lambda: choose(page, "Today"),
        lambda: page.get_by_role("link", name="This goal today").click(),
    ):
        page.goto(f"{portal}2026-q2/objectives/inbox/")
        expect(page.locator("h1")).to_have_text("One inbox")
        expect(page.locator(".okr").get_by_text("Nobody looks twice.")).to_be_visible()
        leave()
        page.wait_for_url(in_review)


def test_a_title_in_the_selector_is_text(
    portal: str, page: Page, console_errors: list[str]
) -> None:
    evil = "<img src=evil.png onerror=alert(1)>"
    rows = json.loads(urlopen(f"{portal}versions.json").read())
    rows[1]["title"] = evil  # as somebody wrote it by hand
    today = Version("latest", evil, date(2026, 8, 20))
    text = with_version(json.dumps(rows).encode(), today).decode()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"evil dialog: {dialog.message}"))
    page.route("**/versions.json", lambda route: route.fulfill(body=text))
    page.goto(f"{portal}latest/archive/")
    expect(page.locator(".md-version__current")).to_have_text(evil)
    expect(page.locator(".md-version__link")).to_have_text([evil, evil])
    assert page.locator(".md-version img").count() == 0
    box = page.get_by_role("search", name="Archive").get_by_role("searchbox")
    box.fill("zebra")
    box.press("Enter")
    expect(page.locator(".okr-hits li span").first).to_have_text(f"in the archive of {evil}")
    assert not [what for what in asked if "evil" in what]


def test_a_page_that_was_not_there_yet_leads_to_the_home_of_that_quarter(
    portal: str, page: Page
) -> None:
    page.goto(f"{portal}latest/objectives/calls/")
    choose(page, "Second quarter 2026")
    page.wait_for_url(f"{portal}2026-q2/")
    page.get_by_role("link", name="The portal today").click()
    page.wait_for_url(f"{portal}latest/")


def test_nobody_writes_in_an_archive(portal: str, page: Page) -> None:
    writes = page.locator("a[href*='/edit/main/'], a[href*='/new/main'], a[href*='/raw/main']")
    page.goto(f"{portal}latest/objectives/calls/")
    assert writes.count() > 0
    page.goto(f"{portal}2026-q2/objectives/inbox/")
    expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")
    assert writes.count() == 0


def test_the_search_of_today_does_not_find_what_is_only_archived(portal: str, page: Page) -> None:
    page.goto(f"{portal}latest/")
    page.locator(".md-search__input").click()
    page.keyboard.type("inbox")
    expect(page.locator(".md-search-result__link").first).to_be_attached(timeout=15_000)
    page.keyboard.press("Control+A")
    page.keyboard.type("zebra")
    expect(page.locator(".md-search-result__meta")).to_have_text("No matching documents")
    expect(page.locator(".md-search-result__link")).to_have_count(0)


def test_the_search_of_the_archive_finds_it(portal: str, page: Page) -> None:
    page.goto(f"{portal}latest/periods/")
    page.locator(".okr").get_by_role("link", name="Archive", exact=True).click()
    page.wait_for_url(f"{portal}latest/archive/")
    search = page.get_by_role("search", name="Archive")
    search.get_by_role("searchbox").fill("ZEBRA  machine")
    page.keyboard.press("Enter")
    expect(search.get_by_role("status")).to_have_text("1 found in 1 archive")
    hit = page.locator(".okr-hits li")
    expect(hit).to_contain_text("in the archive of Second quarter 2026")
    expect(hit).to_contain_text("The zebra machine is loud.")
    hit.get_by_role("link").click()
    page.wait_for_url(re.compile(re.escape(f"{portal}2026-q2/objectives/fax/")))


def test_titles_come_first_and_every_word_must_match(portal: str, page: Page) -> None:
    page.goto(f"{portal}latest/archive/")
    box = page.get_by_role("search", name="Archive").get_by_role("searchbox")
    box.fill("fax")
    box.press("Enter")
    expect(page.locator(".okr-hits a").first).to_have_text("No more fax")
    expect(page.locator(".okr-hits a", has_text="No more fax")).to_have_count(1)
    box.fill("fax nowhere")
    box.press("Enter")
    expect(page.locator("[data-okr-archive] [role=status]")).to_have_text(
        "Nothing found in 1 archive"
    )
    expect(page.locator(".okr-hits li")).to_have_count(0)


def width(item: Locator) -> float:
    box = item.bounding_box()
    assert box is not None
    return box["width"]


def answer(body: object) -> Callable[[Any], None]:
    return lambda route: route.fulfill(json=body)


def listed(page: Page, portal: str, *docs: tuple[str, str, str, str]) -> None:
    """Two quarters are archived; each doc: its version, location, title and text."""
    names = ("latest", "2026-q3", "2026-q2")
    rows = [{"version": name, "title": name.upper(), "aliases": []} for name in names]
    page.route("**/versions.json", answer(rows))
    for name in names[1:]:
        own = [{"location": d[1], "title": d[2], "text": d[3]} for d in docs if d[0] == name]
        page.route(f"**/{name}/search/search_index.json", answer({"config": {}, "docs": own}))
    page.goto(f"{portal}latest/archive/")


def test_a_goal_is_found_once_and_in_no_review_of_a_later_archive(portal: str, page: Page) -> None:
    listed(
        page,
        portal,
        ("2026-q3", "objectives/fax/", "No more fax", "Later words."),
        ("2026-q3", "objectives/fax/#kr", "The fax is off", ""),
        ("2026-q3", "periods/2026-q2/#goal-fax", "No more fax", ""),
        ("2026-q3", "teams/acme/", "Acme", "fax"),
        ("2026-q2", "periods/2026-q2/#goal-fax", "No more fax", "committed"),
        ("2026-q2", "objectives/fax/", "No more fax", "A zebra machine."),
        ("2026-q2", "periods/2026-q2/#goal-old", "The fax of old", "committed"),
        ("2026-q2", "periods/2026-q2/", "Second quarter", "fax"),
    )
    search = page.get_by_role("search", name="Archive")
    search.get_by_role("searchbox").fill("fax")
    page.keyboard.press("Enter")
    expect(search.get_by_role("status")).to_have_text("4 found in 2 archives")
    hits = ["No more fax", "Second quarter \u203a The fax of old", "Acme", "Second quarter"]
    expect(page.locator(".okr-hits a")).to_have_text(hits)
    expect(page.locator(".okr-hits li").first).to_contain_text("in the archive of 2026-Q3")
    search.get_by_role("searchbox").fill("fax zebra")
    page.keyboard.press("Enter")
    expect(page.locator(".okr-hits li")).to_contain_text("2026-Q2")


def test_a_search_for_nothing_clears_what_was_found(portal: str, page: Page) -> None:
    listed(page, portal, ("2026-q3", "objectives/fax/", "No more fax", ""))
    search = page.get_by_role("search", name="Archive")
    for nothing in ("", "  "):
        search.get_by_role("searchbox").fill("fax")
        page.keyboard.press("Enter")
        expect(page.locator(".okr-hits li")).to_have_count(1)
        search.get_by_role("searchbox").fill(nothing)
        page.keyboard.press("Enter")
        expect(page.locator(".okr-hits li")).to_have_count(0)
        expect(search.get_by_role("status")).to_be_empty()


def test_what_was_archived_after_the_page_was_published_is_linked(portal: str, page: Page) -> None:
    unknown = '<td data-okr-version="2026-q2">none when this page was published</td>'
    known = re.compile(r'<td data-okr-version="2026-q2">.*?</td>')

    def older(route: Any) -> None:
        got = route.fetch()
        route.fulfill(response=got, body=known.sub(unknown, got.text()))

    page.route("**/latest/archive/", older)
    page.goto(f"{portal}latest/archive/")
    page.get_by_role("link", name="As it stood").click()
    page.wait_for_url(f"{portal}2026-q2/")


def test_an_archive_says_of_itself_that_it_is_one(portal: str, page: Page) -> None:
    page.goto(f"{portal}2026-q2/archive/")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Second quarter 2026"))
    expect(row).to_contain_text("this archive")
    assert row.get_by_role("link", name="As it stood").count() == 0


def test_on_a_phone_the_header_of_an_archive_names_the_quarter_alone(
    portal: str, page: Page
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}2026-q2/")
    expect(page.locator(".md-version__current")).to_be_in_viewport()
    name = page.locator(".md-header__topic").first.locator(":scope > .md-ellipsis")
    assert width(name) <= 1, "else it is a letter, cut off"
    page.goto(f"{portal}latest/")
    expect(page.locator(".md-version__current")).to_be_in_viewport()
    assert width(name) > 60


def test_the_archive_opens_the_portal_of_that_day(portal: str, page: Page) -> None:
    page.goto(f"{portal}latest/archive/")
    page.get_by_role("link", name="As it stood").click()
    page.wait_for_url(f"{portal}2026-q2/")


def test_what_is_indexed_is_shown_as_text(portal: str, page: Page) -> None:
    evil = "<img src=x onerror=\"document.title='bad'\">"
    docs = [
        {"location": "javascript:alert(1)", "title": f"zebra {evil}", "text": "&lt;b&gt;" + evil}
    ]
    page.route(
        "**/2026-q2/search/search_index.json",
        lambda route: route.fulfill(json={"config": {}, "docs": docs}),
    )
    page.goto(f"{portal}latest/archive/")
    box = page.get_by_role("search", name="Archive").get_by_role("searchbox")
    box.fill("zebra")
    box.press("Enter")
    hit = page.locator(".okr-hits li")
    expect(hit).to_contain_text("<b>")
    assert hit.locator("img, b").count() == 0
    assert str(hit.locator("a").get_attribute("href")).startswith("http://127.0.0.1")


def test_an_archive_that_cannot_be_read_is_told(
    portal: str, page: Page, console_errors: list[str]
) -> None:
    page.route("**/2026-q2/search/search_index.json", lambda route: route.fulfill(status=500))
    page.goto(f"{portal}latest/archive/")
    box = page.get_by_role("search", name="Archive").get_by_role("searchbox")
    box.fill("zebra")
    box.press("Enter")
    says = page.locator("[data-okr-archive] [role=status]")
    expect(says).to_have_text("The archive could not be read. Try again later.")
    console_errors.clear()


def test_an_old_address_leads_to_today(
    portal: str, page: Page, console_errors: list[str], request: pytest.FixtureRequest
) -> None:
    way: list[str] = []
    page.on("framenavigated", lambda frame: way.append(frame.url))
    page.goto(f"{portal}objectives/inbox/?a=b#kr-waiting")
    if "without" in request.node.name:
        expect(page.locator("h1")).to_have_text("There is no such page")
    else:
        page.wait_for_url(f"{portal}latest/periods/2026-q2/#goal-inbox")
        assert f"{portal}latest/objectives/inbox/?a=b#kr-waiting" in way
        page.goto(f"{portal}2026-q2/objectives/nothing/")  # stays, and ends nowhere else
        expect(page.locator("h1")).to_contain_text("404")
        page.goto(f"{portal}nothing/")
        page.wait_for_url(f"{portal}latest/nothing/")
        expect(page.locator("h1")).to_contain_text("404")
    console_errors.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["2026-q2/objectives/inbox/", "latest/archive/"])
def test_a_phone_and_a_screen_reader_can_read_it(
    portal: str, page: Page, path: str, scheme: Any
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(portal + path)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    result = Axe().run(page, options={"resultTypes": ["violations"]})
    serious = [
        (violation["id"], node["html"][:200])
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert serious == []


def test_without_javascript_the_archive_says_what_it_needs(portal: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}latest/archive/")
    expect(page.get_by_text("To search here, the page needs JavaScript.")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Words")).to_be_hidden()
    page.goto(f"{portal}2026-q2/")
    expect(page.get_by_text("Archive of Second quarter 2026")).to_be_visible()
    context.close()


def test_no_link_is_dead_between_versions(site: Path) -> None:
    assert dead_links(site, f"/{BELOW}/") == []
    assert repeated_ids(site) == []
