"""Did you mean: the name an author most likely had in mind."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known name, or an empty text."""
    names = sorted(set(known))
    tails = [name for name in names if "/" in name and name.endswith(f"/{wrong}")]
    close = tails if len(tails) == 1 else get_close_matches(wrong, names, n=1, cutoff=0.6)
    return f"Did you mean `{close[0]}`?" if close else ""
