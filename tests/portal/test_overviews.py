"""The overviews of teams, periods, initiatives and KPIs."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import pytest

from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.status import Status
from okrsite.portal.cycles import period_overview_pages
from okrsite.portal.health import kpi_overview_pages
from okrsite.portal.organisation import TeamNode, team_overview_pages, teams_view
from okrsite.portal.parts import StatusMark
from okrsite.portal.site import SitePage
from okrsite.portal.team import team_pages
from okrsite.portal.workload import initiative_overview_pages
from okrsite.portal.workshop import Workshop
from okrsite.reports.diff.rows import THERE, About, Row
from okrsite.reports.diff.words import status_words
from tests.portal.overviews import COMPANY, EVIL, LONG, check_in, objective, overview
from tests.portal.rendering import Rendered, shop
from tests.support import book

BUGS = "id: bugs, title: Bugs, start: 100, target: 0"
GOALS = {
    **COMPANY,
    "objectives/calm.md": objective("Ship calmly", BUGS, "id: more, title: More"),
    "check-ins/a.md": check_in("2026-08-18", "calm/bugs: 57"),
}
Pages = Callable[[Workshop], Iterator[SitePage]]
ALL: tuple[Pages, ...] = (
    team_overview_pages,
    period_overview_pages,
    initiative_overview_pages,
    kpi_overview_pages,
)


def only(
    pages: Pages, files: Mapping[str, str], as_of: str = "2026-08-20", **options: object
) -> Rendered:
    (found,) = overview(pages, book(files, as_of, **options)).values()
    return found


@pytest.mark.parametrize("pages", ALL)
def test_an_empty_folder_says_what_will_stand_here(pages: Pages) -> None:
    made = only(pages, {})
    assert "will stand here" in made.words
    assert "table" not in made.dom.tags
    assert made.page.parents == ("index.md",)


@pytest.mark.parametrize("pages", ALL)
def test_hostile_and_long_words_stay_words(pages: Pages) -> None:
    title = f"'{EVIL} {LONG}'"
    files = {
        "periods/2026-q3.md": COMPANY["periods/2026-q3.md"].replace("2026-Q3", title),
        "teams/acme.md": f"---\ntitle: {title}\nlead: '{EVIL}'\nlevel: '{EVIL}'\n---\n",
        "initiatives/i.md": f"---\ntitle: {title}\nowner: '{EVIL}'\nstate: '{EVIL}'\n---\n",
        "kpis/k.md": f"---\ntitle: {title}\nunit: '{EVIL}'\nat_most: 3\nmetric: '{EVIL}'\n---\n",
    }
    assert EVIL in only(pages, files).words


# --- teams ----------------------------------------------------------------------------------


def names(nodes: tuple[TeamNode, ...]) -> list[object]:
    return [[node.title.text, *names(node.below)] for node in nodes]


def test_the_organisation_is_nested() -> None:
    files = {**GOALS, "teams/squad.md": "---\ntitle: Squad\nparent: platform\n---\n"}
    made = teams_view(shop(book(files)).desk("teams/index.md"))
    assert names(made.nodes) == [["Acme", ["Mobile"], ["Platform", ["Squad"]]]]
    assert only(team_overview_pages, files).dom.tags.count("ul") == 3


def test_a_team_stands_with_progress_counts_and_lead() -> None:
    words = only(team_overview_pages, GOALS).words
    assert "Platform Ana" in words
    assert "43 % 12 pts behind At risk" in words
    assert "At risk 1 No data 1" in words
    assert "Acme company · Hana no goals of its own" in words
    assert "Numbers of 2026-Q3" in words


def test_key_results_count_for_the_team_that_answers_for_them() -> None:
    shared = {"objectives/top.md": objective("Top", f"{BUGS}, team: mobile", team="acme")}
    made = teams_view(shop(book({**COMPANY, **shared})).desk("teams/index.md"))
    acme = made.nodes[0]
    mobile = next(node for node in acme.below if node.title.text == "Mobile")
    assert acme.counts == ()
    assert [(it.status.word, it.count) for it in mobile.counts] == [("No data", 1)]


def test_a_closed_team_has_a_grade_and_has_achieved_nothing_by_its_mean() -> None:
    closed = COMPANY["periods/2026-q3.md"].replace("committed", "closed\nclosed_on: 2026-10-05")
    files = {
        **COMPANY,
        "periods/2026-q3.md": closed,
        "objectives/promised.md": objective("Promised", BUGS),
        "objectives/dreamt.md": objective("Dreamt", BUGS, ambition="aspirational"),
        "check-ins/a.md": check_in("2026-09-29", "promised/bugs: 40, dreamt/bugs: 10"),
    }
    made = book(files, "2026-10-10")
    team = made.scorecard.teams["platform", "2026-q3"]
    assert made.scorecard.objectives["promised"].status is Status.MISSED
    assert (team.progress, team.status) == (Fraction(3, 4), Status.ACHIEVED)
    assert status_words(row_of(team)) == "green"
    nodes = teams_view(shop(made).desk("teams/index.md")).nodes[0].below
    (mark,) = (node.status for node in nodes if node.title.text == "Platform")
    assert mark == StatusMark("achieved", "green")
    pages = {page.uri: page for page in team_pages(shop(made))}
    below = pages["teams/acme.md"].html
    assert "green" in below and "Achieved" not in below


def row_of(team: ObjectiveScore) -> Row:
    about = About("team", team.ref, "Platform", "2026-q3", "", 1)
    status = str(team.status)
    return Row(about, team.progress, team.progress, status, status, None, THERE)


def test_retired_teams_stand_apart_and_what_was_below_them_moves_up() -> None:
    files = {
        **GOALS,
        "teams/platform.md": "---\ntitle: Platform\nparent: acme\nretired_on: 2026-06-30\n---\n",
        "teams/squad.md": "---\ntitle: Squad\nparent: platform\n---\n",
        "teams/soon.md": "---\ntitle: Soon gone\nparent: acme\nretired_on: 2026-12-31\n---\n",
    }
    made = teams_view(shop(book(files)).desk("teams/index.md"))
    assert names(made.nodes) == [["Acme", ["Mobile"], ["Squad"], ["Soon gone"]]]
    (gone,) = made.retired
    assert (gone.title.text, gone.since.replace("\u00a0", " ")) == ("Platform", "30 Jun 2026")
    assert gone.was_in and gone.was_in.text == "Acme"


def test_teams_without_a_period() -> None:
    files = {name: text for name, text in COMPANY.items() if not name.startswith("periods")}
    assert (
        "Numbers will stand here with the first period." in only(team_overview_pages, files).words
    )


# --- periods --------------------------------------------------------------------------------


def period(title: str, start: str, end: str, more: str = "state: committed") -> str:
    return f"---\ntitle: {title}\nstart: {start}\nend: {end}\n{more}\n---\n"


PERIODS = {
    **GOALS,
    "periods/2026.md": period("The year", "2026-01-01", "2026-12-31"),
    "periods/2026-q2.md": period("Second", "2026-04-01", "2026-06-30"),
    "periods/2026-q1.md": period(
        "First", "2026-01-01", "2026-03-31", "state: closed\nclosed_on: 2026-04-07"
    ),
    "periods/2026-q4.md": period("Fourth", "2026-10-01", "2026-12-31", "state: draft"),
    "objectives/old.md": objective("Old", BUGS, team="acme", period="2026-q1"),
    "check-ins/old.md": check_in("2026-03-30", "old/bugs: 50"),
}


def test_periods_by_what_they_are() -> None:
    made = only(period_overview_pages, PERIODS)
    assert [name for name in made.dom.ids if name != "okr"] == [
        "running",
        "coming",
        "waiting",
        "closed",
    ]
    assert made.section("running").index("2026-Q3") < made.section("running").index("The year")
    assert "committed, 41 days left" in made.section("running")
    assert "Fourth 1 Oct 2026 to 31 Dec 2026 · draft, starts 1 Oct" in made.section("coming")
    assert "Second" in made.section("waiting")
    assert "closed 7 Apr" in made.section("closed")


def test_a_closed_period_shows_its_score_and_grade() -> None:
    made = only(period_overview_pages, PERIODS)
    closed = made.html.split('id="closed"')[1]
    assert "0.5 50 % of the way 1 Missed 1" in made.section("closed")
    assert "okr-bar okr-is-partial" in closed


def test_of_several_teams_at_the_top_none_has_the_score_of_a_period() -> None:
    made = only(period_overview_pages, {**PERIODS, "teams/zoo.md": "---\ntitle: Zoo\n---\n"})
    assert "0.5" not in made.section("closed") and "1 Missed 1" in made.section("closed")
    assert "okr-bar" not in made.html.split('id="closed"')[1]


def test_no_period_running_is_said() -> None:
    made = only(period_overview_pages, COMPANY, "2027-02-01")
    assert "No period runs on 1 Feb 2027." in made.section("running")
    assert "2026-Q3" in made.section("waiting")


# --- initiatives ----------------------------------------------------------------------------


def initiative(title: str, more: str = "") -> str:
    return f"---\ntitle: {title}\nteam: platform\nowner: ana\n{more}---\n- [x] one\n- [ ] two\n"


WORK = {
    **GOALS,
    "initiatives/one.md": initiative("Refactor the core", "contributes_to: [calm/bugs]\n"),
    "initiatives/two.md": initiative("Upgrade", "due: 2026-08-10\n"),
    "initiatives/three.md": initiative("Later"),
    "initiatives/four.md": initiative("Finished"),
    "check-ins/1.md": check_in(
        "2026-08-03", "", initiatives="{one: doing, two: doing, four: doing}"
    ),
    "check-ins/2.md": check_in(
        "2026-08-11", "", initiatives="{two: {blocked: licence}, four: done}"
    ),
}
FLOW = ["backlog", {"name": "doing", "active": True, "wip": 1}, "review", "done"]


def test_blocked_comes_first_then_what_is_worked_on() -> None:
    made = only(initiative_overview_pages, WORK, workflow=FLOW)
    ids = [name for name in made.dom.ids if name.startswith(("blocked", "state-"))]
    assert ids == ["blocked", "state-2", "state-1", "state-4"]
    assert "10 days, licence" in made.section("blocked")
    assert "Doing 2, 1 of them blocked" in made.section("state-2")
    assert "Upgrade" not in made.section("state-2")
    assert "Backlog 1" in made.section("state-1")


def test_no_unlisted_goal_is_named_beside_its_work() -> None:
    hush = {"objectives/hush.md": objective("Hush", BUGS, visibility="unlisted")}
    serves = "contributes_to: [hush/bugs, calm/more]\n"
    files = {**WORK, **hush, "initiatives/one.md": initiative("Quiet work", serves)}
    made = only(initiative_overview_pages, files)
    assert "Quiet work" in made.words and "More" in made.words
    assert not any("hush" in link for link in made.dom.links) and "Bugs" not in made.words


def test_states_with_counts_and_limits() -> None:
    made = only(initiative_overview_pages, WORK, workflow=FLOW)
    assert "Doing 2 1 over by 1 1 Refactor the core 18 days" in made.section("states")
    assert "Review 0" in made.section("states")
    assert "In progress 2 Blocked 1 Finished 1 since 1 Jul" in made.words
    assert "Cycle time, median 9 days" in made.words
    assert made.page.description == "1 backlog, 2 doing, 1 done, 1 blocked"


def test_without_limits_there_is_no_column_for_them() -> None:
    assert "Limit" not in only(initiative_overview_pages, WORK).section("states")


def test_states_the_workflow_does_not_know_are_shown_too() -> None:
    files = {**GOALS, "initiatives/x.md": initiative("Odd one", "state: parked\n")}
    made = only(initiative_overview_pages, files)
    assert "Parked 1" in made.section("states")


def test_all_of_a_state_blocked() -> None:
    only_blocked = {k: v for k, v in WORK.items() if k != "initiatives/one.md"}
    made = only(initiative_overview_pages, only_blocked)
    assert "All of them are blocked, see above." in made.words


def test_finished_work_folds() -> None:
    many = {f"initiatives/i{n}.md": initiative(f"Work {n}") for n in range(15)}
    done = ", ".join(f"i{n}: done" for n in range(15))
    files = {**GOALS, **many, "check-ins/1.md": check_in("2026-08-03", initiatives=f"{{{done}}}")}
    assert "3 earlier" in only(initiative_overview_pages, files).words


# --- KPIs -----------------------------------------------------------------------------------

KPIS = {
    **COMPANY,
    "kpis/uptime.md": "---\ntitle: Uptime\nteam: platform\nowner: ana\nunit: '%'\n"
    "metric: minutes\nat_least: 99.9\n---\n",
    "kpis/leaving.md": "---\ntitle: Leaving\nat_most: 1.5\n---\n",
    "kpis/free.md": "---\ntitle: Free\n---\n",
    "kpis/unread.md": "---\ntitle: Unread\nat_most: 1\n---\n",
    "check-ins/1.md": check_in("2026-07-06", "", kpis="{uptime: 99.5, leaving: 1, free: 3}"),
    "check-ins/2.md": check_in("2026-07-13", "", kpis="{uptime: 99.9, leaving: 1.6}"),
    "check-ins/3.md": check_in("2026-08-03", "", kpis="{uptime: 99.95, leaving: 1.7}"),
}


def test_kpis_with_value_bound_owner_and_since() -> None:
    made = only(kpi_overview_pages, KPIS)
    assert "Uptime Platform · Ana · minutes 99.95 % ≥ 99.9 % yes since 13 Jul 2026" in made.words
    assert "Leaving 1.7 ≤ 1.5 no since 13 Jul 2026 3 Aug 2026 2 weeks ago" in made.words
    assert "4 health metrics: 1 kept and 1 not kept" in made.words
    assert "../check-ins/2026-w32/#check-in-3" in made.dom.links


def test_kpis_that_are_not_kept_come_first() -> None:
    words = only(kpi_overview_pages, KPIS).words
    places = [words.index(title) for title in ("Leaving", "Unread", "Uptime", "Free")]
    assert places == sorted(places)
    assert "Unread no data ≤ 1 No data" in words
    assert "Free 3 none" in words


def test_the_policy_of_bounds_is_said() -> None:
    assert "on its bound keeps it" in only(kpi_overview_pages, KPIS).words
    strict = only(kpi_overview_pages, KPIS, policy={"bounds": "strict"})
    assert "on its bound does not keep it" in strict.words
    assert "yes since 3 Aug 2026" in strict.words
