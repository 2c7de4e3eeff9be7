"""The catalogue's folder: which index answers, and what was left behind by a sync that was cut off.

`catalogue.json` names the index that answers. A new index is made in a folder of its own and named there, in one step,
only when it is whole; so a half-built one never answers.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from hubtui.catalogue import schema
from hubtui.catalogue.spool import Spool
from hubtui.core.errors import CatalogueError

WriteFile = Callable[[Path, bytes], None]
"""Replaces the content of a file in one step."""

_STATE = "catalogue.json"
_TAGS = "tags.json"
_PREFIX = "index-"


@dataclass(frozen=True, slots=True)
class State:
    """The catalogue that answers.

    Attributes:
        version: of the schema it was made with.
        index: name of the index's folder.
        models: how many it holds.
        synced: when the Hub was last asked, or a dump read, in seconds.
        newest: what the next pass of changes begins from, in seconds.
        source: the Hub's address, or the name of the dump.
        endpoint: the Hub whose changes are taken in; empty while it is only a dump.
        filled: when all of it was read, not only what changed, in seconds.
        untold: what the dump does not tell, of `card`, `warm` and `provider`.
    """

    version: int
    index: str
    models: int
    synced: int
    newest: int
    source: str
    endpoint: str = ""
    filled: int = 0
    untold: tuple[str, ...] = ()


class Place:
    """The folder; `write` replaces a file in one step."""

    def __init__(self, folder: Path, write: WriteFile) -> None:
        self.folder = folder
        self.spool = Spool(folder / "pages", write)
        self.dump = folder / "dump.parquet"
        self._write = write

    @property
    def stamp(self) -> tuple[int, int]:
        """What changes when another catalogue answers, or more is in it."""
        try:
            found = (self.folder / _STATE).stat()
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)

    def state(self) -> State | None:
        """Return the catalogue that answers, None when there is none.

        Raises:
            CatalogueError: its state cannot be read.
        """
        try:
            state = State(**json.loads((self.folder / _STATE).read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise damaged() from error
        if not state.index.startswith(_PREFIX) or "/" in state.index:
            raise damaged()
        return replace(state, untold=tuple(state.untold))  # JSON has lists

    def current(self) -> State:
        """Return the catalogue that answers.

        Raises:
            CatalogueError: there is none, or it is damaged or of another version.
        """
        state = self.state()
        if state is None:
            raise CatalogueError(
                "There is no local catalogue yet.", hint="Fill it with `hubtui catalogue sync` while online."
            )
        if state.version != schema.VERSION:
            raise CatalogueError(
                "The local catalogue was made by another version of hubtui.", hint="Run `hubtui catalogue sync`."
            )
        return state

    def answer_with(self, state: State) -> None:
        """Let this catalogue answer from now on; the folder of the one before it goes."""
        self._write(self.folder / _STATE, json.dumps(asdict(state)).encode())
        self._sweep(state.index)

    def new_index(self) -> Path:
        """Return a folder, not made yet, for an index; what was left of others that never answered goes."""
        state = None
        with contextlib.suppress(CatalogueError):
            state = self.state()
        self._sweep(state.index if state else "")
        taken = [int(name[len(_PREFIX) :]) for name in self._indexes() if name[len(_PREFIX) :].isdecimal()]
        return self.folder / f"{_PREFIX}{max(taken, default=0) + 1}"

    def tags(self, index: Path) -> tuple[str, ...]:
        """Return the tag table of an index.

        Raises:
            CatalogueError: it cannot be read.
        """
        try:
            return tuple(map(str, json.loads((index / _TAGS).read_bytes())))
        except (OSError, ValueError, TypeError) as error:
            raise damaged() from error

    def write_tags(self, index: Path, tags: tuple[str, ...]) -> None:
        """Keep the tag table of a new index."""
        self._write(index / _TAGS, json.dumps(tags).encode())

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the catalogue against other hubtui that would fill or drop it.

        Raises:
            CatalogueError: one does already.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "lock", timeout=0):
                yield
        except Timeout as error:
            raise CatalogueError(
                "Another hubtui is filling the catalogue now.", hint="Wait for it, or stop it; nothing is lost."
            ) from error

    def size(self) -> int:
        """Return the bytes on disk."""
        total = 0
        for place in self.folder.rglob("*"):
            with contextlib.suppress(OSError):
                total += place.stat().st_size if place.is_file() else 0
        return total

    def clear(self) -> None:
        """Delete everything but the lock, which is held."""
        for place in sorted(self.folder.iterdir(), key=lambda place: place.name != _STATE):
            if place.name == "lock":
                continue
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)

    def _indexes(self) -> list[str]:
        return [place.name for place in self.folder.glob(f"{_PREFIX}*") if place.is_dir()]

    def _sweep(self, kept: str) -> None:
        for name in self._indexes():
            if name != kept:
                shutil.rmtree(self.folder / name, ignore_errors=True)


def damaged() -> CatalogueError:
    """Return the error for files that cannot be read."""
    return CatalogueError(
        "The local catalogue is damaged.", hint="Run `hubtui catalogue drop`, then `hubtui catalogue sync`."
    )
