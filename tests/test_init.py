"""A new portal: whole or not at all, whatever the answers, and clean from its first day on."""

import os
import pty
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from click.testing import CliRunner, Result
from packaging.requirements import Requirement

from okrsite.cli import main
from okrsite.edit.beginning import folders
from okrsite.edit.beginning.folders import plant, put
from okrsite.edit.beginning.requirement import requirement_of
from okrsite.edit.beginning.starter import Choices, quarter_of, span_of, starter
from okrsite.edit.files import EditError, create
from okrsite.okr.finding import Severity
from okrsite.okr.git import GitError, find_repository
from okrsite.okr.pipeline import Book
from tests.support import book

TODAY, NOON = date(2026, 11, 23), "1795435200"
ASKED = Choices("Acme", "2026-q4", ("Tools",), "Ana Berg", "github", TODAY, "0.1.0")
ODD = (
    "A & B: \"x\" 'y' #1 <b>{z}</b> [w] *v*",
    "Ångström Größe Œuvre",
    "%%{period} $company ${{ github.token }} {{ x }}",
    "yes",
    "Null",
    "2026-11-23",
    "Index",
    "東京",
    "🦊",
    "- a list",
    "a: b",
    "\\",
    "x" * 120,
)


def read(choices: Choices, as_of: date | None = None) -> Book:
    """What the goals of a new portal add up to."""
    below = f"{choices.content}/"
    files = {
        path.removeprefix(below): text
        for path, text in starter(choices).items()
        if path.startswith(below)
    }
    return book(files, (as_of or choices.today).isoformat())


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["init", *words], catch_exceptions=False)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """One day for all, and a git that knows who is at work."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOON)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ana Berg")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ana@example.com")


# --- what is made -------------------------------------------------------------------------------


@pytest.mark.parametrize("offset", [-1, 0, 1, 30, 53, 90, 91, 92, 400])
@pytest.mark.parametrize("period", ["2026-q4", "2026-h2", "2026"])
def test_there_is_no_finding_on_the_day_it_is_made(offset: int, period: str) -> None:
    choices = replace(ASKED, period=period, today=span_of(period).start + timedelta(days=offset))
    assert [str(finding) for finding in read(choices).findings] == []


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 10, 2), TODAY, date(2026, 12, 30)])
def test_nobody_is_behind_on_the_first_day(day: date) -> None:
    made = read(replace(ASKED, today=day))
    statuses = {str(score.status) for score in made.scorecard.key_results.values()}
    assert statuses == {"on-track"}


def test_a_check_in_is_asked_for_after_a_week_and_not_before() -> None:
    codes = [
        {finding.code for finding in read(ASKED, TODAY + timedelta(days=days)).findings}
        for days in (6, 7)
    ]
    assert codes == [set(), {"OKR301"}]


@pytest.mark.parametrize("author", ["aaron", "zoe", "ana-berg"])
def test_what_is_checked_in_on_the_first_day_counts(author: str) -> None:
    files = {p.removeprefix("content/"): t for p, t in starter(ASKED).items()}
    mine = (
        f"---\ndate: {TODAY}\nauthor: {author}\nkey_results: {{goals-in-the-open/teams: 2}}\n---\n"
    )
    made = book({**files, f"check-ins/2026-q4/{TODAY}-{author}.md": mine}, TODAY.isoformat())
    latest = made.scorecard.key_results["goals-in-the-open/teams"].latest
    assert latest is not None and latest.value == 2
    assert not made.findings


def test_a_period_that_does_not_run_is_a_draft_without_check_ins() -> None:
    made = read(replace(ASKED, period="2027-q1"))
    assert made.portfolio.check_ins == {}
    assert str(made.portfolio.periods["2027-q1"].state) == "draft"


def test_without_examples_there_are_people_teams_and_a_period() -> None:
    made = read(replace(ASKED, examples=False))
    assert not made.portfolio.objectives and not made.portfolio.kpis
    assert set(made.portfolio.teams) == {"acme", "tools"}
    assert not [finding for finding in made.findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("name", ODD)
def test_any_name_comes_out_as_it_was_typed(name: str) -> None:
    choices = replace(ASKED, company=name, teams=(name, "Other"), owner=name)
    made = read(choices)
    assert not [str(finding) for finding in made.findings if finding.code != "OKR019"]
    (company,) = made.portfolio.company()
    (person,) = made.portfolio.people.values()
    assert made.portfolio.teams[company].title == person.title == name
    assert sorted(team.title for team in made.portfolio.teams.values()) == sorted(
        (name, name, "Other")
    )
    config = yaml.load(starter(choices)["mkdocs.yml"], yaml.BaseLoader)  # noqa: S506
    assert config["site_name"] == f"{name} goals"
    assert config["site_description"].startswith(f"What {name} wants")


@pytest.mark.parametrize("name", ["Null", "Yes", "2026"])
def test_a_name_that_means_something_in_yaml_is_quoted_where_it_is_referred_to(name: str) -> None:
    made = starter(replace(ASKED, company=name, teams=(name, "Other"), owner=name))
    goals = {path: text for path, text in made.items() if path.startswith("content/")}
    fields = "lead|owner|author|team|parent|members"
    referred = re.findall(rf"^(?:{fields}): (.*)", "\n".join(goals.values()), re.MULTILINE)
    told = {yaml.safe_load(raw.strip("[]")) for raw in referred}
    assert told == {name.lower(), f"{name.lower()}-company"}
    assert f"content/people/{name.lower()}.md" in goals


@pytest.mark.parametrize("content", ["report", "public", "site", "Site", "report/goals"])
def test_goals_that_git_would_ignore_are_refused(content: str, tmp_path: Path) -> None:
    result = run(str(tmp_path / "new"), "--content", content)
    assert result.exit_code == 2 and "never committed" in result.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", ["mkdocs.yml", "README.md", "readme.md/goals"])
def test_a_folder_cannot_have_the_name_of_a_file(content: str, tmp_path: Path) -> None:
    result = run(str(tmp_path / "new"), "--content", content)
    assert result.exit_code == 2 and "name of another file" in result.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "branch",
    [
        *("2026", "on", "main", "release/1.0", "Größe", "#1", "a#b", "!main", "@team/main", "%x"),
        *(
            "a,b",
            "{x}",
            "'x",
            '"x"',
            "a'b",
            "x]",
            "c++",
            "&x",
            "|",
            ">",
            "$(x)",
            "a;b",
            "1e3",
        ),
    ],
)
def test_any_branch_is_named_as_words(branch: str) -> None:
    choices = replace(ASKED, branch=branch, repo="https://github.com/acme/goals")
    made = starter(choices)
    plan = yaml.load(made[".github/workflows/okrs-publish.yml"], yaml.BaseLoader)  # noqa: S506
    (pattern,) = plan["on"]["push"]["branches"]
    assert re.sub(r"\\(.)", r"\1", pattern) == branch
    assert not re.search(r"(?<!\\)[*?+!\[\]]", pattern)
    checkout, *_, keep, _ = plan["jobs"]["snapshot"]["steps"]
    assert checkout["with"]["ref"] == keep["env"]["BRANCH"] == branch
    edit = yaml.load(made["mkdocs.yml"], yaml.BaseLoader)["edit_uri"]  # noqa: S506
    assert unquote(edit) == f"edit/{branch}/content/" and "#" not in edit
    (told,) = re.findall(r"okrsite diff (.*?) +# what", made["README.md"])
    assert shlex.split(told) == [f"{branch}...HEAD"]


@pytest.mark.parametrize(
    "branch",
    [
        *(
            "",
            "a b",
            "a..b",
            "-x",
            "/x",
            "x/",
            "x//y",
            "x.lock",
            "x/.y",
            "x.",
            "@",
            "HEAD",
            "a@{b",
            "a~1",
        ),
        *("a:b", "a?", "a*", "a[b", "a\\b", "a^", "a\nb", "a\u2028b", "0" * 40, "${{x}}", "a`b"),
        *("gh-pages", "gh-pages/x", "okrs-records", "refs/heads/main"),
    ],
)
def test_what_is_no_branch_to_merge_into_is_refused(branch: str) -> None:
    with pytest.raises(EditError, match="branch"):
        starter(replace(ASKED, branch=branch))


@pytest.mark.parametrize(
    ("steps", "branch"),
    [
        ("init -q -b master .", "master"),
        ("init -q -b team/trunk+1 .", "team/trunk+1"),
        ("clone -q -b goals up .", "trunk"),
        ("clone -q up .; checkout -q --detach", "trunk"),
        ("clone -q empty .", "empty/first"),
        ("init -q -b master .; commit -q --allow-empty -m x; tag master", "master"),
    ],
)
def test_the_workflows_are_for_the_branch_of_the_repository(
    steps: str, branch: str, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    git(made, "init -q -b trunk ../up")
    git(made / "../up", "commit -q --allow-empty -m Begin; branch goals")
    git(made, "init -q --bare -b empty/first ../empty")
    git(made, steps.replace(" up ", " ../up ").replace(" empty ", " ../empty "))
    result = run(str(made))
    assert result.exit_code == 0, result.stderr
    assert f"The workflows are for the branch {branch}." in result.stdout
    plan = (made / ".github/workflows/okrs-publish.yml").read_text()
    assert f"          ref: {branch}\n" in plan
    assert f"okrsite diff {branch}...HEAD " in (made / "README.md").read_text()


def test_an_option_names_the_branch_and_no_branch_is_guessed(tmp_path: Path) -> None:
    git(tmp_path, "init -q -b work .; commit -q --allow-empty -m x; checkout -q --detach")
    result = run(str(tmp_path))
    assert result.exit_code == 2 and "--branch main" in result.stderr
    assert files_in(tmp_path) == set()
    result = run(str(tmp_path), "--branch", "master")
    assert result.exit_code == 0, result.stderr
    assert "branches: [master]" in (tmp_path / ".github/workflows/okrs-publish.yml").read_text()
    assert "main branch is `master`" in (tmp_path / "README.md").read_text()
    assert run(str(tmp_path / "new"), "--branch", "a b").exit_code == 2


def git(folder: Path, steps: str) -> None:
    """Run these git commands in a folder, one after the other."""
    who = ("-c", "user.name=Ana Berg", "-c", "user.email=ana@example.com")
    for step in steps.split(";"):
        subprocess.run(["git", *who, *step.split()], cwd=folder, check=True)


def test_several_teams_each_have_their_file() -> None:
    made = read(replace(ASKED, teams=("Tools", "Front desk", "Acme")))
    assert set(made.portfolio.teams) == {"tools", "front-desk", "acme", "acme-company"}
    assert made.portfolio.company() == ("acme-company",)


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "2026-q5"},
        {"period": "autumn"},
        {"company": "a\x00b"},
        {"company": "x" * 121},
        {"owner": ""},
        {"teams": ("Tools", "tools")},
        {"content": "../elsewhere"},
        {"content": "/etc"},
        {"content": ".git"},
        {"content": "a b"},
    ],
)
def test_an_answer_that_cannot_be_used_is_said(wrong: Mapping[str, object]) -> None:
    with pytest.raises(EditError):
        starter(replace(ASKED, **wrong))  # type: ignore[arg-type]  # any field


def test_the_measures_that_wait_in_comments_are_right() -> None:
    path = "content/objectives/2026-q4/goals-in-the-open.md"
    text = starter(ASKED)[path]
    woken = re.sub(r"^  # (?=- id|  )", "  ", text, flags=re.MULTILINE)
    files = {p.removeprefix("content/"): t for p, t in starter(ASKED).items()}
    made = book({**files, path.removeprefix("content/"): woken}, TODAY.isoformat())
    rows = made.portfolio.objectives["goals-in-the-open"].key_results
    assert [kr.id for kr in rows] == ["teams", "checked-in", "rollout", "agreed", "habit"]
    assert not [str(f) for f in made.findings if f.severity is Severity.ERROR]


@pytest.mark.parametrize("forge", ["github", "gitlab", "both", "none"])
def test_only_the_files_of_the_forge_are_made(forge: str) -> None:
    made = starter(replace(ASKED, forge=forge))
    assert any(path.startswith(".github/workflows/") for path in made) == (
        forge in ("github", "both")
    )
    assert (".gitlab-ci.yml" in made) == (forge in ("gitlab", "both"))
    assert not [path for path in made if "dot." in path or path != path.strip()]
    assert not [path for path, text in made.items() if "%%" in text]
    assert all(text.endswith("\n") and not text.endswith("\n\n") for text in made.values())


@pytest.mark.parametrize(
    ("repo", "forge", "site", "edit"),
    [
        ("https://github.com/Acme/goals", "github", "https://acme.github.io/goals/", "edit/main/"),
        ("https://github.com/acme/acme.github.io", "github", "https://acme.github.io/", "edit/"),
        ("https://gitlab.com/acme/goals", "gitlab", "https://acme.gitlab.io/goals/", "-/edit/"),
        ("https://gitlab.com/acme/sub/goals", "gitlab", None, "-/edit/main/content/"),
        ("https://git.example/acme/goals", "gitlab", None, "-/edit/main/content/"),
    ],
)
def test_a_known_repository_gives_the_addresses(
    repo: str, forge: str, site: str | None, edit: str
) -> None:
    text = starter(replace(ASKED, repo=repo, forge=forge))["mkdocs.yml"]
    config = yaml.load(text, yaml.BaseLoader)  # noqa: S506
    assert (config["repo_url"], config.get("site_url")) == (repo, site)
    assert config["edit_uri"].startswith(edit)


def test_an_unknown_repository_leaves_lines_to_fill_in() -> None:
    text = starter(ASKED)["mkdocs.yml"]
    assert "# repo_url: https://github.com/OWNER/REPOSITORY\n# edit_uri: edit/main/content/" in text
    woken = re.sub(r"^# (?=\w+: )", "", text, flags=re.MULTILINE)
    assert yaml.load(woken, yaml.BaseLoader)["edit_uri"] == "edit/main/content/"  # noqa: S506


@pytest.mark.parametrize(
    ("version", "asked"),
    [("0.1.0", ">=0.1.0,<0.2"), ("0.9.3.dev1", ">=0.9.3.dev1,<0.10"), ("2.4.1", ">=2.4.1,<3")],
)
def test_okrsite_is_asked_for_by_a_range(version: str, asked: str) -> None:
    made = starter(replace(ASKED, version=version))
    assert asked_of_pip(made["requirements.txt"]) == [f"okrsite{asked}"]


def asked_of_pip(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


WHEEL = "https://files.example.com/okrsite-0.1.0-py3-none-any.whl#sha256=" + "a" * 64


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("okrsite>=0.1,<0.2", "okrsite>=0.1,<0.2"),
        ("okrsite", "okrsite"),
        ("acme-okrsite[x, y] ~= 1.0 , != 1.1", "acme-okrsite[x, y] ~= 1.0 , != 1.1"),
        (
            "okrsite @ git+https://git.example.com/okrsite@v0.1",
            "okrsite @ git+https://git.example.com/okrsite@v0.1",
        ),
        (
            "git+ssh://git@git.example.com/tools/okrsite.git@main",
            "okrsite @ git+ssh://git@git.example.com/tools/okrsite.git@main",
        ),
        (WHEEL, f"okrsite @ {WHEEL}"),
        (
            "https://${USER}:${PIP_TOKEN}@files.example.com/okrsite.whl",
            "okrsite @ https://${USER}:${PIP_TOKEN}@files.example.com/okrsite.whl",
        ),
    ],
)
def test_a_company_says_where_its_okrsite_is(typed: str, line: str) -> None:
    made = starter(replace(ASKED, requirement=typed, forge="both"))
    assert asked_of_pip(made["requirements.txt"]) == [line]
    assert Requirement(re.sub(r"\$\{(\w+)\}", r"\1", line)).name
    elsewhere = "".join(text for path, text in made.items() if path != "requirements.txt")
    assert "example.com/okrsite" not in elsewhere and "pip install okrsite" not in elsewhere


@pytest.mark.parametrize(
    "typed",
    [
        "okrsite>=0.1\n--index-url https://evil.example",
        "okrsite\rother",
        "--index-url https://evil.example",
        "-e .",
        ">=0.1",
        "okrsite >= ",
        "okrsite @ git.example.com/okrsite",
        "okrsite @ https://x.example/a.whl --hash=sha256:0",
        "https://x.example/a.whl\\",
        "okrsite # all",
        "javascript:alert(1)",
        "okrsite\u2028--pre",
    ],
)
def test_what_pip_could_not_install_is_refused(typed: str) -> None:
    with pytest.raises(EditError, match="nothing pip can install"):
        starter(replace(ASKED, requirement=typed))


@pytest.mark.parametrize(
    "typed", ["https://s3cret@git.example.com/o.whl", "okrsite @ git+https://me:s3cret@x.example/o"]
)
def test_a_password_does_not_get_into_the_repository(typed: str) -> None:
    with pytest.raises(EditError, match="password or token") as caught:
        starter(replace(ASKED, requirement=typed))
    assert "s3cret" not in str(caught.value)


def test_a_wheel_of_this_computer_is_named_by_its_address(tmp_path: Path) -> None:
    wheel = tmp_path / "a b" / "okrsite-0.1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"")
    result = run(str(tmp_path / "new"), "--requirement", str(wheel))
    assert result.exit_code == 0, result.stderr
    (line,) = asked_of_pip((tmp_path / "new/requirements.txt").read_text())
    assert line == f"okrsite @ {wheel.as_uri()}" and " b/" not in line
    assert "names a file of this computer" in result.stdout
    gone = run(str(tmp_path / "other"), "--requirement", str(tmp_path / "gone.whl"))
    assert gone.exit_code == 2 and "there is no" in gone.stderr
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("note", "line"),
    [
        ("", ""),
        ("[]", ""),
        ("{", ""),
        ('{"url": "file:///home/ana/okrsite", "dir_info": {"editable": true}}', ""),
        (
            '{"url": "https://git.example.com/okrsite", "vcs_info": {"vcs": "git",'
            ' "requested_revision": "v0.1", "commit_id": "abc"}}',
            "okrsite @ git+https://git.example.com/okrsite@v0.1",
        ),
        (
            '{"url": "ssh://git@git.example.com/tools", "subdirectory": "okrsite",'
            ' "vcs_info": {"vcs": "git", "commit_id": "abc"}}',
            "okrsite @ git+ssh://git@git.example.com/tools@abc#subdirectory=okrsite",
        ),
        (
            '{"url": "https://files.example.com/o.whl", "archive_info": {}}',
            "okrsite @ https://files.example.com/o.whl",
        ),
        ('{"url": "https://me:s3cret@files.example.com/o.whl", "archive_info": {}}', ""),
    ],
)
def test_an_okrsite_from_an_address_is_asked_for_there(note: str, line: str) -> None:
    assert requirement_of(note) == line


def test_no_other_file_says_which_okrsite() -> None:
    (repo,) = yaml.safe_load(starter(ASKED)[".pre-commit-config.yaml"])["repos"]
    (hook,) = repo["hooks"]
    assert (repo["repo"], hook["language"]) == ("local", "system")
    assert "additional_dependencies" not in hook


@pytest.mark.parametrize(
    ("period", "name", "word"),
    [
        ("Q4 2026", "2026-q4", "quarter"),
        ("q4-2026", "2026-q4", "quarter"),
        ("2026Q4", "2026-q4", "quarter"),
        ("2026 Q4", "2026-q4", "quarter"),
        ("Q4/2026", "2026-q4", "quarter"),
        ("H2 2026", "2026-h2", "half year"),
        ("2026-Q4", "2026-q4", "quarter"),
        ("2026-h2", "2026-h2", "half year"),
        ("2026", "2026", "year"),
        ("2026-11", "2026-11", "month"),
    ],
)
def test_a_period_is_called_by_its_kind(period: str, name: str, word: str) -> None:
    made = starter(replace(ASKED, period=period))
    assert f"content/periods/{name}.md" in made
    assert f"What this {word} is about" in made[f"content/periods/{name}.md"]
    assert f"\nperiod: {name}\n" in goal_of(made)
    assert not read(replace(ASKED, period=period)).findings


def goal_of(made: Mapping[str, str]) -> str:
    (text,) = (text for path, text in made.items() if path.endswith("goals-in-the-open.md"))
    return text


@pytest.mark.parametrize("typed", ["2026-q5", "autumn", "Q4", "Q4 26", "20261", "2026-13", "FY27"])
def test_a_period_that_is_not_understood_is_refused_with_examples(
    typed: str, tmp_path: Path
) -> None:
    result = run(str(tmp_path / "new"), "--period", typed)
    assert result.exit_code == 2
    assert f"`{typed}` is no period" in result.stderr and "2026-q4 or Q4 2026" in result.stderr
    assert not (tmp_path / "new").exists()


def test_every_day_lies_in_its_quarter() -> None:
    for number in range(0, 800, 7):
        day = date(2027, 1, 1) + timedelta(days=number)
        span = span_of(quarter_of(day))
        assert span.start <= day <= span.end


# --- whole or not at all ------------------------------------------------------------------------


def files_in(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def test_it_writes_every_file_and_says_what_to_do_next(tmp_path: Path) -> None:
    result = run(str(tmp_path / "a/new"), "--company", "Acme")
    assert result.exit_code == 0, result.stderr
    assert f"{len(files_in(tmp_path / 'a/new'))} files written" in result.stdout
    assert "okrsite checkin" in result.stdout
    assert {path.name for path in (tmp_path / "a").iterdir()} == {"new"}
    mode = (tmp_path / "a/new").stat().st_mode & 0o777
    assert mode == (tmp_path / "a").stat().st_mode & 0o755


def test_an_empty_repository_is_filled_and_gives_address_and_branch(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "trunk", tmp_path], check=True)
    ssh = "git@gitlab.example.org:acme/goals.git"
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", ssh], check=True)
    result = run(str(tmp_path))
    assert result.exit_code == 0, result.stderr
    text = (tmp_path / "mkdocs.yml").read_text()
    assert "repo_url: https://gitlab.example.org/acme/goals\n" in text
    assert 'edit_uri: "-/edit/trunk/content/"\n' in text
    assert (tmp_path / ".gitlab-ci.yml").is_file() and not (tmp_path / ".github").exists()
    assert "title: Ana Berg" in (tmp_path / "content/people/ana-berg.md").read_text()


def test_a_folder_of_a_repository_knows_where_in_it_it_lies(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path], check=True)
    address = "https://github.com/acme/all.git"
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "origin", address], check=True)
    result = run(str(tmp_path / "our goals/okrs"))
    assert result.exit_code == 0, result.stderr
    text = (tmp_path / "our goals/okrs/mkdocs.yml").read_text()
    assert "repo_url: https://github.com/acme/all\n" in text
    assert "edit_uri: edit/main/our%20goals/okrs/content/\n" in text
    assert "takes https://github.com/acme/all for the repository" in result.stdout
    other = run(str(tmp_path / "two"), "--repo", "https://github.com/acme/two")
    assert other.exit_code == 0
    assert "edit_uri: edit/main/content/\n" in (tmp_path / "two/mkdocs.yml").read_text()


def test_buttons_are_promised_only_where_the_repository_is_known(tmp_path: Path) -> None:
    known, unknown = (starter(replace(ASKED, repo=repo)) for repo in ("https://github.com/a/b", ""))
    once = "once `repo_url` in `mkdocs.yml` names your repository"
    for path in ("README.md", "content/how-to.md"):
        assert once in " ".join(unknown[path].split())
        assert "repo_url" not in known[path] and "*Check in* below" in known[path]
    assert "name your repository at `repo_url`" in run(str(tmp_path / "new")).stdout


def test_it_goes_on_where_git_is_not_to_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(str(tmp_path / "new"))
    assert result.exit_code == 0, result.stderr


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    result = run(str(tmp_path / ("a" * 300)))
    assert result.exit_code == 2 and "name too long" in result.stderr.lower()
    assert not list(tmp_path.iterdir())


def test_it_goes_on_in_a_repository_that_git_refuses_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError, match="dubious ownership"):
        find_repository(tmp_path)
    result = run(str(tmp_path / "sub"))
    assert result.exit_code == 0, result.stderr
    assert "files written" in result.stdout and "okrsite checkin" in result.stdout


def test_git_ignores_what_a_killed_program_leaves_and_the_site(tmp_path: Path) -> None:
    assert run(str(tmp_path / "new"), "--content", "site-goals").exit_code == 0
    subprocess.run(["git", "init", "-q", tmp_path / "new"], check=True)
    left = ("site-goals/check-ins/.okrsite-x1", ".okrsite-dir/a", "site/index.html")
    kept = ("site-goals/objectives/site/a.md", "site-goals/teams/first-team.md")
    words = ["git", "-C", str(tmp_path / "new"), "check-ignore", "--no-index", *left, *kept]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.stdout.split() == list(left)


@pytest.mark.parametrize("taken", ["README.md", "mkdocs.yml", ".github/workflows/okrs-review.yml"])
def test_a_file_that_is_there_is_named_and_nothing_is_written(taken: str, tmp_path: Path) -> None:
    (tmp_path / taken).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / taken).write_text("mine")
    result = run(str(tmp_path))
    assert result.exit_code == 2
    assert taken in result.stderr
    assert files_in(tmp_path) == {taken}
    assert (tmp_path / taken).read_text() == "mine"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://github.com/acme/goals.git", "https://github.com/acme/goals"),
        ("https://token@github.com/acme/goals/", "https://github.com/acme/goals"),
        ("ssh://git@gitlab.example/acme/goals.git", "https://gitlab.example/acme/goals"),
        ("git@github.com:acme/goals", "https://github.com/acme/goals"),
    ],
)
def test_an_address_is_written_as_a_browser_takes_it(
    typed: str, written: str, tmp_path: Path
) -> None:
    assert run(str(tmp_path / "new"), "--repo", typed).exit_code == 0
    assert f"repo_url: {written}\n" in (tmp_path / "new/mkdocs.yml").read_text()


@pytest.mark.parametrize("typed", ["goals", "javascript:alert(1)", "https://a b/c", "/srv/git/x"])
def test_what_is_no_address_is_refused(typed: str, tmp_path: Path) -> None:
    result = run(str(tmp_path / "new"), "--repo", typed)
    assert result.exit_code == 2 and "is no address" in result.stderr
    assert not (tmp_path / "new").exists()


def test_once_more_is_refused(tmp_path: Path) -> None:
    assert run(str(tmp_path / "new")).exit_code == 0
    result = run(str(tmp_path / "new"))
    assert result.exit_code == 2 and "nothing was written" in result.stderr


def test_a_link_or_a_file_in_the_way_is_never_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "content").symlink_to(tmp_path / "elsewhere")
    assert run(str(folder)).exit_code == 2
    (folder / "content").unlink()
    (folder / "content").write_text("a file")
    assert run(str(folder)).exit_code == 2
    assert files_in(tmp_path) == {"new/content"}
    assert run(str(folder / "content")).exit_code == 2


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("error", [EditError("disk full"), KeyboardInterrupt()])
def test_what_stops_in_between_leaves_nothing(
    there: bool, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def stops(path: Path, text: str) -> Path:
        calls.append(path)
        if len(calls) == 5:
            raise error
        return create(path, text)

    monkeypatch.setattr(folders, "create", stops)
    folder = tmp_path / "new"
    if there:
        folder.mkdir()
    with pytest.raises(type(error)):
        plant(folder, starter(ASKED))
    assert files_in(tmp_path) == set()
    assert folder.exists() == there


def test_a_kill_leaves_no_portal_that_is_half(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import os
        from pathlib import Path
        from okrsite.edit.beginning import folders
        made, count = folders.create, []
        def dies(path, text):
            count.append(path)
            if len(count) == 9:
                os.kill(os.getpid(), 9)
            return made(path, text)
        folders.create = dies
        folders.plant(Path({str(tmp_path / "new")!r}), {dict(starter(ASKED))!r})
    """)
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -9
    assert not (tmp_path / "new").exists()
    plant(tmp_path / "new", starter(ASKED))
    assert files_in(tmp_path / "new") == set(starter(ASKED))


def test_two_at_once_make_one(tmp_path: Path) -> None:
    code = f"from okrsite.cli import main; main(['init', {str(tmp_path / 'new')!r}])"
    words = [sys.executable, "-c", code]
    both = [subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=-1, stdout=-1) for _ in "ab"]
    codes = sorted(one.wait() for one in both)
    for one in both:
        one.communicate()
    assert codes == [0, 2]
    assert {path.name for path in tmp_path.iterdir()} == {"new"}


def test_put_writes_anew_and_over(tmp_path: Path) -> None:
    for text in ("one", "two"):
        put(tmp_path / "a/x", text)
        assert (tmp_path / "a/x").read_text() == text
    assert files_in(tmp_path) == {"a/x"}


# --- asking -------------------------------------------------------------------------------------


def at_a_terminal(words: list[str], answers: str) -> tuple[int, str]:
    """Run a command at a terminal of its own and type the answers."""
    child, terminal = pty.fork()
    if child == 0:
        code = f"from okrsite.cli import main; main({words!r})"
        os.execv(sys.executable, [sys.executable, "-c", code])
    os.write(terminal, answers.encode())
    said = b""
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # the other end was closed
            break
        if not more:
            break
        said += more
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()


def test_at_a_terminal_it_asks_with_the_usual_in_brackets(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    code, said = at_a_terminal(["init", str(folder)], "Harbour Bakery\n\nOvens\ngitlab\n")
    assert code == 0, said
    assert "Company [Our company]:" in said
    assert "Quarter [2026-q4]:" in said
    assert "First team [First team]:" in said
    assert "[github]" in said
    assert "title: Harbour Bakery" in (folder / "content/teams/harbour-bakery.md").read_text()
    assert (folder / "content/teams/ovens.md").is_file()
    assert (folder / ".gitlab-ci.yml").is_file()


def test_what_an_option_says_is_not_asked(tmp_path: Path) -> None:
    words = ["--company", "A", "--period", "2026", "--team", "B", "--forge", "none"]
    code, said = at_a_terminal(["init", str(tmp_path / "new"), *words], "")
    assert code == 0, said
    assert "[" not in said


def test_elsewhere_it_asks_nothing(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "new")], input="Never read\n")
    assert result.exit_code == 0
    assert (tmp_path / "new/content/teams/our-company.md").is_file()


# --- built --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("words", [("--forge", "both"), ("--no-examples", "--content", "goals")])
def test_it_builds_strictly_and_checks_clean(words: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert run(str(folder), "--repo", "https://github.com/acme/goals", *words).exit_code == 0
    here = Path(sys.executable).parent
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    for command in (["mkdocs", "build", "--strict"], ["okrsite", "check"]):
        done = subprocess.run(
            [here / command[0], *command[1:]],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "WARNING" not in done.stderr and "finding:" not in done.stderr
    home = (folder / "site/index.html").read_text()
    assert (folder / "site/goalposts/index.html").is_file() and 'href="goalposts/"' in home
    assert "Our company" in home and "how-to/" in home
    assert "https://github.com/acme/goals/edit/main/" in home
