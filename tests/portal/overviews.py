"""Overview pages from source text, after what must be true of each of them."""

from collections.abc import Callable, Iterator, Mapping

from okrsite.okr.pipeline import Book
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.workshop import Workshop
from tests.crawl import read_page
from tests.portal.rendering import Rendered, said, shop
from tests.support import PERIOD

COMPANY = {
    "periods/2026-q3.md": PERIOD,
    "teams/acme.md": "---\ntitle: Acme\nlevel: company\nlead: hana\n---\n",
    "teams/platform.md": "---\ntitle: Platform\nparent: acme\nlead: ana\nmembers: [ana]\n---\n",
    "teams/mobile.md": "---\ntitle: Mobile\nparent: acme\n---\n",
    "people/ana.md": "---\ntitle: Ana\nteam: platform\n---\n",
    "people/hana.md": "---\ntitle: Hana\nteam: acme\n---\n",
}
EVIL = "<script>alert(1)</script>"
LONG = "long " * 100


def objective(title: str, *key_results: str, **fields: str) -> str:
    """An objective of 2026-q3 with key results as `id: …, title: …` fields."""
    said = {"period": "2026-q3", "team": "platform", "owner": "ana", **fields}
    head = "".join(f"{name}: {value}\n" for name, value in said.items())
    rows = "".join(f"  - {{{fields}}}\n" for fields in key_results)
    return f"---\ntitle: '{title}'\n{head}" + (f"key_results:\n{rows}" if rows else "") + "---\n"


def check_in(day: str, values: str = "", body: str = "Said so.", **fields: str) -> str:
    """A check-in with `objective/kr: value` pairs."""
    said = {"author": "ana", "key_results": f"{{{values}}}", **fields}
    head = "".join(f"{name}: {value}\n" for name, value in said.items() if value)
    return f"---\ndate: {day}\n{head}---\n{body}\n"


def overview(pages: Callable[[Workshop], Iterator[SitePage]], book: Book) -> Mapping[str, Rendered]:
    """Pages by their address."""
    return {page.uri: checked(page) for page in pages(shop(book))}


def checked(page: SitePage) -> Rendered:
    """A page with its words; nothing foreign runs in it, and its own links and hits arrive."""
    dom = read_page(page.html)
    assert page.html.count(BODY_SLOT) == 1
    assert not {"script", "style"} & set(dom.tags)
    assert "onerror" not in page.search
    assert len(dom.ids) == len(set(dom.ids)), "an id stands twice"
    assert {link[1:] for link in dom.links if link.startswith("#")} <= set(dom.ids)
    assert set(read_page(page.search).ids) <= set(dom.ids)
    return Rendered(page, said(page.html), dom)
