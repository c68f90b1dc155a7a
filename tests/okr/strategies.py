"""Companies to try properties on: drawn as values, and written out as the files they stand for."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from hypothesis import strategies as st

from tests.okr.texts import goal, on, said, text

LAST = 100


@dataclass(frozen=True)
class Row:
    """A key result: what it asks, its weight, and what was said of it on which days."""

    name: str
    asks: str
    weight: Fraction
    words: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Goal:
    name: str
    rows: tuple[Row, ...]
    parent: str
    counts: str
    weight: Fraction


@dataclass(frozen=True)
class Company:
    """Some goals with their key results, the words of some days, and the policy in force."""

    goals: tuple[Goal, ...]
    states: tuple[tuple[int, str], ...]
    readings: tuple[tuple[int, str], ...]
    policy: dict[str, object] = field(default_factory=dict)

    def scaled(self, factor: Fraction) -> "Company":
        """The same company with every weight multiplied."""
        goals = (
            replace(
                each,
                weight=each.weight * factor,
                rows=tuple(replace(row, weight=row.weight * factor) for row in each.rows),
            )
            for each in self.goals
        )
        return replace(self, goals=tuple(goals))

    def reversed(self) -> "Company":
        """The same company with its goals and key results in the opposite order."""
        goals = (replace(each, rows=each.rows[::-1]) for each in self.goals)
        return replace(self, goals=tuple(goals)[::-1])

    def definitions(self) -> dict[str, str]:
        """The files that say what is meant."""
        files = {
            "kpis/level.md": text("title: Level", "at_least: 5"),
            "initiatives/work.md": text("title: Work", "contributes_to: [g0/k0, g1/k1]"),
        }
        for each in self.goals:
            rows = [f"{row.name}, {row.asks}, weight: {plain(row.weight)}" for row in each.rows]
            fields = f"weight: {plain(each.weight)}"
            fields += f"; parent: {each.parent}" if each.parent else ""
            fields += f"; progress_from: {each.counts}" if each.counts else ""
            files[f"{each.name}.md"] = goal(*rows, fields=fields)
        return files

    def words(self) -> dict[int, list[tuple[str, str]]]:
        """What was said on each day: the field of the check-in and a line below it."""
        found: dict[int, list[tuple[str, str]]] = {}
        for each in self.goals:
            for row in each.rows:
                for day, word in row.words:
                    found.setdefault(day, []).append(("", f"{each.name}/{row.name}: {word}"))
        for day, state in self.states:
            found.setdefault(day, []).append(("initiatives", f"work: {state}"))
        for day, value in self.readings:
            found.setdefault(day, []).append(("kpis", f"level: {value}"))
        return found

    def check_ins(self, until: int = 999) -> dict[str, str]:
        """One file for each day."""
        return {
            f"check-ins/d{day:03}.md": spoken(day, words)
            for day, words in self.words().items()
            if day <= until
        }

    def split_check_ins(self) -> dict[str, str]:
        """One file for each word."""
        return {
            f"check-ins/d{day:03}-{index}.md": spoken(day, [word])
            for day, words in self.words().items()
            for index, word in enumerate(words)
        }

    def files(self) -> dict[str, str]:
        return {**self.definitions(), **self.check_ins()}


def spoken(day: int, words: list[tuple[str, str]]) -> str:
    """A check-in of one day."""
    groups = {kind: [line for named, line in words if named == kind] for kind, _ in words}
    fields = [f"{kind}: {{{', '.join(lines)}}}" for kind, lines in groups.items() if kind]
    return said(day, *groups.get("", ()), fields="; ".join(fields))


def plain(number: Fraction) -> str:
    """A number with few decimals as one types it."""
    return f"{float(number):g}"


DAYS = st.integers(-5, LAST + 20)
LEVELS = st.integers(-400, 400).map(lambda quarters: Fraction(quarters, 4))
WEIGHTS = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(1), Fraction(4)])
VALUES = LEVELS.map(plain)
WORD = {
    "value": st.one_of(VALUES, VALUES.map(lambda value: f"{{value: {value}, confidence: 0.5}}")),
    "flag": st.sampled_from(["true", "false", "{status: at-risk}"]),
    "done": st.sampled_from(["{done: x}", "{done: [x, y]}", "{confidence: 0.2}"]),
    "none": st.sampled_from(["{confidence: 0.9}", "{status: dropped}"]),
}
PLAN = f"plan: {{{on(20)}: 3, {on(60)}: -7}}"
ASKS = st.one_of(
    st.tuples(
        st.just("value"),
        st.builds(
            lambda start, target, more: f"start: {start}, target: {target}{more}",
            VALUES,
            VALUES,
            st.sampled_from(["", "", f", due: {on(70)}", f", {PLAN}"]),
        ),
    ),
    st.tuples(st.just("value"), VALUES.map(lambda low: f"at_least: {low}")),
    st.tuples(st.just("value"), st.just("between: [-10, 10]")),
    st.tuples(st.just("value"), st.just("start: unknown, target: 5")),
    st.tuples(st.just("flag"), st.just("done_when: Live")),
    st.tuples(
        st.just("done"),
        st.just("milestones: [{id: x, title: X, weight: 2}, {id: y, title: Y}, {id: z, title: Z}]"),
    ),
    st.tuples(st.just("none"), st.sampled_from(["from: objectives", "from: initiatives"])),
    st.tuples(
        st.just("none"), st.sampled_from(["from: level", "from: level, start: 0, target: 9"])
    ),
)


@st.composite
def rows(draw: st.DrawFn, name: str) -> Row:
    kind, asks = draw(ASKS)
    said_on = draw(st.dictionaries(DAYS, WORD[kind], max_size=3))
    return Row(name, asks, draw(WEIGHTS), tuple(said_on.items()))


@st.composite
def companies(draw: st.DrawFn, capped: bool = False) -> Company:
    """Up to four goals; each may hang on an earlier one or on a key result of it."""
    goals: list[Goal] = []
    for index in range(draw(st.integers(1, 4))):
        made = tuple(draw(rows(f"k{n}")) for n in range(draw(st.integers(0, 3))))
        above = [
            "",
            *(e.name for e in goals),
            *(f"{e.name}/{r.name}" for e in goals for r in e.rows),
        ]
        parent = draw(st.sampled_from(above))
        counts = draw(st.sampled_from(["", "", "key_results", "children", "both"]))
        goals.append(Goal(f"g{index}", made, parent, counts, draw(WEIGHTS)))
    states = draw(st.dictionaries(DAYS, st.sampled_from(["ready", "doing", "done"]), max_size=3))
    readings = draw(st.dictionaries(DAYS, VALUES, max_size=2))
    caps = [1] if capped else [1, 1, 1.5, "none"]
    policy = {
        "cap": draw(st.sampled_from(caps)),
        "bounds": draw(st.sampled_from(["inclusive", "strict"])),
        "keep": draw(st.sampled_from(["latest", "share"])),
        "parent_status": draw(st.sampled_from(["own", "worst"])),
    }
    return Company(tuple(goals), tuple(states.items()), tuple(readings.items()), policy)
