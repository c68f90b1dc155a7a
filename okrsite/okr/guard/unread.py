"""What of the goals that were merged cannot be read, so that no change of it can be told."""

from collections.abc import Iterator

from okrsite.okr.changes.declared import Declared, touched_paths
from okrsite.okr.frontmatter import Loc
from okrsite.okr.guarded import OF_KEY_RESULT, OF_KPI, OF_OBJECTIVE, OF_PERIOD
from okrsite.okr.pipeline import Book
from okrsite.okr.records import kind_of

_GUARDED = {
    "objectives": frozenset((*OF_OBJECTIVE, *OF_KEY_RESULT, "id")),
    "periods": frozenset(OF_PERIOD),
    "kpis": frozenset(OF_KPI),
}


def not_compared(base: Book, head: Book) -> tuple[tuple[str, str], ...]:
    """Each file that `head` changed and of which `base` could not be read, and why not."""
    return tuple(_not_compared(Declared(base), Declared(head)))


def _not_compared(base: Declared, head: Declared) -> Iterator[tuple[str, str]]:
    for path in touched_paths(base.book, head.book):
        guarded = _GUARDED.get(kind_of(path) or "")
        if guarded is None or path not in base.book.parsed.documents:
            continue
        if base.is_unreadable(path):
            yield path, "the base cannot be read"
            continue
        for loc in sorted(base.faulty(path), key=str):
            if _decides(loc, guarded) and _raw(base, path, loc) != _raw(head, path, loc):
                yield path, f"`{_name(loc)}` of the base cannot be read"


def _decides(loc: Loc, guarded: frozenset[str]) -> bool:
    """Whether a place is, or lies in, a field that is guarded; or is a whole key result."""
    names = [step for step in loc if isinstance(step, str) and step != "key_results"]
    return not names or names[0] in guarded


def _name(loc: Loc) -> str:
    return ".".join(map(str, loc))


def _raw(side: Declared, path: str, loc: Loc) -> object:
    """What was typed at a place; None where there is nothing."""
    document = side.book.parsed.documents.get(path)
    value: object = document.data if document else None
    for step in loc:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value
