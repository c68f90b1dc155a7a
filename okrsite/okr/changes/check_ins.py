"""Check-ins on both sides → what is newly said, and what is taken back or said differently."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from okrsite.okr.changes.change import Change, Said
from okrsite.okr.changes.declared import typed
from okrsite.okr.changes.ease import Verdict
from okrsite.okr.changes.pairs import Pair, Sides, pair_of
from okrsite.okr.ledger import Entry, Reading, Step
from okrsite.okr.model import CheckIn, Move, Update
from okrsite.okr.pipeline import Book

_HEAD = ("date", "author", "team", "corrects")
_NOUNS = {"key_results": "", "kpis": "kpis/", "initiatives": "initiatives/"}


def check_in_changes(sides: Sides, was: CheckIn | None, now: CheckIn | None) -> Iterator[Change]:
    """Every Change of one check-in, which was added or removed where one of the two is None."""
    pair = pair_of(sides, "check-ins", was, now)
    if now is None or was is None:
        yield _came_or_went(pair, was, now)
        return
    said = tuple(_differing(sides, was, now))
    head = [f"{name}: {typed(getattr(now, name))}" for name in _HEAD if _differs(was, now, name)]
    old = [f"{name}: {typed(getattr(was, name))}" for name in _HEAD if _differs(was, now, name)]
    if said or head:
        texts = (_joined(old, said, "was"), _joined(head, said, "now"))
        yield replace(pair.change(Verdict("check-in-edited", "", *texts, _CORRECT)), said=said)
    yield from pair.prose("check-in-reworded")


_CORRECT = "correct it with a new check-in that says `corrects:` instead"


def _came_or_went(pair: Pair, was: CheckIn | None, now: CheckIn | None) -> Change:
    if now is None:
        assert was is not None
        said = tuple(_all(pair.sides.base.book, was))
        text = _joined([f"date: {was.date}"], said, "now")
        gone = tuple(Said(each.ref, each.now, "", each.unit) for each in said)
        return replace(pair.change(Verdict("check-in-removed", "", text)), said=gone)
    rule = "check-in-corrects" if now.corrects else "check-in-added"
    said = tuple(_news(pair.sides, now))
    text = _joined([f"date: {now.date}"], said, "now")
    note = _note(pair.sides, now)
    return replace(pair.change(Verdict(rule, "", now.corrects or "", text, note)), said=said)


def _differs(was: CheckIn, now: CheckIn, name: str) -> bool:
    return bool(getattr(was, name) != getattr(now, name))


def _joined(head: list[str], said: tuple[Said, ...], side: str) -> str:
    return "; ".join((*head, *(f"{each.ref}: {getattr(each, side) or '–'}" for each in said)))


def _all(book: Book, item: CheckIn) -> Iterator[Said]:
    """All that a check-in says, in its order."""
    for field, prefix in _NOUNS.items():
        for ref, words in getattr(item, field).items():
            yield Said(prefix + ref, "", _words(words), _unit(book, prefix, ref))


def _news(sides: Sides, item: CheckIn) -> Iterator[Said]:
    """All that a new check-in says, beside what was known before it."""
    for said in _all(sides.head.book, item):
        yield replace(said, was=_known(sides.base.book, said.ref))


def _differing(sides: Sides, was: CheckIn, now: CheckIn) -> Iterator[Said]:
    before = {said.ref: said for said in _all(sides.base.book, was)}
    after = {said.ref: said for said in _all(sides.head.book, now)}
    for ref in dict.fromkeys((*before, *after)):
        one, two = before.get(ref), after.get(ref)
        texts = (one.now if one else "", two.now if two else "")
        if texts[0] != texts[1]:
            yield Said(ref, *texts, (two or one or Said("", "", "")).unit)


def _unit(book: Book, prefix: str, ref: str) -> str:
    portfolio = book.portfolio
    known: Mapping[str, object] = portfolio.kpis if prefix else portfolio.key_results
    noun = known.get(ref) if prefix != "initiatives/" else None
    return getattr(noun, "unit", None) or ""


def _words(words: object) -> str:
    """What was said of one subject, as short as it was typed."""
    if isinstance(words, Update):
        return _update(words)
    if isinstance(words, Move):
        blocked = f"blocked: {words.blocked}" if words.blocked else ""
        return ", ".join(filter(None, (words.state, blocked)))
    return typed(words)


def _update(update: Update) -> str:
    flag = "" if update.flag is None else str(update.flag).lower()
    done = f"done: {', '.join(update.done)}" if update.done else ""
    sure = f"confidence {typed(update.confidence)}" if update.confidence is not None else ""
    status = str(update.status).replace("-", " ") if update.status else ""
    score = f"score {typed(update.score)}" if update.score is not None else ""
    return ", ".join(filter(None, (typed(update.value), flag, done, sure, status, score)))


def _known(book: Book, ref: str) -> str:
    """What was known of a subject last, without its confidence or score."""
    if ref.startswith("kpis/"):
        reading = book.ledger.reading_on(ref.removeprefix("kpis/"), book.as_of)
        return typed(reading.value) if reading else ""
    if ref.startswith("initiatives/"):
        step = book.ledger.step_on(ref.removeprefix("initiatives/"), book.as_of)
        return step.state if step else ""
    return _last(book.ledger.entries.get(ref, ()))


def _last(entries: tuple[Entry, ...]) -> str:
    for entry in reversed(entries):
        if entry.value is not None:
            return typed(entry.value)
        if entry.flag is not None:
            return str(entry.flag).lower()
    return ""


def _note(sides: Sides, item: CheckIn) -> str:
    """What a reader would not guess: that it is for a day still to come, or for one long gone."""
    if item.date > sides.head.book.as_of:
        return f"dated ahead: not known before {item.date}"
    if outdone := tuple(_outdone(sides.head.book, item)):
        return "; ".join(outdone[:3])
    entries = sides.base.book.ledger.entries
    late = [ref for ref in item.key_results if _newer(entries.get(ref, ()), item)]
    if late and not item.corrects:
        return f"dated before what is known already of {', '.join(late[:3])}: changes past days"
    return ""


def _outdone(book: Book, item: CheckIn) -> Iterator[str]:
    """Which of its words do not count, since those of another check-in do."""
    ledger, alone = book.ledger, sum(len(getattr(item, field)) for field in _NOUNS) == 1
    series: Mapping[str, Mapping[str, tuple[Entry | Reading | Step, ...]]] = {
        "key_results": ledger.entries,
        "kpis": ledger.readings,
        "initiatives": ledger.steps,
    }
    for field, prefix in _NOUNS.items():
        for ref in getattr(item, field):
            said = [each for each in series[field].get(ref, ()) if _is_value(each)]
            place = next((n for n, each in enumerate(said) if each.check_in == item.id), None)
            if place is None:
                continue
            last = [each for each in said[place:] if each.day == said[place].day][-1]
            if last is not said[place]:
                whose = "" if alone else f"{prefix}{ref} "
                yield f"{whose}does not count: `{last.check_in}` of the same day does"


def _is_value(said: Entry | Reading | Step) -> bool:
    return not isinstance(said, Entry) or said.value is not None or said.flag is not None


def _newer(entries: tuple[Entry, ...], item: CheckIn) -> bool:
    return bool(entries) and entries[-1].day > item.date
