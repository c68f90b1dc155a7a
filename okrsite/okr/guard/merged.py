"""What was merged is on record: check-ins and amendments that were edited or deleted."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from okrsite.okr.codes import CODES
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.frontmatter import Loc
from okrsite.okr.guard.two import Side, Two, command, steps, words
from okrsite.okr.model import Amendment, CheckIn, FileNoun, Move, Update

_FACTS = ("date", "author", "team", "corrects")
_GROUPS = ("key_results", "kpis", "initiatives")
_AMENDED = ("date", "author", "subject", "field", "was", "now", "approved_by")
_FROM_PATH = {"id": "", "path": "", "body_line": 1}
T = TypeVar("T", CheckIn, Amendment)


def merged(two: Two) -> Iterator[Finding]:
    """Every check-in and amendment that says something else than it did, or nothing any more."""
    for name, old in two.before.check_ins.items():
        new = two.after.check_ins.get(name)
        if new is not None:
            yield from _check_in(two, old, new)
        elif ("check-ins", name) not in two.files:
            first = next((ref for group in _GROUPS for ref in getattr(old, group)), "REF")
            correct = f"A wrong one is corrected by a new one: `{_correct(name, first, 'VALUE')}`."
            hint = _old_name(two.after.check_ins, old) or f"Bring it back. {correct}"
            message = "this check-in was merged and is gone"
            yield two.says("OKR603", old.path, (), message, hint, f"check-ins/{name}")
    yield from rewritten(two)


def rewritten(two: Two) -> Iterator[Finding]:
    """Every amendment that says something else than it did, or nothing any more."""
    for name, change in two.before.amendments.items():
        now = two.after.amendments.get(name)
        if now is not None:
            yield from _amendment(two, change, now)
        elif ("amendments", name) not in two.files:
            hint = _old_name(two.after.amendments, change) or f"Bring it back. {_FURTHER}"
            message = f"this amendment of `{change.subject}` was merged and is gone"
            yield two.says("OKR604", change.path, (), message, hint, f"amendments/{name}")


_FURTHER = "A further change of mind is an amendment of its own."


def _old_name(known: Mapping[str, T], old: T) -> str:
    """What to do where the same text stands under another name."""
    text = old.model_copy(update=_FROM_PATH)
    same = (item for item in known.values() if item.model_copy(update=_FROM_PATH) == text)
    found = next(same, None)
    return f"Give `{found.path}` its old name back." if found else ""


def _check_in(two: Two, old: CheckIn, new: CheckIn) -> Iterator[Finding]:
    was, now = _sides(two, old, new)
    subject, edited = f"check-ins/{new.id}", False
    for step in steps(was, now, _FACTS):
        if _is_renamed(two, was, now, (step.field,)):
            continue
        edited = True
        message = f"`{step.field}` of a merged check-in was {words(step.was)}"
        message += f" and is now {words(step.now)}"
        hint = "Put it back. A merged check-in stays as it is."
        yield two.says("OKR602", new.path, (step.field,), message, hint, subject)
    for group in _GROUPS:
        if was.raw(group) != now.raw(group):
            for finding in _entries(two, old, new, group):
                edited = True
                yield finding
    if not edited and _is_reworded(old, new):
        message = "the text of a check-in was edited after it was merged"
        hint = "Put it back, and say what you know now in a new check-in."
        yield _at_text(two, "OKR607", new, message, hint, subject)


def _sides(two: Two, old: FileNoun, new: FileNoun) -> tuple[Side, Side]:
    before, after = two.before.documents[old.path], two.after.documents[new.path]
    return Side(old, before), Side(new, after)


def _is_reworded(old: FileNoun, new: FileNoun) -> bool:
    return old.body.split() != new.body.split()


def _at_text(two: Two, code: str, new: FileNoun, message: str, hint: str, subject: str) -> Finding:
    """A finding where the prose begins."""
    body = new.body
    line = new.body_line + body[: len(body) - len(body.lstrip())].count("\n")
    return Finding(new.path, line, 1, code, CODES[code].severity, message, hint, subject)


def _entries(two: Two, old: CheckIn, new: CheckIn, group: str) -> Iterator[Finding]:
    """Each value that is another one, gone, or added; what never counted may be mended."""
    before, after = getattr(old, group), getattr(new, group)
    for ref in {**before, **after}:
        was, now = before.get(ref), after.get(ref)
        if was == now or _is_faulty(two, old, (group, ref)):
            continue
        sides = _sides(two, old, new)
        if _is_renamed(two, *sides, (group,)) or _is_renamed(two, *sides, (group, ref)):
            continue
        message = f"a merged check-in said {_said(was)} of `{ref}` and now says {_said(now)}"
        hint = "Put it back, and correct it in a check-in of its own:"
        hint += f" `{_correct(new.id, ref, *(_value(now) or _value(was)))}`."
        yield two.says("OKR602", new.path, (group, ref), message, hint, ref)


def _is_faulty(two: Two, old: CheckIn, loc: Loc) -> bool:
    """Whether a thing was said in a way that could not be used; mending that is no edit."""
    document = two.before.documents[old.path]
    found = two.base.findings_in.get(old.path, ())
    errors = {(f.line, f.column) for f in found if f.severity is Severity.ERROR}
    places = (*document.marks.items(), *document.keys.items())
    around = (place for at, place in places if at == loc[:1] or at[:2] == loc)
    return bool(errors) and any(place in errors for place in around)


def _is_renamed(two: Two, old: Side, new: Side, loc: Loc) -> bool:
    """Whether the same stood below a name that meant nothing, and only that was put right."""
    before, after = (_group(side, loc[:-1]) for side in (old, new))
    found = two.base.findings_in.get(old.document.path, ())
    errors = {(f.line, f.column) for f in found if f.severity is Severity.ERROR}
    return loc[-1] not in before and any(
        _is_alike(before[name], after.get(loc[-1]))
        and old.document.key_place(*loc[:-1], name) in errors
        for name in before.keys() - after.keys()
    )


def _is_alike(was: object, now: object) -> bool:
    """Whether two values are the same; of groups, which hold faults of their own, the names."""
    if isinstance(was, dict) and isinstance(now, dict):
        return was.keys() == now.keys()
    return was == now


def _group(side: Side, loc: Loc) -> Mapping[str | int, object]:
    value: object = side.raw(str(loc[0])) if loc else side.document.data
    return value if isinstance(value, dict) else {}


def _is_mended(two: Two, old: Side, new: Side, field: str) -> bool:
    """Whether a field now says what a finding's own fix wrote into it, and no more than that."""
    place = old.document.place(field)
    found = two.base.findings_in.get(old.document.path, ())
    fixes = [f.fix.text for f in found if f.fix and (f.line, f.column) == place]
    raw = new.raw(field)
    text = f"[{', '.join(map(str, raw))}]" if isinstance(raw, list) else str(raw)
    return text in fixes


def _said(value: object) -> str:
    """What a check-in says of one thing, in a few words."""
    if not isinstance(value, Update | Move):
        return words(value)
    if isinstance(value, Update) and value.flag is not None:
        return f"`{str(value.flag).lower()}`"
    parts = (getattr(value, name) for name in type(value).model_fields if name != "flag")
    return ", ".join(words(part) for part in parts if part not in (None, ())) or "nothing"


def _value(value: object) -> tuple[str, ...]:
    """The value as `okrsite checkin` takes it, where it is a single one."""
    if isinstance(value, Update):
        flag = None if value.flag is None else str(value.flag).lower()
        value = value.value if flag is None else flag
    value = value.state if isinstance(value, Move) else value
    return () if value is None else (words(value).strip("`"),)


def _correct(check_in: str, *said: str) -> str:
    return command("checkin", *said, "--corrects", check_in)


def _amendment(two: Two, old: Amendment, new: Amendment) -> Iterator[Finding]:
    was, now = _sides(two, old, new)
    subject, hint = f"amendments/{new.id}", f"Put it back. {_FURTHER}"
    for step in steps(was, now, _AMENDED):
        if _is_mended(two, was, now, step.field) or _is_renamed(two, was, now, (step.field,)):
            continue
        message = f"`{step.field}` of a merged amendment was {words(step.was)}"
        message += f" and is now {words(step.now)}"
        yield two.says("OKR604", new.path, (step.field,), message, hint, subject)
    if _is_reworded(old, new):
        message = "the reason in a merged amendment was edited"
        yield _at_text(two, "OKR604", new, message, hint, subject)
