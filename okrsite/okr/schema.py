"""What each kind of file may hold, as JSON Schema for editors.

A schema sees values as YAML gives them, so text may come as a number (`title: 2026`). What only the
whole folder can tell, a name that is not there or a date outside its period, is for `check`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from okrsite.okr import model
from okrsite.okr.fields import EXAMPLES, fields_of, meaning
from okrsite.okr.values import ID_PATTERN

Schema = dict[str, Any]

DIALECTS: Mapping[str, str] = {
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
    "07": "http://json-schema.org/draft-07/schema#",
}
SUFFIX = ".schema.json"
INDEX = f"index{SUFFIX.removeprefix('.schema')}"

# One word for one file of a kind.
SINGULAR: Mapping[str, str] = {
    "periods": "period",
    "teams": "team",
    "people": "person",
    "objectives": "objective",
    "initiatives": "initiative",
    "kpis": "kpi",
    "check-ins": "check-in",
    "amendments": "amendment",
}
_PARTS: tuple[type[model.Noun], ...] = (model.KeyResult, model.Milestone, model.Update, model.Move)
_BY_NAME: Mapping[str, type[model.Noun]] = {
    noun.__name__: noun for noun in (*model.KINDS.values(), *_PARTS)
}

_WORDS: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_YEAR = r"(19|20|21)[0-9]{2}"
_DAY = f"^{_YEAR}-[0-9]{{2}}-[0-9]{{2}}$"
_ID: Schema = {"type": ["string", "integer", "boolean"], "pattern": f"^{ID_PATTERN}$", "minimum": 0}
_REF = f"^{ID_PATTERN}/{ID_PATTERN}$"
# What `$defs` and a nested field's own schema may say themselves, and a reference may not.
_KEPT = ("default", "description", "examples", "title")


def kind_named(word: str) -> str | None:
    """The kind that `word` names: its folder, or one file of it."""
    single = {one: kind for kind, one in SINGULAR.items()}
    return word if word in model.KINDS else single.get(word)


def schema_of(kind: str, dialect: str = "2020-12") -> Schema:
    """The schema of the frontmatter of one file of `kind`."""
    noun = model.KINDS[kind]
    made = noun.model_json_schema(by_alias=True)
    parts = {name: _object(part, made) for name, part in _parts(made)}
    whole = _object(noun, made)
    if kind == "check-ins":
        whole = _short_forms(whole)
    head = {"$schema": DIALECTS[dialect], "title": SINGULAR[kind]}
    return {**head, **whole, **({"$defs": parts} if parts else {})}


def index_of(content: str = "content") -> Schema:
    """Which schema is for which files, of a content folder seen from the project."""
    return {f"{kind}{SUFFIX}": [f"{content}/{kind}/**/*.md"] for kind in model.KINDS}


def _parts(made: Schema) -> Iterator[tuple[str, type[model.Noun]]]:
    """The groups of fields that stand inside a file of this kind."""
    for name in made.get("$defs", {}):
        if name in _BY_NAME:
            yield name, _BY_NAME[name]


def _object(noun: type[model.Noun], made: Schema) -> Schema:
    """A group of fields: those that an author writes, each with what it means."""
    raw = made if noun.__name__ == made["title"] else made["$defs"][noun.__name__]
    names = fields_of(noun)
    fields = {name: _field(noun, name, raw["properties"][name], made) for name in names}
    needed = [name for name in raw.get("required", []) if name in names]
    schema: Schema = {"type": "object", "properties": fields, "additionalProperties": False}
    schema |= {"required": needed} if needed else {}
    return schema | ({"oneOf": _measures()} if noun is model.KeyResult else {})


def _field(noun: type[model.Noun], name: str, raw: Schema, made: Schema) -> Schema:
    value = {**_value(raw, made), **_special(noun, name)}
    told = {"title": label(name), "description": meaning(noun, name)}
    default = noun.model_fields["source" if name == "from" else name].default
    if isinstance(default, str):
        told["default"] = str(default)
    elif name == "weight":
        value["default"] = 1
    own = noun not in (model.Objective, model.Initiative, model.Period) or name in _ALIKE
    examples = {"examples": list(EXAMPLES[name])} if name in EXAMPLES and own else {}
    return {**told, **value, **examples}


# Fields whose examples fit any noun; others are called alike and hold something else.
_ALIKE = frozenset({"contributes_to", "owner", "parent", "weight"})


def label(name: str) -> str:
    """A field's name as words: `done_when` → `Done when`."""
    return {"kpi": "KPI", "kpis": "KPIs"}.get(name) or name.replace("_", " ").capitalize()


def _value(raw: Schema, made: Schema) -> Schema:
    """What may stand for a value, from what pydantic says of its type."""
    if "$ref" in raw:
        name = raw["$ref"].rpartition("/")[2]
        words = made["$defs"][name].get("enum")
        return {"enum": list(words)} if words else {"$ref": raw["$ref"]}
    if "anyOf" in raw:
        return _either([_value(item, made) for item in raw["anyOf"]])
    if raw.get("type") == "array":
        return _list(raw, made)
    if raw.get("type") == "object":
        return {"type": "object", "additionalProperties": _value(raw["additionalProperties"], made)}
    return _scalar(raw)


def _scalar(raw: Schema) -> Schema:
    kept = {key: value for key, value in raw.items() if key not in _KEPT}
    if kept.get("format") == "date":
        return {**kept, "pattern": _DAY}
    if "pattern" in kept:
        return dict(_ID)
    return dict(_WORDS) if kept == {"type": "string"} else kept


def _list(raw: Schema, made: Schema) -> Schema:
    item = _value(raw["items"], made)
    bounds: Schema = {key: raw[key] for key in ("minItems", "maxItems") if key in raw}
    several: Schema = {"type": "array", "items": item, **bounds}
    return {"anyOf": [several, dict(_WORDS)]} if item == _WORDS else several


def _either(choices: list[Schema]) -> Schema:
    """One of `choices`; an empty value joins the only other one as a type."""
    others = [choice for choice in choices if choice != {"type": "null"}]
    if len(others) == len(choices) or len(others) != 1 or "type" not in others[0]:
        return {"anyOf": choices}
    (only,) = others
    kinds = only["type"] if isinstance(only["type"], list) else [only["type"]]
    return {**only, "type": [*kinds, "null"]}


def _special(noun: type[model.Noun], name: str) -> Schema:
    """What the type of a field does not tell."""
    if name == "plan":
        return {"propertyNames": {"pattern": _DAY}}
    if noun is model.Update and name == "value":
        return {"type": ["number", "boolean", "null"]}
    if noun is model.Person and name == "links":
        return {"additionalProperties": {"type": "string", "pattern": r"^\s*(https?://|mailto:)\S"}}
    if noun is model.CheckIn and name in ("key_results", "kpis", "initiatives"):
        return {"propertyNames": {"pattern": _REF if name == "key_results" else f"^{ID_PATTERN}$"}}
    return {}


def _short_forms(check_in: Schema) -> Schema:
    """A bare value may stand for a group of fields."""
    fields = check_in["properties"]
    number: Schema = {"type": ["number", "boolean"]}
    group, move = {"$ref": "#/$defs/Update"}, {"$ref": "#/$defs/Move"}
    fields["key_results"]["additionalProperties"] = {"anyOf": [number, group]}
    fields["initiatives"]["additionalProperties"] = {"anyOf": [dict(_WORDS), move]}
    return check_in


_LEVELS = frozenset({"start", "target"})
_BOUNDS = frozenset({"at_least", "at_most", "between"})
_TICKED = frozenset({"milestones", "done_when"})


def _measures() -> list[Schema]:
    """The ways to measure a key result, of which it has exactly one."""
    ways: list[tuple[str, frozenset[str]]] = [("measured", _LEVELS)]
    ways += [(f"kept within a bound: {name}", frozenset({name})) for name in sorted(_BOUNDS)]
    ways += [("milestones", frozenset({"milestones"})), ("yes or no", frozenset({"done_when"}))]
    made = [_without(title, model.MEASURE_FIELDS - needed, *needed) for title, needed in ways]
    return [*made, *_from()]


def _without(title: str, never: frozenset[str], *needed: str) -> Schema:
    fields: Schema = dict.fromkeys(sorted(never), False)
    if "milestones" in needed:
        fields["milestones"] = {"minItems": 1}
    return {"title": title, "required": sorted(needed), "properties": fields}


def _from() -> Iterator[Schema]:
    """From other work, beside which a sum and a KPI may have a target or bound of their own."""
    apart = {"objectives": _BOUNDS | _TICKED, "initiatives": _BOUNDS | _TICKED | _LEVELS}
    for word, never in apart.items():
        made = _without(f"from {word}", never, "from")
        yield made | {"properties": {**made["properties"], "from": {"const": word}}}
    made = _without("from a KPI", _TICKED, "from")
    kpi = {"from": {"not": {"enum": list(apart)}}}
    one = [_BOUNDS, *(_LEVELS | _BOUNDS - {bound} for bound in sorted(_BOUNDS))]
    choices = [{"properties": dict.fromkeys(sorted(never), False)} for never in one]
    yield made | {"properties": {**made["properties"], **kpi}, "anyOf": choices}
