"""Files on disk are whole or not there, whoever is killed and whoever comes at the same time."""

import os
import select
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from okrsite.edit.files import EditError, alone_in, create, replace

ROOT = Path(__file__).parents[2]

REPLACER = """
import sys
from pathlib import Path
from okrsite.edit.files import replace
path, old, new = Path(sys.argv[1]), sys.argv[2].encode() * 50_000, sys.argv[3].encode() * 90_000
print("ready", flush=True)
while True:
    replace(path, new)
    replace(path, old)
"""
CREATOR = """
import sys
from pathlib import Path
from okrsite.edit.files import create
print("ready", flush=True)
sys.stdin.readline()
for _ in range(25):
    print(create(Path(sys.argv[1]), sys.argv[2] * 10_000).name)
"""
FOREVER = """
import sys
from pathlib import Path
from okrsite.edit.files import create
print("ready", flush=True)
while True:
    create(Path(sys.argv[1]), "word\\n" * 20_000)
"""


def started(program: str, *words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", program, *map(str, words)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload]
    assert process.stdout.readline() == "ready\n"
    return process  # type: ignore[no-any-return]


def killed(process: "subprocess.Popen[str]", after_changes_of: Path, changes: int) -> None:
    """Kill it once the folder was seen to change so many times: no clock decides when."""
    seen: list[object] = []
    while len(seen) < changes:
        with os.scandir(after_changes_of) as entries:
            now = sorted((entry.name, entry.inode()) for entry in entries)
        if not seen or seen[-1] != now:
            seen.append(now)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdin.close()  # type: ignore[union-attr]
    process.stdout.close()  # type: ignore[union-attr]


@pytest.mark.parametrize("changes", [2, 3, 5, 9, 17])
def test_killed_while_replacing_it_leaves_the_old_file_or_the_new(
    tmp_path: Path, changes: int
) -> None:
    path = tmp_path / "goal.md"
    path.write_text("old\n" * 50_000)
    process = started(REPLACER, path, "old\n", "new\n")
    try:
        killed(process, tmp_path, changes)
    finally:
        process.kill()
    assert path.read_text() in ("old\n" * 50_000, "new\n" * 90_000)
    assert [entry.name for entry in tmp_path.glob("[!.]*")] == ["goal.md"]


@pytest.mark.parametrize("changes", [2, 4, 8])
def test_killed_while_creating_leaves_whole_files_only(tmp_path: Path, changes: int) -> None:
    process = started(FOREVER, tmp_path / "2026-08-20-ana.md")
    try:
        killed(process, tmp_path, changes)
    finally:
        process.kill()
    made = list(tmp_path.glob("*.md"))  # what a portal reads; leftovers begin with a dot
    assert {path.read_text() for path in made} <= {"word\n" * 20_000}


def test_two_at_once_get_a_name_each_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "check-ins" / "2026-08-20-ana.md"
    pair = [started(CREATOR, path, word) for word in ("one\n", "two\n")]
    for process in pair:
        process.stdin.write("go\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    names = [process.communicate()[0].split() for process in pair]
    assert [process.returncode for process in pair] == [0, 0]
    assert len({*names[0], *names[1]}) == 50
    for own, word in zip(names, ("one\n", "two\n"), strict=True):
        assert {(path.parent / name).read_text() for name in own} == {word * 10_000}
    assert {entry.name for entry in path.parent.iterdir()} == {*names[0], *names[1]}


def test_a_taken_name_is_counted_on_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "a.md"
    assert [create(path, str(n)).name for n in range(3)] == ["a.md", "a-2.md", "a-3.md"]
    assert [(path.parent / name).read_text() for name in ("a.md", "a-2.md", "a-3.md")] == [*"012"]


def test_a_link_that_leads_nowhere_is_a_taken_name(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "gone.md")
    assert create(tmp_path / "a.md", "x").name == "a-2.md"
    assert not (tmp_path / "gone.md").exists()


def test_a_new_file_has_the_usual_mode_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        assert stat.S_IMODE(create(tmp_path / "a.md", "x").stat().st_mode) == 0o640
    finally:
        os.umask(old)
    (tmp_path / "a.md").chmod(0o604)
    replace(tmp_path / "a.md", b"y")
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o604


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "goal.md").write_text("old")
    (tmp_path / "goal.md").symlink_to(tmp_path / "far" / "goal.md")
    replace(tmp_path / "goal.md", b"new")
    assert (tmp_path / "goal.md").is_symlink()
    assert (tmp_path / "far" / "goal.md").read_text() == "new"


def test_what_cannot_be_written_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(EditError, match="file"):
        create(tmp_path / "file" / "a.md", "x")
    with pytest.raises(EditError, match=r"gone\.md"):
        replace(tmp_path / "gone.md", b"x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_a_link_out_of_the_goals_takes_no_file(tmp_path: Path) -> None:
    root, out = tmp_path / "content", tmp_path / "out"
    for folder in (root / "own", out):
        folder.mkdir(parents=True)
    (root / "check-ins").symlink_to(out)
    (root / "kpis").symlink_to(root / "own")
    with pytest.raises(EditError, match="put a folder in place of the link"):
        create(root / "check-ins/2026-q3/a.md", "x", root)
    assert list(out.iterdir()) == []
    assert create(root / "kpis/a.md", "x", root).resolve() == root / "own/a.md"
    (tmp_path / "linked").symlink_to(root)
    assert create(tmp_path / "linked/own/b.md", "x", tmp_path / "linked").read_text() == "x"


WAITER = """
import sys
from pathlib import Path
from okrsite.edit.files import alone_in
print("ready", flush=True)
with alone_in(Path(sys.argv[1])):
    print("in", flush=True)
"""


def test_only_one_is_in_a_folder_and_no_file_tells_of_it(tmp_path: Path) -> None:
    with alone_in(tmp_path):
        process = started(WAITER, tmp_path)
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 0.3)[0] == []
        assert list(tmp_path.iterdir()) == []
    assert process.communicate()[0] == "in\n"
    with alone_in(tmp_path / "nowhere"):
        pass
