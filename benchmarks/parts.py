"""Where okrsite's own time goes: run in a project's folder, it prints seconds as JSON."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TypeVar

from benchmarks.company import AS_OF
from okrsite.hosts.heap import long_lived
from okrsite.hosts.mkdocs import configured_markdown
from okrsite.okr.pipeline import load
from okrsite.okr.settings import read_settings
from okrsite.okr.sources import read_folder
from okrsite.portal.build import DRAW, build_site
from okrsite.portal.pictures import Draw
from okrsite.portal.site import SiteUrls

R = TypeVar("R")


class _Stopwatch:
    """Adds up the CPU time of the drawing functions it wraps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, draw: Callable[[R], str]) -> Callable[[R], str]:
        def drawn(record: R) -> str:
            start = process_time()
            try:
                return draw(record)
            finally:
                self.seconds += process_time() - start

        return drawn


def main() -> None:
    """Read, compute and make the pages of the project in the working folder."""
    markdown = configured_markdown(Path("mkdocs.yml"))
    settings, _ = read_settings({})
    charts = _Stopwatch()
    draw = Draw(charts.timed(DRAW.burn_up), charts.timed(DRAW.spark), charts.timed(DRAW.weeks))
    start = process_time()
    sources = read_folder(Path("content"))
    read = process_time()
    with long_lived():  # as the hosts do
        book = load(sources, settings, AS_OF)
        computed = process_time()
        build_site(book, markdown, SiteUrls(), draw)
        built = process_time()
    seconds = {
        "files": read - start,
        "read and compute": computed - read,
        "pages": built - computed - charts.seconds,
        "charts": charts.seconds,
    }
    json.dump(seconds, sys.stdout)


if __name__ == "__main__":
    main()
