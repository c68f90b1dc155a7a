"""The fixes of findings, applied to the text they were found in."""

from collections.abc import Sequence

from okrsite.okr.finding import Finding, Fix

Span = tuple[int, int]


def fixed(text: str, findings: Sequence[Finding]) -> tuple[str, tuple[Finding, ...]]:
    """`text` with every fault mended that has one right answer, and the findings that were.

    `findings` are those of this one text. Everything outside the mended places stays as it is,
    line endings as well. Where two fixes overlap, the first counts. What a broken text hid shows
    once it is mended: read it again, and repeat as long as something is mended.
    """
    starts = _starts(text)
    found = [(_span(text, starts, f.fix), f) for f in findings if f.fix is not None]
    chosen: list[tuple[Span, Finding]] = []
    for span, finding in sorted((one for one in found if one[0]), key=_order):
        if span is not None and (not chosen or _is_behind(span, chosen[-1][0])):
            chosen.append((span, finding))
    newline = "\r\n" if "\r\n" in text else "\n"
    for (start, end), finding in reversed(chosen):
        new = finding.fix.text.replace("\n", newline) if finding.fix else ""
        text = text[:start] + new + text[end:]
    return text, tuple(finding for _, finding in chosen)


def _order(one: tuple[Span | None, Finding]) -> tuple[Span, str]:
    return one[0] or (0, 0), one[1].code


def _is_behind(span: Span, before: Span) -> bool:
    """Whether one span begins where another has ended; two insertions at one place would mix."""
    return span[0] >= before[1] and span != before


def _starts(text: str) -> list[int]:
    """Where each line begins; a byte order mark belongs to no line."""
    mark = 1 if text.startswith("\ufeff") else 0
    return [mark, *(at + 1 for at, sign in enumerate(text) if sign == "\n"), len(text) + 1]


def _span(text: str, starts: list[int], fix: Fix) -> Span | None:
    """The part of `text` that `fix` replaces; None where the text has no such place."""
    first = _offset(text, starts, fix.line, fix.column)
    last = _offset(text, starts, fix.end_line, fix.end_column)
    return (first, last) if first is not None and last is not None and first <= last else None


def _offset(text: str, starts: list[int], line: int, column: int) -> int | None:
    if not 1 <= line < len(starts) or column < 1:
        return len(text) if (line, column) == (len(starts), 1) else None
    at = starts[line - 1] + column - 1
    return at if at < starts[line] else None
