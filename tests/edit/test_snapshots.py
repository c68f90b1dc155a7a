"""The folder of a snapshot is there with all its files, or it is not there."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from okrsite.edit.files import EditError
from okrsite.edit.snapshots import clear_left_over, read_snapshots, write_snapshot
from okrsite.okr.snapshot.names import FILES, name_of
from okrsite.okr.sources import read_folder

ROOT = Path(__file__).parents[2]
NAME = name_of("2026-q1/closed")
TEXTS = {part: f"{part}\n".encode() for part in FILES}

FOREVER = """
import shutil, sys
from pathlib import Path
from okrsite.edit.snapshots import clear_left_over, write_snapshot
from okrsite.okr.snapshot.names import FILES, name_of
content, texts = Path(sys.argv[1]), {part: part.encode() * 20_000 for part in FILES}
print("ready", flush=True)
while True:
    write_snapshot(content, name_of("2026-q1/closed"), texts)
    shutil.move(content / "snapshots/2026-q1/closed", content.parent / "away")
    shutil.rmtree(content.parent / "away")
"""


def test_it_is_written_whole(tmp_path: Path) -> None:
    folder = write_snapshot(tmp_path, NAME, TEXTS)
    assert folder == tmp_path / "snapshots/2026-q1/closed"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == TEXTS
    assert [path.name for path in folder.parent.iterdir()] == ["closed"]
    assert read_snapshots(tmp_path) == {NAME.file(part): text for part, text in TEXTS.items()}


@pytest.mark.parametrize("umask", [0o022, 0o027])
def test_whoever_may_read_the_other_files_may_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        folder = write_snapshot(tmp_path, NAME, TEXTS)
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o777 & ~umask
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o666 & ~umask}


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_what_is_there_is_never_touched(tmp_path: Path, there: str) -> None:
    place = tmp_path / NAME.folder
    place.parent.mkdir(parents=True)
    if there == "folder":
        place.mkdir()
    elif there == "file":
        place.write_text("mine")
    else:
        place.symlink_to(tmp_path / "nowhere")
    with pytest.raises(EditError, match="is there already"):
        write_snapshot(tmp_path, NAME, TEXTS)
    assert [path.name for path in place.parent.iterdir()] == ["closed"]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EditError, match="No space left"):
        write_snapshot(tmp_path, NAME, TEXTS)
    assert list((tmp_path / "snapshots/2026-q1").iterdir()) == []


def test_a_link_out_of_the_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/snapshots").symlink_to(tmp_path)
    with pytest.raises(EditError, match="leads out of"):
        write_snapshot(tmp_path / "content", NAME, TEXTS)


def test_what_a_killed_run_leaves_is_read_by_nobody_and_cleared(tmp_path: Path) -> None:
    left = tmp_path / "snapshots/2026-q1/.okrsite-x"
    left.mkdir(parents=True)
    (left / "record.json").write_text("half")
    assert read_snapshots(tmp_path) == {} == read_folder(tmp_path)
    assert clear_left_over(tmp_path) == (left,)
    assert not left.exists()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill to test with")
def test_a_kill_leaves_nothing_or_the_whole(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    for wait in range(12):
        running = subprocess.Popen(
            [sys.executable, "-c", FOREVER, str(content)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert running.stdout and running.stdout.readline()
        try:
            running.wait(0.003 * wait + 0.001)
        except subprocess.TimeoutExpired:
            running.kill()
        running.wait()
        running.stdout.close()
        found = read_snapshots(content)
        assert found == {} or set(found) == {NAME.file(part) for part in FILES}
        assert all(len(raw) == 20_000 * len(path.rpartition("/")[2]) for path, raw in found.items())
        clear_left_over(content)
        for path in found:
            (content / path).unlink()
        if found:
            (content / NAME.folder).rmdir()
        away = tmp_path / "away"
        if away.exists():
            shutil.rmtree(away)
