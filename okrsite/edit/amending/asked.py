"""`goal/kr.target` and a value, as they were typed → the field that is meant, and what it takes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from okrsite.edit.files import EditError
from okrsite.edit.text.numbers import read_one_way
from okrsite.edit.text.scalars import flow
from okrsite.okr.frontmatter import Loc, Plain, read_document
from okrsite.okr.model import MEASURE_FIELDS, Measure, measure_of
from okrsite.okr.naming import of_that_name, several
from okrsite.okr.portfolio import Portfolio, key_result_loc
from okrsite.okr.similar import did_you_mean
from okrsite.okr.terms import amendable

_LEVELS = ("start", "target")
_BOUNDS = ("at_least", "at_most", "between")
KEY_RESULT = (
    *(*_LEVELS, *_BOUNDS, "plan", "weight", "due"),
    *("title", "metric", "unit", "done_when", "from", "milestones", "scope"),
)
OBJECTIVE = ("weight", "title", "parent", "scope")
INITIATIVE = ("start", "due", "title", "scope")
LISTED = ("scope", "milestones")  # told in the amendment; what they are about is edited by hand
_OPTIONAL = (*_BOUNDS, "plan", "due", "parent", "metric", "unit", "done_when", "from")
_NONE = ("none", "-", "")
_TIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}):(?=\S)")
_RANGE = re.compile(r"\[?\s*([^\s,\[\]]+?)\s*(?:\.\.\.?|…|,|\bto\b)\s*([^\s,\[\]]+?)\s*\]?")


@dataclass(frozen=True, slots=True)
class Field:
    """A field that can be amended: whose it is, and where it stands or would stand."""

    subject: str
    name: str
    path: str
    loc: Loc


@dataclass(frozen=True, slots=True)
class Term:
    """A field's value read, and as it is written; without `raw` the field is not there."""

    value: object
    raw: str | None


def find_field(portfolio: Portfolio, typed: str, day: date) -> Field:
    """The field that `SUBJECT.FIELD` means; a key result's own id is enough where one has it.

    Raises:
        EditError: there is no such subject, or several, or it has no such field.
    """
    subject, dot, name = typed.rpartition(".")
    known = [*portfolio.key_results, *portfolio.objectives, *portfolio.initiatives]
    if subject and subject not in known:
        subject = _in_full(portfolio, subject, day)
    if not dot or subject not in known:
        raise EditError(_unknown(subject or name, name if dot else "", known))
    if name not in fields_of(portfolio, subject):
        raise EditError(_no_field(portfolio, subject, name))
    if subject in portfolio.key_results:
        objective = portfolio.objectives[subject.partition("/")[0]]
        return Field(subject, name, objective.path, (*key_result_loc(portfolio, subject), name))
    noun = portfolio.objectives.get(subject) or portfolio.initiatives[subject]
    return Field(subject, name, noun.path, (name,))


def _in_full(portfolio: Portfolio, name: str, day: date) -> str:
    found = of_that_name(portfolio, name, day)
    if len(found) > 1:
        raise EditError(several(name, ((r, portfolio.key_results[r].title) for r in found)))
    return found[0] if found else name


def fields_of(portfolio: Portfolio, subject: str) -> tuple[str, ...]:
    """The fields of a key result, an objective or an initiative that `amend` changes."""
    if subject in portfolio.key_results:
        return KEY_RESULT
    return OBJECTIVE if subject in portfolio.objectives else INITIATIVE


def _unknown(subject: str, name: str, known: list[str]) -> str:
    if not name and subject in known:
        return f"name the field too, such as `{subject}.due`"
    own = () if "/" in subject else (ref.partition("/")[2] for ref in known if "/" in ref)
    meant = did_you_mean(subject, (*known, *own))
    hint = meant.replace("`?", f".{name}`?") if name else meant
    what = "there is no objective, key result or initiative"
    return f"{what} `{subject}`. {hint or 'It is named SUBJECT.FIELD, as in `goal/kr.target`.'}"


def _no_field(portfolio: Portfolio, subject: str, name: str) -> str:
    if subject in portfolio.objectives and name == "due":
        return "an objective has no `due`: it ends with its period; its key results may have one"
    if name == "state":
        return f"a state is no promise: `okrsite move {subject} STATE` moves it"
    allowed = fields_of(portfolio, subject)
    names = ", ".join(f"`{one}`" for one in allowed)
    return f"`{name}` is not amended. {did_you_mean(name, allowed) or f'Allowed: {names}.'}"


def fits(portfolio: Portfolio, field: Field, now: Term) -> None:
    """Refuse what would leave a key result with two measures, or with none.

    Raises:
        EditError: the field is of another measure than the key result has, or is all of it.
    """
    subject, name = field.subject, field.name
    kr = portfolio.key_results.get(subject)
    if kr is None:
        return
    if name in MEASURE_FIELDS and now.raw is None:
        words = f"without `{name}` nobody could say how far `{subject}` is"
        raise EditError(f"{words}. To take it out, give it weight 0: {subject}.weight 0")
    measure, alias = measure_of(kr), "source" if name == "from" else name
    if name not in MEASURE_FIELDS or alias in kr.model_fields_set:
        return
    sums = measure in (Measure.OBJECTIVES, Measure.INITIATIVES, Measure.KPI)
    takes = {Measure.MEASURED: _LEVELS, Measure.UNKNOWN: (name,)}
    if name not in takes.get(measure, _LEVELS if sums else ()):
        has = ", ".join(
            f"`{one}`" for one in KEY_RESULT if one in kr.model_fields_set & MEASURE_FIELDS
        )
        raise EditError(
            f"`{subject}` has no `{name}`: it is measured another way. It has {has}."
            " Another measure is another key result: write a new one and give this one weight 0."
        )


def read_term(portfolio: Portfolio, field: Field, typed: str) -> Term:
    """The value that `typed` means for a field.

    Raises:
        EditError: the field takes no such value; the words say what to type.
    """
    kr = portfolio.key_results.get(field.subject)
    text = typed.strip()
    if kr and kr.unit and field.name in (*_LEVELS, *_BOUNDS):
        text = text.removesuffix(kr.unit).rstrip()
    if field.name in _OPTIONAL and text.lower() in _NONE:
        return term_of(portfolio, field, None)
    return term_of(portfolio, field, _raw(field.name, text))


def not_ambiguous(portfolio: Portfolio, field: Field, typed: str) -> None:
    """Refuse a new level that may be thousands or a decimal.

    Raises:
        EditError: it may be either.
    """
    kr = portfolio.key_results.get(field.subject)
    if kr is None or field.name not in (*_LEVELS, *_BOUNDS, "plan"):
        return
    fed_from = portfolio.kpis.get(kr.source or "")
    unit = kr.unit or (fed_from.unit if fed_from else None)
    for word in typed.removesuffix(unit or "").replace(",", " ").split():
        for number in word.strip("[]{}").split(".."):
            read_one_way(number, unit)


def _raw(name: str, text: str) -> object:
    """`text` as if it had stood in a file."""
    if name == "between" and (found := _RANGE.fullmatch(text)):
        return [Plain(found[1]), Plain(found[2])]
    if name == "plan":
        text = _TIGHT.sub(r"\1: ", text if text.startswith("{") else f"{{{text}}}")
    if name == "plan" or (name in LISTED and text.startswith("[")):
        document, findings = read_document("", f"---\nvalue: {text}\n---\n".encode())
        return Plain(text) if findings or "\n" in text else document.data.get("value")
    return Plain(text)


def held(portfolio: Portfolio, field: Field) -> Term:
    """What the definition says now.

    Raises:
        EditError: what stands there cannot be read.
    """
    data: object = portfolio.documents[field.path].data
    for step in field.loc:
        try:
            data = data[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            data = None
    return term_of(portfolio, field, data)


def term_of(portfolio: Portfolio, field: Field, raw: object) -> Term:
    """A value as a file has it, read the way the field is read.

    Raises:
        EditError: the field takes no such value.
    """
    read = amendable(portfolio, field.subject)[field.name]
    if raw is None:
        return _absent(portfolio, field)
    try:
        value = read(raw)
    except ValueError as error:
        context: Mapping[str, object] = getattr(error, "context", None) or {}
        words = f"`{field.name}`: {context.get('message', error)}. {context.get('hint', '')}"
        raise EditError(words.strip()) from None
    return Term(value, written(list(raw) if isinstance(raw, list) else value))


def _absent(portfolio: Portfolio, field: Field) -> Term:
    """What counts where a field is not there."""
    if field.name == "weight":
        return Term(Fraction(1), "1")
    if field.name in _LEVELS and field.subject in portfolio.key_results:
        return Term(None, "unknown")
    return Term({} if field.name == "plan" else None, None)


def written(value: object) -> str:
    """A value as it stands in a file."""
    if value is None:
        return "unknown"
    if isinstance(value, tuple):
        return flow(list(value))
    return flow(value)


def told(term: Term) -> str:
    """A value for a reader."""
    if term.raw is None:
        return "none"
    return term.value.isoformat() if isinstance(term.value, date) else term.raw
