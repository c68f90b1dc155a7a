"""A mapping whose values are made when somebody asks for them, each of them once."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")
R = TypeVar("R")


class Lazily(Mapping[str, V]):
    """Rows by name, and what makes a value of one."""

    def __init__(self, rows: Mapping[str, R], make: Callable[[R], V]) -> None:
        self._rows, self._make = rows, make
        self._made: dict[str, V] = {}

    def __getitem__(self, key: str) -> V:
        if key not in self._made:
            self._made[key] = self._make(self._rows[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows
