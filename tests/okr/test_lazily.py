"""A mapping made row by row is a dict to everybody who looks at it."""

import pytest

from okrsite.okr.lazily import Lazily

ROWS = {"a": 1, "b": 2, "c": 3}


def made_by(asked: list[int]) -> Lazily[int]:
    def tenfold(row: int) -> int:
        asked.append(row)
        return row * 10

    return Lazily(ROWS, tenfold, {"b": 7})


def test_a_value_is_made_once_and_only_for_who_asks() -> None:
    asked: list[int] = []
    found = made_by(asked)
    assert (list(found), len(found), "c" in found, "d" in found) == (
        ["a", "b", "c"],
        3,
        True,
        False,
    )
    assert asked == []
    assert [found["a"], found["a"], found["b"], found.get("d"), found.get("d", 5)] == [
        10,
        10,
        7,
        None,
        5,
    ]
    assert asked == [1]
    with pytest.raises(KeyError):
        found["d"]


def test_nobody_writes_into_it() -> None:
    found = made_by([])
    for write in (
        lambda: found.__setitem__("a", 1),
        lambda: found.update({"a": 1}),
        lambda: found.setdefault("a", 1),
        lambda: found.pop("a"),
        found.clear,
    ):
        with pytest.raises(TypeError):
            write()
    assert found == {"a": 10, "b": 7, "c": 30}


def test_it_is_the_dict_of_all_its_values() -> None:
    whole = {"a": 10, "b": 7, "c": 30}
    for seen in (dict(made_by([])), {**made_by([])}, dict(made_by([]).items()), {} | made_by([])):
        assert seen == whole
    assert made_by([]) == whole and whole == made_by([]) and made_by([]) != {"b": 7}
    assert made_by([]).copy() == made_by([]) | {} == {} | made_by([]) == whole
    assert list(reversed(made_by([]))) == ["c", "b", "a"]
    assert list(made_by([]).values()) == [10, 7, 30] and list(made_by([]).keys()) == list(whole)
