"""Companies of several periods in which goals, check-ins and work name each other in every way."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha1
from pathlib import PurePosixPath
from random import Random

from okrsite.okr.past.attribution import field_changes
from okrsite.okr.past.commits import Commit, Touched
from okrsite.okr.past.history import AMENDMENTS, KINDS, History
from okrsite.okr.past.lineage import Key, lineage
from okrsite.okr.past.versions import read_version
from okrsite.okr.records import kind_of
from okrsite.okr.sources import Sources

FIRST, DAYS = date(2025, 10, 1), 365
_FRAMES: Mapping[str, tuple[str, str, str, str]] = {  # start, end, parent, closed on
    "strategy": ("2024-01-01", "2027-12-31", "", ""),
    "2025": ("2025-01-01", "2025-12-31", "strategy", "2026-01-09"),
    "2026": ("2026-01-01", "2026-12-31", "strategy", ""),
    "2025-q4": ("2025-10-01", "2025-12-31", "2025", "2026-01-05"),
    "2026-q1": ("2026-01-01", "2026-03-31", "2026", "2026-04-05"),
    "2026-q2": ("2026-04-01", "2026-06-30", "2026", "2026-07-04"),
    "2026-q3": ("2026-07-01", "2026-09-30", "2026", ""),
}
_GOALS = [*(f"goal-{n}" for n in range(44)), "both", "2026-q1", "fast"]
_WORK = [*(f"work-{n}" for n in range(9)), "both", "said-3"]
_KPIS = ["fast", "sold"]
_SAID = [*(f"said-{n}" for n in range(24)), "goal-3"]
_RESULTS = ["a", "b", "c"]
_MEASURES = {
    "a": ("start: 0, target: 40", "at_least: 5"),
    "b": ("from: objectives", "from: objectives, start: 0, target: 90", "from: initiatives"),
    "c": ("from: fast", "from: sold, start: 1, target: 9", "from: objectives"),
}
_ODD_MEASURES = (
    *("milestones: [{id: x, title: X}, {id: y, title: Y}]", "done_when: It is", "at_most: 9"),
    *("from: goal-1", "start: 3, target: 3"),
)
_WORDS = ("12", "{value: 7, confidence: 0.4}", "{value: 3, status: at-risk}")
_ODD_WORDS = ("{done: [x]}", "true", "{status: dropped}", "it")
_STATES = ("backlog", "doing", "done", "{blocked: Waits}")


class Author:
    """Who writes the files: `odd` is how much of it nobody should write."""

    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.odd = draw.choice((0.0, 0.0, 0.03, 0.2))

    def is_odd(self) -> bool:
        return self.draw.random() < self.odd

    def ref(self, *names: list[str]) -> str:
        """One of some names, here and there none, or written in another way of YAML's."""
        name = "nothing" if self.is_odd() else self.draw.choice(self.draw.choice(names))
        if self.draw.random() < 0.03:
            return f'"\\x{ord(name[0]):02x}{name[1:]}"'
        return name if self.draw.random() < 0.9 else f"'{name}'"

    def result(self) -> str:
        name = self.draw.choice(_RESULTS if self.is_odd() else _RESULTS[:1])
        return f"{self.draw.choice(_GOALS)}/{name}"

    def day(self) -> str:
        return (FIRST + timedelta(self.draw.randrange(DAYS))).isoformat()

    def some(self, chance: float, line: str) -> str:
        return f"{line}\n" if self.draw.random() < chance else ""

    def one(self, usual: Sequence[str], odd: Sequence[str]) -> str:
        return self.draw.choice(odd if self.is_odd() else usual)


def company(draw: Random) -> dict[str, str]:
    """The files of one, by path."""
    return dict(_files(Author(draw)))


def changed(draw: Random, files: Mapping[str, str]) -> dict[str, str]:
    """The same company later on: some files are new, some gone, and some say something else."""
    later = company(draw)
    kept = {path: text for path, text in files.items() if draw.random() < 0.998}
    new = {path: text for path, text in later.items() if draw.random() < 0.2}
    return {**kept, **new}


def _files(author: Author) -> Iterator[tuple[str, str]]:
    for name, (start, end, above, closed) in _FRAMES.items():
        is_closed = bool(closed) and author.draw.random() < 0.5
        state = f"state: closed\nclosed_on: {closed}" if is_closed else "state: committed"
        parent = f"parent: {above}\n" if above else ""
        days = f"start: {start}\nend: {end}\ncommitted_on: {start}\n"
        yield f"periods/{name}.md", _text(f"title: {name}\n{days}{parent}{state}")
    for name in ("acme", "shop"):
        yield f"teams/{name}.md", _text(f"title: {name}\n{author.some(0.2, _RETIRED)}")
    yield "people/mia.md", _text("title: Mia\nteam: shop")
    for name in _KPIS:
        yield f"kpis/{name}.md", _text(f"title: {name}\nat_least: 3")
    for kind, names, make in _KINDS:
        for name in names:
            for folder in ("", "old/") if author.is_odd() else ("",):
                if not author.is_odd():
                    head = f"{make(author)}{': [' if author.is_odd() and author.is_odd() else ''}"
                    yield f"{kind}/{folder}{name}.md", _text(head)


_RETIRED = "retired_on: 2026-02-01"


def _text(head: str) -> str:
    return f"---\n{head}\n---\n- [x] goal-2\n- [ ] It is due on 2026-05-05.\n"


def _goal(author: Author) -> str:
    draw = author.draw
    rows = [
        f"  - {{id: {name}, title: It, unit: {draw.choice('uv')}, "
        f"{author.one(_MEASURES[name], _ODD_MEASURES)}}}\n"
        for name in _RESULTS
        if name == "a" or draw.random() < 0.4
    ]
    above = author.ref(_GOALS) if draw.random() < 0.7 else author.result()
    counted = draw.choice(("key_results", "children", "both"))
    return (
        f"title: A goal\nperiod: {author.ref(list(_FRAMES))}\nteam: {draw.choice(_TEAMS)}\n"
        + author.some(0.3, f"parent: {above}")
        + author.some(0.15, f"continues: {author.ref(_GOALS)}")
        + author.some(0.15, f"supports: [{author.ref(_GOALS)}, {author.result()}]")
        + author.some(0.3, f"weight: {draw.randrange(1, 4)}")
        + author.some(0.3, f"progress_from: {counted}")
        + ("key_results:\n" + "".join(rows) if rows else "")
    )


_TEAMS = ("acme", "shop")


def _work(author: Author) -> str:
    goals = [author.result(), author.ref(_GOALS)][: author.draw.choice((1, 1, 2))]
    return (
        "title: Some work\nteam: shop\n"
        + author.some(0.6, f"contributes_to: [{', '.join(goals)}]")
        + author.some(0.2, f"depends_on: [{author.ref(_WORK)}]")
        + author.some(0.5, f"state: {author.draw.choice(_STATES[:3])}")
    )


def _said(author: Author) -> str:
    draw = author.draw
    said = {author.result(): author.one(_WORDS, _ODD_WORDS) for _ in range(draw.randrange(3))}
    kpis = {draw.choice(_KPIS): draw.randrange(9)} if draw.random() < 0.15 else {}
    work = {draw.choice(_WORK): draw.choice(_STATES) for _ in range(draw.randrange(2))}
    groups: dict[str, Mapping[str, object]] = {
        "key_results": said,
        "kpis": kpis,
        "initiatives": work,
    }
    rows = (
        f"{name}:\n" + "".join(f"  {ref}: {words}\n" for ref, words in group.items())
        for name, group in groups.items()
        if group
    )
    corrects = author.some(0.3, f"corrects: {author.ref(_SAID)}")
    return f"date: {author.day()}\n{author.some(0.5, 'author: mia')}{corrects}{''.join(rows)}"


def _why(author: Author) -> str:
    field, was, now = author.draw.choice(_CHANGES if author.odd else _CHANGES[:2])
    subject = author.result() if author.draw.random() < 0.6 else author.ref(_GOALS, _WORK)
    return f"date: {author.day()}\nsubject: {subject}\nfield: {field}\nwas: {was}\nnow: {now}\n"


_CHANGES = (
    *(("scope", "[a]", "[b]"), ("title", "This", "That")),
    *(("target", "30", "40"), ("weight", "1", "2"), ("due", "2026-05-01", "2026-06-01")),
)
_KINDS: tuple[tuple[str, list[str], Callable[[Author], str]], ...] = (
    ("objectives", _GOALS, _goal),
    ("initiatives", _WORK, _work),
    ("check-ins", _SAID, _said),
    ("amendments", [f"why-{n}" for n in range(8)], _why),
)


# --- its history ----------------------------------------------------------------------------------


def history_of(versions: Mapping[date, Sources]) -> History:
    """What git would have of a company, of which one commit a day was made."""
    texts = {_blob(raw): raw for sources in versions.values() for raw in sources.values()}
    read = {blob: read_version(raw) for blob, raw in texts.items()}
    line = lineage(
        tuple(_commits(versions)), _key_of, {name for name, version in read.items() if version}
    )
    written: dict[str, date] = {}
    for day, sources in versions.items():
        for path in sources:
            if kind_of(path) == AMENDMENTS:
                written.setdefault(PurePosixPath(path).stem, day)
    return History(tuple(field_changes(line, read, frozenset())), known=True, written=written)


def _commits(versions: Mapping[date, Sources]) -> Iterator[Commit]:
    before: Sources = {}
    parents: tuple[str, ...] = ()
    for day, now in versions.items():
        paths = sorted(path for path in {*before, *now} if before.get(path) != now.get(path))
        touched = (Touched(p, _blob(before.get(p)), _blob(now.get(p))) for p in paths)
        yield Commit(day.isoformat(), parents, day, "Mia", "Mia", tuple(touched))
        before, parents = now, (day.isoformat(),)


def _blob(raw: bytes | None) -> str:
    return "" if raw is None else sha1(raw, usedforsecurity=False).hexdigest()


def _key_of(path: str) -> Key | None:
    kind = kind_of(path)
    return (kind, PurePosixPath(path).stem) if kind in KINDS else None
