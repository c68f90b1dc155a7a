"""A record is the same to the byte, whether all of its commit was read or what it needs."""

from datetime import date
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsite.hosts.recording import _errors, _is_doubtful
from okrsite.okr.past.history import History
from okrsite.okr.settings import read_settings
from okrsite.okr.snapshot.chain import read_chain
from okrsite.okr.snapshot.deriving import Earlier, Files, Ground, files_of, read_at, stand_of
from okrsite.okr.snapshot.making import Origin
from okrsite.okr.snapshot.mentions import read_frames
from okrsite.okr.snapshot.names import SnapshotError, is_part, name_of
from okrsite.okr.sources import Sources
from tests.okr.snapshot.awkward import changed, company, history_of
from tests.portal.snapshots import COMMIT, SILENCE, sources_of

NAMES = (
    *("2025-q4/closed", "2025/closed", "2026-q1/closed", "2026-q2/closed", "2026-q1/committed"),
    *("2026-q3/mid-2026-08-20", "2026/mid-2026-08-20", "2026/committed", "strategy/mid-2026-05-01"),
)
drawn = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def derived(sources: Sources, name: str, history: History, *, whole: bool) -> Files | str:
    """The files of a record of these sources, or why there is none."""
    chain = read_chain(sources)
    earlier = Earlier(chain, chain.newest, partial(read_at, sources))
    ground, mine = ground_of(sources, history), name_of(name)
    try:
        return files_of(ground, stand_of(ground, mine, whole=whole), earlier)
    except SnapshotError as error:
        return str(error)


def record_of(sources: Sources, name: str, history: History) -> Sources:
    """The files of one more record, by their paths, if there can be one."""
    found = derived(sources, name, history, whole=True)
    files = {} if isinstance(found, str) else found
    return {name_of(name).file(part): raw for part, raw in files.items()}


def check(sources: Sources, history: History, *names: str) -> None:
    for name in names:
        assert derived(sources, name, history, whole=False) == derived(
            sources, name, history, whole=True
        ), name


def ground_of(sources: Sources, history: History) -> Ground:
    """What a commit with these sources has to say."""
    texts = {path: raw for path, raw in sources.items() if not is_part(path)}
    kept = {path: raw for path, raw in sources.items() if is_part(path)}
    origin = Origin(COMMIT, "content", "okrsite 0.1", {})
    return Ground(read_frames(texts), kept, read_settings({})[0], origin, lambda day: history)


def grown(draw: Random) -> tuple[Sources, History]:
    """A company after some changes, with some of its records, and its history."""
    first = company(draw)
    second = changed(draw, first)
    third = changed(draw, second)
    days = (date(2025, 10, 3), date(2026, 2, 10), date(2026, 5, 20))
    texts = dict(zip(days, map(sources_of, (first, second, third)), strict=True))
    history, records = history_of(texts), dict[str, bytes]()
    for day, name in zip(days, draw.sample(NAMES[:4], draw.randrange(3)), strict=False):
        records |= record_of({**texts[day], **records}, name, history)
    return {**texts[days[2]], **records}, history


@drawn
@given(st.integers(0, 2**32))
def test_what_is_left_unread_is_in_no_byte_of_a_record(seed: int) -> None:
    draw = Random(seed)
    sources, history = grown(draw)
    check(sources, history, *draw.sample(NAMES, 3))


@drawn
@given(st.integers(0, 2**32))
def test_no_error_is_lost_with_what_is_left_unread(seed: int) -> None:
    draw = Random(seed)
    sources, history = grown(draw)
    desk: Any = SimpleNamespace(
        ground=ground_of(sources, history), faulty={}, spot=SimpleNamespace(below=str)
    )
    name = name_of(draw.choice(NAMES))
    try:
        stand = stand_of(desk.ground, name)
    except SnapshotError:
        return
    if not _is_doubtful(desk, stand):
        assert _errors(desk, stand_of(desk.ground, name, whole=True)) == []


# --- by hand --------------------------------------------------------------------------------------

PERIOD = "---\ntitle: It\nstart: {}\nend: {}\nstate: committed\ncommitted_on: {}\n---\n"
SMALL = {
    "periods/2026-q1.md": PERIOD.format("2026-01-01", "2026-03-31", "2026-01-01"),
    "periods/2026-q2.md": PERIOD.format("2026-04-01", "2026-06-30", "2026-04-01"),
    "teams/acme.md": "---\ntitle: Acme\n---\n",
    "objectives/old.md": "---\ntitle: Old\nperiod: 2026-q1\nteam: acme\n---\n",
    "objectives/new.md": "---\ntitle: New\nperiod: 2026-q2\nteam: acme\n---\n",
    "initiatives/late.md": "---\ntitle: Late\nteam: acme\n---\n",
    "check-ins/then.md": "---\ndate: 2026-02-02\ninitiatives: {late: doing}\n---\n",
}


def test_what_has_nothing_to_do_with_a_period_is_not_read() -> None:
    ground = ground_of(sources_of(SMALL), SILENCE)
    read = stand_of(ground, name_of("2026-q2/closed")).book.parsed.findings
    assert "objectives/new.md" in read
    assert read.keys().isdisjoint({"objectives/old.md", "initiatives/late.md", "check-ins/then.md"})


def test_what_corrects_a_check_in_that_only_a_record_has_in_the_period_is_heard() -> None:
    said = "---\ndate: {}\nkey_results: {{}}\n---\n"
    goal = (
        "---\ntitle: Old\nperiod: 2026-q1\nkey_results: [{id: a, title: A, start: 0, target: 9}]\n"
    )
    first = SMALL | {
        "periods/2026-q1.md": PERIOD.format("2026-01-01", "2026-04-30", "2026-01-01"),
        "objectives/old.md": f"{goal}---\n",
        "check-ins/then.md": "---\ndate: 2026-04-10\nkey_results: {old/a: 3}\n---\n",
        "check-ins/why.md": (
            "---\ndate: 2026-02-02\ncorrects: then\ninitiatives: {late: doing}\n---\n"
        ),
        "amendments/late.md": (
            "---\ndate: 2026-02-03\nsubject: late\nfield: title\nwas: It\nnow: Late\n---\n"
        ),
    }
    sources = sources_of(first)
    recorded = {**sources, **record_of(sources, "2026-q1/closed", SILENCE)}
    later = {**recorded, "check-ins/then.md": said.format("2026-01-10").encode()}
    check(later, SILENCE, "2026-q2/closed")
    record = derived(later, "2026-q2/closed", SILENCE, whole=False)
    assert not isinstance(record, str)
    assert b"amendments/late.md" in record["record.json"]


def test_a_file_that_only_a_record_still_has_is_told() -> None:
    sources = sources_of(SMALL)
    recorded = {**sources, **record_of(sources, "2026-q1/closed", SILENCE)}
    del recorded["objectives/old.md"]
    told = derived(recorded, "2026-q1/closed", SILENCE, whole=False)
    assert "objectives/old.md is gone" in told
