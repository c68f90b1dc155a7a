"""Nouns ↔ plain values: the fields that an author wrote, by the names of the format."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar

from pydantic import ValidationError

from okrsite.okr.frontmatter import Plain
from okrsite.okr.model import (
    FROM_FILE,
    KINDS,
    FileNoun,
    Initiative,
    KeyResult,
    Milestone,
    Noun,
    Objective,
    Update,
)
from okrsite.okr.snapshot.tokens import Json, is_exact
from okrsite.okr.values import to_number

N = TypeVar("N", bound=Noun)

# `start: unknown` is a wish to be kept apart from no `start` at all.
_LEVELS = ("start", "target")
UNKNOWN = "unknown"
# In the published names `state` is where an initiative stands; its file only says where it began.
_DECLARED_STATE = "declared_state"


def dumped(noun: FileNoun) -> Json:
    """A noun with a file of its own; an objective without its key results."""
    fields = _fields(noun)
    if isinstance(noun, Initiative) and "state" in fields:
        fields[_DECLARED_STATE] = fields.pop("state")
    return {"id": noun.id, "path": noun.path, **fields, "text": noun.body}


def dumped_key_result(ref: str, kr: KeyResult) -> Json:
    """A key result, under its whole name."""
    return {**_fields(kr), "id": ref}


def _fields(noun: Noun) -> Json:
    found: Json = {}
    for name, field in type(noun).model_fields.items():
        if name in noun.model_fields_set and name not in FROM_FILE and name != "key_results":
            value = getattr(noun, name)
            if value is not None or (name in _LEVELS and isinstance(noun, KeyResult)):
                found[field.alias or name] = _value(value)
    if "key_results" in noun.model_fields_set and not isinstance(noun, Objective):
        found["key_results"] = _value(getattr(noun, "key_results"))  # noqa: B009 - of a check-in
    return found


def _value(value: Any) -> Any:
    match value:
        case Update(flag=bool() as flag):
            return {**_fields(value), "flag": None} | {"yes": flag}
        case Milestone():
            return {"id": value.id, **_fields(value)}
        case Noun():
            return _fields(value)
        case Enum():
            return str(value)
        case Plain():
            return _raw(value)
        case Mapping():
            return {_key(key): _value(item) for key, item in value.items()}
        case list() | tuple():
            return [_value(item) for item in value]
    return value


def _raw(value: Plain) -> object:
    """What an amendment quotes: a number where it is one, else its words."""
    try:
        number: Fraction = to_number(value)
    except ValueError:
        return str(value)
    return number if is_exact(number) else str(value)


def _key(key: object) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def restored(kind: str, fields: Mapping[str, Any], key_results: tuple[KeyResult, ...]) -> FileNoun:
    """The noun of a kind from the values that `dumped` gave.

    Raises:
        ValueError: they are not those of such a noun.
    """
    model = KINDS[kind]
    own = _own(model, fields)
    if kind == "initiatives":
        own.pop("state", None)
        if _DECLARED_STATE in fields:
            own["state"] = fields[_DECLARED_STATE]
    own |= {"id": fields["id"], "path": fields["path"], "body": fields.get("text", "")}
    own.pop("key_results", None) if kind == "objectives" else None
    noun = _validated(model, own)
    return noun.model_copy(update={"key_results": key_results}) if kind == "objectives" else noun


def restored_key_result(fields: Mapping[str, Any]) -> KeyResult:
    """The key result from the values that `dumped_key_result` gave.

    Raises:
        ValueError: they are not those of a key result.
    """
    own = _own(KeyResult, fields)
    own |= {name: UNKNOWN for name in _LEVELS if name in own and own[name] is None}
    own["id"] = str(fields["id"]).partition("/")[2]
    return _validated(KeyResult, own)


def _own(model: type[Noun], fields: Mapping[str, Any]) -> dict[str, Any]:
    names = (field.alias or name for name, field in model.model_fields.items())
    return {name: typed(fields[name]) for name in names if name in fields}


def typed(value: Any) -> Any:
    """A parsed value as the frontmatter would have it."""
    if isinstance(value, dict):
        fields = {key: typed(item) for key, item in value.items()}
        if isinstance(fields.get("yes"), bool):
            fields["value"] = Plain(str(fields.pop("yes")).lower())
            fields.pop("flag", None)
        return fields
    return [typed(item) for item in value] if isinstance(value, list) else value


def _validated(model: type[N], own: Mapping[str, Any]) -> N:
    try:
        return model.model_validate(own)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{own.get('id')}: {place}: {first['msg']}") from None
