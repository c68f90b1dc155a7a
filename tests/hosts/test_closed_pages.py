"""A closed quarter on record in a published site: with pages of its goals, and without them."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from okrsite.hosts.folder import folder_files
from okrsite.hosts.pages import portal_as_pages
from okrsite.hosts.project import read_project
from okrsite.okr.snapshot.names import name_of
from okrsite.okr.sources import read_folder
from okrsite.portal.findings import findings_pages
from okrsite.portal.live import live_book
from tests.crawl import dead_links, repeated_ids
from tests.hosts.conftest import OBJECTIVE
from tests.okr.cases import snapshot
from tests.portal.rendering import shop

Company = Callable[..., Path]
Q2 = name_of("2026-q2/closed")
YEAR = "---\ntitle: 2026\nstart: 2026-01-01\nend: 2026-12-31\nstate: committed\n---\n"
PERIOD = (
    "---\ntitle: 2026 Q2\nstart: 2026-04-01\nend: 2026-06-30\nstate: closed\nparent: year\n"
    "committed_on: 2026-04-01\nclosed_on: 2026-07-03\n---\nWe learned a lot.\n"
)
OLD = OBJECTIVE.replace("2026-q3", "2026-q2")
THEN = {
    "periods/year.md": YEAR,
    "periods/2026-q2.md": PERIOD,
    "objectives/year.md": "---\ntitle: A better year\nperiod: year\nteam: acme\nowner: Ana\n---\n",
    "objectives/2026/old.md": OLD.format(
        title="Old <b>quality</b>",
        more="parent: year\n",
        body="Why we did it, [speed](../speed.md).",
    ),
    "objectives/2026/hidden.md": OLD.format(
        title="Old quiet plan", more="visibility: unlisted\n", body="Hush."
    ),
    "objectives/alone.md": OLD.format(title="Old but alone", more="", body="\nNot for the year."),
    "initiatives/fixing.md": (
        "---\ntitle: Fixing\nowner: Ana\ncontributes_to: [alone/escaped-bugs]\n---\n"
    ),
    "check-ins/2026-06-30-ana.md": (
        "---\ndate: 2026-06-30\nauthor: Ana\nkey_results:\n  old/escaped-bugs: 55\n"
        "  hidden/escaped-bugs: 60\ninitiatives:\n  fixing: done\n---\nThe zebra is out.\n"
    ),
}
NOW = {
    "objectives/more.md": OBJECTIVE.format(
        title="More of it", more="continues: old\n", body="After [the old one](2026/old.md)."
    ),
    "guide/index.md": (
        "# Guide\n\n[Old](../objectives/2026/old.md), [work](../initiatives/fixing.md).\n"
    ),
}


@pytest.fixture
def project(company: Company) -> Callable[..., Path]:
    """The company with a quarter behind it, which was recorded before `changes` came."""

    def write(
        changes: Mapping[str, str | None] | None = None,
        then: Mapping[str, str] | None = None,
        **options: object,
    ) -> Path:
        root = company({**THEN, **(then or {})})
        record = snapshot(read_folder(root / "content"), str(Q2), date(2026, 7, 3))
        for path, text in {**NOW, **record, **(changes or {})}.items():
            file = root / "content" / path
            if text is None:
                file.unlink(missing_ok=True)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        config = root / "mkdocs.yml"
        lines = "".join(f"      {name}: {json.dumps(value)}\n" for name, value in options.items())
        config.write_text(config.read_text().replace("okrsite:\n", f"okrsite:\n{lines}"))
        return root

    return write


def built(project: Path, **options: Any) -> Path:
    build(load_config(str(project / "mkdocs.yml"), **options))
    return project / "site"


def text(site: Path, uri: str) -> str:
    return (site / uri).read_text("utf-8")


@pytest.mark.parametrize("closed_pages", [False, True])
@pytest.mark.parametrize("in_folders", [False, True])
def test_every_link_leads_somewhere(
    project: Callable[..., Path], closed_pages: bool, in_folders: bool
) -> None:
    site = built(project(closed_pages=closed_pages), strict=True, use_directory_urls=in_folders)
    assert dead_links(site, "/okrs/") == []
    assert repeated_ids(site) == []
    for path in ("record.json", "manifest.json", "sources.sha256", "changes.json"):
        name = Q2.file(path)
        assert (site / name).read_bytes() == (site.parent / "content" / name).read_bytes()


def test_the_address_of_a_closed_goal_leads_to_its_place_in_the_review(
    project: Callable[..., Path],
) -> None:
    site = built(project())
    lead = text(site, "objectives/old/index.html")
    assert '<meta http-equiv="refresh" content="0; url=../../periods/2026-q2/#goal-old">' in lead
    assert '<a href="../../periods/2026-q2/#goal-old">Old &lt;b&gt;quality&lt;/b&gt;</a>' in lead
    assert '<link rel="canonical" href="https://host.example/okrs/periods/2026-q2/">' in lead
    assert '<meta name="robots" content="noindex">' in lead
    assert "<script" not in lead and "<b>" not in lead
    assert "#goal" not in text(site, "objectives/hidden/index.html")
    work = text(site, "initiatives/fixing/index.html")
    assert "url=../../periods/2026-q2/#goal-alone.escaped-bugs" in work
    review = text(site, "periods/2026-q2/index.html")
    assert 'id="goal-old"' in review and 'id="goal-old.escaped-bugs"' in review
    assert "We learned a lot." in review


def test_without_directory_urls_it_leads_from_file_to_file(project: Callable[..., Path]) -> None:
    site = built(project(), use_directory_urls=False)
    lead = text(site, "objectives/old.html")
    assert 'content="0; url=../periods/2026-q2.html#goal-old"' in lead


def test_links_to_a_closed_goal_lead_straight_to_the_review(project: Callable[..., Path]) -> None:
    site = built(project())
    assert "../../periods/2026-q2/#goal-old" in text(site, "objectives/more/index.html")
    assert "../../periods/2026-q2/#goal-old" in text(site, "objectives/year/index.html")
    assert 'href="../objectives/old/"' in text(site, "guide/index.html")  # as its author wrote it


def test_what_was_said_of_closed_goals_is_nowhere_else(project: Callable[..., Path]) -> None:
    site = built(project())
    data = json.loads(text(site, "api/v1/okrs.json"))
    assert not {"old", "hidden", "alone"} & {item["id"] for item in data["objectives"]}
    assert not [item for item in data["key_results"] if item["id"].startswith("old/")]
    assert "fixing" not in {item["id"] for item in data["initiatives"]}
    assert not (site / "check-ins" / "2026-w27").exists()
    docs = json.loads(text(site, "search/search_index.json"))["docs"]
    assert not [
        doc for doc in docs if doc["location"].startswith(("objectives/old", "initiatives/f"))
    ]
    assert not [doc for doc in docs if "zebra" in doc["text"] and "check-ins" in doc["location"]]
    assert "Old quality" not in text(site, "everything/index.html")


def test_a_person_is_led_from_closed_goals_to_their_review(project: Callable[..., Path]) -> None:
    own = OLD.replace("owner: Ana", "owner: ana").replace(
        "    target: 40\n", "    target: 40\n    owner: bo\n"
    )
    then = {
        "people/ana.md": "---\ntitle: Ana\n---\n",
        "people/bo.md": "---\ntitle: Bo\n---\n",
        "objectives/theirs.md": own.format(title="What was theirs", more="", body=""),
        "objectives/quiet.md": own.format(
            title="Told to nobody", more="visibility: unlisted\n", body=""
        ),
    }
    site = built(project(then=then), strict=True)
    for who in ("ana", "bo"):
        page = text(site, f"people/{who}/index.html")
        assert '<a href="../../periods/2026-q2/#goal-theirs">What was theirs</a>' in page
        assert "Told to nobody" not in page
    assert dead_links(site, "/okrs/") == []


QUIET = {
    "check-ins/2026-06-29-quiet.md": (
        "---\ndate: 2026-06-29\nauthor: Ana\nkey_results:\n  hidden/escaped-bugs: 70\n---\nHush.\n"
    ),
    "amendments/quiet.md": (
        "---\ndate: 2026-05-10\nauthor: Ana\nsubject: hidden/escaped-bugs\nfield: target\n"
        "was: 20\nnow: 40\n---\nHush.\n"
    ),
}
HIDDEN = "objectives/2026/hidden.md"


@pytest.mark.parametrize("closed_pages", [False, True])
@pytest.mark.parametrize(
    ("path", "text"),
    [
        (HIDDEN, None),
        (HIDDEN, THEN[HIDDEN].replace("160", "150")),
        (HIDDEN, THEN[HIDDEN] + "More.\n"),
        (HIDDEN, "---\ntitle: [\n---\n"),
        *((path, text) for path in QUIET for text in (None, QUIET[path] + "More.\n", "---\n[\n")),
        ("check-ins/2026-06-28-quiet.md", QUIET["check-ins/2026-06-29-quiet.md"]),
        ("amendments/quiet-too.md", QUIET["amendments/quiet.md"]),
        ("objectives/quiet-too.md", THEN[HIDDEN]),
    ],
)
def test_findings_of_an_unlisted_goal_stay_with_their_authors_after_its_quarter(
    project: Callable[..., Path], closed_pages: bool, path: str, text: str | None
) -> None:
    old = "objectives/2026/old.md"
    changes = {path: text, old: THEN[old].replace("160", "150")}
    place = read_project(project(changes, then=QUIET))
    day = date(2026, 8, 20)
    book = live_book(read_folder(place.content), place.settings, day, closed_pages=closed_pages)
    assert ("hidden" in book.archived) is not closed_pages
    assert path in {finding.path for finding in book.findings if finding.code == "OKR701"}
    (page,) = findings_pages(shop(book))
    assert "OKR701" in page.html and old in page.html
    assert path not in page.html and "quiet" not in page.html.lower()


def test_goalposts_of_recorded_goals_are_counted_and_told_in_the_review(
    project: Callable[..., Path],
) -> None:
    then = {
        "amendments/eased.md": (
            "---\ndate: 2026-05-10\nauthor: Ana\nsubject: alone/escaped-bugs\nfield: target\n"
            "was: 20\nnow: 40\n---\nThe zebra was too fast.\n"
        )
    }
    lean = built(project(then=then))
    page = _words(text(lean, "goalposts/index.html"))
    assert "2026 Q2 : 1 moved goalpost, each with a reason" in page and "zebra" not in page
    assert "zebra" in text(lean, "periods/2026-q2/index.html")
    whole = built(project(then=then, closed_pages=True))
    page = _words(text(whole, "goalposts/index.html"))
    assert "zebra" in page and "1 moved goalpost" not in page


def test_with_pages_a_goal_says_what_was_recorded(project: Callable[..., Path]) -> None:
    path = "objectives/2026/old.md"
    newer = THEN[path].replace("Why we did it", "What I think today").replace("160", "60")
    site = built(project({path: newer}, closed_pages=True))
    page = text(site, "objectives/old/index.html")
    assert "Why we did it" in page and "What I think today" not in page
    assert f"https://github.com/acme/goals/edit/main/content/{path}" in page
    assert 'href="../speed/"' in page
    assert "60.00" not in page and "160" in page


def test_with_pages_a_goal_stays_whose_file_is_gone(project: Callable[..., Path]) -> None:
    root = project(
        {"objectives/2026/old.md": None, "guide/index.md": "# Guide\n"}, closed_pages=True
    )
    (root / "content/objectives/more.md").write_text(
        OBJECTIVE.format(title="More of it", more="continues: old\n", body="")
    )
    site = built(root)
    assert "Why we did it" in text(site, "objectives/old/index.html")
    assert dead_links(site, "/okrs/") == []


def test_pages_of_other_things_read_the_same(project: Callable[..., Path]) -> None:
    root = project()
    lean = built(root)
    team = _words(text(lean, "teams/platform/index.html"))
    assert "2 objectives, score 0.6" in team
    pages = ["periods", "periods/year", "periods/2026-q2", "objectives/more"]
    words = {page: _words(text(lean, f"{page}/index.html")) for page in [*pages, "objectives/year"]}
    config = root / "mkdocs.yml"
    config.write_text(
        config.read_text().replace("okrsite:\n", "okrsite:\n      closed_pages: true\n")
    )
    site = built(root)
    assert words == {page: _words(text(site, f"{page}/index.html")) for page in words}
    assert "0.9" in _words(text(site, "teams/platform/index.html"))


def test_a_week_says_where_the_rest_of_it_was_said(project: Callable[..., Path]) -> None:
    kpi = "---\ntitle: Calls\nunit: calls\ntarget: 5\n---\n"
    both = "---\ndate: 2026-06-29\nauthor: Ana\nkpis:\n  calls: 4\n---\nFour.\n"
    root = project(then={"kpis/calls.md": kpi, "check-ins/2026-06-29-ana.md": both})
    words = _words(text(built(root), "check-ins/2026-w27/index.html"))
    assert "4 calls" in words and "zebra" not in words
    assert "closed periods is in their reviews: 2026 Q2" in words
    config = root / "mkdocs.yml"
    config.write_text(
        config.read_text().replace("okrsite:\n", "okrsite:\n      closed_pages: true\n")
    )
    words = _words(text(built(root), "check-ins/2026-w27/index.html"))
    assert "zebra" in words and "in their reviews" not in words


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_last_quarter_has_its_pages_until_the_next_one_has_goals(
    project: Callable[..., Path],
) -> None:
    gone = (
        *("objectives/2026/quality.md", "objectives/speed.md", "objectives/secret.md"),
        *("objectives/more.md", "objectives/year.md", "check-ins/2026/2026-07-31-ana.md"),
    )
    site = built(project({**dict.fromkeys(gone), "guide/index.md": "# Guide\n"}))
    assert "Why we did it" in text(site, "objectives/old/index.html")


@pytest.mark.parametrize("closed_pages", [False, True])
def test_a_plain_folder_has_the_records_and_the_same_pages(
    project: Callable[..., Path], closed_pages: bool
) -> None:
    place = read_project(project({"objectives/2026/old.md": None}, closed_pages=closed_pages))
    sources = read_folder(place.content)
    assert place.closed_pages is closed_pages
    book = live_book(sources, place.settings, date(2026, 8, 20), closed_pages=place.closed_pages)
    site, bodies, extra = portal_as_pages(place, book)
    files = dict(folder_files(site, bodies, extra))
    assert files[Q2.file("record.json")] == sources[Q2.file("record.json")]
    goal = files["objectives/old/index.md" if closed_pages else "objectives/old/index.html"]
    assert (b"Why we did it" if closed_pages else b"url=../../periods/2026-q2/#goal-old") in goal
