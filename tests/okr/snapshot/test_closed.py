"""A closed period that has a record is told from it, whatever the files say today."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsite.okr.flow import Flow
from okrsite.okr.pipeline import Book, load
from okrsite.okr.progress import key_result_progress, objective_progress
from okrsite.okr.settings import read_settings
from okrsite.okr.snapshot.names import MANIFEST, RECORD, name_of
from tests.okr.snapshot.records import FRAMES, frame, loaded, published, sources
from tests.okr.strategies import Company, companies
from tests.okr.texts import goal, on, said, text

Files = Mapping[str, str | bytes]
Q = name_of("q/closed")
OPEN = {"periods/r.md": frame(100, "committed"), "periods/s.md": frame(200, "draft")}
A = goal("k, start: 0, target: 10", "m, done_when: Live", fields="period: q; team: some")
B = goal("k, start: 0, target: 10", fields="period: r; team: some")
SAID = {
    "check-ins/one.md": said(50, "a/k: 4"),
    "check-ins/two.md": said(95, "a/k: 6, a/m: true".replace(", ", "\n  ")),
    "check-ins/both.md": said(98, "a/k: 7", "b/k: 1"),
}
FILES: Files = {**OPEN, "a.md": A, "b.md": B, **SAID}


def recorded(files: Files, **options: Any) -> dict[str, str | bytes]:
    """The files with the record of `q`, made on its last day."""
    own = {path if "/" in path else f"objectives/{path}": told for path, told in files.items()}
    return {**own, **published({**OPEN, **files}, "q/closed", 99, {}, **options)}


def light(files: Files, day: int = 150, **options: object) -> Book:
    made, faults = read_settings(options)
    assert not faults
    return load(sources(files), made, date.fromisoformat(on(day)), deep=False)


def told(book: Book) -> list[str]:
    return [f"{f.path}:{f.line} {f.severity}" for f in book.findings if f.code == "OKR701"]


def changed(files: Files, changes: Mapping[str, str | bytes | None]) -> dict[str, str | bytes]:
    every: dict[str, str | bytes | None] = {**recorded(files), **changes}
    return {path: told for path, told in every.items() if told is not None}


# --- what today's files say else ------------------------------------------------------------------


def test_a_file_as_it_was_is_no_finding_and_changes_nothing() -> None:
    bare, deep = loaded(FILES, 150), loaded(recorded(FILES), 150)
    assert told(deep) == []
    assert deep.scorecard.key_results["a/k"].progress == Fraction(7, 10)
    assert _numbers(bare) == _numbers(deep)


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"objectives/a.md": A.replace("target: 10", "target: 5")}, ["objectives/a.md:6 error"]),
        ({"objectives/a.md": f"{A}Words.\n"}, ["objectives/a.md:9 warning"]),
        ({"objectives/a.md": A.replace("\n", "\r\n")}, []),
        ({"objectives/a.md": None, "objectives/2026/a.md": A}, []),
        ({"objectives/a.md": None}, ["objectives/a.md:1 error"]),
        ({"objectives/a.md": "---\ntitle: {\n---\n"}, ["objectives/a.md:1 error"]),
        ({"objectives/c.md": A}, ["objectives/c.md:3 error"]),
        ({"check-ins/one.md": said(50, "a/k: 9")}, ["check-ins/one.md:5 error"]),
        ({"check-ins/two.md": None}, ["check-ins/two.md:1 error"]),
        ({"check-ins/late.md": said(99, "a/k: 10")}, ["check-ins/late.md:5 error"]),
        (
            {"check-ins/late.md": said(120, "a/k: 10", fields="corrects: one")},
            ["check-ins/late.md:6 error"],
        ),
        ({"check-ins/late.md": said(120, "a/k: 10")}, []),
        ({"check-ins/both.md": said(98, "a/k: 10", "b/k: 1")}, ["check-ins/both.md:5 error"]),
        ({"check-ins/both.md": said(98, "a/k: 7", "b/k: 5")}, []),
        (
            {
                "amendments/x.md": text(
                    f"date: {on(90)}", "author: Ana", "subject: a/k", "field: target", "was: 20",
                    "now: 10", body="So.\n",
                )
            },
            ["amendments/x.md:4 error"],
        ),
        ({"periods/q.md": frame(0, "committed")}, ["periods/q.md:5 error"]),
    ],
)  # fmt: skip
def test_what_differs_is_told_and_does_not_count(
    changes: dict[str, str | bytes | None], findings: list[str]
) -> None:
    deep, lean = loaded(changed(FILES, changes), 150), light(changed(FILES, changes))
    for book in (deep, lean):
        assert sorted(told(book)) == findings
        assert "c" not in book.portfolio.objectives
        assert book.scorecard.teams["some", "q"] == loaded(FILES, 150).scorecard.teams["some", "q"]
    result = deep.scorecard.key_results["a/k"]
    assert (result.value, result.progress) == (Fraction(7), Fraction(7, 10))
    assert result.asked.target == result.first.target == 10
    assert "a" in lean.archived


def test_words_on_open_goals_beside_closed_ones_are_those_of_today() -> None:
    files = changed(FILES, {"check-ins/both.md": said(98, "a/k: 10", "b/k: 5")})
    book = loaded(files, 150)
    assert book.scorecard.key_results["b/k"].value == 5
    assert [entry.value for entry in book.scorecard.key_results["a/k"].entries] == [4, 6, 7]


def test_the_goal_keeps_its_text_and_is_found_where_its_file_lies() -> None:
    files = changed(FILES, {"objectives/a.md": None, "objectives/2026/a.md": f"{A}New.\n"})
    book = loaded(files, 150)
    item = book.portfolio.objectives["a"]
    assert (item.path, item.body.strip()) == ("objectives/2026/a.md", "")


# --- under which terms ------------------------------------------------------------------------


def test_a_policy_of_today_says_nothing_of_what_was_closed() -> None:
    files = {
        **FILES,
        "check-ins/more.md": said(97, "a/k: 14"),
        "check-ins/both.md": said(98, "b/k: 1"),
    }
    mended = {"cap": "none", "status": {"rule": "ratio"}, "parent_status": "worst"}
    then, now = loaded(files, 150), loaded(recorded(files), 150, policy=mended)
    assert then.scorecard.objectives["a"] == now.scorecard.objectives["a"]
    assert then.scorecard.teams["some", "q"] == now.scorecard.teams["some", "q"]
    for day in range(0, 150, 5):
        when = date.fromisoformat(on(day))
        assert objective_progress(then.world, "a", when) == objective_progress(now.world, "a", when)
    assert (
        loaded(files, 150, policy=mended).scorecard.objectives["a"]
        != then.scorecard.objectives["a"]
    )


def test_nor_does_an_okrsite_that_computes_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    files, then = recorded(FILES), loaded(FILES, 150)
    monkeypatch.setattr("okrsite.okr.progress.linear", lambda *_: Fraction(1, 3))
    now = loaded(files, 150)
    assert now.scorecard.objectives["a"] == then.scorecard.objectives["a"]
    assert now.scorecard.objectives["b"] != then.scorecard.objectives["b"]


def test_on_a_day_before_the_closing_nothing_was_on_record() -> None:
    files = recorded(FILES)
    for book in (loaded(files, 60), light(files, 60)):
        assert book.scorecard.key_results["a/k"].progress == Fraction(4, 10)
        assert not book.archived


def test_a_result_without_a_closing_word_has_no_data_and_no_value() -> None:
    top = goal("sum, start: 0, target: 10, unit: t, from: objectives", fields="period: r")
    own = goal("k, start: 0, target: 10, unit: t", fields="period: q; parent: top/sum")
    files = {**OPEN, "top.md": top, "a.md": own, "check-ins/x.md": said(20, "a/k: 4")}
    silent: Files = {**files, **published(files, "q/closed", 99, {}, missing=("a/k",))}
    for book in (loaded(silent, 150), light(silent)):
        result = book.scorecard.key_results["a/k"]
        assert [result.value, result.progress, result.counted] == [None, None, 0]
        assert book.scorecard.key_results["top/sum"].value is None
    assert loaded(files, 150).scorecard.key_results["top/sum"].value == 4


# --- records that cannot be used --------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "old", "new", "code"),
    [
        (RECORD, b'"team": "some"', b'"team": "none"', "OKR703"),
        (MANIFEST, b"manifest/v1", b"manifest/v2", "OKR702"),
        (MANIFEST, b'"q/closed"', b'"r/closed"', "OKR702"),
        (MANIFEST, b"{", b"", "OKR702"),
    ],
)
def test_a_record_that_cannot_be_trusted_is_not_used(
    part: str, old: bytes, new: bytes, code: str
) -> None:
    files = changed(FILES, {"objectives/a.md": A.replace("target: 10", "target: 14")})
    raw = files[Q.file(part)]
    assert isinstance(raw, bytes) and old in raw
    files[Q.file(part)] = raw.replace(old, new, 1)
    for book in (loaded(files, 150), light(files)):
        assert [f.code for f in book.findings if f.code >= "OKR7" and f.code != "OKR705"] == [code]
        assert book.scorecard.key_results["a/k"].progress == Fraction(1, 2)
        assert not book.archived


def test_a_record_that_a_later_manifest_contradicts_is_not_used() -> None:
    first = published({**FILES, **OPEN}, "q/closed", 99, {})
    later = published({**FILES, **OPEN, **first}, "r/committed", 100, first)
    forged = published(
        {**FILES, **OPEN, "check-ins/both.md": said(98, "a/k: 9")}, "q/closed", 99, {}
    )
    for kept, codes in ((first, []), (forged, ["OKR703"])):
        files = {**FILES, **OPEN, **kept, **later}
        for book in (loaded(files, 150), light(files)):
            assert [f.code for f in book.findings if f.code in ("OKR702", "OKR703")] == codes
            assert bool(book.parsed.closed.records) is not bool(codes)
            if not book.archived:
                assert book.scorecard.key_results["a/k"].progress == Fraction(7, 10)


def test_two_records_stand_side_by_side() -> None:
    frames = {"periods/r.md": FRAMES["periods/r.md"], "periods/s.md": frame(200, "committed")}
    more = goal("k, start: 0, target: 10", fields="period: s; continues: b")
    files = {**FILES, **frames, "c.md": more, "check-ins/r.md": said(199, "b/k: 8")}
    first = published({**files, **OPEN}, "q/closed", 99, {})
    both = {**files, **first, **published({**files, **first}, "r/closed", 199, first)}
    bare, book = loaded(files, 250), light(both, 250)
    assert {name: goal.period for name, goal in book.archived.items()} == {"a": "q", "b": "r"}
    assert set(book.portfolio.objectives) == {"b", "c"}  # the open goal continues one of the two
    assert not told(book)
    assert _numbers(bare) == _numbers(loaded(both, 250))
    assert bare.scorecard.teams == book.scorecard.teams


def test_goals_that_keep_their_pages_still_say_what_they_continue() -> None:
    frames = {"periods/r.md": FRAMES["periods/r.md"]}
    later = goal("k, start: 0, target: 10", fields="period: r; team: some; continues: a")
    files = {**FILES, **frames, "b.md": later, "check-ins/r.md": said(199, "b/k: 8")}
    first = published({**files, **OPEN}, "q/closed", 99, {})
    both = {**files, **first, **published({**files, **first}, "r/closed", 199, first)}
    day = date.fromisoformat(on(250))
    book = load(sources(both), read_settings({})[0], day, deep=False, but="r")
    assert list(book.archived) == ["a"]
    assert book.portfolio.objectives["b"].continues == "a"
    assert book.portfolio.objectives["a"].title == "Goal"


# --- without what was said --------------------------------------------------------------------


def test_what_was_said_of_closed_goals_alone_is_left_out() -> None:
    book = light(recorded(FILES))
    assert list(book.archived) == ["a"] and set(book.portfolio.objectives) == {"b"}
    assert set(book.portfolio.check_ins) == {"both"}
    assert set(book.portfolio.check_ins["both"].key_results) == {"b/k"}
    spoken = sorted((t.day.isoformat(), t.refs) for t in book.parsed.closed.left)
    assert spoken == [
        (on(50), ("a/k",)),
        (on(95), ("a/k", "a/m")),
        (on(98), ("a/k",)),
    ]


def test_a_goal_that_names_an_open_one_stays_beside_it() -> None:
    serving = A.replace("period: q", "period: q\nsupports: [b]")
    book = light({**recorded({**FILES, "a.md": serving})})
    assert book.portfolio.supporters == {"b": ("a",)} and "a" in book.archived
    assert not light(recorded(FILES)).portfolio.supporters


def test_an_id_that_is_used_again_is_told() -> None:
    again = goal("k, start: 0, target: 10", fields="period: r; team: some")
    files = changed(FILES, {"objectives/new/a.md": again})
    for book in (loaded(files, 150), light(files)):
        assert [f.path for f in book.findings if f.code == "OKR014"] == ["objectives/new/a.md"]


def test_what_was_changed_since_is_there_to_be_told_of() -> None:
    assert light(recorded(FILES)).left_out == {("objectives", "a")}
    book = light(changed(FILES, {"objectives/a.md": A.replace("10", "14")}))
    assert "a" in book.portfolio.objectives and not book.left_out
    assert book.portfolio.key_results["a/k"].target == 10  # what it says is what was recorded


def test_a_correction_of_what_was_left_out_leads_somewhere() -> None:
    files = {**FILES, "check-ins/fix.md": said(120, "b/k: 3", fields="corrects: one")}
    book = light(recorded(files))
    assert not [f for f in book.findings if f.severity == "error"]


def test_a_correction_of_a_correction_speaks_for_the_day_of_the_first() -> None:
    files = {
        **{path: FILES[path] for path in ("a.md", "b.md", "check-ins/one.md")},
        "check-ins/fix.md": said(60, "a/k: 5", fields="corrects: one"),
        "check-ins/word.md": said(55, "b/k: 8"),
    }
    after = {**recorded(files), "check-ins/more.md": said(120, "b/k: 7", fields="corrects: fix")}
    for book in (loaded(after, 150), light(after)):
        days = [entry.day.isoformat() for entry in book.ledger.entries["b/k"]]
        assert days == [on(50), on(55)]
        assert book.scorecard.key_results["b/k"].value == 8


def test_a_correction_of_what_is_gone_corrects_nothing() -> None:
    mixed = {**SAID, "check-ins/both.md": said(50, "a/k: 4", "b/k: 1")}
    fix = {
        "check-ins/both.md": None,
        "check-ins/fix.md": said(120, "b/k: 3", fields="corrects: both"),
    }
    files = changed({"a.md": A, "b.md": B, **mixed}, fix)
    for book in (loaded(files, 150), light(files)):
        assert [entry.day.isoformat() for entry in book.ledger.entries["b/k"]] == [on(120)]


def test_work_that_is_done_for_closed_goals_alone_is_over() -> None:
    work = text("title: Work", "contributes_to: [a/k]")
    moves = {
        f"check-ins/w{day}.md": said(day, fields=f"initiatives: {{{moved}}}")
        for day, moved in ((40, "work: doing, more: doing"), (60, "work: done, more: done"))
    }
    files = {**FILES, "initiatives/work.md": work, "initiatives/more.md": work, **moves}
    own = {path if "/" in path else f"objectives/{path}": told for path, told in files.items()}
    after = {**recorded(own), "check-ins/again.md": said(130, fields="initiatives: {more: doing}")}
    bare, book = (
        loaded({**own, "check-ins/again.md": after["check-ins/again.md"]}, 150),
        light(after),
    )
    assert book.is_archived("initiatives/work") and not book.is_archived("initiatives/more")
    assert _ways(book) == _ways(bare)


def test_work_is_not_over_where_it_names_a_goal_that_came_after_the_record() -> None:
    work = text("title: Work", "contributes_to: [a/k, c]")
    moved = said(60, fields="initiatives: {work: done}")
    files = recorded({**FILES, "initiatives/work.md": work, "check-ins/w.md": moved})
    since = goal("k, start: 0, target: 10", fields="period: r; team: some; owner: Ana")
    files |= {"objectives/c.md": since, "check-ins/c.md": said(140, "c/k: 0")}
    for book in (loaded(files, 150), light(files)):
        assert [f.path for f in book.findings if f.code == "OKR401"] == ["objectives/c.md"]
        assert not book.is_archived("initiatives/work")


def test_work_is_not_over_where_a_later_record_has_it_taken_up_again() -> None:
    moves = {
        "check-ins/w60.md": said(60, fields="initiatives: {work: done}"),
        "check-ins/w130.md": said(130, fields="initiatives: {work: doing}"),
    }
    frames = {"periods/r.md": FRAMES["periods/r.md"], "periods/s.md": frame(200, "committed")}
    work = {"initiatives/work.md": text("title: Work", "contributes_to: [a/k]")}
    files = {**FILES, **frames, **work, **moves, "check-ins/r.md": said(199, "b/k: 8")}
    first = published({**files, **OPEN}, "q/closed", 99, {})
    both = {**files, **first, **published({**files, **first}, "r/closed", 199, first)}
    for book in (loaded(both, 250), light(both, 250)):
        assert book.flows["work"].state == "doing"


def test_work_is_not_over_where_what_was_said_of_it_is_gone() -> None:
    work = {"initiatives/work.md": text("title: Work", "contributes_to: [a/k]")}
    moved = said(60, "a/k: 3", fields="initiatives: {work: done}")
    for since in (None, moved.replace("done", "doing")):
        files = changed({**FILES, **work, "check-ins/w.md": moved}, {"check-ins/w.md": since})
        assert light(files).flows["work"] == loaded(files, 150).flows["work"]


@st.composite
def reported(draw: st.DrawFn) -> tuple[Company, dict[str, str]]:
    """A company whose goals of a closed period count into open ones, or do not."""
    company = draw(companies())
    above = {
        "top.md": goal(fields="period: r; progress_from: children"),
        "sum.md": goal("below, from: objectives", "k, start: 0, target: 4", fields="period: r"),
    }
    parents = st.sampled_from(["", "; parent: top", "; parent: sum/below", "; parent: sum"])
    files = {**OPEN, **above, **company.files(), "check-ins/sum.md": said(120, "sum/k: 3")}
    for each in company.goals:
        if not each.parent:
            path = f"{each.name}.md"
            head = f"period: q\nteam: some{draw(parents).replace('; ', chr(10))}"
            files[path] = files[path].replace("period: q", head, 1)
    return company, files


@settings(max_examples=60, deadline=None)
@given(reported())
def test_numbers_are_the_same_with_and_without_all_that_was_said(
    made: tuple[Company, dict[str, str]],
) -> None:
    company, files = made
    options: dict[str, Any] = {"policy": company.policy}
    with_record = recorded(files, **options)
    bare, deep = loaded(files, 150, **options), loaded(with_record, 150, **options)
    lean = light(with_record, 150, **options)
    assert _numbers(bare) == _numbers(deep)
    left_out = bare.portfolio.objectives.keys() - lean.portfolio.objectives.keys()
    assert left_out <= lean.archived.keys()
    assert _numbers(bare, but=left_out) == _numbers(lean, but=left_out)
    assert _ways(bare) == _ways(deep) == _ways(lean)
    for day in range(0, 150, 7):
        when = date.fromisoformat(on(day))
        for name in bare.portfolio.objectives:
            known = objective_progress(bare.world, name, when)
            assert known == objective_progress(deep.world, name, when)
            if not lean.is_archived(name):
                assert known == objective_progress(lean.world, name, when)
        for ref in bare.portfolio.key_results:
            assert key_result_progress(bare.world, ref, when) == key_result_progress(
                deep.world, ref, when
            )


OPEN_GOAL = goal(
    "k, start: 0, target: 10",
    "fed, from: level, start: 0, target: 10",
    "sum, from: objectives",
    "done, from: initiatives",
    fields="period: r",
)
VALUES = tuple(map(str, range(1, 10)))
WORDS = {
    ("key_results", "a/k"): VALUES,
    ("key_results", "b/k"): VALUES,
    ("kpis", "level"): VALUES,
    ("initiatives", "work"): ("doing", "done"),
}


@st.composite
def corrections(draw: st.DrawFn) -> dict[str, str]:
    """Check-ins on a closed and an open goal; most correct an earlier one."""
    found: dict[str, str] = {}
    for index, day in enumerate(sorted(draw(st.sets(st.integers(1, 140), min_size=3, max_size=8)))):
        known = [subject for subject in WORDS if day < 99 or "a/k" not in subject]
        words: dict[str, list[str]] = {}
        for subject in draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True)):
            kind, ref = subject
            words.setdefault(kind, []).append(f"{ref}: {draw(st.sampled_from(WORDS[subject]))}")
        wrong = draw(st.sampled_from([*range(index), None]))
        head = [] if wrong is None else [f"corrects: n{wrong}"]
        rows = (f"{kind}: {{{', '.join(lines)}}}" for kind, lines in words.items())
        found[f"check-ins/n{index}.md"] = text(f"date: {on(day)}", "author: Ana", *head, *rows)
    return found


@settings(max_examples=200, deadline=None)
@given(corrections(), st.sampled_from(["", "; parent: b/sum", "; supports: [b]"]))
def test_corrections_count_the_same_with_and_without_what_was_said_of_closed_goals(
    check_ins: dict[str, str], link: str
) -> None:
    closed = goal("k, start: 0, target: 10", fields=f"period: q; team: some{link}")
    around = {
        "kpis/level.md": text("title: Level", "at_least: 5"),
        "initiatives/work.md": text("title: Work", "contributes_to: [b/done]"),
    }
    files = recorded({**OPEN, **around, "a.md": closed, "b.md": OPEN_GOAL, **check_ins})
    deep, lean = loaded(files, 150), light(files)
    assert _numbers(deep, but={"a"}) == _numbers(lean, but={"a"})
    assert (_ways(deep), deep.ledger.readings) == (_ways(lean), lean.ledger.readings)
    for ref in ("b/k", "b/fed", "b/sum", "b/done"):
        assert deep.ledger.entries.get(ref) == lean.ledger.entries.get(ref)
        for day in range(0, 150, 7):
            when = date.fromisoformat(on(day))
            now = key_result_progress(lean.world, ref, when)
            assert key_result_progress(deep.world, ref, when) == now


def _ways(book: Book) -> Mapping[str, Flow]:
    """How initiatives went; a record does not tell when work that was done at once began."""
    return {name: replace(way, started_on=None) for name, way in book.flows.items()}


def _numbers(book: Book, *, but: Collection[str] | None = None) -> object:
    """Every score, or those of goals that were not left out, without what was said on the way."""
    results, goals = dict(book.scorecard.key_results), dict(book.scorecard.objectives)
    if but is not None:
        goals = {name: score for name, score in goals.items() if name not in but}
        results = {
            ref: replace(score, entries=(), reading=None, summed=())
            for ref, score in results.items()
            if ref.partition("/")[0] not in but
        }
    return results, goals, dict(book.scorecard.teams)
