"""A search and how far it got, and what to say about it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from hubtui.core.caveats import why_none
from hubtui.core.errors import HubtuiError, HubUnreachableError, RateLimitedError
from hubtui.core.query import Query, Term, part_text
from hubtui.ui import clock, text
from hubtui.ui.text import plural, whole
from hubtui.ui.widgets.face import FaceState, error_face
from hubtui.ui.widgets.status_rule import RuleText, Tone

if TYPE_CHECKING:
    from hubtui.core.models import ModelRow, Page

MOST_BARREN_PAGES = 8
"""Pages without a match, one after another, after which a search that is filtered on this side rests."""

STOPPED = "Stopped."

_OFTEN_TOO_NARROW = frozenset({"language", "license", "size", "dataset", "provider", "app"})


@dataclass(slots=True)
class SearchState:
    """One search; the history keeps it, so that going back costs nothing.

    Attributes:
        next_page: cursor of the page after the last one, None at the end (or before the first).
        as_of: when what answered was brought up to date; None for the Hub itself.
        looked_at: entries that the Hub sent, before filtering on this side.
        cursor, first_line: where the user was in the list.
        barren_pages: pages without a row that came one after another.
        by_catalogue: the catalogue on this machine answers, not the Hub.
        total: how many match in all, None where only paging would tell.
        forgiven: word that is in no id → the nearest ones, which were looked for instead.
        caveats: what to know before trusting that these are all.
        rest: why no further page is fetched unasked; empty when nothing speaks against it.
    """

    text: str = ""
    query: Query = field(default_factory=Query)
    rows: list[ModelRow] = field(default_factory=list)
    next_page: str | None = None
    looked_at: int = 0
    skipped: int = 0
    from_cache: bool = False
    as_of: datetime | None = None
    error: HubtuiError | None = None
    is_loading: bool = False
    has_begun: bool = False
    cursor: int = 0
    first_line: int = 0
    barren_pages: int = 0
    by_catalogue: bool = False
    total: int | None = None
    forgiven: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    rest: str = ""

    @property
    def is_unanswered(self) -> bool:
        """Whether it failed, or was stopped before there was an answer."""
        return self.error is not None or not (self.has_begun or self.is_loading)

    @property
    def is_filtered_here(self) -> bool:
        """Whether not every model that was looked at is a result."""
        return self.looked_at > len(self.rows) + self.skipped

    def take(self, page: Page) -> None:
        """Add a page that arrived."""
        self.has_begun, self.is_loading = True, False
        self.rows += page.rows
        self.next_page = page.cursor
        self.looked_at += page.looked_at
        self.skipped += page.skipped
        self.from_cache, self.as_of = page.from_cache, page.as_of
        self.total, self.forgiven = page.total, page.forgiven
        self.caveats = tuple(dict.fromkeys((*self.caveats, *page.caveats)))
        self.barren_pages = 0 if page.rows else self.barren_pages + 1

    def wants_more(self, rows: int) -> bool:
        """Say whether another page is to be fetched unasked, to fill a view of so many rows."""
        return self.next_page is not None and len(self.rows) <= rows and not self.rest


def rule_text(state: SearchState, hidden: int = 0, *, is_saved: bool = False, answers: str = "") -> RuleText:
    """Return what the rule over the results says; `hidden` rows are folded away, `answers` says who answers."""
    if not state.query.parts:
        return RuleText(answers)
    if not state.has_begun:
        return RuleText("searching …" if state.is_loading else "")
    counted = _counted(state, hidden)
    return RuleText(f"saved · {counted}" if is_saved else counted, *_going_on(state))


def _counted(state: SearchState, hidden: int) -> str:
    kept = len(state.rows)
    in_sight = whole(kept - hidden)
    if state.total is not None and state.total > kept:
        shown = f"{in_sight} of {whole(state.total)} shown"
    elif state.is_filtered_here:
        shown = f"looked at {whole(state.looked_at)}, kept {whole(kept)}"
    else:
        shown = f"{in_sight} shown"
    if hidden:
        shown += f", {whole(hidden)} folded"
    if state.skipped:
        shown += f", {whole(state.skipped)} unreadable"
    return shown


def _going_on(state: SearchState) -> tuple[str, Tone]:
    if state.error is not None and state.rows:
        return f"{retry_words(state.error)} · {state.error.message}", "bad"
    if state.is_loading:
        return "loading more … ctrl+x stops", "muted"
    if notes := " ".join(_notes(state)):
        return notes, "warn"
    return ("more below" if state.next_page is not None else "that is all"), "muted"


def _notes(state: SearchState) -> Iterator[str]:
    """Yield what makes the results others than one would expect, and why they do not go on."""
    if state.rest and state.next_page is not None:
        yield f"{state.rest} r goes on."
    if state.forgiven:
        yield f"nearest: {', '.join(' or '.join(near) for near in state.forgiven.values())}"
    if state.from_cache:
        age = text.ago(state.as_of, clock.now())
        yield "from this machine's cache" + (f", last filled {age}" if age else "")
    yield from state.caveats


def retry_words(error: HubtuiError) -> str:
    """Return when it makes sense to ask again: a countdown where the Hub said how long to wait."""
    wait = error.wait_s if isinstance(error, RateLimitedError) else 0.0
    if not wait:
        return "r retries"
    minutes, seconds = divmod(math.ceil(wait), 60)
    return f"asks again in {minutes}:{seconds:02}"


def face_of(state: SearchState, rows: int, *, has_catalogue: bool = False) -> FaceState | None:
    """Return the face to show in place of a list; None when there are rows.

    Args:
        state: the search.
        rows: lines of the view.
        has_catalogue: the catalogue could answer in the place of a Hub that does not.
    """
    if state.rows:
        return None
    if state.error is not None:
        return _error(state.error, is_answered_here=has_catalogue and not state.by_catalogue)
    if state.rest == STOPPED and not state.has_begun:
        return FaceState(
            "empty", "Stopped before there was an answer.", keys=(("r", "ask again"), ("/", "edit the search"))
        )
    if state.is_loading or not state.has_begun or state.wants_more(rows):
        looked = f" looked at {plural(state.looked_at, 'model')}" if state.looked_at else ""
        return FaceState("loading", f"Searching …{looked}", keys=(("ctrl+x", "stop"),))
    return _nothing_found(state)


def _error(error: HubtuiError, *, is_answered_here: bool) -> FaceState:
    face = error_face(error)
    if is_answered_here and isinstance(error, HubUnreachableError):
        return replace(face, keys=(*face.keys, ("C", "search the catalogue")))
    if not isinstance(error, RateLimitedError):
        return face
    return replace(face, why=f"It {retry_words(error)} by itself. The catalogue (C) needs no calls.")


def _nothing_found(state: SearchState) -> FaceState:
    filters = [part for part in state.query.parts if not (isinstance(part, Term) and part.key == "sort")]
    narrow = [part_text(part) for part in filters if isinstance(part, Term) and part.key in _OFTEN_TOO_NARROW]
    loosen = (
        f"Take a filter away, {narrow[0]} for example."
        if narrow and len(filters) > 1
        else "Take a word or a filter away."
        if len(filters) > 1
        else "Try a shorter word, or a filter in its place."
    )
    keys = (("f", "filters"), ("/", "edit the search"))
    loosen = " ".join(filter(None, (*state.caveats, why_none(state.query), loosen)))
    looked = f"{plural(state.looked_at, 'model')}" if state.looked_at else ""
    if state.next_page is not None:
        why = f"{state.rest} {loosen}" if state.rest else loosen
        return FaceState("empty", f"None of {looked} so far.", why, (("r", "look further"), *keys))
    where = " in this machine's cache" if state.from_cache else f" among {looked}" if looked else ""
    where = " in the catalogue" if state.by_catalogue else where
    return FaceState("empty", f"No model matches{where}.", loosen, keys)
