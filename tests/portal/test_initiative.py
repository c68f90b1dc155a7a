"""The page of an initiative: state, goals, waiting, its way, and ugly data."""

from datetime import date

import pytest

from okrsite.okr.pipeline import Book
from okrsite.portal.initiative import initiative_pages
from okrsite.portal.stretches import stretches_of
from tests.portal.rendering import Rendered, rendered, said
from tests.support import PERIOD, book

BASE = {
    "periods/2026-q3.md": PERIOD,
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "teams/platform.md": "---\ntitle: Platform\nparent: acme\n---\n",
    "teams/mobile.md": "---\ntitle: Mobile\nparent: acme\n---\n",
    "people/ana.md": "---\ntitle: Ana\nteam: platform\n---\n",
    "objectives/calm.md": """---
title: Ship calmly
period: 2026-q3
team: platform
owner: ana
key_results:
  - {id: bugs, title: Escaped bugs, start: 100, target: 50, unit: bugs}
---
""",
    "objectives/trust.md": """---
title: Clinics trust us
period: 2026-q3
team: acme
key_results:
  - {id: rate, title: Trust score, start: 0, target: 10}
---
""",
    "initiatives/core.md": """---
title: Refactor the core
team: platform
owner: ana
contributes_to: [calm/bugs, trust]
start: 2026-07-06
due: 2026-08-10
state: ready
depends_on: [tests]
---
Why this matters.

- [x] Draw who calls what
- [ ] One door each
- [ ] Delete the rest
""",
    "initiatives/tests.md": "---\ntitle: Contract tests\nteam: mobile\n---\n",
    "initiatives/flags.md": "---\ntitle: Feature flags\nteam: mobile\ndepends_on: [core]\n---\n",
}


def moves(*steps: tuple[str, str]) -> dict[str, str]:
    """One check-in for each day and what it says of `core`."""
    return {
        f"check-ins/{day}-c{index}.md": (
            f"---\ndate: {day}\nauthor: ana\nteam: platform\n"
            f"initiatives: {{core: {state}}}\n---\nNote of {day}.\n"
        )
        for index, (day, state) in enumerate(steps)
    }


def page(name: str = "core", files: dict[str, str] | None = None) -> Rendered:
    return rendered(initiative_pages, book({**BASE, **(files or {})}), name)


def swapped(old: str, new: str, name: str = "core") -> dict[str, str]:
    text = BASE[f"initiatives/{name}.md"]
    assert old in text
    return {f"initiatives/{name}.md": text.replace(old, new)}


def test_state_now_and_since_when() -> None:
    seen = page(files=moves(("2026-08-03", "ready"), ("2026-08-10", "doing")))
    assert "Doing since 10 Aug, 11 days" in seen.words.replace("Late ", "")


def test_without_a_check_in_the_file_says_where_it_stands() -> None:
    seen = page()
    assert "Ready" in seen.words
    assert "as its file says; nothing checked in yet" in seen.words
    assert "No state checked in yet" in seen.section("way")
    assert "Nothing checked in yet" in seen.section("history")


def test_blocked_says_why_and_since_when() -> None:
    steps = moves(("2026-08-03", "doing"), ("2026-08-11", "{state: doing, blocked: no licence}"))
    seen = page(files=steps)
    assert "Blocked: no licence. Since 11 Aug." in seen.words
    assert "okr-callout okr-is-off-track" in seen.html
    assert (
        "Doing blocked no licence 11 Aug 2026 still on 20 Aug 2026 10 days waiting"
        in seen.section("way")
    )


HUSH = """---
title: Hush
period: 2026-q3
team: mobile
visibility: unlisted
key_results:
  - {id: quiet, title: Quiet number, start: 0, target: 10}
---
"""
KID = """---
title: Kid
period: 2026-q3
parent: hush
key_results:
  - {id: sum, title: Kid number, start: 0, target: 10}
---
"""


def serving(*goals: str) -> Rendered:
    """Its page, and what search knows of it, where it serves these goals."""
    files = swapped("[calm/bugs, trust]", f"[{', '.join(goals)}]")
    return page(files={**files, "objectives/hush.md": HUSH, "objectives/kid.md": KID})


def names_hush(seen: Rendered) -> bool:
    found = (seen.words, said(seen.page.search), *seen.dom.links)
    return any(name in text for text in found for name in ("Hush", "Quiet number", "/hush"))


def test_an_unlisted_goal_is_counted_and_not_named() -> None:
    seen = serving("hush/quiet", "hush", "calm/bugs")
    assert not names_hush(seen)
    assert "It also serves 2 goals that are not listed." in seen.section("goals")
    assert "Ship calmly Escaped bugs key result this initiative" in seen.words
    assert "3 goals" in seen.words


def test_work_for_an_unlisted_goal_alone_hangs_below_its_team() -> None:
    seen = serving("hush")
    assert not names_hush(seen)
    assert "It serves 1 goal that is not listed." in seen.section("goals")
    assert "It contributes to no goal" not in seen.words
    assert "Acme Platform this initiative" in seen.words


def test_an_unlisted_goal_above_its_goal_is_not_named() -> None:
    seen = serving("kid")
    assert not names_hush(seen) and "Kid this initiative" in seen.words


def test_late_and_due() -> None:
    assert "Late" in page().words
    assert "10 Aug 10 days late" in page().words
    assert "10 Sep 21 days left" in page(files=swapped("due: 2026-08-10", "due: 2026-09-10")).words
    done = page(files=moves(("2026-08-03", "doing"), ("2026-08-08", "done")))
    assert "done in time" in done.words
    assert "Late" not in done.words


def test_done_after_its_due_day() -> None:
    seen = page(files=moves(("2026-08-03", "doing"), ("2026-08-13", "done")))
    assert "10 Aug done 3 days late" in seen.words


def test_tasks_are_a_grey_bar_and_stay_in_the_body() -> None:
    seen = page()
    assert 'okr-bar--plain" role="meter"' in seen.html
    assert "1 of 3 tasks done" in seen.words
    assert "Draw who calls what" not in seen.words


def test_no_tasks_and_no_text() -> None:
    seen = page("tests")
    assert "no tasks yet" in seen.words
    assert "Nothing written yet" in seen.section("tasks")


def test_goals_stand_apart_with_their_own_status() -> None:
    said_of = "key_results: {calm/bugs: 90, trust/rate: 6}"
    files = {"check-ins/a.md": f"---\ndate: 2026-08-18\n{said_of}\n---\n"}
    goals = page(files=files).section("goals")
    assert "Escaped bugs Ship calmly, Ana" in goals
    assert "90 bugs 20 % of the way" in goals
    assert "Off track" in goals
    assert "Clinics trust us Acme 60 % 5 pts ahead On track" in goals


def test_links_to_goals_and_the_path_to_the_first() -> None:
    seen = page()
    assert "../../objectives/calm/#kr-bugs" in seen.dom.links
    assert "../../objectives/trust/" in seen.dom.links
    assert "Acme, 2026-Q3 Ship calmly Escaped bugs key result this initiative" in seen.words
    assert seen.page.parents == ("index.md", "initiatives/index.md")


def test_no_goal_leads_through_the_team() -> None:
    seen = page("tests")
    assert "contributes to no goal" in seen.section("goals")
    assert seen.page.parents == ("index.md", "initiatives/index.md")


def test_waiting_in_both_directions() -> None:
    waiting = page().section("waiting")
    assert "It waits for" in waiting
    assert "Contract tests Mobile Backlog no tasks" in waiting
    assert "These wait for it" in waiting
    assert "Feature flags Mobile" in waiting
    assert "../tests/" in page().dom.links


def test_nothing_to_wait_for() -> None:
    assert "none waits for it" in page("tests", swapped("depends_on: [tests]\n", "")).words


def test_a_cycle_is_cut_and_told() -> None:
    files = {
        "initiatives/tests.md": "---\ntitle: Contract tests\ndepends_on: [core]\n---\n",
    }
    seen = page(files=files)
    assert "runs in a circle" in seen.section("findings")
    assert "OKR102" in seen.section("findings")


WAY = (
    ("2026-07-06", "ready"),
    ("2026-07-08", "doing"),
    ("2026-07-14", "{state: doing, blocked: no licence}"),
    ("2026-07-16", "doing"),
    ("2026-07-20", "review"),
    ("2026-07-22", "done"),
)


def test_its_way_and_the_times() -> None:
    way = page(files=moves(*WAY)).section("way")
    assert "Lead time 17 days Cycle time 15 days Flow efficiency 67 % 10 of 15 days" in way
    assert "Ready 6 Jul 2026 8 Jul 2026 2 days waiting" in way
    assert "Doing blocked no licence 14 Jul 2026 16 Jul 2026 2 days waiting" in way
    assert "Review 20 Jul 2026 22 Jul 2026 3 days waiting" in way
    assert "10 days in doing and not blocked ÷ 15 days of cycle time = 67 %" in way
    assert "Lead time 17 days Lead time is from" in way


def test_each_state_leads_to_its_check_in() -> None:
    seen = page(files=moves(*WAY))
    assert "../../check-ins/2026-w28/#check-in-2026-07-06-c0" in seen.dom.links


WAYS = (
    WAY,
    (("2026-07-06", "done"),),
    (("2026-07-06", "doing"), ("2026-07-06", "done")),
    (("2026-07-06", "ready"), ("2026-07-06", "doing"), ("2026-07-09", "done")),
    (("2026-07-06", "doing"), ("2026-07-09", "review"), ("2026-07-09", "done")),
    (("2026-07-06", "doing"), ("2026-07-09", "doing"), ("2026-07-12", "done")),
    (
        ("2026-07-06", "doing"),
        ("2026-07-09", "done"),
        ("2026-07-13", "doing"),
        ("2026-07-15", "done"),
    ),
    (("2026-07-06", "doing"), ("2026-07-09", "done"), ("2026-07-09", "doing")),
)


def _stretches(made: Book) -> list[tuple[str, int | None, bool]]:
    steps = made.ledger.steps["core"]
    found = stretches_of(steps, made.settings.workflow, made.as_of)
    return [(it.state, it.days, it.active) for it in found]


@pytest.mark.parametrize("steps", WAYS)
def test_the_days_add_up_to_what_the_flow_says(steps: tuple[tuple[str, str], ...]) -> None:
    made = book({**BASE, **moves(*steps)})
    flow, found = made.flows["core"], _stretches(made)
    counted = sum(days or 0 for _, days, _ in found)
    assert all(days is None or days >= 0 for _, days, _ in found)
    # Done on the day it was first heard of is one day, which no state before it holds.
    if flow.done_on:
        assert counted == (0 if len(found) == 1 else flow.lead_days)
        assert sum(days or 0 for _, days, active in found if active) == flow.active_days
    else:
        assert counted == (made.as_of - made.ledger.steps["core"][0].day).days + 1


def test_a_state_said_twice_is_one_stretch() -> None:
    made = book({**BASE, **moves(("2026-08-03", "doing"), ("2026-08-10", "doing"))})
    assert _stretches(made) == [("doing", 18, True)]


def test_states_of_one_day() -> None:
    steps = moves(("2026-08-03", "ready"), ("2026-08-03", "doing"))
    assert "Ready 3 Aug 2026 3 Aug 2026 same day waiting" in page(files=steps).section("way")


def test_no_step_after_the_day() -> None:
    made = book({**BASE, **moves(("2026-08-03", "ready"), ("2026-08-10", "doing"))})
    steps = made.ledger.steps["core"]
    assert len(stretches_of(steps, made.settings.workflow, date(2026, 8, 5))) == 1


def test_moved_due_day_is_shown_with_its_reason() -> None:
    files = {
        "amendments/later.md": (
            "---\ndate: 2026-08-01\nauthor: ana\nsubject: core\nfield: due\n"
            "was: 2026-07-31\nnow: 2026-08-10\napproved_by: Bruno\n---\nTwo formats were missing.\n"
        )
    }
    seen = page(files=files)
    assert "Due 31 Jul → 10 Aug on 1 Aug" in seen.words
    assert "Goalpost moved." in seen.section("history")
    assert "Two formats were missing." in seen.section("history")
    assert "Approved by Bruno." in seen.section("history")


def test_done_work_without_outcome_is_said() -> None:
    files = moves(("2026-08-03", "doing"), ("2026-08-08", "done"))
    files["check-ins/b.md"] = "---\ndate: 2026-08-18\nkey_results: {calm/bugs: 98}\n---\n"
    goals = page(files=files).section("goals")
    assert "The work is done, the outcome is not. 1 of 2 goals it was for is behind." in goals


def test_work_on_the_way_may_be_ahead_of_its_outcome() -> None:
    files = {"check-ins/b.md": "---\ndate: 2026-08-18\nkey_results: {calm/bugs: 98}\n---\n"}
    assert "The work is done" not in page(files=files).words


def test_findings_about_it() -> None:
    assert "OKR403" in page().section("findings")
    done = page(files=moves(("2026-08-03", "doing"), ("2026-08-08", "done")))
    assert "OKR403" not in done.words


def test_unknown_owner_is_a_name_without_a_link() -> None:
    seen = page(files=swapped("owner: ana", "owner: Nobody Known"))
    assert "Owner Nobody Known" in seen.words
    assert "Owner nobody yet" in page("tests").words


def test_source_leads_to_the_editor() -> None:
    assert "https://git.example/edit/initiatives/core.md" in page().dom.links


def test_hostile_and_long_words_stay_words() -> None:
    evil = "<script>alert(1)</script>" + "long " * 60
    files = swapped("title: Refactor the core", f'title: "{evil}"')
    files |= moves(("2026-08-03", "{state: doing, blocked: '<img src=x onerror=alert(1)>'}"))
    seen = page(files=files)
    assert "<script" not in seen.html
    assert "<img" not in seen.html
    assert "&lt;script&gt;alert(1)" in seen.page.search
    assert "<script>alert(1)" in said(seen.html)


def test_search_knows_people_goals_and_state() -> None:
    found = said(page().page.search)
    for word in ("Refactor the core", "Ana", "Platform", "Escaped bugs", "Clinics trust us"):
        assert word in found
