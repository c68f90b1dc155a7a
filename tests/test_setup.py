"""What a fresh clone relies on: the search for a Python, the page fixture, the wheel's theme."""

import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
BROKEN = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"
WORKING = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
OLD = "#!/bin/sh\necho 3.9.2\nexit 10\n"
BARE = "#!/bin/sh\necho 3.12.1\nexit 11\n"


def find_python(folder: Path, commands: dict[str, str], **env: str) -> tuple[int, str, str]:
    """Run the search with `commands` (path below `folder` → script) as the whole PATH."""
    for name, script in commands.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)
    search = ":".join(sorted({str((folder / name).parent) for name in commands}))
    done = subprocess.run(
        ["/bin/sh", ROOT / ".ci" / "find-python"],
        env={"PATH": search, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    ("commands", "chosen"),
    [
        ({"a/python3.13": BROKEN, "a/python3.11": WORKING}, "a/python3.11"),
        ({"a/python3.12": BROKEN, "b/python3.12": WORKING}, "b/python3.12"),
        ({"a/python3": OLD, "a/python3.11": WORKING}, "a/python3.11"),
        ({"a/python3.13": BARE, "b c/python3": WORKING}, "b c/python3"),
    ],
)
def test_a_python_is_chosen_by_running_it(tmp_path, commands, chosen):
    code, found, said = find_python(tmp_path, commands)
    assert (code, found, said) == (0, str(tmp_path / chosen), "")


@pytest.mark.parametrize(
    ("commands", "says"),
    [
        ({"a/ls": BROKEN}, "needs Python 3.11 or newer, and found none"),
        ({"a/python3": OLD}, "python3 is Python 3.9.2"),
        ({"a/python3.12": BARE}, "(Python 3.12.1) cannot make virtual environments"),
    ],
)
def test_no_python_is_told_in_words(tmp_path, commands, says):
    code, found, said = find_python(tmp_path, commands)
    assert (code, found) == (1, "")
    assert says in said


def test_a_named_python_is_the_only_one_tried(tmp_path):
    commands = {"a/python3.11": WORKING, "a/mine": OLD}
    code, found, said = find_python(tmp_path, commands, PYTHON="mine")
    assert (code, found) == (1, "")
    assert "PYTHON=mine is no Python 3.11 or newer" in said


NO_PIP = f"""#!/bin/sh
case "$*" in *pip*) echo "pip was asked" >&2; exit 1;; esac
exec "{sys.executable}" "$@"
"""


def test_a_port_that_is_taken_is_said_before_anything_is_installed(tmp_path):
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(NO_PIP)
    python.chmod(0o755)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ["make", "portal", f"VENV={tmp_path}", f"PORT={port}"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"port {port} is taken. Another one: make portal PORT={port + 1}" in done.stderr
    assert "Installing" not in done.stdout and "pip was asked" not in done.stderr


def test_the_page_collects_errors_of_the_console(page: Page, console_errors):
    with page.expect_event("pageerror"):
        page.set_content("<script>console.error('first'); throw new Error('second')</script>")
    assert [error.split()[0] for error in console_errors] == ["first", "second"]
    console_errors.clear()


def test_the_page_reaches_no_other_machine(page: Page, console_errors):
    page.set_content('<img src="http://fonts.example/a.png" alt="">')
    assert "asked another machine for http://fonts.example/a.png" in console_errors
    console_errors.clear()


@pytest.mark.slow
def test_the_wheel_carries_the_theme_and_the_skeleton_of_a_portal(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for packed, source in (("okrsite/_theme/", "theme"), ("okrsite/starter/", "okrsite/starter")):
        there = {
            path.relative_to(ROOT / source).as_posix()
            for path in (ROOT / source).rglob("*")
            if path.is_file()
        }
        assert {n.removeprefix(packed) for n in names if n.startswith(packed)} == there
        assert there
