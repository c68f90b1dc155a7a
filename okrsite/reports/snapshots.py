"""Records as lines to read and as JSON: one that was just made, and all there are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from okrsite.okr.past.published import Lost
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.snapshot.beside import goalposts
from okrsite.okr.snapshot.chain import Link
from okrsite.okr.snapshot.names import Kind, Name
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.tokens import Json, document
from okrsite.okr.snapshot.verdict import Reason, State, Verdict, state_of, worst
from okrsite.okr.status import Status
from okrsite.portal.moved_counts import silent
from okrsite.portal.words import NBSP, count, fixed, percent

SCHEMA, VERDICTS = "okrsite/snapshots/v1", "okrsite/verify/v1"
_DIGITS = 12  # of a SHA-256, for the eye


@dataclass(frozen=True)
class Row:
    """A published snapshot; `record` is None where it cannot be read, and `why` says so."""

    link: Link
    record: Record | None
    why: str = ""
    company: ObjectiveScore | None = None


def published_as_text(record: Record, folder: str, sha256: str) -> str:
    """What was written, and how the period stands in it."""
    own = record.own
    results = sum(ref.partition("/")[0] in set(own) for ref in record.key_results)
    what = f"{count(len(own), 'goal')} with {count(results, 'key result')}"
    lines = [
        f"{folder}: {record.name} as of {record.as_of}, {what}, from commit {record.commit[:7]}",
        f"  SHA-256 of its manifest: {sha256}",
        *_on_top(record),
        f"  Goals: {_statuses(record)}",
    ]
    if record.open:
        words = "recorded as no data and counted as 0 %, for want of a closing check-in"
        lines.append(f"  {count(len(record.open), 'key result')} {words}")
    if moved := goalposts(record.moved):
        unexplained = silent(moved)
        words = f", {unexplained} of them without a reason" if unexplained else ""
        lines.append(f"  {count(len(moved), 'goalpost')} moved{words}")
    return "\n".join(lines).replace(NBSP, " ")


def _on_top(record: Record) -> Iterator[str]:
    """How the company stands, or each team at the top by its name."""
    if len(record.on_top) < 2:
        yield f"  Company: {_stand(record, record.company)}"
        return
    for team, item in record.on_top.items():
        yield f"  {item.title}: {_stand(record, record.teams.get(team))}"


def _company(record: Record) -> str:
    return "several" if len(record.on_top) > 1 else _stand(record, record.company)


def _stand(record: Record, score: ObjectiveScore | None) -> str:
    if score is None:
        return "no goals of its own"
    if score.progress is None:
        return "no data"
    if record.name.kind is Kind.CLOSED and score.score is not None:
        return f"score {fixed(score.score, 1)}, {score.grade} ({percent(score.progress)})"
    return f"{percent(score.progress)}, {score.status}"


def _statuses(record: Record) -> str:
    found = Counter(record.objectives[name].status for name in record.own)
    words = [f"{found[status]} {status}" for status in Status if found[status]]
    return ", ".join(words) or "none"


Gone = Mapping[Name, Lost | None]  # None where git does not tell more


def listed_as_text(
    rows: Iterable[Row], gone: Gone, due: Iterable[Name], waiting: Mapping[Name, str]
) -> str:
    """The snapshots in the order of the chain, a line each, what is gone, is due, and waits."""
    table = [("", "SNAPSHOT", "AS OF", "COMMIT", "GOALS", "COMPANY", "MANIFEST")]
    for place, row in enumerate(rows, 1):
        manifest = row.link.manifest
        told = (str(len(row.record.own)), _company(row.record)) if row.record else ("?", row.why)
        head = (str(place), str(manifest.name), str(manifest.as_of), manifest.commit[:7])
        table.append((*head, *told, row.link.sha256[:_DIGITS]))
    wide = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(str.ljust, line, wide)).rstrip() for line in table]
    lines = (
        lines if len(table) > 1 else [f"There are no snapshots {'any more' if gone else 'yet'}."]
    )
    lines += (f"Gone: {name}{_last(lost) if lost else ''}" for name, lost in gone.items())
    lines += (f"Due: {name}" for name in due)
    lines += waiting_lines(waiting)
    return "\n".join(lines).replace(NBSP, " ")


def waiting_lines(waiting: Mapping[Name, str]) -> Iterator[str]:
    """What keeps each closed period from its record."""
    return (f"Waits: {name}: {words}" for name, words in waiting.items())


def _last(lost: Lost) -> str:
    by = f" (taken out: {lost.by})" if lost.by else ""
    return f", last in {lost.path} at commit {lost.commit[:7]}{by}"


def listed_as_json(
    rows: Iterable[Row], gone: Gone, due: Iterable[Name], waiting: Mapping[Name, str]
) -> str:
    """The same facts as one document."""
    fields = {
        "schema": SCHEMA,
        "snapshots": [_listed(place, row) for place, row in enumerate(rows, 1)],
        "gone": [_lost(name, lost) for name, lost in gone.items()],
        "due": [str(name) for name in due],
        "waiting": [{"snapshot": str(name), "why": why} for name, why in waiting.items()],
    }
    return document(fields).decode().rstrip("\n")


def _lost(name: Name, lost: Lost | None) -> Json:
    return {
        "snapshot": str(name),
        "path": lost.path if lost else None,
        "commit": lost.commit if lost else None,
        "taken_out_by": str(lost.by) if lost and lost.by else None,
    }


def _listed(place: int, row: Row) -> Json:
    manifest, record = row.link.manifest, row.record
    company, before = row.company, manifest.previous
    return {
        "snapshot": str(manifest.name),
        "period": manifest.name.period,
        "kind": str(manifest.name.kind),
        "as_of": manifest.as_of,
        "commit": manifest.commit,
        "place": place,
        "previous": str(before.name) if before else None,
        "sha256": row.link.sha256,
        "objectives": len(record.own) if record else None,
        "progress": company.progress if company else None,
        "score": company.score if company else None,
        "grade": str(company.grade) if company and company.grade else None,
        "status": str(company.status) if company else None,
    }


# --- proved -----------------------------------------------------------------------------------


def proved_as_text(verdicts: Iterable[Verdict], unknown: Iterable[Reason] = ()) -> str:
    """A line for each snapshot, below it every reason why it is not proved, and the sum.

    Where there is none, `unknown` is why nobody can tell whether there was one.
    """
    found = list(verdicts)
    if not found:
        return _nothing(list(unknown))
    wide = max((len(str(one.name)) for one in found), default=0)
    lines = [line for one in found for line in _verdict(one, wide)]
    counts = Counter(one.state for one in found)
    told = ", ".join(f"{counts[state]} {_SUM[state]}" for state in State if counts[state])
    return "\n".join((*lines, f"{count(len(found), 'snapshot')}: {told}.")).replace(NBSP, " ")


def _nothing(unknown: list[Reason]) -> str:
    if not unknown:
        return "There are no snapshots yet."
    words = "There are no snapshots here, and nothing tells whether any was ever published."
    return "\n".join((words, *(f"  {reason}" for reason in unknown)))


_SUM = {
    State.PROVED: "proved unaltered",
    State.DIFFERS: "NOT what was published",
    State.UNKNOWN: "could not be verified",
}
_WORDS = {State.DIFFERS: "NOT what was published", State.UNKNOWN: "could not verify"}


def _verdict(one: Verdict, wide: int) -> Iterator[str]:
    name = str(one.name).ljust(wide)
    if one.state is State.PROVED:
        made = f"derived again from {count(one.sources, 'file')} at commit {one.commit[:7]}"
        yield f"{name}  proved: {made}"
        return
    yield f"{name}  {_WORDS[one.state]}"
    for reason in one.reasons:
        yield f"  {reason}"


def proved_as_json(
    verdicts: Iterable[Verdict], unknown: Iterable[Reason] = (), strays: Iterable[Reason] = ()
) -> str:
    """The same facts as one document; `strays` lie beside the snapshots and are none."""
    found, beside = list(verdicts), list(strays)
    rows = [_as_json(one) for one in found]
    verdict = worst(found) if found else state_of(unknown)
    fields = {
        "schema": VERDICTS,
        "verdict": str(State.DIFFERS if beside else verdict),
        "snapshots": rows,
        "strays": [{"path": stray.path, "message": stray.message} for stray in beside],
    }
    return document(fields).decode().rstrip("\n")


def _as_json(one: Verdict) -> Json:
    reasons = [
        {
            "path": reason.path,
            "line": reason.line,
            "message": reason.message,
            "field": reason.field or None,
            "recorded": reason.recorded or None,
            "derived": reason.derived or None,
            "changed_by": reason.who or None,
            "lacking": reason.lacking,
        }
        for reason in one.reasons
    ]
    return {
        "snapshot": str(one.name),
        "verdict": str(one.state),
        "commit": one.commit or None,
        "sources": one.sources,
        "reasons": reasons,
    }
