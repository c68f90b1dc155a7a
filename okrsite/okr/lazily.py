"""A mapping whose values are made when somebody asks for them, each of them once."""

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, NoReturn, TypeVar

V = TypeVar("V")
R = TypeVar("R")
_NOTHING: Mapping[str, Any] = {}


class Lazily(dict[str, V]):
    """Rows by name, and what makes a value of one; those `made` before are taken as they are.

    A dict, so that a value that was made is found as fast as in any other.
    """

    def __init__(
        self, rows: Mapping[str, R], make: Callable[[R], V], made: Mapping[str, V] = _NOTHING
    ) -> None:
        super().__init__(made)
        self._rows, self._make = rows, make

    def __missing__(self, key: str) -> V:
        value = self._make(self._rows[key])
        super().__setitem__(key, value)
        return value

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: str, default: Any = None) -> Any:
        """The value of `key`, or `default` where there is no such row."""
        return self[key] if key in self._rows else default

    def keys(self) -> KeysView[str]:  # type: ignore[override]  # as a Mapping has them
        """The names of all rows, made or not."""
        return KeysView(self)

    def items(self) -> ItemsView[str, V]:  # type: ignore[override]  # as a Mapping has them
        """All rows; each is made."""
        return ItemsView(self)

    def values(self) -> ValuesView[V]:  # type: ignore[override]  # as a Mapping has them
        """All values; each is made."""
        return ValuesView(self)

    def copy(self) -> dict[str, V]:
        """A plain dict of all values."""
        return dict(self.items())

    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:  # type: ignore[override]
        return {**self, **other}

    def __ror__(self, other: Mapping[str, Any]) -> dict[str, Any]:  # type: ignore[override]
        return {**other, **self}

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(self))

    def __repr__(self) -> str:
        return f"<{len(self)} values, made when asked for>"

    def _fixed(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("its rows are what they were made from")

    __setitem__ = __delitem__ = update = setdefault = pop = popitem = clear = __ior__ = _fixed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self.items()) == dict(other.items())

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None
