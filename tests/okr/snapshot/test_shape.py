"""What a record could not say is refused before anything of it is trusted."""

import json
from typing import Any

import pytest

from okrsite.okr.snapshot.manifest import read_manifest
from okrsite.okr.snapshot.names import SnapshotError
from okrsite.okr.snapshot.record import read_record
from okrsite.okr.snapshot.sheet import read_sheet, with_bulk
from okrsite.okr.snapshot.steps import read_changes
from tests.okr.snapshot.records import published
from tests.okr.texts import goal, said

DEEP = "[" * 600 + "]" * 600
FILES = {
    "objectives/a.md": goal(
        "k, start: 0, target: 10", "m, done_when: Live", fields="period: q; team: some"
    ),
    "check-ins/one.md": said(50, "a/k: {value: 4, confidence: 0.5}", "a/m: false"),
}
WHOLE = published(FILES, "q/closed", 99, {})


def part(name: str) -> Any:
    return json.loads(WHOLE[f"snapshots/q/closed/{name}.json"])


def with_value(fields: Any, place: str, text: str) -> bytes:
    """The document with a JSON text at a place such as `teams.0.numbers`."""
    *way, last = [int(key) if key.isdigit() else key for key in place.split(".")]
    found = fields
    for key in way:
        found = found[key]
    found[last] = "HERE"
    return json.dumps(fields).replace('"HERE"', text).encode()


def test_what_was_made_is_read() -> None:
    assert read_record(WHOLE["snapshots/q/closed/record.json"], lazily=True).own == ("a",)
    assert read_record(json.dumps(part("record")).encode()).own == ("a",)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        *(("objectives.0.progress", text) for text in ("1e99999999999", "1e5000", "1e400", '"1"')),
        *(("objectives.0.progress", text) for text in ("true", "[]", "{}", DEEP)),
        *(("configuration", text) for text in ('{"a": 1}', "[]", '"a\\u0000b"', '"/etc/x"')),
        *(("content", text) for text in ('"\\ud800"', "null", '"../x"', '"a/../.."')),
        *(("commit", text) for text in ('{"x": 1}', '"--output=x"', "7")),
        *(("policy.cap", text) for text in (DEEP, "{}", '"\\ud800"')),
        *(("key_results.0.target", text) for text in (DEEP, '"ten"', "{}", "true")),
        *(("key_results.0.line", text) for text in ("-5", "1.5", "1e5", "null")),
        *(("key_results.0.id", text) for text in ('"k"', '"a/other"', "{}")),
        *(("open", text) for text in ("[[{}]]", "null", '"a/k"')),
        *(("objectives.0.parts.0.ref", text) for text in ("{}", "null")),
        *(("objectives.0.parts.0.weight", text) for text in ("null", '"1"')),
        *(("objectives.0.path", text) for text in ("null", '"teams/a.md"', '"../objectives/a.md"')),
        *(("check_ins.0.path", text) for text in ("null", '"x"', '"check-ins/a\\nb.md"')),
        *(("check_ins.0.id", text) for text in ('"\\ud800"', "null")),
        *(("check_ins.0.key_results", text) for text in ("[]", '{"a/k": 4}', '{"a/k": {"x": 1}}')),
        *(("periods", text) for text in ('""', "{}", "[1]")),
        *(("summary.0.due", text) for text in ("{}", '"1"', "1.5")),
        ("check_ins", "[1]"),
        ("moved", '[{"day": "2026-01-01"}]'),
        ("exact", "1"),
    ],
)
def test_a_value_of_another_kind_is_refused_at_once(place: str, text: str) -> None:
    fields = part("record")
    if place == "exact":
        place = "objectives.0.exact"
        fields["objectives"][0]["exact"] = {}
    raw = with_value(fields, place, text)
    for lazily in (True, False):
        with pytest.raises(SnapshotError):
            read_record(raw, lazily=lazily)


@pytest.mark.parametrize("ratio", ["1/0", "x", "9/1" + "0" * 4000, "1" + "0" * 400 + "/3"])
def test_a_fraction_that_no_number_is_is_refused(ratio: str) -> None:
    fields = part("record")
    fields["objectives"][0]["exact"] = {"progress": ratio}
    with pytest.raises(SnapshotError):
        read_record(json.dumps(fields).encode(), lazily=True)


@pytest.mark.parametrize(
    ("place", "text"),
    [("key_results.0.trail", "null"), ("key_results.0.check_ins", "[1]")],
)
def test_how_a_number_came_about_is_refused_where_it_is_read(place: str, text: str) -> None:
    with pytest.raises(SnapshotError):
        raw = with_value(part("record"), place, text)
        with_bulk(read_sheet(raw), raw)


@pytest.mark.parametrize("text", ["[]", "[1]", "{}", '"x"', DEEP, "1e9999", "true"])
@pytest.mark.parametrize("place", ["parts.0.path", "parts.0.bytes", "commit", "as_of", "previous"])
def test_so_is_a_manifest(place: str, text: str) -> None:
    raw = with_value(part("manifest"), place, text)
    if (place, text) != ("parts.0.path", '"x"'):
        with pytest.raises(SnapshotError):
            read_manifest(raw)


@pytest.mark.parametrize("text", ["{}", "null", "[1]", "[[]]", DEEP])
@pytest.mark.parametrize("place", ["teams", "steps", "objectives", "schema"])
def test_so_are_changes(place: str, text: str) -> None:
    with pytest.raises(SnapshotError):
        read_changes(with_value(part("changes"), place, text))
