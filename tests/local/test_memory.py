from __future__ import annotations

import json
import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hubtui.core.code_reviews import CodeReview
from hubtui.core.errors import LocalStateError
from hubtui.core.results import RunPeak
from hubtui.local.memory import LONGEST_SEARCH, MAX_RECENT, MAX_RECENT_SEARCHES, MAX_SEARCHES, MemoryFile
from hubtui.local.peaks import MAX_PEAKS
from hubtui.local.reviews import MAX_REVIEWS, with_review

START = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "memory.json"


def test_bookmarks_come_back_newest_first(path: Path) -> None:
    memory = MemoryFile(path)
    for model in ("a/one", "b/two", "a/one"):
        memory.set_bookmark(model, on=True)
    assert MemoryFile(path).bookmarks() == ("a/one", "b/two")


def test_a_bookmark_can_be_taken_away(path: Path) -> None:
    memory = MemoryFile(path)
    memory.set_bookmark("a/one", on=True)
    memory.set_bookmark("a/one", on=False)
    memory.set_bookmark("never/there", on=False)
    assert memory.bookmarks() == ()


def test_history_names_each_model_once_and_is_bounded(path: Path) -> None:
    memory = MemoryFile(path, now=Clock())
    for number in range(MAX_RECENT + 5):
        memory.opened(f"a/{number}")
    memory.opened("a/7")
    recent = memory.recent()
    assert len(recent) == MAX_RECENT
    assert [model for model, _ in recent].count("a/7") == 1
    assert recent[0][0] == "a/7"
    assert recent[0][1] > recent[1][1]


def test_saved_searches_come_back_newest_first_and_can_be_taken_away(path: Path) -> None:
    memory = MemoryFile(path)
    for text in ("bert", " task:fill-mask language:fr ", "bert", "", " ", "x" * (LONGEST_SEARCH + 1)):
        memory.save_search(text, on=True)
    assert MemoryFile(path).searches() == ("bert", "task:fill-mask language:fr")
    memory.save_search("bert ", on=False)
    assert memory.searches() == ("task:fill-mask language:fr",)
    for number in range(MAX_SEARCHES + 3):
        memory.save_search(str(number), on=True)
    assert len(memory.searches()) == MAX_SEARCHES


def test_recent_searches_are_remembered_once_each_with_their_time(path: Path) -> None:
    memory = MemoryFile(path, now=Clock())
    for number in range(MAX_RECENT_SEARCHES + 3):
        memory.searched(f"bert {number}")
    memory.searched(" bert 7 ")
    memory.searched("")
    recent = memory.recent_searches()
    assert len(recent) == MAX_RECENT_SEARCHES
    assert recent[0][0] == "bert 7"
    assert [text for text, _ in recent].count("bert 7") == 1
    assert recent[0][1] > recent[1][1]


def test_a_change_of_one_kind_keeps_the_others(path: Path) -> None:
    memory = MemoryFile(path)
    memory.set_bookmark("a/one", on=True)
    memory.opened("a/two")
    memory.save_search("bert", on=True)
    memory.searched("gpt")
    assert (memory.bookmarks(), memory.recent()[0][0]) == (("a/one",), "a/two")
    assert (memory.searches(), memory.recent_searches()[0][0]) == (("bert",), "gpt")


def test_who_answers_searches_is_kept_over_a_restart_beside_the_rest(path: Path) -> None:
    memory = MemoryFile(path)
    assert not memory.asks_catalogue()
    memory.set_bookmark("a/one", on=True)
    memory.ask_catalogue(True)
    memory.opened("a/two")
    assert MemoryFile(path).asks_catalogue()
    assert MemoryFile(path).bookmarks() == ("a/one",)
    memory.ask_catalogue(False)
    assert not MemoryFile(path).asks_catalogue()


def run_peak(number: int, *, peak: int = 300 << 20, tokens: int | None = 12) -> RunPeak:
    return RunPeak(f"a/{number}", "c" * 40, "float32", "cpu", "fill-mask", peak, 1000, 300 << 20, START, tokens)


def test_the_memory_of_runs_is_kept_once_a_model_and_bounded(path: Path) -> None:
    memory = MemoryFile(path)
    for number in range(MAX_PEAKS + 3):
        memory.ran(run_peak(number))
    memory.ran(run_peak(7, peak=400 << 20, tokens=None))
    memory.set_bookmark("a/one", on=True)
    kept = MemoryFile(path).peaks()
    assert len(kept) == MAX_PEAKS
    assert kept[0] == run_peak(7, peak=400 << 20, tokens=None)
    assert [entry.model for entry in kept].count("a/7") == 1
    assert kept[1] == run_peak(MAX_PEAKS + 2)


def test_the_file_of_an_older_hubtui_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"version": 1, "bookmarks": ["a/one"], "recent": []}')
    assert MemoryFile(path).bookmarks() == ("a/one",)
    assert MemoryFile(path).searches() == ()
    assert MemoryFile(path).peaks() == ()
    assert not MemoryFile(path).asks_catalogue()


def test_an_unreadable_file_is_kept_aside_and_not_overwritten(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"bookmarks": ["a/one"')
    memory = MemoryFile(path)
    assert memory.bookmarks() == ()
    memory.set_bookmark("b/two", on=True)
    assert memory.bookmarks() == ("b/two",)
    assert path.with_name("memory.json.unreadable").read_text() == '{"bookmarks": ["a/one"'


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "null",
        '{"bookmarks": 3, "recent": []}',
        '{"bookmarks": [], "recent": [{"model": 1}]}',
        '{"bookmarks": [], "recent": [], "searches": 7}',
        '{"bookmarks": [], "recent": [], "recent_searches": ["x"]}',
        '{"bookmarks": [], "recent": [], "peaks": [{"model": "a/b"}]}',
        '{"bookmarks": [], "recent": [], "peaks": {"a": 1}}',
        '{"bookmarks": [], "recent": [], "code_read": [{"model": "a/b"}]}',
    ],
)
def test_a_file_of_the_wrong_shape_stops_nothing(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    assert MemoryFile(path).recent() == ()


def test_what_was_read_of_custom_code_comes_back_and_the_newest_reading_counts(path: Path) -> None:
    memory = MemoryFile(path)
    first = CodeReview("a/one", "1" * 40, START, {"m.py": "2" * 64}, {"far/away": "3" * 40})
    memory.code_read(first)
    memory.code_read(replace(first, model="b/two"))
    assert MemoryFile(path).code_review("a/one") == first
    newer = replace(first, commit="4" * 40, when=START + timedelta(days=1))
    memory.code_read(newer)
    assert MemoryFile(path).code_review("a/one") == newer
    assert MemoryFile(path).code_review("c/three") is None


def test_what_was_read_is_bounded() -> None:
    kept: tuple[CodeReview, ...] = ()
    for number in range(MAX_REVIEWS + 5):
        kept = with_review(kept, CodeReview(f"many/{number}", "", START))
    assert (len(kept), kept[0].model) == (MAX_REVIEWS, f"many/{MAX_REVIEWS + 4}")


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_lost(path: Path) -> None:
    memory = MemoryFile(path)
    memory.set_bookmark("a/one", on=True)
    lock = path.with_name(".memory.json.lock")
    lock.unlink()
    lock.mkdir()
    with pytest.raises(LocalStateError, match="cannot be written"):
        memory.set_bookmark("b/two", on=True)
    assert memory.bookmarks() == ("a/one",)


def _bookmark(path: str, prefix: str) -> None:
    memory = MemoryFile(Path(path))
    for number in range(20):
        memory.set_bookmark(f"{prefix}/{number}", on=True)
        memory.save_search(f"{prefix} {number}", on=True)


def test_two_processes_lose_none_of_each_others_bookmarks(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_bookmark, args=(str(path), prefix)) for prefix in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(MemoryFile(path).bookmarks()) == 40
    assert len(MemoryFile(path).searches()) == 40
    assert json.loads(path.read_bytes())["version"] == 1
