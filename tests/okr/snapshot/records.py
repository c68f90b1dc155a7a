"""Records made from small texts: of the period `q` and those that follow it, 100 days each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from okrsite.okr.pipeline import Book, add_up, load
from okrsite.okr.settings import read_settings
from okrsite.okr.snapshot.chain import read_chain
from okrsite.okr.snapshot.making import Materials, Origin, dump_record
from okrsite.okr.snapshot.manifest import dump_manifest, manifest_of
from okrsite.okr.snapshot.names import CHANGES, MANIFEST, RECORD, SOURCES, name_of
from okrsite.okr.snapshot.record import Record, read_record
from okrsite.okr.snapshot.steps import dump_changes, step_between, wanted
from okrsite.okr.sources import Sources
from tests.okr.texts import on, period

TEAMS = {
    "teams/all.md": "---\ntitle: All\n---\n",
    "teams/some.md": "---\ntitle: Some\nparent: all\n---\n",
}
ORIGIN = Origin("1a2b3c4d", "content", "okrsite", {})


def frame(start: int, state: str = "closed") -> str:
    """A period of 100 days, committed on its first and closed on its last."""
    end = start + 99
    days = [f"committed_on: {on(start)}"] if state != "draft" else []
    days += [f"closed_on: {on(end)}"] if state == "closed" else []
    return period(start, end, f"state: {state}", *days)


FRAMES = {"periods/q.md": frame(0), "periods/r.md": frame(100), "periods/s.md": frame(200)}


def sources(files: Mapping[str, str | bytes]) -> Sources:
    """The texts with teams and periods; `x.md` alone is an objective."""
    named = {path if "/" in path else f"objectives/{path}": told for path, told in files.items()}
    every = {**FRAMES, **TEAMS, **named}
    return {p: t if isinstance(t, bytes) else t.encode() for p, t in sorted(every.items())}


def loaded(
    files: Mapping[str, str | bytes], day: int, missing: tuple[str, ...] = (), **options: Any
) -> Book:
    """The Book of the texts on a day, on which those `missing` end without data."""
    settings, faults = read_settings(options)
    assert not faults
    book = load(sources(files), settings, date.fromisoformat(on(day)))
    if not missing:
        return book
    world, scorecard, _ = add_up(book.parsed, settings, book.as_of, missing)
    return replace(book, world=world, scorecard=scorecard)


def texts(book: Book, name: str, missing: tuple[str, ...] = ()) -> tuple[bytes, bytes]:
    """`record.json` and `sources.sha256`; `missing` are closed without a closing check-in."""
    return dump_record(Materials(book, name_of(name), ORIGIN, (), missing))


def record(
    files: Mapping[str, str | bytes],
    name: str,
    day: int,
    missing: tuple[str, ...] = (),
    **options: Any,
) -> Record:
    """The record of that name, made on a day."""
    return read_record(texts(loaded(files, day, **options), name, missing)[0])


def published(
    files: Mapping[str, str | bytes],
    name: str,
    day: int,
    known: Mapping[str, bytes],
    missing: tuple[str, ...] = (),
    **options: Any,
) -> dict[str, bytes]:
    """The files of a snapshot that follows those of `known`."""
    book, mine = loaded(files, day, missing, **options), name_of(name)
    raw, sums = texts(book, name, missing)
    chain = read_chain(known)
    earlier = wanted(mine, chain, book.portfolio.periods)
    steps = [step_between(read_record(known[n.file(RECORD)]), read_record(raw)) for n in earlier]
    parts = {RECORD: raw, SOURCES: sums, CHANGES: dump_changes(steps)}
    manifest = manifest_of(mine, ORIGIN.commit, book.as_of, parts, chain.newest)
    return {mine.file(p): t for p, t in {**parts, MANIFEST: dump_manifest(manifest)}.items()}
