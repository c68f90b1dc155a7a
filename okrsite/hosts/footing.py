"""What a new record is built on: all before it as it was, and the newest proved again."""

from dataclasses import dataclass, field

from okrsite.hosts.proving import Bench, bench_on, verdict_of
from okrsite.hosts.rows import lines_of
from okrsite.hosts.shelf import Shelf, doubts
from okrsite.okr.snapshot.chain import Link
from okrsite.okr.snapshot.deriving import Ground
from okrsite.okr.snapshot.manifest import Manifest
from okrsite.okr.snapshot.names import FOLDER, MANIFEST, SnapshotError
from okrsite.okr.snapshot.verdict import State, Verdict

_ALTERED = "what was published before is not as it was, and nothing is built on that"
_MORE = "\n`okrsite snapshot verify` tells more."
_APART = (
    "\nWhere two branches made records and were merged: take the merge back while nobody else has"
    " it (`git reset --keep COMMIT`, the one before the merge), take the commit of the record off"
    " one branch in the same way, merge again, and publish it anew."
)
_TWO = ("one of them was put in", "it was published twice")


@dataclass(frozen=True)
class Footing:
    """The place of a project in its repository, and what was found of the records there.

    `home` is its folder, `ground` what its commit says. `proved` has what was found, by the
    SHA-256 of the manifest: a run derives no record twice.
    """

    home: str
    ground: Ground
    proved: dict[str, Verdict] = field(default_factory=dict)

    def made(self, manifest: Manifest, sha256: str) -> None:
        """Take for proved what was derived just now."""
        self.proved[sha256] = Verdict(manifest.name, manifest.commit, 0, ())


def refuse_altered(shelf: Shelf) -> None:
    """Let pass a shelf of which every hash fits, and all is as git has first seen it.

    Raises:
        SnapshotError: it does not.
    """
    found = [reason for name in shelf.names for reason in doubts(shelf, name)]
    if found:
        rows = lines_of([str(reason) for reason in found])
        apart = any(two in reason.message for reason in found for two in _TWO)
        raise SnapshotError(f"{_ALTERED}:{rows}{_MORE}{_APART if apart else _back(shelf)}")


def _back(shelf: Shelf) -> str:
    folder = f"{shelf.folder}/{FOLDER}".removeprefix("/")
    words = f"\nWhat was changed or taken out can be brought back: `git log -- {folder}` has"
    return f"{words} the commit, and `git restore --source=COMMIT -- FOLDER` brings it."


def refuse_unproved(shelf: Shelf, footing: Footing, *, allow: bool = False) -> None:
    """Let pass a shelf of which the newest record, derived again, is the same.

    So must be all that were made with it, of the same commit; those before were proved when it
    was made. One that merely cannot be proved here may be allowed.

    Raises:
        SnapshotError: one of them does not; the words say how to go on.
    """
    last = shelf.chain.links[-1:]
    run = [link for link in shelf.chain.links if link.manifest.commit == last[0].manifest.commit]
    new = [link for link in run if link.sha256 not in footing.proved]
    if new:
        bench = bench_on(shelf, footing.home, footing.ground)
        footing.proved.update(_proved(bench, link) for link in new)
    found = [footing.proved[link.sha256] for link in run]
    for one in found:
        if one.state is State.DIFFERS:
            rows = lines_of([str(reason) for reason in one.reasons])
            raise SnapshotError(f"{_ALTERED}:{rows}{_MORE}{_way(shelf, one)}")
    for one in found:
        if one.state is State.UNKNOWN and not allow:
            raise SnapshotError(_unknown(one))


def _proved(bench: Bench, link: Link) -> tuple[str, Verdict]:
    return link.sha256, verdict_of(bench, link.manifest.name)


def _way(shelf: Shelf, one: Verdict) -> str:
    """How to go on where git has never seen another text; nothing where git itself is damaged."""
    came = shelf.memory.came.get((one.name, MANIFEST))
    if came is None:
        return (
            f"\n`{one.name}` was never committed: take its folder away, with those of the records"
            " after it, and publish them anew."
        )
    if not any(reason.field for reason in one.reasons):
        return ""
    commit = came.by.commit[:7]
    return (
        f"\n`{one.name}` came like that with commit {commit}. Take that out while nobody else has"
        f" it (`git rebase --onto {commit}~1 {commit}`), and publish the record anew."
    )


def _unknown(one: Verdict) -> str:
    rows = lines_of([str(reason) for reason in one.reasons])
    return (
        f"`{one.name}`, which the record would follow, cannot be proved here:{rows}\n"
        "Where nobody has what is lacking any more, --allow-unproved publishes all the same: that"
        " one stays unproved, and the new one is proved for itself."
    )
