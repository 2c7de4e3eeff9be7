"""A checkpoint read by ranges: enough of each weight file to know its tensors, without fetching them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hubtui.core.models import ModelFacts
from hubtui.core.shards import safetensors_shards
from hubtui.core.weights import WeightsError, read_safetensors

Fetch = Callable[[str, int, int], bytes]
"""`fetch(path, offset, length)` asks for a range of a file; it may answer with less than is asked for."""

FIRST_BYTES = 256 << 10
"""Holds the headers of nearly all files: two thousand tensors (huggingface_hub begins with 100 kB)."""

_GROWTH = 4
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


class Beginning:
    """The beginning of one file, fetched as far as somebody reads on.

    Args:
        files: of the checkpoint.
        path: of the file.
        known: what is here already.
        is_measured: readers know how much they want, as with safetensors; else (GGUF) each fetch takes four times as
            much as is here, since the end shows itself only when it is reached.
    """

    def __init__(self, files: RangedFiles, path: str, *, known: bytes = b"", is_measured: bool = True) -> None:
        self.content = known
        self.fetches = 0
        self._files = files
        self._path = path
        self._size = files.sizes()[path]
        self._is_measured = is_measured

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`, fewer at the end of the file."""
        wanted = min(offset + length, self._size)
        while len(self.content) < wanted and self._fetch_until(wanted):
            pass
        return self.content[offset : offset + length]

    def _fetch_until(self, wanted: int) -> bool:
        here = len(self.content)
        ahead = FIRST_BYTES if not here else 0 if self._is_measured else here * _GROWTH
        piece = self._files.read(self._path, here, min(max(wanted, ahead), self._size) - here)
        self.fetches += 1
        self.content += piece
        return bool(piece)


def count_parameters(facts: ModelFacts, fetch: Fetch) -> dict[str, int]:
    """Return dtype → number of weights from the headers of the safetensors files, at most two requests a file.

    Empty when there are none, too many, or a header is broken.

    Raises:
        HubError: from `fetch`.
    """
    files = RangedFiles(facts, fetch)
    paths = safetensors_shards(files).paths if "safetensors" in facts.formats else ()
    counts: dict[str, int] = {}
    if len(paths) > _MOST_SHARDS:
        return counts
    for path in paths:
        try:
            header = read_safetensors(Beginning(files, path).read, files.sizes()[path])
        except WeightsError:
            return {}
        for dtype, count in header.parameters.items():
            counts[dtype] = counts.get(dtype, 0) + count
    return counts
