"""A few hundred made-up models, a Hub that lists them, and a catalogue in a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hubtui.catalogue.service import HubListing, LocalCatalogue
from hubtui.catalogue.translate import Here
from hubtui.core.fit import Device
from hubtui.core.models import CatalogueProgress, ListingPage, ModelRow, Quota
from hubtui.hub import entries
from hubtui.local.files import write_atomically
from tests.benchmarks.hub_dump import Maker

READ_ROW = "hubtui.hub.entries:row"
DEVICES = (Device("GPU0", "gpu", 24 << 30, 20 << 30), Device("CPU", "cpu", 32 << 30, 8 << 30))

Entry = dict[str, Any]


def listed(entry: Entry) -> Entry:
    """Return an entry of the maker as the Hub's JSON has it: what has no value is left out."""
    weights = entry["safetensors"]
    files = [".gitattributes", "docs/README.md", *(["README.md"] if entry["cardData"] else [])]
    absent = {"cardData", *(name for name in ("inference", "inferenceProviderMapping") if entry[name] is None)}
    return {
        **{name: value for name, value in entry.items() if name not in absent},
        "siblings": [{"rfilename": path} for path in files],
        "createdAt": stamp(entry["createdAt"]),
        "lastModified": stamp(entry["lastModified"]),
        "gated": False if entry["gated"] == "false" else entry["gated"],
        "safetensors": None if weights is None else {**weights, "parameters": dict(weights["parameters"])},
    }


def stamp(when: datetime) -> str:
    return when.isoformat().replace("+00:00", ".000Z")


def make_entries(count: int, seed: int = 3) -> list[Entry]:
    maker = Maker(seed)
    return [listed(maker.entry(number)) for number in range(count)]


def rows_of(listing: Sequence[object]) -> list[ModelRow]:
    return [row for entry in listing if (row := entries.row(entry)) is not None]


class Killed(BaseException):
    """Stands for the end of the process: nothing may catch it and tidy up."""


@dataclass
class FakeListing:
    """A Hub that lists entries by the sorts of a sync, with cursors that count from the start."""

    entries: list[Any]
    page_size: int = 50
    quota: Quota | None = None
    asked: list[tuple[str | None, str]] = field(default_factory=list)
    before: Callable[[int], None] = lambda _: None

    def __call__(self, cursor: str | None, *, sort: str) -> ListingPage:
        self.before(len(self.asked))
        self.asked.append((cursor, sort))
        ordered = sorted(self.entries, key=lambda entry: self._rank(entry, sort), reverse=True)
        start = int(cursor or 0)
        following = start + self.page_size
        return ListingPage(tuple(ordered[start:following]), str(following) if following < len(ordered) else None)

    @staticmethod
    def _rank(entry: Any, sort: str) -> tuple[str, float]:
        """A time or a number to sort by; what has neither comes last."""
        value = entry.get(sort) if isinstance(entry, dict) else None
        return (
            (value, 0.0)
            if sort in {"createdAt", "lastModified"} and isinstance(value, str)
            else ("", float(value) if isinstance(value, int | float) else -1.0)
        )


@dataclass
class Bench:
    """A catalogue with the Hub it is filled from, and what it told."""

    folder: Path
    listing: FakeListing
    endpoint: str = "https://hub.test"
    cached: frozenset[str] = frozenset()
    bookmarks: frozenset[str] = frozenset()
    devices: tuple[Device, ...] = DEVICES
    is_offline: bool = False
    told: list[CatalogueProgress] = field(default_factory=list)
    paused: list[float] = field(default_factory=list)

    def catalogue(self) -> LocalCatalogue:
        """Return a service that knows nothing but what is on disk."""
        hub = HubListing(self.endpoint, self.is_offline, self.listing, lambda: self.listing.quota)
        here = Here(lambda: self.cached, lambda: self.bookmarks, lambda: self.devices)
        return LocalCatalogue(
            self.folder, hub, here, read_row=READ_ROW, write=write_atomically, pause=self.paused.append
        )

    def sync(self, source: str | None = None, *, full: bool = False) -> None:
        self.catalogue().sync(self.told.append, lambda: False, source, full=full)

    def everything(self) -> dict[str, ModelRow]:
        """Return all rows of the catalogue, having checked that none comes twice."""
        from hubtui.core.query import Query

        page = self.catalogue().search(Query(), page_size=10_000)
        found = {row.id: row for row in page.rows}
        assert len(found) == len(page.rows) == page.total
        return found
