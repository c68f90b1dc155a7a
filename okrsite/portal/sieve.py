"""Filters above a table: their choices as the page offers them and the script reads them."""

from collections.abc import Iterable
from dataclasses import dataclass

ALL = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice; `of` names the values it stands for where they are others than its own."""

    value: str
    text: str
    of: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Sieve:
    """A filter by one field of the rows, which carry it as `data-<name>`."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def useful(self) -> bool:
        """Whether there is anything to choose between."""
        return len(self.choices) > 2


def choices(
    pairs: Iterable[tuple[str, str]], every: str, *, ordered: bool = False
) -> tuple[Choice, ...]:
    """Each value once with its words, after one for all; `ordered` sorts them by their words."""
    known = dict(pairs).items()
    found = sorted(known, key=lambda pair: (pair[1].casefold(), pair[0])) if ordered else known
    return (Choice(ALL, every, chosen=True), *(Choice(value, text) for value, text in found))


def key(text: str) -> str:
    """An author's word as a value in an address: one spelling, and free of the separator."""
    return " ".join(text.casefold().replace("|", "/").split())
