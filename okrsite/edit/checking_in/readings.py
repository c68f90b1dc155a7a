"""A value as it was typed → what its goal takes, or a sentence that says what to type."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from okrsite.edit.checking_in.check_in import NewUpdate
from okrsite.edit.files import EditError
from okrsite.edit.text.numbers import read_one_way
from okrsite.okr.frontmatter import Plain
from okrsite.okr.hints import number_hint, status_hint
from okrsite.okr.model import KeyResult, Measure, SaidStatus, measure_of
from okrsite.okr.settings import Stage
from okrsite.okr.similar import did_you_mean
from okrsite.okr.values import plain, to_number

YES = ("yes", "y", "true", "done", "1")
NO = ("no", "n", "false", "0")
_THOUSANDS = re.compile(r"(?P<number>[-+]?[0-9]+(?:\.[0-9]+)?)\s?(?P<sign>[kKM])")
_UNIT = re.compile(r"(?P<number>[-+]?[0-9]+(?:[.,][0-9]+)?)\s*(?P<unit>[^\s\d.,:'_].*)")
_FACTORS = {"k": 1000, "K": 1000, "M": 1_000_000}


def read_value(ref: str, kr: KeyResult, typed: str) -> NewUpdate:
    """What `typed` says of a key result.

    Raises:
        EditError: its measure does not take that.
    """
    match measure_of(kr):
        case Measure.MILESTONES:
            return NewUpdate(done=read_milestones(ref, kr, typed))
        case Measure.DONE:
            return NewUpdate(read_flag(ref, kr, typed))
        case Measure.OBJECTIVES | Measure.INITIATIVES | Measure.KPI:
            raise EditError(f"`{ref}` takes no value: {_computed(kr)}")
    return NewUpdate(read_number(ref, typed, kr.unit))


def takes(kr: KeyResult) -> str:
    """What to type for a key result, in a few words; nothing where it is computed."""
    match measure_of(kr):
        case Measure.MILESTONES:
            return f"milestones that are done: {', '.join(m.id for m in kr.milestones)}"
        case Measure.DONE:
            return "yes or no"
        case Measure.OBJECTIVES | Measure.INITIATIVES | Measure.KPI:
            return ""
    return f"a number ({kr.unit})" if kr.unit else "a number"


def _computed(kr: KeyResult) -> str:
    words = {
        Measure.OBJECTIVES: "it is computed from the objectives below it",
        Measure.INITIATIVES: "it follows the initiatives that contribute to it",
        Measure.KPI: f"it reads the KPI `{kr.source}`. Check in `kpis/{kr.source}` instead",
    }
    return f"{words[measure_of(kr)]}. A confidence (-c), a --status or a --score can be said of it."


def read_number(ref: str, typed: str, unit: str | None) -> Fraction:
    """A number; its own unit may stand behind it.

    Raises:
        EditError: it is none, or could be read in two ways.
    """
    text = typed.strip().replace("\u2212", "-")
    bare = text.removesuffix(unit).rstrip() if unit else text
    try:
        value = to_number(Plain(bare))
    except ValueError:
        counted = f" ({unit})" if unit else ""
        hint = _number_hint(bare)
        raise EditError(f"`{ref}` takes a number{counted}, not `{typed[:40]}`. {hint}") from None
    read_one_way(bare, unit)
    return value


def _number_hint(text: str) -> str:
    if found := _THOUSANDS.fullmatch(text):
        written = plain(Fraction(found["number"]) * _FACTORS[found["sign"]])
        return f"Write `{written}` if that is meant."
    if text[:1] in (".", ",") and text[1:].isdecimal():
        return f"Write `0.{text[1:]}`."
    if found := _UNIT.fullmatch(text):
        return f"Write `{found['number'].replace(',', '.')}`, without `{found['unit'][:20]}`."
    return number_hint(text)


def read_flag(ref: str, kr: KeyResult, typed: str) -> bool:
    """Yes or no.

    Raises:
        EditError: it is neither.
    """
    word = typed.strip().lower()
    if word in (*YES, *NO):
        return word in YES
    what = f" Yes means: {kr.done_when}" if kr.done_when else ""
    raise EditError(f"`{ref}` takes yes or no, not `{typed[:40]}`.{what}")


def read_milestones(ref: str, kr: KeyResult, typed: str) -> tuple[str, ...]:
    """Milestones by their ids, with commas between.

    Raises:
        EditError: the key result has no such milestone.
    """
    names = tuple(dict.fromkeys(n for part in typed.split(",") if (n := part.strip())))
    known = [milestone.id for milestone in kr.milestones]
    wrong = next((name for name in names if name not in known), None)
    if names and wrong is None:
        return names
    hint = did_you_mean(wrong, known) if wrong else ""
    allowed = f"Its milestones: {', '.join(f'`{name}`' for name in known)}."
    raise EditError(f"`{ref}` has no milestone `{wrong or typed}`. {hint or allowed}")


def read_share(typed: str, what: str = "confidence") -> Fraction:
    """A confidence, or `what` else goes from 0 to 1.

    Raises:
        EditError: it is none.
    """
    text = typed.strip()
    try:
        share = to_number(Plain(text))
    except ValueError:
        share = None
    if share is not None and 0 <= share <= 1:
        return share
    raise EditError(
        f"a {what} goes from 0 to 1, `{typed[:40]}` does not. {_share_hint(text, share)}"
    )


def _share_hint(text: str, share: Fraction | None) -> str:
    """The share that a percentage or a decimal comma stands for."""
    if text.startswith("0,") and text[2:].isdecimal():
        return f"Write `{text.replace(',', '.')}`."
    number = text.removesuffix("%").strip()
    if share is None and not number.isdecimal():
        return "Write `0.6`, for example."
    percent = share if share is not None else Fraction(number)
    if 1 < percent < 10 and "%" not in text:
        return f"Write `{plain(percent / 10)}`."
    return f"Write `{plain(percent / 100)}`." if 1 < percent <= 100 else "Write `0.6`, for example."


def read_status(typed: str) -> str:
    """One of the statuses an author may say.

    Raises:
        EditError: it is none of them.
    """
    known = [str(status) for status in SaidStatus]
    word = typed.strip().lower().replace(" ", "-").replace("_", "-")
    if word in known:
        return word
    hint = status_hint(word) or did_you_mean(word, known)
    allowed = f"Allowed: {', '.join(f'`{name}`' for name in known)}."
    raise EditError(f"`{typed[:40]}` is no status. {hint or allowed}")


def read_state(ref: str, typed: str, workflow: Sequence[Stage]) -> str:
    """One of the workflow's states.

    Raises:
        EditError: it is none of them.
    """
    known: Mapping[str, str] = {stage.name.lower(): stage.name for stage in workflow}
    word = typed.strip().lower()
    if word in known:
        return known[word]
    if word == "blocked":
        raise EditError(f"say why `{ref}` is blocked: --blocked {ref}=REASON")
    hint = did_you_mean(word, known.values())
    allowed = f"States: {', '.join(f'`{name}`' for name in known.values())}."
    raise EditError(f"`{typed[:40]}` is no state of an initiative (`{ref}`). {hint or allowed}")
