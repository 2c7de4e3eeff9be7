from __future__ import annotations

from hubtui.core.models import Commit, FileEntry, Quota
from hubtui.core.scans import FileScan
from hubtui.core.tree import TreePage, merged, walk

_COMMIT = Commit("a" * 40, "First")
_FILES = (FileEntry("a", 1, blob_id="1" * 40), FileEntry("b"), FileEntry("c", 3))
_DETAILS = tuple(
    FileEntry(name, 9, sha256="2" * 64, blob_id="3" * 40, last_commit=_COMMIT, scan=FileScan("safe")) for name in "abcd"
)


def test_details_are_added_and_what_is_known_stays() -> None:
    first, second, third = merged(_FILES, _DETAILS)
    assert (first.size, first.blob_id, first.sha256) == (1, "1" * 40, "2" * 64)
    assert (second.size, second.last_commit, second.scan) == (9, _COMMIT, FileScan("safe"))
    assert third.path == "c", "a file that is not of the revision is left out"
    assert merged(_FILES, ()) == _FILES


def _pages(cursor: str | None) -> TreePage:
    at = int(cursor or 0)
    return TreePage(_DETAILS[at : at + 1], str(at + 1) if at < 3 else None)


def test_the_tree_is_read_page_by_page_and_shown_as_it_comes() -> None:
    states = list(walk(_pages, _FILES, quota=lambda: None))
    assert [sum(file.last_commit is not None for file in files) for files in states] == [1, 2, 3, 3]
    assert len(list(walk(_pages, _FILES, quota=lambda: None, most_pages=2))) == 2


def test_a_large_tree_does_not_use_up_the_calls_kept_for_the_user() -> None:
    assert len(list(walk(_pages, _FILES, quota=lambda: Quota(10, 500, 60.0)))) == 1
