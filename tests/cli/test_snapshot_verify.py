"""`okrsite snapshot verify`: whatever is changed, it says which file, which field, and who."""

import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from okrsite.okr.objects import object_name
from tests.git_repos import Goals
from tests.recorded import LATEST, Acme, acme, recorded
from tests.surroundings import elsewhere, here, settle

PARTS = ("changes.json", "manifest.json", "record.json", "sources.sha256")
Q1, Q2, Q3 = LATEST


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Acme:
    return recorded(tmp_path_factory.mktemp("first") / "acme")


@pytest.fixture
def company(first: Acme, tmp_path: Path) -> Acme:
    shutil.copytree(first.goals.root, tmp_path / "acme")
    return Acme(Goals(tmp_path / "acme"))


def test_untouched_records_are_proved_in_a_line_each(company: Acme) -> None:
    told = company.run("verify").splitlines()
    commit = company.goals.git("rev-parse", "--short=7", "HEAD~2")
    assert told[0] == f"2026-q1/closed     proved: derived again from 6 files at commit {commit}"
    assert told[-1] == "3 snapshots: 3 proved unaltered."
    assert company.run("verify", "--all").splitlines() == told
    assert company.run("verify", "2026-q1").splitlines()[-1] == "1 snapshot: 1 proved unaltered."
    said = json.loads(company.run("verify", "2026-q3/committed", "--format", "json"))
    assert said["schema"] == "okrsite/verify/v1" and said["verdict"] == "proved"
    assert [row["snapshot"] for row in said["snapshots"]] == ["2026-q3/committed"]


def test_no_snapshots_are_nothing_to_prove(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    assert company.run("verify").strip() == "There are no snapshots yet."
    told = company.run("verify", "2026-q1", code=2)
    assert "there is no snapshot of `2026-q1`; there is none" in told


def test_a_slip_in_the_name_gets_a_hint(company: Acme) -> None:
    told = company.run("verify", "2026-q1/close", code=2)
    assert "Did you mean `2026-q1/closed`?" in told
    told = company.run("verify", "closed", code=2)
    assert "`2026-q2/closed`" in told and "Did you mean" not in told
    assert "or say --all" in company.run("verify", "2026-q1", "--all", code=2)


def test_what_other_goals_do_since_changes_no_record(company: Acme) -> None:
    edit = {
        "objectives/fewer-bugs.md": (company.goals.folder / "objectives/fewer-bugs.md")
        .read_text()
        .replace("target: 20", "target: 60"),
        "check-ins/2026-03-31-ana.md": None,
    }
    company.goals.commit("2026-08-20", edit)
    (company.goals.folder / "objectives/new.md").write_text("---\ntitle: [\n---\n")
    assert company.verify() == {}


# --- any byte -----------------------------------------------------------------------------------


def flips(length: int, count: int) -> Iterator[int]:
    """The first and the last byte, and `count` between them."""
    yield from sorted({0, length - 1, *(length * n // count for n in range(1, count))})


@pytest.mark.slow
@pytest.mark.parametrize("snapshot", LATEST)
@pytest.mark.parametrize("part", PARTS)
def test_any_byte_that_is_flipped_is_found(company: Acme, snapshot: str, part: str) -> None:
    path = company.path(snapshot, part)
    before = path.read_bytes()
    for at in flips(len(before), 12):
        for bit in (0x01, 0x20):
            changed = bytes([before[at] ^ bit])
            path.write_bytes(before[:at] + changed + before[at + 1 :])
            found = company.verify(code=1)
            assert snapshot in found, (at, bit)
            assert any(f"content/snapshots/{snapshot}/{part} " in row for row in found[snapshot])
    path.write_bytes(before)
    assert company.verify() == {}


@pytest.mark.parametrize("snapshot", LATEST)
@pytest.mark.parametrize("part", PARTS)
def test_so_is_one_too_many_or_too_few(company: Acme, snapshot: str, part: str) -> None:
    path = company.path(snapshot, part)
    before = path.read_bytes()
    for text in (before + b"\n", before[:-1], b"", before.replace(b"\n", b"\r\n")):
        path.write_bytes(text)
        assert snapshot in company.verify(code=1)
    path.unlink()
    found = company.verify(code=1)
    assert f"content/snapshots/{snapshot}/{part}  it is missing" in found[snapshot]


def test_a_file_that_does_not_belong_there_is_found(company: Acme) -> None:
    company.path(Q1, "more.html").write_text("<p>Look here.")
    found = company.verify(code=1)
    assert found == {Q1: [f"content/snapshots/{Q1}/more.html  it is no part of the snapshot"]}


@pytest.mark.parametrize("path", ["2026-q1/Closed/record.json", "2026-q1/report.html", "more.md"])
def test_what_lies_beside_the_snapshots_is_found(company: Acme, path: str) -> None:
    stray = company.path(Q1, "").parents[1] / path
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("{}")
    assert company.verify(code=1) == {}


def test_a_snapshot_behind_a_link_is_none(company: Acme) -> None:
    folder = company.path(LATEST[-1], "record.json").parent
    shutil.move(folder, company.path(Q1, "record.json").parents[4] / "away")
    folder.symlink_to("../../../away")
    assert LATEST[-1] in company.verify(code=1)
    shutil.rmtree(company.path(Q1, "record.json").parents[4] / ".git")
    company.verify(code=1)


def test_line_ends_that_git_changed_are_called_so_and_nobody_is_blamed(company: Acme) -> None:
    for part in ("manifest.json", "record.json", "changes.json", "sources.sha256"):
        path = company.path(Q1, part)
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    told = company.verify(code=1)[Q1]
    assert len(told) == 4
    assert all(".gitattributes" in row and "last changed" not in row for row in told)


# --- a whole forgery ----------------------------------------------------------------------------


def forged(company: Acme) -> None:
    """A better score for Q2, its manifest made to fit, and that of the one that follows."""
    company.change(Q2, "record.json", lambda text: text.replace('"said_score": null', SAID, 1))
    company.forge(Q2)
    company.forge(Q3, previous=Q2)


SAID = '"said_score": 0.9'


def test_a_record_that_fits_its_manifest_is_still_derived_again(company: Acme) -> None:
    forged(company)
    found = company.verify(code=1)
    assert any(
        row.startswith(f"content/snapshots/{Q2}/record.json key_results[inbox/waiting].said_score")
        for row in found[Q2]
    )
    said = json.loads(company.run("verify", Q2, "--format", "json", code=1))
    last = said["snapshots"][0]["reasons"][-1]
    assert (last["recorded"], last["derived"]) == ("0.9", "null")
    line = company.path(Q2, "record.json").read_text().splitlines()[last["line"] - 1]
    assert SAID in line
    assert last["changed_by"] == "not committed yet"


def test_who_forged_it_when_is_named(company: Acme) -> None:
    forged(company)
    commit = company.commit("Nothing to see", who="Mallory", day="2026-08-02")
    told = company.run("verify", Q2, code=1)
    assert f"(last changed: Mallory, 2026-08-02, commit {commit[:7]})" in told.splitlines()[-2]
    assert "key_results[inbox/waiting].said_score: recorded 0.9, derived null" in told
    assert "it is not as it was published (Ana, 2026-07-08, commit" in told


def test_a_forgery_before_the_first_commit_is_found_too(tmp_path: Path) -> None:
    company = acme(tmp_path / "acme")
    company.publish("2026-q2", "closed")
    company.change(Q2, "record.json", lambda text: text.replace("One inbox", "An inbox", 1))
    company.forge(Q2)
    company.commit(who="Mallory")
    (reason,) = company.verify(code=1)[Q2]
    assert "objectives[inbox].title it is not what its commit gives" in reason


def test_sources_that_fit_their_manifest_are_compared_by_file(company: Acme) -> None:
    def other(text: str) -> str:
        return re.sub("^[0-9a-f]{64}(?=  content/objectives/inbox)", "0" * 64, text, flags=re.M)

    company.change(Q2, "sources.sha256", other)
    company.forge(Q2)
    company.forge(Q3, previous=Q2)
    field = f"content/snapshots/{Q2}/sources.sha256 content/objectives/inbox.md it is not"
    assert any(row.startswith(field) for row in company.verify(code=1)[Q2])


def test_changes_that_fit_their_manifest_are_derived_again(company: Acme) -> None:
    company.change(Q2, "changes.json", lambda text: text.replace('"goalposts"', '"work"', 1))
    company.forge(Q2)
    company.forge(Q3, previous=Q2)
    rows = company.verify(code=1)[Q2]
    assert any(row.startswith(f"content/snapshots/{Q2}/changes.json teams[acme].") for row in rows)


def test_a_manifest_that_names_another_day_is_derived_again(company: Acme) -> None:
    company.change(Q3, "manifest.json", lambda text: text.replace("2026-07-03", "2026-07-04"))
    rows = company.verify(code=1)[Q3]
    assert any("manifest.json as_of it is not what its commit gives" in row for row in rows)


def test_another_commit_with_other_goals_is_no_way_round(company: Acme) -> None:
    """A record that is right for a commit which is no part of the history."""
    company.goals.git("checkout", "-q", "-b", "side", "HEAD~2")
    company.goals.commit("2026-07-07", {"check-ins/2026-06-29-ana.md": None})
    company.apart("2026-q2", "closed", "--allow-open")
    shutil.copytree(company.path(Q2, ""), company.goals.root.parent / "made")
    shutil.rmtree(company.path(Q2, ""))
    company.goals.git("checkout", "-q", "main")
    shutil.rmtree(company.path(Q2, ""))
    shutil.copytree(company.goals.root.parent / "made", company.path(Q2, ""))
    company.goals.git("update-ref", "refs/heads/side", "main")
    company.forge(Q3, previous=Q2)
    rows = company.verify(code=1)[Q2]
    assert any("is no part of the history" in row for row in rows)


# --- the chain ----------------------------------------------------------------------------------


def dropped(company: Acme, snapshot: str) -> None:
    shutil.rmtree(company.path(snapshot, ""))


def test_a_link_that_is_dropped_is_missed_by_the_next_and_by_git(company: Acme) -> None:
    dropped(company, Q2)
    found = company.verify(code=1)
    assert set(found) == {Q2, Q3}
    assert "and is gone" in found[Q2][0]
    assert "`2026-q3/committed` follows it: it was published (Ana" in found[Q3][0]


def test_even_the_last_one(company: Acme) -> None:
    dropped(company, Q3)
    assert "not committed yet" in company.run("verify", Q3, code=1)
    commit = company.commit("Away", who="Mallory", day="2026-08-03")
    told = company.run("verify", "--all", code=1)
    assert f"(last changed: Mallory, 2026-08-03, commit {commit[:7]})" in told
    assert "2026-q3/committed  NOT what was published" in told
    assert set(company.verify(code=1)) == {Q3}


def test_even_one_whose_followers_were_made_to_fit(company: Acme) -> None:
    dropped(company, Q2)
    company.forge(Q3, previous=Q1)
    company.commit("Away", who="Mallory", day="2026-08-03")
    found = company.verify(code=1)
    assert set(found) == {Q2, Q3}
    assert "it is not as it was published" in found[Q3][0]


def test_one_that_was_dropped_on_a_branch_that_was_merged(company: Acme) -> None:
    company.goals.git("checkout", "-q", "-b", "side")
    dropped(company, Q3)
    company.commit("Away", who="Mallory", day="2026-08-03")
    company.goals.git("checkout", "-q", "main")
    company.goals.merge("side", "2026-08-04")
    assert set(company.verify(code=1)) == {Q3}


def test_swapped_links_are_found(company: Acme) -> None:
    first, second = (company.path(name, "") for name in (Q1, Q2))
    aside = company.goals.root / "aside"
    first.rename(aside), second.rename(first), aside.rename(second)
    found = company.verify(code=1)
    assert {Q1, Q2} <= set(found)
    assert "it calls itself `2026-q2/closed`" in found[Q1][0]


def test_a_new_order_that_fits_in_itself_is_found(company: Acme) -> None:
    """Q2 before Q1: every manifest is right but for what git has seen."""
    company.change(Q2, "manifest.json", _without_previous)
    company.change(Q1, "manifest.json", lambda text: text.replace("null", _link("0" * 64, Q2)))
    company.forge(Q1, previous=Q2)
    company.forge(Q3, previous=Q1)
    found = company.verify(code=1)
    assert set(found) == set(LATEST)


def _without_previous(text: str) -> str:
    return re.sub(r'"previous": \{[^}]*\}', '"previous": null', text)


def _link(digest: str, name: str) -> str:
    return f'{{"snapshot": "{name}", "sha256": "{digest}"}}'


def test_a_link_that_is_put_in_is_found(company: Acme) -> None:
    shutil.copytree(company.path(Q1, ""), company.path("2026-q1/committed", ""))
    company.change(
        "2026-q1/committed", "manifest.json", lambda text: text.replace("closed", "committed")
    )
    found = company.verify(code=1)
    rows = [row for rows in found.values() for row in rows]
    assert any("one of them was put in" in row for row in rows)
    assert any("record.json snapshot it is not what its commit gives" in row for row in rows)


# --- the source files at their commit -----------------------------------------------------------


def loose(company: Acme, path: str) -> tuple[str, Path]:
    """The name and the file of the object that holds a source at the first commit."""
    company.goals.git("config", "core.looseCompression", "1")
    name = company.goals.git("rev-parse", f"HEAD~2:{path}")
    return name, company.goals.root / ".git" / "objects" / name[:2] / name[2:]


@pytest.mark.parametrize("path", ["content/objectives/inbox.md", "mkdocs.yml"])
def test_a_source_that_was_changed_in_the_objects_of_git_is_named(company: Acme, path: str) -> None:
    name, file = loose(company, path)
    text = zlib.decompress(file.read_bytes()).partition(b"\0")[2].replace(b"i", b"I")
    assert object_name("blob", text, len(name)) != name
    file.chmod(0o644)
    file.write_bytes(zlib.compress(b"blob %d\0%b" % (len(text), text)))
    found = company.verify(code=1)
    assert all(row.startswith(f"{path} ") for row in found[Q2])
    assert "git has another text than its name says" in found[Q2][0]


def test_any_byte_of_a_stored_source_that_is_flipped_is_named(company: Acme) -> None:
    path = "content/check-ins/2026-06-29-ana.md"
    _, file = loose(company, path)
    before = file.read_bytes()
    file.chmod(0o644)
    for at in flips(len(before), 10):
        file.write_bytes(before[:at] + bytes([before[at] ^ 0x10]) + before[at + 1 :])
        found = company.verify(code=1)
        assert found[Q2][0].startswith(f"{path} "), at
    file.write_bytes(before)
    assert company.verify() == {}


def test_a_folder_whose_object_was_changed_is_named(company: Acme) -> None:
    _, file = loose(company, "content/objectives")
    raw = zlib.decompress(file.read_bytes()).replace(b"inbox.md", b"inbax.md")
    file.chmod(0o644)
    file.write_bytes(zlib.compress(raw))
    assert company.verify(code=1)[Q2][0].startswith("content/objectives ")


def test_an_object_that_is_replaced_in_this_clone_alone_changes_nothing(company: Acme) -> None:
    name, _ = loose(company, "content/objectives/inbox.md")
    other = company.goals.root / "other"
    other.write_text("---\ntitle: Other\nperiod: 2026-q2\n---\n")
    company.goals.git("replace", name, company.goals.git("hash-object", "-w", "other"))
    other.unlink()
    assert company.verify() == {}


# --- what cannot be verified is never called verified -------------------------------------------


def unverified(company: Acme, told: str) -> None:
    found = company.verify(code=2)
    assert set(found) == set(LATEST)
    assert all(any(told in row for row in rows) for rows in found.values())
    text = company.run("verify", code=2)
    assert "proved" not in text
    assert text.splitlines()[-1] == "3 snapshots: 3 could not be verified."


def test_without_git_only_hashes_and_chain_are_checked(company: Acme) -> None:
    shutil.rmtree(company.goals.root / ".git")
    unverified(company, "there is no git repository here")
    company.change(Q2, "record.json", lambda text: text.replace("Why", "How"))
    assert "2026-q2/closed     NOT what was published" in company.run("verify", code=1)


def test_a_shallow_clone_cannot_derive(company: Acme, tmp_path: Path) -> None:
    url = company.goals.root.as_uri()
    Goals(tmp_path).git("clone", "-q", "--depth", "1", url, "shallow")
    unverified(Acme(Goals(tmp_path / "shallow")), "this clone is shallow")


def test_nor_one_that_has_not_the_commit(company: Acme) -> None:
    shutil.rmtree(company.goals.root / ".git")
    company.goals.git("init", "-q", "-b", "main")
    company.commit("All anew")
    unverified(company, "is not here; `git fetch` may bring it")


def test_a_commit_of_another_history_proves_nothing(company: Acme) -> None:
    company.goals.git("checkout", "-q", "--orphan", "other")
    company.commit("Another history")
    unverified(company, "is no part of the history")


def test_a_stored_source_that_is_missing_is_lacking(company: Acme) -> None:
    _, file = loose(company, "content/teams/acme.md")
    file.unlink()
    found = company.verify(code=2)
    assert all("content/teams/acme.md" in rows[0] for rows in found.values())


@pytest.mark.parametrize("part", ["record.json", "manifest.json"])
def test_a_newer_record_is_told_as_such(tmp_path: Path, part: str) -> None:
    company = acme(tmp_path / "acme")
    company.publish("2026-q1", "closed")
    company.change(Q1, part, lambda text: text.replace("/v1", "/v2", 1))
    if part == "record.json":
        company.forge(Q1)
    found = company.verify(code=2)
    assert any("update okrsite to read it" in row for row in found[Q1])
    assert "1 could not be verified" in company.run("verify", code=2)


def test_another_version_alone_is_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = acme(tmp_path / "acme")
    monkeypatch.setattr("okrsite.hosts.recording.ground_at", _made_by("okrsite 0.0.1"))
    company.publish("2026-q1", "closed")
    assert '"okrsite 0.0.1"' in company.path(Q1, "record.json").read_text()
    assert company.verify() == {}
    company.change(Q1, "record.json", lambda text: text.replace("Why", "How"))
    company.forge(Q1)
    (reason,) = company.verify(code=1)[Q1]
    assert "made by okrsite 0.0.1, derived by okrsite" in reason


def _made_by(version: str):
    from okrsite.hosts.grounds import ground_at

    return lambda spot: ground_at(spot, version)


# --- anywhere -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_one_machine_publishes_another_proves(company: Acme, tmp_path: Path) -> None:
    for machine in (here(), elsewhere()):
        place = settle(company.goals.root, tmp_path / machine.folder, machine)
        told = place.okrsite("snapshot", "verify", "--all").decode("latin-1")
        assert "3 snapshots: 3 proved unaltered." in told


def test_it_asks_nothing_of_a_user_s_own_settings(
    company: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[core]\n\tautocrlf = true\n\tquotePath = true\n[log]\n\tshowSignature = true\n"
        "[blame]\n\tshowEmail = true\n\tdate = relative\n[status]\n\tshowUntrackedFiles = no\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    assert os.environ["TZ"]
    assert company.verify() == {}
    forged(company)
    assert Q2 in company.verify(code=1)
