"""Teams in the order of the organisation."""

from collections.abc import Mapping


def downwards(parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """All teams, each followed by those below it."""
    below: dict[str | None, list[str]] = {}
    for team, above in parents.items():
        below.setdefault(above if above in parents else None, []).append(team)
    found: list[str] = []
    todo = list(reversed(below.get(None, [])))
    while todo:
        found.append(todo.pop())
        todo += reversed(below.get(found[-1], []))
    return tuple(found)
