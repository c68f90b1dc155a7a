"""Numbers and texts beyond measure: bars stay in their frame, pages with long words are marked."""

from fractions import Fraction

import pytest

from okrsite.okr.status import Status
from okrsite.portal.build import build_site
from okrsite.portal.parts import progress_bar
from okrsite.portal.site import SiteUrls
from okrsite.portal.words import number, percent, span
from tests.support import PERIOD, book

OBJECTIVE = """---
title: {}
period: q
key_results:
  - {{id: a, title: A, metric: m, unit: {}, start: 0, target: 1}}
---
"""


def _marked(title: str, unit: str = "u") -> list[str]:
    made = book(
        {
            "periods/q.md": PERIOD,
            "objectives/o.md": OBJECTIVE.format(title, unit),
            "objectives/plain.md": OBJECTIVE.format("Plain", "u"),
        }
    )
    site = build_site(made, lambda text: "", SiteUrls())
    return [page.uri for page in site.pages if "okr-long" in page.html]


def test_only_pages_that_show_a_long_word_are_marked() -> None:
    assert _marked("A goal with an internationalization") == []
    found = _marked("A " + "w" * 60)
    assert "objectives/o.md" in found and "objectives/plain.md" not in found


def test_a_unit_that_is_a_sentence_is_long() -> None:
    assert "objectives/o.md" in _marked("A", "furlongs in every fortnight of the year")


@pytest.mark.parametrize(
    ("progress", "expected", "style"),
    [
        (Fraction(1, 2), Fraction(9), "--v:50;--e:100"),
        (Fraction(1, 2), Fraction(-3), "--v:50;--e:0"),
        (Fraction(3), Fraction(2), "--v:300;--e:200;--m:300"),
        (Fraction(10**18), Fraction(1, 2), "--v:400;--e:50;--m:400"),
        (Fraction(-19), Fraction(1, 2), "--v:0;--e:50"),
    ],
)
def test_what_is_expected_stays_within_the_bar(
    progress: Fraction, expected: Fraction, style: str
) -> None:
    assert progress_bar("x", Status.ON_TRACK, progress, expected).style == style


def test_numbers_beyond_counting_are_powers() -> None:
    assert number(Fraction(10**14)) == "100,000,000,000,000"
    assert number(Fraction(-(10**18))) == "−1e18"
    assert percent(Fraction(10**99)) == "1e101\u00a0%"


def test_long_times_are_years() -> None:
    assert (span(700), span(46000)) == ("23\u00a0months", "126\u00a0years")


def test_a_reason_of_some_words_is_no_long_word() -> None:
    files = {
        "teams/acme.md": "---\ntitle: Acme\n---\n",
        "initiatives/i.md": "---\ntitle: Work\nteam: acme\n---\n",
        "check-ins/c.md": "---\ndate: 2026-08-18\ninitiatives:\n"
        "  i: {state: doing, blocked: the licence for the second database is with legal}\n---\n",
    }
    site = build_site(book(files), str, SiteUrls())
    assert not any("okr-long" in page.html for page in site.pages)
