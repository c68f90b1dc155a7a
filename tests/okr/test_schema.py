"""The schemas say of a file what the reader says of it, as far as a schema can."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from okrsite.cli import main
from okrsite.okr import model
from okrsite.okr.fields import MEANING, fields_of
from okrsite.okr.finding import Severity
from okrsite.okr.frontmatter import Plain, read_document
from okrsite.okr.records import kind_of, read_record
from okrsite.okr.schema import DIALECTS, SINGULAR, index_of, kind_named, schema_of
from okrsite.okr.sources import read_folder
from tests.okr.cases import FOLDER, read_blocks, read_cases
from tests.support import book, codes

ROOT = Path(__file__).parents[2]
VALIDATORS = {kind: Draft202012Validator(schema_of(kind)) for kind in model.KINDS}
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def as_yaml(value: object) -> Any:
    """A value as an editor's YAML gives it: text without quotes may be a number, yes or no."""
    if isinstance(value, dict):
        return {key: as_yaml(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_yaml(item) for item in value]
    if not isinstance(value, Plain):
        return value
    if value in ("true", "false"):
        return value == "true"
    if _NUMBER.fullmatch(value):
        return int(value) if re.fullmatch("[-+]?[0-9]+", value) else float(value)
    return str(value)


def complaints(path: str, raw: bytes) -> list[str]:
    """What the schema of its kind says of a file."""
    document, _ = read_document(path, raw)
    errors = VALIDATORS[kind_of(path) or ""].iter_errors(as_yaml(document.data))
    return [f"{path}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in errors]


def refused(path: str, raw: bytes) -> list[str]:
    """What the reader says of the values of a file."""
    document, broken = read_document(path, raw)
    _, found = read_record(document, kind_of(path) or "")
    return [f.message for f in (*broken, *found) if f.severity is Severity.ERROR]


@pytest.mark.parametrize("kind", model.KINDS)
def test_it_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(schema_of(kind))
    older = schema_of(kind, "07")
    Draft7Validator.check_schema(older)
    assert older["$schema"] == DIALECTS["07"]


@pytest.mark.parametrize("kind", model.KINDS)
def test_every_field_is_described_and_none_is_internal(kind: str) -> None:
    schema = schema_of(kind)
    named = {noun.__name__: noun for noun in MEANING}
    groups: list[tuple[type[model.Noun], Any]] = [(model.KINDS[kind], schema)]
    groups += [(named[name], part) for name, part in schema.get("$defs", {}).items()]
    for noun, group in groups:
        hidden = model.INTERNAL | (model.FROM_FILE if noun in model.KINDS.values() else set())
        declared = {i.alias or key for key, i in noun.model_fields.items() if key not in hidden}
        assert tuple(group["properties"]) == fields_of(noun)
        assert set(group["properties"]) == declared
        assert group["additionalProperties"] is False
        for field in group["properties"].values():
            assert field["title"] and field["description"]
    assert not {"path", "body", "body_line", "unreadable", "flag"} & set(str(schema).split("'"))


def test_descriptions_are_the_handbooks() -> None:
    text = (ROOT / "content/guide/format.md").read_text(encoding="utf-8")
    parts = re.split(r"^#{2,3} .*?(?:\{ #([\w-]+) \})?$", text, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    for noun, fields in MEANING.items():
        section = found[re.sub(r"(?<!^)(?=[A-Z])", "-", noun.__name__).lower()]
        rows = [line.strip("| ").split(" | ") for line in section.splitlines() if "| `" in line[:3]]
        told = {row[0].strip("` "): _plain(row[-1]) for row in rows}
        assert told == fields


def _plain(cell: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cell).replace("*", "").strip()


def test_examples_are_allowed() -> None:
    for kind, validator in VALIDATORS.items():
        schema = schema_of(kind)
        for group in (schema, *schema.get("$defs", {}).values()):
            for name, field in group["properties"].items():
                for example in field.get("examples", ()):
                    alone = {"$defs": schema.get("$defs", {}), **field}
                    errors = list(validator.evolve(schema=alone).iter_errors(example))
                    assert not errors, (kind, name, example)


# --- what the reader accepts ------------------------------------------------------------------


def test_the_example_company_is_accepted() -> None:
    sources = {p: raw for p, raw in read_folder(ROOT / "content").items() if kind_of(p)}
    assert len(sources) > 400
    assert [said for path, raw in sources.items() for said in complaints(path, raw)] == []


BASE = read_blocks((FOLDER / "README.md").read_text(encoding="utf-8"))
CASES = [c for p in sorted(FOLDER.glob("OKR*.md")) for c in read_cases(p, BASE)]
# Found in a file's values alone, without the rest of the folder.
IN_VALUES = {"OKR010", "OKR011", "OKR012"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_accepted_as_by_the_reader(case: Any) -> None:
    for path, raw in case.sources.items():
        if kind_of(path) is None:
            continue
        found = {code for code, where, _, _ in case.expected if where == path}
        if not found:
            assert complaints(path, raw) == [], case.name
        elif found & IN_VALUES:
            assert complaints(path, raw) != [], case.name


# --- values: reader and schema side by side -----------------------------------------------------

HEADS: Mapping[str, str] = {
    "periods": "title: A\nstart: 2026-01-01\nend: 2026-03-31\n",
    "teams": "title: A\n",
    "people": "title: A\n",
    "objectives": "title: A\nperiod: q\n",
    "initiatives": "title: A\n",
    "kpis": "title: A\nat_least: 1\n",
    "check-ins": "date: 2026-01-01\n",
    "amendments": "date: 2026-01-01\nsubject: a\nfield: title\n",
}
VALUES = (
    "",
    "5",
    "-0.25",
    "1.2e6",
    '"5"',
    "unknown",
    "word",
    "two words",
    '""',
    "true",
    "no",
    "2026-07-01",
    "2026-7-1",
    "1,000",
    "20 %",
    "committed",
    "both",
    "public",
    "[]",
    "[a, b]",
    "[1, 2]",
    "[1]",
    "[[a]]",
    "{}",
    "{a: 1}",
    "{a/b: 1}",
    "{a/b: true}",
    "{a/b: }",
    "{a/b: no}",
    "{a/b: {value: 3, confidence: 0.5, status: on-track, done: [x], score: 0.7}}",
    "{a/b: {value: true}}",
    "{a/b: {confidence: 3}}",
    "{a/b: {score: 70}}",
    "{a/b: {status: fine}}",
    "{a: doing}",
    "{a: {state: doing, blocked: no licence}}",
    "{a: {blocked: {}}}",
    "{2026-07-01: 5}",
    "{Mail: mailto:a@b.example}",
    "{Mail: ftp://b.example}",
)


def _pairs() -> Iterator[Any]:
    for kind, noun in model.KINDS.items():
        for name in fields_of(noun):
            for value in VALUES:
                yield pytest.param(kind, name, value, id=f"{kind} {name}: {value}")


@pytest.mark.parametrize("kind", model.KINDS)
def test_reader_and_schema_agree_on_every_value_of_every_field(kind: str) -> None:
    differ = []
    for name in fields_of(model.KINDS[kind]):
        for value in VALUES:
            head = re.sub(rf"^{name}:.*\n", "", HEADS[kind], flags=re.MULTILINE)
            raw = f"---\n{head}{name}: {value}\n---\n".encode()
            by_reader, by_schema = refused(f"{kind}/a.md", raw), complaints(f"{kind}/a.md", raw)
            # A name that cannot be one is found when it is looked up, which needs the folder.
            by_schema = [said for said in by_schema if "does not match '^[a-z0-9]" not in said]
            if bool(by_reader) != bool(by_schema):
                differ.append((name, value, by_reader, by_schema))
    assert differ == []


@pytest.mark.parametrize("part", [model.KeyResult, model.Milestone])
def test_reader_and_schema_agree_on_parts(part: type[model.Noun]) -> None:
    differ = []
    for name in fields_of(part):
        for value in VALUES:
            raw = _part(part, name, value)
            by_reader, by_schema = (
                refused("objectives/a.md", raw),
                complaints("objectives/a.md", raw),
            )
            if by_reader and not by_schema and (name, value) not in SAME_NUMBER:
                differ.append((name, value, by_reader))
            if not by_reader and by_schema and "not valid under" not in by_schema[0]:
                differ.append((name, value, by_schema))
    assert differ == []


# What is another text, and the same number once YAML has read it.
SAME_NUMBER = {("id", "1.2e6"), ("id", "-0.25")}


def _part(part: type[model.Noun], name: str, value: str) -> bytes:
    own = {"id": "a", "title": "A", **({"done_when": "b"} if part is model.KeyResult else {})}
    own[name] = value
    rows = "".join(f"    {key}: {text}\n" for key, text in own.items())
    item = "  -\n" + rows
    if part is model.Milestone:
        item = "  - id: k\n    title: K\n    milestones:\n" + re.sub("^", "    ", item, flags=re.M)
    return f"---\n{HEADS['objectives']}key_results:\n{item}---\n".encode()


MEASURES = ("start: 1", "target: 5", "at_least: 1", "at_most: 9", "between: [1, 2]",
            "milestones: [{id: m, title: M}]", "done_when: x", "from: objectives",
            "from: initiatives", "from: up")  # fmt: skip


@given(st.lists(st.sampled_from(MEASURES), max_size=3, unique_by=lambda one: one.split(":")[0]))
def test_reader_and_schema_agree_on_measures(measure: list[str]) -> None:
    rows = "".join(f"    {field}\n" for field in ["title: K", *measure])
    text = f"---\n{HEADS['objectives']}key_results:\n  - id: k\n{rows}---\n"
    made = book(
        {
            "objectives/a.md": text,
            "periods/q.md": f"---\n{HEADS['periods']}---\n",
            "kpis/up.md": "---\ntitle: Up\nat_least: 5\n---\n",
        }
    )
    wrong = {"OKR015", "OKR024"} & set(codes(made))
    assert bool(complaints("objectives/a.md", text.encode())) == bool(wrong), wrong


# --- names and files ----------------------------------------------------------------------------


def test_a_kind_has_two_names() -> None:
    assert set(SINGULAR) == set(model.KINDS)
    assert kind_named("people") == kind_named("person") == "people"
    assert kind_named("persons") is None


def test_the_index_names_the_files_of_each_kind() -> None:
    assert index_of("docs")["check-ins.schema.json"] == ["docs/check-ins/**/*.md"]
    assert len(index_of()) == len(model.KINDS)


# --- the command, and what the handbook says of editors -----------------------------------------


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["schema", *words], catch_exceptions=False)


def test_the_command_prints_the_schema_of_a_kind() -> None:
    for word in ("check-ins", "check-in"):
        assert json.loads(run(word).stdout) == schema_of("check-ins")
    assert json.loads(run("team", "--draft", "07").stdout) == schema_of("teams", "07")


def test_the_command_says_what_it_wants() -> None:
    assert run().exit_code == run("objektive").exit_code == 2
    assert "Did you mean `objective`?" in run("objektive").stderr
    assert "--list" in run().stderr


def test_the_command_writes_a_folder_and_over_an_old_one(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "schemas"
    for draft in ("2020-12", "07"):
        done = run("--output", str(out), "--draft", draft, "--content", "docs")
        assert (done.exit_code, done.stdout) == (0, f"9 files written to {out}\n")
        assert json.loads((out / "kpis.schema.json").read_text()) == schema_of("kpis", draft)
    assert json.loads((out / "index.json").read_text()) == index_of("docs")
    assert len(list(out.iterdir())) == 9
    (tmp_path / "file").write_text("")
    assert run("--output", str(tmp_path / "file" / "x")).exit_code == 2


def test_the_task_of_the_handbook_finds_what_check_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "content/guide/editors.md").read_text(encoding="utf-8")
    block = re.search(r'```json title=".vscode/tasks.json"\n(.*?)```', text, re.DOTALL)
    assert block
    (task,) = json.loads(block[1])["tasks"]
    matcher = task["problemMatcher"]["pattern"]
    (tmp_path / "content/objectives").mkdir(parents=True)
    bad = "---\ntitle: x\nperiod: nowhere\ncolor: red\n---\n"
    (tmp_path / "content/objectives/bad.md").write_text(bad)
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(main, task["command"].split()[1:]).stdout
    found = [re.match(matcher["regexp"], line) for line in printed.splitlines()]
    told = [{k: m[n] for k, n in matcher.items() if k != "regexp"} for m in found if m]
    assert len(told) == sum(line.startswith("::") for line in printed.splitlines()) > 2
    assert ("error", "4", "OKR011") in {(o["severity"], o["line"], o["code"]) for o in told}
    assert {one["file"] for one in told} == {"content/objectives/bad.md"}
