"""`okrsite check` as it is typed: files, standard input, a base, --fix, summaries, exit codes."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import main
from okrsite.edit.text.fixes import fixed
from okrsite.hosts.mkdocs import HANDBOOK as HOSTS_HANDBOOK
from okrsite.okr.finding import Finding
from okrsite.reports.findings.entries import HANDBOOK
from tests.git_repos import Goals, repository

PERIOD = "---\ntitle: Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n---\n"
TEAM = "---\ntitle: Acme\n---\n"
CALM = """---
title: A calm front desk
period: q3
team: acme
owner: ana
key_results:
  - id: bugs
    title: Bugs that reach a clinic
    start: 40
    target: 20
---
"""
CHECK_IN = "---\ndate: 2026-08-18\nauthor: ana\nkey_results:\n  calm/bugs: 29\n---\nFewer.\n"
CLEAN = {
    "periods/q3.md": PERIOD,
    "teams/acme.md": TEAM,
    "objectives/calm.md": CALM,
    "check-ins/2026-08-18-ana.md": CHECK_IN,
}
SLIP = CALM.replace("target: 20", "targt: 20")
CONFIG = "site_name: Acme\ndocs_dir: content\nplugins:\n  - okrsite:\n      as_of: 2026-08-20\n"


@pytest.fixture
def goals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Goals]:
    """A clean portal in a repository, which is the working folder."""
    for name in ("GITHUB_STEP_SUMMARY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    made = repository(tmp_path / "portal")
    (made.root / "mkdocs.yml").write_text(CONFIG)
    made.commit("2026-08-18", CLEAN)
    monkeypatch.chdir(made.root)
    yield made


def run(*words: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *words], input=stdin, catch_exceptions=False)


def found(*words: str, stdin: str | bytes | None = None) -> list[tuple[str, str, int]]:
    document = json.loads(run(*words, "--format", "json", stdin=stdin).stdout)
    return [(row["path"], row["code"], row["line"]) for row in document["findings"]]


# --- reading ------------------------------------------------------------------------------------


def test_a_clean_folder_says_what_was_read(goals: Goals) -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stdout == (
        "1 objective, 1 key result, 1 check-in, 1 team, 1 period read: no findings\n"
    )


def test_findings_have_paths_from_the_top_of_the_repository(
    goals: Goals, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals.write({"objectives/calm.md": SLIP})
    assert ("content/objectives/calm.md", "OKR011", 10) in found()
    monkeypatch.chdir(goals.folder)
    same = found("--content", ".", "--as-of", "2026-08-20")
    assert ("content/objectives/calm.md", "OKR011", 10) in same


def test_without_a_repository_paths_begin_at_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Goals(tmp_path / "bare")
    bare.write({**CLEAN, "objectives/calm.md": SLIP})
    monkeypatch.chdir(bare.root)
    assert "content/objectives/calm.md" in {path for path, _, _ in found("--as-of", "2026-08-20")}


def test_a_fault_in_the_configuration_is_a_finding(goals: Goals) -> None:
    (goals.root / "mkdocs.yml").write_text(CONFIG + "      cadenc: 3\n")
    result = run()
    assert result.exit_code == 1 and "Did you mean `cadence`?" in result.stdout
    assert found() == [("mkdocs.yml", "OKR020", 6)]
    assert found("mkdocs.yml") == found() and found("content") == []


def test_no_folder_is_exit_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run()
    assert result.exit_code == 2 and "there is no folder content" in result.stderr


def test_a_link_nobody_can_open_and_a_broken_page_are_told(goals: Goals) -> None:
    goals.write(
        {
            "guide/odd.md": "---\ntitle: [\n---\n",
            "guide/fine.md": "---\ntitle: x\na: &b 1\nc: *b\n---\n",
            "guide/link.md": "See [it](http://[).\n",
        }
    )
    told = {path for path, _, _ in found()}
    assert told == {"content/guide/odd.md", "content/guide/link.md"}


def test_the_handbook_is_where_the_plugin_looks_for_it() -> None:
    assert HANDBOOK == HOSTS_HANDBOOK


# --- what was asked for -------------------------------------------------------------------------


def test_named_files_tell_only_their_own_findings(goals: Goals) -> None:
    goals.write({"objectives/calm.md": SLIP, "objectives/b.md": SLIP, "notes.md": "x"})
    (goals.root / "README.md").write_text("x")
    both = {path for path, _, _ in found()}
    assert both >= {"content/objectives/calm.md", "content/objectives/b.md"}
    assert {path for path, _, _ in found("content/objectives/b.md")} == {"content/objectives/b.md"}
    assert found("content/teams", "mkdocs.yml", "content/notes.md", "README.md") == []
    assert {path for path, _, _ in found("content/objectives/")} == both
    absolute = str(goals.folder / "objectives/b.md")
    assert found(absolute) == found("content/objectives/b.md")


def test_references_are_followed_out_of_the_named_files(goals: Goals) -> None:
    goals.write({"check-ins/2026-08-19-bo.md": CHECK_IN.replace("calm/bugs", "calm/bgs")})
    assert found("content/check-ins/2026-08-19-bo.md") == [
        ("content/check-ins/2026-08-19-bo.md", "OKR101", 5)
    ]
    assert found("content/check-ins/2026-08-18-ana.md") == []


def test_names_count_from_the_top_of_the_repository_too(
    goals: Goals, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals.write({"objectives/calm.md": SLIP})
    here = found("content/objectives/calm.md")
    monkeypatch.chdir(goals.folder)
    assert found("content/objectives/calm.md", "--content", ".", "--as-of", "2026-08-20") == here
    assert found("objectives/calm.md", "--content", ".", "--as-of", "2026-08-20") == here


def test_deleted_and_foreign_names_are_passed_over(goals: Goals) -> None:
    goals.commit("2026-08-19", {"objectives/gone.md": CALM})
    (goals.root / "content/objectives/gone.md").unlink()
    (goals.root / "setup.py").write_text("x")
    result = run("content/objectives/gone.md", "setup.py", "/etc/passwd")
    assert result.exit_code == 0
    assert "(1 of the files)" in result.stdout
    foreign = run("setup.py")
    assert foreign.exit_code == 0
    assert "none of the named files lies in the folder of goals" in foreign.stderr


@pytest.mark.parametrize(
    ("words", "codes", "status"),
    [
        ((), ["OKR205", "OKR012", "OKR402"], 1),
        (("--severity", "warning"), ["OKR205", "OKR012"], 1),
        (("--severity", "error"), ["OKR012"], 1),
    ],
)
def test_the_least_weight_told(
    goals: Goals, words: tuple[str, ...], codes: list[str], status: int
) -> None:
    said = "---\ndate: 2026-08-18\nauthor: ana\nkey_results:\n  calm/bugs: {value: 40, status: "
    goals.write(
        {
            "objectives/calm.md": CALM.replace("owner: ana\n", "weight: heavy\n"),
            "check-ins/2026-08-18-ana.md": said + "on-track}\n---\n",
        }
    )
    assert {code for _, code, _ in found(*words)} & {"OKR205", "OKR012", "OKR402"} == set(codes)
    assert run(*words).exit_code == status


def test_strict_lets_warnings_fail(goals: Goals) -> None:
    goals.write({"objectives/calm.md": CALM.replace("owner: ana\n", "")})
    assert [code for _, code, _ in found()] == ["OKR205"]
    assert run().exit_code == 0
    assert run("--strict").exit_code == 1
    assert run("--strict", "--severity", "error").exit_code == 0


# --- standard input -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["objectives/calm.md", "content/objectives/calm.md"])
def test_text_from_an_editor_takes_the_place_of_a_file(goals: Goals, name: str) -> None:
    told = found("-", "--stdin-path", name, stdin=SLIP)
    assert ("content/objectives/calm.md", "OKR011", 10) in told
    assert {path for path, _, _ in told} == {"content/objectives/calm.md"}
    assert run("-", "--stdin-path", name, stdin=CALM).exit_code == 0
    assert (goals.folder / "objectives/calm.md").read_text() == CALM


def test_text_of_a_new_file_is_read_with_all_others(goals: Goals) -> None:
    text = CHECK_IN.replace("calm/bugs", "calm/nothing")
    path = str(goals.folder / "check-ins/new.md")
    assert found("-", "--stdin-path", path, stdin=text) == [
        ("content/check-ins/new.md", "OKR101", 5)
    ]


def test_text_that_is_no_text_is_a_finding(goals: Goals) -> None:
    told = found("-", "--stdin-path", "objectives/calm.md", stdin=b"---\ntitle: B\xfcro\n---\n")
    assert ("content/objectives/calm.md", "OKR001", 2) in told


@pytest.mark.parametrize(
    "words",
    [
        ("-",),
        ("--stdin-path", "objectives/calm.md"),
        ("--dry-run",),
        ("-", "--stdin-path", "objectives/calm.md", "--fix"),
        ("--format", "xml"),
    ],
)
def test_what_makes_no_sense_is_refused(goals: Goals, words: tuple[str, ...]) -> None:
    assert run(*words, stdin="").exit_code == 2


# --- mending ------------------------------------------------------------------------------------


def test_fix_mends_what_has_one_answer_and_tells_the_rest(goals: Goals) -> None:
    slip = SLIP.replace("start: 40", "start: 4O").replace("\n", "\r\n")
    goals.write({"objectives/calm.md": slip})
    result = run("--fix")
    assert result.exit_code == 1 and "OKR012" in result.stdout
    assert "mended content/objectives/calm.md:10:5: error OKR011" in result.stderr
    text = (goals.folder / "objectives/calm.md").read_bytes().decode()
    assert text == slip.replace("targt", "target")


def test_fix_until_nothing_is_left_is_clean(goals: Goals) -> None:
    goals.write({"objectives/calm.md": SLIP})
    assert "1 can be mended with --fix" in run().stdout
    assert run("--fix").exit_code == 0
    assert (goals.folder / "objectives/calm.md").read_text() == CALM
    again = run("--fix")
    assert again.exit_code == 0 and again.stderr == ""


def test_fix_leaves_files_alone_that_were_not_named(goals: Goals) -> None:
    goals.write({"objectives/calm.md": SLIP, "objectives/b.md": SLIP})
    run("--fix", "content/objectives/b.md")
    assert (goals.folder / "objectives/calm.md").read_text() == SLIP
    assert "target: 20" in (goals.folder / "objectives/b.md").read_text()


def test_dry_run_prints_a_patch_that_git_applies(goals: Goals) -> None:
    odd = SLIP.replace("A calm", "A\u2028calm\x0c ").rstrip("\n")
    goals.write({"objectives/calm.md": odd, "objectives/b.md": SLIP.replace("\n", "\r\n")})
    result = run("--fix", "--dry-run")
    assert result.exit_code == 1  # as long as it is not mended
    assert (goals.folder / "objectives/calm.md").read_bytes() == odd.encode()
    (goals.root / "x.patch").write_bytes(result.stdout_bytes)
    goals.git("apply", "--whitespace=nowarn", "x.patch")
    assert "targt" not in (goals.folder / "objectives/b.md").read_text()
    assert "mended" not in run("--fix").stderr


def test_a_patch_for_the_editors_text(goals: Goals) -> None:
    words = ("-", "--stdin-path", "objectives/calm.md", "--fix", "--dry-run")
    patch = run(*words, stdin=SLIP).stdout
    assert "-    targt: 20\n+    target: 20\n" in patch


def test_a_file_that_cannot_be_written_is_exit_2(
    goals: Goals, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals.write({"objectives/calm.md": SLIP})
    before = (goals.folder / "objectives/calm.md").stat().st_ino

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("okrsite.edit.files.tempfile.mkstemp", refuse)
    result = run("--fix")
    assert result.exit_code == 2 and "no space left" in result.stderr
    assert (goals.folder / "objectives/calm.md").stat().st_ino == before


def test_fix_never_writes_over_what_somebody_wrote_meanwhile(
    goals: Goals, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals.write({"objectives/calm.md": SLIP})

    def slowly(text: str, findings: Sequence[Finding]) -> tuple[str, tuple[Finding, ...]]:
        goals.write({"objectives/calm.md": "written meanwhile"})
        return fixed(text, findings)

    monkeypatch.setattr("okrsite.cli.checking.fixed", slowly)
    result = run("--fix")
    assert result.exit_code == 2 and "was changed by somebody else" in result.stderr
    assert (goals.folder / "objectives/calm.md").read_text() == "written meanwhile"


# --- a base -------------------------------------------------------------------------------------


def test_a_base_tells_what_may_not_change_in_silence(goals: Goals) -> None:
    goals.git("checkout", "-q", "-b", "easier")
    goals.commit("2026-08-19", {"objectives/calm.md": CALM.replace("20", "30")})
    assert run().exit_code == 0
    assert ("content/objectives/calm.md", "OKR601", 10) in found("--base", "main")
    assert run("--base", "main").exit_code == 1
    assert found("--base", "HEAD") == []


def test_the_base_is_where_the_branch_began(goals: Goals) -> None:
    goals.git("checkout", "-q", "-b", "mine")
    goals.git("checkout", "-q", "main")
    goals.commit("2026-08-19", {"objectives/calm.md": CALM.replace("20", "30")})
    goals.git("checkout", "-q", "mine")
    assert found("--base", "main") == []


def test_a_deleted_check_in_is_told_at_a_path_that_is_gone(goals: Goals) -> None:
    goals.write({"check-ins/2026-08-18-ana.md": None})
    told = found("--base", "HEAD")
    assert ("content/check-ins/2026-08-18-ana.md", "OKR603") in {row[:2] for row in told}
    text = run("--base", "HEAD").stdout
    assert "content/check-ins/2026-08-18-ana.md\n" in text and " | date:" not in text
    for form in ("github", "gitlab", "sarif", "rdjson", "junit"):
        assert (
            "content/check-ins/2026-08-18-ana.md" in run("--base", "HEAD", "--format", form).stdout
        )


def test_could_not_compare_is_never_clean(goals: Goals, tmp_path: Path) -> None:
    unknown = run("--base", "nowhere")
    assert unknown.exit_code == 2 and "could not compare: there is no commit" in unknown.stderr
    assert unknown.stdout == ""
    goals.commit("2026-08-19", {"objectives/calm.md": CALM.replace("20", "30")})
    goals.git("clone", "-q", "--depth", "1", goals.root.as_uri(), str(tmp_path / "shallow"))
    os.chdir(tmp_path / "shallow")
    shallow = run("--base", "HEAD~1")
    assert shallow.exit_code == 2 and "git fetch --unshallow" in shallow.stderr


def test_a_base_needs_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = Goals(tmp_path / "bare")
    bare.write(CLEAN)
    monkeypatch.chdir(bare.root)
    result = run("--base", "main")
    assert result.exit_code == 2 and "is in no git repository" in result.stderr


# --- where it goes ------------------------------------------------------------------------------


def test_output_writes_the_report_and_tells_a_person_all_the_same(goals: Goals) -> None:
    goals.write({"objectives/calm.md": SLIP})
    file = goals.root / "report" / "quality.json"
    for _ in range(2):
        result = run("--format", "gitlab", "--output", str(file))
        assert result.exit_code == 1 and "= Did you mean `target`?" in result.stdout
        assert json.loads(file.read_text())[0]["location"]["path"] == "content/objectives/calm.md"
    assert [path.name for path in file.parent.iterdir()] == ["quality.json"]
    short = run("--output", str(goals.root / "report.txt")).stdout
    assert short.splitlines() == (goals.root / "report.txt").read_text().splitlines()[-1:]


def test_output_into_a_device_writes_into_it(goals: Goals) -> None:
    assert run("--format", "json", "--output", os.devnull).exit_code == 0
    assert not Path(os.devnull).is_file()


def test_output_that_cannot_be_written_is_exit_2(goals: Goals) -> None:
    result = run("--output", "mkdocs.yml/report.txt")
    assert result.exit_code == 2 and result.stderr.startswith("okrsite: ")


def test_the_summary_of_a_job_is_added_to(goals: Goals, monkeypatch: pytest.MonkeyPatch) -> None:
    goals.write({"objectives/calm.md": SLIP})
    job = goals.root / "summary.md"
    job.write_text("# before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(job))
    run("--format", "github")
    text = job.read_text()
    assert text.startswith("# before\n## okrsite check\n") and "OKR011" in text
    run()
    assert job.read_text() == text  # only the format for GitHub
    own = goals.root / "own.md"
    run("--summary", str(own))
    run("--summary", str(own))
    assert own.read_text().count("## okrsite check") == 1


def test_a_summary_that_is_nearly_full_is_not_thrown_away(
    goals: Goals, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = goals.root / "summary.md"
    job.write_text("x" * 999_000)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(job))
    goals.write({f"objectives/goal{number}.md": SLIP for number in range(9)})
    run("--format", "github")
    assert job.stat().st_size <= 1_000_000
    assert "for which there is no room here" in job.read_text()


def test_the_overflow_leads_to_the_summary_of_the_job(
    goals: Goals, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"  calm/k{number}: 1\n" for number in range(14))
    goals.write({"check-ins/2026-08-18-ana.md": CHECK_IN.replace("  calm/bugs: 29\n", rows)})
    assert "4 more errors could not be shown here: see the log" in run("--format", "github").stdout
    job = goals.root / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(job))
    told = run("--format", "github").stdout
    assert "see the summary of this job" in told
    assert sum(line.startswith("::error ") for line in told.splitlines()) == 10
    assert sum(line.startswith("| content/") for line in job.read_text().splitlines()) >= 14


@pytest.mark.parametrize("form", ["json", "gitlab", "sarif", "rdjson"])
def test_machines_get_json_and_nothing_else(goals: Goals, form: str) -> None:
    goals.write({"objectives/calm.md": SLIP})
    result = run("--format", form)
    json.loads(result.stdout)
    assert result.exit_code == 1 and result.stderr == ""


def test_colour_is_for_terminals(goals: Goals) -> None:
    goals.write({"objectives/calm.md": SLIP})
    assert "\x1b[" not in run().stdout
    painted = in_terminal(goals)
    assert "\x1b[1;31merror\x1b[0m" in painted
    assert "\x1b[" not in in_terminal(goals, NO_COLOR="1")
    assert "\x1b[" not in in_terminal(goals, TERM="dumb")
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == in_terminal(goals, NO_COLOR="1")


def test_no_escape_sequence_of_an_authors_reaches_a_terminal(goals: Goals) -> None:
    goals.write(
        {"objectives/calm.md": SLIP.replace("A calm", "A \x1b]0;owned\x07\x1b[2J\u202ecalm")}
    )
    for words in ((), ("--fix", "--dry-run")):
        told = in_terminal(goals, *words, NO_COLOR="1")
        assert "␛]0;owned␇␛[2J<U+202E>calm" in told
        assert "\x1b" not in told and "\x07" not in told


def in_terminal(goals: Goals, *words: str, **env: str) -> str:
    """What the command prints on a terminal."""
    theirs, ours = pty.openpty()
    process = subprocess.Popen(
        (sys.executable, "-c", "from okrsite.cli import main; main()", "check", *words),
        cwd=goals.root,
        stdin=subprocess.DEVNULL,
        stdout=ours,
        stderr=ours,
        env={**os.environ, "TERM": "xterm", **env},
    )
    os.close(ours)
    parts = []
    while True:
        try:
            part = os.read(theirs, 65_536)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    os.close(theirs)
    process.wait()
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_a_path_that_never_was_there_is_refused(goals: Goals) -> None:
    result = run("content/nothere.md")
    assert result.exit_code == 2
    assert "there is no file content/nothere.md" in result.stderr


def test_a_deleted_file_may_be_named(goals: Goals) -> None:
    (goals.root / "content/check-ins/2026-08-18-ana.md").unlink()
    assert run("content/check-ins/2026-08-18-ana.md").exit_code == 0


@pytest.mark.parametrize("name", ["objectives/loud.md.txt", "objectives/loud.MD", "loud.md"])
def test_a_goal_that_is_not_read_is_told(goals: Goals, name: str) -> None:
    (goals.root / "content" / name).write_text(CALM)
    assert found() == [(f"content/{name}", "OKR030", 1)]


def test_a_misspelt_option_is_shown_where_it_stands(goals: Goals) -> None:
    wrong = CONFIG + "      cadense: 7\n      rules: {OKR201: info, OKR999: info}\n"
    (goals.root / "mkdocs.yml").write_text(wrong)
    result = run()
    assert "  6:7 error: option `cadense` is unknown" in result.stdout
    assert "6 |       cadense: 7" in result.stdout
    assert "  7:29 error: rules.OKR999 is no code" in result.stdout
