"""A company on disk, twice: as an okrsite project and as plain Markdown, with one configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.company import AS_OF, make
from benchmarks.plain import pages
from benchmarks.sources import sources

ROOT = Path(__file__).resolve().parent.parent
OVERVIEWS = ("/*.md", "/*/index.md")

_PLUGINS = re.compile(r"^plugins:\n(?:[ #].*\n|\n)+", re.MULTILINE)
_NAV = re.compile(r"^nav:\n(?:[ #].*\n|\n)+", re.MULTILINE)
_OKRSITE = f"""\
plugins:
  - search
  - okrsite:
      as_of: {AS_OF}

"""
# The pages that okrsite leaves out of the navigation stay out of this one.
_PLAIN = f"""\
plugins:
  - search

not_in_nav: |
  /**
{"".join(f"  !{pattern}{chr(10)}" for pattern in OVERVIEWS)}
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two projects to be built, and how many files of source text each has."""

    okrsite: Path
    plain: Path
    files: int


def write(folder: Path, size: int, seed: int) -> Pair:
    """Both projects of the company of `size` objectives, below `folder`."""
    company = make(size, seed)
    texts = sources(company)
    pair = Pair(folder / "okrsite", folder / "plain", len(texts))
    _project(pair.okrsite, texts, configuration(_OKRSITE))
    _project(pair.plain, pages(company), configuration(_PLAIN))
    return pair


def configuration(plugins: str) -> str:
    """The project's own `mkdocs.yml`, theme, extensions and all, but with these plugins.

    The navigation it lists is its own content's; without it the host makes one of the overviews.
    """
    own = _NAV.sub("", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    text, count = _PLUGINS.subn(plugins, own)
    if count != 1:
        raise ValueError("mkdocs.yml must have one block `plugins:`")
    return text


def _project(folder: Path, texts: Mapping[str, str], config: str) -> None:
    for name, text in texts.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")


def published(project: Path) -> tuple[int, int]:
    """How many pages the last build of `project` made, and how many words a reader sees on them."""
    pages = [page.read_text(encoding="utf-8") for page in (project / "site").rglob("*.html")]
    return len(pages), sum(len(_words(page)) for page in pages)


_ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)
_UNSEEN = re.compile(r"<(script|style|title)\b.*?</\1>|<[^>]*>", re.DOTALL)


def _words(page: str) -> list[str]:
    article = _ARTICLE.search(page)
    return _UNSEEN.sub(" ", article[0]).split() if article else []
