"""The text of a record → its rows: plain values that have their shape.

Half of a record is how its numbers came about: the trail and the check-ins of each key result. It
is read apart from the rest, by those few who ask for it.
"""

import json
import re
from collections.abc import Iterator, Mapping

from okrsite.okr.snapshot.manifest import check_schema
from okrsite.okr.snapshot.names import SnapshotError
from okrsite.okr.snapshot.shape import check_bulk, check_record
from okrsite.okr.snapshot.tokens import FAULTS, Json, fault_in, parsed

SCHEMA = "okrsite/snapshot/v1"
OWN, BELOW, ABOVE = "own", "below", "above"
_BULK = re.compile(rb'\n  ("trail": [^\n]*,\n  "check_ins": [^\n]*?)(,?)(?=\n)')
_NO_BULK = rb'\n  "check_ins": []\2'
_IDS = re.compile(rb'\n  "id": ("[^"\n]*"),\n|' + _BULK.pattern)


def rows_in(raw: bytes, *, deep: bool = True) -> Json:
    """All that a record tells; without `deep` nothing of how its numbers came about.

    Raises:
        SnapshotError: it is none, or of a newer kind.
    """
    try:
        fields = parsed(raw if deep else _BULK.sub(_NO_BULK, raw))
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


def _bulks(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Each key result that is written line by line, and how its number came about."""
    ref = ""
    for match in _IDS.finditer(raw):
        if match[1] is not None:
            ref = str(json.loads(match[1]))
        else:
            yield ref, match[2]
