"""Did you mean: the name an author most likely had in mind."""

import re
from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known name, or an empty text."""
    names = sorted(set(known))
    tails = [name for name in names if "/" in name and name.endswith(f"/{wrong}")]
    same = same_name(wrong, names)
    close = [same] if same else tails if len(tails) == 1 else _close(wrong, names)
    return f"Did you mean `{close[0]}`?" if close else ""


def _close(wrong: str, names: list[str]) -> list[str]:
    """The nearest names; other digits are another thing, and no slip of these."""
    digits = re.findall(r"\d", wrong)
    near = get_close_matches(wrong, names, n=5, cutoff=0.6)
    return [name for name in near if not digits or digits == re.findall(r"\d", name)]


def same_name(wrong: str, known: Iterable[str]) -> str:
    """The one known name that `wrong` is but for capitals, spaces around it, `_` and `-`.

    Whoever names a thing that stands elsewhere may have changed either of the two, so nothing
    that is further away can be called the right one.
    """
    found = {name for name in known if _folded(name) == _folded(wrong)}
    return found.pop() if len(found) == 1 else ""


def _folded(name: str) -> str:
    return name.strip().casefold().replace("_", "-")


def only_one(wrong: str, known: Iterable[str]) -> str:
    """The one of a few fixed words that `wrong` must be a slip of; nothing where that is a guess.

    Other digits are another thing (`2026-q4` is no slip of `2026-q3`), and in a short name one
    other letter makes another word.
    """
    names = set(known)
    alike = {name for name in names if _letters(name) == _letters(wrong)}
    found = alike or {name for name in names if _is_clear(wrong, name)}
    return found.pop() if len(found) == 1 else ""


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _is_clear(wrong: str, right: str) -> bool:
    if re.findall(r"\d", wrong) != re.findall(r"\d", right) or not is_slip(wrong, right):
        return False
    return sorted(wrong) == sorted(right) or min(len(wrong), len(right)) >= 5


def is_slip(wrong: str, right: str) -> bool:
    """Whether one slip of the hand lies between two names: a sign more, less, other or swapped."""
    if min(len(wrong), len(right)) < 3 or abs(len(wrong) - len(right)) > 1 or wrong == right:
        return False
    pairs = zip(wrong, right, strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(wrong), len(right)))
    left, rest = wrong[same:], right[same:]
    swapped = left[:2] == rest[:2][::-1] and left[2:] == rest[2:]
    return swapped or left[1:] == rest[1:] or left[1:] == rest or left == rest[1:]
