"""The page of a team: what to talk about, its numbers, its work, whom it waits for."""

from okrsite.portal.team import team_pages
from tests.portal.rendering import Rendered, rendered
from tests.portal.test_objective import BASE
from tests.support import book

SHARED = """---
title: Support answers fast
period: 2026-q3
team: acme
key_results:
  - {id: reply, title: First reply, team: platform, unit: h, start: 9, target: 3}
  - {id: other, title: Somebody else's, start: 0, target: 1}
---
"""
WAITS = """---
title: Flags in the app
team: mobile
depends_on: engine
due: 2026-09-01
---
"""
FILES = {
    **BASE,
    "objectives/support.md": SHARED,
    "teams/mobile.md": "---\ntitle: Mobile\nparent: acme\n---\n",
    "initiatives/flags.md": WAITS,
}


def page(name: str = "platform", **files: str) -> Rendered:
    return rendered(team_pages, book({**FILES, **files}), name)


def test_what_to_talk_about_is_what_the_team_owns() -> None:
    talk = page().section("talk")
    assert "Releases rolled back 3 a month, bound is ≤ 2 a month. What changes" in talk
    assert "Rollout engine Due 10 days ago, still backlog. What is left" in talk
    assert "Somebody else's" not in talk


def test_numbers_hold_own_objectives_and_shared_key_results() -> None:
    numbers = page().section("numbers")
    assert "Ship with fewer surprises our objective · 38 %, 17 pts behind" in numbers
    assert "121 a month 108 a month" in numbers
    assert "Support answers fast key result we own for Acme First reply" in numbers
    assert "Somebody else's" not in numbers


def test_waiting_is_told_from_both_sides() -> None:
    assert "For us Mobile for Rollout engine Flags in the app, due 1 Sep" in page().words
    assert "We wait Platform for Rollout engine Flags in the app" in page("mobile").words


def test_a_department_lists_its_teams_with_their_numbers() -> None:
    below = page("acme").section("teams")
    # the mean of calm (38.3), quiet (no data) and friend (no data)
    assert "Platform 3 13 % 42 pts behind Off track" in below
    assert "Mobile 0 none No goals" in below


def test_progress_is_explained() -> None:
    assert "38.3 ÷ 3 = 12.8 %" in page().section("objectives")


def test_a_team_without_anything_says_so() -> None:
    words = page("mobile").words
    assert "No objectives of its own in this period." in words


def test_a_retired_team_is_marked_and_not_listed_above() -> None:
    gone = "---\ntitle: Mobile\nparent: acme\nretired_on: 2026-08-01\n---\n"
    files = {"teams/mobile.md": gone}
    assert "retired 1 Aug 2026" in page("mobile", **files).words
    assert "Mobile" not in page("acme", **files).section("teams")


def test_work_over_the_limit_is_a_concern() -> None:
    started = {
        f"initiatives/i{n}.md": f"---\ntitle: Work {n}\nteam: mobile\nstate: doing\n---\n"
        for n in range(3)
    }
    made = book({**FILES, **started}, workflow=["backlog", {"name": "doing", "wip": 2}, "done"])
    words = rendered(team_pages, made, "mobile").section("talk")
    assert "Work in progress 3 initiatives in doing, limit is 2. Which one waits?" in words


def test_the_last_check_in_may_come_from_anyone_in_the_team() -> None:
    said = "---\ndate: 2026-08-19\nauthor: ana\nkey_results: {calm/bugs: 100}\n---\nNewest.\n"
    assert "Newest." in page(**{"check-ins/new.md": said}).section("last")


def test_the_last_check_in_names_no_unlisted_goal() -> None:
    said = "---\ndate: 2026-08-19\nauthor: ana\nkey_results: {calm/bugs: 100}\n---\nNewest.\n"
    hidden = BASE["objectives/calm.md"].replace("owner:", "visibility: unlisted\nowner:", 1)
    last = page(**{"check-ins/new.md": said, "objectives/calm.md": hidden}).section("last")
    assert "an unlisted goal" in last and "Newest." not in last and "Escaped" not in last
