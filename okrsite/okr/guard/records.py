"""What was published of closed periods stays, byte for byte."""

from collections.abc import Iterator

from okrsite.okr.codes import CODES
from okrsite.okr.finding import Finding
from okrsite.okr.guard.two import Two
from okrsite.okr.snapshot.names import is_part, name_at

_HINT = "Bring it back as it was: what is on record is never written again."


def records(two: Two) -> Iterator[Finding]:
    """Every file of a published snapshot that is another one now, or gone."""
    before, after = two.base.parsed.raw, two.head.parsed.raw
    for path in before:
        name = name_at(path) if is_part(path) else None
        if name is None or after.get(path) == before[path]:
            continue
        what = "was changed" if path in after else "is gone"
        message = f"this file of the published snapshot `{name}` {what}"
        weight = CODES["OKR704"].severity
        yield Finding(path, 1, 1, "OKR704", weight, message, _HINT, f"snapshots/{name}")
