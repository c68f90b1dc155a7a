"""Did you mean: the name an author most likely had in mind."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known name, or an empty text."""
    names = sorted(set(known))
    tails = [name for name in names if "/" in name and name.endswith(f"/{wrong}")]
    close = tails if len(tails) == 1 else get_close_matches(wrong, names, n=1, cutoff=0.6)
    return f"Did you mean `{close[0]}`?" if close else ""


def is_slip(wrong: str, right: str) -> bool:
    """Whether one slip of the hand lies between two names: a sign more, less, other or swapped."""
    if min(len(wrong), len(right)) < 3 or abs(len(wrong) - len(right)) > 1 or wrong == right:
        return False
    pairs = zip(wrong, right, strict=False)
    same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(wrong), len(right)))
    left, rest = wrong[same:], right[same:]
    swapped = left[:2] == rest[:2][::-1] and left[2:] == rest[2:]
    return swapped or left[1:] == rest[1:] or left[1:] == rest or left == rest[1:]
