"""The MkDocs plugin: what comes out of a build."""

import json
import logging
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.pipeline import load
from okrsite.portal import assets
from okrsite.portal.theme import environment
from tests.crawl import dead_links, read_page, repeated_ids
from tests.hosts import stub

Company = Callable[..., Path]


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch, plugin_path: Path | None) -> None:
    monkeypatch.setattr("okrsite.hosts.mkdocs.build_site", stub.build_site)


def built(project: Path, **options: Any) -> Path:
    config = load_config(str(project / "mkdocs.yml"), **options)
    build(config)
    return project / "site"


def page(site: Path, uri: str) -> str:
    return (site / uri / "index.html").read_text()


def search_index(site: Path) -> dict[str, dict[str, str]]:
    docs = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    return {doc["location"]: doc for doc in docs}


@pytest.mark.parametrize("is_installed", [False, True])
def test_a_served_site_is_built_again_after_a_change_of_the_theme(
    company: Company, is_installed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "lib" / "okrsite"
    theme = package / "_theme" if is_installed else tmp_path / "lib" / "theme"
    shutil.copytree(assets.theme_folder(), theme)
    monkeypatch.setattr(assets, "_PACKAGE", package)
    config = load_config(str(company() / "mkdocs.yml"))
    build(config)
    watched: list[str] = []
    server = SimpleNamespace(watch=watched.append)
    config.plugins.on_serve(server, config=config, builder=build)  # type: ignore[arg-type]
    assert watched == ([] if is_installed else [str(theme)])


def test_a_template_that_was_changed_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path / "okrsite")
    template = tmp_path / "theme" / "templates" / "x.html"
    template.parent.mkdir(parents=True)
    made = environment.__wrapped__()
    for day, text in enumerate(("one", "two"), 1):
        template.write_text(text)
        os.utime(template, (day, day))
        assert made.get_template("x.html").render() == text


def test_a_page_stands_at_its_kind_and_id_wherever_its_file_lies(company: Company) -> None:
    site = built(company())
    assert "Improve quality" in page(site, "objectives/quality")
    assert not (site / "objectives" / "2026").exists()
    assert "Platform" in page(site, "teams/platform")


def test_every_link_of_the_built_site_leads_somewhere(company: Company) -> None:
    site = built(company(), strict=True)
    assert dead_links(site, "/okrs/") == []
    assert repeated_ids(site) == []


@pytest.mark.parametrize("theme", ["material", "mkdocs"])
def test_without_directory_urls(company: Company, theme: str) -> None:
    site = built(company(theme=theme), use_directory_urls=False, strict=True)
    assert (site / "objectives" / "quality.html").is_file()
    assert [link for link in dead_links(site, "/okrs/") if "404" not in link] == []
    html = (site / "objectives" / "quality.html").read_text()
    assert '<a href="../teams/platform.html">platform</a>' in html


def test_check_ins_are_no_pages_and_their_notes_link_from_where_they_are_shown(
    company: Company,
) -> None:
    site = built(company())
    assert not (site / "check-ins").exists()
    html = page(site, "objectives/quality")
    assert re.search(r'<a href="\.\./speed/#n[0-9a-f]{8}-|<a href="\.\./speed/#history">', html)
    assert "okrsite:" not in html and "javascript:" not in html


def test_the_authors_text_is_converted_once_and_generated_html_never(company: Company) -> None:
    html = page(built(company()), "objectives/quality")
    assert html.count('<section class="okr-prose">') == 1
    assert '<h2 id="why">Why<a class="headerlink"' in html
    assert "\n    a &lt; b</td>" in html
    assert "okrsite:" not in html and html.count("<h1") == 1


def test_ids_of_the_text_give_way_to_those_of_the_page(company: Company) -> None:
    html = page(built(company()), "objectives/quality")
    assert '<h2 id="krs">Key <b>results</b></h2>' in html
    assert '<h2 id="krs-text">Krs' in html
    assert '<a href="#krs-text">own</a>' in html


def test_a_first_line_with_a_colon_is_text_and_no_metadata(company: Company) -> None:
    assert "Note: quick." in page(built(company()), "objectives/speed")


def test_search_knows_parts_and_the_authors_words_and_each_hit_has_its_place(
    company: Company,
) -> None:
    site = built(company())
    index = search_index(site)
    assert "Bugs cost us" in index["objectives/quality/#why"]["text"]
    assert index["objectives/quality/#krs"]["title"] == "Escaped bugs"
    assert index["objectives/quality/"]["title"] == "Improve quality"
    assert "a &lt; b" not in json.dumps(index)
    for location in index:
        uri, _, fragment = location.partition("#")
        ids = read_page((site / uri / "index.html").read_text()).ids
        assert not fragment or fragment in ids, location


def test_words_before_the_first_heading_belong_to_the_page_itself(company: Company) -> None:
    index = search_index(built(company()))
    assert "quick" in index["objectives/speed/"]["text"]
    assert "quick" not in index["objectives/speed/#krs"]["text"]


def test_an_unlisted_page_can_be_read_but_not_found(company: Company) -> None:
    site = built(company())
    html = page(site, "objectives/secret")
    assert "Hush." in html and '<meta name="robots" content="noindex">' in html
    assert not [place for place in search_index(site) if "secret" in place]
    assert "secret" not in (site / "sitemap.xml").read_text()
    assert "noindex" not in page(site, "objectives/quality")


def test_edit_this_page_leads_to_the_file_and_is_absent_without_one(company: Company) -> None:
    site = built(company())
    edit = "https://github.com/acme/goals/edit/main/content/objectives/2026/quality.md"
    assert f'href="{edit}"' in page(site, "objectives/quality")
    assert 'rel="edit"' not in page(site, "objectives")
    assert 'rel="edit"' in page(site, "guide")


def test_title_description_and_what_is_hidden(company: Company) -> None:
    title = "A </title><script>alert(1)</script> \"quoted\" 'title'"
    bad = {"objectives/speed.md": _objective(title)}
    html = page(built(company(bad)), "objectives/speed")
    assert "<script>alert" not in html
    assert "<title>A &lt;/title&gt;&lt;script&gt;" in html
    assert 'content="Where &quot;A &lt;/title&gt;' in html
    assert "md-sidebar--secondary" in html
    assert re.search(r'md-sidebar--secondary"[^>]*hidden', html)


def _objective(title: str) -> str:
    quoted = json.dumps(title)
    return f"---\ntitle: {quoted}\nperiod: 2026-q3\nteam: platform\nowner: Ana\n---\n"


def test_the_path_above_a_page_that_is_not_in_the_navigation(company: Company) -> None:
    html = page(built(company()), "objectives/quality")
    path = re.search(r'<nav class="md-path".*?</nav>', html, re.DOTALL)
    assert path and 'href="../"' in path[0] and "Objectives" in path[0]


def test_pages_that_grow_in_number_stay_out_of_the_navigation(company: Company) -> None:
    html = page(built(company()), "")
    nav = html[html.index("md-nav--primary") : html.index("md-content")]
    assert 'href="objectives/"' in nav and 'href="findings/"' in nav
    assert "quality" not in nav and "platform" not in nav


def test_the_style_has_its_digest_in_its_name_and_stands_before_the_sites_own(
    company: Company,
) -> None:
    project = company({"own.css": "p {}"}, "extra_css: [own.css]\n")
    html = page(built(project), "objectives/quality")
    style = re.search(r'href="../../(assets/okrsite/okr\.[0-9a-f]{8}\.css)"', html)
    assert style and (project / "site" / style[1]).is_file()
    assert style.start() < html.index("../../own.css")


def test_files_of_the_site_are_published_as_they_are(company: Company) -> None:
    site = built(company())
    assert (site / "api/v1/objectives.json").read_bytes() == b'{"objectives": []}'


def test_an_author_can_run_nothing(company: Company) -> None:
    body = (
        "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n\n"
        '<div id="__config">{"base": "https://evil.example"}</div>\n\n<iframe src="x"></iframe>\n'
    )
    bad = {"objectives/speed.md": _objective("Fast") + body}
    text = page(built(company(bad)), "objectives/speed")
    start = text.index('<section class="okr-prose">')
    part = text[start : text.index("</section>", start)]
    assert not re.search(r"script|onerror|javascript|__config|iframe", part)


def test_broken_frontmatter_never_becomes_text(company: Company) -> None:
    bad = {
        "objectives/speed.md": "---\ntitle: [a\nowner: x\n---\nBody of speed.\n",
        "guide/broken.md": "---\ntitle: [a\n---\n# Broken\n\nStill here.\n",
        "guide/latin.md": "---\ntitle: Latin\n---\n# Caf\xe9\n".encode("latin-1"),
        "guide/crlf.md": "---\r\ntitle: Windows\r\n---\r\nLines \ufffd\r\n",
    }
    site = built(company(bad))
    for path in site.rglob("*.html"):  # all but the findings, which say what to write instead
        assert path.parent.name == "findings" or "title: [a" not in path.read_text()
    assert "Still here." in page(site, "guide/broken")
    assert "Caf\N{REPLACEMENT CHARACTER}" in page(site, "guide/latin")
    for name, title in (("latin", "Latin"), ("crlf", "Windows")):
        assert f"<title>{title} - Acme goals" in page(site, f"guide/{name}")


def test_a_plain_page_at_a_made_pages_address_is_told(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    bad = {"findings/index.md": "# Mine\n"}
    with pytest.raises(Abort), caplog.at_level(logging.INFO, "mkdocs"):
        built(company(bad), strict=True)
    assert "findings/index.md:1:1 is not published" in caplog.text


def test_advice_is_one_line_and_no_reason_to_fail(
    company: Company, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    advice = [
        Finding("objectives/speed.md", 1, 1, "OKR201", severity, "better so")
        for severity in (Severity.WARNING, Severity.INFO)
    ]
    monkeypatch.setattr(
        "okrsite.hosts.mkdocs.live_book",
        lambda *args, **_: replace(load(*args), findings=tuple(advice)),
    )
    with caplog.at_level(logging.INFO, "mkdocs"):
        built(company(), strict=True)
    assert "okrsite: 2 findings: see findings/" in caplog.text
    assert "better so" not in caplog.text


def test_a_finding_cannot_steer_the_terminal(
    company: Company, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = Finding("a.md", 1, 1, "OKR001", Severity.ERROR, "x\x1b[2J\nWARNING - y\u202e\u2028z")
    monkeypatch.setattr(
        "okrsite.hosts.mkdocs.live_book", lambda *args, **_: replace(load(*args), findings=(odd,))
    )
    with caplog.at_level(logging.INFO, "mkdocs"):
        built(company())
    line = next(r.getMessage() for r in caplog.records if "OKR001" in r.getMessage())
    assert line.endswith("x�[2J�WARNING - y��z")


def test_a_wrong_day_is_said_before_anything_is_built(company: Company) -> None:
    project = company()
    config = (project / "mkdocs.yml").read_text().replace("2026-08-20", "yesterday")
    (project / "mkdocs.yml").write_text(config)
    with pytest.raises(Abort):
        built(project)


def test_the_day_is_the_epochs_where_none_is_given(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = company()
    config = (project / "mkdocs.yml").read_text().replace("as_of: 2026-08-20", "cadence: 7")
    (project / "mkdocs.yml").write_text(config)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1785542400")
    seen: list[str] = []

    def note(book, markdown, urls, history):
        seen.append(str(book.as_of))
        return stub.build_site(book, markdown, urls)

    monkeypatch.setattr("okrsite.hosts.mkdocs.build_site", note)
    built(project)
    assert seen == ["2026-08-01"]


def test_building_again_sees_what_changed_and_writes_nothing_into_the_sources(
    company: Company,
) -> None:
    project = company()
    before = set((project / "content").rglob("*"))
    config = load_config(str(project / "mkdocs.yml"))
    build(config)
    note = project / "content/check-ins/2026/2026-07-31-ana.md"
    note.write_text(note.read_text().replace("Triage is daily", "Triage is hourly"))
    build(config)
    html = page(project / "site", "objectives/quality")
    assert "Triage is hourly" in html and html.count("assets/okrsite/okr.") == 1
    assert set((project / "content").rglob("*")) == before


def test_serving_shows_an_edit(
    company: Company, serve: Callable[[Path], Callable[[str], str]]
) -> None:
    project = company()
    fetch = serve(project)
    assert "Triage is daily" in fetch("objectives/quality/")
    note = project / "content/check-ins/2026/2026-07-31-ana.md"
    note.write_text(note.read_text().replace("Triage is daily", "Triage is hourly"))
    for _ in range(100):
        html = fetch("objectives/quality/")
        if "Triage is hourly" in html:
            break
        time.sleep(0.2)
    assert "Triage is hourly" in html and "Triage is daily" not in html


def test_a_strict_build_of_bad_content_fails_after_telling_everything(
    company: Company, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    bad = {
        "objectives/speed.md": "---\ntitle: [a\nowner: x\n---\n",
        "objectives/2026/quality.md": (
            "---\ntitle: Quality\nperiod: 2026-q4\nteam: plattform\nweight: 1,000\nwieght: 2\n---\n"
        ),
        "guide/broken.md": "---\ntitle: [a\n---\n# Broken\n",
        "check-ins/2026/x.md": b"---\ndate: 2026-08-01\n---\nCaf\xe9\n",
        "teams/tech/platform.md": "---\ntitle: Platform\ntitle: Twice\n---\n",
        "guide/index.md": "# Guide\n",
    }
    result = run("mkdocs", "build", "--strict", cwd=company(bad))
    told = result.stdout + result.stderr
    assert result.returncode == 1
    assert "Traceback" not in told
    for place in (
        "content/objectives/speed.md:",
        "content/objectives/2026/quality.md:3:9: ",
        "content/objectives/2026/quality.md:4:7: ",
        "content/objectives/2026/quality.md:5:9: ",
        "content/objectives/2026/quality.md:6:1: ",
        "content/guide/broken.md:",
        "content/check-ins/2026/x.md:4:4: ",
        "content/teams/tech/platform.md:3:1: ",
    ):
        assert place in told, (place, told)
    assert re.search(r"Aborted with \d+ warnings in strict mode", told)


def test_the_companys_name_stands_in_the_header_as_it_is(company: Company) -> None:
    project = company()
    config = (project / "mkdocs.yml").read_text().replace("Acme goals", "Acme <GmbH> & Co goals")
    (project / "mkdocs.yml").write_text(config)
    html = page(built(project), "objectives/speed")
    assert html.count("Acme &lt;GmbH&gt; &amp; Co goals") >= 3
    assert "<GmbH>" not in html and "&amp;lt;" not in html


def test_a_goal_that_is_not_read_and_an_option_in_its_line_are_told(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = company()
    (project / "content/objectives/loud.md.txt").write_text("---\ntitle: Loud\n---\n")
    config = project / "mkdocs.yml"
    config.write_text(re.sub(r"- okrsite:\n", "- okrsite:\n      cadence: 0\n", config.read_text()))
    row = config.read_text().split("\n").index("      cadence: 0") + 1
    told: list[Finding] = []

    def build_site(book: Any, *others: Any, **more: Any) -> Any:
        told.extend(book.findings)
        return stub.build_site(book, *others, **more)

    monkeypatch.setattr("okrsite.hosts.mkdocs.build_site", build_site)
    built(project)
    places = {(f.path, f.code, f.line) for f in told}
    assert ("objectives/loud.md.txt", "OKR030", 1) in places
    assert ("mkdocs.yml", "OKR020", row) in places
