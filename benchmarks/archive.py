"""What closed quarters add to the live build: `python -m benchmarks.archive [--quarters 12]`.

A running quarter of N objectives, and before it closed ones of N each, in a real repository: each
was committed, amended, closed and recorded by `okrsite snapshot publish`. CPU time of `mkdocs
build` counts, by turns with one, with half and with all of the closed quarters and without any;
what a quarter adds is told as a share of the build without them, and how much of that is for its
review page: the same build is run without those. `verify --all` is timed too.
"""

import argparse
import pstats
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from benchmarks.company import AS_OF
from benchmarks.measure import Cost, interleaved, run
from benchmarks.projects import configuration, published
from benchmarks.quarters import Step, lasting, quarters, steps

LIMIT = 0.05  # of the build without any, for each closed quarter
ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0"}
BUILD = (sys.executable, "-m", "mkdocs", "build", "--quiet")
_WITHOUT_REVIEWS = """
import okrsite.portal.build as build
build.KINDS = tuple(kind for kind in build.KINDS if kind.__name__ != "review_pages")
from mkdocs.__main__ import cli
cli()
"""
BUILD_WITHOUT_REVIEWS = (sys.executable, "-c", _WITHOUT_REVIEWS, "build", "--quiet")
OKRSITE = (sys.executable, "-c", "from okrsite.cli import main; main()")
VERIFY = (*OKRSITE, "snapshot", "verify", "--all")
PLUGINS = f"plugins:\n  - search\n  - okrsite:\n      as_of: {AS_OF}\n\n"


@dataclass(frozen=True, slots=True)
class Project:
    """The running quarter behind some closed ones; `publish` is what recording them cost."""

    folder: Path
    closed: int
    publish: tuple[Cost, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a closed quarter adds more than its share, else 0."""
    options = _options(arguments)
    with TemporaryDirectory(prefix="okrsite-bench-", dir=options.keep) as name:
        projects = _projects(Path(name), options)
        builds = [partial(_build, each.folder) for each in projects]
        bare = partial(_build, projects[-1].folder, BUILD_WITHOUT_REVIEWS)
        *costs, without = interleaved([*builds, bare], options.runs)
        passed = _told(projects, costs, options)
        if options.quarters and not options.bare:
            _tell_reviews(costs, without, options.quarters)
        if not options.bare:
            _verify(projects[-1])
        if options.profile:
            _profile(projects[-1].folder)
    return 0 if passed else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="objectives of a quarter")
    parser.add_argument("--quarters", type=int, default=12, help="closed quarters")
    parser.add_argument("--runs", type=int, default=3, help="builds of each; the median counts")
    parser.add_argument("--bare", action="store_true", help="close the quarters without a record")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    parser.add_argument("--keep", type=Path, help="the folder to work in")
    return parser.parse_args(arguments)


# --- the projects -------------------------------------------------------------------------------


def _projects(top: Path, options: argparse.Namespace) -> list[Project]:
    """Clones of one repository that grows by a closed quarter at a time, each with the running."""
    *closed, running = quarters(options.quarters)
    wanted = {0, 1, options.quarters // 2, options.quarters}
    root = top / "archive"
    _begin(root, options.size)
    found: list[Project] = []
    publish: list[Cost] = []
    for count in range(options.quarters + 1):
        if count in wanted:
            folder = top / f"closed-{count}"
            _git(top, "clone", "-q", "--no-hardlinks", str(root), str(folder))
            for step in steps(options.size, running):
                _commit(folder, step)
            found.append(Project(folder, count, tuple(publish)))
        if count < options.quarters:
            for step in steps(options.size, closed[count]):
                _commit(root, step)
                if step.kind and not options.bare:
                    publish.append(_publish(root, closed[count].id, step))
    return found


def _begin(root: Path, size: int) -> None:
    root.mkdir()
    (root / "mkdocs.yml").write_text(configuration(PLUGINS), encoding="utf-8")
    (root / ".gitignore").write_text("site/\nprofile\n", encoding="utf-8")
    _git(root, "init", "-q", "-b", "main")
    first = quarters(0)[0].start.replace(year=2022)
    _commit(root, Step(first, lasting(size)))


def _publish(root: Path, period: str, step: Step) -> Cost:
    command = (*OKRSITE, "snapshot", "publish", period, "--kind", step.kind)
    cost, _ = run(command, root, ENVIRONMENT)
    _commit(root, Step(step.day, {}))
    return cost


def _commit(root: Path, step: Step) -> None:
    for path, text in step.files.items():
        place = root / "content" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    _git(root, "add", "-A")
    _git(root, "commit", "-q", "--allow-empty", "-m", "goals", day=step.day)


def _git(root: Path, *words: str, day: date | None = None) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@goals.example", "-c", "gc.auto=0")
    when = {f"GIT_{role}_DATE": f"{day}T12:00:00+00:00" for role in ("AUTHOR", "COMMITTER")}
    run(("git", *who, *words), root, when if day else {})


# --- what they cost -----------------------------------------------------------------------------


def _build(folder: Path, command: Sequence[str] = BUILD) -> Cost:
    rmtree(folder / "site", ignore_errors=True)  # or the host would, within the time
    return run(command, folder, ENVIRONMENT)[0]


def _told(projects: Sequence[Project], costs: Sequence[Cost], options: argparse.Namespace) -> bool:
    """Print what a closed quarter adds; whether that is little enough."""
    print(f"N = {options.size:,} objectives a quarter; medians of {options.runs}\n")
    print("| closed | files | pages | CPU s | a quarter adds |  MB |")
    print("| -----: | ----: | ----: | ----: | -------------: | --: |")
    alone, passed = costs[0].seconds, True
    for project, cost in zip(projects, costs, strict=True):
        count = project.closed
        share = (cost.seconds / alone - 1) / count if count else 0.0
        passed = passed and share <= LIMIT
        files = sum(path.is_file() for path in (project.folder / "content").rglob("*"))
        print(
            f"| {count:6} | {files:,} | {published(project.folder)[0]:,} | {cost.seconds:5.2f} "
            f"| {f'{share:.1%}' if count else '':>14} | {cost.megabytes:3.0f} |"
        )
    print(f"\n{'pass' if passed else 'FAIL'}: a closed quarter may add {LIMIT:.0%}")
    if publish := projects[-1].publish:
        print(f"publish: {publish[0].seconds:.2f} s the first record, {publish[-1].seconds:.2f} s")
    return passed


def _tell_reviews(costs: Sequence[Cost], without: Cost, quarters: int) -> None:
    """Print what of the share of a quarter goes into its review page."""
    alone, whole = costs[0].seconds, costs[-1].seconds
    share = (whole - without.seconds) / alone / quarters
    print(f"of what a quarter adds, {share:.1%} is for its review page")


def _verify(project: Project) -> None:
    cost, _ = run(VERIFY, project.folder, ENVIRONMENT)
    records = len(project.publish)
    each = cost.seconds / records
    print(f"verify --all: {cost.seconds:.2f} s for {records} records, {each:.2f} s each")


def _profile(folder: Path) -> None:
    stats = folder / "profile"
    run((sys.executable, "-m", "cProfile", "-o", str(stats), *BUILD[1:]), folder, ENVIRONMENT)
    for order in ("tottime", "cumulative"):
        pstats.Stats(str(stats)).strip_dirs().sort_stats(order).print_stats(60)


if __name__ == "__main__":
    sys.exit(main())
