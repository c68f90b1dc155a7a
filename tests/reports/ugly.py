"""Findings as ugly as authors can make them, and the report of them."""

from datetime import date

from okrsite.okr.finding import Finding, Fix, Severity
from okrsite.reports.findings.entries import Home, Report, entries

ESCAPE = "\x1b[31mred\x1b[0m"
TURNED = "\u202egnp.exe"
NASTY = f"::error::a|b `code` [x](javascript:alert(1)) @all </script> {ESCAPE} {TURNED} ]]> & \x00"
RUNNER = "##[set-env name=PATH]/tmp ##vso[task.setvariable]x"

CALM = (
    "---\r\n"
    "title: Übersicht | ::error::\r\n"
    "key_results:\r\n"
    "  - id: bugs\r\n"
    "    title: 日本語のタイトル \x1b[31m\r\n"
    "    targt: 1,000\r\n"
    "---\r\n"
)
LONG = "---\ntitle: " + "ab " * 3_000 + "日本 here\n\tindented: with a tab\n---\n"
SOURCES = {
    "objectives/2026-q3/calm.md": CALM.encode(),
    "check-ins/2026-08-18-ana.md": LONG.encode(),
    "guide/rules.md": b"# The findings\n",
}
HERE = "objectives/2026-q3/calm.md"
THERE = "check-ins/2026-08-18-ana.md"
MISSPELT = Fix(6, 5, 6, 10, "target")

FINDINGS = (
    Finding(HERE, 2, 8, "OKR019", Severity.WARNING, NASTY, RUNNER, "objectives/calm"),
    Finding(HERE, 5, 22, "OKR003", Severity.ERROR, "a control character", "Remove it."),
    Finding(
        HERE,
        6,
        5,
        "OKR011",
        Severity.ERROR,
        "`targt` is no field here",
        "Did you mean `target`?",
        "calm/bugs",
        MISSPELT,
    ),
    Finding(HERE, 6, 12, "OKR012", Severity.ERROR, "`target`: `1,000` is not a number"),
    Finding(THERE, 2, 9_011, "OKR012", Severity.ERROR, "far to the right"),
    Finding(THERE, 3, 1, "OKR003", Severity.ERROR, "indented with a tab\nand a second line"),
    Finding("check-ins/gone.md", 4, 2, "OKR603", Severity.ERROR, "this check-in is gone"),
    Finding(THERE, 99, 1, "OKR305", Severity.INFO, "beyond the end of the file"),
    Finding("mkdocs.yml", 1, 1, "OKR020", Severity.ERROR, "option `cadenc` is unknown"),
    Finding(".", 1, 1, "OKR021", Severity.WARNING, "no goals here yet", "Begin."),
    Finding("objectives/a, b: 100% \udcff.md", 1, 1, "OKR999", Severity.WARNING, "odd name"),
)
HOME = Home("content", "mkdocs.yml", "https://goals.example/")
DAY = date(2026, 8, 20)


def report(
    findings: tuple[Finding, ...] = FINDINGS, strict: bool = False, home: Home = HOME
) -> Report:
    return Report(entries(findings, SOURCES, home), "2 goals read: no findings", DAY, strict)
