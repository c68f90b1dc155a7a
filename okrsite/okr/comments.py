"""A value that ends at a ` #`, which YAML reads as a comment."""

import re
from collections.abc import Iterator

from okrsite.okr.finding import Finding, Severity

# A value without quotes, then ` #` and at once a word: more likely `issue #12` than a comment.
_CUT_OFF = re.compile(r"""^[ ]*(?:-[ ]+)?[\w-]+:[ ]+[^\s'"|>{\[#&*!][^'"#]*?[ ]+(?=\#\w)""")


def cut_off(path: str, head: str) -> Iterator[Finding]:
    """Text that its author most likely did not mean as a comment."""
    for number, line in enumerate(head.split("\n"), start=2):
        if match := _CUT_OFF.match(line):
            lost = line[match.end() :].rstrip()
            shown = lost if len(lost) <= 40 else lost[:39] + "…"
            message = f"YAML reads `{shown}` as a comment, so it is left out"
            hint = "Put the whole value in quotes."
            place = (number, match.end() + 1)
            yield Finding(path, *place, "OKR006", Severity.WARNING, message, hint)
