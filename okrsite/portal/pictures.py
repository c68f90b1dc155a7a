"""Charts drawn once and shown wherever they belong: records in, figures out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from okrsite.okr.pipeline import Book
from okrsite.portal.chartdata import BurnUp, Row, Spark, StatusWeeks
from okrsite.portal.histories import key_result_burn_up, objective_burn_up
from okrsite.portal.sparks import key_result_spark
from okrsite.portal.words import day


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its caption and the table of its data."""

    title: str
    unit: str
    svg: Markup
    rows: Markup
    promised: bool


@dataclass(frozen=True)
class Draw:
    """How records become SVG; tests and builds without charts put others in."""

    burn_up: Callable[[BurnUp], str]
    spark: Callable[[Spark], str]
    weeks: Callable[[StatusWeeks], str]


class Pictures:
    """The charts of one Book; each sparkline is drawn once however many pages show it."""

    def __init__(self, book: Book, draw: Draw) -> None:
        self._book, self._draw = book, draw
        self._sparks: dict[str, Markup] = {}

    def spark(self, ref: str) -> Markup:
        """The sparkline of a key result; empty where there is nothing to draw."""
        if ref not in self._sparks:
            record = key_result_spark(self._book, self._book.scorecard.key_results[ref])
            # The charts escape every text they are given.
            self._sparks[ref] = Markup(self._draw.spark(record) if record else "")
        return self._sparks[ref]

    def of_objective(self, name: str) -> tuple[Figure, ...]:
        """The burn-up of an objective and of each key result that has a course."""
        item = self._book.portfolio.objectives[name]
        scores = (self._book.scorecard.key_results[f"{name}/{kr.id}"] for kr in item.key_results)
        records = [objective_burn_up(self._book, name)]
        records += [key_result_burn_up(self._book, score) for score in scores]
        return tuple(self.figure(record) for record in records if record is not None)

    def figure(self, record: BurnUp) -> Figure:
        """A burn-up with its caption and table."""
        svg = Markup(self._draw.burn_up(record))
        promised = any(row.promised for row in record.rows)
        return Figure(record.title, record.unit, svg, _table(record.rows, promised), promised)

    def weeks(self, record: StatusWeeks) -> Markup:
        """Statuses by week."""
        return Markup(self._draw.weeks(record))


def _table(rows: Iterable[Row], promised: bool) -> Markup:
    """The rows of a chart's table; put together here, since a build has fifty thousand of them."""
    return Markup("").join(_line(row, promised) for row in rows)


def _line(row: Row, promised: bool) -> Markup:
    cells = [row.actual, row.expected, *([row.promised] if promised else [])]
    numbers = "".join(f'<td class="okr-n">{escape(cell)}</td>' for cell in cells)
    return Markup(f'<tr><th scope="row">{escape(day(row.day))}</th>{numbers}</tr>\n')
