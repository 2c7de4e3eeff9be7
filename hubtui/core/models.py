"""What the Hub says about a model, as plain values.

Strings in these values come from strangers. The room that makes them (`hub`) passes every one of them through
`core.untrusted.clean`, except file paths, revisions and ids that are used in further requests, which it validates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hubtui.core.gate import GatedPrompt
from hubtui.core.scans import FileScan

_RESERVED_CALLS = 10


class Gated(StrEnum):
    """Whether a form stands before the files."""

    NO = "no"
    AUTO = "auto"
    MANUAL = "manual"

    def __bool__(self) -> bool:
        """Say whether there is a form at all."""
        return self is not Gated.NO


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model in a listing.

    Attributes:
        id: `namespace/name`, or a bare name for the oldest repos.
        pipeline_tag: the Hub's task id, empty when unknown.
        library: the Hub's library id, empty when unknown.
        license: licence id such as `apache-2.0`, empty when unknown.
        parameters: number of weights, None when the listing does not say.
        parameters_by_dtype: safetensors dtype (`F32`, `BF16`) → number of weights.
        downloads: of the last 30 days.
        updated: last commit, UTC.
        formats: of `safetensors`, `pickle`, `gguf`, `onnx`, `tensorflow`, `jax`.
        is_cached: a snapshot is in this machine's Hugging Face cache.
        has_card: the repo holds a README.md; None unless the listing was asked for it.
        is_warm: an inference provider serves it; None unless the listing was asked for it.
        providers: the inference providers which serve it; empty unless the listing was asked for them.
    """

    id: str
    pipeline_tag: str = ""
    library: str = ""
    license: str = ""
    languages: tuple[str, ...] = ()
    parameters: int | None = None
    parameters_by_dtype: Mapping[str, int] = field(default_factory=dict)
    downloads: int = 0
    likes: int = 0
    trending: float = 0.0
    gated: Gated = Gated.NO
    private: bool = False
    updated: datetime | None = None
    created: datetime | None = None
    formats: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    is_cached: bool = False
    has_card: bool | None = None
    is_warm: bool | None = None
    providers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a search's results.

    Attributes:
        rows: the rows which match, in the Hub's order.
        cursor: opaque; hand it back for the next page. None on the last one.
        looked_at: entries that the Hub sent for this page, before filtering on this side.
        skipped: entries that could not be read, and were left out.
        total: how many rows match in all; None where only paging would tell.
        as_of: when what answered was brought up to date, of the cache: last; None for the Hub itself.
        forgiven: word that is in no id → the nearest ones, which were looked for instead.
        caveats: what to know before trusting that these are all, a sentence each.
    """

    rows: tuple[ModelRow, ...]
    cursor: str | None = None
    looked_at: int = 0
    skipped: int = 0
    from_cache: bool = False
    total: int | None = None
    as_of: datetime | None = None
    forgiven: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A page of the Hub's listing: entries are unchecked JSON. `cursor` is None on the last one."""

    entries: tuple[object, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogueStatus:
    """What the local catalogue holds.

    Attributes:
        models: how many, 0 when there is no catalogue.
        synced: when the Hub was last asked for it, None when there is none.
        filled: when all of it was read, and not only what a sync takes in; None when there is none.
        refreshed: sort → how many of its first models get their numbers anew at each sync; the others do so when they
            change, and at a full one.
        untold: what the dump that it was filled from does not tell, of `card`, `warm` and `provider`.
        source: the Hub's address or the name of the dump it was filled from.
        is_complete: it holds the whole Hub, or the whole dump; searches are answered.
        is_interrupted: a sync was cut off, and the next one goes on with it.
        fetched: entries which that one has fetched.
        bytes_on_disk: of the whole folder.
        next_step: what to do next, one sentence; empty when there is nothing to do.
    """

    models: int = 0
    synced: datetime | None = None
    source: str = ""
    is_complete: bool = False
    is_interrupted: bool = False
    fetched: int = 0
    bytes_on_disk: int = 0
    next_step: str = ""
    filled: datetime | None = None
    refreshed: Mapping[str, int] = field(default_factory=dict)
    untold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueProgress:
    """Where a sync stands.

    Attributes:
        stage: `downloading` a dump (bytes), `listing` the Hub's pages (entries), `waiting` for the Hub's quota, or
            `indexing` (entries).
        done, total: total is None where nobody knows.
        wait_s: seconds left of waiting.
    """

    stage: str
    done: int = 0
    total: int | None = None
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of a model's history."""

    id: str
    title: str
    authors: tuple[str, ...] = ()
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of a revision.

    Attributes:
        size: bytes, None when unknown.
        sha256: of LFS files, 64 hex digits, else empty.
        blob_id: git's sha1 of the blob, 40 hex digits, empty when unknown.
        format: `safetensors`, `pickle`, `gguf`, `onnx`, `tensorflow`, `jax`, `tokenizer`, `config`, `card`, `code`,
            `text`, `image`, `audio`, `other`.
        last_commit: the newest commit that changed it; None until the Hub was asked for the tree.
        scan: what the Hub's scanners say about it; None likewise.
    """

    path: str
    size: int | None = None
    sha256: str = ""
    blob_id: str = ""
    format: str = "other"
    last_commit: Commit | None = None
    scan: FileScan | None = None


@dataclass(frozen=True, slots=True)
class SafetyIssue:
    """One finding of the Hub's scanners, or of hubtui's own reading."""

    path: str
    level: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Safety:
    """Whether loading the files is asking for trouble.

    Attributes:
        status: `safe`, `unsafe`, `suspicious`, `unscanned`.
        custom_code: the config names Python files of the repo (`auto_map`), which hubtui does not run.
        pickle_only: the only weights are pickles, which hubtui does not load.
    """

    status: str = "unscanned"
    issues: tuple[SafetyIssue, ...] = ()
    custom_code: bool = False
    pickle_only: bool = False

    @property
    def is_mild(self) -> bool:
        """Whether the scanners ask for no more than that a person looks at some files."""
        return {issue.level for issue in self.issues} == {"caution"}


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Everything the header, `show` and the other panes need to know about one model at one revision.

    Attributes:
        revision: what was asked for: branch, tag, commit or `refs/pr/N`.
        commit: the 40 hex digits it resolved to; empty for a local folder.
        max_length: longest input in tokens as config.json states it, None when it does not.
        config: config.json as far as it is known, an empty mapping when there is none.
        config_problem: why `config` is not config.json as it stands, in sentences: it is behind a gate, or broken.
            `config` is then what the Hub tells of it, which lacks all sizes (`core.known_config`). Empty otherwise.
        folder: path of a local checkpoint folder, empty for a model of the Hub.
        has_access: whether this account may fetch the files of a gated model, None when nobody asked.
        fetched: of facts read from the cache, when the Hub said them, or its files came to this machine.
        is_partial: only the files that this machine has are known, and nothing that the Hub alone can say.
        listed: of facts that are no more than the catalogue's listing, when that was brought up to date.
        more_licenses: ids beside `license`, of cards that name several.
        license_section: heading of the card that speaks of a licence where none is named; known once the card is read.
        license_name, license_link: of a licence that has no id; the link is an address, or a path in the repo.
        gate: what its authors ask of those who want a gated model's files, None when they ask nothing of their own.
    """

    id: str
    revision: str = "main"
    commit: str = ""
    pipeline_tag: str = ""
    library: str = ""
    license: str = ""
    languages: tuple[str, ...] = ()
    gated: Gated = Gated.NO
    private: bool = False
    disabled: bool = False
    downloads: int = 0
    likes: int = 0
    created: datetime | None = None
    updated: datetime | None = None
    tags: tuple[str, ...] = ()
    base_models: tuple[str, ...] = ()
    parameters: int | None = None
    parameters_by_dtype: Mapping[str, int] = field(default_factory=dict)
    architectures: tuple[str, ...] = ()
    model_type: str = ""
    max_length: int | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    config_problem: str = ""
    files: tuple[FileEntry, ...] = ()
    formats: tuple[str, ...] = ()
    safety: Safety = field(default_factory=Safety)
    folder: str = ""
    from_cache: bool = False
    has_access: bool | None = None
    fetched: datetime | None = None
    is_partial: bool = False
    listed: datetime | None = None
    license_name: str = ""
    license_link: str = ""
    more_licenses: tuple[str, ...] = ()
    license_section: str = ""
    gate: GatedPrompt | None = None

    @property
    def size_bytes(self) -> int | None:
        """Bytes of all files together, None when a size is unknown."""
        sizes = [entry.size for entry in self.files]
        return None if not sizes or None in sizes else sum(size for size in sizes if size is not None)


@dataclass(frozen=True, slots=True)
class Ref:
    """A branch, tag or pull request: `name` is what `revision` takes, `kind` one of `branch`, `tag`, `pull request`."""

    name: str
    kind: str
    commit: str


@dataclass(frozen=True, slots=True)
class Quota:
    """What the Hub lets this address or account ask for in the current window.

    Attributes:
        remaining: calls left.
        limit: calls of a whole window.
        reset_s: seconds until the next window.
    """

    remaining: int
    limit: int
    reset_s: float

    @property
    def reserve(self) -> int:
        """Calls that are kept for what the user does by hand: ten, or a fifth of a small quota."""
        return min(_RESERVED_CALLS, self.limit // 5)


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A model with at least one snapshot in this machine's Hugging Face cache."""

    id: str
    size_bytes: int
    commits: tuple[str, ...]
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """Where a download stands.

    Attributes:
        path: the file in hand, empty between files.
        done_bytes, total_bytes: over all files; files found in the cache count as done.
        fetched_bytes: what came through the network.
    """

    path: str
    done_bytes: int
    total_bytes: int
    fetched_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Files of one commit on this machine.

    Attributes:
        folder: path of the snapshot folder, laid out as the repo.
        fetched_bytes: what came through the network.
        seconds: how long it took.
    """

    folder: str
    commit: str
    fetched_bytes: int = 0
    seconds: float = 0.0
