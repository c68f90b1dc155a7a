"""Two records as two Books to be told apart: what differs, and the split of every number."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from okrsite.okr.changes.apart import apart
from okrsite.okr.changes.between import Changes, between, in_order, noted
from okrsite.okr.changes.causes import Causes, Split
from okrsite.okr.changes.declared import Unread
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Initiative, Objective, Period
from okrsite.okr.pipeline import Book, Parsed
from okrsite.okr.scorecard import Scorecard
from okrsite.okr.snapshot.books import book_from, parsed_from, world_from
from okrsite.okr.snapshot.carried import Carried, carried
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.rows import ABOVE
from okrsite.okr.snapshot.steps import Row, Step


@dataclass(frozen=True)
class Comparison:
    """Both Books in the names of the later one, with the goals that the periods count alone."""

    pair: Carried
    base: Book
    head: Book
    changes: Changes
    causes: Causes


Written = Mapping[str, FileNoun | None]


def compare(
    base: Record,
    head: Record,
    step: Step,
    unread: tuple[Unread, ...] = (),
    written: Written = MappingProxyType({}),
) -> Comparison:
    """What there is to tell of the way between two records, which `step` splits.

    `unread` could not be read when one of them was made, so nothing is told of it. `written` is
    what the files at the head say, or that they are gone, where it is not what was recorded.
    """
    ids = {row.base: name for name, row in step.objectives.items() if row.base != name}
    pair = carried(base, head, ids)
    one, two = book_from(pair.base), book_from(pair.head)
    names = _names(pair)
    now = _written_in(two, head, written) if written else two
    worth = names | {noun.id for noun in written.values() if isinstance(noun, Objective)}
    worded = _told(one, worth, pair, now), _told(now, worth, pair, one)
    told = _apart(*worded) if pair.is_of_two else between(*worded)
    told = replace(told, changes=tuple(noted(told.changes, written)))
    lost = {each.path for each in unread}
    sure = tuple(each for each in told.changes if each.path not in lost)
    told = replace(told, changes=sure, unread=unread)
    books = _counted(one, names), _counted(two, names)
    return Comparison(pair, *books, told, _causes(step, head.period))


def _written_in(book: Book, record: Record, written: Written) -> Book:
    """The Book of a record with what the files say now; its numbers are as they were."""
    nouns = {path: noun for path, noun in {**record.nouns, **written}.items() if noun is not None}
    parsed = parsed_from(replace(record, nouns=nouns))
    world = world_from(parsed, record.settings, record.as_of, {})
    return replace(book, parsed=parsed, world=world)


def _names(pair: Carried) -> frozenset[str]:
    """The objectives that one of the two is about, and that neither has for context alone."""
    roles = (pair.base.roles, pair.head.roles)
    return frozenset(
        name
        for name in {*pair.base.roles, *pair.head.roles}
        if ABOVE not in [known[name] for known in roles if name in known]
    )


def _counted(book: Book, names: Collection[str]) -> Book:
    card = book.scorecard
    results = {r: row for r, row in card.key_results.items() if r.partition("/")[0] in names}
    goals = {name: row for name, row in card.objectives.items() if name in names}
    return replace(book, scorecard=Scorecard(results, goals, card.teams))


def _causes(step: Step, period: str) -> Causes:
    teams = {(team, period): split for team, split in _splits(step.teams).items()}
    return Causes(_splits(step.key_results), _splits(step.objectives), teams)


def _splits(rows: Mapping[str, Row]) -> dict[str, Split]:
    return {name: row.split for name, row in rows.items()}


def _apart(base: Book, head: Book) -> Changes:
    """What differs between two periods: no goal goes on in another one for its title alone."""
    was, now = (_goals(book.parsed) for book in (base, head))
    gone = {path for name, path in was.items() if name not in now}
    come = {path for name, path in now.items() if name not in was}
    whole = between(_without(base, gone), _without(head, come))
    old = between(_with_only(base, gone), _with_only(base, ()))
    new = between(_with_only(head, ()), _with_only(head, come))
    every = apart((*whole.changes, *old.changes, *new.changes))
    return replace(whole, changes=in_order(every))


def _goals(parsed: Parsed) -> Mapping[str, str]:
    """The path of each objective by its id."""
    return {noun.id: path for path, noun in parsed.nouns.items() if isinstance(noun, Objective)}


def _without(book: Book, paths: Collection[str]) -> Book:
    return _with_only(book, book.parsed.nouns.keys() - paths)


def _with_only(book: Book, paths: Collection[str]) -> Book:
    parsed = book.parsed
    raw = {path: parsed.raw[path] for path in parsed.raw if path in paths}
    documents = {path: parsed.documents[path] for path in raw}
    nouns = {path: parsed.nouns[path] for path in raw}
    return replace(book, parsed=Parsed(raw, documents, nouns, {}))


def _told(book: Book, names: frozenset[str], pair: Carried, other: Book) -> Book:
    """The Book with only those nouns whose differences are worth a word here."""
    parsed, told = book.parsed, _Told(names, pair, other)
    return _with_only(book, {path for path, noun in parsed.nouns.items() if told.of(noun)})


@dataclass(frozen=True)
class _Told:
    """Not what stands around the period's goals, and of two periods not what one has alone.

    A record has what was said in its period, and of earlier days only what its goals need: so an
    earlier check-in that only one of two records has came or went with a goal.
    """

    names: frozenset[str]
    pair: Carried
    other: Book

    def of(self, noun: FileNoun) -> bool:
        """Whether a noun belongs to what is told."""
        both = noun.path in self.other.parsed.nouns
        match noun:
            case Period():
                return not self.pair.is_of_two or noun.id not in self.pair.periods
            case Objective():
                return noun.id in self.names
            case Initiative():
                return both or (not self.pair.is_of_two and self._serves(noun.contributes_to))
            case CheckIn():
                own = not noun.key_results or self._serves(noun.key_results)
                told = both or noun.date >= self._start
                return not self.pair.is_of_two and own and told
            case Amendment():
                return not self.pair.is_of_two and (both or self._is_there(noun.subject))
        return True

    def _serves(self, refs: Iterable[str]) -> bool:
        return any(ref.partition("/")[0] in self.names for ref in refs)

    def _is_there(self, subject: str) -> bool:
        known = self.other.portfolio
        return subject.partition("/")[0] in self.names & known.objectives.keys() or (
            subject in known.initiatives
        )

    @property
    def _start(self) -> date:
        return self.other.portfolio.periods[self.pair.head.period].start
