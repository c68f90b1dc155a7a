"""The pieces that pages are made of, ready for a template: texts, links, bars, rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from markupsafe import Markup

from okrsite.okr.finding import Finding
from okrsite.okr.flow import Flow
from okrsite.okr.model import Ambition, Measure, Period
from okrsite.okr.pipeline import Book
from okrsite.okr.progress import done_milestones, key_result_progress, objective_progress
from okrsite.okr.scoring import KeyResultScore, ObjectiveScore, is_closed
from okrsite.okr.status import Status
from okrsite.portal.courses import change_words
from okrsite.portal.explain import bound_of, bound_words, kept_values
from okrsite.portal.links import Link, Links, kr_anchor
from okrsite.portal.prose import plain_text
from okrsite.portal.site import SiteUrls
from okrsite.portal.sparks import key_result_spark
from okrsite.portal.words import (
    count,
    day,
    fixed,
    gap,
    number,
    percent,
    points,
    round_half_up,
    shortened,
    span,
    with_unit,
)

STATUS_NAMES = {
    Status.ON_TRACK: "On track",
    Status.AT_RISK: "At risk",
    Status.OFF_TRACK: "Off track",
    Status.NO_DATA: "No data",
    Status.NOT_STARTED: "Not started",
    Status.ACHIEVED: "Achieved",
    Status.PARTIAL: "Partial",
    Status.MISSED: "Missed",
    Status.DROPPED: "Dropped",
}


class Notes:
    """Check-ins' and amendments' prose, each converted once however many pages show it."""

    def __init__(self, markdown: Callable[[str], str]) -> None:
        self._markdown = markdown
        self._html: dict[str, Markup] = {}
        self._words: dict[str, str] = {}

    def html(self, body: str) -> Markup:
        """Safe HTML, ready to stand on any page."""
        if body not in self._html:
            # The converter sanitizes; nothing else may be marked safe.
            self._html[body] = Markup(self._markdown(body) if body.strip() else "")
        return self._html[body]

    def words(self, body: str) -> str:
        """The first paragraph in plain words, at most some 240 characters."""
        if body not in self._words:
            self._words[body] = shortened(plain_text(self.html(first_paragraph(body))), 240)
        return self._words[body]


def first_paragraph(body: str) -> str:
    """The first paragraph of a narrative, as it was written."""
    return body.strip().split("\n\n")[0]


@dataclass(frozen=True)
class Desk:
    """What every view needs beside the Book: the page it is for, and how prose is converted."""

    book: Book
    links: Links
    urls: SiteUrls
    notes: Notes
    spark: Callable[[str], Markup]


@dataclass(frozen=True, slots=True)
class StatusMark:
    """A status as its class and its word."""

    name: str
    word: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Progress as a bar: `style` holds its numbers in percent, `text` says them in words."""

    kind: str
    status: str
    label: str
    text: str
    style: str
    now: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class StepMark:
    """One piece of a stepped bar: a milestone, or a check-in of a bound."""

    css: str
    text: str
    weight: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A change with its direction; `css` says whether it is good or bad, where that is sure."""

    arrow: str
    word: str
    text: str
    css: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what it is, with a small addition."""

    term: str
    value: tuple[Link, ...]
    small: str = ""


@dataclass(frozen=True, slots=True)
class Confidence:
    """A confidence from 0 to 1, as text for the eye and for the stylesheet."""

    text: str


@dataclass(frozen=True, slots=True)
class KeyResultRow:
    """A key result as a row: what · course · now · spark · confidence · status, and a note."""

    ref: str
    anchor: str
    title: Link
    who: tuple[Link, ...]
    about: str
    bar: Bar | None
    steps: tuple[StepMark, ...]
    steps_label: str
    scale: tuple[str, ...]
    before: str
    now: str
    now_unit: str
    now_note: str
    spark: Markup
    confidence: Confidence | None
    status: StatusMark
    said: str
    note_day: date | None
    note: str
    moved: str


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """An objective as a row of a list."""

    ref: str
    title: Link
    who: tuple[Link, ...]
    about: str
    bar: Bar
    progress: str
    gap: str
    delta: Delta | None
    status: StatusMark
    suspect: bool = False


@dataclass(frozen=True, slots=True)
class InitiativeRow:
    """An initiative as a row: its state and tasks, apart from any outcome."""

    ref: str
    title: Link
    who: tuple[Link, ...]
    goals: tuple[Link, ...]
    state: str
    state_note: str
    blocked: bool
    in_state: str
    bar: Bar
    tasks: str
    due: str
    due_note: str


def status_mark(status: Status) -> StatusMark:
    """A computed status for the template."""
    return StatusMark(str(status), STATUS_NAMES[status])


def _whole(value: Fraction) -> int:
    return int(round_half_up(value * 100))


def progress_bar(
    label: str,
    status: Status,
    progress: Fraction | None,
    expected: Fraction | None,
    projection: Fraction | None = None,
) -> Bar:
    """The bullet bar of a progress; an empty one for no data."""
    if progress is None:
        return Bar("empty", str(status), label, f"{label}: no data", "", 0, 0, 100)
    value, due = _whole(progress), _whole(expected if expected is not None else Fraction(1))
    drawn = max(-1, min(value, 400))
    style = f"--v:{max(0, drawn)};--e:{due}"
    if projection is not None and value < 100:
        style += f";--p:{max(0, min(100, _whole(projection)))}"
    if drawn > 100:
        style += f";--m:{drawn}"
    return Bar(
        "progress",
        str(status),
        label,
        _bar_words(progress, expected, projection),
        style,
        value,
        min(0, value),
        max(100, value),
    )


def _bar_words(progress: Fraction, expected: Fraction | None, projection: Fraction | None) -> str:
    if progress < 0:
        text = f"{percent(-progress)} below the start"
    else:
        text = f"{percent(progress)} of the way"
    if expected is not None:
        text += f", {percent(expected)} expected today"
    if projection is not None:
        text += f", {percent(projection)} at this pace by the end"
    return text


def task_bar(label: str, done: int, total: int) -> Bar:
    """Work is grey: tasks done of all, never an outcome."""
    share = _whole(Fraction(done, total)) if total else 0
    text = f"{done} of {count(total, 'task')}" if total else "no tasks yet"
    return Bar("plain", "", label, text, f"--v:{share}", done, 0, max(total, 1))


def delta_points(now: Fraction | None, before: Fraction | None) -> Delta | None:
    """A change of progress in points; None where either is not known."""
    if now is None or before is None:
        return None
    change = round_half_up(now * 100) - round_half_up(before * 100)
    if not change:
        return Delta("", "", "no change", "")
    up = change > 0
    return Delta("▲" if up else "▼", "up" if up else "down", points(change / 100), "")


def week_before(book: Book) -> date:
    """The day that `since …` compares with: one cadence ago."""
    return book.as_of - timedelta(days=book.settings.cadence)


def objective_row(desk: Desk, name: str, *, about: str = "", team: bool = True) -> ObjectiveRow:
    """One objective for a list; `about` is added to whose it is."""
    book = desk.book
    item, score = book.portfolio.objectives[name], book.scorecard.objectives[name]
    period = book.portfolio.period_of(item)
    closed = is_closed(period, book.as_of)
    before = objective_progress(book.world, name, week_before(book))
    return ObjectiveRow(
        ref=name,
        title=desk.links.objective(name),
        who=_who(desk.links.team(item.team) if team else None, desk.links.person(item.owner)),
        about=about,
        bar=objective_bar(book, name),
        progress=progress_words(score, closed),
        gap=gap_words(score, closed),
        delta=None if closed else delta_points(score.progress, before),
        status=status_mark(score.status),
        suspect=is_suspect(book, name),
    )


def is_suspect(book: Book, name: str) -> bool:
    """Whether the parent moved after this was written; the rule for it decides."""
    path = book.portfolio.objectives[name].path
    return any(f.code == "OKR501" and f.path == path for f in book.findings)


def objective_bar(book: Book, name: str) -> Bar:
    """The bar of an objective."""
    score = book.scorecard.objectives[name]
    title = book.portfolio.objectives[name].title
    return progress_bar(title, score.status, score.progress, score.expected, score.projection)


def progress_words(score: ObjectiveScore, closed: bool) -> str:
    """The number of an objective: its progress, or its score once closed."""
    if score.progress is None or score.score is None:
        return "none"
    return fixed(score.score, 1) if closed else percent(score.progress)


def gap_words(score: ObjectiveScore, closed: bool) -> str:
    """What stands under the number."""
    if score.progress is None:
        return "counted as 0 %"
    if closed:
        return f"{percent(score.progress)} of the way"
    return "" if score.expected is None else gap(score.progress, score.expected)


def _who(*links: Link | None) -> tuple[Link, ...]:
    return tuple(link for link in links if link is not None)


def key_result_row(desk: Desk, ref: str, *, about: str | None = None) -> KeyResultRow:
    """One key result for a list; `about` replaces its weight beside whose it is."""
    book, score = desk.book, desk.book.scorecard.key_results[ref]
    objective, _, name = ref.partition("/")
    item = book.portfolio.objectives[objective]
    owner = desk.links.person(score.asked.owner or item.owner)
    team = desk.links.team(score.asked.team) if score.asked.team != item.team else None
    steps, label = _steps(book, score)
    now, unit, note = _now(book, score)
    day_of_note, text = latest_note(desk, score)
    earlier = book.ledger.entries_until(ref, week_before(book))
    return KeyResultRow(
        ref=ref,
        anchor=kr_anchor(name),
        title=Link(score.asked.title, desk.links.goal(ref)),
        who=_who(owner, team),
        about=_about(book, score) if about is None else about,
        bar=None if steps else _course(score),
        steps=steps,
        steps_label=label,
        scale=_scale(book, score),
        before=_value_words(score, earlier[-1].value) if earlier else "",
        now=now,
        now_unit=unit,
        now_note=note,
        spark=desk.spark(ref),
        confidence=_confidence(score),
        status=status_mark(score.status),
        said=_said(score),
        note_day=day_of_note,
        note=text,
        moved=moved_words(book, score),
    )


def _confidence(score: KeyResultScore) -> Confidence | None:
    return None if score.confidence is None else Confidence(number(score.confidence))


def _value_words(score: KeyResultScore, value: Fraction | None) -> str:
    return "" if value is None else with_unit(value, score.asked.unit)


def _about(book: Book, score: KeyResultScore) -> str:
    words = [f"weight {number(score.weight)}"]
    if score.asked.plan:
        words.append("planned")
    if score.asked.due:
        words.append(f"due {day(score.asked.due)}")
    if score.counted is None:
        words.append("shown, not counted" if not score.weight else "not counted yet")
    return " · ".join(words)


def _course(score: KeyResultScore) -> Bar:
    title = score.asked.title
    if score.measure is Measure.UNKNOWN:
        return progress_bar(title, Status.NO_DATA, None, None)
    return progress_bar(title, score.status, score.progress, score.expected, score.projection)


def _steps(book: Book, score: KeyResultScore) -> tuple[tuple[StepMark, ...], str]:
    if score.measure is Measure.MILESTONES:
        done = done_milestones(score.entries)
        marks = tuple(
            StepMark(
                "on" if m.id in done else "", _milestone(m.title, m.id in done), number(m.weight)
            )
            for m in score.asked.milestones
        )
        return marks, "Milestones"
    kept = kept_values(book, score) if score.measure is Measure.BOUND else ()
    marks = tuple(
        StepMark("kept" if ok else "broken", "kept" if ok else "not kept", "1") for ok in kept
    )
    return marks, f"Kept in {sum(kept)} of {count(len(kept), 'check-in')}" if kept else ""


def _milestone(title: str, done: bool) -> str:
    return f"{title}, {'done' if done else 'open'}"


def _scale(book: Book, score: KeyResultScore) -> tuple[str, ...]:
    kr = score.asked
    match score.measure:
        case Measure.MILESTONES:
            return _milestone_scale(score)
        case Measure.BOUND:
            kept = kept_values(book, score)
            said = f"kept in {sum(kept)} of {count(len(kept), 'check-in')}" if kept else ""
            return (said, bound_words(kr))
        case Measure.DONE:
            return ("", "" if kr.done_when == kr.title else shortened(kr.done_when or ""))
        case Measure.INITIATIVES:
            return ("initiatives done", "all of them")
    if score.measure is Measure.KPI and kr.start is None:
        return ("from a KPI", bound_words(bound_of(book, score)))
    if kr.start is None and kr.target is None:
        computed = score.measure is Measure.OBJECTIVES
        return ("0 %", "100 %") if computed else ("start unknown", "target unknown")
    left = "start unknown" if kr.start is None else number(kr.start)
    right = "target unknown" if kr.target is None else with_unit(kr.target, kr.unit)
    if score.projected_value is None:
        return (left, right)
    return (left, f"this pace: {_pace(score.projected_value, kr.start, kr.target)}", right)


def _pace(value: Fraction, start: Fraction | None, target: Fraction | None) -> str:
    reach = abs((target or Fraction(0)) - (start or Fraction(0)))
    return number(round_half_up(value, 0 if reach >= 20 else 1), 1)


def _milestone_scale(score: KeyResultScore) -> tuple[str, ...]:
    done = done_milestones(score.entries)
    open_ones = [m for m in score.asked.milestones if m.id not in done]
    ready = count(len(score.asked.milestones) - len(open_ones), "milestone") + " done"
    if not open_ones:
        return (ready, "")
    first = min(open_ones, key=lambda m: m.due or date.max)
    when = f", {day(first.due)}" if first.due else ""
    return (ready, f"next: {first.title}{when}")


def _now(book: Book, score: KeyResultScore) -> tuple[str, str, str]:
    """The value, its unit, and under it what that is of the way."""
    if score.measure is Measure.MILESTONES and score.progress is not None:
        done = len(done_milestones(score.entries))
        total = len(score.asked.milestones)
        return f"{done} of {total}", "milestones", f"{percent(score.progress)} by weight"
    if score.measure is Measure.DONE and score.progress is not None:
        return ("done" if score.progress else "not done"), "", ""
    if score.value is None:
        if score.progress is None:
            counted = "counted as 0 %" if score.counted is not None else "not counted"
            return "", "no check-in", counted
        return percent(score.progress), "", "of the way"
    unit = score.asked.unit or ""
    text = number(score.value) + (f"\u00a0{unit}" if unit == "%" else "")
    return text, "" if unit == "%" else unit, _way(score)


def _way(score: KeyResultScore) -> str:
    if score.progress is None:
        return "not counted"
    if score.measure is Measure.BOUND:
        return "kept: 100 %" if score.progress == 1 else f"kept: {percent(score.progress)}"
    return f"{percent(score.progress)} of the way"


def _said(score: KeyResultScore) -> str:
    if score.said is None or score.said == str(score.status):
        return ""
    return f"owner: {score.said.replace('-', ' ')}"


def latest_note(desk: Desk, score: KeyResultScore) -> tuple[date | None, str]:
    """The narrative of the newest check-in that had one."""
    for entry in reversed(score.entries):
        body = desk.book.portfolio.check_ins[entry.check_in].body
        if body.strip():
            return entry.day, desk.notes.words(body)
    return None, ""


def moved_words(book: Book, score: KeyResultScore) -> str:
    """`Target moved 30 → 60 on 29 Jul; as first promised 48 %`."""
    changes = book.world.terms_of(score.ref).changes
    if not changes:
        return ""
    words = change_words(changes[-1])
    text = f"{words[0].upper()}{words[1:]} on {day(changes[-1].amendment.date)}"
    if score.promised is not None and score.promised != score.progress:
        text += f"; as first promised {percent(score.promised)}"
    return text


def initiative_row(desk: Desk, name: str) -> InitiativeRow:
    """One initiative for a list."""
    book = desk.book
    item, flow = book.portfolio.initiatives[name], book.flows[name]
    done, total = flow.tasks_done, len(flow.tasks)
    return InitiativeRow(
        ref=name,
        title=desk.links.initiative(name),
        who=_who(desk.links.team(item.team), desk.links.person(item.owner)),
        goals=tuple(desk.links.named_goal(ref) for ref in item.contributes_to),
        state="Blocked" if flow.blocked else flow.state.capitalize(),
        state_note=_state_note(flow, book.as_of),
        blocked=bool(flow.blocked),
        in_state=_age(flow, book.as_of),
        bar=task_bar(item.title, done, total),
        tasks=f"{done} of {total}" if total else "no tasks",
        due=day(item.due) if item.due else "",
        due_note=_due_note(item.due, flow, book.as_of),
    )


def _age(flow: Flow, today: date) -> str:
    age = flow.age(today)
    return "" if age is None or flow.done_on else count(age, "day")


def _state_note(flow: Flow, today: date) -> str:
    if flow.blocked and flow.blocked_since:
        return f"{count((today - flow.blocked_since).days + 1, 'day')}, {flow.blocked}"
    if flow.done_on:
        return day(flow.done_on)
    return _age(flow, today)


def _due_note(due: date | None, flow: Flow, today: date) -> str:
    if due is None or flow.done_on:
        return ""
    left = (due - today).days
    if left < 0:
        return f"{span(-left)} late"
    return {0: "today", 1: "tomorrow"}.get(left, "")


def gained(book: Book, ref: str, until: date) -> Delta | None:
    """How far a key result came since one cadence before `until`."""
    before = until - timedelta(days=book.settings.cadence)
    return delta_points(
        key_result_progress(book.world, ref, until), key_result_progress(book.world, ref, before)
    )


def ambition_words(ambition: Ambition) -> str:
    """What an ambition asks for at the close."""
    return "needs 1.0 at close" if ambition is Ambition.COMMITTED else "0.7 is a success"


def findings_about(findings: Iterable[Finding], path: str) -> tuple[Finding, ...]:
    """The findings of one file."""
    return tuple(finding for finding in findings if finding.path == path)


def days_left(period: Period, today: date) -> str:
    """How much of a period is left, in words."""
    if today > period.end:
        return f"ended {day(period.end)}"
    if today < period.start:
        return f"starts {day(period.start)}"
    return f"{count((period.end - today).days, 'day')} left"


def spark_record(book: Book, ref: str) -> object:
    """The record of a key result's sparkline; None where there is nothing to draw."""
    return key_result_spark(book, book.scorecard.key_results[ref])
