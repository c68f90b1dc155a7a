"""What a check-in does to the numbers, before → after, up to the top of the cascade."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from okrsite.edit.checking_in.check_in import NewCheckIn, NewMove, NewUpdate, check_in_text
from okrsite.edit.checking_in.last_word import correction, overruled
from okrsite.edit.effect import (
    BESIDE,
    About,
    Effect,
    Moved,
    Standing,
    effect,
    new_errors,
    with_edit,
)
from okrsite.edit.writing import Edit
from okrsite.okr.pipeline import Book, load
from okrsite.okr.status import Status
from okrsite.reports.effect import effect_text
from tests.edit.company import DAY, FILES, here
from tests.support import book

PATH = "check-ins/2026-08-20-ana.md"
STRICT = {"OKR501": "error"}
AMENDED = (
    "---\ndate: 2026-08-20\nauthor: ana\nsubject: calm/bugs\nfield: target\nwas: 60\nnow: 80\n---\n"
)
BUGS = NewCheckIn(DAY, "ana", key_results={"calm/bugs": NewUpdate(Fraction(60))})


def of(new: NewCheckIn, before: Book | None = None, path: str = PATH) -> tuple[Effect, Book]:
    before = before or here()
    after = with_edit(before, Edit({path: check_in_text(new)}))
    about = About(tuple(new.key_results), tuple(new.kpis), tuple(new.initiatives))
    return effect(before, after, about), after


def test_the_key_result_its_objective_and_all_above_it() -> None:
    found, _ = of(BUGS)
    told = {
        goal.ref: (goal.level, goal.before and goal.before.progress, goal.after.progress)
        for goal in found.goals
    }
    assert told == {
        "calm/bugs": (0, Fraction(3, 5), Fraction(1)),
        "calm": (1, Fraction(3, 25), Fraction(1, 5)),
        "trust/promises": (1, Fraction(3, 25), Fraction(1, 5)),
        "trust": (2, Fraction(3, 25), Fraction(1, 5)),
        "teams/acme in 2026-q3": (BESIDE, Fraction(3, 25), Fraction(1, 5)),
        "teams/platform in 2026-q3": (BESIDE, Fraction(1, 25), Fraction(1, 15)),
    }
    bugs = found.goals[0]
    assert bugs.before and (bugs.before.value, bugs.after.value) == (Fraction(108), Fraction(60))
    assert bugs.after.status is Status.ON_TRACK


def test_a_kpi_and_an_initiative_move_what_reads_them() -> None:
    new = NewCheckIn(
        DAY, "ana", kpis={"uptime": Fraction("99.95")}, initiatives={"engine": NewMove("done")}
    )
    found, _ = of(new)
    moved = [goal.ref for goal in found.goals if goal.before != goal.after and goal.level >= 0]
    assert moved == ["calm/uptime", "nights/work", "calm", "nights", "trust/promises", "trust"]
    others = {item.ref: (item.before, item.after) for item in found.others}
    assert others == {
        "uptime": (None, Fraction("99.95")),
        "engine": ("doing, blocked: the licence", "done"),
    }


def test_the_numbers_are_those_that_a_whole_load_has() -> None:
    found, after = of(BUGS)
    whole = load(after.parsed.raw, after.settings, DAY).scorecard
    for goal in found.goals:
        if goal.level == BESIDE:
            continue
        key_result = whole.key_results.get(goal.ref)
        score = key_result or whole.objectives[goal.ref]
        assert (goal.after.progress, goal.after.status) == (score.progress, score.status)


def test_told_in_words_with_what_stood_still_in_one_line() -> None:
    text = effect_text(of(BUGS)[0])
    assert text.splitlines()[:3] == [
        "Bugs that reach clinics (calm/bugs): 108 → 60 a month",
        "  progress 60 % → 100 %, 5 pts ahead → 45 pts ahead, on track",
        "  at this pace 109 % → 182 % by the end",
    ]
    assert "above: Clinics trust us (trust)" in text
    still = NewCheckIn(DAY, "ana", key_results={"calm/bugs": NewUpdate(None, Fraction("0.4"))})
    last = effect_text(of(still)[0]).splitlines()[-1]
    assert last == "Not moved: Ship with fewer surprises, Promises kept and Clinics trust us"
    first = NewCheckIn(DAY, "ana", key_results={"nights/pages": NewUpdate(Fraction(10))})
    assert "progress no data → 67 %" in effect_text(of(first)[0])


def test_a_closed_team_has_a_grade_and_a_goal_a_status() -> None:
    ended = Standing(Fraction(3, 4), None, Status.ACHIEVED, None, score=Fraction(8, 10))
    rows = (Moved(ref, "T", 0, None, ended) for ref in ("teams/core in q", "calm"))
    _, team, _, goal = effect_text(Effect(tuple(rows), ())).splitlines()
    assert "green" in team and "achieved" in goal


def test_a_long_title_is_cut_between_two_words_on_a_line_of_a_terminal() -> None:
    goal = replace(of(BUGS)[0].goals[0], title="A clinic " * 20)
    head = effect_text(Effect((goal,), ())).splitlines()[0]
    assert head == f"{'A clinic ' * 7}A … (calm/bugs): 108 → 60 a month"


def test_another_word_of_that_day_or_later_is_told() -> None:
    later = {"check-ins/2026-08-20-zoe.md": check_in_text(BUGS)}
    before = here(later)
    _, after = of(BUGS, before)
    (word,) = overruled(after, PATH, BUGS)
    assert (word.subject.ref, word.check_in, word.tied) == ("calm/bugs", "2026-08-20-zoe", True)
    assert correction(BUGS, word) == "okrsite checkin calm/bugs 60 --corrects 2026-08-20-zoe"
    judged = replace(
        BUGS, key_results={"calm/bugs": NewUpdate(Fraction(60), score=Fraction("0.7"))}
    )
    assert "calm/bugs 60 --score 0.7 --corrects" in correction(judged, word)
    old = replace(BUGS, date=date(2026, 8, 4))
    _, late = of(old, path="check-ins/2026-08-04-ana.md")
    (word,) = overruled(late, "check-ins/2026-08-04-ana.md", old)
    assert (word.check_in, word.tied) == ("2026-08-18-ana", False)
    _, alone = of(BUGS)
    assert list(overruled(alone, PATH, BUGS)) == []


def test_new_errors_are_those_that_only_the_change_brings() -> None:
    wrong = NewCheckIn(DAY, "ana", key_results={"calm/audit": NewUpdate(Fraction(7))})
    edit = Edit({PATH: check_in_text(wrong)})
    for before in (here(), here({"check-ins/2026-08-19-bo.md": check_in_text(wrong)})):
        found = new_errors(before, with_edit(before, edit), edit)
        assert [(f.path, f.code) for f in found] == [(PATH, "OKR105")]


def test_what_only_a_site_calls_an_error_in_another_file_does_not_stand_in_the_way() -> None:
    child = FILES["objectives/nights.md"].replace("team:", "parent: calm/bugs\nteam:")
    made = book({**FILES, "objectives/nights.md": child}, rules=STRICT)
    moved = FILES["objectives/calm.md"].replace("target: 60", "target: 80")
    edit = Edit({"amendments/x.md": AMENDED}, {"objectives/calm.md": moved})
    after = with_edit(made, edit)
    assert "OKR501" in {f.code for f in after.findings if str(f.severity) == "error"}
    assert new_errors(made, after, edit) == ()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, None, "  no data"),
        (None, Fraction(2, 3), "  progress no data → 67 %, on track"),
        (Fraction(2, 3), None, "  progress 67 % → no data"),
        (Fraction("0.301"), Fraction("0.304"), "  progress 30.1 % → 30.4 %, on track"),
    ],
)
def test_no_data_is_said_once_and_decimals_only_where_they_tell(
    before: Fraction | None, after: Fraction | None, words: str
) -> None:
    def standing(progress: Fraction | None) -> Standing:
        status = Status.NO_DATA if progress is None else Status.ON_TRACK
        return Standing(progress, None, status, None)

    goal = Moved("calm/bugs", "Bugs", 0, standing(before), standing(after))
    assert effect_text(Effect((goal,), ())) == f"Bugs (calm/bugs)\n{words}"
