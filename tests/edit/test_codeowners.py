"""CODEOWNERS: who is asked, how a path is spelt, and what is kept; patterns are tried with git."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import main
from okrsite.edit.beginning.codeowners import BEGIN, END, code_owners, merged, pattern
from okrsite.edit.files import EditError
from okrsite.okr.handles import forge_of
from tests.support import PERIOD, book


def person(title: str, *links: str) -> str:
    rows = "".join(f"  {link}\n" for link in links)
    return f"---\ntitle: {title}\n{'links:' if links else ''}\n{rows}---\n"


def goal(team: str, owner: str, title: str = "Calm") -> str:
    return f"---\ntitle: {title}\nperiod: q3\nteam: {team}\nowner: {owner}\n---\n"


COMPANY = {
    "periods/q3.md": PERIOD,
    "teams/acme.md": "---\ntitle: Acme\nlead: cleo\n---\n",
    "teams/tools.md": "---\ntitle: Tools\nparent: acme\nlead: tomas\n---\n",
    "teams/desk.md": "---\ntitle: Desk\nparent: tools\n---\n",
    "people/cleo.md": person(
        "Cleo", "github: https://github.com/cleo", "gitlab: https://gl.example/cl"
    ),
    "people/tomas.md": person("Tomas", "github: https://github.com/tomas-h"),
    "people/ana.md": person("Ana", "github: https://github.com/ana"),
    "people/oda.md": person("Oda", "Mail: mailto:oda@example.com"),
}


def lines(files: Mapping[str, str], forge: str = "github", folder: str = "content") -> list[str]:
    found = code_owners(book({**COMPANY, **files}).portfolio, forge, folder)
    return [line for line in found.lines if not line.startswith("#")]


def owners_of(path: str, rows: list[str], tmp_path: Path) -> list[str]:
    """Those of the last line that fits, each pattern read by git as one of an ignore file."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for row in reversed(rows):
        words = row.replace("\\ ", "\0").split(" ")
        (tmp_path / ".git/info/exclude").write_text(words[0].replace("\0", "\\ ") + "\n")
        ask = ["git", "check-ignore", "--no-index", "--quiet", "--", path]
        if subprocess.run(ask, cwd=tmp_path, check=False).returncode == 0:
            return words[1:]
    return []


@pytest.mark.parametrize(
    ("path", "text", "asked"),
    [
        ("objectives/one.md", goal("tools", "ana"), ["@ana", "@tomas-h"]),
        ("objectives/one.md", goal("tools", "tomas"), ["@tomas-h"]),
        ("objectives/one.md", goal("desk", "ana"), ["@ana", "@tomas-h"]),  # the lead above
        ("objectives/one.md", goal("tools", "oda"), ["@tomas-h"]),  # no handle
        ("objectives/one.md", goal("tools", "Ruth Okafor"), ["@tomas-h"]),
        ("objectives/one.md", goal("acme", "oda"), ["@cleo"]),
        ("objectives/one.md", goal("acme", "tools"), ["@tomas-h", "@cleo"]),  # a team's lead
        (
            "initiatives/a/b.md",
            "---\ntitle: B\nteam: tools\nowner: ana\n---\n",
            ["@ana", "@tomas-h"],
        ),
        ("kpis/up.md", "---\ntitle: Up\nowner: ana\nat_least: 3\n---\n", ["@ana"]),
        ("check-ins/2026-08-04-ana.md", "---\ndate: 2026-08-04\n---\n", []),
        ("objectives/new.md", "", ["@cleo"]),
        ("periods/q3.md", PERIOD, ["@cleo"]),
        ("teams/tools.md", COMPANY["teams/tools.md"], ["@tomas-h"]),
        ("people/ana.md", COMPANY["people/ana.md"], []),
        ("guide/page.md", "", []),
    ],
)
def test_who_is_asked_about_a_file(path: str, text: str, asked: list[str], tmp_path: Path) -> None:
    files = {path: text} if text else {}
    assert owners_of(f"content/{path}", lines(files), tmp_path) == asked


def test_an_amendment_asks_the_lead_of_the_team_whose_promise_it_changes(tmp_path: Path) -> None:
    files = {
        "objectives/one.md": goal("tools", "ana"),
        "amendments/x.md": "---\ndate: 2026-08-04\nsubject: one\nfield: title\nwas: A\n"
        "now: Calm\n---\n",
    }
    assert owners_of("content/amendments/x.md", lines(files), tmp_path) == ["@tomas-h"]
    assert owners_of("content/amendments/y.md", lines(files), tmp_path) == ["@cleo"]


def test_a_folder_whose_files_have_the_same_owners_is_one_line(tmp_path: Path) -> None:
    files = {
        "objectives/q3/tools/one.md": goal("tools", "ana"),
        "objectives/q3/tools/deep/two.md": goal("tools", "ana"),
        "objectives/q3/acme/three.md": goal("acme", "cleo"),
        "objectives/q3/mixed/four.md": goal("tools", "ana"),
        "objectives/q3/mixed/five.md": goal("tools", "tomas"),
    }
    found = lines(files)
    assert "/content/objectives/q3/tools/ @ana @tomas-h" in found
    assert not [row for row in found if "two.md" in row or "three.md" in row]
    assert owners_of("content/objectives/q3/tools/deep/two.md", found, tmp_path) == [
        "@ana",
        "@tomas-h",
    ]
    assert owners_of("content/objectives/q3/mixed/five.md", found, tmp_path) == ["@tomas-h"]
    assert owners_of("content/objectives/q3/acme/three.md", found, tmp_path) == ["@cleo"]


@pytest.mark.parametrize(
    "name", ["a b", "#1", "!up", "[x]", "a*b", "back\\slash", "q?", "a\tb", "é"]
)
def test_a_folder_of_any_name_is_matched_by_its_own_line(name: str, tmp_path: Path) -> None:
    files = {f"objectives/{name}/one.md": goal("tools", "ana")}
    found = lines(files, folder="my goals/content")
    path = f"my goals/content/objectives/{name}/one.md"
    assert owners_of(path, found, tmp_path) == ["@ana", "@tomas-h"]
    other = f"my goals/content/objectives/x{name}/one.md"
    assert owners_of(other, found, tmp_path) == ["@cleo"]


def test_a_pattern_is_anchored_and_escaped() -> None:
    assert pattern("content/a b/#1 [x]!.md") == "/content/a\\ b/\\#1\\ \\[x\\]\\!.md"


def test_at_another_forge_people_are_called_by_their_names_there() -> None:
    files = {"objectives/one.md": goal("acme", "ana")}
    assert "/content/objectives/ @cl" in lines(files, "gitlab")
    assert not [row for row in lines(files, "gitlab") if "@ana" in row or "tomas-h" in row]


@pytest.mark.parametrize(
    "link",
    [
        "github: https://github.com/ana/notes",
        "github: https://github.com/ana%20b",
        "github: https://github.com/-ana",
        "github: https://github.com/",
        "github: mailto:ana@github.example",
        "Chat: https://chat.example/ana",
    ],
)
def test_what_is_no_account_is_never_an_owner(link: str) -> None:
    files = {"people/ana.md": person("Ana", link), "objectives/one.md": goal("tools", "ana")}
    assert "/content/objectives/one.md @tomas-h" in lines(files)


def test_whoever_has_no_handle_is_named_in_a_comment_and_a_remark() -> None:
    files = {
        **COMPANY,
        "objectives/one.md": goal("tools", "Ruth Okafor"),
        "objectives/two.md": goal("tools", "oda"),
    }
    found = code_owners(book(files).portfolio, "github", "content")
    assert "# no handle for Ruth Okafor (no file in people/)" in found.lines
    assert "# no handle for oda (people/oda.md)" in found.lines
    assert "links: {github: https://github.com/NAME}" in found.remarks[-1]
    assert "# no handle for cleo" not in "\n".join(found.lines)


def test_an_owner_of_several_lines_stays_one_comment() -> None:
    name = '"Ruth\\n/content/ @mallory"'
    found = code_owners(
        book({**COMPANY, "objectives/one.md": goal("tools", name)}).portfolio, "github", ""
    )
    assert not [row for row in found.lines if "mallory" in row and not row.startswith("#")]
    assert all("\n" not in row for row in found.lines)


def test_the_lines_do_not_depend_on_the_order_of_the_files() -> None:
    files = {f"objectives/{n}.md": goal("tools", n) for n in ("ana", "oda", "cleo")}
    assert lines(files) == lines(dict(reversed(files.items())))


def test_what_stands_outside_the_marks_is_kept() -> None:
    old = f"* @everybody\n\n{BEGIN}\nold\n{END}\n# mine\n/secret @boss\n"
    new = merged(old, ("/a @b",))
    assert new == f"* @everybody\n\n{BEGIN}\n/a @b\n{END}\n# mine\n/secret @boss\n"
    assert merged(new, ("/a @b",)) == new


def test_without_marks_the_lines_come_last_so_that_they_count() -> None:
    assert merged("* @all", ("/a @b",)) == f"* @all\n\n{BEGIN}\n/a @b\n{END}\n"
    assert merged("", ("/a @b",)) == f"{BEGIN}\n/a @b\n{END}\n"


def test_line_endings_stay() -> None:
    assert merged(f"* @all\r\n{BEGIN}\r\n{END}\r\n", ("/a @b",)) == (
        f"* @all\r\n{BEGIN}\r\n/a @b\r\n{END}\r\n"
    )


def test_one_line_that_ends_otherwise_makes_no_second_block() -> None:
    assert merged("* @all\r\n* @ana", ("/a @b",)).endswith(f"\r\n{END}\r\n")
    old = f"* @all\r\n{BEGIN}\nold\n{END}\n# mine\n"
    new = merged(old, ("/a @b",))
    assert new == f"* @all\r\n{BEGIN}\n/a @b\n{END}\n# mine\n"
    mixed = f"* @all\n{BEGIN}\r\n/a @b\n{END}\r\n# mine\n"
    for text in (new, mixed):
        assert merged(text, ("/a @b",)) == text
    assert merged(mixed, ("/c @d",)) == f"* @all\n{BEGIN}\r\n/c @d\r\n{END}\r\n# mine\n"


@pytest.mark.parametrize(
    "old", [BEGIN, END, f"{END}\n{BEGIN}\n", f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n"]
)
def test_marks_that_are_no_pair_are_the_operators_to_mend(old: str) -> None:
    with pytest.raises(EditError, match="must each stand there once"):
        merged(old, ())


@pytest.mark.parametrize(
    ("address", "forge"),
    [
        ("https://github.com/a/b", "github"),
        ("git@gitlab.example.org:a/b.git", "gitlab"),
        ("https://code.example/github/x", ""),
        ("https://ana@github.com/a", "github"),
        ("", ""),
    ],
)
def test_an_address_tells_its_forge_by_its_host(address: str, forge: str) -> None:
    assert forge_of(address) == forge


def test_a_forge_of_another_name_is_told_by_its_editor() -> None:
    editor = "https://code.example/a/b/-/edit/main/content/"
    assert forge_of("https://code.example/a/b", editor) == "gitlab"


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {**COMPANY, "objectives/one.md": goal("tools", "ana")}.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["codeowners", *words], catch_exceptions=False)


def test_it_writes_once_and_then_checks(portal: Path) -> None:
    assert run("--check").exit_code == 1
    assert not (portal / ".github").exists()
    assert run().stdout == ".github/CODEOWNERS written\n"
    assert run().stdout == ".github/CODEOWNERS is up to date\n"
    assert run("--check").exit_code == 0
    (portal / "content/objectives/one.md").write_text(goal("tools", "tomas"))
    result = run("--check")
    assert result.exit_code == 1
    assert "-/content/objectives/one.md @ana @tomas-h" in result.stdout.splitlines()
    assert "+/content/objectives/one.md @tomas-h" in result.stdout.splitlines()


def test_the_file_that_is_there_is_the_one_it_keeps(portal: Path) -> None:
    (portal / "CODEOWNERS").write_text("* @everybody\n")
    assert run().stdout == "CODEOWNERS written\n"
    assert (portal / "CODEOWNERS").read_text().startswith("* @everybody\n\n# okrsite: begin\n")


def test_a_portal_below_the_top_has_the_whole_path_in_its_lines(
    portal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (portal / "portal").mkdir()
    (portal / "content").rename(portal / "portal/content")
    monkeypatch.chdir(portal / "portal")
    assert run().stdout == "../.github/CODEOWNERS written\n"
    assert "/portal/content/objectives/one.md @ana" in (portal / ".github/CODEOWNERS").read_text()


def test_the_forge_follows_the_address_of_the_repository(portal: Path) -> None:
    (portal / "mkdocs.yml").write_text(
        "docs_dir: content\nrepo_url: https://gitlab.example/acme/goals\nplugins: [okrsite]\n"
    )
    assert run().stdout == ".gitlab/CODEOWNERS written\n"
    assert "/content/objectives/ @cl\n" in (portal / ".gitlab/CODEOWNERS").read_text()


def test_broken_marks_are_exit_2(portal: Path) -> None:
    (portal / "CODEOWNERS").write_text(f"{BEGIN}\n")
    result = run()
    assert result.exit_code == 2
    assert "CODEOWNERS" in result.stderr
    assert (portal / "CODEOWNERS").read_text() == f"{BEGIN}\n"


def test_an_owner_or_lead_by_title_is_the_person_of_that_title() -> None:
    files = {
        "teams/tools.md": "---\ntitle: Tools\nparent: acme\nlead: Tomas Hahn\n---\n",
        "people/tomas.md": person("Tomas Hahn", "github: https://github.com/tomas-h"),
        "objectives/one.md": goal("tools", "ana  "),
        "objectives/two.md": goal("tools", "TOMAS HAHN"),
    }
    found = code_owners(book({**COMPANY, **files}).portfolio, "github", "content")
    assert "/content/objectives/one.md @ana @tomas-h" in found.lines
    assert "/content/objectives/two.md @tomas-h" in found.lines
    assert not any("Tomas" in remark or "TOMAS" in remark for remark in found.remarks)


def test_a_title_of_two_people_is_nobodys_handle() -> None:
    twins = {
        "people/a.md": person("Kim", "github: https://github.com/kim-a"),
        "people/b.md": person("Kim", "github: https://github.com/kim-b"),
        "objectives/one.md": goal("tools", "Kim"),
    }
    assert not any("kim" in line for line in lines(twins))
