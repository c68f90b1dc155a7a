"""What `okrsite snapshot publish` builds on: a record that gives the same once more, or none."""

import json
import shutil
import zlib
from pathlib import Path

import pytest

from okrsite.hosts import footing
from okrsite.hosts.proving import Bench, verdict_of
from okrsite.okr.snapshot.names import Name
from okrsite.okr.snapshot.verdict import Verdict
from tests.git_repos import Goals
from tests.recorded import LATEST, Acme, acme

Q1, Q2, Q3 = LATEST
CLOSED = ("--kind", "closed")
OTHER = "One inbox", "An inbox"


@pytest.fixture
def company(tmp_path: Path) -> Acme:
    return acme(tmp_path / "acme")


def forged(company: Acme, *followers: str) -> None:
    """Q2 as its commit does not give it, with manifests that fit."""
    company.change(Q2, "record.json", lambda text: text.replace(*OTHER, 1))
    company.forge(Q2)
    for before, name in zip((Q2, *followers), followers, strict=False):
        company.forge(name, previous=before)


def in_verify(company: Acme, snapshot: str, code: int) -> str:
    """The last reason that `verify` gives."""
    return company.run("verify", snapshot, code=code).splitlines()[-2].strip()


# --- one that its commit does not give ----------------------------------------------------------


def test_nothing_is_built_on_a_record_that_its_commit_does_not_give(company: Acme) -> None:
    company.publish("2026-q2", "closed")
    forged(company)
    told = company.refused("2026-q1", *CLOSED)
    assert 'objectives[inbox].title: recorded "An inbox", derived "One inbox"' in told
    assert in_verify(company, Q2, 1) in told
    assert "`2026-q2/closed` was never committed: take its folder away" in told
    shutil.rmtree(company.path(Q2, ""))
    company.publish("2026-q2", "closed")
    company.publish("2026-q1", "closed")
    assert company.verify() == {}


def test_nor_on_one_that_was_committed_so(company: Acme) -> None:
    company.publish("2026-q2", "closed")
    forged(company)
    commit = company.commit(who="Mallory", day="2026-07-08")
    company.goals.commit("2026-07-09", {"index.md": "Hello.\n"})
    told = company.refused("2026-q1", *CLOSED)
    assert in_verify(company, Q2, 1) in told
    assert f"(last changed: Mallory, 2026-07-08, commit {commit[:7]})" in told
    way = f"rebase --onto {commit[:7]}~1 {commit[:7]}"
    assert f"`git {way}`" in told
    company.goals.git(*way.split())
    company.publish("2026-q2", "closed")
    company.publish("2026-q1", "closed")
    assert company.verify() == {}


def test_nor_where_the_one_after_it_was_made_to_fit(company: Acme) -> None:
    company.publish("2026-q2", "closed")
    company.publish("2026-q1", "closed")
    forged(company, Q1)
    assert "objectives[inbox].title" in company.refused("2026-q3", "--kind", "committed")


def test_no_option_allows_that(company: Acme) -> None:
    company.publish("2026-q2", "closed")
    forged(company)
    told = company.refused("2026-q1", *CLOSED, "--allow-unproved")
    assert "nothing is built on that" in told


def test_nor_where_git_has_another_text_than_its_name_says(company: Acme) -> None:
    company.publish("2026-q2", "closed")
    company.commit()
    path = company.goals.folder / "objectives/calls.md"
    old = company.goals.git("rev-parse", "HEAD:content/objectives/calls.md")
    company.goals.commit("2026-07-09", {"objectives/calls.md": path.read_text() + "More.\n"})
    file = company.goals.root / ".git/objects" / old[:2] / old[2:]
    raw = zlib.decompress(file.read_bytes()).replace(b"Why", b"How")
    file.chmod(0o644)
    file.write_bytes(zlib.compress(raw))
    told = company.refused("2026-q1", *CLOSED)
    assert "git has another text than its name says" in told and "rebase" not in told


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each record that is derived again, in order."""
    found: list[str] = []

    def counted(bench: Bench, name: Name) -> Verdict:
        found.append(str(name))
        return verdict_of(bench, name)

    monkeypatch.setattr(footing, "verdict_of", counted)
    return found


def test_a_run_derives_a_record_once(company: Acme, derived: list[str]) -> None:
    company.publish("2026-q2", "closed")
    company.commit()
    assert derived == []
    company.run("publish", "--due")
    assert derived == [Q2]
    assert len(company.snapshots()) == 12
    assert company.verify() == {}


def test_so_does_one_that_is_refused(company: Acme, derived: list[str]) -> None:
    company.publish("2026-q2", "closed")
    forged(company)
    told = company.refused("--due")
    assert told.count("nothing is built on that") == 2
    assert derived == [Q2]


# --- one whose commit was lost by a squash ------------------------------------------------------


def squashed(company: Acme) -> str:
    """A record of a branch that came to the main one as another commit; that of the branch."""
    company.goals.git("checkout", "-q", "-b", "side")
    company.goals.commit("2026-07-08", {"index.md": "Hello.\n"})
    company.apart("2026-q2", "closed")
    commit = company.commit("Record", day="2026-07-08")
    company.goals.git("checkout", "-q", "main")
    company.goals.git("merge", "-q", "--squash", "side")
    company.commit("Record, squashed", day="2026-07-09")
    company.goals.git("update-ref", "refs/pull/7/head", "side")
    company.goals.git("branch", "-q", "-D", "side")
    return commit


def proved_again(company: Acme, merge: str) -> None:
    company.goals.git(*merge.split(), "-m", "The commit of the record")
    assert company.verify() == {}
    company.publish("2026-q1", "closed")
    company.commit()
    company.publish("2026-q3", "committed")
    assert company.verify() == {}


def test_a_record_that_came_by_a_squash_is_told_with_a_way_out(company: Acme) -> None:
    commit = squashed(company)
    made = company.goals.git("rev-parse", f"{commit}^")[:7]
    told = company.refused("2026-q1", *CLOSED)
    assert "`2026-q2/closed`, which the record would follow, cannot be proved here" in told
    assert in_verify(company, Q2, 2) in told
    assert f"`git merge -s ours {made}` takes it in again" in told
    proved_again(company, f"merge -s ours {made}")


def test_so_is_one_whose_commit_is_not_here(company: Acme, tmp_path: Path) -> None:
    commit = squashed(company)
    made = company.goals.git("rev-parse", f"{commit}^")
    Goals(tmp_path).git("clone", "-q", company.goals.root.as_uri(), "clone")
    clone = Acme(Goals(tmp_path / "clone"))
    told = clone.refused("2026-q1", *CLOSED)
    assert in_verify(clone, Q2, 2) in told
    assert "`git fetch origin pull/NUMBER/head`" in told
    assert f"`git merge -s ours {made[:12]}` takes it in again" in told
    clone.goals.git("fetch", "-q", "origin", "pull/7/head")
    proved_again(clone, f"merge -s ours {made[:12]}")


def test_where_nobody_has_it_the_next_one_is_made_on_purpose(company: Acme) -> None:
    squashed(company)
    assert "--allow-unproved publishes all the same" in company.refused("2026-q1", *CLOSED)
    company.run("publish", "2026-q1", *CLOSED, "--allow-unproved")
    assert set(company.verify(code=2)) == {Q2}
    said = json.loads(company.run("verify", Q1, "--format", "json"))
    assert said["verdict"] == "proved"
    company.commit()
    company.publish("2026-q3", "committed")  # the newest is proved, and so is what follows it
