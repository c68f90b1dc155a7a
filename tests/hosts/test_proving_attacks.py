"""What `okrsite snapshot verify` believes: the project's own history, and nothing put beside it."""

import json
import os
import shutil
import subprocess
import zlib
from datetime import date
from pathlib import Path

import pytest

from okrsite.okr.git import Repository, git
from okrsite.okr.objects import Hasher
from okrsite.okr.past.commits import day_in
from okrsite.okr.snapshot.manifest import digest
from tests.git_repos import Goals
from tests.recorded import LATEST, Acme, acme, recorded, standing_in

Q1, Q2, Q3 = LATEST
CHECK_IN = "check-ins/2026-06-29-ana.md"
BETTER = "---\ndate: 2026-06-29\nauthor: ana\nteam: acme\nkey_results: {inbox/waiting: 30}\n---\n"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Acme:
    return recorded(tmp_path_factory.mktemp("first") / "acme")


@pytest.fixture
def company(first: Acme, tmp_path: Path) -> Acme:
    shutil.copytree(first.goals.root, tmp_path / "acme")
    return Acme(Goals(tmp_path / "acme"))


def published_in(company: Acme, folder: str, snapshot: str) -> None:
    """Publish as the project in a folder of the repository."""
    period, _, kind = snapshot.partition("/")
    with standing_in(company.goals.root / folder):
        Acme(Goals(Path())).publish(period, kind)


# --- a project put beside the project -----------------------------------------------------------


def test_a_copy_of_the_content_put_beside_it_proves_nothing(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    root = company.goals.root
    shutil.copytree(root / "content", root / "decoy" / "content")
    shutil.copy(root / "mkdocs.yml", root / "decoy")
    (root / "decoy/content" / CHECK_IN).write_text(BETTER)
    company.commit("Tooling")
    published_in(company, "decoy", Q2)
    shutil.move(root / "decoy/content/snapshots", root / "content/snapshots")
    shutil.rmtree(root / "decoy")
    company.commit("Record")
    rows = company.verify(code=1)[Q2]
    assert any("record.json content it is not what its commit gives" in row for row in rows)


def test_another_configuration_of_the_same_content_proves_nothing(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    tools = company.goals.root / "tools"
    tools.mkdir()
    (tools / "mkdocs.yml").write_text(
        "site_name: Acme\ndocs_dir: ../content\nplugins:\n"
        "  - okrsite: {as_of: 2026-08-20, on_track: 0.1}\n"
    )
    company.commit("Tooling")
    published_in(company, "tools", Q2)
    company.commit("Record")
    assert any("configuration" in row for row in company.verify(code=1)[Q2])


# --- a project that moved -----------------------------------------------------------------------


def renamed(company: Acme, *, records: bool = True) -> Acme:
    goals = company.goals
    if not records:
        shutil.rmtree(goals.folder / "snapshots")
    goals.folder.rename(goals.root / "docs")
    config = goals.root / "mkdocs.yml"
    config.write_text(config.read_text().replace("docs_dir: content", "docs_dir: docs"))
    company.commit("Rename")
    return Acme(Goals(goals.root, "docs"))


def test_records_of_a_folder_that_was_renamed_are_proved(company: Acme) -> None:
    assert renamed(company).verify() == {}


def test_so_are_those_of_a_whole_project_that_moved(company: Acme) -> None:
    root = company.goals.root
    (root / "okr").mkdir()
    for name in ("content", "mkdocs.yml"):
        (root / name).rename(root / "okr" / name)
    company.commit("Move")
    with standing_in(root / "okr"):
        assert Acme(Goals(Path())).verify() == {}


def test_renaming_the_folder_forgets_no_record(company: Acme) -> None:
    found = renamed(company, records=False).verify(code=1)
    assert set(found) == set(LATEST)
    assert all("and is gone" in rows[0] for rows in found.values())


# --- a merge that turns the lines round ---------------------------------------------------------


def test_a_copy_of_the_folder_forgets_no_record_either(company: Acme) -> None:
    goals = company.goals
    shutil.copytree(goals.folder, goals.root / "okrs")
    for name in ("2026-q2", "2026-q3"):
        shutil.rmtree(goals.root / "okrs" / "snapshots" / name)
    config = goals.root / "mkdocs.yml"
    config.write_text(config.read_text().replace("docs_dir: content", "docs_dir: okrs"))
    company.commit("The goals move, and the old folder stays")
    found = company.verify(code=1)
    assert set(found) == {Q2, Q3}
    assert all("it was published" in rows[0] and "is gone" in rows[0] for rows in found.values())
    assert all("last in content/snapshots" in rows[0] for rows in found.values())
    assert "last changed" not in company.run("verify", "2026-q2", code=1).splitlines()[1]


def test_a_record_published_apart_and_merged_as_the_main_line_is_doubted(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    company.publish("2026-q2", "closed")
    company.commit("Record")
    company.goals.git("checkout", "-q", "-b", "side", "HEAD~1")
    company.goals.commit("2026-07-08", {CHECK_IN: BETTER})
    company.apart("2026-q2", "closed")
    company.commit("Record", who="Eve")
    company.goals.merge("main", "2026-07-09", "-s", "ours")
    (reason,) = company.verify(code=1)[Q2]
    assert "it was published twice, as different texts (Eve," in reason
    assert "; and Ana," in reason


def test_a_record_that_was_changed_and_brought_back_is_proved(company: Acme) -> None:
    company.change(Q3, "record.json", lambda text: text.replace("Why", "How"))
    company.commit("Changed", who="Mallory")
    assert set(company.verify(code=1)) == {Q3}
    company.goals.git("checkout", "-q", "HEAD~1", "--", "content/snapshots")
    company.commit("Brought back")
    assert company.verify() == {}


# --- who did it ---------------------------------------------------------------------------------


def forged(company: Acme) -> str:
    """Mallory gives Q2 a better score, with manifests that fit; the name of the commit."""
    company.change(Q2, "record.json", lambda text: text.replace(*SAID, 1))
    company.forge(Q2)
    company.forge(Q3, previous=Q2)
    return company.commit("Nothing to see", who="Mallory", day="2026-08-02")


SAID = '"said_score": null', '"said_score": 0.9'


def innocent(company: Acme, commit: str, how: str) -> None:
    """Tell git that somebody else did what Mallory has done."""
    root, run = company.goals.root, company.goals.git
    if how == "mailmap":
        (root / ".mailmap").write_text("Ana <ana@goals.example> <mallory@goals.example>\n")
    elif how == "ignored revision":
        (root / "ignored").write_text(f"{commit}\n")
        run("config", "blame.ignoreRevsFile", str(root / "ignored"))
    elif how == "a list of revisions that is not there":
        run("config", "blame.ignoreRevsFile", "nowhere")
    elif how == "attributes":
        (root / ".git/info").mkdir(exist_ok=True)
        (root / ".git/info/attributes").write_text("*.json diff=old filter=old\n")
        run("config", "diff.old.textconv", "sed s/0.9/null/")
        run("config", "filter.old.clean", "sed s/0.9/null/")
    elif how == "a commit in its place":
        words = run("cat-file", "commit", commit).replace("Mallory", "Ana")
        run("replace", commit, _git(root, *COMMIT, stdin=f"{words}\n"))
    elif how == "a log that follows":
        run("config", "log.follow", "true")
    else:
        run("reset", "-q", "--hard", "HEAD~1")
        company.goals.commit("2026-08-03", {"index.md": "Hello.\n"})
        company.goals.merge(commit, "2026-08-04")


COMMIT = ("hash-object", "-t", "commit", "-w", "--stdin")


@pytest.mark.parametrize(
    "how",
    [
        "mailmap",
        "ignored revision",
        "a list of revisions that is not there",
        "attributes",
        "a commit in its place",
        "a log that follows",
        "a merge by somebody else",
    ],
)
def test_nothing_moves_the_blame(company: Acme, how: str) -> None:
    commit = forged(company)
    innocent(company, commit, how)
    said = json.loads(company.run("verify", Q2, "--format", "json", code=1))
    reasons = said["snapshots"][0]["reasons"]
    assert [row["field"] for row in reasons][-1] == "key_results[inbox/waiting].said_score"
    who = f"Mallory, 2026-08-02, commit {commit[:7]}"
    assert {row["changed_by"] for row in reasons} == {who}


def test_whoever_renames_the_folder_did_not_do_it(company: Acme) -> None:
    commit = forged(company)
    told = renamed(company).run("verify", Q2, code=1)
    assert told.count(f"(last changed: Mallory, 2026-08-02, commit {commit[:7]})") == 2


def test_a_file_that_git_is_told_not_to_look_at_is_not_committed_yet(company: Acme) -> None:
    path = f"content/snapshots/{Q3}/record.json"
    company.goals.git("update-index", "--assume-unchanged", path)
    company.change(Q3, "record.json", lambda text: text.replace("Why", "How"))
    told = company.run("verify", Q3, code=1)
    assert told.count("(last changed: not committed yet)") == 3


def test_whoever_merges_did_not_take_it_out(company: Acme) -> None:
    company.goals.git("checkout", "-q", "-b", "side")
    shutil.rmtree(company.path(Q3, ""))
    commit = company.commit("Away", who="Mallory", day="2026-08-03")
    company.goals.git("checkout", "-q", "main")
    company.goals.merge("side", "2026-08-04")
    told = company.run("verify", Q3, code=1)
    before = company.goals.git("rev-parse", f"{commit}^")
    assert f"it was last in content/snapshots/{Q3} at commit {before[:7]}" in told
    assert f"(last changed: Mallory, 2026-08-03, commit {commit[:7]})" in told


def test_one_that_was_brought_back_and_taken_again_is_not_committed_yet(company: Acme) -> None:
    shutil.rmtree(company.path(Q3, ""))
    company.commit("Away", who="Mallory", day="2026-08-03")
    company.goals.git("revert", "--no-edit", "HEAD")
    shutil.rmtree(company.path(Q3, ""))
    assert "(last changed: not committed yet)" in company.run("verify", Q3, code=1)


def reasons(company: Acme, snapshot: str, code: int) -> tuple[str, list[tuple[str, str]]]:
    """The verdict, and the path of each reason with who changed it."""
    said = json.loads(company.run("verify", snapshot, "--format", "json", code=code))
    (row,) = said["snapshots"]
    return row["verdict"], [(one["path"], one["changed_by"]) for one in row["reasons"]]


@pytest.mark.parametrize("commit", [False, True])
def test_the_follower_is_not_blamed_for_a_manifest_before_it(company: Acme, commit: bool) -> None:
    who = "not committed yet"
    company.change(Q1, "manifest.json", lambda text: text.replace("2026-04-08", "2026-04-09"))
    if commit:
        made = company.commit("Another day", who="Mallory", day="2026-08-02")
        who = f"Mallory, 2026-08-02, commit {made[:7]}"
    path = f"content/snapshots/{Q1}/manifest.json"
    verdict, found = reasons(company, Q2, 2)
    assert verdict == "could not verify" and found == [(path, who)]
    verdict, found = reasons(company, Q1, 1)
    assert verdict == "differs" and (path, who) in found
    assert "2026-q3/committed  proved" in company.run("verify", code=1)


def test_nor_for_a_manifest_before_it_that_is_missing(company: Acme) -> None:
    company.path(Q1, "manifest.json").unlink()
    commit = company.commit("Away", who="Mallory", day="2026-08-03")
    who = f"Mallory, 2026-08-03, commit {commit[:7]}"
    _, found = reasons(company, Q2, 2)
    assert found[0] == (f"content/snapshots/{Q1}/manifest.json", who)


def test_nor_for_a_record_before_it_that_is_gone(company: Acme) -> None:
    shutil.rmtree(company.path(Q1, ""))
    commit = company.commit("Away", who="Mallory", day="2026-08-03")
    who = f"Mallory, 2026-08-03, commit {commit[:7]}"
    _, found = reasons(company, Q2, 2)
    changes = f"content/snapshots/{Q2}/changes.json"
    assert found == [(f"content/snapshots/{Q1}/", who), (changes, None)]


def test_a_follower_that_was_given_another_link_is_blamed_itself(company: Acme) -> None:
    link = digest(company.path(Q1, "manifest.json").read_bytes())
    company.change(Q2, "manifest.json", lambda text: text.replace(link, "0" * 64))
    commit = company.commit("Another link", who="Mallory", day="2026-08-02")
    verdict, found = reasons(company, Q2, 1)
    assert verdict == "differs"
    who = f"Mallory, 2026-08-02, commit {commit[:7]}"
    assert set(found) == {(f"content/snapshots/{Q2}/manifest.json", who)}


# --- what one clone alone takes for the history -------------------------------------------------


def test_a_graft_is_no_history(company: Acme) -> None:
    goals = company.goals
    head = goals.git("rev-parse", "HEAD")
    goals.git("checkout", "-q", "--orphan", "other")
    other = goals.commit("2026-07-08", {CHECK_IN: BETTER})
    goals.git("checkout", "-q", "-f", "main")
    info = goals.root / ".git/info"
    info.mkdir(exist_ok=True)
    (info / "grafts").write_text(f"{head} {other}\n")
    assert company.verify() == {}


def test_objects_that_lie_in_another_repository_are_hashed_too(
    company: Acme, tmp_path: Path
) -> None:
    old = company.goals.git("rev-parse", f"HEAD~2:content/{CHECK_IN}")
    Goals(tmp_path).git("clone", "-q", "--shared", str(company.goals.root), "clone")
    clone = Acme(Goals(tmp_path / "clone"))
    assert clone.verify() == {}
    file = company.goals.root / ".git/objects" / old[:2] / old[2:]
    file.chmod(0o644)
    file.write_bytes(zlib.compress(b"blob %d\0%b" % (len(BETTER), BETTER.encode())))
    found = clone.verify(code=1)
    assert set(found) == set(LATEST)
    assert all(f"content/{CHECK_IN}" in rows[0] for rows in found.values())


def test_a_stored_commit_between_that_was_changed_is_named(company: Acme) -> None:
    goals = company.goals
    middle = goals.git("rev-parse", "HEAD~1")
    file = goals.root / ".git/objects" / middle[:2] / middle[2:]
    raw = zlib.decompress(file.read_bytes()).partition(b"\0")[2].replace(b"records", b"Records")
    raw = raw.replace(b"Two", b"TWO")
    file.chmod(0o644)
    file.write_bytes(zlib.compress(b"commit %d\0%b" % (len(raw), raw)))
    found = company.verify(code=1)
    assert all(any(f"commit {middle}" in row for row in rows) for rows in found.values())
    assert set(found) == set(LATEST)


def test_a_stored_folder_of_records_that_was_changed_is_named(company: Acme) -> None:
    goals = company.goals
    name = goals.git("rev-parse", "HEAD~1:content/snapshots/2026-q1")
    file = goals.root / ".git/objects" / name[:2] / name[2:]
    raw = zlib.decompress(file.read_bytes()).replace(b"closed", b"clozed")
    file.chmod(0o644)
    file.write_bytes(zlib.compress(raw))
    found = company.verify(code=1)
    told = [row for row in found[Q2] if row.startswith("content/snapshots/2026-q1 ")]
    assert told and "git has another text than its name says" in told[0]


def test_every_commit_is_hashed_once(company: Acme) -> None:
    repo = Repository(company.goals.root)
    head = company.goals.git("rev-parse", "HEAD")
    line, damages = Hasher(repo).line(head)
    assert sorted(line) == sorted(company.goals.git("rev-list", "HEAD").split())
    assert damages == ()


# --- what is not here says nothing --------------------------------------------------------------


def test_a_partial_clone_cannot_verify_and_fetches_nothing(company: Acme, tmp_path: Path) -> None:
    company.goals.git("config", "uploadpack.allowFilter", "true")
    company.goals.commit("2026-08-20", {CHECK_IN: BETTER, "objectives/inbox.md": None})
    url = company.goals.root.as_uri()
    Goals(tmp_path).git("clone", "-q", "--filter=blob:none", url, "partial")
    clone = Acme(Goals(tmp_path / "partial"))
    lacking = clone.goals.git("rev-list", "--objects", "--missing=print", "HEAD").count("\n?")
    assert lacking
    found = clone.verify(code=2)
    assert set(found) == set(LATEST)
    after = clone.goals.git("rev-list", "--objects", "--missing=print", "HEAD").count("\n?")
    assert after == lacking


def test_a_version_of_old_that_is_not_here_says_nothing(company: Acme, tmp_path: Path) -> None:
    goals = company.goals
    path = goals.folder / "objectives/calls.md"
    old = goals.git("rev-parse", "HEAD:content/objectives/calls.md")
    goals.commit("2026-08-20", {"objectives/calls.md": path.read_text().replace("50", "60")})
    company.publish("2026-q3", "mid")
    company.commit("Record", day="2026-08-21")
    (goals.root / ".git/objects" / old[:2] / old[2:]).unlink()
    name = next(
        each for each in (goals.folder / "snapshots/2026-q3").iterdir() if "mid" in each.name
    )
    rows = company.verify(f"2026-q3/{name.name}", code=2)
    assert any("not known" in row for found in rows.values() for row in found)


@pytest.mark.parametrize("how", ["no git", "shallow"])
def test_without_a_history_nothing_tells_that_there_was_no_record(tmp_path: Path, how: str) -> None:
    company = acme(tmp_path / "acme")
    company.commit("More")
    if how == "no git":
        shutil.rmtree(company.goals.root / ".git")
    else:
        url = company.goals.root.as_uri()
        Goals(tmp_path).git("clone", "-q", "--depth", "1", url, "shallow")
        company = Acme(Goals(tmp_path / "shallow"))
    told = company.run("verify", code=2)
    assert "nothing tells whether any was ever published" in told
    said = json.loads(company.run("verify", "--format", "json", code=2))
    assert said["verdict"] == "could not verify" and said["snapshots"] == []


# --- odd days -----------------------------------------------------------------------------------


def test_days_that_no_calendar_has_are_the_last_one() -> None:
    assert day_in("2026-08-20") == date(2026, 8, 20)
    assert day_in("10000-01-01") == day_in("") == date.max


@pytest.mark.parametrize("when", ["253402300800 +0000", "1785000000 +9900"])
def test_an_odd_day_in_git_stops_nothing(company: Acme, when: str) -> None:
    company.change(Q3, "record.json", lambda text: text.replace("Why", "How"))
    root = company.goals.root
    tree = _git(root, "write-tree", add=True)
    author = f"Eve <eve@goals.example> {when}"
    head = _git(root, "rev-parse", "HEAD")
    text = f"tree {tree}\nparent {head}\nauthor {author}\ncommitter {author}\n\nOdd\n"
    made = _git(root, "hash-object", "-t", "commit", "-w", "--stdin", stdin=text)
    _git(root, "reset", "-q", "--soft", made)
    assert set(company.verify(code=1)) == {Q3}
    assert "Eve, " in company.run("verify", Q3, code=1)


def _git(root: Path, *words: str, stdin: str = "", add: bool = False) -> str:
    if add:
        git(Repository(root), "add", "-A")
    done = subprocess.run(
        ("git", *words),
        cwd=root,
        input=stdin,
        text=True,
        capture_output=True,
        check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
    )
    return done.stdout.strip()
