"""The lines of the start page: what is remembered, what is here, what is trending, and what to try."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from hubtui.core.downloads import DownloadItem, DownloadState
from hubtui.core.numbers import size_text
from hubtui.core.untrusted import clean
from hubtui.ui import clock
from hubtui.ui.text import ago, plural

if TYPE_CHECKING:
    from hubtui.core.errors import HubtuiError
    from hubtui.core.models import CachedModel, ModelRow

EXAMPLES = (
    ("task:fill-mask language:fr", "words that fill a gap, in French"),
    ("task:text-generation size:<3B fits:yes", "small chat models that fit this box"),
    ("task:text-classification gated:no sort:likes", "labels for texts, best liked"),
)
SAVED, SEARCHED, OPENED = "Saved searches", "Recent searches", "Recently opened"
BOOKMARKED, CACHED, TRENDING = "Bookmarks", "In this machine's cache", "Trending on the Hub"
WAS_TRENDING = "Trending, says the catalogue"
EXAMPLES_TITLE = "Try a search"
DOWNLOADS = "Downloads"


@dataclass(frozen=True, slots=True)
class Known:
    """What the start page knows so far; None is not known yet.

    Attributes:
        saved: searches. searched: searches and when. opened: models and when. bookmarks: models.
        trending_as_of: when the catalogue that answered in the Hub's place was synced.
        trending_trouble, cached_trouble: why there is no answer.
        downloads: those of the queue that are not over, with those that earlier sessions left.
    """

    saved: tuple[str, ...] = ()
    searched: tuple[tuple[str, datetime], ...] = ()
    opened: tuple[tuple[str, datetime], ...] = ()
    bookmarks: tuple[str, ...] = ()
    memory_trouble: HubtuiError | None = None
    cached: tuple[CachedModel, ...] | None = None
    cached_trouble: HubtuiError | None = None
    trending: tuple[ModelRow, ...] | None = None
    trending_as_of: datetime | None = None
    trending_trouble: HubtuiError | None = None
    is_offline: bool = False
    downloads: tuple[DownloadItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a heading with a note, a note alone, a search, a model, or the way to the rest of a section.

    Attributes:
        search: query text that it leads to; `meaning` says what it finds.
        model: id that it opens; `row` what the Hub told of it, `size` bytes of it here.
        when: when it was opened, entered or last used.
        downloads: numbers of the downloads that it goes on with.
        unfolds: heading of the section that it shows whole.
        section: heading that it stands under.
    """

    heading: str = ""
    note: str = ""
    search: str = ""
    meaning: str = ""
    model: str = ""
    when: datetime | None = None
    size: int | None = None
    row: ModelRow | None = field(default=None, compare=False)
    is_error: bool = False
    downloads: tuple[int, ...] = ()
    unfolds: str = ""
    section: str = ""

    @property
    def is_target(self) -> bool:
        """Whether the cursor stops here."""
        return bool(self.search or self.model or self.unfolds or self.downloads)


def entries_of(known: Known, most: int, unfolded: frozenset[str]) -> list[Entry]:
    """Return the lines of the page: what was used before stands first, examples first of all for a new user.

    Args:
        known: what there is to show.
        most: lines that a section of remembered things has before it is unfolded.
        unfolded: headings of the sections that are shown whole.
    """
    fold = _Fold(most, unfolded)
    fresh = [(text, when) for text, when in known.searched if text not in known.saved]
    remembered = [
        fold.section(SAVED, [Entry(search=text, section=SAVED) for text in known.saved], note="⌫ removes"),
        fold.section(SEARCHED, [Entry(search=text, when=when, section=SEARCHED) for text, when in fresh]),
        fold.section(OPENED, [Entry(model=model, when=when, section=OPENED) for model, when in known.opened]),
        fold.section(
            BOOKMARKED, [Entry(model=model, section=BOOKMARKED) for model in known.bookmarks], whole="is:bookmarked"
        ),
    ]
    examples = [Entry(heading=EXAMPLES_TITLE, note="/ to type your own")]
    examples += [Entry(search=search, meaning=meaning, section=EXAMPLES_TITLE) for search, meaning in EXAMPLES]
    is_new = not any(remembered)
    most_trending = None if is_new else 2 * most
    trending = _was_trending(known, most_trending) if known.is_offline else _trending(known, most_trending)
    mine = [examples] if is_new else remembered
    here = [_cached(known, fold), trending]
    return _joined([_trouble(known), _downloads(known), *mine, *here, *([] if is_new else [examples])])


@dataclass(frozen=True, slots=True)
class _Fold:
    most: int
    unfolded: frozenset[str]

    def section(self, title: str, entries: Sequence[Entry], *, note: str = "", whole: str = "") -> list[Entry]:
        """Return a heading, as many entries as may stand under it, and the way to the rest; nothing without entries.

        Args:
            title: the heading.
            entries: all there is.
            note: stands beside the heading.
            whole: search that finds all of it; without one the section unfolds in its place.
        """
        if not entries:
            return []
        heading = Entry(heading=title, note=note)
        # A line that says "1 more" takes the place of that one.
        if title in self.unfolded or len(entries) <= self.most + 1:
            return [heading, *entries]
        if whole:
            more = Entry(note=f"all {len(entries)}", search=whole, section=title)
        else:
            more = Entry(note=f"{len(entries) - self.most} more", unfolds=title, section=title)
        return [heading, *entries[: self.most], more]


def _cached(known: Known, fold: _Fold) -> list[Entry]:
    if known.cached_trouble is not None:
        return [Entry(heading=CACHED), *_said(known.cached_trouble)]
    if known.cached is None:
        return [Entry(heading=CACHED), Entry(note="looking …")] if known.is_offline else []
    if not known.cached:
        nothing = "nothing yet: go online, and d downloads a model"
        return [Entry(heading=CACHED), Entry(note=nothing)] if known.is_offline else []
    total = size_text(sum(model.size_bytes for model in known.cached))
    entries = [
        Entry(model=model.id, when=model.last_used, size=model.size_bytes, section=CACHED) for model in known.cached
    ]
    note = f"{plural(len(entries), 'model')}, {total}, last used"
    return fold.section(CACHED, entries, note=note, whole="is:cached")


def _trending(known: Known, most: int | None) -> list[Entry]:
    heading = Entry(heading=TRENDING)
    if known.trending:
        rows = [Entry(model=row.id, row=row, section=TRENDING) for row in known.trending[:most]]
        return [heading, *rows, Entry(note="more", search="sort:trending", section=TRENDING)]
    if known.trending_trouble is not None:
        return [heading, *_said(known.trending_trouble)]
    return [heading, Entry(note="asking …" if known.trending is None else "nothing now")]


def _was_trending(known: Known, most: int | None) -> list[Entry]:
    """Offline: what the catalogue knows, nothing where there is none."""
    if not known.trending:
        return []
    rows = [Entry(model=row.id, row=row, section=WAS_TRENDING) for row in known.trending[:most]]
    heading = Entry(heading=WAS_TRENDING, note=ago(known.trending_as_of, clock.now()))
    return [heading, *rows, Entry(note="more", search="sort:trending", section=WAS_TRENDING)]


def _downloads(known: Known) -> list[Entry]:
    """Return one line about what is not over: what goes on when it is asked to, else where to see it."""
    left = [item for item in known.downloads if item.state in {DownloadState.PAUSED, DownloadState.FAILED}]
    going = [item for item in known.downloads if item.state.is_going_on]
    if left:
        several = f"{len(left)} downloads unfinished" if len(left) > 1 else "unfinished download"
        note = f"{several}: {_names(left)}"
        return [Entry(note=note, downloads=tuple(item.number for item in left), section=DOWNLOADS)]
    if going:
        note = f"{f'{len(going)} downloads going on:' if len(going) > 1 else 'downloading'} {_names(going)}"
        return [Entry(note=note, model=going[0].facts.id, section=DOWNLOADS)]
    return []


def _names(items: Iterable[DownloadItem]) -> str:
    return ", ".join(dict.fromkeys(clean(item.facts.id).rpartition("/")[2] for item in items))


def _trouble(known: Known) -> list[Entry]:
    if known.memory_trouble is None:
        return []
    return [Entry(heading="What hubtui remembers"), *_said(known.memory_trouble)]


def _said(error: HubtuiError) -> list[Entry]:
    return [Entry(note=text, is_error=True) for text in (error.message, error.hint, "r asks again.") if text]


def _joined(sections: Iterable[list[Entry]]) -> list[Entry]:
    joined: list[Entry] = []
    for section in sections:
        if section:
            joined += ([Entry()] if joined else []) + section
    return joined
