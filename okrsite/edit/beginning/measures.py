"""A key result on one line, `Bugs that reach clients: 40 -> 20 bugs a month` → its fields."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from okrsite.edit.files import EditError
from okrsite.edit.text.names import id_of
from okrsite.edit.text.numbers import read_one_way
from okrsite.edit.text.scalars import scalar
from okrsite.okr.frontmatter import Plain
from okrsite.okr.hints import number_hint
from okrsite.okr.values import to_number

FORMS = (
    "`Title: 40 -> 20 bugs a month`, `Title: at most 30 days`, `Title: at least 99.9 %`,"
    " `Title: 4..5 stars`, `Title: done when it is published`,"
    " or `Title` alone where nobody has measured it yet"
)
_NUMBER = r"(?:[-+]?[0-9](?:[0-9.,'_]*[0-9])?(?:[eE][-+]?[0-9]+)?|unknown|\?)"
_MEASURED = re.compile(
    rf"(?:from\s+)?(?P<start>{_NUMBER})(?P<sign>[^\d\s]*)\s*(?:->|→|=>|\bto\b)\s*"
    rf"(?P<target>{_NUMBER})\s*(?P<unit>.*)"
)
_WORDS = {
    "at_least": r"at least|>=|≥|not below|minimum|min\.?",
    "at_most": r"at most|<=|≤|not above|maximum|max\.?",
}
_BOUND = {
    field: re.compile(rf"(?:{words})\s*(?P<value>{_NUMBER})\s*(?P<unit>.*)", re.IGNORECASE)
    for field, words in _WORDS.items()
}
_BETWEEN = re.compile(
    rf"(?:between\s+)?(?P<low>{_NUMBER})\s*(?:\.\.\.?|…|\band\b)\s*(?P<high>{_NUMBER})\s*(?P<unit>.*)"
)
_COLON = re.compile(r":(?!(?<=\d:)\d)")  # one between digits is that of a time or a ratio
_DONE = re.compile(r"(?:done|yes) when\s+(?P<words>.+)", re.IGNORECASE)
# What no unit has in it: an arrow or a bound, which is a second measure, and a number by itself,
# which is most often a part of the one before (`5 000`, `12:30`). `p95` and `CO2` are units.
_SECOND = re.compile(
    r"->|→|=>|>=|<=|[≥≤]|\b(?:at (?:least|most)|not (?:below|above))\b|(?<![^\W\d_])(?<!\d)\d",
    re.IGNORECASE,
)
_TWO_MEASURES = re.compile(r"\d\S*\s*(?:->|→|=>)\s*[-+]?\d")
ONE = (
    "Write one measure for each key result: a number has no blank and no colon in it, and no other"
    " one stands behind it. A further bound or day is a key result or a field of its own."
)
ID_LENGTH = 40

Fields = Mapping[str, str]


def key_results(
    typed: Iterable[str], known: Mapping[str, str] = MappingProxyType({})
) -> tuple[Fields, ...]:
    """One key result for each line, every field as YAML, with ids of their own.

    `known` leads from titles in lower case to ids that these key results have already.

    Raises:
        EditError: a line says no measure that can be read.
    """
    parted = [_parted(line) for line in typed]
    names = _names([title for title, _ in parted], known)
    told = zip(names, parted, strict=True)
    return tuple({"id": scalar(n), "title": scalar(title), **more} for n, (title, more) in told)


def _names(titles: Sequence[str], known: Mapping[str, str]) -> Iterator[str]:
    """An id for each title; no other one takes an id that is known."""
    left = {known[title.casefold()] for title in titles if title.casefold() in known}
    taken = set(left)
    for title in titles:
        own = known.get(title.casefold())
        if own in left:
            left.remove(own)
        else:
            own = _free(id_of(title, ID_LENGTH) or "result", taken)
        taken.add(own)
        yield own


def _parted(line: str) -> tuple[str, Fields]:
    """A title and its measure; what stands behind the last colon that a measure follows."""
    words = " ".join(line.split())
    for at in (match.start() for match in reversed(list(_COLON.finditer(words)))):
        title, rest = words[:at].strip(), words[at + 1 :].strip()
        if title and (measure := _measure(rest)):
            if _TWO_MEASURES.search(title):
                raise EditError(f"`{words}` says two measures. {ONE}")
            return title, measure
    if re.search(r"\d:\d", words):
        hint = "say a time as minutes or as `10.5` hours, and the ratio 3:1 as `3`"
        raise EditError(f"`{words}`: a number has no colon in it; {hint}. Write {FORMS}.")
    if not words or re.search(r":.*\d|:\s*$", words):
        raise EditError(f"`{words}` says no measure. Write {FORMS}.")
    return words, {"start": "unknown", "target": "unknown"}


def _measure(text: str) -> Fields | None:
    if found := _MEASURED.fullmatch(text):
        own = _one_of(text, found["sign"], found["unit"])
        unit = _unit(text, own, found["start"], found["target"])
        return {**unit, "start": _level(found["start"]), "target": _level(found["target"])}
    for field, pattern in _BOUND.items():
        if found := pattern.fullmatch(text):
            unit = _unit(text, found["unit"], found["value"])
            return {**unit, field: _number(found["value"])}
    if found := _BETWEEN.fullmatch(text):
        unit = _unit(text, found["unit"], found["low"], found["high"])
        return {**unit, "between": between(found["low"], found["high"])}
    if found := _DONE.fullmatch(text):
        return {"done_when": scalar(found["words"])}
    return None


def between(low: str, high: str) -> str:
    """Both bounds as YAML, the lower one first.

    Raises:
        EditError: one of them is no number.
    """
    pair = sorted((_number(low), _number(high)), key=lambda text: to_number(Plain(text)))
    return f"[{', '.join(pair)}]"


def number(typed: str) -> str:
    """A number as YAML.

    Raises:
        EditError: it is none; the words say what to write.
    """
    try:
        return scalar(to_number(Plain(typed.strip())))
    except ValueError:
        raise EditError(f"`{typed}` is not a number. {number_hint(typed.strip())}") from None


def _number(typed: str) -> str:
    if typed in ("?", "unknown"):
        raise EditError("a bound is a number; where nobody knows it yet, write the title alone")
    return number(typed)


def _level(typed: str) -> str:
    return "unknown" if typed in ("?", "unknown") else number(typed)


def _one_of(text: str, sign: str, unit: str) -> str:
    """The unit of both numbers.

    Raises:
        EditError: they have two.
    """
    if sign and unit and unit.split(maxsplit=1)[0] != sign:
        words = f"`{sign}` stands behind the start and `{unit}` behind the target"
        raise EditError(f"`{text}`: {words}. Write both in one unit, such as `0.04 -> 50 M`.")
    return unit or sign


def _unit(text: str, words: str, *numbers: str) -> Fields:
    """The unit as YAML, where `text` is nothing but one measure: its `numbers`, and a unit.

    Raises:
        EditError: more than that stands there, or a number can be read in two ways.
    """
    if _SECOND.search(words) or words.startswith(":"):
        raise EditError(f"`{text}`: `{words}` is no unit. {ONE}")
    for typed in numbers:
        read_one_way(typed, words)
    return {"unit": scalar(words)} if words else {}


def _free(name: str, taken: set[str]) -> str:
    number_ = 1
    while (made := name if number_ == 1 else f"{name}-{number_}") in taken:
        number_ += 1
    return made
