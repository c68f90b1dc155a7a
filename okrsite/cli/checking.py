"""What a check looks at: the folder with a text from elsewhere in it, named files, a base."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import unified_diff
from os.path import relpath
from pathlib import Path

from okrsite.edit.text.fixes import fixed
from okrsite.hosts.missed import missed, together
from okrsite.hosts.project import Project
from okrsite.hosts.sides import Commit, SidesError, one_commit
from okrsite.hosts.unreadable import unreadable
from okrsite.okr.finding import Finding, in_order
from okrsite.okr.frontmatter import read_document
from okrsite.okr.git import GitError, Repository, commit_of, find_repository, git, merge_base
from okrsite.okr.guard.against import against
from okrsite.okr.guard.unread import not_compared
from okrsite.okr.pipeline import Book, book_of, read_all
from okrsite.okr.records import kind_of
from okrsite.okr.snapshot.names import is_part
from okrsite.okr.sources import Sources
from okrsite.reports.findings.entries import Home

_MISHAPS = ("OKR001", "OKR003")  # of a plain page only that it cannot be read
_ROUNDS = 10  # a broken text hides faults that show once it is mended


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where the folder of goals lies: the repository around it, if any."""

    place: Project
    repo: Repository | None

    @property
    def top(self) -> Path:
        """What paths are told from: the top of the repository, else the working folder."""
        return self.repo.root if self.repo else Path()

    def home(self) -> Home:
        """The same as paths."""
        config = self.place.config
        return Home(
            self._from_top(self.place.content),
            self._from_top(config) if config else "mkdocs.yml",
            self.place.urls.site_url,
        )

    def configuration(self) -> Sources:
        """The text of the configuration, so that a finding in it can show its line."""
        config = self.place.config
        return {config.name: config.read_bytes()} if config and config.is_file() else {}

    def _from_top(self, path: Path) -> str:
        found = Path(relpath(path.resolve(), self.top.resolve())).as_posix()
        return "" if found == "." else found


def checkout(place: Project) -> Checkout:
    """The project with its repository; without git it has none."""
    try:
        return Checkout(place, find_repository(place.content))
    except GitError:
        return Checkout(place, None)


def names_in(here: Checkout, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that lie in the folder of goals, or are its configuration, as seen from there.

    A path is taken from the working folder or from the top of the repository; any other is
    ignored.
    """
    content = here.place.content.resolve()
    config = here.place.config
    found: list[str] = []
    for path in paths:
        for start in (Path(), here.top):
            full = (start / path).resolve()
            if config and full == config.resolve():
                found.append(config.name)
            elif full.is_relative_to(content):
                found.append(full.relative_to(content).as_posix())
    return tuple(dict.fromkeys(found))


def never_there(here: Checkout, paths: Iterable[str], base: str | None) -> tuple[str, ...]:
    """The paths that no file or folder has, nor had in git: mistyped, and not deleted."""
    starts = (Path(), here.top)
    gone = (path for path in paths if not any((start / path).exists() for start in starts))
    return tuple(path for path in gone if not any(_was(here, s / path, base) for s in starts))


def _was(here: Checkout, path: Path, base: str | None) -> bool:
    if here.repo is None:
        return False
    for ref in ("HEAD", base) if base else ("HEAD",):
        try:
            asked = ("log", "-1", "--format=%h", commit_of(here.repo, ref))
            if git(here.repo, "--literal-pathspecs", *asked, "--", str(path.absolute())):
                return True
        except GitError:  # no commit yet, or it lies outside
            continue
    return False


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at all sources found, and what of a base could not be compared, and why."""

    book: Book
    findings: tuple[Finding, ...]
    uncompared: tuple[tuple[str, str], ...] = ()


def look(here: Checkout, sources: Sources, day: date, base: Book | None = None) -> Looked:
    """Every finding of `sources`, and with a base what changed that may not."""
    parsed = read_all(sources, base.parsed if base else None)
    book = book_of(parsed, here.place.settings, day)
    changed = against(base, book) if base else ()
    pages = (f for path, raw in sources.items() for f in _of_page(path, raw))
    found = (*here.place.findings, *pages, *book.findings, *changed)
    return Looked(book, in_order(found), not_compared(base, book) if base else ())


def with_missed(here: Checkout, looked: Looked) -> Looked:
    """The same, with the published records that git has seen and that are gone, or there twice."""
    if here.repo is None:
        return looked
    found = missed(looked.book, here.place.content, here.repo)
    return replace(looked, findings=together(looked.findings, found)) if found else looked


def _of_page(path: str, raw: bytes) -> Iterable[Finding]:
    """What a host would say of one text: addresses nobody can open, a plain page it trips over."""
    if is_part(path):
        return
    yield from unreadable(path, raw)
    if kind_of(path) is None and raw[:8].removeprefix(BOM_UTF8).startswith(b"---"):
        yield from (f for f in read_document(path, raw)[1] if f.code in _MISHAPS)


def base_of(here: Checkout, ref: str, day: date, content: Path | None = None) -> Book:
    """The goals where this branch left `ref`, in the folder and by the settings of that commit.

    `content` is the folder that was asked for, if one was.

    Raises:
        GitError: they cannot be read, in words for an operator.
    """
    repo = find_repository(here.place.content)
    if repo is None:
        raise GitError(f"{here.place.content} is in no git repository, so there is no `{ref}`")
    commit = Commit(ref, merge_base(repo, ref, "HEAD"))
    try:
        side = one_commit(repo, commit, content)
    except SidesError as error:
        raise GitError(str(error)) from error
    return book_of(read_all(side.sources), side.project.settings, day)


def mended(
    sources: Sources, asked: Callable[[Sources], Sequence[Finding]]
) -> tuple[Sources, tuple[Finding, ...]]:
    """Sources without the faults that have one right answer, and the findings that went."""
    done: list[Finding] = []
    for _ in range(_ROUNDS):
        texts, now = _mended_once(sources, asked(sources))
        if not now:
            break
        sources = {**sources, **texts}
        done += now
    return sources, tuple(done)


def _mended_once(
    sources: Sources, findings: Sequence[Finding]
) -> tuple[Mapping[str, bytes], list[Finding]]:
    texts: dict[str, bytes] = {}
    done: list[Finding] = []
    for path in dict.fromkeys(f.path for f in findings if f.fix):
        try:
            text = sources[path].decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            continue
        new, now = fixed(text, [f for f in findings if f.path == path])
        if now and new != text:
            texts[path] = new.encode("utf-8")
            done += now
    return texts, done


def _lines(raw: bytes) -> list[str]:
    """Lines as git counts them: only a line feed ends one."""
    return re.findall(r"[^\n]*\n|[^\n]+", raw.decode("utf-8", "replace"))


def difference(old: Sources, new: Sources, home: Home) -> str:
    """What `new` says otherwise, as a patch for `git apply`."""
    parts: list[str] = []
    for path in (path for path in new if new[path] != old.get(path)):
        before, after = (_lines(raw) for raw in (old.get(path, b""), new[path]))
        place = home.path(path)
        for line in unified_diff(before, after, f"a/{place}", f"b/{place}"):
            parts.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(parts)
