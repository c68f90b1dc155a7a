"""The same commit and SOURCE_DATE_EPOCH give the same bytes on any machine: all is made twice."""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.git_repos import Goals, goal, repository
from tests.surroundings import (
    DAY,
    Place,
    contents,
    elsewhere,
    first_difference,
    here,
    settle,
)

ROOT = Path(__file__).parents[1]
RECORDS = "content/snapshots"
TARGET = re.compile(rb"\btarget: (?=\d)")

Maker = Callable[[Place], Mapping[str, bytes]]


def _site(place: Place) -> Mapping[str, bytes]:
    out = place.out(f"site of {place.root.name}")
    place.python("-m", "mkdocs", "build", "-q", "-d", str(out))
    return contents(out)


def _folder(place: Place) -> Mapping[str, bytes]:
    place.okrsite("pages", str(place.out("pages")))
    return contents(place.out("pages"))


def _site_of_records(place: Place) -> Mapping[str, bytes]:
    other = place.again()
    other.okrsite("snapshot", "publish", "2026-q2", "--kind", "closed")
    return _site(other)


def _printed(*words: str) -> Maker:
    def printed(place: Place) -> Mapping[str, bytes]:
        return {words[0]: place.okrsite(*words)}

    return printed


def _written(folder: str, *words: str) -> Maker:
    """What a command writes into a folder of the clone."""

    def written(place: Place) -> Mapping[str, bytes]:
        other = place.again()
        other.okrsite(*words)
        return contents(other.root / folder)

    return written


# What may be made from a commit, and how: a command that makes something new has its line here.
MAKERS: Mapping[str, Maker] = {
    "site": _site,
    "site of a recorded quarter": _site_of_records,
    "pages": _folder,
    "export": _printed("export"),
    "diff": _printed("diff", "first...HEAD", "--format", "json"),
    "diff as text": _printed("diff", "first...HEAD"),
    "diff as a page": _printed("diff", "first...HEAD", "--format", "html"),
    "check": _printed("check"),
    "blame": _printed("blame", "quality/bugs"),
    "amendment": _written(
        "content", "amend", "quality/bugs.target", "90", "--author", "ana", "-m", "Später."
    ),
    "record": _written(RECORDS, "snapshot", "publish", "2026-q3", "--kind", "mid"),
    "closed record": _written(RECORDS, "snapshot", "publish", "2026-q2", "--kind", "closed"),
}
NAMING = ("amendment", "closed record", "site of a recorded quarter")
# The same of the example company, but for those that name what it does not have. The commits of
# its own records are in another history than the one that is made for it here.
RECORD_THERE = ("snapshot", "publish", "2026-q3", "--kind", "mid", "--allow-unproved")
COMPANY = {name: make for name, make in MAKERS.items() if name not in NAMING} | {
    "blame": _printed("blame", "improve-product-quality"),
    "record": _written(RECORDS, *RECORD_THERE),
}

CONFIG = """\
site_name: Goals of Škoda & Söhne
site_url: https://goals.example/
docs_dir: content
theme: {name: material, font: false}
plugins: [search, okrsite]
"""

FIRST = {
    "index.md": "# Ziele\n\nWas wir erreichen wollen – Ⅳ.\n",
    "periods/2026.md": "---\ntitle: 2026\nstart: 2026-01-01\nend: 2026-12-31\n---\n",
    "periods/2026-q3.md": (
        "---\ntitle: 2026-Q3\nstart: 2026-07-01\nend: 2026-09-30\nstate: committed\n"
        'committed_on: 2026-07-02\nparent: "2026"\n---\n'
    ),
    "periods/2026-q2.md": (
        "---\ntitle: 2026-Q2\nstart: 2026-04-01\nend: 2026-06-30\nstate: closed\n"
        "committed_on: 2026-04-02\nclosed_on: 2026-07-01\n---\nWhat we learned – öfter fragen.\n"
    ),
    "objectives/2026-q2/older.md": goal(40, "team: one", period="2026-q2", title="Älter"),
    "check-ins/older.md": (
        "---\ndate: 2026-06-29\nauthor: ana\nkey_results: {older/bugs: 62.5}\n---\nSchluß.\n"
    ),
    "teams/all.md": "---\ntitle: İstanbul\n---\n",
    "teams/one.md": "---\ntitle: Ölmühle\nparent: all\nlead: ana\n---\n",
    "people/ana.md": "---\ntitle: Ana Iğdiran\nteam: one\n---\n",
    "objectives/2026-q3/quality.md": goal(40, "owner: ana", "team: one"),
    "objectives/2026-q3/speed.md": goal(60, "team: one", "tags: [zeta, alpha]", title="Ägypten"),
    "objectives/2026-q3/trust.md": goal(80, "team: all", title="Š and İ, ß and Ⅻ"),
    "kpis/uptime.md": "---\ntitle: Uptime\nunit: '%'\nat_least: 99\nteam: one\n---\n",
    "initiatives/rework.md": (
        "---\ntitle: Rework\nteam: one\ncontributes_to: [quality/bugs, speed]\n"
        "start: 2026-07-05\ndue: 2026-09-01\nstate: doing\n---\n- [x] one\n- [ ] two\n"
    ),
}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Goals:
    """Goals that several people changed on several days, on a branch and in another folder too."""
    made = repository(tmp_path_factory.mktemp("origin") / "goals")
    (made.root / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    made.commit("2026-07-01", FIRST)
    made.git("tag", "first")
    made.commit("2026-07-09", {"objectives/2026-q3/quality.md": _quality(50)}, who="Bob")
    made.git("checkout", "-q", "-b", "side", "first")
    made.commit("2026-07-10", {"objectives/2026-q3/trust.md": goal(90, "team: all")}, who="Zoë")
    made.git("checkout", "-q", "main")
    made.merge("side", "2026-07-12")
    made.commit("2026-07-20", {"check-ins/ana.md": _said(140, "2026-07-20")})
    moved = {"objectives/2026-q3/speed.md": None, "objectives/fast/speed.md": goal(55, "team: one")}
    made.commit("2026-08-03", moved, who="Bob")
    made.commit("2026-08-10", {"check-ins/ana-2.md": _said(99, "2026-08-10")}, who="Cleo")
    made.commit("2026-08-12", {"objectives/2026-q3/quality.md": _quality(70)}, who="Ana")
    return made


def _quality(target: int) -> str:
    return goal(target, "owner: ana", "team: one")


def _said(value: int, day: str) -> str:
    return (
        f"---\ndate: {day}\nauthor: ana\nteam: one\nkey_results:\n  quality/bugs: {value}\n"
        f"  speed/bugs: {value - 5}\nkpis: {{uptime: 98.5}}\n---\nGeht vorwärts, ğŞ.\n"
    )


@dataclass(frozen=True)
class Pair:
    """The same commit on two machines."""

    one: Place
    other: Place

    def difference(self, make: Maker) -> str:
        made = make(self.one), make(self.other)
        assert all(made)
        return first_difference(*made)


def _pair(origin: Path, top: Path) -> Pair:
    return Pair(settle(origin, top / "1", here()), settle(origin, top / "two", elsewhere()))


@pytest.fixture(scope="module")
def pair(origin: Goals, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return _pair(origin.root, tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_commit_gives_the_same_bytes(pair: Pair, name: str) -> None:
    assert pair.difference(MAKERS[name]) == ""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """The example company, committed by several people, with goals that were other ones before."""
    top = tmp_path_factory.mktemp("company")
    made = repository(top / "origin")
    shutil.copy(ROOT / "mkdocs.yml", made.root)
    shutil.copytree(ROOT / "content", made.folder)
    goals = sorted(made.folder.glob("objectives/2026-q*/**/*.md"))
    final = {goal.relative_to(made.folder).as_posix(): goal.read_bytes() for goal in goals}
    before = {path: TARGET.sub(rb"\g<0>1", text, count=1) for path, text in final.items()}
    made.commit("2026-01-02", before, who="Signe")
    made.git("tag", "first")
    for index, (path, text) in enumerate(final.items()):
        made.commit(f"2026-07-{1 + index % 28:02}", {path: text}, who=("Noor", "Ivo")[index % 2])
    return _pair(made.root, top)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPANY)
def test_the_example_company_too(company: Pair, name: str) -> None:
    assert company.difference(COMPANY[name]) == ""


# --- the yardstick ----------------------------------------------------------------------------

PROBES = {
    "path": "import os; print(os.getcwd())",
    "day": "from datetime import date; print(date.today())",
    "moment": "from datetime import datetime; print(datetime.now().year)",
    "time zone": "import time; print(time.tzname)",
    "hash seed": "print(hash('goals'))",
    "order of a folder": "import os; print(os.listdir('content'))",
    "order of a walk": "import os; print([*os.walk('content')][0][1])",
    "order of a pattern": "from pathlib import Path; print([*Path('content').glob('*')])",
    "umask": "import os; print(os.umask(0))",
    "age of files": "from pathlib import Path; print(Path('mkdocs.yml').stat().st_mtime)",
    "home": "from pathlib import Path; print(Path.home())",
    "processors": "import os; print(os.cpu_count())",
    "git's configuration": (
        "import subprocess; subprocess.run(['git', 'log', '--format=%ad %aN', '-3'])"
    ),
}


@pytest.mark.parametrize("probe", PROBES)
def test_the_two_machines_differ(pair: Pair, probe: str) -> None:
    said = [place.python("-c", PROBES[probe]) for place in (pair.one, pair.other)]
    assert said[0] != said[1]


def test_both_stand_on_the_day_of_the_epoch(pair: Pair) -> None:
    ask = "from okrsite.hosts.day import today; print(today())"
    said = {place.python("-c", ask).decode().strip() for place in (pair.one, pair.other)}
    assert said == {DAY}


def test_the_first_difference_is_named() -> None:
    made = {"a": b"same", "b/c.html": b"<p>one</p>", "d": b""}
    assert first_difference(made, dict(made)) == ""
    assert first_difference(made, {**made, "b/c.html": b"<p>two</p>"}).startswith(
        "b/c.html: byte 3\n  here:      b'<p>one</p>'"
    )
    assert first_difference(made, {"a": b"same", "d": b""}) == "b/c.html: only here"
    assert first_difference(made, {**made, "c": b""}) == "c: only elsewhere"
