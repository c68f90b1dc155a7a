"""Fixtures that the tests of every room may use."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    ViewportSize,
    sync_playwright,
)

from tests.browser import MISSING, find_chromium

# No test measures time: a busy machine makes none of them red.
settings.register_profile(
    "untimed", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"browser", "page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium to test with; without one a skip, and a failure under CI."""
    found = find_chromium()
    if found is None:
        if os.environ.get("CI", "").lower() in {"true", "1"}:
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    return found


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What the test's page complained of; a test that provokes an error clears it."""
    return []


@pytest.fixture
def page(browser: Browser, console_errors: list[str]) -> Iterator[Page]:
    """A fresh page on a desktop's screen, cut off from every other machine."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    _cut_off(context, console_errors)
    page = context.new_page()
    yield page
    context.close()
    assert console_errors == []


def _cut_off(context: BrowserContext, errors: list[str]) -> None:
    def refuse(route: Route) -> None:
        errors.append(f"asked another machine for {route.request.url}")
        route.abort()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(f"{message.text} ({message.location.get('url', '')})")

    context.route(_is_elsewhere, refuse)
    context.on("console", note)
    context.on("weberror", lambda problem: errors.append(str(problem.error)))


def _is_elsewhere(url: str) -> bool:
    # Addresses without a host (data:, blob:, about:) stay in the page.
    return (urlsplit(url).hostname or "localhost") not in LOOPBACK
