"""Teams in the order of the organisation."""

from collections.abc import Collection, Mapping

MOST_ON_TOP = 4  # in a headline; of more the table of teams tells


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


def on_top(titles: Mapping[str, str], counted: Collection[str]) -> Mapping[str, str]:
    """Those of the teams at the top that are `counted`, as a headline calls them.

    One that is alone up there is the company; where there are several, each has its own name.
    """
    found = {team: title for team, title in titles.items() if team in counted}
    if len(found) > MOST_ON_TOP:
        return {}
    return found if len(titles) > 1 else dict.fromkeys(found, "Company")
