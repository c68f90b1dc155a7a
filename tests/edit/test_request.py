"""A request with real git: one new file on a branch of its own, and nothing here is touched."""

import os
import stat
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from okrsite.edit.proposing.base import find_base, on_their_way
from okrsite.edit.proposing.forges import Words
from okrsite.edit.proposing.request import Sent, forge_of, send
from okrsite.okr.git import GitError
from tests.edit.clones import Clone, at_forge, calls, clone, fake, hub, isolate, run_git

TEXT = "---\ndate: 2026-08-20\n---\n"
WORDS = Words("Check in calm/bugs", "Triage is daily.", "Triage is daily.\n\nprogress 70 %")
NAME = "2026-08-20-ana"
BRANCH = f"check-in/{NAME}"


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in isolate({}, tmp_path).items():
        monkeypatch.setenv(name, value)
    # No gh or glab of this machine.
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("git", "sh"):
        found = next(
            Path(p) / name for p in os.environ["PATH"].split(":") if (Path(p) / name).exists()
        )
        (tools / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(tools))
    return hub(tmp_path / "there")


@pytest.fixture
def mine(bare: Path, tmp_path: Path) -> Clone:
    made = clone(bare, tmp_path / "mine")
    (made.root / "README.md").write_text("Half written.\n")
    (made.root / "notes.txt").write_text("Mine.\n")
    (made.root / "staged.txt").write_text("Staged.\n")
    made.git("add", "staged.txt")
    return made


def path_of(taken: Collection[str]) -> str:
    names = [NAME, *(f"{NAME}-{n}" for n in range(2, 30))]
    return f"content/check-ins/2026-q3/{next(name for name in names if name not in taken)}.md"


def sent(made: Clone) -> Sent:
    return send(find_base(made.repo), path_of, TEXT, WORDS)


def test_the_request_holds_the_one_file_and_here_nothing_changes(mine: Clone, bare: Path) -> None:
    before = mine.snapshot()
    found = sent(mine)
    assert (found.branch, found.pushed, found.opened, found.problem) == (BRANCH, True, "", "")
    assert mine.snapshot() == before
    assert run_git(bare, "diff", "--name-status", "main", BRANCH) == f"A\t{found.path}"
    assert run_git(bare, "show", f"{BRANCH}:{found.path}") == TEXT.strip()
    log = run_git(bare, "log", "-1", "--format=%an <%ae>%n%B", BRANCH).splitlines()
    assert log[0] == "Ana Ruiz <ana.ruiz@acme.example>"
    assert log[1:] == ["Check in calm/bugs", "", "Triage is daily."]
    assert mine.git("branch", "--list", "check-in/*") == ""


def test_it_is_made_against_what_the_remote_has_now(
    mine: Clone, bare: Path, tmp_path: Path
) -> None:
    other = clone(bare, tmp_path / "other", "Bo")
    (other.root / "content/new.md").write_text("new\n")
    other.git("add", "-A")
    other.git("commit", "-q", "-m", "more")
    other.git("push", "-q", "origin", "main")
    mine.git("checkout", "-q", "-b", "somewhere-else")
    sent(mine)
    assert run_git(bare, "rev-parse", f"{BRANCH}~1") == run_git(bare, "rev-parse", "main")
    assert "content/new.md" in run_git(bare, "ls-tree", "-r", "--name-only", BRANCH).splitlines()


def test_a_second_one_of_the_same_day_has_a_name_of_its_own(mine: Clone, bare: Path) -> None:
    assert [sent(mine).branch for _ in range(3)] == [BRANCH, f"{BRANCH}-2", f"{BRANCH}-3"]
    assert on_their_way(mine.root) == {NAME, f"{NAME}-2", f"{NAME}-3"}
    found = run_git(bare, "diff", "--name-only", "main", f"{BRANCH}-3")
    assert found == f"content/check-ins/2026-q3/{NAME}-3.md"


def test_who_comes_second_in_a_race_takes_the_next_name(mine: Clone, bare: Path) -> None:
    base = find_base(mine.repo)
    first = sent(mine)
    late = send(replace(base, names=frozenset()), path_of, "second\n", WORDS)
    assert (first.branch, late.branch) == (BRANCH, f"{BRANCH}-2")
    assert run_git(bare, "show", f"{BRANCH}:{first.path}") == TEXT.strip()
    assert run_git(bare, "show", f"{BRANCH}-2:{late.path}") == "second"


MEETING = """#!/bin/sh
: > "here.$$"
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    set -- here.*
    [ $# -ge 3 ] && exit 0
    /bin/sleep 0.5
done
"""


def test_three_who_push_one_name_at_once_all_succeed(bare: Path, tmp_path: Path) -> None:
    hooked(bare, MEETING)  # nobody is let in before all three are there
    clones = [clone(bare, tmp_path / f"clone-{n}") for n in range(3)]
    bases = [find_base(one.repo) for one in clones]
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda base: send(base, path_of, TEXT, WORDS), bases))
    assert [(one.pushed, one.problem) for one in found] == [(True, "")] * 3
    names = {BRANCH, f"{BRANCH}-2", f"{BRANCH}-3"}
    assert {one.branch for one in found} == names
    assert [one.git("branch", "--list", "check-in/*") for one in clones] == [""] * 3
    for one in found:
        assert run_git(bare, "show", f"{one.branch}:{one.path}") == TEXT.strip()


@pytest.mark.parametrize("words", [[f"{n}\n" for n in range(8)], ["all the same\n"] * 8])
def test_many_at_once_in_one_clone_all_succeed(mine: Clone, bare: Path, words: list[str]) -> None:
    def one(text: str) -> Sent:
        return send(find_base(mine.repo), path_of, text, WORDS)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, words))
    assert [(each.pushed, each.problem) for each in found] == [(True, "")] * 8
    kept = {each.branch: run_git(bare, "show", f"{each.branch}:{each.path}") for each in found}
    assert sorted(kept.values()) == [text.strip() for text in words]
    assert mine.git("branch", "--list", "check-in/*") == ""


def test_a_branch_in_the_way_of_the_prefix_is_gone_round(
    mine: Clone, bare: Path, tmp_path: Path
) -> None:
    other = clone(bare, tmp_path / "other")
    mine.git("branch", "check-in")
    first, second = sent(mine), sent(mine)
    assert [first.branch, second.branch] == [f"check-in-{NAME}", f"check-in-{NAME}-2"]
    base = find_base(other.repo)
    assert sent(other).branch == f"check-in/{NAME}-3"
    run_git(bare, "update-ref", "-d", f"refs/heads/check-in/{NAME}-3")
    run_git(bare, "branch", "check-in", "main")
    late = send(base, path_of, TEXT, WORDS)  # it came between the look and the push
    assert late.pushed and late.branch.startswith(f"check-in-{NAME}-")
    assert sent(clone(bare, tmp_path / "third")).branch.startswith(f"check-in-{NAME}-")


def test_what_the_other_side_says_cannot_steer_a_terminal(mine: Clone, bare: Path) -> None:
    hooked(bare, "#!/bin/sh\nprintf '\\033]0;pwn\\007no\\n' >&2\nexit 1\n")
    assert sent(mine).problem == "remote: ␛]0;pwn␇no"
    bare.joinpath("hooks/pre-receive").unlink()
    at_forge(mine, "git@code.acme.example:goals.git", bare)
    hook = bare / "hooks/post-receive"
    hook.write_text("#!/bin/sh\nprintf 'https://x.example/\\033[2Jnew\\n' >&2\n")
    hook.chmod(0o755)
    assert sent(mine).todo == ("https://x.example/␛[2Jnew",)


def hooked(bare: Path, script: str) -> None:
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(script)
    hook.chmod(0o755)


def test_a_remote_that_refuses_loses_nothing(mine: Clone, bare: Path) -> None:
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IEXEC)
    before = mine.snapshot()
    found = sent(mine)
    assert not found.pushed and "not today" in found.problem
    assert found.todo[0] == f"git push origin {BRANCH}"
    assert mine.git("show", f"{BRANCH}:{found.path}") == TEXT.strip()
    assert mine.snapshot() == before
    hook.unlink()
    mine.git(*found.todo[0].split()[1:])
    assert run_git(bare, "show", f"{BRANCH}:{found.path}") == TEXT.strip()


def test_offline_it_is_kept_on_a_branch_here(mine: Clone, bare: Path) -> None:
    bare.rename(bare.with_name("away.git"))
    base = find_base(mine.repo)
    assert "could not be asked" in base.note and base.branch == "main"
    found = send(base, path_of, TEXT, WORDS)
    assert not found.pushed and mine.git("show", f"{BRANCH}:{found.path}") == TEXT.strip()
    assert sent(mine).branch == f"{BRANCH}-2"


def test_without_a_remote_it_is_kept_on_a_branch_here(mine: Clone) -> None:
    mine.git("remote", "remove", "origin")
    found = sent(mine)
    assert not found.pushed and found.problem == "there is no remote to push to"
    assert mine.git("show", f"{BRANCH}:{found.path}") == TEXT.strip()


def test_without_a_commit_or_a_user_it_is_refused(tmp_path: Path, bare: Path) -> None:
    run_git(tmp_path, "init", "-q", "empty")
    with pytest.raises(GitError):
        find_base(Clone(tmp_path / "empty").repo)
    nobody = clone(bare, tmp_path / "nobody")
    for name in ("user.name", "user.email"):
        nobody.git("config", "--unset", name)
    nobody.git("config", "user.useConfigOnly", "true")
    with pytest.raises(GitError, match=r"git config --global user\.name(?s:.*)user\.email"):
        sent(nobody)
    assert nobody.git("branch", "--list", "check-in/*") == ""


def test_a_file_is_never_written_over(mine: Clone) -> None:
    base = find_base(mine.repo)
    with pytest.raises(GitError, match="is there already"):
        send(base, lambda _: "content/objectives/calm.md", TEXT, WORDS)
    with pytest.raises(GitError, match="is there already"):
        send(base, lambda _: "README.md/x.md", TEXT, WORDS)


def test_a_shallow_clone_sends_too(bare: Path, tmp_path: Path) -> None:
    run_git(tmp_path, "clone", "-q", "--depth=1", f"file://{bare}", "shallow")
    made = Clone(tmp_path / "shallow")
    made.git("config", "user.name", "Ana")
    made.git("config", "user.email", "ana@acme.example")
    assert sent(made).pushed
    assert run_git(bare, "rev-parse", f"{BRANCH}~1") == run_git(bare, "rev-parse", "main")


# --- opening it -----------------------------------------------------------------------------------


def test_gh_opens_it(mine: Clone, bare: Path, tmp_path: Path) -> None:
    log = fake(tmp_path / "bin", "gh", says="https://github.com/acme/goals/pull/7")
    at_forge(mine, "git@github.com:acme/goals.git", bare)
    found = sent(mine)
    assert (found.opened, found.todo) == ("https://github.com/acme/goals/pull/7", ())
    where = ["--repo", "github.com/acme/goals", "--base", "main", "--head", BRANCH]
    told = ["--title", WORDS.title, "--body", WORDS.body]
    assert calls(log) == [["pr", "create", *where, *told]]


def test_glab_opens_it(mine: Clone, bare: Path, tmp_path: Path) -> None:
    log = fake(tmp_path / "bin", "glab", says="!7 https://gitlab.acme.example/g/sub/goals/-/7")
    fake(tmp_path / "bin", "gh")
    at_forge(mine, "https://token@gitlab.acme.example/g/sub/goals.git", bare)
    assert sent(mine).opened == "https://gitlab.acme.example/g/sub/goals/-/7"
    (call,) = calls(log)
    assert call[:6] == ["mr", "create", "--source-branch", BRANCH, "--target-branch", "main"]
    assert call[-1] == "--yes"


def test_a_program_that_fails_leaves_the_address(mine: Clone, bare: Path, tmp_path: Path) -> None:
    fake(tmp_path / "bin", "gh", code=1, says="not logged in")
    at_forge(mine, "ssh://git@github.com:22/acme/goals.git", bare)
    found = sent(mine)
    assert found.pushed and found.problem == "gh: not logged in"
    assert found.todo == (f"https://github.com/acme/goals/compare/main...{BRANCH}?expand=1",)


def test_without_a_program_the_address_is_told(mine: Clone, bare: Path) -> None:
    at_forge(mine, "https://user:secret@gitlab.com/acme/goals", bare)
    (address,) = sent(mine).todo
    name = BRANCH.replace("/", "%2F")
    assert address == (
        "https://gitlab.com/acme/goals/-/merge_requests/new"
        f"?merge_request%5Bsource_branch%5D={name}"
    )


def test_another_forge_is_asked_for_by_its_host_or_tells_the_address_itself(
    mine: Clone, bare: Path, tmp_path: Path
) -> None:
    at_forge(mine, "git@code.acme.example:goals.git", bare)
    hook = bare / "hooks/post-receive"
    hook.write_text("#!/bin/sh\necho 'Open it: ' >&2\necho '  https://code.acme.example/new' >&2\n")
    hook.chmod(0o755)
    assert sent(mine).todo == ("https://code.acme.example/new",)
    fake(tmp_path / "bin", "gh", code=1, says="unknown host")
    log = fake(tmp_path / "bin", "glab")
    assert forge_of(find_base(mine.repo)).kind == "gitlab"
    assert calls(log) == [["auth", "status", "--hostname", "code.acme.example"]]


def test_a_plain_folder_is_no_forge(mine: Clone) -> None:
    assert forge_of(find_base(mine.repo)).kind == ""


def test_where_no_page_is_known_the_commands_merge_it(mine: Clone, bare: Path) -> None:
    found = sent(mine)
    assert found.pushed and found.by_merging
    mine.git("stash", "-q", "-u")
    for command in found.todo:
        mine.git(*command.split()[1:])
    assert found.path in run_git(bare, "ls-tree", "-r", "--name-only", "main").splitlines()
