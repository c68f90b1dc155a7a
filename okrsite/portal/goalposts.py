"""The page of moved goalposts: every promise changed after it was made, with what that did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from okrsite.okr.model import Period
from okrsite.okr.past.history import History
from okrsite.okr.past.impact import Turn
from okrsite.okr.past.moved import INITIATIVES, Move
from okrsite.okr.past.promised import committed
from okrsite.okr.pipeline import Book
from okrsite.okr.snapshot.beside import goalposts
from okrsite.portal.effects import EffectWords, effect_words
from okrsite.portal.feed import moved_link
from okrsite.portal.links import GOALPOSTS, HOME, Link, page_uri
from okrsite.portal.moved_counts import AMove, silent
from okrsite.portal.moved_words import (
    TURNS,
    before_and_after,
    day_of,
    field_word,
    nothing_moved,
    value_words,
    when_words,
)
from okrsite.portal.now import current_period, is_listed, period_word
from okrsite.portal.parts import Desk
from okrsite.portal.site import BODY_SLOT, SitePage
from okrsite.portal.theme import render
from okrsite.portal.words import count, day_year, listed
from okrsite.portal.workshop import Found, Workshop, search_html

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
SHORT = 7  # signs of a commit's name


@dataclass(frozen=True, slots=True)
class Row:
    """One goalpost moved: when, of what, from what to what, which way, what it did, and why."""

    day: str
    iso: str
    day_of: str
    anchor: str
    subject: Link
    goal: Link | None
    field: str
    was: str
    now: str
    turn: str
    effect: EffectWords
    who: Link | None
    approved: Link | None
    reason: Markup
    explained: bool
    told: str
    source: Link | None
    commit: Link | None


@dataclass(frozen=True, slots=True)
class Group:
    """The moves of one period."""

    anchor: str
    period: Link
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class InReview:
    """How many goalposts moved in a period whose review tells of each."""

    period: Link
    words: str


@dataclass(frozen=True, slots=True)
class GoalpostsView:
    """What the template of the moved goalposts sees."""

    kicker: str
    lead: str
    body: Markup
    warning: str
    source_note: str
    groups: tuple[Group, ...]
    reviewed: tuple[InReview, ...]
    empty: str
    rule: str


def goalposts_view(shared: Workshop) -> GoalpostsView:
    """The view of all moved goalposts."""
    desk, book, history = shared.desk(GOALPOSTS), shared.book, shared.history
    moves = [move for move in shared.moves if is_listed(book, move.subject)]
    hidden = [move for move in shared.moves if not is_listed(book, move.subject)]
    return GoalpostsView(
        kicker=_kicker(shared.moves),
        lead=_lead(book, moves, hidden, history),
        body=Markup(BODY_SLOT),
        warning=_warning(history),
        source_note=_source_note(history, shared.later),
        groups=tuple(_groups(desk, moves, history)),
        reviewed=tuple(_reviewed(shared, desk)),
        empty=nothing_moved(history, len(hidden) + shared.later),
        rule=_rule(book),
    )


def _kicker(moves: Sequence[Move]) -> str:
    """What is listed below; an empty list is no proof that nothing moved."""
    mute = silent(moves)
    words = [count(len(moves) - mute, "amendment")]
    if mute:
        words.append(f"{count(mute, 'change')} without a reason")
    return listed(words) if moves else "Nothing to list"


def _word(amount: int) -> str:
    return _NUMBERS[amount] if amount < len(_NUMBERS) else f"{amount:,}"


def _lead(book: Book, moves: Sequence[Move], hidden: Sequence[Move], history: History) -> str:
    """One sentence about the period that runs; goals that are not listed are counted, not named."""
    period = current_period(book)
    if period is None:
        return ""
    own = [move for move in (*moves, *hidden) if move.period == period.id]
    unnamed = sum(move.period == period.id for move in hidden)
    if not own:
        return ""
    amount = _word(len(own)).capitalize()
    text = f"{amount} goalpost{'' if len(own) == 1 else 's'} moved since "
    of_them = f", {_word(unnamed)} of goals that are not listed" if unnamed else ""
    return f"{text}{_since(period, history)}{of_them}: {_shares(own)}."


def _since(period: Period, history: History) -> str:
    since = committed(period, history)
    if since is None:
        return f"{period.title} began"
    return f"this {period_word(period)} was committed on {day_year(since)}"


def _shares(moves: Sequence[Move]) -> str:
    turns = [move.turn for move in moves]
    easier, harder = turns.count(Turn.EASIER), turns.count(Turn.HARDER)
    ways = ((easier, "easier"), (harder, "harder"))
    parts = [f"{_word(amount)} became {word}" for amount, word in ways if amount]
    if other := len(moves) - easier - harder:
        parts.append(f"{_word(other)} went neither way")
    return f"{listed(parts)}, {_reasons(moves)}"


def _reasons(moves: Sequence[AMove]) -> str:
    mute = silent(moves)
    return f"{_word(mute)} without a reason" if mute else "each with a reason"


def _warning(history: History) -> str:
    """What is missing; a history that is cut off must never look like a quiet one."""
    if not history.known:
        return ""
    if history.since is not None:
        return (
            f"The history here begins on {day_year(history.since)}, where this copy of the "
            "repository was cut off: changes without an amendment before that day are not shown. "
            "Fetch the whole history to see them."
        )
    return ""


def _source_note(history: History, later: int) -> str:
    if not history.known:
        why = f" ({history.why})" if history.why else ""
        return (
            f"Only amendments are shown: git's history could not be asked{why}. A value changed "
            "without one cannot be seen here."
        )
    text = "From the amendments and from git's history"
    unread = f"; {count(len(history.skipped), 'version')} there could not be read"
    text = f"{text}{unread if history.skipped else ''}."
    return f"{text} {count(later, 'later change')} not known yet on this day." if later else text


def _rule(book: Book) -> str:
    return (
        "A goalpost is what a goal asks for, what it means by that, what it counts from and what "
        "belongs to it, and its period's days, changed after the period was committed. The score "
        "that day: the objective's "
        "progress by the end of the day, with the old value and with the new one, all else as it "
        "then stood. A change in git holds from the day its commit, or the merge that brought it, "
        "was made."
    )


def _groups(desk: Desk, moves: Sequence[Move], history: History) -> Iterator[Group]:
    periods = desk.book.portfolio.periods
    names = {move.period for move in moves}
    ordered = sorted(
        (name for name in names if name in periods),
        key=lambda name: (periods[name].end, periods[name].start, name),
        reverse=True,
    )
    for name in (*ordered, *sorted(names - set(ordered))):
        own = [move for move in moves if move.period == name]
        period = periods.get(name)
        link = desk.links.period(name) or Link("Outside any period")
        since = committed(period, history) if period else None
        note = f"committed on {day_year(since)} · " if since else ""
        rows = tuple(_row(desk, move, period) for move in own)
        yield Group(f"period-{name or 'none'}", link, f"{note}{_shares(own)}", rows)


def _reviewed(shared: Workshop, desk: Desk) -> Iterator[InReview]:
    """The periods that were recorded, the last one first; what is not listed counts too."""
    records = shared.book.parsed.closed.records
    ordered = sorted(
        shared.book.archived_periods, key=lambda name: (records[name].as_of, name), reverse=True
    )
    for name in ordered:
        link, moved = desk.links.period(name), goalposts(records[name].moved)
        if link and moved:
            yield InReview(link, f"{count(len(moved), 'moved goalpost')}, {_reasons(moved)}")


def _row(desk: Desk, move: Move, period: Period | None) -> Row:
    was, now = before_and_after(desk.book, move)
    item = move.amendment
    return Row(
        day=when_words(desk.book, move.day),
        iso=move.day.isoformat(),
        day_of=day_of(period, move.day),
        anchor=f"moved-{item.id}" if item else "",
        subject=moved_link(desk, move),
        goal=_goal(desk, move),
        field=field_word(desk.book, move),
        was=was,
        now=now,
        turn=TURNS[move.turn],
        effect=effect_words(desk.book, move),
        who=desk.links.person(move.who or None),
        approved=desk.links.person(item.approved_by) if item else None,
        reason=desk.notes.html(item.body) if item else Markup(""),
        explained=item is not None,
        told=_told(move),
        source=_place(desk, move),
        commit=commit_link(desk, move.commit),
    )


def _told(move: Move) -> str:
    """What an amendment says, where git has other values."""
    if move.told is None:
        return ""
    was, now = (value_words(value) or "none" for value in move.told)
    return f"The amendment says {was} → {now}; above are the values that git has."


def _goal(desk: Desk, move: Move) -> Link | None:
    """The objective of a key result."""
    objective, slash, _ = move.subject.partition("/")
    known = objective in desk.book.portfolio.objectives
    return desk.links.objective(objective) if slash and known else None


def _place(desk: Desk, move: Move) -> Link | None:
    """Where the amendment stands among all that was said of its subject."""
    if move.amendment is None:
        return None
    kind = "initiatives" if move.kind == INITIATIVES else "objectives"
    subject = move.subject.partition("/")[0]
    if desk.book.is_archived(subject if kind == "objectives" else f"{kind}/{subject}"):
        return None
    uri = page_uri(kind, subject)
    return Link("amendment", desk.links.page(uri, f"amendment-{move.amendment.id}"))


def commit_link(desk: Desk, commit: str) -> Link | None:
    """A commit by the first signs of its name, leading to the forge where it is known."""
    if not commit:
        return None
    repo = desk.urls.repo_url.rstrip("/")
    way = "/-/commit/" if "gitlab" in repo else "/commit/"
    return Link(commit[:SHORT], f"{repo}{way}{commit}" if repo else "")


def goalposts_pages(shared: Workshop) -> Iterator[SitePage]:
    """The page of moved goalposts."""
    view = goalposts_view(shared)
    words = [f"{row.subject.text} {row.field}" for group in view.groups for row in group.rows]
    yield SitePage(
        uri=GOALPOSTS,
        title="Moved goalposts",
        kind="goalposts",
        html=render("goalposts", view),
        search=search_html([Found("", "Moved goalposts", " · ".join(dict.fromkeys(words)))]),
        description=view.lead or view.kicker,
        hide=("navigation", "toc"),
        parents=(HOME,),
    )
