"""The Site as a plain Markdown folder, read by an engine that knows nothing of okrsite."""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from markdown import Markdown

from okrsite.hosts.folder import FolderError, around_slot, write_folder
from okrsite.hosts.parts import prose
from okrsite.okr.pipeline import load
from okrsite.okr.settings import Settings
from okrsite.okr.sources import read_folder
from okrsite.portal.prose import note_converter
from okrsite.portal.site import BODY_SLOT, Site, SitePage, SiteUrls
from tests.crawl import dead_links, read_page
from tests.hosts import stub

EXTENSIONS = ["attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences", "admonition"]


def exported(project: Path, out: Path) -> Path:
    content = project / "content"
    sources = read_folder(content)
    book = load(sources, Settings(), date(2026, 8, 20))
    site = stub.build_site(book, note_converter(EXTENSIONS, {}), SiteUrls())
    bodies = {path: prose(raw) for path, raw in sources.items()}
    extra = {
        name: (content / name).read_bytes() for name in ("guide/index.md", "objectives/img/dot.png")
    }
    write_folder(site, bodies, out, extra=extra)
    return out


def one_page(html: str, uri: str = "objectives/a.md", **more: object) -> Site:
    page = SitePage(uri, "Title", "objective", html, "", **more)  # type: ignore[arg-type]
    return Site((page,), {})


def converted(text: str) -> str:
    return Markdown(extensions=EXTENSIONS).convert(text.split("---\n", 2)[2])


def test_zensical_builds_it_with_working_links(
    company: Callable[..., Path],
    run: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
) -> None:
    out = exported(company(), tmp_path / "out")
    result = run("zensical", "build", "--strict", cwd=out)
    assert result.returncode == 0, result.stdout + result.stderr
    assert dead_links(out / "site") == []
    html = (out / "site/objectives/quality/index.html").read_text()
    assert '<h2 id="krs">Key <b>results</b></h2>' in html
    assert "Bugs cost us." in html and "<svg" in html
    assert "&lt;svg" not in html and "&lt;div" not in html and "okrsite:body" not in html
    assert (out / "site/guide/index.html").is_file()
    assert (out / "site/api/v1/objectives.json").is_file()
    assert not (out / "site/check-ins").exists()


def test_an_engine_that_leaves_html_alone_builds_it_with_working_links(
    company: Callable[..., Path],
    run: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
) -> None:
    out = exported(company(), tmp_path / "out")
    result = run("mkdocs", "build", "--strict", cwd=out)
    assert result.returncode == 0, result.stdout + result.stderr
    assert dead_links(out / "site") == []


def test_the_body_becomes_markdown_between_two_complete_blocks(tmp_path: Path) -> None:
    html = f'<div class="okr"><section><p>One</p>{BODY_SLOT}</section>\n\n<p>Two</p></div>'
    body = {"objectives/a.md": "## Why\n\n```\ncode\n```\n"}
    write_folder(one_page(html, source="objectives/a.md"), body, tmp_path / "out")
    result = converted((tmp_path / "out/docs/objectives/a/index.md").read_text())
    assert '<h2 id="why">Why</h2>' in result
    assert result.startswith('<div class="okr"><section><p>One</p></section></div>')
    assert result.rstrip().endswith("<p>Two</p></div>")
    assert "<code>code" in result


@pytest.mark.parametrize(
    "html",
    [
        "<div>\n\n    <p>four spaces</p>\n\n\n# no heading\n</div>",
        "<div><p>```\nno fence\n```</p></div>",
        "<div><p>*no* _emphasis_ [no](link) {: .no } !!! note</p><br><hr></div>",
        '<div><ul><li>a<li>b</ul><svg viewBox="0 0 1 1"><path d="M0"/></svg></div>',
        '<div><img src="a.png" alt="x"><p title="a > b">&lt;div&gt; &amp;amp;</p></div>',
    ],
)
def test_no_markdown_engine_touches_generated_html(html: str, tmp_path: Path) -> None:
    write_folder(one_page(html), {}, tmp_path / "out")
    result = converted((tmp_path / "out/docs/objectives/a/index.md").read_text())
    assert result.strip() == html.replace("\n", " ")


def test_code_keeps_its_lines(tmp_path: Path) -> None:
    write_folder(one_page("<div><pre>a\n\n  b</pre></div>"), {}, tmp_path / "out")
    result = converted((tmp_path / "out/docs/objectives/a/index.md").read_text())
    assert read_page(result).tags == ["div", "pre"]
    assert "a&#10;&#10;  b" in result


def test_nothing_is_left_after_a_slot_at_the_end() -> None:
    assert around_slot(f"<div><p>a</p>{BODY_SLOT}</div>") == ("<div><p>a</p></div>", "")


def test_links_follow_files_that_changed_their_place(
    company: Callable[..., Path], tmp_path: Path
) -> None:
    docs = exported(company(), tmp_path / "out") / "docs"
    quality = (docs / "objectives/quality/index.md").read_text()
    assert "[the team](../../teams/platform/index.md)" in quality
    assert "[speed](../speed/index.md)" in quality
    assert "![a picture](../img/dot.png)" in quality
    assert "[Quality](../objectives/quality/index.md)" in (docs / "guide/index.md").read_text()


def test_links_in_code_stay_as_they_are(tmp_path: Path) -> None:
    link = "[a](../y/x.md)"
    body = f"`{link}`\n\n```\n{link}\n```\n\n{link} <https://b.example/c.md>\n"
    site = one_page(BODY_SLOT, source="objectives/a.md")
    write_folder(site, {"objectives/a.md": body}, tmp_path / "out")
    text = (tmp_path / "out/docs/objectives/a/index.md").read_text()
    assert text.count("`[a](../y/x.md)`") == 1 and "```\n[a](../y/x.md)\n```" in text
    assert "\n[a](../../y/x.md) <" in text
    assert "<https://b.example/c.md>" in text


def test_a_title_cannot_leave_its_line(tmp_path: Path) -> None:
    page = SitePage("a.md", 'x"\nhide: []\n<script>', "page", "<p>a</p>", "", hide=("toc",))
    write_folder(Site((page,), {}), {}, tmp_path / "out")
    head = (tmp_path / "out/docs/a/index.md").read_text().split("---\n")[1]
    lines = dict(line.split(": ", 1) for line in head.splitlines())
    assert json.loads(lines["title"]) == "x&quot;\nhide: []\n&lt;script&gt;"
    assert json.loads(lines["hide"]) == ["toc"]


def test_a_foreign_folder_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(FolderError, match="holds other files"):
        write_folder(one_page("<p>a</p>"), {}, tmp_path / "out")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]


def test_its_own_folder_is_replaced_as_a_whole_but_for_the_configuration(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_folder(one_page("<p>a</p>"), {}, out)
    (out / "mkdocs.yml").write_text("site_name: Mine\n")
    write_folder(one_page("<p>b</p>", "objectives/b.md"), {}, out)
    assert not (out / "docs/objectives/a/index.md").exists()
    assert (out / "docs/objectives/b/index.md").is_file()
    assert (out / "mkdocs.yml").read_text() == "site_name: Mine\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failed_write_leaves_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_folder(one_page("<p>a</p>"), {}, out)
    written: list[Path] = []

    def full(self: Path, data: bytes) -> int:
        written.append(self)
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FolderError, match="No space left"):
        write_folder(one_page("<p>b</p>"), {}, out)
    assert written
    assert "<p>a</p>" in (out / "docs/objectives/a/index.md").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("uri", ["../a.md", "/a.md", "a//b.md", "c:/a.md", "a/\n.md", "a\\b.md"])
def test_no_address_leads_out_of_the_folder(uri: str, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no address"):
        write_folder(one_page("<p>a</p>", uri), {}, tmp_path / "out")
    assert not re.search("out", " ".join(path.name for path in tmp_path.iterdir()))
