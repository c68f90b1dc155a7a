"""Every command that the handbook, the README or a new portal shows is there, with its options."""

import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from okrsite.cli import main
from okrsite.okr.closing import closing_days
from tests.test_handbook import PAGES, ROOT, blocks, read, rounds

STARTER = ROOT / "okrsite" / "starter"
NAMED = re.compile(r"`(okrsite [^`]+)`")
INDENTED = re.compile(r"^    (okrsite .*)$", re.MULTILINE)


def _texts() -> Iterator[tuple[str, str]]:
    yield from PAGES.items()
    for path in (ROOT / "README.md", *sorted(STARTER.rglob("*.md"))):
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def _lines(text: str) -> Iterator[str]:
    for lang, _, block in blocks(text):
        if lang in ("sh", "text", ""):
            whole = re.sub(r"\\\n\s*", "", block)
            found = re.findall(r"^(?:\$ )?(okrsite .*)$", whole, re.MULTILINE)
            yield from (line for line in found if not line.startswith("okrsite: "))
    outside = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from INDENTED.findall(outside)
    yield from (" ".join(line.split()) for line in NAMED.findall(outside))


def _shown() -> list[Any]:
    found = {(name, line) for name, text in _texts() for line in _lines(text)}
    return [pytest.param(line, id=f"{name} {line[:50]}") for name, line in sorted(found)]


def _command(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words lead to, and what is left of them."""
    command: click.Command = main
    while isinstance(command, click.Group) and words:
        below = command.get_command(click.Context(command), words[0])
        if below is None:
            assert words[0].startswith("-") or not words[0].islower(), words
            break
        command, words = below, words[1:]
    return command, words


@pytest.mark.parametrize("line", _shown())
def test_a_command_that_is_shown_is_there_with_its_options(line: str) -> None:
    words = shlex.split(re.split(r" [|&>]", line)[0], comments=True)
    command, rest = _command(words[1:])
    known = {opt for param in command.params for opt in (*param.opts, *param.secondary_opts)}
    known |= {"-h", "--help", *(("--version",) if command is main else ())}
    asked = {word.partition("=")[0].rstrip(",") for word in rest if re.match(r"--?[a-z]", word)}
    assert asked <= known, line


def test_the_end_of_a_quarter_names_its_own_days() -> None:
    """The table of the page says when check-ins close; the period it shows must agree."""
    text = PAGES["quarter-end.md"]
    (state,) = rounds(text)
    (period,) = read(state.files, state.day, {}).portfolio.periods.values()
    first, last = closing_days(period, cadence=7)
    assert (first, last) == (date(2026, 9, 24), date(2026, 10, 5)) == (first, state.day)
    assert f"| {first.day} September to {last.day} October |" in text
    assert f"from **{first.day} September** on" in text


def test_the_skeleton_is_where_it_is_looked_for() -> None:
    assert {Path(name).name for name, _ in _texts()} >= {"how-to.md", "setup-github.md"}
