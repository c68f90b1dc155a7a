"""How a change and a moved number are put into words, the same in every format."""

from collections.abc import Iterable
from fractions import Fraction

from okrsite.okr.changes.change import RULES, SILENT, Change, Said
from okrsite.okr.finding import Severity
from okrsite.okr.status import mean_grade
from okrsite.portal import shares
from okrsite.portal.shares import APART, CAUSES, signed
from okrsite.portal.words import NBSP, count, listed, percent
from okrsite.reports.diff.report import DiffReport, Told
from okrsite.reports.diff.rows import THERE, UNREAD, Row

SEVERITIES = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.INFO: ("note", "notes"),
}
_MOVED_TARGET = frozenset({"target-eased", "target-raised"})
_WITH_UNIT = frozenset({"start", "target", "at_least", "at_most", "between"})


def progress(value: Fraction | None) -> str:
    """A progress, or in words that there is none."""
    return "no data" if value is None else percent(value, 1)


def was_words(row: Row) -> str:
    """Where a number stood."""
    if not row.status_was:
        return "cannot be read" if row.presence == UNREAD else "not there"
    return progress(row.was)


def now_words(row: Row) -> str:
    """Where a number stands."""
    if not row.status_now:
        return "cannot be read" if row.presence == UNREAD else "gone"
    return progress(row.now)


def status_words(row: Row) -> str:
    """The status, or both where it turned."""
    was, now = (_standing(row, status) for status in (row.status_was, row.status_now))
    if not now:
        return f"was {was}"
    return now if was in ("", now) else f"{was} → {now}"


def _standing(row: Row, status: str) -> str:
    """A status in words; of a team whose period is closed its grade."""
    grade = mean_grade(status) if row.about.noun == "team" else None
    return str(grade or status).replace("-", " ")


def change_words(row: Row) -> str:
    """How far a number moved."""
    return shares.change_words(row.change) if row.presence == THERE else ""


def shown_change(row: Row) -> Fraction:
    """The change to a tenth of a point."""
    return shares.shown(row.change)


def shown_shares(row: Row) -> dict[str, Fraction]:
    """Each cause's share to a tenth of a point, so that they add up to the change as printed."""
    return shares.shown_shares(row.change, row.split)


def share_words(row: Row, name: str) -> str:
    """One cause's share of a row, or nothing."""
    found = shown_shares(row)
    return signed(found[name]) if name in found else ""


def because(row: Row, apart: bool = False) -> str:
    """`+1.0 from work, −4.2 from moved goalposts`; between two periods from other goals."""
    found, causes = shown_shares(row), APART if apart else CAUSES
    if len(found) == 1:
        return f"all of it from {causes[next(iter(found))]}"
    return listed([f"{signed(share)} from {causes[name]}" for name, share in found.items()])


def label(change: Change) -> str:
    """What happened, without a word of how much it weighs.

    A target's rule knows only whether it is easier: which way it went, the two values say.
    """
    rule = RULES[change.rule.id.removesuffix(SILENT)] if is_silent(change) else change.rule
    if rule.id not in _MOVED_TARGET:
        return rule.says
    way = "raised" if Fraction(change.now) > Fraction(change.was) else "lowered"
    return f"target {way} ({rule.ease})"


def is_silent(change: Change) -> bool:
    """Whether an amendment is asked for and there is none."""
    return change.rule.id.endswith(SILENT)


def values(change: Change) -> str:
    """`126 → 150 bugs a month`; what came or went stands alone."""
    if change.said:
        return "; ".join(map(said_words, change.said))
    unit = f" {change.unit}" if change.unit and change.field in _WITH_UNIT else ""
    if change.was and change.now:
        return f"{change.was} → {change.now}{unit}"
    if change.was or change.now:
        text = change.now or change.was
        return f"{text}{unit}" if _is_whole(change) else _came_or_went(change, unit)
    return ""


def _is_whole(change: Change) -> bool:
    return change.rule.id.removesuffix(SILENT).endswith(("-added", "-dropped", "-removed"))


def _came_or_went(change: Change, unit: str) -> str:
    return f"{change.was or 'none'} → {change.now or 'none'}{unit}"


def said_words(said: Said) -> str:
    """`improve/bugs 149 → 140 bugs a month`."""
    unit = f" {said.unit}" if said.unit and said.now[:1].isdigit() and "," not in said.now else ""
    if said.was and said.was != said.now:
        return f"{said.ref} {said.was} → {said.now or 'nothing'}{unit}"
    return f"{said.ref} {said.now}{unit}"


def counted(amount: int, one: str, many: str) -> str:
    """`1 page`, `2 pages`."""
    return count(amount, one, many).replace(NBSP, " ")


def weight_words(report: DiffReport) -> str:
    """`2 errors, 1 warning and 14 notes`, and how many were accepted."""
    open_ = {
        weight: sum(1 for told in listed_changes(report, weight) if told.accepted is None)
        for weight in SEVERITIES
    }
    found = [
        counted(open_[weight], *names) for weight, names in SEVERITIES.items() if open_[weight]
    ]
    accepted = sum(1 for told in report.changes if told.accepted is not None)
    found += [counted(accepted, "accepted", "accepted")] if accepted else []
    return listed(found)


def kept_words(report: DiffReport) -> str:
    """What was proved unchanged."""
    kept = report.kept
    return (
        f"{kept.objectives} of {counted(kept.of_objectives, 'objective', 'objectives')} and "
        f"{kept.key_results} of {counted(kept.of_key_results, 'key result', 'key results')} "
        "keep every number."
    )


BY_HAND = (
    " A share is the mean over both orders: work is ((work alone − before) + (after − goalposts "
    "alone)) ÷ 2. The handbook has an example: Reviewing a change, A split by hand."
)


APART_WORDS = (
    " Other goals are all that the later period asks for in another way: targets, and goals and key"
    " results that came or went. What moved within a period, two of its own snapshots tell."
)


def end_words(report: DiffReport) -> str:
    """What was compared with what, on which day; of snapshots also how the shares are made."""
    how = BY_HAND.replace("goalposts", heads(("goalposts",), report.apart)[0])
    apart = APART_WORDS if report.apart else ""
    return f"{_ends(report)}{apart}{how if report.about else ''}"


def _ends(report: DiffReport) -> str:
    base, head = (
        f"{end.name} ({end.commit[:7]})" if end.commit else end.name
        for end in (report.base, report.head)
    )
    if report.base.as_of == report.head.as_of:
        return f"From {base} to {head}, both on {report.head.as_of}."
    return f"From {base} on {report.base.as_of} to {head} on {report.head.as_of}."


def amended_words(change: Change) -> str:
    """Whether a change is explained, where it should be."""
    if change.reason:
        who = f" by {change.reason.author}" if change.reason.author else ""
        return f"amended{who}"
    return "without an amendment" if is_silent(change) else ""


def listed_changes(report: DiffReport, severity: Severity) -> list[Told]:
    """The changes of one weight; an amendment stands with what it explains, not by itself."""
    reasons = (told.change.reason for told in report.changes)
    done = {reason.amendment for reason in reasons if reason}
    return [
        told
        for told in report.changes
        if told.change.severity is severity
        and not (told.change.rule.id == "amendment-added" and told.change.subject in done)
    ]


def columns(rows: Iterable[Row]) -> tuple[str, ...]:
    """The causes that have a share in one of `rows`."""
    found = [shown_shares(row) for row in rows]
    return tuple(name for name in CAUSES if any(name in shares for shares in found))


def heads(names: Iterable[str], apart: bool) -> tuple[str, ...]:
    """What the columns of causes are called."""
    return tuple(APART[name] if apart and name == "goalposts" else name for name in names)


def row_words(row: Row, causes: Iterable[str]) -> tuple[str, ...]:
    """Before, after, points, the share of each of `causes`, and the status."""
    because_of = (share_words(row, name) for name in causes)
    return (was_words(row), now_words(row), change_words(row), *because_of, status_words(row))


def quiet_words(report: DiffReport) -> str:
    """How many goals changed in nothing but what stands beside their score."""
    if not report.quiet:
        return ""
    goals = counted(report.quiet, "objective keeps", "objectives keep")
    return f"{goals} progress and status, but not what is expected, projected or promised."
