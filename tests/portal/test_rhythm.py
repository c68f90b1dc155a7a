"""The check-in rhythm: windows, what keeps one, what is late, and whose it is."""

from datetime import date

import pytest

from okrsite.okr.pipeline import Book
from okrsite.okr.rhythm import rhythm_of, windows
from okrsite.portal.rhythm import Rhythm, rhythm
from tests.portal.overviews import COMPANY, check_in, objective
from tests.portal.rendering import shop
from tests.support import book

KR = "id: bugs, title: Bugs, start: 100, target: 0"
GOALS = {**COMPANY, "objectives/calm.md": objective("Ship calmly", KR)}


def of(made: Book, last: int = 7, teams: tuple[str, ...] | None = None) -> Rhythm:
    desk = shop(made).desk("check-ins/index.md")
    return rhythm(desk, made.portfolio.periods["2026-q3"], teams, last)


def beats(
    *days: str, as_of: str = "2026-08-20", cadence: int = 7, values: str = "calm/bugs: 90"
) -> list[str]:
    files = {f"check-ins/{i}.md": check_in(day, values) for i, day in enumerate(days)}
    made = of(book({**GOALS, **files}, as_of, cadence=cadence), last=4)
    assert [row.team.text for row in made.rows] == ["Platform"]
    return [beat.word for beat in made.rows[0].beats]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((), ["missed", "missed", "missed", "not due yet"]),
        (("2026-08-19",), ["missed", "missed", "missed", "on time"]),
        # A Monday and a Sunday are both within their week.
        (("2026-07-27", "2026-08-09", "2026-08-10"), ["on time", "on time", "on time", ""]),
        # One check-in answers for one week only ...
        (("2026-07-28", "2026-08-11"), ["on time", "missed", "on time", ""]),
        # ... and one more in the first half of the next week makes up for a week without.
        (("2026-07-28", "2026-08-11", "2026-08-14"), ["on time", "late", "on time", ""]),
        # Not one in the second half.
        (("2026-07-28", "2026-08-13", "2026-08-14"), ["on time", "missed", "on time", ""]),
    ],
)
def test_weeks(days: tuple[str, ...], expected: list[str]) -> None:
    assert beats(*days) == [word or "not due yet" for word in expected]


def test_the_running_week_is_not_missed_on_its_last_day() -> None:
    assert beats(as_of="2026-08-23")[-1] == "not due yet"
    assert beats(as_of="2026-08-24")[-2:] == ["missed", "not due yet"]


def test_after_the_last_week_one_check_in_is_enough_to_be_late() -> None:
    assert beats("2026-09-29", as_of="2026-10-20")[-1] == "late"
    assert beats("2026-10-02", as_of="2026-10-20")[-1] == "missed"


def test_a_correction_is_no_check_in() -> None:
    wrong = check_in("2026-08-12", "calm/bugs: 90", corrects="a")
    files = {"check-ins/a.md": check_in("2026-08-04", "calm/bugs: 9"), "check-ins/b.md": wrong}
    (row,) = of(book({**GOALS, **files})).rows
    assert [beat.word for beat in row.beats][-3:] == ["on time", "missed", "not due yet"]


@pytest.mark.parametrize(
    "said",
    [
        check_in("2026-08-19", "", author="ana"),
        check_in("2026-08-19", "", author="someone", team="platform"),
        check_in("2026-08-19", "calm/bugs: 90", author="someone"),
    ],
)
def test_by_whom_a_week_is_kept(said: str) -> None:
    (row,) = of(book({**GOALS, "check-ins/a.md": said})).rows
    assert row.beats[-1].css == "kept"
    assert row.on_time == "1 of 7"


def test_on_time_is_counted_of_the_whole_period_as_in_its_review() -> None:
    days = ("2026-07-06", "2026-07-13", "2026-09-22")
    said = {f"check-ins/{day}.md": check_in(day, "calm/bugs: 90") for day in days}
    ended = book({**GOALS, **said}, "2026-10-20")
    made, kept = of(ended), rhythm_of(ended, ended.portfolio.periods["2026-q3"])["platform"]
    (row,) = made.rows
    assert row.on_time == f"{kept.kept} of {kept.due}" == "3 of 12"
    assert len(row.beats) == len(made.windows) == 7
    assert (
        made.counted.replace("\u00a0", " ")
        == "On time counts all 12 weeks, 6 Jul to 27 Sep; shown are the last 7."
    )
    assert of(ended, last=12).counted == ""


def test_others_do_not_keep_it() -> None:
    said = check_in("2026-08-19", "", author="hana", team="acme")
    (row,) = of(book({**GOALS, "check-ins/a.md": said})).rows
    assert row.beats[-1].css == ""
    assert row.on_time == "0 of 6"


def test_teams_are_those_with_key_results_in_the_order_of_the_organisation() -> None:
    others = {
        "objectives/top.md": objective("Top", KR, team="acme"),
        "objectives/none.md": objective("No key results", team="mobile"),
        "objectives/shared.md": objective("Shared", f"{KR}, team: mobile", team="acme"),
        "objectives/secret.md": objective("Secret", KR, team="hidden", visibility="unlisted"),
        "teams/hidden.md": "---\ntitle: Hidden\nparent: acme\n---\n",
    }
    made = book({**GOALS, **others})
    assert [row.team.text for row in of(made).rows] == ["Acme", "Mobile", "Platform"]
    assert [row.team.text for row in of(made, teams=("platform", "hidden")).rows] == ["Platform"]


def test_a_retired_team_owes_nothing_from_then_on() -> None:
    gone = {"teams/platform.md": "---\ntitle: Platform\nretired_on: 2026-08-07\n---\n"}
    (row,) = of(book({**GOALS, **gone}), last=3).rows
    assert [beat.word for beat in row.beats] == ["not due", "not due", "not due"]
    assert row.on_time == "0 of 4"


def test_windows_are_whole_weeks_of_the_period() -> None:
    period = book(COMPANY).portfolio.periods["2026-q3"]
    found = windows(period, 7, date(2026, 12, 31))
    assert (found[0].start, found[-1].end) == (date(2026, 7, 6), date(2026, 9, 27))
    assert len(found) == 12
    assert windows(period, 7, date(2026, 6, 1)) == ()
    assert windows(period, 7, date(2026, 7, 5)) == ()
    assert [w.end for w in windows(period, 14, date(2026, 8, 1))][-1] == date(2026, 8, 2)
    assert windows(period, 3, date(2026, 7, 2))[0].start == period.start


def test_nothing_is_asked_for_before_the_goals_are_committed() -> None:
    period = book(COMPANY).portfolio.periods["2026-q3"]
    late = period.model_copy(update={"committed_on": date(2026, 8, 5)})
    assert windows(late, 7, date(2026, 12, 31))[0].start == date(2026, 8, 10)
    assert windows(late, 7, date(2026, 8, 9)) == ()
    never = period.model_copy(update={"committed_on": date(2027, 1, 1)})
    assert windows(never, 7, date(2026, 12, 31)) == ()
    assert len(windows(period, 366, date(2026, 8, 1))) == 0


def test_heads_lead_to_the_week_where_there_is_one() -> None:
    made = of(book({**GOALS, "check-ins/a.md": check_in("2026-08-11", "calm/bugs: 90")}))
    assert [head.text for head in made.windows] == ["28", "29", "30", "31", "32", "33", "34"]
    assert [head.href for head in made.windows][-2:] == ["2026-w33/", ""]


def test_other_cadences_name_their_days() -> None:
    made = of(book(GOALS, cadence=3), last=2)
    assert made.head == "Team, until"
    assert [head.text for head in made.windows] == ["17\u00a0Aug", "20\u00a0Aug"]
    assert "every 3\u00a0days" in made.rule


def test_before_the_first_window_there_are_no_rows() -> None:
    assert of(book(GOALS, "2026-07-03")).rows == ()
