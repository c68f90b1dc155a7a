"""Goals of recorded periods that have no page of their own, as far as others speak of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from okrsite.okr.model import Visibility
from okrsite.okr.snapshot.differing import Today
from okrsite.okr.snapshot.record import Record
from okrsite.okr.status import Status


@dataclass(frozen=True, slots=True)
class Archived:
    """One such goal; `people` own it or a key result of it.

    `names` are the goals that it supports, and the one it continues. Its file is the `same` as when
    it was recorded, or not.
    """

    period: str
    path: str
    title: str
    team: str | None
    continues: str | None
    names: tuple[str, ...]
    same: bool
    people: frozenset[str]
    listed: bool
    status: Status


def archived_in(record: Record, today: Today) -> Iterator[tuple[str, Archived]]:
    """A record's own goals by id, with where their files lie today."""
    results = record.sheet.key_results
    for name in record.own:
        row = record.sheet.objectives[name]
        owners = (results[ref].get("owner") for ref in row["key_results"])
        yield (
            name,
            Archived(
                period=record.period,
                path=today.path_of(row["path"]),
                title=row["title"],
                team=row.get("team"),
                continues=row.get("continues"),
                names=tuple(filter(None, (row.get("continues"), *row.get("supports", ())))),
                same=today.is_same(record, row["path"]),
                people=frozenset(filter(None, (row.get("owner"), *owners))),
                listed=row.get("visibility") in (None, Visibility.PUBLIC),
                status=Status(row["status"]),
            ),
        )
