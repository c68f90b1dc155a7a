"""A record → the Book it was made from: its nouns joined, its scores as they were recorded."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from okrsite.okr.flow import flow_of
from okrsite.okr.frontmatter import Document, Loc
from okrsite.okr.lazily import Lazily
from okrsite.okr.ledger import last_day, read_ledger
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Initiative, Objective, Period
from okrsite.okr.pipeline import Book, Parsed
from okrsite.okr.portfolio import join
from okrsite.okr.progress import Final, World, scoring_day
from okrsite.okr.scorecard import Recorded, Scorecard
from okrsite.okr.scoring import is_closed, score
from okrsite.okr.settings import Settings
from okrsite.okr.snapshot.nouns import dumped, dumped_key_result
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.tokens import encoded
from okrsite.okr.terms import read_changes


def book_from(record: Record) -> Book:
    """What a record tells, as a Book of its own day.

    Its numbers are those of the record and no others: teams have one in its period alone, and the
    objectives above its own stand there as they stood. There are no findings.
    """
    parsed = parsed_from(record)
    world = world_from(parsed, record.settings, record.as_of, final_in(record))
    flows = {
        key: flow_of(item, world.ledger, record.settings.workflow, record.as_of)
        for key, item in world.portfolio.initiatives.items()
    }
    return Book(world, _scorecard(record, world), flows, (), parsed)


def parsed_from(record: Record) -> Parsed:
    """Its nouns, each with a text that stands for what it says and not for the bytes of a file."""
    documents = {path: _document(record, noun) for path, noun in record.nouns.items()}
    raw = Lazily(record.nouns, _text)
    return Parsed(raw, documents, record.nouns, {})


def world_from(parsed: Parsed, settings: Settings, day: date, frozen: Mapping[str, Final]) -> World:
    """The nouns joined; what they name that is not among them is left out without a word."""
    nouns = tuple(_within(parsed.nouns.values()))
    portfolio, _ = join(nouns, parsed.documents)
    portfolio, goalposts, _ = read_changes(portfolio, day)
    ledger, _ = read_ledger(portfolio, day)
    return World(portfolio, ledger, goalposts, settings, day, frozen=frozen)


def without_data(record: Record) -> Mapping[str, Final]:
    """The key results that were closed without a closing check-in: no data from that day on.

    A record of a later day tells them as of the closing, the last day that any of them is asked of.
    """
    day = scoring_day(record.frame, record.as_of)
    return {ref: Final(day, None, None) for ref in record.open}


def final_in(record: Record) -> Mapping[str, Final]:
    """What was final on its day: results of periods closed before, and what has no data."""
    nouns = record.nouns.values()
    periods = {noun.id: noun for noun in nouns if isinstance(noun, Period)}
    found: dict[str, Final] = {}
    for goal in (noun for noun in nouns if isinstance(noun, Objective)):
        frame = periods.get(goal.period)
        other = frame is not None and frame.id != record.period
        if frame and other and is_closed(frame, record.as_of):
            found |= {ref: Final(last_day(frame), *ends) for ref, ends in _ends(record, goal)}
    return {**found, **without_data(record)}


def _ends(
    record: Record, goal: Objective
) -> Iterator[tuple[str, tuple[Fraction | None, Fraction | None]]]:
    score_of_goal = record.objectives[goal.id]
    yield goal.id, (score_of_goal.progress, score_of_goal.promised)
    for kr in goal.key_results:
        numbers = record.key_results[f"{goal.id}/{kr.id}"]
        yield f"{goal.id}/{kr.id}", (numbers.progress, numbers.promised)


def _scorecard(record: Record, world: World) -> Scorecard:
    """Its numbers with what was said on the way; nothing is computed."""
    teams = {(team, record.period): score for team, score in record.teams.items()}
    card = score(world, Recorded(record.key_results, record.objectives, teams))
    return Scorecard(card.key_results, card.objectives, teams)


def _within(nouns: Iterable[FileNoun]) -> Iterator[FileNoun]:
    """The nouns without what they name and is not there: it lies outside of the record."""
    known = tuple(nouns)
    goals = {noun.id for noun in known if isinstance(noun, Objective)}
    refs = {f"{o.id}/{kr.id}" for o in known if isinstance(o, Objective) for kr in o.key_results}
    work = {noun.id for noun in known if isinstance(noun, Initiative)}
    said = {noun.id for noun in known if isinstance(noun, CheckIn)}
    for noun in known:
        match noun:
            case Objective():
                yield _only(noun, parent=goals | refs, supports=goals | refs, continues=goals)
            case Initiative():
                yield _only(noun, contributes_to=goals | refs, depends_on=work)
            case CheckIn():
                yield _only(noun, key_results=refs, initiatives=work, corrects=said)
            case Amendment() if noun.subject not in goals | refs | work:
                pass
            case _:
                yield noun


def _only(noun: FileNoun, **known: Collection[str]) -> FileNoun:
    update = {}
    for name, there in known.items():
        value = getattr(noun, name)
        kept = _kept(value, there)
        if kept != value:
            update[name] = kept
    return noun.model_copy(update=update) if update else noun


def _kept(value: object, there: Collection[str]) -> object:
    match value:
        case str():
            return value if value in there else None
        case Mapping():
            return {ref: words for ref, words in value.items() if ref in there}
        case tuple():
            return tuple(ref for ref in value if ref in there)
    return value


def _text(noun: FileNoun) -> bytes:
    fields = {key: value for key, value in dumped(noun).items() if key not in ("id", "path")}
    rows = noun.key_results if isinstance(noun, Objective) else ()
    return "\n".join(
        map(encoded, (fields, *(dumped_key_result(kr.id, kr) for kr in rows)))
    ).encode()


def _document(record: Record, noun: FileNoun) -> Document:
    """What its file was, as far as places are known: the lines of key results."""
    if not isinstance(noun, Objective):
        return Document(noun.path, {}, noun.body)
    rows = [{"id": kr.id} for kr in noun.key_results]
    marks: dict[Loc, tuple[int, int]] = {
        ("key_results", index): (record.lines.get(f"{noun.id}/{kr.id}", 1), 1)
        for index, kr in enumerate(noun.key_results)
    }
    return Document(noun.path, {"key_results": rows}, noun.body, marks=marks)
