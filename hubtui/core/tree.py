"""The tree of a revision: what the Hub tells of each file beyond its name, page by page, joined to the known files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from hubtui.core.models import FileEntry, Quota


@dataclass(frozen=True, slots=True)
class TreePage:
    """Some of a revision's files with last commit and scan state.

    Attributes:
        entries: in the Hub's order; none where nobody can be asked (offline, a folder).
        cursor: opaque; hand it back for the next page. None on the last one.
    """

    entries: tuple[FileEntry, ...] = ()
    cursor: str | None = None


def merged(files: Sequence[FileEntry], details: Sequence[FileEntry]) -> tuple[FileEntry, ...]:
    """Return the files with what `details` knows besides; what is known already stays, other paths are left out."""
    by_path = {entry.path: entry for entry in details}
    return tuple(_joined(file, by_path.get(file.path)) for file in files)


def _joined(file: FileEntry, detail: FileEntry | None) -> FileEntry:
    if detail is None:
        return file
    return replace(
        file,
        size=detail.size if file.size is None else file.size,
        sha256=file.sha256 or detail.sha256,
        blob_id=file.blob_id or detail.blob_id,
        last_commit=detail.last_commit or file.last_commit,
        scan=detail.scan or file.scan,
    )


def walk(
    ask: Callable[[str | None], TreePage],
    files: Sequence[FileEntry],
    *,
    quota: Callable[[], Quota | None],
    most_pages: int = 20,
) -> Iterator[tuple[FileEntry, ...]]:
    """Yield the files after each page of details (50 files a page on the Hub).

    Ends early, with the rest as it was, after `most_pages` or when only the calls are left that are kept for what the
    user does by hand.

    Args:
        ask: returns the page of a cursor, the first for None; raises `HubError`.
        files: what is known already.
        quota: what is left of the Hub's calls.
        most_pages: how many pages one look at a model may cost.
    """
    known, cursor = tuple(files), None
    for _ in range(most_pages):
        page = ask(cursor)
        known, cursor = merged(known, page.entries), page.cursor
        yield known
        left = quota()
        if cursor is None or (left is not None and left.remaining <= left.reserve):
            return
