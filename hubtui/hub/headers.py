"""Headers of weight files that were read once, on this machine: a file's hash says whether it is the same file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hubtui.core.models import FileEntry
from hubtui.hub import blobs

_MOST_BYTES = 256 << 20
_KEPT_BYTES = 192 << 20

Write = Callable[[Path, bytes], None]


class HeaderStore:
    """Keeps the beginnings of weight files by the hash of the whole file; what cannot be kept is fetched again.

    Args:
        folder: hubtui's own.
        write: writes a file in one step.
    """

    def __init__(self, folder: Path, write: Write) -> None:
        self._folder = folder
        self._write = write

    def get(self, file: FileEntry) -> bytes:
        """Return the beginning of a file, empty when it is not kept."""
        place = self._place(file)
        try:
            return b"" if place is None else place.read_bytes()
        except OSError:
            return b""

    def put(self, file: FileEntry, header: bytes) -> None:
        """Keep the beginning of a file whose hash the Hub states."""
        place = self._place(file)
        if place is None:
            return
        try:
            self._write(place, header)
        except OSError:  # a full disk costs only the next request
            return

    def trim(self) -> None:
        """Remove the oldest where all together have grown too large."""
        try:
            kept = [(place.stat().st_mtime, place.stat().st_size, place) for place in self._folder.iterdir()]
        except OSError:
            return
        size = sum(entry[1] for entry in kept)
        if size <= _MOST_BYTES:
            return
        for _, length, place in sorted(kept):
            place.unlink(missing_ok=True)
            size -= length
            if size <= _KEPT_BYTES:
                return

    def _place(self, file: FileEntry) -> Path | None:
        name = blobs.blob_name(file)
        return self._folder / name if blobs.is_blob_name(name) else None
