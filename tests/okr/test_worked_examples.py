"""Numbers that other OKR systems publish come out as they publish them."""

from fractions import Fraction

import pytest

from okrsite.okr.pipeline import Book
from okrsite.okr.scorecard import KeyResultScore, ObjectiveScore
from okrsite.portal.words import percent
from tests.support import book
from tests.worked_examples import EXAMPLES, WorkedExample

# Starting at the target, and weights of nothing: faults that some examples are about.
ASKED_FOR = ("OKR016", "OKR023")
CHECKS = [
    pytest.param(example, ref, id=f"{example.name}: {ref}")
    for example in EXAMPLES
    for ref in example.expect
]


@pytest.mark.parametrize(("example", "ref"), CHECKS)
def test_comes_out_as_published(example: WorkedExample, ref: str) -> None:
    made = book(example.files, example.as_of, policy=dict(example.policy))
    errors = [str(f) for f in made.findings if f.severity == "error" and f.code not in ASKED_FOR]
    assert errors == []
    published = dict(example.expect[ref])
    never = published.pop("never", None)
    assert answers(made, ref, published) == published
    assert never is None or shown(number(made, ref)) != never


def test_at_least_fifteen_have_a_source() -> None:
    cited = {e.source for e in EXAMPLES if "://" in e.source or "/" in e.source}
    assert len(cited) >= 15


def number(made: Book, ref: str) -> KeyResultScore | ObjectiveScore:
    if "/" in ref:
        return made.scorecard.key_results[ref]
    return made.scorecard.objectives[ref]


def shown(score: KeyResultScore | ObjectiveScore) -> str:
    text = "none" if score.progress is None else percent(score.progress)
    return text.replace("\u00a0", " ").replace("\u2212", "-")


def answers(made: Book, ref: str, published: dict[str, str]) -> dict[str, str]:
    score = number(made, ref)
    return {name: _answer(made, ref, score, name, text) for name, text in published.items()}


def _answer(
    made: Book, ref: str, score: KeyResultScore | ObjectiveScore, name: str, text: str
) -> str:
    if name == "shown":
        return shown(score)
    if name in ("status", "outcome"):
        return str(score.status)
    if name == "counted" and isinstance(score, ObjectiveScore):
        return text if _counted_above(made, ref, Fraction(text)) else "something else"
    value = getattr(score, name)
    if isinstance(value, Fraction) and text != "none":
        return text if value == Fraction(text) else str(value)
    return "none" if value is None else str(value)


def _counted_above(made: Book, ref: str, expected: Fraction) -> bool:
    parts = [p for o in made.scorecard.objectives.values() for p in o.parts if p.ref == ref]
    return all(part.counted == expected for part in parts)
