"""Links that lead back to where they came from, and chains of them that are too long."""

from collections import defaultdict
from collections.abc import Mapping

MAX_CHAIN = 50  # numbers are added up by recursion, and nobody reads a cascade this deep


def chains(target: Mapping[str, str]) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Who leads back to himself and how, and who stands a whole `MAX_CHAIN` below a top."""
    loops: dict[str, tuple[str, ...]] = {}
    deep: set[str] = set()
    depth: dict[str, int] = {}
    for start in target:
        path: dict[str, None] = {}
        step = start
        while step in target and step not in depth and step not in path:
            path[step] = None
            step = target[step]
        chain = list(path)
        if step in path:
            loop = chain[chain.index(step) :]
            loops |= {name: tuple(loop[i:] + loop[:i]) for i, name in enumerate(loop)}
            depth |= dict.fromkeys(loop, 0)
            chain = chain[: -len(loop)]
        below = depth.get(step, 0)
        for name in reversed(chain):
            below = 0 if below == MAX_CHAIN else below + 1
            depth[name] = below
            if below == 0:
                deep.add(name)
    return loops, deep


def rings(links: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """For each name the one it shares with all that it leads to and that lead back to it."""
    back: dict[str, list[str]] = defaultdict(list)
    for key, refs in links.items():
        for ref in refs:
            back[ref].append(key)
    ring: dict[str, str] = {}
    for start in reversed(_left(links)):
        todo = [start]
        while todo:
            step = todo.pop()
            if step not in ring:
                ring[step] = start
                todo.extend(back.get(step, ()))
    return ring


def _left(links: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Names in the order in which a walk into the depth leaves them for good."""
    order: list[str] = []
    seen: set[str] = set()
    for start in links:
        todo = [(start, False)]
        while todo:
            step, done = todo.pop()
            if done:
                order.append(step)
            elif step not in seen:
                seen.add(step)
                todo.append((step, True))
                todo.extend((ref, False) for ref in links[step])
    return order
