"""What is understood of the words behind `okrsite checkin`, and what is said of the others."""

from datetime import date
from fractions import Fraction

import pytest

from okrsite.edit.checking_in.check_in import NewCheckIn, NewMove, NewUpdate, check_in_text
from okrsite.edit.checking_in.said import correcting
from okrsite.edit.files import EditError
from tests.edit.company import DAY, here, said

HALF = Fraction("0.5")


def test_several_goals_in_one_call() -> None:
    new = said("bugs", "96", "rollout=design,pilot", "audit", "no", "uptime", "99.95")
    assert new.key_results == {
        "calm/bugs": NewUpdate(Fraction(96)),
        "calm/rollout": NewUpdate(done=("design", "pilot")),
        "calm/audit": NewUpdate(value=False),
    }
    assert new.kpis == {"uptime": Fraction("99.95")}
    work = said("upgrade-db", "Doing", "engine=done").initiatives
    assert work == {"upgrade-db": NewMove("doing"), "engine": NewMove("done")}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("-4", -4),
        ("\u22124", -4),
        ("1e3", 1000),
        ("96 a month", 96),
        ("0.1", Fraction(1, 10)),
        ("+7", 7),
    ],
)
def test_an_exact_reading(value: str, read: Fraction) -> None:
    assert said("bugs", value).key_results["calm/bugs"].value == read


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("bugs", "1,000"), "takes a number (a month), not `1,000`. Write `1000`"),
        (("bugs", "96%"), "Write `96`, without `%`."),
        (("bugs", "1.5k"), "Write `1500` if that is meant."),
        (("bugs", "1,5"), "Write `1.5`."),
        (("bugs", ".5"), "Write `0.5`."),
        (("bugs", "lots"), "Write digits"),
        (("bugs", "yes"), "takes a number"),
        (("audit", "96"), "takes yes or no, not `96`. Yes means: no finding above minor"),
        (("rollout", "pilto"), "no milestone `pilto`. Did you mean `pilot`?"),
        (("rollout", "2"), "Its milestones: `design`, `pilot`."),
        (("promises", "3"), "takes no value: it is computed from the objectives below it."),
        (("work", "3"), "takes no value: it follows the initiatives"),
        (("calm/uptime", "99"), "Check in `kpis/uptime` instead"),
        (("uptime", "high"), "`uptime` takes a number (%)"),
        (("upgrade-db", "don"), "no state of an initiative (`upgrade-db`). Did you mean `done`?"),
        (("upgrade-db", "blocked"), "--blocked upgrade-db=REASON"),
        (("bgus", "1"), "Did you mean `bugs`?"),
        (("calm/bgus", "1"), "Did you mean `calm/bugs`?"),
        (("calm", "1"), "is an objective; a check-in speaks of key results. Name one of"),
        (("kpis/engine", "1"), "there is no key result, KPI or initiative `kpis/engine`"),
        (("bugs", "1", "calm/bugs", "2"), "`calm/bugs` is named twice"),
        (("bugs",), "`calm/bugs` has no value; it takes a number (a month)"),
        (("engine",), "`engine` has no state; it takes one of `backlog`"),
        (("uptime=",), "`uptime` has no value"),
        (("gone", "1"), "Second quarter 2026 was closed on 2026-07-05"),
        (
            ("gone", "1"),
            "If it was so by then, and the end is not on record yet: `--date 2026-07-05`.",
        ),
        (("before/bugs", "1"), "`calm` goes on with it."),
    ],
)
def test_what_cannot_be_is_told_with_what_to_write(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(EditError) as refused:
        said(*words)
    assert sentence in str(refused.value)


def test_a_bare_id_that_several_have_is_answered_with_all_of_them() -> None:
    with pytest.raises(EditError) as refused:
        said("pages", "3")
    assert str(refused.value).splitlines() == [
        "`pages` may mean several; name one in full:",
        "  days/pages  Pages by day",
        "  nights/pages  Pages at night",
    ]


def test_a_bare_id_means_the_goal_of_the_period_under_way() -> None:
    assert list(said("bugs", "1").key_results) == ["calm/bugs"]
    assert list(said("bugs", "1", day=date(2026, 6, 20)).key_results) == ["before/bugs"]
    assert list(said("gone", "1", day=date(2026, 7, 4)).key_results) == ["before/gone"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(EditError) as refused:
        said("bugs", "many", "bgus", "1", status="green", confidence="60")
    lines = str(refused.value).splitlines()
    for sentence in ("not `many`", "initiative `bgus`", "goes from 0 to 1", "`green` is no"):
        assert sum(sentence in line for line in lines) == 1, sentence
    assert len(lines) == 4


def test_a_confidence_is_of_all_key_results_or_of_the_one_it_names() -> None:
    new = said("bugs", "96", "audit", "yes", "uptime", "99", confidence=("bugs=0.3", "0.8"))
    assert new.key_results["calm/bugs"] == NewUpdate(Fraction(96), Fraction("0.3"))
    assert new.key_results["calm/audit"] == NewUpdate(True, Fraction("0.8"))
    only = said("work", "-", confidence="0.5", status="work=at risk").key_results
    assert only == {"nights/work": NewUpdate(None, Fraction("0.5"), "at-risk")}
    alone = said(confidence="promises=1").key_results
    assert alone == {"trust/promises": NewUpdate(None, Fraction(1))}


def test_a_score_is_of_all_key_results_or_of_the_one_it_names_and_computed_ones_take_it() -> None:
    new = said("bugs", "96", "work", "-", score=("work=0.3", "0.8")).key_results
    assert new["calm/bugs"] == NewUpdate(Fraction(96), score=Fraction("0.8"))
    assert new["nights/work"] == NewUpdate(score=Fraction("0.3"))


def test_a_score_that_still_holds_is_repeated_in_a_correction() -> None:
    wrong = NewCheckIn(DAY, "ana", key_results={"calm/bugs": NewUpdate(Fraction(96), score=HALF)})
    known = here({"check-ins/2026-08-19-ana.md": check_in_text(wrong)}).portfolio
    right = NewCheckIn(DAY, "ana", key_results={"calm/bugs": NewUpdate(Fraction(95))})
    mended = correcting(known, right, "2026-08-19-ana").key_results["calm/bugs"]
    assert mended == NewUpdate(Fraction(95), score=HALF)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("confidence", "60%", "Write `0.6`."),
        ("confidence", "60", "Write `0.6`."),
        ("confidence", "6", "Write `0.6`."),
        ("confidence", "6%", "Write `0.06`."),
        ("confidence", "0,6", "Write `0.6`."),
        ("confidence", "-1", "a confidence goes from 0 to 1"),
        ("confidence", "high", "Write `0.6`, for example."),
        ("confidence", "bgus=0.6", "Did you mean `bugs`?"),
        ("confidence", "engine=0.6", "`engine` is no key result"),
        ("score", "70 %", "Write `0.7`."),
        ("score", "7", "a score goes from 0 to 1"),
        ("score", "good", "Write `0.6`, for example."),
        ("status", "green", "Did you mean `on-track`?"),
        ("status", "fantastic", "Allowed: `on-track`"),
        ("done", "pilot", "`calm/bugs` has no milestones"),
        ("blocked", "no licence", "--blocked: say of which initiative"),
        ("blocked", "engine=", "say why `engine` is blocked"),
        ("corrects", "2026-08-18-anna", "Did you mean `2026-08-18-ana`?"),
    ],
)
def test_an_option_that_cannot_be(option: str, value: str, sentence: str) -> None:
    with pytest.raises(EditError) as refused:
        said("bugs", "96", day=DAY, **{option: value})
    assert sentence in str(refused.value)


def test_milestones_and_blocks_by_option() -> None:
    new = said("rollout", "design", done="rollout=pilot")
    assert new.key_results["calm/rollout"].done == ("design", "pilot")
    assert said(done="rollout=pilot").key_results == {"calm/rollout": NewUpdate(done=("pilot",))}
    blocked = said("engine", "doing", blocked="no licence = no work").initiatives
    assert blocked == {"engine": NewMove("doing", "no licence = no work")}
    assert said("engine", blocked="the licence").initiatives["engine"].state is None
    two = said("upgrade-db", "doing", blocked="engine=the licence").initiatives
    assert two == {"upgrade-db": NewMove("doing"), "engine": NewMove(None, "the licence")}


def test_a_correction_says_once_more_what_still_holds() -> None:
    new = said("bugs", "98", corrects="check-ins/2026-08-18-ana.md")
    assert new.corrects == "2026-08-18-ana"
    assert new.key_results["calm/bugs"] == NewUpdate(Fraction(98), Fraction("0.6"), "on-track")
    surer = said(confidence="bugs=0.9", corrects="2026-08-18-ana").key_results["calm/bugs"]
    assert surer == NewUpdate(Fraction(108), Fraction("0.9"), "on-track")


def test_a_correction_is_not_older_than_what_it_corrects() -> None:
    with pytest.raises(EditError, match="after this correction's own date"):
        said("bugs", "98", corrects="2026-08-18-ana", day=date(2026, 8, 17))


def test_what_is_done_is_not_blocked() -> None:
    with pytest.raises(EditError, match="`engine` is `done`, and what is done is not blocked"):
        said("engine", "done", blocked="no budget")
    assert said("engine", "done").initiatives["engine"] == NewMove("done")
