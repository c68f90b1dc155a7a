"""The first field in which a published file and the derived one differ, by its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from okrsite.okr.frontmatter import Plain
from okrsite.okr.snapshot.names import SOURCES
from okrsite.okr.snapshot.tokens import encoded, parsed

_LONGEST = 80
_KEYS = ("id", "path", "ref", "team", "snapshot", "name")  # by one of these a row is known
ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs first. `line` counts from 1, in the published text."""

    field: str
    recorded: str
    derived: str
    line: int


def difference(part: str, recorded: bytes, derived: bytes) -> Difference | None:
    """The first difference between a published file and what it should be, but its line ends."""
    if derived in (recorded, recorded.replace(b"\r\n", b"\n")):
        return None
    line = _line(recorded, derived)
    if part == SOURCES:
        return _of_sums(recorded, derived, line)
    try:
        was, now = parsed(recorded), parsed(derived)
    except (ValueError, UnicodeDecodeError) as error:
        return Difference(f"line {line}", f"no JSON ({error})", _row(derived, line), line)
    found = next(_walk("", was, now), None)
    if found is None:
        field = f"line {line}"
        return Difference(field, _row(recorded, line), _row(derived, line), line)
    return Difference(*found, line)


def _line(recorded: bytes, derived: bytes) -> int:
    """The first line that differs; the last one of the published text where it ends too early."""
    was, now = recorded.split(b"\n"), derived.split(b"\n")
    pairs = enumerate(zip(was, now, strict=False), 1)
    first = next((at for at, (one, two) in pairs if one != two), min(len(was), len(now)))
    return max(1, min(first, recorded.count(b"\n")))


def _row(raw: bytes, line: int) -> str:
    rows = raw.split(b"\n")
    text = rows[line - 1].decode("utf-8", "replace") if line <= len(rows) else ""
    return _short(text.strip()) or ABSENT


def _of_sums(recorded: bytes, derived: bytes, line: int) -> Difference:
    was, now = (dict(_sums(raw)) for raw in (recorded, derived))
    for path in sorted(was.keys() | now.keys()):
        if was.get(path) != now.get(path):
            return Difference(path, was.get(path, ABSENT), now.get(path, ABSENT), line)
    return Difference(f"line {line}", _row(recorded, line), _row(derived, line), line)


def _sums(raw: bytes) -> Iterator[tuple[str, str]]:
    for row in raw.decode("utf-8", "replace").splitlines():
        digest, _, path = row.partition("  ")
        yield path, digest


def _walk(place: str, was: Any, now: Any) -> Iterator[tuple[str, str, str]]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            here = f"{place}.{key}" if place else key
            if key not in was or key not in now:
                yield here, _told(was, key), _told(now, key)
            else:
                yield from _walk(here, was[key], now[key])
    elif isinstance(was, list) and isinstance(now, list):
        yield from _rows(place, was, now)
    elif was != now or isinstance(was, Plain) is not isinstance(now, Plain):
        yield place, _value(was), _value(now)


def _rows(place: str, was: list[Any], now: list[Any]) -> Iterator[tuple[str, str, str]]:
    before, after = _named(was), _named(now)
    if before is None or after is None:
        before, after = dict(enumerate(was)), dict(enumerate(now))  # type: ignore[arg-type]
    for key in {**before, **after}:
        here = f"{place}[{key}]"
        if key not in before or key not in after:
            yield here, _told(before, key), _told(after, key)
        else:
            yield from _walk(here, before[key], after[key])
    if list(before) != list(after):
        order = [", ".join(map(str, keys)) for keys in (before, after)]
        yield f"the order of {place}", _short(order[0]), _short(order[1])


def _named(rows: list[Any]) -> dict[str, Any] | None:
    """The rows by what they are called; None where two are called alike, or one is not."""
    for key in _KEYS:
        if all(isinstance(row, dict) and isinstance(row.get(key), str) for row in rows):
            found = {str(row[key]): row for row in rows}
            if len(found) == len(rows):
                return found
    return None


def _told(row: dict[Any, Any], key: Any) -> str:
    return _value(row[key]) if key in row else ABSENT


def _value(value: Any) -> str:
    return _short(str(value) if isinstance(value, Plain) else encoded(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
