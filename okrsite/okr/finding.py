"""An author's mistake as a value: where it stands, what is wrong, what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs; an error fails a strict build."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Fix:
    """The one right answer to a finding: write `text` from the first place up to the second.

    Lines and columns count from 1, in characters of the file's own text without a byte order
    mark; what stands at the end place stays. Breaks in `text` are `\\n`, whatever the file has.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark for the author of `path`; `line` and `column` count from 1.

    `message` says what is wrong and what is allowed, `hint` what to write instead. `subject` is
    the reference (`objectives/x`, `x/kr`) of what it is about, where that is known. `fix` is the
    change that mends it, only where there is one right answer; two findings that differ in it
    alone are the same.
    """

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    hint: str = ""
    subject: str = ""
    fix: Fix | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """The finding on one line, the way compilers print theirs."""
        hint = f". {self.hint}" if self.hint else ""
        place = f"{self.path}:{self.line}:{self.column}"
        return f"{place}: {self.severity} {self.code}: {self.message}{hint}"


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by file, line and column, each once."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (f.path, f.line, f.column, _ORDER[f.severity], f.code, f.message),
        )
    )
