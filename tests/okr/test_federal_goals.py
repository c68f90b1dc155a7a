"""Goals that six government agencies published come out as the government computed them."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from okrsite.okr.pipeline import Book, load
from okrsite.okr.settings import Settings
from okrsite.okr.sources import read_folder
from okrsite.portal.words import fixed

CORPUS = Path(__file__).parents[3] / "shared/corpora/federal-goals"

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus is not beside this checkout"
)


def rows() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "expected.csv").open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["formula_class"] == "linear"]


@cache
def book(day: str) -> Book:
    return load(read_folder(CORPUS), Settings(), date.fromisoformat(day))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['key_result']} {row['as_of']}")
def test_every_linear_row_to_its_last_printed_digit(row: dict[str, str]) -> None:
    progress = book(row["as_of"]).scorecard.key_results[row["key_result"]].progress
    published = row["published_progress"]
    digits = len(published.partition(".")[2])
    assert progress is not None
    assert fixed(progress, digits).replace("−", "-") == published


def test_there_are_as_many_goals_as_were_published() -> None:
    made = book("2022-09-30")
    assert (len(made.scorecard.objectives), len(made.scorecard.key_results)) == (18, 53)
    assert [str(f) for f in made.findings if f.severity == "error"] == []
