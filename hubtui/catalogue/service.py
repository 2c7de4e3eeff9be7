"""The local catalogue as the rest of hubtui asks it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hubtui.catalogue import build, codec, dump, feed, overtaken, parquet, schema
from hubtui.catalogue.engine import Engine
from hubtui.catalogue.feed import Source
from hubtui.catalogue.listing import REFRESHED, Listing, Walk
from hubtui.catalogue.place import Place, State, WriteFile, damaged
from hubtui.catalogue.spool import Pass
from hubtui.catalogue.translate import Here
from hubtui.core.errors import CatalogueError, HubError, HubUnreachableError, OfflineError, RateLimitedError
from hubtui.core.models import CatalogueProgress, CatalogueStatus, ModelRow, Page, Quota
from hubtui.core.query import Query

_REOPENED_EVERY = 100
"""Answers after which the index is opened anew: its files are mapped, and every page once read counts as resident."""

Progress = Callable[[CatalogueProgress], None]
IsCancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class HubListing:
    """The Hub as a sync needs it; `page` and `quota` are called in the thread that syncs.

    Attributes:
        endpoint: its address.
        is_offline: hubtui was told to stay off the network.
        page: fetches a page of the listing.
        quota: the quota as the last answer stated it.
    """

    endpoint: str
    is_offline: bool
    page: Listing
    quota: Callable[[], Quota | None]


class LocalCatalogue:
    """Implements `core.ports.Catalogue`; shared by threads.

    Args:
        folder: of the catalogue alone.
        hub: where it is filled from.
        here: what this machine knows about models.
        read_row: `module:function`, which reads one entry of a listing; processes that help to sync import it too.
        write: replaces the content of a file in one step.
        pause: waits so many seconds.
    """

    def __init__(
        self,
        folder: Path,
        hub: HubListing,
        here: Here,
        *,
        read_row: str,
        write: WriteFile,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._place = Place(folder, write)
        self._hub = hub
        self._here = here
        self._reader_name = read_row
        self._pause = pause
        self._lock = threading.Lock()
        self._answers = 0
        self._opened: tuple[tuple[int, int], Engine] | None = None

    def status(self) -> CatalogueStatus:
        """Return what the catalogue holds, and what to do next."""
        fetched = self._place.spool.load()
        known = CatalogueStatus(
            is_interrupted=fetched is not None,
            fetched=fetched.entries if fetched else 0,
            bytes_on_disk=self._place.size(),
        )
        try:
            state = self._place.current()
        except CatalogueError as error:
            go_on = "`hubtui catalogue sync` goes on where it stopped."
            return replace(known, next_step=go_on if fetched else str(error))
        return replace(
            known,
            models=state.models,
            synced=datetime.fromtimestamp(state.synced, UTC),
            filled=datetime.fromtimestamp(state.filled, UTC),
            refreshed=REFRESHED,
            untold=state.untold,
            source=state.source,
            is_complete=True,
            next_step="`hubtui catalogue sync` goes on with the changes." if fetched else "",
        )

    def search(self, query: Query, *, cursor: str | None = None, page_size: int = 100) -> Page:
        """Return one page of results with their exact number; the first when `cursor` is None.

        Raises:
            CatalogueError: there is no catalogue, or it cannot be read.
            OfflineError: only the Hub can answer a part of the query, or the dump does not tell of it.
        """
        with _readable():
            return self._engine().page(query, cursor, page_size)

    def row(self, model: str) -> tuple[ModelRow, datetime] | None:
        """Return what the catalogue holds of a model, and when it was brought up to date; None without such a model.

        Raises:
            CatalogueError: there is no catalogue, or it cannot be read.
        """
        with _readable():
            return self._engine().row(model)

    def counts(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        """Return `task`, `library`, `license`, `language` → value → how many there would be with that value chosen.

        Raises:
            CatalogueError, OfflineError: as for `search`.
        """
        with _readable():
            return self._engine().counts(query)

    def sync(
        self,
        progress: Progress,
        is_cancelled: IsCancelled,
        source: str | None = None,
        *,
        full: bool = False,
    ) -> CatalogueStatus:
        """Fill the catalogue: all of it the first time, then what changed; from a Parquet dump when one is named.

        Each sync with the Hub also takes in the models whose numbers are looked at most (`listing.REFRESHED`); a full
        one takes in the numbers of all, and forgets models that are gone. A model that the Hub names no longer among
        the first of the trending ones goes behind them (`overtaken`). An interrupted one goes on where it stopped.

        Args:
            progress: told where it stands.
            is_cancelled: asked many times a second.
            source: file or http(s) address of a dump.
            full: all of it again.

        Raises:
            CancelledError: stopped; what answered before still answers.
            HubError: the Hub failed; likewise.
            CatalogueError: the dump cannot be read, or another hubtui syncs.
        """
        with self._place.locked():
            if source is not None:
                self._from_dump(source, progress, is_cancelled)
            else:
                self._from_hub(progress, is_cancelled, full=full)
        return self.status()

    def drop(self) -> None:
        """Delete the catalogue, and what an interrupted sync has fetched.

        Raises:
            CatalogueError: another hubtui syncs.
        """
        with self._place.locked():
            self._place.clear()

    def _engine(self) -> Engine:
        stamp = self._place.stamp
        with self._lock:
            self._answers += 1
            if self._opened is not None and self._opened[0] == stamp and self._answers % _REOPENED_EVERY:
                return self._opened[1]
            state = self._place.current()
            folder = self._place.folder / state.index
            index = schema.open_index(folder)
            table = codec.TagTable(self._place.tags(folder))
            engine = Engine(index, index.searcher(), table, state, feed.reader(self._reader_name), self._here)
            self._opened = (stamp, engine)
            return engine

    def _from_dump(self, source: str, progress: Progress, is_cancelled: IsCancelled) -> None:
        name = source.rpartition("/")[2]
        if dump.is_url(source):
            if self._hub.is_offline:
                raise OfflineError("hubtui is offline.", hint="Give a file, or start without --offline.")
            path = self._place.dump
            dump.fetch(source, path, progress, is_cancelled)
        else:
            path = Path(source).expanduser()
        rows = parquet.row_count(path)
        written = int(path.stat().st_mtime)
        state = State(schema.VERSION, "", 0, written, 0, name, filled=written, untold=parquet.untold(path))
        self._build(Source("parquet", str(path), self._reader_name), rows, state, progress, is_cancelled)
        self._place.dump.unlink(missing_ok=True)

    def _from_hub(self, progress: Progress, is_cancelled: IsCancelled, *, full: bool) -> None:
        if self._hub.is_offline:
            raise OfflineError("hubtui is offline.", hint="Start without --offline to sync.")
        current = self._answering()
        is_full = full or current is None or current.endpoint not in {"", self._hub.endpoint}
        begun = self._place.spool.load()
        if begun is not None and begun.endpoint == self._hub.endpoint and (begun.kind == "full" or not is_full):
            state = begun
        else:
            self._place.spool.clear()
            since = 0 if current is None else current.newest
            state = Pass("full" if is_full else "changes", self._hub.endpoint, since=since)
        self._take_in(self._walked(state, progress, is_cancelled), progress, is_cancelled)
        if state.kind == "full":  # and what changed while it was walked
            answering = self._place.current()
            state = Pass("changes", self._hub.endpoint, since=answering.newest)
            self._take_in(self._walked(state, progress, is_cancelled), progress, is_cancelled)

    def _answering(self) -> State | None:
        """The catalogue that answers; none when it cannot be used, for it is filled anew then."""
        try:
            state = self._place.current()
            with _readable():
                schema.open_index(self._place.folder / state.index)
        except CatalogueError:
            return None
        return state

    def _walked(self, state: Pass, progress: Progress, is_cancelled: IsCancelled) -> Pass:
        walk = Walk(
            self._hub.page,
            self._hub.quota,
            feed.reader(self._reader_name),
            self._place.spool,
            progress,
            is_cancelled,
            self._pause,
        )
        try:
            return walk.go(state)
        except (RateLimitedError, HubUnreachableError):
            raise
        except HubError:
            if state.cursor is None:
                raise
            self._place.spool.clear()  # the Hub does not know this cursor any more
            return walk.go(Pass(state.kind, state.endpoint, since=state.since))

    def _take_in(self, walked: Pass, progress: Progress, is_cancelled: IsCancelled) -> None:
        """Index what a pass has fetched, let it answer, and only then forget the pages."""
        source = Source("spool", str(self._place.spool.folder), self._reader_name, pages=walked.pages)
        now, endpoint = int(time.time()), self._hub.endpoint
        state = State(schema.VERSION, "", 0, now, walked.newest, endpoint, endpoint=endpoint, filled=now)
        if walked.kind == "full":
            self._build(source, walked.entries, state, progress, is_cancelled)
        else:
            self._change(source, walked, state, progress, is_cancelled)
        self._place.spool.clear()

    def _build(
        self, source: Source, expected: int, state: State, progress: Progress, is_cancelled: IsCancelled
    ) -> None:
        folder = self._place.new_index()
        index = schema.create(folder)
        tags = codec.common_tags()
        self._place.write_tags(folder, tags)
        built = build.fill(
            index,
            replace(source, tags=tags),
            expected,
            is_new=True,
            progress=lambda done: progress(CatalogueProgress("indexing", done, expected)),
            is_cancelled=is_cancelled,
        )
        if not built.models:
            raise CatalogueError(f"{state.source} has no model that can be read.")
        index.reload()
        newest = state.newest or built.newest
        models = index.searcher().num_docs
        self._place.answer_with(replace(state, index=folder.name, models=models, newest=newest))

    def _change(
        self, source: Source, walked: Pass, state: State, progress: Progress, is_cancelled: IsCancelled
    ) -> None:
        current = self._place.current()
        folder = self._place.folder / current.index
        with _readable():
            index = schema.open_index(folder)
        table, read_row = codec.TagTable(self._place.tags(folder)), feed.reader(self._reader_name)
        build.fill(
            index,
            replace(source, tags=table.tags),
            walked.entries,
            is_new=False,
            progress=lambda done: progress(CatalogueProgress("indexing", min(done, walked.entries), walked.entries)),
            is_cancelled=is_cancelled,
            also=overtaken.documents(index, table, read_row, self._place.spool.folder, walked),
        )
        index.reload()
        models = index.searcher().num_docs
        taken_in = replace(current, models=models, synced=state.synced, newest=state.newest, endpoint=state.endpoint)
        self._place.answer_with(taken_in)


@contextmanager
def _readable() -> Iterator[None]:
    """Turn what the engine says of broken files into one sentence."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise damaged() from error
