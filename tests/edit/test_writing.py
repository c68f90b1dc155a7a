"""Edits are all or nothing: who loses a race is told, and what half-succeeds is taken back."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from okrsite.edit.files import EditError, create
from okrsite.edit.writing import Edit, write
from okrsite.okr.sources import read_folder

GOAL = "objectives/calm.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    (made / "objectives").mkdir(parents=True)
    (made / GOAL).write_text("60")
    return made


def files(root: Path) -> dict[str, str]:
    return {path: raw.decode() for path, raw in read_folder(root).items()}


def at_once(root: Path, edits: list[Edit]) -> list[str]:
    """Every edit of the same reading; the words of those that were refused."""
    sources = read_folder(root)

    def one(edit: Edit) -> str:
        try:
            write(root, edit, sources)
        except EditError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(len(edits)) as pool:
        return list(pool.map(one, edits))


def test_of_many_who_amend_one_value_at_once_one_does(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_before_writing(monkeypatch, 8)
    edits = [Edit({f"amendments/{n}.md": str(n)}, {GOAL: str(n)}) for n in range(8)]
    lost = [words for words in at_once(root, edits) if words]
    assert len(lost) == 7
    assert all("changed since it was read; nothing was written" in words for words in lost)
    left = files(root)
    (own,) = (path for path in left if path.startswith("amendments/"))
    assert left == {GOAL: left[own], own: left[own]}


def meet_before_writing(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """Let all of them look at the files before any of them writes, unless they take turns."""
    barrier = Barrier(many)

    def late(path: Path, text: str, below: Path | None = None) -> Path:
        with suppress(BrokenBarrierError):
            barrier.wait(0.3)
        return create(path, text, below)

    monkeypatch.setattr("okrsite.edit.writing.create", late)


def test_an_amendment_told_in_words_is_not_told_twice(root: Path) -> None:
    same = [Edit({"amendments/a.md": str(n)}) for n in range(2)]
    assert sorted(map(bool, at_once(root, same))) == [False, True]
    other = [Edit({f"amendments/of-{n}.md": str(n)}) for n in range(2)]
    assert sorted(map(bool, at_once(root, other))) == [False, True]


def test_check_ins_of_one_name_are_counted_and_goals_are_not(root: Path) -> None:
    assert at_once(root, [Edit({"check-ins/a.md": str(n)}) for n in range(3)]) == [""] * 3
    assert {"check-ins/a.md", "check-ins/a-2.md", "check-ins/a-3.md"} < files(root).keys()
    goals = at_once(root, [Edit({"objectives/new.md": str(n)}) for n in range(3)])
    assert sorted(map(bool, goals)) == [False, True, True]
    assert "objectives/new-2.md" not in files(root)


def test_what_half_succeeds_is_taken_back_and_said(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: bytes) -> None:
        raise EditError(f"{path}: File too large")

    monkeypatch.setattr("okrsite.edit.writing.replace", full)
    edit = Edit({"amendments/2026-q3/a.md": "why"}, {GOAL: "90"})
    with pytest.raises(EditError, match=r"calm\.md: File too large; nothing was written"):
        write(root, edit, read_folder(root))
    assert files(root) == {GOAL: "60"}
    assert [one.name for one in root.iterdir()] == ["objectives"]


def test_nothing_is_written_through_a_link_out_of_the_goals(root: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (root / "amendments").symlink_to(tmp_path / "out")
    with pytest.raises(EditError, match="leads out of"):
        write(root, Edit({"amendments/a.md": "why"}, {GOAL: "90"}), read_folder(root))
    assert files(root) == {GOAL: "60"}
    assert list((tmp_path / "out").iterdir()) == []
