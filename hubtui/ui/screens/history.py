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


@dataclass(slots=True)
class History:
    """Steps behind and ahead of the present one."""

    _behind: list[Place] = field(default_factory=list)
    _ahead: list[Place] = field(default_factory=list)

    def leave(self, place: Place) -> None:
        """Remember the place that is being left for a new one; what lay ahead is forgotten."""
        if not self._behind or not _is_same(self._behind[-1], place):
            self._behind.append(place)
        del self._behind[:-_MOST]
        self._ahead.clear()

    def back(self, present: Place) -> Place | None:
        """Go a step back; None at the beginning."""
        return _move(self._behind, self._ahead, present)

    def forward(self, present: Place) -> Place | None:
        """Go a step forward; None at the end."""
        return _move(self._ahead, self._behind, present)


def _move(source: list[Place], target: list[Place], present: Place) -> Place | None:
    while source:
        place = source.pop()
        if not _is_same(place, present):
            target.append(present)
            return place
    return None


def _is_same(one: Place, other: Place) -> bool:
    return (one.search.query, one.model, one.revision) == (other.search.query, other.model, other.revision)
