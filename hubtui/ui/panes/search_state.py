"""A search and how far it got, and what to say about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubtui.core.errors import HubtuiError
from hubtui.core.query import Query, Term
from hubtui.ui.text import plural, whole
from hubtui.ui.widgets.face import FaceState, error_face
from hubtui.ui.widgets.status_rule import RuleText

if TYPE_CHECKING:
    from hubtui.core.models import ModelRow

MOST_BARREN_PAGES = 8
"""Pages fetched in one go while filtering on this side leaves too few rows to fill the view."""


@dataclass(slots=True)
class SearchState:
    """One search; the history keeps it, so that going back costs nothing.

    Attributes:
        next_page: cursor of the page after the last one, None at the end (or before the first).
        looked_at: entries that the Hub sent, before filtering on this side.
        cursor, first_line: where the user was in the list.
        barren_pages: pages without a row that came one after another.
    """

    text: str = ""
    query: Query = field(default_factory=Query)
    rows: list[ModelRow] = field(default_factory=list)
    next_page: str | None = None
    looked_at: int = 0
    skipped: int = 0
    from_cache: bool = False
    error: HubtuiError | None = None
    is_loading: bool = False
    has_begun: bool = False
    cursor: int = 0
    first_line: int = 0
    barren_pages: int = 0

    def wants_more(self, rows: int) -> bool:
        """Say whether another page is to be fetched unasked, to fill a view of so many rows."""
        return self.next_page is not None and len(self.rows) <= rows and self.barren_pages < MOST_BARREN_PAGES


def rule_text(state: SearchState) -> RuleText:
    """Return what the rule over the results says."""
    if not state.query.parts or not state.has_begun:
        return RuleText("searching …" if state.is_loading else "")
    shown = f"{whole(len(state.rows))} shown, looked at {whole(state.looked_at)}"
    if state.skipped:
        shown += f", {whole(state.skipped)} unreadable"
    if state.error is not None and state.rows:
        return RuleText(shown, f"{state.error.message} r retries", "bad")
    if state.is_loading:
        return RuleText(shown, "loading more …")
    if state.from_cache:
        return RuleText(shown, "offline: from this machine's cache", "warn")
    return RuleText(shown, "more below" if state.next_page is not None else "that is all")


def face_of(state: SearchState, rows: int) -> FaceState | None:
    """Return the face to show in place of a list; None when there are rows."""
    if state.rows:
        return None
    if state.error is not None:
        return error_face(state.error)
    if state.is_loading or not state.has_begun or state.wants_more(rows):
        looked = f" looked at {plural(state.looked_at, 'model')}" if state.looked_at else ""
        return FaceState("loading", f"Searching …{looked}")
    return _nothing_found(state)


def _nothing_found(state: SearchState) -> FaceState:
    filters = [part for part in state.query.parts if not (isinstance(part, Term) and part.key == "sort")]
    loosen = (
        "Take a filter away: the narrowest is often the language, the licence or the size."
        if len(filters) > 1
        else "Try a shorter word, or a filter in its place."
    )
    keys = (("f", "filters"), ("/", "edit the search"))
    looked = f"{plural(state.looked_at, 'model')}" if state.looked_at else ""
    if state.next_page is not None:
        return FaceState("empty", f"None of {looked} so far.", loosen, (("r", "look further"), *keys))
    where = " in this machine's cache" if state.from_cache else f" among {looked}" if looked else ""
    return FaceState("empty", f"No model matches{where}.", loosen, keys)
