"""Goals of recorded periods that have no page of their own, as far as others speak of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from okrsite.okr.model import Visibility
from okrsite.okr.snapshot.record import Record
from okrsite.okr.status import Status


@dataclass(frozen=True, slots=True)
class Archived:
    """One such goal; `people` own it or a key result of it, `continues` is one of before."""

    period: str
    path: str
    title: str
    team: str | None
    continues: str | None
    people: frozenset[str]
    listed: bool
    status: Status


def archived_in(record: Record, path_of: Callable[[str], str]) -> Iterator[tuple[str, Archived]]:
    """A record's own goals by id; `path_of` tells where a recorded file lies today."""
    results = record.sheet.key_results
    for name in record.own:
        row = record.sheet.objectives[name]
        owners = (results[ref].get("owner") for ref in row["key_results"])
        yield (
            name,
            Archived(
                period=record.period,
                path=path_of(row["path"]),
                title=row["title"],
                team=row.get("team"),
                continues=row.get("continues"),
                people=frozenset(filter(None, (row.get("owner"), *owners))),
                listed=row.get("visibility") in (None, Visibility.PUBLIC),
                status=Status(row["status"]),
            ),
        )
