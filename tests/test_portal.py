"""The example portal as its readers meet it: in a real Chromium, at the root and below a path."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_core_python.sync_playwright import Axe
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page, expect

from tests.crawl import dead_links, repeated_ids

ROOT = Path(__file__).parents[1]
BELOW = "okrs"

# One page of every kind.
KINDS = (
    "",
    "everything/",
    "findings/",
    "goalposts/",
    "check-ins/",
    "check-ins/2026-w34/",
    "teams/",
    "teams/larkmere/",
    "teams/platform/",
    "people/ana/",
    "periods/",
    "periods/2026-q3/",
    "periods/2026-q2/",
    "compare/",
    "trends/",
    "objectives/improve-product-quality/",
    "objectives/clinics-trust-us/",
    "objectives/recommend-working-here/",
    "initiatives/",
    "initiatives/refactor-core/",
    "kpis/",
    "kpis/uptime/",
    "guide/",
    "guide/rules/",
)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Served:
    """The example portal, built for `site_url` and served accordingly."""

    folder: Path
    url: str


def _build(folder: Path, site_url: str) -> None:
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), site_url=site_url)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)


@pytest.fixture(scope="session", params=["", f"{BELOW}/"], ids=["at the root", "below a path"])
def served(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    top = tmp_path_factory.mktemp("portal")
    _build(top / request.param, f"https://host.example/{request.param}")
    handler = partial(_Quiet, directory=str(top))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        yield Served(top / request.param, f"http://127.0.0.1:{port}/{request.param}")
        server.shutdown()


def test_no_link_is_dead_and_no_id_twice(served: Served) -> None:
    base = urlsplit(served.url).path
    assert dead_links(served.folder, base) == []
    assert repeated_ids(served.folder) == []


def test_no_page_shows_what_only_a_program_would_say(served: Served) -> None:
    leaks = re.compile(r">\s*None\s*<|>[^<]*\b(nan|Fraction\(|Undefined|datetime\.date)[^<]*<")
    found = {}
    for path in served.folder.rglob("index.html"):
        if "guide" not in path.parts and (match := leaks.search(path.read_text("utf-8"))):
            found[path.relative_to(served.folder).as_posix()] = match[0]
    assert found == {}


def test_from_home_to_a_team_its_objective_and_the_parent(served: Served, page: Page) -> None:
    page.goto(served.url)
    expect(page.locator("h1")).to_contain_text("This quarter")
    page.get_by_role("link", name="Teams", exact=True).first.click()
    page.locator(".okr").get_by_role("link", name="Platform", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Platform")
    page.get_by_role("link", name="A core that one team can change in one day").first.click()
    expect(page.locator("h1")).to_have_text("A core that one team can change in one day")
    cascade = page.get_by_role("navigation", name="Cascade")
    cascade.get_by_role("link", name="Improve product quality").click()
    expect(page.locator("h1")).to_have_text("Improve product quality")
    expect(page.locator("#children + *")).to_be_visible()


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Reduce bugs by 30", "objectives/improve-product-quality/#kr-reduce-bugs"),
        ("Refactor core software", "initiatives/refactor-core/"),
        ("Triage moved to daily", "check-ins/2026-w34/#check-in-2026-08-18-ana"),
    ],
)
def test_search_leads_to_the_right_heading(
    served: Served, page: Page, words: str, place: str
) -> None:
    page.goto(served.url)
    page.locator(".md-search__input").click()
    page.keyboard.type(words)
    path, _, anchor = place.partition("#")
    leads_there = f"[href*='{path}']" + (f"[href$='#{anchor}']" if anchor else "")
    hit = page.locator(f".md-search-result__link{leads_there}").first
    expect(hit).to_be_attached(timeout=15_000)
    hit.evaluate("link => link.click()")
    page.wait_for_url(re.compile(re.escape(path)))
    if anchor:
        expect(page.locator(f"[id='{anchor}']")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "tab"),
    [
        ("objectives/improve-product-quality/", "All goals"),
        ("teams/platform/", "Teams"),
        ("periods/2026-q2/", "Periods"),
        ("initiatives/refactor-core/", "Initiatives"),
        ("kpis/uptime/", "Health metrics"),
        ("check-ins/2026-w34/", "Check-ins"),
    ],
)
def test_a_page_lights_the_tab_it_belongs_to(
    served: Served, page: Page, path: str, tab: str
) -> None:
    page.goto(served.url + path)
    assert page.locator(".md-tabs__item--active").inner_text().strip() == tab


@pytest.mark.parametrize("path", KINDS)
def test_a_phone_scrolls_in_one_direction_only(served: Served, page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(served.url + path)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def test_a_phone_shows_the_newest_quarter_beside_the_teams(served: Served, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served.url}trends/")
    row = page.locator(".okr-trends").first.locator("tr").nth(1)
    row.scroll_into_view_if_needed()
    for cell in (row.locator("th"), row.locator("td").last):
        expect(cell).to_be_in_viewport(ratio=0.99)


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_a_quarter_has_the_same_place_in_every_table_of_the_trends(
    served: Served, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{served.url}trends/")
    places = page.locator(".okr-trends").evaluate_all(
        "all => all.map(table => [...table.querySelectorAll('thead .okr-n')]"
        ".map(head => Math.round(head.getBoundingClientRect().right)))"
    )
    assert len(places) == 5 and len(places[0]) == 3
    assert places == [places[0]] * 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing_serious(
    served: Served, browser: Browser, page: Page, path: str, scheme: Any
) -> None:
    if BELOW in served.url:
        pytest.skip("the same pages as at the root")
    page.emulate_media(color_scheme=scheme)
    page.goto(served.url + path)
    seen = "default" if scheme == "light" else "slate"
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", seen)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    result = Axe().run(page, options={"resultTypes": ["violations"]})
    serious = [
        (violation["id"], node["html"][:200], node["failureSummary"][:300])
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert serious == []
