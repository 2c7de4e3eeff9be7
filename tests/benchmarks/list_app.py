"""The interface on a Hub whose one page has so many rows: `python -m tests.benchmarks.list_app 1000`."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass

from hubtui.core.models import ModelRow, Page
from hubtui.core.query import Query
from hubtui.ui.app import HubtuiApp
from tests.fake_rows import many_rows
from tests.fakes import FakeHub, fake_services


@dataclass
class OnePage(FakeHub):
    """Answers every search with all of its rows at once."""

    def search(self, query: Query, *, cursor: str | None = None, page_size: int = 100) -> Page:
        del query, cursor, page_size
        return Page(tuple(self.rows), looked_at=len(self.rows))

    def trending(self, limit: int = 12) -> tuple[ModelRow, ...]:
        """Return the first rows; sorting them all would be charged to the list."""
        return tuple(self.rows[:limit])


def main() -> None:
    """Open the interface."""
    hub = OnePage(rows=many_rows(int(sys.argv[1])))
    # A million objects that live for ever would be walked through by every collection of the garbage collector.
    gc.freeze()
    app = HubtuiApp(fake_services(hub=hub), None)
    sys.exit(app.run() or app.return_code)


if __name__ == "__main__":
    main()
