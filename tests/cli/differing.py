"""`okrsite diff` as a test runs it: its answer, the facts of it, and the words of a refusal."""

import json
from typing import Any

from click.testing import CliRunner, Result

from okrsite.cli import main


def run(*words: str) -> Result:
    """The command with some words."""
    return CliRunner().invoke(main, ["diff", *words], catch_exceptions=False)


def facts(*words: str, code: int = 0) -> dict[str, Any]:
    """What it says as JSON, and how it ends."""
    result = run(*words, "--format", "json")
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(*words: str) -> str:
    """What it says where it could not compare."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("okrsite: could not compare: ")
    return result.stderr
