"""A small runner of workflows: the `run:` steps of a job in real shells, the rest by hand.

Actions are not run: a checkout is a clone the test has made, an artifact is a folder that is
copied. Whatever a workflow says between `${{` and `}}` must be known to the test.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
COMPARED = re.compile(r"([\w.]+) == '([^']*)'")
SHELLS = {
    None: ("bash", "-e"),
    "bash": ("bash", "--noprofile", "--norc", "-eo", "pipefail"),
}


@dataclass
class Job:
    """What came of a job: each step that ran with its exit code, and what was printed."""

    codes: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    summary: str = ""

    @property
    def passed(self) -> bool:
        return not any(self.codes.values())


@dataclass(frozen=True)
class Runner:
    """A machine: `bin` stands first on the PATH, `artifacts` outlive a job."""

    bin: Path
    artifacts: Path
    env: Mapping[str, str]

    def github(self, workflow: Path, job: str, folder: Path, known: Mapping[str, str]) -> Job:
        """Run a job of a workflow in `folder`; `known` are the values of its expressions."""
        plan = load(workflow)["jobs"][job]
        done, files = Job(), self._files(folder)
        base = _filled({**plan.get("env", {})}, known)
        for index, step in enumerate(plan["steps"]):
            if not _is_wanted(str(step.get("if", "")), done, known):
                continue
            if "uses" in step:
                self._use(step, folder)
                continue
            said = {**known, **{f"steps.{k}": v for k, v in done.outputs.items()}}
            env = {**base, **_filled(step.get("env", {}), said), **files}
            Path(files["GITHUB_OUTPUT"]).write_text("")  # each step has a file of its own
            code, text = self._shell(SHELLS[step.get("shell")], step["run"], folder, env)
            done.codes[step.get("name", str(index))] = code
            done.printed += text
            for line in Path(files["GITHUB_OUTPUT"]).read_text().splitlines():
                name, _, value = line.partition("=")
                done.outputs[f"{step.get('id')}.outputs.{name}"] = value
        done.summary = Path(files["GITHUB_STEP_SUMMARY"]).read_text()
        return done

    def gitlab(self, config: Path, job: str, folder: Path, env: Mapping[str, str]) -> Job:
        """Run the scripts of a job of `.gitlab-ci.yml` in one shell, as the runner there does."""
        whole = load(config)
        plan = {**whole.get(str(whole[job].get("extends")), {}), **whole[job]}
        script = "\n".join((*plan.get("before_script", ()), *plan["script"]))
        given = {**whole["variables"], **plan.get("variables", {})}
        every = {k: str(v["value"] if isinstance(v, dict) else v) for k, v in given.items()}
        shell = ("bash", "-eo", "pipefail")
        code, text = self._shell(shell, script, folder, {**every, **env})
        return Job({job: code}, printed=text)

    def _files(self, folder: Path) -> dict[str, str]:
        files = {n: folder.parent / f"{n}.txt" for n in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("")
        return {name: str(path) for name, path in files.items()}

    def _use(self, step: Mapping[str, Any], folder: Path) -> None:
        action, given = step["uses"].partition("@")[0], step.get("with", {})
        if action == "actions/upload-artifact":
            place = self.artifacts / given["name"]
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(folder / given["path"], place, symlinks=True)
        elif action == "actions/download-artifact":
            shutil.copytree(
                self.artifacts / given["name"], folder / given["path"], True, dirs_exist_ok=True
            )

    def _shell(
        self, shell: tuple[str, ...], script: str, folder: Path, env: Mapping[str, str]
    ) -> tuple[int, str]:
        file = folder.parent / "step.sh"
        file.write_text(script)
        here = Path(sys.executable).parent
        path = f"{self.bin}{os.pathsep}{here}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [*shell, str(file)],
            cwd=folder,
            env={"HOME": str(folder.parent), "LANG": "C.UTF-8", **self.env, **env, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout


def load(path: Path) -> dict[str, Any]:
    """A workflow as it is written; `on` is a word here."""
    found: dict[str, Any] = yaml.load(path.read_text(), yaml.BaseLoader)  # noqa: S506
    return found


def value_of(text: str, **contexts: object) -> object:
    """What an expression of GitHub comes to: `&&` and `||` give one of their sides there, too."""
    python = text.replace("&&", " and ").replace("||", " or ")
    known = {"cancelled": lambda: False, **contexts}
    return eval(re.sub(r"!(?!=)", " not ", python), known)  # our own workflow's


def _is_wanted(condition: str, done: Job, known: Mapping[str, str]) -> bool:
    """Whether a step runs: after a failure only where it says so, and if its comparisons hold."""
    said = {**known, **{f"steps.{name}": value for name, value in done.outputs.items()}}
    holds = all(said.get(name, "") == value for name, value in COMPARED.findall(condition))
    return holds and (done.passed or "cancelled()" in condition)


def _filled(env: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    return {
        name: EXPRESSION.sub(lambda found: known[found[1]], value) for name, value in env.items()
    }
