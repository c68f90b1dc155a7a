"""A Book as its files say it where a record stands in for them: what a change really changes."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from posixpath import basename

from okrsite.okr.model import CheckIn
from okrsite.okr.pipeline import Book, read_all
from okrsite.okr.portfolio import join
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.manifest import digest

AS_RECORDED = "what was recorded is shown instead"


def altered_in(book: Book, paths: Iterable[str]) -> Iterator[str]:
    """The goals' files among `paths` that do not say what a record in their place does."""
    closed = book.parsed.closed
    if not closed.records:
        return
    hashes = (record.hashes.items() for record in closed.records.values())
    known = {(basename(path), mark) for files in hashes for path, mark in files}
    for path in paths:
        if kind_of(path) and _is_stood_in_for(book, path):
            raw, there = book.parsed.raw.get(path), path in book.parsed.nouns
            if raw is None or not there or (basename(path), digest(raw)) not in known:
                yield path


def _is_stood_in_for(book: Book, path: str) -> bool:
    """Whether what a file says is not what counts: of a check-in that may be a word of many."""
    closed, noun = book.parsed.closed, book.parsed.nouns.get(path)
    if path in closed.covered:
        return True
    if noun is None:
        return path in book.parsed.documents
    said = book.parsed.documents[path].data.get("key_results") if path in book.parsed.raw else None
    words = said if isinstance(noun, CheckIn) and isinstance(said, dict) else {}
    return any(closed.home(str(ref)) for ref in words)


def as_written(book: Book, paths: Collection[str]) -> Book:
    """The Book with what the files at `paths` say, or without them where there are none."""
    parsed = book.parsed
    if not paths or not parsed.closed.records:
        return book
    today = read_all({path: parsed.raw[path] for path in paths if path in parsed.raw})
    nouns = {path: noun for path, noun in parsed.nouns.items() if path not in paths}
    documents = {path: each for path, each in parsed.documents.items() if path not in paths}
    nouns, documents = {**nouns, **today.nouns}, {**documents, **today.documents}
    findings = {**parsed.findings, **today.findings}
    parsed = replace(parsed, nouns=nouns, documents=documents, findings=findings)
    portfolio, _ = join(tuple(nouns.values()), documents)
    return replace(book, parsed=parsed, world=replace(book.world, portfolio=portfolio, memo={}))
