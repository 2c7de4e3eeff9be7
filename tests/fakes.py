"""Small services that satisfy the ports of `core.ports`: deterministic and offline."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from hubtui.core.authors import Author
from hubtui.core.code_reviews import CodeReview
from hubtui.core.differences import Comparison, FileChange, TextDiff, ValueChange, text_diff
from hubtui.core.errors import CancelledError, CatalogueError, HubtuiError, ModelNotFoundError, RevisionNotFoundError
from hubtui.core.fit import Device
from hubtui.core.lineage import Lineage, Parents
from hubtui.core.models import (
    CachedModel,
    CatalogueProgress,
    CatalogueStatus,
    Commit,
    ModelFacts,
    ModelRow,
    Page,
    Quota,
    Ref,
)
from hubtui.core.ports import Services
from hubtui.core.query_plan import RowContext, plan
from hubtui.core.results import RunPeak
from hubtui.core.scans import FileScan
from hubtui.core.settings import Settings
from hubtui.core.tree import TreePage
from tests.fake_rows import NOW, ROWS, facts_of
from tests.fakes_files import FakeCache, FakeQueue

if TYPE_CHECKING:
    from hubtui.core.download_ports import Downloads
    from hubtui.core.ports import Inference, Structures, TensorHeaders
    from hubtui.core.query import Query
    from hubtui.core.tokenizer_ports import TokenizerInspector, Tokenizers


COMMITS = (Commit("b" * 40, "Add the card", ("ada",), NOW), Commit("a" * 40, "First", ("ada",), NOW))
FAMILY = Lineage((Parents(("FacebookAI/roberta-base",), "finetune"),), {"finetune": 68, "quantized": 12, "adapter": 1})


@dataclass
class FakeHub:
    """A Hub in memory: it filters with the real plan of a search, and can be told to fail or to wait."""

    rows: Sequence[ModelRow] = ROWS
    endpoint: str = "https://hub.test"
    is_offline: bool = False
    quota: Quota | None = field(default_factory=lambda: Quota(498, 500, 120.0))
    error: HubtuiError | None = None
    card_text: str | None = "# A model\n\nWhat it is.\n"
    gate: threading.Event | None = None
    images: Mapping[str, bytes] = field(default_factory=dict)
    foreign_asked: list[str] = field(default_factory=list)
    family: Lineage | None = FAMILY
    searches: list[tuple[Query, str | None]] = field(default_factory=list)
    texts: Mapping[str, str] = field(default_factory=dict)

    def _answer(self) -> None:
        if self.gate is not None:
            self.gate.wait(10)
        if self.error is not None:
            raise self.error

    def search(self, query: Query, *, cursor: str | None = None, page_size: int = 100) -> Page:
        """Page through the rows; the whole query is checked on this side."""
        self.searches.append((query, cursor))
        self._answer()
        start = int(cursor or 0)
        part = self.rows[start : start + page_size]
        context = RowContext(is_bookmarked=lambda _: False, fit_of=lambda _: "fits")
        wanted = plan(query, by_hub=False)
        kept = tuple(row for row in part if wanted.matches(row, context))
        following = start + page_size
        return Page(kept, str(following) if following < len(self.rows) else None, looked_at=len(part))

    def trending(self, limit: int = 12) -> tuple[ModelRow, ...]:
        """Return the rows with the most likes."""
        self._answer()
        return tuple(sorted(self.rows, key=lambda row: -row.trending)[:limit])

    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        """Return facts made from the row."""
        self._answer()
        row = next((row for row in self.rows if row.id == model), None)
        if row is None:
            raise ModelNotFoundError(f"There is no model {model}.", hint="Check the spelling, or search for it.")
        if revision not in {None, "main", "v1.0", "refs/pr/1"}:
            raise RevisionNotFoundError(f"{model} has no revision {revision}.", hint="u lists what it has.")
        return facts_of(row, revision or "main")

    def card(self, facts: ModelFacts) -> str | None:
        """Return the card that was set."""
        del facts
        self._answer()
        return self.card_text

    def read_text(self, facts: ModelFacts, path: str, *, max_bytes: int = 1 << 20) -> str:
        """Return the beginning of a file that was set, or of a made-up one."""
        del facts
        self._answer()
        return self.texts.get(path, f"the beginning of {path}")[:max_bytes]

    def read_bytes(self, facts: ModelFacts, path: str, *, offset: int = 0, length: int) -> bytes:
        """Return part of a made-up file."""
        return self.read_text(facts, path).encode()[offset : offset + length]

    def tree(self, facts: ModelFacts, *, cursor: str | None = None) -> TreePage:
        """Return every file with a commit and a scan, in two pages."""
        self._answer()
        found = tuple(replace(file, last_commit=COMMITS[0], scan=FileScan("safe")) for file in facts.files)
        return TreePage(found[:2], "2") if cursor is None else TreePage(found[int(cursor) :])

    def compare(self, model: str, before: str, after: str) -> Comparison:
        """Return a config value, a file and a commit that changed."""
        old, new = self.facts(model, before), self.facts(model, after)
        config = next(file for file in old.files if file.path == "config.json")
        return Comparison(
            model,
            old,
            new,
            files=(FileChange("config.json", "changed", config, replace(config, blob_id="9" * 40)),),
            values=(ValueChange("config.json", "vocab_size", "changed", 30522, 30524),),
            relation="ahead",
            commits=COMMITS[:1],
        )

    def file_diff(self, comparison: Comparison, path: str) -> TextDiff:
        """Return the diff of a line."""
        del comparison
        self._answer()
        return text_diff(path, "one\ntwo\n", "one\n2\n")

    def image(self, facts: ModelFacts, path: str) -> bytes:
        """Return the image that was set for a path."""
        del facts
        self._answer()
        return self.images[path]

    def foreign_image(self, address: str) -> bytes:
        """Return the image that was set for an address, and remember that another host was asked."""
        self._answer()
        self.foreign_asked.append(address)
        return self.images[address]

    def lineage(self, facts: ModelFacts) -> Lineage | None:
        """Return the family that was set."""
        del facts
        self._answer()
        return self.family

    def author(self, name: str) -> Author | None:
        """Return an organisation of that name."""
        self._answer()
        return Author(name, "organisation", name.title(), 12, 3_400)

    def commits(self, model: str, revision: str | None = None, *, limit: int = 50) -> tuple[Commit, ...]:
        """Return two commits."""
        del model, revision
        self._answer()
        return COMMITS[:limit]

    def refs(self, model: str) -> tuple[Ref, ...]:
        """Return a branch, a tag and a pull request."""
        del model
        self._answer()
        return (
            Ref("main", "branch", "c" * 40),
            Ref("v1.0", "tag", "b" * 40),
            Ref("refs/pr/1", "pull request", "d" * 40),
        )

    def cached(self) -> tuple[CachedModel, ...]:
        """Return the cached rows."""
        self._answer()
        return tuple(
            CachedModel(row.id, 4 * (row.parameters or 0), ("c" * 40,), NOW) for row in self.rows if row.is_cached
        )


@dataclass
class FakeCatalogue:
    """A catalogue in memory: it filters with the real plan of a search, and counts what is left."""

    rows: Sequence[ModelRow] = ROWS
    error: HubtuiError | None = None
    sync_error: HubtuiError | None = None
    searches: list[tuple[Query, str | None]] = field(default_factory=list)

    def status(self) -> CatalogueStatus:
        """Return a status that goes with the rows."""
        if not self.rows:
            return CatalogueStatus(next_step="Fill it with `hubtui catalogue sync`.")
        return CatalogueStatus(len(self.rows), NOW, "https://hub.test", is_complete=True, bytes_on_disk=1 << 20)

    def search(self, query: Query, *, cursor: str | None = None, page_size: int = 100) -> Page:
        """Page through the rows that match."""
        self.searches.append((query, cursor))
        found = self._matching(query)
        start = int(cursor or 0)
        following = start + page_size
        rest = str(following) if following < len(found) else None
        return Page(tuple(found[start:following]), rest, total=len(found), as_of=NOW)

    def row(self, model: str) -> tuple[ModelRow, datetime] | None:
        """Return a row by its id."""
        if not self.rows:
            raise CatalogueError("There is no local catalogue yet.")
        return next(((row, NOW) for row in self.rows if row.id == model), None)

    def counts(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        """Count the values of the rows that match, whatever the keys in force."""
        found = self._matching(query)
        return {
            "task": Counter(row.pipeline_tag for row in found if row.pipeline_tag),
            "library": Counter(row.library for row in found if row.library),
            "license": Counter(row.license for row in found if row.license),
            "language": Counter(language for row in found for language in row.languages),
        }

    def sync(
        self,
        progress: Callable[[CatalogueProgress], None],
        is_cancelled: Callable[[], bool],
        source: str | None = None,
        *,
        full: bool = False,
    ) -> CatalogueStatus:
        """Tell of two stages and be done."""
        del source, full
        if self.sync_error is not None:
            raise self.sync_error
        for stage in ("listing", "indexing"):
            if is_cancelled():
                raise CancelledError("The sync was stopped.")
            progress(CatalogueProgress(stage, len(self.rows), len(self.rows)))
        return self.status()

    def drop(self) -> None:
        """Forget the rows."""
        self.rows = ()

    def _matching(self, query: Query) -> list[ModelRow]:
        if self.error is not None:
            raise self.error
        wanted = plan(query, by_hub=False)
        context = RowContext(is_bookmarked=lambda _: False, fit_of=lambda _: "fits")
        return [row for row in self.rows if wanted.matches(row, context)]


@dataclass
class FakeMemory:
    """Bookmarks, recently opened models and searches, in memory."""

    marked: list[str] = field(default_factory=list)
    seen: list[tuple[str, datetime]] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    entered: list[tuple[str, datetime]] = field(default_factory=list)
    runs: list[RunPeak] = field(default_factory=list)
    reviews: dict[str, CodeReview] = field(default_factory=dict)
    error: HubtuiError | None = None
    by_catalogue: bool = False

    def bookmarks(self) -> tuple[str, ...]:
        """Return the bookmarks, newest first."""
        return tuple(self.marked)

    def set_bookmark(self, model: str, *, on: bool) -> None:
        """Add or remove a bookmark."""
        if self.error is not None:
            raise self.error
        self.marked = ([model] if on else []) + [other for other in self.marked if other != model]

    def recent(self) -> tuple[tuple[str, datetime], ...]:
        """Return what was opened, newest first."""
        return tuple(self.seen)

    def opened(self, model: str) -> None:
        """Remember that a model was opened."""
        self.seen = [(model, NOW), *((other, when) for other, when in self.seen if other != model)]

    def searches(self) -> tuple[str, ...]:
        """Return the saved searches, newest first."""
        return tuple(self.saved)

    def save_search(self, text: str, *, on: bool) -> None:
        """Save a search or take it away."""
        if self.error is not None:
            raise self.error
        search = text.strip()
        if search:
            self.saved = ([search] if on else []) + [other for other in self.saved if other != search]

    def recent_searches(self) -> tuple[tuple[str, datetime], ...]:
        """Return what was searched for, newest first."""
        return tuple(self.entered)

    def searched(self, text: str) -> None:
        """Remember that a search was entered."""
        search = text.strip()
        if search:
            self.entered = [(search, NOW), *((old, when) for old, when in self.entered if old != search)]

    def peaks(self) -> tuple[RunPeak, ...]:
        """Return the measured memory of runs, newest first."""
        return tuple(self.runs)

    def ran(self, peak: RunPeak) -> None:
        """Remember the measured memory of a run."""
        if self.error is not None:
            raise self.error
        self.runs = [peak, *(other for other in self.runs if other.key != peak.key)]

    def code_review(self, model: str) -> CodeReview | None:
        """Return how the code of a model was read last."""
        return self.reviews.get(model)

    def code_read(self, review: CodeReview) -> None:
        """Remember that the code of a model was read."""
        if self.error is not None:
            raise self.error
        self.reviews[review.model] = review

    def asks_catalogue(self) -> bool:
        """Return who is to answer searches."""
        return self.by_catalogue

    def ask_catalogue(self, on: bool) -> None:
        """Remember who is to answer searches."""
        if self.error is not None:
            raise self.error
        self.by_catalogue = on


@dataclass
class FakeBox:
    """A box with one GPU and a CPU."""

    all_devices: tuple[Device, ...] = (
        Device("GPU0", "gpu", 24_000_000_000, 22_100_000_000),
        Device("CPU", "cpu", 32_000_000_000, 20_000_000_000),
    )

    def devices(self) -> tuple[Device, ...]:
        """Return the devices."""
        return self.all_devices


def _missing(what: str) -> Callable[[], NoReturn]:
    def make() -> NoReturn:
        raise HubtuiError(f"This test has no {what}.")

    return make


def fake_services(
    *,
    hub: FakeHub | None = None,
    catalogue: FakeCatalogue | None = None,
    memory: FakeMemory | None = None,
    box: FakeBox | None = None,
    settings: Settings | None = None,
    downloads: Callable[[], Downloads] | None = None,
    queue: FakeQueue | None = None,
    cache: FakeCache | None = None,
    headers: Callable[[], TensorHeaders] | None = None,
    structures: Callable[[], Structures] | None = None,
    tokenizers: Callable[[], Tokenizers] | None = None,
    inspector: Callable[[], TokenizerInspector] | None = None,
    inference: Callable[[], Inference] | None = None,
) -> Services:
    """Return services for a test; what is not given is a fake with its defaults, or refuses."""
    the_hub, the_catalogue = hub or FakeHub(), catalogue or FakeCatalogue(rows=())
    the_queue, the_cache = queue or FakeQueue(), cache or FakeCache()
    the_queue.fetcher = the_queue.fetcher or downloads
    return Services(
        hub=lambda: the_hub,
        catalogue=lambda: the_catalogue,
        downloads=downloads or _missing("downloads"),
        queue=lambda: the_queue,
        cache=lambda: the_cache,
        headers=headers or _missing("headers"),
        structures=structures or _missing("structures"),
        tokenizers=tokenizers or _missing("tokenizers"),
        inspector=inspector or _missing("inspector"),
        inference=inference or _missing("inference"),
        box=box or FakeBox(),
        memory=memory or FakeMemory(),
        settings=settings or Settings(endpoint=the_hub.endpoint, is_demo=True),
    )
