"""Every format as its readers read it: by its published schema, and whole in golden files."""

import json
import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker

from okrsite.okr.codes import CODES
from okrsite.okr.finding import Finding, Severity
from okrsite.reports.findings.document import as_json
from okrsite.reports.findings.entries import Home, Report, entries
from okrsite.reports.findings.github import as_github
from okrsite.reports.findings.gitlab import as_gitlab
from okrsite.reports.findings.junit import as_junit
from okrsite.reports.findings.rdjson import as_rdjson
from okrsite.reports.findings.sarif import as_sarif
from okrsite.reports.findings.summary import as_summary
from okrsite.reports.findings.text import as_text
from okrsite.reports.markup import as_comment, coded, escaped
from tests.reports import ugly
from tests.schemas.sarif import SARIF

SCHEMAS = Path(__file__).parents[1] / "schemas"
GOLDEN = Path(__file__).parents[1] / "golden" / "reports"

FORMATS: Mapping[str, tuple[str, Callable[[Report], str]]] = {
    "text": ("txt", as_text),
    "json": ("json", as_json),
    "github": ("txt", partial(as_github, summary=True)),
    "summary": ("md", as_summary),
    "gitlab": ("json", as_gitlab),
    "sarif": ("sarif", as_sarif),
    "rdjson": ("json", as_rdjson),
    "junit": ("xml", as_junit),
}

# Any text that an author, or the name of a file, may hold.
anything = st.text(st.characters(), max_size=60)
findings = st.builds(
    Finding,
    path=st.sampled_from([ugly.HERE, ugly.THERE, "."]) | anything.map(lambda t: t.lstrip("/")),
    line=st.integers(0, 8),
    column=st.integers(0, 40),
    code=st.sampled_from(sorted(CODES)),
    severity=st.sampled_from(Severity),
    message=anything,
    hint=anything,
    subject=anything,
)
reports = st.lists(findings, max_size=6).map(lambda found: ugly.report(tuple(found)))


@pytest.mark.parametrize("name", FORMATS)
def test_looks_as_agreed(name: str) -> None:
    ending, form = FORMATS[name]
    made, golden = form(ugly.report()), GOLDEN / f"{name}.{ending}"
    if os.environ.get("OKRSITE_UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_no_sign_that_steers_a_terminal_or_a_runner(name: str) -> None:
    made = FORMATS[name][1](ugly.report())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", made)
    assert "##[" not in made and "##vso[" not in made


@settings(deadline=None, max_examples=60)
@given(reports)
def test_any_text_at_all_makes_text_that_can_be_written(made: Report) -> None:
    for _, form in FORMATS.values():
        assert form(made).encode("utf-8")


# --- text ---------------------------------------------------------------------------------------


def test_colour_is_only_painted_where_it_is_asked_for() -> None:
    painted = as_text(ugly.report(), colour=True)
    assert "\x1b[1;31merror\x1b[0m" in painted
    assert re.sub(r"\x1b\[[\d;]+m", "", painted) == as_text(ugly.report())


def test_a_clean_run_says_what_was_read() -> None:
    assert as_text(ugly.report(())) == "2 goals read: no findings\n"


def test_the_last_line_counts() -> None:
    last = as_text(ugly.report()).splitlines()[-1]
    assert last == "7 errors, 3 warnings, 1 note in 6 files; 1 can be mended with --fix"


def test_without_a_handbook_the_code_stands_alone() -> None:
    home = Home("content")
    made = Report(entries(ugly.FINDINGS[:1], {}, home), "", ugly.DAY)
    assert "  = OKR019\n" in as_text(made)
    assert made.entries[0].help == ""


def test_without_an_address_the_handbook_is_a_file() -> None:
    made = ugly.report(home=Home("content"))
    assert "content/guide/rules.md#okr019" in as_text(made)
    assert "helpUri" not in as_sarif(made) and '"url"' not in as_rdjson(made)


# --- github -------------------------------------------------------------------------------------

_COMMAND = re.compile(r"^::(?P<name>[a-z-]+)(?: (?P<fields>[^\r\n]*?))?::(?P<data>.*)$")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as a runner reads them: a line that begins with `::`, or holds `##[`."""
    found = []
    for line in text.split("\n"):
        assert "##[" not in line and "\r" not in line
        if line.lstrip().startswith("::"):
            match = _COMMAND.match(line)
            assert match, line
            pairs = (pair.partition("=") for pair in match["fields"].split(","))
            fields = {key: _unescaped(value) for key, _, value in pairs}
            found.append((match["name"], fields, _unescaped(match["data"])))
    return found


def _unescaped(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def many(**amounts: int) -> Report:
    return ugly.report(
        tuple(
            Finding(ugly.HERE, number + 1, 1, "OKR205", Severity(weight), f"{weight} {number}")
            for weight, amount in amounts.items()
            for number in range(amount)
        )
    )


def test_github_reads_back_what_was_found() -> None:
    found = commands(as_github(ugly.report(), summary=False))
    assert [name for name, _, _ in found] == ["error"] * 7 + ["warning"] * 3 + ["notice"]
    assert {tuple(fields) for _, fields, _ in found} == {("file", "line", "col", "title")}
    odd = next(fields for _, fields, _ in found if "odd name" in _)
    assert odd["file"] == "content/objectives/a, b: 100% \ufffd.md"
    assert odd["title"] == "OKR999"
    nasty = next(data for _, fields, data in found if fields["title"].startswith("OKR019"))
    assert nasty.startswith("::error::a|b `code`") and "\n" not in nasty


@settings(deadline=None, max_examples=60)
@given(reports)
def test_github_never_sees_a_command_of_an_authors(made: Report) -> None:
    found = commands(as_github(made, summary=True))
    kinds = [str(entry.finding.severity).replace("info", "notice") for entry in made.entries]
    assert sorted(name for name, _, _ in found) == sorted(kinds)


def test_the_name_of_a_file_is_no_command_either() -> None:
    named = tuple(
        Finding(" ::error::x.md", line, 1, "OKR001", Severity.ERROR, "x") for line in range(1, 12)
    )
    made = ugly.report(named, home=Home())
    assert len(commands(as_github(made, summary=True))) == 10
    assert commands(as_text(made)) == []
    assert "./ ::error::x.md:11:1: error OKR001: x." in as_github(made, summary=True)


def test_github_keeps_ten_of_a_kind_and_the_tenth_tells_of_the_rest() -> None:
    text = as_github(many(warning=12, error=25, info=10), summary=True)
    found = commands(text)
    assert [name for name, _, _ in found] == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    told = [data for _, _, data in found if "could not be shown" in data]
    assert told == [
        "error 9.\n15 more errors could not be shown here: see the summary of this job.",
        "warning 9.\n2 more warnings could not be shown here: see the summary of this job.",
    ]
    plain = [line for line in text.splitlines() if not line.startswith("::")]
    assert sum(" error OKR205: " in line for line in plain) == 15
    assert sum(" warning OKR205: " in line for line in plain) == 2
    assert plain[-1] == "25 errors, 12 warnings, 10 notes in 1 file"


def test_github_without_a_summary_leads_to_the_log() -> None:
    text = as_github(many(error=11), summary=False)
    assert "1 more error could not be shown here: see the log of this step." in text


# --- the summary --------------------------------------------------------------------------------


def test_the_summary_is_a_table_whatever_stands_in_it() -> None:
    rows = [line for line in as_summary(ugly.report()).splitlines() if line.startswith("|")]
    assert len(rows) == 3 * 2 + len(ugly.FINDINGS)
    assert {row.count("|") for row in rows} == {5}
    nasty = next(row for row in rows if "OKR019" in row)
    for live in ("](j", "</script>", "@all", "::error"):
        assert live not in nasty
    assert "`code`" in nasty


@pytest.mark.parametrize("shown", [escaped, coded, as_comment])
@pytest.mark.parametrize(
    "raw", ["ask @hana", "see #123 and !4", "https://evil.example", "www.evil.example", "GH-7"]
)
def test_words_in_a_comment_call_nobody_and_lead_nowhere(
    shown: Callable[[str], str], raw: str
) -> None:
    # A forge looks for these in what is shown, so it does not help to write a sign as a number.
    live = r"[@~]\w|[#!$%&]\d|https?://|\bGH-\d|www\."
    assert not re.search(live, unescape(shown(raw)))
    assert unescape(shown(raw)).replace("\u200b", "") == raw


def test_the_summary_stays_below_its_limit_and_says_so() -> None:
    made = as_summary(many(error=300, warning=300), limit=20_000)
    assert len(made.encode()) <= 20_000
    rows = sum(line.startswith("| content") for line in made.splitlines())
    assert f"And {600 - rows} more findings, for which there is no room here" in made
    assert "more finding" not in as_summary(many(error=300))


# --- gitlab -------------------------------------------------------------------------------------

GITLAB = json.loads((SCHEMAS / "gitlab-codeclimate.json").read_text(encoding="utf-8"))


def check_gitlab(text: str) -> list[Any]:
    rows: list[Any] = json.loads(text)
    for row in rows:
        Draft4Validator(GITLAB).validate(row)
        # What the documentation asks for beyond the schema.
        assert set(row) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert row["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert row["location"]["lines"]["begin"] >= 1
        assert not row["location"]["path"].startswith(("/", "./"))
    assert len({row["fingerprint"] for row in rows}) == len(rows)
    return rows


def test_gitlab() -> None:
    rows = check_gitlab(as_gitlab(ugly.report()))
    assert [row["severity"] for row in rows].count("major") == 7
    assert {"minor", "info"} <= {row["severity"] for row in rows}
    assert check_gitlab(as_gitlab(ugly.report(()))) == []


# --- sarif --------------------------------------------------------------------------------------


def check_sarif(text: str) -> Any:
    document = json.loads(text)
    Draft4Validator(SARIF, format_checker=FormatChecker()).validate(document)
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    return run


def test_the_demands_on_sarif_are_a_schema_and_can_refuse() -> None:
    Draft4Validator.check_schema(dict(SARIF))
    document = json.loads(as_sarif(ugly.report()))
    document["runs"][0]["results"][0]["level"] = "info"
    assert not Draft4Validator(SARIF).is_valid(document)


def test_sarif() -> None:
    run = check_sarif(as_sarif(ugly.report()))
    results = {result["ruleId"]: result for result in run["results"]}
    place = results["OKR011"]["locations"][0]
    file = {"uri": "content/objectives/2026-q3/calm.md", "uriBaseId": "%SRCROOT%"}
    assert place == {
        "physicalLocation": {
            "artifactLocation": file,
            "region": {"startLine": 6, "startColumn": 5},
        },
        "logicalLocations": [{"fullyQualifiedName": "calm/bugs"}],
    }
    (change,) = results["OKR011"]["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == file
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 6, "startColumn": 5, "endLine": 6, "endColumn": 10},
            "insertedContent": {"text": "target"},
        }
    ]
    assert "](" not in results["OKR019"]["message"]["text"]
    odd = results["OKR999"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(odd) == "content/objectives/a, b: 100% \ufffd.md"
    assert set(odd) <= set(odd.encode("ascii").decode()) and " " not in odd


@pytest.mark.parametrize("code", CODES)
def test_sarif_explains_every_code(code: str) -> None:
    known = Finding(ugly.HERE, 1, 1, code, CODES[code].severity, "x")
    run = check_sarif(as_sarif(ugly.report((known,))))
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == code and rule["name"] == CODES[code].name
    assert rule["helpUri"] == f"https://goals.example/guide/rules/#{code.lower()}"
    assert rule["defaultConfiguration"]["level"] == run["results"][0]["level"]
    assert rule["shortDescription"]["text"].endswith((".", "!"))
    assert rule["fullDescription"]["text"] and rule["help"]["markdown"]


def test_sarif_takes_the_explanation_from_the_rule() -> None:
    task = Finding(ugly.HERE, 1, 1, "OKR201", Severity.WARNING, "x")
    (rule,) = check_sarif(as_sarif(ugly.report((task,))))["tool"]["driver"]["rules"]
    assert "without anybody being better off" in rule["fullDescription"]["text"]
    assert "Wrong: `title: Send a welcome email" in rule["help"]["markdown"]


# --- rdjson -------------------------------------------------------------------------------------

RDJSON = json.loads((SCHEMAS / "reviewdog-diagnostic-result.json").read_text(encoding="utf-8"))


def check_rdjson(text: str) -> list[Any]:
    document = json.loads(text)
    Draft4Validator(RDJSON).validate(document)
    known = set(RDJSON["definitions"]["reviewdog.rdf.Diagnostic"]["properties"])
    for row in document["diagnostics"]:
        assert set(row) <= known  # the schema lets any other field pass
        assert row["location"]["range"]["start"]["line"] >= 1
        assert row["location"]["range"]["start"]["column"] >= 1
    return list(document["diagnostics"])


def test_rdjson() -> None:
    rows = {row["code"]["value"]: row for row in check_rdjson(as_rdjson(ugly.report()))}
    assert rows["OKR011"]["suggestions"] == [
        {
            "range": {"start": {"line": 6, "column": 5}, "end": {"line": 6, "column": 10}},
            "text": "target",
        }
    ]
    assert rows["OKR011"]["severity"] == "ERROR" and rows["OKR305"]["severity"] == "INFO"
    assert rows["OKR011"]["code"]["url"] == "https://goals.example/guide/rules/#okr011"
    nasty = rows["OKR019"]["message"]
    assert "`code`" in nasty
    assert "@all" not in nasty and "[x](" not in nasty and "</script" not in nasty


def test_rdjson_counts_columns_in_bytes() -> None:
    wide = Finding(ugly.HERE, 5, 21, "OKR003", Severity.ERROR, "x")
    (row,) = check_rdjson(as_rdjson(ugly.report((wide,))))
    before = len("    title: 日本語のタイトル".encode())
    assert row["location"]["range"]["start"] == {"line": 5, "column": before + 2}


# --- junit --------------------------------------------------------------------------------------


JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))


def check_junit(text: str) -> ElementTree.Element:
    JUNIT.validate(text)
    suite = ElementTree.fromstring(text)
    failed, cases = suite.findall("testcase/failure"), suite.findall("testcase")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names)
    assert (suite.get("tests"), suite.get("failures")) == (str(len(cases)), str(len(failed)))
    return suite


def test_junit() -> None:
    suite = check_junit(as_junit(ugly.report()))
    assert len(suite.findall("testcase/failure")) == 7
    assert len(check_junit(as_junit(ugly.report(strict=True))).findall("testcase/failure")) == 10
    assert len(check_junit(as_junit(ugly.report(()))).findall("testcase")) == 1


def test_junit_names_two_of_a_kind_apart() -> None:
    suite = check_junit(as_junit(many(error=3)))
    assert [case.get("name") for case in suite.findall("testcase")] == [
        "OKR205 no owner",
        "OKR205 no owner (2)",
        "OKR205 no owner (3)",
    ]


# --- json ---------------------------------------------------------------------------------------


def test_json_is_as_the_handbook_says() -> None:
    document = json.loads(as_json(ugly.report()))
    assert document["schema"] == "okrsite/findings/v1"
    assert document["counts"] == {
        "error": 7,
        "warning": 3,
        "info": 1,
        "files": 6,
        "fixable": 1,
    }
    fields = "code severity path line column message hint fingerprint subject help fix"
    assert all(" ".join(row) == fields for row in document["findings"])
    fixes = [row["fix"] for row in document["findings"] if row["fix"]]
    assert fixes == [{"line": 6, "column": 5, "end_line": 6, "end_column": 10, "text": "target"}]


@settings(deadline=None, max_examples=60)
@given(reports)
def test_every_schema_holds_whatever_authors_write(made: Report) -> None:
    check_gitlab(as_gitlab(made))
    check_sarif(as_sarif(made))
    check_rdjson(as_rdjson(made))
    check_junit(as_junit(made))


# --- the schemas --------------------------------------------------------------------------------


def test_the_schemas_are_those_the_list_names() -> None:
    rows = re.findall(r"^\| `([\w.-]+)` .*`([0-9a-f]{64})` \|$", _README, re.MULTILINE)
    assert dict(rows) == {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in SCHEMAS.iterdir()
        if path.suffix in (".json", ".xsd")
    }


_README = (SCHEMAS / "README.md").read_text(encoding="utf-8")
