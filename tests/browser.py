"""Where the browser tests find a Chromium, and how to come by one."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = f"no Chromium: none of {', '.join(NAMES)} on PATH runs, Playwright has none of its own"


@cache
def find_chromium() -> Path | None:
    """A Chromium that starts: on PATH, else Playwright's own."""
    candidates = (shutil.which(name) for name in NAMES)
    on_path = next((Path(path) for path in candidates if path and _starts(path)), None)
    return on_path or _playwrights_own()


def install_chromium() -> Path | None:
    """Try the ways of installing one, and find what came of it."""
    for way in _ways():
        said = " && ".join(" ".join(step) for step in way)
        print(f"No Chromium found; trying: {said}", flush=True)
        if all(_run(step) for step in way):
            find_chromium.cache_clear()
            if found := find_chromium():
                return found
    return None


def _starts(path: str) -> bool:
    # Ubuntu leaves a chromium-browser on PATH that only says how to install one.
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _playwrights_own() -> Path | None:
    try:
        with sync_playwright() as playwright:
            path = Path(playwright.chromium.executable_path)
    except Error:
        return None
    return path if path.is_file() else None


def _ways() -> list[list[list[str]]]:
    download = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if not (_is_root_on_debian() and shutil.which("apt-get")):
        return [download]
    # The package first: it brings the system libraries along, which a download does not.
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    install = [*apt, "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]
    return [[[*apt, "update"], install], download]


def _is_root_on_debian() -> bool:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    return os.geteuid() == 0 and release.get("ID") == "debian"


def _run(command: Sequence[str]) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=900,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}")
        return False
    if done.returncode:
        print("\n".join(f"  {line}" for line in done.stdout.splitlines()[-5:]))
    return done.returncode == 0


def main(arguments: Sequence[str]) -> int:
    """Print the Chromium that the tests will use; `--install` gets one where there is none.

    Exits 0 either way: without a browser the tests themselves are skipped, or fail under CI.
    """
    found = find_chromium()
    if found is None and "--install" in arguments:
        found = install_chromium()
    print(f"Browser tests use {found}" if found else f"Browser tests cannot run: {MISSING}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
