"""A checkpoint on the Hub, read by ranges: enough of it to count its weights without fetching them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hubtui.core.checkpoint import safetensors_files
from hubtui.core.models import ModelFacts
from hubtui.core.weights import ReadAt, WeightsError, read_safetensors

Fetch = Callable[[str, int, int], bytes]
"""`fetch(path, offset, length)` asks for a range of a file."""

_FIRST_BYTES = 100_000  # holds the header of nearly every single-file checkpoint (as huggingface_hub reads it)
_MOST_SHARDS = 8


class RangedFiles:
    """The files of a revision as `core.checkpoint` reads them."""

    def __init__(self, facts: ModelFacts, fetch: Fetch) -> None:
        self._sizes = {file.path: file.size for file in facts.files if file.size is not None}
        self._fetch = fetch

    def sizes(self) -> Mapping[str, int]:
        """Return path → bytes, of the files whose size is known."""
        return self._sizes

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return up to `length` bytes from `offset`."""
        return self._fetch(path, offset, self._sizes[path] - offset if length is None else length)


def count_parameters(facts: ModelFacts, fetch: Fetch) -> dict[str, int]:
    """Return dtype → number of weights from the headers of the safetensors files, at most two requests a file.

    Empty when there are none, too many, or a header is broken.

    Raises:
        HubError: from `fetch`.
    """
    files = RangedFiles(facts, fetch)
    paths = safetensors_files(files) if "safetensors" in facts.formats else ()
    counts: dict[str, int] = {}
    if len(paths) > _MOST_SHARDS:
        return counts
    for path in paths:
        try:
            header = read_safetensors(_ahead(files, path), files.sizes()[path])
        except WeightsError:
            return {}
        for dtype, count in header.parameters.items():
            counts[dtype] = counts.get(dtype, 0) + count
    return counts


def _ahead(files: RangedFiles, path: str) -> ReadAt:
    """Read the beginning in one piece, so that the length and most headers come with one request."""
    first = files.read(path, 0, min(_FIRST_BYTES, files.sizes()[path]))

    def read(offset: int, length: int) -> bytes:
        if offset + length <= len(first):
            return first[offset : offset + length]
        return files.read(path, offset, length)

    return read
