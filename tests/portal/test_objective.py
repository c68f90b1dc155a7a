"""The page of an objective: its number, its trail, its place in the cascade, its history."""

from okrsite.portal.data import export
from okrsite.portal.objective import objective_pages
from tests.portal.rendering import Rendered, rendered, said, shop
from tests.support import PERIOD, book

BASE = {
    "periods/2026-q3.md": PERIOD,
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "teams/platform.md": "---\ntitle: Platform\nparent: acme\n---\n",
    "people/ana.md": "---\ntitle: Ana\nteam: platform\n---\n",
    "objectives/trust.md": """---
title: Clinics trust us
period: 2026-q3
team: acme
key_results:
  - {id: promises, title: Promises kept, from: objectives}
---
""",
    "objectives/calm.md": """---
title: Ship with fewer surprises
period: 2026-q3
team: platform
owner: ana
parent: trust/promises
key_results:
  - {id: bugs, title: Bugs that reach clinics, unit: a month, start: 180, target: 60, weight: 2}
  - {id: rolled, title: Releases rolled back, unit: a month, at_most: 2}
  - id: rollout
    title: Staged rollout
    milestones:
      - {id: design, title: Design}
      - {id: pilot, title: Pilot}
      - {id: half, title: Half, weight: 2}
      - {id: all, title: All, weight: 2, due: 2026-09-20}
  - {id: notice, title: Time to notice, unit: min, start: unknown, target: 5}
---
A clinic should learn about releases from the notes.
""",
    "objectives/quiet.md": """---
title: Releases nobody has to notice
period: 2026-q3
team: platform
parent: calm
key_results: [{id: done, title: It is quiet, done_when: a week without a page}]
---
""",
    "objectives/friend.md": """---
title: A friend of the goal
period: 2026-q3
team: platform
supports: calm
---
""",
    "initiatives/engine.md": """---
title: Rollout engine
team: platform
contributes_to: calm/rollout
due: 2026-08-10
---
- [x] one
- [x] two
- [ ] three
""",
    "check-ins/2026-08-04-ana.md": """---
date: 2026-08-04
author: ana
key_results: {calm/bugs: 121, calm/rolled: 1, calm/rollout: {done: [design]}}
---
It begins.
""",
    "check-ins/2026-08-18-ana.md": """---
date: 2026-08-18
author: ana
team: platform
key_results:
  calm/bugs: {value: 108, confidence: 0.8, status: at-risk}
  calm/rolled: 3
  calm/rollout: {done: [pilot]}
---
Triage moved to daily.
""",
    "amendments/bugs.md": """---
date: 2026-07-29
author: ana
approved_by: Hana
subject: calm/bugs
field: target
was: 30
now: 60
---
Duplicates were counted twice.
""",
}


def page(name: str = "calm", as_of: str = "2026-08-20", **files: str) -> Rendered:
    made = book({**BASE, **files}, as_of)
    return rendered(objective_pages, made, name)


def test_it_opens_with_the_number_and_how_far_that_is_from_expected() -> None:
    # 2 × 60.0 + 0 + 33.3 over 4: the unmeasurable one is left out
    assert "38 % At risk 55 % expected · 17 pts behind · " in page().words


def test_the_trail_can_be_followed_with_a_pencil() -> None:
    how = page().section("key-results")
    assert "(108 − 180) ÷ (60 − 180) = 60.0 % 2 120.0 check-ins/2026-08-18-ana.md" in how
    assert "3 does not keep ≤ 2 a month = 0.0 % 1 0.0" in how
    assert "(1 + 1) ÷ (1 + 1 + 2 + 2) = 33.3 % 1 33.3" in how
    assert "not measurable yet, so not counted 1 –" in how
    assert "Together 153.3 ÷ 4 = 38.3 % 4 153.3" in how
    assert "Policy: cap 100 %, bounds inclusive, keep latest, status by gap" in how
    assert "Not counted: Time to notice." in how


def test_each_row_shows_value_course_and_what_the_owner_says() -> None:
    words = page().section("key-results")
    assert "108 a month 60 % of the way" in words
    assert "2 of 4 milestones 33 % by weight" in words
    assert "next: All, 20 Sep" in words
    assert "kept in 1 of 2 check-ins ≤ 2 a month" in words
    assert "owner: at risk" in words
    assert "start unknown 5 min" in words


CLOSED = PERIOD.replace("committed\n", "closed\nclosed_on: 2026-10-02\n")
JUDGED = """---
date: 2026-09-29
author: ana
key_results:
  calm/bugs: {value: 108, score: 0.4, status: on-track}
  calm/rolled: {value: 3, score: 0.7}
---
"""


def test_once_closed_what_the_owner_judges_stands_beside_what_was_computed() -> None:
    files = {"check-ins/last.md": JUDGED}
    running = page(as_of="2026-09-30", **files).section("key-results")
    assert "owner: on track" in running and "0.4" not in running.split("How")[0]
    closed = page(as_of="2026-10-05", **files, **{"periods/2026-q3.md": CLOSED})
    rows = closed.section("key-results")
    assert "owner: on track, 0.4" in rows and "owner: 0.7" in rows
    assert '<span class="okr-said okr-nb">owner: 0.7</span>' in closed.html


def test_the_data_has_it_from_the_day_it_was_said() -> None:
    data = export(book({**BASE, "check-ins/last.md": JUDGED}, "2026-09-30"))["key_results"]
    (bugs,) = [item for item in data if item["id"] == "calm/bugs"]
    assert bugs["said_score"] == 0.4
    assert [entry["score"] for entry in bugs["check_ins"]] == [None, None, 0.4]
    (done,) = [item for item in data if item["id"] == "quiet/done"]
    assert done["said_score"] is None


def test_a_moved_goalpost_is_told_with_its_old_value() -> None:
    # (108 − 180) ÷ (30 − 180) = 48 %
    words = page().words
    assert "Target 30 → 60 on 29 Jul; as first promised 48 %" in words
    assert "Goalpost moved. Ana. Bugs that reach clinics target 30 → 60" in words
    assert "Approved by Hana." in words and "Duplicates were counted twice." in words


def test_the_cascade_leads_up_and_down_and_sideways() -> None:
    calm = page()
    assert calm.words.startswith(
        "Acme, 2026-Q3 Clinics trust us Promises kept key result this objective"
    )
    assert "../trust/#kr-promises" in calm.dom.links
    assert "Releases nobody has to notice" in calm.section("children")
    assert "so this does not count into 38 %" in calm.section("children")
    assert "A friend of the goal" in calm.section("alignment")
    above = page("trust")
    assert "They count into 38 % through the key result Promises kept." in above.section("children")


def test_work_stands_apart_from_the_outcome() -> None:
    work = page().section("work")
    assert "Work is ahead of outcome. 67 % of the tasks are done, 38 % of the outcome" in work
    assert "Rollout engine Platform Staged rollout Backlog 2 of 3 10 Aug 10 days late" in work


def test_history_tells_what_changed_from_what_to_what() -> None:
    history = page().section("history")
    assert "18 Aug Ana, Platform. Bugs that reach clinics 121 → 108 a month" in history
    assert "Staged rollout Pilot done" in history
    assert history.index("18 Aug") < history.index("29 Jul")


def test_no_data_is_said_and_is_not_zero() -> None:
    words = page("quiet").words
    assert "none No data no check-in yet" in words
    assert "no data, counted as 0 %" in words


def test_what_reads_a_kpi_lacks_a_value_of_it_and_what_is_closed_its_last_word() -> None:
    kpi = {"kpis/mood.md": "---\ntitle: Mood\nat_least: 4\n---\n"}
    goal = BASE["objectives/quiet.md"].replace("done_when: a week without a page", "from: mood")
    words = page("quiet", **{**kpi, "objectives/quiet.md": goal}).words
    assert "none No data no check-in yet" in words
    assert "no value of its KPI counted as 0 %" in words


def test_search_says_of_a_goal_and_of_each_key_result_which_period_it_is_of() -> None:
    found = said(page().page.search)
    assert "Ship with fewer surprises Ana · Platform · 2026-Q3" in found
    assert "Bugs that reach clinics Ana · 2026-Q3" in found


def test_untrusted_words_stay_words() -> None:
    evil = '<script>alert(1)</script> "quoted"'
    text = BASE["objectives/calm.md"].replace("Staged rollout", f"'{evil}'")
    made = page(**{"objectives/calm.md": text})
    assert "<script>" not in made.html.replace("&lt;script&gt;", "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made.html


def test_a_closed_period_shows_the_score() -> None:
    closed = PERIOD.replace("state: committed", "state: closed\nclosed_on: 2026-10-05")
    made = page(as_of="2026-10-20", **{"periods/2026-q3.md": closed})
    assert "0.4 Missed score at close, 38 % of the way" in made.words
    assert "this pace" not in made.section("key-results").replace("where this pace leads", "")


def test_unlisted_goals_have_a_page_and_stand_in_no_list() -> None:
    text = BASE["objectives/friend.md"].replace("supports", "visibility: unlisted\nsupports")
    made = book({**BASE, "objectives/friend.md": text})
    pages = {page.uri: page for page in objective_pages(shop(made))}
    assert not pages["objectives/friend.md"].listed
    assert pages["objectives/calm.md"].listed


def test_a_value_that_cannot_be_read_never_makes_a_goal_greener() -> None:
    text = BASE["objectives/calm.md"].replace("start: 180", "start: much")
    made = page(**{"objectives/calm.md": text})
    # bugs count as 0 with their weight of 2, where 60 % stood: 33.3 ÷ 4
    assert "8 % Off track" in made.words
    assert "its measure cannot be read, counted as 0 %" in made.words
    assert "Part of this goal cannot be read. Line 8: " in made.words


def test_the_pace_of_a_goal_is_what_its_parts_can_reach() -> None:
    # bugs reach 109 %, which rolls up as 100 %; the broken limit and the milestones stay
    assert "at this pace 58 % by 30 Sep" in page().words
    assert "(2 × 100.0 + 0.0 + 33.3) ÷ 4 = 58.3 %" in page().section("key-results")


def test_a_goal_fed_by_a_kpi_shows_what_was_said_of_the_kpi() -> None:
    goal = BASE["objectives/quiet.md"].replace(
        "{id: done, title: It is quiet, done_when: a week without a page}",
        "{id: up, title: Uptime, from: uptime, start: 90, target: 100}",
    )
    files = {
        "kpis/uptime.md": "---\ntitle: Uptime\n---\n",
        "check-ins/u.md": "---\ndate: 2026-08-11\nkpis: {uptime: 95}\n---\nHalf way.\n",
        "objectives/quiet.md": goal,
    }
    made = page("quiet", **files)
    assert "Half way." in made.section("history")
