"""What a good OKR coach would say: one function, one code, one case file."""

from collections.abc import Iterator, Mapping

from okrsite.okr.finding import Finding
from okrsite.okr.flow import Flow
from okrsite.okr.progress import World
from okrsite.okr.rules import alignment, outcome, recording, rhythm, shape, structure, wording
from okrsite.okr.rules.review import Rule, review
from okrsite.okr.scorecard import Scorecard

RULES: tuple[Rule, ...] = (
    Rule("OKR015", structure.measure_unclear),
    Rule("OKR016", structure.nowhere_to_go),
    Rule("OKR022", structure.outside_period),
    Rule("OKR023", structure.weightless),
    Rule("OKR024", structure.two_bounds),
    Rule("OKR025", structure.plan_unused),
    Rule("OKR026", structure.checked_in_early),
    Rule("OKR027", structure.ends_before_start),
    Rule("OKR028", structure.dated_ahead),
    Rule("OKR106", structure.unknown_state),
    Rule("OKR201", wording.is_task),
    Rule("OKR202", wording.no_baseline),
    Rule("OKR203", shape.too_many_objectives),
    Rule("OKR204", shape.too_many_key_results),
    Rule("OKR205", shape.no_owner),
    Rule("OKR206", shape.unaligned),
    Rule("OKR207", shape.not_yet_measurable),
    Rule("OKR208", shape.nothing_below),
    Rule("OKR209", wording.metric_in_title),
    Rule("OKR210", wording.said_twice),
    Rule("OKR211", shape.no_team),
    Rule("OKR212", shape.nothing_feeds_it),
    Rule("OKR213", wording.wrong_direction),
    Rule("OKR301", rhythm.stale),
    Rule("OKR302", rhythm.not_started),
    Rule("OKR303", rhythm.checked_in_late),
    Rule("OKR304", rhythm.closed_without_value),
    Rule("OKR305", rhythm.confidence_fell),
    Rule("OKR306", rhythm.never_closed),
    Rule("OKR307", rhythm.still_a_draft),
    Rule("OKR308", rhythm.said_twice_on_one_day),
    Rule("OKR309", rhythm.nobody_checked_in),
    Rule("OKR310", rhythm.closed_on_no_day),
    Rule("OKR311", rhythm.committed_on_an_odd_day),
    Rule("OKR401", outcome.done_without_outcome),
    Rule("OKR402", outcome.rosier_than_numbers),
    Rule("OKR403", outcome.overdue),
    Rule("OKR404", outcome.for_nothing),
    Rule("OKR405", outcome.blocked_too_long),
    Rule("OKR406", outcome.too_much_at_once),
    Rule("OKR407", outcome.waits_for_later),
    Rule("OKR408", outcome.done_with_open_tasks),
    Rule("OKR501", alignment.suspect_link),
    Rule("OKR502", alignment.outside_parents_period),
    Rule("OKR503", alignment.misspelt_person),
    Rule("OKR504", alignment.retired_team),
    Rule("OKR705", rhythm.closed_unmeasured),
    Rule("OKR706", recording.unrecorded),
)


def coach(
    world: World,
    scorecard: Scorecard,
    flows: Mapping[str, Flow],
    recorded: frozenset[str] = frozenset(),
) -> Iterator[Finding]:
    """The remarks of every rule, each as heavy as it is by default."""
    material = review(world, scorecard, flows, recorded)
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
                remark.fix,
            )
