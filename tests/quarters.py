"""A company whose quarter is over, in a repository with a real remote; its site is published."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from click.testing import CliRunner

from okrsite.cli import main
from tests.git_repos import Goals, repository
from tests.recorded import standing_in

CONFIG = """site_name: Acme goals
docs_dir: content
{site_url}repo_url: https://github.com/acme/goals
edit_uri: edit/main/content/
theme:
  name: material
  font: false
  features: [content.action.edit]
plugins:
  - search
  - okrsite:
      as_of: 2026-08-20
"""
PERIOD = "---\ntitle: {title}\nstart: {start}\nend: {end}\nstate: {state}\n{more}---\nWords.\n"
YEAR = {"title": "Year 2026", "start": "2026-01-01", "end": "2026-12-31"}
Q2 = {"title": "Second quarter 2026", "start": "2026-04-01", "end": "2026-06-30"}
Q3 = {"title": "Third quarter 2026", "start": "2026-07-01", "end": "2026-09-30"}


def goal(title: str, period: str, why: str) -> str:
    return (
        f"---\ntitle: {title}\nperiod: {period}\nteam: acme\nowner: Ana\nkey_results:\n"
        "  - id: waiting\n    title: Messages that wait\n    start: 90\n    target: 30\n"
        f"---\n{why}\n"
    )


THEN: Mapping[str, str | bytes | None] = {
    "index.md": "",
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "periods/2026-q2.md": PERIOD.format(
        **Q2, state="closed", more="committed_on: 2026-04-02\nclosed_on: 2026-07-07\n"
    ),
    "periods/2026.md": PERIOD.format(**YEAR, state="committed", more="committed_on: 2026-01-07\n"),
    "objectives/trust.md": goal("Customers trust us", "2026", "It lasts."),
    "objectives/inbox.md": goal("One inbox", "2026-q2", "Nobody looks twice."),
    "objectives/fax.md": goal("No more fax", "2026-q2", "The <b>zebra</b> machine is loud."),
    "objectives/hush.md": goal("Hush", "2026-q2", "Psst.").replace(
        "owner:", "visibility: unlisted\nowner:"
    ),
    "check-ins/2026-06-30-ana.md": (
        "---\ndate: 2026-06-30\nauthor: Ana\nkey_results:\n  inbox/waiting: 55\n"
        "  fax/waiting: 30\n  hush/waiting: 60\n---\nDone.\n"
    ),
}
SINCE: Mapping[str, str | bytes | None] = {
    "periods/2026-q3.md": PERIOD.format(**Q3, state="committed", more="committed_on: 2026-07-03\n"),
    "objectives/calls.md": goal("Fewer calls", "2026-q3", "They ring."),
}


@dataclass(frozen=True)
class Company:
    """A clone, and the remote it publishes to."""

    goals: Goals
    remote: Path

    def remote_git(self, *args: str) -> str:
        return Goals(self.remote).git(*args)

    def tip(self) -> str:
        """The remote's branch; empty before anything is published."""
        return self.remote_git("for-each-ref", "--format=%(objectname)", "refs/heads/gh-pages")

    def published(self) -> set[str]:
        """Every file on the remote's branch."""
        return set(self.remote_git("ls-tree", "-r", "--name-only", "gh-pages").splitlines())

    def text(self, path: str) -> str:
        return self.remote_git("show", f"gh-pages:{path}")

    def versions(self) -> list[str]:
        return [item["version"] for item in json.loads(self.text("versions.json"))]


def company(
    folder: Path,
    site_url: str = "https://host.example/goals/",
    more: str = "",
    files: Mapping[str, str] | None = None,
) -> Company:
    """Acme on 20 August: its second quarter is closed, and its goals are in the review.

    `more` stands at the end of its configuration, and `files` beside its goals, from the start.
    """
    remote = folder / "remote.git"
    remote.mkdir(parents=True)
    Goals(remote).git("init", "-q", "--bare", "-b", "main")
    goals = repository(folder / "goals")
    goals.git("remote", "add", "origin", str(remote))
    line = f"site_url: {site_url}\n" if site_url else ""
    (goals.root / "mkdocs.yml").write_text(CONFIG.format(site_url=line) + more)
    goals.commit("2026-07-07", {**THEN, **(files or {})})
    with standing_in(goals.root):
        ask = ("snapshot", "publish", "2026-q2", "--kind", "closed", "--as-of", "2026-07-07")
        done = CliRunner().invoke(main, ask)
    assert done.exit_code == 0, done.output
    goals.commit("2026-07-08", {})
    goals.commit("2026-08-20", SINCE)
    goals.git("push", "-q", "origin", "main")
    return Company(goals, remote)


def record(period: str, commit: str, day: str) -> dict[str, str | bytes | None]:
    """The manifest of a closed quarter, and nothing of what it tells of."""
    said: dict[str, object] = {
        "schema": "okrsite/manifest/v1",
        "snapshot": f"{period}/closed",
        "commit": commit,
        "as_of": day,
        "parts": [],
        "previous": None,
    }
    return {f"snapshots/{period}/closed/manifest.json": json.dumps(said)}


def start(
    company: Company, *args: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`okrsite …` as a program of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from okrsite.cli import main; main()", *args],
        cwd=company.goals.root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


class _Pages(SimpleHTTPRequestHandler):
    """Serves a folder as a forge's pages do: what is not there is the 404.html of the site."""

    site = ""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / self.site / "404.html"
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.read_bytes() if page.is_file() else b"")


@contextmanager
def served(company: Company, folder: Path, below: str) -> Iterator[str]:
    """What is published, cloned and served below a path."""
    Goals(company.remote).git(
        "clone", "-q", "-b", "gh-pages", str(company.remote), str(folder / below)
    )
    handler = type("Pages", (_Pages,), {"site": below})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/{below}/"
        server.shutdown()
