"""Two states of a few files → what the changes between them are called: tables of before, after."""

from collections.abc import Mapping

import pytest
from hypothesis import given

from okrsite.okr.changes.between import Changes, Pages, between
from okrsite.okr.changes.change import RULES, SILENT, Change
from okrsite.okr.finding import Severity
from okrsite.okr.pipeline import load
from tests.okr.strategies import DAYS, Company, companies
from tests.okr.test_properties import often
from tests.okr.texts import amended, made, on, period, said, text

COMMITTED = {"periods/q.md": period(0, 100, "state: committed")}
CLOSED = {"periods/q.md": period(0, 100, "state: closed", f"closed_on: {on(110)}")}
DRAFT = {"periods/q.md": period(0, 100, "state: draft")}


def goal(*rows: str, fields: str = "", body: str = "Why.") -> str:
    """An objective whose key results are written as `id: a, start: 0, target: 10`."""
    more = fields.split("; ") if fields else []
    period_line = [] if "period:" in fields else ["period: q"]
    lines = ["key_results:", *(f"  - {{title: T, {row}}}" for row in rows)] if rows else []
    return text("title: Goal", *period_line, *more, *lines, body=body)


def changed(
    before: Mapping[str, str], after: Mapping[str, str], frame: Mapping[str, str] = COMMITTED
) -> Changes:
    """What `after` makes of `before`, both in the same frame."""
    one, two = made({**frame, **before}), made({**frame, **after})
    return between(one, two)


def told(changes: Changes) -> list[str]:
    """The changes as `rule subject.field: was → now`, in their order."""
    return [_told(change) for change in changes.changes]


def _told(change: Change) -> str:
    field = f".{change.field}" if change.field else ""
    values = f": {change.was} → {change.now}" if change.was or change.now else ""
    return f"{change.severity} {change.rule.id} {change.subject}{field}{values}"


LINEAR = "id: a, start: 0, target: 10"

# What a key result was and is, and what that is called in a committed period.
KEY_RESULTS = {
    "target nearer": (LINEAR, "id: a, start: 0, target: 8", "target-eased .target: 10 → 8"),
    "target farther": (LINEAR, "id: a, start: 0, target: 12", "target-raised .target: 10 → 12"),
    "falling target nearer": (
        "id: a, start: 90, target: 60",
        "id: a, start: 90, target: 70",
        "target-eased .target: 60 → 70",
    ),
    "falling target farther": (
        "id: a, start: 90, target: 60",
        "id: a, start: 90, target: 50",
        "target-raised .target: 60 → 50",
    ),
    "target turned": (LINEAR, "id: a, start: 0, target: -5", "target-turned .target: 10 → -5"),
    "target found": (
        "id: a, start: 0, target: unknown",
        LINEAR,
        "target-set .target: unknown → 10",
    ),
    "target lost": (
        LINEAR,
        "id: a, start: 0, target: unknown",
        "target-unset .target: 10 → unknown",
    ),
    "target without a baseline": (
        "id: a, start: unknown, target: 4",
        "id: a, start: unknown, target: 5",
        "target-changed .target: 4 → 5",
    ),
    "baseline back": (LINEAR, "id: a, start: -5, target: 10", "baseline-eased .start: 0 → -5"),
    "baseline forth": (LINEAR, "id: a, start: 4, target: 10", "baseline-hardened .start: 0 → 4"),
    "falling baseline back": (
        "id: a, start: 90, target: 60",
        "id: a, start: 95, target: 60",
        "baseline-eased .start: 90 → 95",
    ),
    "baseline beyond": (LINEAR, "id: a, start: 20, target: 10", "baseline-turned .start: 0 → 20"),
    "at least less": (
        "id: a, at_least: 9",
        "id: a, at_least: 8",
        "bound-loosened .at_least: 9 → 8",
    ),
    "at least more": (
        "id: a, at_least: 9",
        "id: a, at_least: 9.5",
        "bound-tightened .at_least: 9 → 9.5",
    ),
    "at most more": ("id: a, at_most: 2", "id: a, at_most: 3", "bound-loosened .at_most: 2 → 3"),
    "at most less": ("id: a, at_most: 2", "id: a, at_most: 1", "bound-tightened .at_most: 2 → 1"),
    "between wider": (
        "id: a, between: [4, 5]",
        "id: a, between: [3, 5]",
        "bound-loosened .between: 4, 5 → 3, 5",
    ),
    "between narrower": (
        "id: a, between: [3, 6]",
        "id: a, between: [4, 5]",
        "bound-tightened .between: 3, 6 → 4, 5",
    ),
    "between elsewhere": (
        "id: a, between: [3, 6]",
        "id: a, between: [4, 7]",
        "bound-changed .between: 3, 6 → 4, 7",
    ),
    "one side opened": (
        "id: a, between: [3, 6]",
        "id: a, at_least: 3",
        "bound-loosened .bound: between: 3, 6 → at_least: 3",
    ),
    "other measure": (
        LINEAR,
        "id: a, at_least: 3",
        "measure-changed .measure: start: 0, target: 10 → at_least: 3",
    ),
    "other source": (
        "id: a, from: level",
        "id: a, from: other",
        "source-changed .from: level → other",
    ),
    "weight": (LINEAR, f"{LINEAR}, weight: 3", "weight-changed .weight: 1 → 3"),
    "weight gone": (LINEAR, f"{LINEAR}, weight: 0", "weight-zeroed .weight: 1 → 0"),
    "due later": (
        f"{LINEAR}, due: {on(50)}",
        f"{LINEAR}, due: {on(60)}",
        f"due-later .due: {on(50)} → {on(60)}",
    ),
    "due earlier": (LINEAR, f"{LINEAR}, due: {on(60)}", f"due-earlier .due:  → {on(60)}"),
    "due taken away": (f"{LINEAR}, due: {on(60)}", LINEAR, f"due-later .due: {on(60)} → "),
    "plan eased": (
        f"{LINEAR}, plan: {{{on(50)}: 5}}",
        f"{LINEAR}, plan: {{{on(50)}: 2}}",
        f"plan-eased .plan: {on(50)}: 5 → {on(50)}: 2",
    ),
    "plan harder": (
        f"{LINEAR}, plan: {{{on(50)}: 5}}",
        f"{LINEAR}, plan: {{{on(50)}: 9}}",
        f"plan-hardened .plan: {on(50)}: 5 → {on(50)}: 9",
    ),
    "done when": (
        "id: a, done_when: Live",
        "id: a, done_when: Nearly live",
        "done-when-changed .done_when: Live → Nearly live",
    ),
    "metric": (
        f"{LINEAR}, metric: all bugs",
        f"{LINEAR}, metric: some bugs",
        "metric-changed .metric: all bugs → some bugs",
    ),
    "unit": (f"{LINEAR}, unit: k", f"{LINEAR}, unit: M", "unit-changed .unit: k → M"),
    "milestone added": (
        "id: a, milestones: [{id: x, title: X}]",
        "id: a, milestones: [{id: x, title: X}, {id: y, title: Y}]",
        "milestone-added .milestones.y:  → Y",
    ),
    "milestone dropped": (
        "id: a, milestones: [{id: x, title: X}, {id: y, title: Y}]",
        "id: a, milestones: [{id: x, title: X}]",
        "milestone-dropped .milestones.y: Y → ",
    ),
    "milestone weight": (
        "id: a, milestones: [{id: x, title: X}]",
        "id: a, milestones: [{id: x, title: X, weight: 2}]",
        "milestone-weight-changed .milestones.x.weight: 1 → 2",
    ),
    "milestone later": (
        f"id: a, milestones: [{{id: x, title: X, due: {on(10)}}}]",
        f"id: a, milestones: [{{id: x, title: X, due: {on(20)}}}]",
        f"due-later .milestones.x.due: {on(10)} → {on(20)}",
    ),
}
KPIS = {
    "kpis/level.md": text("title: Level", "at_least: 5"),
    "kpis/other.md": text("title: Other", "at_least: 5"),
}


@pytest.mark.parametrize("name", KEY_RESULTS)
def test_a_change_of_a_measure_has_its_name(name: str) -> None:
    was, now, expected = KEY_RESULTS[name]
    (change,) = changed({"goal.md": goal(was), **KPIS}, {"goal.md": goal(now), **KPIS}).changes
    rule, _, rest = expected.partition(" ")
    assert change.rule.id == f"{rule}{SILENT}"
    assert change.severity is Severity.ERROR
    assert (change.subject, change.noun) == ("goal/a", "key result")
    assert f".{change.field}: {change.was} → {change.now}" == rest
    assert change.ease is RULES[rule].ease


@pytest.mark.parametrize("name", KEY_RESULTS)
def test_in_a_draft_nobody_is_asked_why(name: str) -> None:
    was, now, expected = KEY_RESULTS[name]
    frame = {**DRAFT, **KPIS}
    (change,) = changed({"goal.md": goal(was)}, {"goal.md": goal(now)}, frame).changes
    assert change.rule.id == expected.partition(" ")[0]
    assert change.severity is Severity.INFO


@pytest.mark.parametrize("name", KEY_RESULTS)
def test_after_closing_every_moved_goalpost_is_an_error(name: str) -> None:
    was, now, _ = KEY_RESULTS[name]
    frame = {**CLOSED, **KPIS}
    (change,) = changed({"goal.md": goal(was)}, {"goal.md": goal(now)}, frame).changes
    assert change.severity is Severity.ERROR


# An objective's fields before and after, and the rest that follows.
OBJECTIVES = {
    "weight": ("", "weight: 2", "error weight-changed-without-amendment goal.weight: 1 → 2"),
    "ambition": (
        "",
        "ambition: aspirational",
        "error ambition-lowered-without-amendment goal.ambition: committed → aspirational",
    ),
    "owner": ("owner: Ana", "owner: Bo", "info owner-changed goal.owner: Ana → Bo"),
    "team": (
        "team: one",
        "team: two",
        "error objective-team-changed-without-amendment goal.team: one → two",
    ),
    "parent": ("", "parent: top", "error parent-changed-without-amendment goal.parent:  → top"),
    "supports": ("", "supports: top", "info supports-changed goal.supports:  → top"),
    "period": ("", "period: r", "error period-moved-without-amendment goal.period: q → r"),
    "source": (
        "",
        "progress_from: both",
        "error progress-from-changed-without-amendment goal.progress_from:  → both",
    ),
    "visibility": (
        "",
        "visibility: unlisted",
        "warning visibility-changed goal.visibility: public → unlisted",
    ),
    "tags": ("tags: x", "tags: [x, y]", "info tags-changed goal.tags: x → x, y"),
}
AROUND = {
    "top.md": goal("id: a, start: 0, target: 1"),
    "periods/r.md": period(100, 200),
    "teams/one.md": text("title: One"),
    "teams/two.md": text("title: Two"),
}


@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_change_of_an_objective_has_its_name(name: str) -> None:
    was, now, expected = OBJECTIVES[name]
    before, after = ({**AROUND, "goal.md": goal(LINEAR, fields=each)} for each in (was, now))
    assert told(changed(before, after)) == [expected]


def test_objectives_and_key_results_come_and_go() -> None:
    before = {"goal.md": goal(LINEAR, "id: b, at_least: 3"), "old.md": goal("id: c, at_least: 1")}
    after = {
        "goal.md": goal(LINEAR, "id: n, start: 1, target: 2").replace(
            "title: T, id: n", "title: N, id: n"
        ),
        "new.md": goal("id: c, at_least: 1").replace("title: Goal", "title: New"),
    }
    assert told(changed(before, after)) == [
        "error objective-dropped old: c → ",
        "error key-result-dropped-without-amendment goal/b.key_results: at_least: 3 → ",
        "error key-result-added-without-amendment goal/n.key_results:  → start: 1, target: 2",
        "warning objective-added new:  → c",
    ]


def test_another_id_for_the_same_title_is_a_renaming() -> None:
    before = {"goal.md": goal(LINEAR), "check-ins/w.md": said(3, "goal/a: 5")}
    other = {
        "goal.md": goal(LINEAR.replace("id: a", "id: b")),
        "check-ins/w.md": said(3, "goal/a: 5"),
    }
    assert told(changed(before, other)) == [
        "error key-result-renamed-without-amendment goal/b.id: a → b"
    ]
    moved = {"aim.md": goal(LINEAR.replace("10", "8")), "check-ins/w.md": said(3, "goal/a: 5")}
    assert told(changed(before, moved)) == [
        "error objective-renamed aim.id: goal → aim",
        "error target-eased-without-amendment aim/a.target: 10 → 8",
    ]


def test_a_file_that_moves_is_followed_by_its_id() -> None:
    before = {"objectives/x/goal.md": goal(LINEAR)}
    after = {"objectives/y/goal.md": goal(LINEAR.replace("10", "8"))}
    assert told(changed(before, after)) == [
        "error target-eased-without-amendment goal/a.target: 10 → 8",
        "info file-moved goal: objectives/x/goal.md → objectives/y/goal.md",
    ]


def test_prose_and_format_are_told_apart() -> None:
    before = {"goal.md": goal(LINEAR)}
    assert told(changed(before, {"goal.md": goal(LINEAR, body="Other.")})) == [
        "info prose-changed goal"
    ]
    formats = (
        goal(LINEAR).replace("period: q", 'period: "q" # the quarter'),
        goal(LINEAR).replace("\n", "\r\n"),
        goal(LINEAR).replace("target: 10", "target: 10.0"),
        goal(LINEAR) + "\n\n",
    )
    for after in formats:
        assert told(changed(before, {"goal.md": after})) == ["info format-only goal"], after
    order = goal("id: b, at_least: 1", LINEAR)
    assert told(changed({"goal.md": goal(LINEAR, "id: b, at_least: 1")}, {"goal.md": order})) == [
        "info details-changed goal"
    ]


def test_an_amendment_stands_with_the_change_it_explains() -> None:
    before = {"goal.md": goal("id: a, start: 0, target: 60")}
    after = {
        "goal.md": goal("id: a, start: 0, target: 90"),
        "amendments/x.md": amended(30, "goal/a", "target", 60, "90.0"),
    }
    raised, amendment = changed(before, after).changes
    assert (raised.rule.id, raised.severity) == ("target-raised", Severity.INFO)
    assert raised.reason is not None
    assert (raised.reason.amendment, raised.reason.text) == ("x", "Why.")
    assert amendment.rule.id == "amendment-added"
    eased = {**after, "goal.md": goal("id: a, start: 0, target: 50")}
    eased["amendments/x.md"] = amended(30, "goal/a", "target", 60, 50)
    assert changed(before, eased).changes[0].severity is Severity.WARNING


def test_an_amendment_of_something_else_explains_nothing() -> None:
    before = {"goal.md": goal("id: a, start: 0, target: 60")}
    after = {"goal.md": goal("id: a, start: 0, target: 50")}
    for other in (
        amended(30, "goal/a", "target", 60, 55),
        amended(30, "goal/a", "start", 0, 1),
        amended(30, "goal", "scope", "all", "less"),
        amended(30, "goal/a", "target", 60, 50).replace("Why.", ""),  # it does not say why
    ):
        found = changed(before, {**after, "amendments/x.md": other}).changes
        assert found[0].rule.id == "target-eased-without-amendment", other


def test_an_amendment_that_was_merged_before_explains_only_its_own_step() -> None:
    old = {"amendments/x.md": amended(20, "goal/a", "target", 60, 50)}
    before = {"goal.md": goal("id: a, start: 0, target: 50"), **old}
    after = {"goal.md": goal("id: a, start: 0, target: 40"), **old}
    assert changed(before, after).changes[0].rule.id == "target-eased-without-amendment"
    late = {"goal.md": goal("id: a, start: 0, target: 60"), **old}
    assert changed(late, before).changes[0].rule.id == "target-eased"


def test_the_scope_of_an_objective_explains_what_joins_or_leaves() -> None:
    before = {"goal.md": goal(LINEAR, "id: b, at_least: 3")}
    scope = amended(30, "goal", "scope", "a and b", "a")
    found = changed(before, {"goal.md": goal(LINEAR), "amendments/x.md": scope}).changes
    assert [change.rule.id for change in found] == ["key-result-dropped", "amendment-added"]


def test_the_standing_is_that_before_the_change() -> None:
    """Nobody frees a goal by calling its period a draft in the same breath."""
    before = {**COMMITTED, "goal.md": goal(LINEAR)}
    after = {**DRAFT, "goal.md": goal(LINEAR.replace("10", "8"))}
    assert told(between(made(before), made(after))) == [
        "error period-uncommitted q.state: committed → draft",
        "error target-eased-without-amendment goal/a.target: 10 → 8",
    ]


def test_check_ins_are_added_corrected_edited_and_removed() -> None:
    base = {"goal.md": goal(f"{LINEAR}, unit: k"), "check-ins/w.md": said(3, "goal/a: 5")}
    new = {**base, "check-ins/x.md": said(4, "goal/a: {value: 6, confidence: 0.5}")}
    (added,) = changed(base, new).changes
    assert told(changed(base, new)) == [
        f"info check-in-added x:  → date: {on(4)}; goal/a: 6, confidence 0.5"
    ]
    assert [(s.ref, s.was, s.now, s.unit) for s in added.said] == [
        ("goal/a", "5", "6, confidence 0.5", "k")
    ]
    judged = {**base, "check-ins/w.md": said(3, "goal/a: {value: 5, score: 0.7}")}
    assert told(changed(base, judged)) == [
        "error check-in-edited w: goal/a: 5 → goal/a: 5, score 0.7"
    ]
    right = {**base, "check-ins/x.md": said(4, "goal/a: 4", fields="corrects: w")}
    assert told(changed(base, right)) == [f"info check-in-corrects x: w → date: {on(4)}; goal/a: 4"]
    edited = {**base, "check-ins/w.md": said(3, "goal/a: 9")}
    assert told(changed(base, edited)) == ["error check-in-edited w: goal/a: 5 → goal/a: 9"]
    gone = {"goal.md": base["goal.md"]}
    assert told(changed(base, gone)) == [f"error check-in-removed w: date: {on(3)}; goal/a: 5 → "]
    reworded = {**base, "check-ins/w.md": base["check-ins/w.md"] + "More."}
    assert told(changed(base, reworded)) == ["warning check-in-reworded w"]
    dated = {**base, "check-ins/w.md": said(4, "goal/a: 5")}
    assert told(changed(base, dated)) == [f"error check-in-edited w: date: {on(3)} → date: {on(4)}"]
    renamed = {"goal.md": base["goal.md"], "check-ins/q/w2.md": base["check-ins/w.md"]}
    assert told(changed(base, renamed)) == [
        "info file-moved w2: check-ins/w.md → check-ins/q/w2.md"
    ]


def test_a_check_in_of_another_day_is_said_so() -> None:
    base = {"goal.md": goal(LINEAR), "check-ins/w.md": said(20, "goal/a: 5")}
    (back,) = changed(base, {**base, "check-ins/x.md": said(10, "goal/a: 1")}).changes
    assert "changes past days" in back.note
    (ahead,) = changed(base, {**base, "check-ins/x.md": said(60, "goal/a: 9")}).changes
    assert "dated ahead" in ahead.note


def test_a_check_in_that_does_not_count_says_which_one_does() -> None:
    base = {"goal.md": goal(LINEAR, "id: b, start: 0, target: 10")}
    base["check-ins/w.md"] = said(20, "goal/a: 5")
    (first,) = changed(base, {**base, "check-ins/a.md": said(20, "goal/a: 1")}).changes
    assert first.note == "does not count: `w` of the same day does"
    (both,) = changed(base, {**base, "check-ins/a.md": said(20, "goal/a: 1", "goal/b: 2")}).changes
    assert both.note == "goal/a does not count: `w` of the same day does"
    (last,) = changed(base, {**base, "check-ins/x.md": said(20, "goal/a: 1")}).changes
    assert last.note == ""
    sure = {**base, "check-ins/w.md": said(20, "goal/a: {confidence: 0.5}")}
    (value,) = changed(sure, {**sure, "check-ins/a.md": said(20, "goal/a: 1")}).changes
    assert value.note == ""


# The rest: path, what it said before and after, and what that is called. Nothing is no file.
WORK = "title: Work"
REST = {
    "period committed": (
        "periods/r.md",
        period(0, 9),
        period(0, 9, "state: committed"),
        ["info period-committed r.state: draft → committed"],
    ),
    "period reopened": (
        "periods/r.md",
        period(0, 9, "state: closed"),
        period(0, 9, "state: committed"),
        ["error period-reopened r.state: closed → committed"],
    ),
    "period longer": (
        "periods/r.md",
        period(0, 9),
        period(0, 12),
        [f"info period-end-later r.end: {on(9)} → {on(12)}"],
    ),
    "period shifted": (
        "periods/r.md",
        period(0, 9),
        period(2, 9),
        [f"info period-start-moved r.start: {on(0)} → {on(2)}"],
    ),
    "commitment": (
        "periods/r.md",
        period(0, 9),
        period(0, 9, f"committed_on: {on(3)}"),
        [f"info committed-on-set r.committed_on:  → {on(3)}"],
    ),
    "commitment undone": (
        "periods/r.md",
        period(0, 9, "state: committed", f"committed_on: {on(0)}"),
        period(2, 9, "state: committed"),
        [
            f"error period-start-moved r.start: {on(0)} → {on(2)}",
            f"error committed-on-changed r.committed_on: {on(0)} → ",
        ],
    ),
    "initiative state": (
        "initiatives/w.md",
        text(WORK),
        text(WORK, "state: done"),
        ["info initiative-state w.state:  → done"],
    ),
    "initiative due": (
        "initiatives/w.md",
        text(WORK, f"due: {on(3)}"),
        text(WORK, f"due: {on(9)}"),
        [f"info due-later w.due: {on(3)} → {on(9)}"],
    ),
    "initiative goals": (
        "initiatives/w.md",
        text(WORK),
        text(WORK, "contributes_to: goal/a"),
        ["info contributes-to-changed w.contributes_to:  → goal/a"],
    ),
    "initiative tasks": (
        "initiatives/w.md",
        text(WORK, body="- [ ] x"),
        text(WORK, body="- [x] x"),
        ["info tasks-changed w: 0 of 1 done → 1 of 1 done"],
    ),
    "initiative gone": ("initiatives/w.md", text(WORK), "", ["warning initiative-dropped w"]),
    "kpi bound": (
        "kpis/k.md",
        text("title: K", "at_most: 3"),
        text("title: K", "at_most: 4"),
        ["info bound-loosened k.at_most: 3 → 4"],
    ),
    "team lead": (
        "teams/t.md",
        text("title: T"),
        text("title: T", "lead: Ana"),
        ["info lead-changed t.lead:  → Ana"],
    ),
    "team gone": ("teams/t.md", text("title: T"), "", ["warning team-dropped t"]),
    "person": ("people/p.md", "", text("title: P"), ["info person-added p"]),
    "person moves": (
        "people/p.md",
        text("title: P"),
        text("title: Q"),
        ["info title-changed p.title: P → Q"],
    ),
    "amendment": (
        "amendments/x.md",
        amended(3, "goal", "scope", "x", "y"),
        amended(3, "goal", "scope", "x", "z"),
        ["error amendment-edited x: now: y → now: z"],
    ),
    "amendment gone": (
        "amendments/x.md",
        amended(3, "goal", "scope", "x", "y"),
        "",
        ["error amendment-removed x.scope: x → y"],
    ),
}


@pytest.mark.parametrize("name", REST)
def test_every_other_change_has_its_name(name: str) -> None:
    path, was, now, expected = REST[name]
    before, after = ({"goal.md": goal(LINEAR), **({path: t} if t else {})} for t in (was, now))
    assert told(changed(before, after)) == expected


def test_a_kpi_weighs_as_much_as_what_it_decides() -> None:
    goals = {"goal.md": goal("id: a, from: k")}
    one, two = (text("title: K", f"at_most: {level}") for level in (3, 4))
    before, after = {**goals, "kpis/k.md": one}, {**goals, "kpis/k.md": two}
    silent = "error bound-loosened-without-amendment k.at_most: 3 → 4"
    assert told(changed(before, after)) == [silent]
    added = "info amendment-added x.scope: at_most 3 → at_most 4"
    for subject in ("goal/a", "goal"):
        why = amended(30, subject, "scope", "at_most 3", "at_most 4")
        loosened = "warning bound-loosened k.at_most: 3 → 4"
        assert told(changed(before, {**after, "amendments/x.md": why})) == [loosened, added]
    other = amended(30, "goal", "scope", "unit 3", "unit 4")
    assert told(changed(before, {**after, "amendments/x.md": other}))[0] == silent
    goals["goal.md"] = goal("id: a, from: k", "id: b, from: k")
    why = amended(30, "goal/a", "scope", "at_most 3", "at_most 4")
    both = changed({**before, **goals}, {**after, **goals, "amendments/x.md": why})
    assert told(both)[0] == silent
    goals["goal.md"] = goal("id: a, from: k, start: 0, target: 9")
    own = changed({**before, **goals}, {**after, **goals})
    assert told(own) == ["warning bound-loosened k.at_most: 3 → 4"]


def test_policy_is_a_goalpost_and_the_weight_of_a_rule_is_told() -> None:
    one = made(COMMITTED)
    two = made(COMMITTED, policy={"cap": "none"}, cadence=14, rules={"OKR210": "off"})
    assert told(between(one, two)) == [
        "warning policy-changed cadence.cadence: 7 → 14",
        "warning policy-changed policy.cap.policy.cap: 1 → none",
        "warning check-rules-changed rules.OKR210.rules.OKR210: as it comes → off",
    ]


def test_plain_pages_are_counted() -> None:
    one = made({"objectives/index.md": "a", "guide/x.md": "a", "guide/y.md": "a"})
    two = made({"objectives/index.md": "b", "guide/x.md": "a", "guide/z.md": "a"})
    assert between(one, two) == Changes(pages=Pages(1, 1, 1))


# --- what cannot be read proves nothing -----------------------------------------------------------

BROKEN = {
    "not yaml": goal(LINEAR).replace("title: Goal", "title: [Goal"),
    "never closed": goal(LINEAR).replace("---\nWhy.", "Why."),
    "no period": goal(LINEAR).replace("period: q\n", ""),
    "an id lost": goal(LINEAR).replace("id: a", "id: A!"),
    "a target lost": goal(LINEAR).replace("target: 10", "target: many"),
    "a weight lost": goal(LINEAR).replace("target: 10", "target: 10, weight: much"),
    "a state lost": goal(LINEAR).replace("period: q", "period: q\nambition: huge"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("side", ["base", "head"])
def test_what_cannot_be_read_is_never_a_change_of_its_own(name: str, side: str) -> None:
    whole, broken = {"goal.md": goal(LINEAR)}, {"goal.md": BROKEN[name]}
    found = changed(broken, whole) if side == "base" else changed(whole, broken)
    assert {(lost.side, lost.path) for lost in found.unread} == {(side, "objectives/goal.md")}
    assert told(found) == []


def test_bytes_that_are_no_text_are_not_compared() -> None:
    whole = {**COMMITTED, "goal.md": goal(LINEAR)}
    one = made(whole)
    sources = {**one.parsed.raw, "objectives/goal.md": goal(LINEAR).encode() + b"\xff"}
    two = load(sources, one.settings, one.as_of)
    assert [lost.side for lost in between(one, two).unread] == ["head"]


def test_a_field_beside_a_broken_one_is_compared() -> None:
    before = {"goal.md": goal(LINEAR, fields="owner: Ana")}
    after = {"goal.md": goal(LINEAR, fields="owner: Bo; weight: much")}
    found = changed(before, after)
    assert told(found) == ["info owner-changed goal.owner: Ana → Bo"]
    assert [lost.line for lost in found.unread] == [5]


def test_a_fault_that_both_sides_have_is_none_of_the_change() -> None:
    before = {"goal.md": goal(LINEAR, fields="weight: much; owner: Ana")}
    after = {"goal.md": goal(LINEAR, fields="weight: much; owner: Bo")}
    assert changed(before, after).unread == ()


# --- fingerprints and properties ------------------------------------------------------------------


def test_a_fingerprint_survives_what_is_pushed_around_it() -> None:
    before, after = goal(LINEAR), goal(LINEAR.replace("10", "8"))
    (first,) = changed({"goal.md": before}, {"goal.md": after}).changes
    later = after.replace("period: q", "# a remark\nperiod: q\nowner: Ana")
    found = changed({"goal.md": before}, {"objectives/deep/goal.md": later}).changes
    again = next(change for change in found if change.field == "target")
    assert again.fingerprint == first.fingerprint
    assert again.line != first.line
    (other,) = changed({"goal.md": before}, {"goal.md": goal(LINEAR.replace("10", "7"))}).changes
    assert other.fingerprint != first.fingerprint


def test_every_rule_but_the_silent_ones_is_named_by_its_table() -> None:
    assert len({rule.id for rule in RULES.values()}) == len(RULES)
    for name, rule in RULES.items():
        assert rule.id == name
        assert name.islower() and name.replace("-", "").isalpha()


@often
@given(companies(), DAYS)
def test_a_book_differs_in_nothing_from_itself(company: Company, day: int) -> None:
    one = made(company.files(), day, policy=company.policy)
    two = made(company.files(), day, policy=company.policy)
    assert between(one, one) == between(one, two) == Changes()


@often
@given(companies(), companies(), DAYS)
def test_any_two_books_can_be_compared(one: Company, two: Company, day: int) -> None:
    books = [made({**COMMITTED, **each.files()}, day, policy=each.policy) for each in (one, two)]
    there, back = between(books[0], books[1]), between(books[1], books[0])
    assert not there.unread and not back.unread
    marks = [change.fingerprint for change in there.changes]
    assert len(set(marks)) == len(marks)
    assert {change.subject for change in there.changes if "renamed" not in change.rule.id} >= {
        change.subject for change in back.changes if change.field == "target"
    }
