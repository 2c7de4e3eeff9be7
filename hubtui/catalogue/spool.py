"""Pages of a listing on disk, kept until they are indexed, so that an interrupted sync goes on where it stopped.

A page is a compressed file of its own, written before the state that counts it: killed in between, the page is fetched
and written once more, under the same number.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from hubtui.catalogue import schema
from hubtui.core.errors import CatalogueError

_STATE = "pass.json"


@dataclass(frozen=True, slots=True)
class Pass:
    """One walk through the Hub's listing.

    Attributes:
        kind: `full` is the whole Hub, the oldest models last; `changes` what changed since the last pass, and then the
            models whose numbers are looked at most.
        endpoint: the Hub's address.
        cursor: opaque, of the page to fetch next; None before the first one of a leg.
        pages, entries: how many have been fetched.
        since: seconds; `changes` ends where the listing is older.
        newest: seconds; what the next pass of changes may begin from.
        is_listed: every page has been fetched.
        leg: which part of the walk it is in; each is in an order of its own.
        leg_entries: how many have been fetched in that leg.
        last_trending: score of the last of the trending models that were fetched, None before there is one.
        version: of the schema for which the entries were asked for.
    """

    kind: Literal["full", "changes"]
    endpoint: str
    cursor: str | None = None
    pages: int = 0
    entries: int = 0
    since: int = 0
    newest: int = 0
    is_listed: bool = False
    leg: int = 0
    leg_entries: int = 0
    last_trending: int | None = None
    version: int = schema.VERSION


class Spool:
    """The folder of the pass under way; `write` replaces a file in one step."""

    def __init__(self, folder: Path, write: Callable[[Path, bytes], None]) -> None:
        self.folder = folder
        self._write = write

    def load(self) -> Pass | None:
        """Return the pass under way, None when there is none, or none that can be gone on with."""
        try:
            state = Pass(**{"version": 0, **json.loads((self.folder / _STATE).read_bytes())})
        except (OSError, ValueError, TypeError):
            return None
        return state if state.version == schema.VERSION else None

    def save(self, state: Pass) -> None:
        """Write where the pass is."""
        self._write(self.folder / _STATE, json.dumps(asdict(state)).encode())

    def add(self, number: int, entries: Sequence[object]) -> None:
        """Write a page."""
        self._write(_page(self.folder, number), zlib.compress(json.dumps(entries).encode(), 1))

    def clear(self) -> None:
        """Forget the pass."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _page(folder: Path, number: int) -> Path:
    return folder / f"page-{number:07d}"


def entries(folder: Path, pages: int, part: int = 0, parts: int = 1) -> Iterator[list[object]]:
    """Yield every `parts`-th page from the `part`-th of the first `pages`.

    Raises:
        CatalogueError: a page is missing or damaged.
    """
    for number in range(part, pages, parts):
        try:
            page = json.loads(zlib.decompress(_page(folder, number).read_bytes()))
        except (OSError, ValueError, zlib.error) as error:
            raise CatalogueError(
                f"Page {number + 1} of the sync is damaged on disk.",
                hint="Start again with `hubtui catalogue sync --full`.",
            ) from error
        yield page if isinstance(page, list) else []
