"""Whether a file of a snapshot has the shape that its readers trust: nothing of it fails later.

Looked at column by column, as a record has few kinds of values and tens of thousands of them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from itertools import chain
from types import NoneType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from okrsite.okr.frontmatter import Plain
from okrsite.okr.model import FROM_FILE, INTERNAL, KINDS, KeyResult, Measure, Noun
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.nouns import typed
from okrsite.okr.snapshot.tokens import Json
from okrsite.okr.status import Grade, Status
from okrsite.okr.values import MAX_TEXT, YEARS

Column = list[Any]
Check = Callable[[Column], bool]
Table = Mapping[str, Check]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{0,64}")
_RATIO = re.compile(r"-?([0-9]{1,2000})/0*([1-9][0-9]{0,1999})")
_REF = re.compile(r"[^/]+/[^/]+")
_PATH = re.compile(r"(?!/)(?!(?:.*/)?\.\.(?:/|$))[^\x00-\x1f\x7f]*")
_MOST = 300  # no number has more digits before its point than a float can tell


def _of(*types: type) -> Check:
    allowed = frozenset(types)
    return lambda values: set(map(type, values)) <= allowed


def _like(pattern: re.Pattern[str], *more: type) -> Check:
    kinds = _of(str, *more)
    return lambda values: kinds(values) and all(map(pattern.fullmatch, filter(None, set(values))))


def _count(digits: int, *more: type) -> Check:
    kinds, pattern = _of(Plain, *more), re.compile(rf"[0-9]{{1,{digits}}}")
    return lambda values: kinds(values) and all(map(pattern.fullmatch, filter(None, set(values))))


def _days(*more: type) -> Check:
    kinds = _of(str, *more)
    return lambda values: (
        kinds(values) and all(_is_day(value) for value in set(values) if value is not None)
    )


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text) or not YEARS[0] <= text[:4] <= YEARS[1]:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _one_of(words: Iterable[str], *more: type) -> Check:
    kinds, known = _of(str, *more), {*map(str, words), None}
    return lambda values: kinds(values) and set(values) <= known


def _texts(values: Column) -> bool:
    return _LISTS(values) and _TEXT(list(chain.from_iterable(values)))


def _exact(values: Column) -> bool:
    """Fractions beside their decimals, within what a float can tell."""
    texts = [text for row in values for text in row.values()] if _GROUPS(values) else [None]
    found = [_RATIO.fullmatch(text) if type(text) is str else None for text in texts]
    return all(one and len(one[1]) - len(one[2]) < _MOST for one in found)


def _parts(values: Column) -> bool:
    return _LISTS(values) and _fits(chain.from_iterable(values), _PART, _EXACT)


def _trails(values: Column) -> bool:
    return _fits(values, {"formula": _TEXT, "inputs": _inputs})


def _inputs(values: Column) -> bool:
    table = {"name": _TEXT, "value": _NUMBER, "source": _WORD}
    return _LISTS(values) and _fits(chain.from_iterable(values), table)


def _entries(values: Column) -> bool:
    return _LISTS(values) and _fits(chain.from_iterable(values), _ENTRY, _SAID)


def _closings(values: Column) -> bool:
    return _fits(filter(None, values), _ENTRY)


def _last_known(values: Column) -> bool:
    return _fits(filter(None, values), {**_ENTRY, "value": _NUMBER, "progress": _NUMBER}, _EXACT)


def _numbers(values: Column) -> bool:
    return _fits(filter(None, values), _SCORES, _EXACT)


_LISTS, _GROUPS = _of(list), _of(dict)
_TEXT, _WORD, _FLAG = _of(str), _of(str, NoneType), _of(bool)
_NUMBER, _COUNT, _SPAN = _of(Plain, NoneType), _count(9), _count(5, NoneType)
_PART: Table = {
    "ref": _TEXT,
    "weight": _of(Plain),
    **dict.fromkeys(("progress", "expected", "counted", "projection"), _NUMBER),
}
_EXACT: Table = {"exact": _exact}
_SCORES: Table = {
    "status": _one_of(Status),
    "grade": _one_of(Grade, NoneType),
    **dict.fromkeys(
        ("progress", "expected", "score", "projection", "promised", "confidence"), _NUMBER
    ),
    "parts": _parts,
}
_FILE: Table = {"id": _TEXT, "path": _like(_PATH), "text": _TEXT, "sha256": _like(_SHA256)}
_ENTRY: Table = {"date": _days(), "check_in": _TEXT}
_SAID: Table = {
    **dict.fromkeys(("value", "confidence", "said_score"), _of(Plain)),
    "done": _texts,
    **dict.fromkeys(("yes", "late"), _FLAG),
    "status": _TEXT,
}
_KEY_RESULT: Table = {
    "id": _like(_REF),
    "objective": _TEXT,
    "line": _count(9),
    "measure": _one_of(Measure),
    "weight": _of(Plain),
    "status": _one_of(Status),
    "said_status": _WORD,
    **dict.fromkeys(
        (
            *("value", "progress", "counted", "expected", "said_score", "confidence"),
            *("projection", "projected_value", "promised"),
        ),
        _NUMBER,
    ),
}
_ASIDE: Table = {**_EXACT, "closing": _closings, "last_known": _last_known}
_BULK: Table = {"trail": _trails, "check_ins": _entries}
_MORE: Mapping[str, Table] = {
    "objectives": {"role": _one_of(("own", "below", "above")), "key_results": _texts, **_SCORES},
    "teams": {"numbers": _numbers},
    "initiatives": {
        **dict.fromkeys(("state", "blocked"), _WORD),
        **dict.fromkeys(("since", "blocked_since", "done_on"), _days(NoneType)),
        **dict.fromkeys(("lead_days", "cycle_days", "active_days"), _SPAN),
    },
    "kpis": {"value": _NUMBER, "value_on": _days(NoneType), "kept": _of(bool, NoneType)},
}
_MOVED: Table = {
    "day": _days(),
    **dict.fromkeys(("kind", "subject", "field", "turn"), _TEXT),
    **dict.fromkeys(("was", "now", "amendment", "commit"), _WORD),
    "explained": _FLAG,
}
_SUMMARY: Table = {
    "team": _TEXT,
    **dict.fromkeys(
        ("objectives", "key_results", "committed", "met", "moved", "due", "kept"), _COUNT
    ),
}
_HEAD: Table = {
    "snapshot": _TEXT,
    "as_of": _days(),
    "commit": _like(_COMMIT),
    "content": _like(_PATH),
    "configuration": _like(_PATH, NoneType),
    "made_by": _TEXT,
    "policy": _GROUPS,
    "workflow": _LISTS,
    "open": _texts,
}


def check_manifest(fields: Json) -> None:
    """Let a manifest pass that has its shape.

    Raises:
        ValueError, KeyError: it has not.
    """
    check_rows("", [fields], {"snapshot": _TEXT, "as_of": _days(), "commit": _like(_COMMIT)})
    table = {"path": _TEXT, "bytes": _count(40), "sha256": _like(_SHA256)}
    check_rows("parts", _list(fields, "parts"), table)
    before = [fields["previous"]] if fields["previous"] is not None else []
    check_rows("previous", before, {"snapshot": _TEXT, "sha256": _like(_SHA256)})


def check_changes(fields: Json) -> None:
    """Let changes pass that have their shape.

    Raises:
        ValueError, KeyError: they have not.
    """
    check_rows("", [fields], {"snapshot": _WORD})
    table = {"from": _TEXT, "added": _texts, "dropped": _texts}
    check_rows("steps", _list(fields, "steps"), table)
    ends = {"from": _TEXT, "id": _TEXT, "before": _NUMBER, "after": _NUMBER}
    shares = dict.fromkeys(("work", "goalposts", "time"), _of(Plain))
    for kind in ("teams", "objectives", "key_results"):
        check_rows(kind, _list(fields, kind), ends, {"base": _TEXT, **shares, **_EXACT})


def check_record(fields: Json, *, deep: bool) -> None:
    """Let a record pass that has its shape; `deep` with how its numbers came about.

    Raises:
        ValueError, KeyError: it has not.
    """
    check_rows("", [fields], _HEAD)
    for kind, model in KINDS.items():
        key = kind.replace("-", "_")
        rows = _list(fields, key)
        check_rows(key, rows, {**_FILE, **_MORE.get(key, {})}, _EXACT)
        if odd := next((row["path"] for row in rows if kind_of(row["path"]) != kind), None):
            raise ValueError(f"{key}: `{odd}` is no path of one")
        _check_author(key, model, rows)
    _check_key_results(fields, deep=deep)
    for key, table in (("moved", _MOVED), ("summary", _SUMMARY)):
        check_rows(key, _list(fields, key), table)


def _check_key_results(fields: Json, *, deep: bool) -> None:
    rows = _list(fields, "key_results")
    table = {**_KEY_RESULT, **_BULK} if deep else _KEY_RESULT
    check_rows("key_results", rows, table, {**_ASIDE, **_BULK})
    _check_author("key_results", KeyResult, rows)
    asked = chain.from_iterable(row["key_results"] for row in fields["objectives"])
    if lost := next(iter(set(asked) - {row["id"] for row in rows}), None):
        raise ValueError(f"key_results: `{lost}` is missing")


def check_bulk(rows: Column) -> None:
    """Let pass how the numbers of key results came about, where it has its shape.

    Raises:
        ValueError, KeyError: it has not.
    """
    check_rows("key_results", rows, _BULK)


def _list(fields: Json, key: str) -> Column:
    rows = fields[key]
    if type(rows) is not list:
        raise ValueError(f"`{key}` is no list")
    return rows


def check_rows(place: str, rows: Column, table: Table, optional: Table | None = None) -> None:
    """Let objects pass that have every field of `table`, and those of `optional` or not.

    Raises:
        ValueError, KeyError: one has not, or a field is of another kind.
    """
    if not _GROUPS(rows):
        raise ValueError(f"`{place}` has a row that is no object")
    for name, check in table.items():
        _check(place, name, [row[name] for row in rows], check)
    for name, check in (optional or {}).items():
        _check(place, name, [row[name] for row in rows if name in row], check)


def _check(place: str, name: str, values: Column, check: Check) -> None:
    if not check(values):
        raise ValueError(f"`{name}`{f' in `{place}`' if place else ''} has a value of another kind")


def _fits(rows: Iterable[Any], table: Table, optional: Table | None = None) -> bool:
    try:
        check_rows("", list(rows), table, optional)
    except (ValueError, KeyError):
        return False
    return True


# --- what an author wrote ---------------------------------------------------------------------


def _check_author(place: str, model: type[Noun], rows: Column) -> None:
    """The fields of the format, each of their different values once."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        key = "declared_state" if (place, key) == ("initiatives", "state") else key
        if key in _ELSEWHERE or (place, key) == ("objectives", "key_results"):
            continue
        values = [row[key] for row in rows if key in row]
        if field.is_required() and len(values) < len(rows):
            raise KeyError(f"{place}[].{key}")
        if place == "key_results" and key in ("start", "target"):
            values = [value for value in values if value is not None]
        _check_field(f"{place}[].{key}", _adapter(model, name), values)


_ELSEWHERE = FROM_FILE | INTERNAL


@cache  # there are as many as fields in the format
def _adapter(model: type[Noun], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(model.model_fields[name].rebuild_annotation())


def _check_field(place: str, adapter: TypeAdapter[Any], values: Column) -> None:
    try:
        for value in _different(place, values):
            adapter.validate_python(typed(value))
    except ValidationError as error:
        raise ValueError(f"{place}: {error.errors(include_url=False)[0]['msg']}") from None


def _different(place: str, values: Column) -> Iterable[Any]:
    if place.endswith(".title"):
        values = [value for value in values if not _is_line(value)]
    if place == "check_ins[].key_results" and _GROUPS(values):
        return _different_words(values)
    scalars = {(type(value), value) for value in values if type(value) not in (dict, list)}
    return chain((value for _, value in scalars), (v for v in values if type(v) in (dict, list)))


def _is_line(value: Any) -> bool:
    return (
        type(value) is str
        and 0 < len(value) <= MAX_TEXT
        and value.isprintable()
        and not value.isspace()
    )


def _different_words(values: Column) -> Iterable[Any]:
    """What check-ins say of key results, each field by itself, as if it were said of one alone."""
    said = [words for row in values for words in row.values()]
    if not _GROUPS(said) or not all(words.get("flag") is None for words in said):
        raise ValueError("check_ins[].key_results has a value of another kind")
    pairs = [pair for words in said for pair in words.items() if pair[0] != "flag"]
    lists = [pair for pair in pairs if type(pair[1]) in (dict, list)]
    scalars = {(name, type(v), v) for name, v in pairs if type(v) not in (dict, list)}
    for name, value in chain(((name, value) for name, _, value in scalars), lists):
        yield {"": {name: value}}
