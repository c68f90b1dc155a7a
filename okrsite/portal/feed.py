"""Check-ins and amendments as entries of a feed: who said what changed, and why."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from markupsafe import Markup

from okrsite.okr.ledger import Entry
from okrsite.okr.model import Amendment, CheckIn, Measure, Update
from okrsite.okr.past.moved import INITIATIVES, OBJECTIVES, PERIODS, Move
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import KeyResultScore
from okrsite.okr.terms import Change
from okrsite.portal.courses import change_words
from okrsite.portal.links import Link
from okrsite.portal.moved_words import change_text
from okrsite.portal.now import is_listed
from okrsite.portal.parts import Desk, StatusMark, Told, status_mark
from okrsite.portal.weekly import key_result_status_on
from okrsite.portal.words import day, number, shortened, with_unit


@dataclass(frozen=True, slots=True)
class Part:
    """One thing an entry is about: what changed from what to what."""

    subject: Link
    change: str
    more: str
    status: StatusMark | None = None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A check-in or an amendment in a feed; `anchor` is empty where it has no place of its own."""

    day: date
    day_text: str
    anchor: str
    by: tuple[Link, ...]
    parts: tuple[Part, ...]
    note: Markup
    moved: bool
    late: bool
    approved: tuple[Link, ...]


Wanted = Callable[[str], bool]


def check_in_entry(
    desk: Desk, item: CheckIn, *, wanted: Wanted, anchor: str = "", when: str = ""
) -> FeedEntry:
    """A check-in with those of its subjects that are `wanted`."""
    author, team = desk.links.person(item.author), desk.links.team(item.team)
    return FeedEntry(
        day=item.date,
        day_text=when or day(item.date),
        anchor=anchor,
        by=tuple(link for link in (author, team) if link),
        parts=tuple(_parts(desk, item, wanted)),
        note=desk.notes.html(item.body),
        moved=False,
        late=item.id in desk.book.ledger.late,
        approved=(),
    )


def listed_entry(desk: Desk, item: CheckIn, *, anchor: str = "", when: str = "") -> FeedEntry:
    """A check-in without what it says of unlisted goals; those who link to it still find it."""
    wanted = partial(is_listed, desk.book)
    entry = check_in_entry(desk, item, wanted=wanted, anchor=anchor, when=when)
    if is_silent(desk.book, item):
        return replace(entry, parts=(Part(Link("an unlisted goal"), "", ""),), note=Markup(""))
    return entry


def is_silent(book: Book, item: CheckIn) -> bool:
    """Whether a check-in speaks of unlisted goals alone."""
    others = (*item.kpis, *item.initiatives)
    return bool(item.key_results) and not (
        others or any(is_listed(book, ref) for ref in item.key_results)
    )


def _parts(desk: Desk, item: CheckIn, wanted: Wanted) -> Iterator[Part]:
    for ref, update in item.key_results.items():
        if wanted(ref):
            yield _key_result_part(desk, item, ref, update)
    for ref, value in item.kpis.items():
        if wanted(f"kpis/{ref}"):
            kpi = desk.book.portfolio.kpis[ref]
            yield Part(desk.links.kpi(ref), with_unit(value, kpi.unit), "")
    for ref, move in item.initiatives.items():
        if wanted(f"initiatives/{ref}"):
            blocked = f"blocked: {move.blocked}" if move.blocked else ""
            yield Part(desk.links.initiative(ref), move.state or "", blocked)


def _key_result_part(desk: Desk, item: CheckIn, ref: str, update: Update) -> Part:
    told = _told(desk, item, ref, update)
    title = shortened(desk.book.scorecard.key_results[ref].asked.title)
    return Part(Link(title, desk.links.goal(ref)), told.change, told.more, told.status)


def _told(desk: Desk, item: CheckIn, ref: str, update: Update) -> Told:
    if (item.id, ref) not in desk.told:
        desk.told[item.id, ref] = _tell(desk.book, item, ref, update)
    return desk.told[item.id, ref]


def _tell(book: Book, item: CheckIn, ref: str, update: Update) -> Told:
    score = book.scorecard.key_results[ref]
    before, here = _around(book.ledger.entries.get(ref, ()), item)
    if here is None:
        return Told(_said(score, update), "corrected since")
    said = (("confidence", update.confidence), ("score", update.score))
    more = ", ".join(f"{name} {number(share)}" for name, share in said if share is not None)
    turn = _turn(book, ref, before, here)
    return Told(_change(score, before, update), more, turn)


def _around(entries: tuple[Entry, ...], item: CheckIn) -> tuple[Entry | None, Entry | None]:
    before = None
    for entry in entries:
        if entry.check_in == item.id:
            return before, entry
        before = entry
    return None, None


def _said(score: KeyResultScore, update: Update) -> str:
    if update.done:
        titles = {m.id: m.title for m in score.asked.milestones}
        return ", ".join(titles.get(name, name) for name in update.done) + " done"
    if update.flag is not None:
        return "done" if update.flag else "not done yet"
    return "" if update.value is None else with_unit(update.value, score.asked.unit)


def _change(score: KeyResultScore, before: Entry | None, update: Update) -> str:
    text = _said(score, update)
    if update.value is None or before is None or before.value is None:
        return text
    if score.measure is Measure.DONE or before.value == update.value:
        return text
    unit = score.asked.unit
    return f"{number(before.value)} → {with_unit(update.value, unit)}"


def _turn(book: Book, ref: str, before: Entry | None, here: Entry) -> StatusMark | None:
    """The status a check-in brought about, where it is another than at the one before."""
    period = book.world.period(ref)
    if before is None or period is None or here.day > period.end:
        return None
    now = key_result_status_on(book, ref, here.day)
    if now is key_result_status_on(book, ref, before.day):
        return None
    mark = status_mark(now)
    return StatusMark(mark.name, f"now {mark.word.lower()}")


def amendment_entry(desk: Desk, change: Change, *, anchor: str = "", when: str = "") -> FeedEntry:
    """A moved goalpost with its reason."""
    item: Amendment = change.amendment
    by, approved = desk.links.person(item.author), desk.links.person(item.approved_by)
    subject = _subject(desk, item.subject)
    words = change_words(change)
    return FeedEntry(
        day=item.date,
        day_text=when or day(item.date),
        anchor=anchor,
        by=(by,) if by else (),
        parts=(Part(subject, words, ""),),
        note=desk.notes.html(item.body),
        moved=True,
        late=False,
        approved=(approved,) if approved else (),
    )


def silent_entry(desk: Desk, move: Move) -> FeedEntry:
    """A goalpost that git has moved, and nobody gave a reason for."""
    by = desk.links.person(move.who or None)
    words = change_text(desk.book, move)
    return FeedEntry(
        day=move.day,
        day_text=day(move.day),
        anchor="",
        by=(by,) if by else (),
        parts=(Part(moved_link(desk, move), words, "no reason given"),),
        note=Markup(""),
        moved=True,
        late=False,
        approved=(),
    )


def moved_link(desk: Desk, move: Move) -> Link:
    """What moved; of what is no more, only its name."""
    book, subject = desk.book, move.subject
    if move.kind == INITIATIVES and subject in book.portfolio.initiatives:
        return desk.links.initiative(subject)
    if move.kind == PERIODS:
        return desk.links.period(subject) or Link(subject)
    if subject in book.portfolio.key_results or subject in book.portfolio.objectives:
        return desk.links.named_goal(subject)
    gone = move.was or move.now
    return Link(gone if move.field == "scope" and isinstance(gone, str) else subject)


def silent_of(desk: Desk, refs: Iterable[str]) -> tuple[FeedEntry, ...]:
    """The entries of goalposts moved without a reason: of objectives, or of `initiatives/…`."""
    keys = {
        (kind, name) if slash else (OBJECTIVES, kind)
        for kind, slash, name in (ref.partition("/") for ref in refs)
    }
    moves = (move for key in sorted(keys) for move in desk.silent.get(key, ()))
    return tuple(silent_entry(desk, move) for move in moves)


def _subject(desk: Desk, ref: str) -> Link:
    if ref in desk.book.portfolio.initiatives:
        return desk.links.initiative(ref)
    return desk.links.named_goal(ref)


Days = tuple[date, date]


def history(
    desk: Desk, refs: Iterable[str], readings: Days = (date.min, date.max)
) -> tuple[FeedEntry, ...]:
    """Everything said of `refs` and every goalpost of theirs moved, newest first.

    `refs` are objectives, key results, `kpis/…` and `initiatives/…`; of KPIs only what was said
    on the days of `readings`.
    """
    known = set(refs)
    first, last = readings
    told = {
        item.id: item
        for ref in known
        for item in desk.book.ledger.told_of.get(ref, ())
        if not ref.startswith("kpis/") or first <= item.date <= last
    }
    entries = [
        check_in_entry(desk, item, wanted=known.__contains__, anchor=f"check-in-{item.id}")
        for item in told.values()
    ]
    bare = {ref.removeprefix("initiatives/") for ref in known}
    entries += [
        amendment_entry(desk, change, anchor=f"amendment-{change.amendment.id}")
        for subject, changes in desk.book.world.goalposts.items()
        if subject in bare
        for change in changes
    ]
    entries += silent_of(desk, known)
    return tuple(sorted(entries, key=lambda e: (e.day, e.anchor), reverse=True))


def amendments_between(desk: Desk, start: date, end: date) -> tuple[FeedEntry, ...]:
    """Goalposts of what is listed moved in these days, with and without a reason, newest first."""
    changes = [
        change
        for subject, found in desk.book.world.goalposts.items()
        for change in found
        if start <= change.amendment.date <= end and is_listed(desk.book, subject)
    ]
    ordered = sorted(changes, key=lambda c: (c.amendment.date, c.amendment.id), reverse=True)
    silent = [
        silent_entry(desk, move)
        for found in desk.silent.values()
        for move in found
        if start <= move.day <= end and is_listed(desk.book, move.subject)
    ]
    entries = [*(amendment_entry(desk, change) for change in ordered), *silent]
    return tuple(sorted(entries, key=lambda entry: entry.day, reverse=True))
