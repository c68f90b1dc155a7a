"""What a good OKR coach would say."""

from collections.abc import Iterator, Mapping
from okrsite.okr.finding import Finding
from okrsite.okr.flow import Flow
from okrsite.okr.progress import World
from okrsite.okr.scoring import Scorecard


def coach(world: World, scorecard: Scorecard, flows: Mapping[str, Flow]) -> Iterator[Finding]:
    return iter(())
