"""What a check-in does to the numbers, before → after, up to the top of the cascade."""

from fractions import Fraction

from okrsite.edit.checking_in.check_in import NewCheckIn, NewMove, NewUpdate, check_in_text
from okrsite.edit.checking_in.effect import Effect, Ground, effect, overruled, remarks, with_file
from okrsite.okr.pipeline import load
from okrsite.okr.status import Status
from okrsite.reports.checked_in import effect_text
from tests.edit.company import DAY, here

PATH = "check-ins/2026-08-20-ana.md"
BUGS = NewCheckIn(DAY, "ana", key_results={"calm/bugs": NewUpdate(Fraction(60))})


def of(new: NewCheckIn, before: Ground | None = None, path: str = PATH) -> tuple[Effect, Ground]:
    before = before or here()
    after = with_file(before, path, check_in_text(new))
    return effect(before, after, new), after


def test_the_key_result_its_objective_and_all_above_it() -> None:
    found, _ = of(BUGS)
    told = {
        goal.ref: (goal.level, goal.before.progress, goal.after.progress) for goal in found.goals
    }
    assert told == {
        "calm/bugs": (0, Fraction(3, 5), Fraction(1)),
        "calm": (1, Fraction(3, 25), Fraction(1, 5)),
        "trust/promises": (1, Fraction(3, 25), Fraction(1, 5)),
        "trust": (2, Fraction(3, 25), Fraction(1, 5)),
    }
    bugs = found.goals[0]
    assert (bugs.before.value, bugs.after.value) == (Fraction(108), Fraction(60))
    assert bugs.after.status is Status.ON_TRACK


def test_a_kpi_and_an_initiative_move_what_reads_them() -> None:
    new = NewCheckIn(
        DAY, "ana", kpis={"uptime": Fraction("99.95")}, initiatives={"engine": NewMove("done")}
    )
    found, _ = of(new)
    moved = [goal.ref for goal in found.goals if goal.before != goal.after]
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


def test_another_word_of_that_day_or_later_is_told() -> None:
    later = {"check-ins/2026-08-20-zoe.md": check_in_text(BUGS)}
    before = here(later)
    _, after = of(BUGS, before)
    assert list(overruled(after, PATH, BUGS)) == [("calm/bugs", "2026-08-20-zoe")]
    _, alone = of(BUGS)
    assert list(overruled(alone, PATH, BUGS)) == []


def test_remarks_are_of_the_new_file_alone_and_a_coach_has_a_say() -> None:
    doubt = NewCheckIn(DAY, "ana", key_results={"calm/bugs": NewUpdate(None, Fraction("0.1"))})
    _, after = of(doubt)
    assert [f.code for f in remarks(after, PATH)] == ["OKR305"]
    wrong = NewCheckIn(DAY, "ana", key_results={"calm/audit": NewUpdate(Fraction(7))})
    _, after = of(wrong)
    assert [(f.code, str(f.severity)) for f in remarks(after, PATH)] == [("OKR105", "error")]
