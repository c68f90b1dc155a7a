"""What a command is about to do to the folder of goals: shown as a diff, or done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from okrsite.edit.files import EditError, create, replace
from okrsite.okr.sources import Sources


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

    Whoever stops in between leaves an amendment whose `now` the definition does not say yet, and
    that is a finding. The other way round nothing would tell.

    Raises:
        EditError: a file cannot be written, or is no longer what `sources` has read.
    """
    for path in edit.changed:
        _same_still(root / path, sources.get(path))
    made = [create(root / path, text) for path, text in edit.created.items()]
    for path, text in edit.changed.items():
        replace(root / path, text.encode())
    return (*(path.relative_to(root).as_posix() for path in made), *edit.changed)


def _same_still(path: Path, read: bytes | None) -> None:
    """Refuse to write over what somebody else has written meanwhile."""
    try:
        found = path.read_bytes()
    except OSError as error:
        raise EditError(f"{path}: {error.strerror}") from error
    if found != read:
        raise EditError(f"{path} was changed meanwhile; nothing was written. Try again")


def difference(sources: Sources, edit: Edit) -> str:
    """What would be done, as a unified diff."""
    made = {**edit.created, **edit.changed}
    return "".join(line for path in made for line in _diff(path, sources.get(path), made[path]))


def _diff(path: str, old: bytes | None, new: str) -> Iterator[str]:
    before = [] if old is None else old.decode().splitlines(keepends=True)
    names = ("/dev/null" if old is None else f"a/{path}", f"b/{path}")
    for line in unified_diff(before, new.splitlines(keepends=True), *names):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
