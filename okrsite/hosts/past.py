"""What git has of the goals, read again only where something was committed since."""

from datetime import date
from pathlib import Path

from okrsite.okr.past.history import History, Place, history_at, place_of
from okrsite.okr.past.lineage import Key


class Past:
    """Remembers the history of the last place asked for: a served site is built again and again."""

    def __init__(self) -> None:
        self._known: tuple[Place, History] | None = None

    def of(
        self, folder: Path, as_of: date = date.max, without: frozenset[Key] = frozenset()
    ) -> History:
        """The history of the goals below `folder` as it is known on a day, `without` some."""
        place = place_of(folder, as_of, without)
        if isinstance(place, History):
            return place
        if self._known is None or self._known[0] != place:
            self._known = place, history_at(place)
        return self._known[1]
