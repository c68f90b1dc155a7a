"""An author's mistake as a value: where it stands, what is wrong, what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs; an error fails a strict build."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark for the author of `path`; `line` and `column` count from 1.

    `message` says what is wrong and what is allowed, `hint` what to write instead. `subject` is
    the reference (`objectives/x`, `x/kr`) of what it is about, where that is known.
    """

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    hint: str = ""
    subject: str = ""

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
