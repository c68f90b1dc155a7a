"""The handbook says what is true: examples are loaded, numbers computed, lists compared.

Conventions of `content/guide/`, for whoever edits it:

- A code block whose title is a path below a kind's folder (`yaml title="objectives/x.md"`) is a
  whole source file. Those of a page are loaded together, and none may have an error. The same path
  once more is that file some time later: from there on it replaces the earlier one.
- `<!-- as_of: 2026-08-20 -->` is the day from there on, `<!-- options: {…} -->` the plugin's
  options. Without them it is that day, with the default options.
- A table with the columns `by hand` and `progress` or `is` is computed, both by the code and from
  what stands under `by hand`; on a page without files it is about the example company.
- A block that begins with `$ okrsite …` is run in the project and holds what that prints.
- In `rules.md` every `## … { #okr201 }` names a code. A block under **Wrong** is found by it, one
  under **Right** is not. Its title says what it is a part of (`a key result`, `an objective`, …):
  those fields replace the ones of `BASE`. From OKR601 on, `BASE` is what was merged before.
"""

import ast
import operator
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner
from markdown.extensions.toc import slugify

from okrsite.cli import COMMANDS, main
from okrsite.hosts.mkdocs import OkrsiteConfig
from okrsite.hosts.options import HOST_OPTIONS, for_numbers
from okrsite.okr import model, settings
from okrsite.okr.codes import CODES
from okrsite.okr.finding import Severity
from okrsite.okr.guard.against import against
from okrsite.okr.model import FROM_FILE, INTERNAL, KINDS, Measure
from okrsite.okr.pipeline import Book, load
from okrsite.okr.sources import read_folder
from okrsite.portal import links
from okrsite.portal.explain import explain_key_result
from okrsite.portal.words import fixed, number, percent

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "content" / "guide"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(GUIDE.glob("*.md"))}
DAY = date(2026, 8, 20)

_BLOCK = re.compile(
    r'^(?P<pad> *)```(?P<lang>[\w-]+)?(?: title="(?P<title>[^"]*)")?[^\n]*\n(?P<text>.*?)^ *```$'
    r"|<!-- (?P<key>as_of|options): (?P<value>.*?) -->"
    r"|^(?P<table>\|[^\n]*by hand[^\n]*\n(?:\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)


@dataclass
class Round:
    """Files that belong together, and the tables computed from them."""

    files: dict[str, str]
    tables: list[tuple[date, dict[str, Any], list[list[str]]]] = field(default_factory=list)
    day: date = DAY
    options: dict[str, Any] = field(default_factory=dict)


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """Language, title and text of every code block."""
    for match in _BLOCK.finditer(text):
        if match["text"] is not None:
            yield match["lang"] or "", match["title"] or "", _dedent(match)


def _dedent(match: re.Match[str]) -> str:
    pad = len(match["pad"])
    return "".join(line[pad:] for line in match["text"].splitlines(keepends=True))


def is_source(title: str) -> bool:
    return title.partition("/")[0] in KINDS and title.endswith(".md")


def rounds(text: str) -> list[Round]:
    """The source files of a page, from state to state."""
    found = [Round({})]
    for match in _BLOCK.finditer(text):
        now = found[-1]
        if match["text"] is not None and is_source(match["title"] or ""):
            if match["title"] in now.files:
                now = Round(dict(now.files), day=now.day, options=now.options)
                found.append(now)
            now.files[match["title"]] = _dedent(match)
        elif match["key"] == "as_of":
            now.day = date.fromisoformat(match["value"])
        elif match["key"] == "options":
            now.options = yaml.safe_load(match["value"])
        elif match["table"]:
            now.tables.append((now.day, now.options, _rows(match["table"])))
    return found


def _rows(table: str) -> list[list[str]]:
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    return [row for row in rows if not set(row[0]) <= {"-", ":"}]


def read(files: Mapping[str, str], day: date, options: Mapping[str, Any]) -> Book:
    made, findings = settings.read_settings(options)
    assert not findings, findings
    if not files:
        return example()
    return load({path: files[path].encode() for path in sorted(files)}, made, day)


@cache
def example() -> Book:
    """The example company, for a page that has no files of its own."""
    return load(read_folder(ROOT / "content"), settings.Settings(), DAY)


# --- examples and numbers ---------------------------------------------------------------------


@pytest.mark.parametrize("page", [page for page in PAGES if page != "rules.md"])
def test_examples_have_no_error(page: str) -> None:
    for state in rounds(PAGES[page]):
        if state.files:
            book = read(state.files, state.day, {})
            wrong = [str(f) for f in book.findings if f.severity is Severity.ERROR]
            assert not wrong, f"{page}: {wrong}"


def _numbers() -> list[Any]:
    return list(_every_number())


def _every_number() -> Iterator[Any]:
    for page, text in PAGES.items():
        for state in rounds(text):
            for day, options, rows in state.tables:
                for row in rows[1:]:
                    cells = dict(zip(rows[0], row, strict=True))
                    yield pytest.param(state.files, day, options, cells, id=f"{page} {row[:2]}")


@pytest.mark.parametrize(("files", "day", "options", "cells"), _numbers())
def test_number_is_what_the_code_computes(
    files: dict[str, str], day: date, options: dict[str, Any], cells: dict[str, str]
) -> None:
    book = read(files, day, options)
    if "progress" in cells:
        ref = cells["key result"].strip("`")
        told = explain_key_result(book, book.scorecard.key_results[ref])
        assert " = ".join(filter(None, (cells["by hand"], cells["progress"]))) == _plain(told)
    else:
        assert cells["is"] == _plain(_computed(book, cells["of"].strip("`"), cells["what"]))
    _by_hand(cells["by hand"], cells.get("is") or cells["progress"])


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _computed(book: Book, ref: str, what: str) -> str:
    if ref in book.flows:
        return _flow(book, ref, what)
    teams = {team: score for (team, _), score in book.scorecard.teams.items()}
    score: Any = {**teams, **book.scorecard.objectives, **book.scorecard.key_results}[ref]
    match what:
        case "status":
            return str(score.status).replace("-", " ")
        case "grade":
            return str(score.grade)
        case "score":
            return fixed(score.score, 1)
        case "projected value":
            return number(score.projected_value, 1)
        case "as promised":
            return percent(score.promised, 1)
    return percent(getattr(score, what), 1)


def _flow(book: Book, ref: str, what: str) -> str:
    flow = book.flows[ref]
    lead, cycle, active = flow.lead_days, flow.cycle_days, flow.active_days
    assert lead and cycle and active
    if what == "flow efficiency":
        return percent(Fraction(active, cycle), 1)
    return f"{ {'lead time': lead, 'cycle time': cycle, 'active days': active}[what] } days"


_SIGNS: Mapping[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _by_hand(words: str, printed: str) -> None:
    """What stands under `by hand` is arithmetic that gives the printed number, or words."""
    for sum_ in re.sub(r"[%\u00a0]", "", words).split(";"):
        sign = sum_.replace("−", "-").replace("×", "*").replace("÷", "/").strip()
        left, _, right = sign.partition("=")
        if not re.fullmatch(r"[-+*/(). \d]*[-+*/][-+*/(). \d]*", left):
            continue
        result = _evaluate(ast.parse(left.strip(), mode="eval").body)
        target = (right or printed).split()[0]
        digits = len(target.partition(".")[2])
        near = [fixed(result * scale, digits) for scale in (1, 100)]
        assert target.replace("-", "−") in near, f"{words} gives {near}, not {printed}"


def _evaluate(node: ast.expr) -> Fraction:
    if isinstance(node, ast.BinOp):
        return Fraction(_SIGNS[type(node.op)](_evaluate(node.left), _evaluate(node.right)))
    if isinstance(node, ast.UnaryOp):
        return -_evaluate(node.operand)
    assert isinstance(node, ast.Constant)
    return Fraction(str(node.value))


# --- fields -----------------------------------------------------------------------------------

NOUNS: Mapping[str, type[model.Noun]] = {
    "period": model.Period,
    "team": model.Team,
    "person": model.Person,
    "objective": model.Objective,
    "key-result": model.KeyResult,
    "milestone": model.Milestone,
    "initiative": model.Initiative,
    "kpi": model.Kpi,
    "check-in": model.CheckIn,
    "update": model.Update,
    "move": model.Move,
    "amendment": model.Amendment,
}


def sections(text: str) -> dict[str, str]:
    """The text below every heading with an id of its own, up to the next heading."""
    parts = re.split(r"^#{2,3} .*?(?:\{ #([\w-]+) \})?$", text, flags=re.MULTILINE)
    return {name: body for name, body in zip(parts[1::2], parts[2::2], strict=True) if name}


@pytest.mark.parametrize("name", NOUNS)
def test_every_field_is_in_its_table(name: str) -> None:
    noun = NOUNS[name]
    own_file = issubclass(noun, model.FileNoun)
    declared = {
        info.alias or key: info
        for key, info in noun.model_fields.items()
        if not (own_file and key in FROM_FILE) and key not in INTERNAL
    }
    lines = sections(PAGES["format.md"])[name].splitlines()
    table = {c[0].strip("` "): c for c in (_cells(line) for line in lines) if c[0][:1] == "`"}
    assert list(table) == list(declared) or set(table) == set(declared)
    for key, info in declared.items():
        assert (table[key][2] == "needed") == info.is_required(), key
        if not info.is_required() and isinstance(info.default, str | Fraction):
            assert table[key][2].strip("`") == str(info.default), key
    for word in (value for info in declared.values() for value in _words(info.annotation)):
        assert f"`{word}`" in sections(PAGES["format.md"])[name], word


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else [""]


def _words(annotation: Any) -> Iterator[str]:
    kinds = [annotation, *getattr(annotation, "__args__", ())]
    return (
        str(word)
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, model.Word) and kind is not Measure
        for word in kind
    )


def test_every_kind_has_a_folder_in_the_table() -> None:
    folders = re.findall(r"^\| `([a-z-]+)/` \|", PAGES["format.md"], re.MULTILINE)
    assert sorted(folders) == sorted(KINDS)


def test_every_amendable_field_is_named() -> None:
    from okrsite.okr import terms

    text = sections(PAGES["changing-goals.md"])["fields"]
    named = set(re.findall(r"`(\w+)`", text))
    assert named >= {*terms._READ, *terms._DAYS, *terms._WEIGHT, *terms._WORDS}


# --- settings and commands ----------------------------------------------------------------------


def _options(text: str) -> dict[str, Any]:
    rows = yaml.safe_load(re.sub(r"!!\S+", "", text))["plugins"]
    named = [row for row in rows if isinstance(row, dict)]
    return dict(named[0]["okrsite"]) if named else {}


def test_every_option_is_documented() -> None:
    found = sections(PAGES["settings.md"])
    named = {name.replace("_", "-") for name in HOST_OPTIONS}
    assert {*named, *settings.OPTIONS} <= set(found)
    told = found["policy"] + PAGES["numbers.md"]
    for name, allowed in settings._CHOICES.items():
        assert f"`{name}`" in found["policy"]
        for value in allowed:
            assert f"`{value}`" in PAGES["numbers.md"], value
    assert "`cap`" in told and "`status`" in told
    for severity in settings.SEVERITIES:
        assert f"`{severity}`" in found["rules"], severity


def test_settings_in_the_handbook_are_read() -> None:
    made = [_options(t) for _, title, t in blocks(PAGES["settings.md"]) if title == "mkdocs.yml"]
    read_ = [settings.read_settings(for_numbers(one)) for one in made]
    assert len(read_) >= 2
    assert not [finding for _, findings in read_ for finding in findings]


def test_the_block_of_defaults_is_the_defaults() -> None:
    text = sections(PAGES["settings.md"])["defaults"]
    options = _options(next(text for _, _, text in blocks(text)))
    assert set(options) == {*HOST_OPTIONS, *settings.OPTIONS}
    assert settings.read_settings(for_numbers(options)) == (settings.Settings(), ())
    defaults = {name: option.default for name, option in OkrsiteConfig._schema}
    assert {name: options[name] for name in HOST_OPTIONS} == {n: defaults[n] for n in HOST_OPTIONS}


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its words; of a group, those below it."""
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        below = command.commands if isinstance(command, click.Group) else {}
        yield from ((f"{name} {word}", each) for word, each in below.items())
        if not below:
            yield name, command


@pytest.mark.parametrize("name", [name for name, _ in _commands()])
def test_command_and_its_options_are_documented(name: str) -> None:
    """Below a heading that is its name or, of a group, below that of the group."""
    places = (name, name.partition(" ")[0])
    found = {at: page for at in places for page in PAGES.values() if _head(at) in page}
    at = next(at for at in places if at in found)
    text = sections(found[at])[at.replace(" ", "-")]
    for param in dict(_commands())[name].params:
        is_option = isinstance(param, click.Option)
        words = [*param.opts, *param.secondary_opts] if is_option else [_argument(param)]
        for word in words:
            assert word in text, word


def _head(name: str) -> str:
    return f"## okrsite {name} {{ #{name.replace(' ', '-')} }}"


def _argument(param: click.Parameter) -> str:
    return param.metavar or str(param.name).upper()


def test_no_command_is_documented_that_is_not_there() -> None:
    code = [block for page in PAGES.values() for _, _, block in blocks(page)]
    code += re.findall(r"`([^`\n]+)`", "".join(PAGES.values()))
    named = re.compile(r"^(?:\$ )?okrsite ([a-z]+)(?: ([a-z]+))?", re.MULTILINE)
    found = {pair for text in code for pair in named.findall(text)}
    assert {word for word, _ in found} <= {*COMMANDS}
    names = {name for name, _ in _commands()}
    groups = {name.split()[0] for name in names if " " in name}
    assert {" ".join(pair) for pair in found if pair[0] in groups and pair[1]} <= names


def _sessions() -> list[Any]:
    return [
        pytest.param(text, id=f"{page} {text.splitlines()[0]}")
        for page in PAGES
        for _, _, text in blocks(PAGES[page])
        if text.startswith("$ okrsite ")
    ]


@pytest.mark.parametrize("session", _sessions())
def test_shown_output_is_real(session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    command, _, told = session.partition("\n")
    words, _, head = command.removeprefix("$ okrsite ").partition(" | head -n ")
    lines = CliRunner().invoke(main, words.split()).output.splitlines()
    assert told.splitlines() == (lines[: int(head)] if head else lines)


# --- rules --------------------------------------------------------------------------------------

RULE = re.compile(r"^### (OKR\d{3}): (.+?) \{ #(okr\d{3}) \}$", re.MULTILINE)
BASE = {
    "periods/2026-q3.md": """---
title: Third quarter 2026
start: 2026-07-01
end: 2026-09-30
state: committed
committed_on: 2026-07-01
---
""",
    "teams/larkmere.md": "---\ntitle: Larkmere\n---\n",
    "teams/booking.md": "---\ntitle: Booking\nparent: larkmere\n---\n",
    "people/ana.md": "---\ntitle: Ana\nteam: booking\n---\n",
    "objectives/trust.md": """---
title: Clinics rely on us
period: 2026-q3
team: larkmere
owner: ana
key_results:
  - id: uptime
    title: Uptime
    start: 98.9
    target: 99.9
---
""",
    "objectives/calm.md": """---
title: Fewer surprises
period: 2026-q3
team: booking
owner: ana
parent: trust
key_results:
  - id: bugs
    title: Bugs that reach a clinic
    start: 40
    target: 20
---
""",
    "initiatives/refactor.md": """---
title: Refactor the core
team: booking
owner: ana
contributes_to: calm/bugs
start: 2026-07-06
due: 2026-09-18
state: doing
---
""",
    "kpis/uptime.md": "---\ntitle: Uptime\nteam: booking\nat_least: 99.9\n---\n",
    "check-ins/2026-08-18-ana.md": """---
date: 2026-08-18
author: ana
key_results:
  trust/uptime: 99.5
  calm/bugs: 29
---
Fewer again.
""",
}
PARTS = {
    "a period": "periods/2026-q3.md",
    "a team": "teams/booking.md",
    "a person": "people/ana.md",
    "an objective": "objectives/calm.md",
    "a key result": "objectives/calm.md",
    "an initiative": "initiatives/refactor.md",
    "a KPI": "kpis/uptime.md",
    "a check-in": "check-ins/2026-08-18-ana.md",
    "an amendment": "amendments/2026-08-10-ana.md",
}
_FIELD = re.compile(r"^(?=[\w-]+:)", re.MULTILINE)


def with_part(whole: str, part: str) -> str:
    """A source file with the fields of `part` in place of its own."""
    head, _, body = part.partition("---\n")
    if head.startswith("- "):
        head = "key_results:\n" + "".join(f"  {line}" for line in head.splitlines(keepends=True))
    _, fields, prose = whole.split("---\n", 2) if whole else ("", "", "")
    named = {chunk.partition(":")[0] for chunk in _FIELD.split(head)}
    kept = [c for c in _FIELD.split(fields) if c and c.partition(":")[0] not in named]
    return f"---\n{''.join(kept)}{head}---\n{body or prose}"


def found_by(text: str, *, merged: bool = False) -> set[str]:
    """The codes found in the standing files with the blocks of `text` put in.

    `merged`: as a change of the standing files.
    """
    files, options = dict(BASE), dict[str, Any]()
    day = re.search(r"<!-- as_of: (\S+) -->", text)
    for _, title, block in blocks(text):
        if title == "mkdocs.yml":
            options = _options(block)
        elif title in PARTS:
            files[PARTS[title]] = with_part(files.get(PARTS[title], ""), block)
        else:
            assert is_source(title), title
            files[title] = block
    made, faults = settings.read_settings(options)
    sources = {path: text.encode() for path, text in sorted(files.items())}
    book = load(sources, made, date.fromisoformat(day[1]) if day else DAY)
    found = (*book.findings, *faults, *(against(merged_before(), book) if merged else ()))
    return {finding.code for finding in found}


@cache
def merged_before() -> Book:
    """The standing files as what was merged before."""
    return load({path: BASE[path].encode() for path in sorted(BASE)}, settings.Settings(), DAY)


def _rule_texts() -> dict[str, str]:
    return {name.upper(): text for name, text in sections(PAGES["rules.md"]).items()}


def test_the_standing_files_are_clean() -> None:
    assert found_by("") == set()


@pytest.mark.parametrize("code", CODES)
def test_code_has_its_section(code: str) -> None:
    heads = {match[1]: match[3] for match in RULE.finditer(PAGES["rules.md"])}
    assert heads[code] == code.lower()
    text = _rule_texts()[code]
    assert f"*Default: {CODES[code].severity}.*" in text
    wrong, right = text.split("**Wrong**")[1].split("**Right**")
    if "```yaml title=" in wrong:
        is_change = code >= "OKR6"
        assert code in found_by(wrong, merged=is_change)
        assert code not in found_by(right, merged=is_change)
    else:
        assert "```" in wrong or "`" in wrong


def test_no_section_of_a_code_that_is_not_there() -> None:
    assert sorted(match[1] for match in RULE.finditer(PAGES["rules.md"])) == sorted(CODES)


def test_the_list_of_rules_is_whole() -> None:
    rows = re.findall(
        r"^\| \[(OKR\d{3})\]\(#(okr\d{3})\) \|.*\| (\w+) \|$", PAGES["rules.md"], re.M
    )
    assert [row[0] for row in rows] == sorted(CODES)
    for code, anchor, severity in rows:
        assert anchor == code.lower()
        assert f"*Default: {severity}.*" in _rule_texts()[code]


# --- links --------------------------------------------------------------------------------------


OVERVIEWS = {
    links.HOME,
    links.TABLE,
    links.FINDINGS,
    links.GOALPOSTS,
    links.FEED,
    links.TEAMS,
    links.PERIODS,
    links.KPIS,
    links.INITIATIVES,
}


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#{1,4} (.*?)(?: \{ #([\w-]+) \})?$", text, re.MULTILINE)
    return {name or slugify(title.replace("`", ""), "-") for title, name in heads}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"^ *```.*?^ *```$", "", PAGES[page], flags=re.MULTILINE | re.DOTALL)
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([\w-]+))?\)", text):
        if target.startswith(("http://", "https://")):
            continue
        path = (GUIDE / target).resolve() if target else GUIDE / page
        assert path.is_file() or target.removeprefix("../") in OVERVIEWS, f"{page}: {target}"
        if anchor and path.parent == GUIDE:
            assert anchor in _anchors(PAGES[path.name]), f"{page}: {target}#{anchor}"


def test_no_emoji_shortcodes() -> None:
    for page, text in PAGES.items():
        assert not re.search(r"(?<![\w`]):[a-z_]+:(?!\w)", re.sub(r"`[^`]*`", "", text)), page
