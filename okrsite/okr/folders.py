"""Folders and files that were meant for a kind, and lie elsewhere or are called otherwise."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.frontmatter import Document, read_document
from okrsite.okr.model import KINDS
from okrsite.okr.sources import Sources, is_meant

# Fields that a page of another purpose hardly has: all of a line together.
_TYPICAL: Mapping[str, tuple[frozenset[str], ...]] = {
    "periods": (frozenset({"title", "start", "end"}),),
    "teams": tuple(
        frozenset({"title", field}) for field in ("parent", "lead", "members", "retired_on")
    ),
    "people": (frozenset({"title", "team"}),),
    "objectives": tuple(frozenset({"title", field}) for field in ("period", "key_results")),
    "initiatives": tuple(
        frozenset({"title", field}) for field in ("contributes_to", "due", "state", "depends_on")
    ),
    "kpis": tuple(
        frozenset({"title", field})
        for field in ("metric", "unit", "at_least", "at_most", "between")
    ),
    "check-ins": tuple(
        frozenset({"date", field}) for field in ("key_results", "kpis", "initiatives")
    ),
    "amendments": (frozenset({"date", "subject", "field"}),),
}
# Above all folders lie a site's own pages, so only what no page has tells a goal.
_SURE: Mapping[str, tuple[frozenset[str], ...]] = {
    "objectives": (frozenset({"key_results", "title"}), frozenset({"period", "title", "team"})),
    "check-ins": _TYPICAL["check-ins"],
    "amendments": _TYPICAL["amendments"],
    "periods": _TYPICAL["periods"],
    "initiatives": (frozenset({"title", "contributes_to"}),),
    "kpis": tuple(
        frozenset({"title", field}) for field in ("metric", "at_least", "at_most", "between")
    ),
}


_ALIKE = {"person": "people", "persons": "people", "updates": "check-ins", "goals": "objectives"}


def misspelt_folders(sources: Sources) -> Iterator[Finding]:
    """One finding for each such folder, at the first of its files that shows what it is for."""
    told = set()
    for path, raw in sources.items():
        folder, _, below = path.partition("/")
        kind = meant(folder) if below and folder not in told else None
        if kind and _is_of(kind, read_document(path, raw)[0]):
            told.add(folder)
            message = f"nothing in the folder `{folder}/` is read"
            hint = f"Did you mean `{kind}/`? Rename the folder."
            yield Finding(path, 1, 1, "OKR029", Severity.WARNING, message, hint)


def misspelt_files(sources: Sources) -> Iterator[Finding]:
    """Files of goals that are not read, for their name or because they lie above all folders."""
    for path, raw in sources.items():
        folder, _, below = path.partition("/")
        if folder in KINDS and is_meant(path):
            name = _right_name(below.rpartition("/")[2])
            yield _unread(path, "its name does not end in `.md`", f"Rename it to `{name}`.")
        elif not below and path.endswith(".md") and raw[:6].removeprefix(BOM_UTF8)[:3] == b"---":
            data = read_document(path, raw)[0].data.keys()
            kind = next((kind for kind, sets in _SURE.items() if any(s <= data for s in sets)), "")
            if kind:
                yield _unread(path, "it lies in no folder of goals", f"Move it to `{kind}/`.")


def _right_name(name: str) -> str:
    return re.sub(r"(?:\.md)?\.[^.]+$", ".md", name, flags=re.IGNORECASE)


def _unread(path: str, why: str, hint: str) -> Finding:
    return Finding(path, 1, 1, "OKR030", Severity.WARNING, f"this is not read: {why}", hint)


def meant(folder: str) -> str | None:
    """The kind whose folder `folder` is a slip of; None where it is right, or something else."""
    if folder in KINDS:
        return None
    plain = re.sub(r"[^a-z]", "", folder.lower())
    names = {re.sub(r"[^a-z]", "", kind): kind for kind in KINDS}
    if plain in _ALIKE:
        return _ALIKE[plain]
    close = get_close_matches(plain, names, n=1, cutoff=0.8) or [f"{plain}s"]
    return names.get(close[0])


def _is_of(kind: str, document: Document) -> bool:
    return any(fields <= document.data.keys() for fields in _TYPICAL[kind])
