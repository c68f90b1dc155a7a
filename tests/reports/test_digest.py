"""The digest: who is reminded of what, with a command that can be typed, and no word that acts."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import main
from okrsite.edit.checking_in.mine import overdue
from okrsite.reports.digest import LONGEST, MARK, as_markdown, as_text, digest
from tests.support import PERIOD, book

PEOPLE = {
    "periods/q3.md": PERIOD,
    "teams/tools.md": "---\ntitle: Tools\nlead: ana\n---\n",
    "people/ana.md": "---\ntitle: Ana\nlinks: {github: https://github.com/ana-f}\n---\n",
    "kpis/up.md": "---\ntitle: Up\nteam: tools\nunit: '%'\nat_least: 99\n---\n",
}
MEASURES = {
    "bugs": "start: 9, target: 3",
    "launch": "milestones: [{id: beta, title: Beta}]",
    "audit": "done_when: It is passed",
    "uptime": "from: up",
}


def goal(owner: str = "ana", title: str = "Bugs", measures: Mapping[str, str] = MEASURES) -> str:
    rows = "".join(f"  - {{id: {k}, title: {title}, {m}}}\n" for k, m in measures.items())
    who = f"owner: {owner}\n" if owner else ""
    return f"---\ntitle: Calm\nperiod: q3\nteam: tools\n{who}key_results:\n{rows}---\n"


def told(text: str, as_of: str = "2026-08-20", forge: str = "github", **options: object) -> str:
    made = book({**PEOPLE, "objectives/calm.md": text}, as_of, **options)
    return as_markdown(made, digest(made, forge))


def test_each_owner_has_one_command_for_all_that_waits() -> None:
    text = told(goal())
    assert text.startswith(
        f"{MARK}\n4 key results wait for a check-in. On 20 Aug 2026, with 7 days"
    )
    assert "### Ana @ana-f\n" in text
    command = (
        "okrsite checkin calm/bugs NUMBER calm/launch MILESTONE calm/audit YES-OR-NO up NUMBER"
    )
    assert f"```sh\n{command}\n```" in text
    assert "not checked in on yet, 50 days after its period began" in text


def test_what_nobody_owns_waits_for_the_team_and_its_lead_is_reached() -> None:
    assert "### Tools @ana-f\n" in told(goal(owner=""))
    assert "### Ruth Okafor\n" in told(goal(owner="Ruth Okafor"))
    assert "### Ana\n" in told(goal(), forge="gitlab")


def test_nothing_waits_in_time_or_where_the_rule_is_off() -> None:
    nothing = f"{MARK}\nNo key result waits for a check-in. On"
    assert told(goal(), "2026-07-05").startswith(nothing)
    assert told(goal(), rules={"OKR301": "off"}).startswith(nothing)


@pytest.mark.parametrize(
    ("day", "closed", "waits"),
    [
        ("2026-09-23", "", False),  # said on the 22nd: in time, and not the last word
        ("2026-09-24", "", True),
        ("2026-10-03", "", True),
        ("2026-10-03", "closed_on: 2026-10-05\n", True),
        ("2026-10-06", "closed_on: 2026-10-05\n", False),
    ],
)
def test_in_the_last_days_all_wait_that_have_no_closing_check_in(
    day: str, closed: str, waits: bool
) -> None:
    period = PERIOD.replace(
        "state: committed\n", f"state: closed\n{closed}" if closed else "state: committed\n"
    )
    said = "---\ndate: 2026-09-{}\nauthor: ana\nkey_results: {{{}}}\n---\n"
    files = {
        **PEOPLE,
        "periods/q3.md": period,
        "objectives/calm.md": goal(
            measures={"bugs": "start: 9, target: 3", "done": "done_when: It is"}
        ),
        "check-ins/1.md": said.format(22, "calm/bugs: 5, calm/done: false"),
        "check-ins/2.md": said.format(24, "calm/done: true"),
    }
    made = book(files, day)
    text = as_text(made, digest(made, "github"))
    assert ("Bugs: no closing check-in yet" in text) is waits
    assert "calm/done" not in text
    assert [item.ref for item in overdue(made.world, made.scorecard, "ana")] == [
        "calm/bugs"
    ] * waits
    assert not overdue(made.world, made.scorecard, "ana", {"q3"}) or day < "2026-09-30"


@pytest.mark.parametrize("word", ["@everybody", "<img src=x>", "[a](https://x.example)", "`x`"])
def test_words_of_others_stay_words(word: str) -> None:
    text = told(goal(owner=f'"{word}"', title=f'"{word}"', measures={"bugs": MEASURES["bugs"]}))
    assert word not in text.replace("`calm/bugs`", "")


def test_whatever_waits_fits_into_an_issue() -> None:
    many = {
        f"objectives/o{n}.md": goal(f"Owner {n % 90}", f"{'Long ' * 30}{n}") for n in range(400)
    }
    made = book({**PEOPLE, **many})
    text = as_markdown(made, digest(made, "github"))
    assert len(text) < LONGEST + 500
    assert "more; `okrsite digest` names them all" in text
    assert as_text(made, digest(made, "github")).count("okrsite checkin") == 90


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["digest", *words], catch_exceptions=False)


def test_the_exit_code_tells_whether_something_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {**PEOPLE, "objectives/calm.md": goal()}.items():
        (tmp_path / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content" / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert run("--as-of", "2026-07-05").exit_code == 0
    result = run("--as-of", "2026-08-20")
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "20 Aug 2026: 4 key results wait for a check-in.\n\nAna\n  Bugs:"
    )
    words = ("--format", "markdown", "--output", "out/digest.md", "--as-of", "2026-08-20")
    assert run(*words).stdout == ""
    assert (tmp_path / "out/digest.md").read_text().startswith(MARK)
    assert run("--content", "nowhere").exit_code == 2
