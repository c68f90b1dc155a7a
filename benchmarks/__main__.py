"""okrsite's build against plain MkDocs: `python -m benchmarks [--sizes 100,1000] [--runs 3]`."""

import argparse
import json
import pstats
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from benchmarks.measure import Cost, interleaved, run
from benchmarks.projects import ROOT, published, write

LIMIT, LIMIT_FROM = 0.60, 1000  # ratio of CPU, from this many objectives on
SAME_PAGES = 0.03  # how far the two numbers of pages may lie apart
BUILD = (sys.executable, "-m", "mkdocs", "build")
PARTS = (sys.executable, "-m", "benchmarks.parts")
ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1790553600", "PYTHONHASHSEED": "0"}
HEAD = ("N", "files", "pages", "1,000 words", "CPU s", "ratio", "MB", "ratio")


@dataclass(frozen=True, slots=True)
class Result:
    """What one size came to; `pages` and `words` are those of plain MkDocs, then of okrsite."""

    size: int
    files: int
    pages: tuple[int, int]
    words: tuple[int, int]
    plain: Cost
    okrsite: Cost
    parts: dict[str, float]

    @property
    def ratio(self) -> float:
        return self.okrsite.seconds / self.plain.seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where okrsite is too slow or the pages are not the same, else 0."""
    options = _options(arguments)
    sizes = [int(size) for size in options.sizes.split(",")]
    results = []
    for size in sizes:
        with TemporaryDirectory(prefix="okrsite-bench-") as folder:
            results.append(_measure(Path(folder), size, options))
    print("plain MkDocs / okrsite, medians\n" + _table(results))
    print(_parts(results))
    verdicts = [_judge(result) for result in results]
    return 0 if all(verdicts) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="100,1000", help="numbers of objectives")
    parser.add_argument("--runs", type=int, default=3, help="builds of each; the median counts")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another company")
    parser.add_argument("--profile", action="store_true", help="print where okrsite's time goes")
    return parser.parse_args(arguments)


def _measure(folder: Path, size: int, options: argparse.Namespace) -> Result:
    pair = write(folder, size, options.seed)
    plain, okrsite = interleaved(
        (partial(_build, pair.plain), partial(_build, pair.okrsite)), options.runs
    )
    _, printed = run(PARTS, pair.okrsite, {**ENVIRONMENT, "PYTHONPATH": str(ROOT)})
    parts: dict[str, float] = json.loads(printed.splitlines()[-1])
    parts["host"] = okrsite.seconds - sum(parts.values())
    if options.profile:
        _profile(pair.okrsite)
    pages, words = zip(published(pair.plain), published(pair.okrsite), strict=True)
    return Result(size, pair.files, pages, words, plain, okrsite, parts)


def _build(project: Path) -> Cost:
    rmtree(project / "site", ignore_errors=True)  # or the host would, within the time
    return run(BUILD, project, ENVIRONMENT)[0]


def _profile(project: Path) -> None:
    stats = project / "profile"
    run((sys.executable, "-m", "cProfile", "-o", str(stats), *BUILD[1:]), project, ENVIRONMENT)
    for order in ("tottime", "cumulative"):
        pstats.Stats(str(stats)).strip_dirs().sort_stats(order).print_stats(40)


def _table(results: Sequence[Result]) -> str:
    rows = [
        (
            f"{r.size:,}",
            f"{r.files:,}",
            f"{r.pages[0]:,} / {r.pages[1]:,}",
            f"{r.words[0] / 1000:,.0f} / {r.words[1] / 1000:,.0f}",
            f"{r.plain.seconds:.2f} / {r.okrsite.seconds:.2f}",
            f"{r.ratio:.2f}",
            f"{r.plain.megabytes:.0f} / {r.okrsite.megabytes:.0f}",
            f"{r.okrsite.megabytes / r.plain.megabytes:.2f}",
        )
        for r in results
    ]
    return _aligned((HEAD, *rows))


def _parts(results: Sequence[Result]) -> str:
    names = tuple(results[0].parts)
    rows = [(f"{r.size:,}", *(f"{r.parts[name]:.2f}" for name in names)) for r in results]
    return "\nokrsite's CPU s by part\n" + _aligned((("N", *names), *rows))


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *body = (
        "| " + " | ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in rows
    )
    rule = "| " + " | ".join("-" * (width - 1) + ":" for width in widths) + " |"
    return "\n".join((head, rule, *body))


def _judge(result: Result) -> bool:
    """Tell whether the comparison is fair, and whether okrsite is quick enough."""
    plain, okrsite = result.pages
    passed = True
    if abs(okrsite - plain) > SAME_PAGES * plain:
        passed = _told(result, f"FAIL, {plain:,} pages by hand but {okrsite:,} of okrsite")
    if result.words[0] > result.words[1]:
        passed = _told(result, "FAIL, the pages by hand say more than those of okrsite")
    if result.size >= LIMIT_FROM:
        word = "pass" if result.ratio <= LIMIT else "FAIL"
        _told(result, f"{word}, {result.ratio:.2f} of plain MkDocs' CPU, at most {LIMIT:.2f}")
        passed = passed and result.ratio <= LIMIT
    return passed


def _told(result: Result, text: str) -> bool:
    print(f"\nN = {result.size:,}: {text}")
    return False


if __name__ == "__main__":
    sys.exit(main())
