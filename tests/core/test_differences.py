from __future__ import annotations

import random

import pytest

from hubtui.core.differences import MOST_TEXT, cut, file_changes, text_diff, value_changes
from hubtui.core.models import FileEntry


def _file(path: str, identity: str = "", size: int | None = 1) -> FileEntry:
    is_lfs = len(identity) == 64
    return FileEntry(path, size, sha256=identity if is_lfs else "", blob_id="" if is_lfs else identity)


def test_files_are_told_apart_by_hash_not_by_size() -> None:
    before = [_file("same", "1" * 40), _file("w", "2" * 64, 100), _file("gone", "3" * 40), _file("old", "4" * 40, 9)]
    after = [_file("same", "1" * 40), _file("w", "5" * 64, 100), _file("come", "6" * 40, 7), _file("new", "4" * 40, 9)]
    found = {change.path: change for change in file_changes(before, after)}
    assert {path: change.kind for path, change in found.items()} == {
        "come": "added",
        "gone": "removed",
        "new": "renamed",
        "w": "changed",
    }
    assert [found[path].grown_bytes for path in ("come", "gone", "w", "new")] == [7, -1, 0, 0]
    renamed = found["new"].before
    assert renamed is not None
    assert renamed.path == "old"


def test_files_without_a_hash_are_compared_by_size() -> None:
    assert file_changes([_file("a", "", 5)], [_file("a", "1" * 40, 5)]) == ()
    assert [change.kind for change in file_changes([_file("a", "", 5)], [_file("a", "", 6)])] == ["changed"]
    assert file_changes([_file("a", "", None)], [_file("a", "", 6)])[0].grown_bytes is None


def test_what_changed_in_a_config_is_spelled_out() -> None:
    before = {
        "vocab_size": 30522, "tie": True, "rope": {"theta": 1e4, "kind": "x"}, "old": [1, 2], "same": 1.0,
        "pad_token_id": None, "layers": ["a", "b"],
    }  # fmt: skip
    after = {
        "vocab_size": 30524, "tie": 1, "rope": {"theta": 1e6, "kind": "x"}, "same": 1, "pad_token_id": 0,
        "layers": ["a", "c"], "new": {"deep": "x" * 200},
    }  # fmt: skip
    sentences = [change.sentence for change in value_changes("config.json", before, after)]
    assert sentences[:6] == [
        "vocab_size 30522 → 30524",
        "tie true → 1",
        "rope.theta 10000.0 → 1000000.0",
        "old [1, 2] removed",
        "pad_token_id null → 0",
        'layers ["a", "b"] → ["a", "c"]',
    ]
    assert sentences[6].startswith('new {"deep": "xxx')
    assert sentences[6].endswith("… added")
    assert value_changes("config.json", before, before) == ()


def test_hundreds_of_changed_labels_are_counted() -> None:
    changes = value_changes("config.json", {}, {str(number): number for number in range(1_000)})
    shown, more = cut(changes)
    assert (len(shown), more) == (300, "700 more values changed.")
    assert cut(changes[:300])[1] == ""


def test_a_text_is_compared_line_by_line() -> None:
    diff = text_diff("config.json", "a\nb\nc\n", "a\nB\x1b[2J\nc\n")
    assert diff.lines[:2] == ("--- a/config.json", "+++ b/config.json")
    assert diff.lines[3:] == (" a", "-b", "+B␛[2J", " c")
    assert not diff.is_cut


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("x", "x", "same text"),
        ("x\n", "x\r\n", "line ends"),
        ("x", "a\0b", "no text"),
        ("x", "y" * (MOST_TEXT + 1), "too long"),
        ("x", "\n" * 30_000, "too many lines"),
    ],
)
def test_what_cannot_be_shown_line_by_line_is_said(before: str, after: str, words: str) -> None:
    diff = text_diff("f", before, after)
    assert diff.lines == ()
    assert words in diff.reason


def test_a_diff_is_bounded_in_lines_and_width() -> None:
    diff = text_diff("f", "", "\n".join(map(str, range(5_000))))
    assert diff.is_cut
    assert len(diff.lines) == 2_000
    wide = text_diff("f", "x" * 100_000, "x" * 100_000 + "y")
    assert max(map(len, wide.lines)) < 2_100
    assert wide.lines[-1] != wide.lines[-2].replace("-", "+", 1), "long lines that begin alike are still told apart"


@pytest.mark.parametrize("alike", [1, 40, 4_000])
def test_texts_of_repeated_lines_do_not_hold_the_caller_up(alike: int) -> None:
    numbers = random.Random(1)
    old = [f"line {numbers.randrange(alike)}" for _ in range(8_000)]
    new = [line for line in old if numbers.random() > 0.1]
    assert text_diff("f", "\n".join(old), "\n".join(new)).path == "f"
