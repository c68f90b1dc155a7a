"""Names looked up one after the other: what is known, and a finding for what is not."""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from okrsite.okr.finding import Finding, Fix, Severity
from okrsite.okr.frontmatter import Document
from okrsite.okr.instead import instead
from okrsite.okr.mending import rewritten
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Objective
from okrsite.okr.similar import did_you_mean, same_name
from okrsite.okr.values import ID_PATTERN, slug

MAX_HINTS = 100  # with more unknown names than this, a folder is missing and no name misspelt
_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "period": ("periods",),
    "team": ("teams",),
    "KPI": ("kpis",),
    "objective": ("objectives",),
    "key result": ("objectives",),
    "objective or key result": ("objectives",),
    "goal": ("objectives",),
    "initiative": ("initiatives",),
    "goal or initiative": ("objectives", "initiatives"),
    "check-in": ("check-ins",),
}


def unread(documents: Mapping[str, Document], nouns: Iterable[FileNoun]) -> set[tuple[str, str]]:
    """Kind and name of what cannot be referred to, for a reason its own file has a finding for.

    Nothing could be made of the file, its name is no id, or it holds a key result without one.
    """
    made = {noun.path for noun in nouns}
    found = set()
    for name, document in documents.items():
        path = PurePosixPath(name)
        if name not in made or _nameless(document.data):
            found.add((path.parts[0], slug(path.stem)))
        if slug(path.stem) != path.stem:
            found.add((path.parts[0], path.stem))
    return found


def _nameless(data: Mapping[str, object]) -> bool:
    """Whether a file has key results without an id, or may have them in a misspelt field."""
    rows = data.get("key_results")
    if not isinstance(rows, list):
        return bool(data.keys() - Objective.model_fields.keys()) and "period" in data
    return any(not isinstance(row, dict) or not _is_id(row.get("id")) for row in rows)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(ID_PATTERN, value) is not None


class Resolver:
    """Collects findings while one reference after the other is looked up."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.documents = documents
        self.findings: list[Finding] = []
        self.unread: set[tuple[str, str]] = set()
        self._meant: dict[tuple[str, str], tuple[str, str]] = {}

    def one(
        self, noun: FileNoun, ref: str | None, known: Collection[str], what: str, *loc: str | int
    ) -> str | None:
        """`ref` where it is known, else None and a finding at `loc`.

        What stands in a file that could not be read has a finding there and needs no second one.
        """
        if ref is None or ref in known:
            return ref
        name = ref.partition("/")[0]
        if not any((folder, name) in self.unread for folder in _FOLDERS[what]):
            message = f"there is no {what} `{ref[:80]}`"
            hint, meant = self._nearest(ref, known, what)
            # What was said stays as it was said, even where only capitals differ.
            is_said = isinstance(noun, CheckIn | Amendment)
            fix = None if is_said else rewritten(self.documents[noun.path], loc, meant)
            self.add(noun, "OKR101", message, hint, *loc, fix=fix)
        return None

    def _nearest(self, ref: str, known: Collection[str], what: str) -> tuple[str, str]:
        """The nearest known name; not for ever, since each look goes through all of them."""
        if (ref, what) not in self._meant and len(self._meant) < MAX_HINTS:
            hint = did_you_mean(ref, known) or instead(ref, known, what)
            self._meant[ref, what] = hint, same_name(ref, known)
        return self._meant.get((ref, what), ("", ""))

    def many(
        self,
        noun: FileNoun,
        refs: Iterable[str],
        known: Mapping[str, object],
        what: str,
        field: str,
    ) -> tuple[str, ...]:
        """Those of `refs` that are known, each once."""
        items = self.documents[noun.path].data.get(field)
        rows = [str(item) for item in items] if isinstance(items, list) else []
        places = ((ref, rows.index(ref) if ref in rows else 0) for ref in refs)
        found = (self.one(noun, ref, known, what, field, index) for ref, index in places)
        return tuple(dict.fromkeys(ref for ref in found if ref is not None))

    def add(
        self,
        noun: FileNoun,
        code: str,
        message: str,
        hint: str,
        *loc: str | int,
        fix: Fix | None = None,
    ) -> None:
        document = self.documents[noun.path]
        is_key = len(loc) == 2 and isinstance(loc[1], str)  # what a check-in speaks of
        place = (noun.path, *(document.key_place(*loc) if is_key else document.place(*loc)))
        self.findings.append(Finding(*place, code, Severity.ERROR, message, hint, fix=fix))
