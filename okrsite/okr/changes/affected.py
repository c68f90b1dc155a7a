"""What a difference between two Books can reach: the goals it speaks of, and all above them.

Everything else has the same numbers on both sides and between them, so it need not be scored again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from okrsite.okr.model import CheckIn, FileNoun
from okrsite.okr.pipeline import Book
from okrsite.okr.records import kind_of

KPIS, INITIATIVES = "kpis/", "initiatives/"


@dataclass(frozen=True)
class Affected:
    """The reach of the difference between two Books.

    `subjects` are the key results, `kpis/…` and `initiatives/…` whose own series may differ;
    `goals` the objectives and key results whose progress may.
    """

    base: Book
    head: Book

    @cached_property
    def subjects(self) -> frozenset[str]:
        return frozenset((*self._of_check_ins(), *self._of_definitions()))

    @cached_property
    def goals(self) -> frozenset[str]:
        found: set[str] = set()
        todo = [*self._fed(), *self._reworded()]
        while todo:
            ref = todo.pop()
            if ref not in found:
                found.add(ref)
                todo += self._above(ref)
        return frozenset(found)

    def family(self, book: Book, asked: Iterable[str]) -> frozenset[str]:
        """Check-ins with all that they correct, and all that corrects them, in either Book."""
        found: set[str] = set()
        todo = list(asked)
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += self._kin.get(name, ())
        return frozenset(name for name in found if name in book.portfolio.check_ins)

    @property
    def _books(self) -> tuple[Book, Book]:
        return (self.base, self.head)

    @cached_property
    def _touched(self) -> frozenset[str]:
        one, other = self.base.parsed.raw, self.head.parsed.raw
        paths = one.keys() | other.keys()
        return frozenset(path for path in paths if one.get(path) != other.get(path))

    @cached_property
    def _kin(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for book in self._books:
            for item in book.portfolio.check_ins.values():
                if item.corrects:
                    found[item.id].add(item.corrects)
                    found[item.corrects].add(item.id)
        return found

    def _of_check_ins(self) -> Iterator[str]:
        """Whatever a check-in speaks of that differs, or one of its family."""
        names = {
            noun.id
            for path in self._touched
            if kind_of(path) == "check-ins"
            for book in self._books
            if (noun := book.parsed.nouns.get(path))
        }
        for book in self._books:
            for name in self.family(book, names):
                yield from told_of(declared(book, name))

    def _of_definitions(self) -> Iterator[str]:
        """Key results, KPIs and initiatives that are not declared the same."""
        one, two = self.base.portfolio, self.head.portfolio
        for name in self._reworded():
            for book in self._books:
                goal = book.portfolio.objectives.get(name)
                yield from (f"{name}/{kr.id}" for kr in (goal.key_results if goal else ()))
        yield from (KPIS + name for name in self._unlike(one.kpis, two.kpis))
        yield from (INITIATIVES + name for name in self._unlike(one.initiatives, two.initiatives))

    def _reworded(self) -> frozenset[str]:
        """Objectives that are not declared, amended, framed or recorded the same."""
        one, two = self.base.portfolio, self.head.portfolio
        found = set(self._unlike(one.objectives, two.objectives))
        periods = set(self._unlike(one.periods, two.periods))
        for book in self._books:
            goals = book.portfolio.objectives.values()
            found.update(goal.id for goal in goals if goal.period in periods)
        was, now = self.base.world.goalposts, self.head.world.goalposts
        for subject in was.keys() | now.keys():
            if was.get(subject) != now.get(subject):
                found.add(subject.partition("/")[0])
        closed, recorded = self.base.world.frozen, self.head.world.frozen
        for ref in closed.keys() | recorded.keys():
            if closed.get(ref) != recorded.get(ref):
                found.add(ref.partition("/")[0])
        return frozenset(found)

    def _unlike(self, one: Mapping[str, FileNoun], two: Mapping[str, FileNoun]) -> Iterator[str]:
        for name in one.keys() | two.keys():
            was, now = one.get(name), two.get(name)
            if was is None or now is None or was.path in self._touched or was != now:
                yield name

    def _fed(self) -> Iterator[str]:
        """The key results that take their progress from one of `subjects`."""
        yield from (ref for ref in self.subjects if not ref.startswith((KPIS, INITIATIVES)))
        for book in self._books:
            for ref, kr in book.portfolio.key_results.items():
                if kr.source and KPIS + kr.source in self.subjects:
                    yield ref
            for name, item in book.portfolio.initiatives.items():
                if INITIATIVES + name in self.subjects:
                    yield from item.contributes_to

    def _above(self, ref: str) -> Iterator[str]:
        """What is made of a goal: the objective of a key result, the parent of an objective."""
        name, _, kr = ref.partition("/")
        if kr:
            yield name
            return
        for book in self._books:
            goal = book.portfolio.objectives.get(name)
            if goal and goal.parent:
                yield goal.parent


def declared(book: Book, check_in: str) -> CheckIn:
    """A check-in as its file says it, even of goals that are not there."""
    noun = book.parsed.nouns[book.portfolio.check_ins[check_in].path]
    assert isinstance(noun, CheckIn)
    return noun


def told_of(item: CheckIn) -> Iterator[str]:
    """The subjects of a check-in."""
    yield from item.key_results
    yield from (KPIS + name for name in item.kpis)
    yield from (INITIATIVES + name for name in item.initiatives)
