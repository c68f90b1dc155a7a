"""A new objective, initiative, team, period or KPI: the text of its file, and where that lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import chain, repeat
from pathlib import PurePosixPath

from okrsite.edit.beginning.measures import Fields
from okrsite.edit.checking_in.check_in import clean
from okrsite.edit.files import EditError
from okrsite.edit.text.names import id_of
from okrsite.edit.text.scalars import flow, scalar
from okrsite.okr.frontmatter import Plain
from okrsite.okr.model import Period, PeriodState
from okrsite.okr.naming import of_that_name, several
from okrsite.okr.pipeline import Parsed
from okrsite.okr.portfolio import Portfolio
from okrsite.okr.records import kind_of
from okrsite.okr.similar import did_you_mean
from okrsite.okr.values import to_day, to_id

ID_LENGTH = 60
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class New:
    """A file that is to be: its kind's folder, its id, its fields as YAML, and its prose."""

    kind: str
    name: str
    fields: Fields
    body: str = ""
    rows: tuple[Fields, ...] = ()
    below: str = ""


def text_of(new: New) -> str:
    """The whole file, as somebody would type it."""
    lines = [f"{name}: {raw}" for name, raw in new.fields.items()]
    if new.rows:
        lines.append("key_results:")
    for row in new.rows:
        signs = chain(("  - ",), repeat("    "))
        lines += [f"{next(signs)}{name}: {raw}" for name, raw in row.items()]
    body = clean(new.body)
    return "\n".join(("---", *lines, "---", *((body,) if body else ()), ""))


def path_of(new: New) -> str:
    """Its path below the folder of goals."""
    return str(PurePosixPath(new.kind, new.below, f"{new.name}.md"))


def new_id(parsed: Parsed, kind: str, title: str, named: str | None) -> str:
    """The id that was `named`, else one made of the title.

    Raises:
        EditError: it is no id, or taken.
    """
    name = named or id_of(title, ID_LENGTH)
    if not name:
        raise EditError(f"`{title}` has no letter an id is made of; name one with --id")
    try:
        to_id(name)
    except ValueError as error:
        context: Mapping[str, object] = getattr(error, "context", None) or {}
        raise EditError(f"--id: {context.get('message')}. {context.get('hint', '')}") from None
    taken = {PurePosixPath(path).stem: path for path in parsed.documents if kind_of(path) == kind}
    if name in taken:
        free = next(f"{name}-{n}" for n in range(2, 1000) if f"{name}-{n}" not in taken)
        raise EditError(f"`{name}` exists already, in {taken[name]}; name another: --id {free}")
    return name


def known(what: str, name: str, names: Iterable[str]) -> str:
    """`name`, if it is one of `names`.

    Raises:
        EditError: it is not; the words name the nearest.
    """
    among = tuple(names)
    if name in among:
        return name
    hint = did_you_mean(name, among) or f"There are: {', '.join(sorted(among)[:8]) or 'none'}."
    raise EditError(f"there is no {what} `{name}`. {hint}")


def goal(portfolio: Portfolio, name: str, day: date) -> str:
    """The objective or key result that `name` means; a key result's own id may be enough.

    Raises:
        EditError: there is none, or there are several; the words name them.
    """
    known_goals = (*portfolio.objectives, *portfolio.key_results)
    if name in known_goals:
        return name
    found = of_that_name(portfolio, name, day)
    if len(found) > 1:
        raise EditError(several(name, ((r, portfolio.key_results[r].title) for r in found)))
    if not found and (near := _nearest(name, portfolio.key_results)):
        raise EditError(f"there is no goal `{name}`. Did you mean `{near}`?")
    return found[0] if found else known("goal", name, known_goals)


def _nearest(wrong: str, refs: Iterable[str]) -> str:
    """The key result whose objective and own id are both alike; nothing where none is."""
    if "/" not in wrong:
        return ""
    alike = {
        ref: [_alike(*pair) for pair in zip(wrong.split("/"), ref.split("/"), strict=False)]
        for ref in refs
    }
    near = [ref for ref, shares in alike.items() if min(shares) >= ALIKE]
    return max(near, key=lambda ref: (sum(alike[ref]), ref), default="")


def _alike(one: str, other: str) -> float:
    """How alike two ids are, from 0 to 1; one that says less of the same is nearly alike."""
    words, others = set(one.split("-")), set(other.split("-"))
    share = SequenceMatcher(None, one, other).ratio()
    return max(share, 0.9) if words <= others or others <= words else share


def period_for(portfolio: Portfolio, named: str | None, day: date) -> Period:
    """The period that was `named`, else the shortest one under way, else the next.

    Raises:
        EditError: there is none, or it is closed.
    """
    if named:
        period = portfolio.periods[known("period", named, portfolio.periods)]
        if period.state is PeriodState.CLOSED:
            raise EditError(f"{period.title} is closed; a new goal belongs to another period")
        return period
    still = [p for p in portfolio.periods.values() if p.state is not PeriodState.CLOSED]
    running = [p for p in still if p.start <= day <= p.end]
    coming = [p for p in still if p.start > day]
    if running:
        return min(running, key=lambda p: ((p.end - p.start).days, p.id))
    if coming:
        return min(coming, key=lambda p: (p.start, (p.end - p.start).days, p.id))
    raise EditError(f"no period is open; make one first: okrsite new period {day.year}-q1")


def folder_beside(paths: Sequence[str], kind: str, otherwise: str) -> str:
    """The folder below `kind` that all of `paths` lie in; `otherwise` where they do not agree."""
    found = {str(PurePosixPath(path).parent.relative_to(kind)) for path in paths}
    return found.pop().removeprefix(".") if len(found) == 1 else otherwise


def listing(names: Sequence[str]) -> str:
    """One word, or a list of them."""
    return scalar(names[0]) if len(names) == 1 else flow(list(names))


def without_empty(fields: Mapping[str, str | None]) -> Fields:
    """The fields that have a value."""
    return {name: raw for name, raw in fields.items() if raw}


def day(option: str, typed: str | None) -> date | None:
    """A day as it was typed.

    Raises:
        EditError: it is none; the words say what to type.
    """
    if typed is None:
        return None
    try:
        return to_day(Plain(typed.strip()))
    except ValueError as error:
        context: Mapping[str, object] = getattr(error, "context", None) or {}
        raise EditError(f"{option}: {context.get('message')}. {context.get('hint')}") from None
