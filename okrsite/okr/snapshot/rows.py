"""The text of a record → its rows: plain values that have their shape.

Half of a record is how its numbers came about: the trail and the check-ins of each key result. It
is read apart from the rest, by those few who ask for it.
"""

import json
from collections.abc import Iterator, Mapping

from okrsite.okr.snapshot.manifest import check_schema
from okrsite.okr.snapshot.names import SnapshotError
from okrsite.okr.snapshot.shape import check_bulk, check_record
from okrsite.okr.snapshot.tokens import FAULTS, Json, fault_in, parsed

SCHEMA = "okrsite/snapshot/v1"
OWN, BELOW, ABOVE = "own", "below", "above"
_COMMA = ord(",")
_TRAIL, _CHECK_INS, _ID = b'\n  "trail": ', b'  "check_ins": ', b'\n  "id": '


def rows_in(raw: bytes, *, deep: bool = True) -> Json:
    """All that a record tells; without `deep` nothing of how its numbers came about.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    try:
        fields = parsed(raw if deep else _without_bulk(raw))
        check_schema(str(fields.get("schema")), SCHEMA)
        check_record(fields, deep=deep)
    except FAULTS as error:
        raise SnapshotError(f"it is no record: {fault_in(error)}") from None
    return fields


def bulk_in(raw: bytes, refs: tuple[str, ...]) -> Mapping[str, Json]:
    """The trail and the check-ins of each key result of a record, which are `refs` in its order.

    Raises:
        SnapshotError: it has none for some of them.
    """
    try:
        found = list(_bulks(raw))
        if tuple(ref for ref, _ in found) != refs:  # another hand wrote it, in other lines
            return {str(row["id"]): row for row in rows_in(raw)["key_results"]}
        texts = b"},\n{".join(text for _, text in found)
        rows = parsed(b'{"rows": [{%s}]}' % texts)["rows"] if found else []
        check_bulk(rows)
    except FAULTS as error:
        raise SnapshotError(f"it is no record: {fault_in(error)}") from None
    return dict(zip(refs, rows, strict=True))


def _without_bulk(raw: bytes) -> bytes:
    first, *parts = raw.split(_TRAIL)
    kept = [first]
    for part in parts:
        end = _end_of_bulk(part)
        kept += (b"\n", _CHECK_INS, b"[]", part[end:]) if end else (_TRAIL, part)
    return b"".join(kept)


def _bulks(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Each key result that is written line by line, and how its number came about."""
    before, *parts = raw.split(_TRAIL)
    for part in parts:
        if end := _end_of_bulk(part):
            yield _last_id(before), _TRAIL + part[:end]
        before = part[end:]


def _end_of_bulk(part: bytes) -> int:
    """Where the check-ins end that follow a trail in the next line; 0 where none do."""
    line = part.find(b"\n")
    if line < 1 or part[line - 1] != _COMMA or not part.startswith(_CHECK_INS, line + 1):
        return 0
    end = max(0, part.find(b"\n", line + 1))
    return end - 1 if end and part[end - 1] == _COMMA else end


def _last_id(text: bytes) -> str:
    """The last id that has a line of its own, or nothing where another hand wrote otherwise."""
    start = text.rfind(_ID)
    line = text[start + len(_ID) : text.find(b"\n", start + 1)] if start > -1 else b""
    try:
        return str(json.loads(line.removesuffix(b",")))
    except ValueError:
        return ""
