"""An earlier period's record in a later one's names; goals that go on are one by `continues`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from okrsite.okr.model import (
    Amendment,
    CheckIn,
    FileNoun,
    Initiative,
    Objective,
    Period,
)
from okrsite.okr.scorecard import ObjectiveScore
from okrsite.okr.snapshot.record import Record
from okrsite.okr.snapshot.rows import OWN


@dataclass(frozen=True)
class Carried:
    """Two records in the names of the later one; `periods` are those that they are of.

    `was` leads from an objective there to the one of the earlier record that it goes on with.
    """

    base: Record
    head: Record
    periods: tuple[str, str]
    was: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_of_two(self) -> bool:
        """Whether the two are of different periods."""
        return self.periods[0] != self.periods[1]

    def earlier(self, ref: str) -> str:
        """What an objective or a key result was called in the earlier record."""
        name, mark, kr = ref.partition("/")
        return self.was.get(name, name) + mark + kr


def carried(base: Record, head: Record, known: Mapping[str, str] | None = None) -> Carried:
    """The two records, with one period and with one id for what goes on.

    Of several goals that continue the same one, the first by id does; the others are new. `known`
    leads from earlier ids to later ones where the way is longer than one `continues`.
    """
    periods = (base.period, head.period)
    if base.period == head.period:
        return Carried(base, head, periods)
    if known is None:
        known = {old: names[0] for old, names in sequels_of(base, head).items()}
    was = {new: old for old, new in known.items()}
    return Carried(_renamed(base, head, known), head, periods, was)


def sequels_of(base: Record, head: Record) -> Mapping[str, tuple[str, ...]]:
    """The later goals that go on with an earlier one, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    for goal in sorted(goals_of(head), key=lambda goal: goal.id):
        old = goal.continues or ""
        own = base.roles.get(old) == OWN and head.roles[goal.id] == OWN
        if own and head.roles.get(old) != OWN and goal.id not in base.roles:
            found[old].append(goal.id)
    return {old: tuple(names) for old, names in found.items()}


def goals_of(record: Record) -> Iterator[Objective]:
    """Every objective of a record."""
    return (noun for noun in record.nouns.values() if isinstance(noun, Objective))


def _renamed(base: Record, head: Record, ids: Mapping[str, str]) -> Record:
    names = _Names(base, head, ids)
    own = (names.noun(noun) for noun in base.nouns.values() if not names.is_frame(noun))
    frames = map(names.frame, filter(names.is_frame, head.nouns.values()))
    return replace(
        base,
        name=replace(base.name, period=head.period),
        open=tuple(map(names.ref, base.open)),
        nouns={noun.path: noun for noun in (*frames, *own)},
        lines={names.ref(ref): line for ref, line in base.lines.items()},
        roles={names.ref(ref): role for ref, role in base.roles.items()},
        key_results={names.ref(ref): row for ref, row in base.key_results.items()},
        objectives={names.ref(ref): names.score(row) for ref, row in base.objectives.items()},
        teams={team: names.score(row) for team, row in base.teams.items()},
        last_known={names.ref(ref): known for ref, known in base.last_known.items()},
    )


@dataclass(frozen=True)
class _Names:
    base: Record
    head: Record
    ids: Mapping[str, str]

    def ref(self, ref: str) -> str:
        name, mark, kr = ref.partition("/")
        return self.ids.get(name, name) + mark + kr

    def is_frame(self, noun: FileNoun) -> bool:
        """Whether it is one of the two periods: what was promised is set against one frame."""
        return isinstance(noun, Period) and noun.id in (self.base.period, self.head.period)

    def frame(self, noun: FileNoun) -> FileNoun:
        """The later period's frame under the earlier one's title."""
        periods = (own for own in self.base.nouns.values() if isinstance(own, Period))
        title = next((own.title for own in periods if own.id == self.base.period), None)
        named = noun.id == self.head.period and title
        return noun.model_copy(update={"title": title}) if named else noun

    def score(self, score: ObjectiveScore) -> ObjectiveScore:
        parts = tuple(replace(part, ref=self.ref(part.ref)) for part in score.parts)
        return replace(score, ref=self.ref(score.ref), parts=parts)

    def noun(self, noun: FileNoun) -> FileNoun:
        match noun:
            case Objective():
                return self._objective(noun)
            case Initiative():
                update: dict[str, object] = {"contributes_to": self._refs(noun.contributes_to)}
            case CheckIn():
                said = noun.key_results.items()
                update = {"key_results": {self.ref(ref): words for ref, words in said}}
            case Amendment():
                update = {"subject": self.ref(noun.subject)}
            case _:
                return noun
        changed = any(getattr(noun, name) != value for name, value in update.items())
        return noun.model_copy(update=update) if changed else noun

    def _objective(self, goal: Objective) -> Objective:
        new = self.ids.get(goal.id, goal.id)
        later = self._goals.get(new) if new != goal.id else None
        return goal.model_copy(
            update={
                "id": new,
                "path": later.path if later else goal.path,
                "period": self._periods.get(goal.period, goal.period),
                "parent": goal.parent and self.ref(goal.parent),
                "supports": self._refs(goal.supports),
                "continues": later.continues if later else goal.continues,
            }
        )

    def _refs(self, refs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.ref, refs))

    @property
    def _periods(self) -> Mapping[str, str]:
        """The two are swapped, so that goals of one never mix with goals of the other."""
        return {self.base.period: self.head.period, self.head.period: self.base.period}

    @cached_property
    def _goals(self) -> Mapping[str, Objective]:
        return {goal.id: goal for goal in goals_of(self.head)}
