"""Who wrote a line of a published file: its texts, compared one after the other by ourselves.

`git blame` would leave out the commits that a clone is told to ignore, read other texts than the
stored ones where an attribute says so, and call people as the .mailmap does.
"""

from difflib import SequenceMatcher
from itertools import takewhile

from okrsite.okr.git import Repository, read_blobs
from okrsite.okr.past.published import Deed, Texts


def line_changed(repo: Repository, texts: Texts, blob: str, raw: bytes, line: int) -> Deed:
    """Who wrote a line of `raw`, the text here of a file that was committed as `blob`.

    Lines count from 1.

    Raises:
        GitError: a text is not here.
    """
    by = Deed()
    while blob in texts:
        was = read_blobs(repo, (blob,))[blob]
        before = line_before(was, raw, line)
        if before is None:
            break
        by, raw, line, blob = texts[blob].by, was, before, texts[blob].was
    return by


def line_before(was: bytes, now: bytes, line: int) -> int | None:
    """Where a line of `now` stood in `was`; None where it is new. Line ends do not count."""
    old, new = _lines(was), _lines(now)
    start = _alike(old, new)
    if line <= start:
        return line
    end = _alike(old[start:][::-1], new[start:][::-1])
    if line > len(new) - end:
        return line - len(new) + len(old)
    middle = SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end])
    at = line - 1 - start
    blocks = (each for each in middle.get_matching_blocks() if each.b <= at < each.b + each.size)
    return next((line - each.b + each.a for each in blocks), None)


def _lines(raw: bytes) -> list[bytes]:
    return [row.removesuffix(b"\r") for row in raw.split(b"\n")]


def _alike(one: list[bytes], other: list[bytes]) -> int:
    """How many lines the two begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
