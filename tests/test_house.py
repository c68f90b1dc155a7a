"""The architecture: a module imports only what stands before it; each library has its doors."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# The reading order for a newcomer: what the text says, how it looks, who serves it.
MODULES = (
    "okrsite",
    "okrsite.okr",
    "okrsite.okr.blanks",
    "okrsite.okr.broken",
    "okrsite.okr.changes",
    "okrsite.okr.finding",
    "okrsite.okr.comments",
    "okrsite.okr.conflicts",
    "okrsite.okr.dashes",
    "okrsite.okr.repairs",
    "okrsite.okr.ending",
    "okrsite.okr.frontmatter",
    "okrsite.okr.hints",
    "okrsite.okr.values",
    "okrsite.okr.model",
    "okrsite.okr.circles",
    "okrsite.okr.instead",
    "okrsite.okr.mending",
    "okrsite.okr.similar",
    "okrsite.okr.references",
    "okrsite.okr.portfolio",
    "okrsite.okr.ledger",
    "okrsite.okr.mean",
    "okrsite.okr.codes",
    "okrsite.okr.settings",
    "okrsite.okr.terms",
    "okrsite.okr.progress",
    "okrsite.okr.snapshot.names",
    "okrsite.okr.closing",
    "okrsite.okr.prose",
    "okrsite.okr.flow",
    "okrsite.okr.sources",
    "okrsite.okr.folders",
    "okrsite.okr.quoted",
    "okrsite.okr.spelling",
    "okrsite.okr.usual",
    "okrsite.okr.records",
    "okrsite.okr.status",
    "okrsite.okr.scorecard",
    "okrsite.okr.rules.review",
    "okrsite.okr.rules.alignment",
    "okrsite.okr.rules.outcome",
    "okrsite.okr.expected",
    "okrsite.okr.lazily",
    "okrsite.okr.scoring",
    "okrsite.okr.rules.recording",
    "okrsite.okr.rules.rhythm",
    "okrsite.okr.rules.shape",
    "okrsite.okr.rules.structure",
    "okrsite.okr.rules.wording",
    "okrsite.okr.rules",
    "okrsite.okr.snapshot.tokens",
    "okrsite.okr.snapshot.nouns",
    "okrsite.okr.snapshot.shape",
    "okrsite.okr.snapshot.manifest",
    "okrsite.okr.guarded",
    "okrsite.okr.snapshot.beside",
    "okrsite.okr.snapshot.numbers",
    "okrsite.okr.snapshot.rows",
    "okrsite.okr.snapshot.sheet",
    "okrsite.okr.snapshot.record",
    "okrsite.okr.snapshot.differing",
    "okrsite.okr.snapshot.archived",
    "okrsite.okr.snapshot.finished",
    "okrsite.okr.snapshot.leaving",
    "okrsite.okr.snapshot.chain",
    "okrsite.okr.snapshot.trusted",
    "okrsite.okr.snapshot.closed",
    "okrsite.okr.snapshot.final",
    "okrsite.okr.snapshot.later",
    "okrsite.okr.pipeline",
    "okrsite.okr.changes.affected",
    "okrsite.okr.changes.change",
    "okrsite.okr.changes.apart",
    "okrsite.okr.changes.declared",
    "okrsite.okr.changes.ease",
    "okrsite.okr.scope",
    "okrsite.okr.changes.pairs",
    "okrsite.okr.changes.check_ins",
    "okrsite.okr.changes.renamed",
    "okrsite.okr.guard.above",
    "okrsite.okr.changes.resting",
    "okrsite.okr.changes.goals",
    "okrsite.okr.changes.policies",
    "okrsite.okr.changes.records",
    "okrsite.okr.changes.rest",
    "okrsite.okr.changes.written",
    "okrsite.okr.guard.two",
    "okrsite.okr.guard.promises",
    "okrsite.okr.guard.amended",
    "okrsite.okr.guard.merged",
    "okrsite.okr.changes.between",
    "okrsite.okr.changes.hybrid",
    "okrsite.okr.changes.causes",
    "okrsite.okr.configuration",
    "okrsite.okr.fields",
    "okrsite.okr.git",
    "okrsite.okr.guard",
    "okrsite.okr.guard.below",
    "okrsite.okr.guard.closing",
    "okrsite.okr.guard.records",
    "okrsite.okr.guard.against",
    "okrsite.okr.guard.unread",
    "okrsite.okr.handles",
    "okrsite.okr.harmless",
    "okrsite.okr.naming",
    "okrsite.okr.objects",
    "okrsite.okr.past",
    "okrsite.okr.past.commits",
    "okrsite.okr.past.lineage",
    "okrsite.okr.past.versions",
    "okrsite.okr.past.attribution",
    "okrsite.okr.past.covering",
    "okrsite.okr.past.days",
    "okrsite.okr.revisions",
    "okrsite.okr.past.history",
    "okrsite.okr.past.impact",
    "okrsite.okr.past.published",
    "okrsite.okr.past.lines",
    "okrsite.okr.past.promised",
    "okrsite.okr.past.watched",
    "okrsite.okr.past.moved",
    "okrsite.okr.rhythm",
    "okrsite.okr.schema",
    "okrsite.okr.snapshot",
    "okrsite.okr.snapshot.books",
    "okrsite.okr.snapshot.carried",
    "okrsite.okr.snapshot.splitting",
    "okrsite.okr.snapshot.steps",
    "okrsite.okr.snapshot.compared",
    "okrsite.okr.snapshot.comparing",
    "okrsite.okr.snapshot.scope",
    "okrsite.okr.snapshot.summary",
    "okrsite.okr.snapshot.trail",
    "okrsite.okr.snapshot.making",
    "okrsite.okr.snapshot.mentions",
    "okrsite.okr.snapshot.needed",
    "okrsite.okr.snapshot.deriving",
    "okrsite.okr.snapshot.due",
    "okrsite.okr.snapshot.meant",
    "okrsite.okr.snapshot.schema",
    "okrsite.okr.snapshot.shelf",
    "okrsite.okr.snapshot.verdict",
    "okrsite.okr.spans",
    "okrsite.okr.worktree",
    "okrsite.edit",
    "okrsite.edit.amending",
    "okrsite.edit.files",
    "okrsite.edit.text.numbers",
    "okrsite.edit.text.scalars",
    "okrsite.edit.amending.asked",
    "okrsite.edit.text.names",
    "okrsite.edit.checking_in.check_in",
    "okrsite.edit.text.splice",
    "okrsite.edit.writing",
    "okrsite.edit.amending.amendment",
    "okrsite.edit.beginning",
    "okrsite.edit.beginning.branch",
    "okrsite.edit.beginning.codeowners",
    "okrsite.edit.beginning.cycles",
    "okrsite.edit.beginning.folders",
    "okrsite.edit.beginning.measures",
    "okrsite.edit.beginning.starting",
    "okrsite.edit.checking_in.mine",
    "okrsite.edit.who",
    "okrsite.edit.beginning.kinds",
    "okrsite.edit.beginning.requirement",
    "okrsite.edit.beginning.starter",
    "okrsite.edit.checking_in",
    "okrsite.edit.checking_in.last_word",
    "okrsite.edit.checking_in.readings",
    "okrsite.edit.checking_in.subjects",
    "okrsite.edit.checking_in.said",
    "okrsite.edit.checking_in.sanity",
    "okrsite.edit.effect",
    "okrsite.edit.moving",
    "okrsite.edit.proposing",
    "okrsite.edit.proposing.programs",
    "okrsite.edit.proposing.base",
    "okrsite.edit.proposing.commits",
    "okrsite.edit.proposing.forges",
    "okrsite.edit.proposing.request",
    "okrsite.edit.snapshots",
    "okrsite.edit.text",
    "okrsite.edit.text.fixes",
    "okrsite.portal",
    "okrsite.portal.words",
    "okrsite.portal.links",
    "okrsite.portal.fitting",
    "okrsite.portal.prose",
    "okrsite.portal.site",
    "okrsite.portal.parts",
    "okrsite.portal.assets",
    "okrsite.portal.theme",
    "okrsite.portal.explain",
    "okrsite.portal.shares",
    "okrsite.portal.by_hand",
    "okrsite.portal.downwards",
    "okrsite.portal.contents",
    "okrsite.portal.chartdata",
    "okrsite.portal.courses",
    "okrsite.portal.histories",
    "okrsite.portal.sparks",
    "okrsite.portal.pictures",
    "okrsite.portal.workshop",
    "okrsite.portal.archive",
    "okrsite.portal.now",
    "okrsite.portal.rows",
    "okrsite.portal.weekly",
    "okrsite.portal.attention",
    "okrsite.portal.svg",
    "okrsite.portal.axes",
    "okrsite.portal.blame",
    "okrsite.portal.blame_report",
    "okrsite.portal.labels",
    "okrsite.portal.burnup",
    "okrsite.portal.captions",
    "okrsite.portal.charts",
    "okrsite.portal.moved_words",
    "okrsite.portal.feed",
    "okrsite.portal.rhythm",
    "okrsite.portal.checkins",
    "okrsite.portal.recorded",
    "okrsite.portal.promised",
    "okrsite.portal.said_lines",
    "okrsite.portal.snapshots",
    "okrsite.portal.comparison",
    "okrsite.portal.compare",
    "okrsite.portal.distribution",
    "okrsite.portal.organisation",
    "okrsite.portal.forge",
    "okrsite.portal.key_result_rows",
    "okrsite.portal.trail",
    "okrsite.portal.objective",
    "okrsite.portal.crumbs",
    "okrsite.portal.outcome",
    "okrsite.portal.ruler",
    "okrsite.portal.period",
    "okrsite.portal.review_rows",
    "okrsite.portal.cycles",
    "okrsite.portal.data",
    "okrsite.portal.editor_fields",
    "okrsite.portal.vendored",
    "okrsite.portal.editor",
    "okrsite.portal.sieve",
    "okrsite.portal.workload",
    "okrsite.portal.everything",
    "okrsite.portal.findings",
    "okrsite.portal.effects",
    "okrsite.portal.moved_counts",
    "okrsite.portal.goalposts",
    "okrsite.portal.review_scores",
    "okrsite.portal.home",
    "okrsite.portal.kpi",
    "okrsite.portal.health",
    "okrsite.portal.stretches",
    "okrsite.portal.initiative",
    "okrsite.portal.leads",
    "okrsite.portal.measure",
    "okrsite.portal.person",
    "okrsite.portal.review",
    "okrsite.portal.team",
    "okrsite.portal.trendchart",
    "okrsite.portal.trends",
    "okrsite.portal.build",
    "okrsite.portal.literal",
    "okrsite.portal.live",
    "okrsite.portal.show",
    "okrsite.portal.ways_in",
    "okrsite.reports",
    "okrsite.reports.diff",
    "okrsite.reports.diff.rows",
    "okrsite.reports.diff.report",
    "okrsite.reports.diff.words",
    "okrsite.reports.diff.headline",
    "okrsite.reports.diff.verdict",
    "okrsite.reports.diff.document",
    "okrsite.reports.diff.html",
    "okrsite.reports.markup",
    "okrsite.reports.diff.markdown",
    "okrsite.reports.diff.text",
    "okrsite.reports.digest",
    "okrsite.reports.effect",
    "okrsite.reports.findings",
    "okrsite.reports.findings.fingerprint",
    "okrsite.reports.findings.entries",
    "okrsite.reports.findings.document",
    "okrsite.reports.findings.excerpt",
    "okrsite.reports.findings.text",
    "okrsite.reports.findings.github",
    "okrsite.reports.findings.gitlab",
    "okrsite.reports.findings.junit",
    "okrsite.reports.findings.rdjson",
    "okrsite.reports.findings.sarif",
    "okrsite.reports.findings.scope",
    "okrsite.reports.findings.summary",
    "okrsite.reports.snapshots",
    "okrsite.hosts",
    "okrsite.hosts.addresses",
    "okrsite.hosts.options",
    "okrsite.hosts.project",
    "okrsite.hosts.configured",
    "okrsite.hosts.day",
    "okrsite.hosts.dead_ends",
    "okrsite.hosts.sides",
    "okrsite.hosts.ranges",
    "okrsite.hosts.elsewhere",
    "okrsite.hosts.folder",
    "okrsite.hosts.grounds",
    "okrsite.hosts.shelf",
    "okrsite.hosts.proving",
    "okrsite.hosts.rows",
    "okrsite.hosts.footing",
    "okrsite.hosts.inside",
    "okrsite.hosts.parts",
    "okrsite.hosts.placing",
    "okrsite.hosts.given",
    "okrsite.hosts.heap",
    "okrsite.hosts.missed",
    "okrsite.hosts.navigation",
    "okrsite.hosts.past",
    "okrsite.hosts.unreadable",
    "okrsite.hosts.mkdocs",
    "okrsite.hosts.named",
    "okrsite.hosts.pages",
    "okrsite.hosts.recorded",
    "okrsite.hosts.recording",
    "okrsite.hosts.versions",
    "okrsite.hosts.versions.problems",
    "okrsite.hosts.versions.listing",
    "okrsite.hosts.versions.tags",
    "okrsite.hosts.versions.archived",
    "okrsite.hosts.versions.branch",
    "okrsite.hosts.versions.root",
    "okrsite.hosts.versions.trees",
    "okrsite.hosts.versions.before",
    "okrsite.hosts.versions.building",
    "okrsite.hosts.versions.checkout",
    "okrsite.hosts.versions.putting",
    "okrsite.hosts.versions.record",
    "okrsite.hosts.versions.then",
    "okrsite.hosts.versions.archiving",
    "okrsite.hosts.versions.proven",
    "okrsite.hosts.versions.publishing",
    "okrsite.cli",
    "okrsite.cli.common",
    "okrsite.cli.writing",
    "okrsite.cli.amend",
    "okrsite.cli.asking",
    "okrsite.cli.blame",
    "okrsite.cli.checking",
    "okrsite.cli.check",
    "okrsite.cli.sending",
    "okrsite.cli.checkin",
    "okrsite.cli.codeowners",
    "okrsite.cli.diff",
    "okrsite.cli.digest",
    "okrsite.cli.export",
    "okrsite.cli.init",
    "okrsite.cli.move",
    "okrsite.cli.new",
    "okrsite.cli.pages",
    "okrsite.cli.schema",
    "okrsite.cli.show",
    "okrsite.cli.site",
    "okrsite.cli.snapshot",
)

# Who may import what is not ours and not Python's.
DOORS = {
    "yaml": {"okrsite.okr.configuration", "okrsite.okr.frontmatter", "okrsite.okr.spans"},
    "pydantic": {
        f"okrsite.okr.{name}"
        for name in ("values", "model", "records", "snapshot.nouns", "snapshot.shape")
    },
    "pydantic_core": {"okrsite.okr.values", "okrsite.okr.records", "okrsite.okr.terms"},
    "jinja2": {"okrsite.portal.theme"},
    "matplotlib": {"okrsite.portal.svg"},
    "nh3": {"okrsite.portal.prose"},
    "markdown": {"okrsite.portal.prose", "okrsite.hosts.unreadable"},
    "mkdocs": {
        f"okrsite.hosts.{name}"
        for name in ("given", "mkdocs", "navigation", "placing", "versions.building")
    },
    "mike": {"okrsite.hosts.versions.listing"},
}
EVERYWHERE_IN = {"okrsite.portal": {"markupsafe"}, "okrsite.cli": {"click"}}
# Who may start another program.
STARTS_PROGRAMS = {"okrsite.okr.git", "okrsite.edit.proposing.programs"}


def path_of(module: str) -> Path:
    stem = ROOT / Path(*module.split("."))
    return stem.with_suffix(".py") if stem.with_suffix(".py").is_file() else stem / "__init__.py"


def modules_on_disk() -> set[str]:
    found = set()
    for path in (ROOT / "okrsite").rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def imports_of(module: str) -> Iterator[str]:
    """What a module imports, ours by the module's own name."""
    for node in ast.walk(ast.parse(path_of(module).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else node.module


def test_the_list_is_the_house() -> None:
    assert set(MODULES) == modules_on_disk()
    assert len(set(MODULES)) == len(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_before_it(module: str) -> None:
    before = set(MODULES[: MODULES.index(module)])
    ours = {name for name in imports_of(module) if name.split(".")[0] == "okrsite"}
    assert ours - before == set()


@pytest.mark.parametrize("module", MODULES)
def test_each_library_comes_in_by_its_door(module: str) -> None:
    outside = {name.split(".")[0] for name in imports_of(module)} - {"okrsite"}
    strangers = {name for name in outside if name not in _standard()}
    for room, libraries in EVERYWHERE_IN.items():
        strangers -= libraries if module.startswith(room) else set()
    assert {name for name in strangers if module not in DOORS.get(name, set())} == set()


def test_no_room_looks_towards_its_hosts() -> None:
    rooms = ("okr", "edit", "portal", "reports", "hosts", "cli")
    order = [rooms.index(module.split(".")[1]) for module in MODULES[1:]]
    assert order == sorted(order)


def test_only_two_modules_start_other_programs() -> None:
    found = {module for module in MODULES if "subprocess" in set(imports_of(module))}
    assert found <= STARTS_PROGRAMS


@pytest.mark.parametrize("module", MODULES)
def test_the_first_line_of_a_module_says_its_duty(module: str) -> None:
    text = ast.get_docstring(ast.parse(path_of(module).read_text("utf-8")))
    assert text is not None
    assert text.splitlines()[0].endswith((".", "?", "!"))


def _standard() -> frozenset[str]:

    return sys.stdlib_module_names
