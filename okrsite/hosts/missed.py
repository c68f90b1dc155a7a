"""What a check says of published records that git has seen: one that is gone, or there twice."""

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from okrsite.edit.files import EditError
from okrsite.hosts.shelf import shelf_here
from okrsite.okr.codes import CODES
from okrsite.okr.finding import Finding, in_order
from okrsite.okr.git import GitError, Repository, commit_of, is_shallow
from okrsite.okr.model import PeriodState
from okrsite.okr.past.commits import blobs_added
from okrsite.okr.pipeline import Book
from okrsite.okr.revisions import inside
from okrsite.okr.snapshot.names import FOLDER, MANIFEST, Kind, Name, is_part, name_at

_TWICE = "Nothing tells which one counts: take the merge of the two back."


def missed(book: Book, content: Path, repo: Repository) -> tuple[Finding, ...]:
    """Published records that are gone, or were published twice, each told at its manifest.

    Where nothing could be on record, git is not asked. A shallow clone, and a history that cannot
    be read, tell of nothing; nothing is fetched.
    """
    repo = replace(repo, offline=True)
    here = _there(book)
    closed = (p.state is PeriodState.CLOSED for p in book.portfolio.periods.values())
    with suppress(GitError, EditError):
        if (here or any(closed)) and not is_shallow(repo):
            return tuple(_told(content, here, _odd(content, repo, here)))
    return ()


def together(findings: Iterable[Finding], missing: Sequence[Finding]) -> tuple[Finding, ...]:
    """All findings, without the advice to publish again what is missed.

    What a comparison with a base has told of the same file is not told once more.
    """
    own = tuple(findings)
    told = {finding.path for finding in own if finding.code == "OKR704"}
    names = [name_at(finding.path) for finding in missing]
    closed = {f"periods/{name.period}" for name in names if name and name.kind is Kind.CLOSED}
    kept = (f for f in own if f.code != "OKR706" or f.subject not in closed)
    return in_order((*kept, *(f for f in missing if f.path not in told)))


def _there(book: Book) -> Set[Name]:
    paths = book.parsed.raw
    return frozenset(name for path in paths if is_part(path) and (name := name_at(path)))


def _odd(content: Path, repo: Repository, here: Set[Name]) -> Set[Name]:
    """Those of which git has seen more than one manifest, or one that is not there any more."""
    found: dict[Name, set[str]] = {}
    folder = inside(repo, content)
    below = f"{folder}/" if folder else ""
    head = commit_of(repo, "HEAD")
    for path, blob in blobs_added(repo, head, f":(literal){below}{FOLDER}"):
        part = path.removeprefix(below)
        if part.endswith(f"/{MANIFEST}") and is_part(part) and (name := name_at(part)):
            found.setdefault(name, set()).add(blob)
    return frozenset(name for name, blobs in found.items() if name not in here or len(blobs) > 1)


def _told(content: Path, here: Set[Name], odd: Set[Name]) -> Iterator[Finding]:
    """What `verify` says of them; the whole history is read only where something is odd."""
    if not odd:
        return
    shelf = shelf_here(content)
    for name in sorted(odd, key=str):
        words = f"the published snapshot `{name}`"
        if name not in here and name in shelf.memory.known:
            left = shelf.lost(name)
            back = f"{left.way_back}." if left else ""
            yield _finding(name, f"{words} ({shelf.memory.known[name]}) is gone", back)
        elif found := shelf.rivalled(name):
            came = found[1]
            twice = f"was published twice, as different texts ({came.by}; and {came.rival})"
            yield _finding(name, f"the snapshot `{name}` {twice}", _TWICE)


def _finding(name: Name, message: str, hint: str) -> Finding:
    weight = CODES["OKR704"].severity
    return Finding(name.file(MANIFEST), 1, 1, "OKR704", weight, message, hint, f"snapshots/{name}")
