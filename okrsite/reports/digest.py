"""What waits for a check-in, by the one it waits for: a reminder for everybody at once."""

from collections.abc import Iterator
from dataclasses import dataclass

from okrsite.okr.closing import recorded_periods, to_close
from okrsite.okr.handles import known_as
from okrsite.okr.harmless import harmless
from okrsite.okr.model import KeyResult, Measure, measure_of
from okrsite.okr.pipeline import Book
from okrsite.okr.portfolio import Portfolio
from okrsite.portal.words import NBSP, count, day_year
from okrsite.reports.markup import escaped

MARK = "<!-- okrsite-digest -->"
STALE = "OKR301"
LONGEST = 60_000  # a forge takes a little more
MOST = 40  # of one owner; whoever has more needs another help than a list


@dataclass(frozen=True, slots=True)
class Waiting:
    """A key result nobody checked in on, and what to type for it."""

    ref: str
    title: str
    words: str
    typed: str


@dataclass(frozen=True, slots=True)
class Pile:
    """All that waits for one owner, or for a team whose goal nobody owns."""

    name: str
    handle: str
    items: tuple[Waiting, ...]


def digest(book: Book, forge: str) -> tuple[Pile, ...]:
    """What is stale by the book's own finding or to be closed, the owner with the most first."""
    piles: dict[str, dict[str, Waiting]] = {}
    for ref, words in _due(book):
        item = _waiting(book.portfolio, ref, words)
        piles.setdefault(_owner(book.portfolio, ref), {}).setdefault(item.typed, item)
    made = (
        Pile(
            _name(book.portfolio, owner), known_as(book.portfolio, owner, forge), tuple(i.values())
        )
        for owner, i in piles.items()
    )
    return tuple(sorted(made, key=lambda pile: (-len(pile.items), pile.name)))


def _due(book: Book) -> Iterator[tuple[str, str]]:
    """Each key result that waits, and why; what is to be closed before what is merely late."""
    recorded = recorded_periods(book.parsed.raw)
    yield from ((ref, "no closing check-in yet") for ref in to_close(book.world, recorded))
    yield from ((one.subject, one.message) for one in book.findings if one.code == STALE)


def _owner(portfolio: Portfolio, ref: str) -> str:
    kr, objective = portfolio.key_results[ref], portfolio.objectives[ref.partition("/")[0]]
    return kr.owner or objective.owner or kr.team or objective.team or ""


def _name(portfolio: Portfolio, owner: str) -> str:
    known = portfolio.people.get(owner) or portfolio.teams.get(owner)
    return known.title if known else owner or "Nobody yet"


def _waiting(portfolio: Portfolio, ref: str, words: str) -> Waiting:
    kr = portfolio.key_results[ref]
    is_kpi = measure_of(kr) is Measure.KPI and kr.source
    what = str(kr.source) if is_kpi else ref
    return Waiting(ref, kr.title, words, f"{what} {_value(kr)}")


def _value(kr: KeyResult) -> str:
    if kr.milestones:
        return "MILESTONE"
    return "YES-OR-NO" if kr.done_when else "NUMBER"


def headline(piles: tuple[Pile, ...]) -> str:
    """One sentence."""
    many = sum(len(pile.items) for pile in piles)
    if not many:
        return "No key result waits for a check-in."
    return (
        f"{_spaced(count(many, 'key result'))} {'waits' if many == 1 else 'wait'} for a check-in."
    )


def as_text(book: Book, piles: tuple[Pile, ...]) -> str:
    """For a terminal."""
    return "\n".join((f"{_day(book)}: {headline(piles)}", *_text(piles), ""))


def _text(piles: tuple[Pile, ...]) -> Iterator[str]:
    for pile in piles:
        yield f"\n{harmless(pile.name)}"
        yield from (f"  {harmless(item.title)}: {harmless(item.words)}" for item in pile.items)
        yield f"  {_command(pile)}"


def as_markdown(book: Book, piles: tuple[Pile, ...]) -> str:
    """For an issue, where a handle reaches whoever has it; it begins with a mark to be found by."""
    cadence = _spaced(count(book.settings.cadence, "day"))
    told = [MARK]
    told.append(f"{headline(piles)} On {_day(book)}, with {cadence} from one check-in to the next.")
    room = LONGEST
    for index, pile in enumerate(piles):
        text = _markdown(pile)
        room -= len(text)
        if room < 0:
            told.append(f"\nAnd {len(piles) - index} more; `okrsite digest` names them all.")
            break
        told.append(text)
    return "\n".join((*told, ""))


def _markdown(pile: Pile) -> str:
    shown = pile.items[:MOST]
    more = len(pile.items) - len(shown)
    rows = (f"- **{escaped(item.title)}** `{item.ref}`: {escaped(item.words)}" for item in shown)
    head = f"\n### {escaped(pile.name)}{f' {pile.handle}' if pile.handle else ''}\n"
    rest = (f"- and {more} more",) if more else ()
    return "\n".join((head, *rows, *rest, f"\n```sh\n{_command(pile)}\n```"))


def _command(pile: Pile) -> str:
    return " ".join(("okrsite checkin", *(item.typed for item in pile.items[:MOST])))


def _day(book: Book) -> str:
    return _spaced(day_year(book.as_of))


def _spaced(words: str) -> str:
    return words.replace(NBSP, " ")
