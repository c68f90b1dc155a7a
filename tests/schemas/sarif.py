"""What the schema of SARIF 2.1.0 (errata 01) demands of the parts that our reports are made of.

OASIS lets its schema be copied but not altered, and whole it is no free text. So its demands are
said here in our own words: for each part its fields with their kinds, those it cannot do without,
and sets of which it needs one. What is not listed is refused, although SARIF may know it: a report
that this lets pass, the schema of OASIS lets pass too.
"""

from collections.abc import Mapping
from typing import Any

Kind = Any

TEXT: Kind = {"type": "string"}
NUMBER_FROM_1: Kind = {"type": "integer", "minimum": 1}
LEVEL: Kind = {"type": "string", "enum": ["none", "note", "warning", "error"]}
ADDRESS: Kind = {"type": "string", "format": "uri"}
WAY: Kind = {"type": "string", "format": "uri-reference"}


def part(name: str) -> Kind:
    return {"$ref": f"#/definitions/{name}"}


def many(name: str, distinct: bool = True, least: int = 0) -> Kind:
    return {"type": "array", "items": part(name), "uniqueItems": distinct, "minItems": least}


def texts_by_name() -> Kind:
    return {"type": "object", "additionalProperties": TEXT}


# Part → fields, needed fields, sets of which one is needed.
Part = tuple[Mapping[str, Kind], tuple[str, ...], tuple[str, ...]]
PARTS: Mapping[str, Part] = {
    "log": (
        {
            "$schema": ADDRESS,
            "version": {"enum": ["2.1.0"]},
            "runs": many("run", distinct=False),
        },
        ("version", "runs"),
        (),
    ),
    "run": (
        {
            "tool": part("tool"),
            "results": many("result", distinct=False),
            "automationDetails": part("details"),
            "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            "newlineSequences": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": TEXT,
            },
            "originalUriBaseIds": {"type": "object", "additionalProperties": part("file")},
        },
        ("tool",),
        (),
    ),
    "tool": ({"driver": part("component")}, ("driver",), ()),
    "component": ({"name": TEXT, "version": TEXT, "rules": many("rule")}, ("name",), ()),
    "details": ({"id": TEXT}, (), ()),
    "rule": (
        {
            "id": TEXT,
            "name": TEXT,
            "shortDescription": part("words"),
            "fullDescription": part("words"),
            "help": part("words"),
            "helpUri": ADDRESS,
            "defaultConfiguration": part("configuration"),
        },
        ("id",),
        (),
    ),
    "configuration": ({"level": LEVEL}, (), ()),
    "words": ({"text": TEXT, "markdown": TEXT}, ("text",), ()),
    "message": ({"text": TEXT, "markdown": TEXT, "id": TEXT}, (), ("text", "id")),
    "result": (
        {
            "ruleId": TEXT,
            "ruleIndex": {"type": "integer", "minimum": -1},
            "level": LEVEL,
            "message": part("message"),
            "locations": many("location", distinct=False),
            "partialFingerprints": texts_by_name(),
            "fixes": many("fix"),
        },
        ("message",),
        (),
    ),
    "location": (
        {"physicalLocation": part("place"), "logicalLocations": many("logical")},
        (),
        (),
    ),
    "logical": ({"name": TEXT, "fullyQualifiedName": TEXT, "kind": TEXT}, (), ()),
    "place": (
        {"artifactLocation": part("file"), "region": part("region")},
        (),
        ("artifactLocation",),
    ),
    "file": ({"uri": WAY, "uriBaseId": TEXT, "description": part("message")}, (), ()),
    "region": (
        {
            "startLine": NUMBER_FROM_1,
            "startColumn": NUMBER_FROM_1,
            "endLine": NUMBER_FROM_1,
            "endColumn": NUMBER_FROM_1,
        },
        (),
        ("startLine",),
    ),
    "fix": (
        {"description": part("message"), "artifactChanges": many("change", least=1)},
        ("artifactChanges",),
        (),
    ),
    "change": (
        {"artifactLocation": part("file"), "replacements": many("replacement", False, 1)},
        ("artifactLocation", "replacements"),
        (),
    ),
    "replacement": (
        {"deletedRegion": part("region"), "insertedContent": part("content")},
        ("deletedRegion",),
        (),
    ),
    "content": ({"text": TEXT}, (), ()),
}


def _schema(made: Part) -> Kind:
    fields, needed, one_of = made
    schema: dict[str, Kind] = {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(fields),
    }
    if needed:
        schema["required"] = list(needed)
    if one_of:
        schema["anyOf"] = [{"required": [name]} for name in one_of]
    return schema


SARIF: Mapping[str, Kind] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "$ref": "#/definitions/log",
    "definitions": {name: _schema(made) for name, made in PARTS.items()},
}
