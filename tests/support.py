"""Books from text: what most tests begin with."""

from collections.abc import Mapping
from datetime import date

from okrsite.okr.pipeline import Book, load
from okrsite.okr.settings import read_settings

AS_OF = "2026-08-20"
PERIOD = "---\ntitle: 2026-Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n---\n"


def book(files: Mapping[str, str], as_of: str = AS_OF, **options: object) -> Book:
    """The Book of some source texts; `options` are those of the plugin."""
    settings, findings = read_settings(options)
    assert not findings, findings
    sources = {path: text.encode() for path, text in sorted(files.items())}
    return load(sources, settings, date.fromisoformat(as_of))


def codes(made: Book) -> list[str]:
    """The codes of a book's findings, in their order."""
    return [finding.code for finding in made.findings]
