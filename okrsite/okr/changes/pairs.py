"""One noun on both sides, and how a difference between its two becomes a Change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from okrsite.okr import guarded
from okrsite.okr.changes.change import RULES, SILENT, Change, Reason, Rule
from okrsite.okr.changes.declared import NOUNS, Declared, typed
from okrsite.okr.changes.ease import Verdict
from okrsite.okr.finding import Severity
from okrsite.okr.frontmatter import Loc
from okrsite.okr.model import Amendment, FileNoun, Period, PeriodState
from okrsite.okr.scope import SCOPE, named_in
from okrsite.okr.terms import by_day, values_of
from okrsite.okr.values import to_number

# One of the scope explains these as well, where it names them: what joined or left by its id.
_BY_NAME = frozenset({*guarded.SCOPE, "contributes_to"})
_BY_ID = frozenset({"key_results", "measure"})
# Amendments of these are told in words.
_IN_WORDS = _BY_NAME | _BY_ID | {*guarded.MEANING, "parent", "id", "title", "state"}
_GOALS, _AMENDMENT = ("objective", "key result"), "amendment"
_PROMISED = (PeriodState.COMMITTED, PeriodState.CLOSED)


@dataclass(frozen=True)
class Sides:
    """What both Books declare."""

    base: Declared
    head: Declared

    @cached_property
    def amendments(self) -> Mapping[tuple[str, str], tuple[Amendment, ...]]:
        """The newer side's amendments that say why, by subject and field, oldest first."""
        found: dict[tuple[str, str], list[Amendment]] = defaultdict(list)
        nouns = (noun for noun in self.head.nouns.values() if isinstance(noun, Amendment))
        for item in sorted(nouns, key=by_day):
            if item.body.strip():
                found[item.subject, item.field].append(item)
        return {key: tuple(items) for key, items in found.items()}

    def is_new(self, item: Amendment) -> bool:
        """Whether an amendment is part of the change."""
        return ("amendments", item.id) not in self.base.nouns

    def reason(self, subject: str, verdict: Verdict, was: object, now: object) -> Reason | None:
        """The amendment that explains a change of `subject`, which was `was` and is `now`."""
        name = verdict.field.partition(".")[0]
        if name in _IN_WORDS:
            told = [*self.amendments.get((subject, name), ()), *self._scoped(subject, verdict)]
            told = [item for item in told if self.is_new(item)]
        else:
            told = list(self._valued(subject, name, was, now)) if was and now else []
        return _reason(told[-1]) if told else None

    def reason_in_scope(self, refs: Iterable[str], names: Iterable[str]) -> Reason | None:
        """The amendment of the scope of each of `refs` that names all `names`; of many the last.

        None where one of them has none: what several goals are held to is told of each.
        """
        told: Reason | None = None
        for ref in refs:
            item = self._naming(ref, frozenset(names))
            if item is None:
                return None
            told = _reason(item)
        return told

    def _naming(self, ref: str, names: frozenset[str]) -> Amendment | None:
        told = [item for goal in _goals(ref) for item in self.amendments.get((goal, SCOPE), ())]
        own = [item for item in told if self.is_new(item) and names <= _named(item)]
        return own[-1] if own else None

    def _scoped(self, subject: str, verdict: Verdict) -> Iterator[Amendment]:
        """The amendments of the scope that name what changed; one that names nothing tells nothing.

        A renamed key result is one that left and one that joined: both are to be named.
        """
        name, own = verdict.field.partition(".")[0], subject.rpartition("/")[2]
        names = {name} if name in _BY_NAME else {own} if name in _BY_ID else set[str]()
        names = {verdict.was, verdict.now} if name == "id" else names
        for goal in _goals(subject) if names else ():
            for item in self.amendments.get((goal, SCOPE), ()):
                if names <= _named(item):
                    yield item

    def _valued(self, subject: str, name: str, was: object, now: object) -> Iterator[Amendment]:
        """The amendments that lead from the value of a field to the new one; none if one lacks."""
        fields = guarded.BOUNDS if name == "bound" else {name}.intersection(guarded.VALUES)
        values = ((field, getattr(was, field), getattr(now, field)) for field in fields)
        told = [self._told(subject, *each) for each in values if each[1] != each[2]]
        yield from (item for item in told if item and all(told))

    def _told(self, subject: str, field: str, was: object, now: object) -> Amendment | None:
        """The last amendment of a field, where they lead from the one value to the other."""
        items = self.amendments.get((subject, field), ())
        read = [values_of(self.head.book.portfolio, item) for item in items]
        begins = any(each and each.was == was for each in read)
        ends = bool(read) and read[-1] is not None and read[-1].now == now
        return items[-1] if begins and ends else None


def _goals(ref: str) -> tuple[str, ...]:
    """A key result and its objective, or an objective alone."""
    return tuple(dict.fromkeys((ref, ref.partition("/")[0])))


def _named(item: Amendment) -> frozenset[str]:
    return named_in(amended_text(item.was), amended_text(item.now))


def _reason(item: Amendment) -> Reason:
    return Reason(item.id, item.author or "", " ".join(item.body.split()))


def amended_text(raw: object) -> str:
    """A value of an amendment in the words of `typed`, whatever way its number is written."""
    if isinstance(raw, list):
        return ", ".join(map(amended_text, raw))
    if isinstance(raw, Mapping):
        return ", ".join(f"{key}: {amended_text(raw[key])}" for key in sorted(raw))
    try:
        return typed(to_number(raw))
    except ValueError:
        return "" if raw is None else str(raw)


@dataclass(frozen=True)
class Pair:
    """A noun, or a key result, as it was and as it is; None where there is none.

    `at` is its place in either file. `standing` is the state of its period at the base, empty
    where nothing was promised; `amendable` says whether an amendment may speak of it. `holds` are
    the promised goals that rest on it: an amendment of their scope is to speak of it.
    """

    sides: Sides
    noun: str
    subject: str
    was: Any
    now: Any
    paths: tuple[str, str]
    at: tuple[Loc, Loc] = ((), ())
    standing: str = ""
    amendable: bool = True
    holds: tuple[str, ...] = ()

    @cached_property
    def _faulty(self) -> tuple[frozenset[Loc], frozenset[Loc]]:
        base, head = self.sides.base, self.sides.head
        return base.faulty(self.paths[0]), head.faulty(self.paths[1])

    def is_sure(self, name: str) -> bool:
        """Whether the values of a field could be read on both sides."""
        step = () if name in ("", "measure", "bound") else tuple(name.split(".")[:1])
        return not any(
            _meet(fault, (*at, *step))
            for at, faults in zip(self.at, self._faulty, strict=True)
            for fault in faults
        )

    def change(self, verdict: Verdict, essence: str = "") -> Change:
        """The Change of one field, weighed by where the goal stands and whether it is amended."""
        newer = self.now is not None
        item, path, at = (
            (self.now, self.paths[1], self.at[1]) if newer else (self.was, *self._older)
        )
        side = self.sides.head if newer else self.sides.base
        steps = tuple(verdict.field.split(".")) if verdict.field else ()
        reason = self._reason(verdict)
        rule, severity = self._weighed(RULES[verdict.rule], verdict.field, reason)
        return Change(
            rule=rule,
            severity=severity,
            noun=self.noun,
            subject=self.subject,
            title=str(getattr(item, "title", "")),
            path=path,
            line=side.book.parsed.documents[path].place(*at, *steps)[0],
            field=verdict.field,
            was=verdict.was,
            now=verdict.now,
            unit=getattr(item, "unit", None) or "",
            reason=reason,
            note=verdict.note,
            essence=essence,
        )

    def _reason(self, verdict: Verdict) -> Reason | None:
        if not self.holds or verdict.field == "weight":
            return self.sides.reason(self.subject, verdict, self.was, self.now)
        names = [verdict.field if self.noun == "KPI" else self.subject]
        if verdict.field == "bound":
            bounds = guarded.BOUNDS
            names = [f for f in bounds if getattr(self.was, f) != getattr(self.now, f)]
        return self.sides.reason_in_scope(self.holds, names)

    @property
    def _older(self) -> tuple[str, Loc]:
        return self.paths[0], self.at[0]

    def _weighed(self, rule: Rule, field: str, reason: Reason | None) -> tuple[Rule, Severity]:
        """The rule that applies, and how much it weighs where the goal stands."""
        if rule.goal and self.standing not in _PROMISED:
            return rule, Severity.INFO
        if rule.asked and reason is None and self.amendable:
            rule = RULES[rule.id + SILENT]
        closed = self.standing == PeriodState.CLOSED
        held = rule.goal or self.noun == _AMENDMENT
        held = held or (self.noun in _GOALS and guarded.stays_closed(field))
        return rule, Severity.ERROR if closed and held else rule.severity

    def sure(self, verdicts: Iterator[Verdict]) -> Iterator[Change]:
        """The Changes of those verdicts whose values could be read."""
        for verdict in verdicts:
            if self.is_sure(verdict.field):
                yield self.change(verdict)

    def simple(self, fields: Mapping[str, str]) -> Iterator[Change]:
        """A Change for each of `fields`, by their rules, that is not the same on both sides."""
        for name, rule in fields.items():
            was, now = getattr(self.was, name), getattr(self.now, name)
            if was != now and self.is_sure(name):
                yield self.change(Verdict(rule, name, typed(was), typed(now)))

    def prose(self, rule: str = "prose-changed") -> Iterator[Change]:
        """The Change of the text below the fields."""
        if self.was.body.strip() != self.now.body.strip():
            yield self.change(Verdict(rule, ""), sha256(self.now.body.encode()).hexdigest())


def _meet(fault: Loc, loc: Loc) -> bool:
    """Whether one of two places lies within the other."""
    short = min(len(fault), len(loc))
    return fault[:short] == loc[:short]


def pair_of(
    sides: Sides, kind: str, was: FileNoun | None, now: FileNoun | None, standing: str = ""
) -> Pair:
    """The pair of a noun with a file of its own."""
    known = now or was
    assert known is not None
    paths = (was.path if was else known.path, known.path)
    return Pair(sides, NOUNS[kind], known.id, was, now, paths, standing=standing)


def standing_of(sides: Sides, period: str) -> str:
    """The state in which a period was before the change; empty where there was none."""
    found = sides.base.nouns.get(("periods", period))
    return str(found.state) if isinstance(found, Period) else ""


def same_but(was: FileNoun, now: FileNoun, *names: str) -> bool:
    """Whether two nouns are equal but for `names` and for where they stand."""
    update = {name: getattr(now, name) for name in (*names, "path", "body_line")}
    return was.model_copy(update=update) == now
