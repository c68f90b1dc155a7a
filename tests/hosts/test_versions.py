"""What a page of an archive says, which versions are listed, and what lies beside them."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from mkdocs.config import load_config

from okrsite.hosts.mkdocs import OkrsitePlugin
from okrsite.hosts.versions.archived import Archive, archived_page, mark_folder
from okrsite.hosts.versions.building import Wanted, build_version
from okrsite.hosts.versions.listing import Version, read_listing, with_version
from okrsite.hosts.versions.problems import VersionError
from okrsite.hosts.versions.record import closed_records, read_record, up_to
from okrsite.hosts.versions.root import root_files
from tests.crawl import dead_links, read_page

DAY = date(2026, 7, 7)
LIVE = {
    "index.html",
    "teams/acme/index.html",
    "teams/index.html",
    "objectives/inbox/index.html",
    "objectives/inbox.html",
}
PAGE = (
    "<!doctype html>\n<html><head><title>X</title>"
    '<link rel="canonical" href="https://host.example/goals/2026-q2/x/"></head>'
    '<body dir="ltr"><div data-md-component="announce">\n</div><h1>X</h1></body></html>'
)


def archive(
    title: str = "Second quarter 2026", site_url: str = "https://host.example/goals/"
) -> Archive:
    return Archive(title, DAY, site_url, LIVE)


def link(html: str) -> tuple[str, str]:
    """The banner's link: where to, and its words."""
    banner = html.partition("<aside")[2].partition("</aside>")[0]
    (href,) = read_page(f"<aside{banner}").links
    return href, banner.partition("<a ")[2].partition(">")[2].partition(" <span")[0]


@pytest.mark.parametrize(
    ("uri", "href", "words"),
    [
        ("objectives/inbox/index.html", "../../../latest/objectives/inbox/", "This goal today"),
        ("objectives/gone/index.html", "../../../latest/", "The portal today"),
        ("teams/acme/index.html", "../../../latest/teams/acme/", "This team today"),
        ("teams/gone/index.html", "../../../latest/", "The portal today"),
        ("teams/index.html", "../../latest/teams/", "This page today"),
        ("index.html", "../latest/", "The portal today"),
        ("404.html", "../latest/", "The portal today"),
        ("objectives/inbox.html", "../../latest/objectives/inbox.html", "This goal today"),
        ("check-ins/2026-w20/index.html", "../../../latest/", "The portal today"),
    ],
)
def test_the_banner_leads_to_the_same_page_of_today(uri: str, href: str, words: str) -> None:
    assert link(archived_page(PAGE, uri, archive())) == (href, words)


def test_before_there_is_a_live_portal_a_goal_leads_to_where_it_will_be() -> None:
    first = replace(archive(), live=frozenset())
    html = archived_page(PAGE, "objectives/inbox/index.html", first)
    assert link(html) == ("../../../latest/objectives/inbox/", "This goal today")
    html = archived_page(PAGE, "teams/acme/index.html", first)
    assert link(html) == ("../../../latest/", "The portal today")


def test_the_banner_says_what_it_is_and_is_first_in_the_page() -> None:
    html = archived_page(PAGE, "index.html", archive())
    assert "Archive of Second quarter 2026, as it stood on 7\u00a0Jul\u00a02026." in html
    assert html.index("<aside") < html.index("<h1>") and "<script" not in html


def test_search_engines_are_told_whose_copy_it_is() -> None:
    html = archived_page(PAGE, "objectives/inbox/index.html", archive())
    assert html.count('rel="canonical"') == 1
    assert 'href="https://host.example/goals/latest/objectives/inbox/"' in html
    assert html.count('<meta name="robots" content="noindex">') == 1


def test_a_page_that_is_gone_is_nobodys_copy() -> None:
    html = archived_page(PAGE, "teams/gone/index.html", archive())
    assert "canonical" not in html and "noindex" in html


def test_what_is_said_of_no_page_is_nobodys_copy() -> None:
    there = replace(archive(), live={*LIVE, "404.html"})
    html = archived_page(PAGE, "404.html", there)
    assert "canonical" not in html and "noindex" in html
    assert link(html) == ("../latest/", "The portal today")


def test_without_an_address_there_is_no_canonical_one() -> None:
    html = archived_page(PAGE, "objectives/inbox/index.html", archive(site_url=""))
    assert "canonical" not in html and "noindex" in html


def test_a_page_that_was_kept_from_search_says_so_once() -> None:
    page = PAGE.replace("</head>", '<meta name="robots" content="noindex"></head>')
    assert archived_page(page, "index.html", archive()).count("noindex") == 1


def test_a_title_is_text() -> None:
    html = archived_page(PAGE, "index.html", archive(title='<script>"Q2" & more'))
    assert "Archive of &lt;script&gt;&quot;Q2&quot; &amp; more" in html


def test_the_list_of_archives_says_which_one_it_is() -> None:
    row = '<td data-okr-version="{}"><span class="okr-2">not yet</span></td>'
    page = PAGE.replace("<h1>", f"{row.format('2026-q2')}{row.format('2026-q1')}<h1>")
    html = archived_page(page, "archive/index.html", replace(archive(), version="2026-q2"))
    assert html.count("this archive") == 1
    assert f">this archive</span></td>{row.format('2026-q1')}" in html


ROBOTS = '<meta name="robots" content="noindex">'


@pytest.mark.parametrize(
    "marked",
    [
        "<html><head>@</head><body class='x'>#Hi",
        "<HTML><HEAD><TITLE>X</TITLE>@</HEAD><BODY>#Hi",
        "<html><head ><title>X</title>@</head\n><body>#Hi",
        "<!DOCTYPE html>@\n<title>X</title><p>Hi",
        "<html lang=en>@<body>#Hi",
        "<html><head>@<title>X</title><body>#Hi",
        "<!-- <head></head><body> --><head>@</head><body>#",
        "<head><script>'</head><body>'</script>@</head><body>#",
        "<html data-x='a>b'>@<title>X</title>",
        "<?xml version='1.0'?>\n<!doctype html><html>@",
        "<html>@<body>#<pre></head></pre>",
        "\ufeff@<p>Hi",
        "@<header>Hi",
        "@no page",
    ],
)
def test_any_page_is_kept_from_search_and_one_with_a_body_says_what_it_is(marked: str) -> None:
    page = marked.replace("@", "").replace("#", "")
    html = archived_page(page, "a.html", archive())
    banner = html.partition("<aside")[2].partition("</aside>")[0]
    assert html.replace(ROBOTS, "@").replace(f"<aside{banner}</aside>", "#") == marked


@pytest.mark.parametrize(
    "said",
    [
        '<META NAME="ROBOTS" CONTENT="index">',
        "<meta content='index' name='robots'>",
        "<meta name=robots content=index>",
        "<LINK REL='canonical' HREF='https://other.example/'>",
        "<link rel=canonical href=https://other.example/>",
    ],
)
def test_what_a_page_told_search_engines_before_is_gone(said: str) -> None:
    html = archived_page(f"<head>{said}</head><body></body>", "a.html", archive())
    assert said not in html and html.startswith(f"<head>{ROBOTS}</head>")


UNTOUCHED = [
    """<script>var t = '<meta name="robots" content="all">';</script>""",
    """<!-- <meta name="robots" content="all"><link rel="canonical" href="x"> -->""",
    """<meta name="description" content='<meta name="robots" content="all">'>""",
    """<style>/* </head><body> */</style>""",
    """<script data-x="</script>">'</head><body>'</script>""",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_looks_like_a_tag_in_a_script_a_comment_or_a_value_stays(text: str) -> None:
    html = archived_page(f"<head>{text}</head><body>Hi", "a.html", archive())
    assert html.startswith(f"<head>{text}{ROBOTS}</head><body><aside") and html.endswith("Hi")


@pytest.mark.parametrize(
    "text",
    [
        "<textarea><link rel=canonical href=x></textarea>",
        """<!-- <div data-md-component="announce"> -->""",
        """<script>'<div data-md-component="announce">'</script>""",
        """<a title='<body>'>it's</a>""",
        """<a title=it's><body></a>""",
        """<script>'<td data-okr-version="2026-q2">x</td>'</script>""",
    ],
)
def test_so_does_what_looks_like_one_in_the_body(text: str) -> None:
    page = f"<head></head><body class=x>{text}"
    html = archived_page(page, "a.html", replace(archive(), version="2026-q2"))
    assert html.startswith(f"<head>{ROBOTS}</head><body class=x><aside")
    assert html.endswith(f"</aside>{text}")


def test_a_tag_is_known_however_its_values_are_written() -> None:
    said = """<meta content="a>b" name="robots"><meta data-x='"' NAME = robots content=all/>"""
    html = archived_page(f"<head>{said}</head><body>", "a.html", archive())
    assert html.startswith(f"<head>{ROBOTS}</head>")


XHTML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>X</title><script src="x.js"/>'
    '<meta name="robots" content="all"/></head><body><p><![CDATA[<body>]]></p></body></html>'
)


def test_a_page_in_xml_is_marked_and_stays_well_formed(tmp_path: Path) -> None:
    there = replace(archive(), live={*LIVE, "old.xhtml"})
    (tmp_path / "old.xhtml").write_text(XHTML, "utf-8")
    other = "<svg:svg xmlns:svg='x'/>"
    (tmp_path / "no-page.xhtml").write_text(other)
    mark_folder(tmp_path, there)
    assert (tmp_path / "no-page.xhtml").read_text() == other
    text = (tmp_path / "old.xhtml").read_text("utf-8")
    root = ElementTree.fromstring(text.encode())
    space = "{http://www.w3.org/1999/xhtml}"
    assert [it.get("content") for it in root.iter(f"{space}meta")] == ["noindex"]
    (same,) = root.iter(f"{space}link")
    assert same.get("href") == "https://host.example/goals/latest/old.xhtml"
    (body,) = root.iter(f"{space}body")
    assert [it.tag for it in body] == [f"{space}aside", f"{space}p"] and body[1].text == "<body>"


def test_only_pages_are_marked(tmp_path: Path) -> None:
    files = {"index.html": PAGE.encode(), "api/v1/okrs.json": b"{}", "a.html/feed.xml": b"<x/>"}
    pages = {
        "odd.html": b"<body>\xff</body>",
        "old/page.htm": b"<p>Hi",
        "LOUD.HTML": b"<p>Hi",
        "wide.html": "\ufeff<p>Hi".encode("utf-16-le"),
        "wider.html": "\ufeff<p>Hi".encode("utf-16-be"),
    }
    files |= pages
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    mark_folder(tmp_path, archive())
    changed = {name for name, content in files.items() if (tmp_path / name).read_bytes() != content}
    assert changed == {"index.html", *pages}
    assert (tmp_path / "odd.html").read_bytes().endswith(b"\xff</body>")
    for name in ("wide.html", "wider.html"):
        assert (tmp_path / name).read_text("utf-16") == f"{ROBOTS}<p>Hi"


# --- the list -----------------------------------------------------------------------------------


def version(name: str, day: date = DAY) -> Version:
    return Version(name, name.upper(), day, "abc", f"{name}/closed", "123")


def test_the_live_portal_stands_first_then_the_newest() -> None:
    text = b""
    for name, day in (("2026-q1", 8), ("q2-2026", 9), ("latest", 1), ("2025-q4", 7)):
        text = with_version(text, version(name, date(2026, 7, day)))
    assert [row["version"] for row in json.loads(text)] == [
        "latest", "q2-2026", "2026-q1", "2025-q4",
    ]  # fmt: skip


def test_what_is_written_is_read() -> None:
    assert read_listing(with_version(b"", version("2026-q2"))) == (version("2026-q2"),)


def test_versions_of_others_are_kept() -> None:
    theirs = {"version": "1.0", "title": "One", "aliases": ["one"], "properties": {"hidden": True}}
    text = with_version(json.dumps([theirs]).encode(), version("latest"))
    assert json.loads(text)[1] == theirs


EVIL = """<img src=x onerror="alert('1')"> & more"""
SHOWN = "&lt;img src=x onerror=&quot;alert(&#x27;1&#x27;)&quot;&gt; &amp; more"


@pytest.mark.parametrize("name", ["latest", "1.0"])
def test_a_title_is_written_as_html_that_shows_it(name: str) -> None:
    text = with_version(b"", replace(version(name), title=EVIL))
    assert json.loads(text)[0]["title"] == SHOWN
    assert read_listing(text)[0].title == EVIL
    assert with_version(text, replace(version(name), title=EVIL)) == text


@pytest.mark.parametrize("title", [EVIL, SHOWN])
def test_a_row_of_others_is_harmless_as_well(title: str) -> None:
    theirs = {"version": "1.0", "title": title, "aliases": []}
    text = with_version(json.dumps([theirs]).encode(), version("latest"))
    assert json.loads(text)[1]["title"] == SHOWN
    assert with_version(text, version("latest")) == text


def test_a_long_title_is_cut() -> None:
    text = with_version(b"", replace(version("q"), title="Many words, and\none more. " * 20))
    title = json.loads(text)[0]["title"]
    assert 50 < len(title) <= 61 and title.startswith("Many words, and one more.")
    text = with_version(b"", replace(version("q"), title="x" * 300))
    assert len(json.loads(text)[0]["title"]) <= 61
    assert json.loads(with_version(b"", replace(version("q"), title=" ")))[0]["title"] == "q"


NESTED = b"[" * 200_000
ROW = b'[{"version": "1.0", "title": "One", "aliases": [], '


@pytest.mark.parametrize(
    "text",
    [
        NESTED,
        ROW + b'"properties": ' + NESTED + b"]" * 200_000 + b"}]",
        ROW + b'"properties": [1]}]',
        ROW + b'"properties": "str"}]',
        ROW + b'"properties": 1}]',
        b'[{"version": "1.0", "title": ["<img src=x>"], "aliases": []}]',
        b'[{"version": "1.0", "title": {"a": 1}, "aliases": []}]',
        b'[{"version": "<b>", "title": "One", "aliases": []}]',
        b'[{"version": "..", "title": "One", "aliases": []}]',
        b'[{"version": "a&quot;b", "title": "One", "aliases": []}]',
        b'[{"version": "1.0", "title": "One", "aliases": ["<img src=x>"]}]',
        b'[{"version": "1.0", "title": "One", "aliases": ["a/b"]}]',
    ],
    ids=range(12),
)
def test_a_hostile_list_is_told(text: bytes) -> None:
    with pytest.raises(VersionError, match=r"versions\.json cannot be read"):
        read_listing(text)
    with pytest.raises(VersionError, match=r"versions\.json cannot be read"):
        with_version(text, version("latest"))


def test_a_number_that_no_browser_reads_is_not_written() -> None:
    with pytest.raises(VersionError, match=r"versions\.json cannot be written"):
        with_version(ROW + b'"properties": {"a": 1e999}}]', version("latest"))


def test_a_version_that_no_address_may_hold_is_refused() -> None:
    with pytest.raises(VersionError, match="no name of a version"):
        with_version(b"", version("<b>"))


@pytest.mark.parametrize("text", [b"{", b"[1]", b'[{"version": "x"}]', b"\xff", b"7"])
def test_a_list_that_cannot_be_read_is_told(text: bytes) -> None:
    with pytest.raises(VersionError, match=r"versions\.json cannot be read"):
        with_version(text, version("latest"))


# --- the record ---------------------------------------------------------------------------------


def manifest(folder: Path, name: str, previous: str = "", **more: object) -> None:
    before = {"snapshot": previous, "sha256": "0" * 64} if previous else None
    said: dict[str, object] = {
        "schema": "okrsite/manifest/v1",
        "snapshot": name,
        "parts": [],
        "commit": "abc",
    }
    said |= {"as_of": "2026-07-07", "previous": before, **more}
    path = folder / "snapshots" / name / "manifest.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(said))


def test_the_chain_up_to_a_record(tmp_path: Path) -> None:
    manifest(tmp_path, "2026-q1/closed")
    manifest(tmp_path, "2026-q2/committed", "2026-q1/closed")
    manifest(tmp_path, "2026-q2/closed", "2026-q2/committed")
    manifest(tmp_path, "2026-q3/committed", "2026-q2/closed")
    assert [record.period for record in closed_records(tmp_path)] == ["2026-q1", "2026-q2"]
    chain = up_to(tmp_path, read_record(tmp_path, "2026-q2/closed"))
    assert chain == ("2026-q2/closed", "2026-q2/committed", "2026-q1/closed")


def test_a_chain_that_runs_in_a_circle_ends(tmp_path: Path) -> None:
    manifest(tmp_path, "2026-q1/closed", "2026-q2/closed")
    manifest(tmp_path, "2026-q2/closed", "2026-q1/closed")
    assert len(up_to(tmp_path, read_record(tmp_path, "2026-q2/closed"))) == 2


@pytest.mark.parametrize("more", [{"as_of": "soon"}, {"as_of": None}, {"commit": None, "as_of": 7}])
def test_a_manifest_that_cannot_be_read_is_told(tmp_path: Path, more: dict[str, Any]) -> None:
    manifest(tmp_path, "2026-q2/closed", **more)
    with pytest.raises(VersionError, match=r"manifest\.json cannot be read"):
        read_record(tmp_path, "2026-q2/closed")


def test_a_broken_link_of_the_chain_is_told(tmp_path: Path) -> None:
    manifest(tmp_path, "2026-q2/closed", "2026-q1/closed")
    with pytest.raises(VersionError, match="there is no record 2026-q1/closed"):
        up_to(tmp_path, read_record(tmp_path, "2026-q2/closed"))


def test_a_link_that_leads_out_of_the_records_is_told(tmp_path: Path) -> None:
    manifest(tmp_path / "content", "2026-q2/closed", "../../elsewhere")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "manifest.json").write_text('{"commit": "a", "as_of": "2026-07-07"}')
    with pytest.raises(VersionError, match="there is no record"):
        up_to(tmp_path / "content", read_record(tmp_path / "content", "2026-q2/closed"))


# --- the root -----------------------------------------------------------------------------------


def test_the_way_in_needs_no_script(tmp_path: Path) -> None:
    (tmp_path / "404.html").write_text("<body><h1>404</h1></body>")
    files = dict(root_files(tmp_path, "A & B", "https://host.example/goals/"))
    index, missing = files["index.html"].decode(), files["404.html"].decode()
    assert "<script" not in index and "A &amp; B" in index and 'url=latest/"' in index
    assert '<script src="/goals/okrsite-moved.js" data-root="/goals/" data-to="latest">' in missing
    plain = dict(root_files(tmp_path, "A & B", ""))["404.html"].decode()
    assert "<script" not in plain and "There is no such page" in plain


def test_the_way_in_leads_somewhere(tmp_path: Path) -> None:
    for name, content in root_files(None, "Goals", "", "2026-q2"):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "2026-q2").mkdir()
    (tmp_path / "2026-q2" / "index.html").write_text("")
    assert dead_links(tmp_path) == []


def test_a_plain_build_after_a_version_is_a_plain_build(tmp_path: Path) -> None:
    """MkDocs keeps a plugin from build to build of one process."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# Goals\n")
    file = tmp_path / "mkdocs.yml"
    file.write_text("site_name: x\ntheme:\n  name: material\n  font: false\nplugins: [okrsite]\n")
    build_version(file, tmp_path / "out", Wanted(version="latest", site_url=None, beside=()))
    plugin = load_config(str(file)).plugins["okrsite"]
    assert isinstance(plugin, OkrsitePlugin)
    assert plugin.beside is None
