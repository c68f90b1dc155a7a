"""A name that leads nowhere, and none is near: what to write or to create instead."""

import re
from collections.abc import Collection, Mapping

SHOWN = 5
_CREATED: Mapping[str, str] = {
    "period": "periods",
    "team": "teams",
    "KPI": "kpis",
    "objective": "objectives",
    "objective or key result": "objectives",
    "goal": "objectives",
    "initiative": "initiatives",
}
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_YEAR = re.compile(r"(?<!\d)(?:20)?(\d\d)(?!\d)")
_PART = re.compile(
    r"(?P<a>[qh])\W*(?P<n>[1-4])(?!\d)|(?P<m>[1-4])\W*(?P<b>q|h|t|quart|trim|halb|sem)[a-z]*"
)
_LETTERS = {"quart": "q", "trim": "q", "t": "q", "halb": "h", "sem": "h"}


def instead(ref: str, known: Collection[str], what: str) -> str:
    """What to do about `ref`, which is no `what` and resembles none that is `known`."""
    if what == "period" and (meant := _same_time(ref, known)):
        return f"Did you mean `{meant}`?"
    objective, slash, _ = ref.partition("/")
    if slash and any("/" in name for name in known):
        own = [name for name in known if name.startswith(f"{objective}/")]
        gone = f"Nothing of `{objective[:80]}` is known: was its file renamed or deleted?"
        return f"Write {_one_of(own, ref)}." if own else gone
    if what == "check-in":
        return "Write the name of a file in `check-ins/`, without `.md`."
    names = _one_of(known, ref)
    if what not in _CREATED:
        return f"Write {names}." if names else ""
    folder = _CREATED[what]
    if not _ID.fullmatch(ref):
        return f"Write {names}." if names else f"Create a file in `{folder}/` first."
    return f"Create `{folder}/{ref}.md`{f', or write {names}' if names else ''}."


def _one_of(known: Collection[str], ref: str) -> str:
    """Some of the known names, those that begin alike first."""
    first = sorted(known, key=lambda name: (-_alike(name, ref), name))[:SHOWN]
    names = ", ".join(f"`{name}`" for name in first)
    more = f" … ({len(known)} in all)" if len(known) > SHOWN else ""
    return f"{'one of ' if len(first) > 1 else ''}{names}{more}"


def _alike(name: str, ref: str) -> int:
    """How many signs two names have in common before they part."""
    pairs = enumerate(zip(name, ref, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(name), len(ref)))


def _same_time(ref: str, known: Collection[str]) -> str:
    """The one known period of the same quarter or half of a year, however both are written."""
    meant = _time(ref)
    found = [name for name in known if meant and _time(name) == meant]
    return found[0] if len(found) == 1 else ""


def _time(text: str) -> tuple[str, str] | None:
    """Year and part of it: `Q4 2026`, `2026Q4`, `4. Quartal 2026` and `2026-q4` are one."""
    low = text.casefold()
    part = _PART.search(low)
    year = _YEAR.search(low[: part.start()] + " " + low[part.end() :]) if part else None
    if part is None or year is None:
        return None
    letter = part["a"] or part["b"]
    return year[1], _LETTERS.get(letter, letter) + (part["n"] or part["m"])
