"""A command in a process of its own → its CPU time, peak memory, and what it printed."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

# ru_maxrss is in bytes there and in KiB elsewhere.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds (user and system) and peak resident memory in MB."""

    seconds: float
    megabytes: float


class MeasureError(Exception):
    """The command failed; holds what it printed."""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[Cost, str]:
    """Run `command` in `folder` to its end.

    Peak memory is only right while this process is smaller than the one it starts: on Linux a
    child's begins at its parent's.

    Raises:
        MeasureError: the command did not exit with 0.
    """
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as out:
        child = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=out, stderr=out
        )
        _, status, used = os.wait4(child.pid, 0)
        # wait4 has reaped the child, which Popen must be told.
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        printed = out.read()
    if child.returncode != 0:
        raise MeasureError(f"{' '.join(command)} exited with {child.returncode}\n{printed}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * _RSS_UNIT / 1e6), printed


def interleaved(measures: Sequence[Callable[[], Cost]], runs: int) -> tuple[Cost, ...]:
    """Each of `measures` `runs` times, by turns so that a busy spell hits all; their medians."""
    rounds = [[measure() for measure in measures] for _ in range(runs)]
    return tuple(
        Cost(median(c.seconds for c in costs), median(c.megabytes for c in costs))
        for costs in zip(*rounds, strict=True)
    )
