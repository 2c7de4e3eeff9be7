"""What the Files tab tells of downloads: how far the one in hand is, and what else is in the queue, in a line each."""

from __future__ import annotations

from collections.abc import Sequence

from hubtui.core.downloads import DownloadItem, DownloadState
from hubtui.core.errors import DownloadError, HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.numbers import duration_text, remaining_text, size_text
from hubtui.ui import text
from hubtui.ui.drawing import bar
from hubtui.ui.text import Line, Piece
from hubtui.ui.theme import Inks

_SHORTEST_BAR, _LONGEST_BAR = 6, 24
_OPEN = (DownloadState.RUNNING, DownloadState.PAUSED, DownloadState.FAILED, DownloadState.WAITING)


def waiting_words(item: DownloadItem) -> tuple[str, str]:
    """Return what to tell in a tab that waits for a download, in a line and figures; nothing once all is here."""
    progress = item.progress
    if progress is not None and progress.done_bytes >= progress.total_bytes:
        return "", ""
    if item.state is DownloadState.PAUSED:
        return "download paused: 2 shows it, p goes on", _figures(item)
    return _running_words(item), _figures(item)


def waiting_lines(item: DownloadItem, width: int, inks: Inks) -> list[Line]:
    """Return the same as lines with a bar, and the key that ends the waiting."""
    words, _ = waiting_words(item)
    keys: Line = [("ctrl+x", inks.key), (" stops", inks.muted)]
    first = text.spread([("… ", inks.accent), (words or "loading", inks.text)], keys, width, gap=2)
    return [first, *([_bar(item, width, inks)] if words and item.progress is not None else [])]


def _running_words(item: DownloadItem) -> str:
    """Say which file is in hand."""
    if item.progress is None:
        return "looking up the files"
    return f"downloading {item.progress.path.rpartition('/')[2] or 'files'}"


def _figures(item: DownloadItem) -> str:
    """Return how far a download is, how fast, and how long the rest takes as far as anybody can tell."""
    progress = item.progress
    if progress is None or not progress.total_bytes:
        return ""
    share = f"{progress.done_bytes / progress.total_bytes:.0%}".replace("%", " %")
    words = f"{share} of {size_text(progress.total_bytes)}"
    if item.bytes_per_second:
        words += f" · {size_text(int(item.bytes_per_second))}/s"
    if item.seconds_left:
        words += f" · {remaining_text(item.seconds_left)} left"
    return words


def _bar(item: DownloadItem, width: int, inks: Inks) -> Line:
    """Return a bar with the figures behind it."""
    progress, figures = item.progress, _figures(item)
    room = min(_LONGEST_BAR, width - text.cells(figures) - 2)
    if progress is None or not progress.total_bytes or room < _SHORTEST_BAR:
        return [(figures, inks.text)]
    return [*bar(progress.done_bytes / progress.total_bytes, room, inks), (f"  {figures}", inks.text)]


def meant(items: Sequence[DownloadItem], facts: ModelFacts) -> DownloadItem | None:
    """Return the download that the keys act on and the line tells of.

    That is the newest of the open model if it is not over, else the one that runs, else one that was paused or failed,
    else the newest of the open model, which is over.
    """
    own = [item for item in items if (item.facts.id, item.facts.commit) == (facts.id, facts.commit)]
    if own and not own[-1].state.is_over:
        return own[-1]
    ranked = sorted((item for item in items if item.state in _OPEN), key=lambda item: _OPEN.index(item.state))
    return ranked[0] if ranked else own[-1] if own else None


def download_lines(items: Sequence[DownloadItem], facts: ModelFacts, width: int, inks: Inks) -> list[Line]:
    """Return the lines about the downloads, none when there is nothing to tell."""
    item = meant(items, facts)
    if item is None:
        return []
    name = _name(item, facts, inks)
    others = [other for other in items if other.number != item.number and not other.state.is_over]
    return [*_OF_STATE[item.state](item, name, width, inks), *_queue_line(others, width, inks)]


def _name(item: DownloadItem, facts: ModelFacts, inks: Inks) -> list[Piece]:
    """Name a download that is not of what is open: of another model, or of another commit of this one."""
    if item.facts.id != facts.id:
        return [(f"{text.shorten_left(item.facts.id, 28)} ", inks.strong)]
    if item.facts.commit != facts.commit:
        return [(f"{text.shorten(item.facts.revision, 16)} at {item.facts.commit[:7]} ", inks.strong)]
    return []


def _queue_line(others: Sequence[DownloadItem], width: int, inks: Inks) -> list[Line]:
    """Say in one line what else is in the queue, and in which state."""
    if not others:
        return []
    counts = [(state, [other for other in others if other.state is state]) for state in _OPEN]
    said = ", ".join(f"{len(found)} {state}" for state, found in counts if found)
    names = ", ".join(dict.fromkeys(other.facts.id for other in others))
    return [text.clip([(f"also in the queue: {said}", inks.text), (f" · {names}", inks.muted)], width)]


def _running(item: DownloadItem, name: list[Piece], width: int, inks: Inks) -> list[Line]:
    ink = inks.muted if item.progress is None else inks.text
    first = _with_keys([*name, (_running_words(item), ink)], _keys(inks, "pause"), width)
    return [first, *([_bar(item, width, inks)] if item.progress is not None else [])]


def _waiting(item: DownloadItem, name: list[Piece], width: int, inks: Inks) -> list[Line]:
    size = size_text(sum(entry.size or 0 for entry in item.files))
    words = f"waits for its turn · {text.plural(len(item.files), 'file')}, {size}"
    return [_with_keys([*name, (words, inks.text)], _keys(inks, "pause"), width)]


def _paused(item: DownloadItem, name: list[Piece], width: int, inks: Inks) -> list[Line]:
    figures = _figures(item)
    words = f"paused at {figures}" if figures else "paused, what has arrived is kept"
    return [_with_keys([(f"{words} ", inks.warn), *name], _keys(inks, "go on", "give up"), width)]


def _failed(item: DownloadItem, name: list[Piece], width: int, inks: Inks) -> list[Line]:
    lines = error_lines(item.error or DownloadError("It failed."), width, inks)
    return [*([name] if name else []), *lines, _with_keys([], _keys(inks, "try again", "give up"), width)]


def error_lines(error: HubtuiError, width: int, inks: Inks) -> list[Line]:
    """Return what happened and the next step, wrapped behind a mark."""
    said = [part for words in (error.message, error.hint) if words for part in text.wrap(words, width - 2)]
    return [[("✗ " if at == 0 else "  ", inks.bad), (part, inks.bad)] for at, part in enumerate(said)]


def _done(item: DownloadItem, name: list[Piece], width: int, inks: Inks) -> list[Line]:
    snapshot = item.snapshot
    if snapshot is None:
        return []
    if snapshot.fetched_bytes:
        words = f"downloaded {size_text(snapshot.fetched_bytes)} in {duration_text(snapshot.seconds)}"
    else:
        words = "all of it was in the cache"
    room = max(0, width - 4 - text.cells(words) - text.width_of(name))
    folder = text.shorten_left(snapshot.folder, room)
    return [[("✓ ", inks.good), *name, (words, inks.text), (f"  {folder}", inks.muted)]]


def _cancelled(item: DownloadItem, name: list[Piece], width: int, inks: Inks) -> list[Line]:
    stopped: Line = [*name, ("download stopped; whole files stay in the cache", inks.muted)]
    if item.error is None:
        return [stopped]
    return [stopped, *([(part, inks.warn)] for part in text.wrap(f"! {item.error}", width))]


_OF_STATE = {
    DownloadState.RUNNING: _running,
    DownloadState.WAITING: _waiting,
    DownloadState.PAUSED: _paused,
    DownloadState.FAILED: _failed,
    DownloadState.DONE: _done,
    DownloadState.CANCELLED: _cancelled,
}


def _keys(inks: Inks, what: str, end: str = "stop") -> Line:
    return [("p", inks.key), (f" {what}  ", inks.muted), ("ctrl+x", inks.key), (f" {end}", inks.muted)]


def _with_keys(left: Line, right: Line, width: int) -> Line:
    return text.spread(left, right, width, gap=2)
