"""Which finding is which from one run to the next, whatever was edited above it.

A forge compares the findings of two commits by their fingerprints. So none hangs on a line's
number, on the folder a file was sorted into, or on a message that counts days.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import PurePosixPath

from okrsite.okr.finding import Finding, in_order
from okrsite.okr.records import kind_of
from okrsite.okr.sources import Sources

_LENGTH = 32


def fingerprints(findings: Iterable[Finding], sources: Sources) -> Mapping[Finding, str]:
    """A fingerprint of each finding, all distinct.

    It is made of the code, of whose file it is, what it is about, and the words of the line it
    stands on. Findings that have all of these in common are told apart by their order.
    """
    lines: dict[str, list[bytes]] = {}
    seen: Counter[str] = Counter()
    made: dict[Finding, str] = {}
    for finding in in_order(findings):
        if finding.path not in lines:
            lines[finding.path] = sources.get(finding.path, b"").split(b"\n")
        core = _core(finding, lines[finding.path])
        made[finding] = _digest(f"{core}\0{seen[core]}")
        seen[core] += 1
    return made


def _core(finding: Finding, lines: list[bytes]) -> str:
    known = 0 < finding.line <= len(lines)
    words = lines[finding.line - 1].decode("utf-8", "replace").split() if known else []
    return "\0".join((finding.code, _whose(finding.path), finding.subject, " ".join(words)))


def _whose(path: str) -> str:
    """A record by its kind and id, wherever in its folder it lies; any other file by its path."""
    kind = kind_of(path)
    return f"{kind}/{PurePosixPath(path).stem}" if kind else path


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
