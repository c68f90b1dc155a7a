"""What went and what came, taken together where it most likely is the same under another id."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TypeVar

from okrsite.okr.changes.declared import Key
from okrsite.okr.model import FileNoun, KeyResult
from okrsite.okr.sources import Sources

_BY_TITLE = ("objectives", "initiatives", "kpis")
_BY_WORDS = ("check-ins", "amendments")


def renamed(
    before: Mapping[Key, FileNoun], after: Mapping[Key, FileNoun], texts: tuple[Sources, Sources]
) -> Mapping[Key, Key]:
    """Old key → new key of every noun that has another id now; `texts` are those of both sides.

    What has a title is known by it, and a check-in or an amendment by every byte of its file.
    """
    dropped = {key: noun for key, noun in before.items() if key not in after}
    added = {key: noun for key, noun in after.items() if key not in before}
    if not (dropped and added):
        return {}
    titled = (_titles(nouns) for nouns in (dropped, added))
    written = (_bytes(nouns, each) for nouns, each in zip((dropped, added), texts, strict=True))
    return {**same_titles(*titled), **same_titles(*written)}


def _titles(nouns: Mapping[Key, FileNoun]) -> Mapping[Key, object]:
    return {key: (key[0], title_of(noun)) for key, noun in nouns.items() if key[0] in _BY_TITLE}


def _bytes(nouns: Mapping[Key, FileNoun], texts: Sources) -> Mapping[Key, object]:
    told = ((key, texts.get(noun.path)) for key, noun in nouns.items() if key[0] in _BY_WORDS)
    return {key: (key[0], text) for key, text in told if text is not None}


K = TypeVar("K", str, Key)


def same_titles(dropped: Mapping[K, object], added: Mapping[K, object]) -> Mapping[K, K]:
    """Old → new where exactly one that came has the title of exactly one that went."""
    came, went = defaultdict[object, list[K]](list), Counter(dropped.values())
    for new, title in added.items():
        came[title].append(new)
    return {
        old: came[title][0]
        for old, title in dropped.items()
        if went[title] == 1 and len(came.get(title, ())) == 1
    }


def title_of(noun: FileNoun | KeyResult) -> str:
    """A title as it is compared."""
    return str(getattr(noun, "title", "")).casefold()
