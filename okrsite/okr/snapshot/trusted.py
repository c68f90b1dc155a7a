"""The records of closed periods among the sources: which can be trusted, and why not others."""

from collections.abc import Collection, Iterator, Mapping

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.model import Amendment
from okrsite.okr.snapshot.chain import Fault, doubted, read_chain
from okrsite.okr.snapshot.manifest import faults_of, manifests_in, read_manifest
from okrsite.okr.snapshot.names import (
    MANIFEST,
    RECORD,
    Kind,
    Name,
    SnapshotError,
    is_part,
    name_at,
)
from okrsite.okr.snapshot.record import Record, read_record
from okrsite.okr.sources import Sources

_BRING_BACK = "Bring the published file back from git; `okrsite snapshot verify` tells more."


def trusted_in(
    sources: Sources, *, lazily: bool
) -> tuple[Mapping[str, Record], tuple[Finding, ...]]:
    """The record of each closed period, and findings of all snapshots that cannot be used."""
    records: dict[str, Record] = {}
    findings: list[Finding] = list(_without_manifest(sources))
    doubts = doubted(sources)
    for name, path, raw in manifests_in(sources):
        if name.kind is Kind.CLOSED:
            try:
                _undoubted(doubts.get(name))
                record = _trusted(sources, name, raw, lazily=lazily)
                own_files(record)  # nothing of it may be found to be broken later
            except SnapshotError as error:
                findings.append(_unusable(path, str(error), "OKR702"))
            except _BrokenError as error:
                findings.append(_unusable(error.path, str(error), "OKR703"))
            else:
                records[name.period] = record
    told = {name_at(finding.path) for finding in findings}
    return records, (*findings, *_elsewhere(sources, told))


def _elsewhere(sources: Sources, told: Collection[Name | None]) -> Iterator[Finding]:
    """What is wrong with snapshots that were not `told` of, and between any two of them."""
    for fault in read_chain(sources).faults:
        before = fault.against if fault.before else None  # the one that it was not made to follow
        if fault.name not in told and (before is None or before not in told):
            yield _unusable(fault.path, fault.message, "OKR702" if fault.newer else "OKR703")


def _without_manifest(sources: Sources) -> Iterator[Finding]:
    """Records whose manifest is gone: nobody can tell whether they are as they were made."""
    for path in sources:
        if is_part(path) and path.endswith(f"/{RECORD}"):
            manifest = f"{path.removesuffix(RECORD)}{MANIFEST}"
            if manifest not in sources:
                yield _unusable(path, f"{manifest} is missing", "OKR703")


class _BrokenError(Exception):
    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


def _undoubted(doubt: Fault | None) -> None:
    if doubt:
        raise _BrokenError(doubt.path, doubt.message)


def _trusted(sources: Sources, name: Name, raw: bytes, *, lazily: bool) -> Record:
    manifest = read_manifest(raw)
    if manifest.name != name:
        raise SnapshotError(f"it calls itself `{manifest.name}`")
    for path, fault in faults_of(manifest, sources):
        raise _BrokenError(path, fault)
    record = read_record(sources[name.file(RECORD)], lazily=lazily)
    if record.name != name:
        raise SnapshotError(f"its record calls itself `{record.name}`")
    return record


def _unusable(path: str, fault: str, code: str) -> Finding:
    message = f"this snapshot cannot be used: {fault}"
    hint = "Update okrsite." if "newer" in fault else _BRING_BACK
    return Finding(path, 1, 1, code, Severity.ERROR, message, hint)


def own_files(record: Record) -> Mapping[str, str]:
    """The files of the period, its goals and what was amended of them; and the goal of each."""
    frame, rows = record.frame, record.sheet.objectives
    goals = {str(rows[name]["path"]): name for name in record.own}
    if frame is None or len(goals) != len(record.own):
        raise SnapshotError("its period or a goal of it is missing")
    amended = (record.nouns[path] for path in record.nouns if path.startswith("amendments/"))
    own = (noun for noun in amended if isinstance(noun, Amendment) and record.is_own(noun.subject))
    return {frame.path: "", **goals, **{it.path: it.subject.partition("/")[0] for it in own}}
