"""Small source texts that the tests of numbers are made of: a period of 100 days, goals, words."""

from collections.abc import Mapping
from datetime import date, timedelta

from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from tests.support import book

FIRST = date(2026, 1, 1)


def on(day: int) -> str:
    """Day `day` of the period, whose first is 0 and whose last is 100."""
    return (FIRST + timedelta(days=day)).isoformat()


def text(*lines: str, body: str = "") -> str:
    """A file of frontmatter lines and prose."""
    return "\n".join(["---", *lines, "---", body])


def period(start: int = 0, end: int = 100, *more: str) -> str:
    return text("title: Quarter", f"start: {on(start)}", f"end: {on(end)}", *more)


def goal(*key_results: str, fields: str = "") -> str:
    """An objective in `q`; a key result is written as `a, start: 0, target: 10`."""
    period_line = [] if "period:" in fields else ["period: q"]
    rows = [f"  - {{title: Result, id: {row}}}" for row in key_results]
    lines = ["title: Goal", *period_line, *(fields.split("; ") if fields else [])]
    return text(*lines, *(["key_results:", *rows] if rows else []))


def said(day: int, *words: str, fields: str = "") -> str:
    """A check-in on key results, a word as `goal/a: 5`."""
    rows = ["key_results:", *(f"  {word}" for word in words)] if words else []
    more = fields.split("; ") if fields else []
    return text(f"date: {on(day)}", "author: Ana", *more, *rows)


def amended(day: int, subject: str, field: str, was: object, now: object) -> str:
    """An amendment; a value of None is left out."""
    values = [f"{k}: {v}" for k, v in (("was", was), ("now", now)) if v is not None]
    head = (f"date: {on(day)}", "author: Ana", f"subject: {subject}", f"field: {field}")
    return text(*head, *values, body="Why.")


def made(files: Mapping[str, str], day: int = 40, **options: object) -> Book:
    """The Book of `files` on a day of the period `q`; `x.md` alone is an objective."""
    named = {path if "/" in path else f"objectives/{path}": told for path, told in files.items()}
    return book({"periods/q.md": period(), **named}, on(day), **options)


def kr(world: Book, ref: str = "goal/a") -> KeyResultScore:
    return world.scorecard.key_results[ref]


def objective(world: Book, name: str = "goal") -> ObjectiveScore:
    return world.scorecard.objectives[name]


def errors(world: Book, *codes: str) -> list[str]:
    """Findings as `path:line:column code`, of `codes` where some are given, else all errors."""
    return [
        f"{f.path}:{f.line}:{f.column} {f.code}"
        for f in world.findings
        if (f.code in codes if codes else f.severity == "error")
    ]
