"""Answers a search: pages of the Hub's listing, or rows of this machine, filtered by what the Hub cannot filter."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from hubtui.core.caveats import caveats
from hubtui.core.errors import AnswerTooLongError, HubError, HubUnreachableError, ModelNotFoundError, OfflineError
from hubtui.core.fit import Verdict
from hubtui.core.models import ListingPage, ModelRow, Page
from hubtui.core.ordering import rank_of
from hubtui.core.query import Query
from hubtui.core.query_plan import Params, Plan, RowContext, plan
from hubtui.hub import entries
from hubtui.hub.answers import Subject
from hubtui.hub.http import HubHttp
from hubtui.hub.local_hub import LocalHub
from hubtui.hub.merge import Listed, Merges
from hubtui.hub.origin import host, is_same_origin, next_link

_ROW_LIFETIME_S = 300.0  # the Hub's quota window: a bookmark is asked for at most once in it
_BOOKMARKS_A_PAGE = 50  # each costs a call
_MOST_ROWS = 20_000  # remembered
_PARALLEL = 8
_FEWER = 20


@dataclass(frozen=True, slots=True)
class Here:
    """What this machine knows about rows: bookmarked ids, newest first, and whether a row fits this box."""

    bookmarks: Callable[[], Sequence[str]]
    fit_of: Callable[[ModelRow], Verdict]


class Search:
    """Answers searches; shared by threads."""

    def __init__(self, http: HubHttp, local: LocalHub, here: Here, *, offline: bool) -> None:
        self._http = http
        self._local = local
        self._here = here
        self._offline = offline
        self._merges = Merges()
        self._rows: dict[str, tuple[float, ModelRow | None]] = {}
        self._lock = threading.Lock()

    def page(self, query: Query, cursor: str | None, page_size: int) -> Page:
        """Return one page; offline, and for `is:cached` and `is:bookmarked`, all rows in one."""
        planned = plan(query, by_hub=not self._offline)
        if planned.hub_only:
            keys = " and ".join(f"{term.key}:" for term in planned.hub_only)
            raise OfflineError(f"Only the Hub can answer {keys}.", hint="Leave it out, or go online without is:.")
        by_hub = not (self._offline or planned.only)
        page = self._page(query, planned, cursor, page_size)
        return replace(page, caveats=(*caveats(query, by_hub=by_hub), *page.caveats))

    def _page(self, query: Query, planned: Plan, cursor: str | None, page_size: int) -> Page:
        if planned.only == "bookmarked" and not self._offline:
            return self._bookmarked(query, planned, cursor)
        if self._offline or planned.only:
            return self._kept(query, planned, self._local.rows())
        if planned.branches:
            return self._merged(query, planned, cursor, page_size)
        return self._listed(planned, cursor, page_size)

    def _listed(self, planned: Plan, cursor: str | None, page_size: int) -> Page:
        listed = self._listing(cursor or self._first_page(planned, (), page_size))
        context = self._context()
        return Page(
            rows=tuple(row for row in listed.rows if planned.matches(row, context)),
            cursor=listed.next_url,
            looked_at=len(listed.rows) + listed.skipped,
            skipped=listed.skipped,
        )

    def _merged(self, query: Query, planned: Plan, cursor: str | None, page_size: int) -> Page:
        """Return a page of several listings merged in the order of the search: one for each alternative."""
        if cursor is None:
            urls = [self._first_page(planned, branch, page_size) for branch in planned.branches]
            cursor = self._merges.begin(urls, rank_of(query.sort))
        page = self._merges.page(cursor, self._listing)
        context = self._context()
        return replace(page, rows=tuple(row for row in page.rows if planned.matches(row, context)))

    def _first_page(self, planned: Plan, branch: Params, page_size: int) -> str:
        expand = [("expand", name) for name in (*entries.ROW_FIELDS, *planned.fields)]
        params = (*planned.params, *branch, ("limit", str(page_size)), *expand)
        return f"{self._http.endpoint}/api/models?{urlencode(params)}"

    def _listing(self, url: str) -> Listed:
        """Ask for one page of a listing; an entry that cannot be read is left out and counted."""
        page = self._entries(url)
        cached = frozenset(self._local.cache.ids())
        rows = tuple(row for entry in page.entries if (row := entries.row(entry, cached)) is not None)
        self._remember({row.id: row for row in rows})
        return Listed(rows, page.cursor, len(page.entries) - len(rows))

    def everything(self, cursor: str | None, sort: str, page_size: int) -> ListingPage:
        """Return a page of the listing of all models in an order of the Hub, its entries `entries.lean`.

        Models with very many files can make it too long to be read; then it is asked for with fewer models.
        """
        planned = Plan((("sort", sort),), fields=entries.CATALOGUE_FIELDS)
        url = cursor or self._first_page(planned, (), page_size)
        try:
            page = self._entries(url)
        except AnswerTooLongError:
            page = self._entries(_with_limit(url, max(page_size // _FEWER, 1)))
            page = replace(page, cursor=page.cursor and _with_limit(page.cursor, page_size))
        return replace(page, entries=tuple(map(entries.lean, page.entries)))

    def _entries(self, url: str) -> ListingPage:
        if not is_same_origin(url, self._http.endpoint):
            raise HubError(
                f"The next page would come from another host ({host(url)}), which is not followed.",
                hint="The Hub, or something on the way to it, is not to be trusted.",
            )
        document, answer = self._http.get_json(url)
        if not isinstance(document, list):
            raise HubError(f"{host(url)} answered a search with something that is no list.")
        following = next_link(answer.url, answer.headers.get("link", ""))
        return ListingPage(tuple(document), following if following != url else None)

    def _bookmarked(self, query: Query, planned: Plan, cursor: str | None) -> Page:
        """Ask for each bookmark by itself, newest first: a listing cannot be narrowed to them."""
        marked = tuple(self._here.bookmarks())
        start = int(cursor or 0)
        models = marked[start : start + _BOOKMARKS_A_PAGE]
        with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="bookmark") as pool:
            rows = tuple(pool.map(lambda model: self._one(model, planned.fields), models))
        found = tuple(row for row in rows if row is not None)
        following = start + len(models)
        gone = [model for model, row in zip(models, rows, strict=True) if row is None]
        return replace(
            self._kept(query, planned, found, from_cache=False),
            cursor=str(following) if following < len(marked) else None,
            looked_at=len(found),
            caveats=(f"No longer on the Hub: {', '.join(gone[:3])}{' …' if len(gone) > 3 else ''}.",) if gone else (),
        )

    def _one(self, model: str, fields: tuple[str, ...]) -> ModelRow | None:
        """One model's row: remembered, asked for, or else from the cache; None when it is gone."""
        with self._lock:
            until, row = self._rows.get(model, (0.0, None))
        if time.monotonic() < until and not (row and fields):
            return row
        expand = [("expand", name) for name in (*entries.ROW_FIELDS, *fields)]
        try:
            document, _ = self._http.get_json(
                f"{self._http.endpoint}/api/models/{model}", expand, subject=Subject(model)
            )
        except ModelNotFoundError:
            self._remember({model: None})
            return None
        except HubUnreachableError:
            local = self._local.row(model)
            if local is None:
                raise
            return local
        found = entries.row(document, frozenset(self._local.cache.ids()))
        if found is not None:
            self._remember({model: found})
        return found

    def _kept(self, query: Query, planned: Plan, rows: Sequence[ModelRow], *, from_cache: bool = True) -> Page:
        context = self._context()
        with self._lock:
            known = {row.id: self._rows[row.id][1] for row in rows if row.id in self._rows}
        full = [_completed(row, other) if (other := known.get(row.id)) is not None else row for row in rows]
        kept = [row for row in full if planned.matches(row, context)]
        kept.sort(key=rank_of(query.sort))  # stable: what is not known keeps its place
        as_of = self._local.newest() if from_cache else None
        return Page(rows=tuple(kept), looked_at=len(rows), from_cache=from_cache, as_of=as_of)

    def _context(self) -> RowContext:
        return RowContext(frozenset(self._here.bookmarks()).__contains__, self._here.fit_of)

    def _remember(self, rows: Mapping[str, ModelRow | None]) -> None:
        until = time.monotonic() + _ROW_LIFETIME_S
        with self._lock:
            for model, row in rows.items():
                self._rows.pop(model, None)
                self._rows[model] = (until, row)
            while len(self._rows) > _MOST_ROWS:
                del self._rows[next(iter(self._rows))]  # the one heard of longest ago


def _with_limit(url: str, limit: int) -> str:
    """The address of a listing's page with another number of models."""
    parts = urlsplit(url)
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "limit"]
    return urlunsplit(parts._replace(query=urlencode([*asked, ("limit", str(limit))])))


def _completed(row: ModelRow, known: ModelRow) -> ModelRow:
    """A row of this machine with what a listing said of the model; what only this machine saw stays."""
    has_card = row.has_card if known.has_card is None else known.has_card
    return replace(known, is_cached=row.is_cached, has_card=has_card)
