"""A small company with every measure, its forms in a browser, and a forge to send them to."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from okrsite.okr.pipeline import Book
from okrsite.portal.editor import editor_files
from okrsite.portal.site import SignIn, SiteUrls
from tests.support import book

URLS = SiteUrls(
    site_url="https://goals.acme.example/",
    edit_base="https://github.com/acme/goals/edit/main/content/",
    repo_url="https://github.com/acme/goals",
    editor=SignIn(),
)
TRUST = """---
title: Clinics rely on us
period: 2026
team: acme
owner: Ana Berg
contributors: acme
weight: 0.5
progress_from: both
ambition: aspirational
visibility: unlisted
tags: [a, "no"]
key_results:
  - id: uptime
    title: Uptime
    unit: "%"
    start: 98.9
    target: 99.9
    plan: {2026-07-31: 99.1, 2026-08-31: 99.5}
  - id: base
    title: "Yes: a baseline"
    start: unknown
    target: 60
  - id: calm
    title: Calm
    between: [4, 5.5]
    weight: 0
  - id: floor
    title: Floor
    at_least: -3
  - id: ship
    title: Ship it
    due: 2026-08-01
    milestones:
      - {id: beta, title: Beta, weight: 2, due: 2026-07-31}
      - {id: ga, title: GA}
  - id: audit
    title: Audit
    done_when: 'The report says "fine"'
  - id: more
    title: From work
    from: initiatives
  - id: up
    title: From a KPI
    from: up
---
Why *this*.

- [x] one
- [ ] two

| a | b |
| --- | --- |
| 1 | 2 |
"""
FILES: Mapping[str, str] = {
    "periods/2026.md": "---\ntitle: Third quarter\nstart: 2026-07-01\nend: 2026-09-30\n"
    "state: committed\n---\n",
    "teams/acme.md": "---\ntitle: Acme <b>&</b> sons\n---\n",
    "kpis/up.md": "---\ntitle: Up\nat_least: 99\n---\n",
    "initiatives/core.md": "---\ntitle: Core\ncontributes_to: trust/more\nstate: doing\n---\n",
    "objectives/deep/trust.md": TRUST,
    "check-ins/2026-07-05-ana-berg.md": "---\ndate: 2026-07-05\nauthor: Ana Berg\n"
    "key_results:\n  trust/uptime: 99\n  trust/audit: {confidence: 0.5}\n---\nFine.\n",
}
BLANK = b'<!doctype html><title>-</title><link rel="icon" href="data:,">'


def company(**changed: str) -> Book:
    """The company; `changed` are files by their path with `/` as `__`, without `.md`."""
    return book({**FILES, **changed})


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def forms(folder: Path, *, at_forge: bool = False) -> Iterator[str]:
    """The forms, served; with the backend for trying unless they are to ask the forge."""
    files = dict(editor_files(company(), URLS))
    if not at_forge:
        config = json.loads(files["edit/config.json"])
        del config["publish_mode"]  # which the backend for trying does not know
        config["backend"] = {"name": "test-repo"}
        files["edit/config.json"] = json.dumps(config).encode()
    for name, content in {**files, "edit/blank.html": BLANK}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/edit/"
        server.shutdown()


# --- the backend for trying: files in the browser's own storage -----------------------------------

_PUT = """async (files) => {
  let top = await navigator.storage.getDirectory();
  top = await top.getDirectoryHandle("sveltia-cms-test", {create: true});
  for (const [path, text] of Object.entries(files)) {
    const steps = path.split("/");
    let folder = top;
    for (const step of steps.slice(0, -1)) {
      folder = await folder.getDirectoryHandle(step, {create: true});
    }
    const file = await folder.getFileHandle(steps.at(-1), {create: true});
    const writer = await file.createWritable();
    await writer.write(text);
    await writer.close();
  }
}"""
_ALL = """async () => {
  const found = {};
  async function walk(folder, path) {
    for await (const [name, item] of folder.entries()) {
      if (item.kind === "directory") await walk(item, `${path}${name}/`);
      else found[path + name] = await (await item.getFile()).text();
    }
  }
  const top = await navigator.storage.getDirectory();
  await walk(await top.getDirectoryHandle("sveltia-cms-test"), "");
  return found;
}"""


def put(page: Page, url: str, files: Mapping[str, str]) -> None:
    """Lay the company's files into the browser's storage."""
    page.goto(f"{url}blank.html")
    page.evaluate(_PUT, {f"content/{path}": text for path, text in files.items()})


def written(page: Page) -> Mapping[str, str]:
    """Every file as the forms left it, by its path in the content folder."""
    found: Mapping[str, str] = page.evaluate(_ALL)
    return {path.removeprefix("content/"): text for path, text in found.items()}


def field_of(page: Page, key: str) -> Any:
    """The part of a form where one field is typed; forms build further fields as one scrolls."""
    found = page.locator(f'section[data-key-path="{key}"]')
    page.mouse.move(720, 700)
    for _ in range(100):
        if found.count():
            break
        page.mouse.wheel(0, 1000)
        page.wait_for_timeout(100)
    found.scroll_into_view_if_needed()
    return found


def choose(page: Page, key: str, option: str) -> None:
    """Take one of the choices of a list."""
    field_of(page, key).get_by_role("combobox").click()
    page.get_by_role("option", name=option).first.click()


# --- a forge --------------------------------------------------------------------------------------


@dataclass
class GitHub:
    """As much of GitHub as the forms ask for: what they commit and open is kept."""

    files: Mapping[str, str]
    commits: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        request = route.request
        path = request.url.removeprefix("https://api.github.com")
        body = request.post_data_json if request.post_data else {}
        status, answer = self._answer(request.method, path, body)
        headers = {"access-control-allow-origin": "*", "access-control-allow-headers": "*"}
        route.fulfill(status=status, json=answer, headers=headers)

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/user":
            return 200, {"id": 1, "name": "Ana", "login": "ana", "email": "a@b.example"}
        if path.startswith("/repos/acme/goals/collaborators/"):
            return 200, {}
        if "/git/trees/" in path:
            return 200, {"tree": [self._blob(name) for name in self.files]}
        if path == "/graphql":
            return 200, {"data": self._graphql(body["query"], body.get("variables", {}))}
        if (method, path) == ("POST", "/repos/acme/goals/pulls"):
            self.requests.append(body)
            told = {"number": 7, "node_id": "n", "html_url": "https://github.com/acme/goals/pull/7"}
            day = "2026-08-20T10:00:00Z"
            return 201, {**told, "title": body["title"], "created_at": day, "updated_at": day}
        if path.endswith("/labels"):
            self.labels += body["labels"]
            return 200, []
        self.unknown.append(f"{method} {path}")
        return 404, {"message": "not here"}

    def _blob(self, name: str) -> dict[str, Any]:
        sha = base64.b16encode(name.encode()).decode()[-40:].rjust(40, "0").lower()
        return {"type": "blob", "path": f"content/{name}", "sha": sha, "size": 9}

    def _graphql(self, query: str, variables: Any) -> Any:
        head = {"oid": "c0ffee", "message": "m"}
        if "createRef" in query:
            self.branches.append(variables["input"]["name"])
            return {"createRef": {"ref": {"name": "x"}}}
        if "createCommitOnBranch" in query:
            self.commits.append(variables["input"])
            made = {"oid": "beef", "committedDate": "2026-08-20T10:00:00Z"}
            return {"createCommitOnBranch": {"commit": {**made, "file_0": {"oid": "1"}}}}
        if "fork:" in query:
            return {"fork": {"id": "r"}, "base": {"ref": {"target": {"oid": "c0ffee"}}}}
        if "pullRequests" in query:
            return {"repository": {"pullRequests": {"nodes": [], "totalCount": 0}}}
        if "content_0" in query:
            texts = enumerate(self.files.values())
            return {
                "repository": {
                    f"content_{n}": {"text": text, "isTruncated": False} for n, text in texts
                }
            }
        if "commit_0" in query:
            node = {"author": {"name": "Ana", "email": "", "user": None}}
            node |= {"committedDate": "2026-08-01T10:00:00Z"}  # type: ignore[dict-item]
            target = {"target": {"history": {"nodes": [node]}}}
            return {"repository": {f"commit_{n}": target for n in range(len(self.files))}}
        if "history(first: 1)" in query:
            return {"repository": {"ref": {"target": {"history": {"nodes": [head]}}}}}
        if "ref(qualifiedName" in query:
            return {"repository": {"ref": {"target": head}}}
        if "defaultBranchRef" in query:
            return {"repository": {"defaultBranchRef": {"name": "main"}}}
        self.unknown.append(query)
        return {"repository": None}


def committed(commit: Mapping[str, Any]) -> Mapping[str, str]:
    """The files of a commit by their path in the content folder."""
    return {
        change["path"].removeprefix("content/"): base64.b64decode(change["contents"]).decode()
        for change in commit["fileChanges"]["additions"]
    }
