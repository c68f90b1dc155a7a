"""A name of a snapshot that leads nowhere: which one was meant, and which ones there are."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from okrsite.okr.similar import only_one, same_name
from okrsite.okr.snapshot.names import SnapshotError, name_of

_MOST = 12


def missing(word: str, known: Sequence[str]) -> str:
    """That no snapshot is called so, or is of that period; which is near, and which there are."""
    what = f"`{word}`" if "/" in word else f"of `{word}`"
    near = nearest(word, known)
    hint = f". Did you mean `{near}`?" if near else ""
    return f"there is no snapshot {what}; there is {_listed(word, known)}{hint}"


def nearest(word: str, known: Sequence[str]) -> str:
    """The one that must be meant; of a period the newest that begins so. Empty: that is a guess.

    Another period is another thing, and so is what would be another record of the same one.
    """
    period, slash, kind = "/".join(word.rstrip("/").split("/")[-2:]).partition("/")
    near = _period(period, {name.partition("/")[0] for name in known})
    own = [name.partition("/")[2] for name in known if name.startswith(f"{near}/")] if near else []
    if not own or (near == word and not slash):
        return ""
    begun = [each for each in own if each.startswith(kind)]
    if begun:
        return f"{near}/{kind if kind in begun else begun[-1]}"
    found = [] if _is_name(f"{near}/{kind}") else get_close_matches(kind.casefold(), own, n=1)
    return f"{near}/{found[0]}" if found and _digits(found[0]) == _digits(kind) else ""


def _period(word: str, known: set[str]) -> str:
    """The period of this name, or of one that is but a slip or an end of it."""
    if word in known:
        return word
    ends = [name for name in known if word and name.endswith(f"-{word}")]
    return same_name(word, known) or only_one(word, known) or (ends[0] if len(ends) == 1 else "")


def _is_name(text: str) -> bool:
    try:
        return bool(name_of(text))
    except SnapshotError:
        return False


def _digits(text: str) -> list[str]:
    return re.findall(r"\d", text)


def _listed(word: str, known: Sequence[str]) -> str:
    """All of them, where these are not too many; else those of the same period, or the newest."""
    own = [name for name in known if name.startswith(f"{word.partition('/')[0]}/")]
    shown = known if len(known) <= _MOST else own[-_MOST:] or known[-_MOST:]
    more = [f"{len(known) - len(shown)} more"] if len(shown) < len(known) else []
    return ", ".join([*(f"`{name}`" for name in shown), *more]) or "none"
