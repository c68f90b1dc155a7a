"""Which findings were asked for: those of some files, those of some weight."""

from collections.abc import Iterable, Sequence

from okrsite.okr.finding import Finding, Severity

_HEAVIER = {
    Severity.INFO: frozenset(Severity),
    Severity.WARNING: frozenset({Severity.WARNING, Severity.ERROR}),
    Severity.ERROR: frozenset({Severity.ERROR}),
}


def asked(
    findings: Iterable[Finding], names: Sequence[str] | None, least: Severity = Severity.INFO
) -> tuple[Finding, ...]:
    """The findings that weigh at least `least`, of the files and folders `names`; None is all.

    Names are paths from the folder of goals; `.` is that folder itself, in which the configuration
    of the site does not count.
    """
    return tuple(
        finding
        for finding in findings
        if finding.severity in _HEAVIER[least] and (names is None or _named(finding.path, names))
    )


def _named(path: str, names: Sequence[str]) -> bool:
    if path in names:
        return True
    in_all = "." in names and not path.endswith((".yml", ".yaml"))
    return in_all or any(path.startswith(f"{name}/") for name in names)
