"""Sites whose authors typed anything: what is wrong is told, every page is safe and whole."""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from playwright.sync_api import Page

from tests.crawl import dead_links, repeated_ids

SCRIPT = "<script>alert(1)</script>\\\"'></title> ]]> <!-- okrsite:body --> {{ 7*7 }} {% raw %}"
SOLID = "W" * 400
TITLES = {
    "script": SCRIPT,
    "solid": SOLID,
    "wordy": "Reach what nobody has reached before " * 50,
    "rtl": "שיפור איכות המוצר \u202eevil\u202c 🏴‍☠️",
    "control": r"a\0b\ac\e[31m\u2028d\N\P",
}
BODY = """
<!-- okrsite:body --> <!-- okrsite:page <h1> --> {{ 7*7 }} {% raw %}

<script>alert(1)</script><style>body{display:none}</style><svg onload=alert(1)></svg>
<form action="https://evil.example"><input name=p type=password><button>go</button></form>
<iframe src="https://evil.example"></iframe><base href="//evil.example/">
<meta http-equiv="refresh" content="0;url=https://evil.example">

[js](javascript:alert(1)) [data](data:text/html,x) [evil](//evil.example/x) [odd](http://[)
[up](../../../etc/passwd) [gone](gone.md) <http://[::1> [own](#key-results) [none](#nowhere)

</div></div></article></main></body>

# Top {#key-results}

## Text {#key-results-text}

## Config {#__config}

A note[^1]. `id="history"` and `href="#history"` stay code.

[^1]: With `</script>`.

```html
</script><!-- okrsite:body -->
```

=== "Tab </div>"

    - [x] done

| a |
|---|
| WIDE |

<div class="md-overlay okr-x" style="position:fixed;z-index:9">over</div>
<p id="twice">1</p><p id="twice">2</p>

DEEP x

<details><summary>open

<b>bold <!-- never closed <script>alert(1)</script>
""".replace("WIDE", SOLID).replace("DEEP", "- " * 1500)

KEY_RESULTS = """key_results:
  - {{id: up, title: "{0}", metric: "{0}", unit: "{0}", start: 0, target: 10}}
  - {{id: done, title: "{0}", done_when: "{0}"}}
  - {{id: far, title: Far, unit: u, start: 0, target: 1, plan: {{2026-08-30: 900}}}}
  - {{id: kept, title: Kept, between: [1, 5]}}
"""
CONFIG = """site_name: Ugly <b>goals</b>
site_url: "{url}"
docs_dir: {docs}
theme: {{name: {theme}, font: false}}
plugins: {plugins}
{more}
markdown_extensions:
  - attr_list
  - footnotes
  - md_in_html
  - tables
  - toc: {{permalink: true}}
  - pymdownx.superfences
  - pymdownx.tabbed: {{alternate_style: true}}
  - pymdownx.tasklist
"""
OKRSITE = "{okrsite: {as_of: 2026-08-20}}"


def _objective(title: str, team: str = "script", more: str = "") -> str:
    head = f'---\ntitle: "{title}"\nperiod: q\nteam: {team}\nowner: "{title}"\n{more}'
    return f"{head}{KEY_RESULTS.format(title)}---\n"


def ugly_texts() -> dict[str, str | bytes]:
    """Everything anybody might type, on every kind of page."""
    period = "---\ntitle: {}\nstart: {}\nend: {}\nstate: committed\n---\n"
    files: dict[str, str | bytes] = {
        "periods/q.md": period.format(f'"{SCRIPT}"', "2026-07-01", "2026-09-30") + BODY,
        "periods/day.md": period.format("Day", "2026-08-20", "2026-08-20"),
        "periods/decade.md": period.format("Decade", "2020-01-01", "2029-12-31"),
    }
    above = ""
    for key, title in TITLES.items():
        files |= {
            f"teams/{key}.md": f'---\ntitle: "{title}"\n{above}lead: "{title}"\n---\n{BODY}',
            f"people/{key}.md": (
                f'---\ntitle: "{title}"\nteam: {key}\n'
                "links: {a: 'javascript:alert(1)', b: //evil.example}\n---\n" + BODY
            ),
            f"objectives/{key}.md": _objective(title, key) + BODY,
            f"initiatives/{key}.md": (
                f'---\ntitle: "{title}"\nstate: "{title}"\ncontributes_to: {key}/up\n---\n{BODY}'
            ),
            f"kpis/{key}.md": f'---\ntitle: "{title}"\nunit: "{title}"\nat_least: 3\n---\n{BODY}',
            f"amendments/{key}.md": (
                f"---\ndate: 2026-08-05\nsubject: {key}/up\nfield: target\nwas: 20\nnow: 10\n---\n"
                + BODY
            ),
        }
        for day, value in ((12, "-1e18"), (19, "1e18")):
            files[f"check-ins/{key}-{day}.md"] = (
                f'---\ndate: 2026-08-{day}\nauthor: "{title}"\nteam: {key}\nkey_results:\n'
                f"  {key}/up: {{value: {value}, confidence: 0.5}}\n  {key}/far: -19\n"
                f'kpis: {{{key}: 2}}\ninitiatives: {{{key}: {{blocked: "{title}"}}}}\n---\n{BODY}'
            )
        above = f"parent: {key}\n"
    return files


def colliding_texts() -> dict[str, str | bytes]:
    """Files that want an address which is another's."""
    bare = "---\ntitle: {0}\n---\nText of {0}.\n"
    return {
        "objectives/kept.md": _objective("Kept") + "Text of kept.\n",
        "objectives/kept/index.md": "# I\n\nText of an intruder.\n",
        "objectives/index.md": "# Objectives\n\nText of objectives.\n",
        "objectives/readme.md": _objective("Readme") + "Text of readme.\n",
        "teams/index.md": "# Teams\n\nText of teams.\n",
        "teams/-index-.md": bare.format("sneaky"),
        "everything.md": "# All\n\nText of everything.\n",
        "everything/index.md": "# All\n\nText of another everything.\n",
        "findings.md": "# F\n\nText of findings.\n",
        "check-ins/index.md": "# C\n\nText of check-ins.\n",
        "check-ins.md": "# C\n\nText of other check-ins.\n",
        "api/v1/okrs.json": "mine",
        "api/v1/okrs.json.md": "# J\n\nText of a folder.\n",
        "objectives/solid": "a file where a folder must be",
        "guide/latin.md": "---\ntitle: Latin\n---\n# Caf\xe9\n".encode("latin-1"),
        "guide/links.md": "# L\n\n[odd](http://[) [home](../index.md)\n",
        "index.md": "# Home\n\nText of home.\n",
    }


def project(folder: Path, files: Mapping[str, str | bytes], docs: str = "content", **more) -> Path:
    for name, text in files.items():
        path = folder / docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    values = {"url": "https://h.example/okrs/", "theme": "material", "more": ""}
    values |= {"plugins": f"[search, {OKRSITE}]", "docs": docs, **more}
    (folder / "mkdocs.yml").write_text(CONFIG.format(**values))
    return folder


@dataclass
class Parsed(HTMLParser):
    """What a built page would run, and whether its elements close as they open."""

    dangers: list[str] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.stack.append(tag)
        if tag in ("iframe", "object", "embed", "base", "button", "textarea"):
            self.dangers += [] if (dict(attrs).get("class") or "md-").startswith("md-") else [tag]
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or address.startswith(("javascript:", "data:text", "//evil")):
                self.dangers.append(f"{tag} {name}={value}")
            if name == "style" and re.search("position|url|z-index", address):
                self.dangers.append(f"{tag} {name}={value}")
            if value == "refresh" or address.startswith("https://evil"):
                self.dangers.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.stack or self.stack.pop() != tag):
            self.crossed.append(f"{tag} at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if not self.stack or self.stack[-1] not in ("script", "style"):
            self.words.append(data)
        elif "alert(1)" in data or "display:none" in data:
            self.dangers.append(data)


VOID = frozenset(
    ("br", "circle", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr")
)


def parsed(html: str) -> Parsed:
    page = Parsed()
    page.feed(re.sub(r"<(circle|path|line|rect)([^>]*)/>", r"<\1\2>", html))
    page.close()
    return page


@dataclass(frozen=True)
class Built:
    site: Path
    told: str
    pages: Mapping[str, str]


def built(folder: Path) -> Built:
    """The site of a project, what the build said, and its pages but for the theme's own."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    keep = Keep(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(keep)
    try:
        build(load_config(str(folder / "mkdocs.yml")))
    finally:
        logging.getLogger("mkdocs").removeHandler(keep)
    site = folder / "site"
    pages = {p.relative_to(site).as_posix(): p.read_text() for p in sorted(site.rglob("*.html"))}
    return Built(
        site, "\n".join(lines), {uri: html for uri, html in pages.items() if "404" not in uri}
    )


@pytest.fixture(scope="module")
def ugly(tmp_path_factory: pytest.TempPathFactory, plugin_path: Path | None) -> Built:
    folder = tmp_path_factory.mktemp("ugly")
    project(folder, {**ugly_texts(), **colliding_texts()})
    (folder / "content/objectives/leak.md").symlink_to("/etc/hostname")
    (folder / "content/objectives/gone.md").symlink_to("/nowhere/gone.md")
    (folder / "content/gone.png").symlink_to("/nowhere/gone.png")
    return built(folder)


def test_no_link_is_dead_and_no_id_stands_twice(ugly: Built) -> None:
    assert dead_links(ugly.site, "/okrs/") == []
    assert repeated_ids(ugly.site) == []


def test_nothing_runs_and_every_element_closes(ugly: Built) -> None:
    assert len(ugly.pages) > 40
    for uri, html in ugly.pages.items():
        page = parsed(html)
        assert page.dangers == [], uri
        assert page.crossed == [] and page.stack == [], uri
        assert page.tags.count("h1") == 1, uri
        assert page.tags.count("article") == 1, uri
        words = "".join(page.words)
        assert "49 {%" not in words and "Traceback" not in words, uri
        assert "<!-- okrsite:body -->" not in html.replace("&lt;!--", ""), uri


@pytest.mark.parametrize(
    "place",
    [
        r"objectives/script\.md:15:\d+: error OKR018: `<script>`",
        r"objectives/script\.md:20:\d+: error OKR018: a link that runs code",
        r"objectives/script\.md:20:83: error OKR018: `http://\[` is no address",
        r"objectives/script\.md:21:6: error OKR101: the link to `\.\./\.\./\.\./etc/passwd`",
        r"objectives/script\.md:21:34: error OKR101: the link to `gone\.md`",
        r"check-ins/script-12\.md:\d+:\d+: error OKR101: the link to `gone\.md`",
        r"people/script\.md:4:\d+: error OKR012: `a`",
        r"initiatives/script\.md:3:8: error OKR106",
        r"guide/links\.md:3:7: error OKR018: `http://\[` is no address",
        r"guide/latin\.md:4:6: error OKR001: not UTF-8",
        r"objectives/kept/index\.md:1:1 is not published",
        r"teams/-index-\.md:1:1 is not published",
        r"everything/index\.md:1:1 is not published",
        r"content/check-ins\.md:1:1 is not published",
        r"api/v1/okrs\.json:1:1 is not published",
        r"api/v1/okrs\.json\.md:1:1 is not published",
        r"objectives/solid:1:1 is not published",
        r"objectives/leak\.md:1:1 cannot be read: a link that leads out of the folder",
        r"objectives/gone\.md:1:1 cannot be read",
        r"content/gone\.png:1:1 cannot be read",
    ],
)
def test_everything_is_told_with_its_place_in_one_run(ugly: Built, place: str) -> None:
    kind = place.partition("/")[0]
    assert re.search(place, ugly.told), [it for it in ugly.told.split("\n") if kind in it][:40]


def test_each_text_stands_on_its_own_page_or_on_none(ugly: Built) -> None:
    texts = {
        "kept": "objectives/kept/",
        "readme": "objectives/readme/",
        "teams": "teams/",
        "everything": "everything/",
        "findings": "findings/",
        "check-ins": "check-ins/",
        "home": "",
    }
    for name, place in texts.items():
        assert f"Text of {name}." in ugly.pages[f"{place}index.html"], name
    everywhere = "".join(ugly.pages.values())
    for name in ("an intruder", "sneaky", "another everything", "other check-ins", "a folder"):
        assert f"Text of {name}." not in everywhere, name
    assert '"schema"' in (ugly.site / "api/v1/okrs.json").read_text()


def test_authors_code_stays_as_it_was_typed(ugly: Built) -> None:
    html = ugly.pages["objectives/solid/index.html"]
    assert '<code>id="history"</code>' in html and '<code>href="#history"</code>' in html
    assert '<h2 id="key-results">Key results</h2>' in html
    assert '<h2 id="key-results-text-2">Top' in html and 'href="#key-results-text-2">own' in html


def test_a_strict_build_fails_after_it_has_told_all(
    tmp_path: Path, ugly: Built, caplog: pytest.LogCaptureFixture
) -> None:
    bad = {"objectives/a.md": "---\ntitle: A\n---\n[x](http://[)\n", "a/b.md": "# B\n"}
    project(tmp_path, bad)
    with pytest.raises(Abort), caplog.at_level(logging.WARNING, "mkdocs"):
        build(load_config(str(tmp_path / "mkdocs.yml"), strict=True))
    assert "objectives/a.md:4:5" in caplog.text and "`period` is missing" in caplog.text


PLAIN = {key: text for key, text in ugly_texts().items() if "solid" not in key}


OTHERS = {
    "mkdocs": {"plugins": f"[{OKRSITE}, search]", "docs": "content"},
    "readthedocs": {
        "plugins": f"[{OKRSITE}]",
        "url": "",
        "more": "use_directory_urls: false",
        "docs": "my content ü",
    },
}


@pytest.mark.parametrize("theme", OTHERS)
def test_another_theme_order_address_and_folder(
    tmp_path: Path, plugin_path: Path | None, theme: str
) -> None:
    more = OTHERS[theme]
    made = built(project(tmp_path, PLAIN, theme=theme, **more))
    links = dead_links(made.site, "/" if more.get("url") == "" else "/okrs/")
    assert [link for link in links if "search.html" not in link] == []
    assert repeated_ids(made.site) == []
    for uri, html in made.pages.items():
        assert "<script>alert" not in html and "<!-- okrsite:" not in html, uri
    assert f"{more['docs']}/objectives/script.md:16:" in made.told


@pytest.mark.parametrize(
    "files", [{}, {"a.md": "# A\n"}, {"objectives/o.md": "---\ntitle: O\n---\n"}]
)
def test_next_to_nothing_is_a_site(
    tmp_path: Path, plugin_path: Path | None, files: dict[str, str | bytes]
) -> None:
    (tmp_path / "content").mkdir()
    made = built(project(tmp_path, files))
    assert dead_links(made.site, "/okrs/") == []
    assert "No goals yet" in made.pages["everything/index.html"] or "objectives/o.md" in files


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Tests have their own words."""


class _Patient(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes on to another page breaks its connection."""


@pytest.fixture
def address(ugly: Built) -> Iterator[str]:
    server = _Patient(("127.0.0.1", 0), partial(_Quiet, directory=str(ugly.site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_reaches_over_the_edge(
    page: Page, address: str, width: int, console_errors: list[str]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    kinds = ("objectives/", "teams/", "kpis/", "initiatives/", "people/")
    ugliest = [f"{kind}{key}/" for kind in kinds for key in ("solid", "wordy")]
    overviews = ("", "teams/", "kpis/", "initiatives/", "periods/", "periods/q/", "check-ins/")
    for uri in (*ugliest, *overviews, "everything/", "findings/", "objectives/rtl/"):
        page.goto(f"{address}/{uri}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, uri
    page.goto("about:blank")
    console_errors.clear()  # of pages that were left before they had all of the search index
