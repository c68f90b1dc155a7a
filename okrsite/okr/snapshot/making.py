"""A Book → the record of one of its periods, as it is written: a function of its arguments."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from posixpath import join

from okrsite.okr.closing import closing_check_in, last_known
from okrsite.okr.flow import Flow
from okrsite.okr.ledger import Entry
from okrsite.okr.model import FileNoun, Initiative, KeyResult, Kpi, Objective, Team, has_bound
from okrsite.okr.past.moved import Move
from okrsite.okr.pipeline import Book
from okrsite.okr.portfolio import key_result_loc
from okrsite.okr.progress import keeps
from okrsite.okr.records import kind_of
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.snapshot.manifest import digest
from okrsite.okr.snapshot.names import Kind, Name, SnapshotError
from okrsite.okr.snapshot.nouns import dumped, dumped_key_result
from okrsite.okr.snapshot.numbers import (
    dumped_key_result_numbers,
    dumped_objective_score,
    key_result_numbers,
)
from okrsite.okr.snapshot.record import LISTS, settings_fields
from okrsite.okr.snapshot.rows import ABOVE, BELOW, OWN, SCHEMA
from okrsite.okr.snapshot.scope import Scope, nouns_of, scope_of
from okrsite.okr.snapshot.summary import summaries
from okrsite.okr.snapshot.tokens import Json, document, encoded, is_exact
from okrsite.okr.snapshot.trail import OBJECTIVE_FORMULA, trail_of
from okrsite.okr.sources import Sources


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from: `content` is its folder from the top of the repository.

    `extra` has files beside the goals that decide about numbers, by their path from the top: the
    `configuration`, and what it inherits from. `made_by` names the program and its version.
    """

    commit: str
    content: str
    made_by: str
    extra: Mapping[str, bytes]
    configuration: str | None = None


@dataclass(frozen=True, slots=True)
class Materials:
    """What one record is made of. `open` are key results without a closing check-in."""

    book: Book
    name: Name
    origin: Origin
    moves: tuple[Move, ...]
    open: tuple[str, ...] = ()

    @property
    def sources(self) -> Sources:
        return self.book.parsed.raw


def dump_record(made: Materials) -> tuple[bytes, bytes]:
    """The text of `record.json`, and that of `sources.sha256`.

    Raises:
        SnapshotError: a file of it is called as no list can write it, or is gone.
    """
    scope = scope_of(made.book, made.name.period)
    nouns = nouns_of(made.book, scope)
    _check_names(made, nouns)
    _check_files(made, nouns)
    fields = {**_head(made), **_lists(made, scope, nouns), **_tail(made)}
    return document(fields), _sums(made, nouns)


def _check_names(made: Materials, nouns: Iterable[FileNoun]) -> None:
    """Refuse names that are no UTF-8, and those that `sha256sum` would read as two lines."""
    for path in (made.origin.content, *(n.path for n in nouns), *made.origin.extra):
        if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in path):
            words = f"{path!a} has a sign in its name that no list of files can write"
            raise SnapshotError(f"{words}, such as a line break: give it another name")


def _check_files(made: Materials, nouns: Iterable[FileNoun]) -> None:
    """Refuse what only an earlier record still has: it has no text of which to write the hash."""
    gone = sorted({noun.path for noun in nouns} - made.sources.keys())
    if gone:
        rest = f" and {len(gone) - 1} more" if gone[1:] else ""
        words = f"{gone[0]}{rest} is gone, and an earlier record was made from it"
        raise SnapshotError(f"{words}: bring it back with `git restore --source=COMMIT`")


def _head(made: Materials) -> Json:
    return {
        "schema": SCHEMA,
        "snapshot": str(made.name),
        "period": made.name.period,
        "kind": str(made.name.kind),
        "as_of": made.book.as_of,
        "commit": made.origin.commit,
        "content": made.origin.content,
        "configuration": made.origin.configuration,
        "made_by": made.origin.made_by,
        **settings_fields(made.book.settings),
        "open": list(made.open),
    }


def _tail(made: Materials) -> Json:
    own = [move for move in made.moves if move.period == made.name.period]
    ordered = sorted(own, key=lambda move: (move.day, move.subject, move.field, move.commit))
    return {
        "moved": [_moved(move) for move in ordered],
        "summary": summaries(made.book, made.name.period, own),
    }


def _sums(made: Materials, nouns: Iterable[FileNoun]) -> bytes:
    """What `sha256sum --check` reads at the top of the repository."""
    files = {join(made.origin.content, n.path): made.sources[n.path] for n in nouns}
    files |= made.origin.extra
    return "".join(f"{digest(raw)}  {path}\n" for path, raw in sorted(files.items())).encode()


def _lists(made: Materials, scope: Scope, nouns: Iterable[FileNoun]) -> Json:
    found: dict[str, list[Json]] = {}
    for key in LISTS.values():
        found[key] = []
        if key == "objectives":
            found["key_results"] = list(_key_results(made, scope))
    for noun in nouns:
        row = {**dumped(noun), "sha256": digest(made.sources[noun.path])}
        found[LISTS[kind_of(noun.path) or ""]].append({**row, **_numbers(made, scope, noun)})
    for rows in found.values():
        rows.sort(key=_day_and_id)
    return found


def _day_and_id(row: Json) -> tuple[date, str]:
    """Check-ins and amendments by their day, everything else by name."""
    return row.get("date", date.min), row["id"]


def _numbers(made: Materials, scope: Scope, noun: FileNoun) -> Json:
    match noun:
        case Objective():
            score = made.book.scorecard.objectives[noun.id]
            role = OWN if noun.id in scope.own else BELOW if noun.id in scope.below else ABOVE
            refs = [f"{noun.id}/{kr.id}" for kr in noun.key_results]
            own = {"role": role, "key_results": refs, **dumped_objective_score(score)}
            return {**own, "trail": {"formula": OBJECTIVE_FORMULA}}
        case Team():
            together = made.book.scorecard.teams.get((noun.id, made.name.period))
            return {"numbers": dumped_objective_score(together) if together else None}
        case Initiative():
            return _flow(made.book.flows[noun.id])
        case Kpi():
            return _reading(made.book, noun)
    return {}


def _key_results(made: Materials, scope: Scope) -> Iterator[Json]:
    portfolio = made.book.portfolio
    for name in scope.objectives:
        for kr in portfolio.objectives[name].key_results:
            ref = f"{name}/{kr.id}"
            score = made.book.scorecard.key_results[ref]
            loc = key_result_loc(portfolio, ref)
            line = portfolio.documents[portfolio.objectives[name].path].place(*loc)[0]
            yield {
                "id": ref,
                "objective": name,
                "line": line,
                **_definition(ref, score.asked),
                **_result(made, score),
            }


def _definition(ref: str, kr: KeyResult) -> Json:
    return {key: value for key, value in dumped_key_result(ref, kr).items() if key != "weight"}


def _result(made: Materials, score: KeyResultScore) -> Json:
    is_open = score.ref in made.open
    numbers = key_result_numbers(score)
    found: Json = {}
    if is_open:
        numbers = replace(numbers, value=None, projection=None, projected_value=None)
        found["last_known"] = _last_known(made.book, score.ref)
    if made.name.kind is Kind.CLOSED:
        told = None if is_open else closing_check_in(made.book.world, score.ref)
        found["closing"] = {"date": told.day, "check_in": told.check_in} if told else None
    return {
        **dumped_key_result_numbers(numbers),
        **found,
        "trail": trail_of(made.book, score, is_open),
        "check_ins": [_entry(entry) for entry in score.entries],
    }


def _last_known(book: Book, ref: str) -> Json | None:
    # The Book has it without data; what would be known otherwise is what was said before.
    known = last_known(replace(book.world, frozen={}, memo={}), ref)
    if known is None:
        return None
    progress = known.progress
    endless = progress is not None and not is_exact(progress)
    exact = {"exact": {"progress": _ratio(progress)}} if progress is not None and endless else {}
    return {
        "date": known.day,
        "check_in": known.check_in,
        "value": known.value,
        "progress": progress,
        **exact,
    }


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _entry(entry: Entry) -> Json:
    """What a check-in said of a key result, and nothing of what it did not say."""
    said = {
        "value": entry.value,
        "done": list(entry.done) or None,
        "yes": entry.flag,
        "confidence": entry.confidence,
        "status": entry.said,
        "said_score": entry.score,
        "late": entry.late or None,
    }
    told = {name: value for name, value in said.items() if value is not None}
    return {"date": entry.day, "check_in": entry.check_in, **told}


def _flow(flow: Flow) -> Json:
    return {
        "state": flow.state,
        "since": flow.since,
        "blocked": flow.blocked,
        "blocked_since": flow.blocked_since,
        "tasks_done": flow.tasks_done,
        "tasks": len(flow.tasks),
        "lead_days": flow.lead_days,
        "cycle_days": flow.cycle_days,
        "active_days": flow.active_days,
        "done_on": flow.done_on,
    }


def _reading(book: Book, item: Kpi) -> Json:
    reading = book.ledger.reading_on(item.id, book.as_of)
    kept = None
    if reading and has_bound(item):
        kept = keeps(item, reading.value, book.settings.policy)
    return {
        "value": reading.value if reading else None,
        "value_on": reading.day if reading else None,
        "kept": kept,
    }


def _moved(move: Move) -> Json:
    amendment = move.amendment.id if move.amendment else None
    return {
        "day": move.day,
        "kind": move.kind,
        "subject": move.subject,
        "field": move.field,
        "was": _text(move.was),
        "now": _text(move.now),
        "turn": str(move.turn),
        "explained": move.explained,
        "amendment": amendment,
        "commit": move.commit or None,
    }


def _text(value: object) -> str | None:
    """A value of any field as words: `30`, `2026-06-05`, `a, b`."""
    match value:
        case None:
            return None
        case Fraction():
            return encoded(value)
        case date():
            return value.isoformat()
        case Mapping():
            return ", ".join(f"{_text(key)}: {_text(item)}" for key, item in value.items())
        case tuple() | list():
            return ", ".join(str(_text(item)) for item in value)
    return str(value)
