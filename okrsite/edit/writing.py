"""What a command is about to do to the folder of goals: shown as a diff, or done."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path, PurePosixPath

from okrsite.edit.files import EditError, alone_in, create, replace
from okrsite.okr.sources import Sources, SourcesError, read_folder

CHECK_INS, AMENDMENTS = "check-ins/", "amendments/"
NOTHING = "nothing was written. Try again"


@dataclass(frozen=True, slots=True)
class Edit:
    """New files and the new texts of old ones, by their paths below the folder of goals."""

    created: Mapping[str, str] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)


def after(sources: Sources, edit: Edit) -> Sources:
    """The texts as they are when `edit` is done."""
    made = {path: text.encode() for path, text in {**edit.created, **edit.changed}.items()}
    return dict(sorted({**sources, **made}.items()))


def write(root: Path, edit: Edit, sources: Sources) -> tuple[str, ...]:
    """Do it, each file all or nothing, the new ones first; the paths that were written.

    Whoever is killed in between leaves an amendment whose `now` the definition does not say yet,
    and that is a finding. The other way round nothing would tell.

    Raises:
        EditError: a file cannot be written, or is no longer what `sources` has read; whatever was
            written before it is taken back.
    """
    made: list[Path] = []
    with alone_in(root):
        _same_still(root, edit, sources)
        folders = _missing(root, edit.created)
        try:
            for path, text in edit.created.items():
                made.append(create(root / path, text, root))
            for path, text in edit.changed.items():
                replace(root / path, text.encode())
        except EditError as error:
            _take_back(root, made, edit, sources)
            _empty(folders)
            raise EditError(f"{error}; nothing was written") from error
    return (*(path.relative_to(root).as_posix() for path in made), *edit.changed)


def _same_still(root: Path, edit: Edit, sources: Sources) -> None:
    """Refuse to write over what somebody else has written since, or to amend what was amended."""
    for path in edit.changed:
        _is(root / path, (root / path).read_bytes, sources.get(path))
    for path in edit.created:
        if path.startswith(CHECK_INS):  # several of a day are usual, and get names of their own
            continue
        if (root / path).exists() or (root / path).is_symlink():
            raise EditError(f"{root / path} was written since it was looked for; {NOTHING}")
    if any(path.startswith(AMENDMENTS) for path in edit.created):
        _is(root / AMENDMENTS, lambda: _amendments(read_folder(root)), _amendments(sources))


def _is(path: Path, read: Callable[[], object], known: object) -> None:
    try:
        found = read()
    except (OSError, SourcesError) as error:
        raise EditError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if found != known:
        raise EditError(f"{path} was changed since it was read; {NOTHING}")


def _amendments(sources: Sources) -> Sources:
    return {path: raw for path, raw in sources.items() if path.startswith(AMENDMENTS)}


def _missing(root: Path, paths: Iterable[str]) -> tuple[Path, ...]:
    """The folders that are made on the way, the deepest first."""
    above = {root / folder for path in paths for folder in PurePosixPath(path).parents}
    return tuple(sorted((one for one in above if not one.exists()), reverse=True))


def _take_back(root: Path, made: Iterable[Path], edit: Edit, sources: Sources) -> None:
    """Leave the folder as it was.

    Raises:
        EditError: not even that can be done.
    """
    try:
        for place in made:
            place.unlink()
        for path in edit.changed:
            if (root / path).read_bytes() != sources[path]:
                replace(root / path, sources[path])
    except OSError as error:
        raise EditError(f"{error.filename} was written and cannot be taken back") from error


def _empty(folders: Iterable[Path]) -> None:
    """Remove the folders that nobody has put something into."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def difference(sources: Sources, edit: Edit) -> str:
    """What would be done, as a unified diff."""
    made = {**edit.created, **edit.changed}
    return "".join(line for path in made for line in _diff(path, sources.get(path), made[path]))


def _diff(path: str, old: bytes | None, new: str) -> Iterator[str]:
    before = [] if old is None else old.decode().splitlines(keepends=True)
    names = ("/dev/null" if old is None else f"a/{path}", f"b/{path}")
    for line in unified_diff(before, new.splitlines(keepends=True), *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
