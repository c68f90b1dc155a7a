"""The settings of both sides → what mkdocs.yml decides differently."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from fractions import Fraction

from okrsite.okr.changes.change import RULES, Change
from okrsite.okr.changes.declared import typed
from okrsite.okr.settings import Policy, Settings, Stage, StatusRule


def settings_changes(was: Settings, now: Settings, path: str) -> Iterator[Change]:
    """Every policy, the cadence, the workflow and every rule's weight that differs."""
    for name, one, two in _policies(was.policy, now.policy):
        yield _change("policy-changed", name, one, two, path)
    if was.cadence != now.cadence:
        yield _change("policy-changed", "cadence", str(was.cadence), str(now.cadence), path)
    if was.workflow != now.workflow:
        texts = (_stages(was.workflow), _stages(now.workflow))
        yield _change("workflow-changed", "workflow", *texts, path)
    for code in sorted(was.rules.keys() | now.rules.keys()):
        one, two = was.rules.get(code, "as it comes"), now.rules.get(code, "as it comes")
        if one != two:
            yield _change("check-rules-changed", f"rules.{code}", one, two, path)


def publishing_changes(
    was: Mapping[str, str], now: Mapping[str, str], path: str
) -> Iterator[Change]:
    """What a site's other options decide differently: its day, and what is published of it."""
    for name in sorted(was.keys() | now.keys()):
        one, two = was.get(name, "none"), now.get(name, "none")
        if one != two:
            rule = "day-changed" if name == "as_of" else "publishing-changed"
            yield _change(rule, name, one, two, path)


def _change(rule: str, name: str, was: str, now: str, path: str) -> Change:
    found = RULES[rule]
    return Change(found, found.severity, "setting", name, "", path, 1, name, was, now)


def _policies(was: Policy, now: Policy) -> Iterator[tuple[str, str, str]]:
    for field in fields(Policy):
        one, two = getattr(was, field.name), getattr(now, field.name)
        if one != two:
            yield f"policy.{field.name}", _text(one), _text(two)


def _text(value: object) -> str:
    if isinstance(value, StatusRule):
        return f"{value.rule}, {typed(value.at_risk)}, {typed(value.off_track)}"
    return typed(value) if isinstance(value, Fraction) else str(value or "none")


def _stages(stages: tuple[Stage, ...]) -> str:
    return ", ".join(map(_stage, stages))


def _stage(stage: Stage) -> str:
    more = [*(["active"] if stage.active else []), *([f"wip {stage.wip}"] if stage.wip else [])]
    return f"{stage.name} ({', '.join(more)})" if more else stage.name
