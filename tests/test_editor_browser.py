"""The forms at `/edit/` in a real Chromium: what they would write is what our reader reads.

With the editor's own backend for trying, whose files lie in the browser, and with a GitHub that is
only as big as the forms need. Neither asks any other machine for anything.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from okrsite.okr.finding import Severity
from okrsite.okr.pipeline import Book
from okrsite.portal.editor import editor_address, new_address
from tests.portal.editing import (
    FILES,
    GitHub,
    choose,
    committed,
    company,
    field_of,
    forms,
    put,
    written,
)
from tests.support import book

pytestmark = pytest.mark.slow
TRUST = "objectives/deep/trust.md"


@pytest.fixture
def editor(page: Page, tmp_path: Path) -> Iterator[str]:
    """The forms, signed in to the backend for trying; gives their address."""
    with forms(tmp_path) as url:
        put(page, url, FILES)
        page.goto(url)
        page.get_by_role("button", name="Work with Test Repository").click()
        expect(page.get_by_text("Objectives").first).to_be_visible()
        yield url


def go(page: Page, url: str, address: str) -> None:
    page.goto(url + address.partition("edit/")[2])


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("Entry saved|has been saved")).first).to_be_visible()


def errors(made: Book) -> list[str]:
    return [str(found) for found in made.findings if found.severity is Severity.ERROR]


def test_an_objective_opened_and_changed_is_read_as_before_but_for_the_change(
    page: Page, editor: str
) -> None:
    go(page, editor, editor_address("objectives", TRUST))
    field_of(page, "title").locator("input").fill("Clinics rely on us: all of them")
    field_of(page, "key_results")
    page.get_by_role("button", name="Expand All").first.click()
    field_of(page, "body")
    save(page)
    text = written(page)[TRUST]
    assert text != FILES[TRUST]
    before, after = company(), book({**FILES, TRUST: text})
    assert errors(after) == errors(before) == []
    was, now = before.portfolio.objectives["trust"], after.portfolio.objectives["trust"]
    change = {"title": "Clinics rely on us: all of them", "body_line": now.body_line}
    assert now.model_copy(update={"body": now.body.strip()}) == was.model_copy(
        update={**change, "body": was.body.strip()}
    )
    assert after.scorecard.key_results == before.scorecard.key_results


def test_a_target_that_is_changed_is_a_number(page: Page, editor: str) -> None:
    go(page, editor, editor_address("objectives", TRUST))
    field_of(page, "key_results")
    page.get_by_role("button", name="Expand All").first.click()
    field_of(page, "key_results.0.target").locator("input").fill("99.95")
    save(page)
    assert "    target: 99.95\n" in written(page)[TRUST]
    kr = book({**FILES, TRUST: written(page)[TRUST]}).portfolio.key_results["trust/uptime"]
    assert float(kr.target or 0) == 99.95


def test_a_word_in_place_of_a_number_is_not_saved(page: Page, editor: str) -> None:
    go(page, editor, editor_address("objectives", TRUST))
    field_of(page, "key_results")
    page.get_by_role("button", name="Expand All").first.click()
    field_of(page, "key_results.0.target").locator("input").fill("about 99")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("A number, or the word unknown").first).to_be_visible()
    assert written(page)[TRUST] == FILES[TRUST]


def test_a_check_in_through_the_form(page: Page, editor: str) -> None:
    go(page, editor, new_address("check-ins", author="Ana Berg", date="2026-08-18"))
    page.get_by_role("button", name=re.compile("Add .?Key result")).click()
    choose(page, "form_key_results.0.key_result", "Uptime")
    field_of(page, "form_key_results.0.value").locator("input").fill("99.4")
    page.get_by_role("button", name=re.compile("Add .?Key result")).click()
    choose(page, "form_key_results.1.key_result", "Audit")
    field_of(page, "form_key_results.1.value").locator("input").fill("true")
    field_of(page, "form_key_results.1.confidence").locator("input").fill("0.6")
    field_of(page, "form_initiatives")
    page.get_by_role("button", name=re.compile("Add .?Initiative")).click()
    choose(page, "form_initiatives.0.initiative", "Core")
    choose(page, "form_initiatives.0.state", "review")
    save(page)
    (name,) = set(written(page)) - set(FILES)
    text = written(page)[name]
    assert name == "check-ins/2026-08-18-ana-berg.md"
    assert "  core: review\n" in text and "  trust/uptime: 99.4\n" in text
    made = book({**FILES, name: text})
    assert errors(made) == []
    said = made.portfolio.check_ins["2026-08-18-ana-berg"]
    assert float(said.key_results["trust/uptime"].value or 0) == 99.4
    assert said.key_results["trust/audit"].flag is True
    assert float(said.key_results["trust/audit"].confidence or 0) == 0.6


def test_an_old_check_in_keeps_what_no_form_shows(page: Page, editor: str) -> None:
    path = "check-ins/2026-07-05-ana-berg.md"
    go(page, editor, editor_address("check-ins", path))
    field_of(page, "author").locator("input").fill("Ana")
    save(page)
    made = book({**FILES, path: written(page)[path]})
    assert errors(made) == []
    before = company().portfolio.check_ins["2026-07-05-ana-berg"]
    after = made.portfolio.check_ins["2026-07-05-ana-berg"]
    assert (after.author, after.key_results) == ("Ana", before.key_results)


def test_a_new_objective_with_a_first_key_result(page: Page, editor: str) -> None:
    go(page, editor, new_address("objectives", title="Änswers: in a day"))
    choose(page, "period", "Third quarter")
    field_of(page, "key_results")
    page.get_by_role("button", name=re.compile("Add .?Key result")).click()
    field_of(page, "key_results.0.id").locator("input").fill("hours")
    field_of(page, "key_results.0.title").locator("input").fill("Hours to an answer")
    field_of(page, "key_results.0.start").locator("input").fill("30")
    field_of(page, "key_results.0.target").locator("input").fill("24")
    save(page)
    (name,) = set(written(page)) - set(FILES)
    assert name == "objectives/aenswers-in-a-day.md"
    made = book({**FILES, name: written(page)[name]})
    assert errors(made) == []
    assert made.portfolio.objectives["aenswers-in-a-day"].title == "Änswers: in a day"
    assert float(made.portfolio.key_results["aenswers-in-a-day/hours"].start or 0) == 30


def test_what_is_saved_at_the_forge_is_a_pull_request(page: Page, tmp_path: Path) -> None:
    forge = GitHub(FILES)
    page.route("https://api.github.com/**", forge.answer)
    with forms(tmp_path, at_forge=True) as url:
        page.goto(url)
        page.get_by_role("button", name="Sign In Using Access Token").click()
        page.get_by_role("textbox").fill("a-token")
        page.get_by_role("button", name="Sign In", exact=True).click()
        expect(page.get_by_text("Objectives").first).to_be_visible()
        go(page, url, editor_address("objectives", TRUST))
        field_of(page, "title").locator("input").fill("Clinics rely on us, all of them")
        save(page)
    (commit,), (request,) = forge.commits, forge.requests
    assert commit["branch"]["branchName"] == request["head"] == "cms/objectives/deep%2Ftrust"
    assert (request["base"], request["draft"], forge.labels) == ("main", True, ["okrsite/draft"])
    assert request["title"] == "Change Objective “deep/trust”"
    (path,) = committed(commit)
    assert path == TRUST
    made = book({**FILES, **committed(commit)})
    assert errors(made) == []
    assert made.portfolio.objectives["trust"].title == "Clinics rely on us, all of them"
    assert forge.unknown == []
