"""Where the user has been: searches and models, as a browser keeps pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from hubtui.ui.panes.search_state import SearchState

_MOST = 60


@dataclass(frozen=True, slots=True)
class Place:
    """One step: a search, and the model that was open beside it (an empty id for none)."""

    search: SearchState
    model: str = ""
    revision: str | None = None

    def is_same(self, other: Place) -> bool:
        """Say whether it is the same search and model, wherever the cursor stood."""
        return (self.search.query, self.model, self.revision) == (other.search.query, other.model, other.revision)


@dataclass(slots=True)
class History:
    """The present step, and those behind and ahead of it."""

    present: Place
    _behind: list[Place] = field(default_factory=list)
    _ahead: list[Place] = field(default_factory=list)

    def visit(self, place: Place) -> None:
        """Make a place the present one; what lay ahead is forgotten, unless the place is where the user is."""
        if not place.is_same(self.present):
            self._behind.append(self.present)
            del self._behind[:-_MOST]
            self._ahead.clear()
        self.present = place

    def back(self) -> Place | None:
        """Go a step back; None at the beginning."""
        return self._move(self._behind, self._ahead)

    def forward(self) -> Place | None:
        """Go a step forward; None at the end."""
        return self._move(self._ahead, self._behind)

    def _move(self, source: list[Place], target: list[Place]) -> Place | None:
        if not source:
            return None
        target.append(self.present)
        self.present = source.pop()
        return self.present
