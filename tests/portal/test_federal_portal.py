"""Goals that real agencies published, with all their oddities, make a portal that holds."""

import re
from posixpath import join, normpath

import pytest

from okrsite.portal.build import build_site
from okrsite.portal.links import directory
from okrsite.portal.site import Site, SiteUrls
from tests.crawl import read_page
from tests.okr.test_federal_goals import CORPUS, book

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus is not beside this checkout"
)


@pytest.fixture(scope="module")
def site() -> Site:
    return build_site(book("2022-09-30"), lambda text: f"<p>{text}</p>", SiteUrls())


def test_every_goal_has_a_page_and_every_link_a_target(site: Site) -> None:
    pages = {directory(page.uri): read_page(page.html) for page in site.pages}
    assert sum(page.kind == "objective" for page in site.pages) == 18
    dead = []
    for place, page in pages.items():
        for link in page.links:
            address, _, anchor = link.partition("#")
            if ":" in address:
                continue
            target = normpath(join("/", place, address)).strip("/")
            target = f"{target}/" if target else ""
            known = target in pages or target.rstrip("/") in site.files
            if not known or (anchor and anchor not in pages[target].ids):
                dead.append(f"{place} → {link}")
    assert dead == []


def test_a_progress_far_off_the_scale_is_shown_as_it_is(site: Site) -> None:
    scores = book("2022-09-30").scorecard.key_results.values()
    far = [s for s in scores if s.progress is not None and not -1 <= s.progress <= 2]
    assert far, "the corpus holds numbers far off the scale"
    for score in far:
        goal, _, name = score.ref.partition("/")
        page = next(page for page in site.pages if page.uri == f"objectives/{goal}.md")
        row = page.html.split(f'id="kr-{name}"', 1)[1].split("</tr>", 1)[0]
        styles = re.findall(r"--v:(-?\d+)", row)
        assert all(0 <= int(value) <= 400 for value in styles)
