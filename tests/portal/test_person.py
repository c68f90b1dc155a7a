"""The page of a person: what they own, what is overdue, their teams, their check-ins."""

from okrsite.portal.person import person_pages
from tests.portal.rendering import Rendered, rendered, said, shop
from tests.support import PERIOD, book

CLOSED = (
    "---\ntitle: 2026-Q2\nstart: 2026-04-01\nend: 2026-06-30\nstate: closed\n"
    "closed_on: 2026-07-05\n---\n"
)
ANA = """---
title: Ana
team: platform
links:
  Mail: mailto:ana@acme.example
  Notes: https://notes.acme.example/ana
---
Owns the core.
"""
BASE = {
    "periods/2026-q2.md": CLOSED,
    "periods/2026-q3.md": PERIOD,
    "teams/acme.md": "---\ntitle: Acme\nlead: ana\n---\n",
    "teams/platform.md": "---\ntitle: Platform\nparent: acme\n---\n",
    "teams/guild.md": "---\ntitle: Guild\nparent: acme\nmembers: [ana]\n---\n",
    "teams/desk.md": (
        "---\ntitle: Old desk\nparent: acme\nmembers: [ana]\nretired_on: 2026-06-30\n---\n"
    ),
    "people/ana.md": ANA,
    "people/ben.md": "---\ntitle: Ben\n---\n",
    "objectives/calm.md": """---
title: Ship calmly
period: 2026-q3
team: platform
owner: ana
key_results:
  - {id: bugs, title: Escaped bugs, start: 100, target: 50, unit: bugs}
  - {id: bens, title: Ben's number, owner: ben, start: 0, target: 10}
---
""",
    "objectives/trust.md": """---
title: Clinics trust us
period: 2026-q3
team: acme
owner: ben
key_results:
  - {id: score, title: Trust score, owner: ana, start: 0, target: 10}
---
""",
    "objectives/calm-q2.md": """---
title: Calm of spring
period: 2026-q2
team: platform
owner: ana
key_results:
  - {id: done, title: Switched over, done_when: it is over}
---
""",
    "initiatives/core.md": "---\ntitle: Refactor the core\nowner: ana\ndue: 2026-08-10\n---\n",
    "initiatives/probe.md": "---\ntitle: Outside probe\nowner: ana\n---\n",
    "kpis/uptime.md": '---\ntitle: Uptime\nowner: ana\nunit: "%"\nat_least: 99.9\n---\n',
    "check-ins/1.md": """---
date: 2026-08-18
author: ana
team: platform
key_results: {calm/bugs: 90}
initiatives: {probe: done}
kpis: {uptime: 99.95}
---
Triage moved to daily.
""",
    "check-ins/2.md": (
        "---\ndate: 2026-07-30\nauthor: ben\nkey_results: {trust/score: 4}\n---\nBen was here.\n"
    ),
    "check-ins/3.md": (
        "---\ndate: 2026-06-20\nauthor: ana\nkey_results: {calm-q2/done: true}\n---\nIt is over.\n"
    ),
}


def page(name: str = "ana", files: dict[str, str] | None = None) -> Rendered:
    return rendered(person_pages, book({**BASE, **(files or {})}), name)


def test_team_and_teams() -> None:
    seen = page()
    assert "Person in Platform" in seen.words
    assert "Leads Acme In Old desk (until 30 Jun 2026), Guild, Platform" in seen.words
    assert seen.page.parents == ("index.md", "teams/acme.md", "teams/platform.md")
    assert "../../teams/guild/" in seen.dom.links


def test_addresses_lead_outside_with_care() -> None:
    html = page().html
    wanted = '<a href="https://notes.acme.example/ana" rel="noopener noreferrer external">Notes</a>'
    assert wanted in html
    assert 'href="mailto:ana@acme.example"' in html


def test_goals_of_now_and_whose_objective_a_key_result_is_of() -> None:
    seen = page()
    goals = seen.section("goals")
    assert "Ship calmly Platform, 2026-Q3" in goals
    assert "Escaped bugs Ship calmly" in goals
    assert "Trust score Clinics trust us" in goals
    assert "Ben's number" not in goals
    assert "Calm of spring" not in goals
    assert "Owns now 1 objective, 2 key results, 1 initiative" in seen.words
    assert "../../objectives/trust/#kr-score" in seen.dom.links


def test_overdue_comes_first_with_how_long() -> None:
    overdue = page().section("overdue")
    assert "Trust score Nothing checked in since 30 Jul; last 4 3 weeks" in overdue
    assert "Refactor the core Was due 10 Aug, still backlog 10 days" in overdue
    assert overdue.index("Trust score") < overdue.index("Refactor the core")
    assert "Escaped bugs" not in overdue
    assert page().html.index('id="overdue"') < page().html.index('id="goals"')


def test_never_checked_in_is_overdue_too() -> None:
    assert "Ben's number No check-in yet 7 weeks" in page("ben").section("overdue")


def test_nothing_overdue_says_so() -> None:
    fresh = BASE["check-ins/2.md"].replace("2026-07-30", "2026-08-19")
    on_time = BASE["initiatives/core.md"].replace("2026-08-10", "2026-09-10")
    files = {"check-ins/2.md": fresh, "initiatives/core.md": on_time}
    assert "Every key result was checked in on within 7 days" in page("ana", files).words


def test_initiatives_and_health_metrics() -> None:
    work = page().section("work")
    assert "Refactor the core" in work.partition("1 finished")[0]
    assert "Outside probe" in work.partition("1 finished")[2]
    assert "Uptime 99.95 % ≥ 99.9 % yes" in page().section("health")


def test_check_ins_they_wrote_newest_first() -> None:
    written = page().section("history")
    assert written.index("Triage moved to daily.") < written.index("It is over.")
    assert "Ben was here." not in written
    assert "check-in-1" in page().dom.ids


def test_goals_of_closed_periods_stand_apart() -> None:
    past = page().section("past")
    assert "2026-Q2 1 Apr to 30 Jun 2026" in past
    assert "Calm of spring Platform, 2026-Q2" in past
    assert "1.0 100 % of the way Achieved" in past
    assert "Switched over" not in past


def test_key_results_in_the_closed_goals_of_others() -> None:
    text = BASE["objectives/calm-q2.md"].replace("owner: ana", "owner: ben")
    text = text.replace("{id: done,", "{id: done, owner: ana,")
    past = page("ana", {"objectives/calm-q2.md": text}).section("past")
    assert "Switched over Calm of spring" in past


def test_somebody_with_nothing() -> None:
    seen = page("cara", {"people/cara.md": "---\ntitle: Cara\n---\n"})
    assert "They own no goal" in seen.section("goals")
    assert "None yet." in seen.section("history")
    assert "Owns now nothing" in seen.words
    assert 'id="overdue"' not in seen.html
    assert 'id="past"' not in seen.html
    assert seen.page.parents == ("index.md",)


def test_an_unlisted_goal_is_not_shown() -> None:
    text = BASE["objectives/calm.md"].replace("owner: ana", "owner: ana\nvisibility: unlisted")
    seen = page("ana", {"objectives/calm.md": text})
    assert "Escaped bugs" not in seen.section("goals")
    assert "Escaped bugs" not in seen.section("history")


def test_hostile_and_long_words_stay_words() -> None:
    evil = "<script>alert(1)</script>" + "long " * 60
    files = {"people/ana.md": ANA.replace("title: Ana", f'title: "{evil}"')}
    files["objectives/calm.md"] = BASE["objectives/calm.md"].replace("Ship calmly", f"'{evil}'")
    seen = page("ana", files)
    assert "<script" not in seen.html + seen.page.search
    assert "<script>alert(1)" in said(seen.html)


def test_an_address_that_runs_code_is_no_link() -> None:
    files = {"people/ana.md": ANA.replace("https://notes.acme.example/ana", "javascript:alert(1)")}
    made = book({**BASE, **files})
    assert all("javascript:" not in p.html for p in person_pages(shop(made)))


def test_search_and_description() -> None:
    seen = page()
    found = said(seen.page.search)
    for word in ("Ana", "Platform", "Ship calmly", "Escaped bugs", "Refactor the core"):
        assert word in found
    assert said(seen.page.description).endswith("· 2 overdue")


def test_earlier_check_ins_are_counted_and_stand_in_the_feed() -> None:
    many = {
        f"check-ins/m{n}.md": f"---\ndate: 2026-08-{n:02}\nauthor: ben\n---\nWord {n}.\n"
        for n in range(1, 10)
    }
    made = rendered(person_pages, book({**BASE, **many}), "ben")
    assert "Word 9." in made.words and "Word 3." not in made.words
    assert "4 earlier ones stand in the feed, by week" in made.words
    assert "../../check-ins/" in made.dom.links
