"""Publishing a record: what it is made from, whether it may be made, and where it is put."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from okrsite.edit.files import EditError, alone_in
from okrsite.edit.snapshots import clear_left_over, read_snapshots, write_snapshot
from okrsite.hosts.elsewhere import records_elsewhere
from okrsite.hosts.footing import Footing, refuse_altered, refuse_unproved
from okrsite.hosts.grounds import Spot, ground_at, spot_here
from okrsite.hosts.project import CONFIGS, ProjectError, read_project
from okrsite.hosts.ranges import default_branch
from okrsite.hosts.rows import lines_of
from okrsite.hosts.shelf import Shelf
from okrsite.okr.closing import LastKnown, closing_days, last_known
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.git import (
    GitError,
    Repository,
    commit_of,
    find_repository,
    git,
    is_shallow,
    merge_base,
)
from okrsite.okr.past.attribution import FieldChange
from okrsite.okr.past.published import Memory, memory_of
from okrsite.okr.pipeline import book_of, is_read, read_file
from okrsite.okr.revisions import inside
from okrsite.okr.snapshot.deriving import (
    Earlier,
    Files,
    Ground,
    Stand,
    files_of,
    period_of,
    read_at,
    stand_of,
)
from okrsite.okr.snapshot.due import NotNowError, allow, otherwise
from okrsite.okr.snapshot.manifest import digest, read_manifest
from okrsite.okr.snapshot.names import (
    FILES,
    MANIFEST,
    RECORD,
    Kind,
    Name,
    SnapshotError,
    is_part,
    name_at,
)
from okrsite.okr.snapshot.record import Record, read_record
from okrsite.okr.snapshot.scope import nouns_of, scope_of
from okrsite.okr.sources import Sources
from okrsite.okr.values import plain
from okrsite.okr.worktree import Different, not_committed


@dataclass(frozen=True)
class Desk:
    """Where records are made: a clean work tree at a commit, and what it says.

    `content` is the folder on disk. `today` is the day it is taken to be, `latest` the last day
    of which anything can be known. `faulty` has whether there is an error in a file, by its path: a
    run looks into none twice for that.
    """

    repo: Repository
    spot: Spot
    content: Path
    ground: Ground
    footing: Footing
    memory: Memory
    today: date
    latest: date
    faulty: dict[str, bool] = field(default_factory=dict)

    @property
    def shelf(self) -> Shelf:
        """The snapshots as they lie there now."""
        sources, spot = read_snapshots(self.content), self.spot
        return Shelf(sources, spot.content, self.repo, spot.commit, self.memory)


@dataclass(frozen=True)
class Published:
    """A record that was made just now: its folder, and the SHA-256 of its manifest."""

    record: Record
    folder: Path
    sha256: str


@contextmanager
def desk_in(home: Path, content: Path | None, today: date, latest: date) -> Iterator[Desk]:
    """The place to make records at, while nobody else makes any there.

    Raises:
        SnapshotError: no record can be made here; the words say what to do.
    """
    if today > latest:
        words = f"{today} is still to come: it is {latest}, and nobody knows yet how it stands then"
        raise SnapshotError(words)
    try:
        docs = read_project(home, content).content
        with alone_in(docs):
            clear_left_over(docs)
            repo = _repository(docs)
            commit, here = commit_of(repo, "HEAD"), inside(repo, home)
            spot = spot_here(repo, commit, here, inside(repo, docs))
            _told(spot)
            _clean(repo, spot, here, read_snapshots(docs))
            memory = memory_of(repo, commit, (spot.content,))
            ground = ground_at(spot)
            yield Desk(repo, spot, docs, ground, Footing(here, ground), memory, today, latest)
    except (GitError, EditError, ProjectError) as error:
        raise SnapshotError(str(error)) from error


def _repository(content: Path) -> Repository:
    repo = find_repository(content)
    if repo is None:
        words = f"{content} lies in no git repository, and a record is made from a commit:"
        raise SnapshotError(f"{words} `git init`, `git add` and `git commit` first")
    if is_shallow(repo):
        words = "this clone is shallow: it cannot tell which goalposts were moved"
        raise SnapshotError(f"{words}; `git fetch --unshallow` brings the whole history")
    return repo


_RESTORE = (
    "A record is never changed: `git restore --staged --worktree` brings its files back. Commit the"
    " others first, or put them aside."
)


def _clean(repo: Repository, spot: Spot, here: str, snapshots: Sources) -> None:
    """Refuse files that the commit does not have; whole new snapshots wait to be committed."""
    whole = {spot.below(name.file(part)) for name in _whole(snapshots) for part in FILES}
    settings = {f"{here}/{name}" if here else name for name in CONFIGS}

    def matters(one: Different) -> bool:
        if one.new and one.path in whole:
            return False
        below = one.path in settings or one.path.startswith(spot.below(""))
        return one.known or below

    found = [one.path for one in not_committed(repo) if matters(one)]
    if found:
        words = "a record is made from a commit, and these files are not as it has them"
        lost = any(is_part(path.removeprefix(spot.below(""))) for path in found)
        way = _RESTORE if lost else "Commit them first, or put them aside."
        raise SnapshotError(f"{words}:{lines_of(found)}\n{way}")


def _told(spot: Spot) -> None:
    """Refuse options that are not in the commit but in the surroundings of whoever asks."""
    rows = [f"{path}: {name}" for path, name in spot.said.unknown]
    if rows:
        words = "these options make numbers, and their values are not in the commit (`!ENV`)"
        raise SnapshotError(f"{words}:{lines_of(rows)}\nWrite the values themselves.")


def _whole(snapshots: Sources) -> Iterator[Name]:
    for name in {name_at(path) for path in snapshots if is_part(path)}:
        if name and all(name.file(part) in snapshots for part in FILES):
            yield name


def aside(desk: Desk) -> str:
    """The branch that this one is still to be merged into; nothing where it is that one.

    Merged in another way than by a merge commit, the commit of the records would be lost.
    """
    try:
        target = default_branch(desk.repo)
        if merge_base(desk.repo, desk.spot.commit, target) == desk.spot.commit:
            return ""
        here = git(desk.repo, "rev-parse", "--abbrev-ref", "HEAD").decode("utf-8", "replace")
    except GitError:
        return ""  # nothing is known of a branch that it might be merged into
    name = target.removeprefix("origin/")
    return "" if here.strip() == name else name


# --- one record -------------------------------------------------------------------------------


def named(desk: Desk, period: str, kind: Kind) -> Name:
    """What the record of this kind is called."""
    return Name(period, kind, desk.today if kind is Kind.MID else None)


def publish(
    desk: Desk, name: Name, *, allow_open: bool = False, allow_unproved: bool = False
) -> Published:
    """Make a record and write it down.

    Raises:
        NotNowError: nobody can make it from this commit.
        SnapshotError: it may not be made; the words say what to do.
    """
    period = period_of(desk.ground.parsed, name.period)
    _refuse(name, _lines(desk, desk.ground.parsed.findings.get(period.path, ())))
    allow(period, name, desk.today)
    shelf = desk.shelf
    _free(desk, name, shelf.sources)
    refuse_altered(shelf)
    _still_open(shelf, name)
    _none_elsewhere(desk, shelf)
    refuse_unproved(shelf, desk.footing, allow=allow_unproved)
    stand = stand_of(desk.ground, name)
    _no_errors(desk, stand)
    if stand.open and not allow_open:
        raise SnapshotError(_unsaid(desk.ground, stand))
    _as_promised(desk, stand)
    earlier = Earlier(shelf.chain, shelf.chain.newest, partial(read_at, shelf.sources))
    files = files_of(desk.ground, stand, earlier)
    _nothing_waits(desk, name, earlier, files)
    record = read_record(files[RECORD])  # what cannot be read again is not published
    try:
        folder = write_snapshot(desk.content, name, files)
    except EditError as error:
        raise SnapshotError(str(error)) from error
    sha256 = digest(files[MANIFEST])
    desk.footing.made(read_manifest(files[MANIFEST]), sha256)
    return Published(record, folder, sha256)


def _free(desk: Desk, name: Name, sources: Sources) -> None:
    folder = desk.content / name.folder
    if not folder.exists() and not folder.is_symlink():
        return
    if name in _whole(sources):
        words = f"`{name}` is published already, in {folder}"
        raise SnapshotError(f"{words}: a record is never written again")
    words = f"{folder} is there already, and not whole: bring its files back with `git restore`"
    raise SnapshotError(f"{words}, or take the folder away if it was never committed")


def _still_open(shelf: Shelf, name: Name) -> None:
    """Refuse what was promised, or how it stood, of a period whose end is on record."""
    if name.kind is not Kind.CLOSED and Name(name.period, Kind.CLOSED) in shelf.names:
        words = f"`{name.period}` is on record as closed, and nothing of it is recorded after that"
        raise SnapshotError(f"{words}: write `state: closed` back into its file")


def _none_elsewhere(desk: Desk, shelf: Shelf) -> None:
    """Refuse to build beside records of another branch: merged, one of the two could not stay."""
    for branch, other in records_elsewhere(desk.repo, desk.spot.content):
        if other not in shelf.names:
            words = f"{branch} has the record {other}, and this branch does not have it yet"
            raise SnapshotError(f"{words}: merge {branch} first (`git pull`, or `git merge`)")


def _no_errors(desk: Desk, stand: Stand) -> None:
    """Refuse a record of what cannot be read: errors in its files, or in files of nobody knows."""
    if not _is_doubtful(desk, stand):
        return
    _refuse(stand.name, _errors(desk, stand_of(desk.ground, stand.name, whole=True)))


def _is_doubtful(desk: Desk, stand: Stand) -> bool:
    """Whether all files must be joined to tell: one has an error, or a coach's advice may be one.

    Those that the record needs not are read here one by one, and none of them is kept.
    """
    parsed = stand.book.parsed
    known = parsed.findings.keys() | parsed.closed.covered
    left = (path for path in parsed.raw if is_read(path) and path not in known)
    return (
        Severity.ERROR in desk.ground.settings.rules.values()
        or bool(_errors(desk, stand))
        or any(_is_faulty(desk, path) for path in left)
    )


def _is_faulty(desk: Desk, path: str) -> bool:
    if path not in desk.faulty:
        findings = read_file(path, desk.ground.parsed.raw[path])[2]
        desk.faulty[path] = any(one.severity is Severity.ERROR for one in findings)
    return desk.faulty[path]


def _errors(desk: Desk, stand: Stand) -> list[str]:
    """The errors of a Book that keep a record from being made."""
    parsed = stand.book.parsed
    book = book_of(parsed, desk.ground.settings, stand.book.as_of)
    own = {noun.path for noun in nouns_of(book, scope_of(book, stand.name.period))}
    elsewhere = {noun.path for noun in parsed.nouns.values()} - own
    return _lines(desk, (one for one in book.findings if one.path not in elsewhere))


def _lines(desk: Desk, findings: Iterable[Finding]) -> list[str]:
    errors = (f for f in findings if f.severity is Severity.ERROR and f.code[:4] != "OKR7")
    return [desk.spot.below(str(one)) for one in errors]


def _refuse(name: Name, errors: list[str]) -> None:
    if errors:
        words = f"the goals of `{name.period}` have errors, and a record cannot be mended later"
        raise SnapshotError(f"{words}:{lines_of(errors)}\nMend and commit them first.")


def _as_promised(desk: Desk, stand: Stand) -> None:
    """Refuse to take today's goals for those of a day on which git has others."""
    if stand.name.kind is Kind.CLOSED:
        return
    history = desk.ground.history(date.max)
    found = otherwise(stand.book, history, stand.name.period)
    if found:
        words = f"`{stand.name.period}` cannot be recorded as of {stand.book.as_of} any more"
        rows = lines_of([_change_row(change) for change in found])
        raise NotNowError(
            f"{words}: it was changed since, and no amendment undoes that:{rows}\n"
            "Tell of a value with an amendment (`okrsite amend`), or record how it stands today"
            " with --kind mid."
        )


def _change_row(change: FieldChange) -> str:
    what = change.field or str(change.event)
    return f"{change.subject}: {what}, {change.author}, {change.day}, commit {change.commit[:7]}"


def _nothing_waits(desk: Desk, name: Name, earlier: Earlier, files: Files) -> None:
    """Refuse a record that would be another one once those beside it are committed."""
    known, there = desk.ground.snapshots, desk.shelf.sources
    waiting = {path: raw for path, raw in there.items() if is_part(path) and path not in known}
    if not waiting:
        return
    then = replace(desk.ground, snapshots={**known, **waiting})
    if files_of(then, stand_of(then, name), earlier) != files:
        names = sorted({str(one) for path in waiting if (one := name_at(path))})
        words = f"`{name}` counts what these hold, and the commit does not have them yet"
        raise NotNowError(f"{words}:{lines_of(names)}\nCommit them, then publish it.")


def _unsaid(ground: Ground, stand: Stand) -> str:
    """Who has not said how a key result ended, and what is known of it from before."""
    period = period_of(ground.parsed, stand.name.period)
    first, last = closing_days(period, ground.settings.cadence)
    rows = [_open_row(stand, ref) for ref in stand.open]
    count = f"{len(rows)} key result" + (" has" if len(rows) == 1 else "s have")
    listed = "".join(f"\n  {row}" for row in rows)
    return (
        f"{count} no closing check-in, dated from {first} to {last}:{listed}\n"
        "Ask for them (`okrsite checkin`), or record them as no data, each counted as 0 %, with"
        " --allow-open."
    )


def _open_row(stand: Stand, ref: str) -> str:
    portfolio = stand.book.portfolio
    goal = portfolio.objectives[ref.partition("/")[0]]
    owner = portfolio.key_results[ref].owner or goal.owner or ""
    person = portfolio.people.get(owner)
    who = person.title if person else owner or "nobody owns it"
    # The Book has them without data; what was said before is still in the check-ins.
    world = replace(stand.book.world, frozen={}, memo={})
    words = f"{ref}, {who}, {_last_words(last_known(world, ref))}"
    kpi = portfolio.key_results[ref].source
    return f"{words}; it reads `kpis/{kpi}`" if kpi in portfolio.kpis else words


def _last_words(known: LastKnown | None) -> str:
    if known is None:
        return "nothing was ever said of it"
    what = "" if known.value is None else f" {plain(known.value)}"
    return f"last known{what} on {known.day} ({known.check_in})"
