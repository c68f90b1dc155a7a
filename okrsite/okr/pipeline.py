"""load(): from sources to a Book, the stages in order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath

from okrsite.okr.closing import recorded_periods
from okrsite.okr.finding import Finding, Severity, in_order
from okrsite.okr.flow import Flow, flow_of
from okrsite.okr.folders import misspelt_files, misspelt_folders
from okrsite.okr.frontmatter import Document, read_document
from okrsite.okr.ledger import Ledger, read_ledger
from okrsite.okr.model import CheckIn, FileNoun, Visibility
from okrsite.okr.portfolio import Portfolio, join
from okrsite.okr.progress import Final, World
from okrsite.okr.prose import prose_findings
from okrsite.okr.records import kind_of, read_record
from okrsite.okr.rules import coach
from okrsite.okr.scorecard import Scorecard
from okrsite.okr.scoring import score
from okrsite.okr.settings import Settings
from okrsite.okr.snapshot.archived import Archived
from okrsite.okr.snapshot.beside import Told
from okrsite.okr.snapshot.closed import NOTHING, Closed, closed_in, with_named
from okrsite.okr.snapshot.final import final_by
from okrsite.okr.snapshot.later import later
from okrsite.okr.sources import Sources, is_meant
from okrsite.okr.spelling import spelt
from okrsite.okr.status import Status
from okrsite.okr.terms import read_changes

Reading = tuple[Document, FileNoun | None, tuple[Finding, ...]]  # of one file by itself


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the texts of `raw` say by themselves, before any two are joined.

    Those that were read have their `findings`, if only none. `closed` are the recorded periods,
    whose nouns stand among the others.
    """

    raw: Sources
    documents: Mapping[str, Document]
    nouns: Mapping[str, FileNoun]
    findings: Mapping[str, tuple[Finding, ...]]
    closed: Closed = NOTHING


@dataclass(frozen=True)
class Book:
    """What the text says and what it adds up to on one day.

    `parsed` is what was declared, file by file, before it was joined. `statuses` only remembers
    what a past day's status was once asked; it changes nothing.
    """

    world: World
    scorecard: Scorecard
    flows: Mapping[str, Flow]
    findings: tuple[Finding, ...]
    parsed: Parsed = field(compare=False, repr=False)
    statuses: dict[tuple[str, date], Status] = field(default_factory=dict, compare=False)

    @property
    def portfolio(self) -> Portfolio:
        return self.world.portfolio

    @property
    def ledger(self) -> Ledger:
        return self.world.ledger

    @property
    def settings(self) -> Settings:
        return self.world.settings

    @cached_property
    def findings_in(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings of each file."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            found[finding.path].append(finding)
        return {path: tuple(items) for path, items in found.items()}

    @cached_property
    def listed_in(self) -> Mapping[str, tuple[str, ...]]:
        """The objectives of each period, but those that are unlisted or archived."""
        found: dict[str, list[str]] = defaultdict(list)
        for item in self.portfolio.objectives.values():
            if item.visibility is Visibility.PUBLIC and item.id not in self.archived:
                found[item.period].append(item.id)
        return {period: tuple(names) for period, names in found.items()}

    @property
    def as_of(self) -> date:
        return self.world.as_of

    @property
    def archived(self) -> Mapping[str, Archived]:
        """The objectives that have no page of their own: their quarters' reviews have them.

        Only those that another page is made of are in the portfolio.
        """
        return self.parsed.closed.archived

    @cached_property
    def archived_in(self) -> Mapping[str, Mapping[str, Archived]]:
        """The archived objectives of each period, but those that are unlisted."""
        found: dict[str, dict[str, Archived]] = defaultdict(dict)
        for name, goal in self.archived.items():
            if goal.listed:
                found[goal.period][name] = goal
        return dict(found)

    @cached_property
    def archived_periods(self) -> frozenset[str]:
        """The periods of the archived objectives."""
        return frozenset(goal.period for goal in self.archived.values())

    @cached_property
    def left_out(self) -> frozenset[tuple[str, str]]:
        """Kind and stem of the files of goals and of work that have their place in a review."""
        kept = self.portfolio.objectives
        paths = [goal.path for name, goal in self.archived.items() if name not in kept]
        work = self.portfolio.initiatives
        paths += [work[name].path for name in self.parsed.closed.finished if name in work]
        parts = (PurePosixPath(path) for path in paths)
        return frozenset((path.parts[0], path.stem) for path in parts)

    @cached_property
    def spoken(self) -> Sequence[tuple[date, CheckIn | Told]]:
        """Everything said by the Book's day, oldest first, even where only a record has it."""
        here = [(item.date, item) for item in self.ledger.check_ins]
        there = [(told.day, told) for told in self.parsed.closed.left]
        return sorted((*here, *there), key=lambda row: row[0])

    def is_archived(self, ref: str) -> bool:
        """Whether an objective, a key result or `initiatives/…` has its place in a review alone."""
        kind, _, name = ref.partition("/")
        finished = kind == "initiatives" and name in self.parsed.closed.finished
        return finished or kind in self.parsed.closed.archived


def load(
    sources: Sources, settings: Settings, as_of: date, *, deep: bool = True, but: str = ""
) -> Book:
    """Read, join, add up and review `sources`; whatever is wrong becomes a finding.

    Without `deep`, what was said of the goals of recorded closed periods is left out, for all
    `but` one.
    """
    parsed = read_all(sources, light_on=None if deep else as_of, but=but)
    return book_of(parsed, settings, as_of)


def book_of(parsed: Parsed, settings: Settings, as_of: date) -> Book:
    """Join, add up and review what was read."""
    world, scorecard, found = add_up(parsed, settings, as_of)
    flows = {**flows_of(world), **{name: way for name, (_, way) in parsed.closed.finished.items()}}
    advice = coach(world, scorecard, flows, recorded_periods(parsed.raw))
    own = parsed.closed.nouns  # nobody can follow advice on what was closed
    told = (finding for finding in (*found, *advice) if finding.path not in own)
    findings = (*told, *parsed.closed.findings)
    return Book(world, scorecard, flows, in_order(weighed(findings, settings)), parsed)


def add_up(
    parsed: Parsed, settings: Settings, as_of: date, open_refs: Iterable[str] = ()
) -> tuple[World, Scorecard, tuple[Finding, ...]]:
    """Join what was read and compute its numbers, without a coach's advice.

    `open_refs` are key results that end on this day without data, whatever was said before.
    """
    nouns = tuple(parsed.nouns.values())
    portfolio, unresolved = join(nouns, parsed.documents)
    portfolio, goalposts, mismatches = read_changes(portfolio, as_of)
    ledger, misfits = read_ledger(portfolio, as_of)
    frozen, recorded = final_by(parsed.closed, as_of)
    ends = dict.fromkeys(open_refs, Final(as_of, None, None))
    final = {**frozen, **ends} if ends else frozen  # most of it is made when somebody asks for it
    world = World(portfolio, ledger, goalposts, settings, as_of, frozen=final)
    unread = (finding for found in parsed.findings.values() for finding in found)
    empty = () if nouns else (_nothing(),)
    astray = (*misspelt_folders(parsed.raw), *misspelt_files(parsed.raw))
    found = (*astray, *unread, *empty, *unresolved, *misfits, *mismatches)
    return world, score(world, recorded), found


def flows_of(world: World) -> Mapping[str, Flow]:
    """Where each initiative stands, and how it came there."""
    return {
        key: flow_of(item, world.ledger, world.settings.workflow, world.as_of)
        for key, item in world.portfolio.initiatives.items()
    }


def read_all(
    sources: Sources,
    known: Parsed | None = None,
    *,
    light_on: date | None = None,
    but: str = "",
) -> Parsed:
    """Every noun among `sources`; what `known` has read of the same text is not read again.

    With `light_on`, what was said of goals recorded as closed by that day is left out, `but` for
    those of one period.
    """
    closed = closed_in(sources, _read_noun, light_on, but)
    readings = {
        path: reading_in(known, path, raw) or read_file(path, raw)
        for path, raw in sources.items()
        if is_read(path) and path not in closed.covered
    }
    return read_beside(closed, sources, readings)


def recorded_in(sources: Sources) -> Closed:
    """The recorded periods among `sources`, all of them."""
    return closed_in(sources, _read_noun)


def read_beside(closed: Closed, sources: Sources, readings: Mapping[str, Reading]) -> Parsed:
    """What was read of `sources`, beside the recorded periods among them."""
    documents = {**closed.documents, **{path: one[0] for path, one in readings.items()}}
    read = {path: one[1] for path, one in readings.items() if one[1] is not None}
    nouns: dict[str, FileNoun] = {**closed.nouns, **read}
    findings = {path: one[2] for path, one in readings.items()}
    since = later(closed, nouns, documents)
    together = {**nouns, **since.nouns}
    counted = {path: noun for path, noun in together.items() if noun is not None}
    documents |= {path: Document(path, {}, "") for path in counted.keys() - documents.keys()}
    told = (*closed.findings, *since.findings)
    closed = replace(closed, findings=told, unlisted=since.unlisted)
    if closed.archived:
        closed = with_named(closed, counted)
        counted |= closed.nouns
        documents |= closed.documents
    return Parsed(sources, documents, counted, findings, closed)


def is_read(path: str) -> bool:
    """Whether a file declares something, and so is read."""
    return kind_of(path) is not None and not is_meant(path)


def reading_in(known: Parsed | None, path: str, raw: bytes) -> Reading | None:
    """How a file was read before, if it was the same."""
    if known is None or path not in known.findings or known.raw.get(path) != raw:
        return None
    return known.documents[path], known.nouns.get(path), known.findings[path]


def _read_noun(path: str, raw: bytes) -> tuple[Document, FileNoun | None]:
    return read_file(path, raw)[:2]


def read_file(path: str, raw: bytes) -> Reading:
    """What a file of some kind says by itself."""
    kind = kind_of(path) or ""
    document, unread = read_document(path, raw)
    document, misspelt = spelt(document, kind)
    noun, wrong = read_record(document, kind)
    unreadable = unread and not document.data  # of course its fields are missing
    faults = () if unreadable else (*misspelt, *wrong)
    return document, noun, (*unread, *faults, *prose_findings(document))


def _nothing() -> Finding:
    message = "no goals here yet: no period, team or objective was found"
    hint = "Begin with `periods/`, `teams/` and `objectives/`."
    return Finding(".", 1, 1, "OKR021", Severity.WARNING, message, hint)


def weighed(findings: tuple[Finding, ...], settings: Settings) -> tuple[Finding, ...]:
    """Findings as heavy as the site's `rules` say; `off` takes them out."""
    result = []
    for finding in findings:
        said = settings.rules.get(finding.code)
        if said is None:
            result.append(finding)
        elif said != "off":
            result.append(replace(finding, severity=Severity(said)))
    return tuple(result)
