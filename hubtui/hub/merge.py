"""Several listings read as one, in the order of the search and without duplicates: how alternatives are answered.

The Hub requires all of the filters it is given. So `language:fr,en` is asked as two listings, each in the Hub's order,
and the one that is ahead is read on (a k-way merge), page by page as the user goes down.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from hubtui.core.errors import HubError
from hubtui.core.models import ModelRow, Page
from hubtui.core.ordering import Rank

_MOST_MERGES = 64  # searches that can be gone back to and read on
_PREFIX = "merge"


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a listing.

    Attributes:
        next_url: where the next page is, None on the last one.
        skipped: entries that could not be read.
    """

    rows: tuple[ModelRow, ...]
    next_url: str | None
    skipped: int = 0


Fetch = Callable[[str], Listed]


class Merges:
    """The merges under way, found again by the cursors that they give out; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._merges: OrderedDict[str, _Merge] = OrderedDict()
        self._numbers = itertools.count(1)

    def begin(self, urls: Sequence[str], rank: Rank) -> str:
        """Return the cursor of the first page of a merge of listings that begin at `urls`."""
        with self._lock:
            name = str(next(self._numbers))
            self._merges[name] = _Merge(urls, rank)
            if len(self._merges) > _MOST_MERGES:
                self._merges.popitem(last=False)
        return f"{_PREFIX}:{name}:0"

    def page(self, cursor: str, fetch: Fetch) -> Page:
        """Return the page that a cursor leads to.

        When a request fails, the same cursor goes on later with the pages that did come.

        Raises:
            HubError: a request failed, or the cursor is too old.
        """
        _, name, number = [*cursor.split(":"), "", ""][:3]
        with self._lock:
            merge = self._merges.get(name)
            if merge is not None:
                self._merges.move_to_end(name)
        page = merge.page(int(number), fetch) if merge is not None and number.isdecimal() else None
        if page is None:
            raise HubError("This list was left too long ago to go on from here.", hint="Search again.")
        return replace(page, cursor=f"{_PREFIX}:{name}:{page.cursor}" if page.cursor is not None else None)


@dataclass(slots=True)
class _Branch:
    """One listing: the rows at hand, and where more are."""

    rows: tuple[ModelRow, ...]
    next_url: str | None
    skipped: int = 0

    @property
    def is_dry(self) -> bool:
        """Whether its next row is not known yet, so that nothing may be given out before it."""
        return not self.rows and self.next_url is not None

    def fill(self, fetch: Fetch) -> None:
        if self.is_dry:
            assert self.next_url is not None  # noqa: S101 - what dry means
            listed = fetch(self.next_url)
            self.rows, self.next_url, self.skipped = listed.rows, listed.next_url, listed.skipped


class _Merge:
    """One merge; the state before the latest page and after it are kept, so that a failed page can be asked again."""

    def __init__(self, urls: Sequence[str], rank: Rank) -> None:
        self._rank = rank
        self._lock = threading.Lock()
        self._states: dict[int, list[_Branch]] = {0: [_Branch((), url) for url in urls]}
        self._seen: dict[str, int] = {}  # id → page that gave it out

    def page(self, number: int, fetch: Fetch) -> Page | None:
        """Return a page whose cursor is the number of the next; None when its state is gone."""
        with self._lock:
            branches = self._states.get(number)
            if branches is None:
                return None
            _fill(branches, fetch)
            after = [_Branch(branch.rows, branch.next_url) for branch in branches]
            rows = self._take(number, after)
            self._states = {at: state for at, state in self._states.items() if at >= number}
            is_over = all(not branch.rows and branch.next_url is None for branch in after)
            if not is_over:
                self._states[number + 1] = after
            skipped = sum(branch.skipped for branch in branches)
            return Page(tuple(rows), None if is_over else str(number + 1), len(rows) + skipped, skipped)

    def _take(self, number: int, branches: list[_Branch]) -> list[ModelRow]:
        """Take rows in order while the next row of every listing is known."""
        taken: dict[str, ModelRow] = {}
        while not any(branch.is_dry for branch in branches):
            ready = [branch for branch in branches if branch.rows]
            if not ready:
                break
            first = min(ready, key=lambda branch: self._rank(branch.rows[0]))  # ties: the first alternative
            row, first.rows = first.rows[0], first.rows[1:]
            if self._seen.setdefault(row.id, number) == number:
                taken.setdefault(row.id, row)
        return list(taken.values())


def _fill(branches: Sequence[_Branch], fetch: Fetch) -> None:
    """Ask for the missing pages at the same time; those that come are kept even when another fails."""
    dry = [branch for branch in branches if branch.is_dry]
    with ThreadPoolExecutor(max(1, len(dry)), thread_name_prefix="listing") as pool:
        tries = [pool.submit(branch.fill, fetch) for branch in dry]
    for one in tries:
        one.result()
