"""The site's options → Settings: the policies by which numbers are made, each with one default."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from okrsite.okr.codes import CODES
from okrsite.okr.finding import Finding, Severity
from okrsite.okr.similar import did_you_mean


@dataclass(frozen=True, slots=True)
class StatusRule:
    """From which gap (expected − progress) or below which ratio (progress ÷ expected) on."""

    rule: str = "gap"
    at_risk: Fraction = Fraction(1, 10)
    off_track: Fraction = Fraction(1, 4)


RATIO_RULE = StatusRule("ratio", Fraction(9, 10), Fraction(7, 10))


@dataclass(frozen=True, slots=True)
class Policy:
    """How numbers are made where authorities differ.

    `cap` is the most a progress rolls up as (None: as it is); `bounds` says whether a value on
    the bound keeps it; `keep` whether the latest check-in or the share of kept planned ones
    counts; `parent_status` whether an objective's status is its own or its worst part's.
    """

    cap: Fraction | None = Fraction(1)
    bounds: str = "inclusive"
    keep: str = "latest"
    status: StatusRule = StatusRule()
    parent_status: str = "own"


@dataclass(frozen=True, slots=True)
class Stage:
    """A column of the board; `active` ones count as work on the way, `wip` is their limit."""

    name: str
    active: bool = False
    wip: int | None = None


WORKFLOW = (
    Stage("backlog"),
    Stage("ready"),
    Stage("doing", active=True),
    Stage("review"),
    Stage("done"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything `mkdocs.yml` may decide; `cadence` is in days."""

    cadence: int = 7
    policy: Policy = Policy()
    rules: Mapping[str, str] = field(default_factory=dict)
    workflow: tuple[Stage, ...] = WORKFLOW


class _WrongError(ValueError):
    """An option nobody can follow: what is wrong, what is allowed."""


OPTIONS = ("cadence", "policy", "rules", "workflow")
SEVERITIES = ("off", "info", "warning", "error")
_CHOICES = {
    "bounds": ("inclusive", "strict"),
    "keep": ("latest", "share"),
    "parent_status": ("own", "worst"),
}


def read_settings(
    raw: Mapping[str, object],
    path: str = "mkdocs.yml",
    places: Mapping[str, tuple[int, int]] | None = None,
) -> tuple[Settings, tuple[Finding, ...]]:
    """Settings from the options as the host read them; faulty ones are reported and defaulted.

    `places` has the line and column of an option, by its name, and of one in a group.
    """
    findings: list[Finding] = []
    settings, known = Settings(), places or {}
    for key, value in _one_by_one(raw):
        try:
            settings = _with(settings, key, value)
        except _WrongError as wrong:
            inner = next(iter(value), "") if isinstance(value, Mapping) else ""
            place = known.get(f"{key}.{inner}") or known.get(key) or (1, 1)
            findings.append(Finding(path, *place, "OKR020", Severity.ERROR, str(wrong)))
    return settings, tuple(findings)


def _one_by_one(raw: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Options, with those of a group apart, so that a faulty one does not cost the others."""
    for key, value in raw.items():
        if key in ("policy", "rules") and isinstance(value, Mapping):
            for name, item in value.items():
                yield str(key), {str(name): item}
        elif value is not None:
            yield str(key), value


def _with(settings: Settings, key: str, value: object) -> Settings:
    match key:
        case "cadence":
            return replace(settings, cadence=_days(value))
        case "policy":
            return replace(settings, policy=_policy(settings.policy, _mapping(key, value)))
        case "rules":
            said = dict(_severities(_mapping(key, value)))
            return replace(settings, rules={**settings.rules, **said})
        case "workflow":
            return replace(settings, workflow=_workflow(value))
    raise _WrongError(f"option `{key}` is unknown. {did_you_mean(key, OPTIONS)}".strip())


def _days(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 366:
        return value
    raise _WrongError(f"cadence: `{value}` is not a number of days from 1 to 366")


def _mapping(key: str, value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return {str(name): item for name, item in value.items()}
    raise _WrongError(f"{key}: expected `name: value` pairs, found `{value}`")


def _policy(policy: Policy, raw: Mapping[str, object]) -> Policy:
    for key, value in raw.items():
        if key in _CHOICES:
            if value not in _CHOICES[key]:
                allowed = " or ".join(_CHOICES[key])
                raise _WrongError(f"policy.{key}: `{value}` is not {allowed}")
            policy = replace(policy, **{key: str(value)})  # type: ignore[arg-type]  # checked above
        elif key == "cap":
            policy = replace(policy, cap=_cap(value))
        elif key == "status":
            policy = replace(policy, status=_status(_mapping("policy.status", value)))
        else:
            known = (*_CHOICES, "cap", "status")
            raise _WrongError(f"policy.{key} is unknown. {did_you_mean(key, known)}".strip())
    return policy


def _cap(value: object) -> Fraction | None:
    if value is False or value == "none":
        return None
    cap = _fraction("policy.cap", value)
    if cap <= 0:
        raise _WrongError(f"policy.cap: `{value}` is not above 0; `none` takes the cap away")
    return cap


def _status(raw: Mapping[str, object]) -> StatusRule:
    rule = raw.get("rule", "gap")
    if rule not in ("gap", "ratio") or set(raw) - {"rule", "at_risk", "off_track"}:
        raise _WrongError(
            "policy.status: expected `{rule: gap or ratio, at_risk: …, off_track: …}`"
        )
    base = RATIO_RULE if rule == "ratio" else StatusRule()
    at_risk = _fraction("policy.status.at_risk", raw.get("at_risk", base.at_risk))
    off_track = _fraction("policy.status.off_track", raw.get("off_track", base.off_track))
    if off_track < at_risk if rule == "gap" else off_track > at_risk:
        raise _WrongError(f"policy.status: with rule {rule}, off_track must be worse than at_risk")
    return StatusRule(str(rule), at_risk, off_track)


def _fraction(name: str, value: object) -> Fraction:
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool):
        try:
            return Fraction(str(value))
        except ValueError:
            pass
    raise _WrongError(f"{name}: `{value}` is not a number")


def _severities(raw: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for code, value in raw.items():
        severity = "off" if value is False else str(value)  # YAML 1.1 reads `off` as false
        if code not in CODES:
            raise _WrongError(f"rules.{code} is no code. {_code_meant(code)}".strip())
        if severity not in SEVERITIES:
            raise _WrongError(f"rules.{code}: `{value}` is not one of {', '.join(SEVERITIES)}")
        yield code, severity


def _code_meant(code: str) -> str:
    """The code that was meant: its name in its place, or what can be read as it."""
    text = code.strip()
    digits = text[:3].upper() + text[3:].upper().replace("O", "0").replace("I", "1")
    named = (known for known, about in CODES.items() if about.name == text.lower())
    meant = digits if digits in CODES else next(named, "")
    return f"Did you mean `{meant}`?" if meant else "The handbook lists all codes."


def _workflow(value: object) -> tuple[Stage, ...]:
    if not isinstance(value, list) or not value:
        raise _WrongError("workflow: expected a list of states")
    stages = tuple(_stage(item) for item in value)
    if len({stage.name for stage in stages}) != len(stages):
        raise _WrongError("workflow: a state is named twice")
    return stages


def _stage(item: object) -> Stage:
    if isinstance(item, str):
        return Stage(item)
    if isinstance(item, Mapping) and isinstance(item.get("name"), str):
        wip = item.get("wip")
        known = not set(item) - {"name", "active", "wip"}
        limit = wip is None or (isinstance(wip, int) and not isinstance(wip, bool) and wip > 0)
        active = item.get("active", False)
        if known and limit and isinstance(active, bool):
            return Stage(str(item["name"]), active, wip)
    raise _WrongError(
        f"workflow: `{item}` is not a state: a name, or `{{name: …, active: …, wip: …}}`"
    )
