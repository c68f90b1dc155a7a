"""Page, data and terminal tell one story, and each printed computation gives its printed result."""

import ast
import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsite.okr.pipeline import Book, load
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.okr.settings import Settings
from okrsite.okr.sources import read_folder
from okrsite.portal.build import build_site
from okrsite.portal.data import dump, export
from okrsite.portal.pictures import Draw
from okrsite.portal.show import show
from okrsite.portal.site import SiteUrls
from tests.okr.strategies import Company, companies
from tests.okr.texts import amended, goal, made, on, period, said, text

CONTENT = Path(__file__).parents[1] / "content"
NUMBER = r"-?[\d,]+(?:\.\d+)?(?:e-?\d+)?"
NO_CHARTS = Draw(lambda _: "", lambda _: "", lambda _: "")


def plain(markup: str) -> str:
    """The text of some HTML, with the signs that a keyboard has."""
    words = html.unescape(re.sub(r"<[^>]+>", " ", markup))
    return " ".join(words.replace("\u2212", "-").split())


def close(printed: str | Fraction, exact: Fraction, digits: int) -> bool:
    """Whether a printed number is `exact`, rounded to `digits` decimals."""
    shown = Fraction(printed.replace(",", "")) if isinstance(printed, str) else printed
    return abs(shown - exact) <= Fraction(1, 2 * 10**digits)


# The arithmetic of a line, done again.


def computed(formula: str) -> Fraction | None:
    """What a printed formula gives; None where it is no arithmetic."""
    words = formula.replace("×", "*").replace("÷", "/")
    if kept := re.fullmatch(rf"({NUMBER}) (keeps|does not keep) (.*)", words):
        return Fraction(int(_within(kept[1], kept[3]))) if kept[2] else None
    if done := re.fullmatch(r"(\d+) of (\d+) initiatives? done", words):
        return Fraction(int(done[1]), int(done[2]))
    if share := re.fullmatch(r".* kept in .* check-ins, (\d+) / (\d+)(, at most 1)?", words):
        ratio = Fraction(int(share[1]), int(share[2]))
        return min(Fraction(1), ratio) if share[3] else ratio
    if words in ("done", "not done"):
        return Fraction(int(words == "done"))
    words = re.sub(rf"({NUMBER}) %", r"(\1 / 100)", words).replace(",", "")
    return _value(ast.parse(words.strip(), mode="eval").body)


def _within(value: str, bound: str) -> bool:
    at = Fraction(value.replace(",", ""))
    ends = [Fraction(n.replace(",", "")) for n in re.findall(NUMBER, bound)]
    if bound[0] in "<>" or " < " in bound:
        return at not in ends and _within(value, _inclusive(bound))
    if bound.startswith("≥"):
        return at >= ends[0]
    return at <= ends[0] if bound.startswith("≤") else ends[0] <= at <= ends[1]


def _inclusive(bound: str) -> str:
    """The same bound with its ends: `> 4 and < 5` is `4 to 5`, `> 4` is `≥ 4`."""
    if " and < " in bound:
        return bound.removeprefix("> ").replace(" and < ", " to ")
    return bound.replace(">", "≥").replace("<", "≤")


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand)
    assert isinstance(node, ast.BinOp), ast.dump(node)
    left, right = _value(node.left), _value(node.right)
    match node.op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
    return left / right


def check_line(words: str, slack: Fraction = Fraction(0), of: int = 100) -> None:
    """`formula = 57.4 %`, or `1 + 2 = 3; formula = 57.4 %`, comes out as it says."""
    *sums, last = words.partition(", counts as ")[0].split("; ")
    for line in sums:
        left, _, right = line.rpartition(" = ")
        assert computed(left) == computed(right), words
    left, _, right = last.rpartition(" = ")
    printed = re.fullmatch(rf"({NUMBER}) %", right)
    if left and printed:
        again = computed(left)
        assert again is not None, words
        shown = Fraction(printed[1].replace(",", ""))
        assert abs(again * of - shown) <= Fraction(1, 20) + slack, words


def test_the_checker_can_fail() -> None:
    check_line("(149 - 180) ÷ (126 - 180) = 57.4 %")
    check_line("1,200 + 2 = 1,202; (1,202 - 0) ÷ (2,404 - 0) = 50.0 %")
    check_line("4 keeps 4 to 5 days = 100.0 %")
    check_line("4 does not keep > 4 and < 5 days = 0.0 %")
    check_line("5 does not keep < 5 = 0.0 %")
    for wrong in (
        "(149 - 180) ÷ (126 - 180) = 57.5 %",
        "4 keeps ≥ 5 = 100.0 %",
        "1 + 1 = 3; 1 = 100.0 %",
    ):
        with pytest.raises(AssertionError):
            check_line(wrong)


# What each of the three says.


def pages(book: Book) -> Mapping[str, str]:
    site = build_site(book, html.escape, SiteUrls(), NO_CHARTS)
    return {page.uri: page.html for page in site.pages if page.kind == "objective"}


def check_head(book: Book, name: str, page: str) -> None:
    """The big number, what is expected, and the status."""
    item = book.scorecard.objectives[name]
    found = re.search(r'<p class="okr-big">.*?</p>', page, re.DOTALL)
    assert found
    words = plain(found[0])
    assert f"okr-is-{item.status}" in found[0]
    assert str(item.status).replace("-", " ") in words.lower()
    if item.progress is None:
        assert words.startswith("none")
    elif "score at close" in words:
        closed = re.fullmatch(rf"({NUMBER}) \w+ score at close, ({NUMBER}) % of the way", words)
        assert closed, words
        assert item.score == Fraction(closed[1])
        assert close(closed[2], item.progress * 100, 0)
    else:
        running = re.match(rf"({NUMBER}) % .*? ({NUMBER}) % expected", words)
        assert running, words
        assert close(running[1], item.progress * 100, 0)
        assert item.expected is not None
        assert close(running[2], item.expected * 100, 0)


def check_rows(book: Book, name: str, page: str) -> None:
    """Progress and status of each key result in their table."""
    for kr in book.portfolio.objectives[name].key_results:
        item = book.scorecard.key_results[f"{name}/{kr.id}"]
        found = re.search(rf'<th[^>]*>(?:(?!</th>).)*id="kr-{kr.id}".*?</tr>', page, re.DOTALL)
        assert found, kr.id
        cells = re.findall(r"<td.*?</td>", found[0], re.DOTALL)
        assert f"okr-is-{item.status}" in cells[-1], cells[-1]
        words = plain(cells[1])
        if item.progress is None:
            assert "not counted" in words or "counted as 0 %" in words, words
        elif words.startswith(("done", "not done")):
            assert item.progress == int(words.startswith("done"))
        else:
            assert close(re.findall(rf"({NUMBER}) %", words)[-1], item.progress * 100, 0), words


def check_trail(book: Book, name: str, page: str) -> None:
    """Each line of the trail, the column of what counts, and the sum below it."""
    item = book.scorecard.objectives[name]
    table = re.search(r'<table class="[^"]*okr-trail.*?</table>', page, re.DOTALL)
    assert bool(table) == bool(item.parts)
    if not table:
        return
    *rows, foot = [
        [plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", table[0], re.DOTALL)[1:]
    ]
    assert len(rows) == len(item.parts)
    total = Fraction(0)
    for (_, formula, weight, counts, _), part in zip(rows, item.parts, strict=True):
        check_line(formula, slack(formula))
        assert Fraction(weight) == part.weight
        assert (counts == "–") == (part.counted is None)
        if part.counted is not None:
            assert close(counts, part.counted * part.weight * 100, len(counts.partition(".")[2]))
            total += Fraction(counts.replace(",", ""))
    _, result, weights, together, _ = foot
    ulp = Fraction(1, 10 ** len(together.partition(".")[2]))
    assert abs(Fraction(together.replace(",", "")) - total) <= ulp * (len(rows) + 1) / 2
    if item.progress is not None:
        assert Fraction(weights) == sum(p.weight for p in item.parts if p.counted is not None)
        check_sum(result, item.progress)
    for note in re.findall(r'<p class="okr-note">(Expected is .*?)</p>', page):
        check_line(plain(note).partition(": ")[2].rstrip("."), Fraction(1, 20), of=1)


def slack(formula: str) -> Fraction:
    """How far a result may be off where its own inputs are printed as rounded percentages."""
    return Fraction(1, 20) if "×" in formula and "%" in formula.partition(" = ")[0] else Fraction(0)


def check_sum(words: str, progress: Fraction) -> None:
    found = re.fullmatch(rf"({NUMBER}) ÷ ({NUMBER}) = ({NUMBER}) %", words)
    assert found, words
    assert close(found[3], progress * 100, 1)
    again = Fraction(found[1].replace(",", "")) / Fraction(found[2].replace(",", ""))
    assert abs(again - progress * 100) <= Fraction(1, 20), words


def check_show(book: Book, ref: str) -> None:
    """Progress, expected, status and sum as the terminal prints them."""
    told = show(book, ref)
    assert told is not None
    lines = [line.strip() for line in told.replace("\u2212", "-").split("\n")]
    objective = book.scorecard.objectives.get(ref)
    item = objective or book.scorecard.key_results[ref]
    status = str(item.status).replace("-", " ")
    if item.progress is None:
        assert ("no data" if status == "no data" else f"no data, {status}") in lines
    else:
        found = re.fullmatch(
            rf"({NUMBER}) % of the way(?:, ({NUMBER}) % expected \(.*\))?: (.*)", lines[2]
        )
        assert found, lines[2]
        assert close(found[1], item.progress * 100, 1)
        assert item.expected is None or close(found[2], item.expected * 100, 1)
        assert found[3] == status
        check_line(lines[3], slack(lines[3])) if objective is None and "÷" in lines[3] else None
    if objective is not None and objective.progress is not None:
        (words,) = [line.partition(": ")[2] for line in lines if line.startswith("progress from")]
        check_sum(words, objective.progress)
        assert f"score {float(objective.score or 0):.1f}, {objective.grade}" in lines


def check_data(book: Book) -> None:
    read = json.loads(dump(export(book)))
    rows = {row["id"]: row for row in (*read["objectives"], *read["key_results"])}
    everything: dict[str, ObjectiveScore | KeyResultScore] = {
        **book.scorecard.objectives,
        **book.scorecard.key_results,
    }
    assert rows.keys() == everything.keys()
    for ref, item in everything.items():
        for name in ("progress", "expected"):
            number = getattr(item, name)
            assert rows[ref][name] == (None if number is None else float(number))
        assert rows[ref]["status"] == item.status


def check(book: Book, names: Mapping[str, str]) -> None:
    check_data(book)
    for name in book.portfolio.objectives:
        page = names[f"objectives/{name}.md"]
        check_head(book, name, page)
        check_rows(book, name, page)
        check_trail(book, name, page)
    for ref in (*book.portfolio.objectives, *book.portfolio.key_results):
        check_show(book, ref)


# The companies they are asked about.


def test_the_example_company_on_its_day() -> None:
    book = load(read_folder(CONTENT), Settings(), date(2026, 8, 20))
    assert len(book.scorecard.objectives) > 50
    check(book, pages(book))


def cases() -> Iterator[tuple[str, dict[str, str], int, dict[str, object]]]:
    pair = {
        "goal.md": goal("a, start: 0, target: 10", "b, start: 0, target: 10"),
        "check-ins/w.md": said(10, "goal/a: 12.5", "goal/b: -2.125"),
    }
    yield "capped", pair, 40, {}
    yield "not capped", pair, 40, {"cap": "none"}
    weights = "a, start: 0, target: 9, weight: 0.125", "b, start: 0, target: 7, weight: 0.25"
    yield "weights below one", {**pair, "goal.md": goal(*weights)}, 40, {}
    tiny = "a, start: 0, target: 900, weight: 0.01", "b, start: 0, target: -7, weight: 0.002"
    yield "tiny weights", {**pair, "goal.md": goal(*tiny)}, 40, {"cap": "none"}
    due = (
        f"a, start: 0, target: 9, due: {on(50)}, weight: 1.125",
        "b, start: 0, target: 7",
        f"c, start: unknown, target: 7, due: {on(45)}",
        f"d, start: 0, target: 7, due: {on(45)}, weight: 0",
    )
    yield "days of their own", {**pair, "goal.md": goal(*due)}, 40, {}
    large = "a, start: 100000, target: 3000000", "b, start: 0.0001, target: 0.0003"
    spoken = said(10, "goal/a: 1234567.89", "goal/b: 0.00017")
    yield "large and small", {"goal.md": goal(*large), "check-ins/w.md": spoken}, 40, {}
    below = {
        "top.md": goal("all, from: objectives", "sum, from: objectives, start: 0, target: 3"),
        "x.md": goal("a, start: 0, target: 9", fields="parent: top/all; weight: 0.75"),
        "y.md": goal("a, start: 0, target: 7", fields="parent: top/all"),
        "z.md": goal("a, start: 0, target: 7", fields="parent: top/sum"),
        "check-ins/w.md": said(10, "x/a: 5", "y/a: -2", "z/a: 0.125"),
    }
    yield "from objectives", below, 40, {}
    yield "from objectives, not capped", below, 40, {"cap": "none"}
    closed = period(0, 100, "state: closed", f"closed_on: {on(110)}")
    year = {
        "periods/q.md": closed,
        "periods/year.md": period(0, 364),
        "goal.md": goal("a, from: objectives", "b, from: initiatives", fields="parent: top"),
        "top.md": goal(fields="period: year"),
        "mid.md": goal("a, start: 0, target: 9", fields="period: year; parent: goal/a"),
        "initiatives/i.md": text("title: I", "contributes_to: goal/b"),
        "check-ins/v.md": said(90, "mid/a: 3"),
        "check-ins/w.md": said(150, "mid/a: 7", fields="initiatives: {i: done}"),
        "amendments/a.md": amended(160, "mid/a", "target", 18, 9),
    }
    yield "closed beside running", year, 200, {}
    yield "closed and before it was", year, 95, {}
    kept = {
        "goal.md": goal("a, at_most: 5", "b, between: [-4, 5]", "c, from: k, at_least: 2"),
        "kpis/k.md": text("title: K"),
        "check-ins/v.md": said(10, "goal/a: 5", "goal/b: -4.5", fields="kpis: {k: 2}"),
        "check-ins/w.md": said(17, "goal/a: 4", "goal/b: 5"),
    }
    yield "kept", kept, 40, {}
    yield "kept share", kept, 40, {"keep": "share"}
    yield "kept strictly", kept, 40, {"bounds": "strict"}
    often = {f"check-ins/{n}.md": said(n, "goal/a: 1", "goal/b: 1") for n in range(30)}
    yield "kept more often than planned", {**kept, **often}, 40, {"keep": "share"}
    near = {"goal.md": goal("a, at_least: 99.995", "b, between: [0.001, 0.004]")}
    near["check-ins/w.md"] = said(10, "goal/a: 99.994", "goal/b: 0.0045")
    yield "kept nearly", near, 40, {}
    yield "nothing yet", {"goal.md": pair["goal.md"]}, 40, {}
    yield "not begun", pair, -5, {}


@pytest.mark.parametrize(
    ("files", "day", "policy"), [pytest.param(*case, id=name) for name, *case in cases()]
)
def test_a_small_company(files: dict[str, str], day: int, policy: dict[str, object]) -> None:
    book = made(files, day, policy=policy)
    check(book, pages(book))


@settings(deadline=None, max_examples=25)
@given(companies(), st.integers(-5, 120))
def test_any_company(company: Company, day: int) -> None:
    book = made(company.files(), day, policy=company.policy)
    check(book, pages(book))
