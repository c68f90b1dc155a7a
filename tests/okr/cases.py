"""Case files read: one rule's code, wrong and right, as a reader of the handbook sees it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from okrsite.okr.finding import Finding, in_order
from okrsite.okr.guard.against import against
from okrsite.okr.past.moved import moves
from okrsite.okr.pipeline import load
from okrsite.okr.settings import Settings, read_settings
from okrsite.okr.snapshot.making import Materials, Origin, dump_record
from okrsite.okr.snapshot.manifest import dump_manifest, manifest_of
from okrsite.okr.snapshot.names import CHANGES, MANIFEST, RECORD, SOURCES, name_of
from okrsite.okr.snapshot.steps import dump_changes

FOLDER = Path(__file__).parent.parent / "cases"
EARLY = "2026-07-05"
LONG = 300 * 1024

_SECTION = re.compile(r"^## (wrong|right)\b(.*)$", re.MULTILINE)
_BLOCK = re.compile(r"^```([\w-]+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXPECTED = re.compile(r"^- (?:(OKR\d{3}) )?(\S+):(\d+):(\d+)$", re.MULTILINE)
_AS_OF = re.compile(r"^as_of: (\S+)$", re.MULTILINE)
_ALONE = re.compile(r"^alone$", re.MULTILINE)
_GONE = re.compile(r"^gone: (\S+)$", re.MULTILINE)
_RECORDED = re.compile(r"^recorded: (\S+) (\S+)$", re.MULTILINE)
_MERGED, _THEN = "merged/", "then/"

Found = tuple[str, str, int, int]


@dataclass(frozen=True)
class Case:
    """One wrong or right way to write something, and what is to be found in it."""

    code: str
    name: str
    wrong: bool
    as_of: date
    sources: Mapping[str, bytes]
    options: Mapping[str, Any]
    expected: tuple[Found, ...]
    merged: Mapping[str, bytes] | None = None

    def findings(self) -> tuple[Finding, ...]:
        """Everything that is found, as a change of what was merged where that is told."""
        settings, unread = read_settings(self.options)
        made = load(self.sources, settings, self.as_of)
        guarded = against(load(self.merged, settings, self.as_of), made) if self.merged else ()
        return in_order((*unread, *made.findings, *guarded))

    def found(self) -> tuple[Found, ...]:
        """What is found: code, path, line and column."""
        return tuple((f.code, f.path, f.line, f.column) for f in self.findings())


def read_cases(path: Path, base: Mapping[str, bytes]) -> Iterator[Case]:
    """The cases of one file, in their order."""
    text = path.read_text(encoding="utf-8")
    heads = list(_SECTION.finditer(text))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        section = text[head.end() : after.start() if after else len(text)]
        yield _case(path.stem, head, section, base)


def _case(code: str, head: re.Match[str], section: str, base: Mapping[str, bytes]) -> Case:
    blocks = read_blocks(section)
    prose = _BLOCK.sub("", section)
    day = _AS_OF.search(prose)
    options = yaml.safe_load(blocks.pop("mkdocs.yml", b"{}"))
    base = {} if _ALONE.search(prose) else base
    merged = {p.removeprefix(_MERGED): t for p, t in blocks.items() if p.startswith(_MERGED)}
    then = {p.removeprefix(_THEN): t for p, t in blocks.items() if p.startswith(_THEN)}
    own = {path: text for path, text in blocks.items() if not path.startswith((_MERGED, _THEN))}
    gone = set(_GONE.findall(prose))
    base = {**base, **then}
    if record := _RECORDED.search(prose):
        base |= snapshot({**base, **merged}, record[1], date.fromisoformat(record[2]))
    now = {path: text for path, text in {**base, **merged, **own}.items() if path not in gone}
    return Case(
        code=code,
        name=f"{code} {head[1]}{head[2]}",
        wrong=head[1] == "wrong",
        as_of=date.fromisoformat(day[1] if day else EARLY),
        sources=dict(sorted(now.items())),
        options=options,
        expected=tuple(sorted(_expected(code, prose), key=lambda f: (*f[1:], f[0]))),
        merged=dict(sorted({**base, **merged}.items())) if merged or gone else None,
    )


def snapshot(sources: Mapping[str, bytes], name: str, day: date) -> dict[str, bytes]:
    """The files of a snapshot of these sources, made on a day by hand and alone in its chain."""
    known, book = name_of(name), load(sources, Settings(), day)
    origin = Origin("0" * 40, "content", "okrsite", {})
    record, sums = dump_record(Materials(book, known, origin, moves(book)))
    parts = {RECORD: record, SOURCES: sums, CHANGES: dump_changes(())}
    manifest = dump_manifest(manifest_of(known, "0" * 40, day, parts, None))
    return {known.file(part): text for part, text in {**parts, MANIFEST: manifest}.items()}


def _expected(code: str, prose: str) -> Iterator[Found]:
    for match in _EXPECTED.finditer(prose):
        yield match[1] or code, match[2], int(match[3]), int(match[4])


def read_blocks(text: str) -> dict[str, bytes]:
    """The source files that stand in code blocks."""
    return {match[2]: _encoded(match[1], match[3]) for match in _BLOCK.finditer(text)}


def _encoded(how: str, text: str) -> bytes:
    if how == "long":
        text = text.replace("# …\n", "# …\n" * (LONG // 4))
    return text.encode("latin-1" if how == "latin-1" else "utf-8")
