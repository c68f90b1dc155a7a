"""`okrsite show`: the trail of one number, in words, for a terminal."""

from collections.abc import Iterator
from difflib import get_close_matches

from okrsite.okr.ledger import Entry
from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.portal.explain import (
    exact,
    expected_words,
    explain_key_result,
    is_left_open,
    policy_words,
    source_words,
    sum_words,
)
from okrsite.portal.words import day_year, fixed, gap, percent, with_unit


def show(book: Book, ref: str) -> str | None:
    """The trail of an objective, key result, initiative, KPI or team; None where unknown."""
    if ref in book.scorecard.key_results:
        lines = _key_result(book, book.scorecard.key_results[ref])
    elif ref in book.scorecard.objectives:
        lines = _objective(book, book.scorecard.objectives[ref])
    elif ref in book.portfolio.initiatives:
        lines = _initiative(book, ref)
    elif ref in book.portfolio.kpis:
        lines = _kpi(book, ref)
    elif ref in book.portfolio.teams:
        lines = _team(book, ref)
    else:
        return None
    return "\n".join(lines).replace("\u00a0", " ") + "\n"


def known_refs(book: Book) -> list[str]:
    """Everything `show` can explain."""
    portfolio = book.portfolio
    return [
        *portfolio.objectives,
        *portfolio.key_results,
        *portfolio.initiatives,
        *portfolio.kpis,
        *portfolio.teams,
    ]


def nearest(book: Book, ref: str) -> str | None:
    """What a mistyped reference most likely meant; a key result may be named without its goal."""
    refs = known_refs(book)
    tails = [known for known in refs if known.endswith(f"/{ref}")]
    if len(tails) == 1:
        return tails[0]
    names = {known.rpartition("/")[2]: known for known in reversed(refs)}
    close = get_close_matches(ref, refs, 1) or get_close_matches(ref, names, 1)
    return names.get(close[0], close[0]) if close else None


def _objective(book: Book, score: ObjectiveScore) -> Iterator[str]:
    item = book.portfolio.objectives[score.ref]
    yield f"{item.title} (objective {score.ref})"
    yield f"  {item.path}"
    yield from _standing(score)
    if score.score is not None:
        yield f"  score {fixed(score.score, 1)}, {score.grade}"
    yield f"  progress from {source_words(book, score.ref)}: {sum_words(score)[0]}"
    yield from _parts(book, score)
    if words := expected_words(score):
        yield f"  expected: {words}"
    yield f"  policy: {policy_words(book.settings.policy)}"


def _standing(score: ObjectiveScore | KeyResultScore) -> Iterator[str]:
    status = str(score.status).replace("-", " ")
    if score.progress is None:
        yield "  no data" if status == "no data" else f"  no data, {status}"
        return
    text = f"  {percent(score.progress, 1)} of the way"
    if score.expected is not None:
        text += f", {percent(score.expected, 1)} expected ({gap(score.progress, score.expected)})"
    yield f"{text}: {status}"
    if score.projection is not None:
        yield f"  at this pace {percent(score.projection)} by the end"


def _parts(book: Book, score: ObjectiveScore) -> Iterator[str]:
    for part in score.parts:
        counts = "not counted" if part.counted is None else f"counts {percent(part.counted, 1)}"
        if part.ref in book.scorecard.key_results:
            how = explain_key_result(book, book.scorecard.key_results[part.ref])
        else:
            how = "no data" if part.progress is None else percent(part.progress, 1)
        yield f"    {part.ref}: {how}; weight {exact(part.weight)}, {counts}"


def _key_result(book: Book, score: KeyResultScore) -> Iterator[str]:
    objective = book.portfolio.objectives[score.ref.partition("/")[0]]
    yield f"{score.asked.title} (key result {score.ref})"
    yield f"  {objective.path}"
    yield from _standing(score)
    yield f"  {explain_key_result(book, score)}"
    if is_left_open(book, score.ref):
        yield f"  {_last_known(book, score)}"
    if score.projected_value is not None:
        yield f"  at this pace {with_unit(score.projected_value, score.asked.unit)}"
    for change in book.world.terms_of(score.ref).changes:
        item = change.amendment
        yield f"  {change.field} amended on {day_year(item.date)} in {item.path}"
    for entry in score.entries:
        item_path = book.portfolio.check_ins[entry.check_in].path
        yield f"    {day_year(entry.day)}: {_said(score, entry)}, {item_path}"
    yield f"  policy: {policy_words(book.settings.policy)}"


def _last_known(book: Book, score: KeyResultScore) -> str:
    """What its record has of a key result that nobody closed, and does not count."""
    record = book.parsed.closed.home(score.ref)
    known = record.last_known.get(score.ref) if record else None
    if known is None:
        return "nothing was ever said of it"
    value = "" if known.value is None else f" {with_unit(known.value, score.asked.unit)}"
    item = book.portfolio.check_ins.get(known.check_in)
    where = f" in {item.path}" if item else ""
    return f"last known{value} on {day_year(known.day)}{where}, which does not count"


def _said(score: KeyResultScore, entry: Entry) -> str:
    if entry.done:
        return f"done: {', '.join(entry.done)}"
    if entry.flag is not None:
        return "done" if entry.flag else "not done"
    return "no value" if entry.value is None else with_unit(entry.value, score.asked.unit)


def _initiative(book: Book, ref: str) -> Iterator[str]:
    item, flow = book.portfolio.initiatives[ref], book.flows[ref]
    yield f"{item.title} (initiative {ref})"
    yield f"  {item.path}"
    since = f" since {day_year(flow.since)}" if flow.since else ""
    yield f"  {flow.state}{since}" + (f", blocked: {flow.blocked}" if flow.blocked else "")
    if flow.tasks:
        yield f"  {flow.tasks_done} of {len(flow.tasks)} tasks done"
    if flow.lead_days is not None:
        yield f"  lead time {flow.lead_days} days, first state to done, both days counted"
    if flow.cycle_days is not None and flow.active_days is not None:
        yield f"  cycle time {flow.cycle_days} days, {flow.active_days} of them active"
    for goal in item.contributes_to:
        yield f"    contributes to {goal}"


def _kpi(book: Book, ref: str) -> Iterator[str]:
    item = book.portfolio.kpis[ref]
    yield f"{item.title} (KPI {ref})"
    yield f"  {item.path}"
    for reading in book.ledger.readings.get(ref, ()):
        path = book.portfolio.check_ins[reading.check_in].path
        yield f"    {day_year(reading.day)}: {with_unit(reading.value, item.unit)}, {path}"


def _team(book: Book, ref: str) -> Iterator[str]:
    item = book.portfolio.teams[ref]
    yield f"{item.title} (team {ref})"
    yield f"  {item.path}"
    for (team, period), score in book.scorecard.teams.items():
        if team == ref:
            yield f"  {book.portfolio.periods[period].title}: mean of its objectives, by weight"
            yield f"  {sum_words(score)[0]}"
            yield from _parts(book, score)
