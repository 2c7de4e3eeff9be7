"""Lists the tensors of a model from the headers of its weight files: on the Hub, in the cache, or in a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Protocol

from hubtui.core.errors import CancelledError, CheckpointError, FileMissingError
from hubtui.core.fit import sizes_file
from hubtui.core.gguf import GgufHeader, GgufSizes, Scalar, read_gguf, read_gguf_sizes
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.shards import INDEX_SUFFIX, Shards, gguf_shards, indexed_shards, numbered_shards, safetensors_shards
from hubtui.core.tensors import Entry, TensorFile, Tensors, Value
from hubtui.core.untrusted import clean
from hubtui.core.weights import Tensor, WeightsError, read_safetensors
from hubtui.hub.headers import HeaderStore
from hubtui.hub.ranges import Beginning, RangedFiles

_AT_A_TIME = 8
_MOST_SHARDS = 1_000
_LONGEST_NAME = 300
_LONGEST_VALUE = 2_000
_LONGEST_ITEM = 200
_SHOWN_ITEMS = 6
_MOST_KEYS = 1_000
_CANCEL_S = 0.2
_NAMED = 3  # examples in a sentence
_SUFFIXES = {"safetensors": ".safetensors", "gguf": ".gguf"}

Progress = Callable[[int, int], None]


class ReadBytes(Protocol):
    """Reads spans of a model's files."""

    def read_bytes(self, facts: ModelFacts, path: str, *, offset: int = 0, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One header, its strings made fit for a terminal."""

    file: TensorFile
    metadata: Mapping[str, Value]
    problem: str = ""


class HeaderReader:
    """Implements `core.ports.TensorHeaders`; shared by threads.

    Args:
        hub: reads spans of files.
        store: keeps headers between sessions.
    """

    def __init__(self, hub: Callable[[], ReadBytes], store: HeaderStore) -> None:
        self._hub = hub
        self._store = store

    def tensors(
        self,
        facts: ModelFacts,
        path: str = "",
        *,
        progress: Progress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> Tensors:
        """List the tensors: at most two requests a safetensors file, and one for the index of shards.

        Args:
            facts: of the model.
            path: one weight file with its shards, or an index of them; the weights that transformers loads when
                empty, else the first GGUF.
            progress: told how many files are read, and of how many.
            is_cancelled: asked before each file.

        Raises:
            CheckpointError: there are no headers that could be read; the message says what there is instead.
            CancelledError: `is_cancelled` said so.
            HubError: what the Hub answered instead of a header.
        """
        files, pieces = self._files(facts)
        kind, shards = _chosen(facts, files, path)
        if len(shards.paths) > _MOST_SHARDS:
            raise CheckpointError(f"{facts.id} has {len(shards.paths):,} weight files, more than hubtui lists.")
        read, problems = self._read_all(_Job(facts, files, kind), shards.paths, progress, is_cancelled or _never)
        if not read:
            raise CheckpointError(f"{problems[0]}", hint="Another revision may have whole files.")
        self._store.trim()
        found = tuple(entry.file for entry in read)
        problems += [entry.problem for entry in read if entry.problem]
        problems += _misfits(shards, found, is_whole=len(found) == len(shards.paths))
        metadata = next((entry.metadata for entry in read if entry.metadata), {})
        return Tensors(facts.id, facts.commit, kind, found, metadata, tuple(problems), len(pieces), sum(pieces))

    def gguf_sizes(self, facts: ModelFacts) -> GgufSizes:
        """Return what a model without config.json says of its sizes in its GGUF file; empty for any other model.

        Raises:
            CheckpointError: the file is not GGUF that can be read.
            HubError: what the Hub answered instead.
        """
        path = sizes_file(facts)
        if not path:
            return {}
        files, _ = self._files(facts)
        entry = next(file for file in facts.files if file.path == path)
        start = Beginning(files, path, known=self._store.get(entry), is_measured=False)
        try:
            return read_gguf_sizes(start.read)
        except WeightsError as error:
            raise CheckpointError(f"{path}: {clean(error.message)}") from error

    def _files(self, facts: ModelFacts) -> tuple[RangedFiles, list[int]]:
        """The files of a revision, and a list that grows by the bytes of every read."""
        hub, pieces = self._hub(), list[int]()

        def read(name: str, offset: int, length: int) -> bytes:
            content = hub.read_bytes(facts, name, offset=offset, length=length)
            pieces.append(len(content))
            return content

        return RangedFiles(facts, read), pieces

    def _read_all(
        self, job: _Job, paths: tuple[str, ...], progress: Progress | None, is_cancelled: Callable[[], bool]
    ) -> tuple[list[_Read], list[str]]:
        """The headers in the order of the paths, and a sentence for each that cannot be read."""
        found: dict[str, _Read] = {}
        problems: list[str] = []

        def read(path: str) -> _Read:
            if is_cancelled():
                raise _stopped()
            return self._read(job, path)

        pool = ThreadPoolExecutor(min(_AT_A_TIME, len(paths)), "headers")
        try:
            waiting: dict[Future[_Read], str] = {pool.submit(read, path): path for path in paths}
            pending = set(waiting)
            while pending:
                done, pending = wait(pending, _CANCEL_S, FIRST_COMPLETED)
                for future in done:
                    try:
                        found[waiting[future]] = future.result()
                    except WeightsError as error:
                        problems.append(f"{waiting[future]}: {clean(error.message)}")
                if done and progress is not None:
                    progress(len(paths) - len(pending), len(paths))
                if pending and is_cancelled():
                    raise _stopped()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return [found[path] for path in paths if path in found], sorted(problems)

    def _read(self, job: _Job, path: str) -> _Read:
        entry = job.entry(path)
        known = self._store.get(entry)
        try:
            return self._parsed(job, entry, known)
        except WeightsError:
            if not known:
                raise
        return self._parsed(job, entry, b"")  # what was kept is not what it should be

    def _parsed(self, job: _Job, entry: FileEntry, known: bytes) -> _Read:
        size = job.files.sizes()[entry.path]
        start = Beginning(job.files, entry.path, known=known, is_measured=job.kind == "safetensors")
        if job.kind == "gguf":
            gguf = read_gguf(start.read, size)
            header_bytes, tensors, metadata, stray = gguf.header_bytes, gguf.tensors, _gguf_metadata(gguf), 0
        else:
            header = read_safetensors(start.read, size)
            header_bytes, tensors, stray = header.header_bytes, header.tensors, header.stray_bytes
            metadata = _shown({key: Value(text) for key, text in header.metadata.items()})
        if start.fetches and not (job.facts.folder or job.facts.from_cache):
            self._store.put(entry, start.content[:header_bytes])
        problem = f"{entry.path} holds {stray:,} bytes that belong to no tensor, which safetensors refuses to load."
        found = _entries(entry.path, tensors)
        return _Read(TensorFile(entry.path, size, header_bytes, found), metadata, problem if stray else "")


@dataclass(frozen=True, slots=True)
class _Job:
    """One call of `tensors`."""

    facts: ModelFacts
    files: RangedFiles
    kind: str

    def entry(self, path: str) -> FileEntry:
        return next(file for file in self.facts.files if file.path == path)


def _stopped() -> CancelledError:
    return CancelledError("The reading of headers was stopped.")


def _never() -> bool:
    return False


def _chosen(facts: ModelFacts, files: RangedFiles, path: str) -> tuple[str, Shards]:
    """The format, and the files to be read."""
    if path:
        kind = next((kind for kind, suffix in _SUFFIXES.items() if path.endswith(suffix)), "")
        if path not in files.sizes():
            raise FileMissingError(f"{facts.id} has no file {path}.")
        if path.endswith(INDEX_SUFFIX):
            return "safetensors", _indexed(files, path)
        if not kind:
            raise CheckpointError(
                f"{path} has no header that lists its tensors.", hint="safetensors and GGUF files have one."
            )
        return kind, numbered_shards(files.sizes(), path)
    for kind, choose in (("safetensors", safetensors_shards), ("gguf", gguf_shards)):
        shards = choose(files) if kind in facts.formats else Shards(())
        if shards.paths:
            return kind, shards
    raise _no_headers(facts)


def _indexed(files: RangedFiles, path: str) -> Shards:
    shards = indexed_shards(files, path)
    if not shards.paths:
        raise CheckpointError(f"{path} names no shard that is there.", hint="Open one of the safetensors files.")
    return shards


def _no_headers(facts: ModelFacts) -> CheckpointError:
    if "pickle" in facts.formats:
        return CheckpointError(
            f"{facts.id} has its weights as pickle only, whose tensors cannot be listed without running them.",
            hint="Look among its pull requests (refs/pr/N) for a conversion to safetensors.",
        )
    if facts.formats:
        return CheckpointError(f"{facts.id} has only {', '.join(facts.formats)} weights, which hubtui cannot list.")
    return CheckpointError(f"{facts.id} has no weights.", hint="Its config.json may still say how it is built.")


def _misfits(shards: Shards, found: tuple[TensorFile, ...], *, is_whole: bool) -> list[str]:
    """Sentences about shards that are missing, and tensors that stand twice or nowhere."""
    problems = []
    if shards.missing:
        problems.append(f"{len(shards.missing)} shards are not there: {_examples(shards.missing)}.")
    homes: dict[str, int] = {}
    for file in found:
        for entry in file.tensors:
            homes[entry.name] = homes.get(entry.name, 0) + 1
    twins = [name for name, times in homes.items() if times > 1]
    if twins:
        problems.append(f"{len(twins)} tensors stand in several files: {_examples(twins)}.")
    if shards.weight_map and is_whole and not shards.missing:
        absent = [name for name in map(_name, shards.weight_map) if name not in homes]
        if absent:
            problems.append(f"The index names {len(absent)} tensors that no shard holds: {_examples(absent)}.")
    return problems


def _examples(names: list[str] | tuple[str, ...]) -> str:
    shown = ", ".join(clean(name)[:80] for name in names[:_NAMED])
    return f"{shown}, …" if len(names) > _NAMED else shown


def _name(name: str) -> str:
    return clean(name)[:_LONGEST_NAME]


def _entries(path: str, tensors: Mapping[str, Tensor]) -> tuple[Entry, ...]:
    """The tensors with names and dtypes that may be shown; names that look the same afterwards are numbered."""
    folder = path.rpartition("/")[0]
    above = f"{folder}/." if folder else ""
    found: dict[str, Entry] = {}
    for raw, tensor in tensors.items():
        name = above + _name(raw)
        if name in found:
            name = f"{name} #{len(found)}"
        if (dtype := clean(tensor.dtype)[:32]) != tensor.dtype:
            tensor = Tensor(dtype, tensor.shape, tensor.size_bytes)  # noqa: PLW2901 - the same one, to be shown
        found[name] = Entry(name, tensor, path)
    return tuple(found.values())


def _gguf_metadata(header: GgufHeader) -> dict[str, Value]:
    """Keys with their values in words, arrays in short."""
    found = {key: Value(_spelled(value), header.kinds[key]) for key, value in header.metadata.items()}
    for key, array in header.arrays.items():
        kept = tuple(clean(_spelled(item)[:_LONGEST_ITEM]) for item in array.first)
        items = ", ".join(kept[:_SHOWN_ITEMS])
        text = f"{array.length:,} × {array.kind}" + (f": {items}" if items else "")
        text += ", …" if items and array.length > _SHOWN_ITEMS else ""
        found[key] = Value(text, array.kind, array.length, kept)
    return _shown(found)


def _spelled(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)[: _LONGEST_VALUE + 1]


def _shown(values: Mapping[str, Value]) -> dict[str, Value]:
    """Keys and values that may be shown, cut where they are long."""
    found = {}
    for key, value in list(values.items())[:_MOST_KEYS]:
        text = clean(value.text[: _LONGEST_VALUE + 1], multiline=True)
        found[_name(key)] = replace(value, text=f"{text[:_LONGEST_VALUE]}…" if len(text) > _LONGEST_VALUE else text)
    return found
