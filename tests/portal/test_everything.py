"""The table of everything: which rows, in which order, and what each of them says."""

import re

from okrsite.okr.pipeline import Book
from okrsite.portal.everything import EverythingView, Row, everything_pages, everything_view
from tests.portal.overviews import COMPANY, EVIL, LONG, check_in, objective, overview
from tests.portal.rendering import Rendered, shop
from tests.support import book

BUGS = "id: bugs, title: Bugs, start: 100, target: 0"
PAST = (
    "---\ntitle: 2026-Q2\nstart: 2026-04-01\nend: 2026-06-30\nstate: closed\n"
    "closed_on: 2026-07-02\n---\n"
)
NEXT = "---\ntitle: 2026-Q4\nstart: 2026-10-01\nend: 2026-12-31\n---\n"
GOALS = {
    **COMPANY,
    "periods/2026-q2.md": PAST,
    "periods/2026-q4.md": NEXT,
    "objectives/calm.md": objective("Ship calmly", BUGS, tags="[Quality, the | odd]"),
    "objectives/old.md": objective("Older goal", BUGS, period="2026-q2"),
    "objectives/later.md": objective("Later goal", BUGS, period="2026-q4"),
    "check-ins/a.md": check_in("2026-08-18", "calm/bugs: {value: 57, confidence: 0.6}"),
    "check-ins/b.md": check_in("2026-06-18", "old/bugs: 45"),
}


def view(made: Book) -> EverythingView:
    return everything_view(shop(made).desk("everything.md"))


def page(made: Book) -> Rendered:
    return overview(everything_pages, made)["everything.md"]


def rows(made: Book) -> dict[str, Row]:
    return {row.title.text: row for group in view(made).groups for row in group.rows}


def sieve(made: Book, name: str) -> list[str]:
    found = next(it for it in view(made).sieves if it.name == name)
    return [choice.value for choice in found.choices]


def test_the_running_period_comes_first_then_the_next_then_the_past() -> None:
    found = view(book(GOALS))
    assert [group.title.text for group in found.groups] == ["2026-Q3", "2026-Q4", "2026-Q2"]
    assert [group.running for group in found.groups] == [True, False, False]
    assert found.groups[0].note.replace("\u00a0", " ") == "1 Jul to 30 Sep 2026, 41 days left"
    assert found.total == 6


def test_a_key_result_as_a_row() -> None:
    row = view(book(GOALS)).groups[0].rows[1]
    assert (row.kind, row.title.text, row.status_key) == ("key-result", "Bugs", "at-risk")
    assert row.title.href == "../objectives/calm/#kr-bugs"
    assert (row.team_key, row.owner_key) == ("platform", "ana")
    assert row.progress == "43\u00a0%"
    assert row.style == "--v:43;--e:55"
    assert row.gap == "12\u00a0pts behind"
    assert row.confidence == "0.6"
    assert row.tags == "quality|the / odd"


def test_after_closing_the_score_stands_instead_of_a_gap() -> None:
    past = view(book(GOALS)).groups[-1].rows[0]
    assert (past.progress, past.gap) == ("55\u00a0%", "score 0.6")


def test_no_data_says_what_it_counts_as() -> None:
    unknown = "id: time, title: Time, start: unknown, target: 5"
    made = book({**COMPANY, "objectives/calm.md": objective("Ship calmly", BUGS, unknown)})
    found = rows(made)
    assert (found["Bugs"].progress, found["Bugs"].gap) == ("none", "counted as 0 %")
    assert found["Time"].gap == "not counted"
    assert found["Bugs"].style == ""


def test_what_has_not_begun_has_no_gap() -> None:
    later = view(book(GOALS)).groups[1].rows[0]
    assert (later.status_key, later.gap) == ("not-started", "")


def test_own_team_and_owner_of_a_key_result_win() -> None:
    files = {"objectives/x.md": objective("X", f"{BUGS}, team: mobile, owner: Bo")}
    row = rows(book({**COMPANY, **files}))["Bugs"]
    assert (row.team_key, row.owner_key, row.owner and row.owner.href) == ("mobile", "bo", "")


def test_unlisted_goals_are_left_out() -> None:
    secret = objective("Secret plan", BUGS, visibility="unlisted", team="mobile")
    made = book({**GOALS, "objectives/secret.md": secret})
    assert "Secret plan" not in page(made).words
    assert "secret" not in page(made).html
    assert sieve(made, "team") == ["all", "platform"]


def test_initiatives_stand_with_the_period_of_their_goals() -> None:
    body = "- [x] one\n- [ ] two\n"
    work = "---\ntitle: Refactor\nteam: platform\ncontributes_to: [old, calm/bugs]\n"
    files = {
        "initiatives/core.md": f"{work}due: 2026-08-30\n---\n{body}",
        "initiatives/idea.md": "---\ntitle: Idea\n---\n",
        "check-ins/c.md": check_in(
            "2026-08-19", "", initiatives="{core: {state: doing, blocked: licence}}"
        ),
    }
    found = view(book({**GOALS, **files}))
    core, idea = found.groups[0].rows[-1], found.groups[-1].rows[0]
    assert (core.title.text, core.progress, core.style) == ("Refactor", "1 of 2", "--v:50")
    assert (core.status.word, core.status_key) == ("Blocked", "blocked")
    assert core.gap == "due 30\u00a0Aug"
    assert found.groups[-1].title.text == "Without a period"
    assert (idea.title.text, idea.status.word, idea.progress) == ("Idea", "Backlog", "no tasks")


def test_retired_teams_are_no_choice_but_their_rows_stay() -> None:
    gone = {"teams/mobile.md": "---\ntitle: Mobile\nretired_on: 2026-06-30\n---\n"}
    goal = {"objectives/m.md": objective("Mobile goal", period="2026-q2", team="mobile")}
    made = book({**GOALS, **gone, **goal})
    assert "mobile" not in sieve(made, "team")
    assert 'data-team="mobile"' in page(made).html


def test_choices_are_what_the_rows_have() -> None:
    made = book(GOALS)
    assert sieve(made, "kind") == ["all", "objective", "key-result"]
    assert sieve(made, "owner") == ["all", "ana"]
    assert sieve(made, "status") == ["all", "missed", "at-risk", "not-started"]
    assert sieve(made, "tag") == ["all", "quality", "the / odd"]
    assert sieve(made, "period") == ["now", "all", "2026-q3", "2026-q4", "2026-q2"]


def test_without_a_running_period_all_are_shown() -> None:
    made = book(GOALS, "2027-02-01")
    assert sieve(made, "period")[0] == "all"
    assert [group.title.text for group in view(made).groups] == ["2026-Q4", "2026-Q3", "2026-Q2"]


def test_the_company_comes_first() -> None:
    top = {"objectives/zz.md": objective("Top", team="acme")}
    assert view(book({**GOALS, **top})).groups[0].rows[0].title.text == "Top"


def test_far_beyond_the_target_the_bar_stays_within() -> None:
    kr = "id: bugs, title: Bugs, start: 0, target: 10"
    for value, progress, bar in (("190", "1900\u00a0%", 100), ("-190", "−1900\u00a0%", 0)):
        files = {"objectives/x.md": objective("X", kr)}
        files["check-ins/a.md"] = check_in("2026-08-18", f"x/bugs: {value}")
        row = rows(book({**COMPANY, **files}))["Bugs"]
        assert (row.progress, row.style) == (progress, f"--v:{bar};--e:55")


def test_hostile_and_long_titles_stay_words() -> None:
    files = {"objectives/x.md": objective(f"{EVIL} {LONG}", f'{BUGS}, owner: "{EVIL}"')}
    made = page(book({**COMPANY, **files}))
    assert EVIL in made.words
    assert f'data-owner="{"&lt;script&gt;alert(1)&lt;/script&gt;"}"' in made.html


def test_without_goals_it_says_what_will_stand_here() -> None:
    made = page(book({}))
    assert "No goals yet" in made.words
    assert "form" not in made.dom.tags


def test_a_row_stays_lean() -> None:
    """5,000 rows must stay within 3 MB."""
    made = page(book(GOALS)).html
    lengths = [len(row) for row in re.findall(r"<tr[^>]* data-kind=.*?</tr>", made)]
    assert len(lengths) == 6
    assert max(lengths) < 560


def test_the_filter_is_hidden_until_a_script_runs() -> None:
    made = page(book(GOALS))
    assert re.search(r'<form class="okr-sieve"[^>]* hidden>', made.html)
    assert " hidden" not in re.sub(r"<(form|p)[^>]* hidden>", "", made.html)
    assert made.page.search.startswith("<h1>Everything")
