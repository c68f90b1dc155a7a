"""Words → the id that a file or a key result is called by."""

import unicodedata

from okrsite.okr.values import slug

# Letters that do not come apart into one of a to z and a mark.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)


def id_of(words: str, longest: int = 80) -> str:
    """`Größe & Zahl` is `grosse-zahl`; cut between words, and empty where no letter is left."""
    apart = unicodedata.normalize("NFKD", words.casefold().translate(_LETTERS))
    plain = "".join(sign for sign in apart if sign not in "'’" and not unicodedata.combining(sign))
    cut = slug(plain)
    if len(cut) > longest:
        cut = cut[: longest + 1].rpartition("-")[0] or cut[:longest]
    return cut.strip("-_")
