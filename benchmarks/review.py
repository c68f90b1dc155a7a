"""`check` and `diff` against PyYAML's C loader alone: `python -m benchmarks.review`.

All three read the same files, 1,000 objectives with 13 weeks of check-ins, in one process by turns.
CPU time counts, that of git included. A check reads, adds up and reviews; a diff does so for two
commits of which ten files differ, splits every change by its causes and writes the comment.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import yaml

from benchmarks.company import AS_OF, make
from benchmarks.sources import sources
from okrsite.hosts.heap import long_lived
from okrsite.hosts.sides import Commit, two_commits
from okrsite.okr.frontmatter import split
from okrsite.okr.git import Repository
from okrsite.okr.pipeline import book_of, load, read_all
from okrsite.okr.settings import Settings
from okrsite.okr.sources import read_folder
from okrsite.reports.diff.markdown import as_markdown
from okrsite.reports.diff.report import End, report

TOUCHED = 10
LIMITS = {"check": 3.5, "diff": 5.5}  # ratios to PyYAML's C loader
WHO = ("-c", "user.name=A", "-c", "user.email=a@goals.example", "-c", "gc.auto=0")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where one of the two is slower than its limit, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.review", description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="number of objectives")
    parser.add_argument("--runs", type=int, default=3, help="runs of each; the median counts")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="okrsite-bench-") as folder:
        root = Path(folder)
        files = _repository(root, options.size)
        measures: Mapping[str, Callable[[], object]] = {
            "PyYAML": partial(_yaml, root / "content"),
            "check": partial(_check, root / "content"),
            "diff": partial(_diff, root),
        }
        with chdir(root):
            seconds = _interleaved(measures, options.runs)
    print(f"N = {options.size:,}: {files:,} files, {TOUCHED} of them differ; CPU s, medians")
    return 0 if _told(seconds) else 1


def _told(seconds: Mapping[str, float]) -> bool:
    passed = True
    print("\n|        | CPU s | ratio | at most |\n| ------ | ----: | ----: | ------: |")
    for name, spent in seconds.items():
        ratio, limit = spent / seconds["PyYAML"], LIMITS.get(name)
        passed = passed and (limit is None or ratio <= limit)
        print(f"| {name:6} | {spent:5.2f} | {ratio:5.2f} | {'' if limit is None else limit:>7} |")
    print(
        f"\n{'pass' if passed else 'FAIL'}; diff is {seconds['diff'] / seconds['check']:.2f} checks"
    )
    return passed


def _repository(root: Path, size: int) -> int:
    """A repository with the company on `main` and a change of ten files on `feature`."""
    files = sources(make(size))
    (root / "mkdocs.yml").write_text("docs_dir: content\n", encoding="utf-8")
    for path, text in files.items():
        place = root / "content" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    _git(root, "init", "-q", "-b", "main")
    _commit(root)
    _git(root, "checkout", "-q", "-b", "feature")
    for path in [path for path in files if path.startswith("objectives/")][:TOUCHED]:
        place = root / "content" / path
        eased = place.read_text(encoding="utf-8").replace("target: ", "target: 1", 1)
        place.write_text(eased, encoding="utf-8")
    last = max(path for path in files if path.startswith("check-ins/"))
    (root / "content" / last).rename((root / "content" / last).with_suffix(".txt"))
    _commit(root)
    _git(root, "repack", "-q", "-a", "-d")
    return len(files)


def _commit(root: Path) -> None:
    _git(root, "add", "-A")
    _git(root, *WHO, "commit", "-q", "-m", "goals")


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(("git", *words), cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _interleaved(measures: Mapping[str, Callable[[], object]], runs: int) -> Mapping[str, float]:
    """CPU seconds of each, measured by turns so that a busy spell hits all."""
    spent: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(runs):
        for name, measure in measures.items():
            start = _cpu()
            with long_lived():  # as the commands do
                measure()
            spent[name].append(_cpu() - start)
    return {name: median(found) for name, found in spent.items()}


def _cpu() -> float:
    """CPU seconds of this process and of the programs it ran."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _yaml(folder: Path) -> None:
    for raw in read_folder(folder).values():
        head, _, _ = split(raw.decode())
        yaml.load(head or "", yaml.CSafeLoader)


def _check(folder: Path) -> object:
    return load(read_folder(folder), Settings(), AS_OF)


def _diff(root: Path) -> str:
    commits = [Commit(name, _git(root, "rev-parse", name)) for name in ("main", "feature")]
    base, head = two_commits(Repository(root), commits[0], commits[1], None)
    parsed = read_all(head.sources)
    new = book_of(parsed, Settings(), AS_OF)
    old = book_of(read_all(base.sources, known=parsed), Settings(), AS_OF)
    ends = (End("main", commits[0].id, AS_OF), End("feature", commits[1].id, AS_OF))
    return as_markdown(report(old, new, ends, {}))


if __name__ == "__main__":
    sys.exit(main())
