"""The workflows of a new portal: valid by their schemas, and run against a real bare remote.

The clock stands still (`SOURCE_DATE_EPOCH`), the forge is a file, everything else is real: git,
bash, jq, the commands, the build.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from okrsite.edit.beginning.folders import plant
from okrsite.edit.beginning.starter import Choices, starter
from tests.runner import EXPRESSION, Job, Runner, load, value_of

ROOT = Path(__file__).parents[1]
FAKES = ROOT / "tests" / "fakes"
TODAY, NOON = "2026-11-23", "1795435200"
MARK = "<!-- okrsite-diff -->"
GOAL = "content/objectives/2026-q4/goals-in-the-open.md"
WORKFLOWS = (".github/workflows/okrs-review.yml", ".github/workflows/okrs-comment.yml")
REVIEW, COMMENT = WORKFLOWS
PUBLISH, DIGEST = ".github/workflows/okrs-publish.yml", ".github/workflows/okrs-digest.yml"
ALL = (*WORKFLOWS, PUBLISH, DIGEST)
CI = ".gitlab-ci.yml"

# What GitHub's runner sets by itself.
HOSTED = {
    "GITHUB_SERVER_URL": "https://github.example",
    "GITHUB_REPOSITORY": "acme/goals",
    "GITHUB_RUN_ID": "11",
}
IN_THE_RUN = "(https://github.example/acme/goals/actions/runs/11)"

pytestmark = pytest.mark.slow
needs_jq = pytest.mark.skipif(not shutil.which("jq"), reason="gh brings jq along, this machine not")


def portal() -> Mapping[str, str]:
    choices = Choices(
        "Acme", "2026-q4", ("Tools",), "Ana Berg", "both", date.fromisoformat(TODAY), "0.1.0"
    )
    return starter(choices)


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository whose main branch is a new portal."""
    top = tmp_path_factory.mktemp("remote")
    plant(top / "work", portal())
    git(top, "init", "-q", "--bare", "-b", "main", "forge.git")
    work = top / "work"
    git(work, "init", "-q", "-b", "main")
    commit(work, "Begin")
    git(work, "push", "-q", str(top / "forge.git"), "main")
    return top / "forge.git"


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=Ana Berg", "-c", "user.email=ana@example.com")
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, words: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", words)


@pytest.fixture
def machine(tmp_path: Path) -> Runner:
    """A runner without gh, glab or a network: stand-ins on its PATH."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for fake in FAKES.iterdir():
        shutil.copy(fake, tools / fake.name)
        (tools / fake.name).chmod(0o755)
    env = {"SOURCE_DATE_EPOCH": NOON, "FAKE_FORGE": str(tmp_path / "forge.json"), **HOSTED}
    (tmp_path / "temp").mkdir()
    env["RUNNER_TEMP"] = str(tmp_path / "temp")
    env |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}  # what is here, not installed
    return Runner(tools, tmp_path / "artifacts", env)


def clone(remote: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "job" / "work"
    git(tmp_path, "clone", "-q", str(remote), str(folder))
    return folder


def proposal(remote: Path, tmp_path: Path, texts: Mapping[str, str]) -> Path:
    """A clone as the runner checks it out: main with the proposed files merged into it."""
    folder = clone(remote, tmp_path)
    git(folder, "checkout", "-q", "-b", "proposal")
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    commit(folder, "Propose")
    git(folder, "checkout", "-q", "--detach", "origin/main")
    git(folder, "merge", "-q", "--no-ff", "-m", "Merge", "proposal")
    return folder


def harder() -> dict[str, str]:
    """A promise that is changed without a word."""
    return {GOAL: portal()[GOAL].replace("target: 3", "target: 4")}


CHECK_IN = {
    "content/check-ins/2026-q4/2026-11-23-again.md": "---\ndate: 2026-11-23\nauthor: ana-berg\n"
    "key_results: {goals-in-the-open/teams: 2}\n---\nTwo teams by now.\n"
}
BROKEN = {"content/kpis/portal-age.md": "---\ntitle: Age\nat_most: 1,000\n---\n"}


# --- what stands in them ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "portal"
    plant(folder, portal())
    return folder


@pytest.mark.parametrize(
    ("schema", "files", "more"),
    [
        ("github-workflows", ALL, ()),
        ("gitlab-ci", (CI,), ("--data-transform", "gitlab-ci")),
        ("dependabot", (".github/dependabot.yml",), ()),
    ],
)
def test_they_are_valid_by_their_published_schemas(
    schema: str, files: tuple[str, ...], more: tuple[str, ...], written: Path
) -> None:
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run(
        [*words, *more, *files], cwd=written, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ALL)
def test_no_expression_stands_in_a_script(name: str, written: Path) -> None:
    jobs = load(written / name)["jobs"].values()
    scripts = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    assert not [script for script in scripts if EXPRESSION.search(script)]


@pytest.mark.parametrize("name", ALL)
def test_actions_are_the_forges_own_and_pinned_by_commit(name: str, written: Path) -> None:
    used = re.findall(r"uses: (.*)", (written / name).read_text())
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("name", ALL)
def test_a_checkout_keeps_no_token(name: str, written: Path) -> None:
    for job in load(written / name)["jobs"].values():
        for step in job["steps"]:
            if "actions/checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] == "false"


def test_what_runs_a_proposal_may_only_read(written: Path) -> None:
    plan = load(written / REVIEW)
    assert plan["permissions"] == {"contents": "read"}
    assert "permissions" not in plan["jobs"]["review"]
    assert plan["on"] == "pull_request"
    assert "secrets" not in (written / REVIEW).read_text()


def test_what_may_write_never_touches_the_proposal(written: Path) -> None:
    plan = load(written / COMMENT)
    job = plan["jobs"]["comment"]
    assert plan["permissions"] == {}
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    steps = [step.get("uses", "").partition("@")[0] or step["name"] for step in job["steps"]]
    assert steps == ["actions/download-artifact", "Comment"]
    assert not re.search(r"\b(pip|python|okrsite|git|source|eval)\b ", job["steps"][1]["run"])


# --- GitHub: review -----------------------------------------------------------------------------

PULL = {"github.base_ref": "main", "github.event.pull_request.number": "7"}


def review(machine: Runner, folder: Path) -> Job:
    return machine.github(folder / REVIEW, "review", folder, PULL)


def report(machine: Runner) -> str:
    return (machine.artifacts / "okrs-review/okrs.md").read_text()


def test_a_check_in_passes_and_its_effect_is_told(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    done = review(machine, proposal(remote, tmp_path, CHECK_IN))
    assert done.passed, done.printed
    assert report(machine).splitlines()[0] == MARK
    assert "goals-in-the-open" in report(machine) or "heading" in report(machine)
    assert "The check found" not in report(machine)
    assert done.summary.endswith(report(machine))
    assert (machine.artifacts / "okrs-review/number").read_text() == "7\n"


def test_a_broken_file_fails_the_job_and_is_reported_all_the_same(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    done = review(machine, proposal(remote, tmp_path, BROKEN))
    assert done.codes["Check"] == 1
    assert done.codes["Build the portal"] != 0
    assert "::error file=content/kpis/portal-age.md,line=3" in done.printed
    errors = len(re.findall("^::error", done.printed, re.MULTILINE))
    first, second, third, *_ = report(machine).splitlines()
    assert (first, third) == (MARK, "")
    assert second.startswith(f"**The check found errors: {errors}.**") and IN_THE_RUN in second
    assert done.summary.endswith(report(machine))


def test_a_promise_changed_without_a_word_is_found_against_the_base(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    done = review(machine, proposal(remote, tmp_path, harder()))
    assert "okrsite amend" in done.printed
    assert "target" in report(machine)


def test_what_cannot_be_compared_is_said_and_fails(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, CHECK_IN)
    git(folder, "update-ref", "-d", "refs/remotes/origin/main")
    done = review(machine, folder)
    assert done.codes["Say what the change does"] == 2
    assert f"{MARK}\n**Could not compare.**" in report(machine)
    assert IN_THE_RUN in report(machine)


def test_a_program_that_does_not_start_fails_the_job(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, CHECK_IN)
    broken = machine.bin / "okrsite"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    done = review(machine, folder)
    assert (done.codes["Check"], done.codes["Say what the change does"]) == (127, 127)
    assert report(machine).startswith(f"{MARK}\n**Could not compare.**")


def test_a_branch_of_an_odd_name_is_no_command(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, CHECK_IN)
    odd = "$(touch${IFS}pwned);`touch${IFS}pwned`"
    machine.github(folder / REVIEW, "review", folder, {**PULL, "github.base_ref": odd})
    assert not (folder / "pwned").exists()


# --- GitHub: comment ----------------------------------------------------------------------------

SHA = "a" * 40
ASKED = {
    "github.token": "t",
    "github.repository": "acme/goals",
    "inputs.period": "",
    "inputs.kind": "",
    "inputs.allow_open": "",
}
RUN = {
    "github.token": "t",
    "github.repository": "acme/goals",
    "github.event.workflow_run.head_sha": SHA,
    "github.event.workflow_run.id": "11",
}
BOT, PERSON = {"login": "github-actions[bot]"}, {"login": "mallory"}


@pytest.fixture
def forge(machine: Runner) -> Path:
    """A forge with two pull requests, the comments of one of them, and issues."""
    path = Path(machine.env["FAKE_FORGE"])
    comments = [
        {"id": 1, "user": PERSON, "body": f"{MARK}\nI am not the one you look for"},
        {"id": 2, "user": BOT, "body": "Another workflow's words"},
        {"id": 3, "user": BOT, "body": f"Somebody quoted {MARK}"},
    ]
    store = {
        "calls": [],
        "repos/acme/goals/pulls/7": {"head": {"sha": SHA}},
        "repos/acme/goals/pulls/8": {"head": {"sha": "b" * 40}},
        "repos/acme/goals/issues/7/comments": comments,
        "repos/acme/goals/issues/8/comments": [],
        "repos/acme/goals/issues": [],
    }
    path.write_text(json.dumps(store))
    return path


def handed_over(machine: Runner, number: str = "7\n", text: str = f"{MARK}\nFirst\n") -> Path:
    place = machine.artifacts / "okrs-review"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "number").write_text(number)
    (place / "okrs.md").write_text(text)
    return place


def comment(machine: Runner, written: Path, tmp_path: Path) -> Job:
    folder = tmp_path / "comment" / "work"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return machine.github(written / COMMENT, "comment", folder, RUN)


def calls(forge: Path) -> list[Any]:
    found: list[Any] = json.loads(forge.read_text())["calls"]
    return found


@needs_jq
def test_one_comment_is_made_and_then_updated(
    machine: Runner, forge: Path, written: Path, tmp_path: Path
) -> None:
    handed_over(machine)
    first = comment(machine, written, tmp_path)
    assert first.passed, first.printed
    handed_over(machine, text=f"{MARK}\nSecond\n")
    assert comment(machine, written, tmp_path).passed
    assert calls(forge) == [
        ["POST", "repos/acme/goals/issues/7/comments", {"body": f"{MARK}\nFirst\n"}],
        ["PATCH", "repos/acme/goals/issues/comments/901", {"body": f"{MARK}\nSecond\n"}],
    ]
    told = json.loads(forge.read_text())["repos/acme/goals/issues/7/comments"]
    assert [item["body"].splitlines()[-1] for item in told][3:] == ["Second"]


@needs_jq
@pytest.mark.parametrize(
    ("handed", "says"),
    [
        (("8\n", f"{MARK}\n"), "not about the last commit of pull request 8"),
        (("7; touch x\n", f"{MARK}\n"), "names no pull request"),
        (("../7", f"{MARK}\n"), "names no pull request"),
        (("007", f"{MARK}\n"), "names no pull request"),
        (("", f"{MARK}\n"), "names no pull request"),
        (("7" * 13, f"{MARK}\n"), "larger than any report"),
        (("7\n", MARK + "x" * 300_000), "larger than any report"),
        (("7\n", "Hello\n"), "does not begin with its mark"),
        (("9\n", f"{MARK}\n"), "not about the last commit of pull request 9"),
    ],
)
def test_a_report_that_was_tampered_with_is_refused(
    handed: tuple[str, str], says: str, machine: Runner, forge: Path, written: Path, tmp_path: Path
) -> None:
    handed_over(machine, *handed)
    done = comment(machine, written, tmp_path)
    assert not done.passed
    assert says in done.printed
    assert calls(forge) == []


@needs_jq
def test_a_forged_report_calls_nobody(
    machine: Runner, forge: Path, written: Path, tmp_path: Path
) -> None:
    handed_over(machine, text=f"{MARK}\nHello @acme/everybody, mail me@x.example or @\n")
    assert comment(machine, written, tmp_path).passed
    ((_, _, fields),) = calls(forge)
    assert not re.search(r"@\w", fields["body"])
    assert (
        fields["body"]
        .replace("\u2060", "")
        .endswith("Hello @acme/everybody, mail me@x.example or @\n")
    )


@pytest.mark.parametrize("name", ["number", "okrs.md"])
def test_a_link_in_place_of_a_report_is_refused(
    name: str, machine: Runner, forge: Path, written: Path, tmp_path: Path
) -> None:
    place = handed_over(machine)
    secret = tmp_path / "secret"
    secret.write_text("7\n" if name == "number" else f"{MARK}\nsecret")
    (place / name).unlink()
    (place / name).symlink_to(secret)
    done = comment(machine, written, tmp_path)
    assert f"no plain file {name}" in done.printed
    assert calls(forge) == [] and not done.passed


@needs_jq
def test_review_and_comment_hand_in_hand(
    machine: Runner, forge: Path, written: Path, remote: Path, tmp_path: Path
) -> None:
    assert review(machine, proposal(remote, tmp_path, CHECK_IN)).passed
    assert comment(machine, written, tmp_path).passed
    ((method, path, fields),) = calls(forge)
    assert (method, path) == ("POST", "repos/acme/goals/issues/7/comments")
    assert fields == {"body": report(machine)}


# --- GitHub: publish and digest -----------------------------------------------------------------


def publish(machine: Runner, folder: Path) -> Job:
    return machine.github(folder / PUBLISH, "publish", folder, ASKED)


def test_a_merge_publishes_the_portal(machine: Runner, remote: Path, tmp_path: Path) -> None:
    folder = clone(remote, tmp_path)
    done = publish(machine, folder)
    assert done.passed, done.printed
    assert (folder / "site/latest/objectives/goals-in-the-open/index.html").is_file()
    assert json.loads((folder / "site/versions.json").read_text())[0]["version"] == "latest"
    # Nothing is due: the portal of a morning is no reason to push.
    assert git(remote, "branch", "--list", "gh-pages") == ""


def test_a_portal_that_does_not_build_is_not_published(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, {"content/index.md": "[Nowhere](nowhere.md)\n"})
    done = publish(machine, folder)
    assert not done.passed
    assert not (folder / "site").exists()
    assert git(remote, "branch", "--list", "gh-pages") == ""


PLUGINS = "plugins:\n"


@pytest.fixture
def unbuildable(machine: Runner, over: Path, tmp_path: Path) -> Path:
    """A quarter on record whose portal cannot be built as it was; the one of today can."""
    config = portal()["mkdocs.yml"]
    broken = config.replace(PLUGINS, f"{PLUGINS}  - gone-since\n")
    assert broken != config
    pushed(over, tmp_path, {"mkdocs.yml": broken})
    done = snapshot(machine, fresh(over, tmp_path))
    assert done.passed, done.printed
    pushed(over, tmp_path, {"mkdocs.yml": config})
    return over


def refuse_pages(own: Path) -> None:
    """A remote that takes no `gh-pages`."""
    hook = own / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(REFUSING.replace("refs/heads/main", "refs/heads/gh-pages"))
    hook.chmod(0o755)


def is_deployed(folder: Path, published: Job) -> bool:
    """Whether the job `deploy` runs after this one, passed or not."""
    plan = load(folder / PUBLISH)["jobs"]
    (built,) = EXPRESSION.findall(plan["publish"]["outputs"]["built"])
    (condition,) = EXPRESSION.findall(plan["deploy"]["if"])
    said = published.outputs.get(built.removeprefix("steps."), "")
    needs = SimpleNamespace(publish=SimpleNamespace(outputs=SimpleNamespace(built=said)))
    holds = bool(value_of(condition, needs=needs))
    return holds and (published.passed or "cancelled()" in condition)


def test_an_archive_that_fails_keeps_nothing_back_and_is_said(
    machine: Runner, unbuildable: Path, tmp_path: Path
) -> None:
    folder = fresh(unbuildable, tmp_path)
    done = publish(later(machine), folder)
    assert done.codes == {
        **dict.fromkeys(("Install", "Build the portal and what is due of the archive"), 0),
        "Say what could not be archived": 1,
    }
    assert "gone-since" in done.printed and "An archive could not be made" in done.printed
    assert is_deployed(folder, done)
    assert (folder / "site/latest/objectives/goals-in-the-open/index.html").is_file()
    assert not (folder / "site/2026-q4").exists() and tip(unbuildable, "gh-pages") == ""


def test_an_archive_that_cannot_be_pushed_keeps_nothing_back_and_is_said(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    assert snapshot(machine, fresh(over, tmp_path)).passed
    refuse_pages(over)
    folder = fresh(over, tmp_path)
    done = publish(later(machine), folder)
    failed = [name for name, code in done.codes.items() if code]
    assert failed == ["Keep the archive"], done.printed
    assert is_deployed(folder, done)
    for version in ("latest", "2026-q4"):
        assert (folder / "site" / version / "index.html").is_file()


def test_a_portal_that_was_not_built_is_not_deployed(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, {"content/index.md": "[Nowhere](nowhere.md)\n"})
    assert not is_deployed(folder, publish(machine, folder))


def digest(machine: Runner, folder: Path, epoch: str) -> Job:
    later = Runner(machine.bin, machine.artifacts, {**machine.env, "SOURCE_DATE_EPOCH": epoch})
    return later.github(folder / DIGEST, "digest", folder, RUN)


@needs_jq
def test_the_digest_is_one_open_issue_while_something_is_overdue(
    machine: Runner, forge: Path, remote: Path, tmp_path: Path
) -> None:
    folder = clone(remote, tmp_path)
    assert digest(machine, folder, NOON).passed
    assert calls(forge) == []  # checked in today
    late = str(int(NOON) + 14 * 86_400)
    done = digest(machine, folder, late)
    assert done.passed, done.printed
    ((method, path, fields),) = calls(forge)
    assert (method, path) == ("POST", "repos/acme/goals/issues")
    assert fields["body"].startswith("<!-- okrsite-digest -->\n2 key results wait")
    assert "okrsite checkin goals-in-the-open/teams NUMBER" in fields["body"]
    assert done.summary == fields["body"]
    assert digest(machine, folder, late).passed
    assert [row[:2] for row in calls(forge)[1:]] == [
        ["POST", "repos/acme/goals/issues"],
        ["PATCH", "repos/acme/goals/issues/901"],
    ]
    assert calls(forge)[2][2] == {"state": "closed"}


# --- GitHub: records ----------------------------------------------------------------------------

AFTER = str(int(NOON) + 44 * 86_400)  # 6 January
PERIOD = "content/periods/2026-q4.md"
CLOSING = {
    "content/check-ins/2026-q4/2026-12-30-end.md": "---\ndate: 2026-12-30\nauthor: ana-berg\n"
    "key_results: {goals-in-the-open/teams: 3, goals-in-the-open/checked-in: 90}\n---\nThe end.\n"
}
LATE = {
    "content/check-ins/2026-q4/2026-12-31-end.md": "---\ndate: 2026-12-31\nauthor: ana-berg\n"
    "key_results: {goals-in-the-open/teams: 2}\n---\nOne had only copied ours.\n"
}
RECORD = "content/snapshots/2026-q4/closed"
REFUSING = """#!/bin/sh
while read -r old new ref; do
  if [ "$ref" = refs/heads/main ]; then echo "protected branch hook declined"; exit 1; fi
done
printf '%s\\n' "$GIT_PUSH_OPTION_0" "$GIT_PUSH_OPTION_1" "$GIT_PUSH_OPTION_2" > options
"""


def pushed(own: Path, tmp_path: Path, texts: Mapping[str, str]) -> None:
    """Merge these texts into the main branch of a remote."""
    work = tmp_path / f"author-{len(list(tmp_path.iterdir()))}"
    git(tmp_path, "clone", "-q", str(own), str(work))
    for path, text in texts.items():
        (work / path).write_text(text)
    commit(work, "Say more")
    git(work, "push", "-q", "origin", "main")


@pytest.fixture
def over(remote: Path, tmp_path: Path) -> Path:
    """A remote whose quarter is over: closed, with a closing check-in of each key result."""
    own = tmp_path / "own.git"
    shutil.copytree(remote, own)
    closed = portal()[PERIOD].replace("state: committed", "state: closed\nclosed_on: 2027-01-04")
    assert closed != portal()[PERIOD]
    pushed(own, tmp_path, {PERIOD: closed, **CLOSING})
    return own


def protect(own: Path) -> None:
    hook = own / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(REFUSING)
    hook.chmod(0o755)
    git(own, "config", "receive.advertisePushOptions", "true")


def fresh(own: Path, tmp_path: Path) -> Path:
    """What a new run checks out."""
    folder = tmp_path / f"run-{len(list(tmp_path.iterdir()))}" / "work"
    git(tmp_path, "clone", "-q", str(own), str(folder))
    return folder


def later(machine: Runner) -> Runner:
    return Runner(machine.bin, machine.artifacts, {**machine.env, "SOURCE_DATE_EPOCH": AFTER})


def snapshot(machine: Runner, folder: Path, **asked: str) -> Job:
    known = {**ASKED, **{f"inputs.{name}": value for name, value in asked.items()}}
    return later(machine).github(folder / PUBLISH, "snapshot", folder, known)


def tip(own: Path, branch: str) -> str:
    return git(own, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


def record_files(own: Path, branch: str) -> set[str]:
    listed = git(own, "ls-tree", "-r", "--name-only", branch, "content/snapshots/")
    return {path.rpartition("/")[2] for path in listed.splitlines() if path.startswith(RECORD)}


WHOLE = {"record.json", "manifest.json", "sources.sha256", "changes.json"}


def test_a_closed_quarter_is_recorded_archived_and_published_once(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    before = tip(over, "main")
    done = snapshot(machine, fresh(over, tmp_path))
    assert done.passed, done.printed
    assert (done.outputs["prove.outputs.commit"], done.outputs["make.outputs.made"]) == (
        before,
        "yes",
    )
    assert done.outputs["keep.outputs.commit"] == tip(over, "main") != before
    assert record_files(over, "main") == WHOLE
    said = git(over, "log", "-1", "--format=%s, %an, %P", "main")
    assert said == f"Record 2026-q4/closed, github-actions[bot], {before}"
    folder = fresh(over, tmp_path)
    done = publish(later(machine), folder)
    assert done.passed, done.printed
    listed = json.loads((folder / "site/versions.json").read_text())
    assert [row["version"] for row in listed] == ["latest", "2026-q4"]
    for page in ("latest/periods/2026-q4", "2026-q4/objectives/goals-in-the-open"):
        assert (folder / "site" / page / "index.html").is_file()
    assert git(over, "show", "gh-pages:versions.json") == json.dumps(listed, indent=2)
    tips = tip(over, "main"), tip(over, "gh-pages")
    again = snapshot(machine, fresh(over, tmp_path))
    assert again.passed and "make.outputs.made" not in again.outputs
    assert publish(later(machine), fresh(over, tmp_path)).passed
    assert (tip(over, "main"), tip(over, "gh-pages")) == tips


@needs_jq
def test_where_main_is_protected_the_record_is_proposed_once(
    machine: Runner, forge: Path, over: Path, tmp_path: Path
) -> None:
    protect(over)
    before = tip(over, "main")
    store = json.loads(forge.read_text())
    forge.write_text(json.dumps({**store, "repos/acme/goals/pulls": []}))
    done = snapshot(machine, fresh(over, tmp_path))
    assert done.passed, done.printed
    assert tip(over, "main") == before and record_files(over, "okrs-records") == WHOLE
    proposed = tip(over, "okrs-records")
    ((method, path, fields),) = calls(forge)
    assert (method, path) == ("POST", "repos/acme/goals/pulls")
    assert (fields["title"], fields["head"], fields["base"]) == (
        "Record 2026-q4/closed",
        "okrs-records",
        "main",
    )
    store = json.loads(forge.read_text())
    store["repos/acme/goals/pulls"] = [{"number": 12, "head": {"sha": proposed}}]
    forge.write_text(json.dumps(store))
    assert snapshot(machine, fresh(over, tmp_path)).passed
    assert tip(over, "okrs-records") == proposed and len(calls(forge)) == 1


@needs_jq
def test_a_proposed_record_is_made_anew_only_when_its_sources_change(
    machine: Runner, forge: Path, over: Path, tmp_path: Path
) -> None:
    store = json.loads(forge.read_text())
    forge.write_text(json.dumps({**store, "repos/acme/goals/pulls": []}))
    for texts, is_new in (({}, True), ({"README.md": "Other words\n"}, False), (LATE, True)):
        hook = over / "hooks" / "pre-receive"
        hook.unlink(missing_ok=True)
        if texts:
            pushed(over, tmp_path, texts)
        protect(over)
        before = tip(over, "okrs-records")
        store = json.loads(forge.read_text())
        store["repos/acme/goals/pulls"] = [{"number": 12, "head": {"sha": before or SHA}}]
        forge.write_text(json.dumps(store))
        done = snapshot(machine, fresh(over, tmp_path))
        assert done.passed, done.printed
        assert (tip(over, "okrs-records") != before) is is_new


def test_a_record_that_nobody_may_propose_is_said_loudly_and_stops_nothing(
    machine: Runner, forge: Path, over: Path, tmp_path: Path
) -> None:
    protect(over)
    done = snapshot(machine, fresh(over, tmp_path))
    assert done.codes["Keep the records"] == 1
    assert "https://github.example/acme/goals/compare/main...okrs-records?expand=1" in done.printed
    assert done.outputs["prove.outputs.commit"] == tip(over, "main")
    assert "keep.outputs.commit" not in done.outputs
    assert record_files(over, "okrs-records") == WHOLE


def added_to_the_proposal(own: Path, tmp_path: Path, path: str = "README.md") -> str:
    """Commit something to the branch with the proposed record; its new tip."""
    work = tmp_path / f"reviewer-{len(list(tmp_path.iterdir()))}"
    git(tmp_path, "clone", "-q", "-b", "okrs-records", str(own), str(work))
    (work / path).write_text("What a reviewer added\n")
    commit(work, "Say it in the readme")
    git(work, "push", "-q", "origin", "okrs-records")
    return tip(own, "okrs-records")


def late(own: Path, tmp_path: Path, texts: Mapping[str, str]) -> None:
    """Merge these texts into a main branch that is protected."""
    (own / "hooks" / "pre-receive").unlink()
    pushed(own, tmp_path, texts)
    protect(own)


LEFT = "the branch okrs-records waits with commits of somebody else"


def no_pulls(forge: Path) -> None:
    store = json.loads(forge.read_text())
    forge.write_text(json.dumps({**store, "repos/acme/goals/pulls": []}))


def recorded_on(
    which: str, machine: Runner, own: Path, tmp_path: Path, period: str = "", kind: str = ""
) -> Job:
    """Run the job `snapshot` of a forge; for a period, as somebody asked for it by hand."""
    if which == "github":
        return snapshot(machine, fresh(own, tmp_path), period=period, kind=kind)
    asked = {"OKRS_PERIOD": period, "OKRS_KIND": kind}
    return job_of_gitlab(machine, own, tmp_path, "snapshot", **PUSH, **asked)


BOTH = pytest.mark.parametrize("which", ["github", "gitlab"])


@needs_jq
@BOTH
def test_what_somebody_added_to_a_proposal_is_never_lost(
    which: str, machine: Runner, forge: Path, over: Path, tmp_path: Path
) -> None:
    protect(over)
    no_pulls(forge)
    assert recorded_on(which, machine, over, tmp_path).passed
    theirs = added_to_the_proposal(over, tmp_path)
    assert recorded_on(which, machine, over, tmp_path).passed  # what it was made from stays
    late(over, tmp_path, LATE)
    done = recorded_on(which, machine, over, tmp_path)
    assert tip(over, "okrs-records") == theirs
    assert LEFT in done.printed
    assert done.codes == {"snapshot": 64} or done.codes["Keep the records"] == 1
    git(over, "branch", "-D", "okrs-records")
    assert recorded_on(which, machine, over, tmp_path).passed
    assert record_files(over, "okrs-records") == WHOLE


@needs_jq
@BOTH
def test_what_somebody_pushes_to_a_proposal_meanwhile_is_not_lost(
    which: str, machine: Runner, forge: Path, over: Path, tmp_path: Path
) -> None:
    protect(over)
    no_pulls(forge)
    assert recorded_on(which, machine, over, tmp_path).passed
    ours = tip(over, "okrs-records")
    theirs = added_to_the_proposal(over, tmp_path)
    git(over, "update-ref", "refs/heads/okrs-records", ours)
    late(over, tmp_path, LATE)
    known = shutil.which("git")
    meanwhile = f"'{known}' -C '{over}' update-ref refs/heads/okrs-records {theirs}"
    wrapped = machine.bin / "git"
    wrapped.write_text(
        f'#!/bin/sh\ncase "$*" in *HEAD:refs/heads/okrs-records) {meanwhile};; esac\n'
        f"exec '{known}' \"$@\"\n"
    )
    wrapped.chmod(0o755)
    done = recorded_on(which, machine, over, tmp_path)
    assert tip(over, "okrs-records") == theirs
    assert not done.passed and "okrs-records could not be pushed" in done.printed


@needs_jq
@BOTH
def test_a_proposal_of_another_record_is_not_replaced(
    which: str, machine: Runner, forge: Path, remote: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.git"
    shutil.copytree(remote, own)
    protect(own)
    no_pulls(forge)
    done = recorded_on(which, machine, own, tmp_path, period="2026-q4", kind="mid")
    assert done.passed, done.printed
    waiting = tip(own, "okrs-records")
    closed = portal()[PERIOD].replace("state: committed", "state: closed\nclosed_on: 2027-01-04")
    late(own, tmp_path, {PERIOD: closed, **CLOSING})
    done = recorded_on(which, machine, own, tmp_path)
    assert tip(own, "okrs-records") == waiting != ""
    assert "or with another record, and was left as it is" in " ".join(done.printed.split())
    assert not done.passed


@BOTH
def test_a_record_that_was_asked_for_is_not_given_up_in_silence(
    which: str, machine: Runner, over: Path, tmp_path: Path
) -> None:
    own, real = over, shutil.which("git")
    work = tmp_path / "merging"
    git(tmp_path, "clone", "-q", str(own), str(work))
    (work / "README.md").write_text("Merged meanwhile\n")
    commit(work, "Say more")
    wrapped = machine.bin / "git"
    merging = f"'{real}' -C '{work}' push -q origin main"
    wrapped.write_text(
        f'#!/bin/sh\ncase "$*" in *commit*Record*) {merging};; esac\nexec \'{real}\' "$@"\n'
    )
    wrapped.chmod(0o755)
    done = recorded_on(which, machine, own, tmp_path, period="2026-q4", kind="closed")
    assert not done.passed
    assert "main has moved on, and the record of 2026-q4/closed was not kept" in done.printed
    assert tip(own, "okrs-records") == ""


def test_a_merge_in_between_leaves_the_record_to_the_run_of_that_merge(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    folder = fresh(over, tmp_path)
    pushed(over, tmp_path, LATE)
    moved = tip(over, "main")
    done = snapshot(machine, folder)
    assert done.passed, done.printed
    assert "main has moved on" in done.printed
    assert (tip(over, "main"), tip(over, "okrs-records")) == (moved, "")


def test_an_altered_record_stops_everything(machine: Runner, over: Path, tmp_path: Path) -> None:
    assert snapshot(machine, fresh(over, tmp_path)).passed
    text = git(over, "show", f"main:{RECORD}/record.json")
    assert '"Everybody sees' in text
    pushed(over, tmp_path, {f"{RECORD}/record.json": text.replace("Everybody", "Nobody") + "\n"})
    before = tip(over, "main")
    done = snapshot(machine, fresh(over, tmp_path))
    assert done.codes["Prove the records"] != 0 and "Make what is due" not in done.codes
    assert not {"prove.outputs.commit", "keep.outputs.commit"} & done.outputs.keys()
    assert tip(over, "main") == before


def test_a_quarter_with_open_key_results_is_recorded_only_on_purpose(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    (words,) = CLOSING.values()
    only = {path: words.replace(", goals-in-the-open/checked-in: 90", "") for path in CLOSING}
    pushed(over, tmp_path, only)
    before = tip(over, "main")
    done = snapshot(machine, fresh(over, tmp_path))
    assert done.codes["Make what is due"] != 0 and "Keep the records" not in done.codes
    assert "goals-in-the-open/checked-in" in done.printed
    assert done.outputs["prove.outputs.commit"] == tip(over, "main") == before
    done = snapshot(
        machine, fresh(over, tmp_path), period="2026-q4", kind="closed", allow_open="true"
    )
    assert done.passed, done.printed
    assert record_files(over, "main") == WHOLE


def test_a_period_that_is_asked_for_is_no_option(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    done = snapshot(machine, fresh(over, tmp_path), period="--due", kind="closed")
    assert done.codes["Make what is due"] == 2 and "make.outputs.made" not in done.outputs


def test_each_job_of_publishing_may_only_what_it_does(written: Path) -> None:
    plan = load(written / PUBLISH)
    jobs = plan["jobs"]
    assert plan["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "snapshot": {"contents": "write", "pull-requests": "write"},
        "attest": {"id-token": "write", "attestations": "write"},
        "publish": {"contents": "write"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    tokens = [
        (step["name"], re.findall(r"^\s*(?:pip|okrsite|mkdocs) ", step["run"], re.MULTILINE))
        for job in jobs.values()
        for step in job["steps"]
        if "GH_TOKEN" in step.get("env", {})
    ]
    assert tokens == [("Keep the records", []), ("Keep the archive", [])]
    assert "repository.fork" in jobs["snapshot"]["if"]
    assert "needs.snapshot.outputs.proved != ''" in jobs["publish"]["if"]
    (checkout,) = (s for s in jobs["publish"]["steps"] if "actions/checkout" in s.get("uses", ""))
    assert checkout["with"]["ref"] == "${{ needs.snapshot.outputs.proved }}"
    assert "needs.publish.outputs.built == 'yes'" in jobs["deploy"]["if"]
    assert "vars.OKRS_ATTEST == 'yes'" in jobs["attest"]["if"]
    assert "attest" not in "".join(str(job.get("needs", "")) for job in jobs.values())


def test_no_run_by_hand_is_cancelled_and_no_two_jobs_write_at_once(written: Path) -> None:
    plan = load(written / PUBLISH)
    (group,) = EXPRESSION.findall(plan["concurrency"]["group"])

    def waits_with(event: str, run: str) -> object:
        return value_of(group, github=SimpleNamespace(event_name=event, run_id=run))

    assert waits_with("push", "1") == waits_with("schedule", "2") == "due"
    assert waits_with("workflow_dispatch", "3") != waits_with("workflow_dispatch", "4")
    assert "cancel-in-progress" not in plan["concurrency"]
    writing = {name: job["concurrency"] for name, job in plan["jobs"].items() if name != "attest"}
    one_by_one = {"group": "okrs-publish", "queue": "max"}
    assert writing == dict.fromkeys(("snapshot", "publish", "deploy"), one_by_one)
    (_, merged) = load(written / CI)["workflow"]["rules"]
    assert merged["auto_cancel"] == {"on_new_commit": "none"}


def test_what_is_attested_are_the_new_manifests(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    known, kept = {**ASKED, "vars.OKRS_ATTEST": "yes"}, machine.artifacts / "okrs-records"
    folder = fresh(over, tmp_path)
    done = later(machine).github(folder / PUBLISH, "snapshot", folder, known)
    assert done.passed, done.printed
    found = [path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()]
    assert found == ["content/snapshots/2026-q4/closed/manifest.json"]
    shutil.rmtree(kept)
    folder = fresh(over, tmp_path)
    assert later(machine).github(folder / PUBLISH, "snapshot", folder, known).passed
    assert not kept.exists()


def test_what_was_not_kept_is_not_attested(machine: Runner, over: Path, tmp_path: Path) -> None:
    known, kept = {**ASKED, "vars.OKRS_ATTEST": "yes"}, machine.artifacts / "okrs-records"
    folder = fresh(over, tmp_path)
    pushed(over, tmp_path, LATE)
    done = later(machine).github(folder / PUBLISH, "snapshot", folder, known)
    assert done.passed and "main has moved on" in done.printed
    assert not kept.exists()


# --- GitLab -------------------------------------------------------------------------------------


def merge_request(folder: Path) -> dict[str, str]:
    return {
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(folder, "rev-parse", "origin/main"),
        "CI_MERGE_REQUEST_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_API_V4_URL": "https://gitlab.example/api/v4",
        "CI_PROJECT_ID": "3",
        "CI_COMMIT_SHA": SHA,
        "CI_PIPELINE_ID": "70",
        "CI_PROJECT_DIR": str(folder),
    }


@pytest.fixture
def gitlab(machine: Runner) -> Path:
    path = Path(machine.env["FAKE_FORGE"])
    me = {"id": 42}
    notes = [
        {"id": 1, "author": {"id": 9}, "body": f"{MARK}\nI am not the one you look for"},
        {"id": 2, "author": me, "body": "Other words"},
    ]
    store = {
        "calls": [],
        "user": me,
        "projects/3/merge_requests/7": {"sha": SHA},
        "projects/3/merge_requests/7/notes": notes,
        "projects/3/issues": [],
    }
    path.write_text(json.dumps(store))
    return path


def test_a_merge_request_is_checked_with_a_report_for_the_forge(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, BROKEN)
    done = machine.gitlab(folder / CI, "check", folder, merge_request(folder))
    assert not done.passed
    found = json.loads((folder / "gl-code-quality-report.json").read_text())
    assert "content/kpis/portal-age.md" in {row["location"]["path"] for row in found}
    assert all(row["severity"] and row["fingerprint"] for row in found)
    assert "content/kpis/portal-age.md\n\n  3:10 error" in done.printed


def test_a_merge_request_that_is_clean_passes_and_builds(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, CHECK_IN)
    done = machine.gitlab(folder / CI, "check", folder, merge_request(folder))
    assert done.passed, done.printed
    assert json.loads((folder / "gl-code-quality-report.json").read_text()) == []


def test_one_note_is_made_and_then_updated(
    machine: Runner, gitlab: Path, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, CHECK_IN)
    env = {**merge_request(folder), "OKRSITE_TOKEN": "secret"}
    done = machine.gitlab(folder / CI, "diff", folder, env)
    assert done.passed, done.printed
    for _ in range(2):
        done = machine.gitlab(folder / CI, "comment", folder, env)
        assert done.passed, done.printed
    assert [row[:2] for row in calls(gitlab)] == [
        ["POST", "projects/3/merge_requests/7/notes"],
        ["PUT", "projects/3/merge_requests/7/notes/901"],
    ]
    assert calls(gitlab)[0][2]["body"] == (folder / "report/okrs.md").read_text()


def note(machine: Runner, written: Path, tmp_path: Path, **more: str) -> Job:
    """Run the job `comment` for pipeline 70 on what lies in `report/`."""
    api = {"CI_API_V4_URL": "https://gitlab.example/api/v4", "OKRSITE_TOKEN": "secret"}
    request = {"CI_MERGE_REQUEST_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "7"}
    env = {**api, **request, "CI_COMMIT_SHA": SHA, "CI_PIPELINE_ID": "70", **more}
    return machine.gitlab(written / CI, "comment", tmp_path / "note" / "work", env)


def noted(tmp_path: Path, text: str | None) -> Path:
    """A working folder with this report, or with none."""
    place = tmp_path / "note" / "work" / "report"
    place.parent.mkdir(parents=True)
    if text is not None:
        place.mkdir()
        (place / "okrs.md").write_text(text)
    return place


END = "\n<!-- pipeline 70 -->\n"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"CI_COMMIT_SHA": "b" * 40}, False),
        ({"CI_COMMIT_SHA": "b" * 40, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": SHA}, True),
        ({"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "b" * 40}, False),
    ],
)
def test_an_older_pipeline_leaves_the_note_of_a_newer_commit(
    more: dict[str, str],
    told: bool,
    machine: Runner,
    gitlab: Path,
    written: Path,
    tmp_path: Path,
) -> None:
    noted(tmp_path, f"{MARK}\nOurs\n{END}")
    done = note(machine, written, tmp_path, **more)
    assert done.passed, done.printed
    assert bool(calls(gitlab)) == told
    assert ("There is a newer commit" in done.printed) != told


@pytest.mark.parametrize(
    "left",
    [
        None,
        f"{MARK}\nOf another merge request\n\n<!-- pipeline 69 -->\n",
        f"{MARK}\nOf nobody\n",
        f"Hello\n{END}",
    ],
)
def test_where_there_is_no_report_the_note_says_so(
    left: str | None, machine: Runner, gitlab: Path, written: Path, tmp_path: Path
) -> None:
    noted(tmp_path, left)
    done = note(machine, written, tmp_path)
    assert done.passed, done.printed
    ((method, path, fields),) = calls(gitlab)
    assert (method, path) == ("POST", "projects/3/merge_requests/7/notes")
    assert fields["body"].startswith(f"{MARK}\n**Could not compare.**")


@pytest.mark.parametrize("whole", [True, False])
def test_a_link_in_place_of_a_report_is_not_followed_on_gitlab(
    whole: bool, machine: Runner, gitlab: Path, written: Path, tmp_path: Path
) -> None:
    place, secret = noted(tmp_path, None), tmp_path / "secret"
    secret.mkdir()
    (secret / "okrs.md").write_text(f"{MARK}\nsecret\n{END}")
    if whole:
        place.symlink_to(secret)
    else:
        place.mkdir()
        (place / "okrs.md").symlink_to(secret / "okrs.md")
    assert note(machine, written, tmp_path).passed
    ((_, _, fields),) = calls(gitlab)
    assert "secret" not in fields["body"] and "Could not compare" in fields["body"]
    assert "secret" in (secret / "okrs.md").read_text()


def test_a_forged_report_calls_nobody_and_gives_no_orders_on_gitlab(
    machine: Runner, gitlab: Path, written: Path, tmp_path: Path
) -> None:
    noted(tmp_path, f"{MARK}\n/close\n  /assign @all\n{END}")
    assert note(machine, written, tmp_path).passed
    ((_, _, fields),) = calls(gitlab)
    assert fields["body"].splitlines()[1:3] == ["\\/close", "  \\/assign @\u2060all"]


def test_only_jobs_that_run_nothing_proposed_know_the_token_of_gitlab(written: Path) -> None:
    plan = load(written / CI)
    jobs = {name: job for name, job in plan.items() if isinstance(job, dict) and "script" in job}
    scope = {"name": "okrs", "action": "access"}
    scoped = {name for name, job in jobs.items() if "environment" in job}
    assert scoped == {"comment", "digest"}
    assert all(jobs[name]["environment"] == scope for name in scoped)
    used = {name for name, job in jobs.items() if "OKRSITE_TOKEN" in "".join(job["script"])}
    assert used == scoped
    comment = jobs["comment"]
    assert "extends" not in comment and comment["variables"] == {"GIT_STRATEGY": "none"}
    assert not re.search(r"\b(pip|okrsite|git|source|eval) ", "".join(comment["script"]))
    assert comment["resource_group"] == "okrs-$CI_MERGE_REQUEST_IID"
    (rule,) = jobs["digest"]["rules"]
    assert '"schedule"' in rule["if"]
    assert "environment scope `okrs`" in " ".join((written / "README.md").read_text().split())


def test_without_a_token_as_in_a_fork_the_report_stays_an_artifact(
    machine: Runner, gitlab: Path, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, CHECK_IN)
    done = machine.gitlab(folder / CI, "comment", folder, merge_request(folder))
    assert done.passed
    assert "the report is an artifact" in done.printed
    assert calls(gitlab) == []


def test_a_merge_request_that_cannot_be_compared_says_so(
    machine: Runner, remote: Path, tmp_path: Path
) -> None:
    folder = proposal(remote, tmp_path, CHECK_IN)
    env = {**merge_request(folder), "CI_MERGE_REQUEST_DIFF_BASE_SHA": "f" * 40}
    done = machine.gitlab(folder / CI, "diff", folder, env)
    assert done.codes == {"diff": 2}
    assert (folder / "report/okrs.md").read_text().startswith(f"{MARK}\n**Could not compare.**")


def test_gitlab_publishes_the_portal(machine: Runner, remote: Path, tmp_path: Path) -> None:
    folder = clone(remote, tmp_path)
    done = machine.gitlab(folder / CI, "pages", folder, {"CI_PROJECT_DIR": str(folder)})
    assert done.passed, done.printed
    assert (folder / "public/index.html").is_file()
    assert (folder / "public/latest/objectives/goals-in-the-open/index.html").is_file()


def deployed_of_gitlab(machine: Runner, own: Path, tmp_path: Path, **more: str) -> tuple[Job, Path]:
    """Run the job `pages`, and then `archive` with what it handed over; and what was published."""
    folder = fresh(own, tmp_path)
    git(folder, "checkout", "-q", "--detach", "origin/main")
    env = project_of(own, folder, **more)
    done = later(machine).gitlab(folder / CI, "pages", folder, env)
    assert done.passed, done.printed
    plan = load(folder / CI)
    assert plan["archive"]["needs"] == ["pages"] and plan["archive"]["stage"] == "deploy"
    assert plan["archive"]["rules"] == plan["pages"]["rules"]
    after = tmp_path / "archive" / "work"
    after.mkdir(parents=True)
    (after / "lacking.txt").write_text("What an earlier job has left here\n")
    for path in plan["pages"]["artifacts"]["paths"]:
        copy = shutil.copytree if (folder / path).is_dir() else shutil.copy
        copy(folder / path, after / path)
    return later(machine).gitlab(folder / CI, "archive", after, env), after / "public"


def test_an_archive_that_fails_on_gitlab_keeps_nothing_back_and_is_said(
    machine: Runner, unbuildable: Path, tmp_path: Path
) -> None:
    done, public = deployed_of_gitlab(machine, unbuildable, tmp_path, **PUSH)
    assert done.codes == {"archive": 1} and "An archive could not be made" in done.printed
    assert (public / "latest/objectives/goals-in-the-open/index.html").is_file()
    assert not (public / "2026-q4").exists() and tip(unbuildable, "gh-pages") == ""


def test_an_archive_that_cannot_be_pushed_on_gitlab_keeps_nothing_back_and_is_said(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    assert job_of_gitlab(machine, over, tmp_path, "snapshot", **PUSH).passed
    refuse_pages(over)
    done, public = deployed_of_gitlab(machine, over, tmp_path, **PUSH)
    assert done.codes == {"archive": 1}
    assert "The archive could not be pushed to gh-pages" in done.printed
    for version in ("latest", "2026-q4"):
        assert (public / version / "index.html").is_file()


def test_an_archive_that_is_kept_on_gitlab_ends_well(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    assert job_of_gitlab(machine, over, tmp_path, "snapshot", **PUSH).passed
    done, _ = deployed_of_gitlab(machine, over, tmp_path, **PUSH)
    assert done.passed, done.printed
    assert tip(over, "gh-pages")


def test_gitlab_proposes_again_what_was_taken_back(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    protect(over)
    folder = fresh(over, tmp_path)  # a runner may keep it from one job to the next
    for _ in range(3):
        git(folder, "checkout", "-q", "--detach", "origin/main")
        env = project_of(over, folder, **PUSH)
        done = later(machine).gitlab(folder / CI, "snapshot", folder, env)
        assert done.passed, done.printed
        assert record_files(over, "okrs-records") == WHOLE
        seen = git(folder, "for-each-ref", "refs/remotes/origin/okrs-records")
        if seen:
            git(over, "branch", "-D", "okrs-records")
    assert seen == ""  # the last run has made it anew


def project_of(own: Path, folder: Path, **more: str) -> dict[str, str]:
    return {
        "CI_PROJECT_DIR": str(folder),
        "CI_PROJECT_URL": str(own).removesuffix(".git"),
        "CI_DEFAULT_BRANCH": "main",
        "CI_SERVER_HOST": "gitlab.example",
        **more,
    }


def job_of_gitlab(machine: Runner, own: Path, tmp_path: Path, name: str, **more: str) -> Job:
    folder = fresh(own, tmp_path)
    git(folder, "checkout", "-q", "--detach", "origin/main")
    env = project_of(own, folder, **more)
    return later(machine).gitlab(folder / CI, name, folder, env)


PUSH = {"OKRSITE_PUSH_TOKEN": "secret"}


def test_gitlab_records_a_closed_quarter_and_keeps_its_archive_once(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    done = job_of_gitlab(machine, over, tmp_path, "snapshot", **PUSH)
    assert done.passed, done.printed
    assert record_files(over, "main") == WHOLE
    assert git(over, "log", "-1", "--format=%s", "main") == "Record 2026-q4/closed"
    done = job_of_gitlab(machine, over, tmp_path, "pages", **PUSH)
    assert done.passed, done.printed
    assert git(over, "show", "gh-pages:2026-q4/index.html")
    tips = tip(over, "main"), tip(over, "gh-pages")
    for name in ("snapshot", "pages"):
        done = job_of_gitlab(machine, over, tmp_path, name, **PUSH)
        assert done.passed, done.printed
    assert (tip(over, "main"), tip(over, "gh-pages")) == tips


def test_where_main_is_protected_on_gitlab_the_record_is_a_merge_request(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    protect(over)
    before = tip(over, "main")
    for _ in range(2):
        done = job_of_gitlab(machine, over, tmp_path, "snapshot", **PUSH)
        assert done.passed, done.printed
        assert record_files(over, "okrs-records") == WHOLE
        proposed = tip(over, "okrs-records")
    assert tip(over, "main") == before and tip(over, "okrs-records") == proposed
    assert (over / "options").read_text().splitlines() == [
        "merge_request.create",
        "merge_request.target=main",
        "merge_request.title=Record 2026-q4/closed",
    ]


def test_without_a_token_gitlab_says_what_is_due_and_publishes_all_the_same(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    before = tip(over, "main")
    done = job_of_gitlab(machine, over, tmp_path, "snapshot")
    assert done.codes == {"snapshot": 64}
    assert "No OKRSITE_PUSH_TOKEN here" in done.printed
    assert tip(over, "main") == before
    plan = load(fresh(over, tmp_path) / CI)
    assert plan["snapshot"]["allow_failure"] == {"exit_codes": ["64"]}
    assert job_of_gitlab(machine, over, tmp_path, "pages").passed


def test_an_altered_record_stops_the_pipeline_of_gitlab(
    machine: Runner, over: Path, tmp_path: Path
) -> None:
    assert job_of_gitlab(machine, over, tmp_path, "snapshot", **PUSH).passed
    text = git(over, "show", f"main:{RECORD}/record.json")
    pushed(over, tmp_path, {f"{RECORD}/record.json": text.replace("Everybody", "Nobody") + "\n"})
    done = job_of_gitlab(machine, over, tmp_path, "snapshot", **PUSH)
    assert not done.passed and done.codes != {"snapshot": 64}


def test_only_jobs_of_what_is_merged_know_the_token_that_pushes(written: Path) -> None:
    plan = load(written / CI)
    jobs = {name: job for name, job in plan.items() if isinstance(job, dict) and "script" in job}
    used = {name for name, job in jobs.items() if "OKRSITE_PUSH_TOKEN" in "".join(job["script"])}
    assert used == {"snapshot", "pages"}
    for name in used:
        (rule,) = jobs[name]["rules"]
        assert rule["if"].startswith("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH")
        assert jobs[name]["resource_group"] == "okrs-publish"
    assert "masked and **protected**" in " ".join((written / "README.md").read_text().split())


def test_the_digest_of_gitlab_is_one_open_issue(
    machine: Runner, gitlab: Path, remote: Path, tmp_path: Path
) -> None:
    folder = clone(remote, tmp_path)
    late = str(int(NOON) + 14 * 86_400)
    env = {**merge_request(folder), "OKRSITE_TOKEN": "secret", "SOURCE_DATE_EPOCH": late}
    for _ in range(2):
        done = machine.gitlab(folder / CI, "digest", folder, env)
        assert done.passed, done.printed
    assert [row[:2] for row in calls(gitlab)] == [
        ["POST", "projects/3/issues"],
        ["POST", "projects/3/issues"],
        ["PUT", "projects/3/issues/901"],
    ]
    assert calls(gitlab)[0][2]["description"].startswith("<!-- okrsite-digest -->")
    assert calls(gitlab)[2][2] == {"state_event": "close"}
