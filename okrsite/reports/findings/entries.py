"""What every form of report tells: findings with their place in the repository, line and help."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from okrsite.okr.finding import Finding, Fix, Severity, in_order
from okrsite.okr.harmless import encodable, harmless
from okrsite.okr.pipeline import Book
from okrsite.okr.sources import Sources
from okrsite.portal.words import count
from okrsite.reports.findings.fingerprint import fingerprints

WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# A site that has this page has an entry `#okr201` for each code.
HANDBOOK = "guide/rules.md"


@dataclass(frozen=True, slots=True)
class Home:
    """Where things lie, as seen from the top of the repository.

    `content` is the folder of goals, empty where it is the top itself; `config` is `mkdocs.yml`.
    """

    content: str = ""
    config: str = "mkdocs.yml"
    site_url: str = ""

    def path(self, path: str) -> str:
        """The path of a finding's file."""
        if path == PurePosixPath(self.config).name:
            return self.config
        return str(PurePosixPath(self.content, path))


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding to tell: safe words, the path from the top, the file's text where there is one.

    `help` is where its code is explained: an address, or a path. Empty where nobody knows.
    """

    finding: Finding
    text: str | None
    fingerprint: str
    help: str


@dataclass(frozen=True, slots=True)
class Report:
    """All entries of one run; `clean` is told where there are none; `strict`: warnings fail."""

    entries: tuple[Entry, ...]
    clean: str
    as_of: date
    strict: bool = False

    def fails(self, entry: Entry) -> bool:
        """Whether an entry makes the run fail."""
        weight = entry.finding.severity
        return weight is Severity.ERROR or (self.strict and weight is Severity.WARNING)

    @property
    def failed(self) -> bool:
        return any(map(self.fails, self.entries))


def entries(findings: Iterable[Finding], sources: Sources, home: Home) -> tuple[Entry, ...]:
    """Findings as they are told, by file, line and column."""
    found = in_order(findings)
    texts = {f.path: _text(sources.get(f.path)) for f in found}
    known = HANDBOOK in sources
    marks = fingerprints(found, sources)
    return tuple(
        Entry(
            _safe(finding, home.path(finding.path)),
            texts[finding.path],
            marks[finding],
            _help(finding.code, home) if known else "",
        )
        for finding in found
    )


def _text(raw: bytes | None) -> str | None:
    return raw.decode("utf-8-sig", "replace") if raw is not None else None


def _safe(finding: Finding, path: str) -> Finding:
    return replace(
        finding,
        path=encodable(path),
        line=max(1, finding.line),
        column=max(1, finding.column),
        message=harmless(finding.message),
        hint=harmless(finding.hint),
        subject=harmless(finding.subject),
    )


def _help(code: str, home: Home) -> str:
    if home.site_url.startswith(("https://", "http://")):
        page = HANDBOOK.removesuffix(".md")
        return f"{home.site_url.rstrip('/')}/{page}/#{code.lower()}"
    return f"{home.path(HANDBOOK)}#{code.lower()}"


def told(finding: Finding) -> str:
    """What is wrong and what to write instead, in a row of sentences."""
    message = (
        finding.message if finding.message.endswith((".", "?", "!")) else f"{finding.message}."
    )
    return f"{message} {finding.hint}".strip()


def replacement(entry: Entry) -> tuple[Fix, str] | None:
    """The fix of an entry and its text with the line ends of the file, where there is one."""
    fix = entry.finding.fix
    if fix is None or entry.text is None:
        return None
    return fix, fix.text.replace("\n", "\r\n") if "\r\n" in entry.text else fix.text


def by_weight(found: Iterable[Entry]) -> Mapping[Severity, tuple[Entry, ...]]:
    """Entries by severity, the heaviest first; none is left out."""
    rows = tuple(found)
    return {weight: tuple(e for e in rows if e.finding.severity is weight) for weight in WORDS}


def verdict(report: Report) -> str:
    """One line: how many of each weight, in how many files, and how many `--fix` mends."""
    if not report.entries:
        return report.clean
    kinds = Counter(entry.finding.severity for entry in report.entries)
    told_ = ", ".join(count(kinds[w], word) for w, word in WORDS.items() if kinds[w])
    files = len({entry.finding.path for entry in report.entries})
    fixable = sum(entry.finding.fix is not None for entry in report.entries)
    mend = f"; {fixable} can be mended with --fix" if fixable else ""
    return f"{told_} in {count(files, 'file')}{mend}".replace("\u00a0", " ")


def clean_words(book: Book, named: int | None = None) -> str:
    """How much of each kind was read and found in order; `named` files were asked for."""
    all_of = book.portfolio
    rows = (
        (all_of.objectives, "objective"),
        (all_of.key_results, "key result"),
        (all_of.initiatives, "initiative"),
        (all_of.kpis, "KPI"),
        (all_of.check_ins, "check-in"),
        (all_of.amendments, "amendment"),
        (all_of.teams, "team"),
        (all_of.periods, "period"),
    )
    told_ = [count(len(items), word) for items, word in rows if items]
    read = (", ".join(told_) or "nothing").replace("\u00a0", " ")
    where = "" if named is None else f" in what was asked for ({named} of the files)"
    return f"{read} read: no findings{where}"
