"""What hubtui remembers, from bookmarks to the custom code that was read, in one small file that several may share."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hubtui.core.code_reviews import CodeReview
from hubtui.core.errors import LocalStateError
from hubtui.core.results import RunPeak
from hubtui.local import peaks, reviews
from hubtui.local.files import locked, set_aside, write_atomically

MAX_RECENT = 200
MAX_BOOKMARKS = 2000
MAX_SEARCHES = 200
MAX_RECENT_SEARCHES = 100
LONGEST_SEARCH = 2000
"""Characters; a longer text is no search that a person typed, and is not remembered."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Content:
    bookmarks: tuple[str, ...] = ()
    recent: tuple[tuple[str, datetime], ...] = ()
    searches: tuple[str, ...] = ()
    recent_searches: tuple[tuple[str, datetime], ...] = ()
    peaks: tuple[RunPeak, ...] = ()
    reviews: tuple[CodeReview, ...] = ()
    asks_catalogue: bool = False


class MemoryFile:
    """`core.memory.Memory` in a file.

    Every change reads the file anew under its lock, so that no process undoes another's.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._now = now

    def bookmarks(self) -> tuple[str, ...]:
        """Return the bookmarked model ids, newest first."""
        return self._read().bookmarks

    def recent(self) -> tuple[tuple[str, datetime], ...]:
        """Return the models that were opened and when, newest first."""
        return self._read().recent

    def set_bookmark(self, model: str, *, on: bool) -> None:
        """Add a model to the bookmarks, or take it away.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        self._change(lambda old: replace(old, bookmarks=_put(old.bookmarks, model, MAX_BOOKMARKS, on=on)))

    def opened(self, model: str) -> None:
        """Remember that a model was opened.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        self._change(lambda old: replace(old, recent=_met(old.recent, model, self._now(), MAX_RECENT)))

    def searches(self) -> tuple[str, ...]:
        """Return the saved searches as they were typed, newest first."""
        return self._read().searches

    def save_search(self, text: str, *, on: bool) -> None:
        """Save a search, or take it away; blanks around it do not count.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        search = text.strip()
        if search and len(search) <= LONGEST_SEARCH:
            self._change(lambda old: replace(old, searches=_put(old.searches, search, MAX_SEARCHES, on=on)))

    def recent_searches(self) -> tuple[tuple[str, datetime], ...]:
        """Return the searches that were entered and when, newest first."""
        return self._read().recent_searches

    def searched(self, text: str) -> None:
        """Remember that a search was entered; blanks around it do not count.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        search = text.strip()
        if search and len(search) <= LONGEST_SEARCH:
            self._change(
                lambda old: replace(
                    old, recent_searches=_met(old.recent_searches, search, self._now(), MAX_RECENT_SEARCHES)
                )
            )

    def peaks(self) -> tuple[RunPeak, ...]:
        """Return the measured memory of runs, newest first."""
        return self._read().peaks

    def ran(self, peak: RunPeak) -> None:
        """Remember the measured memory of a run, in place of an older one of the same model, dtype, device and task.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        self._change(lambda old: replace(old, peaks=peaks.with_peak(old.peaks, peak)))

    def code_review(self, model: str) -> CodeReview | None:
        """Return how the code of a model was read last, None when it never was."""
        return next((review for review in self._read().reviews if review.model == model), None)

    def code_read(self, review: CodeReview) -> None:
        """Remember that the code of a model was read, in place of what was remembered of it before.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        self._change(lambda old: replace(old, reviews=reviews.with_review(old.reviews, review)))

    def asks_catalogue(self) -> bool:
        """Return whether the catalogue on this machine is to answer searches, if there is one."""
        return self._read().asks_catalogue

    def ask_catalogue(self, on: bool) -> None:
        """Remember who is to answer searches: the catalogue, or the Hub.

        Raises:
            LocalStateError: the file cannot be written; nothing was changed.
        """
        self._change(lambda old: replace(old, asks_catalogue=on))

    def _change(self, change: Callable[[_Content], _Content]) -> None:
        try:
            with locked(self._path):
                content = change(self._read())
                write_atomically(self._path, _encode(content))
        except OSError as error:
            raise LocalStateError(
                f"{self._path} cannot be written ({error.strerror or error}).",
                hint="Bookmarks, history and searches stay as they were.",
            ) from error

    def _read(self) -> _Content:
        try:
            return _decode(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return _Content()
        except OSError as error:
            _log.warning("%s cannot be read: %s", self._path, error)
            return _Content()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            set_aside(self._path, error)
            return _Content()


def _put(entries: tuple[str, ...], entry: str, most: int, *, on: bool) -> tuple[str, ...]:
    others = tuple(other for other in entries if other != entry)
    return ((entry, *others) if on else others)[:most]


def _met(
    entries: tuple[tuple[str, datetime], ...], entry: str, when: datetime, most: int
) -> tuple[tuple[str, datetime], ...]:
    return ((entry, when), *(other for other in entries if other[0] != entry))[:most]


def _encode(content: _Content) -> bytes:
    document = {
        "version": 1,
        "bookmarks": list(content.bookmarks),
        "recent": [{"model": model, "opened": when.isoformat()} for model, when in content.recent],
        "searches": list(content.searches),
        "recent_searches": [{"text": text, "entered": when.isoformat()} for text, when in content.recent_searches],
        "peaks": [peaks.encoded(peak) for peak in content.peaks],
        "code_read": [reviews.encoded(review) for review in content.reviews],
        "asks_catalogue": content.asks_catalogue,
    }
    return json.dumps(document, indent=1).encode()


def _decode(document: Any) -> _Content:  # noqa: ANN401  any JSON may stand in the file
    """Read the file; one of an older hubtui has no searches, no peaks, no reviews and no choice."""
    recent = tuple((str(entry["model"]), datetime.fromisoformat(entry["opened"])) for entry in document["recent"])
    searched = document.get("recent_searches", [])
    return _Content(
        tuple(str(model) for model in document["bookmarks"]),
        recent,
        tuple(str(text) for text in document.get("searches", [])),
        tuple((str(entry["text"]), datetime.fromisoformat(entry["entered"])) for entry in searched),
        tuple(peaks.decoded(entry) for entry in document.get("peaks", [])),
        tuple(reviews.decoded(entry) for entry in document.get("code_read", [])),
        document.get("asks_catalogue") is True,
    )
