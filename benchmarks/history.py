"""Field history against git and PyYAML alone: `python -m benchmarks.history [--commits 5000]`.

A repository of a company whose every commit changes a definition: the hardest case, since a
commit of a check-in has nothing to read. One in twenty is made on a branch and merged.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import yaml

from benchmarks.company import START, make
from benchmarks.measure import Cost, interleaved, run
from benchmarks.projects import ROOT
from benchmarks.sources import sources
from okrsite.okr.git import Repository, read_blobs
from okrsite.okr.past.commits import read_commits
from okrsite.okr.past.history import KINDS, history_of
from okrsite.okr.past.versions import Event
from okrsite.okr.records import kind_of

MERGED = 20  # every so many commits come from a branch
HOURS = 5  # between two commits; the whole lasts for years, as in a large company
_NUMBER = re.compile(r"^( +(?:target|start|at_least|at_most|weight): )(-?\d+)$", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a change is missing, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history", description=__doc__)
    parser.add_argument("--objectives", type=int, default=1000)
    parser.add_argument("--commits", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3, help="the median counts")
    parser.add_argument("--part", choices=("yaml", "history"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.part:
        return _part(options.part)
    with TemporaryDirectory(prefix="okrsite-bench-") as name:
        folder = Path(name)
        edits = write(folder, options.objectives, options.commits)
        return _report(folder, edits, options.runs)


def _part(part: str) -> int:
    """What a process of its own is measured doing, in the repository that it is started in."""
    if part == "yaml":
        print(_plain(Path()))
    else:
        found = history_of(Path("content"))
        print(sum(change.event is Event.CHANGED for change in found.changes))
    return 0


def _plain(folder: Path) -> int:
    """PyYAML's C loader over the frontmatter of all blobs that the history is made of."""
    repo = Repository(folder)
    commits = read_commits(repo, "HEAD", tuple(f"content/{kind}" for kind in KINDS))
    names = (each.now for commit in commits for each in commit.touched if each.now)
    texts = [raw.decode().split("\n---\n")[0] for raw in read_blobs(repo, names).values()]
    return sum(len(yaml.load(text, Loader=yaml.CSafeLoader)) for text in texts)


def _report(folder: Path, edits: int, runs: int) -> int:
    environment = {"PYTHONPATH": str(ROOT), "LC_ALL": "C"}
    python = (sys.executable, "-m", "benchmarks.history", "--part")
    commands: Mapping[str, Sequence[str]] = {
        "git log --raw": ("git", "log", "--raw", "-z", "--no-abbrev", "--format=%H"),
        "PyYAML, C loader": (*python, "yaml"),
        "field history": (*python, "history"),
    }
    measures = [partial(_cost, command, folder, environment) for command in commands.values()]
    costs = dict(zip(commands, interleaved(measures, runs), strict=True))
    for name, cost in costs.items():
        print(f"{name:>18} | {cost.seconds:6.2f} s | {cost.megabytes:5.0f} MB")
    ours = costs.pop("field history").seconds
    for name, cost in costs.items():
        print(f"{ours / cost.seconds:6.2f} times {name}")
    found = int(run((*python, "history"), folder, environment)[1])
    print(f"{found:,} changes found of {edits:,} made")
    return 0 if found == edits else 1


def _cost(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    return run(command, folder, environment)[0]


def write(folder: Path, objectives: int, commits: int) -> int:
    """A repository in `folder` with the company and `commits` edits; gives how many those are."""
    subprocess.run(("git", "init", "-q", "-b", "main", "."), cwd=folder, check=True)
    texts = {
        f"content/{path}": text
        for path, text in sources(make(objectives)).items()
        if kind_of(path) in KINDS
    }
    stream = "".join(_stream(texts, commits)).encode()
    subprocess.run(("git", "fast-import", "--quiet"), cwd=folder, input=stream, check=True)
    (folder / "content").mkdir()  # nothing is checked out; only the place counts
    return commits


def _stream(texts: dict[str, str], commits: int) -> Iterator[str]:
    """One edit of one number a commit, each another than before."""
    rng, paths = Random(1), sorted(path for path, text in texts.items() if _NUMBER.search(text))
    yield _commit("main", 0, 0, (), texts)
    mark = 1
    for index in range(1, commits + 1):
        path = rng.choice(paths)
        found = list(_NUMBER.finditer(texts[path]))
        at = rng.choice(found)
        texts[path] = f"{texts[path][: at.end(1)]}{int(at[2]) + 1}{texts[path][at.end() :]}"
        if index % MERGED:
            yield _commit("main", mark + 1, index, (mark,), {path: texts[path]})
            mark += 1
        else:
            yield _commit("side", mark + 1, index, (mark,), {path: texts[path]})
            yield _commit("main", mark + 2, index, (mark, mark + 1), {path: texts[path]})
            mark += 2


def _commit(
    branch: str, mark: int, index: int, parents: tuple[int, ...], files: Mapping[str, str]
) -> str:
    seconds = (START - date(1970, 1, 1)).days * 86_400 + index * HOURS * 3600
    who = f"Author {index % 40} <author{index % 40}@goals.example> {seconds} +0000"
    name = mark or 1
    words = "goals"
    lines = [f"commit refs/heads/{branch}\nmark :{name}\nauthor {who}\ncommitter {who}\n"]
    lines.append(f"data {len(words)}\n{words}\n")
    for place, parent in enumerate(parents):
        lines.append(f"{'merge' if place else 'from'} :{parent}\n")
    for path, text in files.items():
        lines.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
