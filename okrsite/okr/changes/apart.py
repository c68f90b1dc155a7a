"""Changes between two periods → plain facts: neither moved what the other promised."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from okrsite.okr.changes.change import RULES, SILENT, Change
from okrsite.okr.finding import Severity

_SAYS: Mapping[str, str] = {
    "objective-dropped": "objective did not go on",
    "objective-added": "objective is new",
    "key-result-dropped": "key result did not go on",
    "key-result-added": "key result is new",
    "key-result-renamed": "key result goes on under another id",
    "baseline-eased": "starts from elsewhere: the same value counts for more",
    "baseline-hardened": "starts from elsewhere: the same value counts for less",
    "baseline-turned": "starts from the other side of the target",
}
_NOTES: Mapping[str, str] = {
    "key-result-renamed": "its numbers are told of each id by itself; keep an id and they are one",
}


def apart(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes with all but the settings weighed as a fact that no amendment is asked for."""
    for change in changes:
        yield _plain(change) if change.noun != "setting" else change


def _plain(change: Change) -> Change:
    name = change.rule.id.removesuffix(SILENT)
    rule = replace(RULES[name], says=_SAYS.get(name, RULES[name].says))
    note = _NOTES.get(name, change.note)
    return replace(change, rule=rule, severity=Severity.INFO, note=note)
