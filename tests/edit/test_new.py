"""New files: what was said, what is usual, what is known; and each reads without an error."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsite.cli import main
from okrsite.edit.beginning.cycles import calendar_span
from okrsite.edit.beginning.measures import key_results
from okrsite.edit.beginning.starting import New, text_of
from okrsite.edit.files import EditError
from okrsite.edit.text.names import id_of
from okrsite.edit.text.scalars import scalar
from okrsite.okr.finding import Severity
from tests.support import book

drawn = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

FILES = {
    "periods/2026.md": (
        '---\ntitle: "2026"\nstart: 2026-01-01\nend: 2026-12-31\nstate: committed\n---\n'
    ),
    "periods/2026-q2.md": (
        "---\ntitle: Q2\nstart: 2026-04-01\nend: 2026-06-30\nstate: closed\n---\n"
    ),
    "periods/2026-q3.md": (
        "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n---\n"
    ),
    "periods/2026-q4.md": "---\ntitle: Q4\nstart: 2026-10-01\nend: 2026-12-31\n---\n",
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "teams/desk.md": "---\ntitle: Desk\nparent: acme\nmembers: [oda]\n---\n",
    "people/oda.md": "---\ntitle: Oda\nteam: desk\n---\n",
    "objectives/2026-q3/acme/trust.md": (
        "---\ntitle: Trust\nperiod: 2026-q3\nteam: acme\n"
        "key_results: [{id: a, title: A, start: 0, target: 1}]\n---\n"
    ),
    "objectives/2026-q3/desk/queues.md": (
        "---\ntitle: Queues\nperiod: 2026-q3\nteam: desk\nparent: trust\n"
        "key_results: [{id: calls-at-noon, title: C, start: 9, target: 1}]\n---\n"
    ),
    "initiatives/screens.md": "---\ntitle: Screens\ncontributes_to: trust/a\n---\n",
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for words in (("init", "-q"), ("config", "user.name", "Oda"), ("config", "user.email", "o@x")):
        subprocess.run(("git", *words), cwd=tmp_path, check=True)
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, as_of: str = "2026-08-20") -> Result:
    return CliRunner().invoke(main, ["new", *words, "--as-of", as_of], catch_exceptions=False)


def made(place: Path, *words: str, as_of: str = "2026-08-20") -> tuple[str, str]:
    """Path and text of the file that was written."""
    result = run(*words, as_of=as_of)
    assert result.exit_code == 0, result.stderr
    path = result.stdout.splitlines()[0].removeprefix("wrote ")
    return path, (place / path).read_text(encoding="utf-8")


def refused(*words: str, as_of: str = "2026-08-20") -> str:
    result = run(*words, as_of=as_of)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr.removeprefix("okrsite: ").strip()


def test_an_objective_with_what_is_usual(place: Path) -> None:
    path, text = made(
        place,
        *("objective", "Nobody waits: at all", "--parent", "trust/a", "-m", "Because.\n"),
        *("--kr", "Calls: 18 -> 10 calls a day", "--kr", "Calls: at most 3"),
    )
    assert path == "content/objectives/2026-q3/desk/nobody-waits-at-all.md"
    assert text == (
        '---\ntitle: "Nobody waits: at all"\nperiod: 2026-q3\nteam: desk\nowner: oda\n'
        "parent: trust/a\nkey_results:\n"
        "  - id: calls\n    title: Calls\n    unit: calls a day\n    start: 18\n    target: 10\n"
        "  - id: calls-2\n    title: Calls\n    at_most: 3\n---\nBecause.\n"
    )


def test_an_objective_of_another_period_team_and_owner(place: Path) -> None:
    path, text = made(
        place,
        *("objective", "Größe", "--id", "size", "--period", "2026-q4", "--owner", "Zoe Q"),
        *("--team", "acme", "--continues", "trust", "--ambition", "aspirational", "--tag", "a"),
    )
    assert path == "content/objectives/2026-q4/size.md"
    assert text == (
        "---\ntitle: Größe\nperiod: 2026-q4\nteam: acme\nowner: Zoe Q\ncontinues: trust\n"
        "ambition: aspirational\ntags: [a]\nkey_results:\n"
        "  - id: first\n    title: What will be different when we are there\n"
        "    start: unknown\n    target: unknown\n---\n"
    )


def test_a_key_result_that_goes_on_keeps_its_id(place: Path) -> None:
    words = ("--continues", "queues", "--kr", "Calls at noon: 9 -> 2", "--kr", "c: 1 -> 0")
    _, text = made(place, "objective", "Shorter queues", "--period", "2026-q4", *words)
    assert "  - id: calls-at-noon-2\n    title: Calls at noon\n" in text
    assert "  - id: calls-at-noon\n    title: c\n" in text
    _, text = made(place, "objective", "Other queues", "--period", "2026-q4", "--kr", "C: 1 -> 0")
    assert "  - id: c\n    title: C\n" in text


def test_what_is_left_to_do_is_said(place: Path) -> None:
    lines = run("objective", "Lonely").stdout.splitlines()
    assert lines[1] == "What a reviewer would ask:"
    assert any("neither `parent` nor `supports`" in line for line in lines)
    assert any("not yet measurable" in line for line in lines)
    assert not any("checked in on" in line for line in lines)
    path = "content/objectives/2026-q3/desk/lonely.md"
    told = rf"`okrsite check` has (\d+) findings about it: okrsite check {path}"
    (count,) = re.findall(told, "\n".join(lines))
    check = CliRunner().invoke(main, ["check", path, "--as-of", "2026-08-20"])
    assert f"{count} warnings in 1 file" in check.stdout and int(count) > 1
    assert lines[-1] == "Next: say why it matters, below the second `---`."


def test_the_period_is_the_one_under_way_else_the_next(place: Path) -> None:
    def period(as_of: str, title: str) -> str:
        return made(place, "objective", title, as_of=as_of)[1].split("period: ")[1].split("\n")[0]

    assert period("2026-08-20", "One") == "2026-q3"
    assert period("2026-05-05", "Two") == '"2026"'
    (place / "content/periods/2026.md").unlink()
    assert period("2026-05-06", "Three") == "2026-q3"
    assert "okrsite new period 2027-q1" in refused("objective", "Four", as_of="2027-02-01")


def test_work_for_a_key_result_by_its_own_id(place: Path) -> None:
    text = made(place, "initiative", "X", "--for", "calls-at-noon")[1]
    assert "contributes_to: queues/calls-at-noon\n" in text


def test_an_initiative(place: Path) -> None:
    path, text = made(
        place,
        *("initiative", "Free times in the reminder", "--for", "queues", "--for", "trust/a"),
        *("--start", "2026-09-01", "--due", "2026-10-01", "--depends-on", "screens"),
    )
    assert path == "content/initiatives/free-times-in-the-reminder.md"
    assert text == (
        "---\ntitle: Free times in the reminder\nteam: desk\nowner: oda\n"
        "contributes_to: [queues, trust/a]\ndepends_on: screens\n"
        "start: 2026-09-01\ndue: 2026-10-01\n---\n"
    )


def test_a_team(place: Path) -> None:
    words = ("--level", "squad", "--lead", "Oda", "--member", "oda", "--member", "Zoe Q")
    path, text = made(place, "team", "Night desk", *words)
    assert path == "content/teams/night-desk.md"
    assert text == (
        "---\ntitle: Night desk\nparent: acme\nlevel: squad\n"
        "lead: oda\nmembers: [oda, Zoe Q]\n---\n"
    )
    assert "parent: desk\n" in made(place, "team", "Below", "--parent", "desk")[1]


def test_a_kpi(place: Path) -> None:
    path, text = made(place, "kpi", "Uptime", "--at-least", "99.90", "--unit", "%")
    assert path == "content/kpis/uptime.md"
    assert text == '---\ntitle: Uptime\nteam: desk\nowner: oda\nunit: "%"\nat_least: 99.9\n---\n'
    assert "between: [-1, 3]\n" in made(place, "kpi", "Mood", "--between", "3", "-1")[1]
    assert "one bound is allowed" in refused("kpi", "X", "--at-least", "1", "--at-most", "2")
    assert "Write `1000`" in refused("kpi", "X", "--at-most", "1,000")
    assert "`1.150` can be read in two ways" in refused("kpi", "X", "--at-most", "1.150")
    assert "at_most: 1.15\n" in made(place, "kpi", "Share", "--at-most", "1.150", "--unit", "%")[1]


def test_a_period_known_by_its_name(place: Path) -> None:
    path, text = made(place, "period", "2027-q1")
    assert path == "content/periods/2027-q1.md"
    assert text == (
        "---\ntitle: First quarter 2027\nstart: 2027-01-01\nend: 2027-03-31\nstate: draft\n---\n"
    )
    month = made(place, "period", "2026-11")[1]
    assert month.startswith("---\ntitle: November 2026\nstart: 2026-11-01\nend: 2026-11-30\n")
    assert "parent: 2026-q4\n" in month


def test_any_other_period_needs_its_days(place: Path) -> None:
    assert "--start and --end" in refused("period", "Sprint 5")
    words = ("period", "Sprint 5", "--start", "2026-08-01", "--end", "2026-08-14")
    path, text = made(place, *words)
    assert path == "content/periods/sprint-5.md"
    assert "title: Sprint 5\n" in text and "parent: 2026-q3\n" in text
    own = ("--title", "Q1 of the year from April", "--start", "2027-04-01", "--end", "2027-06-30")
    path, text = made(place, "period", "2027-q1", *own)
    assert path == "content/periods/2027-q1.md"
    assert "title: Q1 of the year from April\nstart: 2027-04-01\nend: 2027-06-30\n" in text
    days = ("--start", "2027-08-14", "--end", "2027-08-01")
    assert "before it starts" in refused("period", "Back", *days)


@pytest.mark.parametrize(
    ("typed", "name", "title", "start", "end"),
    [
        ("2027-q1", "2027-q1", "First quarter 2027", "2027-01-01", "2027-03-31"),
        ("2027-Q4", "2027-q4", "Fourth quarter 2027", "2027-10-01", "2027-12-31"),
        ("Q2 2027", "2027-q2", "Second quarter 2027", "2027-04-01", "2027-06-30"),
        ("2027Q2", "2027-q2", "Second quarter 2027", "2027-04-01", "2027-06-30"),
        ("q2-2027", "2027-q2", "Second quarter 2027", "2027-04-01", "2027-06-30"),
        ("Q22027", "2027-q2", "Second quarter 2027", "2027-04-01", "2027-06-30"),
        ("2028-h1", "2028-h1", "First half of 2028", "2028-01-01", "2028-06-30"),
        ("H2 2028", "2028-h2", "Second half of 2028", "2028-07-01", "2028-12-31"),
        ("2028-02", "2028-02", "February 2028", "2028-02-01", "2028-02-29"),
        ("2028", "2028", "2028", "2028-01-01", "2028-12-31"),
    ],
)
def test_cycles_of_the_calendar(typed: str, name: str, title: str, start: str, end: str) -> None:
    span = calendar_span(typed)
    assert span is not None
    assert (span.name, span.title) == (name, title)
    assert (span.start.isoformat(), span.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "typed", ["2027-q5", "2027q5", "20271", "2027-13", "2027-00", "27-q1", "Sprint 5", "", "3027"]
)
def test_other_names_are_no_cycles(typed: str) -> None:
    assert calendar_span(typed) is None


def test_an_id_is_used_once_in_its_kind_wherever_it_lies(place: Path) -> None:
    said = refused("objective", "Queues")
    assert "exists already, in objectives/2026-q3/desk/queues.md" in said
    assert "--id queues-2" in said
    assert made(place, "objective", "Queues", "--id", "queues-2")[0].endswith("queues-2.md")
    assert made(place, "kpi", "Queues", "--at-most", "1")[0] == "content/kpis/queues.md"
    assert "Write `my-goal`" in refused("objective", "X", "--id", "My Goal")
    assert "name one with --id" in refused("objective", "日本")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("objective", "X", "--period", "2026-q9"), "there is no period `2026-q9`."),
        (("objective", "X", "--period", "2026-q2"), "Q2 is closed"),
        (("objective", "X", "--team", "dsk"), "there is no team `dsk`. Did you mean `desk`?"),
        (("objective", "X", "--parent", "trst"), "Did you mean `trust`?"),
        (("objective", "X", "--continues", "zzz"), "There are: queues, trust."),
        (("objective", "X", "--kr", "Calls: 18 > 10"), "says no measure. Write `Title: 40 -> 20"),
        (("objective", "X", "--kr", " "), "says no measure"),
        (("objective", "X", "--kr", "Calls: 1,000 -> 10"), "Write `1000`"),
        (
            ("objective", "X", "--kr", "Calls: 5 -> 5"),
            "error OKR016: `start` and `target` are both",
        ),
        (("objective", " "), "a title has words"),
        (("initiative", "X", "--for", "queue/calls"), "Did you mean `queues/calls-at-noon`?"),
        (("initiative", "X", "--for", "trust/b"), "Did you mean `trust/a`?"),
        (("initiative", "X", "--due", "1.9.2026"), "--due: `1.9.2026` is not a day"),
        (("initiative", "X", "--depends-on", "screen"), "Did you mean `screens`?"),
        (("team", "X", "--parent", "desks"), "Did you mean `desk`?"),
        (("period", "2027", "--parent", "x"), "there is no period `x`"),
    ],
)
def test_refused(place: Path, words: tuple[str, ...], said: str) -> None:
    before = sorted(path for path in place.rglob("*.md"))
    assert said in refused(*words)
    assert sorted(path for path in place.rglob("*.md")) == before


def test_a_dry_run_writes_nothing(place: Path) -> None:
    result = run("kpi", "Uptime", "--at-least", "99", "--dry-run")
    assert result.exit_code == 0
    assert "+++ b/kpis/uptime.md\n" in result.stdout and "+at_least: 99\n" in result.stdout
    assert not (place / "content/kpis").exists()


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("Bugs: 40 -> 20 bugs a month", {"unit": "bugs a month", "start": "40", "target": "20"}),
        ("Bugs: from 40 to 20", {"start": "40", "target": "20"}),
        ("Share: 22% → 40%", {"unit": '"%"', "start": "22", "target": "40"}),
        ("Cost: -1.5 => 0.25 k€", {"unit": "k€", "start": "-1.5", "target": "0.25"}),
        ("Wait: ? -> 12 min", {"unit": "min", "start": "unknown", "target": "12"}),
        ("Wait: unknown -> unknown", {"start": "unknown", "target": "unknown"}),
        ("Up: at least 99.9 %", {"unit": '"%"', "at_least": "99.9"}),
        ("Up: >= 99.9", {"at_least": "99.9"}),
        ("Old: at most 30 days", {"unit": "days", "at_most": "30"}),
        ("Old: ≤30 days", {"unit": "days", "at_most": "30"}),
        ("NPS: 4..5 stars", {"unit": "stars", "between": "[4, 5]"}),
        ("NPS: between 5 and 4", {"between": "[4, 5]"}),
        ("Out: done when it is in both shops", {"done_when": "it is in both shops"}),
        ("Nobody has measured it", {"start": "unknown", "target": "unknown"}),
        ("Phase: the second one", {"start": "unknown", "target": "unknown"}),
        ("Phase 2: 40k -> 50k", {"unit": "k", "start": "40", "target": "50"}),
        ("Share: 22% -> 40 % of all", {"unit": '"% of all"', "start": "22", "target": "40"}),
        ("Late: 400 -> 200 ms at p95", {"unit": "ms at p95", "start": "400", "target": "200"}),
        ("Air: at most 5 t CO2", {"unit": "t CO2", "at_most": "5"}),
        ("Up: at least 99.995 %", {"unit": '"%"', "at_least": "99.995"}),
        ("Faults: 0.125 -> 0.100", {"start": "0.125", "target": "0.1"}),
    ],
)
def test_key_results_on_one_line(typed: str, fields: Mapping[str, str]) -> None:
    (row,) = key_results([typed])
    assert {name: raw for name, raw in row.items() if name not in ("id", "title")} == fields


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("T: 40k -> 50M", "`k` stands behind the start and `M` behind the target"),
        ("T: 10:30 -> 12:30", "a number has no colon in it; say a time as minutes"),
        ("T: 30 -> 12:30", "`:30` is no unit"),
        ("Ratio 3:1 -> 4:1", "and the ratio 3:1 as `3`"),
        ("Rate: 10 -> 5 -> 3", "`-> 3` is no unit. Write one measure"),
        ("Rate: 10 to 5 to 3", "`to 3` is no unit"),
        ("A: 10 -> 5: 3 -> 2", "says two measures"),
        ("Old: at most 30 days, at least 5", "`days, at least 5` is no unit"),
        ("Old: at most 30 days, at least few", "is no unit"),
        ("Stars: 4..5 of 6", "`of 6` is no unit"),
        ("Cost: 10 -> 5 000 EUR", "`000 EUR` is no unit"),
        ("Cost: 10 -> 5/3", "`/3` is no unit"),
        ("Cost: 1.000 -> 2.000 EUR", "`1.000` can be read in two ways: write `1000` or `1`"),
        ("Cost: at most 1.250", "write `1250` or `1.25`"),
        ("Cost: 1.125..2", "write `1125` or `1.1250`"),
        ("Cost: at most :5", "says no measure"),
        ("Cost: ٤٠ -> ٢٠", "says no measure"),
    ],
)
def test_what_could_be_read_wrongly_is_refused(typed: str, said: str) -> None:
    with pytest.raises(EditError) as refusal:
        key_results([typed])
    assert said in str(refusal.value)


def test_the_title_may_hold_a_colon() -> None:
    (row,) = key_results(["Time to notice: at night: 9 -> 2 min"])
    assert (row["id"], row["title"]) == ("time-to-notice-at-night", '"Time to notice: at night"')


@drawn
@given(st.lists(st.text(max_size=60), max_size=4), st.text(min_size=1, max_size=60), st.text())
def test_whatever_is_typed_the_file_reads(rows: list[str], title: str, body: str) -> None:
    try:
        made_rows = key_results(rows)
    except EditError:
        made_rows = ()
    fields = {"title": scalar(" ".join(title.split()) or "x"), "period": "q"}
    text = text_of(New("objectives", "x", fields, body, made_rows))
    read = book({"periods/q.md": FILES["periods/2026-q3.md"], "objectives/x.md": text})
    wrong = [f for f in read.findings if f.severity is Severity.ERROR and f.path != "periods/q.md"]
    blank = [f for f in wrong if "is empty" not in f.message]  # a title of invisible signs alone
    assert blank == []
    assert len(read.portfolio.objectives["x"].key_results) == len(made_rows)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Nobody has to call", "nobody-has-to-call"),
        ("Größe & Zahl", "grosse-zahl"),
        ("Don't stop", "dont-stop"),
        ("José Łukasz", "jose-lukasz"),
        ("  2027: go! ", "2027-go"),
        ("日本", ""),
        ("a" * 90, "a" * 80),
    ],
)
def test_ids_of_words(words: str, name: str) -> None:
    assert id_of(words) == name


def test_a_long_id_ends_with_a_word() -> None:
    assert id_of("one two three four", 11) == "one-two"
    assert id_of("one two three four", 13) == "one-two-three"
