"""Two Books → Changes: every difference named by kind, followed by id wherever a file lies."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from okrsite.okr.changes.change import RULES, Change
from okrsite.okr.changes.check_ins import check_in_changes
from okrsite.okr.changes.declared import (
    NOUNS,
    Declared,
    Key,
    Unread,
    keys_of,
    touched_paths,
    unread,
)
from okrsite.okr.changes.ease import Verdict
from okrsite.okr.changes.goals import objective_changes
from okrsite.okr.changes.pairs import Pair, Sides, pair_of, same_but, standing_of
from okrsite.okr.changes.policies import settings_changes
from okrsite.okr.changes.records import is_record, record_changes
from okrsite.okr.changes.renamed import renamed
from okrsite.okr.changes.rest import other_changes
from okrsite.okr.changes.written import AS_RECORDED, altered_in, as_written
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.guard.amended import amended
from okrsite.okr.guard.merged import rewritten
from okrsite.okr.guard.two import Two
from okrsite.okr.pipeline import Book
from okrsite.okr.records import kind_of

SETTINGS = "mkdocs.yml"


@dataclass(frozen=True, slots=True)
class Pages:
    """How many ordinary pages differ."""

    added: int = 0
    edited: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        return self.added + self.edited + self.removed


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs, the gravest first; `unread` is what could not be compared."""

    changes: tuple[Change, ...] = ()
    pages: Pages = Pages()
    unread: tuple[Unread, ...] = ()


def between(base: Book, head: Book, options: Iterable[Change] = ()) -> Changes:
    """What `head` says that `base` does not, and the other way round; with what `options` add.

    A file in whose place a record is shown is told by what it says itself.
    """
    paths = tuple(touched_paths(base, head))
    altered = frozenset((*altered_in(base, paths), *altered_in(head, paths)))
    sides = Sides(Declared(as_written(base, altered)), Declared(as_written(head, altered)))
    goals = [path for path in paths if kind_of(path)]
    settings = settings_changes(base.settings, head.settings, SETTINGS)
    records = record_changes(base.parsed.raw, head.parsed.raw, paths)
    nouns = noted(_as_checked(tuple(_nouns(sides, goals)), base, head), altered)
    found = (*nouns, *records, *settings, *options)
    return Changes(
        in_order(found),
        _pages(base, head, [p for p in paths if not kind_of(p) and not is_record(p)]),
        (
            *unread("base", sides.base, sides.head, goals),
            *unread("head", sides.head, sides.base, goals),
        ),
    )


_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_RULES = tuple(RULES)
_NOUNS = ("setting", "period", "objective", "key result", "initiative", "KPI", "check-in")


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The Changes with the gravest first."""
    return tuple(sorted(changes, key=_order))


def _order(change: Change) -> tuple[object, ...]:
    noun = _NOUNS.index(change.noun) if change.noun in _NOUNS else len(_NOUNS)
    rule = _RULES.index(change.rule.id)
    return (_WEIGHT[change.severity], noun, change.subject, rule, change.field, change.fingerprint)


def noted(changes: Iterable[Change], altered: Collection[str]) -> Iterator[Change]:
    """The Changes, with a word on those that change nothing that is shown."""
    for each in changes:
        note = "; ".join(filter(None, (each.note, AS_RECORDED)))
        yield replace(each, note=note) if each.path in altered else each


def _as_checked(changes: tuple[Change, ...], base: Book, head: Book) -> Iterator[Change]:
    """The Changes, those of amendments as heavy as the check of a change calls them."""
    known = any(each.noun == NOUNS["amendments"] for each in changes)
    two = Two(base, head)
    found: dict[str, Finding] = {}
    for finding in (*amended(two), *rewritten(two)) if known else ():
        first = found.setdefault(finding.path, finding)
        if _WEIGHT[finding.severity] < _WEIGHT[first.severity]:
            found[finding.path] = finding
    for each in changes:
        told = found.get(each.path) if each.noun == NOUNS["amendments"] else None
        if told is not None and _WEIGHT[told.severity] < _WEIGHT[each.severity]:
            note = "; ".join(filter(None, (each.note, told.message)))
            yield replace(each, severity=told.severity, note=note)
        else:
            yield each


def _pages(base: Book, head: Book, paths: Iterable[str]) -> Pages:
    one, other = base.parsed.raw, head.parsed.raw
    kinds = Counter(
        "added" if path not in one else "removed" if path not in other else "edited"
        for path in paths
    )
    return Pages(**kinds)


def _nouns(sides: Sides, paths: list[str]) -> Iterator[Change]:
    blank = {key for path in paths if _is_blank(sides, path) for key in _keys(sides, path)}
    touched = dict.fromkeys(keys_of(paths, sides.base, sides.head))
    keys = [key for key in touched if key not in blank]
    before = {key: noun for key in keys if (noun := sides.base.nouns.get(key))}
    after = {key: noun for key in keys if (noun := sides.head.nouns.get(key))}
    texts = (sides.base.book.parsed.raw, sides.head.book.parsed.raw)
    again = renamed(before, after, texts)
    for key in keys:
        if key not in again.values():
            was, now = before.get(key), after.get(again.get(key, key))
            if was is not now:
                yield from _changes(sides, key[0], was, now)


def _is_blank(sides: Sides, path: str) -> bool:
    return sides.base.is_unreadable(path) or sides.head.is_unreadable(path)


def _keys(sides: Sides, path: str) -> Iterator[Key]:
    """What a path stands for on either side, so that nothing is said of it."""
    return keys_of((path,), sides.base, sides.head)


def _changes(sides: Sides, kind: str, was: Any, now: Any) -> Iterator[Change]:
    found = list(_of_kind(sides, kind, was, now))
    if was is not None and now is not None:
        standing = standing_of(sides, was.period) if kind == "objectives" else ""
        pair = pair_of(sides, kind, was, now, standing)
        found += _whole_file(pair, kind)
        if not found:
            found += _unnamed(pair)
    yield from found


def _of_kind(sides: Sides, kind: str, was: Any, now: Any) -> Iterator[Change]:
    if kind == "objectives":
        return objective_changes(sides, was, now)
    if kind == "check-ins":
        return check_in_changes(sides, was, now)
    return other_changes(sides, kind, was, now)


_RENAMED: Mapping[str, str] = {
    "objectives": "objective-renamed",
    "initiatives": "initiative-renamed",
    "kpis": "kpi-renamed",
}


def _whole_file(pair: Pair, kind: str) -> Iterator[Change]:
    """A file with another name, or in another folder."""
    was, now = pair.was, pair.now
    if was.id != now.id and kind in _RENAMED:
        note = "whatever names the old id leads nowhere now"
        yield pair.change(Verdict(_RENAMED[kind], "id", was.id, now.id, note))
    elif was.path != now.path:
        yield pair.change(Verdict("file-moved", "", was.path, now.path))


def _unnamed(pair: Pair) -> Iterator[Change]:
    """What has no name of its own: an order of things, or other bytes for the same meaning."""
    if not pair.is_sure(""):
        return
    raw = pair.sides.head.book.parsed.raw[pair.now.path]
    rule = "format-only" if same_but(pair.was, pair.now, "body") else "details-changed"
    yield pair.change(Verdict(rule, ""), sha256(raw).hexdigest())
