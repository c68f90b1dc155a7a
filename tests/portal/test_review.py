"""The review of a closed period: its scores, its goals as promised and as closed, its record."""

import re
from datetime import date
from fractions import Fraction
from hashlib import sha256

import pytest

from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.history import History
from okrsite.okr.past.versions import Event
from okrsite.portal.cycles import period_overview_pages
from okrsite.portal.data import export
from okrsite.portal.home import home_pages
from okrsite.portal.period import period_pages
from okrsite.portal.review import FEWEST, review_pages
from okrsite.portal.trends import trends_pages
from tests.portal.overviews import checked
from tests.portal.rendering import Rendered, rendered, said, shop
from tests.portal.snapshots import book_with, published, read_book, sources_of

Q2 = (
    "---\ntitle: Second quarter\nstart: 2026-04-01\nend: 2026-06-30\nstate: closed\n"
    "committed_on: 2026-04-02\nclosed_on: 2026-07-07\n---\n## Review\n\nWe learned to ask.\n"
)
Q3 = (
    "---\ntitle: Third quarter\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n"
    "committed_on: 2026-07-03\n---\n"
)
TRUST = (
    "---\ntitle: Clinics trust us\nperiod: q2\nteam: acme\nowner: ana\nkey_results:\n"
    "  - {id: bugs, title: Open bugs, unit: bugs, start: 100, target: 40}\n"
    "  - {id: calls, title: Calls kept short, unit: minutes, at_most: 5}\n"
    "  - {id: steps, title: Plan done, milestones: "
    "[{id: a, title: First, weight: 2}, {id: b, title: Second}], weight: 2}\n"
    "---\nWhy.\n"
)
GROW = (
    "---\ntitle: Grow\nperiod: q2\nteam: sales\nambition: aspirational\nkey_results:\n"
    "  - {id: deals, title: Deals, start: 0, target: 10}\n"
    "  - {id: fair, title: A stand at the fair, done_when: We stood there}\n---\n"
)
LOST = (
    "---\ntitle: Lost\nperiod: q2\nteam: sales\nkey_results:\n"
    "  - {id: n, title: Never measured, start: 0, target: 10}\n---\n"
)
AMENDED = (
    "---\ndate: 2026-05-10\nauthor: ana\nsubject: trust/bugs\nfield: target\nwas: 30\nnow: 40\n"
    "approved_by: Bo\n---\nThe *old* count was wrong.\n"
)
NEXT = "---\ntitle: Clinics love us\nperiod: q3\nteam: acme\ncontinues: trust\n---\n"


def check_in(day: str, values: str, note: str = "Note.") -> str:
    return f"---\ndate: {day}\nauthor: ana\nkey_results: {{{values}}}\n---\n{note}\n"


FILES = {
    "periods/q2.md": Q2,
    "periods/q3.md": Q3,
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "teams/sales.md": "---\ntitle: Sales\nparent: acme\n---\n",
    "people/ana.md": "---\ntitle: Ana Lima\n---\n",
    "objectives/trust.md": TRUST,
    "objectives/grow.md": GROW,
    "objectives/lost.md": LOST,
    "objectives/love.md": NEXT,
    "amendments/bugs.md": AMENDED,
    "check-ins/1.md": check_in("2026-05-04", "trust/bugs: 90, lost/n: 4", "Slow **start**."),
    "check-ins/2.md": check_in(
        "2026-06-29",
        "trust/bugs: {value: 55, score: 0.6}, trust/calls: 4, trust/steps: {done: [a]}, "
        "grow/deals: 7, grow/fair: {status: dropped}",
    ),
}


def page(files: dict[str, str] | None = None, *names: str) -> Rendered:
    made = book_with({**FILES, **(files or {})}, *(names or ("q2/closed",)))
    return rendered(review_pages, made, "q2")


def test_the_head_has_the_answer() -> None:
    words = page().words
    # bugs (55 - 100) / (40 - 100) = 75 %, calls kept, steps 2 of 3 at double weight:
    # (75 + 100 + 2 * 66.7) / 4 = 77.1 %
    assert "0.8 green Company score, 77 % of the way" in words.replace("0.8green", "0.8 green")
    assert "Quarter review" in words
    assert "Committed goals met 0 of 2" in words
    assert "Objectives 3 with 6 key results" in words
    assert "Goalposts moved 1 Closed on 7 Jul 2026" in words


SEVERAL = {"teams/sales.md": "---\ntitle: Sales\n---\n"}


def test_of_several_teams_at_the_top_each_has_its_score_and_name() -> None:
    words = page(SEVERAL).words.replace("green", "green ").replace("red", "red ")
    head = words[: words.index("Committed goals met")]
    assert "Acme score, 77 % of the way" in head and "Sales score, 18 % of the way" in head
    assert "Company" not in head


def test_of_many_teams_at_the_top_the_table_tells() -> None:
    row = "key_results: [{id: n, title: N, start: 0, target: 10}]"
    many = {f"teams/t{n}.md": f"---\ntitle: T{n}\n---\n" for n in range(4)}
    goals = {
        f"objectives/t{n}.md": f"---\ntitle: G{n}\nperiod: q2\nteam: t{n}\n{row}\n---\n"
        for n in range(4)
    }
    seen = page({**many, **goals})
    assert "okr-big" not in seen.html
    assert "T3" in seen.section("scores")


def test_scores_by_team_and_by_ambition() -> None:
    scores = page().section("scores")
    assert "Acme committed 1 0.8 77 % of the way green Missed 1 1" in scores
    # deals 70 % and a dropped one without data, counted as 0: 35 %; `lost` has no data: 0.
    assert "Sales 2 0.2 18 % of the way red Partial 1 No data 1" in scores
    assert "committed 1 none counted as 0 % no grade No data 1" in scores
    assert "aspirational 1 0.4 35 % of the way yellow" in scores


def test_committed_against_aspirational() -> None:
    outcome = page().section("outcome")
    assert "Committed needs 1.0 at close 1 green 0 of 2 0 1 1" in outcome
    assert "Aspirational 0.7 is a success 1 yellow 0 of 1 1 0 0" in outcome


def test_promised_changed_and_closed() -> None:
    goals = page().section("goals")
    assert "Open bugs 100 → 30 bugs target 30 → 40 bugs 10 May, easier 55 bugs" in goals
    assert "75 % of the way, score 0.8 Missed owner: score 0.6" in goals
    assert "The *old* count was wrong. Ana Lima, approved by Bo" in goals
    assert "Calls kept short ≤ 5 minutes 4 minutes 100 % of the way, score 1.0 Achieved" in goals
    assert "Plan done weight 2 2 milestones 1 of 2 milestones 67 % of the way" in goals
    assert "A stand at the fair We stood there no data counted as 0 % Dropped" in goals


def test_what_was_never_closed_has_no_data_and_its_last_known_value() -> None:
    goals = page().section("goals")
    assert (
        "Never measured 0 → 10 no data counted as 0 % "
        "last known 4, 40 % of the way on 4 May No data" in goals
    )
    assert "1 check-in, and why there is no number No closing check-in: no data" in goals


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("from: nps, at_least: 5", "No value of its KPI, and why there is no number"),
        ("from: objectives", "No number below it, and why there is no number"),
        ("from: initiatives", "No work for it, and why there is no number"),
        ("start: 0, target: 10", "No check-in, and why there is no number"),
    ],
)
def test_what_nobody_said_is_called_by_what_was_to_be_said(measure: str, words: str) -> None:
    fed = GROW.replace("title: Deals, start: 0, target: 10", f"title: Deals, {measure}")
    kpi = "---\ntitle: NPS\nunit: points\n---\n"
    silent = check_in("2026-06-29", "trust/bugs: 55, trust/calls: 4, trust/steps: {done: [a]}")
    files = {**FILES, "objectives/grow.md": fed, "kpis/nps.md": kpi, "check-ins/2.md": silent}
    assert words in page(files).section("goals")


def test_how_it_is_computed_and_what_was_said() -> None:
    goals = page().section("goals")
    assert "2 check-ins, and how 75 % is computed (55 − 100) ÷ (40 − 100) = 75.0 %" in goals
    assert "4 May 90 Slow start. 29 Jun 55, score 0.6 Note." in goals
    assert "29 Jun 4 (note above)" in goals, "a note is told once an objective"
    assert "4 keeps ≤ 5 minutes = 100.0 %" in goals
    assert "(2) ÷ (2 + 1) = 66.7 %" in goals
    assert "77 % of the way: 308.3 ÷ 4 = 77.1 %" in goals


def test_the_committed_record_says_what_was_promised() -> None:
    before = {**FILES, "amendments/bugs.md": ""}
    before["objectives/trust.md"] = TRUST.replace("target: 40", "target: 25").replace(
        "  - {id: calls", "  - {id: old, title: Old one, start: 0, target: 3}\n  - {id: calls"
    )
    before["objectives/gone.md"] = LOST.replace("Lost", "Gone by May")
    del before["amendments/bugs.md"]
    sources = published(sources_of(before), "q2/committed")
    kept = {path: raw for path, raw in sources.items() if path.startswith("snapshots/")}
    after = published({**sources_of(FILES), **kept}, "q2/closed")
    seen = rendered(review_pages, read_book(after), "q2")
    goals = seen.section("goals")
    assert "Promised is what the record q2/committed says." in goals
    assert "Open bugs 100 → 25 bugs" in goals
    assert "Promised and taken out. Old one: 0 → 3" in goals
    assert "Gone by May (promised, and taken out since)" in seen.section("gone")
    assert "; 1 more promised, and taken out" in seen.words
    # 45 bugs fewer are 60 % of the way to 25 and 75 % of that to 40. In one order of the causes the
    # target brought 15 points, in the other none: 7.5.
    assert "+75.0 pts since the commitment: +67.5 work, +7.5 moved goalposts" in goals


def test_a_change_without_a_reason_is_called_so() -> None:
    change = FieldChange(
        commit="c" * 40,
        author="Ana Lima",
        day=date(2026, 5, 20),
        path="objectives/grow.md",
        kind="objectives",
        subject="grow/deals",
        field="target",
        was=Fraction(20),
        now=Fraction(10),
        event=Event.CHANGED,
        period="q2",
        arrival="c" * 40,
    )
    history = History(changes=(change,), known=True)
    sources = published(sources_of(FILES), "q2/closed", history)
    goals = rendered(review_pages, read_book(sources), "q2").section("goals")
    assert "Deals 0 → 20 target 20 → 10 20 May, easier no reason given 7" in goals


def changed(kind: str, subject: str, field: str, was: object, now: object) -> FieldChange:
    return FieldChange(
        commit="d" * 40,
        author="Ana Lima",
        day=date(2026, 5, 21),
        path=f"{kind}/{subject.partition('/')[0]}.md",
        kind=kind,
        subject=subject,
        field=field,
        was=was,
        now=now,
        event=Event.CHANGED,
        period="q2",
        arrival="d" * 40,
    )


def test_the_moved_goalposts_of_teams_and_the_rest_add_up() -> None:
    alone = (
        "---\ntitle: Alone\nperiod: q2\nkey_results:\n"
        "  - {id: n, title: N, start: 0, target: 1}\n---\n"
    )
    hidden = alone.replace("Alone", "Hidden").replace("---\n", "---\nvisibility: unlisted\n", 1)
    files = {**FILES, "objectives/alone.md": alone, "objectives/hidden.md": hidden}
    changes = (
        changed("objectives", "grow/deals", "target", Fraction(20), Fraction(10)),
        changed("objectives", "alone/n", "target", Fraction(2), Fraction(1)),
        changed("objectives", "hidden/n", "target", Fraction(2), Fraction(1)),
        changed("periods", "q2", "end", date(2026, 6, 20), date(2026, 6, 30)),
        changed("periods", "q2", "committed_on", None, date(2026, 4, 2)),
    )
    history = History(changes=changes, known=True)
    book_ = read_book(published(sources_of(files), "q2/closed", history))
    seen = rendered(review_pages, book_, "q2")
    assert "Goalposts moved 5 4 without a reason, 1 of goals that are not listed" in seen.words
    scores = seen.section("scores")
    assert (
        "Of the 5 moved goalposts 3 stand in no row: 1 of the period itself, 2 of goals" in scores
    )
    assert "or work that no team here has." in scores
    (trends,) = trends_pages(shop(book_))
    moved = checked(trends).section("moved")
    assert "Acme 1" in moved
    assert "Sales 1" in moved
    assert "In no row: of the period, or of no team here 3" in moved
    assert "All teams and the rest 5" in moved


def test_where_each_move_is_of_a_team_nothing_is_said_of_the_rest() -> None:
    seen = page()
    assert "stand in no row" not in seen.words
    assert "not listed" not in seen.words


def test_what_went_on_and_what_did_not() -> None:
    seen = page()
    assert "Clinics trust us goes on as Clinics love us, Third quarter" in seen.section("carried")
    assert "A stand at the fair." in seen.section("gone")
    assert "Grow; Lost." in seen.section("ended")


def test_the_record_can_be_checked() -> None:
    sources = published(sources_of(FILES), "q2/closed")
    seen = rendered(review_pages, read_book(sources), "q2")
    proof = seen.section("record")
    manifest = sources["snapshots/q2/closed/manifest.json"]
    assert f"SHA-256 {sha256(manifest).hexdigest()}" in proof
    assert "0123456" in proof
    assert "okrsite snapshot verify q2/closed" in proof
    assert "../../snapshots/q2/closed/record.json" in seen.dom.links
    assert "../../snapshots/q2/closed/manifest.json" in seen.dom.links


def test_only_the_record_speaks() -> None:
    sources = published(sources_of(FILES), "q2/closed")
    other = sources_of({"objectives/trust.md": TRUST.replace("Open bugs", "Closed bugs")})
    text = sources_of({"periods/q2.md": Q2.replace("learned", "forgot")})
    seen = rendered(review_pages, read_book({**sources, **other, **text}), "q2")
    assert "Open bugs" in seen.words
    assert "Closed bugs" not in seen.words


def test_places_and_search() -> None:
    seen = page()
    assert {"goal-trust", "goal-trust.bugs", "goal-grow.fair"} <= set(seen.dom.ids)
    _, _, of_trust = seen.page.search.partition('id="goal-trust">Clinics trust us')
    assert "Open bugs" in of_trust.partition("<h2")[0]


def test_a_page_that_could_not_hold_all_check_ins_shows_the_last_of_each_key_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = range(10, 16)
    more = {f"check-ins/{day}.md": check_in(f"2026-05-{day}", f"trust/bugs: {day}") for day in days}
    whole = page(more).words
    assert "10 May 10" in whole and "more in the record" not in whole
    monkeypatch.setattr("okrsite.portal.review.MOST_CHECK_INS", 4)
    seen = page(more).words
    assert "10 May 10" not in seen and "15 May 15" in seen
    amount = re.search(r"(\d+) check-ins, and how .*? The last ones; (\d+) more", seen)
    assert amount and int(amount[1]) - int(amount[2]) == FEWEST


def test_goals_whose_names_read_alike_have_places_of_their_own() -> None:
    twin = GROW.replace("title: Grow", "title: Twin").replace("team: sales", "team: acme")
    seen = page({"objectives/trust-bugs.md": twin})
    assert {"goal-trust.bugs", "goal-trust-bugs"} <= set(seen.dom.ids)


def test_a_goal_that_is_not_listed_is_not_named() -> None:
    seen = page({"objectives/lost.md": LOST.replace("team: sales", "visibility: unlisted")})
    assert "Lost" not in seen.words
    assert "Never measured" not in seen.page.search


def test_hostile_and_long_words_are_escaped_and_cut() -> None:
    files = {
        "objectives/trust.md": TRUST.replace("Open bugs", '"<img src=x onerror=alert(1)>"'),
        "check-ins/1.md": check_in("2026-05-04", "trust/bugs: 90", "<script>x</script> " * 40),
        "amendments/bugs.md": AMENDED.replace("Bo", '"<b>Bo"'),
    }
    seen = page(files)
    assert "<img" not in seen.html
    assert "<script" not in seen.html
    assert "<b>Bo" not in seen.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in seen.html


def test_without_a_text_it_says_so() -> None:
    seen = page({"periods/q2.md": Q2.split("## Review", maxsplit=1)[0]})
    assert "Nothing was written in this period's file" in seen.words


def test_a_closed_period_without_a_record_keeps_its_page() -> None:
    made = book_with(FILES)
    assert not list(review_pages(shop(made)))
    assert "What came of it" in rendered(period_pages, made, "q2").words


@pytest.mark.parametrize("day", ["2026-07-06", "2026-07-07"])
def test_on_a_day_before_the_record_there_is_no_review(day: str) -> None:
    sources = published(sources_of(FILES), "q2/closed")
    names = [p.uri for p in period_pages(shop(read_book(sources, day)))]
    assert ("periods/q2.md" in names) is (day == "2026-07-06")


def test_the_overview_says_which_periods_are_not_recorded() -> None:
    q1 = Q2.replace("Second", "First").replace("2026-04-01", "2026-01-01")
    q1 = q1.replace("2026-06-30", "2026-03-31").replace("2026-07-07", "2026-04-08")
    files = {**FILES, "periods/q1.md": q1.replace("2026-04-02", "2026-01-05")}
    made = read_book(published(sources_of(files), "q2/closed"))
    words = said(next(iter(period_overview_pages(shop(made)))).html)
    assert "closed 8 Apr, not recorded yet" in words
    assert "closed 7 Jul 0.8 77 % of the way" in words


def test_what_a_kpi_feeds_has_its_unit_and_a_score_its_decimal() -> None:
    files = {
        "kpis/nps.md": "---\ntitle: NPS\nunit: points\n---\n",
        "objectives/lost.md": LOST.replace(
            "  - {id: n, title: Never measured, start: 0, target: 10}",
            "  - {id: n, title: Loved, start: 0, target: 100, from: nps}",
        ),
        "check-ins/1.md": check_in("2026-05-04", "trust/bugs: {value: 90, score: 1}"),
        "check-ins/3.md": "---\ndate: 2026-06-29\nkpis: {nps: 88}\n---\n",
    }
    goals = page(files).section("goals")
    assert "Loved 0 → 100 points 88 points" in goals
    assert "4 May 90, score 1.0" in goals


def test_what_was_not_achieved_is_called_so_and_check_ins_on_time_are_explained() -> None:
    shown = page()
    assert "Not achieved, and not carried on Grow; Lost." in said(shown.html)
    assert (
        "A team owes a check-in in each whole span of 7 days, from a Monday on,"
        in shown.section("scores")
    )


def test_once_a_period_is_over_the_home_page_speaks_of_its_own_review() -> None:
    made = published(sources_of(FILES), "q2/closed")
    bare = {path: raw for path, raw in made.items() if "love" not in path and "q3" not in path}
    words = said(next(iter(home_pages(shop(read_book(bare))))).html)
    assert "Last quarter: Second quarter" in words and words.count("Last quarter") == 1
    assert "Its review: Second quarter closed at 0.8 green" in words
    words = said(next(iter(home_pages(shop(read_book(made, "2026-10-20"))))).html)
    assert "Last quarter: Third quarter" in words and words.count("Last quarter") == 1
    assert "The quarter before: Second quarter closed at 0.8 green" in words


def test_the_home_page_leads_to_the_last_review() -> None:
    made = read_book(published(sources_of(FILES), "q2/closed"))
    words = said(next(iter(home_pages(shop(made)))).html)
    assert "Last quarter: Second quarter closed at 0.8 green, 0 of 2 committed goals met." in words
    several = read_book(published(sources_of({**FILES, **SEVERAL}), "q2/closed"))
    words = said(next(iter(home_pages(shop(several)))).html)
    assert "Second quarter, Acme closed at 0.8 green, Sales closed at 0.2 red, 0 of 2" in words


def test_machines_are_told_of_every_snapshot() -> None:
    sources = published(published(sources_of(FILES), "q2/committed"), "q2/closed")
    told = export(read_book(sources))["snapshots"]
    assert [(row["name"], row["as_of"], row["record"]) for row in told] == [
        ("q2/committed", "2026-04-02", "snapshots/q2/committed/record.json"),
        ("q2/closed", "2026-07-07", "snapshots/q2/closed/record.json"),
    ]
    manifest = sources["snapshots/q2/closed/manifest.json"]
    assert told[1]["sha256"] == sha256(manifest).hexdigest()
    assert told[1]["commit"].startswith("0123456")
    assert export(read_book(sources, "2026-05-01"))["snapshots"] == told[:1]
