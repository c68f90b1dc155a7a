"""Manifests read as they were written, and a chain in which every fault is named."""

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsite.okr.snapshot.chain import Chain, read_chain
from okrsite.okr.snapshot.manifest import (
    Manifest,
    PartSum,
    Previous,
    check_schema,
    dump_manifest,
    manifest_of,
    read_manifest,
)
from okrsite.okr.snapshot.names import MANIFEST, PARTS, NewerError, SnapshotError, name_of
from tests.okr.snapshot.test_names_and_tokens import NAMES

HEX = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
DAY = date(2026, 4, 8)
ONE, TWO, THREE = "q1/closed", "q2/closed", "q3/committed"


@given(
    st.builds(
        Manifest,
        NAMES,
        HEX,
        st.dates(date(1900, 1, 1), date(2199, 12, 31)),
        st.lists(st.builds(PartSum, st.sampled_from(PARTS), st.integers(0), HEX)).map(tuple),
        st.none() | st.builds(Previous, NAMES, HEX),
    )
)
def test_a_manifest_is_read_as_it_is_written(manifest: Manifest) -> None:
    raw = dump_manifest(manifest)
    assert read_manifest(raw) == manifest
    assert dump_manifest(read_manifest(raw)) == raw


@given(st.binary() | st.text().map(str.encode))
def test_anything_else_is_no_manifest(raw: bytes) -> None:
    with pytest.raises(SnapshotError):
        read_manifest(raw)


@pytest.mark.parametrize(
    ("found", "error"),
    [
        ("okrsite/manifest/v2", NewerError),
        ("okrsite/manifest/v10", NewerError),
        ("okrsite/manifest/v0", SnapshotError),
        ("okrsite/manifest/v²", SnapshotError),
        ("okrsite/manifest/", SnapshotError),
        ("okrsite/snapshot/v1", SnapshotError),
        ("None", SnapshotError),
    ],
)
def test_a_newer_schema_is_refused_as_newer(found: str, error: type[SnapshotError]) -> None:
    with pytest.raises(error) as caught:
        check_schema(found, "okrsite/manifest/v1")
    assert ("update okrsite" in str(caught.value)) is (error is NewerError)


def test_an_older_one_passes() -> None:
    check_schema("okrsite/manifest/v1", "okrsite/manifest/v3")


# --- the chain ----------------------------------------------------------------------------------


def written(*names: str) -> dict[str, bytes]:
    """Snapshots that follow each other."""
    found: dict[str, bytes] = {}
    previous: Previous | None = None
    for text in names:
        name = name_of(text)
        parts = {part: f"{text} {part}".encode() for part in PARTS}
        raw = dump_manifest(manifest_of(name, "c" * 40, DAY, parts, previous))
        found |= {name.file(part): text for part, text in {**parts, MANIFEST: raw}.items()}
        previous = Previous(name, sha256(raw).hexdigest())
    return found


def order(chain: Chain) -> list[str]:
    return [str(link.manifest.name) for link in chain.links]


def faults(files: dict[str, bytes]) -> list[str]:
    return [f"{fault.path}: {fault.message}" for fault in read_chain(files).faults]


def test_the_order_is_that_of_publishing_and_not_of_names() -> None:
    chain = read_chain(written(THREE, ONE, TWO))
    assert order(chain) == [THREE, ONE, TWO]
    assert chain.faults == ()
    assert chain.newest and str(chain.newest.name) == TWO
    assert read_chain({}).newest is None


@pytest.mark.parametrize("name", [ONE, TWO, THREE])
@pytest.mark.parametrize("part", [*PARTS, MANIFEST])
def test_each_file_that_is_changed_or_missing_is_named(name: str, part: str) -> None:
    files = written(ONE, TWO, THREE)
    path = f"snapshots/{name}/{part}"
    for other in (
        {**files, path: files[path] + b" "},
        {k: v for k, v in files.items() if k != path},
    ):
        told = faults(other)
        assert told or (name, part) == (THREE, MANIFEST)  # that only git and its commit tell
        if part != MANIFEST or path not in other:
            assert any(row.startswith(f"{path}: ") for row in told)
    if part == MANIFEST and name != THREE:  # the newest has no follower that would tell
        after = {ONE: TWO, TWO: THREE}[name]
        told = faults({**files, path: files[path] + b" "})
        assert any(f"snapshots/{after}/" in row and f"`{name}` was changed" in row for row in told)


def test_a_link_that_is_dropped_is_missed() -> None:
    files = {path: raw for path, raw in written(ONE, TWO, THREE).items() if TWO not in path}
    assert faults(files) == [
        f"snapshots/{THREE}/manifest.json: the snapshot before it, `{TWO}`, is missing"
    ]
    assert order(read_chain(files)) == [ONE, THREE]


def test_two_that_follow_one_are_both_named() -> None:
    files = written(ONE, TWO) | {
        path: raw for path, raw in written(ONE, THREE).items() if THREE in path
    }
    other, told = faults(files)
    assert f"`{THREE}` follow `{ONE}`: one of them was put in" in other
    assert f"`{TWO}` follow `{ONE}`: one of them was put in" in told


def test_two_beginnings_are_named() -> None:
    other, told = faults(written(ONE) | written(TWO))
    assert f"`{TWO}` begin the chain" in other
    assert "begin the chain: one of them was put in" in told


def test_one_that_calls_itself_otherwise_is_named() -> None:
    files = written(ONE)
    moved = {path.replace(ONE, TWO): raw for path, raw in files.items()}
    assert faults(moved) == [f"snapshots/{TWO}/manifest.json: it calls itself `{ONE}`"]


def test_a_newer_link_is_told_and_breaks_no_chain() -> None:
    files = written(ONE, TWO)
    path = f"snapshots/{ONE}/manifest.json"
    newer = files[path].replace(b"manifest/v1", b"manifest/v2")
    link = sha256(files[path]).hexdigest().encode(), sha256(newer).hexdigest().encode()
    after = f"snapshots/{TWO}/manifest.json"
    chain = read_chain({**files, path: newer, after: files[after].replace(*link)})
    (fault,) = chain.faults
    assert fault.newer and fault.path == path


@given(st.permutations([ONE, TWO, THREE]), st.data())
def test_a_chain_of_anything_has_faults_and_no_traceback(
    names: list[str], data: st.DataObject
) -> None:
    files = written(*names)
    path = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[path]) - 1))
    flipped = bytes([files[path][at] ^ data.draw(st.integers(1, 255))])
    other = {**files, path: files[path][:at] + flipped + files[path][at + 1 :]}
    last = path.startswith(f"snapshots/{names[-1]}/manifest")
    assert faults(other) or last
