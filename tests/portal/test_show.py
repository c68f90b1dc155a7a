"""`okrsite show` of what was put on record: why there is no number, and what was last known."""

from okrsite.portal.show import show
from tests.portal.snapshots import book_with
from tests.support import PERIOD

FILES = {
    "periods/q.md": PERIOD.replace("committed", "closed\nclosed_on: 2026-10-05"),
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "objectives/cash.md": """---
title: Cash lasts
period: q
team: acme
owner: Ana
key_results:
  - {id: forecast, title: Forecast, unit: "%", start: 0, target: 10}
  - {id: runway, title: Runway, start: 0, target: 10}
---
""",
    "check-ins/aug.md": (
        "---\ndate: 2026-08-10\nauthor: Ana\nkey_results: {cash/forecast: 4}\n---\n"
    ),
}
OPEN = "closed without a closing check-in, so no data, counted as 0 %"


def shown(ref: str, *names: str, files: dict[str, str] = FILES) -> str:
    text = show(book_with(files, *names, as_of="2026-10-20"), ref)
    assert text is not None
    return text


def test_a_key_result_recorded_without_data_says_why_and_what_was_last_known() -> None:
    known = "  last known 4 % on 10 Aug 2026 in check-ins/aug.md, which does not count\n"
    found = shown("cash/forecast", "q/closed")
    assert f"  no data\n  {OPEN}\n{known}" in found
    assert f"  {OPEN}\n  nothing was ever said of it\n" in shown("cash/runway", "q/closed")
    assert f"cash/forecast: {OPEN}; weight 1, counts 0.0 %" in shown("cash", "q/closed")


def test_before_it_is_on_record_the_last_value_counts() -> None:
    found = shown("cash/forecast")
    assert "40.0 % of the way" in found and "closing" not in found
    assert "  no data, counted as 0 %\n" in shown("cash/runway")
