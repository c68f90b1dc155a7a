"""The site's options: each one read, or reported and left at its default, all in one run."""

from fractions import Fraction

import pytest

from okrsite.okr.settings import Policy, Settings, Stage, StatusRule, read_settings

GOOD: list[tuple[dict[str, object], Settings]] = [
    ({}, Settings()),
    ({"policy": None, "cadence": None, "rules": None, "workflow": None}, Settings()),
    ({"cadence": 14}, Settings(cadence=14)),
    ({"policy": {"cap": "none"}}, Settings(policy=Policy(cap=None))),
    ({"policy": {"cap": False}}, Settings(policy=Policy(cap=None))),
    ({"policy": {"cap": 1.2}}, Settings(policy=Policy(cap=Fraction(6, 5)))),
    (
        {"policy": {"bounds": "strict", "keep": "share", "parent_status": "worst"}},
        Settings(policy=Policy(bounds="strict", keep="share", parent_status="worst")),
    ),
    (
        {"policy": {"status": {"rule": "ratio"}}},
        Settings(policy=Policy(status=StatusRule("ratio", Fraction(9, 10), Fraction(7, 10)))),
    ),
    (
        {"policy": {"status": {"rule": "ratio", "at_risk": 0.7, "off_track": 0.4}}},
        Settings(policy=Policy(status=StatusRule("ratio", Fraction(7, 10), Fraction(4, 10)))),
    ),
    (
        {"policy": {"status": {"at_risk": 0, "off_track": 0}}},
        Settings(policy=Policy(status=StatusRule("gap", Fraction(0), Fraction(0)))),
    ),
    (
        {"policy": {"status": {"rule": "ratio", "at_risk": 0.5, "off_track": 0.5}}},
        Settings(policy=Policy(status=StatusRule("ratio", Fraction(1, 2), Fraction(1, 2)))),
    ),
    ({"rules": {"OKR210": "off"}}, Settings(rules={"OKR210": "off"})),
    ({"rules": {"OKR210": False}}, Settings(rules={"OKR210": "off"})),
    (
        {"rules": {"OKR210": "info", "OKR211": "error"}},
        Settings(rules={"OKR210": "info", "OKR211": "error"}),
    ),
    (
        {"workflow": ["open", {"name": "doing", "active": True, "wip": 3}, "done"]},
        Settings(workflow=(Stage("open"), Stage("doing", True, 3), Stage("done"))),
    ),
]
BAD: list[tuple[dict[str, object], str]] = [
    ({"cadance": 7}, "option `cadance` is unknown. Did you mean `cadence`?"),
    ({"cadence": 0}, "cadence: `0` is not a number of days from 1 to 366"),
    ({"cadence": True}, "cadence: `True`"),
    ({"cadence": "7"}, "cadence: `7`"),
    ({"cadence": 1.5}, "cadence: `1.5`"),
    ({"policy": "strict"}, "policy: expected `name: value` pairs, found `strict`"),
    ({"policy": {"bound": "strict"}}, "policy.bound is unknown. Did you mean `bounds`?"),
    ({"policy": {"bounds": "strikt"}}, "policy.bounds: `strikt` is not inclusive or strict"),
    ({"policy": {"keep": ["share"]}}, "policy.keep"),
    ({"policy": {"cap": 0}}, "policy.cap: `0` is not above 0"),
    ({"policy": {"cap": 0.0}}, "policy.cap: `0.0` is not above 0"),
    ({"policy": {"cap": -1}}, "policy.cap: `-1` is not above 0"),
    ({"policy": {"cap": "1.0"}}, "policy.cap: `1.0` is not a number"),
    ({"policy": {"cap": True}}, "policy.cap: `True` is not a number"),
    ({"policy": {"cap": float("inf")}}, "policy.cap: `inf` is not a number"),
    ({"policy": {"status": {"rule": "both"}}}, "expected `{rule: gap or ratio"),
    ({"policy": {"status": {"atrisk": 1}}}, "expected `{rule: gap or ratio"),
    ({"policy": {"status": "gap"}}, "policy.status: expected `name: value` pairs"),
    ({"policy": {"status": {"at_risk": 0.3}}}, "off_track must be worse than at_risk"),
    (
        {"policy": {"status": {"rule": "ratio", "at_risk": 0.4, "off_track": 0.7}}},
        "off_track must be worse than at_risk",
    ),
    ({"policy": {"status": {"at_risk": "much"}}}, "policy.status.at_risk: `much` is not a number"),
    ({"rules": ["OKR210"]}, "rules: expected `name: value` pairs"),
    ({"rules": {"OKR999": "off"}}, "rules.OKR999 is no code. The handbook lists all codes."),
    ({"rules": {"okr2O1": "off"}}, "rules.okr2O1 is no code. Did you mean `OKR201`?"),
    ({"rules": {"stale": "off"}}, "rules.stale is no code. Did you mean `OKR301`?"),
    ({"rules": {"OKR210": "ignore"}}, "rules.OKR210: `ignore` is not one of off, info, warning"),
    ({"workflow": []}, "workflow: expected a list of states"),
    ({"workflow": "done"}, "workflow: expected a list of states"),
    ({"workflow": ["a", "a"]}, "workflow: a state is named twice"),
    ({"workflow": [{"name": "a", "wip": 0}]}, "is not a state"),
    ({"workflow": [{"name": "a", "wip": True}]}, "is not a state"),
    ({"workflow": [{"name": "a", "active": "no"}]}, "is not a state"),
    ({"workflow": [{"nam": "a"}]}, "is not a state"),
    ({"workflow": [7]}, "is not a state"),
]


@pytest.mark.parametrize(("raw", "settings"), GOOD, ids=str)
def test_read(raw: dict[str, object], settings: Settings) -> None:
    assert read_settings(raw) == (settings, ())


@pytest.mark.parametrize(("raw", "message"), BAD, ids=str)
def test_reported_and_left_at_its_default(raw: dict[str, object], message: str) -> None:
    settings, (finding,) = read_settings(raw)
    assert settings == Settings()
    assert message in finding.message
    assert (finding.path, finding.line, finding.code) == ("mkdocs.yml", 1, "OKR020")


def test_a_faulty_option_costs_no_other_and_all_are_told() -> None:
    raw: dict[str, object] = {
        "cadence": 0,
        "policy": {"bounds": "x", "keep": "share", "cap": 0, "parent_status": "worst"},
        "rules": {"OKR201": "x", "OKR202": "off", "OKR203": "y"},
    }
    settings, findings = read_settings(raw)
    assert settings.policy == Policy(keep="share", parent_status="worst")
    assert settings.rules == {"OKR202": "off"}
    assert len(findings) == 5


def test_decimals_are_exact() -> None:
    settings, _ = read_settings({"policy": {"status": {"at_risk": 0.1, "off_track": 0.3}}})
    assert settings.policy.status == StatusRule("gap", Fraction(1, 10), Fraction(3, 10))
