"""The fields of each place in a file; `Title` and `Key-Results` → the fields that they are."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.mending import renamed
from okrsite.okr.model import FROM_FILE, INTERNAL, KINDS, KeyResult, Milestone, Move, Noun, Update
from okrsite.okr.similar import same_name

# By kind, field and depth: an id on the way may be the name of a field as well.
_NESTED: Mapping[tuple[str, str | int, int], type[Noun]] = {
    ("objectives", "key_results", 3): KeyResult,
    ("objectives", "key_results", 5): Milestone,
    ("check-ins", "key_results", 3): Update,
    ("check-ins", "initiatives", 3): Move,
}


def model_at(kind: str, loc: Loc) -> type[Noun] | None:
    """What a field at `loc` belongs to; None where names are no fields."""
    return KINDS[kind] if len(loc) == 1 else _NESTED.get((kind, loc[0], len(loc)))


@cache
def fields_of(model: type[Noun]) -> tuple[str, ...]:
    """The fields an author may write."""
    hidden = FROM_FILE if model in KINDS.values() else INTERNAL
    names = (field.alias or name for name, field in model.model_fields.items())
    return tuple(name for name in names if name not in hidden)


def spelt(document: Document, kind: str) -> tuple[Document, tuple[Finding, ...]]:
    """`document` with each field by its own name, and a finding for every one that was not."""
    names: dict[Loc, str] = {}
    for loc in document.keys:
        here = _now(loc, names)
        model = model_at(kind, here)
        if model and here[-1] not in fields_of(model) and here[-1] not in FROM_FILE:
            meant = same_name(str(here[-1]).replace(" ", "_"), fields_of(model))
            if meant and _is_free(document, loc, meant, names):
                names[loc] = meant
    if not names:
        return document, ()
    found = tuple(_finding(document, loc, name) for loc, name in names.items())
    data = _renamed(document.data, (), names)
    marks = {_now(loc, names): place for loc, place in document.marks.items()}
    keys = {_now(loc, names): place for loc, place in document.keys.items()}
    return replace(document, data=data, marks=marks, keys=keys), found


def _now(loc: Loc, names: Mapping[Loc, str]) -> Loc:
    return tuple(names.get(loc[: n + 1], step) for n, step in enumerate(loc)) if names else loc


def _is_free(document: Document, loc: Loc, name: str, names: Mapping[Loc, str]) -> bool:
    """Whether no field beside the one at `loc` has that name already."""
    taken = any(at[:-1] == loc[:-1] and other == name for at, other in names.items())
    return (*loc[:-1], name) not in document.keys and not taken


def _finding(document: Document, loc: Loc, name: str) -> Finding:
    place = (document.path, *document.key_place(*loc))
    message = f"`{str(loc[-1])[:80]}` is no field here"
    fix = renamed(document, loc, name)
    return Finding(*place, "OKR011", Severity.ERROR, message, f"Write `{name}`.", fix=fix)


def _renamed(value: object, loc: Loc, names: Mapping[Loc, str]) -> dict[str, object]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {names.get((*loc, k), k): _deep(item, (*loc, k), names) for k, item in pairs}


def _deep(value: object, loc: Loc, names: Mapping[Loc, str]) -> object:
    if isinstance(value, dict):
        return _renamed(value, loc, names)
    if isinstance(value, list):
        return [_deep(item, (*loc, n), names) for n, item in enumerate(value)]
    return value
