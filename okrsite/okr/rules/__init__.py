"""What a good OKR coach would say: one function, one code, one case file."""

from collections.abc import Iterator, Mapping

from okrsite.okr.finding import Finding, Severity
from okrsite.okr.flow import Flow
from okrsite.okr.progress import World
from okrsite.okr.rules import alignment, outcome, rhythm, shape, structure, wording
from okrsite.okr.rules.review import Rule, review
from okrsite.okr.scoring import Scorecard

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule("OKR015", "measure unclear", _ERROR, structure.measure_unclear),
    Rule("OKR016", "nowhere to go", _ERROR, structure.nowhere_to_go),
    Rule("OKR022", "outside the period", _ERROR, structure.outside_period),
    Rule("OKR023", "weightless", _ERROR, structure.weightless),
    Rule("OKR024", "two bounds", _ERROR, structure.two_bounds),
    Rule("OKR025", "plan not used", _WARNING, structure.plan_unused),
    Rule("OKR026", "checked in early", _WARNING, structure.checked_in_early),
    Rule("OKR027", "ends before it starts", _ERROR, structure.ends_before_start),
    Rule("OKR028", "dated in the future", _INFO, structure.dated_ahead),
    Rule("OKR106", "unknown state", _ERROR, structure.unknown_state),
    Rule("OKR201", "a task", _WARNING, wording.is_task),
    Rule("OKR202", "no baseline", _WARNING, wording.no_baseline),
    Rule("OKR203", "too many objectives", _WARNING, shape.too_many_objectives),
    Rule("OKR204", "too many key results", _WARNING, shape.too_many_key_results),
    Rule("OKR205", "no owner", _WARNING, shape.no_owner),
    Rule("OKR206", "unaligned", _WARNING, shape.unaligned),
    Rule("OKR207", "not yet measurable", _WARNING, shape.not_yet_measurable),
    Rule("OKR208", "nothing below", _WARNING, shape.nothing_below),
    Rule("OKR209", "a number as objective", _INFO, wording.metric_in_title),
    Rule("OKR210", "said twice", _WARNING, wording.said_twice),
    Rule("OKR211", "no team", _WARNING, shape.no_team),
    Rule("OKR212", "nothing feeds it", _WARNING, shape.nothing_feeds_it),
    Rule("OKR213", "wrong direction", _WARNING, wording.wrong_direction),
    Rule("OKR301", "stale", _WARNING, rhythm.stale),
    Rule("OKR302", "not started", _WARNING, rhythm.not_started),
    Rule("OKR303", "late check-in", _INFO, rhythm.checked_in_late),
    Rule("OKR304", "closed without a value", _WARNING, rhythm.closed_without_value),
    Rule("OKR305", "confidence fell", _INFO, rhythm.confidence_fell),
    Rule("OKR306", "never closed", _WARNING, rhythm.never_closed),
    Rule("OKR307", "still a draft", _WARNING, rhythm.still_a_draft),
    Rule("OKR401", "done without outcome", _WARNING, outcome.done_without_outcome),
    Rule("OKR402", "rosier than the numbers", _INFO, outcome.rosier_than_numbers),
    Rule("OKR403", "overdue", _WARNING, outcome.overdue),
    Rule("OKR404", "for nothing", _WARNING, outcome.for_nothing),
    Rule("OKR405", "blocked too long", _WARNING, outcome.blocked_too_long),
    Rule("OKR406", "too much at once", _WARNING, outcome.too_much_at_once),
    Rule("OKR407", "waits for later", _WARNING, outcome.waits_for_later),
    Rule("OKR408", "done with open tasks", _INFO, outcome.done_with_open_tasks),
    Rule("OKR501", "suspect link", _WARNING, alignment.suspect_link),
    Rule("OKR502", "outside its parent's period", _WARNING, alignment.outside_parents_period),
    Rule("OKR503", "misspelt person", _INFO, alignment.misspelt_person),
    Rule("OKR504", "retired team", _WARNING, alignment.retired_team),
)


def coach(world: World, scorecard: Scorecard, flows: Mapping[str, Flow]) -> Iterator[Finding]:
    """The remarks of every rule, each as heavy as it is by default."""
    material = review(world, scorecard, flows)
    for rule in RULES:
        for remark in rule.check(material):
            yield Finding(
                remark.path,
                *remark.place,
                rule.code,
                rule.severity,
                remark.message,
                remark.hint,
                remark.subject,
            )
