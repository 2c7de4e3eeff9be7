"""Walks through the Hub's listing: politely, and so that it can be cut off at any page."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from hubtui.catalogue import codec
from hubtui.catalogue.spool import Pass, Spool
from hubtui.core.errors import CancelledError, HubUnreachableError, RateLimitedError
from hubtui.core.models import CatalogueProgress, ListingPage, Quota
from hubtui.core.vocabulary import SORTS

FULL_SORT, CHANGES_SORT = "createdAt", "lastModified"
"""A full pass goes by what never changes, or rows would move past it; what changed meanwhile comes with the changes."""

REFRESHED = {"downloads": 10_000, "trending": 2_000}
"""Sort → how many of the first models in it have their numbers asked for anew by each sync.

Numbers change without a commit, and are seen where they are high. These are twelve pages of the Hub's largest size, so
that a sync stays a matter of seconds and of 2 % of the smallest quota of a window; all models would be 2,500 pages.
"""


@dataclass(frozen=True, slots=True)
class _Leg:
    """Part of a walk: pages in one order of the Hub, until there were so many models."""

    sort: str
    most: int | None = None


_LEGS: dict[str, tuple[_Leg, ...]] = {
    "full": (_Leg(FULL_SORT),),
    "changes": (_Leg(CHANGES_SORT), *(_Leg(SORTS[sort], most) for sort, most in REFRESHED.items())),
}

_TRIES = 5

_STEP_S = 0.25
_OVERLAP_S = 1
"""Changes in the very second of the mark may have come after it was read: they are taken again."""


class Listing(Protocol):
    """Fetches a page of the Hub's listing."""

    def __call__(self, cursor: str | None, *, sort: str) -> ListingPage:
        """Return the page at a cursor, the first when None."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A pass through the listing into a spool.

    Attributes:
        listing: fetches a page.
        quota: what the Hub said last about its quota.
        read_row: reads an entry.
        progress: told where it stands.
        is_cancelled: asked between pages and while waiting.
        pause: waits so many seconds.
    """

    listing: Listing
    quota: Callable[[], Quota | None]
    read_row: codec.ReadRow
    spool: Spool
    progress: Callable[[CatalogueProgress], None]
    is_cancelled: Callable[[], bool]
    pause: Callable[[float], None] = time.sleep

    def go(self, state: Pass) -> Pass:
        """Fetch the pages that are missing; return the pass with all of them.

        Raises:
            CancelledError: stopped; the next call goes on.
            HubError: the Hub failed; likewise.
        """
        if state.pages == 0 and state.kind == "full":
            state = replace(state, newest=self._newest(self._page(None, CHANGES_SORT)))
        while not state.is_listed:
            state = self._step(state)
        return state

    def _step(self, state: Pass) -> Pass:
        legs = _LEGS[state.kind]
        leg = legs[state.leg]
        page = self._page(state.cursor, leg.sort)
        self.spool.add(state.pages, page.entries)
        if leg.sort == CHANGES_SORT and state.pages == 0:
            state = replace(state, newest=max(self._newest(page), state.since))
        if leg.sort == SORTS["trending"]:
            state = replace(state, last_trending=self._least_trending(page, state.last_trending))
        state = replace(
            state,
            cursor=page.cursor,
            pages=state.pages + 1,
            entries=state.entries + len(page.entries),
            leg_entries=state.leg_entries + len(page.entries),
        )
        if page.cursor is None or self._ends(leg, state, page):
            is_last = state.leg + 1 == len(legs)
            state = replace(state, cursor=None, leg=state.leg + 1, leg_entries=0, is_listed=is_last)
        self.spool.save(state)
        self.progress(CatalogueProgress("listing", state.entries))
        return state

    def _ends(self, leg: _Leg, state: Pass, page: ListingPage) -> bool:
        if leg.sort == CHANGES_SORT:
            return self._reaches(page, state.since)
        return leg.most is not None and state.leg_entries >= leg.most

    def _newest(self, page: ListingPage) -> int:
        return max(self._times(page), default=0)

    def _reaches(self, page: ListingPage, since: int) -> bool:
        """Whether a page of changes ends with what the last pass has seen."""
        times = self._times(page)
        return bool(times) and min(times) < since - _OVERLAP_S

    def _least_trending(self, page: ListingPage, before: int | None) -> int | None:
        rows = (self.read_row(entry) for entry in page.entries)
        scores = [int(row.trending) for row in rows if row is not None]
        return min([*scores, *([] if before is None else [before])], default=None)

    def _times(self, page: ListingPage) -> list[int]:
        rows = (self.read_row(entry) for entry in page.entries)
        return [codec.seconds(row.updated) for row in rows if row is not None and row.updated is not None]

    def _page(self, cursor: str | None, sort: str) -> ListingPage:
        """A page, when the quota allows it; a passing failure is tried again."""
        self._obey_quota()
        wait = 1.0
        for _ in range(_TRIES - 1):
            self._check()
            try:
                return self.listing(cursor, sort=sort)
            except RateLimitedError as error:
                self._wait(error.retry_after_s + 1)
            except HubUnreachableError:
                self._wait(wait)
                wait *= 2
        self._check()
        return self.listing(cursor, sort=sort)

    def _obey_quota(self) -> None:
        quota = self.quota()
        if quota is not None and quota.remaining <= quota.reserve:
            self._wait(quota.reset_s + 1)

    def _wait(self, wait_s: float) -> None:
        left = wait_s
        while left > 0:
            self._check()
            self.progress(CatalogueProgress("waiting", wait_s=left))
            self.pause(min(_STEP_S, left))
            left -= _STEP_S

    def _check(self) -> None:
        if self.is_cancelled():
            raise CancelledError("The sync was stopped.", hint="`hubtui catalogue sync` goes on where it stopped.")
