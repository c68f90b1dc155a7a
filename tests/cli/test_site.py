"""`okrsite site` on a real repository with a real remote: what is published, refused and kept."""

import gzip
import json
import os
import re
import subprocess
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from shutil import which

import pytest
from click.testing import CliRunner, Result

from okrsite.cli import main
from tests.git_repos import Goals
from tests.quarters import THEN, Company, company, goal, record, start

Site = Callable[..., Result]


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    made = company(tmp_path)
    monkeypatch.chdir(made.goals.root)
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    monkeypatch.setattr("okrsite.cli.site.today", lambda: date(2026, 8, 20))
    # Nobody git knows, as on the machine of a forge.
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    return made


@pytest.fixture
def site() -> Site:
    def run(*args: str, code: int = 0) -> Result:
        done = CliRunner().invoke(main, ["site", *args])
        assert done.exit_code == code, done.output
        return done

    return run


@pytest.fixture
def unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    """For records that a test writes by hand."""
    monkeypatch.setattr("okrsite.cli.site.refuse_unproved", lambda *_: None)


RECORD = "snapshots/2026-q2/closed/record.json"


def test_only_a_record_that_is_committed_and_proved_is_archived(acme: Company, site: Site) -> None:
    path = acme.goals.folder / RECORD
    true = path.read_text()
    path.write_text(true.replace("One inbox", "Two inboxes"))
    told = site("archive", "2026-q2", code=2).output
    assert "2026-q2/closed is not committed as it is here" in told and "git restore" in told
    acme.goals.commit("2026-08-21", {RECORD: path.read_text()})
    told = site("archive", "2026-q2", code=2).output
    assert "it is not proved" in told and f"content/{RECORD}" in told
    assert "is not proved" in site("archive", "--due", code=2).output
    assert acme.goals.git("for-each-ref", "refs/heads/gh-pages") == ""
    acme.goals.commit("2026-08-22", {RECORD: true})
    site("archive", "2026-q2")


def test_the_live_portal_and_an_archive_lie_side_by_side(acme: Company, site: Site) -> None:
    site("publish", "--push")
    site("archive", "2026-q2", "--push")
    assert acme.versions() == ["latest", "2026-q2"]
    there = acme.published()
    assert {"index.html", "404.html", "versions.json", ".nojekyll"} <= there
    assert {"latest/objectives/calls/index.html", "2026-q2/objectives/fax/index.html"} <= there
    assert "2026-q2/objectives/calls/index.html" not in there
    assert "The &lt;b&gt;zebra" not in acme.text("latest/objectives/fax/index.html")
    assert 'url=latest/"' in acme.text("index.html")
    titles = [item["title"] for item in json.loads(acme.text("versions.json"))]
    assert titles == ["Today", "Second quarter 2026"]


def test_an_archive_holds_its_own_record(acme: Company, site: Site) -> None:
    site("archive", "2026-q2", "--push")
    path = "snapshots/2026-q2/closed/manifest.json"
    assert acme.text(f"2026-q2/{path}") == (acme.goals.folder / path).read_text().strip()


def test_an_archive_has_a_page_of_every_goal_and_today_leads_on(acme: Company, site: Site) -> None:
    site("publish", "--push")
    site("archive", "2026-q2", "--push")
    for name in ("inbox", "fax", "hush"):
        assert "http-equiv" not in acme.text(f"2026-q2/objectives/{name}/index.html")
        assert 'http-equiv="refresh"' in acme.text(f"latest/objectives/{name}/index.html")
    then = acme.text("2026-q2/objectives/inbox/index.html")
    assert "Nobody looks twice." in then
    assert 'canonical" href="https://host.example/goals/latest/objectives/inbox/"' in then
    assert "canonical" not in acme.text("2026-q2/404.html")
    listed = acme.text("latest/sitemap.xml")
    assert "<loc>https://host.example/goals/latest/objectives/inbox/</loc>" in listed
    assert "/hush/" not in listed
    ask = ("git", "show", "gh-pages:latest/sitemap.xml.gz")
    packed = subprocess.run(ask, cwd=acme.remote, capture_output=True, check=True).stdout
    assert gzip.decompress(packed).decode().strip() == listed


def test_an_archive_is_the_same_whenever_it_is_built(
    acme: Company, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    site("archive", "2026-q2", "--push")
    days = re.findall("<lastmod>(.*?)</lastmod>", acme.text("2026-q2/sitemap.xml"))
    assert set(days) == {"2026-07-07"} and "SOURCE_DATE_EPOCH" not in os.environ


def test_a_repository_of_longer_hashes_has_archives_too(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        then.setenv("GIT_DEFAULT_HASH", "sha256")
        acme = company(tmp_path)
    monkeypatch.chdir(acme.goals.root)
    assert len(acme.goals.git("rev-parse", "HEAD")) == 64
    site("publish", "--push")
    site("archive", "2026-q2", "--push")
    assert acme.versions() == ["latest", "2026-q2"]
    assert "2026-q2/objectives/fax/index.html" in acme.published()


@pytest.mark.usefixtures("unproved")
def test_an_archive_holds_the_records_before_it_and_none_after(acme: Company, site: Site) -> None:
    for period, before in (("2026-q1", ""), ("2026-q2", "2026-q1"), ("2026-q3", "2026-q2")):
        manifest = record(period, acme.goals.git("rev-parse", "HEAD~2"), "2026-07-07")
        ((path, text),) = manifest.items()
        said = json.loads(str(text))
        said["previous"] = {"snapshot": f"{before}/closed", "sha256": ""} if before else None
        acme.goals.write({path: json.dumps(said)})
    site("archive", "2026-q2", "--push")
    found = {
        path.split("/")[2] for path in acme.published() if path.startswith("2026-q2/snapshots")
    }
    assert found == {"2026-q1", "2026-q2"}


def test_nothing_of_the_user_is_touched(acme: Company, site: Site) -> None:
    acme.goals.write({"objectives/draft.md": "---\ntitle: Draft\nperiod: 2026-q3\n---\n"})
    acme.goals.git("add", "-A")
    seen = ("status", "--porcelain"), ("branch", "--show-current"), ("rev-parse", "HEAD")
    before = [acme.goals.git(*args) for args in seen]
    index = (acme.goals.root / ".git" / "index").read_bytes()
    config = (acme.goals.root / "mkdocs.yml").read_bytes()
    site("publish")
    site("archive", "2026-q2")
    assert [acme.goals.git(*args) for args in seen] == before
    assert (acme.goals.root / ".git" / "index").read_bytes() == index
    assert (acme.goals.root / "mkdocs.yml").read_bytes() == config
    assert acme.goals.git("worktree", "list").count("\n") == 0


def test_the_live_portal_shows_the_work_tree_and_is_replaced(acme: Company, site: Site) -> None:
    site("publish", "--push")
    acme.goals.write({"objectives/calls.md": None})
    (acme.goals.folder / "page.md").write_text("# New\n")
    site("publish", "--push")
    there = acme.published()
    assert "latest/page/index.html" in there
    assert "latest/objectives/calls/index.html" not in there


def test_publishing_the_same_again_adds_no_commit_and_says_so(
    acme: Company, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert "pushed to origin" in site("publish", "--push").output
    tip = acme.tip()
    assert "<lastmod>2026-08-20</lastmod>" in acme.text("latest/sitemap.xml"), (
        "whenever it is built"
    )
    assert "nothing has changed: latest is on gh-pages" in site("publish", "--push").output
    assert acme.tip() == tip


def test_what_nobody_committed_is_told_of(acme: Company, site: Site) -> None:
    assert "warning" not in site("publish").output
    draft = {"objectives/draft.md": "---\ntitle: Draft\nperiod: 2026-q3\n---\n"}
    acme.goals.write(draft)
    assert "warning: it was published with uncommitted changes" in site("publish").output
    assert " with uncommitted changes" in site("list").output
    acme.goals.commit("2026-08-20", draft)
    assert "warning" not in site("publish").output
    assert "uncommitted" not in site("list").output


def test_another_branch_than_usual_is_told_of(acme: Company, site: Site) -> None:
    acme.goals.git("checkout", "-q", "-b", "trial")
    told = site("publish").output
    assert "warning: it was published from the branch trial, not from main" in told
    acme.goals.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trial")
    assert "warning" not in site("publish").output
    acme.goals.git("checkout", "-q", "--detach")
    assert "warning" not in site("publish").output


def test_a_commit_on_no_branch_is_told_of_unless_it_is_the_newest(
    acme: Company, site: Site
) -> None:
    acme.goals.git("checkout", "-q", "--detach", "HEAD~1")
    words = "warning: it was published from a commit on no branch, not from the newest of main"
    assert words in site("publish").output
    acme.goals.git("checkout", "-q", "--detach", "main")
    assert "warning" not in site("publish").output
    acme.goals.git("branch", "-q", "-f", "main", "HEAD~1")  # that of the remote is newer
    assert "warning" not in site("publish").output


def test_a_day_that_stands_in_the_configuration_is_told_of(
    acme: Company, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("okrsite.cli.site.today", lambda: date(2026, 8, 21))
    told = site("publish").output
    assert "warning: what is called Today is as of 2026-08-20: `as_of` of mkdocs.yml" in told
    config = acme.goals.root / "mkdocs.yml"
    config.write_text(config.read_text().replace("as_of: 2026-08-20", "cadence: 7"))
    assert "as of" not in site("publish").output


def test_errors_are_told_of_once_it_is_published(acme: Company, site: Site) -> None:
    acme.goals.commit("2026-08-20", {"objectives/odd.md": "---\ntitle: [a\n---\n"})
    told = site("publish", "--no-strict").output
    assert "warning: it was published with 1\u00a0error: `okrsite check` tells which" in told


def test_nothing_is_pushed_unless_asked_for(acme: Company, site: Site) -> None:
    assert "not pushed" in site("publish").output
    assert acme.tip() == ""
    site("archive", "2026-q2", "--push")
    assert acme.versions() == ["latest", "2026-q2"]


# --- what is refused ----------------------------------------------------------------------------


def test_a_published_archive_is_never_replaced(acme: Company, site: Site) -> None:
    site("archive", "2026-q2", "--push")
    tip = acme.tip()
    told = site("archive", "2026-q2", "--push", code=2).output
    assert "`2026-q2` is published already" in told
    assert acme.tip() == tip == acme.goals.git("rev-parse", "gh-pages")


def test_nor_one_that_only_the_remote_has(acme: Company, site: Site) -> None:
    site("archive", "2026-q2", "--push")
    acme.goals.git("update-ref", "-d", "refs/heads/gh-pages")
    site("archive", "2026-q2", code=2)  # known from the last time the remote was asked
    acme.goals.git("update-ref", "-d", "refs/remotes/origin/gh-pages")
    site("archive", "2026-q2", "--push", code=2)


def _rewrite(acme: Company, listing: str | None) -> None:
    """Commit another versions.json by hand, or none."""
    acme.goals.git("worktree", "add", "-q", "../pages", "gh-pages")
    pages = Goals(acme.goals.root.parent / "pages")
    path = pages.root / "versions.json"
    path.unlink() if listing is None else path.write_text(listing)
    pages.git("commit", "-qam", "by hand")
    acme.goals.git("worktree", "remove", str(pages.root))


@pytest.mark.usefixtures("unproved")
def test_nor_one_that_lies_there_without_being_listed(acme: Company, site: Site) -> None:
    site("archive", "2026-q2")
    _rewrite(acme, "[]\n")
    path = acme.goals.folder / "snapshots/2026-q2/closed/manifest.json"
    path.write_text(path.read_text() + "\n")  # not that of the record it was made with
    assert "is listed as no archive of okrsite" in site("archive", "2026-q2", code=2).output


@pytest.mark.parametrize("args", [("2026-q2",), ("--due",)])
def test_an_archive_that_the_list_has_lost_is_listed_again(
    acme: Company, site: Site, args: tuple[str, ...]
) -> None:
    site("publish")
    site("archive", "2026-q2")
    before = acme.goals.git("show", "gh-pages:versions.json")
    tree = acme.goals.git("rev-parse", "gh-pages:2026-q2")
    _rewrite(acme, json.dumps(json.loads(before)[:1]))
    assert "has no archive: okrsite site archive 2026-q2" in site("list").output
    site("archive", *args)
    assert acme.goals.git("show", "gh-pages:versions.json") == before
    assert acme.goals.git("rev-parse", "gh-pages:2026-q2") == tree
    site("archive", "2026-q2", code=2)


@pytest.mark.usefixtures("unproved")
def test_due_archives_what_has_none_yet(acme: Company, site: Site) -> None:
    commit = acme.goals.git("rev-parse", "HEAD~2")
    acme.goals.commit("2026-08-20", record("2026-q1", commit, "2026-04-08"))
    site("archive", "2026-q2", "--push")
    tip = acme.remote_git("rev-parse", "gh-pages:2026-q2")
    site("archive", "--due", "--push")
    assert acme.versions() == ["2026-q2", "2026-q1"]
    assert acme.remote_git("rev-parse", "gh-pages:2026-q2") == tip
    assert "has its archive" in site("archive", "--due", "--push").output


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["archive"], "name a PERIOD"),
        (["archive", "2026-q2", "--due"], "name a PERIOD"),
        (["archive", "2026-q1"], "there is no period 2026-q1: closed records are there of 2026-q2"),
        (["archive", "2026Q2"], "closed records are there of 2026-q2. Did you mean `2026-q2`?"),
        (["archive", "2026-q2/closed"], "say `2026-q2`"),
        (["archive", "2026-q3"], "there is no record 2026-q3/closed"),
        (["archive", "../../etc"], "there is no period ../../etc"),
        (["publish", "--branch", "main"], "checked out here"),
        (["publish", "--branch", "-x"], "no name of a branch"),
        (["publish", "--branch", "a..b"], "no name of a branch"),
        (["publish", "--branch", "refs/heads/x"], "no name of a branch"),
        (["publish", "--branch", "@{-1}"], "no name of a branch"),
        (["archive", "--due", "--branch", "@{-1}"], "no name of a branch"),
        (["publish", "--push", "--remote", "nowhere"], "`nowhere` cannot be read"),
        (["publish", "--push", "--remote=--upload-pack=x"], "does not begin with a dash"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    acme: Company, site: Site, args: list[str], told: str
) -> None:
    main_ = acme.goals.git("rev-parse", "main")
    assert told in site(*args, code=2).output
    assert acme.tip() == "" and acme.goals.git("rev-parse", "main") == main_
    assert acme.goals.git("branch", "--list", "gh-pages") == ""


MKDOCS = ("sitemap.xml", "search/search_index.json", "404.html", "objectives/x/index.html")
JEKYLL = ("index.html", "about/index.html", "assets/main.css", "feed.xml")
KEPT = ("CNAME", "robots.txt", ".nojekyll", ".well-known/security.txt")
SOURCES = ("mkdocs.yml", "README.md")
LISTED = ("versions.json", "index.html", "1.0/index.html")
MIKE = '[{"version": "1.0", "title": "1.0", "aliases": ["stable"]}]'


def _hold(acme: Company, *names: str, branch: str = "gh-pages", listing: str | None = None) -> str:
    """A branch of somebody else that holds files of these names; gives its commit."""
    acme.goals.git("checkout", "-q", "--orphan", branch)
    acme.goals.git("rm", "-rfq", ".")
    for name in names:
        path = acme.goals.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((listing or MIKE) if name == "versions.json" else f"theirs: {name}\n")
    acme.goals.git("add", "-A", "-f")
    acme.goals.git("commit", "-qm", "theirs")
    acme.goals.git("checkout", "-q", "main")
    return acme.goals.git("rev-parse", branch)


@pytest.mark.parametrize(
    "names",
    [
        MKDOCS,
        JEKYLL,
        ("mkdocs.yml", "README.md"),
        ("versions.json", "index.html", "1.0/index.html"),
    ],
    ids=["mkdocs", "jekyll", "sources", "mike"],
)
@pytest.mark.parametrize("args", [("publish",), ("archive", "2026-q2")], ids=lambda it: it[0])
def test_the_site_of_somebody_else_stays_unless_one_means_it(
    acme: Company, site: Site, names: tuple[str, ...], args: tuple[str, ...]
) -> None:
    tip = _hold(acme, *names, *KEPT)
    told = site(*args, code=2).output
    assert "`gh-pages` holds what okrsite did not publish: " in told
    assert "`okrsite site publish --replace-site`" in told
    assert names[-1].partition("/")[0] in told and "CNAME" not in told and "robots" not in told
    assert acme.goals.git("rev-parse", "gh-pages") == tip


@pytest.mark.parametrize(
    ("listing", "stays"),
    [
        ('[{"version": "1.0", "title": "1.0", "aliases": ["latest"]}]', True),
        ('[{"version": "1.0", "url": "/1.0/"}]', False),
        ('["1.0"]', False),
        ("[]", False),
        ("{}", False),
    ],
)
def test_a_list_of_versions_of_any_tool_gives_way_where_one_means_it(
    acme: Company, site: Site, listing: str, stays: bool
) -> None:
    tip = _hold(acme, "versions.json", "latest/index.html", "1.0/index.html", listing=listing)
    assert "`okrsite site publish --replace-site`" in site("publish", code=2).output
    assert acme.goals.git("rev-parse", "gh-pages") == tip
    site("publish", "--push", "--replace-site")
    assert "theirs" not in acme.text("latest/index.html")
    assert ("1.0/index.html" in acme.published()) is stays
    names = [row["version"] for row in json.loads(acme.text("versions.json"))]
    assert names == (["latest", "1.0"] if stays else ["latest"])


def test_it_gives_way_where_one_means_it_but_for_what_is_no_page(acme: Company, site: Site) -> None:
    tip = _hold(acme, *MKDOCS, *KEPT)
    site("publish", "--push", "--replace-site")
    there = acme.published()
    assert {*KEPT, "latest/index.html"} <= there
    assert acme.text("robots.txt") == "theirs: robots.txt" and acme.text("CNAME") == "theirs: CNAME"
    assert not {"sitemap.xml", "search/search_index.json", "objectives/x/index.html"} & there
    assert acme.goals.git("rev-parse", "gh-pages~1") == tip, "it stays in the history"
    site("publish", "--push")
    site("archive", "2026-q2", "--push")
    assert set(KEPT) <= acme.published()


def test_versions_that_others_have_listed_stay_beside(acme: Company, site: Site) -> None:
    _hold(acme, *LISTED, "stable/index.html")
    site("publish", "--push", "--replace-site")
    assert acme.versions() == ["latest", "1.0"]
    assert {"1.0/index.html", "stable/index.html"} <= acme.published()
    site("publish", "--push")


def test_a_branch_without_any_page_is_nobodys_site(acme: Company, site: Site) -> None:
    _hold(acme, *KEPT)
    site("publish", "--push")
    assert {*KEPT, "latest/index.html"} <= acme.published()


@pytest.mark.parametrize("more", [(), ("--replace-site",)])
def test_archives_do_not_give_way_because_their_list_is_lost(
    acme: Company, site: Site, more: tuple[str, ...]
) -> None:
    site("publish")
    site("archive", "2026-q2")
    _rewrite(acme, None)
    tip = acme.goals.git("rev-parse", "gh-pages")
    told = site("publish", *more, code=2).output
    assert "versions.json is gone from `gh-pages`" in told
    assert acme.goals.git("rev-parse", "gh-pages") == tip


def test_branches_that_went_apart_are_told(acme: Company, site: Site) -> None:
    site("publish", "--push")
    other = _clone(acme)
    _push_empty(other)
    site("archive", "2026-q2")  # not pushed
    tip = acme.tip()
    assert "have gone apart" in site("publish", "--push", code=2).output
    assert acme.tip() == tip


def test_a_strict_build_fails_on_a_warning_and_publishes_nothing(acme: Company, site: Site) -> None:
    (acme.goals.folder / "page.md").write_text("# Page\n\n[gone](gone.md)\n")
    site("publish", "--strict", code=2)
    assert acme.goals.git("branch", "--list", "gh-pages") == ""
    site("publish", "--no-strict")


def test_without_a_repository_or_a_configuration(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bare" / "content").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "bare")
    assert "there is no mkdocs.yml" in site("publish", code=2).output
    (tmp_path / "bare" / "mkdocs.yml").write_text("site_name: X\ndocs_dir: content\n")
    assert "no git repository" in site("publish", code=2).output


# --- others publish too -------------------------------------------------------------------------


def _clone(acme: Company) -> Goals:
    other = Goals(acme.goals.root.parent / "other")
    acme.remote_git("clone", "-q", str(acme.remote), str(other.root))
    return other


def _push_empty(other: Goals) -> None:
    other.git("fetch", "-q", "origin")
    other.git("checkout", "-q", "gh-pages")
    other.git("commit", "-q", "--allow-empty", "-m", "elsewhere")
    other.git("push", "-q", "origin", "gh-pages")


def _between(acme: Company, what: str, times: int = 1) -> None:
    """Run `what` just before the next pushes of the company reach the remote."""
    seen = acme.goals.root.parent / "seen"
    hook = acme.goals.root / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\nunset GIT_DIR\ntest $(wc -l < {seen}) -lt {times} || exit 0\n"
        f"echo x >> {seen}\n{what}\n"
    )
    hook.chmod(0o755)
    seen.write_text("")


def test_who_loses_a_race_goes_on_from_what_the_other_pushed(acme: Company, site: Site) -> None:
    site("publish", "--push")
    other = _clone(acme)
    other.git("config", "user.name", "Other")
    other.git("config", "user.email", "other@goals.example")
    other.git("checkout", "-q", "gh-pages")
    again = "commit -q --allow-empty -m elsewhere && git -C . push -q origin gh-pages"
    _between(acme, f"cd {other.root} && git pull -q && git {again}", times=2)
    site("archive", "2026-q2", "--push")
    assert acme.versions() == ["latest", "2026-q2"]
    subjects = acme.remote_git("log", "--format=%s", "gh-pages").splitlines()
    assert subjects.count("elsewhere") == 2 and subjects[0].startswith("Publish 2026-q2")
    assert acme.goals.git("rev-parse", "gh-pages") == acme.tip()


def test_who_loses_a_race_for_the_same_archive_does_not_replace_it(
    acme: Company, site: Site
) -> None:
    site("publish", "--push")
    other = _clone(acme)
    done = start(Company(other, acme.remote), "site", "archive", "2026-q2")
    assert done.returncode == 0, done.stderr
    tree = other.git("rev-parse", "gh-pages:2026-q2")
    _between(acme, f"git -C {other.root} push -q origin gh-pages")
    assert "is published already" in site("archive", "2026-q2", "--push", code=2).output
    assert acme.remote_git("rev-parse", "gh-pages:2026-q2") == tree


def test_a_remote_that_refuses_is_told_at_once(acme: Company, site: Site) -> None:
    hook = acme.remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho this branch is protected >&2\nexit 1\n")
    hook.chmod(0o755)
    ours = acme.goals.root / ".git" / "hooks" / "pre-push"
    ours.parent.mkdir(exist_ok=True)
    ours.write_text("#!/bin/sh\necho a hook of our own >&2\n")
    ours.chmod(0o755)
    told = site("publish", "--push", code=2).output
    assert "could not be pushed to origin: remote: this branch is protected" in told
    assert "a hook of our own" not in told
    assert acme.goals.git("branch", "--list", "gh-pages") == ""


def test_only_the_branch_is_pushed(acme: Company, site: Site) -> None:
    acme.goals.git("config", "push.followTags", "true")
    site("publish")
    acme.goals.git("tag", "-a", "-m", "ours", "v1", "gh-pages")
    site("publish", "--push")
    assert acme.versions() == ["latest"] and acme.remote_git("tag") == ""


def test_a_ref_that_ends_as_the_branch_does_is_not_the_branch(acme: Company, site: Site) -> None:
    acme.remote_git("update-ref", "refs/a/refs/heads/gh-pages", "main")
    site("publish", "--push")
    site("publish", "--push")
    assert "mkdocs.yml" not in acme.published() and acme.versions() == ["latest"]


# --- a commit of another time -------------------------------------------------------------------


def _move(acme: Company, *moves: tuple[str, str], docs: str = "content") -> None:
    """Move files within the repository, and say in the configuration where the goals are now."""
    for one, other in moves:
        (acme.goals.root / other).parent.mkdir(parents=True, exist_ok=True)
        acme.goals.git("mv", one, other)
    (config,) = acme.goals.root.rglob("mkdocs.yml")
    config.write_text(config.read_text().replace("docs_dir: content", f"docs_dir: {docs}"))
    acme.goals.git("commit", "-qam", "move")


def test_a_project_that_has_moved_since_is_archived_from_where_it_was(
    acme: Company, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _move(acme, ("content", "okrs/goals"), ("mkdocs.yml", "okrs/mkdocs.yml"), docs="goals")
    monkeypatch.chdir(acme.goals.root / "okrs")
    told = site("archive", "2026-q2", "--push").output
    assert "built from content, where the goals were then, with mkdocs.yml of that time" in told
    assert "2026-q2/objectives/fax/index.html" in acme.published()
    assert "2026-q2/snapshots/2026-q2/closed/manifest.json" in acme.published()
    told = site("archive", "2026-q2", "--branch", "other", "--todays-config").output
    assert "from content, where the goals were then, with the mkdocs.yml of today\n" in told


def test_and_so_is_one_whose_goals_alone_have_moved(acme: Company, site: Site) -> None:
    _move(acme, ("content", "goals"), docs="goals")
    told = site("archive", "2026-q2", "--push").output
    assert "2026-q2 was built from content, where the goals were then\n" in told
    assert "2026-q2/objectives/fax/index.html" in acme.published()


def _built_then(folder: Path, *lines: str) -> Company:
    """A company whose configuration had these lines when its record was made, and has none now."""
    more = "".join(f"{line}\n" for line in lines)
    made = company(folder, more=more, files={"hooks/raises.py": "raise ValueError('of old')\n"})
    config = made.goals.root / "mkdocs.yml"
    config.write_text(config.read_text().replace(more, ""))
    made.goals.commit("2026-08-20", {})
    return made


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("markdown_extensions: [nosuch]", "Failed to load extension 'nosuch'"),
        ("hooks: [content/hooks/gone.py]", "gone.py"),
        ("hooks: [content/hooks/raises.py]", "ValueError: of old"),
    ],
    ids=["extension", "gone", "raises"],
)
def test_a_configuration_that_builds_no_more_can_give_way_to_that_of_today(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch, line: str, why: str
) -> None:
    acme = _built_then(tmp_path, line)
    acme.goals.write({"objectives/fax.md": None})
    monkeypatch.chdir(acme.goals.root)
    commit = acme.goals.git("rev-list", "--max-parents=0", "HEAD")
    told = site("archive", "2026-q2", code=2).output
    assert f"{commit[:7]} does not build today: mkdocs.yml: " in told and why in told
    assert "`okrsite site archive 2026-q2 --todays-config`" in told
    assert acme.goals.git("branch", "--list", "gh-pages") == ""
    told = site("archive", "2026-q2", "--todays-config", "--push").output
    assert "2026-q2 was built with the mkdocs.yml of today" in told
    assert "with the mkdocs.yml of today" in acme.remote_git("log", "-1", "--format=%s", "gh-pages")
    assert "2026-q2/objectives/fax/index.html" in acme.published(), "of the goals of that time"


def test_the_numbers_stay_those_of_that_time(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = _built_then(tmp_path, "      policy: {cap: none}")
    monkeypatch.chdir(acme.goals.root)
    site("archive", "2026-q2", "--branch", "then")
    site("archive", "2026-q2", "--branch", "now", "--todays-config")
    then, now = (acme.goals.git("show", f"{it}:2026-q2/api/v1/okrs.json") for it in ("then", "now"))
    assert then == now


def test_the_configuration_of_today_is_for_one_period(acme: Company, site: Site) -> None:
    assert (
        "--todays-config is for one PERIOD"
        in site("archive", "--due", "--todays-config", code=2).output
    )


# --- names that are taken -----------------------------------------------------------------------


def _closed(acme: Company, name: str) -> None:
    """A second quarter of that name, with its record."""
    period = str(THEN["periods/2026-q2.md"]).replace("Second quarter", "Quarter")
    files = {f"periods/{name}.md": period, "objectives/last.md": goal("Last", name, "Why.")}
    acme.goals.commit("2026-07-07", files)
    ask = ("snapshot", "publish", name, "--kind", "closed", "--allow-open")
    done = CliRunner().invoke(main, ask)
    assert done.exit_code == 0, done.output
    acme.goals.commit("2026-08-21", {})


def test_a_period_that_is_called_as_the_live_portal_is_told_of(acme: Company, site: Site) -> None:
    _closed(acme, "latest")
    why = "the period `latest` cannot be archived, since today's portal lies in the folder latest/"
    assert f"warning: {why}" in site("publish").output
    told = site("archive", "--due").output
    assert why in told and "2026-q2 is on gh-pages" in told
    told = site("archive", "--due").output
    assert why in told and "has its archive" not in told
    assert why in site("list").output
    assert why in site("archive", "latest", code=2).output


@pytest.mark.parametrize("listed", [True, False])
def test_a_period_that_is_called_as_what_others_put_there_is_told_of(
    acme: Company, site: Site, listed: bool
) -> None:
    _hold(acme, *LISTED, "2026-q2/index.html")
    row = {"version": "2026-q2", "title": "Theirs", "aliases": []}
    if listed:
        _rewrite(acme, json.dumps([*json.loads(MIKE), row]))
    tree = acme.goals.git("rev-parse", "gh-pages:2026-q2")
    site("publish", "--replace-site")
    for args in (("2026-q2",), ("--due",)):
        told = site("archive", *args, code=2).output
        assert "`2026-q2` lies on the branch and is listed as no archive of okrsite" in told
    assert "2026-q2/closed has no archive" in site("list").output
    assert acme.goals.git("rev-parse", "gh-pages:2026-q2") == tree


# --- records that are not as they were ----------------------------------------------------------


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("strict", ["--strict", "--no-strict"])
def test_no_portal_is_published_with_a_record_that_was_altered(
    acme: Company, site: Site, strict: str, committed: bool
) -> None:
    true = (acme.goals.folder / RECORD).read_text()
    altered = {RECORD: true.replace("One inbox", "Two inboxes")}
    acme.goals.commit("2026-08-21", altered) if committed else acme.goals.write(altered)
    told = site("publish", "--push", strict, code=2).output
    assert f"so nothing is published: content/{RECORD}: " in told
    assert "okrsite snapshot verify --all" in told
    assert acme.tip() == "" and acme.goals.git("branch", "--list", "gh-pages") == ""
    acme.goals.write({RECORD: true})
    site("publish", "--push", strict)


def test_nor_with_one_whose_manifest_was_altered_with_it(acme: Company, site: Site) -> None:
    folder = (acme.goals.folder / RECORD).parent
    record_, manifest = folder / "record.json", folder / "manifest.json"
    before = sha256(record_.read_bytes()).hexdigest()
    record_.write_text(record_.read_text().replace("One inbox", "Two boxes"))
    after = sha256(record_.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text().replace(before, after))
    acme.goals.commit("2026-08-21", {})
    assert "it is not as it was published" in site("publish", code=2).output


def test_nor_with_one_that_is_gone(acme: Company, site: Site) -> None:
    for path in (acme.goals.folder / RECORD).parent.iterdir():
        path.unlink()
    assert "and is gone" in site("publish", code=2).output


def test_nor_with_one_that_was_published_twice(acme: Company, site: Site) -> None:
    goals, mine = acme.goals, (acme.goals.folder / RECORD).read_bytes()
    others = mine.replace(b"One inbox", b"One box")
    goals.git("checkout", "-q", "-b", "side", "HEAD~2")
    goals.commit("2026-07-09", {RECORD: others.decode()}, who="Eve")
    goals.git("checkout", "-q", "main")
    goals.merge("side", "2026-08-21", "-s", "ours")
    assert (goals.folder / RECORD).read_bytes() == mine
    told = site("publish", code=2).output
    assert "it was published twice, as different texts" in told and "take the merge" in told


def test_nothing_is_published_from_a_shallow_clone(
    acme: Company, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take what was moved in silence off the live portal."""
    shallow = tmp_path / "shallow"
    acme.goals.git("clone", "-q", "--depth=1", f"file://{acme.goals.root}", str(shallow))
    monkeypatch.chdir(shallow)
    told = site("publish", code=2).output
    assert "this clone is shallow" in told and "`git fetch --unshallow`" in told
    acme.goals.git("-C", str(shallow), "fetch", "-q", "--unshallow")
    site("publish")


def test_a_record_that_is_not_committed_yet_may_be_published(acme: Company, site: Site) -> None:
    done = CliRunner().invoke(main, ["snapshot", "publish", "2026-q3", "--kind", "committed"])
    assert done.exit_code == 0, done.output
    site("publish")


# --- an older clone -----------------------------------------------------------------------------


def _live(acme: Company) -> str:
    return str(json.loads(acme.text("versions.json"))[0]["properties"]["commit"])


def test_an_older_commit_does_not_replace_a_newer_portal(acme: Company, site: Site) -> None:
    site("publish", "--push")
    newer, tip = acme.goals.git("rev-parse", "HEAD"), acme.tip()
    acme.goals.git("reset", "-q", "--hard", "HEAD~1")
    older = acme.goals.git("rev-parse", "HEAD")
    for more in ((), ("--push",)):
        told = site("publish", *more, code=2).output
        assert f"made from {newer[:7]}, which is newer than {older[:7]} here" in told
        assert "`git pull` first, or say --replace-newer" in told
    assert acme.tip() == tip
    told = site("publish", "--push", "--replace-newer").output
    assert f"warning: what was live until now was made from {newer[:7]}" in told
    assert _live(acme) == older
    acme.goals.git("merge", "-q", newer)
    assert "warning" not in site("publish", "--push").output


def test_nor_one_of_a_clone_that_does_not_know_the_newer_one(acme: Company, site: Site) -> None:
    other = Company(_clone(acme), acme.remote)
    newer = acme.goals.commit("2026-08-20", {"page.md": "# New\n"})
    acme.goals.git("push", "-q", "origin", "main")
    site("publish", "--push")
    done = start(other, "site", "publish", "--push")
    assert done.returncode == 2, done.stdout
    assert f"made from {newer[:7]}, which is newer than" in done.stderr
    assert _live(acme) == newer


def test_one_that_nobody_has_any_more_is_told_of(acme: Company, site: Site) -> None:
    acme.goals.commit("2026-08-20", {"page.md": "# New\n"})
    site("publish", "--push")
    lost = acme.goals.git("rev-parse", "HEAD")
    other = Company(_clone(acme), acme.remote)
    done = start(other, "site", "publish", "--push")
    assert done.returncode == 0, done.stderr
    assert f"made from {lost[:7]}, and that is no part of the history here" in done.stderr


def test_who_loses_a_race_against_a_newer_portal_does_not_replace_it(
    acme: Company, site: Site
) -> None:
    site("publish", "--push")
    other = _clone(acme)
    newer = Goals(other.root).commit("2026-08-20", {"page.md": "# New\n"})
    other.git("push", "-q", "origin", "main")
    assert start(Company(other, acme.remote), "site", "publish").returncode == 0
    (acme.goals.folder / "other.md").write_text("# Other\n")
    _between(acme, f"git -C {other.root} push -q origin gh-pages")
    assert "which is newer than" in site("publish", "--push", code=2).output
    assert _live(acme) == newer


def test_what_the_list_calls_a_commit_is_taken_for_nothing_else(acme: Company, site: Site) -> None:
    site("publish")
    rows = json.loads(acme.goals.git("show", "gh-pages:versions.json"))
    for odd in ("--upload-pack=x", "main", "+refs/heads/main:refs/heads/trial"):
        rows[0]["properties"]["commit"] = odd
        _rewrite(acme, json.dumps(rows))
        site("publish", "--push")
    assert acme.goals.git("branch", "--list", "trial") == ""


# --- killed -------------------------------------------------------------------------------------

KILLER = """#!/bin/sh
for word in "$@"; do test "$word" = "$KILL_AT" && hit=yes; done
test "$hit$KILL_WHEN" = yesbefore && kill -9 $PPID && exit 1
"$REAL_GIT" "$@"
code=$?
test "$hit$KILL_WHEN" = yesafter && kill -9 $PPID
exit $code
"""
MOMENTS = [
    (step, when)
    for step in ("hash-object", "mktree", "commit-tree", "push", "update-ref")
    for when in ("before", "after")
]


@pytest.mark.slow
@pytest.mark.parametrize(("step", "when"), MOMENTS)
def test_a_kill_leaves_the_old_state_or_the_new_one(
    acme: Company, site: Site, step: str, when: str, tmp_path: Path
) -> None:
    site("publish", "--push")
    old = acme.remote_git("rev-parse", "gh-pages")
    (acme.goals.folder / "page.md").write_text("# New\n")
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(KILLER)
    wrapper.chmod(0o755)
    env = {
        "PATH": f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}",
        "REAL_GIT": which("git") or "",
        "KILL_AT": step,
        "KILL_WHEN": when,
    }
    assert start(acme, "site", "publish", "--push", env=env).returncode == -9
    for repo in (Goals(acme.remote), acme.goals):
        tip = repo.git("rev-parse", "gh-pages")
        names = repo.git("ls-tree", "-r", "--name-only", tip).splitlines()
        assert (tip == old) is ("latest/page/index.html" not in names)
        assert "latest/objectives/calls/index.html" in names
        assert not re.search("error|missing|corrupt", repo.git("fsck", "--no-dangling"))
    site("publish", "--push")
    assert "latest/page/index.html" in acme.published()
    assert acme.goals.git("rev-parse", "gh-pages") == acme.tip()


@pytest.mark.parametrize("names", ["HUP TERM", "TERM HUP", "INT TERM"])
def test_told_to_stop_it_leaves_nothing(acme: Company, tmp_path: Path, names: str) -> None:
    place, wrapper = tmp_path / "temporary", tmp_path / "bin" / "git"
    place.mkdir()
    wrapper.parent.mkdir()
    kills = "\n".join(f"kill -{name} $PPID" for name in names.split())
    wrapper.write_text(
        f'#!/bin/sh\ncase "$*" in *hash-object*) {kills}\nexec sleep 9;; esac\n'
        f'exec {which("git")} "$@"\n'
    )
    wrapper.chmod(0o755)
    env = {"PATH": f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(place)}
    done = start(acme, "site", "publish", env=env)
    # Whichever of the two comes first is obeyed.
    assert done.returncode in ({1, 143} if "INT" in names else {129, 143}), done.stderr
    assert list(place.iterdir()) == []
    assert acme.goals.git("branch", "--list", "gh-pages") == ""


def test_no_temporary_folder_is_left(
    acme: Company, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    site("archive", "2026-q2")
    site("publish", "--branch", "main", code=2)
    (acme.goals.folder / "page.md").write_text("# Page\n\n[gone](gone.md)\n")
    site("publish", "--strict", code=2)
    assert list(place.iterdir()) == []


# --- the list -----------------------------------------------------------------------------------


def test_the_list_of_a_new_clone_is_that_of_the_remote(acme: Company, site: Site) -> None:
    site("publish", "--push")
    site("archive", "2026-q2", "--push")
    told = start(Company(_clone(acme), acme.remote), "site", "list").stdout
    assert [line.split()[0] for line in told.splitlines()] == ["latest", "2026-q2"]


def test_where_nothing_is_known_the_list_says_how_to_ask(acme: Company, site: Site) -> None:
    known = "Nothing is published on gh-pages, as far as is known here"
    fetch = "git fetch origin +refs/heads/gh-pages:refs/remotes/origin/gh-pages"
    assert f"{known}: `{fetch}` asks origin." in site("list").output
    site("publish", "--push")
    acme.goals.git("update-ref", "-d", "refs/heads/gh-pages")
    acme.goals.git("update-ref", "-d", "refs/remotes/origin/gh-pages")
    assert known in site("list").output
    acme.goals.git(*fetch.split()[1:])
    assert "latest  Today" in site("list").output
    acme.goals.git("update-ref", "-d", "refs/remotes/origin/gh-pages")
    acme.goals.git("remote", "rename", "origin", "upstream")
    told = site("list").output
    assert f"{known}: there is no remote `origin`; say --remote upstream." in told
    acme.goals.git("remote", "remove", "upstream")
    told = site("list").output
    assert f"{known}: this repository has no remote; `git remote add origin URL`" in told


def test_the_list_tells_what_goes_with_which_record(acme: Company, site: Site) -> None:
    assert "Nothing is published" in site("list").output
    assert "2026-q2/closed has no archive: okrsite site archive 2026-q2" in site("list").output
    site("publish")
    site("archive", "2026-q2")
    told = site("list").output.splitlines()
    assert [line.split()[0] for line in told] == ["latest", "2026-q2"]
    assert "as of 2026-08-20" in told[0]
    assert "Second quarter 2026" in told[1] and "goes with 2026-q2/closed" in told[1]


def test_the_list_tells_of_a_record_that_is_another(acme: Company, site: Site) -> None:
    site("archive", "2026-q2")
    path = acme.goals.folder / "snapshots/2026-q2/closed/manifest.json"
    path.write_text(path.read_text().replace("2026-07-07", "2026-07-06"))
    assert "is not the one it was made with" in site("list", code=1).output
    path.unlink()
    assert "its record 2026-q2/closed is not here" in site("list", code=1).output
