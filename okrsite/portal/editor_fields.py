"""The fields of the forms at `/edit/`: for each field of the model what it is typed into."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from okrsite.okr import model
from okrsite.okr.fields import EXAMPLES, fields_of, meaning
from okrsite.okr.model import Measure, Noun, measure_of
from okrsite.okr.pipeline import Book
from okrsite.okr.schema import label, schema_of
from okrsite.okr.values import ID_PATTERN

Field = dict[str, Any]
Options = list[dict[str, str]]

NUMBER = r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?"
ID_SAID = "Lower-case letters, digits, - and _"
# Beyond so many choices a list helps nobody, and the words are typed.
MOST_CHOICES = 2000

# The kind that a field refers to; `goal` is an objective or a key result.
_REFERS: Mapping[tuple[type[Noun], str], str] = {
    (model.Period, "parent"): "periods",
    (model.Team, "parent"): "teams",
    (model.Objective, "period"): "periods",
    (model.Objective, "contributors"): "teams",
    (model.Objective, "parent"): "goal",
    (model.Objective, "supports"): "goal",
    (model.Objective, "continues"): "objectives",
    (model.Initiative, "contributes_to"): "goal",
    (model.Initiative, "depends_on"): "initiatives",
    (model.Amendment, "subject"): "goal or initiative",
    (model.KeyResult, "from"): "source",
}
_PEOPLE = ("owner", "author", "lead", "members", "approved_by")
_SEVERAL = ("contributors", "supports", "contributes_to", "depends_on", "members")


@dataclass(frozen=True)
class Choices:
    """What a form offers for a reference: a kind that lies flat is looked up, others are listed."""

    flat: frozenset[str]
    listed: Mapping[str, Options]
    has_bare_names: bool
    states: tuple[str, ...]


def choices_of(book: Book) -> Choices:
    """What the forms of this company offer."""
    folders = {kind: [noun.path for noun in _nouns(book, kind)] for kind in model.KINDS}
    flat = frozenset(k for k, paths in folders.items() if all(p.count("/") == 1 for p in paths))
    titles = {
        kind: _options((noun.id, getattr(noun, "title", noun.id)) for noun in _nouns(book, kind))
        for kind in ("periods", "teams", "people", "initiatives", "kpis", "objectives")
    }
    results = _options(_results(book))
    more = {
        "key results": results,
        "open key results": _options(_results(book, ready=True)),
        "milestones": _options(_milestones(book)),
        "goal": [*titles["objectives"], *results],
        "goal or initiative": [*titles["objectives"], *results, *titles["initiatives"]],
        "source": [*_options((word, label(word)) for word in _FROM), *titles["kpis"]],
    }
    known = set(book.portfolio.people)
    bare = bool(set(_names(book)) - known) or not known
    states = tuple(stage.name for stage in book.settings.workflow)
    return Choices(flat, {**titles, **more}, bare, states)


_FROM = ("objectives", "initiatives")


def nested(kind: str, choices: Choices) -> bool:
    """Whether files of this kind lie in deeper folders."""
    return kind not in choices.flat


def form(noun: type[Noun], choices: Choices) -> list[Field]:
    """The fields of a form for `noun`, in the order of the format."""
    return [_field(noun, name, choices) for name in fields_of(noun)]


def check_in_form(choices: Choices) -> list[Field]:
    """A check-in's fields; what stands under free names in the file is a list of rows here."""
    top = ("date", "author", "team", "corrects")
    fields = {name: _field(model.CheckIn, name, choices) for name in top}
    fields["date"]["default"] = "{{now}}"
    update = {name: _field(model.Update, name, choices) for name in fields_of(model.Update)}
    update["value"] |= _pattern(f"true|false|{NUMBER}", "A number, or true or false")
    update["value"]["hint"] = "The number of the day; true or false for a yes or no"
    update["confidence"]["hint"] += ", from 0 to 1"
    update["done"] = _select("done", choices.listed["milestones"], several=True) | _told(
        model.Update, "done"
    )
    move = form(model.Move, choices)
    rows = [
        _rows("form_key_results", "key_result", "open key results", update.values(), choices),
        _rows("form_kpis", "kpi", "kpis", [_text("value") | _pattern(NUMBER, "A number")], choices),
        _rows("form_initiatives", "initiative", "initiatives", move, choices),
    ]
    return [fields["date"], fields["author"], fields["team"], *rows, fields["corrects"]]


def _rows(name: str, key: str, listed: str, fields: Iterable[Field], choices: Choices) -> Field:
    """A list whose rows begin with what they speak of."""
    first = _select(key, choices.listed[listed]) | {"label": label(key), "required": True}
    what = name.removeprefix("form_")
    return {
        "name": name,
        "label": label(what),
        "label_singular": label(key),
        "hint": _hint(model.CheckIn, what),
        "widget": "list",
        "required": False,
        "collapsed": False,
        "summary": f"{{{{{key}}}}}",
        "fields": [first, *fields],
    }


def body(hint: str) -> Field:
    """The prose below the frontmatter, as it is unless somebody asks for rich text."""
    return {
        "name": "body",
        "label": "Text",
        "hint": hint,
        "widget": "richtext",
        "modes": ["raw", "rich_text"],
        "editor_components": [],
        "required": False,
    }


# --- one field ------------------------------------------------------------------------------------


def _field(noun: type[Noun], name: str, choices: Choices) -> Field:
    widget = _reference(noun, name, choices) or _by_name(noun, name, choices)
    widget = widget or _by_schema(_schema(noun, name), name)
    return {**widget, **_told(noun, name)}


def _told(noun: type[Noun], name: str) -> Field:
    return {"label": label(name), "hint": _hint(noun, name), "required": _is_needed(noun, name)}


def _hint(noun: type[Noun], name: str) -> str:
    """What a field means, as a sentence; code is told by its words alone."""
    said = meaning(noun, name).replace("`", "")
    return said[:1].upper() + said[1:]


def _schema(noun: type[Noun], name: str) -> Mapping[str, Any]:
    return _group(noun)["properties"][name]  # type: ignore[no-any-return]  # a schema's field


def _is_needed(noun: type[Noun], name: str) -> bool:
    return name in _group(noun).get("required", ())


@cache
def _group(noun: type[Noun]) -> Mapping[str, Any]:
    for kind, model_ in model.KINDS.items():
        schema = schema_of(kind)
        if model_ is noun:
            return schema
        if noun.__name__ in schema.get("$defs", {}):
            return schema["$defs"][noun.__name__]  # type: ignore[no-any-return]
    raise KeyError(noun)


def _reference(noun: type[Noun], name: str, choices: Choices) -> Field | None:
    several = name in _SEVERAL
    if name in _PEOPLE:
        if choices.has_bare_names:
            return _strings(name) if several else _text(name)
        return _refer(name, "people", choices, several=several)
    kind = _REFERS.get((noun, name), "teams" if name == "team" else "")
    return _refer(name, kind, choices, several=several) if kind else None


def _refer(name: str, kind: str, choices: Choices, *, several: bool) -> Field:
    """Looked up among the files where an id is a file's whole path below its folder."""
    if kind in choices.flat:
        found: Field = {"widget": "relation", "collection": kind, "value_field": "{{slug}}"}
        found |= {"display_fields": ["title"], "search_fields": ["title"]}
        return {"name": name, **found, "multiple": several, "dropdown_threshold": 0}
    listed = choices.listed[kind]
    if 0 < len(listed) <= MOST_CHOICES:
        return _select(name, listed, several=several)
    return _strings(name) if several else _text(name)


def _by_name(noun: type[Noun], name: str, choices: Choices) -> Field | None:
    """Fields that a schema alone says too little about."""
    if name == "state" and noun in (model.Initiative, model.Move):
        return _select(name, _options((state, state) for state in choices.states))
    if name in ("start", "target") and noun is model.KeyResult:
        return _text(name) | _pattern(f"unknown|{NUMBER}", "A number, or the word unknown")
    if name == "key_results" and noun is model.Objective:
        return _items(name, "Key result", form(model.KeyResult, choices))
    if name == "milestones":
        return _items(name, "Milestone", form(model.Milestone, choices))
    if name in ("plan", "links"):
        first, second = {"plan": ("Day", "Value"), "links": ("Name", "Address")}[name]
        return {"name": name, "widget": "keyvalue", "key_label": first, "value_label": second}
    if name == "id":
        return _text(name) | _pattern(ID_PATTERN, ID_SAID)
    return _text(name) if name in ("was", "now", "value", "corrects") else None


def _by_schema(schema: Mapping[str, Any], name: str) -> Field:
    if "enum" in schema:
        return _select(name, _options((word, word) for word in schema["enum"]))
    first = schema.get("anyOf", [schema])[0]
    if "enum" in first:
        return _select(name, _options((word, word) for word in first["enum"]))
    if schema.get("format") == "date":
        return {"name": name, "widget": "datetime", "type": "date", "format": "YYYY-MM-DD"}
    if "items" in first:
        return _pair(name) if first["items"].get("type") == "number" else _strings(name)
    if "number" in schema.get("type", ()) and "string" not in schema["type"]:
        limits = {key: schema[way] for key, way in _LIMITS if way in schema}
        return {"name": name, "widget": "number", "value_type": "float", "step": 0.1, **limits}
    return _text(name)


_LIMITS = (("min", "minimum"), ("max", "maximum"))


def _text(name: str) -> Field:
    return {"name": name, "label": label(name), "widget": "string", "use_emoji_autocomplete": False}


def _pattern(pattern: str, said: str) -> Field:
    return {"pattern": [f"^({pattern})?$", said]}


def _strings(name: str) -> Field:
    return {"name": name, "widget": "list", "hint": ", ".join(map(str, EXAMPLES.get(name, ())))}


def _pair(name: str) -> Field:
    number = {"name": "number", "label": "Number", "widget": "number", "value_type": "float"}
    return {"name": name, "widget": "list", "field": {**number, "step": 0.1}, "max": 2}


def _items(name: str, single: str, fields: list[Field]) -> Field:
    shown = {"label_singular": single, "collapsed": True, "summary": "{{title}}"}
    return {"name": name, "widget": "list", **shown, "fields": fields}


def _select(name: str, options: Options, *, several: bool = False) -> Field:
    found: Field = {"name": name, "label": label(name), "widget": "select", "options": options}
    return {**found, "multiple": several, "required": False, "dropdown_threshold": 0}


def _options(pairs: Iterable[tuple[str, str]]) -> Options:
    """Choices by value, told by their title and, where that differs, their id."""
    told = ((value, title if title == value else f"{title} ({value})") for value, title in pairs)
    return [{"label": title, "value": value} for value, title in told]


# --- what there is to choose among ----------------------------------------------------------------


def _nouns(book: Book, kind: str) -> Iterable[model.FileNoun]:
    name = kind.replace("-", "_")
    found: Mapping[str, model.FileNoun] = getattr(book.portfolio, name)
    return found.values()


def _results(book: Book, *, ready: bool = False) -> Iterator[tuple[str, str]]:
    """Key results by `objective/kr`; the ready ones are those a check-in may still speak of."""
    for ref, kr in book.portfolio.key_results.items():
        objective = book.portfolio.objectives[ref.partition("/")[0]]
        period = book.portfolio.period_of(objective)
        closed = period is not None and period.state is model.PeriodState.CLOSED
        computed = measure_of(kr) in (Measure.OBJECTIVES, Measure.INITIATIVES, Measure.KPI)
        if not ready or not (closed or computed):
            yield ref, f"{objective.title}: {kr.title}"


def _milestones(book: Book) -> Iterator[tuple[str, str]]:
    for ref, _ in _results(book, ready=True):
        for milestone in book.portfolio.key_results[ref].milestones:
            yield milestone.id, f"{book.portfolio.key_results[ref].title}: {milestone.title}"


def _names(book: Book) -> Iterator[str]:
    """Everybody who is named anywhere as an owner, author, lead or member."""
    portfolio = book.portfolio
    for kind in model.KINDS:
        for noun in _nouns(book, kind):
            for field in _PEOPLE:
                said = getattr(noun, field, None)
                yield from (said,) if isinstance(said, str) else said or ()
    yield from (kr.owner for kr in portfolio.key_results.values() if kr.owner)
