"""A record is read as it was written, with every number exact; one of yesterday for ever."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from okrsite.hosts.project import read_project
from okrsite.okr.pipeline import Book, load
from okrsite.okr.snapshot import deriving
from okrsite.okr.snapshot.chain import read_chain
from okrsite.okr.snapshot.deriving import derivation_of, derived
from okrsite.okr.snapshot.making import Materials, Origin, dump_record
from okrsite.okr.snapshot.names import NewerError, SnapshotError, name_of
from okrsite.okr.snapshot.numbers import key_result_numbers
from okrsite.okr.snapshot.record import read_record
from okrsite.okr.snapshot.rows import SCHEMA
from okrsite.okr.snapshot.schema import record_schema
from okrsite.okr.snapshot.sheet import read_sheet, with_bulk
from okrsite.okr.snapshot.steps import read_changes
from okrsite.okr.snapshot.tokens import parsed
from okrsite.okr.sources import read_folder
from tests.okr.strategies import DAYS, Company, companies
from tests.okr.texts import on
from tests.okr.texts import period as period_file
from tests.support import book

GOLDEN = Path(__file__).parents[2] / "golden" / "snapshot" / "v1"
ORIGIN = Origin("c" * 40, "content", "okrsite 0.1.0", {})
VALID = Draft202012Validator(record_schema())


def recorded(made: Book, name: str = "q/closed") -> bytes:
    return dump_record(Materials(made, name_of(name), ORIGIN, ()))[0]


def company_book(company: Company, day: int) -> Book:
    state = ("state: closed", f"committed_on: {on(0)}", f"closed_on: {on(105)}")
    files = {
        path if "/" in path else f"objectives/{path}": text
        for path, text in company.files().items()
    }
    return book(
        {"periods/q.md": period_file(0, 100, *state), **files}, on(day), policy=company.policy
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(companies(), DAYS)
def test_what_is_recorded_is_read_again(company: Company, day: int) -> None:
    made = company_book(company, day)
    raw = recorded(made)
    record = read_record(raw)
    known = record.key_results
    assert known == {r: key_result_numbers(made.scorecard.key_results[r]) for r in known}
    assert record.objectives == {n: made.scorecard.objectives[n] for n in record.objectives}
    assert record.as_of == date.fromisoformat(on(day))
    for noun in record.nouns.values():
        there = [one for one in made.parsed.nouns.values() if one.path == noun.path]
        assert there and noun.id == there[0].id
    VALID.validate(json.loads(raw))


def test_the_record_of_the_example_company_is_valid_and_exact() -> None:
    project = read_project(Path(__file__).parents[3])
    made = load(read_folder(project.content), project.settings, date(2026, 7, 7))
    raw = recorded(made, "2026-q2/closed")
    record = read_record(raw)
    assert record.objectives == {n: made.scorecard.objectives[n] for n in record.objectives}
    VALID.validate(json.loads(raw))


# --- for ever -----------------------------------------------------------------------------------


def golden() -> Mapping[str, bytes]:
    return {
        path.relative_to(GOLDEN).as_posix(): path.read_bytes()
        for path in sorted(GOLDEN.rglob("*"))
        if path.is_file()
    }


def test_a_record_of_the_first_schema_is_read_for_ever() -> None:
    """These files are never rewritten: they lie in other people's repositories."""
    files = golden()
    chain = read_chain(files)
    assert chain.faults == ()
    names = [str(link.manifest.name) for link in chain.links]
    assert names == ["2026-q1/closed", "2026-q2/closed"]
    record = read_record(files["snapshots/2026-q2/closed/record.json"])
    assert record.settings.cadence == 7
    assert record.own == ("inbox",)
    assert record.open == ("inbox/answers",)
    waiting = record.key_results["inbox/waiting"]
    assert (str(waiting.progress), str(waiting.promised)) == ("5/7", "5/6")
    assert str(record.objectives["inbox"].score) == "2/5"
    assert [move.field for move in record.moved] == ["target"]
    (step,) = read_changes(files["snapshots/2026-q2/closed/changes.json"])
    assert (str(step.base), str(step.head)) == tuple(names)
    for part in ("2026-q1", "2026-q2"):
        VALID.validate(json.loads(files[f"snapshots/{part}/closed/record.json"]))


def test_a_newer_record_is_refused_with_what_to_do() -> None:
    raw = golden()["snapshots/2026-q1/closed/record.json"]
    with pytest.raises(NewerError, match="update okrsite to read it"):
        read_record(raw.replace(b"snapshot/v1", b"snapshot/v2", 1))


def test_an_older_one_is_derived_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this were the second schema: a record of the first keeps its own derivation."""
    raw = golden()["snapshots/2026-q1/closed/record.json"]

    def newest(*_: object) -> Mapping[str, bytes]:
        raise AssertionError

    table = {SCHEMA: derived, "okrsite/snapshot/v2": newest}
    monkeypatch.setattr(deriving, "DERIVATIONS", table)
    assert derivation_of(raw) is derived
    assert derivation_of(raw.replace(b"snapshot/v1", b"snapshot/v2", 1)) is newest


def test_an_older_one_is_read_by_a_newer_okrsite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("okrsite.okr.snapshot.rows.SCHEMA", "okrsite/snapshot/v2")
    raw = golden()["snapshots/2026-q1/closed/record.json"]
    assert read_record(raw + b" ").own == ("fewer-bugs",)


@pytest.mark.parametrize("indent", [None, 4])
def test_how_numbers_came_about_is_read_apart_from_the_rest(indent: int | None) -> None:
    """As it was made line by line, and where another hand wrote the same in other lines."""
    raw = golden()["snapshots/2026-q1/closed/record.json"]
    rows = parsed(raw)["key_results"]
    other = json.dumps(json.loads(raw), indent=indent).encode()
    for text in (raw, other):
        sheet = with_bulk(read_sheet(text), text)
        for row in rows:
            assert sheet.formula(row["id"]) == row["trail"]["formula"]
            assert sheet.said(row["id"]) == row["check_ins"]
    assert any(sheet.said(row["id"]) for row in rows)


# --- anything at all ----------------------------------------------------------------------------


@given(st.binary() | st.text().map(str.encode))
def test_anything_else_is_no_record(raw: bytes) -> None:
    with pytest.raises(SnapshotError):
        read_record(raw)


OTHER: st.SearchStrategy[Any] = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.text(), st.just([]), st.just({})),
    *(st.just("1/0"), st.just("2026-13-01")),
)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_record_with_any_value_put_in_is_read_or_refused(data: st.DataObject) -> None:
    fields: Any = json.loads(golden()["snapshots/2026-q2/closed/record.json"])
    place = fields
    while isinstance(place, list | dict) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], list | dict) or data.draw(st.integers(0, 4)) == 0:
            place[key] = data.draw(OTHER)
            break
        place = place[key]
    try:
        read_record(json.dumps(fields).encode())
    except SnapshotError as error:
        assert str(error)


def test_a_reviewer_reads_a_change_in_a_line() -> None:
    raw = golden()["snapshots/2026-q2/closed/record.json"].decode()
    longest = max(len(line) for line in raw.splitlines() if '"check_ins"' not in line)
    assert longest < 400
    assert re.search(r'^  "progress": 0\.\d+,$', raw, re.M)
