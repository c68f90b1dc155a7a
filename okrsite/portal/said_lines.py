"""What was said of a closed key result, a check-in a line.

A large period has forty thousand of them. So they are put together here from the record's own
text, and what many of them share is written once: a day, a number, a note.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from okrsite.okr.lazily import Lazily
from okrsite.okr.model import KeyResult
from okrsite.portal.parts import first_paragraph
from okrsite.portal.words import day, fixed, number, shortened

_LONGEST_NOTE = 200
# Links, and marks in pairs around words or before a line; a sign that stands alone is a word.
_MARKS = re.compile(
    r"\[([^\]]*)\]\([^)]*\)|(?:\*\*|__)(\S(?:.*?\S)?)(?:\*\*|__)"
    r"|(?<!\w)[*_](\S(?:[^*_]*\S)?)[*_](?!\w)|`([^`]+)`|^(?:#{1,6}|>)[ \t]+",
    re.MULTILINE,
)
_ABOVE = Markup("(note above)")


def said_lines(
    rows: Iterable[Mapping[str, Any]], kr: KeyResult, notes: Mapping[str, Markup], above: set[str]
) -> Markup:
    """The check-ins of a key result, with their notes; `above` gathers whose note was shown."""
    titles = {milestone.id: milestone.title for milestone in kr.milestones}
    return Markup("".join(_line(row, titles, notes, above) for row in rows))


def _line(
    row: Mapping[str, Any], titles: Mapping[str, str], notes: Mapping[str, Markup], above: set[str]
) -> str:
    name, words = row["check_in"], ", ".join(_said(row, titles))
    note = notes.get(name, "")
    shown = _ABOVE if note and name in above else note
    above.add(name)
    return f"<li>{_day(row['date'])} <b>{words}</b> {shown}</li>\n"


def _said(row: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[str]:
    if "value" in row:
        yield _number(row["value"])
    if "yes" in row:
        yield "done" if row["yes"] else "not done"
    if "done" in row:
        yield f"{escape(', '.join(titles.get(name, name) for name in row['done']))} done"
    if "confidence" in row:
        yield f"confidence {_number(row['confidence'])}"
    if "status" in row:
        yield str(escape(row["status"].replace("-", " ")))
    if "said_score" in row:
        yield f"score {score_text(Fraction(row['said_score']))}"


@lru_cache(maxsize=4096)
def _day(text: str) -> str:
    return day(date.fromisoformat(text))


@lru_cache(maxsize=65_536)
def _number(text: str) -> str:
    return number(Fraction(text))


def score_text(score: Fraction) -> str:
    """A score as people typed it, with the decimal that every computed one has."""
    return fixed(score, 1) if score * 10 == int(score * 10) else number(score)


def bare_notes(texts: Mapping[str, str]) -> Mapping[str, Markup]:
    """Each check-in's note in plain words, safe to stand in a page."""
    return Lazily(texts, lambda text: escape(bare(text)))  # many are of check-ins not shown


def bare(body: str) -> str:
    """The first paragraph of a note without its marks of Markdown, on one line."""
    text = _MARKS.sub(lambda found: next(filter(None, found.groups()), ""), first_paragraph(body))
    return shortened(" ".join(text.split()), _LONGEST_NOTE)
