"""What the interface and the commands may ask of the services: small protocols which `bootstrap` fills with real parts.

Calls of `Hub`, `Catalogue`, `Cache`, `TensorHeaders` and `Box` block (run them in a thread); those of `Structures`,
`Inference` and of `tokenizer_ports` are coroutines of the main loop. All raise `core.errors`, never a library's
exception. What has to do with downloads is in `core.download_ports`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from hubtui.core.authors import Author
    from hubtui.core.cache import CachedRepo, Deletion, DeletionPlan
    from hubtui.core.differences import Comparison, TextDiff
    from hubtui.core.download_ports import DownloadQueue, Downloads
    from hubtui.core.fit import Device
    from hubtui.core.gguf import GgufSizes
    from hubtui.core.lineage import Lineage
    from hubtui.core.memory import Memory
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
    from hubtui.core.query import Query
    from hubtui.core.results import RunEvent, RunRequest
    from hubtui.core.settings import Settings
    from hubtui.core.structure import Head, Structure
    from hubtui.core.tensors import Tensors
    from hubtui.core.tokenizer_ports import TokenizerInspector, Tokenizers
    from hubtui.core.tree import TreePage


class Hub(Protocol):
    """Facts about models, from a Hub, its cache on this machine or a local folder."""

    @property
    def endpoint(self) -> str:
        """The Hub's address."""

    @property
    def is_offline(self) -> bool:
        """Whether hubtui was told to stay off the network."""

    @property
    def quota(self) -> Quota | None:
        """The API quota now, as the answers stated it; whole again once its window is over."""

    def search(self, query: Query, *, cursor: str | None = None, page_size: int = 100) -> Page:
        """Return one page of results; the first when `cursor` is None.

        Raises:
            RateLimitedError: the quota is used up; until its `retry_at` nothing is sent.
        """

    def trending(self, limit: int = 12) -> tuple[ModelRow, ...]:
        """Return what is trending now."""

    def facts(self, model: str, revision: str | None = None) -> ModelFacts:
        """Return what is known about a model id, or about a checkpoint folder given by its path."""

    def card(self, facts: ModelFacts) -> str | None:
        """Return README.md as it is stored (untrusted), None when the revision has none.

        Raises:
            OfflineError: it has one that is not on this machine, or that is not known.
        """

    def read_text(self, facts: ModelFacts, path: str, *, max_bytes: int = 1 << 20) -> str:
        """Return the beginning of one file as text (untrusted); undecodable bytes become U+FFFD."""

    def read_bytes(self, facts: ModelFacts, path: str, *, offset: int = 0, length: int) -> bytes:
        """Return up to `length` bytes of one file, at most 16 MiB a call; a file that is here whole is read here."""

    def tree(self, facts: ModelFacts, *, cursor: str | None = None) -> TreePage:
        """Return files with their last commit and scan state, 50 a page; none for a folder, the cache, or offline.

        `core.tree.walk` reads page after page into the files of the facts.
        """

    def compare(self, model: str, before: str, after: str) -> Comparison:
        """Return what changed between two revisions: files, values of config and tokenizer, commits between."""

    def file_diff(self, comparison: Comparison, path: str) -> TextDiff:
        """Return how the text of one file changed; computed in the caller's thread, bounded."""

    def image(self, facts: ModelFacts, path: str) -> bytes:
        """Return an image file of the repo, whole (untrusted); files of more than 8 MiB are refused."""

    def foreign_image(self, address: str) -> bytes:
        """Return an image of another host, asked without the token: only after the user has agreed to ask it."""

    def lineage(self, facts: ModelFacts) -> Lineage | None:
        """Return a model's parents and the counts of what was made of it; None for a folder."""

    def author(self, name: str) -> Author | None:
        """Return who owns a namespace, None when the Hub knows nobody of that name."""

    def commits(self, model: str, revision: str | None = None, *, limit: int = 50) -> tuple[Commit, ...]:
        """Return the newest commits."""

    def refs(self, model: str) -> tuple[Ref, ...]:
        """Return branches, tags and pull requests."""

    def cached(self) -> tuple[CachedModel, ...]:
        """Return the models in this machine's cache, last used first."""


class Catalogue(Protocol):
    """Metadata of the whole Hub on this machine."""

    def status(self) -> CatalogueStatus:
        """Return what it holds, and what to do next."""

    def search(self, query: Query, *, cursor: str | None = None, page_size: int = 100) -> Page:
        """Return one page of results with their exact number (`total`); the first when `cursor` is None.

        Raises:
            CatalogueError: there is no catalogue, or it cannot be read.
            OfflineError: only the Hub can answer a part of the query, or the dump does not tell of it.
        """

    def row(self, model: str) -> tuple[ModelRow, datetime] | None:
        """Return what it holds of a model, and when it was brought up to date; None when it has no such model.

        Raises:
            CatalogueError: there is no catalogue, or it cannot be read.
        """

    def counts(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        """Return `task`, `library`, `license`, `language` → value → how many there would be with that value chosen.

        Raises:
            CatalogueError, OfflineError: as for `search`.
        """

    def sync(
        self,
        progress: Callable[[CatalogueProgress], None],
        is_cancelled: Callable[[], bool],
        source: str | None = None,
        *,
        full: bool = False,
    ) -> CatalogueStatus:
        """Fill it from the Hub, or from a Parquet dump (file or address); go on with what was interrupted.

        Raises:
            CancelledError, HubError, CatalogueError: what answered before still answers.
        """

    def drop(self) -> None:
        """Delete it."""


class Cache(Protocol):
    """The models in this machine's Hugging Face cache; the calls block."""

    def repos(self) -> tuple[CachedRepo, ...]:
        """Return the models with their revisions and files, last used first."""

    def repo(self, model: str) -> CachedRepo | None:
        """Return one model, None when nothing of it is in the cache."""

    def delete(self, plan: DeletionPlan) -> Deletion:
        """Delete what a plan (`core.cache.plan_deletion`) says, as far as it still holds.

        Raises:
            CacheError: a download of the model is under way in some process, or the cache is laid out as none is.
        """


class TensorHeaders(Protocol):
    """The headers of weight files, read without the weights; the call blocks."""

    def tensors(
        self,
        facts: ModelFacts,
        path: str = "",
        *,
        progress: Callable[[int, int], None] | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Tensors:
        """List the tensors of a revision: of the weights that transformers loads, else of the first GGUF file.

        Args:
            facts: of the model.
            path: another weight file; its set (`…-00001-of-00003…`) is read with it.
            progress: told how many files are read, and of how many.
            is_cancelled: asked meanwhile.

        Raises:
            CheckpointError: nothing can be listed; the message says what there is instead.
        """

    def gguf_sizes(self, facts: ModelFacts) -> GgufSizes:
        """Return what a model without config.json says of its sizes in its GGUF file; empty for any other model."""


class Structures(Protocol):
    """Models without weights, built from a config alone in a process of their own."""

    async def build(self, model: str, config: Mapping[str, Any], *, head: str = "") -> Structure:
        """Return how a model is built.

        Args:
            model: name for messages.
            config: config.json.
            head: class (`BertForMaskedLM`) or Auto class (`AutoModelForMaskedLM`); the one that the config names when
                empty.

        Raises:
            CheckpointError: it cannot be built; the message says why.
            UsageError: its type has no such head; the hint lists those that it has.
            WorkerDiedError: the process did not start, or ended.
        """

    async def heads(self, model: str, config: Mapping[str, Any]) -> tuple[Head, ...]:
        """Return what else the same config can be loaded as, each with its parameters and what it adds to the body.

        Raises:
            CheckpointError: nothing of it can be built.
        """

    async def close(self) -> None:
        """End the process."""


class Inference(Protocol):
    """The inference process."""

    def warm(self) -> None:
        """Begin to start the process, so that the first run need not wait for the libraries."""

    def run(self, request: RunRequest) -> AsyncGenerator[RunEvent, None]:
        """Run; yield stages and deltas, last of all the outcome.

        Raises:
            TaskError, CheckpointError, RunError, WorkerDiedError, CancelledError: from the iterator.
        """

    def cancel(self) -> None:
        """Ask the run to stop between tokens."""

    def kill(self) -> None:
        """End the process of the run at once; the next run starts a new one."""

    async def close(self) -> None:
        """End all processes and free their memory."""


class Box(Protocol):
    """This machine."""

    def devices(self) -> tuple[Device, ...]:
        """Return memory of the CPU and of each accelerator, read now."""


@dataclass(frozen=True, slots=True)
class Services:
    """All services of one session.

    The makers are called on first use, in a thread: they import what they stand on. `queue` alone costs nothing and is
    asked for on the main loop.
    """

    hub: Callable[[], Hub]
    catalogue: Callable[[], Catalogue]
    downloads: Callable[[], Downloads]
    queue: Callable[[], DownloadQueue]
    cache: Callable[[], Cache]
    headers: Callable[[], TensorHeaders]
    structures: Callable[[], Structures]
    tokenizers: Callable[[], Tokenizers]
    inspector: Callable[[], TokenizerInspector]
    inference: Callable[[], Inference]
    box: Box
    memory: Memory
    settings: Settings
