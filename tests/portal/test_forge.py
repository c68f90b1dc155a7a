"""The way to the forge: which form, what it holds, and that nothing unsaid gets published."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from okrsite.okr.pipeline import Book
from okrsite.portal.forge import LONGEST_URL, forge_of, initiative_forms, key_result_forms
from okrsite.portal.initiative import initiative_pages
from okrsite.portal.objective import objective_pages
from okrsite.portal.parts import Desk
from okrsite.portal.site import SiteUrls
from okrsite.portal.workshop import Workshop
from tests.portal.rendering import shop
from tests.support import book

GITHUB = SiteUrls(edit_base="https://github.com/o/r/edit/main/content/")
GITLAB = SiteUrls(edit_base="https://gitlab.com/a/b/c/-/edit/main/content/")
PERIOD = "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n---\n"
GOAL = """---
title: Fewer surprises
period: q3
key_results:
  - {id: bugs, title: Reduce bugs, unit: "% of all", start: 40, target: 20}
  - {id: audit, title: Audit passed, done_when: "The report says: passed #1"}
  - {id: app, title: App, milestones: [{id: beta, title: Beta}, {id: all, title: All}]}
  - {id: up, title: Uptime, from: uptime}
  - {id: sum, title: Sum, from: initiatives}
---
"""
FILES = {
    "periods/q3.md": PERIOD,
    "objectives/calm.md": GOAL,
    "kpis/uptime.md": '---\ntitle: Uptime\nunit: "%"\nat_least: 99\n---\n',
    "initiatives/core.md": "---\ntitle: Refactor\ncontributes_to: [calm/bugs]\n---\n",
}


def desk(files: dict[str, str], urls: SiteUrls = GITHUB, uri: str = "objectives/calm.md") -> Desk:
    return workshop_of(book(files), urls).desk(uri)


def workshop_of(made: Book, urls: SiteUrls) -> Workshop:
    made_shop = shop(made)
    return Workshop(made, urls, made_shop.notes, made_shop.pictures)


def query(href: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}


@pytest.mark.parametrize(
    ("base", "name", "new"),
    [
        (
            "https://github.com/o/r/edit/main/content/",
            "GitHub",
            "https://github.com/o/r/new/main/content/",
        ),
        (
            "https://github.com/o/r/blob/main/content/",
            "GitHub",
            "https://github.com/o/r/new/main/content/",
        ),
        (
            "https://code.corp.example/o/r/edit/main/",
            "GitHub",
            "https://code.corp.example/o/r/new/main/",
        ),
        (
            "https://gitlab.com/a/b/c/-/edit/main/content/",
            "GitLab",
            "https://gitlab.com/a/b/c/-/new/main/content/",
        ),
        (
            "https://code.corp.example/a/b/-/edit/main/",
            "GitLab",
            "https://code.corp.example/a/b/-/new/main/",
        ),
        (
            "https://git.example/o/r/_edit/main/content/",
            "Gitea",
            "https://git.example/o/r/_new/main/content/",
        ),
        ("https://bitbucket.org/o/r/src/main/content/?mode=edit", None, ""),
        ("https://git.example/edit/", None, ""),
        ("javascript:alert(1)//o/r/edit/main/", None, ""),
        ("", None, ""),
    ],
)
def test_the_forge_is_told_by_its_address(base: str, name: str | None, new: str) -> None:
    forge = forge_of(SiteUrls(edit_base=base))
    assert (forge and forge.name) == name
    assert forge is None or forge.new == new


def test_a_new_file_at_github_is_filled_in() -> None:
    check_in, edit = key_result_forms(desk(FILES), "calm/bugs")
    parts = urlsplit(check_in.href)
    assert parts.path == "/o/r/new/main/content/check-ins/q3"
    asked = query(check_in.href)
    assert asked["filename"] == "2026-08-20-calm-bugs.md"
    assert "  calm/bugs: # a number in % of all, from 40 to 20\n" in asked["value"]
    assert check_in.paste == ""
    assert edit.href == "https://github.com/o/r/edit/main/content/objectives/calm.md"


def test_a_new_file_at_gitlab_is_named_and_its_text_is_there_to_paste() -> None:
    check_in, edit = key_result_forms(desk(FILES, GITLAB), "calm/bugs")
    assert urlsplit(check_in.href).path == "/a/b/c/-/new/main/content/check-ins/q3"
    asked = query(check_in.href)
    assert asked["file_name"] == "2026-08-20-calm-bugs.md"
    assert asked["file"] == check_in.paste
    assert edit.href == "https://gitlab.com/a/b/c/-/edit/main/content/objectives/calm.md"


DRAFTS = [
    ("calm/bugs", "30"),
    ("calm/audit", "true"),
    ("calm/app", "{done: [beta]}"),
    ("calm/up", "99.5"),
]


def draft(name: str) -> str:
    made = desk(FILES)
    if "/" not in name:
        return query(initiative_forms(made, made.book.portfolio.initiatives[name])[0].href)["value"]
    return query(key_result_forms(made, name)[0].href)["value"]


@pytest.mark.parametrize("name", [*(ref for ref, _ in DRAFTS), "core"])
def test_sent_as_it_is_it_says_nothing_and_check_says_why(name: str) -> None:
    made = book({**FILES, "check-ins/new.md": draft(name)})
    errors = [f for f in made.findings_in["check-ins/new.md"] if f.severity == "error"]
    assert [(f.code, f.line) for f in errors] == [("OKR012", 5)]
    assert made.ledger.entries == {}


@pytest.mark.parametrize(("name", "value"), [*DRAFTS, ("core", "doing")])
def test_with_a_name_and_a_value_it_is_a_check_in(name: str, value: str) -> None:
    lines = draft(name).split("\n")
    lines[2] = "author: Ana"
    lines[4] = lines[4].replace(": #", f": {value} #")
    made = book({**FILES, "check-ins/new.md": "\n".join(lines)})
    assert made.findings_in.get("check-ins/new.md", ()) == ()
    (item,) = made.portfolio.check_ins.values()
    assert len([*item.key_results, *item.kpis, *item.initiatives]) == 1


def test_what_is_computed_has_no_value_to_type() -> None:
    assert [form.word for form in key_result_forms(desk(FILES), "calm/sum")] == ["Edit"]


@pytest.mark.parametrize(
    "files",
    [
        {"periods/q3.md": PERIOD.replace("committed", "closed")},
        {"periods/q3.md": PERIOD.replace("07-01", "09-01")},
        {
            "check-ins/a.md": "---\ndate: 2026-08-01\nkey_results:\n"
            "  calm/bugs: {status: dropped}\n---\n"
        },
    ],
    ids=["closed", "not begun", "dropped"],
)
def test_no_check_in_that_would_not_count(files: dict[str, str]) -> None:
    assert [f.word for f in key_result_forms(desk({**FILES, **files}), "calm/bugs")] == ["Edit"]


def test_no_check_in_for_work_that_is_done() -> None:
    done = "---\ndate: 2026-08-01\nauthor: A\ninitiatives:\n  core: done\n---\n"
    made = desk({**FILES, "check-ins/a.md": done})
    item = made.book.portfolio.initiatives["core"]
    assert [form.word for form in initiative_forms(made, item)] == ["Edit"]


def test_switched_off() -> None:
    off = SiteUrls(edit_base=GITHUB.edit_base, check_in_buttons=False)
    assert [form.word for form in key_result_forms(desk(FILES, off), "calm/bugs")] == ["Edit"]


def test_without_a_forge_there_is_nothing() -> None:
    assert key_result_forms(desk(FILES, SiteUrls()), "calm/bugs") == ()


@pytest.mark.parametrize("length", [100, 600, 900, 5000])
def test_an_address_is_never_too_long(length: int) -> None:
    urls = SiteUrls(edit_base=f"https://github.com/o/r/edit/main/{'x' * (length // 4)}/")
    files = {**FILES, "objectives/calm.md": GOAL.replace("% of all", "€" * length)}
    check_in = key_result_forms(desk(files, urls), "calm/bugs")[0]
    assert len(check_in.href) <= LONGEST_URL
    assert check_in.paste or "calm/bugs:" in query(check_in.href)["value"]


@pytest.mark.parametrize("words", ["a\nb: c", '"><script>', "#{}[]&*", "---", "{day}"])
def test_a_unit_or_title_cannot_write_into_the_file_or_the_page(words: str) -> None:
    unit = words.replace("\n", "\\n").replace('"', '\\"')
    goal = GOAL.replace('unit: "% of all"', f'unit: "{unit}"').replace(
        "title: Reduce bugs", f'title: "{unit}"'
    )
    files = {**FILES, "objectives/calm.md": goal}
    made = desk(files)
    text = query(key_result_forms(made, "calm/bugs")[0].href)["value"]
    assert len(text.split("\n")) == 7
    assert [line.partition(":")[0] for line in text.split("\n")[1:5]] == [
        "date",
        "author",
        "key_results",
        "  calm/bugs",
    ]
    (page,) = objective_pages(workshop_of(book(files), GITHUB))
    assert "<script>" not in page.html


def test_on_the_pages() -> None:
    made = workshop_of(book(FILES), GITHUB)
    (page,) = objective_pages(made)
    assert 'aria-label="Check in: Reduce bugs">Check in</a>' in page.html
    assert 'data-okr-day="2026-08-20"' in page.html
    (page,) = [p for p in initiative_pages(made) if p.uri.endswith("core.md")]
    assert 'aria-label="Check in: Refactor">Check in</a>' in page.html
    made = workshop_of(book(FILES), GITLAB)
    (page,) = objective_pages(made)
    assert '<summary aria-label="Check in: Reduce bugs">Check in</summary>' in page.html


def test_the_day_is_the_day_of_the_book() -> None:
    assert desk(FILES).book.as_of == date(2026, 8, 20)
