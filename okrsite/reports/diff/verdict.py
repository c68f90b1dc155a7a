"""What stands against merging a change, in one sentence to be read before its score."""

from collections import Counter

from okrsite.okr.changes.change import SILENT
from okrsite.okr.finding import Severity
from okrsite.portal.words import NBSP, listed
from okrsite.reports.diff.report import DiffReport
from okrsite.reports.diff.words import counted

_SILENT = ("promise moved without an amendment", "promises moved without an amendment")
_PHRASES = {
    "check-in-edited": ("merged check-in was edited", "merged check-ins were edited"),
    "check-in-removed": ("merged check-in was removed", "merged check-ins were removed"),
    SILENT: _SILENT,
    "amendment-removed": ("merged amendment was removed", "merged amendments were removed"),
    "objective-dropped": ("promised objective was dropped", "promised objectives were dropped"),
    "period-dropped": ("period was dropped", "periods were dropped"),
    "period-uncommitted": (
        "committed period is a draft again",
        "committed periods are drafts again",
    ),
    "period-reopened": ("closed period was opened again", "closed periods were opened again"),
}
_OTHER = ("other change is an error", "other changes are errors")


def verdict(report: DiffReport) -> str:
    """Why a change is not to be merged as it is; empty where no error is left unaccepted.

    Snapshots are not merged, so nothing stands against that.
    """
    if report.about:
        return ""
    kinds = Counter(
        _kind(told.change.rule.id)
        for told in report.changes
        if told.change.severity is Severity.ERROR and told.accepted is None
    )
    found = [counted(kinds[name], *words) for name, words in _PHRASES.items() if kinds[name]]
    found += [counted(kinds[""], *_OTHER)] if kinds[""] else []
    return f"Not ready to merge: {listed(found)}.".replace(NBSP, " ") if found else ""


def _kind(rule: str) -> str:
    if rule.endswith(SILENT):
        return SILENT
    return rule if rule in _PHRASES else ""
